"""What a plan says beside who and when: promises to tell, those who take part, and how much money.

Nothing is known of these for activities that are on file already; their tables begin empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables, and the column for the amount."""
    op.add_column("activity", sa.Column("funding_amount", sa.Integer(), nullable=True))
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_to", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.CheckConstraint("length(trim(words)) > 0", name=op.f("ck_promise_has_words")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_promise_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint(
            "activity_id", "words", "made_to", name=op.f("uq_promise_activity_id_words_made_to")
        ),
    )
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(words)) > 0", name=op.f("ck_participant_has_words")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_participant_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("activity_id", "words", name=op.f("uq_participant_activity_id_words")),
    )
