"""Answers by mail: letters that take them, numbers in them, what people wrote and what it became.

No letter on file has a number in it, or takes answers: their replies went to somebody's own mailbox.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, on_sqlite, rebuild

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_WAYS = ("link", "phone", "meeting", "mail")
_CHECK = "ck_status_answer_by_link_or_registered"
_OLD = "way = 'link'"
_NEW = "way IN ('link', 'reply')"
_KINDS = (
    *("morning", "weekly", "quarterly-report", "annual-report", "annual-draft"),
    *("deviation-report", "deviation-export", "taken-on", "declined", "again", "sign-in"),
    *("address-confirm", "address-changed", "hand-over-code", "new-link", "passed-on"),
    *("administrators", "address-undone", "heartbeat", "post-stop"),
)
_SAYS = ("on_track", "at_risk", "late", "done", "nothing_new", "not_me")
_BECAME = (
    *("answered", "unread", "not-checked", "another", "forwarded", "closed", "refused"),
    *("unknown", "broken"),
)


def upgrade() -> None:
    """Two tables, both empty; two columns; and words that were not there."""
    for table in ("letter", "letter_part"):
        allow_words(table, "kind", (*_KINDS, "receipt", "forwarded"))
    allow_words("status_answer", "way", ("link", "reply", *_WAYS[1:]))
    _check(_OLD, _NEW)
    op.add_column(
        "letter",
        sa.Column("takes_replies", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("letter_item", sa.Column("number", sa.Integer(), nullable=True))
    _replies()
    _lines()


def downgrade() -> None:
    """What came by mail is forgotten; an answer that was given so came through its link."""
    op.drop_table("mail_reply_line")
    op.drop_table("mail_reply")
    op.drop_column("letter_item", "number")
    op.drop_column("letter", "takes_replies")
    op.execute("UPDATE status_answer SET way = 'link' WHERE way = 'reply'")
    _check(_NEW, _OLD)
    allow_words("status_answer", "way", _WAYS)
    op.execute("DELETE FROM letter WHERE kind IN ('receipt', 'forwarded')")
    for table in ("letter", "letter_part"):
        allow_words(table, "kind", _KINDS)


def _check(before: str, after: str) -> None:
    if on_sqlite():
        rebuild("status_answer", lambda sql: _once(sql, _words(before), _words(after)))
        return
    op.drop_constraint(op.f(_CHECK), "status_answer", type_="check")
    op.create_check_constraint(op.f(_CHECK), "status_answer", _words(after))


def _words(by: str) -> str:
    return f"({by}) = (link_id IS NOT NULL) AND ({by}) = (length(trim(registered_by)) = 0)"


def _once(sql: str, before: str, after: str) -> str:
    if sql.count(before) != 1:
        raise LookupError(f"{before!r} stands {sql.count(before)} times")
    return sql.replace(before, after)


def _replies() -> None:
    op.create_table(
        "mail_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("became", _one_of(_BECAME, "became"), nullable=False),
        sa.CheckConstraint("length(fingerprint) = 64", name=op.f("ck_mail_reply_fingerprint")),
        _to("mail_reply", "letter_id", "letter"),
        _to("mail_reply", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reply")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mail_reply_fingerprint")),
    )
    for column in ("letter_id", "person_id"):
        op.create_index(op.f(f"ix_mail_reply_{column}"), "mail_reply", [column])


def _lines() -> None:
    op.create_table(
        "mail_reply_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("says", _one_of(_SAYS, "says"), nullable=True),
        sa.Column("day_words", sa.String(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(settled_on IS NULL) = (length(trim(settled_by)) = 0)",
            name=op.f("ck_mail_reply_line_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "says IS NOT NULL OR length(day_words) = 0",
            name=op.f("ck_mail_reply_line_day_of_an_answer"),
        ),
        _to("mail_reply_line", "reply_id", "mail_reply"),
        _to("mail_reply_line", "activity_id", "activity"),
        _to("mail_reply_line", "answer_id", "status_answer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reply_line")),
    )
    op.create_index(op.f("ix_mail_reply_line_reply_id"), "mail_reply_line", ["reply_id"])
    waits = sa.text("answer_id IS NULL AND settled_on IS NULL")
    op.create_index(
        "ix_mail_reply_line_waiting",
        "mail_reply_line",
        ["activity_id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _one_of(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
