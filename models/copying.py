"""All rows of a database, out of one and into another of the same revision, of either kind.

What the tables are is read off the database itself, not from the models, so that a backup that an
earlier version made can be read into the tables of its own time. Moments are in UTC, without a
zone; bytes are base64; days and moments as ISO 8601 has them.
"""

import warnings
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import SAWarning

ROWS_AT_A_TIME = 2000
FILES_AT_A_TIME = 4  # of rows that hold a file: each may be ten megabytes
_NO_ROWS_OF_OURS = "alembic_version"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table, as JSON can hold them, in the order of its columns' names."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]


class CannotCopyError(ValueError):
    """The rows do not fit the database that they are to be put in. The message says why."""


def chunks_of(connection: Connection) -> Iterator[Chunk]:
    """Every row, a table at a time in the order of its key; what is computed is left out.

    The connection is in one transaction that sees the database as it was when it began.
    """
    for table in _tables(connection):
        kept = [column for column in table.columns if column.computed is None]
        columns = sorted(kept, key=lambda column: column.name)  # databases order them as they came
        names = tuple(column.name for column in columns)
        asked = select(*columns).order_by(*table.primary_key.columns)
        streamed = connection.execution_options(yield_per=_at_a_time(table)).execute(asked)
        for some in streamed.partitions():
            yield Chunk(table.name, names, [[_out(value) for value in row] for row in some])


def _at_a_time(table: Table) -> int:
    files = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return FILES_AT_A_TIME if files else ROWS_AT_A_TIME


def put_in(connection: Connection, chunks: Iterable[Chunk]) -> dict[str, int]:
    """Put all rows into empty tables; how many, by table. Raises `CannotCopyError`.

    1. PostgreSQL's references are taken away for as long as it lasts, since rows of a table may
       name later ones; they are checked as they are put back. SQLite's sleep
       (`references_asleep`).
    2. The rows, chunk by chunk.
    3. The database counts on from the highest number.
    """
    tables = {table.name: table for table in _tables(connection)}
    filled = [name for name, table in tables.items() if _is_filled(connection, table)]
    if filled:
        raise CannotCopyError(f"the database is not empty: there are rows in {', '.join(filled)}")
    put_back = _take_references_away(connection)
    counts = dict.fromkeys(tables, 0)
    for chunk in chunks:
        table = tables.get(chunk.table)
        if table is None or not set(chunk.columns) <= set(table.columns.keys()):
            raise CannotCopyError(f"there is no such table or column: {chunk.table}")
        read = [_reader(table, name) for name in chunk.columns]
        rows = []
        for row in chunk.rows:
            values = [come_in(value) for come_in, value in zip(read, row, strict=True)]
            rows.append(dict(zip(chunk.columns, values, strict=True)))
        connection.execute(insert(table), rows)
        counts[chunk.table] += len(rows)
    for words in put_back:
        connection.execute(text(words))
    _count_on(connection, tables)
    return counts


def counted(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    asked = {table.name: select(func.count()).select_from(table) for table in _tables(connection)}
    return {name: int(connection.execute(one).scalar_one()) for name, one in asked.items()}


def _tables(connection: Connection) -> list[Table]:
    known = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # indexes on expressions: not ours to copy
        known.reflect(connection)
    found = [table for name, table in sorted(known.tables.items()) if name != _NO_ROWS_OF_OURS]
    for table in found:
        for column in table.columns:
            if isinstance(column.type, JSON) and column.nullable:
                column.type.none_as_null = True
    return found


def _is_filled(connection: Connection, table: Table) -> bool:
    return connection.execute(select(1).select_from(table).limit(1)).first() is not None


def _out(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, datetime):
        in_utc = value.astimezone(UTC) if value.tzinfo else value
        return in_utc.replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode("ascii")
    return value


def _reader(table: Table, name: str) -> Any:  # noqa: ANN401 - of a column's own kind
    """What makes a column's value of what JSON has."""
    kind = table.columns[name].type
    if isinstance(kind, DateTime):
        zone = UTC if kind.timezone else None
        return lambda value: value and datetime.fromisoformat(value).replace(tzinfo=zone)
    if isinstance(kind, Date):
        return lambda value: value and date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else b64decode(value)
    return lambda value: value


def _take_references_away(connection: Connection) -> list[str]:
    """PostgreSQL: drop the foreign keys; the statements that make them again."""
    if connection.dialect.name != "postgresql":
        return []
    keys = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS owner, conname, pg_get_constraintdef(oid) AS words "
            "FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for key in keys:
        connection.execute(text(f'ALTER TABLE {key.owner} DROP CONSTRAINT "{key.conname}"'))
    return [f'ALTER TABLE {key.owner} ADD CONSTRAINT "{key.conname}" {key.words}' for key in keys]


def _count_on(connection: Connection, tables: Mapping[str, Table]) -> None:
    """PostgreSQL: the next number of each table is one more than its highest."""
    if connection.dialect.name != "postgresql":
        return
    for name, table in tables.items():
        for column in table.primary_key.columns:
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": f'"{name}"', "column": column.name},
            ).scalar()
            if sequence is None:
                continue
            highest = connection.execute(select(func.max(column))).scalar()
            if highest is not None:
                connection.execute(
                    text("SELECT setval(:sequence, :highest)"),
                    {"sequence": sequence, "highest": highest},
                )
