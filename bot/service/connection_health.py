"""Whether the bot is still let in: an org that refuses it for good is marked, and somebody told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.domain.digest.notices import RECONNECT, Notice, key_of, org_of
from bot.domain.errors import OrgRefused
from bot.domain.model import Credentials, Org, OrgFacts
from bot.domain.orgs import connection
from bot.domain.orgs.granting import GrantReading
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.orgs.org_writes import OrgWrite, WriteKind
from bot.domain.orgs.user_access import UserReading
from bot.ports import Clock, Connections, GrantOrgs, Orgs, OrgUsers, RestOfOrgs, Store

T = TypeVar("T")


class ReadOrgs(Orgs, OrgUsers, RestOfOrgs, GrantOrgs, Protocol):
    """Orgs, their users, the rest of them, and what is granted in them."""


class ConnectionStore(Store, Connections, Protocol):
    """What is kept of orgs and their connections."""


class MonitoredOrgs:
    """The ports ``Orgs``, ``OrgUsers``, ``RestOfOrgs`` and ``GrantOrgs`` over others: does alike, and notes what that
    says of the connection."""

    def __init__(
        self,
        orgs: ReadOrgs,
        store: ConnectionStore,
        clock: Clock,
    ) -> None:
        self._orgs = orgs
        self._store = store
        self._clock = clock

    def facts(self, org: Org, credentials: Credentials) -> OrgFacts:
        """Read an org. Raises OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.facts(org, credentials))

    def user(self, org: Org, credentials: Credentials, wanted: str) -> UserReading:
        """Read one of its users. Raises OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.user(org, credentials, wanted))

    def details(self, org: Org, credentials: Credentials, facts: OrgFacts) -> OrgDetails:
        """Read the rest of an org. Raises OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.details(org, credentials, facts))

    def grantable(self, org: Org, credentials: Credentials, wanted: str) -> GrantReading:
        """Read what there is to grant. Raises OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.grantable(org, credentials, wanted))

    def record_of(self, org: Org, credentials: Credentials, write: OrgWrite) -> str | None:
        """Look up what was written. Raises OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.record_of(org, credentials, write))

    def has_ended(self, org: Org, credentials: Credentials, assignment: str) -> bool:
        """Whether an assignment has ended. Raises OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.has_ended(org, credentials, assignment))

    def create(self, org: Org, credentials: Credentials, kind: WriteKind, values: Mapping[str, str]) -> str:
        """Write one record. Raises WriteRefused, OrgUnreachable and OrgRefused."""
        return self._watched(org, lambda: self._orgs.create(org, credentials, kind, values))

    def delete(self, org: Org, credentials: Credentials, kind: WriteKind, record_id: str) -> None:
        """Delete one record. Raises WriteRefused, OrgUnreachable and OrgRefused."""
        self._watched(org, lambda: self._orgs.delete(org, credentials, kind, record_id))

    def _watched(self, org: Org, read: Callable[[], T]) -> T:
        try:
            found = read()
        except OrgRefused as refusal:
            if connection.is_over(refusal, org.login):
                self._store.set_reconnect(org, needed=True, said=self._word(org, refusal))
            elif refusal.let_in:
                self._lasts(org)
            raise
        self._lasts(org)
        return found

    def _lasts(self, org: Org) -> None:
        """The bot was let in, so the connection is not over."""
        if org.reconnect:
            self._store.set_reconnect(org, needed=False)

    def _word(self, org: Org, refusal: OrgRefused) -> Sequence[Notice]:
        """For whoever connected it; an org of the terminal's nobody in Slack did."""
        if org.connected_by is None:
            return ()
        now = self._clock()
        answer = connection.must_reconnect(org, refusal.text)
        return [Notice(org.workspace, key_of(RECONNECT, org.name, now.isoformat()), org.connected_by, answer, now)]

    def is_past(self, notice: Notice) -> bool:
        """Whether a word that an org must be connected again is not so any more: it was, or it is gone."""
        if not notice.key.startswith(RECONNECT):
            return False
        org = self._store.org(notice.workspace, org_of(notice.key))
        return org is None or not org.reconnect
