"""What a page asks of one person, group or plan is found by it, however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None

# (table, column): the row says nothing there more often than not, so only the others are indexed
_SELDOM = (
    ("responsibility", "person_id"),
    ("responsibility", "group_id"),
    ("part", "person_id"),
    ("part", "group_id"),
    ("activity", "stand_in_group_id"),
    ("activity", "absorbed_into_plan_id"),
)


def upgrade() -> None:
    """Indexes by person, by group and by plan."""
    op.create_index("ix_activity_plan_id", "activity", ["plan_id"])
    for table, column in _SELDOM:
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{column}",
            table,
            [column],
            sqlite_where=given,
            postgresql_where=given,
        )


def downgrade() -> None:
    """Without them; pages say the same, later."""
    for table, column in reversed(_SELDOM):
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_activity_plan_id", "activity")
