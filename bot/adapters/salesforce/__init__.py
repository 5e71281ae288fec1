"""Salesforce, as far as we read it: the port ``Orgs`` over simple-salesforce.

    a session (login_ways) -> two batches of SOQL (queries): what is there (overview, audit_trail), whom it lets in
    (access) -> facts (facts), all over one line (transport), whose connections are kept (kept_connections)
    one person (user_access) takes two batches, too, and what no SOQL tells (org_settings)
    by client credentials or key (login) it is kept in memory; of a login in the browser (web_server_flow) it is kept
    beside its refresh token, and renewed (refresh)

Nothing is written to an org, and no token of anybody's app is ever asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.adapters.salesforce.details import read_details
from bot.adapters.salesforce.facts import read
from bot.adapters.salesforce.failures import SessionEndedError, sealed
from bot.adapters.salesforce.kept_connections import KeptConnections
from bot.adapters.salesforce.login import Session
from bot.adapters.salesforce.login_ways import session_makers
from bot.adapters.salesforce.org_settings import AccessControls, Inquiry, read_limits
from bot.adapters.salesforce.queries import asking
from bot.adapters.salesforce.refresh import SessionRefresh
from bot.adapters.salesforce.respect import Turns, Usages
from bot.adapters.salesforce.transport import Deadline, Line, Route
from bot.adapters.salesforce.user_access import read_user
from bot.domain.errors import OrgRefused
from bot.domain.model import Credentials, Org, OrgFacts
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.orgs.user_access import UserReading
from bot.metrics import Called, watching
from bot.ports import Clock

T = TypeVar("T")


class Salesforce:
    """Reads orgs live. One object serves all threads and keeps its sessions in memory.

    ``route`` turns each address into another, for orgs that are not on the internet; the ``Host`` header stays.
    ``deadline`` bounds a whole check in seconds, login included. ``ca_bundle`` is a file of certificate authorities;
    proxies and ``REQUESTS_CA_BUNDLE`` come from the environment as ``requests`` reads it. ``session_refresh`` holds the
    sessions of orgs that were connected in the browser; without it none of those opens. ``called`` is told of each
    reading.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        route: Route | None = None,
        deadline: float = 14.0,
        ca_bundle: str | None = None,
        session_refresh: SessionRefresh | None = None,
        called: Called | None = None,
    ) -> None:
        self._clock = clock
        self._route = route
        self._seconds = deadline
        self._ca_bundle = ca_bundle
        self._session_makers = session_makers(session_refresh)
        self._connections = KeptConnections()
        self._access_controls = AccessControls()
        self._turns = Turns()
        self._usages = Usages()
        self._called = called

    def close(self) -> None:
        """Close the connections that are kept from check to check."""
        self._connections.close_all()

    def facts(self, org: Org, credentials: Credentials) -> OrgFacts:
        """Read both Flosum apps in ``org``. Raises OrgUnreachable and OrgRefused as the port says."""
        facts, host = self._read(org, credentials, _facts)
        return facts if host == org.host else replace(facts, host=host)

    def user(self, org: Org, credentials: Credentials, wanted: str) -> UserReading:
        """Read what somebody may do. Raises OrgUnreachable and OrgRefused as the port says."""
        return self._read(org, credentials, lambda inquiry, now: read_user(inquiry, wanted, now))[0]

    def details(self, org: Org, credentials: Credentials, facts: OrgFacts) -> OrgDetails:
        """Read the rest of an org whose ``facts`` were just read. Raises OrgUnreachable and OrgRefused."""
        return self._read(org, credentials, lambda inquiry, now: read_details(inquiry, facts, now))[0]

    def _read(self, org: Org, credentials: Credentials, reading: Callable[[Inquiry, datetime], T]) -> tuple[T, str]:
        """What ``reading`` makes of the org's answers, and the host that they came from."""
        deadline = Deadline.after(self._seconds, org.name)
        with watching(self._called, OrgRefused):
            return _bounded(lambda: self._check(org, credentials, deadline, reading), deadline)

    def reach(self, host: str) -> None:
        """Ask ``host`` for anything at all. Raises OrgUnreachable when no HTTP answer comes back."""
        deadline = Deadline.after(self._seconds, host)
        with Line(deadline, self._route, self._ca_bundle) as line:
            _bounded(lambda: sealed(host, lambda: line.knock(host)), deadline)

    def _check(
        self, org: Org, credentials: Credentials, deadline: Deadline, reading: Callable[[Inquiry, datetime], T]
    ) -> tuple[T, str]:
        self._usages.require(org, self._clock())
        with Line(
            deadline, self._route, self._ca_bundle, self._connections, partial(self._turns.turn, org.workspace)
        ) as line:
            try:
                return self._checked(org, credentials, line, reading)
            finally:
                if line.usage is not None:
                    self._usages.note(org, line.usage, self._clock())

    def _checked(
        self, org: Org, credentials: Credentials, line: Line, reading: Callable[[Inquiry, datetime], T]
    ) -> tuple[T, str]:
        """A session that has ended costs one new login and one repeat, never more: logins are rationed."""
        make_session = self._session_makers[org.login]
        session = make_session(org, credentials, line, None)
        try:
            return self._answers(org, session, line, reading), session.host
        except SessionEndedError:
            session = make_session(org, credentials, line, session)
        try:
            return self._answers(org, session, line, reading), session.host
        except SessionEndedError as ended:
            refusal = ended.refusal
        raise refusal

    def _answers(self, org: Org, session: Session, line: Line, reading: Callable[[Inquiry, datetime], T]) -> T:
        client = session.client(line)
        inquiry = Inquiry(
            ask=asking(client, org.name),
            limits=partial(read_limits, client),
            usage=lambda: line.usage,
            access_control=lambda: self._access_controls.of(org, session, line, self._clock()),
        )
        return sealed(org.name, lambda: reading(inquiry, self._clock()))


def _facts(inquiry: Inquiry, now: datetime) -> OrgFacts:
    facts = read(inquiry.ask, now)
    return replace(facts, api_usage=inquiry.usage())


def _bounded(work: Callable[[], T], deadline: Deadline) -> T:
    """Do ``work`` elsewhere and wait no longer than the deadline.

    Looking up a name and reading headers know no time-out of their own, so the wait is bounded here. A thread that is
    left behind ends at the next packet of a body, and dies with the process.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - not swallowed: the waiting caller gets it
            done.set_exception(error)

    threading.Thread(target=run, name=f"check-{deadline.org}", daemon=True).start()
    try:
        return done.result(deadline.left())
    except TimeoutError:
        raise deadline.missed() from None
