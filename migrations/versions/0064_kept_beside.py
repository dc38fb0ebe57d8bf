"""What took an agenda's point off, so that taking that back puts it on again; who began reminding;
and whether an administrator's end has been told.

Of points that were taken off before, and of plans that were reminded of before, nobody knows. Ends
of before are not told now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns."""
    op.add_column("agenda_point", sa.Column("done_batch", sa.BigInteger(), nullable=True))
    op.add_column("plan", sa.Column("reminded_by", sa.String(), nullable=False, server_default=""))
    op.add_column("plan", sa.Column("reminded_said_on", sa.Date(), nullable=True))
    op.add_column("administrator", sa.Column("end_told_on", sa.Date(), nullable=True))
    op.execute("UPDATE administrator SET end_told_on = ended_on WHERE ended_on IS NOT NULL")


def downgrade() -> None:
    """Without them."""
    op.drop_column("administrator", "end_told_on")
    op.drop_column("plan", "reminded_said_on")
    op.drop_column("plan", "reminded_by")
    op.drop_column("agenda_point", "done_batch")
