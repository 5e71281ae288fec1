"""What is read of an org for one person, in the places where all checks of orgs run: never more at once than those."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from bot.domain.model import Credentials, Org, OrgFacts
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.orgs.user_access import UserReading
from bot.ports import OrgUsers, RestOfOrgs

T = TypeVar("T")


class Begin(Protocol):
    """Begins some work soon, elsewhere (``bot.org_places.Places.begin``)."""

    def __call__(self, work: Callable[[], T], /) -> Future[T]:
        """What will come of ``work``."""
        ...


class ReadForOne(OrgUsers, RestOfOrgs, Protocol):
    """Users of orgs, and the rest of them."""


class PooledOrgs:
    """The ports ``OrgUsers`` and ``RestOfOrgs`` over others."""

    def __init__(self, orgs: ReadForOne, begin: Begin) -> None:
        self._orgs = orgs
        self._begin = begin

    def user(self, org: Org, credentials: Credentials, wanted: str) -> UserReading:
        """Read one of an org's users. Raises OrgUnreachable and OrgRefused."""
        return self._begin(lambda: self._orgs.user(org, credentials, wanted)).result()

    def details(self, org: Org, credentials: Credentials, facts: OrgFacts) -> OrgDetails:
        """Read the rest of an org. Raises OrgUnreachable and OrgRefused."""
        return self._begin(lambda: self._orgs.details(org, credentials, facts)).result()
