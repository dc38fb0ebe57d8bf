"""One thing said in two ways, where the databases find rows by different roads.

What is said must be the same: only the road differs. Which rows a viewer may read is asked in every
list, and no one wording is quick in both.
"""

from typing import Any, Self, TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, SelectBase, any_, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.operators import and_ as together

T = TypeVar("T")


class _OwnWay(FunctionElement[Any]):
    """What is said to SQLite, and the same to PostgreSQL; only one of them is compiled."""

    inherit_cache = True
    name = "own_way"

    def __init__(self, sqlite: ColumnElement[Any], postgres: ColumnElement[Any]) -> None:
        super().__init__(sqlite, postgres)
        self.type = sqlite.type

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 - as SQLAlchemy calls it
        """Itself: what is said is grouped already, and "= 1" after it would hide the index."""
        return self


@compiles(_OwnWay)
def _for_sqlite(element: _OwnWay, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    for_sqlite, _ = element.clauses
    return compiler.process(for_sqlite, **how)


@compiles(_OwnWay, "postgresql")
def _for_postgres(element: _OwnWay, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    _, for_postgres = element.clauses
    return compiler.process(for_postgres, **how)


def own_way(*, sqlite: ColumnElement[T], postgres: ColumnElement[T]) -> ColumnElement[T]:
    """The same condition or value, in the words of each database."""
    return _OwnWay(sqlite.self_group(against=together), postgres.self_group(against=together))


def among_found(column: ColumnElement[Any], found: SelectBase) -> ColumnElement[bool]:
    """PostgreSQL: the column is one of what a question of its own finds, and the index is used.

    `IN (SELECT …)` beside an "or" reads the whole table; as an array, made once, it does not.
    """
    once: ScalarSelect[Any] = found.scalar_subquery()
    return column == any_(func.array(once))


def among(column: ColumnElement[Any], found: SelectBase) -> ColumnElement[bool]:
    """The column is one of what a question of its own finds, by the index in both databases."""
    return own_way(sqlite=column.in_(found), postgres=among_found(column, found))
