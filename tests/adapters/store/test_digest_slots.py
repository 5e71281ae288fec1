"""Claims of slots: one process at a time, taken over once a lease is over, nothing lost and nothing forgotten."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.digest.delivery import PAUSES, Plan
from bot.domain.digest.subscription import About, Slot, SlotStatus
from bot.domain.model import PastDigest
from bot.ports import Outcome, Step, Waking
from tests.digests import take, weekly
from tests.store_helpers import LEASE, NOW, at_once

pytest_plugins = ["tests.databases"]

SHORT = timedelta(milliseconds=300)
WEEK = timedelta(days=7)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def subscribed(store: SqlStore) -> None:
    store.keep_subscription(weekly("T1", "C1", set_by="U1"))


def begun(store: SqlStore, owner: str = "me") -> tuple[Step, Slot]:
    step = take(store, NOW, owner=owner)
    assert step is not None
    assert step.slot is not None
    return step, step.slot


def sent(store: SqlStore, step: Step, owner: str = "me", **outcome: str) -> bool:
    return store.end_step(step, owner, Outcome(SlotStatus.SENT, NOW, channel="C1", message_ts="1.0", **outcome))  # type: ignore[arg-type]


def test_of_twenty_threads_exactly_one_takes_on_a_slot(store: SqlStore) -> None:
    assert at_once(20, lambda number: take(store, NOW, owner=f"p{number}") is not None).count(True) == 1


def test_what_is_sent_is_never_taken_on_again(store: SqlStore) -> None:
    step, slot = begun(store)
    assert store.begin_posting(slot, "me", NOW, LEASE, PastDigest(NOW, ("prod",), ()))

    assert sent(store, step)

    assert take(store, NOW, now=LATER) is None
    assert take(store, NOW + WEEK) is not None
    assert [past.slot for past in store.past_digests("T1", "weekly")] == [NOW]


def test_a_look_that_finds_nothing_is_one_query_and_it_sleeps_until_it_is_woken(store: SqlStore) -> None:
    step, _ = begun(store)
    sent(store, step)
    assert [each.workspace for each in store.waking(NOW)] == ["T1"]  # it is looked at once more

    assert take(store, NOW) is None

    assert list(store.waking(NOW + timedelta(hours=23))) == []
    assert len(store.waking(NOW + timedelta(hours=24))) == 1


def test_a_lease_that_is_over_is_taken_over_with_what_is_known_of_the_post(store: SqlStore) -> None:
    step = take(store, NOW, owner="gone", lease=SHORT)
    assert step is not None
    assert step.slot is not None
    assert store.begin_posting(step.slot, "gone", NOW, SHORT, None)
    assert take(store, NOW, owner="next", now=LATER) is None  # the lease is on the database's clock, not on ours

    time.sleep(0.4)
    taken = take(store, NOW, owner="next", now=LATER + timedelta(minutes=2))

    assert taken is not None
    assert taken.slot is not None
    assert (taken.slot.attempts, taken.slot.posting_at is not None) == (2, True)
    assert not store.begin_posting(step.slot, "gone", NOW, LEASE, None)
    assert not store.end_step(step, "gone", Outcome(SlotStatus.WAITING, NOW))
    assert sent(store, step, "gone")  # the message is there, whoever has it now
    assert not sent(store, taken, "next")


def test_what_is_tried_again_waits_until_then_and_may_be_left_to_another(store: SqlStore) -> None:
    step, _ = begun(store)
    at = NOW + PAUSES[0]
    assert store.end_step(step, "me", Outcome(SlotStatus.WAITING, NOW, next_try_at=at, certainly_not=True))

    assert take(store, NOW, now=at - timedelta(seconds=1), owner="other") is None
    assert [each.wake_at for each in store.waking(at)] == [at]
    again = take(store, NOW, now=at, owner="other")
    assert again is not None
    assert again.slot is not None
    assert again.slot.posting_at is None


def test_what_is_released_is_free_unless_slack_may_have_it(store: SqlStore) -> None:
    store.keep_subscription(weekly("T2", "C2"))
    begun(store)
    other = take(store, NOW, workspace="T2")
    assert other is not None
    assert other.slot is not None
    store.begin_posting(other.slot, "me", NOW, LEASE, None)

    assert store.release_slots("me", LATER) == 2

    assert {each.workspace for each in store.waking(LATER)} == {"T1", "T2"}
    assert take(store, NOW, now=LATER, owner="next") is not None
    assert take(store, NOW, now=LATER, owner="next", workspace="T2") is None


def test_who_set_it_is_told_once_and_the_subscription_says_since_when(store: SqlStore) -> None:
    step, slot = begun(store)
    gone = Outcome(SlotStatus.GIVEN_UP, NOW, told=About.FAILING, failing="It is archived.", certainly_not=True)
    store.end_step(step, "me", gone)

    (kept,) = store.subscriptions("T1")
    assert (kept.failing_since, kept.failing) == (slot.due, "It is archived.")
    told = take(store, NOW)
    assert told is not None
    assert told.slot is not None
    assert (told.slot.about, told.slot.channel) == (About.FAILING, "U1")
    sent(store, told)
    assert take(store, NOW, now=LATER) is None
    assert store.subscriptions("T1")[0].failing  # telling of it mends nothing

    later = take(store, NOW + WEEK)
    assert later is not None
    store.end_step(later, "me", replace(gone, told=None))
    assert store.subscriptions("T1")[0].failing_since == slot.due
    again = take(store, NOW + 2 * WEEK)
    assert again is not None
    sent(store, again)
    assert store.subscriptions("T1")[0].failing_since is None


def test_weeks_without_anything_running_are_told_with_the_next_one(store: SqlStore) -> None:
    step, _ = begun(store)
    sent(store, step)

    after = take(store, NOW + 3 * WEEK)

    assert after is not None
    assert [slot.status for slot in after.never_came] == [SlotStatus.MISSED] * 2
    sent(store, after)
    following = take(store, NOW + 4 * WEEK)
    assert following is not None
    assert following.never_came == ()


def test_what_is_off_or_set_anew_is_not_made_up_for(store: SqlStore) -> None:
    step, slot = begun(store)
    store.keep_subscription(weekly("T1", "C1", enabled=False, set_at=LATER))
    assert not store.begin_posting(slot, "me", NOW, LEASE, None)
    store.release_slots("me", LATER)
    assert list(store.waking(LATER)) == []

    store.keep_subscription(weekly("T1", "C1", set_at=LATER))

    nothing = Plan(None, None, LATER + WEEK)
    assert store.begin_step(Waking("T1", "weekly", NOW), "me", LATER, LEASE, lambda _: nothing) is None
    assert not store.end_step(step, "me", Outcome(SlotStatus.WAITING, LATER))


def test_a_clock_that_was_years_ahead_leaves_nothing_asleep(store: SqlStore) -> None:
    years = timedelta(days=4 * 365)
    step = take(store, NOW + years)
    assert step is not None
    store.end_step(step, "me", Outcome(SlotStatus.WAITING, NOW + years, next_try_at=LATER + years))
    assert take(store, NOW + years) is None  # and sleeps until then

    assert len(store.waking(NOW)) == 1
    assert take(store, NOW) is not None


def test_doctor_sees_what_did_not_go_out(store: SqlStore) -> None:
    step, slot = begun(store)
    assert [each.slot.due for each in store.undelivered(NOW - WEEK, LATER)] == [slot.due]
    assert list(store.undelivered(NOW - WEEK, NOW)) == []

    store.end_step(step, "me", Outcome(SlotStatus.UNCERTAIN, NOW, told=About.UNCERTAIN))

    assert [(each.target, each.slot.status) for each in store.undelivered(NOW - WEEK, NOW)] == [
        ("C1", SlotStatus.UNCERTAIN)
    ]
