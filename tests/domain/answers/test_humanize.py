"""Amounts and ages in words, on both sides of every limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers.humanize import age, counted, listed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59.9), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59.9), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23.9), "23 h ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=1.99), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=13.9), "13 days ago"),
        (timedelta(days=14), "2 weeks ago"),
        (timedelta(days=20.9), "2 weeks ago"),
        (timedelta(days=21), "3 weeks ago"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_that_fits(since: timedelta, said: str) -> None:
    assert age(NOW - since, NOW) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 orgs"), (1, "1 org"), (2, "2 orgs"), (1200, "1,200 orgs")])
def test_an_amount_has_its_word(number: int, said: str) -> None:
    assert counted(number, "org", "orgs") == said


@pytest.mark.parametrize(("names", "said"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_names_are_listed(names: str, said: str) -> None:
    assert listed(names) == said
