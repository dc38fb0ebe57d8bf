"""Statements written by hand for both databases, run in the session's own transaction
(`session.connection()`).

`:name` stands for a value, as in SQLite's driver; lists of ids, days, moments and dicts become what
each driver knows. This is for the few places where building a statement from SQLAlchemy's
parts costs more than the database's own work (bench/README.md).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from psycopg.types.json import Json
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    CursorResult,
    Integer,
    func,
    literal,
    select,
)
from sqlmodel import Session

ONE = "= :id"


def among(connection: Connection) -> str:
    """How "is one of the ids in :ids" is written here."""
    if connection.dialect.name == "sqlite":
        return "IN (SELECT value FROM json_each(:ids))"
    return "= ANY(:ids)"


def one_of_ids(session: Session, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:  # noqa: ANN401
    """The condition that a column is one of some ids, however many: they are one value."""
    if session.connection().dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(ids))).table_valued("value")
        return _in(column, select(each.c.value))
    return _in(column, select(func.unnest(literal(list(ids), ARRAY(Integer)))))


def _in(column: Any, asked: Any) -> ColumnElement[bool]:  # noqa: ANN401 - SQLAlchemy's own
    condition: ColumnElement[bool] = column.in_(asked)
    return condition


def run(connection: Connection, words: str, values: Mapping[str, object]) -> CursorResult[Any]:
    """Run one statement. Values that it does not name are left out."""
    names, for_postgres = _read(words)
    if connection.dialect.name == "sqlite":
        adapted = {name: _for_sqlite(values[name]) for name in names}
        return connection.exec_driver_sql(words, adapted)
    adapted = {n: Json(values[n]) if isinstance(values[n], dict) else values[n] for n in names}
    return connection.exec_driver_sql(for_postgres, adapted)


@lru_cache(maxsize=256)
def _read(words: str) -> tuple[tuple[str, ...], str]:
    """The names that a statement holds, and the statement as PostgreSQL's driver wants it."""
    names = dict.fromkeys(_NAME.findall(words))
    return tuple(names), _NAME.sub(r"%(\1)s", words)


_NAME = re.compile(r"(?<!:):([a-z]\w*)")


def _for_sqlite(value: object) -> object:
    """As its driver knows it; what is a kind of day (pendulum's) is written as a day."""
    for kind in type(value).__mro__:
        if kind in _SQLITE:
            return _SQLITE[kind](value)
    return value


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


# As the columns of `models/columns.py` write them, so that both can be read again.
_SQLITE: dict[type, Callable[[Any], object]] = {
    date: date.isoformat,
    datetime: _moment,
    dict: json.dumps,
    list: json.dumps,
}
