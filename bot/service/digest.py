"""The weekly digest as a use case: setting it, making it, sending it once."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.answers import Answer, Button, State
from bot.domain.answers.markup import channel as shown_channel
from bot.domain.answers.markup import code, literal
from bot.domain.command import Command, take_channel
from bot.domain.digest import report, schedule
from bot.domain.digest.form import ANY, DIGEST_FORM
from bot.domain.digest.spoken import Unclear, read_schedule, read_switch, says_nothing
from bot.domain.digest.subscription import Kind, SlotStatus, Subscription, first_digest
from bot.domain.digest.zones import usable
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Change, Diagnosis, PastDigest, Person
from bot.guard import guarded
from bot.ports import Clock, DigestSlots, Governance, Outbox, People, Subscriptions
from bot.service.permissions import Permissions
from bot.service.shared_channels import SharedChannels

DOING = "Changing the weekly digest"

LEASE = timedelta(minutes=10)
"""How long one process may take over a digest: well above every time-out on the way."""

LIMITED_AT_MOST = 2
"""How often Slack may ask for a pause before a digest."""


class WeeklyDigest:
    """Everything about the weekly digest. ``check_all`` reads every org of a workspace live."""

    def __init__(
        self,
        *,
        store: Subscriptions,
        slots: DigestSlots,
        check_all: Callable[[str], Sequence[Diagnosis]],
        outbox: Outbox,
        people: People,
        permissions: Permissions,
        clock: Clock,
        trail: Governance,
        shared_channels: SharedChannels,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._slots = slots
        self._check_all = check_all
        self._outbox = outbox
        self._people = people
        self._permissions = permissions
        self._clock = clock
        self._trail = trail
        self._sleep = sleep
        self._shared_channels = shared_channels

    def the_one(self, workspace: str) -> Subscription | None:
        """The workspace's first digest, on or off."""
        return first_digest(self._store.subscriptions(workspace))

    # --- what people type ------------------------------------------------------------------------------

    def command(self, who: Asker, command: Command) -> Answer:
        """``remind [on|off|now|<day> <time> [zone]] [#channel]``, in anybody's words."""
        channel, words = take_channel(command.words)
        if any(word.casefold() == "here" for word in words):
            channel, words = channel or _here(who), tuple(word for word in words if word.casefold() != "here")
        switch = read_switch(words)
        words = () if says_nothing(words) and not switch else words
        if not words and channel is None:
            return self._show(who)
        if unknown := next((word for word in words if word.startswith("#")), None):
            raise AskerError(f"I cannot see a channel {code(unknown)}. Pick it from the list that Slack offers.")
        person = self._permissions.require(who, DOING)
        if switch:
            return {"off": self._off, "on": self._on, "now": self._now}[switch](who, channel)
        try:
            return self._set(who, person, channel, words)
        except Unclear as unclear:
            return _asked_back(unclear, channel)

    def _show(self, who: Asker) -> Answer:
        subscription = self.the_one(who.workspace)
        if subscription is None or not subscription.enabled:
            return Answer(
                "The weekly digest is off",
                "Switch it on for this channel: `/flosum remind monday 09:00`",
                buttons=(Button("Set it up", command=ANY, form=DIGEST_FORM, primary=True),),
                note="It lists the orgs that still miss the Flosum apps, once a week, until none does.",
            )
        return Answer(
            f"The weekly digest comes {schedule.schedule_words(subscription)} to {shown_channel(subscription.target)}",
            "Change it: `/flosum remind friday 14:00 Europe/Berlin #channel`",
            buttons=(
                Button("Change", command=ANY, form=DIGEST_FORM),
                Button("Post it now", command="remind now"),
                Button("Switch it off", command="remind off"),
            ),
        )

    def _off(self, who: Asker, _: str | None) -> Answer:
        subscription = self.the_one(who.workspace)
        if subscription is None or not subscription.enabled:
            return self._show(who)
        self._store.keep_subscription(replace(subscription, enabled=False, set_at=self._clock()))
        self._note(who, "switched the weekly digest off", subscription)
        return Answer("The weekly digest is off now", "`/flosum remind on` brings it back as it was.", State.READY)

    def _on(self, who: Asker, channel: str | None) -> Answer:
        known = self.the_one(who.workspace)
        person = self._people.person(who)
        subscription = known or Subscription(who.workspace, "", "", zone=usable(person.zone))
        subscription = replace(subscription, target=channel or subscription.target or _here(who))
        return self.keep(who, person, subscription, "switched the weekly digest on")

    def _set(self, who: Asker, person: Person, channel: str | None, words: tuple[str, ...]) -> Answer:
        known = self.the_one(who.workspace)
        subscription = known or Subscription(who.workspace, "", "", zone=usable(person.zone))
        if words:
            weekday, hour, minute, zone = read_schedule(words, person.zone)
            subscription = replace(subscription, weekday=weekday, hour=hour, minute=minute, zone=zone)
        subscription = replace(subscription, target=channel or (known.target if known else _here(who)))
        return self.keep(who, person, subscription, "set the weekly digest")

    def keep(self, who: Asker, person: Person, subscription: Subscription, action: str) -> Answer:
        """Switch it on as ``subscription`` says, for a person who may. Raises AskerError, SlackRefused."""
        self._refuse_shared(subscription)
        when = schedule.schedule_words(subscription)
        # Saying it in the channel proves that the digest can be posted there, before anybody waits for it.
        said = Answer(
            f"The weekly digest of orgs that miss the Flosum apps comes here {when}",
            f"Set by {literal(person.name) if person.name else code(who.user)}",
        )
        self._outbox.post(who.workspace, subscription.target, said, key=f"set:{subscription.target}")
        before = self.the_one(who.workspace)
        self._store.keep_subscription(replace(subscription, enabled=True, set_by=who.user, set_at=self._clock()))
        self._note(who, action, subscription)
        return Answer(
            f"The weekly digest comes {when} to {shown_channel(subscription.target)}",
            state=State.READY,
            buttons=(Button("Post it now", command="remind now"),),
            note=_about(subscription, before, person),
        )

    def _note(self, who: Asker, action: str, subscription: Subscription) -> None:
        subject = f"{schedule.schedule_words(subscription)}, {subscription.target}"
        self._trail.record(Change(who.workspace, self._clock(), who.user, action, subject))

    def _now(self, who: Asker, channel: str | None) -> Answer:
        known = self.the_one(who.workspace)
        subscription = known or Subscription(who.workspace, "", _here(who), zone="UTC")
        subscription = replace(subscription, target=channel or subscription.target)
        self.post_now(subscription)
        return Answer(
            f"Posted to {shown_channel(subscription.target)}",
            state=State.READY,
            note="The weekly one still comes at its own time.",
        )

    # --- making and sending ----------------------------------------------------------------------------

    def preview(self, subscription: Subscription) -> Answer:
        """The digest as it would be now; nothing is recorded."""
        now = self._clock()
        diagnoses = self._check_all(subscription.workspace)
        if not diagnoses:
            return Answer(
                "Flosum apps: no org is connected yet", "Connect one in the bot's terminal: `python app.py orgs add`"
            )
        return report.digest(diagnoses, self._before(subscription, now), subscription, now)

    def post_now(self, subscription: Subscription) -> None:
        """Post the digest now, beside the weekly one. Raises AskerError without a channel, SlackRefused."""
        if not subscription.target:
            raise AskerError("No channel is set for the digest. In Slack: `/flosum remind monday 09:00 #channel`.")
        self._refuse_shared(subscription)
        answer = self.preview(subscription)
        self._outbox.post(subscription.workspace, subscription.target, answer, key=f"now:{self._clock().isoformat()}")

    def _refuse_shared(self, subscription: Subscription) -> None:
        if self._shared_channels.has(subscription.workspace, subscription.target):
            raise AskerError(
                f"{shown_channel(subscription.target)} is shared with another company, whose people would read the "
                "names of your orgs. Choose a channel of your own people: `/flosum remind monday 09:00 #channel`."
            )

    def _before(self, subscription: Subscription, now: datetime) -> list[PastDigest]:
        past = self._store.past_digests(subscription.workspace, subscription.id)
        return schedule.earlier(past, subscription, now)

    def tick(self, away: Collection[str] = ()) -> None:
        """Send what is due now, in every workspace; one that fails does not hold up the others. Called each minute.

        Workspaces that are ``away`` are left alone: what is due there stays due, should they come back.
        """
        for subscription in self._slots.all_subscriptions():
            if subscription.workspace not in away and subscription.kind is Kind.DIGEST:
                guarded(partial(self._send, subscription))()

    def _send(self, subscription: Subscription) -> None:
        now, workspace, one = self._clock(), subscription.workspace, subscription.id
        slot = schedule.due(subscription, now)
        if slot is None or not self._slots.claim_slot(workspace, one, slot, now, LEASE):
            return
        if self._shared_channels.has(workspace, subscription.target):
            self._post(subscription, slot, report.not_here())
            return
        diagnoses = self._check_all(workspace)
        before = self._before(subscription, now)
        self._store.keep_past_digest(workspace, one, report.record(slot, diagnoses))
        if report.all_done(diagnoses, before):
            self._slots.finish_slot(workspace, one, slot, SlotStatus.SKIPPED)
            return
        self._post(subscription, slot, report.digest(diagnoses, before, subscription, now))

    def _post(self, subscription: Subscription, slot: datetime, answer: Answer) -> None:
        finish = partial(self._slots.finish_slot, subscription.workspace, subscription.id, slot)
        try:
            ts = self._post_patiently(
                subscription, answer, f"{subscription.workspace}:{subscription.id}:{slot.isoformat()}"
            )
        except SlackRefused as refusal:
            # A refusal is final; after a lost answer it is not known whether the post arrived, and twice is worse.
            finish(SlotStatus.SKIPPED if refusal.permanent else SlotStatus.UNCERTAIN, subscription.target)
            raise
        finish(SlotStatus.SENT, subscription.target, ts)

    def _post_patiently(self, subscription: Subscription, answer: Answer, key: str) -> str:
        """Post, and wait where Slack asks for it: on the clock's thread, which nobody waits for."""
        for _ in range(LIMITED_AT_MOST):
            try:
                return self._outbox.post(subscription.workspace, subscription.target, answer, key)
            except SlackRefused as refusal:
                if refusal.retry_after is None:
                    raise
                self._sleep(refusal.retry_after)
        return self._outbox.post(subscription.workspace, subscription.target, answer, key)


def _here(who: Asker) -> str:
    if who.channel is None:
        raise AskerError("Say which channel: `/flosum remind monday 09:00 #channel`.")
    return who.channel


def _asked_back(unclear: Unclear, channel: str | None) -> Answer:
    """What was not understood, with a button for each thing that may have been meant."""
    where = f" <#{channel}>" if channel else ""
    choices = [Button(choice[:1].upper() + choice[1:], command=f"remind {choice}{where}") for choice in unclear.choices]
    return Answer(unclear.text, buttons=tuple(choices))


def _about(subscription: Subscription, before: Subscription | None, person: Person) -> str:
    """What to know of a time that was just set: what it was before, and whose clock it is not."""
    notes = []
    if before is not None and (was := schedule.schedule_words(before)) != schedule.schedule_words(subscription):
        notes.append(f"Before: {was}")
    if usable(person.zone) != person.zone and usable(subscription.zone) == usable(person.zone):
        notes.append(
            f"Slack gives {code(person.zone)} as your time zone, which I do not know. For another clock name a city: "
            "`/flosum remind monday 09:00 Berlin`"
        )
    return " · ".join(notes)
