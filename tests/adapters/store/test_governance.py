"""Permissions, the audit trail, installations and conversations; and a workspace that leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.database import Database
from bot.adapters.store.tables import answers, installations, metadata, seen_messages
from bot.adapters.vault import make_key
from bot.domain.answers import Answer
from bot.domain.departures import Departure
from bot.domain.digest.notices import Escalation, Notice
from bot.domain.digest.subscription import Kind
from bot.domain.errors import OperatorError
from bot.domain.model import AnswerKind, Change, Snooze, Verdict
from bot.domain.orgs.conditions import Known
from bot.domain.orgs.guide_ticks import Tick
from bot.domain.orgs.org_writes import OrgWrite, WriteKind
from bot.ports import KeptRequest
from tests.digests import past, take, weekly
from tests.store_helpers import ANSWER, CHANGE, LEASE, LOGIN, NOW, PROD, READING, at_once, keep_past, opened

pytest_plugins = ["tests.databases"]

# --- governance ----------------------------------------------------------------------------------------


def test_people_are_trusted_once_and_until_they_are_taken_off(store: SqlStore) -> None:
    assert [store.trust("T1", subject) for subject in ("U2", "S1", "U2")] == [True, True, False]
    assert store.trusted("T1") == ["S1", "U2"]

    assert store.distrust("T1", "U2")

    assert not store.distrust("T1", "U2")
    assert store.trusted("T1") == ["S1"]


def test_the_trail_is_newest_first_even_within_one_instant(store: SqlStore) -> None:
    lines = [Change("T1" if number % 2 else "T2", NOW, "U1", f"change {number}", "prod") for number in range(20)]
    for line in lines:
        store.record(line)

    assert store.changes() == lines[::-1]
    assert store.changes("T1") == lines[::-2]
    assert store.changes("T1", limit=2) == lines[:-5:-2]
    assert store.changes(limit=1) == lines[-1:]


def test_twenty_changes_at_once_are_twenty_lines(store: SqlStore) -> None:
    def change(number: int) -> bool:
        store.record(replace(CHANGE, user=f"U{number}"))
        return True

    assert all(at_once(20, change))
    assert {change.user for change in store.changes("T1")} == {f"U{number}" for number in range(20)}


# --- installations -------------------------------------------------------------------------------------


def test_installations_of_workspaces_and_enterprises_are_kept_apart(store: SqlStore) -> None:
    for enterprise, team in ((None, "T1"), ("E1", "T1"), ("E1", None)):
        store.save_installation(enterprise, team, f"{enterprise} {team}")

    assert store.installations() == [(None, "T1"), ("E1", None), ("E1", "T1")]
    assert [store.installation(*ids) for ids in store.installations()] == ["None T1", "E1 None", "E1 T1"]
    assert store.installation(None, "T2") is None
    assert store.drop_installation("E1", None)
    assert not store.drop_installation("E1", None)
    assert store.installations() == [(None, "T1"), ("E1", "T1")]


def test_a_second_installation_replaces_the_first_at_any_length(store: SqlStore) -> None:
    store.save_installation("E1", "T1", "old")
    store.save_installation("E1", "T1", "new" * 50_000)

    assert store.installation("E1", "T1") == "new" * 50_000
    assert store.installations() == [("E1", "T1")]


def test_an_installation_of_nobody_is_a_mistake(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="of nobody"):
        store.save_installation(None, None, "payload")

    assert store.installation(None, None) is None


def test_an_installation_opens_in_its_own_row_and_with_our_keys_only(database_url: str, store: SqlStore) -> None:
    store.save_installation(None, "T1", "planted")
    store.save_installation(None, "T2", "theirs")
    database = Database(database_url)
    kept = database.everywhere(installations)
    with database.exclusive() as connection:
        connection.exec_driver_sql(
            "UPDATE installations SET sealed = (SELECT sealed FROM installations WHERE team = 'T1')"
        )
    database.close()

    assert "planted" not in str(kept)
    assert store.installation(None, "T1") == "planted"
    with pytest.raises(OperatorError, match="`Slack workspace T2` is another org's"):
        store.installation(None, "T2")
    other = opened(database_url, make_key())
    with pytest.raises(OperatorError, match="None of the encryption keys"):
        other.installation(None, "T1")
    other.close()


def test_guests_are_not_welcome_until_somebody_says_so(store: SqlStore) -> None:
    assert not store.guests_welcome("T1")
    assert not store.set_guests_welcome("T1", on=False)

    assert [store.set_guests_welcome("T1", on=True) for _ in range(2)] == [True, False]
    assert (store.guests_welcome("T1"), store.guests_welcome("T2")) == (True, False)

    assert store.set_guests_welcome("T1", on=False)
    assert not store.guests_welcome("T1")


# --- conversations -------------------------------------------------------------------------------------


def test_the_bot_overhears_until_somebody_switches_it_off(store: SqlStore) -> None:
    assert store.overhears("T1", "C1")

    assert not store.set_overhearing("T1", "C1", on=True)

    assert [store.set_overhearing("T1", "C1", on=False) for _ in range(2)] == [True, False]

    assert not store.overhears("T1", "C1")
    assert store.overhears("T1", "C2")
    assert store.set_overhearing("T1", "C1", on=True)
    assert store.overhears("T1", "C1")


def found(store: SqlStore, channel: str, ts: str, thread: str | None, minutes: float = 0) -> list[str]:
    since = NOW + timedelta(minutes=minutes)
    return [each.to_ts for each in store.around("T1", channel, ts=ts, thread=thread, since=since).answers]


def test_an_answer_is_found_by_its_message_and_replaced(store: SqlStore) -> None:
    old = replace(ANSWER, kind=AnswerKind.FOR_ORG, detail="prod", at=NOW - timedelta(days=20))
    store.remember_answer(old)
    assert store.around("T1", "C1", ts="1", thread=None, since=NOW).answers == (old,)
    changed = replace(ANSWER, thread=None, ts="2.5", entry="why", kind=AnswerKind.OUTDATED, at=NOW - LEASE)

    store.remember_answer(changed)

    assert store.around("T1", "C1", ts="1", thread=None, since=NOW).answers == (changed,)
    assert (found(store, "C2", "1", None), found(store, "C1", "2.5", None)) == ([], [])


def test_answers_in_full_are_found_in_their_channel_newest_first_as_long_as_they_are_asked_for(store: SqlStore) -> None:
    for minutes in (0, 20, 10):
        store.remember_answer(replace(ANSWER, to_ts=str(minutes), at=NOW + timedelta(minutes=minutes)))
    for number, kind in enumerate(set(AnswerKind) - {AnswerKind.FULL}):
        store.remember_answer(replace(ANSWER, to_ts=f"other {number}", kind=kind))

    assert found(store, "C1", "9", "9") == ["20", "10", "0"]
    assert found(store, "C1", "9", "9", minutes=20) == ["20"]
    assert found(store, "C1", "9", "9", minutes=20.001) == []
    assert found(store, "C2", "9", "9") == []


def test_every_answer_of_a_thread_is_found_and_of_what_stands_outside_threads_the_late_ones(store: SqlStore) -> None:
    for minutes, thread in ((0, "1"), (20, "1"), (10, "1"), (30, "2"), (5, None), (4, None)):
        answer = replace(ANSWER, to_ts=str(minutes), thread=thread, kind=AnswerKind.NOTHING)
        store.remember_answer(replace(answer, at=NOW + timedelta(minutes=minutes)))

    assert found(store, "C1", "9", "1", minutes=60) == ["20", "10", "0"]
    assert found(store, "C1", "9", "2", minutes=60) == ["30"]
    assert found(store, "C1", "9", None) == ["5", "4"]
    assert found(store, "C1", "9", None, minutes=5) == ["5"]
    assert (found(store, "C1", "9", "3"), found(store, "C2", "9", "1")) == ([], [])


def test_around_a_message_the_orgs_and_the_quiet_of_its_channel_are_known(store: SqlStore) -> None:
    for name in ("prod", "Abc"):
        store.add_org(replace(PROD, name=name), LOGIN)
    store.set_overhearing("T1", "C1", on=False)

    here, there = (store.around("T1", channel, ts="1", thread=None, since=NOW) for channel in ("C1", "C2"))

    assert [org.name for org in here.orgs] == ["Abc", "prod"]
    assert (here.quiet, there.quiet) == (True, False)
    assert here.orgs == there.orgs


@pytest.mark.parametrize(
    ("query", "uses"),
    [
        ("to_ts = '1'", "workspace=? AND channel=? AND to_ts=?"),
        ("thread = '1'", "workspace=? AND channel=? AND thread=?"),
        ("thread IS NULL AND at >= '2026'", "workspace=? AND channel=? AND thread=? AND at>?"),
        ("kind = 'full' AND at >= '2026'", "workspace=? AND channel=? AND kind=? AND at>?"),
    ],
)
def test_each_look_around_a_message_finds_its_index(sqlite_url: str, query: str, uses: str) -> None:
    """However many answers there are, no look goes through all of a channel."""
    opened(sqlite_url).close()
    database = Database(sqlite_url)

    with database.inspecting() as connection:
        where = f"workspace = 'T1' AND channel = 'C1' AND {query}"
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT * FROM answers WHERE {where}").all()  # noqa: S608

    database.close()
    assert [str(row[-1]) for row in plan if uses in str(row[-1])], plan


def test_what_is_old_is_forgotten_in_every_workspace_and_nothing_else(database_url: str, store: SqlStore) -> None:
    for workspace in ("T1", "T2"):
        for days in (0, 30, 31):
            at = NOW + timedelta(days=days)
            store.remember_answer(replace(ANSWER, workspace=workspace, to_ts=str(days), at=at))
            store.claim_message(workspace, "C1", str(days), at)

    assert store.forget_old(NOW + timedelta(days=30)) == 4

    database = Database(database_url)
    kept = [(row.workspace, row.to_ts) for row in database.everywhere(answers)]
    claimed = [(row.workspace, row.ts) for row in database.everywhere(seen_messages)]
    database.close()
    assert sorted(kept) == sorted(claimed) == [("T1", "30"), ("T1", "31"), ("T2", "30"), ("T2", "31")]


def test_everybody_has_one_verdict_on_an_entry(store: SqlStore) -> None:
    for user, helpful in (("U1", True), ("U2", True), ("U3", False), ("U1", False)):
        store.rate("T1", "install", user, helpful=helpful, now=NOW)
    store.rate("T1", "why", "U1", helpful=True, now=NOW)

    assert store.ratings("T1") == {"install": (1, 2), "why": (1, 0)}


# --- leaving -------------------------------------------------------------------------------------------


def fill(store: SqlStore, workspace: str) -> None:
    """At least one row in every table."""
    org = replace(PROD, workspace=workspace, grants_allowed=True)
    store.add_org(org, LOGIN)
    known = Known(Verdict.READY, NOW)
    store.save_readings(workspace, {org.name: READING}, lambda _there, _before: {org.name: known})
    store.snooze(org, Snooze(None, "sold", "U1", NOW))
    write = OrgWrite(workspace, org.name, WriteKind.ACCESS, "0H4", "0PS", "the app", "the set", "U1", NOW)
    assert store.claim_write(write, NOW, NOW + LEASE)
    store.tick_guide(org, Tick("refresh-token", "U1", NOW))
    store.add_notices(workspace, [Notice(workspace, "key", "U1", Answer("Said"), NOW)])
    store.set_escalation(Escalation(workspace, 3, "U2", "U1"))
    store.claim_mentions(workspace, ["U1"], "key", NOW, NOW)
    store.keep_subscription(weekly(workspace, "C1", kind=Kind.ALERTS))
    store.claim_alert_checks(NOW, LEASE, lambda _: LEASE)
    store.keep_subscription(weekly(workspace, "C1"))
    take(store, NOW, workspace=workspace)
    keep_past(store, workspace, "weekly", past("2026-W48", (), ()))
    store.claim_message(workspace, "C1", "1", NOW)
    store.trust(workspace, "U1")
    store.record(replace(CHANGE, workspace=workspace))
    store.set_overhearing(workspace, "C1", on=False)
    store.remember_answer(replace(ANSWER, workspace=workspace))
    store.rate(workspace, "install", "U1", helpful=True, now=NOW)
    store.keep_request(KeptRequest(f"key of {workspace}", workspace, "{}"), "process", NOW)
    store.mark_departure(Departure(workspace, NOW, NOW))
    store.set_guests_welcome(workspace, on=True)
    store.set_shared(workspace, "C1", shared=True)
    store.greet_once(workspace, "U1")
    store.save_installation(None, workspace, "payload")
    store.save_installation("E1", None, "payload")


BEFORE_ANY_WORKSPACE = {"tickets", "installations", "processes"}


def test_a_workspace_that_leaves_takes_everything_of_its_own_and_nothing_else(
    database_url: str, store: SqlStore
) -> None:
    """A new table belongs to workspaces or is named above; either way ``fill`` or this test must know of it."""
    fill(store, "T1")
    fill(store, "T2")
    database = Database(database_url)
    scoped = {name: table for name, table in metadata.tables.items() if "workspace" in table.c}
    assert set(metadata.tables) - set(scoped) == BEFORE_ANY_WORKSPACE
    full = {name: len(database.everywhere(table, table.c.workspace == "T1")) for name, table in scoped.items()}
    assert full == dict.fromkeys(scoped, 1)

    store.forget_workspace("T1")

    left = {name: [row.workspace for row in database.everywhere(table)] for name, table in scoped.items()}
    assert left == {name: ["T2"] for name in scoped}
    assert store.installations() == [(None, "T2"), ("E1", None)]
    assert store.credentials(replace(PROD, workspace="T2")) == LOGIN
    store.forget_workspace("T1")
    database.close()
