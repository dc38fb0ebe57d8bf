"""Somebody may choose to have what can wait once a week.

Nobody has chosen so far: letters come as they did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The day she chose it; empty: letters come each day that there is something."""
    op.add_column("person", sa.Column("weekly_since", sa.Date(), nullable=True))


def downgrade() -> None:
    """Letters come each day that there is something."""
    op.drop_column("person", "weekly_since")
