"""What is said to the bot is understood by its wording where no pattern knows it, and says that it goes by no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.recognition.entries import Kind
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.question_model import QuestionModel, shown
from tests.recognition_helpers import GUIDANCE, MATCHER, topic

# Errors that no pattern of the guidance holds: unknown codes whose words tell, garbled sentences, words of one's own.
BY_WORDING = {
    "LOGIN_IP_RANGE_REFUSED_FOR_PROFILE at Salesforce": "ip-restricted",
    "Salesforce error: APP_MISSING_IN_ORG": "app-not-installed",
    "salesforce error: USER_ADMIN_APPROVAL_MISSING_FOR_APP": "user-not-approved",
}


@pytest.mark.parametrize(("text", "topic"), BY_WORDING.items())
def test_an_error_that_no_pattern_knows_is_told_by_its_words_and_says_so(text: str, topic: str) -> None:
    found = MATCHER.recognise(text, asked=True)

    assert found.entry is not None
    assert found.entry.topic == topic
    assert found.is_guess
    assert found.evidence == ()


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        (
            "since the vault gave our job a new consumer secret, Salesforce turns its login down",
            "client-credentials-invalid",
        ),
        ("what we enter as redirect in the tool isn't what the Salesforce app has", "redirect-uri-mismatch"),
        ("the scope our connector asks for is not ticked in the Salesforce app", "scope-not-allowed"),
        ("she has typed her Salesforce password wrong too often and is locked out now", "user-locked"),
        ("Salesforce itself is down, our login gets a 503", "salesforce-unavailable"),
        ("the trial of our Salesforce org has run out and we can't get in", "org-unavailable"),
    ],
)
def test_what_is_told_in_ones_own_words_leads_to_its_very_entry(text: str, entry_id: str) -> None:
    found = MATCHER.recognise(text, asked=True)

    assert found.entry is not None
    assert (found.entry.id, found.is_guess) == (entry_id, True)


# Somebody reports a refusal of Salesforce's now, in words that no pattern has.
OVERHEARD = {
    "New colleagues can't connect the quoting tool to Salesforce, the page wants our admin to put the app in first": (
        "app-not-installed"
    ),
    "since lunch Salesforce throws our backup tool out, an admin must have switched the app off": "app-blocked",
    "Salesforce lets everybody into the report tool except me, apparently I am not on the list for it": (
        "user-not-approved"
    ),
    "our Salesforce sync has to be connected anew every morning, the stored login is gone again": (
        "token-expired-or-revoked"
    ),
}


@pytest.mark.parametrize(("text", "topic"), OVERHEARD.items())
def test_a_report_in_everyday_words_is_overheard_beside_salesforces_name(text: str, topic: str) -> None:
    found = MATCHER.recognise(text, asked=False)

    assert found.entry is not None
    assert found.entry.topic == topic
    assert not MATCHER.recognise(text.replace("Salesforce", "the CRM"), asked=False).entry


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Salesforce blocked my app, cant login with flosum", "app-blocked"),
        (
            "cannot connect to Salesforce, our admin has to put the backup tool's app into the org first",
            "app-not-installed",
        ),
    ],
)
@pytest.mark.parametrize("asked", [False, True], ids=["heard", "asked"])
def test_a_cause_in_everyday_words_wins_over_what_says_only_that_it_failed(text: str, right: str, asked: bool) -> None:
    found = MATCHER.recognise(text, asked=asked).entry

    assert found is not None
    assert found.topic == right


# The same words where nothing is refused now, where another vendor is named, and Salesforce's own other troubles.
NOT_REPORTED = """
We will put the new app into Salesforce prod on Thursday, and then all can connect
we will switch the backup tool off in Salesforce once the new one runs
who is on the list for the report tool in Salesforce?
the Salesforce sync had to be connected anew last month, solved since
since lunch Okta throws our backup tool out, Salesforce is fine
Salesforce reports look odd since lunch, the totals are wrong
""".strip().splitlines()


@pytest.mark.parametrize("text", NOT_REPORTED)
def test_what_is_no_report_of_a_refusal_stays_unanswered(text: str) -> None:
    assert MATCHER.recognise(text, asked=False).entry is None


def test_everyday_words_that_surely_speak_for_another_cause_outweigh_a_known_phrase() -> None:
    text = "authentication failed, Salesforce says an admin has to install our app in the org first"
    by_patterns = Matcher(replace(GUIDANCE, load_questions=QuestionModel)).recognise(text, asked=False)

    assert by_patterns.entry is not None
    assert by_patterns.entry.id == "login-failed"
    found = MATCHER.recognise(text, asked=False)
    assert found.entry is not None
    assert (found.entry.topic, found.is_guess) == ("app-not-installed", True)


@pytest.mark.parametrize(
    "text",
    [
        "cannot login to SF",
        "can't log in to Salesforce from flosum",
        "flosum can't connect to SF anymore",
        "we get an error logging in to SF prod",
        "I cannot sign in to sfdc",
    ],
)
def test_that_a_login_fails_is_told_with_where_its_cause_stands(text: str) -> None:
    overheard, asked = (MATCHER.recognise(text, asked=is_asked).entry for is_asked in (False, True))

    assert overheard == asked == GUIDANCE.entry("login-failed")


@pytest.mark.parametrize(
    "text",
    [
        "couldn't log in to SF yesterday, all good now",
        "can sales log in to Salesforce from the phone?",
        "if you can't log in to Salesforce, ask Dana",
        '{"name":"sfdx","pid":1767,"level":60,"code":"ERR_INVALID_ARG_TYPE","msg":"","v":0}',
    ],
)
def test_that_a_login_failed_once_or_may_fail_is_no_report(text: str) -> None:
    assert topic(text) == "none"


def test_a_phrase_that_hides_the_cause_gives_way_to_words_that_surely_tell_it() -> None:
    text = """
        Hi! Your flow "SF to Mailchimp" was switched off after 5 errors.
        Error: [400] invalid_grant – token validity expired
        Reauthorize the connection "My Salesforce".
    """

    assert (topic(text), topic(text, asked=True)) == ("token-expired-or-revoked", "token-expired-or-revoked")


# Neither Salesforce nor a code: such words stand in a thousand other troubles.
SAYS_LITTLE = """
error
failed
failure
locked
denied
session
the org
user@acme.com
acme.my.salesforce.com
https://acme.my.salesforce.com
it does not work
it failed again
the deploy failed
the import failed
build: failed
error: test failed
backup failed last night
I have a problem
same problem
problem with login
Flosum deployment failed
Salesforce is slow today
the door of our office is locked again
""".strip().splitlines()


@pytest.mark.parametrize("text", SAYS_LITTLE)
def test_what_says_little_is_no_error_to_guess(text: str) -> None:
    assert not MATCHER.recognise(text, asked=True).is_guess


@pytest.mark.parametrize("vendor", ["GitHub", "Okta", "Google"])
def test_another_vendors_error_is_not_told_by_its_words(vendor: str) -> None:
    found = MATCHER.recognise(f"{vendor}: REFRESH_TOKENS_WERE_ALL_EXPIRED", asked=True)

    assert found.entry is None or found.entry.kind is Kind.GUIDE


def test_what_is_unsure_names_the_next_likely_topic_too() -> None:
    found = MATCHER.recognise(
        "Salesforce refuses the connector after we moved offices and changed its password", asked=True
    )

    assert found.is_guess
    assert found.entry is not None
    assert len({found.entry.topic, *(other.topic for other in found.others)}) == 2


def test_without_training_only_patterns_answer() -> None:
    untrained = Matcher(replace(GUIDANCE, load_questions=QuestionModel))

    assert not untrained.recognise("Salesforce: APP_INSTALL_REQUIRED_IN_ORG", asked=True).is_guess
    assert untrained.recognise("Salesforce: OAUTH_APP_BLOCKED", asked=True).entry is not None


def test_of_a_long_text_both_ends_are_read() -> None:
    read = shown("begin" + "x" * 50_000 + "end")

    assert read.startswith("begin")
    assert read.endswith("end")
    assert len(read) < 5_000


def test_a_page_that_hides_the_cause_is_told_as_that_and_not_guessed() -> None:
    found = MATCHER.recognise("Salesforce error: OAUTH_APPROVAL_ERROR_GENERIC on the app's login", asked=True)

    assert found.entry is not None
    assert found.entry.id == "approval-error-generic"
    assert not found.is_guess
