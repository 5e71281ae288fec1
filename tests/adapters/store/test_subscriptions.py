"""Subscriptions, what their digests found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.adapters.store import SqlStore
from bot.domain.digest.subscription import Kind, Rhythm, WhenNothing
from tests.digests import past, take, weekly
from tests.store_helpers import NOW, at_once, keep_past

pytest_plugins = ["tests.databases"]


def test_a_subscription_is_kept_as_it_is_and_changed_by_its_id(store: SqlStore) -> None:
    store.keep_subscription(weekly("T1", "C1"))
    changed = weekly(
        "T1",
        "U2",
        weekday=4,
        hour=23,
        minute=59,
        zone="Asia/Kathmandu",
        rhythm=Rhythm.FORTNIGHTLY,
        start=date(2026, 11, 27),
        orgs="sandboxes",
        when_nothing=WhenNothing.SILENCE,
        enabled=False,
        set_by="U1",
        set_at=NOW,
        failing_since=NOW,
        failing="That channel is archived.",
    )

    assert store.keep_subscription(changed) == changed

    assert store.subscriptions("T1") == [changed]
    assert store.subscriptions("T2") == []


def test_what_is_new_gets_an_id_and_what_its_target_had_is_replaced_with_its_history(store: SqlStore) -> None:
    first = store.keep_subscription(weekly("T1", "C1", id=""))
    keep_past(store, "T1", first.id, past("2026-W47", ("prod",), ()))

    again = store.keep_subscription(weekly("T1", "C1", weekday=4, id=""))
    alerts = store.keep_subscription(weekly("T1", "C1", id="", kind=Kind.ALERTS))
    other = store.keep_subscription(weekly("T1", "C2", id=""))

    assert len({again.id, alerts.id, other.id}) == 3
    assert again == replace(first, weekday=4)
    assert store.subscriptions("T1") == sorted([again, alerts, other], key=lambda each: each.id)
    assert store.past_digests("T1", again.id) == [past("2026-W47", ("prod",), ())]


def test_one_that_moves_to_a_channel_takes_the_place_of_the_one_there(store: SqlStore) -> None:
    store.keep_subscription(weekly("T1", "C1", id="a"))
    store.keep_subscription(weekly("T1", "C2", id="b"))

    moved = store.keep_subscription(weekly("T1", "C2", id="a"))

    assert store.subscriptions("T1") == [moved]


def test_of_twenty_threads_that_set_one_for_a_channel_one_stays(store: SqlStore) -> None:
    at_once(20, lambda hour: bool(store.keep_subscription(weekly("T1", "C1", hour=hour, id=""))))

    assert len(store.subscriptions("T1")) == 1


def test_replaced_it_takes_along_what_its_digests_found_and_how_they_went(store: SqlStore) -> None:
    store.keep_subscription(weekly("T1", "C1"))
    keep_past(store, "T1", "weekly", past("2026-W47", ("prod",), ()))
    take(store, NOW)
    store.keep_subscription(weekly("T1", "C2", id="b"))

    store.keep_subscription(weekly("T1", "C1", id="b"))

    store.keep_subscription(weekly("T1", "C2"))
    assert store.past_digests("T1", "weekly") == []
    assert take(store, NOW)


def test_past_digests_come_newest_first_and_a_repeated_one_replaces(store: SqlStore) -> None:
    store.keep_subscription(weekly("T1", "C1"))
    for week in ("2026-W52", "2027-W01", "2026-W09", "2026-W10"):
        keep_past(store, "T1", "weekly", past(week, ("prod",), ("qa", "uat")))
    keep_past(store, "T1", "weekly", past("2027-W01", ("prod", "qa"), ()))

    assert store.past_digests("T1", "weekly", limit=3) == [
        past("2027-W01", ("prod", "qa"), ()),
        past("2026-W52", ("prod",), ("qa", "uat")),
        past("2026-W10", ("prod",), ("qa", "uat")),
    ]
    assert len(store.past_digests("T1", "weekly")) == 4
