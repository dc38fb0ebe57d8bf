"""A round remembers what it did for each collaboration, beside what it did in all."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column; of rounds before it nothing is known."""
    op.add_column("round", sa.Column("shares", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Only what it did in all."""
    op.drop_column("round", "shares")
