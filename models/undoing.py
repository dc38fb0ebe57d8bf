"""Taking back: who took what back, when and why; and which rows of the log stand.

What happens to activities is rows that are never removed: moves, changes, parts' changes, answers.
A row that was taken back has the number of its undoing, and stays in the log; whoever tells, counts
or decides by those rows asks `stands` (or in the database's own words `standing`), and a test finds
who does not. What one deed wrote has one `batch`, so that it is taken back as one. What taking back
puts back is `intake/lives/putting_back.py`.
"""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment

_BITS = 52  # a number that every spelling of it keeps whole
_BATCHES = "batches"


class Undoing(SQLModel, table=True):
    """Something was taken back, as a correction. A trigger in the database refuses to change it."""

    __tablename__ = "undoing"

    id: int | None = Field(default=None, primary_key=True)
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    reason: str = ""


def stands(row: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a table's columns, or an alias
    """The condition that a row of the log has not been taken back: `stands(c(MoveRow))`."""
    condition: ColumnElement[bool] = row.undone_id.is_(None)
    return condition


def standing(alias: str) -> str:
    """The same in the database's words, of the row that a statement calls by this name."""
    return f"{alias}.undone_id IS NULL"


def batch_of(session: Session, today: date) -> int:
    """The number of what this transaction does: all of it is taken back as one.

    What a transaction plays for several days (a year of examples) is one for each of them.
    """
    batches: dict[date, int] = session.info.setdefault(_BATCHES, {})
    return batches.setdefault(today, new_batch())


def new_batch() -> int:
    """A number that no deed has had."""
    return 1 + secrets.randbits(_BITS)


def go_on_with(session: Session, today: date, batch: int) -> None:
    """Let this transaction belong to a deed that takes several, as a meeting's form."""
    session.info.setdefault(_BATCHES, {})[today] = batch
