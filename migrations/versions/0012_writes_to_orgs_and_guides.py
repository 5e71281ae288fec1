"""Which orgs may be written to, what was written, and how far people are with an org's installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("orgs", sa.Column("grants_allowed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "org_writes",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("org_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("record_id", sa.Text()),
        sa.PrimaryKeyConstraint("workspace", "org_key", "kind", "subject", "holder", name=op.f("pk_org_writes")),
        _of_an_org("org_writes"),
    )
    op.create_index(op.f("ix_org_writes_lease_until"), "org_writes", ["lease_until"])
    op.create_index(op.f("ix_org_writes_at"), "org_writes", ["at"])
    op.create_table(
        "guide_ticks",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("org_key", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("organization_id", sa.Text()),
        sa.PrimaryKeyConstraint("workspace", "org_key", "step", name=op.f("pk_guide_ticks")),
        _of_an_org("guide_ticks"),
    )


def _of_an_org(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace", "org_key"],
        ["orgs.workspace", "orgs.key"],
        name=op.f(f"fk_{table}_orgs"),
        ondelete="CASCADE",
        onupdate="CASCADE",
    )


def downgrade() -> None:
    op.drop_table("guide_ticks")
    op.drop_index(op.f("ix_org_writes_at"), table_name="org_writes")
    op.drop_index(op.f("ix_org_writes_lease_until"), table_name="org_writes")
    op.drop_table("org_writes")
    op.drop_column("orgs", "grants_allowed")
