"""Deviations are a collaboration's: cases, imports and sources; case numbers are unique within one.

What is on file goes to the collaboration that it can be told of: the only one; else the one that
whoever took it in led that day, or whose groups have the cases' areas in their names. Files that
speak of the same cases go together. What cannot be told, or is told of two, waits with none until an
administrator places it. Editions are not touched.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.alter import unique_on

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("deviation_import", "deviation_case", "deviation_mapping")
LEADER = "processledare"
MOST_AREAS = 500
NO_AREA = ("", "(annat)", "Ej angiven")


def upgrade() -> None:
    """Give the tables their column and keys, then say whose each row is."""
    for index, table in _old_indexes():
        op.drop_index(index, table)
    for table in TABLES:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN collaboration_id INTEGER "
            f"CONSTRAINT fk_{table}_collaboration_id_collaboration REFERENCES collaboration (id)"
        )
    unique_on("deviation_case", ["series", "number"], ["collaboration_id", "series", "number"])
    unique_on("deviation_mapping", ["name"], ["collaboration_id", "name"])
    _indexes()
    _words()
    _place(op.get_bind())


def _old_indexes() -> Iterator[tuple[str, str]]:
    yield "uq_deviation_import_once", "deviation_import"
    yield "ix_deviation_case_month", "deviation_case"
    yield "ix_deviation_case_waits", "deviation_case"


def _indexes() -> None:
    taken_in = sa.text("state = 'inläst'")
    op.create_index(
        "uq_deviation_import_once",
        "deviation_import",
        ["collaboration_id", "sha256", "reading"],
        unique=True,
        sqlite_where=taken_in,
        postgresql_where=taken_in,
    )
    op.create_index(
        "ix_deviation_case_month",
        "deviation_case",
        ["collaboration_id", "month", "target_group", "voided"],
    )
    op.create_index(
        "ix_deviation_case_waits",
        "deviation_case",
        ["collaboration_id", "target_group", "registered_on"],
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits"),
    )


def _words() -> None:
    """The codes that a collaboration has said are codes, and words that wait for that."""
    op.create_table(
        "deviation_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(word)) > 0", name=op.f("ck_deviation_code_has_word")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_deviation_code_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_code")),
        sa.UniqueConstraint(
            "collaboration_id",
            "kind",
            "word",
            name=op.f("uq_deviation_code_collaboration_id_kind_word"),
        ),
    )
    op.add_column(
        "deviation_import",
        sa.Column("unknown", sa.JSON(), nullable=False, server_default="[]"),
    )


IMPORT = sa.table(
    "deviation_import",
    sa.column("id", sa.Integer),
    sa.column("collaboration_id", sa.Integer),
    sa.column("source", sa.String),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("by", sa.String),
)
CASE = sa.table(
    "deviation_case",
    sa.column("id", sa.Integer),
    sa.column("collaboration_id", sa.Integer),
    sa.column("first_import_id", sa.Integer),
    sa.column("import_id", sa.Integer),
    sa.column("area", sa.String),
)
EARLIER = sa.table(
    "deviation_earlier",
    sa.column("import_id", sa.Integer),
    sa.column("case_id", sa.Integer),
    sa.column("earlier_import_id", sa.Integer),
)
MAPPING = sa.table(
    "deviation_mapping",
    sa.column("id", sa.Integer),
    sa.column("collaboration_id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("changed_at", sa.DateTime(timezone=True)),
    sa.column("changed_by", sa.String),
)


def _place(bind: sa.Connection) -> None:
    areas = list(bind.execute(sa.text("SELECT id FROM collaboration")).scalars())
    if len(areas) == 1:
        for table in (IMPORT, CASE, MAPPING):
            bind.execute(sa.update(table).values(collaboration_id=areas[0]))
        return
    leaders, names = _leaders(bind), _group_names(bind)
    imports = {row.id: row for row in bind.execute(sa.select(IMPORT))}
    for together in _together(bind, imports):
        told = [_led(leaders, imports[one].by, imports[one].at) for one in together]
        told.append(_by_areas(bind, together, names))
        found = set().union(*told)
        if len(found) == 1:
            area = found.pop()
            mine = IMPORT.c.id.in_(together), CASE.c.first_import_id.in_(together)
            bind.execute(sa.update(IMPORT).where(mine[0]).values(collaboration_id=area))
            bind.execute(sa.update(CASE).where(mine[1]).values(collaboration_id=area))
    _place_sources(bind, leaders)


def _together(bind: sa.Connection, imports: Iterable[int]) -> list[list[int]]:
    """Imports that speak of the same cases, each with those that it cannot be parted from."""
    head = {one: one for one in imports}

    def first(one: int) -> int:
        while head[one] != one:
            one = head[one]
        return one

    for one, other in _pairs(bind):
        head[first(one)] = first(other)
    found: dict[int, list[int]] = {}
    for one in head:
        found.setdefault(first(one), []).append(one)
    return list(found.values())


def _pairs(bind: sa.Connection) -> Iterator[tuple[int, int]]:
    same_case = EARLIER.c.case_id == CASE.c.id
    for asked in (
        sa.select(CASE.c.first_import_id, CASE.c.import_id),
        sa.select(EARLIER.c.import_id, EARLIER.c.earlier_import_id),
        sa.select(EARLIER.c.import_id, CASE.c.first_import_id).where(same_case),
    ):
        yield from (tuple(row) for row in bind.execute(asked.distinct()))


def _leaders(bind: sa.Connection) -> dict[str, list[tuple[int, date | None, date | None]]]:
    """By name: the collaborations that somebody has led, and from when to when."""
    days = sa.column("starts_on", sa.Date), sa.column("ends_on", sa.Date)
    asked = sa.text(
        "SELECT p.name, g.collaboration_id, r.starts_on, r.ends_on FROM role_holding r "
        "JOIN person p ON p.id = r.person_id JOIN groups g ON g.id = r.group_id "
        "WHERE r.role = :leader"
    ).columns(sa.column("name"), sa.column("collaboration_id"), *days)
    found: dict[str, list[tuple[int, date | None, date | None]]] = {}
    for name, area, first, last in bind.execute(asked, {"leader": LEADER}):
        found.setdefault(name, []).append((area, first, last))
    return found


def _led(leaders: dict[str, Any], name: str, at: datetime) -> set[int]:
    """The collaborations that whoever has that name led that day."""
    day = at.date()
    return {
        area
        for area, first, last in leaders.get(name, ())
        if (first is None or first <= day) and (last is None or last >= day)
    }


def _group_names(bind: sa.Connection) -> list[tuple[int, str]]:
    rows = bind.execute(sa.text("SELECT collaboration_id, name FROM groups"))
    return [(area, name.casefold()) for area, name in rows]


def _by_areas(bind: sa.Connection, together: list[int], names: list[tuple[int, str]]) -> set[int]:
    """The collaborations whose groups have the cases' areas in their names; all of them, or none."""
    asked = sa.select(CASE.c.area).where(
        CASE.c.first_import_id.in_(together), CASE.c.area.not_in(NO_AREA)
    )
    words = list(bind.execute(asked.distinct().limit(MOST_AREAS)).scalars())
    found: set[int] = set()
    for word in words:
        whole = re.compile(rf"(?<!\w){re.escape(word.casefold())}(?!\w)")
        here = {area for area, name in names if whole.search(name)}
        if not here:
            return set()
        found |= here
    return found


def _place_sources(bind: sa.Connection, leaders: dict[str, Any]) -> None:
    """A source goes with its files, where they are one collaboration's; else with its writer."""
    for row in bind.execute(sa.select(MAPPING)).all():
        used = sa.select(IMPORT.c.collaboration_id).where(IMPORT.c.source == row.name).distinct()
        areas = set(bind.execute(used).scalars()) or _led(leaders, row.changed_by, row.changed_at)
        if len(areas) == 1 and None not in areas:
            bind.execute(
                sa.update(MAPPING)
                .where(MAPPING.c.id == row.id)
                .values(collaboration_id=areas.pop())
            )
