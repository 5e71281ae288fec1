"""Threads that write to SQLite at the same time: in line, in one transaction, each hearing of its own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.adapters.store import SqlStore
from bot.adapters.store import database as database_module
from bot.adapters.store.database import Database
from bot.domain.errors import OperatorError
from bot.ports import KeptRequest

NOW = datetime(2026, 11, 29, tzinfo=UTC)
MANY = 12


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/some.db")
    with database.exclusive() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT UNIQUE)"))
    yield database
    database.close()


def words(database: Database) -> list[str]:
    with database.inspecting() as connection:
        return sorted(connection.execute(text("SELECT word FROM said")).scalars())


def adding(word: str) -> str:
    return f"INSERT INTO said VALUES ('{word}')"  # noqa: S608 - ours


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Somebody of this process writes meanwhile."""
    begun, go = threading.Event(), threading.Event()

    def write() -> None:
        with database.exclusive() as connection:
            connection.execute(text(adding("first")))
            begun.set()
            go.wait(20)

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        go.set()
        thread.join(20)


def wished(database: Database, statements: list[str], pool: ThreadPoolExecutor) -> list[BaseException | None]:
    """Wish for all of them while somebody writes; what each came to."""

    def wish(statement: str) -> None:
        def work(connection: Connection) -> None:
            connection.execute(text(statement))

        database.together(work)

    writer = database._writer  # noqa: SLF001 - whether all are in line
    assert writer is not None
    with held(database):
        futures = [pool.submit(wish, statement) for statement in statements]
        while len(writer._wishes) < len(statements):  # noqa: SLF001
            threading.Event().wait(0.005)
    return [future.exception(20) for future in futures]


def test_what_waits_in_line_goes_into_one_transaction(database: Database) -> None:
    before = database.written
    with ThreadPoolExecutor(MANY) as pool:
        assert wished(database, [adding(f"w{number}") for number in range(MANY)], pool) == [None] * MANY

    assert len(words(database)) == MANY + 1
    assert database.written - before == 2  # the one that held them up, and theirs


def test_of_several_the_one_that_fails_hears_of_it_and_the_others_are_kept(database: Database) -> None:
    statements = [adding("a"), "INSERT INTO nowhere VALUES (1)", adding("b"), adding("a"), adding("c")]
    with ThreadPoolExecutor(MANY) as pool:
        came_to = wished(database, statements, pool)

    assert [type(error) for error in came_to].count(type(None)) == 3
    assert all(isinstance(error, OperatorError) for error in came_to if error is not None)
    assert words(database) == ["a", "b", "c", "first"]


def test_another_program_that_locks_the_file_is_told_to_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_BUSY_SECONDS", 0.3)
    with closing(Database(f"sqlite:///{tmp_path}/some.db")) as database:
        with database.exclusive() as connection:
            connection.execute(text("CREATE TABLE said (word TEXT)"))
        with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with ThreadPoolExecutor(MANY) as pool:
                futures = [
                    pool.submit(database.together, lambda connection: connection.execute(text(adding("x"))))
                    for _ in range(MANY)
                ]
                told = [future.exception(30) for future in futures]
            other.execute("ROLLBACK")

        assert {str(error) for error in told} == {str(told[0])}
        assert "is locked by another program" in str(told[0])
        assert words(database) == []


def test_requests_that_come_at_the_same_time_are_each_kept_once(store: SqlStore) -> None:
    keys = [f"key{number}" for number in range(MANY)] * 2
    with ThreadPoolExecutor(MANY) as pool:
        kept = list(pool.map(lambda key: store.keep_request(KeptRequest(key, "T1", "{}"), f"by {key}", NOW), keys))

    assert kept == [True] * len(keys)
    assert sorted(each.key for each in store.undone_requests()) == sorted(set(keys))
