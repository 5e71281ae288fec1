"""Workspaces that leave: how long what is still written for them is deleted. Real store, a clock of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import OperatorError
from bot.service.uninstall import Uninstalls
from tests.store_helpers import LOGIN, NOW, PROD

pytest_plugins = ["tests.databases"]

HALF_AN_HOUR = timedelta(minutes=30)
TICK = timedelta(microseconds=1)


class Watched:
    """What counts who has left, beside the store that it deletes from; a test moves the clock."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOW
        self.uninstalls = Uninstalls(store, self.clock)

    def clock(self) -> datetime:
        return self.now

    def is_kept(self, workspace: str = "T1") -> bool:
        """Whether what work under way writes for a workspace at this instant outlives the next sweep."""
        self.store.add_org(replace(PROD, workspace=workspace), LOGIN)
        self.uninstalls.sweep()
        return self.store.orgs(workspace) != []


def fail(workspace: str) -> None:
    raise OperatorError(f"the database is locked, {workspace} stays")


@pytest.fixture
def watched(store: SqlStore) -> Watched:
    return Watched(store)


def test_a_workspace_that_leaves_is_forgotten_at_once_and_no_other(watched: Watched) -> None:
    watched.store.save_installation(None, "T1", "installed T1")
    assert watched.is_kept("T1")
    assert watched.is_kept("T2")

    watched.uninstalls.left("T1")

    assert [watched.store.orgs(workspace) == [] for workspace in ("T1", "T2")] == [True, False]
    assert [watched.uninstalls.is_gone(workspace) for workspace in ("T1", "T2")] == [True, False]
    assert watched.store.installations() == []


def test_what_is_written_within_half_an_hour_is_deleted_and_then_the_watch_ends(watched: Watched) -> None:
    watched.uninstalls.left("T1")

    for since in (timedelta(0), HALF_AN_HOUR, HALF_AN_HOUR + TICK):
        watched.now = NOW + since
        assert not watched.is_kept()

    assert not watched.uninstalls.is_gone("T1")
    assert watched.is_kept()


def test_leaving_again_begins_the_half_hour_anew(watched: Watched) -> None:
    for since in (timedelta(0), HALF_AN_HOUR):
        watched.now = NOW + since
        watched.uninstalls.left("T1")

    watched.now += TICK
    watched.uninstalls.sweep()

    assert watched.uninstalls.is_gone("T1")


def test_a_workspace_that_comes_back_is_kept(watched: Watched) -> None:
    watched.uninstalls.left("T1")

    watched.uninstalls.came("T1")

    assert not watched.uninstalls.is_gone("T1")
    assert watched.is_kept()
    watched.uninstalls.came("T9")  # which never left


@pytest.mark.parametrize(
    ("enterprise", "team", "workspace"), [(None, "T1", "T1"), ("E1", "T1", "T1"), ("E1", None, "E1")]
)
def test_a_workspace_that_came_back_by_another_process_is_kept_and_watched_no_longer(
    watched: Watched, enterprise: str | None, team: str | None, workspace: str
) -> None:
    watched.uninstalls.left(workspace)
    watched.store.save_installation(None, "T2", "installed T2")
    assert not watched.is_kept(workspace)
    watched.store.save_installation(enterprise, team, "installed again")

    assert not watched.uninstalls.is_gone(workspace)
    assert watched.is_kept(workspace)
    watched.store.drop_installation(enterprise, team)
    assert not watched.uninstalls.is_gone(workspace)


def test_a_deletion_that_fails_stops_no_other_and_is_tried_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    for workspace in ("T1", "T2"):
        watched.uninstalls.left(workspace)
        watched.store.add_org(replace(PROD, workspace=workspace), LOGIN)
    forget = watched.store.forget_workspace

    with monkeypatch.context() as patch:
        patch.setattr(watched.store, "forget_workspace", lambda left: (fail if left == "T1" else forget)(left))
        watched.uninstalls.sweep()
    assert [watched.store.orgs(workspace) == [] for workspace in ("T1", "T2")] == [False, True]

    watched.uninstalls.sweep()
    assert watched.store.orgs("T1") == []


def test_a_workspace_whose_deletion_fails_is_asked_for_again_and_watched_already(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(watched.store, "forget_workspace", fail)
        with pytest.raises(OperatorError):
            watched.uninstalls.left("T1")

    assert not watched.is_kept()
