"""How the days of a workspace that left are counted: whatever a clock does, things are kept longer and not shorter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.departures import DAYS, Departure, counted, to_do, told

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MARK = Departure("T1", NOW, NOW)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def after(*steps: timedelta, mark: Departure = MARK) -> Departure:
    now = NOW
    for step in steps:
        now += step
        mark = counted(mark, now)
    return mark


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        ([DAY - MINUTE], 0),
        ([DAY], 1),
        ([MINUTE] * (7 * 24 * 60), DAYS),
        ([MINUTE] * (7 * 24 * 60 - 1), DAYS - 1),
        ([DAY + timedelta(hours=12)] * 6, 6),  # a day and a half that passed is one day, or was half missed
        ([3650 * DAY], 1),
        ([3650 * DAY] + [MINUTE] * 600, 1),
        ([6 * DAY], 1),
        ([-5 * MINUTE], 0),
    ],
)
def test_a_day_counts_once_it_has_passed_and_no_leap_counts_more(steps: list[timedelta], days: int) -> None:
    assert after(*steps).days == days


def test_seven_days_with_a_tick_now_and_then_are_seven_times_24_hours() -> None:
    assert after(*[timedelta(hours=5)] * 33).days == DAYS - 1
    assert after(*[timedelta(hours=5)] * 34).days == DAYS


@pytest.mark.parametrize("leap", [DAY, 3650 * DAY])
def test_a_clock_that_is_set_back_begins_the_days_anew(leap: timedelta) -> None:
    mark = after(*[DAY] * 5, leap, -leap)

    assert (mark.days, mark.counted_at) == (0, NOW + 5 * DAY)


def test_two_processes_whose_clocks_disagree_never_get_to_seven_days() -> None:
    mark = MARK
    for minute in range(500):
        mark = counted(mark, NOW + minute * MINUTE)
        mark = counted(mark, NOW + minute * MINUTE + 3650 * DAY)
        assert mark.days <= 1


def test_the_operator_is_told_when_everything_goes_and_what_to_do() -> None:
    assert "on 2026-11-23." in told(MARK)
    assert "deleted on 2026-11-30" in told(MARK)
    assert "deleted on 2026-11-30" in told(after(DAY, DAY))
    assert "deleted on 2026-12-29" in told(after(DAY, 30 * DAY))
    assert "SLACK_BOT_TOKEN" in to_do(MARK)
    assert to_do(replace(MARK, workspace="T2")).endswith("python app.py forget --workspace T2")
