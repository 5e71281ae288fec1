"""Each refusal: whether it ends the connection, what is said, and what helps. Codes and words are Salesforce's own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.domain.errors import OrgRefused
from bot.domain.model import Login
from bot.domain.orgs import own_app
from bot.domain.orgs.connection import is_over
from bot.domain.orgs.refusal_kinds import RefusalKind, kind_in, kind_of
from bot.domain.orgs.refusal_words import MEANINGS

JWT, BROWSER, CREDENTIALS = Login.JWT, Login.BROWSER, Login.CLIENT_CREDENTIALS
EVERY = (JWT, BROWSER, CREDENTIALS)


@dataclass(frozen=True)
class Case:
    """A refusal, the ways of logging in that meet it, and what it must lead to."""

    code: str
    description: str
    logins: tuple[Login, ...]
    over: bool
    cause: str
    step: str


CASES = [
    Case("invalid_grant", "expired authorization code", (JWT,), False, "clock of the bot's machine", "sets that clock"),
    Case("invalid_grant", "expired authorization code", (BROWSER,), False, "took too long", "Log in once more"),
    Case("invalid_grant", "invalid authorization code", (BROWSER,), False, "took too long", "Log in once more"),
    Case("invalid_grant", "audience is invalid", (JWT,), False, "another login page", "sandbox and production"),
    Case("invalid_grant", "Audience validation failed", (JWT,), False, "another login page", "sandbox and production"),
    Case("invalid_grant", "invalid assertion", (JWT,), False, "signed login", "username, private key and certificate"),
    Case("invalid_assertion_type", "", (JWT,), False, "signed login", "private key"),
    Case("invalid_grant", "login rate exceeded", EVERY, False, "too many logins", "in an hour"),
    Case("Login Rate Exceeded", "Login rate exceeded", EVERY, False, "too many logins", "in an hour"),
    Case("rate_limit_exceeded", "Number of logins exceeded", EVERY, False, "too many logins", "in an hour"),
    Case("server_error", "", EVERY, False, "trouble of its own", "in a few minutes"),
    Case("system_down", "", EVERY, False, "trouble of its own", "in a few minutes"),
    Case("temporarily_unavailable", "expired access/refresh token", EVERY, False, "trouble of its own", "few minutes"),
    Case("service_unavailable", "", EVERY, False, "trouble of its own", "in a few minutes"),
    Case("unknown_error", "retry your request", EVERY, False, "gives no reason", "in a few minutes"),
    Case("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", EVERY, False, "last 24 hours", "rolls over 24 h"),
    Case("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.", EVERY, False, "Too many req", "in a minute"),
    Case("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", EVERY, False, "Too many", "in a minute"),
    Case("REQUEST_LIMIT_EXCEEDED", "", EVERY, False, "does not say which", "in a few minutes"),
    Case("inactive_org", "Org is locked, closed, or suspended", EVERY, False, "locked, closed", "Only its owner"),
    Case("invalid_grant", "Organization locked", EVERY, False, "locked, closed or suspended", "Only its owner"),
    Case("invalid_grant", "inactive organization", EVERY, False, "locked, closed or suspended", "Only its owner"),
    Case("invalid_grant", "request not supported on this domain", EVERY, False, "at the address", "**My Domain**"),
    Case("invalid_grant", "login must use a custom domain", EVERY, False, "at the address", "connect the org again"),
    Case("OAUTH_APP_BLOCKED", "this app is blocked by admin", (BROWSER,), False, "own app is blocked", "unblocks"),
    Case("app_blocked", "", EVERY, False, "own app is blocked", "unblocks"),
    Case("fail_close_app_blocked", "", EVERY, False, "own app is blocked", "unblocks"),
    Case("invalid_grant", "this app is blocked by admin", EVERY, False, "own app is blocked", "unblocks"),
    Case("INVALID_OPERATION_WITH_EXPIRED_PASSWORD", "", EVERY, False, "password", "new password"),
    Case("invalid_grant", "user password has expired", EVERY, False, "password", "new password"),
    Case("invalid_grant", "user is locked", EVERY, False, "locked out", "Unlock the connection's user"),
    Case("PASSWORD_LOCKOUT", "", EVERY, False, "locked out", "Unlock the connection's user"),
    Case("invalid_grant", "User is frozen", EVERY, False, "frozen", "Unfreeze"),
    Case("inactive_user", "User is inactive", EVERY, True, "not active", "Activate the connection's user"),
    Case("inactive_user", "", EVERY, True, "not active", "Activate the connection's user"),
    Case("LOGIN_ERROR_USER_INACTIVE", "", EVERY, True, "not active", "Activate the connection's user"),
    Case("invalid_grant", "inactive user", EVERY, True, "not active", "Activate the connection's user"),
    Case("invalid_grant", "ip restricted or invalid login hours", EVERY, False, "addresses", "Allow the bot's address"),
    Case("restricted_access", "", EVERY, False, "addresses", "Allow the bot's address"),
    Case("UNSUPPORTED_API_VERSION", "", EVERY, False, "API version", "has to be updated"),
    Case("MALFORMED_QUERY", "unexpected token: LIKE", EVERY, False, "own fault", "Tell whoever runs this assistant"),
    Case(
        "INVALID_FIELD", "field 'Name' can not be filtered in a query call", EVERY, False, "own fault", "Tell whoever"
    ),
    Case("invalid_grant", "expired access/refresh token", EVERY, True, "expired or was revoked", "Connect the org ag"),
    Case("invalid_grant", "token validity expired", EVERY, True, "expired or was revoked", "Connect the org again"),
    Case("invalid_grant", "user hasn’t approved this consumer", (JWT,), False, "not let into", "Grant the connection"),
    Case("invalid_app_access", "user is not admin approved to access this app", EVERY, False, "not let", "Grant the"),
    Case("invalid_client", "app must be installed into org", EVERY, False, "not installed", "Install this assistant"),
    Case("app_not_found", "External client app is not installed in this org", EVERY, False, "not installed", "Install"),
    Case("invalid_grant", "no client credentials user enabled", (CREDENTIALS,), False, "No user is set", "**Run As**"),
    Case("invalid_client", "invalid client credentials", (CREDENTIALS,), True, "not right", "connect the org again"),
    Case("invalid_client", "invalid client credentials", (BROWSER,), False, "not right", "Whoever runs the bot"),
    Case("invalid_client_id", "client identifier invalid", EVERY, True, "consumer key", "Check the consumer key"),
    Case("oauth_flow_disabled", "", EVERY, False, "switched off", "Enable the flow"),
    Case("invalid_grant", "authentication failure", EVERY, False, "why", "**Login History**"),
    Case("redirect_uri_mismatch", "redirect_uri must match configuration", (BROWSER,), False, "callback", "letter by"),
    Case("invalid_grant", "", EVERY, False, "", "Check the app and the user"),
    Case("something_new", "in words that nobody foresaw", EVERY, False, "", "Check the app and the user"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.description}-{case.logins[0]}")
def test_a_refusal_has_its_state_its_sentence_and_its_step(case: Case) -> None:
    for login in case.logins:
        meaning = MEANINGS[kind_of(case.code, case.description, login)]

        assert is_over(OrgRefused("…", case.code, case.description), login) is case.over
        assert case.cause in meaning.cause
        assert case.step in meaning.step


@pytest.mark.parametrize(
    "description",
    ["blocked", "this app is blocked by admin", "unlocked", "clock skew", "OrgLocked", "a deadlocked transaction"],
)
def test_a_piece_of_a_word_sends_nobody_to_unlock_a_user(description: str) -> None:
    assert kind_of("invalid_grant", description) is not RefusalKind.LOCKED


@pytest.mark.parametrize("description", ["unexpired", "expired", "preinstalled", "tokenexpired", "INACTIVE_USERS"])
def test_a_piece_of_a_phrase_ends_no_connection(description: str) -> None:
    assert not is_over(OrgRefused("…", "invalid_grant", description))


def test_a_code_of_one_meaning_weighs_more_than_the_words_beside_it() -> None:
    assert kind_of("app_blocked", "user is locked") is RefusalKind.BLOCKED
    assert kind_of("invalid_client", "user is locked") is RefusalKind.LOCKED


def test_every_kind_has_its_words() -> None:
    assert set(MEANINGS) == set(RefusalKind)
    for meaning in MEANINGS.values():
        assert meaning.step.endswith(".")
        assert "Update Token" not in meaning.cause + meaning.step


# --- whose app -----------------------------------------------------------------------------------------

KEY = "3MVG9.AbcdEfghIjklMnopQrstUvwxYz0123456789"
CALLBACK = "https://bot.acme.example/salesforce/callback"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"https://login.salesforce.com/x?client_id={KEY}&error=app_blocked", True),
        (f"<https://x.my.salesforce.com/?u=%2Fauthorize%3Fclient_id%3D{KEY}%26a>", True),
        (f"{CALLBACK}?error=invalid_client&error_description=app+must+be+installed", True),
        ("redirect_uri=https%3A%2F%2FBOT.acme.example%2Fsalesforce%2Fcallback&amp;state=x", True),
        ("redirect_uri=https%253A%252F%252Fbot.acme.example%252Fsalesforce%252Fcallback", True),
        (f"client_id={KEY}more", False),
        (f"client_id={KEY[:-3]}", False),
        ("https://bot.acme.example/salesforce/callbacks", False),
        ("https://notbot.acme.example.evil/salesforce/callback", False),
        ("https://evil-bot.acme.example/salesforce/callback", False),
        ("OAUTH_APP_BLOCKED: this app is blocked by admin", False),
        ("", False),
    ],
)
def test_an_error_is_the_assistants_own_where_its_key_or_its_callback_stands_in_it(text: str, own: bool) -> None:
    assert own_app.is_own(text, [None, KEY], CALLBACK) is own


def test_without_a_key_and_a_callback_nothing_is_the_assistants_own() -> None:
    assert not own_app.is_own(f"{KEY} {CALLBACK}", [None, ""], None)
    assert not own_app.is_own(f"{KEY} {CALLBACK}", [], "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.description}-{case.logins[0]}")
def test_guidance_for_the_assistants_own_login_speaks_of_its_own_app_alone(case: Case) -> None:
    for login in case.logins:
        answer = own_app.guidance(case.code, case.description, login)

        assert "Update Token" not in repr(answer)
        assert "Global Settings" not in repr(answer)
        assert answer.headline.startswith("This co")


def test_a_pasted_error_of_its_own_app_gets_the_steps_for_that_app() -> None:
    text = f"{CALLBACK}?error=OAUTH_APP_ACCESS_DENIED&error_description=user%20is%20not%20admin%20approved&state=x"

    answer = own_app.guidance_for(text)

    assert answer.headline == "The user of this login is not let into this assistant's own app"
    assert "External Client App Manager" in repr(answer.parts)
    assert "Update Token" not in repr(answer)


def test_a_pasted_error_that_tells_no_reason_still_says_whose_login_it_was() -> None:
    answer = own_app.guidance_for(f"{CALLBACK}?state=x")

    assert answer.headline == "Salesforce refused the assistant's own login"
    assert answer.parts


@pytest.mark.parametrize("case", [case for case in CASES if case.cause], ids=lambda case: case.code + case.description)
def test_a_kind_is_found_in_a_longer_text_too(case: Case) -> None:
    found = kind_in(f"We met an error. error={case.code}&error_description={case.description} at 10:14")

    assert found is kind_of(case.code, case.description)
