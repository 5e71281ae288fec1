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
from bot.domain.digest.zones import usable
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Change, Diagnosis, DigestStatus, Person, Reminder, Week
from bot.guard import guarded
from bot.ports import Clock, Governance, Outbox, People, Store
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
        store: Store,
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
        self._check_all = check_all
        self._outbox = outbox
        self._people = people
        self._permissions = permissions
        self._clock = clock
        self._trail = trail
        self._sleep = sleep
        self._shared_channels = shared_channels

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
        reminder = self._store.reminder(who.workspace)
        if reminder is None or not reminder.enabled:
            return Answer(
                "The weekly digest is off",
                "Switch it on for this channel: `/flosum remind monday 09:00`",
                buttons=(Button("Set it up", command=ANY, form=DIGEST_FORM, primary=True),),
                note="It lists the orgs that still miss the Flosum apps, once a week, until none does.",
            )
        return Answer(
            f"The weekly digest comes {schedule.schedule_words(reminder)} to {shown_channel(reminder.channel)}",
            "Change it: `/flosum remind friday 14:00 Europe/Berlin #channel`",
            buttons=(
                Button("Change", command=ANY, form=DIGEST_FORM),
                Button("Post it now", command="remind now"),
                Button("Switch it off", command="remind off"),
            ),
        )

    def _off(self, who: Asker, _: str | None) -> Answer:
        reminder = self._store.reminder(who.workspace)
        if reminder is None or not reminder.enabled:
            return self._show(who)
        self._store.set_reminder(replace(reminder, enabled=False, set_at=self._clock()))
        self._note(who, "switched the weekly digest off", reminder)
        return Answer("The weekly digest is off now", "`/flosum remind on` brings it back as it was.", State.READY)

    def _on(self, who: Asker, channel: str | None) -> Answer:
        known = self._store.reminder(who.workspace)
        person = self._people.person(who)
        reminder = known or Reminder(who.workspace, "", zone=usable(person.zone))
        reminder = replace(reminder, channel=channel or reminder.channel or _here(who))
        return self.keep(who, person, reminder, "switched the weekly digest on")

    def _set(self, who: Asker, person: Person, channel: str | None, words: tuple[str, ...]) -> Answer:
        known = self._store.reminder(who.workspace)
        reminder = known or Reminder(who.workspace, "", zone=usable(person.zone))
        if words:
            weekday, hour, minute, zone = read_schedule(words, person.zone)
            reminder = replace(reminder, weekday=weekday, hour=hour, minute=minute, zone=zone)
        reminder = replace(reminder, channel=channel or (known.channel if known else _here(who)))
        return self.keep(who, person, reminder, "set the weekly digest")

    def keep(self, who: Asker, person: Person, reminder: Reminder, action: str) -> Answer:
        """Switch it on as ``reminder`` says, for a person who may. Raises AskerError, SlackRefused."""
        self._refuse_shared(reminder)
        when = schedule.schedule_words(reminder)
        # Saying it in the channel proves that the digest can be posted there, before anybody waits for it.
        said = Answer(
            f"The weekly digest of orgs that miss the Flosum apps comes here {when}",
            f"Set by {literal(person.name) if person.name else code(who.user)}",
        )
        self._outbox.post(who.workspace, reminder.channel, said, key=f"set:{reminder.channel}")
        before = self._store.reminder(who.workspace)
        self._store.set_reminder(replace(reminder, enabled=True, set_at=self._clock()))
        self._note(who, action, reminder)
        return Answer(
            f"The weekly digest comes {when} to {shown_channel(reminder.channel)}",
            state=State.READY,
            buttons=(Button("Post it now", command="remind now"),),
            note=_about(reminder, before, person),
        )

    def _note(self, who: Asker, action: str, reminder: Reminder) -> None:
        subject = f"{schedule.schedule_words(reminder)}, {reminder.channel}"
        self._trail.record(Change(who.workspace, self._clock(), who.user, action, subject))

    def _now(self, who: Asker, channel: str | None) -> Answer:
        known = self._store.reminder(who.workspace)
        reminder = known or Reminder(who.workspace, _here(who), zone="UTC")
        reminder = replace(reminder, channel=channel or reminder.channel)
        self.post_now(reminder)
        return Answer(
            f"Posted to {shown_channel(reminder.channel)}",
            state=State.READY,
            note="The weekly one still comes at its own time.",
        )

    # --- making and sending ----------------------------------------------------------------------------

    def preview(self, reminder: Reminder) -> Answer:
        """The digest as it would be now; nothing is recorded."""
        now = self._clock()
        diagnoses = self._check_all(reminder.workspace)
        if not diagnoses:
            return Answer(
                "Flosum apps: no org is connected yet", "Connect one in the bot's terminal: `python app.py orgs add`"
            )
        return report.digest(diagnoses, self._weeks_before(reminder, now), reminder, now)

    def post_now(self, reminder: Reminder) -> None:
        """Post the digest now, beside the weekly one. Raises AskerError without a channel, SlackRefused."""
        if not reminder.channel:
            raise AskerError("No channel is set for the digest. In Slack: `/flosum remind monday 09:00 #channel`.")
        self._refuse_shared(reminder)
        answer = self.preview(reminder)
        self._outbox.post(reminder.workspace, reminder.channel, answer, key=f"now:{self._clock().isoformat()}")

    def _refuse_shared(self, reminder: Reminder) -> None:
        if self._shared_channels.has_now(reminder.workspace, reminder.channel):
            raise AskerError(
                f"{shown_channel(reminder.channel)} is shared with another company, whose people would read the names "
                "of your orgs. Choose a channel of your own people: `/flosum remind monday 09:00 #channel`."
            )

    def _weeks_before(self, reminder: Reminder, now: datetime) -> list[Week]:
        return schedule.weeks_before(self._store.weeks(reminder.workspace), reminder, now)

    def tick(self, away: Collection[str] = ()) -> None:
        """Send what is due now, in every workspace; one that fails does not hold up the others. Called each minute.

        Workspaces that are ``away`` are left alone: what is due there stays due, should they come back.
        """
        for reminder in self._store.reminders():
            if reminder.workspace not in away:
                guarded(partial(self._send, reminder))()

    def _send(self, reminder: Reminder) -> None:
        now = self._clock()
        due = schedule.due(reminder, now)
        if due is None or not self._store.claim_digest(reminder.workspace, due.week, due.due_at, now, LEASE):
            return
        if self._shared_channels.has(reminder.workspace, reminder.channel):
            self._post(reminder, due, report.not_here())
            return
        diagnoses = self._check_all(reminder.workspace)
        before = self._weeks_before(reminder, now)
        self._store.save_week(reminder.workspace, report.record(due.week, diagnoses))
        if report.all_done(diagnoses, before):
            self._store.finish_digest(reminder.workspace, due.week, DigestStatus.SKIPPED)
            return
        self._post(reminder, due, report.digest(diagnoses, before, reminder, now))

    def _post(self, reminder: Reminder, due: schedule.Due, answer: Answer) -> None:
        key = f"{reminder.workspace}:{due.week}"
        try:
            ts = self._post_patiently(reminder, answer, key)
        except SlackRefused as refusal:
            # A refusal is final; after a lost answer it is not known whether the post arrived, and twice is worse.
            status = DigestStatus.SKIPPED if refusal.permanent else DigestStatus.UNCERTAIN
            self._store.finish_digest(reminder.workspace, due.week, status, reminder.channel)
            raise
        self._store.finish_digest(reminder.workspace, due.week, DigestStatus.SENT, reminder.channel, ts)

    def _post_patiently(self, reminder: Reminder, answer: Answer, key: str) -> str:
        """Post, and wait where Slack asks for it: on the clock's thread, which nobody waits for."""
        for _ in range(LIMITED_AT_MOST):
            try:
                return self._outbox.post(reminder.workspace, reminder.channel, answer, key)
            except SlackRefused as refusal:
                if refusal.retry_after is None:
                    raise
                self._sleep(refusal.retry_after)
        return self._outbox.post(reminder.workspace, reminder.channel, answer, key)


def _here(who: Asker) -> str:
    if who.channel is None:
        raise AskerError("Say which channel: `/flosum remind monday 09:00 #channel`.")
    return who.channel


def _asked_back(unclear: Unclear, channel: str | None) -> Answer:
    """What was not understood, with a button for each thing that may have been meant."""
    where = f" <#{channel}>" if channel else ""
    choices = [Button(choice[:1].upper() + choice[1:], command=f"remind {choice}{where}") for choice in unclear.choices]
    return Answer(unclear.text, buttons=tuple(choices))


def _about(reminder: Reminder, before: Reminder | None, person: Person) -> str:
    """What to know of a time that was just set: what it was before, and whose clock it is not."""
    notes = []
    if before is not None and (was := schedule.schedule_words(before)) != schedule.schedule_words(reminder):
        notes.append(f"Before: {was}")
    if usable(person.zone) != person.zone and usable(reminder.zone) == usable(person.zone):
        notes.append(
            f"Slack gives {code(person.zone)} as your time zone, which I do not know. For another clock name a city: "
            "`/flosum remind monday 09:00 Berlin`"
        )
    return " · ".join(notes)
