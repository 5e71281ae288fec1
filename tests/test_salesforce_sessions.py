"""How often an org is called, what ends a session, and what a refused login says."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.domain.errors import OrgError, OrgRefused, OrgUnreachable
from bot.domain.model import AppState, Credentials, Login
from bot.sandbox.salesforce.faults import DATA, Fault
from bot.sandbox.salesforce.server import BuiltInSalesforce
from tests.salesforce_lab import BATCH, NOW, TOKEN, Lab


@pytest.fixture(scope="module")
def running() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW) as salesforce:
        yield salesforce


@pytest.fixture
def lab(running: BuiltInSalesforce) -> Iterator[Lab]:
    with Lab(running) as lab:
        yield lab


# --- calls and sessions ------------------------------------------------------------------------------


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


# --- refusals ----------------------------------------------------------------------------------------


def test_a_refused_login_carries_salesforces_code_and_description(lab: Lab) -> None:
    with pytest.raises(OrgRefused) as caught:
        lab.facts("partner")

    assert (caught.value.code, caught.value.description) == ("invalid_grant", "expired access/refresh token")
    assert caught.value.text.startswith("Salesforce refused this assistant's login to `partner`: ")
    assert lab.calls() == [TOKEN]


@pytest.mark.parametrize(
    ("error", "description", "words"),
    [
        ("app_blocked", "", "unblocks this assistant's own app"),
        ("fail_close_app_blocked", "blocked", "unblocks this assistant's own app"),
        ("invalid_grant", "no client credentials user enabled", "Run As"),
        ("invalid_grant", "IP restricted or invalid login hours", "address"),
        ("invalid_grant", None, "Check the app and the user"),
        ("server_error", 7, "Check the app and the user"),
        (None, None, "`unknown_error`"),
    ],
)
def test_a_refused_login_says_what_helps(lab: Lab, error: str | None, description: object, words: str) -> None:
    lab.salesforce.break_org(
        "prod", Fault(status=400, body=json.dumps({"error": error, "error_description": description}).encode())
    )

    with pytest.raises(OrgRefused, match=words):
        lab.facts("prod")


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
