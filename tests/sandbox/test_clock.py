"""The demo's clock, and which Monday it is set to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.clock import SetClock, last_monday, next_monday

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-11-29T02:00", "2026-11-23T08:00", "2026-11-30T08:00"),
        ("2026-11-30T07:59", "2026-11-23T08:00", "2026-11-30T08:00"),
        ("2026-11-30T08:00", "2026-11-30T08:00", "2026-12-07T08:00"),
        ("2026-11-29T23:30", "2026-11-23T08:00", "2026-11-30T08:00"),  # Monday there, Sunday in UTC
        ("2026-10-24T12:00", "2026-10-19T07:00", "2026-10-26T08:00"),  # the clocks go back between
    ],
)
def test_mondays(now: str, last: str, following: str) -> None:
    then = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert f"{last_monday(then, BERLIN):%Y-%m-%dT%H:%M}" == last
    assert f"{next_monday(then, BERLIN):%Y-%m-%dT%H:%M}" == following


def test_a_clock_goes_on_from_where_it_is_set() -> None:
    clock, there = SetClock(), datetime(2030, 1, 1, tzinfo=UTC)

    clock.set(there)
    assert timedelta() <= clock() - there < timedelta(minutes=1)
    clock.set()
    assert abs(clock() - datetime.now(UTC)) < timedelta(minutes=1)
