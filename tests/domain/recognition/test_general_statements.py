"""Sentences about how things always are, beside the same states told as they are now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.recognition.general_statements import is_general_statement

RULES = (
    "A blocked connected app stays blocked until somebody unblocks it.",
    "Users who are not assigned the permission set cannot use the connected app.",
    "In strict mode a connected app is blocked unless it is allowlisted.",
    "Refresh tokens expire after 30 days without use.",
    "An expired password has to be reset by the user.",
)
STATES = (
    "Users cannot log in, the app is blocked",
    "A user got blocked today",
    "Sessions expired in our org",
    "All users see error 401",
    "A autenticação com o Salesforce falhou",
    "The connected app is blocked",
    "Users are blocked by the Salesforce admin",
    "Some users are not approved for the connected app",
    "Salesforce sessions expired",
    "Users who do not have the app installed fail with OAUTH_APP_BLOCKED",
)


@pytest.mark.parametrize("text", RULES)
def test_a_rule_about_anybody_is_a_general_statement(text: str) -> None:
    assert is_general_statement(text)


@pytest.mark.parametrize("text", STATES)
def test_a_state_that_somebody_is_in_is_none(text: str) -> None:
    assert not is_general_statement(text)


@given(st.sampled_from(RULES), st.sampled_from((" Error 401.", " I fail.", " INVALID_SESSION_ID")))
def test_a_trouble_beside_a_rule_makes_it_a_case(rule: str, trouble: str) -> None:
    assert not is_general_statement(rule + trouble)
