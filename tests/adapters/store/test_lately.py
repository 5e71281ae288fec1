"""What is read once for many messages, and when it is read again."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.adapters.store import SqlStore, lately
from bot.domain.model import ChannelRecords
from tests.store_helpers import LOGIN, NOW, PROD, opened

pytest_plugins = ["tests.databases"]


def around(store: SqlStore, workspace: str = "T1") -> ChannelRecords:
    return store.around(workspace, "C1", ts="1", thread=None, since=NOW)


@pytest.mark.parametrize(
    ("write", "shows"),
    [
        (lambda store: store.add_org(PROD, LOGIN), lambda seen: [org.name for org in seen.orgs] == [PROD.name]),
        (lambda store: store.set_overhearing("T1", "C1", on=False), lambda seen: seen.quiet),
    ],
    ids=["an org", "a quiet channel"],
)
def test_what_is_written_here_is_known_at_once(
    store: SqlStore, write: Callable[[SqlStore], object], shows: Callable[[ChannelRecords], bool]
) -> None:
    assert not shows(around(store))
    write(store)

    assert shows(around(store))
    assert not shows(around(store, "T2"))


def test_what_another_program_wrote_is_known_soon(
    store: SqlStore, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert around(store).orgs == ()
    other = opened(database_url)
    other.add_org(PROD, LOGIN)
    other.close()
    monkeypatch.setattr(lately, "LATELY", 0.0)

    assert [org.name for org in around(store).orgs] == [PROD.name]


def test_what_another_program_erased_is_told_nobody_once_it_says_so(
    store: SqlStore, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lately, "LATELY", 0.2)
    store.add_org(PROD, LOGIN)
    store.set_overhearing("T1", "C1", on=False)
    other = opened(database_url)
    around(store)
    store.orgs_lately("T1")
    other.forget_workspace("T1")
    began = time.monotonic()
    other.outlast_memories()
    other.close()

    assert time.monotonic() - began >= lately.LATELY
    assert around(store) == ChannelRecords()
    assert store.orgs_lately("T1") == []


def test_what_is_erased_does_not_lie_about_in_memory(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.orgs_lately("T1")
    store.forget_workspace("T1")

    store.orgs_lately("T2")  # somebody of another workspace

    assert PROD.name not in repr(store._orgs_lately._known)  # noqa: SLF001 - nothing else shows it


def test_what_is_kept_of_workspaces_has_an_end(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lately, "_AT_MOST", 2)
    store.add_org(PROD, LOGIN)
    for number in range(5):
        store.orgs_lately(f"T{number}")

    assert [org.name for org in store.orgs_lately("T1")] == [PROD.name]
