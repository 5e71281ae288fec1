"""What a clock noted that was far ahead for a while: none of it holds anything up until then. Real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.digest.notices import Notice
from bot.domain.digest.subscription import Kind, Subscription
from bot.domain.orgs.org_writes import LEASE, OrgWrite, WriteKind
from bot.service.alerts import EVERY
from bot.service.escalating import Escalating
from bot.service.retention import Retention
from tests.store_helpers import LOGIN, NOW, PROD

pytest_plugins = ["tests.databases"]

AHEAD = NOW + timedelta(days=400)


def test_a_notice_is_said(store: SqlStore) -> None:
    store.add_notices("T1", [Notice("T1", "alert:prod:1", "C1", Answer("It fell."), AHEAD)])

    assert store.is_anything_due(NOW)
    (due,) = store.notices_due(NOW)
    assert store.claim_notice(due, NOW, NOW + LEASE)
    assert store.notices_due(NOW) == []


def test_what_was_left_half_written_is_looked_up_and_may_be_written_anew(store: SqlStore) -> None:
    store.add_org(replace(PROD, grants_allowed=True), LOGIN)
    write = OrgWrite("T1", PROD.name, WriteKind.ACCESS, "0H4", "0PS", "the app", "the set", "U1", AHEAD)
    assert store.claim_write(write, AHEAD, AHEAD + LEASE)

    assert store.is_anything_due(NOW)
    (left,) = store.writes_left(NOW)
    assert store.take_over(left, NOW, NOW + LEASE)
    assert store.writes_left(NOW) == []
    assert not store.claim_write(replace(write, at=NOW), NOW, NOW + LEASE)


def test_orgs_are_looked_at_for_alerts(store: SqlStore) -> None:
    store.keep_subscription(Subscription("T1", "", "C1", Kind.ALERTS))
    store.claim_alert_checks(AHEAD, EVERY, lambda _: timedelta(0))
    assert store.claim_alert_checks(AHEAD, EVERY, lambda _: timedelta(0)) == ["T1"]

    assert store.claim_alert_checks(NOW, EVERY, lambda _: timedelta(0)) == ["T1"]
    assert store.claim_alert_checks(NOW, EVERY, lambda _: timedelta(0)) == []


def test_an_owner_is_mentioned(store: SqlStore) -> None:
    week = timedelta(weeks=1)
    assert store.claim_mentions("T1", ["U1"], "a", AHEAD, AHEAD - week) == {"U1"}

    assert store.claim_mentions("T1", ["U1"], "b", NOW, NOW - week) == {"U1"}
    assert store.claim_mentions("T1", ["U1"], "c", NOW, NOW - week) == frozenset()


class Work:
    """Counts how often it was done, by a clock that a test moves."""

    def __init__(self) -> None:
        self.now, self.done = AHEAD, 0

    def __call__(self) -> datetime:
        return self.now

    def forget_old(self, _: datetime) -> int:
        self.done += 1
        return 0

    def forget_tickets(self, _: datetime) -> int:
        return 0

    forget_notices = forget_writes = forget_tickets

    def escalations(self) -> list[Any]:
        self.done += 1
        return []


@pytest.mark.parametrize("kind", [Retention, Escalating])
def test_what_is_done_each_hour_goes_on(kind: type) -> None:
    work, nobody = Work(), [None] * 4
    hourly: Any = kind(work, work) if kind is Retention else kind(work, *nobody, work)
    hourly.tick()
    hourly.tick()
    assert work.done == 1

    work.now = NOW
    hourly.tick()
    hourly.tick()

    assert work.done == 2
