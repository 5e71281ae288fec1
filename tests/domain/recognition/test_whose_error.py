"""Whose error a text shows where another vendor is told of, by a number, an envelope, a protocol or a name."""

from __future__ import annotations

import pytest

from tests.recognition_helpers import topic

NUMBERS = (
    "AADSTS50057: The user account is disabled.",
    "ORA-28001: the password has expired",
    "390318 (08001): Access token expired",
    "ERROR 1045 (28000): the account is locked",
    "SQLSTATE[28P01]: invalid password",
    "535 5.7.3 Authentication unsuccessful, user is locked",
    "E0000004: Authentication failed",
)
ENVELOPES = (
    '{"code":190,"message":"the access token expired"}',
    '{"error":{"message":"Session has expired","fbtrace_id":"Z"}}',
    '{"ok":false,"error":"token_revoked"}',
    '{"message":"token revoked","documentation_url":"https://x.example"}',
    '{"errorSummary":"Authentication failed","errorCauses":[]}',
    '{"message":"the access token expired","correlationId":"7","category":"EXPIRED"}',
)
PROTOCOLS = (
    "rpc error: code = Unauthenticated desc = the access token expired",
    "error when calling the GetItem operation: the security token is expired",
    "fatal: Authentication failed for 'https://git.example/a.git/'",
    "Error response from daemon: unauthorized: access token has expired",
    "[LDAP: error code 49 - invalid credentials] user is disabled",
    "POST https://id.example/oauth/token: invalid_client",
)
ELSEWHERE = (
    "Windows says my account is locked",
    "my laptop says my account is locked out",
    "the wifi says wrong password",
    "Citrix session expired",
    "Remote desktop session has expired",
    "Tableau login failed",
    "Tableau: invalid username or password",
    "GlobalProtect authentication failed",
    "online banking: user is locked",
    "our bank app says session expired",
    "Netflix password incorrect",
    "the printer says login failed",
    "Active Directory account locked",
    "git push: Authentication failed",
    "expense tool says password expired",
)
ON_WHAT_IT_RUNS = (
    ("Windows 11, sf org login web: inactive user", "user-inactive-or-locked"),
    ("sf on Windows says token expired", "token-expired-or-revoked"),
    ("On my Mac the Flosum login says user is locked", "user-inactive-or-locked"),
    ("vscode on my laptop: session expired or invalid, says Salesforce", "token-expired-or-revoked"),
    ("Tableau cannot reach Salesforce: INVALID_LOGIN", "wrong-credentials"),
    ("the payroll job stopped with invalid_grant, inactive user", "user-inactive-or-locked"),
    ("my phone says the Salesforce app is blocked", "app-blocked"),
)
SALESFORCES_TOO = (
    ("Acme's Okta is fine. Salesforce says: user is inactive", "user-inactive-or-locked"),
    ("HubSpot cannot sync, Salesforce refuses: access token expired", "token-expired-or-revoked"),
    ("Snowflake is green, the Salesforce login isn't: user is frozen", "user-inactive-or-locked"),
    ("grpc.StatusRuntimeException at pubsub.salesforce.com: the access token expired", "token-expired-or-revoked"),
    ("Named Credential to the other org: access token expired, says Salesforce", "token-expired-or-revoked"),
)
OTHERS_BESIDE = (
    "Salesforce is fine. Snowflake says: access token expired",
    "Salesforce step green, then the Gmail step: the refresh token was revoked",
    "the sfdx sources can't be fetched. GitLab: access token expired",
    "Apex callout to the parcel service: invalid_client, they say in Salesforce's log",
    "Named Credential for the bank: Salesforce shows their answer, access token expired",
)


@pytest.mark.parametrize("text", [*NUMBERS, *ENVELOPES, *PROTOCOLS, *OTHERS_BESIDE, *ELSEWHERE])
def test_another_vendors_error_is_not_answered(text: str) -> None:
    assert (topic(text), topic(text, asked=True)) == ("none", "none")


@pytest.mark.parametrize(("text", "right"), SALESFORCES_TOO)
def test_salesforces_is_answered_beside_another_vendors_name(text: str, right: str) -> None:
    assert (topic(text), topic(text, asked=True)) == (right, right)


@pytest.mark.parametrize(("text", "right"), ON_WHAT_IT_RUNS)
def test_what_a_client_runs_on_or_a_job_is_named_after_is_no_vendor(text: str, right: str) -> None:
    assert topic(text, asked=True) == right


@pytest.mark.parametrize("text", ["the account is locked", "access token expired", "Authentication failed"])
def test_asked_the_same_errors_alone_are_taken_for_salesforces(text: str) -> None:
    assert topic(text, asked=True) != "none"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("our sf sync died at noon: token expired", "token-expired-or-revoked"),
        ("the SF connector says the app is blocked by an administrator", "app-blocked"),
        ("deploy to the full sandbox stopped, access token expired", "token-expired-or-revoked"),
        ("new laptop, and now SF says our backup tool isn't installed in the org", "app-not-installed"),
        ("SF lets me in on my own but the quoting tool says I am not approved", "user-not-approved"),
        ("sf throws our sync out since noon, stored login expired", "token-expired-or-revoked"),
    ],
)
def test_sf_and_sandboxes_are_salesforces_where_the_wording_says_so(text: str, right: str) -> None:
    assert topic(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "badge readers in SF say access denied since the move",
        "flying to SF tomorrow, the airline app says my session expired",
        "the SF garage app: token expired, no parking for me",
        "nobody in SF can log in to the VPN, certificate expired",
        "PayPal sandbox answers access token expired",
        "Outlook asks for my password all day, SF is fine",
        "flying to SF, Okta says my account is locked",
    ],
)
def test_sf_is_a_town_elsewhere_and_others_have_sandboxes_too(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Zapier cannot connect to Salesforce, our admin has to put its app into the org first", "app-not-installed"),
        ("every morning Gmail's sidebar has lost Salesforce, its stored login is gone", "token-expired-or-revoked"),
        ("power bi cannot read sf since noon: session not valid, connect it again", "token-expired-or-revoked"),
        ("Okta lets me in, then SF says this app was blocked by my administrator", "app-blocked"),
        ("the SF sidebar in Outlook works for the team, me it tells my admin did not approve it", "user-not-approved"),
        ("Bart: did somebody change sth in SF? the loader gets app blocked by administrator", "app-blocked"),
    ],
)
def test_a_refusal_of_salesforces_is_told_beside_the_tool_that_it_refuses(text: str, right: str) -> None:
    assert topic(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "Salesforce stock is down 5% today",
        "our Salesforce usage is down this month",
        "Chrome says: this app is blocked by your administrator",
        "my company phone: this app is blocked by admin",
    ],
)
def test_what_is_down_or_blocked_elsewhere_is_no_refusal_of_salesforces(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Airtable sync to our CRM is dead, it says the admin of our org has blocked this app", "app-blocked"),
        ("Zapier can't add the CRM account any more, not installed, contact your admin it says", "app-not-installed"),
        ("Looker to CRM isn't good any more since the revoke, needs a login again", "token-expired-or-revoked"),
        ("Boomi to our prod org: login from this address is not allowed", "ip-restricted"),
    ],
)
def test_who_asks_may_call_it_the_crm_or_the_org_beside_a_tool(text: str, right: str) -> None:
    assert topic(text, asked=True) == right
    assert topic(text) == "none"  # overheard it may be anybody's


@pytest.mark.parametrize(
    "text",
    [
        "HubSpot CRM logged me out, session expired",
        "Zoho CRM says invalid oauth token, who can reconnect it",
        "ask the CRM team: Jira says the token has expired",
        "the Okta org says my account is suspended",
        "GitHub says my org's admin hasn't approved this app",
        "docker pull at org.apache.http.impl.Pool: authentication failed",
    ],
)
def test_another_vendors_crm_or_org_is_its_own(text: str) -> None:
    assert topic(text, asked=True) == "none"
