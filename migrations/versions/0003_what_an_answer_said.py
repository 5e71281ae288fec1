"""What an answer said in three columns instead of one text, and indexes that fit how answers are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

answers = sa.table("answers", *map(sa.column, "workspace channel to_ts thread ts entry at kind detail".split()))
Row = Mapping[str, Any]
KEY = ("workspace", "channel", "to_ts")

BEFORE = {
    "answers": (["workspace", "channel", "entry", "at"], ["workspace", "channel", "thread"], ["workspace", "at"]),
    "seen_messages": (["workspace", "seen_at"],),
}
AFTER = {
    "answers": (["workspace", "channel", "thread", "at"], ["workspace", "channel", "kind", "at"], ["at"]),
    "seen_messages": (["seen_at"],),
}


def upgrade() -> None:
    _drop_indexes(BEFORE)
    # The defaults stay: a process of the version before may still write answers while the new one starts.
    op.add_column("answers", sa.Column("kind", sa.Text(), server_default="full", nullable=False))
    op.add_column("answers", sa.Column("detail", sa.Text(), server_default="", nullable=False))
    marked = sa.select(answers).where(answers.c.entry.contains("#"))
    _change([_split(row._asdict()) for row in op.get_bind().execute(marked)])
    _create_indexes(AFTER)


def downgrade() -> None:
    _drop_indexes(AFTER)
    connection = op.get_bind()
    rows = [row._asdict() for row in connection.execute(sa.select(answers))]
    _change([_joined(row) for row in rows if row["kind"] != "full"])
    # Before, the org whose links are in an answer had a row of its own.
    there = {_key(row) for row in rows}
    beside = [_of_the_org(row) for row in rows if row["kind"] == "full" and row["detail"]]
    if new := [values for values in beside if _key(values) not in there]:
        connection.execute(sa.insert(answers), new)
    op.drop_column("answers", "detail")
    op.drop_column("answers", "kind")
    _create_indexes(BEFORE)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def _split(row: Row) -> Row:
    """``entry#kind:detail``; only the first ``#`` and the ``:`` that follows part it."""
    entry, _, rest = row["entry"].partition("#")
    kind, _, detail = rest.partition(":")
    return _found(row) | {"new_entry": entry, "new_kind": kind, "new_detail": detail}


def _joined(row: Row) -> Row:
    entry = f"{row['entry']}#{row['kind']}:{row['detail']}"
    return _found(row) | {"new_entry": entry, "new_kind": "", "new_detail": ""}


def _of_the_org(row: Row) -> Row:
    return {**row, "to_ts": f"{row['to_ts']}/org", "entry": f"{row['entry']}#org:{row['detail']}"}


def _found(row: Row) -> dict[str, Any]:
    return {f"of_{name}": row[name] for name in KEY}


def _change(changes: list[Row]) -> None:
    query = sa.update(answers).where(*(answers.c[name] == sa.bindparam(f"of_{name}") for name in KEY))
    query = query.values({name: sa.bindparam(f"new_{name}") for name in ("entry", "kind", "detail")})
    if changes:
        op.get_bind().execute(query, changes)


def _drop_indexes(indexes: dict[str, tuple[list[str], ...]]) -> None:
    for table, each in indexes.items():
        for columns in each:
            op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table)


def _create_indexes(indexes: dict[str, tuple[list[str], ...]]) -> None:
    for table, each in indexes.items():
        for columns in each:
            op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
