"""Several digests of a workspace, each with a row for every slot, in place of one a week."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

THE_FIRST = "first"
"""The id of what was a workspace's only digest."""

LONG_PAST = datetime(1970, 1, 1, tzinfo=UTC)

SETTING = ("set the weekly digest", "switched the weekly digest on")
"""What the trail calls it."""

REMINDER = ("weekday", "hour", "minute", "zone", "enabled", "set_at")


def upgrade() -> None:
    _make_subscriptions()
    reminders, runs, weeks = (_rows(name) for name in ("reminders", "digest_runs", "digest_weeks"))
    by_workspace = {row["workspace"]: row for row in reminders}
    due = {(row["workspace"], row["iso_week"]): row["due_at"] for row in runs}
    setters = _setters()
    _insert("subscriptions", [_subscription(row) | {"set_by": setters.get(row["workspace"], "")} for row in reminders])
    _insert("digest_slots", [_slot(row) for row in runs if row["workspace"] in by_workspace])
    _insert("digest_history", _history(weeks, due, by_workspace))
    for name in ("digest_weeks", "digest_runs", "reminders"):
        op.drop_table(name)


def downgrade() -> None:
    _make_reminders()
    kept = {
        row["workspace"]: row
        for row in sorted(_rows("subscriptions"), key=lambda row: row["id"] == THE_FIRST)
        if row["kind"] == "digest"
    }
    _insert("reminders", [{**_some(row, REMINDER), "channel": row["target"]} for row in kept.values()])
    own = {(row["workspace"], row["id"]) for row in kept.values()}
    _insert("digest_runs", _of_weeks(_rows("digest_slots"), own, _run))
    _insert("digest_weeks", _of_weeks(_rows("digest_history"), own, lambda row: _some(row, ("ready", "missing"))))
    for name in ("digest_history", "digest_slots"):
        op.drop_table(name)
    op.drop_index(op.f("ix_subscriptions_enabled_wake_at"), "subscriptions")
    op.drop_table("subscriptions")


# --- what moves ----------------------------------------------------------------------------------------


def _subscription(row: Mapping[str, Any]) -> dict[str, Any]:
    fixed = {
        "id": THE_FIRST,
        "kind": "digest",
        "rhythm": "weekly",
        "start": None,
        "orgs": "all",
        "when_nothing": "line",
        "failing_since": None,
        "failing": "",
        "wake_at": LONG_PAST,
    }
    return {**_some(row, REMINDER), "target": row["channel"], **fixed}


def _setters() -> dict[str, str]:
    """Who set the digest of each workspace last, as the trail has it: they are told should it fail."""
    rows = sorted(_rows("changes"), key=lambda row: row["number"])
    people = (row for row in rows if row["user"][:1] in ("U", "W") and row["action"] in SETTING)
    return {row["workspace"]: row["user"] for row in people}


def _slot(row: Mapping[str, Any]) -> dict[str, Any]:
    """One that is claimed was being sent when the old version ended, under a key that the new one does not know."""
    return {
        **_some(row, ("attempts", "channel", "message_ts")),
        "subscription": THE_FIRST,
        "slot": row["due_at"],
        "about": "",
        "status": "uncertain" if row["status"] == "claimed" else row["status"],
    }


def _history(
    weeks: Iterable[Mapping[str, Any]],
    due: Mapping[tuple[str, str], datetime],
    reminders: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    moved = {}
    for row in weeks:
        reminder, week = reminders.get(row["workspace"]), row["iso_week"]
        slot = due.get((row["workspace"], week)) or _of_week(week, reminder)
        if reminder is not None and slot is not None:
            moved[row["workspace"], slot] = {
                **_some(row, ("ready", "missing")),
                "subscription": THE_FIRST,
                "slot": slot,
            }
    return list(moved.values())


def _of_week(week: str, reminder: Mapping[str, Any] | None) -> datetime | None:
    """About when the digest of ``2026-W48`` was due; none of what is no week."""
    if reminder is None:
        return None
    with contextlib.suppress(ValueError):
        year, number = map(int, week.split("-W"))
        monday = datetime.combine(datetime.fromisocalendar(year, number, 1), datetime.min.time(), UTC)
        return monday + timedelta(days=reminder["weekday"], hours=reminder["hour"], minutes=reminder["minute"])
    return None


def _run(row: Mapping[str, Any]) -> dict[str, Any]:
    status = row["status"] if row["status"] in ("sent", "skipped") else "uncertain"
    values = _some(row, ("attempts", "channel", "message_ts"))
    return {**values, "due_at": row["slot"], "status": status, "lease_until": row["lease_until"] or row["slot"]}


def _of_weeks(rows: Iterable[Mapping[str, Any]], own: set[tuple[str, str]], make: Any) -> list[dict[str, Any]]:
    """The last row of each week."""
    found = {}
    for row in sorted(rows, key=lambda row: row["slot"]):
        if (row["workspace"], row["subscription"]) in own and not row.get("about"):
            year, week, _ = row["slot"].isocalendar()
            found[row["workspace"], year, week] = {
                **make(row),
                "workspace": row["workspace"],
                "iso_week": f"{year}-W{week:02}",
            }
    return list(found.values())


def _some(row: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in ("workspace", *names)}


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)


def _rows(name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.select(_table(name))).mappings()]


def _insert(name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    if listed := list(rows):
        op.get_bind().execute(sa.insert(_table(name)), listed)


# --- tables --------------------------------------------------------------------------------------------


def _make_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("orgs", sa.Text(), nullable=False),
        sa.Column("when_nothing", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing", sa.Text(), nullable=False),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("workspace", "target", "kind", name=op.f("uq_subscriptions_workspace_target_kind")),
    )
    op.create_index(op.f("ix_subscriptions_enabled_wake_at"), "subscriptions", ["enabled", "wake_at"])
    op.create_table(
        "digest_slots",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("message_ts", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        _of_a_subscription("digest_slots"),
        sa.PrimaryKeyConstraint("workspace", "subscription", "slot", "about", name=op.f("pk_digest_slots")),
    )
    op.create_table(
        "digest_history",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        _of_a_subscription("digest_history"),
        sa.PrimaryKeyConstraint("workspace", "subscription", "slot", name=op.f("pk_digest_history")),
    )


def _of_a_subscription(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", "subscription"],
        ["subscriptions.workspace", "subscriptions.id"],
        name=op.f(f"fk_{table}_subscriptions"),
        ondelete="CASCADE",
    )


def _make_reminders() -> None:
    op.create_table(
        "digest_runs",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("iso_week", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("message_ts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "iso_week", name=op.f("pk_digest_runs")),
    )
    op.create_table(
        "digest_weeks",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("iso_week", sa.Text(), nullable=False),
        sa.Column("ready", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "iso_week", name=op.f("pk_digest_weeks")),
    )
    op.create_table(
        "reminders",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_reminders")),
    )
