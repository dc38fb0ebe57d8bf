"""The post may rest because somebody said so: a restored copy writes to nobody."""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "post_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("length(trim(why)) > 0", name=op.f("ck_post_hold_has_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_hold")),
    )
    still = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_post_hold_open",
        "post_hold",
        ["ended_by"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )


def downgrade() -> None:
    """What was held goes again."""
    op.drop_table("post_hold")
