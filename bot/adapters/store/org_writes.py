"""What is written to orgs, over every process, and the ticks of their installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.governance import add_to_trail
from bot.adapters.store.statements import has_come, rows_of_all
from bot.adapters.store.tables import guide_ticks, org_writes, orgs
from bot.domain.model import Change, Org
from bot.domain.orgs.guide_ticks import Tick
from bot.domain.orgs.org_writes import LEASE, OrgWrite, WriteKind, WriteStatus

_UNDER_WAY = tuple(status.value for status in WriteStatus if status.under_way)


class SqlOrgWrites(StorePart):
    """Claims before anything is written, and ends with what came of it; ticks of installations."""

    # --- writes

    def claim_write(self, write: OrgWrite, now: datetime, until: datetime) -> bool:
        """Take on a write; False where somebody is at the same just now. One atomic statement decides.

        False, too, where the org is gone, or whoever connected it again allows no writes any more.

        What ended is claimed anew, and so is what was left beyond its lease; but not what was done within a lease:
        whoever claims it may have read the org before that.
        """
        values = {**_values(write), "status": WriteStatus.WRITING.value, "lease_until": until, "record_id": None}
        done_before = (org_writes.c.status == WriteStatus.DONE.value) & (org_writes.c.at <= now - LEASE)
        ended = org_writes.c.status.not_in((*_UNDER_WAY, WriteStatus.DONE.value)) | done_before
        free = ended | has_come(org_writes.c.lease_until, now)
        with self._database.writing(write.workspace) as scope:
            org = scope.row(orgs, orgs.c.key == records.folded(write.org))
            if org is None or not org.grants_allowed:
                return False
            return scope.add(org_writes, **values) or scope.change(org_writes, *_same(write), free, **values) > 0

    def begin_undo(self, write: OrgWrite, until: datetime, by: str) -> bool:
        """Take on taking back what was written; False where somebody else does, or has."""
        standing = (*_same(write), org_writes.c.status == WriteStatus.DONE.value)
        standing += (org_writes.c.record_id == write.record_id,)
        with self._database.writing(write.workspace) as scope:
            begun = {"status": WriteStatus.UNDOING.value, "lease_until": until, "undo_by": by}
            return scope.change(org_writes, *standing, **begun) > 0

    def take_over(self, write: OrgWrite, now: datetime, until: datetime) -> bool:
        """Take on what was left beyond its lease; False where another process was faster."""
        left = (*_same(write), org_writes.c.status == write.status.value)
        left += (has_come(org_writes.c.lease_until, now),)
        with self._database.writing(write.workspace) as scope:
            return scope.change(org_writes, *left, lease_until=until) > 0

    def end_write(self, write: OrgWrite, status: WriteStatus, record_id: str | None, change: Change | None) -> bool:
        """Note what came of a write, with its line of the trail, in one transaction; False where it ended before."""
        ended = {"status": status.value, "lease_until": None, "record_id": record_id}
        with self._database.writing(write.workspace) as scope:
            if not scope.change(org_writes, *_same(write), org_writes.c.status.in_(_UNDER_WAY), **ended):
                return False
            if change is not None:
                add_to_trail(scope, change)
        return True

    def org_write(self, org: Org, kind: WriteKind, subject: str, holder: str) -> OrgWrite | None:
        """The one of that kind about these two."""
        same = (org_writes.c.kind == kind.value, org_writes.c.subject == subject, org_writes.c.holder == holder)
        return next(iter(self._writes(org, *same)), None)

    def org_write_of(self, org: Org, record_id: str) -> OrgWrite | None:
        """The one that made a record."""
        return next(iter(self._writes(org, org_writes.c.record_id == record_id)), None)

    def _writes(self, org: Org, *where: Any) -> Sequence[OrgWrite]:
        with self._database.reading(org.workspace) as scope:
            rows = scope.rows(org_writes, org_writes.c.org_key == records.folded(org.name), *where)
        return [_record(row, org.name) for row in rows]

    def writes_left(self, now: datetime) -> Sequence[OrgWrite]:
        """What was left beyond its lease, in every workspace. The org is named by its key, which finds it."""
        left = self._database.everywhere(org_writes, *_left(now))
        return records.readable(org_writes, lambda row: _record(row, row.org_key), left)

    def forget_writes(self, before: datetime) -> int:
        """Forget those from before then; how many there were. The trail still tells of them."""
        return self._database.forget_old(org_writes.c.at, before)

    # --- ticks

    def guide_ticks(self, org: Org) -> Sequence[Tick]:
        """The steps that somebody says are done."""
        with self._database.reading(org.workspace) as scope:
            rows = scope.rows(guide_ticks, guide_ticks.c.org_key == records.folded(org.name))
        return [Tick(row.step, row.by, row.at, row.organization_id) for row in rows]

    def tick_guide(self, org: Org, tick: Tick) -> None:
        """Keep that a step is done; nothing where the org is gone."""
        with self._database.writing(org.workspace) as scope:
            if scope.row(orgs, orgs.c.key == records.folded(org.name)) is not None:
                scope.put(guide_ticks, org_key=records.folded(org.name), **asdict(tick))

    def untick_guide(self, org: Org, step: str) -> bool:
        """Keep that a step is not done; False if nobody had said that it was."""
        same = (guide_ticks.c.org_key == records.folded(org.name), guide_ticks.c.step == step)
        with self._database.writing(org.workspace) as scope:
            return scope.drop(guide_ticks, *same) > 0


def any_left(now: datetime) -> Any:
    """The query for what was left beyond its lease."""
    return rows_of_all(org_writes, *_left(now))


def _left(now: datetime) -> tuple[Any, ...]:
    return (has_come(org_writes.c.lease_until, now),)


def _same(write: OrgWrite) -> tuple[Any, ...]:
    return (
        org_writes.c.org_key == records.folded(write.org),
        org_writes.c.kind == write.kind.value,
        org_writes.c.subject == write.subject,
        org_writes.c.holder == write.holder,
    )


def _values(write: OrgWrite) -> Mapping[str, Any]:
    values = asdict(write) | {"org_key": records.folded(write.org), "kind": write.kind.value}
    del values["workspace"], values["org"]
    return values


def _record(row: Row[Any], org: str) -> OrgWrite:
    return OrgWrite(
        workspace=row.workspace,
        org=org,
        kind=records.kept_word(WriteKind, row.kind, "org_writes.kind"),
        subject=row.subject,
        holder=row.holder,
        subject_name=row.subject_name,
        holder_name=row.holder_name,
        by=row.by,
        at=row.at,
        status=records.kept_word(WriteStatus, row.status, "org_writes.status"),
        lease_until=row.lease_until,
        record_id=row.record_id,
        organization_id=row.organization_id,
        undo_by=row.undo_by,
    )
