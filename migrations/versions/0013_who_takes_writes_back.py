"""In which Salesforce org something was written, and who takes it back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("org_writes", sa.Column("organization_id", sa.Text()))
    op.add_column("org_writes", sa.Column("undo_by", sa.Text()))


def downgrade() -> None:
    op.drop_column("org_writes", "undo_by")
    op.drop_column("org_writes", "organization_id")
