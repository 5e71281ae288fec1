"""What goes to SQLite's driver directly comes out as what goes there through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, update

from bot.adapters.store import SqlStore
from bot.adapters.store.conversations import _BESIDE, _IN_THREAD
from bot.adapters.store.database import Database
from bot.adapters.store.prepared import driver_of, prepared
from bot.adapters.store.records import posted_answer_record, posted_answer_row
from bot.adapters.store.tables import answers
from bot.domain.errors import OperatorError
from bot.domain.model import AnswerKind, PostedAnswer
from tests.store_helpers import opened

AT = datetime(2026, 11, 29, 9, 30, 15, 250, tzinfo=timezone(timedelta(hours=5, minutes=30)))
ANSWER = PostedAnswer("T1", "C1", "1.1", None, "1.2", "app-blocked", AT, AnswerKind.FULL, "größer")


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    store = opened(sqlite_url)
    yield store
    store.close()


def kept(database: Database) -> list[PostedAnswer]:
    """All answers, read by SQLAlchemy."""
    return sorted(map(posted_answer_record, database.everywhere(answers)), key=lambda each: each.to_ts)


def test_rows_are_written_and_read_as_sqlalchemy_does(store: SqlStore) -> None:
    second = replace(ANSWER, to_ts="2.1", thread="1.1", at=AT + timedelta(minutes=1), kind=AnswerKind.COMMAND)
    for posted in (ANSWER, second, replace(ANSWER, channel="C2")):
        store.remember_answer(posted)
    store.remember_answer(replace(second, ts="2.2"))  # replaced

    database, where = store._database, {"channel": "C1", "ts": "9", "since": AT}  # noqa: SLF001
    assert kept(database) == [ANSWER, replace(ANSWER, channel="C2"), replace(second, ts="2.2")]
    for query, more in ((_BESIDE, {}), (_IN_THREAD, {"thread": "1.1"})):
        with database.reading("T1") as scope:
            expected = [tuple(row) for row in scope.rows_of(query, **where, **more)]
        found = database.rows_of("T1", query, **where, **more)
        assert [tuple(row) for row in found] == expected
        assert all(row.at.tzinfo is UTC for row in found)


def test_a_change_has_its_fixed_values_and_says_how_many_rows_it_concerned(store: SqlStore) -> None:
    change = update(answers).where(answers.c.to_ts == bindparam("which")).values(thread=None, detail="", at=AT)
    store.remember_answer(replace(ANSWER, thread="1.1"))
    with store._database.exclusive() as connection:  # noqa: SLF001
        ready = prepared(change, connection.dialect, ("which",))
        driver = driver_of(connection.connection)
        assert [ready.done(driver, {"which": which}) for which in ("1.1", "nowhere")] == [1, 0]

    assert kept(store._database) == [replace(ANSWER, detail="")]  # noqa: SLF001


def test_a_value_that_is_missing_or_has_no_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        store.remember_answer(replace(ANSWER, at=AT.replace(tzinfo=None)))
    with pytest.raises(KeyError, match="since"):
        store._database.rows_of("T1", _BESIDE, channel="C1", ts="1.1")  # noqa: SLF001
    assert posted_answer_row(ANSWER).keys() == {column.name for column in answers.c}


def test_what_the_driver_raises_is_told_to_the_operator(store: SqlStore) -> None:
    with store._database.exclusive() as connection:  # noqa: SLF001
        connection.exec_driver_sql("DROP TABLE answers")

    with pytest.raises(OperatorError, match="lacks a table"):
        store.around("T1", "C1", ts="1", thread=None, since=AT)
    with pytest.raises(OperatorError, match="lacks a table"):
        store.remember_answer(ANSWER)
