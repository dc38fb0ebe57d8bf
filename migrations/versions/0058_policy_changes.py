"""A collaboration says for itself when people are written to, each change from a day on."""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "policy_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("length(trim(section)) > 0", name=op.f("ck_policy_change_has_section")),
        sa.CheckConstraint(
            "length(trim(decided_by)) > 0", name=op.f("ck_policy_change_has_somebody")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL AND withdrawn_by = '') "
            "OR (withdrawn_at IS NOT NULL AND withdrawn_by <> '')",
            name=op.f("ck_policy_change_withdrawn_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_policy_change_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_change")),
    )
    op.create_index(
        "ix_policy_change_collaboration_id",
        "policy_change",
        ["collaboration_id", "section", "counts_from"],
    )


def downgrade() -> None:
    """Everybody is written to as the file says."""
    op.drop_table("policy_change")
