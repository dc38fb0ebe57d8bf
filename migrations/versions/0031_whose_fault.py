"""A refusal of us stops the post and blames nobody; who was asked is whose letter went."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

_STAGES = ("connect", "hello", "tls", "auth", "mail", "rcpt", "data")


def _stage(table: str) -> sa.Enum:
    name = f"ck_{table}_stage"
    return sa.Enum(*_STAGES, name=name, native_enum=False, create_constraint=False, length=40)


def _among(table: str) -> sa.CheckConstraint:
    words = ", ".join(f"'{word}'" for word in _STAGES)
    return sa.CheckConstraint(f"stage IN ({words})", name=op.f(f"ck_{table}_stage"))


def upgrade() -> None:
    """A table for stops; four columns for letters, one for notices.

    What was asked before counts from the day of its letter, as it did.
    """
    op.create_table(
        "post_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("stage", _stage("post_stop"), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_stop")),
        _among("post_stop"),
    )
    still = sa.text("mended_at IS NULL")
    op.create_index(
        "uq_post_stop_open",
        "post_stop",
        ["sender"],
        unique=True,
        sqlite_where=still,
        postgresql_where=still,
    )
    op.add_column("letter", sa.Column("doubted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("letter", sa.Column("seen_to_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("letter", sa.Column("went_on", sa.Date(), nullable=True))
    op.add_column("notice", sa.Column("asked_on", sa.Date(), nullable=True))
    op.execute("UPDATE letter SET went_on = on_day WHERE state IN ('sent', 'kept')")
    op.execute(
        "UPDATE notice SET asked_on = (SELECT min(l.went_on) FROM letter_item i "
        "JOIN letter l ON l.id = i.letter_id WHERE i.notice_id = notice.id) "
        "WHERE written_on IS NOT NULL AND settled_on IS NULL"
    )
    words = ", ".join(f"'{word}'" for word in _STAGES)
    if op.get_bind().dialect.name == "sqlite":
        # A column with its own CHECK: the table, with its bodies, is not written anew.
        op.execute(
            "ALTER TABLE letter ADD COLUMN stage VARCHAR(40) "
            f"CONSTRAINT ck_letter_stage CHECK (stage IN ({words}))"
        )
    else:
        op.add_column("letter", sa.Column("stage", sa.String(40), nullable=True))
        op.create_check_constraint(op.f("ck_letter_stage"), "letter", f"stage IN ({words})")


def downgrade() -> None:
    """Without them; what a letter waits for is then unknown, and it goes on waiting."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_letter_stage"), "letter")
    with op.batch_alter_table("letter") as letter:
        if op.get_bind().dialect.name == "sqlite":
            letter.drop_constraint("ck_letter_stage", type_="check")
        letter.drop_column("stage")
        letter.drop_column("doubted_at")
        letter.drop_column("seen_to_at")
        letter.drop_column("went_on")
    with op.batch_alter_table("notice") as notice:
        notice.drop_column("asked_on")
    op.drop_index("uq_post_stop_open", "post_stop")
    op.drop_table("post_stop")
