"""Which viruses were found in files that were sent."""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table, empty."""
    op.create_table(
        "virus_found",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_virus_found_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_virus_found")),
    )
    op.create_index(op.f("ix_virus_found_at"), "virus_found", ["at"])


def downgrade() -> None:
    """Without it."""
    op.drop_table("virus_found")
