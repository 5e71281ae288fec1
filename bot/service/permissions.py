"""Who may change things: everyone may read and ask; changes are for admins, owners and those whom they trust."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import code, literal
from bot.domain.errors import NotAllowed, SlackRefused
from bot.domain.membership import NOT_TRUSTED
from bot.domain.model import Asker, Person, Standing, is_person
from bot.domain.verbs import Who
from bot.service.membership import Membership

_NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""What Slack says of an id that is nobody's here."""

NAMED = 10
"""Admins that a refusal names at most."""


class Trusted(Protocol):
    """Whom admins have added."""

    def trusted(self, workspace: str) -> Sequence[str]:
        """User and user-group ids, sorted."""
        ...


class Roster(Protocol):
    """Who belongs together in a workspace. Each raises SlackRefused when Slack does not say."""

    def admins(self, workspace: str) -> Mapping[str, str]:
        """The names of admins and owners, by their user ids, as far as they were looked for."""
        ...

    def members(self, workspace: str, group: str) -> frozenset[str]:
        """The user ids in a user group."""
        ...

    def handles(self, workspace: str) -> dict[str, str]:
        """What people type for each user group (``crm-team``), by the group's id."""
        ...


class Permissions:
    """Decides by the workspace's roles, by whom its admins trust, and by the user ids that the operator named."""

    def __init__(
        self,
        membership: Membership,
        admins: frozenset[str] = frozenset(),
        trusted: Trusted | None = None,
        roster: Roster | None = None,
    ) -> None:
        self._membership = membership
        self._admins = admins
        self._trusted = trusted
        self._roster = roster

    def require(self, who: Asker, doing: str) -> Person:
        """The person behind ``who``. Raises NotAllowed, which says who can, unless they may change things.

        ``doing`` begins the sentence: "Changing a digest".
        """
        hidden: list[str] = []
        person = self._entitled(who, hidden)
        if person is not None:
            return person
        allowed = f"{doing} is for workspace admins and people added in `/flosum settings`."
        raise NotAllowed(" ".join([allowed, self._today(who.workspace), *hidden]).strip())

    def require_member(self, who: Asker) -> Person:
        """The person behind ``who``. Raises NotAllowed unless they may see what is there: for what is their own."""
        return self._membership.member(who)

    def may(self, who: Asker) -> bool:
        """Whether somebody may change things. Raises NotAllowed for whom even what is there does not concern."""
        return self._entitled(who, []) is not None

    def has(self, who: Asker, needed: Who) -> bool:
        """Whether somebody may do what is for those; no where nobody can tell."""
        try:
            person = self._membership.member(who)
            if needed is Who.ADMINS:
                return self._runs_things(who, person)
            return needed is not Who.TRUSTED or self.may(who)
        except NotAllowed:
            return False

    def _entitled(self, who: Asker, hidden: list[str]) -> Person | None:
        """The person, if they may change things; what could not be read about that is added to ``hidden``."""
        person = self._membership.member(who)
        if self._runs_things(who, person) or who.user in self._added(who.workspace):
            return person
        for group in filter(is_group, self._added(who.workspace)):
            try:
                if self._roster and who.user in self._roster.members(who.workspace, group):
                    return person
            except SlackRefused as refusal:
                hidden.append(f"Whether you are in {self.named(who.workspace, group)} cannot be read. {refusal.said}")
        return None

    def may_still(self, workspace: str, user: str) -> bool:
        """Whether somebody may change things whom nobody added: by their role, or through a user group."""
        try:
            return self.may(Asker(workspace, user))
        except (NotAllowed, SlackRefused):
            return False

    def cannot_be_named(self, workspace: str, subject: str) -> str:
        """Why a person cannot look after an org, "" where they can, for channels, and where Slack does not say now."""
        if not is_person(subject):
            return ""
        try:
            reason = NOT_TRUSTED.get(self._membership.person(Asker(workspace, subject)).standing, "")
        except SlackRefused as refusal:
            return f"That person cannot look after an org. {refusal.text}" if refusal.code in _NOBODY else ""
        is_nobody = reason in (NOT_TRUSTED[Standing.BOT], NOT_TRUSTED[Standing.GONE])
        return f"{self.named(workspace, subject)} cannot look after an org. {reason}" if is_nobody else ""

    def sees_nothing(self, workspace: str, subject: str) -> str:
        """That a person who may look after an org is shown nothing of it, and what helps; "" for who is, and channels.

        Nothing is said where Slack does not tell who they are.
        """
        reason = self.why_not(workspace, subject) if is_person(subject) else ""
        return reason if reason and self._membership.refusal(Asker(workspace, subject)) else ""

    def why_not(self, workspace: str, user: str) -> str:
        """Why somebody is not told of orgs, in a sentence about them; "" where Slack does not say, and for members."""
        try:
            return NOT_TRUSTED.get(self._membership.person(Asker(workspace, user)).standing, "")
        except SlackRefused:
            return ""

    def require_admin(self, who: Asker, doing: str) -> Person:
        """The same for what only admins, owners and the operator's may do."""
        person = self._membership.member(who)
        if self._runs_things(who, person):
            return person
        raise NotAllowed(f"{doing} is for workspace admins. {self._today(who.workspace, added=False)}".strip())

    def who_can(self, workspace: str, *, added: bool = True) -> list[str]:
        """Those who may change things, named in our markup so that nobody is pinged."""
        try:
            admins = self._roster.admins(workspace) if self._roster else {}
        except SlackRefused:
            admins = {}  # the refusal still says which kind of people it is
        named = {subject: _shown(subject, name) for subject, name in list(admins.items())[:NAMED]}
        named |= {subject: self.named(workspace, subject) for subject in self._operators(workspace)}
        if added:
            named |= {subject: self.named(workspace, subject) for subject in self._added(workspace)}
        return list(named.values())

    def named(self, workspace: str, subject: str) -> str:
        """One user or user group in our markup: by name, so that nobody is pinged; by id where Slack does not say."""
        if is_group(subject):
            return code(f"@{self.handle(workspace, subject)}")
        try:
            return _shown(subject, self._membership.person(Asker(workspace, subject)).name)
        except SlackRefused:
            return code(subject)

    def handle(self, workspace: str, group: str) -> str:
        """What people type for a group; its id where Slack does not say."""
        try:
            return self._roster.handles(workspace).get(group, group) if self._roster else group
        except SlackRefused:
            return group

    def _runs_things(self, who: Asker, person: Person) -> bool:
        return person.standing is Standing.MEMBER and (person.admin or who.user in self._admins)

    def _added(self, workspace: str) -> Sequence[str]:
        return self._trusted.trusted(workspace) if self._trusted else ()

    def _today(self, workspace: str, *, added: bool = True) -> str:
        named = self.who_can(workspace, added=added)
        return f"Today that is {listed(named)}." if named else ""

    def _operators(self, workspace: str) -> Iterator[str]:
        """The operator's own, where they are known: of many workspaces each has only some."""
        for admin in sorted(self._admins):
            try:
                person = self._membership.person(Asker(workspace, admin))
            except SlackRefused:
                continue
            if person.standing is Standing.MEMBER:
                yield admin


def _shown(user: str, name: str) -> str:
    return literal(name) if name.strip() else code(user)


def is_group(subject: str) -> bool:
    """Whether an id is that of a user group."""
    return subject.startswith("S")
