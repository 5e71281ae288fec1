"""The adapter, over real HTTP on loopback, through the real simple-salesforce."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.salesforce import Salesforce, questions
from bot.domain.errors import OrgError, OrgRefused, OrgUnreachable
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppFacts,
    AppState,
    Credentials,
    Login,
    Org,
    OrgFacts,
    Policy,
)
from bot.ports import Orgs
from bot.sandbox.salesforce.database import Database, Record
from bot.sandbox.salesforce.faults import CUT_OFF_JSON, DATA, EMPTY, LOGIN, WEB_PAGE, Fault
from bot.sandbox.salesforce.server import BuiltInSalesforce

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN, BATCH = "/services/oauth2/token", "/services/data/v67.0/composite/batch"


class Lab:
    """The built-in Salesforce and a fresh adapter on it."""

    def __init__(self, salesforce: BuiltInSalesforce) -> None:
        self.salesforce = salesforce
        self.adapter: Orgs = Salesforce(clock=lambda: NOW, route=salesforce.route)
        self._before = len(salesforce.requests)

    def hasty(self, seconds: float) -> None:
        self.adapter = Salesforce(clock=lambda: NOW, route=self.salesforce.route, deadline=seconds)

    def org(self, name: str) -> tuple[Org, Credentials]:
        return next(pair for pair in self.salesforce.built_in("T1") if pair[0].name == name)

    def facts(self, name: str) -> OrgFacts:
        return self.adapter.facts(*self.org(name))

    def apps(self, name: str) -> tuple[AppFacts, AppFacts]:
        backup, devops = self.facts(name).apps
        return backup, devops

    def calls(self) -> list[str]:
        """The paths of the calls since the last time this was asked."""
        found = [request.path for request in self.salesforce.requests[self._before :]]
        self._before += len(found)
        return found

    def records(self, name: str) -> dict[str, list[Record]]:
        """A copy of an org's tables, to be changed and put back."""
        org = next(org for org in self.salesforce.orgs.values() if org.name == name)
        return {table: list(rows) for table, rows in org.database.tables.items()}

    def refill(self, name: str, tables: dict[str, list[Record]], hidden: frozenset[str] = frozenset()) -> None:
        self.salesforce.change(name, database=Database(tables, hidden))


@pytest.fixture(scope="module")
def running() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW) as salesforce:
        yield salesforce


@pytest.fixture
def lab(running: BuiltInSalesforce) -> Iterator[Lab]:
    orgs = dict(running.orgs)
    yield Lab(running)
    running.orgs.update(orgs)
    for org in orgs.values():
        running.mend(org.name)


# --- what is true of an org ----------------------------------------------------------------------------


def test_an_org_that_is_through_shows_who_may_and_who_does(lab: Lab) -> None:
    facts = lab.facts("prod")

    assert (facts.checked_at, facts.organization_id, facts.sandbox) == (NOW, "00DKd0000000001EAA", False)
    assert facts.missing_permissions == ()
    backup, devops = facts.apps
    assert (backup.name, devops.name) == (BACKUP_APP, DEVOPS_APP)
    assert devops.app_id is not None
    assert devops.app_id.startswith("0H4")
    assert replace(devops, app_id=None) == AppFacts(
        DEVOPS_APP,
        AppState.INSTALLED,
        permitted_users=Policy.ADMIN_APPROVED,
        profiles=("System Administrator",),
        permission_sets=("Flosum Users",),
        users_with_access=4,  # five people hold one of the two, one of them is not active
        connected_users=3,
        last_used=NOW - timedelta(days=1),
    )


def test_tokens_without_a_menu_item_mean_not_installed(lab: Lab) -> None:
    backup, devops = lab.apps("emea-prod")

    assert backup.state is AppState.INSTALLED
    assert (devops.state, devops.connected_users, devops.users_with_access) == (AppState.NOT_INSTALLED, 3, None)


def test_a_sandbox_where_nobody_is_granted_has_empty_lists_not_unread_ones(lab: Lab) -> None:
    facts = lab.facts("uat")

    assert facts.sandbox is True
    assert [(app.profiles, app.permission_sets, app.users_with_access) for app in facts.apps] == [((), (), 0)] * 2


def test_the_self_authorize_policy_is_read(lab: Lab) -> None:
    assert [app.permitted_users for app in lab.apps("qa")] == [Policy.SELF_AUTHORIZE] * 2


def test_what_the_connection_may_not_see_is_unreadable_and_names_the_permissions(lab: Lab) -> None:
    facts = lab.facts("legacy")

    assert [app.state for app in facts.apps] == [AppState.UNREADABLE] * 2
    assert [app.connected_users for app in facts.apps] == [None, None]
    assert facts.missing_permissions == ("Customize Application", "View Setup and Configuration")


def test_an_org_that_never_saw_the_apps_says_not_seen(lab: Lab) -> None:
    facts = lab.facts("fresh")

    assert [app.state for app in facts.apps] == [AppState.NOT_SEEN] * 2
    assert facts.missing_permissions == ()


def test_names_are_matched_by_letters_and_digits(lab: Lab) -> None:
    tables = lab.records("prod")
    tables["ConnectedApplication"] = [
        {**row, "Name": "FLOSUM DevOps Web App  Production"} if row["Name"] == DEVOPS_APP else row
        for row in tables["ConnectedApplication"]
    ]
    lab.refill("prod", tables)

    assert lab.apps("prod")[1].state is AppState.INSTALLED


def test_a_hidden_policy_field_does_not_hide_that_the_app_is_installed(lab: Lab) -> None:
    tables = lab.records("prod")
    del tables["AppMenuItem"], tables["OauthToken"]
    lab.refill("prod", tables, frozenset({"ConnectedApplication.OptionsAllowAdminApprovedUsersOnly"}))

    devops = lab.apps("prod")[1]

    assert (devops.state, devops.permitted_users) == (AppState.INSTALLED, None)


def test_the_menu_item_tells_the_policy_where_the_app_itself_hides_it(lab: Lab) -> None:
    lab.refill("qa", lab.records("qa"), frozenset({"ConnectedApplication.OptionsAllowAdminApprovedUsersOnly"}))

    assert lab.apps("qa")[1].permitted_users is Policy.SELF_AUTHORIZE


def test_a_menu_item_proves_an_install_where_apps_cannot_be_read(lab: Lab) -> None:
    lab.refill("prod", lab.records("prod"), frozenset({"ConnectedApplication"}))

    devops = lab.apps("prod")[1]

    assert (devops.state, devops.permitted_users) == (AppState.INSTALLED, Policy.ADMIN_APPROVED)
    assert devops.permission_sets == ("Flosum Users",)


def test_an_external_client_app_is_installed_although_its_tokens_have_no_menu_item(lab: Lab) -> None:
    tables = lab.records("emea-prod")
    tables["ExternalClientApplication"] = [{"Id": "0xIKd0000000001IAO", "MasterLabel": DEVOPS_APP}]
    tables["ExtlClntAppOauthPlcyCnfg"] = [
        {"ExternalClientApplicationId": "0xIKd0000000001IAO", "PermittedUsersPolicyType": "AllSelfAuthorized"}
    ]
    lab.refill("emea-prod", tables)

    devops = lab.apps("emea-prod")[1]

    assert (devops.state, devops.permitted_users) == (AppState.INSTALLED, Policy.SELF_AUTHORIZE)
    assert len(lab.calls()) <= 3


@pytest.mark.parametrize(
    "hidden",
    [
        {"ExternalClientApplication"},
        {"ConnectedApplication"},
        {"OauthToken"},
        {"UserPermissionAccess", "ConnectedApplication"},
        {"ConnectedApplication.Name"},
        {"OauthToken.AppMenuItemId"},
    ],
)
def test_nothing_hidden_makes_an_app_not_installed(lab: Lab, hidden: set[str]) -> None:
    lab.refill("emea-prod", lab.records("emea-prod"), frozenset(hidden))

    devops = lab.apps("emea-prod")[1]

    assert devops.state is AppState.UNREADABLE


def test_hidden_grants_are_unread_and_not_empty(lab: Lab) -> None:
    lab.refill("prod", lab.records("prod"), frozenset({"SetupEntityAccess"}))

    devops = lab.apps("prod")[1]

    assert (devops.profiles, devops.permission_sets, devops.users_with_access) == (None, None, None)


def test_without_customize_application_no_tokens_is_not_taken_for_none(lab: Lab) -> None:
    tables = lab.records("fresh")
    tables["UserPermissionAccess"] = [{"PermissionsCustomizeApplication": False, "PermissionsViewSetup": True}]
    lab.refill("fresh", tables)

    facts = lab.facts("fresh")

    assert [app.state for app in facts.apps] == [AppState.UNREADABLE] * 2
    assert facts.missing_permissions == ("Customize Application",)


def test_more_tokens_than_a_page_holds_are_not_counted_wrongly(lab: Lab) -> None:
    tables = lab.records("prod")
    token = next(row for row in tables["OauthToken"] if row["AppName"] == DEVOPS_APP)
    tables["OauthToken"] += [{**token, "UserId": f"005{number:015}"} for number in range(600)]
    lab.refill("prod", tables)

    devops = lab.apps("prod")[1]

    assert (devops.state, devops.connected_users, devops.last_used) == (AppState.INSTALLED, None, None)


def test_no_question_asks_for_a_token() -> None:
    asked = [
        questions.ORGANIZATION,
        questions.PERMISSIONS,
        questions.connected_apps(policy=True),
        questions.external_apps(),
        questions.tokens(),
        questions.grants(["0H4"]),
        questions.people_with_access("0H4"),
        questions.external_policies(["0xI"]),
    ]

    assert not [soql for soql in asked if "AccessToken" in soql or "DeleteToken" in soql or "RequestToken" in soql]


# --- calls and sessions --------------------------------------------------------------------------------


def test_a_check_logs_in_once_and_then_makes_two_calls(lab: Lab) -> None:
    lab.facts("prod")
    assert lab.calls() == [TOKEN, BATCH, BATCH]

    lab.facts("prod")
    assert lab.calls() == [BATCH, BATCH]


def test_an_org_without_installed_apps_takes_one_call(lab: Lab) -> None:
    lab.facts("fresh")

    assert lab.calls() == [TOKEN, BATCH]


def test_ten_people_at_once_share_one_login(lab: Lab) -> None:
    with ThreadPoolExecutor(10) as pool:
        facts = list(pool.map(lambda _: lab.facts("prod"), range(10)))

    assert len({found.apps for found in facts}) == 1
    assert lab.calls().count(TOKEN) == 1


def test_workspaces_do_not_share_sessions(lab: Lab) -> None:
    org, credentials = lab.org("prod")
    lab.adapter.facts(org, credentials)

    lab.adapter.facts(replace(org, workspace="T2"), credentials)

    assert lab.calls().count(TOKEN) == 2


@pytest.mark.parametrize(
    "body",
    [
        [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}],
        {"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"},
        "Bad_OAuth_Token",
        "",
        [],
        ["x"],
    ],
    ids=str,
)
def test_an_ended_session_costs_one_new_login(lab: Lab, body: object) -> None:
    lab.facts("prod")
    lab.salesforce.end_sessions("prod", body)
    lab.calls()

    facts = lab.facts("prod")

    assert facts.apps[0].state is AppState.INSTALLED
    assert lab.calls() == [BATCH, TOKEN, BATCH, BATCH]


@pytest.mark.parametrize("kind", ["INVALID_SESSION_ID", "SOMETHING_ELSE"])
def test_a_session_that_is_always_refused_costs_one_new_login_and_no_more(lab: Lab, kind: str) -> None:
    refusal = [{"errorCode": kind, "message": "This session is not valid for use with the REST API"}]
    lab.salesforce.break_org("prod", Fault(status=401, body=json.dumps(refusal).encode(), path=DATA))

    with pytest.raises(OrgRefused, match="not valid for use") as caught:
        lab.facts("prod")

    assert caught.value.code == kind
    assert lab.calls() == [TOKEN, BATCH, TOKEN, BATCH]


def test_a_session_that_ends_inside_a_batch_is_noticed_too(lab: Lab) -> None:
    ended = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
    body = {"hasErrors": True, "results": [{"statusCode": 401, "result": ended}] * 6}
    lab.salesforce.break_org("prod", Fault(body=json.dumps(body).encode(), path=DATA))

    with pytest.raises(OrgRefused, match="Session expired"):
        lab.facts("prod")

    assert lab.calls() == [TOKEN, BATCH, TOKEN, BATCH]


def test_the_jwt_audience_is_the_login_page_of_the_orgs_kind(lab: Lab) -> None:
    # The built-in token endpoint checks signature, issuer, subject and audience.
    lab.salesforce.change("prod", login=Login.JWT)

    assert [lab.facts(name).sandbox for name in ("uat", "prod")] == [True, False]


# --- refusals ------------------------------------------------------------------------------------------


def test_a_refused_login_carries_salesforces_code_and_description(lab: Lab) -> None:
    with pytest.raises(OrgRefused) as caught:
        lab.facts("partner")

    assert (caught.value.code, caught.value.description) == ("invalid_grant", "expired access/refresh token")
    assert caught.value.text.startswith("Salesforce refused this assistant's login to `partner`: ")
    assert lab.calls() == [TOKEN]


def test_a_consumer_that_nobody_approved_makes_no_warning_with_the_consumer_key(lab: Lab) -> None:
    org, credentials = lab.org("uat")

    with pytest.raises(OrgRefused, match="approved this consumer"):  # a warning would be an error here
        lab.adapter.facts(replace(org, username="somebody@else.example"), credentials)


def test_a_wrong_secret_is_a_refusal(lab: Lab) -> None:
    org, credentials = lab.org("prod")

    with pytest.raises(OrgRefused) as caught:
        lab.adapter.facts(org, replace(credentials, consumer_secret="wrong"))

    assert caught.value.code == "invalid_client"


@pytest.mark.parametrize(
    "key", ["", "not a key", "-----BEGIN PRIVATE KEY-----\nMIIEvSECRET\n-----END PRIVATE KEY-----"]
)
def test_a_private_key_that_cannot_sign_is_said_without_showing_it(lab: Lab, key: str) -> None:
    org, credentials = lab.org("uat")

    with pytest.raises(OrgRefused, match="private key stored for `uat`") as caught:
        lab.adapter.facts(org, replace(credentials, private_key=key))

    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
    assert lab.calls() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("prod", Credentials("")),
        ("prod", Credentials("key")),
        ("uat", Credentials("", private_key="key")),
        ("uat", Credentials("key")),
    ],
)
def test_an_incomplete_login_calls_nobody(lab: Lab, name: str, kept: Credentials) -> None:
    org, _ = lab.org(name)

    with pytest.raises(OrgRefused, match=r"stored for `\w+` (is incomplete|cannot be read)"):
        lab.adapter.facts(org, kept)

    assert lab.calls() == []


def test_a_jwt_login_without_a_username_is_incomplete(lab: Lab) -> None:
    org, credentials = lab.org("uat")

    with pytest.raises(OrgRefused, match="is incomplete"):
        lab.adapter.facts(replace(org, username=None), credentials)


@pytest.mark.parametrize(
    ("status", "error", "kind", "words"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", OrgUnreachable, "API requests for today"),
        (403, "API_DISABLED_FOR_ORG", OrgRefused, "API_DISABLED_FOR_ORG"),
        (404, "NOT_FOUND", OrgUnreachable, "NOT_FOUND"),
        (400, "JSON_PARSER_ERROR", OrgUnreachable, "JSON_PARSER_ERROR"),
    ],
)
def test_a_refused_call_is_worded_by_its_code(
    lab: Lab, status: int, error: str, kind: type[OrgError], words: str
) -> None:
    body = json.dumps([{"errorCode": error, "message": "Told in Salesforce's words"}]).encode()
    lab.salesforce.break_org("prod", Fault(status=status, body=body, path=DATA))

    with pytest.raises(kind, match=words):
        lab.facts("prod")


# --- answers that are none -----------------------------------------------------------------------------

FAULTS: dict[str, tuple[Fault, str]] = {
    "a web page": (WEB_PAGE, "a web page"),
    "nothing": (EMPTY, "nothing"),
    "cut-off JSON": (CUT_OFF_JSON, "cut off"),
    "a cut-off body": (Fault(truncate=True), "cut off"),
    "plain text": (Fault(body=b"Bad_OAuth_Token"), "plain text"),
    "a list": (Fault(body=b"[]"), "another shape"),
    "null": (Fault(body=b"null"), "another shape"),
    "a number": (Fault(body=b"7"), "another shape"),
    "deep JSON": (Fault(body=b"[" * 100_000), "cut off"),
    "not UTF-8": (Fault(body=b'{"a": "\xff\xfe"}'), "cut off"),
    "500": (Fault(status=500, body=b"<html>"), "HTTP 500"),
    "503": (Fault(status=503, body=b'[{"errorCode": "SERVER_UNAVAILABLE"}]'), "HTTP 503"),
    "429": (Fault(status=429, body=b""), "HTTP 429"),
    "a reset": (Fault(reset=True), "broke off"),
    "a redirect": (Fault(status=302, location="https://evil.example/"), "another address"),
    "a redirect that keeps the body": (Fault(status=307, location="https://evil.example/"), "another address"),
}


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_unusable_answer_becomes_a_sentence(lab: Lab, fault: str, path: str) -> None:
    broken, words = FAULTS[fault]
    lab.salesforce.break_org("prod", replace(broken, path=path))

    with pytest.raises(OrgUnreachable, match=words) as caught:
        lab.facts("prod")

    assert "`prod`" in caught.value.text
    assert caught.value.text.endswith(".")
    assert len(lab.calls()) == (1 if path == LOGIN else 2)


OK = b"HTTP/1.1 200 OK\r\n"
RAW = [
    b"",
    b"220 smtp.example ESMTP\r\n",
    b"HTTP/9.9 2000\r\n\r\n",
    b"HTTP/1.1 200",
    OK + b"Content-Length: many\r\n\r\n{}",
    OK + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
    OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
    OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}",
    OK + b"X: y\r\n" * 200 + b"\r\n{}",
    OK + b"Set-Cookie: \xff\xfe=\x00\r\nContent-Type: \xff\r\nContent-Length: 2\r\n\r\n[]",
    b"HTTP/1.1 301 Moved\r\nLocation: https://[::1\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
]


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:40]))
def test_broken_http_becomes_a_sentence(lab: Lab, raw: bytes, path: str) -> None:
    lab.salesforce.break_org("prod", Fault(raw=raw, path=path))

    with pytest.raises(OrgUnreachable, match=r"`prod`.*\.$"):
        lab.facts("prod")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": "x"},
        {"access_token": None, "instance_url": "https://acme.my.salesforce.com"},
        {"access_token": "x", "instance_url": 7},
        {"access_token": "x", "instance_url": "https://evil.example"},
        {"access_token": "x", "instance_url": "https://acme.my.salesforce.com.evil.example"},
        {"access_token": "x", "instance_url": "https://[::1"},
        {"access_token": "x", "instance_url": "https://acme.my.salesforce.com:99999"},
        {"access_token": "x", "instance_url": "https://acme.my.salesforce.com@evil.example"},
        {"access_token": "x", "instance_url": "http://acme.my.salesforce.com"},
        {"access_token": "", "instance_url": "https://acme.my.salesforce.com"},
        {"access_token": "x\r\nX: y", "instance_url": "https://acme.my.salesforce.com"},
        {"access_token": "\u2603", "instance_url": "https://acme.my.salesforce.com"},
    ],
    ids=str,
)
def test_a_login_without_a_session_of_salesforce_is_unusable(lab: Lab, answer: dict[str, Any]) -> None:
    lab.salesforce.break_org("prod", Fault(body=json.dumps(answer).encode(), path=LOGIN))

    with pytest.raises(OrgUnreachable, match=r"a login without a session|not Salesforce's"):
        lab.facts("prod")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "result", "statusCode", "records", "done", "Name", "error", "access_token"]),
            inner,
        )
    ),
    max_leaves=12,
)
_BATCHES = st.lists(
    st.fixed_dictionaries({"statusCode": st.sampled_from([200, 400, 401, 500]), "result": _JSON})
    | st.fixed_dictionaries(
        {"statusCode": st.just(200), "result": st.fixed_dictionaries({"records": st.lists(_JSON, max_size=2)})}
    ),
    min_size=6,
    max_size=6,
).map(lambda results: {"results": results})


@given(body=_JSON | _BATCHES, status=st.sampled_from([200, 201, 400, 401, 403]), path=st.sampled_from([LOGIN, DATA]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_json_comes_the_answer_is_facts_or_a_sentence(lab: Lab, body: object, status: int, path: str) -> None:
    lab.salesforce.break_org("prod", Fault(status=status, body=json.dumps(body).encode(), path=path))

    adapter = Salesforce(clock=lambda: NOW, route=lab.salesforce.route)
    found = _outcome(lambda: adapter.facts(*lab.org("prod")))

    if isinstance(found, OrgError):
        assert found.text.endswith(".")
    else:
        assert AppState.NOT_INSTALLED not in {app.state for app in found.apps}


# --- time ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize(
    "fault",
    [Fault(hang=20), Fault(trickle=0.05), Fault(trickle=0.05, slow_headers=True)],
    ids=["silent", "a byte now and then", "headers a byte now and then"],
)
def test_a_slow_org_is_given_up_at_the_deadline(lab: Lab, fault: Fault, path: str) -> None:
    lab.hasty(0.5)
    lab.salesforce.break_org("prod", replace(fault, path=path))
    started = time.monotonic()

    with pytest.raises(OrgUnreachable, match=r"`prod` did not answer within 0\.5 s"):
        lab.facts("prod")

    assert time.monotonic() - started < 1.0


def test_people_who_wait_for_somebody_elses_login_wait_no_longer_than_theirs(lab: Lab) -> None:
    lab.hasty(0.5)
    lab.salesforce.break_org("prod", Fault(hang=20, path=LOGIN))
    started = time.monotonic()

    with ThreadPoolExecutor(5) as pool:
        errors = list(pool.map(lambda _: _outcome(lambda: lab.facts("prod")), range(5)))

    assert {type(error) for error in errors} == {OrgUnreachable}
    assert time.monotonic() - started < 1.5


def _outcome(work: Callable[[], OrgFacts]) -> OrgFacts | OrgError:
    try:
        return work()
    except OrgError as error:
        return error


# --- the network between -------------------------------------------------------------------------------


def test_a_proxy_that_is_not_there_is_named(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)

        with pytest.raises(OrgUnreachable, match="HTTPS_PROXY"):
            Salesforce(clock=lambda: NOW, deadline=5).facts(*lab.org("prod"))


def test_a_name_that_is_not_found_is_told_apart_from_silence(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(OrgUnreachable, match=r"cannot be found \(DNS\)"):
        Salesforce(clock=lambda: NOW, deadline=5).facts(*lab.org("prod"))


def test_a_certificate_that_is_not_trusted_is_named(lab: Lab, tmp_path: Path) -> None:
    with _tls_server(tmp_path) as port:
        adapter = Salesforce(clock=lambda: NOW, route=lambda _: f"https://127.0.0.1:{port}/", deadline=5)

        with pytest.raises(OrgUnreachable, match="certificate shown for `prod` is not trusted"):
            adapter.facts(*lab.org("prod"))


class _Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """The caller is meant to break off."""


class _tls_server:  # noqa: N801 - used as a function
    """A TLS server on loopback whose certificate nobody knows."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
        start = datetime.now(UTC) - timedelta(days=1)
        certificate = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=2))
        pem = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        pem += key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "server.pem").write_bytes(pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem")
        self._server = _Quiet(("127.0.0.1", 0), SimpleHTTPRequestHandler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> int:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self._server.server_port

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


# --- secrets -------------------------------------------------------------------------------------------

SESSION = "00DKd0000000001!AQEAQPnt7sWkXlZ3mYfS.secretsecretsecretsecretsecret"
CONSUMER_KEY = "3MVG9secretsecretsecretsecret"
ECHOES = [
    {"error": "invalid_grant", "error_description": f"bad token {SESSION} for {CONSUMER_KEY}"},
    {"error": f"bad {SESSION}", "error_description": "x" * 5000},
    {"error": "invalid_client", "error_description": "eyJhbGciOiJSUzI1NiJ9.eyJpc3Mi.c2lnbmVk\n\x00and\x1bmore"},
    [{"errorCode": "INVALID_TYPE", "message": f"Bearer {SESSION}"}],
]


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize("echo", ECHOES, ids=["token", "long", "jwt", "data"])
def test_no_secret_leaves_in_an_error(lab: Lab, echo: object, status: int, path: str) -> None:
    lab.salesforce.break_org("prod", Fault(status=status, body=json.dumps(echo).encode(), path=path))
    _, credentials = lab.org("prod")

    with pytest.raises(OrgError) as caught:
        lab.facts("prod")

    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    for secret in (
        SESSION,
        "AQEAQPnt7sWk",
        CONSUMER_KEY,
        "c2lnbmVk",
        credentials.consumer_secret,
        credentials.consumer_key,
    ):
        assert str(secret) not in shown
    assert len(caught.value.text) < 700
    assert caught.value.text.isprintable()
