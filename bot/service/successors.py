"""Who is told in place of somebody who may not see the orgs any more, because they left: what they set up goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.answers import Answer
from bot.domain.digest.notices import Notice
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker, Org, is_person
from bot.service.membership import Membership
from bot.service.permissions import NAMED, Permissions, Roster

Told = tuple[str, Answer]
"""Somebody, and what they are told."""

Hearing = Callable[[str, str, Answer, str], Sequence[Told]]
"""``Successors.hearing``, of a workspace."""


def notices(hearing: Hearing, about: Notice, org: str = "") -> list[Notice]:
    """What somebody is to be told, about one org perhaps, to whoever hears it: one for each."""
    told = hearing(about.workspace, about.target, about.answer, org)
    return [replace(about, key=f"{about.key}:{who}", target=who, answer=answer) for who, answer in told]


def themselves(_workspace: str, person: str, answer: Answer, _org: str) -> Sequence[Told]:
    """Nobody else, where nothing is known of who left."""
    return [(person, answer)]


class Successors:
    """Finds them: an org's owner who may change things, else the admins."""

    def __init__(
        self, orgs: Callable[[str], Sequence[Org]], membership: Membership, permissions: Permissions, roster: Roster
    ) -> None:
        """``orgs`` are those of a workspace."""
        self._orgs = orgs
        self._membership = membership
        self._permissions = permissions
        self._roster = roster

    def hearing(self, workspace: str, person: str, answer: Answer, org: str = "") -> Sequence[Told]:
        """Who is told what ``person`` is to be told, about one org perhaps: they themselves, unless they left."""
        if self._membership.may_see(Asker(workspace, person)) is not False:
            return [(person, answer)]
        who = self._permissions.named(workspace, person)
        note = f"{answer.note} You hear it because {who}, for whom it was, may not see the orgs any more.".strip()
        told = replace(answer, note=note)
        return [(each, told) for each in self._instead(workspace, person, org)]

    def _instead(self, workspace: str, person: str, org: str) -> Sequence[str]:
        owner = next((each.owner for each in self._orgs(workspace) if each.name == org), None)
        if owner and owner != person and is_person(owner) and self._permissions.may_still(workspace, owner):
            return [owner]
        try:
            return [admin for admin in self._roster.admins(workspace) if admin != person][:NAMED]
        except SlackRefused:
            return [person]  # whoever delivers it tries again, or notes that nobody heard it
