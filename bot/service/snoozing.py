"""Snoozing orgs: by command, by form, and what ends a snooze by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain import org_questions
from bot.domain.answers import Answer, Form
from bot.domain.answers.markup import MENTION, as_typed
from bot.domain.command import Command
from bot.domain.digest.notices import Notice, key_of
from bot.domain.digest.snooze_words import Wanted, read_snooze
from bot.domain.digest.spoken import Unclear
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import FORGOTTEN, Asker, Change, Diagnosis, Org, Person, Snooze, Verdict
from bot.domain.orgs import snooze_report
from bot.domain.orgs.snooze_report import ANY
from bot.domain.orgs.urgency import most_urgent_first
from bot.domain.orgs.which_org import unknown_org
from bot.domain.verbs import Who
from bot.ports import Clock
from bot.service.membership import Membership
from bot.service.permissions import Permissions

DOING = "Snoozing an org"


class Kept(Protocol):
    """What is kept of orgs and their snoozes."""

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All orgs, each with its snooze."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One org by its name, without regard to case."""
        ...

    def snooze(self, org: Org, snooze: Snooze) -> bool:
        """Leave an org out, instead of what was set before; False if it is gone."""
        ...

    def end_snooze(self, org: Org, snooze: Snooze, said: Sequence[Notice] = ()) -> bool:
        """End that very snooze, and keep what is to be said of it; False if it is over, or another one by now."""
        ...

    def snoozes_over(self, now: datetime) -> Sequence[tuple[str, str]]:
        """The workspace and name of each org whose snooze is over."""
        ...

    def record(self, change: Change) -> None:
        """Write a line of the audit trail."""
        ...


class Checks(Protocol):
    """Orgs as they were last read."""

    def known(self, workspace: str) -> list[Diagnosis]:
        """All of them."""
        ...

    def known_of(self, org: Org) -> Diagnosis:
        """One of them."""
        ...


class Snoozing:
    """The verb ``snooze``, its form, and the end of snoozes. Everybody may look."""

    doing = "Snoozing the org"

    def __init__(
        self,
        store: Kept,
        membership: Membership,
        permissions: Permissions,
        clock: Clock,
        checks: Checks,
    ) -> None:
        self._store = store
        self._membership = membership
        self._permissions = permissions
        self._clock = clock
        self._checks = checks

    def command(self, who: Asker, command: Command) -> Answer:
        """``snooze [<org> <days> [reason]|off|never]``, in anybody's words."""
        if not command.words:
            return self._listed(who)
        orgs = self._store.orgs(who.workspace)
        found = org_questions.leading(command.rest, [org.name for org in orgs])
        if found is None:
            first, *rest = command.words
            raise unknown_org(first, orgs, " ".join(("snooze {org}", *rest)))
        org = next(org for org in orgs if org.name == found[0])
        return self._carry_out(who, org, found[1])

    def _listed(self, who: Asker) -> Answer:
        now = self._clock()
        orgs = [org for org in self._store.orgs(who.workspace) if org.snooze is None or org.snooze.holds(now)]
        people = {org.snooze.by for org in orgs if org.snooze}
        may = any(org.owner == who.user for org in orgs) or self._permissions.has(who, Who.TRUSTED)
        return snooze_report.listed(orgs, {one: self._permissions.named(who.workspace, one) for one in people}, may=may)

    def _carry_out(self, who: Asker, org: Org, said: str) -> Answer:
        person = self._entitled(who, org)
        # A reason is kept and shown to others: there people are named, and nobody's id stands.
        said = as_typed(MENTION.sub(lambda found: f"@{self._name(who.workspace, found)}", said))
        try:
            wanted = read_snooze(said, self._clock(), person.zone)
        except Unclear as unclear:
            return snooze_report.how_long(org, unclear.text, unclear.choices)
        return self._end(who, org) if wanted.ends else self._begin(who, org, wanted)

    def _name(self, workspace: str, mention: re.Match[str]) -> str:
        """What a person is called, as Slack's mention says or Slack itself; … where neither does."""
        if mention["name"]:
            return mention["name"]
        try:
            return self._membership.person(Asker(workspace, mention["id"])).name or "…"
        except SlackRefused:
            return "…"

    def _entitled(self, who: Asker, org: Org) -> Person:
        """The person, who may change things or owns the org. Raises NotAllowed."""
        if org.owner == who.user:
            return self._membership.member(who)
        return self._permissions.require(who, f"{DOING} that is not yours")

    def _begin(self, who: Asker, org: Org, wanted: Wanted) -> Answer:
        now = self._clock()
        before = org.snooze if org.snooze and org.snooze.holds(now) else None
        if before and (before.until, before.reason) == (wanted.until, wanted.reason):
            return snooze_report.as_before(org, before, self._permissions.named(who.workspace, before.by))
        if self._checks.known_of(org).verdict is Verdict.READY:
            raise snooze_report.is_ready(org)
        snooze = Snooze(wanted.until, wanted.reason, who.user, now)
        if not self._store.snooze(org, snooze):
            raise AskerError(f"`{org.name}` is not connected any more.")
        until = f"until {wanted.until:%Y-%m-%d %H:%M} UTC" if wanted.until else "not needed here"
        self._note(who, "snoozed", f"{org.name}, {until}")
        return snooze_report.snoozed(org, snooze, before)

    def _end(self, who: Asker, org: Org) -> Answer:
        was = org.snooze
        if was is None or not was.holds(self._clock()) or not self._store.end_snooze(org, was):
            return snooze_report.woken(org, None)
        self._note(who, "ended the snooze of", org.name)
        return snooze_report.woken(org, was)

    def _note(self, who: Asker, action: str, subject: str) -> None:
        self._store.record(Change(who.workspace, self._clock(), who.user, action, subject))

    # --- the form --------------------------------------------------------------------------------------

    def form(self, who: Asker, subject: str) -> Form:
        """The form for an org, or for one of those that are not ready. Raises AskerError."""
        if subject != ANY:
            self._entitled(who, self._named(who, subject))
            return snooze_report.form(subject, ())
        every = self._checks.known(who.workspace)
        mine = [found for found in every if found.org.owner == who.user]
        if not mine or self._permissions.may(who):
            self._permissions.require(who, DOING)
            mine = every
        choices = [found.org.name for found in most_urgent_first(mine) if found.verdict is not Verdict.READY]
        if not choices:
            raise AskerError("Every org is ready as it was last read, so there is none to snooze.")
        return snooze_report.form(ANY, choices)

    def faults(self, _: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the lines, by line."""
        return snooze_report.faults(values)

    def submit(self, who: Asker, subject: str, values: dict[str, str]) -> Answer:
        """Snooze it. Raises AskerError, SlackRefused."""
        if wrong := self.faults(who, values):
            raise AskerError(" ".join(wrong.values()))
        org = self._named(who, values.get("org", "") if subject == ANY else subject)
        return self._carry_out(who, org, snooze_report.said(values))

    def _named(self, who: Asker, name: str) -> Org:
        org = self._store.org(who.workspace, name)
        if org is None:
            raise unknown_org(name, self._store.orgs(who.workspace))
        return org

    # --- what ends by itself ---------------------------------------------------------------------------

    def tick(self) -> None:
        """End what is over, with a word to whoever set it."""
        now = self._clock()
        for workspace, name in self._store.snoozes_over(now):
            org = self._store.org(workspace, name)
            if org is not None and org.snooze is not None and not org.snooze.holds(now):
                self._store.end_snooze(org, org.snooze, self._word(org, org.snooze, snooze_report.over(org.name)))

    def became_ready(self, org: Org) -> None:
        """A snooze ends at once with the org's being ready."""
        if org.snooze is not None:
            self._store.end_snooze(org, org.snooze, self._word(org, org.snooze, snooze_report.ready(org.name)))

    def _word(self, org: Org, snooze: Snooze, answer: Answer) -> Sequence[Notice]:
        """For whoever set it; the digests say it to everybody else."""
        if snooze.by == FORGOTTEN:
            return ()
        key = key_of("snooze", org.name, snooze.at.isoformat())
        return [Notice(org.workspace, key, snooze.by, answer, self._clock())]
