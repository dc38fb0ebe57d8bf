"""A link remembers the form that was sent through it last, so that a double tap is one answer."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing sent so far has a print."""
    op.add_column("link", sa.Column("latest_form", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Two taps are two answers again."""
    op.drop_column("link", "latest_form")
