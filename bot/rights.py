"""Who may change things: everyone may read and ask; changes are for admins, owners and those whom they trust."""

from __future__ import annotations

from bot.domain.errors import AskerError
from bot.domain.markup import user
from bot.domain.model import Asker, Person
from bot.domain.phrases import listed
from bot.ports import People


class Rights:
    """Decides by the workspace's roles and by the user ids that the operator named."""

    def __init__(self, people: People, admins: frozenset[str] = frozenset()) -> None:
        self._people = people
        self._admins = admins

    def require(self, who: Asker, doing: str) -> Person:
        """The person behind ``who``. Raises AskerError, which says who can, unless they may change things.

        ``doing`` begins the sentence: "Changing the weekly digest".
        """
        person = self._people.person(who)
        if person.admin or who.user in self._admins:
            return person
        groups = ["the workspace's admins and owners", *map(user, sorted(self._admins))]
        raise AskerError(f"{doing} is for {listed(groups)}.")
