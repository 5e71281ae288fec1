"""Escalation and handover, both off until somebody switches them on: ``remind escalate …``, ``remind handover on``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.domain.answers import Answer
from bot.domain.command import MYSELF, Command
from bot.domain.digest import escalation
from bot.domain.digest.escalation import read_escalation
from bot.domain.digest.notices import UNDELIVERED, Escalation, Notice, NoticeStatus, key_of, org_of
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Change, Diagnosis, Org, Standing, is_person
from bot.domain.off_clocks import waits
from bot.domain.verbs import Who
from bot.guard import guarded
from bot.ports import Clock
from bot.service.membership import Membership
from bot.service.permissions import NAMED, Permissions, Roster

DOING = "Changing who is told of orgs that take long"
EVERY = timedelta(hours=1)
PEOPLE_EVERY = timedelta(days=1)
"""How often it is looked whether people are still there, for whom Slack's word on it was missed."""

log = structlog.get_logger("assistant")


class EscalationStore(Protocol):
    """What is set, and what follows from it."""

    def escalation(self, workspace: str) -> Escalation | None:
        """What is set in a workspace."""
        ...

    def escalations(self) -> Sequence[Escalation]:
        """The same of every workspace."""
        ...

    def set_escalation(self, escalation: Escalation) -> None:
        """Set or replace it."""
        ...

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All orgs, each with since when it is open."""
        ...

    def add_notices(self, workspace: str, said: Sequence[Notice]) -> None:
        """Keep what is to be said, without what was kept under the same key before."""
        ...

    def notices_of(self, workspace: str, beginning: str) -> Sequence[Notice]:
        """Those whose keys begin so."""
        ...

    def unsay(self, workspace: str, beginning: str) -> None:
        """Forget those whose keys begin so: what they tell of may happen again."""
        ...

    def record(self, change: Change) -> None:
        """Write a line of the audit trail."""
        ...


class Checks(Protocol):
    """Orgs as they were last read."""

    def known_of(self, org: Org) -> Diagnosis:
        """One of them."""
        ...


class Escalating:
    """What is typed, what a digest leads with, and who is told."""

    def __init__(
        self,
        store: EscalationStore,
        checks: Checks,
        membership: Membership,
        permissions: Permissions,
        roster: Roster,
        clock: Clock,
    ) -> None:
        self._store = store
        self._checks = checks
        self._membership = membership
        self._permissions = permissions
        self._roster = roster
        self._clock = clock
        self._next: datetime | None = None
        self._people_next: datetime | None = None

    # --- what people type ------------------------------------------------------------------------------

    def command(self, who: Asker, command: Command) -> Answer:
        """``remind escalate [after <weeks> weeks [to @person]|off]``. Raises AskerError."""
        known = self._store.escalation(who.workspace)
        if not command.words:
            return self._shown(known, may=self._permissions.has(who, Who.TRUSTED))
        self._permissions.require(who, DOING)
        wanted = read_escalation([f"<@{who.user}>" if word.casefold() in MYSELF else word for word in command.words])
        if wanted is None:
            self._keep(who, known, "switched escalation off", weeks=0, person=None)
            return escalation.switched_off(news=bool(known and known.weeks))
        weeks, person = wanted
        if person is not None:
            self._refuse_to_tell(Asker(who.workspace, person))
        if known and (known.weeks, known.person) == (weeks, person):
            return replace(self._shown(known), note="It was so before.")
        return self._shown(self._keep(who, known, "set escalation", weeks=weeks, person=person))

    def _refuse_to_tell(self, person: Asker) -> None:
        """Raises AskerError for somebody who may not hear of orgs, or of whom Slack does not say who they are."""
        try:
            standing = self._membership.person(person).standing
        except SlackRefused as refusal:
            raise AskerError(f"That person cannot be told of orgs. {refusal.text}") from None
        if self._membership.refusal_of(person.workspace, standing):
            named = self._permissions.named(person.workspace, person.user)
            why = self._permissions.why_not(person.workspace, person.user)
            raise AskerError(f"{named} may not see the orgs. {why}".strip())

    def handover(self, who: Asker, command: Command) -> Answer:
        """``remind handover [on|off]``. Raises AskerError."""
        known = self._store.escalation(who.workspace)
        said = command.rest.casefold().strip(" .!")
        if said not in ("on", "off"):
            if said:
                raise AskerError("Say `/flosum remind handover on` or `off`.")
            may = self._permissions.has(who, Who.TRUSTED)
            return escalation.handover_shown(on=bool(known and known.handover), may=may)
        self._permissions.require(who, DOING)
        self._keep(who, known, f"switched handover {said}", handover=said == "on")
        return escalation.handover_shown(on=said == "on", may=True)

    def _shown(self, known: Escalation | None, *, may: bool = True) -> Answer:
        person = self._permissions.named(known.workspace, known.person) if known and known.person else ""
        return escalation.shown(known, person, may=may)

    def _keep(self, who: Asker, known: Escalation | None, action: str, **values: int | str | bool | None) -> Escalation:
        before = known or Escalation(who.workspace, 0, None, who.user)
        now = replace(before, set_by=who.user, **values)  # type: ignore[arg-type]
        if now != replace(before, set_by=who.user):
            self._store.set_escalation(now)
            subject = f"{now.weeks} weeks: {now.person}" if now.weeks and now.person else f"{now.weeks} weeks"
            about = subject if "escalation" in action and now.weeks else ""
            self._store.record(Change(who.workspace, self._clock(), who.user, action, about))
        return now

    # --- what follows ----------------------------------------------------------------------------------

    def first(self, workspace: str, found: Sequence[Diagnosis]) -> Collection[str]:
        """The names of the orgs that lead a digest."""
        known = self._store.escalation(workspace)
        return escalation.first(found, known.weeks, self._clock()) if known and known.weeks else ()

    def tick(self, away: Collection[str] = ()) -> None:
        """Once an hour, tell whom it concerns; once a day, look who left. Raises OperatorError; tried again then."""
        now = self._clock()
        if waits(self._next, now, EVERY):
            return
        looks_at_people = not waits(self._people_next, now, PEOPLE_EVERY)
        for each in self._store.escalations():
            if each.workspace not in away:
                guarded(partial(self._tell, each, people=looks_at_people and each.handover))()
        self._next = now + EVERY
        self._people_next = now + PEOPLE_EVERY if looks_at_people else self._people_next

    def _tell(self, known: Escalation, *, people: bool) -> None:
        orgs = self._store.orgs(known.workspace)
        if known.weeks:
            said = [notice for org in orgs for notice in self._of_org(known, org)]
            self._store.add_notices(known.workspace, said)
        if people:
            self._look_at_people(known.workspace, orgs)

    def _look_at_people(self, workspace: str, orgs: Sequence[Org]) -> None:
        """Tell who left; of whom that was told and who is back it is told anew when they leave again."""
        told = {notice.key.split(":")[1]: notice.at for notice in self._store.notices_of(workspace, "left:")}
        for person in sorted(_people_of(orgs) | told.keys()):
            is_gone = self._is_gone(workspace, person)
            if is_gone:
                self._hand_over(workspace, person, orgs)
            elif is_gone is False and person in told and self._clock() - told[person] > EVERY:
                self._store.unsay(workspace, f"left:{person}:")  # not at once: who they are may be of just before

    def _of_org(self, known: Escalation, org: Org) -> Iterator[Notice]:
        now = self._clock()
        if not escalation.is_long_open(org, known.weeks, now) or org.open_since is None:
            return
        found, since = self._checks.known_of(org), org.open_since.isoformat()
        targets: Mapping[str, str] = {org.owner: ""} if org.owner else {}
        if known.person and known.person != org.owner:
            targets = {**targets, known.person: self._owner_name(org)}
        for target, owner in targets.items():
            answer = escalation.escalated(found, now, owner)
            key = key_of("escalate", org.name, since, target)
            yield Notice(known.workspace, key, target, answer, now)

    def _owner_name(self, org: Org) -> str:
        if org.owner is None:
            return "not named yet"
        if not is_person(org.owner):
            return "a channel"
        return self._permissions.named(org.workspace, org.owner)

    def ended(self, notice: Notice, status: NoticeStatus, why: str) -> None:
        """Whoever set escalation hears it where a channel that looks after an org was not told."""
        if not notice.key.startswith("escalate:") or is_person(notice.target) or status is NoticeStatus.SENT:
            return
        known = self._store.escalation(notice.workspace)
        orgs = self._store.orgs(notice.workspace)
        org = next((org for org in orgs if org.name == org_of(notice.key)), None)
        if known is not None and org is not None:
            answer = escalation.undelivered(org.name, notice.target, why)
            said = Notice(notice.workspace, f"{UNDELIVERED}{notice.key}", known.set_by, answer, self._clock())
            self._store.add_notices(notice.workspace, [said])

    # --- handover --------------------------------------------------------------------------------------

    def left(self, workspace: str, user: str) -> None:
        """Somebody left a workspace, says Slack."""
        known = self._store.escalation(workspace)
        if known is not None and known.handover:
            self._hand_over(workspace, user, self._store.orgs(workspace))

    def _hand_over(self, workspace: str, user: str, orgs: Sequence[Org]) -> None:
        owned = [org.name for org in orgs if org.owner == user]
        connected = [org.name for org in orgs if org.connected_by == user and org.owner in (None, user)]
        if not owned and not connected:
            return
        answer, now = escalation.left_behind(self._name(workspace, user), owned, connected), self._clock()
        admins = [admin for admin in self._roster.admins(workspace) if admin != user][:NAMED]
        said = [Notice(workspace, f"left:{user}:{admin}", admin, answer, now) for admin in admins]
        self._store.add_notices(workspace, said)

    def _name(self, workspace: str, user: str) -> str:
        try:
            return self._membership.person(Asker(workspace, user)).name or "Somebody"
        except SlackRefused:
            return "Somebody"

    def _is_gone(self, workspace: str, user: str) -> bool | None:
        """Whether somebody left; None where Slack does not say."""
        try:
            return self._membership.person(Asker(workspace, user)).standing is Standing.GONE
        except SlackRefused as refusal:
            log.info("not known whether somebody left", workspace=workspace, reason=refusal.text)
            return None


def _people_of(orgs: Sequence[Org]) -> set[str]:
    every = {person for org in orgs for person in (org.owner, org.connected_by) if person}
    return set(filter(is_person, every))
