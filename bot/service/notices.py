"""Saying once what is to be said between digests: claimed, posted, marked, by whichever process comes first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.domain.answers import Answer
from bot.domain.digest.notices import TRIED_FOR, Notice, NoticeStatus, must_be_heard, org_of, pause_after
from bot.domain.digest.undelivered import READ_ELSEWHERE, is_for_good
from bot.domain.errors import SlackRefused
from bot.domain.model import FORGOTTEN, Asker, is_person
from bot.guard import guarded
from bot.ports import Clock
from bot.service.shared_channels import SharedChannels
from bot.service.successors import Hearing, themselves

log = structlog.get_logger("assistant")

LEASE = timedelta(minutes=5)
"""How long one process has a notice: above ``BEGUN`` and the time-out of a call, and what Slack takes to deliver."""

BEGUN = timedelta(minutes=2)
"""How long the way from the claim to the post may take; after that another process may be at it soon."""

_CLOCKS_DIFFER = timedelta(minutes=15)
"""How far Slack's clock and ours may be apart when what was posted is looked for."""


class Outbox(Protocol):
    """Where notices go."""

    def post(self, workspace: str, channel: str, answer: Answer, key: str, thread: str | None = None) -> str:
        """Post once and return the message's ts; ``key`` travels as message metadata. Raises SlackRefused."""
        ...

    def find(self, workspace: str, target: str, key: str, since: datetime, thread: str | None = None) -> str | None:
        """The ts of what was posted under ``key`` since then; None where it is not there.

        Raises SlackRefused, permanent where nobody may look.
        """
        ...


Ended = Callable[[Notice, NoticeStatus, str], None]
"""Told how a notice ended, and why; "" where it was said."""


class NoticeStore(Protocol):
    """What is to be said, over every process."""

    def add_notices(self, workspace: str, said: Sequence[Notice]) -> None:
        """Keep what is to be said, without what was kept under the same key before."""
        ...

    def notices_due(self, now: datetime) -> Sequence[Notice]:
        """What is to be said now, in every workspace."""
        ...

    def claim_notice(self, notice: Notice, now: datetime, until: datetime) -> bool:
        """Take one on ``until`` then; False where somebody else has it, or it was said."""
        ...

    def try_again(self, notice: Notice, at: datetime, *, certainly_not: bool) -> None:
        """Leave one for later; ``certainly_not``: Slack does not have it, so that nobody needs to look for it."""
        ...

    def end_notice(
        self, notice: Notice, status: NoticeStatus, channel: str | None = None, ts: str | None = None
    ) -> None:
        """Note how one ended, and the message that it became."""
        ...

    def posted_notice(self, workspace: str, key: str) -> tuple[str, str] | None:
        """The channel and ts of the message that one became."""
        ...


class Notices:
    """Says what is due.

    ``may_see``: whether somebody may still see the workspace's orgs; None where Slack does not say now.
    """

    def __init__(
        self,
        store: NoticeStore,
        outbox: Outbox,
        shared_channels: SharedChannels,
        may_see: Callable[[Asker], bool | None],
        clock: Clock,
        *ended: Ended,
        hearing: Hearing = themselves,
        is_past: Callable[[Notice], bool] = lambda _: False,
        made: Callable[[Notice], Answer] = lambda notice: notice.answer,
    ) -> None:
        """``ended`` are told how each one ended, ``hearing`` who hears it where whoever it is for is gone.

        ``is_past``: whether what one says is not so any more, and need not be said.
        ``made``: what one says, where that is not what was kept.
        """
        self._ended = ended
        self._hearing = hearing
        self._is_past = is_past
        self._made = made
        self._store = store
        self._outbox = outbox
        self._shared_channels = shared_channels
        self._may_see = may_see
        self._clock = clock

    def tick(self, away: Collection[str] = ()) -> None:
        """Say what is due; what fails does not hold up the rest. Workspaces that are ``away`` are left alone."""
        for notice in self._store.notices_due(self._clock()):
            if notice.workspace not in away:
                guarded(partial(self._deliver, notice))()

    def _deliver(self, notice: Notice) -> None:
        now = self._clock()
        if not self._store.claim_notice(notice, now, now + LEASE):
            return
        may_hear = self._may_hear(notice)
        if self._is_past(notice):
            self._store.end_notice(notice, NoticeStatus.GIVEN_UP)
        elif may_hear is False:
            self._hand_on(notice)
        elif self._shared_channels.has_now(notice.workspace, notice.target):
            self._end(notice, NoticeStatus.GIVEN_UP, why=READ_ELSEWHERE)
        elif now - notice.at > TRIED_FOR:
            self._end(notice, NoticeStatus.GIVEN_UP, why="Slack did not take it for a day.")
        elif may_hear is None:
            self._store.try_again(notice, now + pause_after(notice.attempts + 1), certainly_not=True)
        elif (place := self._place(notice)) is None:
            self._store.end_notice(notice, NoticeStatus.GIVEN_UP)
        else:
            self._say(notice, *place, now)

    def _may_hear(self, notice: Notice) -> bool | None:
        if notice.target == FORGOTTEN:
            return False
        return not is_person(notice.target) or self._may_see(Asker(notice.workspace, notice.target))

    def _hand_on(self, notice: Notice) -> None:
        """Whom it is for is gone: what must be heard is kept for somebody else, once, before this one ends."""
        log.info("whom a notice is for may not see the orgs any more", workspace=notice.workspace, key=notice.key)
        others: Sequence[Notice] = ()
        if must_be_heard(notice) and not notice.key.endswith(f":{notice.target}"):
            try:
                others = self._for_others(notice)
            except SlackRefused as refusal:
                if self._clock() - notice.at <= TRIED_FOR:
                    self._later(notice, refusal, certainly_not=True)
                    return
                log.warning("nobody is known to hear a notice", workspace=notice.workspace, reason=refusal.text)
        self._store.add_notices(notice.workspace, others)
        self._store.end_notice(notice, NoticeStatus.GIVEN_UP)
        for other in others:
            guarded(partial(self._deliver, other))()

    def _for_others(self, notice: Notice) -> Sequence[Notice]:
        """The same for whoever hears it instead. Raises SlackRefused."""
        told = self._hearing(notice.workspace, notice.target, notice.answer, org_of(notice.key))
        return [
            replace(notice, key=f"{notice.key}:{who}", target=who, answer=answer, attempts=0)
            for who, answer in told
            if who != notice.target
        ]

    def _place(self, notice: Notice) -> tuple[str, str | None] | None:
        """The channel, and the thread if it belongs in one; None where that is not there."""
        if notice.behind:
            return self._store.posted_notice(notice.workspace, notice.behind)
        return notice.target, None

    def _say(self, notice: Notice, channel: str, thread: str | None, claimed_at: datetime) -> None:
        """Post it, unless an earlier try has."""
        try:
            ts = self._found(notice, channel, thread)
        except SlackRefused as refusal:
            self._not_found(notice, refusal)
            return
        answer = self._made(notice) if ts is None else notice.answer
        if ts is None and self._clock() - claimed_at > BEGUN:
            log.warning("a notice took too long to begin", workspace=notice.workspace)
            return  # whoever has it once the lease is over looks for it
        try:
            ts = ts or self._outbox.post(notice.workspace, channel, answer, notice.key, thread)
        except SlackRefused as refusal:
            self._refused(notice, refusal)
            return
        self._end(notice, NoticeStatus.SENT, channel, ts)

    def _not_found(self, notice: Notice, refusal: SlackRefused) -> None:
        """It may stand there already, and could not be looked for: once too often is worse than once too seldom."""
        if not is_for_good(refusal):
            self._later(notice, refusal, certainly_not=False)
            return
        log.warning("whether a notice was said is not known", workspace=notice.workspace, reason=refusal.text)
        self._end(notice, NoticeStatus.UNCERTAIN, why=refusal.said)

    def _refused(self, notice: Notice, refusal: SlackRefused) -> None:
        if not is_for_good(refusal):
            self._later(notice, refusal, certainly_not=refusal.clear)
            return
        log.warning("a notice cannot be said", workspace=notice.workspace, reason=refusal.text)
        self._end(notice, NoticeStatus.GIVEN_UP, why=refusal.said)

    def _later(self, notice: Notice, refusal: SlackRefused, *, certainly_not: bool) -> None:
        pause = max(pause_after(notice.attempts + 1), timedelta(seconds=refusal.retry_after or 0))
        self._store.try_again(notice, self._clock() + pause, certainly_not=certainly_not)

    def _end(
        self, notice: Notice, status: NoticeStatus, channel: str | None = None, ts: str | None = None, why: str = ""
    ) -> None:
        """Note it; what was not said is told of first, or a process that dies in between leaves nobody who knows."""
        if status is not NoticeStatus.SENT:
            self._tell(notice, status, why)
        self._store.end_notice(notice, status, channel, ts)
        if status is NoticeStatus.SENT:
            self._tell(notice, status, why)

    def _tell(self, notice: Notice, status: NoticeStatus, why: str) -> None:
        for ended in self._ended:
            ended(notice, status, why)

    def _found(self, notice: Notice, channel: str, thread: str | None) -> str | None:
        """What an earlier try has posted, if there was one."""
        if not notice.attempts:
            return None
        return self._outbox.find(notice.workspace, channel, notice.key, notice.at - _CLOCKS_DIFFER, thread)
