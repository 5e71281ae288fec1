"""Snoozed orgs, since when each org is as it is, what is said between digests, and who is told when it takes long.

Since when an org is ready or not is told by the digests of the past weeks, as far back as they agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_of_orgs()
    _create_others()
    _carry_over()


def _create_of_orgs() -> None:
    op.create_table(
        "snoozes",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("org_key", sa.Text(), nullable=False),
        sa.Column("until", _INSTANT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "org_key", name=op.f("pk_snoozes")),
        _of_an_org("snoozes"),
    )
    op.create_index(op.f("ix_snoozes_until"), "snoozes", ["until"])
    op.create_table(
        "org_verdicts",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("org_key", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("condition", sa.Text()),
        sa.Column("fell_at", _INSTANT),
        sa.Column("news", sa.Text()),
        sa.PrimaryKeyConstraint("workspace", "org_key", name=op.f("pk_org_verdicts")),
        _of_an_org("org_verdicts"),
    )
    op.create_index(op.f("ix_org_verdicts_news"), "org_verdicts", ["news"])


def _of_an_org(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", "org_key"],
        ["orgs.workspace", "orgs.key"],
        name=op.f(f"fk_{table}_orgs"),
        ondelete="CASCADE",
        onupdate="CASCADE",
    )


def _create_others() -> None:
    op.create_table(
        "notices",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("behind", sa.Text()),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("next_try_at", _INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.Column("message_ts", sa.Text()),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_next_try_at"), "notices", ["next_try_at"])
    op.create_index(op.f("ix_notices_at"), "notices", ["at"])
    op.create_table(
        "escalations",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text()),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_escalations")),
    )
    op.create_table(
        "mentions",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", name=op.f("pk_mentions")),
    )
    op.create_table(
        "alert_checks",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_alert_checks")),
    )


def downgrade() -> None:
    for table in ("alert_checks", "mentions", "escalations", "notices", "org_verdicts", "snoozes"):
        op.drop_table(table)


# --- what the past weeks tell --------------------------------------------------------------------------

_ORGS = sa.table("orgs", sa.column("workspace"), sa.column("key"), sa.column("name"))
_WEEKS = sa.table(
    "digest_weeks", sa.column("workspace"), sa.column("iso_week"), sa.column("ready"), sa.column("missing")
)
_VERDICTS = sa.table(
    "org_verdicts",
    *(sa.column(name) for name in ("workspace", "org_key", "verdict")),
    sa.column("since", _INSTANT),
)
Week = tuple[datetime, dict[str, str]]
"""When its Monday was, and what it said of each org, by name."""


def _carry_over() -> None:
    connection = op.get_bind()
    weeks: dict[str, list[Week]] = {}
    for row in connection.execute(sa.select(_WEEKS).order_by(_WEEKS.c.iso_week.desc())):
        weeks.setdefault(row.workspace, []).extend(_week(row))
    known = [
        {"workspace": row.workspace, "org_key": row.key, **told}
        for row in connection.execute(sa.select(_ORGS))
        if (told := _told(row.name, weeks.get(row.workspace, ())))
    ]
    if known:
        op.bulk_insert(_VERDICTS, known)


def _week(row: Any) -> Iterator[Week]:
    try:
        monday = datetime.strptime(f"{row.iso_week}-1", "%G-W%V-%u").replace(tzinfo=UTC)
        said = dict.fromkeys(json.loads(row.ready), "ready") | dict.fromkeys(json.loads(row.missing), "action-needed")
        yield monday, said
    except (ValueError, TypeError):  # nothing that this bot wrote; the other weeks still tell
        return


def _told(name: str, weeks: Sequence[Week]) -> dict[str, Any] | None:
    """What the newest week says of an org, and the first of the weeks in a row that say the same."""
    newest = weeks[0][1].get(name) if weeks else None
    if newest is None:
        return None
    *_, (since, _said) = takewhile(lambda week: week[1].get(name) == newest, weeks)
    return {"verdict": newest, "since": since}
