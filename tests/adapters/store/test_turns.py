"""Turns in a channel: kept among processes, and never dearer than an answer."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest

from bot.adapters import logs
from bot.adapters.store import SqlStore
from bot.adapters.store.conversations import TURN_PATIENCE
from bot.adapters.vault import Vault, make_key
from tests.databases import NewDatabase
from tests.store_helpers import PROD, opened

pytest_plugins = ["tests.databases"]


@pytest.fixture
def url(postgresql: NewDatabase, migrated_database: str) -> str:
    return postgresql(migrated_database)


@pytest.fixture
def stores(url: str) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Those of two processes."""
    found = opened(url), opened(url)
    yield found
    for store in found:
        store.close()


@pytest.fixture
def log() -> io.StringIO:
    log = io.StringIO()
    logs.configure(log)
    return log


def test_a_second_process_waits_in_the_same_channel_only(stores: tuple[SqlStore, SqlStore]) -> None:
    first, second = stores
    entered = threading.Event()

    def wait() -> None:
        with second.turn("T1", "C1"):
            entered.set()

    waiting = threading.Thread(target=wait)
    with first.turn("T1", "C1"):
        waiting.start()
        with second.turn("T1", "C2"), second.turn("T2", "C1"):
            assert not entered.wait(0.3)
    assert entered.wait(TURN_PATIENCE)
    waiting.join()


def test_turns_that_are_held_leave_the_connections_that_others_need(
    stores: tuple[SqlStore, SqlStore], url: str, log: io.StringIO
) -> None:
    store, _ = stores
    with ExitStack() as held:
        for number in range(9):
            held.enter_context(store.turn("T1", f"C{number}"))
        assert store.orgs("T1") == []
        with psycopg.connect(url) as connection:
            (row,) = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
        assert row == (8,)
    assert log.getvalue().count("did not wait for its turn among processes") == 1


def test_a_turn_that_the_server_ends_fails_nothing(
    stores: tuple[SqlStore, SqlStore], url: str, log: io.StringIO
) -> None:
    store, other = stores
    with store.turn("T1", "C1"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        with other.turn("T1", "C1"):
            assert store.org("T1", PROD.name) is None
    assert "a turn among processes ended before its work" in log.getvalue()

    with store.turn("T1", "C1"):
        pass
    assert log.getvalue().count("among processes") == 1


def test_what_fails_inside_a_turn_goes_on_as_it_is(stores: tuple[SqlStore, SqlStore]) -> None:
    for store in stores:
        with pytest.raises(ZeroDivisionError), store.turn("T1", "C1"):
            raise ZeroDivisionError


def test_a_server_that_is_gone_costs_the_turn_and_not_the_answer(log: io.StringIO) -> None:
    store = SqlStore("postgresql://bot@127.0.0.1:1/flosum", Vault([make_key()]))
    with store.turn("T1", "C1"):
        assert "cannot be reached" in log.getvalue()
    store.close()
