"""What groups conclude from their deviation reports, kept as it was written."""

import sqlalchemy as sa
from alembic import op

from migrations.alter import keep_history

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and let nobody change what stands in it."""
    op.create_table(
        "deviation_analysis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "length(trim(pattern)) + length(trim(measure)) + length(trim(conclusion)) > 0"
            " OR activity_id IS NOT NULL",
            name=op.f("ck_deviation_analysis_says_something"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_deviation_analysis_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_deviation_analysis_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_deviation_analysis_activity_id_activity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_analysis")),
    )
    op.create_index("ix_deviation_analysis_edition_id", "deviation_analysis", ["edition_id"])
    keep_history("deviation_analysis")
