"""Whom the bot has greeted in direct messages, so that nobody is greeted twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "greeted",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "user", name=op.f("pk_greeted")),
    )


def downgrade() -> None:
    op.drop_table("greeted")
