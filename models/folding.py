"""Words compared whatever their case, in Swedish too: SQLite's own lower() knows only English."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class folded(FunctionElement[str]):  # noqa: N801 - used as a function of SQL
    """`folded(column)`: the words in one case."""

    inherit_cache = True
    type = String()


@compiles(folded)
def _elsewhere(element: Any, compiler: Any, **how: Any) -> str:  # noqa: ANN401
    return f"lower({compiler.process(element.clauses, **how)})"


@compiles(folded, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **how: Any) -> str:  # noqa: ANN401
    return f"folded({compiler.process(element.clauses, **how)})"


def know_folded(connection: Any) -> None:  # noqa: ANN401 - the driver's own type
    """Teach a new SQLite connection the function."""
    connection.create_function("folded", 1, _fold, deterministic=True)


def _fold(words: str | None) -> str | None:
    return words.casefold() if words is not None else None
