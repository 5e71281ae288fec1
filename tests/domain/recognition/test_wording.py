"""What is said to the bot is understood by its wording where no pattern knows it, and says that it goes by no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.recognition.entries import Kind
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.question_model import QuestionModel, shown
from tests.recognition_helpers import GUIDANCE, MATCHER

# Errors that no pattern of the guidance holds: unknown codes whose words tell, garbled sentences, words of one's own.
BY_WORDING = {
    "LOGIN_IP_RANGE_REFUSED_FOR_PROFILE at Salesforce": "ip-restricted",
    "Salesforce error: APP_ABSENT_FROM_ORG": "app-not-installed",
    "salesforce error: USER_ADMIN_APPROVAL_MISSING_FOR_APP": "user-not-approved",
}


@pytest.mark.parametrize(("text", "topic"), BY_WORDING.items())
def test_an_error_that_no_pattern_knows_is_told_by_its_words_and_says_so(text: str, topic: str) -> None:
    found = MATCHER.recognise(text, asked=True)

    assert found.entry is not None
    assert found.entry.topic == topic
    assert found.is_guess
    assert found.evidence == ()


@pytest.mark.parametrize("text", BY_WORDING)
def test_overheard_the_wording_alone_never_answers(text: str) -> None:
    assert not MATCHER.recognise(text, asked=False).is_guess


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
    found = MATCHER.recognise("Salesforce: LOGIN_REFUSED_17", asked=True)

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
