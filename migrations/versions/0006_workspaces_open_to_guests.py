"""Whether a workspace lets its guests see what members see; no row is no."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspaces_open_to_guests",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_workspaces_open_to_guests")),
    )


def downgrade() -> None:
    op.drop_table("workspaces_open_to_guests")
