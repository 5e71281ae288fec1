"""How often an org is called, what ends a session, and what a refused login says."""

from __future__ import annotations

import json
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.adapters.salesforce.refusals import refused_session
from bot.domain.errors import OrgError, OrgRefused, OrgUnreachable
from bot.domain.model import AppState, Credentials, Login
from bot.sandbox.salesforce.faults import DATA, OrgFault
from tests.salesforce_under_test import BATCH, TOKEN, SalesforceUnderTest

# --- calls and sessions ------------------------------------------------------------------------------


def test_a_check_logs_in_once_and_then_makes_two_calls(under_test: SalesforceUnderTest) -> None:
    under_test.facts("prod")
    assert under_test.calls() == [TOKEN, BATCH, BATCH]

    under_test.facts("prod")
    assert under_test.calls() == [BATCH, BATCH]


def test_an_org_without_installed_apps_takes_one_call(under_test: SalesforceUnderTest) -> None:
    under_test.facts("fresh")

    assert under_test.calls() == [TOKEN, BATCH]


def test_ten_people_at_once_share_one_login(under_test: SalesforceUnderTest) -> None:
    with ThreadPoolExecutor(10) as pool:
        facts = list(pool.map(lambda _: under_test.facts("prod"), range(10)))

    assert len({found.apps for found in facts}) == 1
    assert under_test.calls().count(TOKEN) == 1


def test_workspaces_do_not_share_sessions(under_test: SalesforceUnderTest) -> None:
    org, credentials = under_test.org("prod")
    under_test.adapter.facts(org, credentials)

    under_test.adapter.facts(replace(org, workspace="T2"), credentials)

    assert under_test.calls().count(TOKEN) == 2


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
def test_an_ended_session_costs_one_new_login(under_test: SalesforceUnderTest, body: object) -> None:
    under_test.facts("prod")
    under_test.salesforce.end_sessions("prod", body)
    under_test.calls()

    facts = under_test.facts("prod")

    assert facts.apps[0].state is AppState.INSTALLED
    assert under_test.calls() == [BATCH, TOKEN, BATCH, BATCH]


@pytest.mark.parametrize("kind", ["INVALID_SESSION_ID", "SOMETHING_ELSE"])
def test_a_session_that_is_always_refused_costs_one_new_login_and_no_more(
    under_test: SalesforceUnderTest, kind: str
) -> None:
    refusal = [{"errorCode": kind, "message": "This session is not valid for use with the REST API"}]
    under_test.salesforce.break_org("prod", OrgFault(status=401, body=json.dumps(refusal).encode(), path=DATA))

    with pytest.raises(OrgRefused, match="not valid for use") as caught:
        under_test.facts("prod")

    assert caught.value.code == kind
    assert under_test.calls() == [TOKEN, BATCH, TOKEN, BATCH]


def test_a_session_that_ends_inside_a_batch_is_noticed_too(under_test: SalesforceUnderTest) -> None:
    ended = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
    body = {"hasErrors": True, "results": [{"statusCode": 401, "result": ended}] * 7}
    under_test.salesforce.break_org("prod", OrgFault(body=json.dumps(body).encode(), path=DATA))

    with pytest.raises(OrgRefused, match="Session expired"):
        under_test.facts("prod")

    assert under_test.calls() == [TOKEN, BATCH, TOKEN, BATCH]


def test_the_jwt_audience_is_the_login_page_of_the_orgs_kind(under_test: SalesforceUnderTest) -> None:
    # The built-in token endpoint checks signature, issuer, subject and audience.
    under_test.salesforce.change("prod", login=Login.JWT)

    assert [under_test.facts(name).sandbox for name in ("uat", "prod")] == [True, False]


# --- refusals ----------------------------------------------------------------------------------------


def test_a_refused_login_carries_salesforces_code_and_description(under_test: SalesforceUnderTest) -> None:
    with pytest.raises(OrgRefused) as caught:
        under_test.facts("partner")

    assert (caught.value.code, caught.value.description) == ("invalid_grant", "expired access/refresh token")
    assert caught.value.text.startswith("Salesforce refused this assistant's login to `partner`: ")
    assert under_test.calls() == [TOKEN]


@pytest.mark.parametrize(
    ("error", "description", "words"),
    [
        ("app_blocked", "", "unblocks this assistant's own app"),
        ("fail_close_app_blocked", "blocked", "unblocks this assistant's own app"),
        ("invalid_grant", "no client credentials user enabled", "Run As"),
        ("invalid_grant", "IP restricted or invalid login hours", "address"),
        ("invalid_grant", None, "Check the app and the user"),
        ("server_error", 7, "Try again in a few minutes"),
        (None, None, "`unknown_error`"),
    ],
)
def test_a_refused_login_says_what_helps(
    under_test: SalesforceUnderTest, error: str | None, description: object, words: str
) -> None:
    under_test.salesforce.break_org(
        "prod", OrgFault(status=400, body=json.dumps({"error": error, "error_description": description}).encode())
    )

    with pytest.raises(OrgRefused, match=words):
        under_test.facts("prod")


def test_the_same_words_mean_another_thing_by_the_way_of_logging_in(under_test: SalesforceUnderTest) -> None:
    body = b'{"error": "invalid_grant", "error_description": "expired authorization code"}'
    for name in ("uat", "prod"):
        under_test.salesforce.break_org(name, OrgFault(status=400, body=body))

    with pytest.raises(OrgRefused, match="clock of the bot's machine"):  # uat logs in by JWT bearer
        under_test.facts("uat")
    with pytest.raises(OrgRefused, match="Log in once more"):
        under_test.facts("prod")


def test_too_many_requests_are_told_by_the_limit_that_salesforce_names(under_test: SalesforceUnderTest) -> None:
    body = b'{"error": "invalid_grant", "error_description": "login rate exceeded"}'
    under_test.salesforce.break_org("prod", OrgFault(status=429, body=body))
    with pytest.raises(OrgRefused, match="in an hour"):
        under_test.facts("prod")

    body = b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "ConcurrentRequests Limit exceeded."}]'
    under_test.salesforce.break_org("prod", OrgFault(status=429, body=body, path=DATA))
    with pytest.raises(OrgUnreachable, match="in a minute"):
        under_test.facts("prod")


def test_the_longest_codes_are_no_secrets(under_test: SalesforceUnderTest) -> None:
    body = b'[{"errorCode": "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "message": "no"}]'
    under_test.salesforce.break_org("prod", OrgFault(status=403, body=body, path=DATA))

    with pytest.raises(OrgRefused) as caught:
        under_test.facts("prod")

    assert caught.value.code == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"


@pytest.mark.parametrize(
    ("status", "error", "message", "kind", "words"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", OrgUnreachable, "rolls over 24 hours"),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.", OrgUnreachable, "in a minute"),
        (400, "MALFORMED_QUERY", "unexpected token", OrgUnreachable, "Tell whoever runs this assistant"),
        (400, "INVALID_FIELD", "field 'Name' can not be filtered in a query call", OrgUnreachable, "own fault"),
        (403, "API_CURRENTLY_DISABLED", "API is disabled for this User", OrgRefused, "Give the connection's user"),
        (403, "API_DISABLED_FOR_ORG", "The REST API is not enabled", OrgRefused, "an edition with API access"),
        (403, "INACTIVE_USER", "User is inactive", OrgRefused, "Activate the connection's user"),
    ],
)
def test_a_question_that_is_refused_for_another_reason_than_permission_ends_the_check(
    under_test: SalesforceUnderTest, status: int, error: str, message: str, kind: type[OrgError], words: str
) -> None:
    refused = {"statusCode": status, "result": [{"errorCode": error, "message": message}]}
    fine = {"statusCode": 200, "result": {"done": True, "records": []}}
    body = json.dumps({"results": [fine, refused, *[fine] * 5]}).encode()
    under_test.salesforce.break_org("prod", OrgFault(body=body, path=DATA))

    with pytest.raises(kind, match=words):
        under_test.facts("prod")


def test_a_consumer_that_nobody_approved_makes_no_warning_with_the_consumer_key(
    under_test: SalesforceUnderTest,
) -> None:
    org, credentials = under_test.org("uat")

    with pytest.raises(OrgRefused, match="approved this consumer"):  # a warning would be an error here
        under_test.adapter.facts(replace(org, username="somebody@else.example"), credentials)


def test_a_wrong_secret_is_a_refusal(under_test: SalesforceUnderTest) -> None:
    org, credentials = under_test.org("prod")

    with pytest.raises(OrgRefused) as caught:
        under_test.adapter.facts(org, replace(credentials, consumer_secret="wrong"))

    assert caught.value.code == "invalid_client"


def elliptic() -> str:
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(*form).decode()


@pytest.mark.parametrize(
    "key",
    ["", "not a key", "-----BEGIN PRIVATE KEY-----\nMIIEvSECRET\n-----END PRIVATE KEY-----", elliptic()],
    ids=["none", "words", "damaged", "elliptic"],
)
def test_a_private_key_that_cannot_sign_is_said_without_showing_it(under_test: SalesforceUnderTest, key: str) -> None:
    org, credentials = under_test.org("uat")

    with pytest.raises(OrgRefused, match="private key stored for `uat`") as caught:
        under_test.adapter.facts(org, replace(credentials, private_key=key))

    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
    assert under_test.calls() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("prod", Credentials("")),
        ("prod", Credentials("key")),
        ("uat", Credentials("", private_key="key")),
        ("uat", Credentials("key")),
    ],
)
def test_an_incomplete_login_calls_nobody(under_test: SalesforceUnderTest, name: str, kept: Credentials) -> None:
    org, _ = under_test.org(name)

    with pytest.raises(OrgRefused, match=r"stored for `\w+` (is incomplete|cannot be read)"):
        under_test.adapter.facts(org, kept)

    assert under_test.calls() == []


def test_a_jwt_login_without_a_username_is_incomplete(under_test: SalesforceUnderTest) -> None:
    org, credentials = under_test.org("uat")

    with pytest.raises(OrgRefused, match="is incomplete"):
        under_test.adapter.facts(replace(org, username=None), credentials)


@pytest.mark.parametrize(
    ("status", "error", "kind", "words"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", OrgUnreachable, "does not say which"),
        (403, "API_DISABLED_FOR_ORG", OrgRefused, "API_DISABLED_FOR_ORG"),
        (404, "NOT_FOUND", OrgUnreachable, "has to be updated"),
        (410, "UNSUPPORTED_API_VERSION", OrgUnreachable, "has to be updated"),
        (400, "MALFORMED_QUERY", OrgUnreachable, "own fault"),
        (403, "ORG_LOCKED", OrgRefused, "locked, closed or suspended"),
        (400, "JSON_PARSER_ERROR", OrgUnreachable, "JSON_PARSER_ERROR"),
    ],
)
def test_a_refused_call_is_worded_by_its_code(
    under_test: SalesforceUnderTest, status: int, error: str, kind: type[OrgError], words: str
) -> None:
    body = json.dumps([{"errorCode": error, "message": "Told in Salesforce's words"}]).encode()
    under_test.salesforce.break_org("prod", OrgFault(status=status, body=body, path=DATA))

    with pytest.raises(kind, match=words):
        under_test.facts("prod")


@pytest.mark.parametrize("message", ["The REST API is not enabled for this Organization.", "not enabled. ", ". ", ""])
def test_what_salesforce_said_stands_in_the_sentence_without_a_stop_of_its_own(message: str) -> None:
    told = refused_session("prod", "API_DISABLED_FOR_ORG", message).text

    assert ".)" not in told
    assert "()" not in told
