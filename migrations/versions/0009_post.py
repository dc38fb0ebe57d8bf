"""Letters that come back, rounds that were missed, and calendar feeds."""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LETTER_STATES = ("queued", "sending", "sent", "kept", "failed", "bounced")
REPORTS = ("unreachable", "failed", "delayed", "irrelevant", "forged", "unknown")


def upgrade() -> None:
    """Make the tables, and let a letter be one that came back."""
    allow_words("letter", "state", LETTER_STATES)
    op.create_index("ix_letter_state", "letter", ["state"])
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "report",
            sa.Enum(*REPORTS, name="report", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_bounce_fingerprint")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_bounce_letter_id_letter")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_bounce_fingerprint")),
    )
    op.create_index("ix_bounce_letter_id", "bounce", ["letter_id"])
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_feed_whose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_feed_person_id_person")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_feed_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_person_id", "feed", ["person_id"])
    op.create_index("ix_feed_group_id", "feed", ["group_id"])
    op.create_table(
        "pulse",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulse")),
    )
    op.create_table(
        "missed_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_round")),
        sa.UniqueConstraint("line", "due_at", name=op.f("uq_missed_round_line_due_at")),
    )
