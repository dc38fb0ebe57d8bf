"""An answer keeps the review that it moved, so that a period compiled later tells the same.

Answers from before this have none on file: after them, a late roll-up tells the review of today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column for the review as it was; nothing where the answer moved none."""
    op.add_column("status_answer", sa.Column("review_was", sa.Date(), nullable=True))


def downgrade() -> None:
    """Without the column; nothing else hangs on it."""
    op.drop_column("status_answer", "review_was")
