"""Who is told in place of somebody who may not see the orgs any more, because they left, or of whom nothing is kept any
more, because they were erased: what they set up goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.answers import Answer
from bot.domain.model import FORGOTTEN, Asker, Org, is_person
from bot.service.membership import Membership
from bot.service.permissions import NAMED, Permissions, Roster

Told = tuple[str, Answer]
"""Somebody, and what they are told."""

Hearing = Callable[[str, str, Answer, str], Sequence[Told]]
"""``Successors.hearing``, of a workspace."""


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
        """Who is told what ``person`` is to be told, about one org perhaps: they themselves, unless they are gone.

        Raises SlackRefused where Slack does not say who else there is.
        """
        if person == FORGOTTEN:
            why = "it is not kept any more for whom it was"
        elif self._membership.may_see(Asker(workspace, person)) is not False:
            return [(person, answer)]
        else:
            why = f"{self._permissions.named(workspace, person)}, for whom it was, may not see the orgs any more"
        told = replace(answer, note=f"{answer.note} You hear it because {why}.".strip())
        return [(each, told) for each in self._instead(workspace, person, org)]

    def _instead(self, workspace: str, person: str, org: str) -> Sequence[str]:
        owner = next((each.owner for each in self._orgs(workspace) if each.name == org), None)
        if owner and owner != person and is_person(owner) and self._permissions.may_still(workspace, owner):
            return [owner]
        return [admin for admin in self._roster.admins(workspace) if admin != person][:NAMED]
