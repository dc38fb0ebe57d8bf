"""The shape of the table that a plan came in; who takes part and what is promised can change.

A plan goes out again under the headings that it came under, so they are kept with what each of them
holds. Participants and promises are agreed anew as the rest of an activity is, with history.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ROLES = (
    "goal", "focus_area", "what", "how", "responsible", "decided_by", "participants", "start",
    "deadline", "period", "follow_up", "status", "target_group", "funding", "number",
)  # fmt: skip
AGREED = (
    "what", "how", "follow_up", "start", "deadline", "responsible", "goals", "target_groups",
    "funding", "participants", "promises", "group", "referred",
)  # fmt: skip


def upgrade() -> None:
    """Make the two tables, and widen the closed list of what a change is about."""
    op.create_table(
        "plan_shape",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("goals_in_rows", sa.Boolean(), nullable=False),
        sa.Column("title_above", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_shape_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_shape")),
    )
    op.create_table(
        "plan_column",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan_shape.plan_id"], name=op.f("fk_plan_column_plan_id_plan_shape")
        ),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_plan_column")),
    )
    allow_words("change", "what", AGREED)
