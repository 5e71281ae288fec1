"""Snoozed orgs, since when each org is as it is, what is said between digests, and who is told when it takes long.

Since when an org is ready or not is told by the digests of the past, as far back as they agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
        sa.Column("handover", sa.Boolean(), nullable=False),
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
_DIGESTS = sa.table(
    "digest_history",
    sa.column("workspace"),
    sa.column("slot", _INSTANT),
    sa.column("ready"),
    sa.column("missing"),
)
_VERDICTS = sa.table(
    "org_verdicts",
    *(sa.column(name) for name in ("workspace", "org_key", "verdict")),
    sa.column("since", _INSTANT),
)
Digest = tuple[datetime, dict[str, str]]
"""When it was due, and what it said of each org, by name."""


def _carry_over() -> None:
    connection = op.get_bind()
    digests: dict[str, list[Digest]] = {}
    for row in connection.execute(sa.select(_DIGESTS).order_by(_DIGESTS.c.slot.desc())):
        digests.setdefault(row.workspace, []).extend(_digest(row))
    known = [
        {"workspace": row.workspace, "org_key": row.key, **told}
        for row in connection.execute(sa.select(_ORGS))
        if (told := _told(row.name, digests.get(row.workspace, ())))
    ]
    if known:
        op.bulk_insert(_VERDICTS, known)


def _digest(row: Any) -> Iterator[Digest]:
    try:
        ready, missing = json.loads(row.ready), json.loads(row.missing)
    except ValueError:  # nothing that this bot wrote; the others still tell
        return
    slot = row.slot if row.slot.tzinfo else row.slot.replace(tzinfo=UTC)
    yield slot, dict.fromkeys(ready, "ready") | dict.fromkeys(missing, "action-needed")


def _told(name: str, digests: Sequence[Digest]) -> dict[str, Any] | None:
    """What the newest digest says of an org, and the first of those in a row that say the same."""
    newest = digests[0][1].get(name) if digests else None
    if newest is None:
        return None
    *_, (since, _said) = takewhile(lambda digest: digest[1].get(name) == newest, digests)
    return {"verdict": newest, "since": since}
