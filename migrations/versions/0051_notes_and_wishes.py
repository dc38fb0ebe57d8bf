"""Groups write about every report, the process leader says yes to it, and wishes are kept.

The notes about deviation reports move to a table that is of all reports. They have been read by all
who read the report, so they count as let through, by nobody in particular. Wishes of before were
letters alone.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import keep_history, on_sqlite
from models.columns import Moment

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_COLUMNS = 'edition_id, at, "by", person_id, pattern, measure, conclusion, activity_id'
_HAS_WORDS = "length(trim(pattern)) + length(trim(measure)) + length(trim(conclusion)) > 0"

_LET_THROUGH = f"""
    INSERT INTO released_note (note_id, pattern, measure, conclusion, edited, on_day, "by")
    SELECT id, pattern, measure, conclusion, false, date(at), '' FROM group_note WHERE {_HAS_WORDS}
"""  # noqa: S608 - own names


def upgrade() -> None:
    """Three tables; the first takes the rows of the one that it is in place of."""
    _notes("group_note")
    _copy("deviation_analysis", "group_note")
    op.create_table(
        "released_note",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["group_note.id"], name=op.f("fk_released_note_note_id_group_note")
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_released_note")),
    )
    op.execute(_LET_THROUGH)
    _wishes()


def downgrade() -> None:
    """Notes about deviation reports are kept; those about others, and wishes, are forgotten."""
    op.drop_table("stand_in_wish")
    op.drop_table("released_note")
    _notes("deviation_analysis")
    _copy(
        "group_note",
        "deviation_analysis",
        "WHERE edition_id IN (SELECT id FROM edition WHERE kind = 'deviations')",
    )


def _notes(table: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            f"{_HAS_WORDS} OR activity_id IS NOT NULL", name=op.f(f"ck_{table}_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f(f"fk_{table}_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f(f"fk_{table}_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_edition_id", table, ["edition_id"])


def _copy(old: str, new: str, which: str = "") -> None:
    """The rows in their order, and the old table gone with its triggers."""
    op.execute(
        f"INSERT INTO {new} ({_COLUMNS}) SELECT {_COLUMNS} FROM {old} {which} ORDER BY id"  # noqa: S608
    )
    op.drop_table(old)
    if not on_sqlite():
        op.execute(f"DROP FUNCTION {old}_is_history()")
    keep_history(new)


def _wishes() -> None:
    op.create_table(
        "stand_in_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_stand_in_wish_dates")),
        sa.CheckConstraint(
            "(group_id IS NULL) = (role = '')", name=op.f("ck_stand_in_wish_a_role_is_in_a_group")
        ),
        sa.CheckConstraint(
            "activity_id IS NULL OR group_id IS NULL", name=op.f("ck_stand_in_wish_one_scope")
        ),
        sa.CheckConstraint(
            "(accepted IS NULL) = (settled_on IS NULL)", name=op.f("ck_stand_in_wish_settled")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_stand_in_wish_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_stand_in_wish_collaboration_id_collaboration"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_stand_in_wish_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_stand_in_wish_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in_wish")),
    )
    op.create_index("ix_stand_in_wish_person_id", "stand_in_wish", ["person_id"])
