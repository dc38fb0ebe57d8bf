"""What a process leader showed of her files once is remembered: columns, and words of state.

Nothing has been shown so far.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ROLES = (
    *("goal", "focus_area", "what", "how", "responsible", "decided_by", "participants", "start"),
    *("deadline", "period", "follow_up", "status", "target_group", "funding", "number"),
)
STATES = (
    *("föreslagen", "beslutad", "pågående", "uppföljd", "pausad", "avslutad", "avslagen"),
    *("överförd", "återtagen"),
)
OUTCOMES = (
    *("uppnått", "delvis uppnått", "ej uppnått", "ordinarie verksamhet"),
    *("inarbetad i annan plan", "upphört"),
)


def _one_of(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Two tables, both empty."""
    op.create_table(
        "taught_column",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("role", _one_of(ROLES, "role"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_taught_column_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taught_column")),
        sa.UniqueConstraint(
            "collaboration_id",
            "source",
            "heading",
            name=op.f("uq_taught_column_collaboration_id_source_heading"),
        ),
    )
    op.create_table(
        "taught_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", _one_of(STATES, "state"), nullable=False),
        sa.Column("outcome", _one_of(OUTCOMES, "outcome"), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_taught_state_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taught_state")),
        sa.UniqueConstraint(
            "collaboration_id", "words", name=op.f("uq_taught_state_collaboration_id_words")
        ),
    )


def downgrade() -> None:
    """What was shown is forgotten, and can be shown again."""
    op.drop_table("taught_state")
    op.drop_table("taught_column")
