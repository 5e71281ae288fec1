"""Whether Salesforce or Flosum itself is down: answered where it is asked. Overheard, a question adds nothing."""

from __future__ import annotations

import pytest

from tests.recognition_helpers import MATCHER, topic

FLOSUM = (
    "is flosum down?",
    "anyone know if flosum is down?",
    "Does Flosum have an outage?",
    "where can I see whether flosum is up",
    "flosum status page?",
    "flosum maintenance window this weekend?",
    "is the flosum site working?",
    "flosum isn't loading, is it just me?",
    "is Flosum slow today?",
)
SALESFORCE = (
    "is salesforce down?",
    "is sfdc up",
    "is there an outage at salesforce",
    "is salesforce having issues today?",
    "salesforce is not responding",
    "salesforce status page",
    "is emea prod down?",
    "is our uat sandbox down for you too",
    "ist die Prod-Org gerade down?",
    "est-ce que notre prod est en panne ?",
)
ERRORS_BESIDE = (
    ("is salesforce down? I get INVALID_LOGIN", "wrong-credentials"),
    ("Is it the Salesforce outage? It says LOGIN_OAUTH_INVALID_IP", "ip-restricted"),
    ("is flosum down? it says Token Expired for our org", "token-expired-or-revoked"),
)
OF_SOMETHING_ELSE = (
    ("how do I install the Flosum app", "install"),
    ("is Jira down?", "none"),
    ("is the printer down?", "none"),
    ("ist GitLab gerade down?", "none"),
)


def _entry(text: str) -> str | None:
    entry = MATCHER.recognise(text, asked=True).entry
    return entry.id if entry else None


@pytest.mark.parametrize("text", FLOSUM)
def test_whether_flosum_is_down_is_answered_where_it_is_asked(text: str) -> None:
    assert (_entry(text), topic(text)) == ("flosum-unavailable", "none")


@pytest.mark.parametrize("text", SALESFORCE)
def test_whether_salesforce_is_down_is_answered_where_it_is_asked(text: str) -> None:
    found = MATCHER.recognise(text, asked=True)

    assert found.entry is not None
    assert found.entry.id == "salesforce-unavailable"
    assert found.is_guess  # a question is no evidence


@pytest.mark.parametrize("text", ["is salesforce down?", "is sfdc up", "salesforce status page"])
def test_whether_salesforce_is_down_is_left_alone_where_it_is_overheard(text: str) -> None:
    assert topic(text) == "none"


@pytest.mark.parametrize(("text", "right"), [*ERRORS_BESIDE, *OF_SOMETHING_ELSE])
def test_an_error_beside_the_question_or_another_question_is_answered_itself(text: str, right: str) -> None:
    assert topic(text, asked=True) == right
