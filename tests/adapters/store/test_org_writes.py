"""Claims of what is written to orgs, on SQLite and PostgreSQL: one at a time, and none forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.model import FORGOTTEN, Change
from bot.domain.orgs.guide_ticks import Tick
from bot.domain.orgs.org_writes import LEASE, OrgWrite, WriteKind, WriteStatus
from tests.store_helpers import LOGIN, NOW, at_once
from tests.store_helpers import PROD as READ_ONLY

pytest_plugins = ["tests.databases"]

PROD = replace(READ_ONLY, grants_allowed=True)
WRITE = OrgWrite("T1", "prod", WriteKind.ACCESS, "0H4", "0PS", "Flosum Backup Org Auth", "Flosum Users", "U1", NOW)
LATER = NOW + LEASE + timedelta(seconds=1)


@pytest.fixture
def writing(store: SqlStore) -> SqlStore:
    """A store with an org whose write is claimed."""
    store.add_org(PROD, LOGIN)
    assert store.claim_write(WRITE, NOW, NOW + LEASE)
    return store


def kept(store: SqlStore) -> OrgWrite:
    found = store.org_write(PROD, WRITE.kind, WRITE.subject, WRITE.holder)
    assert found
    return found


def test_of_many_who_claim_the_same_one_does(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    assert sorted(at_once(6, lambda _: store.claim_write(WRITE, NOW, NOW + LEASE))) == [*[False] * 5, True]
    assert store.claim_write(replace(WRITE, subject="0H5"), NOW, NOW + LEASE)


def test_an_org_that_is_gone_or_only_read_is_not_written_to(store: SqlStore) -> None:
    assert not store.claim_write(WRITE, NOW, NOW + LEASE)
    store.add_org(READ_ONLY, LOGIN)
    assert not store.claim_write(WRITE, NOW, NOW + LEASE)


@pytest.mark.parametrize(
    ("status", "after", "free"),
    [
        (WriteStatus.NOT_DONE, timedelta(0), True),
        (WriteStatus.UNCERTAIN, timedelta(0), True),
        (WriteStatus.DONE, timedelta(seconds=30), False),  # whoever claims it may have read the org before
        (WriteStatus.DONE, LEASE, True),
    ],
)
def test_what_ended_is_claimed_anew(writing: SqlStore, status: WriteStatus, after: timedelta, *, free: bool) -> None:
    assert writing.end_write(WRITE, status, None, None)

    assert writing.claim_write(replace(WRITE, at=NOW + after), NOW + after, NOW + after + LEASE) is free


def test_what_was_left_is_found_after_its_lease_and_taken_on_once(writing: SqlStore) -> None:
    assert writing.writes_left(NOW) == []
    assert not writing.is_anything_due(NOW)
    (left,) = writing.writes_left(LATER)
    assert writing.is_anything_due(LATER)
    assert (left.org, left.status, left.by) == ("prod", WriteStatus.WRITING, "U1")

    assert sorted(at_once(4, lambda _: writing.take_over(left, LATER, LATER + LEASE))) == [*[False] * 3, True]
    assert writing.writes_left(LATER) == []


def test_what_came_of_it_is_noted_once_with_its_line_of_the_trail(writing: SqlStore) -> None:
    change = Change("T1", NOW, "U1", "granted", WRITE.words)

    assert at_once(3, lambda _: writing.end_write(WRITE, WriteStatus.DONE, "0J0", change)).count(True) == 1
    assert [each.subject for each in writing.changes("T1")] == ["prod: Flosum Backup Org Auth → Flosum Users"]
    assert writing.org_write_of(PROD, "0J0") == replace(WRITE, org="Prod", status=WriteStatus.DONE, record_id="0J0")


def test_of_many_who_take_it_back_one_does(writing: SqlStore) -> None:
    writing.end_write(WRITE, WriteStatus.DONE, "0J0", None)
    done = kept(writing)

    assert at_once(4, lambda _: writing.begin_undo(done, NOW + LEASE, "U2")).count(True) == 1
    assert (kept(writing).by, kept(writing).presser) == ("U1", "U2")
    assert not writing.claim_write(WRITE, NOW, NOW + LEASE)
    assert writing.end_write(done, WriteStatus.UNDONE, "0J0", None)
    assert not writing.begin_undo(done, NOW + LEASE, "U2")
    assert writing.claim_write(WRITE, NOW, NOW + LEASE)


def test_it_goes_with_the_org_and_follows_its_name(writing: SqlStore) -> None:
    writing.tick_guide(PROD, Tick("install", "U1", NOW, "00D1"))
    renamed = writing.rename_org("T1", "prod", "main")
    assert writing.org_write(renamed, WRITE.kind, WRITE.subject, WRITE.holder)
    assert [tick.step for tick in writing.guide_ticks(renamed)] == ["install"]

    writing.remove_org("T1", "main")

    assert writing.org_write(renamed, WRITE.kind, WRITE.subject, WRITE.holder) is None
    assert writing.guide_ticks(renamed) == []


def test_ticks_are_put_replaced_and_taken_off(writing: SqlStore) -> None:
    writing.tick_guide(PROD, Tick("refresh-token", "U1", NOW, "00D1"))
    writing.tick_guide(PROD, Tick("refresh-token", "U2", LATER, "00D2"))

    assert writing.guide_ticks(PROD) == [Tick("refresh-token", "U2", LATER, "00D2")]
    assert [writing.untick_guide(PROD, "refresh-token") for _ in range(2)] == [True, False]
    writing.tick_guide(replace(PROD, name="gone"), Tick("install", "U1", NOW))
    assert writing.guide_ticks(replace(PROD, name="gone")) == []


def test_a_person_is_erased_from_it_and_old_ones_go(writing: SqlStore) -> None:
    writing.tick_guide(PROD, Tick("install", "U1", NOW))

    erased = writing.forget_user("U1")

    assert (erased["org_writes"], erased["guide_ticks"]) == (1, 1)
    assert (kept(writing).by, writing.guide_ticks(PROD)[0].by) == (FORGOTTEN, FORGOTTEN)
    assert writing.claim_write(replace(WRITE, subject="0H5", by="U3", undo_by="U1"), NOW, NOW + LEASE)
    assert writing.forget_user("U1")["org_writes"] == 1
    assert writing.forget_writes(NOW + timedelta(days=1)) == 2
