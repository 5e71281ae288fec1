"""How long it is remembered which messages were answered. Real store, a clock of our own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.digest.notices import Notice
from bot.service.retention import Retention
from tests.store_helpers import NOW

pytest_plugins = ["tests.databases"]


class SteppedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


def is_new(store: SqlStore, ts: str, now: datetime) -> bool:
    return store.claim_message("T1", "C1", ts, now)


def test_a_message_counts_as_answered_for_thirty_days_and_is_then_forgotten(
    store: SqlStore, clock: SteppedClock
) -> None:
    assert is_new(store, "1", NOW)
    clock.now = NOW + timedelta(days=30)
    Retention(store, clock).tick()
    assert not is_new(store, "1", clock.now)

    clock.now += timedelta(microseconds=1)
    Retention(store, clock).tick()

    assert is_new(store, "1", clock.now)


def test_a_login_that_ended_is_forgotten_after_a_day(store: SqlStore, clock: SteppedClock) -> None:
    store.put_ticket("login", "ticket", "whose it is", NOW)
    clock.now = NOW + timedelta(days=1)
    Retention(store, clock).tick()
    assert store.take_ticket("login", "ticket", NOW - timedelta(seconds=1)) == "whose it is"

    store.put_ticket("login", "ticket", "whose it is", NOW)
    clock.now += timedelta(microseconds=1)
    Retention(store, clock).tick()

    assert store.take_ticket("login", "ticket", NOW - timedelta(seconds=1)) is None


def test_what_was_said_between_digests_is_forgotten_after_180_days(store: SqlStore, clock: SteppedClock) -> None:
    store.add_notices("T1", [Notice("T1", "alert:prod", "C1", Answer("Said"), NOW)])
    clock.now = NOW + timedelta(days=180)
    Retention(store, clock).tick()
    assert len(store.notices_of("T1", "alert:")) == 1

    clock.now += timedelta(microseconds=1)
    Retention(store, clock).tick()

    assert store.notices_of("T1", "alert:") == []


def test_the_clock_ticks_each_minute_and_once_an_hour_what_is_old_goes(store: SqlStore, clock: SteppedClock) -> None:
    retention = Retention(store, clock)
    retention.tick()
    is_new(store, "1", NOW - timedelta(days=31))

    clock.now = NOW + timedelta(minutes=59)
    retention.tick()
    assert not is_new(store, "1", clock.now)

    clock.now = NOW + timedelta(minutes=60)
    retention.tick()
    assert is_new(store, "1", clock.now)
