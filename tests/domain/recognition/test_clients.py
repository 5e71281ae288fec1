"""What programs print of Salesforce's refusals: each form was seen from the real program, the values are made up."""

from __future__ import annotations

import pytest

from tests.recognition_helpers import MATCHER

PAGE = (
    "<html><head><title>Error</title></head><body><h1>An internal server error has occurred</h1><p>An error has "
    "occurred while processing your request. The salesforce.com support team has been notified."
    "</p></body></html>"
)
TOKEN = "https://login.salesforce.com/services/oauth2/token"
STACK = "\n".join(f"    at step{number} (/srv/app/node_modules/x/lib/{number}.js:1:{number})" for number in range(8))
SFDCLIB = 'File "/srv/app/sfdclib/session.py", line 55, in login\n'
JWT = "Error (JwtGrantError): We encountered a JSON web token error, which is likely not an issue with Salesforce CLI. "
OAUTHLIB = f"POST {TOKEN}\noauthlib.oauth2.rfc6749.errors.MissingTokenError: "
GONE = "[{'errorCode': 'GONE', 'message': 'no longer available'}]"
HTML = "Error: HTTP response contains html content.\nSee `error.data` for the full html response. jsforce\n"
HIDDEN = [
    (f"requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: {TOKEN}", "client-hides-cause"),
    (f"aiohttp.client_exceptions.ClientResponseError: 400, message='Bad Request', url='{TOKEN}'", "client-hides-cause"),
    ("Salesforce auth failed: Request failed with status code 400", "client-hides-cause"),
    (f"POST {TOKEN}\nHTTPError: Response code 400 (Bad Request)\n{STACK}", "client-hides-cause"),
    ("salesforcecdpconnector.exceptions.Error: Core token retrieval failed with code 400", "client-hides-cause"),
    (f"jsforce: ERROR_HTTP_400\n{STACK}", "client-hides-cause"),
    (f"{OAUTHLIB}(missing_token) Missing access token parameter.", "client-loses-cause"),
    (f"{SFDCLIB}AttributeError: 'NoneType' object has no attribute 'text'", "client-loses-cause"),
    (f"{HTML}{STACK}", "page-instead-of-answer"),
    ("HTTP response contains html content. Check that the org exists and can be reached.", "page-instead-of-answer"),
    (f"{JWT}Here's the error: JwtAuthError::Error authenticating with JWT.\nErrors encountered:", "client-hides-cause"),
]
TOLD = [
    (f"SalesforceAuthenticationFailed: Authentication failed (code: 500): {PAGE}", "salesforce-unavailable"),
    (f"{JWT}Here's the error: JwtAuthError::Error authenticating with JWT.\n{PAGE}", "salesforce-unavailable"),
    (f"HTTPError: 500 Server Error: Internal Server Error for url: {TOKEN}", "salesforce-unavailable"),
    (f"SalesforceGeneralError: Error Code 410. Response content: {GONE}", "api-version-retired"),
    ("(code: INVALID_OPERATION): SOAP API login() is disabled by default in this org.", "soap-login-disabled"),
    ("jsforce: Error: INVALID_OPERATION: SOAP API login() is not enabled", "soap-login-disabled"),
]
OF_ANY_PROGRAM = [
    "AxiosError: Request failed with status code 400",
    f"{JWT}Error authenticating with JWT.\nErrors encountered:\nsecretOrPrivateKey must be an asymmetric key",
    "Error: HTTP response contains html content.",
    "Unexpected token '<', \"<html>\" is not valid JSON",
    "KeyError: 'access_token'",
    "HTTPError: Response code 403 (Forbidden)",
]


@pytest.mark.parametrize("asked", [False, True], ids=["heard", "asked"])
@pytest.mark.parametrize(("text", "expected"), [*HIDDEN, *TOLD])
def test_what_a_program_prints_leads_to_its_entry(text: str, expected: str, *, asked: bool) -> None:
    entry = MATCHER.recognise(text, asked=asked).entry

    assert entry is not None
    assert entry.id == expected


@pytest.mark.parametrize("text", [text for text, _ in HIDDEN])
def test_a_cause_beside_what_a_program_hides_is_the_answer(text: str) -> None:
    entry = MATCHER.recognise(f"{text}\n\nin Login History: LOGIN_OAUTH_PACKAGE_MISSING", asked=True).entry

    assert entry is not None
    assert entry.topic == "app-not-installed"


@pytest.mark.parametrize("text", OF_ANY_PROGRAM)
def test_what_any_program_prints_is_not_taken_for_salesforces(text: str) -> None:
    assert MATCHER.recognise(text, asked=False).entry is None
