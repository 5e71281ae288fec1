"""What is said while somebody waits: no more than is known of what is being read."""

from __future__ import annotations

import pytest

from bot.domain.command import parse
from bot.domain.conversations import replies


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("status prod", "Reading `prod` from Salesforce…"),
        ("status prod details", "Reading `prod` from Salesforce…"),
        ("status details prod", "Reading Salesforce…"),
        ("status de prod", "Reading Salesforce…"),
        ("status", "Reading Salesforce…"),
        ("status all", "Reading all orgs from Salesforce…"),
        ("status prod and uat", "Reading these orgs from Salesforce…"),
        ("remind now", "Reading all orgs from Salesforce…"),
        ("disconnect prod", "One moment…"),
        ("help", None),
    ],
)
def test_what_is_said_meanwhile(typed: str, said: str | None) -> None:
    answer = replies.meanwhile(parse(typed))

    assert (answer and answer.headline) == said
