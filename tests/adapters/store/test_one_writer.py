"""Threads that write to SQLite at the same time: in line, in one transaction, each hearing of its own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from bot.adapters.store import SqlStore, one_writer
from bot.adapters.store import database as database_module
from bot.adapters.store.database import Database
from bot.adapters.store.statements import Together
from bot.domain.errors import OperatorError
from bot.domain.model import PostedAnswer
from bot.ports import KeptRequest
from bot.waits import owing
from tests.store_helpers import at_once, opened

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


def execute_all(rows: Together, statements: Sequence[str]) -> Sequence[None]:
    for statement in statements:
        rows._connection.execute(text(statement))  # noqa: SLF001 - the table is none of the store's
    return [None] * len(statements)


@contextmanager
def held(database: Database, writing: str = "INSERT INTO said VALUES ('first')") -> Iterator[None]:
    """Somebody of this process writes meanwhile."""
    begun, go = threading.Event(), threading.Event()

    def write() -> None:
        with database.exclusive() as connection:
            connection.execute(text(writing))
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
        database.together(execute_all, statement)

    with held(database):
        futures = [pool.submit(wish, statement) for statement in statements]
        wait_for_wishes(database, len(statements))
    return [future.exception(20) for future in futures]


def wait_for_wishes(database: Database, number: int) -> None:
    """Until so many are in line."""
    writer = database._writer  # noqa: SLF001 - whether all are in line
    assert writer is not None
    while len(writer._wishes) < number:  # noqa: SLF001
        threading.Event().wait(0.005)


def test_what_waits_in_line_goes_into_one_transaction(database: Database) -> None:
    commits = list[Connection]()

    def note(connection: Connection) -> None:
        commits.append(connection)

    event.listen(Engine, "commit", note)
    try:
        with ThreadPoolExecutor(MANY) as pool:
            assert wished(database, [adding(f"w{number}") for number in range(MANY)], pool) == [None] * MANY
    finally:
        event.remove(Engine, "commit", note)

    assert len(words(database)) == MANY + 1
    assert len(commits) == 2  # of the one that held them up, and of theirs


def test_all_of_a_kind_is_written_at_once_and_each_hears_of_its_own(database: Database) -> None:
    calls = list[list[str]]()

    def add_all(rows: Together, given: Sequence[str]) -> Sequence[str]:
        calls.append(list(given))
        execute_all(rows, [adding(word) for word in given])
        return [f"{word} is there" for word in given]

    with ThreadPoolExecutor(MANY) as pool, held(database):
        came_to = [pool.submit(database.together, add_all, f"w{number}") for number in range(MANY)]
        wait_for_wishes(database, MANY)

    assert [each.result(20) for each in came_to] == [f"w{number} is there" for number in range(MANY)]
    assert [len(each) for each in calls] == [MANY]


def test_of_messages_that_are_claimed_at_once_each_is_claimed_once(store: SqlStore) -> None:
    def posted(number: int) -> PostedAnswer:
        return PostedAnswer("T1", "C1", f"{number}", None, "", "blocked", NOW)

    assert store.begin_answer(posted(0), again=False)
    numbers = [number % 5 for number in range(MANY)]
    claims = at_once(MANY, lambda number: store.begin_answer(posted(numbers[number]), again=False))

    assert sum(claims) == 4
    assert not any(claim for claim, number in zip(claims, numbers, strict=True) if number == 0)
    around = store.around("T1", "C1", ts="9", thread=None, since=NOW)
    assert sorted(answer.to_ts for answer in around.answers) == ["0", "1", "2", "3", "4"]


def test_what_is_owed_is_waited_for_by_nobody_but_who_reads_there(sqlite_url: str) -> None:
    store = opened(sqlite_url)
    posted = PostedAnswer("T1", "C1", "1", None, "", "blocked", NOW)

    def around(channel: str) -> list[str]:
        return [each.ts for each in store.around("T1", channel, ts="9", thread=None, since=NOW).answers]

    with ThreadPoolExecutor(MANY) as pool:
        with owing() as owed, held(store._database, "DELETE FROM answers"):  # noqa: SLF001
            assert store.begin_answer(posted, again=False)
            assert not store.begin_answer(posted, again=False)
            assert not store.claim_message("T1", "C1", "1", NOW)
            store.remember_answer(replace(posted, ts="1.5"))
            assert around("C2") == []
            here = pool.submit(around, "C1")
            assert not any(each.done() for each in (*owed, here))
        assert here.result(20) == ["1.5"]

    assert [each.exception() for each in owed] == [None, None]
    assert not store.begin_answer(posted, again=False)
    store.close()


def test_what_comes_after_something_that_fails_is_not_written(database: Database) -> None:
    def follow(first: Sequence[str]) -> list[Future[None]]:
        begun = [database.soon(execute_all, statement) for statement in first]
        return [*begun, database.soon(execute_all, adding(f"after {len(first)}"), begun)]

    failing = "INSERT INTO nowhere VALUES (1)"
    with held(database):
        together = follow([adding("a"), failing]), follow([adding("b")])
    found = [each.exception(20) is None for line in together for each in line]
    later = database.soon(execute_all, adding("c"), together[0][1:2])

    assert found == [True, False, False, True, True]
    assert isinstance(later.exception(20), OperatorError)
    assert words(database) == ["a", "after 1", "b", "first"]


def test_who_cannot_wait_for_ever_takes_back_what_is_not_begun(database: Database) -> None:
    with held(database):
        wish = database.begin(execute_all, adding("too late"))
        assert wish.cancel()
        other = database.soon(execute_all, adding("in time"))
    other.result(20)

    assert words(database) == ["first", "in time"]


def test_the_thread_that_writes_is_gone_when_nothing_is_wished_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_writer, "IDLE", 0.01)
    database.together(execute_all, adding("a"))
    while any(thread.name == one_writer.THREAD for thread in threading.enumerate()):
        threading.Event().wait(0.005)
    database.together(execute_all, adding("b"))

    assert words(database) == ["a", "b"]


def test_what_is_wished_for_is_written_before_it_is_closed(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/some.db")) as database:
        with database.exclusive() as connection:
            connection.execute(text("CREATE TABLE said (word TEXT)"))
        wishes = [database.soon(execute_all, adding(f"w{number}")) for number in range(MANY)]
    assert all(wish.done() for wish in wishes)
    with closing(Database(f"sqlite:///{tmp_path}/some.db")) as database:
        assert len(words(database)) == MANY


def test_only_what_has_to_last_waits_for_the_disk(database: Database) -> None:
    def synchronous(rows: Together, items: Sequence[object]) -> Sequence[int]:
        return [rows._connection.execute(text("PRAGMA synchronous")).scalar_one()] * len(items)  # noqa: SLF001

    full, normal = 2, 1
    assert database.together(synchronous, None) == full
    assert database.soon(synchronous, None).result(20) == normal
    with database.exclusive() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == full


def test_of_several_the_one_that_fails_hears_of_it_and_the_others_are_kept(database: Database) -> None:
    statements = [adding("a"), "INSERT INTO nowhere VALUES (1)", adding("b"), adding("a"), adding("c")]
    with ThreadPoolExecutor(MANY) as pool:
        came_to = wished(database, statements, pool)

    assert [type(error) for error in came_to].count(type(None)) == 3
    assert all(isinstance(error, OperatorError) for error in came_to if error is not None)
    assert words(database) == ["a", "b", "c", "first"]


def test_the_thread_that_writes_outlives_whatever_happens_to_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a failing statement: a fault of the writer itself, as where there is no memory."""

    def fail(_: object, wishes: object) -> None:
        raise MemoryError(wishes)

    with monkeypatch.context() as patch, ThreadPoolExecutor(MANY) as pool:
        patch.setattr(one_writer.OneWriter, "_all_at_once", fail)
        told = wished(database, [adding(f"w{number}") for number in range(3)], pool)
    assert [type(error) for error in told] == [MemoryError] * 3

    database.together(execute_all, adding("after"))
    assert words(database) == ["after", "first"]


def test_where_there_is_no_thread_what_is_begun_tells_of_its_end_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)

    assert isinstance(database.begin(execute_all, "INSERT INTO nowhere VALUES (1)").exception(20), OperatorError)
    assert isinstance(database.soon(execute_all, "INSERT INTO nowhere VALUES (1)").exception(20), OperatorError)
    database.begin(execute_all, adding("a")).result(20)
    assert words(database) == ["a"]


def test_so_it_does_on_a_server(postgresql: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: object, *_work: object) -> None:
        raise RuntimeError("can't start new thread")

    with closing(Database(postgresql())) as server:
        monkeypatch.setattr(ThreadPoolExecutor, "submit", no_thread)

        assert isinstance(server.begin(execute_all, "INSERT INTO nowhere VALUES (1)").exception(20), OperatorError)
        assert isinstance(server.soon(execute_all, "INSERT INTO nowhere VALUES (1)").exception(20), OperatorError)


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
                futures = [pool.submit(database.together, execute_all, adding("x")) for _ in range(MANY)]
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
