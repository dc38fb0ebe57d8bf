"""A plan that was taken in while it was already going is silent until somebody says from when."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

FROM_THE_START = "1970-01-01"


def upgrade() -> None:
    """Plans on file are reminded of already, so they count as begun."""
    op.add_column(
        "plan",
        sa.Column("reminded_from", sa.Date(), nullable=True, server_default=FROM_THE_START),
    )


def downgrade() -> None:
    """Every plan is reminded of."""
    op.drop_column("plan", "reminded_from")
