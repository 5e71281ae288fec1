"""What the assistant writes to orgs: one record of each, claimed before it is written and ended when it was read back.

    claimed (WRITING) -> written at Salesforce -> read back -> DONE, or NOT_DONE where Salesforce refused
    DONE -> claimed (UNDOING) -> deleted at Salesforce -> read back -> UNDONE

What stays WRITING or UNDOING beyond its lease was left by a process that ended, or got no answer: it is looked up in
the org, and whoever pressed is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.model import short_id

LEASE = timedelta(minutes=2)
"""How long a write may take before it counts as left: well above all its time-outs."""

UNDO_WITHIN = timedelta(hours=1)

LOOKED_UP_FOR = timedelta(days=1)
"""How long an org that does not answer is asked what became of a write."""


class WriteKind(StrEnum):
    """What was written; the values stand in the database."""

    SET = "permission-set"  # a permission set was made
    ACCESS = "access"  # an app was granted to a permission set
    ASSIGNMENT = "assignment"  # a permission set was assigned to a user


class WriteStatus(StrEnum):
    """How far it has come; the values stand in the database."""

    WRITING = "writing"
    DONE = "done"
    NOT_DONE = "not-done"
    UNDOING = "undoing"
    UNDONE = "undone"
    UNCERTAIN = "uncertain"

    @property
    def under_way(self) -> bool:
        """Whether somebody is at it, or was when their process ended."""
        return self in (WriteStatus.WRITING, WriteStatus.UNDOING)


@dataclass(frozen=True, slots=True)
class OrgWrite:
    """One write to one org. ``subject`` is the id of the app or user, "" for a permission set that is made.

    ``holder`` is the id of the permission set; of one that is made, its API name. ``record_id`` is Salesforce's for
    what was written, ``organization_id`` the Salesforce org that it was written in: the name may be of another
    by now. ``by`` pressed ``at`` that time, and ``undo_by`` pressed *Undo*.
    """

    workspace: str
    org: str
    kind: WriteKind
    subject: str
    holder: str
    subject_name: str
    holder_name: str
    by: str
    at: datetime
    status: WriteStatus = WriteStatus.WRITING
    lease_until: datetime | None = None
    record_id: str | None = None
    organization_id: str | None = None
    undo_by: str | None = None

    def may_be_undone(self, now: datetime) -> bool:
        """Whether it was written less than an hour ago, and stands."""
        return self.status is WriteStatus.DONE and now - self.at < UNDO_WITHIN

    @property
    def presser(self) -> str:
        """Who is at it, or was last."""
        return (self.undo_by if self.status in (WriteStatus.UNDOING, WriteStatus.UNDONE) else None) or self.by

    def is_elsewhere(self, organization_id: str | None) -> bool:
        """Whether it was written in another Salesforce org than this, as far as both are known."""
        here, there = short_id(organization_id), short_id(self.organization_id)
        return bool(here and there) and here != there

    @property
    def words(self) -> str:
        """What it is about, for the trail."""
        if self.kind is WriteKind.SET:
            return f"{self.org}: {self.holder_name}"
        return f"{self.org}: {self.subject_name} → {self.holder_name}"
