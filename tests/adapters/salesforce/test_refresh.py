"""A connection stays: refresh tokens that rotate, one refresh for many, and an end that is told once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.adapters.salesforce import Salesforce, refresh
from bot.adapters.salesforce.refresh import SessionRefresh
from bot.adapters.salesforce.web_server_flow import WebServerFlow
from bot.adapters.store import SqlStore
from bot.domain.errors import OperatorError, OrgError, OrgRefused, OrgUnreachable
from bot.domain.model import Credentials, Login, Org
from bot.domain.orgs.connection import is_over
from bot.sandbox.salesforce.faults import DATA, LOGIN, OrgFault
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.records import TEAM
from tests.paths import ROOT
from tests.running_bot import RunningBot
from tests.salesforce_under_test import BATCH, NOW
from tests.store_helpers import KEY, opened

PUBLIC = "http://127.0.0.1:9"
VERIFIER = "v" * 64
HOST = "acme.my.salesforce.com"


@pytest.fixture(scope="module")
def running() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW) as salesforce:
        salesforce.browser.callbacks.add(f"{PUBLIC}/salesforce/callback")
        yield salesforce


@pytest.fixture
def salesforce(running: BuiltInSalesforce) -> Iterator[BuiltInSalesforce]:
    yield running
    running.mend("prod")
    running.browser.rotates = True
    running.browser.refreshes = 0


def login_of(salesforce: BuiltInSalesforce) -> WebServerFlow:
    return WebServerFlow(
        salesforce.client_id, salesforce.client_secret, lambda: PUBLIC, route=salesforce.route, browse=salesforce.browse
    )


def code_of(salesforce: BuiltInSalesforce, verifier: str = VERIFIER) -> str:
    """What Salesforce sends back with a browser that allowed the login."""
    door = login_of(salesforce).authorize_url(HOST, "state", verifier)
    back = requests.get(door, allow_redirects=False, timeout=10).headers["Location"]
    return parse_qs(urlsplit(back).query)["code"][0]


class Connection:
    """One org that was connected in the browser, in a store."""

    def __init__(self, salesforce: BuiltInSalesforce, store: SqlStore) -> None:
        self.salesforce, self.store = salesforce, store
        granted = login_of(salesforce).exchange("prod", HOST, code_of(salesforce), VERIFIER)
        self.org = Org("T1", "prod", granted.host, Login.BROWSER, organization_id=granted.organization_id)
        store.add_org(self.org, granted.credentials)

    @property
    def kept(self) -> Credentials:
        return self.store.credentials(self.org)

    def check(self, credentials: Credentials | None = None, deadline: float = 15.0) -> str | None:
        """Read the org with an adapter of its own, as another process would; the org's id."""
        session_refresh = SessionRefresh(self.store, login_of(self.salesforce))
        adapter = Salesforce(
            clock=lambda: NOW, route=self.salesforce.route, session_refresh=session_refresh, deadline=deadline
        )
        return adapter.facts(self.org, credentials or self.kept).organization_id


@pytest.fixture
def connection(salesforce: BuiltInSalesforce, store: SqlStore) -> Connection:
    return Connection(salesforce, store)


# --- PKCE, codes ---------------------------------------------------------------------------------------


def test_a_code_is_of_no_use_without_its_verifier(salesforce: BuiltInSalesforce) -> None:
    with pytest.raises(OrgRefused, match="invalid code verifier"):
        login_of(salesforce).exchange("prod", HOST, code_of(salesforce), "w" * 64)


def test_a_code_works_once(salesforce: BuiltInSalesforce) -> None:
    code = code_of(salesforce)
    login_of(salesforce).exchange("prod", HOST, code, VERIFIER)

    with pytest.raises(OrgRefused, match="expired authorization code"):
        login_of(salesforce).exchange("prod", HOST, code, VERIFIER)


def test_a_login_without_a_refresh_token_names_the_missing_scope(salesforce: BuiltInSalesforce) -> None:
    door = login_of(salesforce).authorize_url(HOST, "state", VERIFIER).replace("+refresh_token", "")
    back = requests.get(door, allow_redirects=False, timeout=10).headers["Location"]

    with pytest.raises(OrgUnreachable, match="Perform requests at any time"):
        login_of(salesforce).exchange("prod", HOST, parse_qs(urlsplit(back).query)["code"][0], VERIFIER)


def test_the_secret_is_neither_in_the_address_nor_in_the_record(salesforce: BuiltInSalesforce) -> None:
    door = login_of(salesforce).authorize_url(HOST, "state", VERIFIER)
    granted = login_of(salesforce).exchange("prod", HOST, code_of(salesforce), VERIFIER)

    assert salesforce.client_secret not in door
    assert VERIFIER not in door
    assert "5Aep" not in repr(granted)


# --- renewing ------------------------------------------------------------------------------------------


def test_while_the_session_lives_nothing_is_renewed(connection: Connection) -> None:
    calls = len(connection.salesforce.requests)

    assert connection.check() == connection.check() == "00DKd0000000001EAA"

    paths = {request.path for request in connection.salesforce.requests[calls:]}
    assert (paths, connection.salesforce.browser.refreshes) == ({BATCH}, 0)


def test_an_ended_session_is_renewed_and_the_next_refresh_token_is_kept(connection: Connection) -> None:
    before = connection.kept
    connection.salesforce.end_sessions("prod")

    assert connection.check()

    after = connection.kept
    assert {before.refresh_token, before.access_token}.isdisjoint({after.refresh_token, after.access_token})
    connection.salesforce.end_sessions("prod")
    assert connection.check(), "the token that came with the renewal works too"
    assert connection.salesforce.browser.refreshes == 2


def test_where_tokens_do_not_rotate_the_one_there_is_stays(connection: Connection) -> None:
    connection.salesforce.browser.rotates = False
    before = connection.kept.refresh_token
    connection.salesforce.end_sessions("prod")

    assert connection.check()

    assert connection.kept.refresh_token == before


def test_a_token_from_before_is_not_spent_again(connection: Connection) -> None:
    stale = connection.kept
    connection.salesforce.end_sessions("prod")
    connection.check()

    assert connection.check(stale), "what is kept is read again before anything is spent"
    assert connection.salesforce.browser.refreshes == 1


def test_twenty_threads_refresh_once(connection: Connection) -> None:
    stale = connection.kept
    connection.salesforce.end_sessions("prod")

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: connection.check(stale), range(20)))

    assert set(found) == {"00DKd0000000001EAA"}
    assert connection.salesforce.browser.refreshes == 1


def test_a_session_that_is_refused_after_a_renewal_is_not_renewed_over_and_over(connection: Connection) -> None:
    body = b'[{"errorCode": "INVALID_SESSION_ID", "message": "This session is not valid for use with the REST API"}]'
    connection.salesforce.break_org("prod", OrgFault(status=401, body=body, path=DATA))

    with pytest.raises(OrgRefused, match="API Access Control"):
        connection.check()

    assert connection.salesforce.browser.refreshes == 1


def test_a_renewal_that_outlasts_its_check_still_keeps_what_it_got(connection: Connection) -> None:
    before = connection.kept
    connection.salesforce.end_sessions("prod")
    connection.salesforce.break_org("prod", OrgFault(hang=1.0, path=LOGIN))

    with pytest.raises(OrgUnreachable):
        connection.check(deadline=0.5)
    connection.salesforce.mend("prod")

    with connection.store.refreshing(connection.org):  # let in when the renewal is through
        assert connection.kept.refresh_token != before.refresh_token
    assert connection.check()


def test_a_renewal_that_the_database_does_not_take_is_kept_once_it_does(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "SAVED_AFTER", (0.0, 0.0))
    full, before = [True], connection.kept

    class Full:
        """The store of an org whose database has no room."""

        def __getattr__(self, name: str) -> object:
            return getattr(connection.store, name)

        def save_credentials(self, org: Org, credentials: Credentials) -> None:
            if full:
                raise OperatorError("The database has no room left on its disk.")
            connection.store.save_credentials(org, credentials)

    sessions = SessionRefresh(Full(), login_of(connection.salesforce))  # type: ignore[arg-type]
    adapter = Salesforce(clock=lambda: NOW, route=connection.salesforce.route, session_refresh=sessions)

    def check() -> str | None:
        return adapter.facts(connection.org, connection.kept).organization_id

    for renewals in (1, 2):
        connection.salesforce.end_sessions("prod")
        assert check(), "what was renewed serves, and is spent next, although it could not be kept"
        assert (connection.kept, connection.salesforce.browser.refreshes) == (before, renewals)
    full.clear()
    assert check()
    assert connection.kept.refresh_token != before.refresh_token
    connection.salesforce.end_sessions("prod")
    assert connection.check(), "another process goes on from what is kept now"
    assert connection.salesforce.browser.refreshes == 3


def test_a_renewal_that_breaks_off_leaves_what_was_kept(connection: Connection) -> None:
    before = connection.kept
    connection.salesforce.end_sessions("prod")
    connection.salesforce.break_org("prod", OrgFault(status=503, path=LOGIN))

    with pytest.raises(OrgUnreachable, match="not available now"):
        connection.check()

    assert connection.kept == before


def test_a_token_that_was_replaced_ends_the_grant_when_somebody_uses_it(connection: Connection) -> None:
    stolen = connection.kept
    connection.salesforce.end_sessions("prod")
    connection.check()

    with pytest.raises(OrgRefused, match="expired access/refresh token"):
        login_of(connection.salesforce).renewed(connection.org, stolen)
    with pytest.raises(OrgRefused) as refused:
        connection.check()

    assert is_over(refused.value)


def test_without_the_settings_a_renewal_says_what_is_missing(connection: Connection) -> None:
    login = WebServerFlow(None, None, lambda: None, route=connection.salesforce.route)
    with pytest.raises(OrgError, match="not set up here"):
        login.renewed(connection.org, connection.kept)


CHECKER = """
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit
from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.web_server_flow import WebServerFlow
from bot.adapters.salesforce.refresh import SessionRefresh
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
url, key, base, client_id, client_secret = sys.argv[1:]
def route(address):
    return urlsplit(address)._replace(scheme="http", netloc=base).geturl()
store = SqlStore(url, Vault([key]))
login = WebServerFlow(client_id, client_secret, lambda: None, route=route)
adapter = Salesforce(clock=lambda: datetime.now(UTC), route=route, session_refresh=SessionRefresh(store, login))
org = store.org("T1", "prod")
credentials = store.credentials(org)
print("ready", flush=True)
sys.stdin.readline()
print(adapter.facts(org, credentials).organization_id)
store.close()
"""


def test_of_four_processes_one_refreshes(
    salesforce: BuiltInSalesforce, postgresql: Callable[[], str], tmp_path: Path
) -> None:
    url = postgresql()
    store = opened(url)
    connection = Connection(salesforce, store)
    base = urlsplit(salesforce.route("https://x/")).netloc
    arguments = [url, KEY, base, salesforce.client_id, salesforce.client_secret]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CHECKER, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT)},
            text=True,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
        )
        for _ in range(4)
    ]
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    salesforce.end_sessions("prod")

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda each: each.communicate("go\n", timeout=60), started))

    assert [err for _, err in results if err] == []
    assert {out for out, _ in results} == {"00DKd0000000001EAA\n"}
    assert salesforce.browser.refreshes == 1
    assert connection.check()
    store.close()


# --- the end of a connection ---------------------------------------------------------------------------


def connected_by_ada(running_bot: RunningBot) -> Org:
    """prod, as if Ada had connected it in the browser."""
    running_bot.salesforce.browser.callbacks.add(f"{PUBLIC}/salesforce/callback")
    granted = login_of(running_bot.salesforce).exchange("prod", HOST, code_of(running_bot.salesforce), VERIFIER)
    known = running_bot.bot.store.org(TEAM, "prod")
    assert known is not None
    org = replace(known, login=Login.BROWSER, connected_by=running_bot.ada.member.id)
    running_bot.bot.store.save_credentials(org, granted.credentials)
    running_bot.bot.store.save_org(org)
    return org


def test_a_revoked_connection_is_told_once_and_keeps_what_is_known(running_bot: RunningBot) -> None:
    org = connected_by_ada(running_bot)
    running_bot.ask("status prod")
    running_bot.salesforce.browser.expire(HOST)
    before = len(running_bot.shown())

    for _ in range(3):
        running_bot.ben.command("status prod")
        running_bot.shown()
        running_bot.bot.tick()

    shown = running_bot.shown()[before:]
    answers = [message for message in shown if message.audience == running_bot.ben.member.id]
    told = [each for each in shown if each not in answers and "must be connected again" in each.text]
    assert [message.channel for message in told] == [_direct(running_bot)]
    assert "Reconnect" in str(told[0].blocks)
    assert len(answers) == 3
    for answer in answers:
        assert answer.text.startswith("❔ prod must be connected again: it was ready when last read, just now\n")
        assert "Whoever may change things here does that" in answer.text
        assert "Reconnect prod" not in str(answer.blocks)  # Ben may not
    kept = running_bot.bot.store.org(org.workspace, org.name)
    assert kept is not None
    assert kept.reconnect
    assert "reconnect needed" in running_bot.ask("orgs").text


def test_a_check_that_works_again_clears_it(running_bot: RunningBot) -> None:
    org = connected_by_ada(running_bot)
    running_bot.bot.store.set_reconnect(org, needed=True)

    assert "Reconnect" not in running_bot.ask("status prod").text

    kept = running_bot.bot.store.org(org.workspace, org.name)
    assert kept is not None
    assert not kept.reconnect


def test_an_org_that_is_merely_silent_need_not_be_reconnected(running_bot: RunningBot) -> None:
    org = connected_by_ada(running_bot)
    running_bot.salesforce.break_org("prod", OrgFault(status=503))

    assert "Reconnect" not in running_bot.ask("status prod").text

    kept = running_bot.bot.store.org(org.workspace, org.name)
    assert kept is not None
    assert not kept.reconnect


def test_an_org_that_refuses_for_now_need_not_be_reconnected(running_bot: RunningBot) -> None:
    org = connected_by_ada(running_bot)
    running_bot.salesforce.end_sessions("prod")
    body = b'{"error": "invalid_grant", "error_description": "ip restricted or invalid login hours"}'
    running_bot.salesforce.break_org("prod", OrgFault(status=400, body=body, path=LOGIN))

    answer = running_bot.ask("status prod")

    assert "ip restricted" in answer.text
    assert "Reconnect" not in answer.text
    kept = running_bot.bot.store.org(org.workspace, org.name)
    assert kept is not None
    assert not kept.reconnect


@pytest.mark.parametrize(
    ("code", "description", "over"),
    [
        ("invalid_grant", "expired access/refresh token", True),
        ("invalid_grant", "token validity expired", True),
        ("invalid_grant", "the token was revoked", True),
        ("invalid_grant", "inactive user", True),
        ("invalid_grant", "user is inactive", True),
        ("inactive_user", "", True),
        ("INACTIVE_USER", "the user was deactivated", True),
        ("invalid_private_key", "", True),
        ("incomplete_login", "", True),
        ("invalid_client", "invalid client credentials", True),
        ("invalid_client_id", "client identifier invalid", True),
        ("invalid_grant", "ip restricted or invalid login hours", False),
        ("invalid_grant", "user hasn't approved this consumer", False),
        ("invalid_client", "app must be installed into org", False),
        ("app_blocked", "this app is blocked by admin", False),
        ("INVALID_SESSION_ID", "This session is not valid for use with the REST API", False),
        ("server_error", "", False),
        ("invalid_grant", "expired authorization code", False),
        ("inactive_org", "Org is locked, closed, or suspended", False),
    ],
)
def test_a_connection_is_over_only_where_connecting_again_can_help(code: str, description: str, over: bool) -> None:
    assert is_over(OrgRefused("…", code, description)) is over


def _direct(running_bot: RunningBot) -> str:
    channel = running_bot.workspace.state.direct_channel(running_bot.ada.member.id)
    assert channel is not None
    return channel.id


def test_an_org_that_moved_is_followed_when_a_refresh_names_its_new_host(
    connection: Connection, salesforce: BuiltInSalesforce
) -> None:
    moved = "acme-moved.my.salesforce.com"
    salesforce.move("prod", moved)
    session_refresh = SessionRefresh(connection.store, login_of(salesforce))
    adapter = Salesforce(clock=lambda: NOW, route=salesforce.route, session_refresh=session_refresh)
    try:
        facts = adapter.facts(connection.org, connection.kept)
        assert (facts.host, salesforce.requests[-1].host) == (moved, moved)
        assert adapter.facts(connection.org, connection.kept).host == moved  # kept with the session
    finally:
        salesforce.move("prod", HOST)
