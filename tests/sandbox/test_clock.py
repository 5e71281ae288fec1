"""The demo's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sandbox.clock import SetClock


def test_a_clock_goes_on_from_where_it_is_set() -> None:
    clock, there = SetClock(), datetime(2030, 1, 1, tzinfo=UTC)

    clock.set(there)
    assert timedelta() <= clock() - there < timedelta(minutes=1)
    clock.set()
    assert abs(clock() - datetime.now(UTC)) < timedelta(minutes=1)
