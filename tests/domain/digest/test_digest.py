"""When a digest is due, and the words for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest import schedule, told
from bot.domain.digest.subscription import Rhythm
from tests.digests import weekly

BERLIN = weekly("T1", "C1", weekday=0, hour=9, minute=0, zone="Europe/Berlin")
MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin


def test_it_is_due_from_its_minute_on_and_caught_up_for_a_day() -> None:
    assert schedule.due(BERLIN, MONDAY_9 - timedelta(seconds=1)) is None
    assert schedule.due(BERLIN, MONDAY_9) == MONDAY_9
    assert schedule.due(BERLIN, MONDAY_9 + schedule.CATCH_UP - timedelta(seconds=1)) == MONDAY_9
    assert schedule.due(BERLIN, MONDAY_9 + schedule.CATCH_UP) is None


def test_a_slot_that_passed_before_it_was_set_is_not_made_up_for() -> None:
    assert schedule.due(replace(BERLIN, set_at=MONDAY_9 + timedelta(minutes=1)), MONDAY_9 + timedelta(hours=1)) is None
    assert schedule.due(replace(BERLIN, set_at=MONDAY_9), MONDAY_9 + timedelta(hours=1)) is not None


def test_what_is_switched_off_is_never_due() -> None:
    assert schedule.due(replace(BERLIN, enabled=False), MONDAY_9) is None


def test_it_stays_nine_oclock_through_daylight_saving() -> None:
    for day, hour in ((datetime(2027, 3, 22, tzinfo=UTC), 8), (datetime(2027, 3, 29, tzinfo=UTC), 7)):
        assert schedule.latest(BERLIN, day.replace(hour=12)) == day.replace(hour=hour)


@pytest.mark.parametrize("sunday", [datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)])
def test_an_hour_that_is_skipped_or_repeated_has_one_instant(sunday: datetime) -> None:
    at_half_past_two = replace(BERLIN, weekday=6, hour=2, minute=30)
    minutes = [sunday + timedelta(minutes=minute) for minute in range(24 * 60)]

    instants = {due for minute in minutes if (due := schedule.due(at_half_past_two, minute))}

    assert len(instants) == 1


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/Phoenix", "Pacific/Apia", "Europe/Berlin"]),
)
def test_the_next_one_lies_ahead_by_at_most_a_week(moment: datetime, weekday: int, hour: int, zone: str) -> None:
    now = moment.replace(tzinfo=UTC)
    reminder = weekly("T1", "C1", weekday, hour, 0, zone)

    ahead = schedule.upcoming(reminder, now) - now

    assert timedelta(0) < ahead <= timedelta(days=7, hours=1)


def test_a_zone_that_the_database_lacks_by_now_is_utc_and_said_to_be() -> None:
    gone = replace(BERLIN, zone="US/Pacific-New")

    assert schedule.upcoming(gone, MONDAY_9) == MONDAY_9 + timedelta(hours=1)
    assert schedule.schedule_words(gone) == "Mondays at 09:00 UTC"


def test_a_schedule_is_said_in_words() -> None:
    words = [schedule.schedule_words(replace(BERLIN, rhythm=rhythm)) for rhythm in Rhythm]

    assert words == [
        "Mondays at 09:00 Europe/Berlin",
        "every second Monday at 09:00 Europe/Berlin",
        "Monday to Friday at 09:00 Europe/Berlin",
    ]


def test_an_hour_that_the_clock_skips_is_told_of_beforehand() -> None:
    at_half_past_two = replace(BERLIN, weekday=6, hour=2, minute=30)

    assert told.odd_hours(at_half_past_two, MONDAY_9) == (
        "On 28 March 2027 the clock skips 02:30 there: it comes at 03:30 that day"
    )
    assert told.odd_hours(BERLIN, MONDAY_9) == ""
