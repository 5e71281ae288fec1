"""Recognition: which error a text shows, in whatever shape, and when it shows none."""

from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.recognition.entries import Kind
from bot.domain.recognition.guidance import Pattern, Specificity
from bot.domain.recognition.pattern import is_code, parts, readings
from bot.domain.recognition.pattern_index import PatternIndex
from bot.domain.secrets.redaction import redact
from tests.recognition_helpers import GUIDANCE, MATCHER, spoken, topic

NOT_APPROVED = "user hasn't approved this consumer"


# --- every entry by its own patterns ---------------------------------------------------------------------


@pytest.mark.parametrize("pattern", GUIDANCE.patterns, ids=lambda pattern: f"{pattern.entry_id}: {pattern.text}")
def test_every_pattern_leads_to_its_own_entry_and_no_other(pattern: Pattern) -> None:
    found = MATCHER.recognise(spoken(pattern), asked=False)

    assert found.entry is not None, f"{pattern.entry_id} is not found by its pattern: {pattern.text}"
    collides = found.entry.id != pattern.entry_id and found.entry.topic != _topic_of(pattern.entry_id)
    assert not collides, f"{pattern.entry_id} collides with {found.entry.id}: {pattern.text} is also {found.evidence}"


def test_what_stands_together_is_found_where_it_stands() -> None:
    # Of several parts a text may say more with a longer pattern; of one part there is nothing else to find.
    whole = [pattern for pattern in (*GUIDANCE.patterns, *GUIDANCE.context) if len(parts(pattern)) == 1]

    assert [pattern.text for pattern in whole if pattern not in MATCHER.patterns_in(spoken(pattern))] == []


@pytest.mark.parametrize("specificity", [Specificity.SALESFORCE, Specificity.SHARED], ids=["salesforce's", "shared"])
def test_the_cheap_first_look_lets_every_reading_of_every_pattern_through(specificity: Specificity) -> None:
    patterns = [pattern for pattern in (*GUIDANCE.patterns, *GUIDANCE.context) if pattern.specificity is specificity]
    index = PatternIndex(patterns)
    texts = {
        " and then ".join(reading if at == number else readings(other)[0] for at, other in enumerate(parts(pattern)))
        for pattern in patterns
        for number, part in enumerate(parts(pattern))
        for reading in readings(part)
    }

    assert [text for text in texts if not index.may_match(text)] == []
    assert [text for text in texts if not index.may_match(text.replace("can not", "can't"))] == []


def test_the_cheap_first_look_lets_a_longer_error_through_with_one_word_mistyped() -> None:
    error = "user is not admin approved to access this app"
    mistyped = [error.replace(word, f"{word[:2]}x{word[2:]}") for word in error.split()]

    assert [text for text in mistyped if not PatternIndex(GUIDANCE.patterns).may_match(text)] == []


def test_the_cheap_first_look_lets_a_mistyped_code_of_short_words_through() -> None:
    assert PatternIndex(GUIDANCE.patterns).may_match("our app gets OAUTH_APP_BLOKED")


def test_the_cheap_first_look_asks_that_words_stand_near_each_other() -> None:
    index = PatternIndex([pattern for pattern in GUIDANCE.patterns if pattern.text == "OAUTH_APP_BLOCKED"])

    assert index.may_match("blocked, says OAuth")
    assert not index.may_match("blocked by the rain we stayed inside and wrote an article about OAuth")


def test_the_cheap_first_look_sees_whose_a_thing_is() -> None:
    index = PatternIndex(GUIDANCE.context)

    assert index.may_match("Salesforce's page says no") is index.may_match("Salesforce says no") is True


def test_no_two_entries_share_a_pattern() -> None:
    owners: dict[str, set[str]] = {}
    for pattern in GUIDANCE.patterns:
        for reading in {" ... ".join(readings(part)[0] for part in parts(pattern)).lower()}:
            owners.setdefault(reading, set()).add(pattern.entry_id)

    assert {pattern: entries for pattern, entries in owners.items() if len(entries) > 1} == {}


def _topic_of(entry_id: str) -> str:
    entry = GUIDANCE.entry(entry_id)
    assert entry is not None
    return entry.topic


# --- shapes ----------------------------------------------------------------------------------------------


def _oauth_json(description: str) -> str:
    return json.dumps({"error": "invalid_grant", "error_description": description})


SHAPES = {
    "json": _oauth_json,
    "escaped json": lambda text: json.dumps({"body": _oauth_json(text)}),
    "twice escaped json": lambda text: json.dumps({"log": json.dumps({"body": _oauth_json(text)})}),
    "json array": lambda text: json.dumps([{"message": text, "errorCode": "invalid_grant"}]),
    "unicode escapes": lambda text: _oauth_json(text).replace("'", "\\u0027"),
    "query with plus": lambda text: f"https://acme.my.salesforce.com/cb?error=x&error_description={quote_plus(text)}",
    "query with percent": lambda text: f"error=invalid_grant&error_description={quote(text)}",
    "address inside an address": lambda text: f"https://x.test/?back={quote(f'https://y.test/?e={quote(text)}')}",
    "html page": lambda text: f"<html><body><p>OAuth Error</p><b>{text.replace(chr(39), '&#39;')}</b></body></html>",
    "html entities": lambda text: text.replace("'", "&apos;").replace(" ", "&nbsp;"),
    "python trace": lambda text: (
        'Traceback (most recent call last):\n  File "sync.py", line 3, in <module>\n'
        f"simple_salesforce.exceptions.SalesforceAuthenticationFailed: invalid_grant: {text}"
    ),
    "java trace": lambda text: (
        "Exception in thread main java.lang.RuntimeException: sync failed\n\tat a.B.c(B.java:1)\n"
        f"Caused by: com.sforce.ws.ConnectionException: {text}\n\t... 3 more"
    ),
    "node trace": lambda text: (
        f"Error: {text}\n    at OAuth2.<anonymous> (/app/node_modules/jsforce/lib/oauth2.js:1:2)"
    ),
    "dotnet trace": lambda text: f"Salesforce.Common.ForceException: {text}\r\n   at Auth.<TokenAsync>d__7.MoveNext()",
    "go log": lambda text: f'time="2026-01-02T03:04:05Z" level=error msg="oauth2: cannot fetch token" err="{text}"',
    "ruby": lambda text: f"Restforce::AuthenticationError: invalid_grant: {text}",
    "php": lambda text: f"GuzzleHttp\\Exception\\ClientException: Client error: {_oauth_json(text)}",
    "apex": lambda text: f"System.CalloutException: {text}\nClass.Auth.login: line 12, column 1",
    "log line": lambda text: f"2026-11-23 09:00:00,123 ERROR [sync-7] auth - login failed: {text}",
    "terminal colours": lambda text: f"\x1b[1;31mError (1):\x1b[0m \x1b[31m{text}\x1b[39m",
    "colours without escape": lambda text: f"[31mERROR[39m {text}",
    "soap fault": lambda text: (
        "<soapenv:Fault><faultcode>sf:FAILED</faultcode>"
        f"<faultstring>{text.replace(chr(39), '&apos;')}</faultstring></soapenv:Fault>"
    ),
    "slack code fence": lambda text: f"here is what I get\n```\n{text}\n```",
    "slack inline code": lambda text: f"we get `{text}` since today",
    "slack escaping": lambda text: f"&lt;b&gt;{text}&lt;/b&gt; &amp; nothing else",
    "quoted mail": lambda text: f"> > On Monday Ann wrote:\n> > {text}\n> thanks",
    "capitals": str.upper,
    "typographic quotes": lambda text: f"“{text.replace(chr(39), '’')}”",
    "line break inside": lambda text: text.replace(" approved", "\n      approved"),
    "invisible letters": lambda text: text.replace(" ", "\u200b "),
    "right to left marks": lambda text: f"\u202b{text}\u202c",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_an_error_is_recognised_in_every_shape(shape: object) -> None:
    assert callable(shape)

    assert topic(shape(NOT_APPROVED)) == "user-not-approved"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user hasnt aproved this consumer", "user-not-approved"),
        ("invalid_grant: expird access/refresh token", "token-expired-or-revoked"),
        ("OAUTH_APROVAL_ERROR_GENERIC", "other-salesforce-auth"),
        ("Salesforce login says 0AUTH_APP_BL0CKED", "app-blocked"),
        ("OAUTH_APP_BLCOKED this app is blokced by admin", "app-blocked"),
        ("Salesforce: Sesion expired or invalid", "token-expired-or-revoked"),
    ],
)
def test_typing_mistakes_are_forgiven(text: str, expected: str) -> None:
    assert topic(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INVALID_LOGIN: Invalid username, password, security tok", "wrong-credentials"),
        ("…oauth2/token failed: user hasn't approved this cons...", "user-not-approved"),
    ],
)
def test_a_text_that_was_cut_off_is_completed(text: str, expected: str) -> None:
    assert topic(text) == expected


# --- telling apart ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("expired access/refresh token", "token-expired-or-revoked"),
        ("user hasn't approved this consumer", "user-not-approved"),
        ("authentication failure", "wrong-credentials"),
        ("inactive user", "user-inactive-or-locked"),
        ("ip restricted or invalid login hours", "ip-restricted"),
        ("audience is invalid", "client-misconfigured"),
        ("no client credentials user enabled", "client-misconfigured"),
        ("request not supported on this domain", "wrong-org-or-domain"),
        ("expired authorization code", "token-expired-or-revoked"),
        ("user is locked", "user-inactive-or-locked"),
    ],
)
def test_one_code_with_different_descriptions_leads_to_different_topics(description: str, expected: str) -> None:
    assert topic(_oauth_json(description)) == expected


@pytest.mark.parametrize(
    "text",
    [
        'google.auth.exceptions.RefreshError: ("invalid_grant: Token has been expired or revoked.", {})',
        "AADSTS50011: The reply URL specified in the request does not match the reply URLs configured",
        "slack_sdk.errors.SlackApiError: {'ok': False, 'error': 'invalid_auth'}",
        'oauth2.googleapis.com: {"error": "invalid_grant", "error_description": "Invalid JWT"}',
        "GitHub: Bad credentials. The OAuth token was revoked, re-authorize the application",
        "Okta: invalid_client: The client secret supplied is invalid",
        "Keycloak: invalid_grant, Session not active, refresh token expired",
        "selenium.common.exceptions.InvalidSessionIdException: Message: invalid session id",
    ],
)
def test_other_vendors_errors_are_not_ours(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "System.LimitException: Too many SOQL queries: 101",
        "UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record",
        "MALFORMED_QUERY: unexpected token: FORM",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION: Close date is required",
        "DUPLICATE_VALUE: duplicate value found: External_Id__c",
        "fix: refresh token rotation for Salesforce orgs",
        "it('should handle INVALID_TYPE errors', async () => {",
        "Salesforce supports OAuth; refresh tokens let an app ask for a new session.",
        "lunch at twelve?",
        "",
    ],
)
def test_other_salesforce_errors_prose_and_chat_stay_unanswered(text: str) -> None:
    assert topic(text) == "none"


def test_the_deepest_cause_wins_and_the_others_are_named() -> None:
    found = MATCHER.recognise(
        "INVALID_SESSION_ID: Session expired or invalid\nrefreshing: invalid_grant: inactive user",
        asked=False,
    )

    assert found.entry is not None
    assert (found.entry.topic, found.code) == ("user-inactive-or-locked", "invalid_grant")
    assert [other.topic for other in found.others] == ["token-expired-or-revoked"]


@pytest.mark.parametrize("asked", [False, True], ids=["overheard", "asked"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("invalid_grant: invalid assertion\nFix: check your user name and password.", "client-misconfigured"),
        ("Salesforce: invalid_grant: invalid authorization code\nMake sure it is active.", "token-expired-or-revoked"),
        ("Salesforce: Bad_OAuth_Token. Please ask your admin to install the app.", "token-expired-or-revoked"),
        (
            "Salesforce login: invalid_client, invalid client credentials. (In rare cases the app is not installed.)",
            "client-misconfigured",
        ),
        ("Salesforce: login rate exceeded. Less likely: wrong password.", "rate-limited-or-unavailable"),
        # Where nothing but the advice tells a cause, it does.
        ("Salesforce login failed, please check that the app is not blocked by admin", "app-blocked"),
    ],
)
def test_what_is_advised_after_an_error_is_no_cause(text: str, expected: str, asked: bool) -> None:
    found = MATCHER.recognise(text, asked=asked)

    assert found.entry is not None
    assert found.entry.topic == expected


def test_an_entry_that_says_nothing_is_not_named_beside_a_cause() -> None:
    text = "salesforce login failed with invalid_grant: inactive user, OAUTH_APPROVAL_ERROR_GENERIC"

    found = MATCHER.recognise(text, asked=False)

    assert found.entry is not None
    assert found.entry.topic == "user-inactive-or-locked"
    assert found.others == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INVALID_SESSION_ID", "token-expired-or-revoked"),
        ("```INVALID_SESSION_ID```", "token-expired-or-revoked"),
        ("what is INVALID_SESSION_ID good for in our selenium tests", "none"),
        ("OAUTH_APPROVAL_ERROR_GENERIC", "other-salesforce-auth"),
    ],
)
def test_a_code_all_by_itself_counts(text: str, expected: str) -> None:
    assert topic(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Heroku Connect, mapping Contact in state ERROR: INVALID_SESSION_ID: Session expired or invalid",
            "token-expired-or-revoked",
        ),
        (
            "Our Snowflake sync stopped this morning: INVALID_SESSION_ID: Session expired or invalid",
            "token-expired-or-revoked",
        ),
        ("Our Snowflake sync stopped this morning: session expired or invalid", "none"),
        (
            'Snowflake load failed: [{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]',
            "token-expired-or-revoked",
        ),
        ("Snowflake load failed with exceptionCode=INVALID_SESSION_ID", "token-expired-or-revoked"),
        ("Snowflake load failed: INVALID_SESSION_ID", "none"),
        ("Snowflake load failed with exceptionCode 'INVALID_LOGIN'", "wrong-credentials"),
        ("NetSuite says errorCode INVALID_LOGIN", "none"),  # which it prints as well
    ],
)
def test_a_code_with_the_text_that_salesforce_alone_gives_it_counts_beside_others(text: str, expected: str) -> None:
    found = MATCHER.recognise(text, asked=False)

    assert topic(text) == expected
    assert (found.code is None) if found.entry is None else (found.code is not None and found.code in text)


@pytest.mark.parametrize(
    "command",
    ["sf project deploy start -o uat", "sf data query -q soql -o uat", "sf apex run test", "sf package install"],
)
def test_a_command_of_salesforces_own_program_says_whose_error_it_is(command: str) -> None:
    error = "redirect_uri_missing: redirect_uri not provided"

    assert topic(f"+ {command}\n{error}\nFinished: FAILURE") == "client-misconfigured"
    assert topic(f"+ make deploy\n{error}\nFinished: FAILURE") == "none"


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("inactive user", "user-inactive-or-locked"),
        ("authentication failure", "wrong-credentials"),
        ("ip restricted", "ip-restricted"),
        ("invalid client credentials", "client-misconfigured"),
        ("login rate exceeded", "rate-limited-or-unavailable"),
        ("something never seen", "token-expired-or-revoked"),
    ],
)
def test_that_a_token_could_not_be_refreshed_is_not_yet_why(cause: str, expected: str) -> None:
    refused = f"Error (RefreshTokenAuthError): Error authenticating with the refresh token due to: {cause}"

    assert topic(refused) == expected


@pytest.mark.parametrize(
    ("cause", "expected"),
    [("expired access/refresh token", "token-expired-or-revoked"), ("ip restricted", "ip-restricted")],
)
def test_that_authentication_failed_is_a_heading_before_the_code(cause: str, expected: str) -> None:
    assert topic(f"Connection test: Authentication failed: invalid_grant - {cause}") == expected
    assert topic("invalid_grant - authentication failure") == "wrong-credentials"


def test_a_login_refused_for_its_rate_has_no_wrong_password() -> None:
    assert topic("Failed to login: INVALID_LOGIN - login rate exceeded (sf:deploy)") == "rate-limited-or-unavailable"


def test_everyday_words_in_a_program_do_not_count_and_what_it_printed_does() -> None:
    program = 'sf = Salesforce(session)\nif not sf.login(user):\n    log.error("the Salesforce session expired")\n'

    assert topic(program) == "none"
    printed = (
        'Traceback (most recent call last):\n  File "sync.py", line 4, in <module>\nINVALID_LOGIN: Invalid username'
    )
    assert topic(f"{program}\n{printed}, password, security token") == "wrong-credentials"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("error OAUTH_APP_BLOCKED", "app-blocked"),
        ("error GOOGLE_OAUTH_APP_BLOCKED", "none"),
        ("error OAUTH_APP_BLOCKED_COUNT", "none"),
        ("error oauth_app_access_denied", "user-not-approved"),
        ("INVALID_APP_ACCESS_GRANT", "none"),
    ],
)
def test_a_code_is_a_whole_name(text: str, expected: str) -> None:
    assert topic(text) == expected


def _patterns_in(text: str) -> set[str]:
    return {pattern.text for pattern in MATCHER.patterns_in(text)}


def test_a_phrase_does_not_go_from_one_sentence_into_the_next() -> None:
    assert "invalid login" not in _patterns_in("Salesforce error: the value is invalid. Login is at eight.")
    assert "invalid login" in _patterns_in("Salesforce error: invalid login is shown at eight.")


def test_what_only_another_vendor_prints_outweighs_the_name_of_salesforce() -> None:
    assert topic("error: Salesforce SSO login failed, the token expired") == "token-expired-or-revoked"
    assert topic("error AADSTS70008: Salesforce SSO login failed, the token expired") == "none"


def test_a_setup_word_counts_until_another_vendor_is_named() -> None:
    assert topic("error: the connected app is blocked") == "app-blocked"
    assert topic("GitHub error: the connected app is blocked") == "none"
    assert topic("GitHub error for Salesforce: the connected app is blocked") == "app-blocked"


def test_an_announcement_names_states_that_nothing_is_in() -> None:
    state = "the connected app is not installed in the org"

    assert topic(f"Salesforce: {state}") == "app-not-installed"
    assert topic(f"From May on Salesforce will refuse logins where {state}. We have a plan for that.") == "none"
    assert topic("Starting in May we get OAUTH_APP_BLOCKED") == "app-blocked"


def test_in_a_long_text_a_state_needs_a_trouble_beside_it() -> None:
    talk = " and then the team went on with the slides about the plan" * 6
    log = "\n2026-11-29 04:00:02 INFO retry in 60 s" * 20

    assert topic(f"the Salesforce token expired{talk}") == "none"
    assert topic(f"2026-11-29 04:00:01 ERROR the Salesforce token expired{log}") == "token-expired-or-revoked"


def test_the_generic_page_text_alone_asks_for_the_address() -> None:
    found = MATCHER.recognise("OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred", asked=False)

    assert found.entry is not None
    assert (found.entry.topic, found.entry.asks_for_url) == ("other-salesforce-auth", True)


def test_the_address_answers_what_the_generic_page_hides() -> None:
    page = "OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication."
    address = (
        "https://acme--uat.sandbox.my.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp"
        "?error=invalid_client&error_description=app+must+be+installed+into+org&code=[masked]"
    )

    found = MATCHER.recognise(f"{page}\n{address}", asked=False)

    assert found.entry is not None
    assert (found.entry.topic, found.code) == ("app-not-installed", "invalid_client")


def test_evidence_is_in_the_guidances_words_never_the_askers() -> None:
    found = MATCHER.recognise("<!channel> user hunter2 gets OAUTH_APP_BLOCKED", asked=False)

    assert found.evidence == ("OAUTH_APP_BLOCKED",)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Salesforce token died again", "token … died"),
        ("lapsed, our Salesforce session", "lapsed … session"),
        ("our Salesforce conection was revokd again", "connection … revoked"),
        ("Salesforce: authentication failed for user svc-sync", "authentication failed"),
        ("OAUTH_APP_BLOCKED: this app is blocked by admin", "this app is blocked by admin"),
    ],
)
def test_evidence_is_the_reading_that_the_text_has(text: str, evidence: str) -> None:
    found = MATCHER.recognise(text, asked=False)

    assert evidence in found.evidence
    assert "blocked this app" not in found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "expired authorization code",
        "Session expired or invalid",
        "audience is invalid",
        "login rate exceeded",
        "invalid login hours",
        "this app is blocked by admin",
        "API is disabled for this user",
        "not admin approved",
    ],
)
def test_a_sentence_that_others_print_too_is_overheard_beside_salesforces(text: str) -> None:
    assert topic(text) == topic(f"the screen of the meeting room shows: {text}") == "none"
    assert topic(f"since noon Salesforce says: {text}") != "none"
    assert topic(f"since noon our org says: {text}") != "none"
    assert topic(f"since noon the connected app gets {text}") != "none"
    assert topic(f"invalid_grant: {text}") != "none"
    assert topic(f"Error (1): {text}") != "none"  # as Salesforce's command line begins it


@pytest.mark.parametrize("text", ["login rate exceeded", "API is disabled for this user", "SERVER_UNAVAILABLE: busy"])
def test_asked_what_others_print_too_counts_until_another_vendor_is_named(text: str) -> None:
    assert topic(text, asked=True) != "none"
    assert topic(f"Okta says: {text}", asked=True) == topic(f"Okta says: {text}") == "none"
    assert topic(f"Okta login to Salesforce says: {text}") != "none"


def test_a_code_that_others_have_too_is_overheard_by_itself() -> None:
    assert topic("SERVER_UNAVAILABLE: server is too busy") != "none"
    assert topic("INVALID_SESSION_ID") != "none"


def test_everyday_words_count_only_beside_salesforce_and_trouble() -> None:
    assert topic("authentication failure in the build") == "none"
    assert topic("Salesforce error: authentication failure") == "wrong-credentials"
    assert topic("The Salesforce help explains how refresh tokens expire") == "none"


def test_parts_of_a_pattern_that_stand_far_apart_do_not_count() -> None:
    near = "blocked today: the connected app"
    far = f"blocked today {'and then we talked about lunch for a while ' * 4} the connected app"

    assert topic(near) == "app-blocked"
    assert topic(far) == "none"


def test_a_short_word_is_not_taken_for_another_one() -> None:
    assert topic("Salesforce failure report: the user is lacked a chair") == "none"
    assert topic("Salesforce failure report: the user is lokced") == "user-inactive-or-locked"


@pytest.mark.parametrize("word", ["looked", "lacked"])
def test_another_word_is_no_mistyped_one(word: str) -> None:
    assert "user is locked" not in _patterns_in(f"Salesforce login failed: the user is {word}")


def test_what_is_to_be_done_is_not_taken_for_what_was_done() -> None:
    vocabulary = PatternIndex([Pattern("", "the api is disabled"), Pattern("", "salesforce rejects it")]).vocabulary

    assert vocabulary.words("disable disables reject disbled rejcts") == (
        "disable disables reject disabled rejects".split()
    )


def test_a_short_word_that_lacks_a_letter_is_another_one_unless_that_stands_twice() -> None:
    vocabulary = PatternIndex([Pattern("", "logged failed"), Pattern("", "nonce replay")]).vocabulary

    assert (
        vocabulary.words("filed reply loged faled failled faield") == "filed reply logged faled failed failed".split()
    )
    assert topic("I filed the login ticket for Salesforce with IT") == "none"


# --- questions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("how do I let only some users in?", "permitted-users"),
        ("what is the difference between the two Permitted Users settings", "permitted-users"),
        ("where do I click Update Token", "refresh-token"),
        ("is the app already installed?", "check-installed"),
        ("how do I install the Flosum app", "install"),
        ("why do we need to install this connected app?", "why"),
        ("how do I add a profile to the connected app?", "grant-profile"),
        ("can I grant access with a permission set", "grant-permission-set"),
        ("how do I unblock the app", "unblock"),
        ("how can I confirm the installation worked?", "confirm-installed"),
        ("donde veo el token", "token-valid"),
        ("install where exactly", "install"),
        ("unblock app steps", "unblock"),
    ],
)
def test_a_question_finds_its_section(question: str, section: str) -> None:
    found = MATCHER.recognise(question, asked=True)

    assert found.entry is not None
    assert (found.entry.kind, found.entry.topic) == (Kind.GUIDE, section)


@pytest.mark.parametrize(
    ("question", "suggestions"),
    [
        ("what do I tell my boss", 2),
        ("app list empty", 2),
        ("hello, my app doesn't work", 0),
        ("what is for lunch?", 0),
        ("how do I write a JWT bearer flow?", 0),
        ("who won the match", 0),
        ("what is the weather", 0),
        ("did it rain yesterday", 0),
        ("the meeting room is taken", 0),
        ("hello there old friend of mine", 0),
        ("hallo zusammen", 0),
        ("", 0),
    ],
)
def test_what_the_guide_leaves_out_gets_two_suggestions_where_it_is_near(question: str, suggestions: int) -> None:
    found = MATCHER.recognise(question, asked=True)

    assert found.entry is None
    assert len(found.nearest) == suggestions
    assert all(entry.kind is Kind.GUIDE for entry in found.nearest)


def test_a_question_overheard_gets_no_answer() -> None:
    assert topic("how do I install the Flosum app?", asked=False) == "none"


# --- what holds for every text ---------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(spoken(pattern) for pattern in GUIDANCE.patterns[::7]),
        "<!channel>",
        "\x00",
        "%25",
        "&amp;",
        "\\u00",
        "‮",
        "```",
        "password=hunter2",
        "\ud83d",
        "  ",
        "lunch",
        "%2",
        "&#",
    ]
)


@given(st.lists(PIECES, max_size=30).map(" ".join), st.booleans())
def test_no_text_breaks_recognition(text: str, asked: bool) -> None:
    found = MATCHER.recognise(text, asked=asked)

    assert found.entry is None or found.entry in GUIDANCE.entries
    assert asked or found.entry is None or found.entry.kind is Kind.ERROR


@pytest.mark.parametrize("secret", ["password=hunter2", "sid=00Dxx0000001gPL!AR8AQJXg5oj8jXSg"])
def test_redaction_does_not_change_what_is_recognised(secret: str) -> None:
    texts = {pattern: f"{spoken(pattern)}\n{secret}" for pattern in GUIDANCE.patterns}

    changed = [pattern for pattern, text in texts.items() if topic(redact(text).text) != topic(text)]

    # Of everyday words the wording of the whole text decides between two topics that are as likely.
    assert [pattern.text for pattern in changed if pattern.specificity < Specificity.COMMON] == []
    assert len(changed) <= len(texts) // 140


def test_patterns_that_are_codes_are_reported_as_code() -> None:
    code = next(pattern.text for pattern in GUIDANCE.patterns if is_code(pattern.text))

    assert MATCHER.recognise(f"got {code.lower()}", asked=True).code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the integration came back with a Salesforce login error: OAUTH_APP_BLOKCED", "app-blocked"),
        ("Salesforce OAuth error OAUTH_EC_APP_NOT_FUOND", "app-not-installed"),
        ("Salesforce login failed: user hasn't approvd this consumr", "user-not-approved"),
    ],
)
def test_a_typo_in_the_real_error_is_corrected_though_everyday_words_were_found(text: str, expected: str) -> None:
    assert topic(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Salesforce login says OAUTH_EC_APP_NOTFOUND", "OAUTH_EC_APP_NOT_FOUND"),
        ("salesforce: OAUTHAPP_BLOCKED since noon", "OAUTH_APP_BLOCKED"),
        ("sync stopped, salesforce answers invalid_sessionid", "INVALID_SESSION_ID"),
    ],
)
def test_a_code_is_known_where_one_of_its_underscores_is_lost(text: str, expected: str) -> None:
    assert MATCHER.recognise(text, asked=False).code == expected


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("https://acme.my.salesforce.com/x?error=invalid_client&error_description=app+must+be+installed+into+org", []),
        ("my.salesforce.com error=invalid_client (app must be installed into org)", []),
        ("my.salesforce.com: invalid client credentials, then OAUTH_APP_BLOCKED", ["client-credentials-invalid"]),
        ("my.salesforce.com invalid_grant: ip restricted; invalid client credentials", ["client-credentials-invalid"]),
    ],
)  # fmt: skip
def test_the_code_that_a_cause_comes_under_is_no_second_error(text: str, others: list[str]) -> None:
    found = MATCHER.recognise(text, asked=True).others

    assert [entry.id for entry in found if entry.id != "authentication-failure"] == others


FEW_WORDS = {
    "access token expired": "token-expired-or-revoked",
    "token missing": "token-expired-or-revoked",
    "access revoked": "token-expired-or-revoked",
    "user not approved": "user-not-approved",
    "app access denied": "user-not-approved",
    "connected app missing": "app-not-installed",
    "app uninstalled": "app-not-installed",
    "app blocked": "app-blocked",
    "ip restricted": "ip-restricted",
    "user locked out": "user-inactive-or-locked",
}


@pytest.mark.parametrize(("phrase", "expected"), FEW_WORDS.items())
def test_a_few_words_that_name_a_fault_are_the_error_and_no_question(phrase: str, expected: str) -> None:
    assert topic(phrase, asked=True) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("update token", "refresh-token"),
        ("install app", "install"),
        ("unblock", "unblock"),
        ("add profile", "grant-profile"),
    ],
)
def test_a_few_words_that_name_a_thing_to_do_are_the_guides(phrase: str, expected: str) -> None:
    assert topic(phrase, asked=True) == expected
