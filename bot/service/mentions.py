"""How owners are shown in a digest: mentioned once a week at most, else by name; who left is not mentioned at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.answers.markup import code, literal, owner_words
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker, Person, Standing, is_person
from bot.ports import Clock
from bot.service.membership import Membership

WEEK = timedelta(days=6, hours=22)
"""A mention counts for a week; some hours less, so that next Monday's digest mentions people where clocks change."""


class MentionStore(Protocol):
    """Whom digests mentioned, and when."""

    def claim_mentions(
        self, workspace: str, people: Collection[str], key: str, now: datetime, since: datetime
    ) -> frozenset[str]:
        """Those of ``people`` whom no message but that of ``key`` mentioned after ``since``; from now on it did."""
        ...


class Mentions:
    """Says how each owner of some orgs is to be shown."""

    def __init__(self, store: MentionStore, membership: Membership, clock: Clock) -> None:
        self._store = store
        self._membership = membership
        self._clock = clock

    def shown(self, workspace: str, owners: Collection[str], posted_as: str | None) -> Mapping[str, str]:
        """The markup of each owner in the message ``posted_as``; where none is posted nobody is mentioned."""
        people = {owner: self._person(workspace, owner) for owner in owners if is_person(owner)}
        there = [owner for owner, person in people.items() if person and person.standing is not Standing.GONE]
        now, free = self._clock(), frozenset[str]()
        if posted_as and there:
            free = self._store.claim_mentions(workspace, there, posted_as, now, now - WEEK)
        names = {owner: _name(owner, person) for owner, person in people.items() if owner not in free}
        return {owner: owner_words(owner) for owner in owners} | names

    def _person(self, workspace: str, user: str) -> Person | None:
        try:
            return self._membership.person(Asker(workspace, user))
        except SlackRefused:
            return None


def _name(owner: str, person: Person | None) -> str:
    if person is None or not person.name.strip():
        return code(owner)
    return f"{literal(person.name)} (left)" if person.standing is Standing.GONE else literal(person.name)
