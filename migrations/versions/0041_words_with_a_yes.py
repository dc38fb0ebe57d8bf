"""What somebody wrote in an answer stands in a report when the process leader has said yes to it.

Nothing on file has had her yes: reports that are frozen stay as they are, new ones wait for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table for each yes or no to words, and whether names stand in a collaboration's reports."""
    op.create_table(
        "answer_words",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["status_answer.id"],
            name=op.f("fk_answer_words_answer_id_status_answer"),
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_answer_words")),
    )
    op.add_column(
        "collaboration",
        sa.Column("names_in_reports", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Words stand in reports unasked, with names."""
    op.drop_column("collaboration", "names_in_reports")
    op.drop_table("answer_words")
