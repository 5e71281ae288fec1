"""One slot, once: made, posted under its key, kept; looked for before it is posted again."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.answers import Answer
from bot.domain.digest import delivery, schedule
from bot.domain.digest.subscription import About, Slot, SlotStatus, Subscription
from bot.domain.digest.undelivered import is_for_good, notice
from bot.domain.errors import AssistantError, OperatorError, SlackRefused
from bot.domain.model import PastDigest
from bot.guard import answer_for, failure
from bot.metrics import DigestCounts
from bot.ports import Clock, DigestSlots, Outcome, Posts, Step
from bot.service.successors import Hearing, themselves

log = structlog.get_logger("assistant")

_CLOCKS_DIFFER = timedelta(minutes=15)
"""How far Slack's clock and the database's may be apart when what was posted is looked for."""


KEPT_AFTER = (0.2, 1.0)
"""Seconds before what became of a digest is kept after all, where the database did not take it."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take.

    ``making``: the lease while orgs are read, above every time-out on the way. ``settled``: after so long what was
    posted is there or never will be, above the client's time-out by what a slow Slack takes to deliver. ``begun``:
    how long the way from the note that it is posted to the post may take. ``apart``: between posts in one channel.
    """

    making: timedelta = timedelta(minutes=5)
    settled: timedelta = timedelta(seconds=90)
    begun: float = 10.0
    apart: float = 1.0


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """What is to be told for a slot, and what is to be kept of it. Without an ``answer`` there is nothing to say.

    ``refused``: it must not be posted there, which is told like a refusal of Slack's.
    """

    answer: Answer | None
    past: PastDigest | None = None
    refused: SlackRefused | None = None


class MakeDigest(Protocol):
    """Makes the digest of a slot; ``never_came`` are earlier ones that nobody was told of."""

    def __call__(self, subscription: Subscription, slot: datetime, never_came: Sequence[Slot], /) -> MadeDigest:
        """Raises what comes of reading."""
        ...


class DigestPosting:
    """Tells what one step has claimed."""

    def __init__(
        self,
        *,
        slots: DigestSlots,
        posts: Posts,
        make: MakeDigest,
        clock: Clock,
        counts: DigestCounts,
        owner: str,
        timing: Timing | None = None,
        hearing: Hearing = themselves,
    ) -> None:
        """``hearing``: who is told where whoever set a digest left."""
        self._hearing = hearing
        self._slots = slots
        self._posts = posts
        self._make = make
        self._clock = clock
        self._counts = counts
        self._owner = owner
        self._timing = timing or Timing()
        self._pace = _Pace(self._timing.apart)

    def tell(self, step: Step, slot: Slot, stopping: threading.Event) -> None:
        """Carry one claimed slot as far as it goes; ``stopping``: begin no post any more."""
        if slot.attempts == 1 and slot.about == About.DIGEST:
            self._counts.digest("due")
        try:
            outcome = self._found(step, slot) or self._told(step, slot, stopping)
        except BaseException as raised:  # noqa: BLE001 - not swallowed: logged, and tried again
            outcome = self._again(slot, _told_of(raised), certainly_not=slot.posting_at is None)
        if outcome is not None:
            self._end(step, slot, outcome)

    def _end(self, step: Step, slot: Slot, outcome: Outcome) -> None:
        for pause in KEPT_AFTER:
            try:
                kept = self._slots.end_step(step, self._owner, outcome)
            except OperatorError as error:
                log.warning("what became of a digest could not be kept", key=slot.key, reason=error.text)
                time.sleep(pause)
            else:
                break
        else:  # its lease will be over, and whoever takes over looks for it
            kept = self._slots.end_step(step, self._owner, outcome)
        if kept:
            self._count(slot, outcome)

    # --- the way there ---------------------------------------------------------------------------------

    def _found(self, step: Step, slot: Slot) -> Outcome | None:
        """What comes of looking for it, where Slack may have it already; None: it is not there."""
        if slot.posting_at is None:
            return None
        target = slot.channel or step.subscription.target
        try:
            ts = self._posts.find(slot.workspace, target, slot.key, slot.posting_at - _CLOCKS_DIFFER)
        except SlackRefused as refusal:
            if not is_for_good(refusal):
                return self._again(slot, refusal.text, refusal.retry_after) or self._uncertain(slot, refusal.text)
            return self._uncertain(slot, refusal.text)
        return None if ts is None else Outcome(SlotStatus.SENT, self._clock(), channel=target, message_ts=ts)

    def _told(self, step: Step, slot: Slot, stopping: threading.Event) -> Outcome | None:
        now = self._clock()
        if slot.about == About.DIGEST and now - slot.due >= schedule.CATCH_UP:
            return Outcome(SlotStatus.MISSED, now)
        made = self._made(step, slot)
        if made.refused is not None:
            return self._refused(slot, made.refused)
        if made.answer is None:
            return Outcome(SlotStatus.SKIPPED, self._clock(), past=made.past)
        target, answer = _place(step, slot), made.answer
        if slot.about != About.DIGEST:  # one of them: a slot is one message
            target, answer = next(iter(self._hearing(slot.workspace, target, answer, "")), (target, answer))
        if not self._pace.wait(slot.workspace, target, stopping):
            return None
        begun = time.monotonic()
        posted_to = replace(slot, channel=target)  # should somebody choose another channel meanwhile
        if not self._slots.begin_posting(posted_to, self._owner, self._clock(), self._timing.settled, made.past):
            log.info("another process has taken over", key=slot.key)
            return None
        if stopping.is_set() or time.monotonic() - begun > self._timing.begun:
            return self._again(slot, "It took too long to begin.", 0.0, certainly_not=slot.posting_at is None)
        return self._posted(slot, target, answer)

    def _made(self, step: Step, slot: Slot) -> MadeDigest:
        if slot.about == About.DIGEST:
            return self._make(step.subscription, slot.due, step.never_came)
        if slot.about == About.FAILING and step.subscription.failing_since is None:
            return MadeDigest(None)  # somebody mended it meanwhile
        return MadeDigest(notice(step.subscription, slot))

    def _posted(self, slot: Slot, target: str, answer: Answer) -> Outcome | None:
        try:
            ts = self._posts.post(slot.workspace, target, answer, slot.key)
        except SlackRefused as refusal:
            return self._refused(slot, refusal)
        except BaseException as raised:  # noqa: BLE001 - not swallowed: logged, and looked for, since Slack may have it
            return self._again(slot, _told_of(raised))
        return Outcome(SlotStatus.SENT, self._clock(), channel=target, message_ts=ts)

    # --- what came of it -------------------------------------------------------------------------------

    def _refused(self, slot: Slot, refusal: SlackRefused) -> Outcome:
        certainly_not = refusal.clear and slot.posting_at is None
        log.warning("not posted", key=slot.key, reason=refusal.text, certainly_not=certainly_not)
        if is_for_good(refusal):
            failing = refusal.said if slot.about == About.DIGEST else ""
            told = About.FAILING if failing else None
            return Outcome(SlotStatus.GIVEN_UP, self._clock(), told=told, failing=failing, certainly_not=certainly_not)
        again = self._again(slot, refusal.text, refusal.retry_after, certainly_not=certainly_not)
        return again or self._given_up(slot, certainly_not=certainly_not)

    def _again(
        self, slot: Slot, reason: str, after: float | None = None, *, certainly_not: bool = False
    ) -> Outcome | None:
        now = self._clock()
        at = delivery.next_try(slot, now, after)
        if at is None:
            return self._given_up(slot, certainly_not=certainly_not) if certainly_not else None
        log.warning("will be tried again", key=slot.key, reason=reason, attempts=slot.attempts)
        return Outcome(SlotStatus.WAITING, now, next_try_at=at, certainly_not=certainly_not)

    def _uncertain(self, slot: Slot, reason: str) -> Outcome:
        log.error("nobody can tell whether it was posted", key=slot.key, reason=reason)
        told = About.UNCERTAIN if slot.about == About.DIGEST else None
        return Outcome(SlotStatus.UNCERTAIN, self._clock(), told=told)

    def _given_up(self, slot: Slot, *, certainly_not: bool) -> Outcome:
        if not certainly_not:
            return self._uncertain(slot, "It was tried for long enough.")
        log.error("given up", key=slot.key, tries=slot.attempts)
        told = About.GIVEN_UP if slot.about == About.DIGEST else None
        return Outcome(SlotStatus.GIVEN_UP, self._clock(), told=told, certainly_not=True)

    def _count(self, slot: Slot, outcome: Outcome) -> None:
        if slot.about != About.DIGEST:
            return
        counted = {
            SlotStatus.SENT: "sent",
            SlotStatus.WAITING: "retried",
            SlotStatus.UNCERTAIN: "uncertain",
            SlotStatus.GIVEN_UP: "given up",
            SlotStatus.MISSED: "given up",
        }
        if (name := counted.get(outcome.status)) is not None:
            self._counts.digest(name)
        if outcome.status is SlotStatus.SENT and outcome.at - slot.due > delivery.LATE:
            self._counts.digest("late")


def _told_of(raised: BaseException) -> str:
    """What happened, in a sentence; the log has the rest."""
    error = failure(raised)
    answer = answer_for(error)
    return error.text if isinstance(error, AssistantError) else answer.headline


def _place(step: Step, slot: Slot) -> str:
    """Where it goes now: a digest to where the subscription has it by now, the rest to whom it is for."""
    if slot.about == About.DIGEST or slot.channel is None:
        return step.subscription.target
    return slot.channel


class _Pace:
    """One message a second in each channel, which is what Slack takes."""

    def __init__(self, apart: float) -> None:
        self._apart = apart
        self._lock = threading.Lock()
        self._next: dict[tuple[str, str], float] = {}

    def wait(self, workspace: str, channel: str, stopping: threading.Event) -> bool:
        """Wait for its turn, False where all ends meanwhile."""
        with self._lock:
            now = time.monotonic()
            self._next = {place: at for place, at in self._next.items() if at > now}
            at = self._next.get((workspace, channel), now)
            self._next[workspace, channel] = at + self._apart
        return not stopping.wait(at - now) if at > now else not stopping.is_set()
