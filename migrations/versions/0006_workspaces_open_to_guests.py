"""Whether a workspace lets its guests see what members see (no row is no), and which channels another company reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces_open_to_guests",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_workspaces_open_to_guests")),
    )
    op.create_table(
        "shared_channels",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_shared_channels")),
    )


def downgrade() -> None:
    op.drop_table("shared_channels")
    op.drop_table("workspaces_open_to_guests")
