"""Who somebody is to a workspace, and so whether they may see its orgs: the one place that decides.

It decides no where nobody can tell. Every face asks here before it shows more than the explanation of an error.
"""

from __future__ import annotations

from typing import Protocol

import structlog

from bot.domain import membership
from bot.domain.digest.undelivered import is_for_good
from bot.domain.errors import NotAllowed, NotInstalled, SlackRefused
from bot.domain.model import Asker, Person, Standing
from bot.ports import People

log = structlog.get_logger("assistant")


class Guests(Protocol):
    """Which workspaces are open to their guests."""

    def guests_welcome(self, workspace: str) -> bool:
        """Whether guests may see what members see; no unless an admin said so."""
        ...


class Membership:
    """Tells members from guests, and both from everybody else."""

    def __init__(self, people: People, guests: Guests | None = None) -> None:
        """Without ``guests`` no workspace is open to them."""
        self._people = people
        self._guests = guests

    def person(self, who: Asker) -> Person:
        """Somebody, whoever they are to the workspace. Raises SlackRefused when Slack does not say."""
        return self._people.person(who)

    def member(self, who: Asker) -> Person:
        """Somebody who may see the workspace's orgs. Raises NotAllowed for others, and where Slack does not say."""
        if who.stranger:
            raise NotAllowed(self.refusal_of(who.workspace, Standing.STRANGER))
        try:
            person = self._people.person(who)
        except NotInstalled:
            raise NotAllowed(membership.NOT_HERE) from None
        except SlackRefused as refused:
            log.warning("not known who somebody is", reason=refused.text)
            raise NotAllowed(self.refusal_of(who.workspace, None)) from None
        if refusal := self.refusal_of(who.workspace, person.standing):
            raise NotAllowed(refusal)
        return person

    def may_see(self, who: Asker) -> bool | None:
        """Whether somebody may see the workspace's orgs; None where Slack does not say, which passes."""
        try:
            person = self._people.person(who)
        except SlackRefused as refused:
            return False if is_for_good(refused) else None
        return not self.refusal_of(who.workspace, person.standing)

    def refusal(self, who: Asker) -> str:
        """Why ``who`` gets explanations of errors and nothing else; "" where they may see the orgs."""
        try:
            self.member(who)
        except NotAllowed as refused:
            return refused.text
        return ""

    def refusal_of(self, workspace: str, standing: Standing | None) -> str:
        """The same of somebody of that standing."""
        # Asked of guests alone, and each time: so a switch counts at once, and members cost no query.
        welcome = standing is Standing.GUEST and self._guests is not None and self._guests.guests_welcome(workspace)
        return membership.refusal(standing, guests_welcome=welcome)
