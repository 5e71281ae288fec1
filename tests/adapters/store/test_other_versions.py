"""Rows in the words of a newer version, as beside it or after it: each holds up none of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, update

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import notices, org_verdicts, org_writes
from bot.domain.answers import Answer
from bot.domain.digest.notices import Notice
from bot.domain.model import Verdict
from bot.domain.orgs.conditions import Condition, Known, News
from bot.domain.orgs.org_writes import LEASE, OrgWrite, WriteKind
from tests.store_helpers import LOGIN, NOW, PROD, READING

pytest_plugins = ["tests.databases"]

HERE, THERE = "T1", "T2"
LATER = NOW + LEASE + timedelta(seconds=1)
KNOWN = Known(Verdict.ACTION_NEEDED, NOW, Condition.READY, news=News.FELL)


@pytest.fixture
def two_workspaces(store: SqlStore) -> SqlStore:
    """Everything that is read of all workspaces at once, in each of two."""
    for workspace in (HERE, THERE):
        org = replace(PROD, workspace=workspace, grants_allowed=True)
        store.add_org(org, LOGIN)
        store.save_readings(workspace, {org.name: READING}, lambda _there, _before: {PROD.name: KNOWN})
        store.add_notices(workspace, [Notice(workspace, "alert:prod:1", "C1", Answer("It fell."), NOW)])
        write = OrgWrite(workspace, org.name, WriteKind.ACCESS, "0H4", "0PS", "the app", "the set", "U1", NOW)
        assert store.claim_write(write, NOW, NOW + LEASE)
    return store


def in_newer_words(store: SqlStore, table: Table, **values: Any) -> None:
    """Of the first workspace, as a version would write them that has more than this one."""
    with store._database.exclusive() as connection:  # noqa: SLF001
        connection.execute(update(table).where(table.c.workspace == HERE).values(values))


NEW_BUTTON = '{"headline": "x", "lead": "", "state": null, "note": "", "buttons": [{"label": "a", "shape": 1}]}'
NEW_STATE = '{"headline": "x", "lead": "", "state": "half", "note": "", "buttons": []}'


@pytest.mark.parametrize(
    ("table", "values", "read"),
    [
        (notices, {"said": NEW_BUTTON}, lambda store: store.notices_due(NOW)),
        (notices, {"said": NEW_STATE}, lambda store: store.notices_due(NOW)),
        (notices, {"said": '{"words": []}'}, lambda store: store.notices_due(NOW)),
        (notices, {"said": "none"}, lambda store: store.notices_due(NOW)),
        (org_writes, {"kind": "profile"}, lambda store: store.writes_left(LATER)),
        (org_writes, {"status": "half"}, lambda store: store.writes_left(LATER)),
    ],
)
def test_one_that_cannot_be_read_is_left_to_who_wrote_it(
    two_workspaces: SqlStore, table: Table, values: dict[str, str], read: Callable[[SqlStore], Any]
) -> None:
    in_newer_words(two_workspaces, table, **values)

    assert [each.workspace for each in read(two_workspaces)] == [THERE]
    assert two_workspaces.is_anything_due(LATER)


@pytest.mark.parametrize("values", [{"verdict": "half"}, {"news": "wavers"}])
def test_news_in_other_words_are_nobodys(two_workspaces: SqlStore, values: dict[str, str]) -> None:
    in_newer_words(two_workspaces, org_verdicts, **values)

    assert [workspace for workspace, _, _ in two_workspaces.orgs_with_news()] == [THERE]


@pytest.mark.parametrize(
    ("values", "since"), [({"verdict": "half"}, None), ({"news": "wavers"}, NOW), ({"condition": "adrift"}, NOW)]
)
def test_an_org_is_there_whatever_is_known_of_it(
    two_workspaces: SqlStore, values: dict[str, str], since: object
) -> None:
    in_newer_words(two_workspaces, org_verdicts, **values)

    (org,) = two_workspaces.orgs(HERE)
    assert (org.name, org.open_since) == (PROD.name, since)
    two_workspaces.save_readings(HERE, {org.name: READING}, lambda _there, _before: {PROD.name: KNOWN})
    assert len(two_workspaces.orgs_with_news()) == 2
