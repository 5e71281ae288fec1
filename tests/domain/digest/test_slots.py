"""Slots over every zone and many years: on the wanted day at the wanted hour, once a period, wherever clocks change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.digest import delivery, schedule
from bot.domain.digest.subscription import Kind, Rhythm, Subscription
from bot.domain.digest.zones import usable
from tests.digests import weekly

ZONES = sorted(zone for zone in available_timezones() if usable(zone) == zone)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2032, 12, 31, tzinfo=UTC)
WEEK = timedelta(days=7)

moments = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)).map(lambda at: at.replace(tzinfo=UTC))
subscriptions = st.builds(
    weekly,
    st.just("T1"),
    st.just("C1"),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from(ZONES),
    rhythm=st.sampled_from(Rhythm),
    start=st.none() | st.dates(date(2026, 1, 1), date(2032, 12, 31)),
)


def exists(wall: datetime) -> bool:
    """Whether clocks show that time at all."""
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(fold=0) == wall.replace(fold=0)


def assert_as_wanted(subscription: Subscription, slot: datetime) -> None:
    """On the wanted day; at the wanted time, or right beside it where clocks skip that."""
    local = slot.astimezone(ZoneInfo(subscription.zone))
    wanted = local.replace(hour=subscription.hour, minute=subscription.minute, second=0, microsecond=0, fold=0)
    weekdays = range(5) if subscription.rhythm is Rhythm.WEEKDAYS else [subscription.weekday]
    assert local.weekday() in weekdays
    if exists(wanted):
        assert slot == wanted.astimezone(UTC)  # of a time that comes twice the first
    else:
        assert abs(local.replace(tzinfo=None) - wanted.replace(tzinfo=None)) <= timedelta(hours=2)


@settings(max_examples=400, deadline=None)
@given(subscriptions, moments)
@example(weekly("T1", "C1", weekday=5, hour=23, minute=30, zone="America/Nuuk"), datetime(2027, 3, 26, tzinfo=UTC))
@example(weekly("T1", "C1", weekday=6, hour=23, minute=59, zone="UTC"), datetime(2026, 12, 27, 23, 59, 30, tzinfo=UTC))
@example(weekly("T1", "C1", weekday=6, hour=0, zone="Asia/Beirut"), datetime(2027, 3, 27, tzinfo=UTC))
@example(
    weekly("T1", "C1", weekday=6, hour=2, minute=15, zone="Australia/Lord_Howe"), datetime(2026, 10, 3, tzinfo=UTC)
)
def test_the_slots_around_any_moment_are_as_wanted_and_next_to_each_other(
    subscription: Subscription, now: datetime
) -> None:
    before, after = schedule.latest(subscription, now), schedule.upcoming(subscription, now)

    assert before <= now < after
    assert_as_wanted(subscription, before)
    assert_as_wanted(subscription, after)
    assert schedule.upcoming(subscription, before) == after
    assert schedule.latest(subscription, after - timedelta(seconds=1)) == before
    apart = {Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 14, Rhythm.WEEKDAYS: 3 if after.weekday() in (6, 0, 1) else 1}
    shift = timedelta(hours=3)
    zone = ZoneInfo(subscription.zone)
    days = (after.astimezone(zone).date() - before.astimezone(zone).date()).days
    assert days in ((1, 3) if subscription.rhythm is Rhythm.WEEKDAYS else (apart[subscription.rhythm],))
    assert abs(after - before - timedelta(days=days)) <= shift


def test_in_every_zone_there_is_one_a_week_from_2026_to_2032() -> None:
    weeks = {(FIRST + n * WEEK).isocalendar()[:2] for n in range((LAST - FIRST) // WEEK + 1)}
    assert {(2026, 53), (2032, 53), (2027, 1)} <= weeks
    for number, zone in enumerate(ZONES):
        subscription = weekly("T1", "C1", weekday=6, hour=number % 24, minute=30, zone=zone)
        clock, slot = ZoneInfo(zone), schedule.upcoming(subscription, FIRST - WEEK)
        found: Counter[tuple[int, int]] = Counter()
        while slot <= LAST + WEEK:
            assert_as_wanted(subscription, slot)
            found[slot.astimezone(clock).isocalendar()[:2]] += 1
            slot = schedule.upcoming(subscription, slot)
        assert set(found.values()) == {1}, zone
        assert weeks <= set(found), zone


@settings(max_examples=100, deadline=None)
@given(subscriptions, moments)
def test_looked_at_when_it_asks_to_be_no_slot_passes_unseen(subscription: Subscription, now: datetime) -> None:
    """Also that of a Sunday, 23:59: there is no last minute that a tick must fall into."""
    seen, end = [], now + timedelta(days=40)
    while now < end:
        plan = delivery.plan(subscription, now)
        assert now < plan.wake_at <= now + delivery.LOOKED_AT_AGAIN
        if plan.due is not None and plan.due not in seen:
            seen.append(plan.due)
            assert now == plan.due or len(seen) == 1  # the first may be one of the last day
        now = plan.wake_at

    expected, slot = [], schedule.upcoming(subscription, seen[0] - timedelta(seconds=1)) if seen else end
    while slot < end - delivery.LOOKED_AT_AGAIN:
        expected.append(slot)
        slot = schedule.upcoming(subscription, slot)
    assert seen[: len(expected)] == expected


def test_facts_are_gathered_in_the_hour_before_and_not_for_all_at_once() -> None:
    slot = datetime(2026, 11, 30, 9, tzinfo=UTC)
    times = set()
    for number in range(50):
        subscription = weekly("T1", "C1", id=str(number))
        now = slot - timedelta(hours=4)
        while not (plan := delivery.plan(subscription, now)).gather:
            now = plan.wake_at
        assert plan.gather == slot
        assert timedelta(minutes=5) <= slot - now <= timedelta(minutes=60)
        times.add(now.minute)
    assert len(times) > 20


def test_a_burst_is_spread_steadily() -> None:
    slot = datetime(2026, 11, 30, 9, tzinfo=UTC)
    share = [
        sum(delivery.has_turn("T1", str(number), slot, slot + timedelta(seconds=seconds)) for number in range(1000))
        for seconds in (0, 10, 20, 30, 40)
    ]

    assert share == sorted(share)
    assert share[0] < 50
    assert 150 < share[1] < 350
    assert share[-1] == 1000


def test_zone_data_that_was_corrected_makes_no_second_digest_and_another_time_does() -> None:
    subscription = weekly("T1", "C1", set_at=FIRST)
    slot = datetime(2026, 11, 30, 17, tzinfo=UTC)

    assert delivery.is_same(subscription, slot, slot - timedelta(hours=1))
    assert not delivery.is_same(subscription, slot, slot + timedelta(hours=24))
    changed = weekly("T1", "C1", set_at=slot + timedelta(minutes=1))
    assert not delivery.is_same(changed, slot, slot + timedelta(hours=1))


def test_alerts_have_no_hour() -> None:
    plan = delivery.plan(weekly("T1", "C1", kind=Kind.ALERTS), FIRST)

    assert (plan.due, plan.gather) == (None, None)
