"""When an org was last asked, and why that failed, if it did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orgs", sa.Column("attempted_at", sa.DateTime(timezone=True)))
    op.add_column("orgs", sa.Column("failure", sa.Text()))


def downgrade() -> None:
    op.drop_column("orgs", "failure")
    op.drop_column("orgs", "attempted_at")
