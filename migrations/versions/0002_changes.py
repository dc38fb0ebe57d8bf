"""What is agreed anew about an activity: the old words and the new, never changed again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AGREED = ("what", "how", "follow_up", "start", "deadline", "responsible", "goals")


def upgrade() -> None:
    """Make the table of changes, and keep it history."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(*AGREED, name="what", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("before_words", sa.String(), nullable=False),
        sa.Column("after_words", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("before_words <> after_words", name=op.f("ck_change_changes_something")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_change_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index("ix_change_activity_id", "change", ["activity_id", "id"])
    _keep_history()


def _keep_history() -> None:
    sentence = "change is history: rows are added, never changed"
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER change_no_{deed.lower()} BEFORE {deed} ON change "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION change_is_history() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER change_is_history BEFORE UPDATE OR DELETE ON change "
        "FOR EACH ROW EXECUTE FUNCTION change_is_history()"
    )
