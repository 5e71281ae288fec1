"""What of a subscription's slots is free, and who takes it, while its row is locked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from bot.adapters.store.slot_records import NEVER_CAME, OPEN_SLOTS, new_slot, same_slot, slot_record
from bot.adapters.store.statements import TOO_FAR, Scope
from bot.adapters.store.tables import digest_slots
from bot.domain.digest import delivery
from bot.domain.digest.delivery import Plan
from bot.domain.digest.subscription import OPEN, About, Slot, SlotStatus, Subscription

_KEPT = 40
"""Rows of a subscription that are kept once they are done: two months of weekdays."""


class SlotTaking:
    """Finds and claims what is to be told for one subscription, its row being locked."""

    def __init__(
        self,
        scope: Scope,
        subscription: Subscription,
        owner: str,
        now: datetime,
        there: datetime,
        *,
        in_one_process: bool,
    ) -> None:
        self._scope = scope
        self._subscription = subscription
        self._owner = owner
        self._now = now
        self._there = there  # the database's clock
        self._in_one_process = in_one_process
        its = digest_slots.c.subscription == subscription.id
        self._rows = list(scope.rows(digest_slots, its, newest=digest_slots.c.slot, limit=_KEPT))
        self._forget()

    def claimed(self, plan: Plan, lease: timedelta) -> Slot | None:
        """The first that is free."""
        if plan.due is not None:
            self._add(plan.due)
        for row in sorted(self._open(), key=lambda row: row.slot):
            if self._is_of_before(row):
                self._scope.change(digest_slots, *same_slot(slot_record(row)), status=SlotStatus.SKIPPED.value)
                self._rows.remove(row)
            elif self._free_at(row) <= self._now:
                return self._claim(row, lease)
        return None

    def pending(self) -> list[datetime]:
        """When those that are not free will be."""
        return [self._free_at(row) for row in self._open()]

    def never_came(self) -> list[Slot]:
        """Digests that did not come and nobody was told of."""
        lost = (row for row in self._rows if row.status in NEVER_CAME and row.about == About.DIGEST)
        return sorted((slot_record(row) for row in lost if row.told_at is None), key=lambda slot: slot.due)

    def _open(self) -> list[Row[Any]]:
        return [row for row in self._rows if row.status in OPEN]

    def _add(self, due: datetime) -> None:
        """The slot that is due, and those that passed while nothing ran, as far as they are not there."""
        digests = [row.slot for row in self._rows if row.about == About.DIGEST]
        if any(delivery.is_same(self._subscription, slot, due) for slot in digests):
            return
        since = max([slot for slot in digests if slot < due], default=self._subscription.set_at)
        passed = delivery.missed(self._subscription, since, self._now) if since is not None else []
        for slot in passed:
            self._insert(slot, SlotStatus.MISSED)
        self._insert(due, SlotStatus.WAITING)

    def _is_of_before(self, row: Row[Any]) -> bool:
        """Whether it is a digest that was due before somebody set another time, or switched it on again."""
        set_at = self._subscription.set_at
        return row.about == About.DIGEST and row.posting_at is None and set_at is not None and row.slot < set_at

    def _insert(self, due: datetime, status: SlotStatus) -> None:
        slot = Slot(self._subscription.workspace, self._subscription.id, due, status=status)
        self._scope.add(digest_slots, **new_slot(slot))
        row = self._scope.row(digest_slots, *same_slot(slot))
        if row is not None:
            self._rows.append(row)

    def _free_at(self, row: Row[Any]) -> datetime:
        """When somebody may take it, on our clock.

        A lease is over at once where nobody else can have it: one process serves SQLite, so whoever had it is gone.
        """
        lease = self._left(row)
        gone = self._in_one_process and row.owner != self._owner and row.posting_at is None
        waits = row.next_try_at if row.status == SlotStatus.WAITING else None
        free = [self._now, *([self._now + lease] if lease and not gone else []), *([waits] if waits else [])]
        at = max(free)
        return at if at < self._now + TOO_FAR else self._now

    def _left(self, row: Row[Any]) -> timedelta | None:
        if row.lease_until is None or row.lease_until <= self._there:
            return None
        left: timedelta = row.lease_until - self._there
        return left

    def _claim(self, row: Row[Any], lease: timedelta) -> Slot:
        slot = replace(slot_record(row), status=SlotStatus.CLAIMED, attempts=row.attempts + 1)
        values = {"status": slot.status.value, "attempts": slot.attempts, "owner": self._owner}
        self._scope.change(digest_slots, *same_slot(slot), **values, lease_until=self._there + lease)
        return slot

    def _forget(self) -> None:
        """Older rows are of no use; by number and not by age, whatever the clock says."""
        if len(self._rows) == _KEPT:
            its = digest_slots.c.subscription == self._subscription.id
            self._scope.drop(digest_slots, its, digest_slots.c.slot < self._rows[-1].slot, ~OPEN_SLOTS)
