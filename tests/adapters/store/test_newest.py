"""What is newer than all that was said in a channel is not looked for, and whatever is there is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore, newest
from bot.adapters.store.database import Database
from bot.domain.model import AnswerKind, PostedAnswer
from tests.store_helpers import NOW, opened

pytest_plugins = ["tests.databases"]

HOUR = timedelta(hours=1)


def posted(number: int, channel: str, minutes: int = 0) -> PostedAnswer:
    ts = f"1763884800.{number:06}"
    at = NOW + timedelta(minutes=minutes)
    return PostedAnswer("T1", channel, ts, ts if number % 2 else None, f"2{ts}", "uninstalled", at, AnswerKind.FULL)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often the database was asked for what stands around a message."""
    asked, rows_of = list[object](), Database.rows_of

    def counted(database: Database, workspace: str, any_of: object, **values: object) -> object:
        asked.append(any_of)
        return rows_of(database, workspace, any_of, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "rows_of", counted)
    return lambda: len(asked)


def around(store: SqlStore, number: int, channel: str, since: timedelta = HOUR) -> set[PostedAnswer]:
    ts = f"1763884800.{number:06}"
    return set(store.around("T1", channel, ts=ts, thread=None, since=NOW - since).answers)


def test_nobody_looks_for_what_is_newer_than_all(sqlite_url: str, looks: Callable[[], int]) -> None:
    store = opened(sqlite_url)

    assert store.begin_answer(posted(5, "C1"), again=False)
    assert around(store, 9, "C2") == set()
    assert store.begin_answer(posted(9, "C2"), again=False)
    assert looks() == 0

    assert {each.to_ts for each in around(store, 9, "C1")} == {posted(5, "C1").to_ts}
    assert around(store, 9, "C1", since=-HOUR) == set()
    assert looks() == 1  # for the hour in which something was said
    assert not store.begin_answer(posted(5, "C1"), again=False)
    assert looks() == 2
    store.close()


def test_what_was_said_before_a_start_is_found_after_it(sqlite_url: str) -> None:
    store = opened(sqlite_url)
    assert store.begin_answer(posted(5, "C1"), again=False)
    assert store.claim_message("T1", "C2", posted(6, "C2").to_ts, NOW)
    store.close()

    after = opened(sqlite_url)

    assert {each.to_ts for each in around(after, 7, "C1")} == {posted(5, "C1").to_ts}
    assert not after.begin_answer(posted(5, "C1"), again=False)
    assert not after.begin_answer(posted(6, "C2"), again=False)
    assert after.begin_answer(posted(4, "C2"), again=False)  # older, and never claimed
    after.close()


@pytest.mark.parametrize("remembered", [1, 2, 100])
def test_whatever_is_kept_is_found_however_many_channels_are_remembered(
    database_url: str, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "_AT_MOST", remembered)
    chance, store = random.Random(remembered), opened(database_url)  # noqa: S311 - the same each time
    kept = dict[tuple[str, str], PostedAnswer]()

    for _ in range(60):
        answer = posted(chance.randrange(20), f"C{chance.randrange(4)}", chance.randrange(-90, 90))
        key = answer.channel, answer.to_ts
        assert store.begin_answer(answer, again=False) is (key not in kept)
        kept.setdefault(key, answer)
        number, channel, since = (
            chance.randrange(20),
            f"C{chance.randrange(4)}",
            timedelta(minutes=chance.randrange(90)),
        )
        wanted = {
            each
            for (place, ts), each in kept.items()
            if place == channel and (ts == posted(number, "").to_ts or each.at >= NOW - since)
        }
        assert around(store, number, channel, since) == wanted

    store.close()
