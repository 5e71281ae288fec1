"""When a digest is due, how a schedule is read, and what the digest says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.views.blocks import message
from bot.domain.answers import Items, State
from bot.domain.digest import report, schedule
from bot.domain.model import Diagnosis, Login, NextStep, Org, Verdict
from tests import phone
from tests.digests import past, weekly

BERLIN = weekly("T1", "C1", weekday=0, hour=9, minute=0, zone="Europe/Berlin")
MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin


SINCE = {"emea": MONDAY_9 - timedelta(weeks=3), "legacy": MONDAY_9 - timedelta(days=13)}


def diagnosis(name: str, verdict: Verdict, *topics: str) -> Diagnosis:
    org = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT, open_since=SINCE.get(name))
    steps = tuple(NextStep(topic, None, f"do {topic}", f"https://{org.host}/x") for topic in topics)
    return Diagnosis(org, verdict, f"`{name}` is {verdict}", f"is {verdict}", steps, None)


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


def test_the_digest_counts_names_and_thanks() -> None:
    found = [
        diagnosis("prod", Verdict.READY),
        diagnosis("emea", Verdict.ACTION_NEEDED, "install"),
        diagnosis("legacy", Verdict.UNKNOWN),
    ]
    before = [past("2026-W47", (), ("prod", "emea", "legacy")), past("2026-W46", (), ("prod", "emea"))]

    answer = report.digest(found, before, BERLIN, MONDAY_9)

    assert answer.headline == "Flosum apps: 1 of 3 orgs ready, 1 not read yet (+1 since last week)"
    lines = [item for part in answer.parts if isinstance(part, Items) for item in part.items]
    assert [(line.name, line.state) for line in lines] == [("`emea`", State.MISSING), ("`legacy`", State.UNKNOWN)]
    assert "for 3 weeks" in lines[0].detail
    assert "for 13 days" in lines[1].detail
    assert any("Done since last week: `prod`" in str(part) for part in answer.parts)
    assert "Next: Monday 30 November, 09:00 Europe/Berlin" in answer.note


def test_a_digest_of_hundreds_stays_readable() -> None:
    found = [diagnosis(f"org{number}", Verdict.ACTION_NEEDED, "install") for number in range(300)]

    answer = report.digest(found, [], BERLIN, MONDAY_9)

    assert phone.height(message(answer)["blocks"]) <= report.LINES
    assert sum(len(part.items) for part in answer.parts if isinstance(part, Items)) == 15
    assert "And 285 more: `/flosum status all`" in str(answer.parts)


def test_owners_whose_orgs_are_not_shown_are_named_all_the_same() -> None:
    found = [diagnosis(f"org{number}", Verdict.ACTION_NEEDED, "install") for number in range(30)]
    found = [
        replace(each, org=replace(each.org, owner="U1" if number < 20 else "U2")) for number, each in enumerate(found)
    ]

    answer = report.digest(found, [], BERLIN, MONDAY_9)

    assert "more, of {user:U2}:" in str(answer.parts[-1])


def test_once_everything_was_reported_ready_there_is_silence() -> None:
    ready = [diagnosis("prod", Verdict.READY)]

    assert not report.all_done(ready, [])
    assert not report.all_done(ready, [past("2026-W47", (), ("prod",))])
    assert report.all_done(ready, [past("2026-W47", ("prod",), ())])
    assert not report.all_done([diagnosis("prod", Verdict.UNKNOWN)], [past("2026-W47", ("prod",), ())])
