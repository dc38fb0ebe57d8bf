"""Nobody is forgotten: status rounds, silences that go up the line, the last day of the money.

A notice can be settled: answered, or found to hold no longer. What was written about before this
counts as settled, so that nobody is told of old silences on the first morning; the ladders come
back to what is still open. A letter can say who gets the answer when somebody presses Reply.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("deadline", "start", "review", "resume", "funding", "round", "silence")
OCCASIONS = ("quarter", "meeting", "asked")
WAITING = "written_on IS NOT NULL AND settled_on IS NULL"


def upgrade() -> None:
    """Widen the kinds of notices, then make the tables that they are about."""
    allow_words("notice", "kind", KINDS)
    op.add_column("notice", sa.Column("settled_on", sa.Date(), nullable=True))
    op.execute("UPDATE notice SET settled_on = written_on WHERE written_on IS NOT NULL")
    _partial("ix_notice_waiting", "notice", ["activity_id", "written_on"], WAITING)
    op.add_column("letter", sa.Column("reply_to", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "activity", sa.Column("funding_text", sa.String(), nullable=False, server_default="")
    )
    op.add_column("activity", sa.Column("funding_last", sa.Date(), nullable=True))
    _partial("ix_activity_funding_due", "activity", ["funding_last"], "funding_last IS NOT NULL")
    _meetings()
    _rounds()
    _questions()
    _settled()


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_meeting_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("group_id", "on_day", name=op.f("uq_meeting_group_id_on_day")),
    )


def _rounds() -> None:
    occasion = sa.Enum(
        *OCCASIONS, name="occasion", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "status_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("occasion", occasion, nullable=False),
        sa.Column("occasion_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "closes_on >= opened_on", name=op.f("ck_status_round_closes_after_it_opens")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_status_round_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_round")),
        sa.UniqueConstraint(
            "group_id",
            "occasion",
            "occasion_on",
            name=op.f("uq_status_round_group_id_occasion_occasion_on"),
        ),
    )
    _partial("ix_status_round_open", "status_round", ["closes_on"], "closed_on IS NULL")


def _questions() -> None:
    op.create_table(
        "status_question",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["status_round.id"], name=op.f("fk_status_question_round_id_status_round")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_status_question_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("round_id", "activity_id", name=op.f("pk_status_question")),
    )
    op.create_index("ix_status_question_activity_id", "status_question", ["activity_id"])


def _settled() -> None:
    op.create_table(
        "answer_settled",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["status_answer.id"],
            name=op.f("fk_answer_settled_answer_id_status_answer"),
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_answer_settled")),
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    words = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=words, postgresql_where=words)
