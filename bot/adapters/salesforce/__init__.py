"""Salesforce, as far as we read it: the port ``Orgs`` over simple-salesforce.

    a session (login_ways) -> two batches of SOQL (queries): what is there (overview, audit_trail), whom it lets in
    (access) -> facts (facts), all over one line (transport), whose connections are kept (kept_connections); where all
    users may self-authorize also what no SOQL tells (org_settings), whether API Access Control is on
    one person (user_access) takes two batches, too, and that with a profile's hours and addresses
    by client credentials or key (login) it is kept in memory; of a login in the browser (web_server_flow) it is kept
    beside its refresh token, and renewed (refresh)

No token of anybody's app is ever asked for. What lets people in is written by ``granting`` alone, one record a call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from simple_salesforce.api import Salesforce as Client

from bot.adapters.salesforce import granting
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
from bot.domain.orgs.granting import GrantReading
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.orgs.org_writes import OrgWrite, WriteKind
from bot.domain.orgs.user_access import UserReading
from bot.metrics import Called, watching
from bot.ports import Clock

T = TypeVar("T")
Work = Callable[[Client, Session, Line], T]
"""What is done within a session: over its client, or over the line itself."""


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

    # --- granting ---

    def grantable(self, org: Org, credentials: Credentials, wanted: str) -> GrantReading:
        """Read what there is to grant. Raises OrgUnreachable and OrgRefused as the port says."""
        return self._read(org, credentials, lambda inquiry, now: granting.read_grantable(inquiry, wanted, now))[0]

    def record_of(self, org: Org, credentials: Credentials, write: OrgWrite) -> str | None:
        """Look up what was written. Raises OrgUnreachable and OrgRefused as the port says."""

        def look(inquiry: Inquiry, _: datetime) -> str | None:
            return granting.record_of(inquiry.ask, org.name, write.kind, write.subject, write.holder)

        return self._read(org, credentials, look, goes_on=True)[0]

    def has_ended(self, org: Org, credentials: Credentials, assignment: str) -> bool:
        """Look up whether an assignment has ended. Raises OrgUnreachable and OrgRefused as the port says."""
        return self._read(
            org, credentials, lambda inquiry, now: granting.has_ended(inquiry.ask, assignment, now), goes_on=True
        )[0]

    def create(self, org: Org, credentials: Credentials, kind: WriteKind, values: Mapping[str, str]) -> str:
        """Write one record. Raises as the port says."""
        return self._write(org, credentials, lambda client: granting.create(client, org.name, kind, values))

    def delete(self, org: Org, credentials: Credentials, kind: WriteKind, record_id: str) -> None:
        """Delete one record. Raises as the port says."""
        self._write(org, credentials, lambda client: granting.delete(client, org.name, kind, record_id))

    def _write(self, org: Org, credentials: Credentials, writing: Callable[[Client], T]) -> T:
        """On a connection of its own: one that is kept may be found closed, and then what was sent is sent again."""

        def work(client: Client, _session: Session, _line: Line) -> T:
            return writing(client)

        return self._called_within(org, credentials, work, None, goes_on=True)[0]

    # --- calling ---

    def _read(
        self,
        org: Org,
        credentials: Credentials,
        reading: Callable[[Inquiry, datetime], T],
        *,
        goes_on: bool = False,
    ) -> tuple[T, str]:
        """What ``reading`` makes of the org's answers, and the host that they came from."""

        def work(client: Client, session: Session, line: Line) -> T:
            inquiry = Inquiry(
                ask=asking(client, org.name),
                limits=partial(read_limits, client, line),
                usage=lambda: line.usage,
                access_control=lambda: self._access_controls.of(org, session, line, self._clock()),
            )
            return reading(inquiry, self._clock())

        return self._called_within(org, credentials, work, self._connections, goes_on=goes_on)

    def _called_within(
        self,
        org: Org,
        credentials: Credentials,
        work: Work[T],
        connections: KeptConnections | None,
        *,
        goes_on: bool,
    ) -> tuple[T, str]:
        """``work`` within the deadline, sealed and counted; ``connections`` outlast the call, None for one of its own.

        ``goes_on``: it ends what was begun before, so it is asked also where few requests are left: a write that was
        begun is not left half done, nor unknown.
        """
        deadline = Deadline.after(self._seconds, org.name)

        def called() -> tuple[T, str]:
            if not goes_on:
                self._usages.require(org, self._clock())
            return self._in_session(org, credentials, deadline, work, connections)

        with watching(self._called, OrgRefused):
            return _bounded(lambda: sealed(org.name, called), deadline)

    def reach(self, host: str) -> None:
        """Ask ``host`` for anything at all. Raises OrgUnreachable when no HTTP answer comes back."""
        deadline = Deadline.after(self._seconds, host)
        with Line(deadline, self._route, self._ca_bundle) as line:
            _bounded(lambda: sealed(host, lambda: line.knock(host)), deadline)

    def _in_session(
        self,
        org: Org,
        credentials: Credentials,
        deadline: Deadline,
        work: Work[T],
        connections: KeptConnections | None,
    ) -> tuple[T, str]:
        turn = partial(self._turns.turn, org.workspace)
        with Line(deadline, self._route, self._ca_bundle, connections, turn) as line:
            try:
                return self._done(org, credentials, line, work)
            finally:
                if line.usage is not None:
                    self._usages.note(org, line.usage, self._clock())

    def _done(self, org: Org, credentials: Credentials, line: Line, work: Work[T]) -> tuple[T, str]:
        """A session that has ended costs one new login and one repeat, never more: logins are rationed.

        To repeat is safe also for a write: what came with a session that has ended was not carried out.
        """
        make_session = self._session_makers[org.login]
        session = make_session(org, credentials, line, None)
        try:
            return work(session.client(line), session, line), session.host
        except SessionEndedError:
            session = make_session(org, credentials, line, session)
        try:
            return work(session.client(line), session, line), session.host
        except SessionEndedError as ended:
            refusal = ended.refusal
        raise refusal


def _facts(inquiry: Inquiry, now: datetime) -> OrgFacts:
    facts = read(inquiry.ask, inquiry.access_control, now)
    return replace(facts, api_usage=inquiry.usage())


def _bounded(work: Callable[[], T], deadline: Deadline) -> T:
    """Do ``work`` elsewhere and wait no longer than the deadline.

    Looking up a name and reading headers know no time-out of their own, so the wait is bounded here. A thread that is
    left behind ends at the next packet of a body, and dies with the process. Where the system gives no thread the
    caller does it, bounded by the time-outs that there are: an org is read all the same.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - not swallowed: the waiting caller gets it
            done.set_exception(error)

    # In the caller's context, so that its lines of the log name the same request.
    elsewhere = threading.Thread(target=copy_context().run, args=(run,), name=f"check-{deadline.org}", daemon=True)
    try:
        elsewhere.start()
    except RuntimeError:  # the system gives no thread
        run()
    try:
        return done.result(deadline.left())
    except TimeoutError:
        raise deadline.missed() from None
