"""Plans have money with a last day; parts and delegations are told of in the daily letter.

A notice may be about a part of an activity, a plan's money or a delegation, each once. A part knows
how precisely its deadline was written; those on file are taken for days. Delegations on file are
not told of anew.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, on_sqlite, rebuild

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = (
    *("deadline", "start", "review", "resume", "part", "funding", "round", "silence"),
    "delegation",
)
PRECISIONS = (
    *("day", "week", "month", "quarter", "tertial", "half", "season", "term", "school-year"),
    *("year", "day-range", "week-range", "month-range", "quarter-range", "tertial-range"),
    *("half-range", "season-range", "term-range", "school-year-range", "year-range", "turn"),
    *("approx", "relative", "holiday", "open", "recurring", "none", "invalid"),
)
UNIQUE = "uq_notice_activity_id_kind_due_on_rung"
ABOUT = (
    "(activity_id IS NOT NULL AND plan_id IS NULL AND delegation_id IS NULL) "
    "OR (activity_id IS NULL AND part_id IS NULL "
    "AND (plan_id IS NULL) <> (delegation_id IS NULL))"
)
PRECISE = ", ".join(f"'{word}'" for word in PRECISIONS)
_NEW = ("part", "plan", "delegation")


def upgrade() -> None:
    """Give plans money, parts their precision, and notices more to be about."""
    op.add_column("plan", sa.Column("funding_text", sa.String(), nullable=False, server_default=""))
    op.add_column("plan", sa.Column("funding_amount", sa.Integer(), nullable=True))
    op.add_column("plan", sa.Column("funding_last", sa.Date(), nullable=True))
    _index("ix_plan_funding_due", "plan", "funding_last", "funding_last")
    allow_words("notice", "kind", KINDS)
    if on_sqlite():
        rebuild("notice", _about_more)
        rebuild("part", _precise)
    else:
        _alter_in_place()
    op.execute(
        "CREATE UNIQUE INDEX uq_notice "
        "ON notice (activity_id, kind, due_on, rung, coalesce(part_id, 0))"
    )
    _index("uq_notice_plan", "notice", "plan_id, kind, due_on, rung", "plan_id", unique=True)
    _index("uq_notice_delegation", "notice", "delegation_id", "delegation_id", unique=True)
    _index("ix_part_due", "part", "deadline_last", "deadline_last")
    op.execute(
        "INSERT INTO notice "
        "(delegation_id, kind, rung, due_on, reached_on, written_on, settled_on) "
        "SELECT id, 'delegation', 0, first_day, first_day, first_day, first_day FROM delegation"
    )


def _alter_in_place() -> None:
    op.alter_column("notice", "activity_id", nullable=True)
    op.drop_constraint(op.f(UNIQUE), "notice", type_="unique")
    for table in _NEW:
        column = f"{table}_id"
        op.add_column("notice", sa.Column(column, sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_notice_{column}_{table}"), "notice", table, [column], ["id"]
        )
    op.create_check_constraint(op.f("ck_notice_is_about_one_thing"), "notice", ABOUT)
    op.add_column(
        "part",
        sa.Column("deadline_precision", sa.String(40), nullable=False, server_default="day"),
    )
    op.create_check_constraint(
        op.f("ck_part_deadline_precision"), "part", f"deadline_precision IN ({PRECISE})"
    )


def _about_more(sql: str) -> str:
    """SQLite's words for notices, with the new columns and keys."""
    columns = ", ".join(f"{table}_id INTEGER" for table in _NEW)
    keys = ", ".join(
        f"CONSTRAINT fk_notice_{table}_id_{table} FOREIGN KEY({table}_id) REFERENCES {table} (id)"
        for table in _NEW
    )
    unique = f"CONSTRAINT {UNIQUE} UNIQUE (activity_id, kind, due_on, rung)"
    check = f"CONSTRAINT ck_notice_is_about_one_thing CHECK ({ABOUT})"
    edited = _once(sql, "activity_id INTEGER NOT NULL", f"activity_id INTEGER, {columns}")
    return _once(edited, unique, f"{keys}, {check}")


def _precise(sql: str) -> str:
    """SQLite's words for parts, with how precise a deadline is."""
    column = "deadline_precision VARCHAR(40) DEFAULT 'day' NOT NULL"
    check = f"CONSTRAINT ck_part_deadline_precision CHECK (deadline_precision IN ({PRECISE}))"
    edited = _once(sql, "deadline_last DATE,", f"deadline_last DATE, {column},")
    return _once(edited, "CONSTRAINT ck_part_kind", f"{check}, CONSTRAINT ck_part_kind")


def _once(sql: str, before: str, after: str) -> str:
    if sql.count(before) != 1:
        raise LookupError(f"{before!r} stands {sql.count(before)} times")
    return sql.replace(before, after)


def _index(name: str, table: str, columns: str, known: str, *, unique: bool = False) -> None:
    """An index of the rows that have something there; most have not."""
    kind = "UNIQUE INDEX" if unique else "INDEX"
    op.execute(f"CREATE {kind} {name} ON {table} ({columns}) WHERE {known} IS NOT NULL")
