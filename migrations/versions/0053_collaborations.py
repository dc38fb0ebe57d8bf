"""A collaboration may rest and end, and say in letters that it is called something else.

What is done with one is told in the register's notes, as with groups and people.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import on_sqlite, rebuild

revision = "0053"
down_revision = "0051"
branch_labels = None
depends_on = None

_CHECK = "ck_register_note_is_about_somebody"
_TWO = "group_id IS NOT NULL OR person_id IS NOT NULL"
_THREE = f"{_TWO} OR collaboration_id IS NOT NULL"


def upgrade() -> None:
    """Three columns, a table, and notes about collaborations alone."""
    op.execute("ALTER TABLE collaboration ADD COLUMN sender_name VARCHAR DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE collaboration ADD COLUMN first_name VARCHAR DEFAULT '' NOT NULL")
    op.execute("ALTER TABLE collaboration ADD COLUMN ends_on DATE")
    op.create_table(
        "collaboration_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= first_day", name=op.f("ck_collaboration_pause_dates")
        ),
        sa.CheckConstraint(
            "length(trim(reason)) > 0", name=op.f("ck_collaboration_pause_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_collaboration_pause_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration_pause")),
    )
    op.create_index(
        "ix_collaboration_pause_collaboration_id", "collaboration_pause", ["collaboration_id"]
    )
    _about(_TWO, _THREE)
    op.create_index(
        "ix_register_note_collaboration_id", "register_note", ["collaboration_id", "id"]
    )


def downgrade() -> None:
    """Notes about collaborations alone are forgotten, and who rests rests no more."""
    op.drop_index("ix_register_note_collaboration_id", "register_note")
    if on_sqlite():
        op.execute("DROP TRIGGER register_note_no_delete")
    else:
        op.execute("ALTER TABLE register_note DISABLE TRIGGER register_note_is_history")
    op.execute("DELETE FROM register_note WHERE group_id IS NULL AND person_id IS NULL")
    if on_sqlite():
        op.execute(
            "CREATE TRIGGER register_note_no_delete BEFORE DELETE ON register_note BEGIN SELECT "
            "RAISE(ABORT, 'register_note is history: rows are added, never changed'); END"
        )
    else:
        op.execute("ALTER TABLE register_note ENABLE TRIGGER register_note_is_history")
    _about(_THREE, _TWO)
    op.drop_table("collaboration_pause")
    op.drop_column("collaboration", "ends_on")
    op.drop_column("collaboration", "first_name")
    op.drop_column("collaboration", "sender_name")


def _about(before: str, after: str) -> None:
    if not on_sqlite():
        op.drop_constraint(op.f(_CHECK), "register_note", type_="check")
        op.create_check_constraint(op.f(_CHECK), "register_note", after)
        return

    def edited(sql: str) -> str:
        if sql.count(before) != 1:
            raise LookupError(f"{before!r} stands {sql.count(before)} times")
        return sql.replace(before, after)

    rebuild("register_note", edited)
