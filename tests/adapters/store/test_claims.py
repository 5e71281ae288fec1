"""The claims that let exactly one process answer a message."""

from __future__ import annotations

from datetime import timedelta

from bot.adapters.store import SqlStore
from tests.store_helpers import NOW, at_once

pytest_plugins = ["tests.databases"]


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
