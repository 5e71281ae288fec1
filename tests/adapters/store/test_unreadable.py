"""A stored value that is none of its kind: whoever reads it says so to the operator, and where is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.store import SqlStore
from bot.adapters.store.errors import Unreadable
from bot.domain.answers import Answer
from bot.domain.digest.notices import Notice
from bot.domain.model import Snooze
from bot.domain.orgs.org_writes import OrgWrite, WriteKind
from tests.digests import weekly
from tests.store_helpers import LOGIN, NOW, PROD, READING, opened

Read = Callable[[SqlStore], object]


def orgs(store: SqlStore) -> object:
    return store.orgs("T1")


def digests(store: SqlStore) -> object:
    return store.subscriptions("T1")


@pytest.fixture
def full(tmp_path: Path) -> SqlStore:
    """An SQLite file, which keeps times as text, with an org and what belongs to it."""
    store = opened(f"sqlite:///{tmp_path}/full.db")
    store.add_org(replace(PROD, workspace="T1", added_at=NOW, grants_allowed=True), LOGIN)
    store.save_readings("T1", {PROD.name: READING}, lambda _there, _before: {})
    store.snooze(replace(PROD, workspace="T1"), Snooze(NOW, "", "U1", NOW))
    store.keep_subscription(replace(weekly("T1", "C1"), start=date(2026, 11, 30), set_at=NOW))
    store.add_notices("T1", [Notice("T1", "alert:prod:1", "C1", Answer("It fell."), NOW)])
    write = OrgWrite("T1", PROD.name, WriteKind.ACCESS, "0H4", "0PS", "the app", "the set", "U1", NOW)
    assert store.claim_write(write, NOW, NOW + timedelta(minutes=1))
    return store


@pytest.mark.parametrize(
    ("place", "damaged", "read"),
    [
        ("orgs.added_at", "2026-1\x121-30 09:00:00.000000", orgs),
        ("orgs.added_at", "", orgs),
        ("orgs.attempted_at", "2026-11-3\x80", orgs),
        ("orgs.apps", '["Flo', orgs),
        ("orgs.tags", '"emea"', orgs),
        ("orgs.tags", "[1]", orgs),
        ("orgs.login", "jwu", orgs),
        ("snoozes.until", "2026-13-01 00:00:00", orgs),
        ("org_facts.checked_at", "soon", lambda store: store.kept_orgs("T1")),
        ("subscriptions.start", "2026-1x-30", digests),
        ("subscriptions.set_at", "2026", digests),
        ("subscriptions.rhythm", "daily", digests),
        ("subscriptions.kind", "", digests),
        ("notices.at", "x", lambda store: store.notices_due(NOW)),
        ("org_writes.at", "x", lambda store: store.writes_left(NOW + timedelta(hours=1))),
    ],
)
def test_it_is_said_to_be_damaged_and_where_it_stands(full: SqlStore, place: str, damaged: str, read: Read) -> None:
    assert full.unreadable() == []
    read(full)
    table, column = place.split(".")
    with full._database.exclusive() as connection:  # noqa: SLF001
        connection.execute(text(f"UPDATE {table} SET {column} = :damaged"), {"damaged": damaged})  # noqa: S608

    with pytest.raises(Unreadable, match=r"The database holds an? .* that this version cannot read. Restore a backup"):
        read(full)

    assert full.unreadable() == [place]
    full.close()
