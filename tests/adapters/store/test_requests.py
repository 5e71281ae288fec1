"""Requests that were acknowledged: kept sealed, done by one process, handed on, erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store import requests as stored_requests
from bot.adapters.store.database import Database
from bot.adapters.store.tables import requests
from bot.adapters.vault import make_key
from bot.ports import WAITING, KeptRequest
from tests.store_helpers import NOW, at_once, opened

pytest_plugins = ["tests.databases"]

ASKED = KeptRequest("k1", "T1", '{"text": "status prod", "user": {"id": "U1"}}')
HOUR = timedelta(hours=1)


def taken(store: SqlStore, me: str, *gone: str) -> Sequence[str]:
    return [kept.key for kept in store.take_requests(me, gone, [each.key for each in store.undone_requests()])]


def test_a_request_is_kept_once_whoever_gets_it(store: SqlStore) -> None:
    kept = at_once(4, lambda number: store.keep_request(ASKED, f"process {number}", NOW))

    assert kept.count(True) == 1
    assert [each.key for each in store.undone_requests()] == ["k1"]


def test_who_tries_again_to_keep_its_own_has_it(store: SqlStore) -> None:
    assert store.keep_request(ASKED, "a", NOW)

    assert store.keep_request(ASKED, "a", NOW)
    assert not store.keep_request(ASKED, "b", NOW)

    store.end_request("k1")
    assert not store.keep_request(ASKED, "a", NOW)


def test_one_taker_gets_what_a_process_that_is_gone_left(store: SqlStore) -> None:
    store.keep_request(ASKED, "a", NOW)
    assert taken(store, "b") == []

    found = at_once(4, lambda number: taken(store, f"taker {number}", "a") == ["k1"])

    assert found.count(True) == 1


def test_what_is_handed_on_is_anybodys_and_comes_in_its_order(store: SqlStore) -> None:
    for number in (2, 0, 1):
        store.keep_request(KeptRequest(f"k{number}", "T1", "{}"), "a", NOW + timedelta(seconds=number))
    store.end_request("k1")

    assert store.hand_on_requests("a") == 2

    assert taken(store, "b") == ["k0", "k2"]
    assert store.hand_on_requests("a") == 0


def test_it_lies_sealed_and_is_emptied_when_it_is_done(store: SqlStore, database_url: str) -> None:
    store.keep_request(ASKED, "a", NOW)
    database = Database(database_url)
    assert "prod" not in str(database.everywhere(requests))
    assert store.take_requests("b", ["a"], ["k1"]) == [ASKED]

    store.end_request("k1")

    (row,) = database.everywhere(requests)
    assert (row.sealed, row.done) == ("", True)
    assert store.take_requests("c", ["b"], ["k1"]) == []
    database.close()


def test_after_an_hour_nothing_is_left_done_or_not(store: SqlStore, database_url: str) -> None:
    store.keep_request(ASKED, "a", NOW)
    store.keep_request(KeptRequest("k2", "T1", "{}"), "a", NOW)
    store.keep_request(KeptRequest("k3", "T1", "{}"), "a", NOW + HOUR)
    store.end_request("k2")

    assert store.forget_requests(NOW + HOUR, []) == 1

    database = Database(database_url)
    assert [row.key for row in database.everywhere(requests)] == ["k3"]
    database.close()


def test_what_a_living_process_does_is_not_forgotten_by_another_clock(store: SqlStore) -> None:
    store.keep_request(ASKED, "a", NOW)

    assert store.forget_requests(NOW + 9 * HOUR, ["a", "b"]) == 0

    assert [each.key for each in store.undone_requests()] == ["k1"]


def test_what_waits_was_begun_by_nobody_and_what_was_left_was(store: SqlStore) -> None:
    store.keep_request(ASKED, WAITING, NOW)
    assert [kept.begun for kept in store.take_requests("a", [], ["k1"])] == [False]

    store.leave_request("k1")

    assert [kept.begun for kept in store.take_requests("b", [], ["k1"])] == [True]


def test_what_no_key_opens_is_given_up(store: SqlStore, database_url: str) -> None:
    store.keep_request(ASKED, "a", NOW)
    stranger = opened(database_url, make_key())

    assert taken(stranger, "b", "a") == []

    assert store.undone_requests() == []
    stranger.close()


def test_a_key_that_goes_takes_no_request_along(store: SqlStore) -> None:
    store.keep_request(ASKED, "a", NOW)

    assert store.reseal() == (1, ())

    assert store.take_requests("b", ["a"], ["k1"]) == [ASKED]


def test_a_person_who_is_forgotten_is_in_none(store: SqlStore) -> None:
    store.keep_request(ASKED, "a", NOW)
    store.keep_request(KeptRequest("k2", "T1", '{"user": {"id": "U12"}}'), "a", NOW)

    assert store.forget_user("U1")["requests"] == 1

    assert [each.key for each in store.undone_requests()] == ["k2"]


def test_processes_hear_of_each_other_as_long_as_they_beat(
    store: SqlStore, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.beat("a")
    both = frozenset({"b"}) if database_url.startswith("sqlite") else frozenset({"a", "b"})
    assert store.beat("b") == both  # on SQLite there is one at a time

    store.hand_on_requests("a")

    assert store.beat("b") == {"b"}
    monkeypatch.setattr(stored_requests, "STALE", timedelta(seconds=-1))
    store.beat("c")
    if not database_url.startswith("sqlite"):
        assert store.beat("b") == frozenset()
