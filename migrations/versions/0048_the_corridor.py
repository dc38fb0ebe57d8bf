"""Somebody may choose to have what can wait once a week, and put something on a group's meeting.

Nobody has chosen so far: letters come as they did. Nothing has been put on any meeting.
"""

import sqlalchemy as sa
from alembic import op

from models.columns import Moment

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The day she chose it; empty: letters come each day that there is something. The agenda."""
    op.add_column("person", sa.Column("weekly_since", sa.Date(), nullable=True))
    op.create_table(
        "agenda_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "done_on IS NULL OR done_on >= on_day", name=op.f("ck_agenda_point_dates")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_agenda_point_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_agenda_point_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agenda_point_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_point")),
    )
    op.create_index(op.f("ix_agenda_point_group_id"), "agenda_point", ["group_id"])
    op.create_index(op.f("ix_agenda_point_activity_id"), "agenda_point", ["activity_id"])
    waiting = sa.text("done_on IS NULL")
    op.create_index(
        "uq_agenda_point_waiting",
        "agenda_point",
        ["activity_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    """Letters come each day that there is something; what waits for a meeting is forgotten."""
    op.drop_table("agenda_point")
    op.drop_column("person", "weekly_since")
