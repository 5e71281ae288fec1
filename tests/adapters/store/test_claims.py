"""Reminders, and the claims that let exactly one process send a digest or answer a message."""

from __future__ import annotations

from datetime import timedelta

from bot.adapters.store import SqlStore
from bot.domain.model import DigestStatus, Reminder, Week
from tests.store_helpers import LEASE, NOW, at_once

pytest_plugins = ["tests.databases"]


def test_a_reminder_is_set_and_replaced(store: SqlStore) -> None:
    store.set_reminder(Reminder("T1", "C1"))
    changed = Reminder("T1", "C2", weekday=4, hour=23, minute=59, zone="Asia/Kathmandu", enabled=False)

    store.set_reminder(changed)

    assert store.reminder("T1") == changed
    assert store.reminder("T2") is None


def test_the_clock_gets_the_enabled_reminders_of_all_workspaces(store: SqlStore) -> None:
    on = [Reminder("T1", "C1"), Reminder("T3", "C3")]
    for reminder in [*on, Reminder("T2", "C2", enabled=False)]:
        store.set_reminder(reminder)

    assert sorted(store.reminders(), key=lambda reminder: reminder.workspace) == on


def test_of_twenty_threads_exactly_one_claims_a_digest(store: SqlStore) -> None:
    claims = at_once(20, lambda _: store.claim_digest("T1", "2026-W48", NOW, NOW, LEASE))

    assert claims.count(True) == 1


def test_a_claimed_digest_stays_claimed_once_it_is_finished(store: SqlStore) -> None:
    assert store.claim_digest("T1", "2026-W48", NOW, NOW, LEASE)
    store.finish_digest("T1", "2026-W48", DigestStatus.SENT, "C1", "1763884800.000100")

    assert not store.claim_digest("T1", "2026-W48", NOW, NOW + timedelta(days=1), LEASE)
    assert store.claim_digest("T1", "2026-W49", NOW, NOW, LEASE)
    assert store.claim_digest("T2", "2026-W48", NOW, NOW, LEASE)


def test_of_twenty_threads_exactly_one_claims_a_message(store: SqlStore) -> None:
    claims = at_once(20, lambda _: store.claim_message("T1", "C1", "1763884800.000100", NOW))

    assert claims.count(True) == 1


def test_a_message_is_claimed_once_until_it_is_forgotten(store: SqlStore) -> None:
    assert store.claim_message("T1", "C1", "1", NOW)
    assert not store.claim_message("T1", "C1", "1", NOW + timedelta(days=99))
    store.forget_old(NOW)
    assert not store.claim_message("T1", "C1", "1", NOW + timedelta(days=99))

    store.forget_old(NOW + timedelta(microseconds=1))

    assert store.claim_message("T1", "C1", "1", NOW + timedelta(days=99))


def test_weeks_come_newest_first_and_a_repeated_one_replaces(store: SqlStore) -> None:
    for week in ("2026-W52", "2027-W01", "2026-W09", "2026-W10"):
        store.save_week("T1", Week(week, ("prod",), ("qa", "uat")))
    store.save_week("T1", Week("2027-W01", ("prod", "qa"), ()))

    assert store.weeks("T1", limit=3) == [
        Week("2027-W01", ("prod", "qa"), ()),
        Week("2026-W52", ("prod",), ("qa", "uat")),
        Week("2026-W10", ("prod",), ("qa", "uat")),
    ]
    assert len(store.weeks("T1")) == 4
