"""Writes `column_types.pyi`: what each table's columns hold, for the type checker alone.

SQLAlchemy's `Table.c` is made while the program runs, so a type checker sees nothing of it: a
misspelt column, or two of different kinds that have changed places, would pass. The stub says
of every table what `c(Table)` gives. It is made from the classes themselves by `make columns`
and never edited; a test fails when it is not what this file writes.
"""

import importlib
import pkgutil
import sys
import types
import typing
from collections.abc import Iterator

from sqlmodel import SQLModel

import models

HEAD = '''"""What `c(Table)` gives, table by table. Made by `make columns` from the classes."""'''
OF_A_TABLE = """
class Columns:
    def __getitem__(self, name: str) -> Column[Any]: ...
    def __iter__(self) -> Iterator[Column[Any]]: ...
    def keys(self) -> list[str]: ...
    def values(self) -> list[Column[Any]]: ...
"""


def write() -> str:
    """The stub's text, not yet formatted."""
    tables = list(_tables())
    needed: set[tuple[str, str]] = set()
    classes: list[str] = []
    for table in tables:
        needed.add((table.__module__, table.__name__))
        classes.append(_class_of(table, needed))
    lines = [HEAD, "from collections.abc import Iterator", "from typing import Any, overload"]
    lines.append("from sqlalchemy import Column")
    lines.append("from sqlmodel import SQLModel")
    for module, name in sorted(needed):
        lines.append(f"from {module} import {name}")
    lines.append(OF_A_TABLE)
    lines.extend(classes)
    for table in tables:
        lines.append(f"@overload\ndef c(model: type[{table.__name__}]) -> _{table.__name__}: ...")
    # A table that is only known as "some table": what it holds cannot be told.
    lines.append("@overload\ndef c(model: type[SQLModel]) -> Any: ...  # noqa: ANN401")
    return "\n".join(lines)


def _tables() -> Iterator[type[SQLModel]]:
    """Every class with a table, by name; all of `models` is imported first."""
    for module in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(module.name)
    mappers = SQLModel._sa_registry.mappers  # SQLModel has no public way
    yield from sorted((mapper.class_ for mapper in mappers), key=lambda table: table.__name__)


def _class_of(table: type[SQLModel], needed: set[tuple[str, str]]) -> str:
    lines = [f"class _{table.__name__}(Columns):"]
    keys = {column.key for column in table.__table__.primary_key}  # type: ignore[attr-defined]
    for name, field in table.model_fields.items():
        holds = _parts(field.annotation)
        if name in keys:  # `None` only in an object that is not yet saved, never in a row
            holds = [part for part in holds if part is not type(None)]
        words = " | ".join(_word(part, needed) for part in holds)
        lines.append(f"    {name}: Column[{words}]")
    return "\n".join(lines)


def _parts(annotation: object) -> list[object]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return list(typing.get_args(annotation))
    return [annotation]


def _word(part: object, needed: set[tuple[str, str]]) -> str:
    if part is type(None):
        return "None"
    if typing.get_origin(part) is not None or not isinstance(part, type):
        return "Any"  # JSON: a dict or list whose inside the table does not know
    if part.__module__ != "builtins":
        needed.add((part.__module__, part.__name__))
    return part.__name__


if __name__ == "__main__":
    sys.stdout.write(write())
