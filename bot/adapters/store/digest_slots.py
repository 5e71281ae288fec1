"""The port ``DigestSlots``: one row for whatever is told once, claimed by one process at a time.

Leases are on the database's clock, which is one for all processes; when things are due is on ours.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select, tuple_, update

from bot.adapters.store.base import Sealer, StorePart
from bot.adapters.store.database import Database, clock_of
from bot.adapters.store.slot_records import NEVER_CAME, OPEN_SLOTS, new_slot, same_slot, slot_record
from bot.adapters.store.slot_taking import SlotTaking
from bot.adapters.store.statements import TOO_FAR, Scope
from bot.adapters.store.subscription_records import subscription_record
from bot.adapters.store.tables import digest_history, digest_slots, subscriptions
from bot.domain.digest import delivery
from bot.domain.digest.subscription import About, Slot, SlotStatus
from bot.domain.model import PastDigest
from bot.ports import MakePlan, Outcome, Step, Undelivered, Waking


class SqlDigestSlots(StorePart):
    """Slots, and when their subscriptions are to be looked at."""

    def __init__(self, database: Database, vault: Sealer) -> None:
        super().__init__(database, vault)
        self._turns = threading.Lock()

    def waking(self, now: datetime) -> Sequence[Waking]:
        """Every subscription that is to be looked at, the longest due first; one query."""
        wake_at = subscriptions.c.wake_at
        far = now + delivery.LOOKED_AT_AGAIN + TOO_FAR
        query = (
            select(subscriptions.c.workspace, subscriptions.c.id, wake_at)
            .where(subscriptions.c.enabled, or_(wake_at <= now, wake_at > far))
            .order_by(wake_at)
        )
        with self._database.inspecting() as connection:
            return [Waking(*row) for row in connection.execute(query)]

    def begin_step(
        self, waking: Waking, owner: str, now: datetime, lease: timedelta, make_plan: MakePlan
    ) -> Step | None:
        """Take what is to be done for a subscription, and note when it is to be looked at next.

        None where that is nothing, or another process was faster: the row of the subscription lets one in at a time.
        """
        with self._writing() as connection:
            scope = Scope(connection, waking.workspace)
            mine = subscriptions.c.id == waking.subscription
            found = scope.locked(subscriptions, mine, subscriptions.c.enabled)
            if not found or _is_asleep(found[0], now):
                return None
            subscription = subscription_record(found[0])
            plan = make_plan(subscription)
            taking = SlotTaking(scope, subscription, owner, now, self._now(connection), in_one_process=self._is_alone)
            slot = taking.claimed(plan, lease)
            wake_at = now + lease if slot else min([plan.wake_at, *taking.pending()])
            scope.change(subscriptions, mine, wake_at=wake_at)
            if slot is None and plan.gather is None:
                return None
            return Step(subscription, slot, None if slot else plan.gather, tuple(taking.never_came()))

    def begin_posting(self, slot: Slot, owner: str, now: datetime, lease: timedelta, past: PastDigest | None) -> bool:
        """Note that Slack may have it from now on, in its channel, and what it found.

        False if another process has taken over, or it is off by now.
        """
        with self._writing() as connection:
            scope, there = Scope(connection, slot.workspace), self._now(connection)
            held = (digest_slots.c.owner == owner, digest_slots.c.lease_until > there, OPEN_SLOTS)
            posting_at = func.coalesce(digest_slots.c.posting_at, there)
            noted = {"lease_until": there + lease, "posting_at": posting_at, "channel": slot.channel}
            mine = subscriptions.c.id == slot.subscription
            if not scope.locked(subscriptions, mine, subscriptions.c.enabled):
                return False
            if not scope.change(digest_slots, *same_slot(slot), *held, **noted):
                return False
            scope.change(subscriptions, mine, wake_at=now + lease)
            if past is not None:
                values = {"slot": past.slot, "ready": past.ready, "missing": past.missing}
                scope.put(digest_history, subscription=slot.subscription, **values)
            return True

    def end_step(self, step: Step, owner: str, outcome: Outcome) -> bool:
        """Keep what came of a claimed slot; False if another process has taken over, and this was not a success.

        A success is kept whoever has it now: the message is there.
        """
        slot = step.slot
        if slot is None:
            return False
        sent = outcome.status is SlotStatus.SENT
        with self._writing() as connection:
            scope = Scope(connection, slot.workspace)
            held = (
                [digest_slots.c.status != SlotStatus.SENT.value]
                if sent
                else [digest_slots.c.owner == owner, OPEN_SLOTS]
            )
            if not scope.change(digest_slots, *same_slot(slot), *held, **_ended(outcome)):
                return False
            if outcome.past is not None:
                values = {"slot": outcome.past.slot, "ready": outcome.past.ready, "missing": outcome.past.missing}
                scope.put(digest_history, subscription=slot.subscription, **values)
            if outcome.status in (SlotStatus.GIVEN_UP, SlotStatus.MISSED) and slot.about == About.DIGEST:
                its = (digest_history.c.subscription == slot.subscription, digest_history.c.slot == slot.due)
                scope.drop(digest_history, *its)
            if outcome.told:
                _tell(scope, slot, outcome.told)
            if sent and slot.about == About.DIGEST:
                _told_of(scope, step.never_came, outcome.at)
            _noted(scope, slot, outcome)
            return True

    def release_slots(self, owner: str, now: datetime) -> int:
        """Leave what a process has claimed to whoever takes it; how much that was.

        What Slack may have keeps its lease: it may arrive until then.
        """
        mine = (digest_slots.c.owner == owner, digest_slots.c.status == SlotStatus.CLAIMED.value)
        held = case((digest_slots.c.posting_at.is_(None), None), else_=digest_slots.c.lease_until)
        theirs = select(digest_slots.c.workspace, digest_slots.c.subscription).where(*mine)
        with self._writing() as connection:
            woken = tuple_(subscriptions.c.workspace, subscriptions.c.id).in_(theirs)
            connection.execute(update(subscriptions).where(woken).values(wake_at=now))
            values = {"status": SlotStatus.WAITING.value, "owner": None, "lease_until": held, "next_try_at": None}
            return connection.execute(update(digest_slots).where(*mine).values(values)).rowcount

    def undelivered(self, since: datetime, overdue: datetime) -> Sequence[Undelivered]:
        """What did not go out since then, anywhere, also what is being tried since ``overdue``; the oldest first."""
        status = digest_slots.c.status
        lost = status.in_([*NEVER_CAME, SlotStatus.UNCERTAIN.value])
        query = (
            select(digest_slots, subscriptions.c.target, subscriptions.c.failing)
            .join_from(digest_slots, subscriptions)
            .where(digest_slots.c.slot > since, or_(lost, OPEN_SLOTS & (digest_slots.c.slot < overdue)))
            .order_by(digest_slots.c.slot)
        )
        with self._database.inspecting() as connection:
            return [Undelivered(slot_record(row), row.target, row.failing) for row in connection.execute(query)]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that writes. On SQLite many digests at once take turns here: there, those who find the file
        locked look again at odd moments, and some of them not before they give up.
        """
        with self._turns if self._is_alone else nullcontext(), self._database.exclusive() as connection:
            yield connection

    @property
    def _is_alone(self) -> bool:
        return self._database.is_sqlite

    def _now(self, connection: Connection) -> datetime:
        """The database's clock; SQLite's is the machine's."""
        if self._database.is_sqlite:
            return datetime.now(UTC)
        return clock_of(connection)


def _is_asleep(row: Row[Any], now: datetime) -> bool:
    """Whether another process has been here since it was found."""
    return bool(now < row.wake_at <= now + delivery.LOOKED_AT_AGAIN + TOO_FAR)


def _ended(outcome: Outcome) -> dict[str, Any]:
    """The columns of a slot that its outcome sets.

    What Slack may have keeps its lease, so that nobody looks for it, or posts it again, before it can have arrived.
    """
    values: dict[str, Any] = {"status": outcome.status.value, "owner": None, "next_try_at": outcome.next_try_at}
    if outcome.message_ts is not None:
        values["message_ts"] = outcome.message_ts
    if outcome.channel is not None:
        values["channel"] = outcome.channel
    if outcome.certainly_not:
        values["posting_at"] = None
    if outcome.certainly_not or outcome.status is not SlotStatus.WAITING:
        values["lease_until"] = None
    return values


def _tell(scope: Scope, slot: Slot, about: About) -> None:
    """Whoever set it is to be told, that it fails for good only the first time.

    A person's own digest that does not reach them leaves nobody to tell.
    """
    row = scope.row(subscriptions, subscriptions.c.id == slot.subscription)
    if row is None or (about is About.FAILING and row.failing_since is not None):
        return
    if row.set_by and row.set_by != row.target:
        told = Slot(slot.workspace, slot.subscription, slot.due, about, channel=row.set_by)
        scope.add(digest_slots, **new_slot(told))


def _told_of(scope: Scope, never_came: Sequence[Slot], at: datetime) -> None:
    for each in never_came:
        scope.change(digest_slots, *same_slot(each), told_at=at)


def _noted(scope: Scope, slot: Slot, outcome: Outcome) -> None:
    """What the subscription says of itself, and when it is looked at: at once, if there is more."""
    values: dict[str, Any] = {"wake_at": outcome.at}
    if slot.about == About.DIGEST and outcome.status is SlotStatus.SENT:
        values |= {"failing_since": None, "failing": ""}
    if outcome.failing:
        since = func.coalesce(subscriptions.c.failing_since, slot.due)
        values |= {"failing_since": since, "failing": outcome.failing}
    scope.change(subscriptions, subscriptions.c.id == slot.subscription, **values)
