"""Administrators: people on file who may do everything, from a day until another is told.

The setting FOLJSAM_ADMINISTRATORS is read once, by `notifications/administrators.py`; afterwards
these rows alone say who is one. They are history: a row is ended, never removed.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    and_,
    bindparam,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment, c
from models.database import ask
from models.person import Person

THE_LAST = (
    "{name} är den sista administratören. Lägg till en annan först, med foljsam administrator add."
)


class Administrator(SQLModel, table=True):
    """A person is an administrator from a day. `ended_on` is the first day without the right, and
    `end_told_on` when the others were told so.
    """

    __tablename__ = "administrator"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= starts_on", name="dates"),
        CheckConstraint("length(trim(by)) > 0", name="has_giver"),
        Index(
            "uq_administrator_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_on: date
    ended_on: date | None = None
    end_told_on: date | None = None
    by: str  # who gave it: a name, or that the setting did
    at: datetime = Field(sa_type=Moment)


def administrators(today: Any) -> Select[Any]:  # noqa: ANN401 - a day, or a place for one
    """The ids of those who are administrators that day and have not left.

    They are few: so who has left is looked for among them, and not they among all people.
    """
    left = select(c(Person).id).where(
        c(Person).id == c(Administrator).person_id, c(Person).left_on < today
    )
    return (
        select(c(Administrator).person_id)
        .where(_holds(today), ~left.correlate(Administrator).exists())
        .order_by(c(Administrator).person_id)
    )


def administrator_ids(session: Session, today: date) -> Sequence[int]:
    """The same, asked."""
    return ask(session, _ALL, today=today).scalars().all()


def is_administrator(session: Session, person_id: int, today: date) -> bool:
    """Is she one that day?"""
    return ask(session, _HERS, today=today, person_id=person_id).first() is not None


def others_stay(session: Session, person_id: int) -> bool:
    """Is anybody else an administrator until further notice: no end, and no last day, is known?"""
    others = (
        select(c(Administrator).id)
        .join(Person, c(Person).id == c(Administrator).person_id)
        .where(
            c(Administrator).ended_on.is_(None),
            c(Administrator).person_id != person_id,
            c(Person).left_on.is_(None),
        )
    )
    return session.execute(others).first() is not None


def end_with_last_day(
    session: Session, whose: ColumnElement[bool], *, passed: date | None = None
) -> int:
    """Whoever's last day is taken away is no administrator by that: the right ended with the day.

    `whose` is a condition on persons; with `passed` only those whose day had passed by then. Asked
    before the day is taken away. Returns how many lost it by their last day, now or before this.
    Another administrator gives it anew, and all are told (`notifications/administrators.py`).
    """
    row = c(Administrator)
    asked = (
        select(row.id, row.starts_on, row.ended_on, c(Person).left_on)
        .join(Person, c(Person).id == row.person_id)
        .where(whose, c(Person).left_on.is_not(None))
    )
    if passed is not None:
        asked = asked.where(c(Person).left_on < passed)
    lost = 0
    for id_, starts_on, ended_on, left_on in session.execute(asked).all():
        first_without = max(left_on + timedelta(days=1), starts_on)
        lost += ended_on in (None, first_without)
        if ended_on is None:
            session.execute(
                update(Administrator).where(row.id == id_).values(ended_on=first_without)
            )
    return lost


def _holds(today: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the same
    row = c(Administrator)
    return and_(row.starts_on <= today, or_(row.ended_on.is_(None), row.ended_on > today))


_ALL = administrators(bindparam("today"))
_HERS = _ALL.where(c(Administrator).person_id == bindparam("person_id"))
