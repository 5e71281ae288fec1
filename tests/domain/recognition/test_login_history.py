"""What Salesforce's Login History and the login events of its event log say: every documented status, by its topic.

The codes and their texts are those of ``LOGIN_STATUS`` in Salesforce's Object Reference (Login event type of
``EventLogFile``); beside them what its login pages, its SAML validator, its policies and its limits say.
"""

from __future__ import annotations

import pytest

from tests.recognition_helpers import topic

CREDENTIALS, CLIENT, ORG = "wrong-credentials", "client-misconfigured", "wrong-org-or-domain"
USER, ADDRESS, BUSY = "user-inactive-or-locked", "ip-restricted", "rate-limited-or-unavailable"
TOKEN, INSTALL, OTHER = "token-expired-or-revoked", "app-not-installed", "other-salesforce-auth"

STATUSES = {
    "LOGIN_CHALLENGE_ISSUED": ("Failed: Computer activation required", USER),
    "LOGIN_CHALLENGE_PENDING": ("Failed: Computer activation pending", USER),
    "LOGIN_END_SESSION_TXN_SECURITY_POLICY": (None, OTHER),
    "LOGIN_ERROR_API_TOO_OLD": ("Failed: API Version Removed.", CLIENT),
    "LOGIN_ERROR_APPEXCHANGE_DOWN": ("Unable to process your login request", BUSY),
    "LOGIN_ERROR_CSS_PW_LOCKOUT": (None, USER),
    "LOGIN_ERROR_EXPORT_RESTRICTED": ("Restricted country", ADDRESS),
    "LOGIN_ERROR_GLOBAL_BLOCK_DOMAIN": (None, ORG),
    "LOGIN_ERROR_HT_DOWN": (None, BUSY),
    "LOGIN_ERROR_HTP_METHD_INVALID": ("Failed: Invalid HTTP method", CLIENT),
    "LOGIN_ERROR_INVALID_GATEWAY": ("Invalid gateway", BUSY),
    "LOGIN_ERROR_INVALID_PASSWORD": ("Invalid password", CREDENTIALS),
    "LOGIN_ERROR_INVALID_USERNAME": ("Invalid login", CREDENTIALS),
    "LOGIN_ERROR_LOGINS_EXCEEDED": ("Maximum logins exceeded", BUSY),
    "LOGIN_ERROR_MUST_USE_API_TOKEN": ("Failed: API security token required", CREDENTIALS),
    "LOGIN_ERROR_MUTUAL_AUTHENTICATION": ("Mutual authentication failed", CLIENT),
    "LOGIN_ERROR_NETWORK_INACTIVE": ("Invalid - community offline", ORG),
    "LOGIN_ERROR_ORG_CLOSED": ("Organization closed", ORG),
    "LOGIN_ERROR_ORG_DOMAIN_ONLY": (None, ORG),
    "LOGIN_ERROR_ORG_IN_MAINTENANCE": ("Organization is in maintenance", ORG),
    "LOGIN_ERROR_ORG_INACTIVE": ("Organization is inactive", ORG),
    "LOGIN_ERROR_ORG_IS_DOT_ORG": (None, ORG),
    "LOGIN_ERROR_ORG_LOCKOUT": ("Organization locked", ORG),
    "LOGIN_ERROR_ORG_SIGNING_UP": (None, ORG),
    "LOGIN_ERROR_ORG_SUSPENDED": ("Organization suspended", ORG),
    "LOGIN_ERROR_PASSWORD_EMPTY": (None, CREDENTIALS),
    "LOGIN_ERROR_PASSWORD_LOCKOUT": ("Password lockout", USER),
    "LOGIN_ERROR_PORTAL_INACTIVE": ("Invalid - Portal disabled", ORG),
    "LOGIN_ERROR_RATE_EXCEEDED": ("Login rate exceeded", BUSY),
    "LOGIN_ERROR_RESTRICTED_DOMAIN": ("Restricted IP", ADDRESS),
    "LOGIN_ERROR_RESTRICTED_TIME": ("Restricted time", ADDRESS),
    "LOGIN_ERROR_SSO_PWD_INVALID": ("Invalid password", CREDENTIALS),
    "LOGIN_ERROR_SSO_SVC_DOWN": ("Your company's authentication service is down", BUSY),
    "LOGIN_ERROR_SSO_URL_INVALID": ("The Single Sign-On Gateway URL is invalid", BUSY),
    "LOGIN_ERROR_SWITCH_SFDC_INSTANCE": (None, ORG),
    "LOGIN_ERROR_SYSTEM_DOWN": (None, BUSY),
    "LOGIN_ERROR_USER_API_ONLY": ("Failed: API-only user", USER),
    "LOGIN_ERROR_USER_FROZEN": ("User is frozen", USER),
    "LOGIN_ERROR_USER_INACTIVE": ("User is inactive", USER),
    "LOGIN_ERROR_USERNAME_EMPTY": (None, CREDENTIALS),
    "LOGIN_LIGHTNING_LOGIN": ("Lightning Login required", USER),
    "LOGIN_OAUTH_API_DISABLED": ("Failed: OAuth API access disabled", "api-disabled"),
    "LOGIN_OAUTH_CONSUMER_DELETED": ("Failed: Consumer Deleted", CLIENT),
    "LOGIN_OAUTH_DS_NOT_EXPECTED": ("Failed: Activation secret not expected", CLIENT),
    "LOGIN_OAUTH_EXCEED_GET_AT_LMT": ("Failed: Get Access Token Limit Exceeded", TOKEN),
    "LOGIN_OAUTH_INVALID_CODE_CHALLENGE": ("Failed: Invalid Code Challenge", CLIENT),
    "LOGIN_OAUTH_INVALID_CODE_VERIFIER": ("Failed: Invalid Code Verifier", CLIENT),
    "LOGIN_OAUTH_INVALID_DEVICE": ("Failed: Device Id missing or not registered", CLIENT),
    "LOGIN_OAUTH_INVALID_DS": ("Failed: Activation secret invalid", CLIENT),
    "LOGIN_OAUTH_INVALID_DSIG": ("Failed: Signature Invalid", CLIENT),
    "LOGIN_OAUTH_INVALID_IP": ("Failed: IP Address Not Allowed", ADDRESS),
    "LOGIN_OAUTH_INVALID_NONCE": (None, OTHER),
    "LOGIN_OAUTH_INVALID_SIG_METHOD": ("Failed: Invalid Signature Method", CLIENT),
    "LOGIN_OAUTH_INVALID_TIMESTAMP": (None, OTHER),
    "LOGIN_OAUTH_INVALID_TOKEN": ("Failed: Invalid Token", TOKEN),
    "LOGIN_OAUTH_INVALID_VERIFIER": ("Failed: Invalid Verifier", CLIENT),
    "LOGIN_OAUTH_INVALID_VERSION": ("Failed: Version Not Supported", CLIENT),
    "LOGIN_OAUTH_MISSING_DS": ("Activation secret missing", CLIENT),
    "LOGIN_OAUTH_NO_CALLBACK_URL": ("Failed: Invalid Callback URL", CLIENT),
    "LOGIN_OAUTH_NO_CONSUMER": ("Missing Consumer Key Parameter", CLIENT),
    "LOGIN_OAUTH_NO_TOKEN": ("Missing OAuth Token Parameter", CLIENT),
    "LOGIN_OAUTH_NONCE_REPLAY": ("Failed: Nonce Replay Detected", OTHER),
    "LOGIN_OAUTH_PACKAGE_MISSING": ("Package for this consumer is not installed in your organization", INSTALL),
    "LOGIN_OAUTH_PACKAGE_OLD": ("Installed package for this consumer is out of date", INSTALL),
    "LOGIN_OAUTH_UNEXPECTED_PARAM": ("Failed: Unexpected parameter", CLIENT),
    "LOGIN_ORG_TRIAL_EXP": ("Trial Expired", ORG),
    "LOGIN_SAML_INVALID_AUDIENCE": ("Failed: Audience Invalid", CLIENT),
    "LOGIN_SAML_INVALID_CONFIG": ("Failed: Configuration Error/Perm Disabled", CLIENT),
    "LOGIN_SAML_INVALID_FORMAT": ("Failed: Assertion Invalid", CLIENT),
    "LOGIN_SAML_INVALID_IN_RES_TO": ("Failed: InResponseTo Invalid", CLIENT),
    "LOGIN_SAML_INVALID_ISSUER": ("Failed: Issuer Mismatched", CLIENT),
    "LOGIN_SAML_INVALID_ORG_ID": ("Failed: Invalid Organization Id", CLIENT),
    "LOGIN_SAML_INVALID_PORTAL_ID": ("Failed: Invalid Portal Id", CLIENT),
    "LOGIN_SAML_INVALID_RECIPIENT": ("Failed: Recipient Mismatched", CLIENT),
    "LOGIN_SAML_INVALID_SESSION_LEVEL": (None, OTHER),
    "LOGIN_SAML_INVALID_SIGNATURE": ("Failed: Signature Invalid", CLIENT),
    "LOGIN_SAML_INVALID_SITE_URL": ("Failed: Invalid Site URL", CLIENT),
    "LOGIN_SAML_INVALID_STATUS": ("Failed: Status Invalid", CLIENT),
    "LOGIN_SAML_INVALID_SUB_CONFIRM": ("Failed: Subject Confirmation Error", CLIENT),
    "LOGIN_SAML_INVALID_TIMESTAMP": ("Failed: Assertion Expired", CLIENT),
    "LOGIN_SAML_INVALID_USERNAME": ("Failed: Username Or SSO Id Invalid", CLIENT),
    "LOGIN_SAML_MISMATCH_CERT": ("Failed: Signature Invalid/Configured Certificate Mismatch", CLIENT),
    "LOGIN_SAML_MISSING_ORG_ID": ("Failed: Missing Organization Id for Portal login", CLIENT),
    "LOGIN_SAML_MISSING_PORTAL_ID": ("Failed: Missing Portal Id", CLIENT),
    "LOGIN_SAML_REPLAY_ATTEMPTED": ("Failed: Replay Detected", CLIENT),
    "LOGIN_SAML_SITE_INACTIVE": ("Failed: Specified Site is Inactive", ORG),
    "LOGIN_TWOFACTOR_REQ": ("Two-factor required", USER),
}
TEXTS = {
    "Please check your username and password. If you still can't log in, contact your Salesforce administrator.": (
        CREDENTIALS
    ),
    "Your login attempt has failed. Make sure the username and password are correct.": CREDENTIALS,
    "We can't log you in because you're only allowed to use single sign-on.": OTHER,
    "Unable to map the subject to a Salesforce user": CLIENT,
    "TXN_SECURITY_METERING_ERROR: enabled transaction security policies took too long to complete.": OTHER,
    "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE": BUSY,
    "You didn't complete the approval process before it expired. Please try again.": TOKEN,
    "ConcurrentRequests (Concurrent API Requests) Limit exceeded.": BUSY,
    "ConcurrentPerOrgLongTxn Limit exceeded": BUSY,
    '[{"errorCode":"INVALID_JWT_FORMAT","message":"Invalid JWT format"}]': CLIENT,
}


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("code", STATUSES)
def test_the_code_of_a_documented_status_has_its_topic(code: str, asked: bool) -> None:
    assert topic(f"Salesforce event log, LOGIN_STATUS: {code}", asked=asked) == STATUSES[code][1]


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize(("status", "expected"), [row for row in STATUSES.values() if row[0]])
def test_the_text_of_a_documented_status_has_its_topic(status: str, expected: str, asked: bool) -> None:
    row = f"Login History\n18.11.2026 10:02  kim@acme.example  {status}"

    assert topic(row, asked=asked) == expected


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_what_salesforces_pages_and_limits_say_has_its_topic(text: str, expected: str) -> None:
    assert topic(f"Salesforce says: {text}", asked=True) == expected
    assert topic(f"error from salesforce: {text}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "code signing failed: signature invalid, the mac build again",
        "order sync failed: unexpected parameter, woo says",
        "the gateway is invalid, says the router page",
        "build failed: version not supported (node 12)",
        "Fortnite: lockout, password reset, the usual",
        "our landlord's portal: organization suspended, try again later",
    ],
)
def test_the_same_words_of_somebody_else_stay_unanswered(text: str) -> None:
    assert topic(text) == "none"
