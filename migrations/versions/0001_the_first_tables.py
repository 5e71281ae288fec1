"""The first tables: orgs with their logins and facts, reminders, digests, answered messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        "orgs",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("organization_id", sa.Text(), nullable=True),
        sa.Column("sandbox", sa.Boolean(), nullable=True),
        sa.Column("apps", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "key", name=op.f("pk_orgs")),
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
    op.create_table(
        "seen_messages",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", "ts", name=op.f("pk_seen_messages")),
    )
    op.create_index(op.f("ix_seen_messages_workspace_seen_at"), "seen_messages", ["workspace", "seen_at"])
    op.create_table(
        "org_credentials",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("org_key", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "org_key"],
            ["orgs.workspace", "orgs.key"],
            name=op.f("fk_org_credentials_orgs"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "org_key", name=op.f("pk_org_credentials")),
    )
    op.create_table(
        "org_facts",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("org_key", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "org_key"],
            ["orgs.workspace", "orgs.key"],
            name=op.f("fk_org_facts_orgs"),
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "org_key", name=op.f("pk_org_facts")),
    )


def downgrade() -> None:
    op.drop_table("org_facts")
    op.drop_table("org_credentials")
    op.drop_index(op.f("ix_seen_messages_workspace_seen_at"), "seen_messages")
    op.drop_table("seen_messages")
    op.drop_table("reminders")
    op.drop_table("orgs")
    op.drop_table("digest_weeks")
    op.drop_table("digest_runs")
