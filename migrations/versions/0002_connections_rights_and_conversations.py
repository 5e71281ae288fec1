"""Connections, rights, installations and conversations: what the bot keeps beside orgs and digests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orgs", sa.Column("connected_by", sa.Text(), nullable=True))
    op.add_column("orgs", sa.Column("reconnect", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "trusted",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "subject", name=op.f("pk_trusted")),
    )
    op.create_table(
        "changes",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_workspace_number"), "changes", ["workspace", "number"])
    op.create_table(
        "quiet_channels",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_quiet_channels")),
    )
    op.create_table(
        "answers",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("to_ts", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", "to_ts", name=op.f("pk_answers")),
    )
    for columns in (["channel", "entry", "at"], ["channel", "thread"], ["at"]):
        name = "_".join(["ix_answers_workspace", *columns])
        op.create_index(op.f(name), "answers", ["workspace", *columns])
    op.create_table(
        "ratings",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "entry", "user", name=op.f("pk_ratings")),
    )
    op.create_table(
        "tickets",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_kind_expires_at"), "tickets", ["kind", "expires_at"])
    op.create_table(
        "installations",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "team", name=op.f("pk_installations")),
    )


def downgrade() -> None:
    for table in ("installations", "tickets", "ratings", "answers", "quiet_channels", "changes", "trusted"):
        op.drop_table(table)
    with op.batch_alter_table("orgs") as columns:
        columns.drop_column("reconnect")
        columns.drop_column("connected_by")
