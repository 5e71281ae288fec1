"""The workspace of a token that is a setting leaves: real store, a clock and an answer of Slack's of our own."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters import logs
from bot.adapters.store import SqlStore
from bot.domain.departures import Departure
from bot.domain.errors import OperatorError
from bot.service.departures import Departures
from tests.store_helpers import LOGIN, NOW, PROD

pytest_plugins = ["tests.databases"]

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SECONDS = NOW.timestamp()


class Watched:
    """Workspaces T1 and T2 with an org each; a test moves the clock and says whether Slack takes the token."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = NOW
        self.works: bool | None = False
        self.asked = 0
        self.log = io.StringIO()
        logs.configure(self.log)
        for workspace in ("T1", "T2"):
            store.add_org(replace(PROD, workspace=workspace), LOGIN)
        self.departures = self.process()

    def process(self) -> Departures:
        return Departures(self.store, lambda: self.now, self._token_works)

    def _token_works(self, workspace: str) -> bool | None:
        assert workspace == "T1"
        self.asked += 1
        return self.works

    def pass_days(self, days: int, ticks: int = 4) -> None:
        for _ in range(days * ticks):
            self.now += DAY / ticks
            self.departures.sweep()

    def kept(self) -> list[str]:
        return [workspace for workspace in ("T1", "T2") if self.store.orgs(workspace)]

    def told(self, event: str = "operator must act") -> list[dict[str, str]]:
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]


@pytest.fixture
def watched(store: SqlStore) -> Watched:
    return Watched(store)


def test_it_is_marked_told_and_deleted_after_seven_days_and_no_other_is(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)

    (line,) = watched.told()
    assert (line["level"], line["workspace"]) == ("error", "T1")
    assert "deleted on 2026-11-30" in line["problem"]
    assert "forget --workspace T1" in line["fix"]
    assert list(watched.departures.away) == ["T1"]

    watched.pass_days(6)
    assert watched.kept() == ["T1", "T2"]
    assert len(watched.told()) == 1 + 6  # once a day

    watched.pass_days(1)
    assert watched.kept() == ["T2"]
    assert watched.store.departures() == []
    assert list(watched.departures.away) == []
    assert len(watched.told("workspace forgotten, as it left a week ago")) == 1


def test_both_events_that_come_repeatedly_are_one_departure(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)
    watched.pass_days(3)
    watched.departures.left("T1", SECONDS + 3)

    assert [mark.days for mark in watched.store.departures()] == [3]


def test_a_restart_keeps_the_mark_and_tells_again(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)
    watched.pass_days(3)
    before = len(watched.told())

    watched.departures = watched.process()
    watched.departures.sweep()
    watched.departures.sweep()

    assert len(watched.told()) == before + 1
    assert list(watched.departures.away) == ["T1"]
    watched.pass_days(4)
    assert watched.kept() == ["T2"]


def test_a_clock_that_leaps_years_deletes_nothing(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)
    watched.pass_days(3)

    watched.now += 3650 * DAY
    for _ in range(10):
        watched.now += MINUTE
        watched.departures.sweep()
    assert watched.kept() == ["T1", "T2"]

    watched.now -= 3650 * DAY
    watched.pass_days(6)
    assert watched.kept() == ["T1", "T2"]
    watched.pass_days(2)
    assert watched.kept() == ["T2"]


def test_two_processes_count_a_day_once(watched: Watched) -> None:
    other = watched.process()
    watched.departures.left("T1", SECONDS)
    for _ in range(6):
        watched.pass_days(1)
        other.sweep()

    assert watched.kept() == ["T1", "T2"]
    assert list(other.away) == ["T1"]
    mark = watched.store.departures()[0]
    assert not watched.store.count_day(replace(mark, days=5), replace(mark, days=6))


def test_slack_that_says_nothing_lets_no_day_count_and_deletes_nothing(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)
    watched.pass_days(6)
    watched.works = None

    watched.pass_days(5)
    assert watched.kept() == ["T1", "T2"]

    watched.works = False
    watched.departures.sweep()
    assert watched.kept() == ["T2"]


@pytest.mark.parametrize("days", [0, 3, 6])
def test_a_token_that_works_takes_the_mark_off(watched: Watched, days: int) -> None:
    watched.departures.left("T1", SECONDS)
    watched.pass_days(days)
    watched.works = True

    watched.pass_days(1)

    assert watched.store.departures() == []
    assert list(watched.departures.away) == []
    assert len(watched.told("the workspace is back; nothing of it will be deleted")) == 1
    watched.pass_days(9)
    assert watched.kept() == ["T1", "T2"]


def test_an_event_that_came_late_is_noticed_by_the_next_sweep(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)
    watched.departures.came("T1")
    watched.works = True

    watched.departures.left("T1", SECONDS)
    watched.departures.sweep()

    assert watched.store.departures() == []


@pytest.mark.parametrize(("event_time", "is_back"), [(None, True), (SECONDS + 5, True), (SECONDS - 5, False)])
def test_what_slack_sends_afterwards_says_that_it_is_back(
    watched: Watched, event_time: float | None, is_back: bool
) -> None:
    watched.departures.left("T1", SECONDS)

    watched.departures.seen("T2", event_time)
    assert len(watched.store.departures()) == 1
    watched.departures.seen("T1", event_time)

    assert (watched.store.departures() == []) is is_back


def test_one_that_came_back_and_leaves_again_begins_anew(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)
    watched.pass_days(6)
    watched.departures.came("T1")

    watched.departures.left("T1", watched.now.timestamp())
    watched.pass_days(6)
    assert watched.kept() == ["T1", "T2"]
    watched.pass_days(1)
    assert watched.kept() == ["T2"]


@pytest.mark.parametrize("event_time", [0, 1e300, -1e300, float("nan"), SECONDS + 9e9])
def test_a_time_that_cannot_be_is_taken_for_now(watched: Watched, event_time: float) -> None:
    watched.departures.left("T1", event_time)

    assert watched.store.departures() == [Departure("T1", NOW, NOW)]


def test_a_deletion_that_fails_is_tried_again(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(workspace: str) -> None:
        raise OperatorError(f"the database is locked, {workspace} stays")

    watched.departures.left("T1", SECONDS)
    with monkeypatch.context() as patch:
        patch.setattr(watched.store, "forget_workspace", fail)
        watched.pass_days(8)
    assert watched.kept() == ["T1", "T2"]

    watched.departures.sweep()
    assert watched.kept() == ["T2"]


def test_a_sweep_without_marks_asks_nobody(watched: Watched) -> None:
    watched.departures.sweep()
    watched.departures.seen("T1", None)

    assert watched.asked == 0


def test_a_mark_goes_with_its_workspace(watched: Watched) -> None:
    watched.departures.left("T1", SECONDS)

    assert watched.store.forget_workspace("T1")["departures"] == 1

    assert watched.store.departures() == []
