"""The list of activities in order without sorting: nearest deadline first, those without one last."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index that `models/listing.py` asks for, in its own words."""
    op.execute(
        "CREATE INDEX ix_activity_list ON activity (coalesce(deadline_last, '9999-12-31'), id)"
    )
