"""A meeting has points of its own, those who were there, minutes that are kept, and letters.

Minutes of before are made from the log as ever: none were kept.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, keep_history
from models.columns import Moment

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None

_KINDS = (
    *("morning", "weekly", "quarterly-report", "annual-report", "annual-draft"),
    *("deviation-report", "deviation-export", "taken-on", "declined", "again", "sign-in"),
    *("address-confirm", "address-changed", "hand-over-code", "new-link", "passed-on"),
    *("receipt", "forwarded", "administrators", "address-undone", "heartbeat", "post-stop"),
)


def upgrade() -> None:
    """Four tables, all empty, and two kinds of letters."""
    for table in ("letter", "letter_part"):
        allow_words(table, "kind", (*_KINDS, "agenda", "minutes"))
    _points()
    _present()
    _minutes()
    _drafts()


def downgrade() -> None:
    """What was written about meetings is forgotten; what they decided is in the log."""
    for table in ("meeting_draft", "meeting_minutes", "meeting_present", "meeting_point"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION meeting_minutes_is_history()")
    sent = "SELECT id FROM letter WHERE kind IN ('agenda', 'minutes')"
    op.execute(f"DELETE FROM attachment WHERE letter_id IN ({sent})")  # noqa: S608 - own words
    op.execute("DELETE FROM letter WHERE kind IN ('agenda', 'minutes')")
    for table in ("letter", "letter_part"):
        allow_words(table, "kind", _KINDS)


def _points() -> None:
    op.create_table(
        "meeting_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_meeting_point_has_title")),
        _to("meeting_point", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_point")),
    )
    _index("meeting_point", "meeting_id")


def _present() -> None:
    op.create_table(
        "meeting_present",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_meeting_present_has_name")),
        _to("meeting_present", "meeting_id", "meeting"),
        _to("meeting_present", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_present")),
    )
    _index("meeting_present", "meeting_id")
    _index("meeting_present", "person_id")
    on_file = sa.text("person_id IS NOT NULL")
    op.create_index(
        "uq_meeting_present_person",
        "meeting_present",
        ["meeting_id", "person_id"],
        unique=True,
        sqlite_where=on_file,
        postgresql_where=on_file,
    )


def _minutes() -> None:
    op.create_table(
        "meeting_minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_meeting_minutes_sha256")),
        _to("meeting_minutes", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_meeting_minutes_meeting_id")),
    )
    keep_history("meeting_minutes")


def _drafts() -> None:
    op.create_table(
        "meeting_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        _to("meeting_draft", "group_id", "groups"),
        _to("meeting_draft", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_draft")),
    )
    _index("meeting_draft", "person_id")
    op.create_index(
        "uq_meeting_draft",
        "meeting_draft",
        ["group_id", sa.text("coalesce(person_id, 0)")],
        unique=True,
    )


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
