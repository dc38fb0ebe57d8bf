"""People come and go: delegations, groups that rest or are dissolved, and what was done with whom.

1. A group may be temporary, and tells which group took over its duty.
2. A person who has left has a last day.
3. Pauses of groups, and delegations between people, each dated.
4. The register's notes: what was done with groups and people, kept as history.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import keep_history

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the three tables."""
    _columns()
    _pauses()
    _delegations()
    _notes()


def _columns() -> None:
    op.add_column("person", sa.Column("left_on", sa.Date(), nullable=True))
    op.add_column(
        "groups", sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # Both databases take a column with its constraints in one statement; Alembic's own way would
    # make SQLite's table anew.
    op.execute(
        "ALTER TABLE groups ADD COLUMN successor_id INTEGER "
        "CONSTRAINT fk_groups_successor_id_groups REFERENCES groups (id) "
        "CONSTRAINT ck_groups_not_its_own_successor "
        "CHECK (successor_id IS NULL OR successor_id <> id)"
    )


def _pauses() -> None:
    op.create_table(
        "group_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= first_day", name=op.f("ck_group_pause_dates")
        ),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_group_pause_has_reason")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_pause_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_pause")),
    )
    op.create_index(op.f("ix_group_pause_group_id"), "group_pause", ["group_id"])


def _delegations() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("person_id <> delegate_id", name=op.f("ck_delegation_to_somebody_else")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_delegation_dates")),
        sa.CheckConstraint(
            "(group_id IS NULL) = (role = '')", name=op.f("ck_delegation_a_role_is_in_a_group")
        ),
        sa.CheckConstraint(
            "activity_id IS NULL OR group_id IS NULL", name=op.f("ck_delegation_one_scope")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_delegation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["person.id"], name=op.f("fk_delegation_delegate_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_delegation_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_delegation_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_person_id", "delegation", ["person_id", "last_day"])
    op.create_index("ix_delegation_delegate_id", "delegation", ["delegate_id", "last_day"])


def _notes() -> None:
    op.create_table(
        "register_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint(
            "group_id IS NOT NULL OR person_id IS NOT NULL",
            name=op.f("ck_register_note_is_about_somebody"),
        ),
        sa.CheckConstraint("length(trim(words)) > 0", name=op.f("ck_register_note_says_something")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_register_note_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_register_note_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_note")),
    )
    op.create_index("ix_register_note_group_id", "register_note", ["group_id", "id"])
    op.create_index("ix_register_note_person_id", "register_note", ["person_id", "id"])
    keep_history("register_note")
