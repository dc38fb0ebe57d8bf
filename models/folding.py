"""Words compared whatever their case, in Swedish too: SQLite's own lower() knows only English."""

from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, String, and_, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.own_way import own_way

_FEW = 2  # letters that are not English, asked for in each of their cases
_ENOUGH = 3  # plain letters, which leave few rows


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


def holds(column: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """The condition that a column's words hold these, in any case."""
    pattern = f"%{_plain(words)}%"
    in_any_case = folded(column).like(folded(literal(pattern)), escape="\\")
    return own_way(sqlite=_on_file(column, pattern, in_any_case), postgres=in_any_case)


def _on_file(
    column: ColumnElement[str], pattern: str, in_any_case: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The same for SQLite, by its own LIKE as far as that goes.

    `folded` is a function of ours there: to call it for each of 200,000 rows takes a second or two.
    LIKE knows the cases of English letters. One or two others are asked for in each of their
    cases. Where there are more, or any that is several letters in another case ("ß"), or where
    enough of the word is plain to leave few rows, LIKE finds what fits roughly and `folded` says
    which of it does.
    """
    others = [letter for letter in pattern if not letter.isascii() and _cases(letter) != {letter}]
    plain = len(pattern) - 2 - len(others)
    few = len(others) <= 1 or (len(others) <= _FEW and plain < _ENOUGH)
    if few and all(len(case) == 1 for one in others for case in _cases(one)):
        choices = (_cases(letter) if letter in others else {letter} for letter in pattern)
        return or_(*(_like(column, "".join(one)) for one in product(*map(sorted, choices))))
    roughly = "".join("%" if letter in others else letter for letter in pattern)
    return and_(_like(column, roughly), in_any_case)


def _like(column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
    return column.like(pattern, escape="\\")


def _cases(letter: str) -> set[str]:
    return {letter, letter.lower(), letter.upper(), letter.casefold()}


def _plain(words: str) -> str:
    """Words whose signs mean nothing to LIKE."""
    return words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def know_folded(connection: Any) -> None:  # noqa: ANN401 - the driver's own type
    """Teach a new SQLite connection the function."""
    connection.create_function("folded", 1, _fold, deterministic=True)


def _fold(words: str | None) -> str | None:
    return words.casefold() if words is not None else None
