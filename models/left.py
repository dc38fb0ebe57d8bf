"""Who has left which collaboration: a last day is each collaboration's own.

A person is one, and may be known in several (`models/known.py`). Each says for itself which day was
her last there; from the next on nothing of its reaches her, whatever others have of her. One who
has left all that know her has left the installation too (`Person.left_on`). What her links still
open is `models/reach_of_links.py`.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, insert, or_, select, union_all
from sqlmodel import Field, Session, SQLModel

from models.columns import c
from models.known import PersonKnown, collaborations_of
from models.person import Person


class PersonLeft(SQLModel, table=True):
    """Somebody's last day in a collaboration: one that has been, or is to come."""

    __tablename__ = "person_left"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id", primary_key=True, index=True)
    last_day: date


def has_left(person: Any, collaboration: Any, today: date) -> ColumnElement[bool]:  # noqa: ANN401
    """The condition that a person's last day in a collaboration is over; columns or numbers."""
    row = c(PersonLeft)
    over = select(row.person_id).where(
        row.person_id == person, row.collaboration_id == collaboration, row.last_day < today
    )
    return over.correlate_except(PersonLeft).exists()


def is_out_of(person: Any, collaboration: Any, today: date) -> ColumnElement[bool]:  # noqa: ANN401
    """The condition that nothing of a collaboration reaches a person: left, or said no to."""
    known = c(PersonKnown)
    declined = select(known.id).where(
        known.person_id == person,
        known.collaboration_id == collaboration,
        known.declined_at.is_not(None),
    )
    no = declined.correlate_except(PersonKnown).exists()
    return or_(has_left(person, collaboration, today), no)


def has_left_in_words(person: str, collaboration: str) -> str:
    """The same for statements that are text, of columns by their names in it, and `:today`."""
    return (
        f"EXISTS (SELECT 1 FROM person_left gone WHERE gone.person_id = {person} "  # noqa: S608
        f"AND gone.collaboration_id = {collaboration} AND gone.last_day < :today)"
    )


def areas_left(session: Session, person_id: int, today: date) -> frozenset[int]:
    """The collaborations where somebody's last day is over."""
    row = c(PersonLeft)
    asked = select(row.collaboration_id).where(row.person_id == person_id, row.last_day < today)
    return frozenset(session.execute(asked).scalars())


def who_have_left(
    session: Session, today: date, within: Collection[int] | None
) -> dict[int, set[int]]:
    """Those who have left, by the collaboration that they left; of all when `within` is None."""
    row = c(PersonLeft)
    asked = select(row.collaboration_id, row.person_id).where(row.last_day < today)
    if within is not None:
        asked = asked.where(row.collaboration_id.in_(list(within)))
    found: dict[int, set[int]] = {}
    for collaboration_id, person_id in session.execute(asked):
        found.setdefault(collaboration_id, set()).add(person_id)
    return found


def out_of(session: Session, people: Collection[int], today: date) -> dict[int, set[int]]:
    """Of some people, the collaborations that nothing reaches them of: left, or said no to."""
    left, known = c(PersonLeft), c(PersonKnown)
    over = select(left.person_id, left.collaboration_id).where(
        left.person_id.in_(people), left.last_day < today
    )
    declined = select(known.person_id, known.collaboration_id).where(
        known.person_id.in_(people), known.declined_at.is_not(None)
    )
    found: dict[int, set[int]] = {}
    for person_id, collaboration_id in session.execute(union_all(over, declined)):
        found.setdefault(person_id, set()).add(collaboration_id)
    return found


def last_day_in(session: Session, person_id: int, areas: Iterable[int]) -> date | None:
    """Her last day, when she leaves all of these collaborations that know her; the latest."""
    known = set(session.execute(collaborations_of(person_id)).scalars()) & set(areas)
    days = _last_days(session, person_id)
    if not known or not known <= days.keys():
        return None
    return max(days[area] for area in known)


def last_day_here(collaborations: Collection[int]) -> ScalarSelect[date]:
    """The same for lists, of the person of the row: her last day in any of these."""
    areas, row = list(collaborations), c(PersonLeft)
    return (
        select(func.max(row.last_day))
        .where(row.person_id == c(Person).id, row.collaboration_id.in_(areas))
        .correlate_except(PersonLeft)
        .scalar_subquery()
    )


def last_day_of_all(session: Session, person_id: int) -> date | None:
    """The day after which nobody has her, when all who know her have said one."""
    known = session.execute(collaborations_of(person_id)).scalars()
    return last_day_in(session, person_id, set(known))


def put_last_day(session: Session, person_id: int, areas: Iterable[int], last: date) -> None:
    """Put her last day in some collaborations on file, instead of any from before."""
    rows = [
        {"person_id": person_id, "collaboration_id": area, "last_day": last}
        for area in sorted(set(areas))
    ]
    take_last_day_away(session, person_id, [row["collaboration_id"] for row in rows])
    if rows:
        session.execute(insert(PersonLeft), rows)


def take_last_day_away(session: Session, person_id: int, areas: Collection[Any]) -> None:
    """She has not left these collaborations."""
    row = c(PersonLeft)
    there = row.person_id == person_id, row.collaboration_id.in_(list(areas))
    session.execute(delete(PersonLeft).where(*there))


def _last_days(session: Session, person_id: int) -> dict[int, date]:
    row = c(PersonLeft)
    asked = select(row.collaboration_id, row.last_day).where(row.person_id == person_id)
    return dict(session.execute(asked).tuples().all())
