"""Who is in no group any more by a list: her letters end, and what she answers for is told.

Somebody whose last role ended by a list was written to as before, as long as a plan named her. She
has left this collaboration now, whatever others have of her; and the activities that name her are
listed, for whoever is to name somebody new. Which roles end is the work of `comparing.py`.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, Select, literal_column, or_, select, union
from sqlmodel import Session

from intake.people.delegation import end_all_of
from intake.people.last_day import leave
from intake.people.persons import By
from models.activity import Activity, Responsibility
from models.columns import c
from models.group import Group
from models.left import has_left
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.part import Part, PartState
from models.person import Person

_NAMES = "names"
_PERSON: ColumnElement[int] = literal_column(f"{_NAMES}.person_id", Integer)


@dataclass(frozen=True, slots=True)
class Named:
    """An open activity that names somebody who answers for it, herself or a part of it."""

    activity_id: int
    what: str
    person_id: int


def named_in_plans(session: Session, collaboration_id: int, people: Collection[int]) -> list[Named]:
    """The open activities of a collaboration that name any of some people, by their names."""
    rows = session.execute(_naming(collaboration_id).where(_PERSON.in_(people)))
    found = {Named(*row) for row in rows.tuples()}
    return sorted(found, key=lambda one: (one.what.casefold(), one.activity_id))


def waits_for_somebody_new(
    session: Session, collaborations: Iterable[int], today: date
) -> list[Named]:
    """The open activities that still name somebody who has left."""
    found = []
    for area in collaborations:
        gone = select(c(Person).id).where(
            or_(c(Person).left_on < today, has_left(c(Person).id, area, today))
        )
        asked = _naming(area).where(_PERSON.in_(gone))
        found += [Named(*row) for row in session.execute(asked).tuples()]
    return sorted(set(found), key=lambda one: (one.what.casefold(), one.activity_id))


def let_go(
    session: Session, collaboration_id: int, people: Iterable[int], mover: Mover, today: date
) -> None:
    """Some people have left here, from yesterday; an administrator who is at home here stays.

    The same for one whom another collaboration has, at home or not: nothing of that ends.
    """
    yesterday, areas = today - timedelta(days=1), [collaboration_id]
    at_home = c(Person).home_collaboration_id == collaboration_id
    for person_id in sorted(people):
        asked = select(c(Person).id).where(c(Person).id == person_id, at_home)
        by = By.OTHER if session.execute(asked).first() is None else By.HOME
        end_all_of(session, person_id, mover, after=yesterday, areas=areas)
        given = {"left_on": yesterday.isoformat()}
        with suppress(Refused), session.begin_nested():
            leave(session, person_id, given, mover, today=today, by=by, areas=areas)


def _naming(collaboration_id: int) -> Select[tuple[int, str, int]]:
    """Every open activity of a collaboration with a person that it, or an open part, names."""
    whole = select(
        c(Responsibility).activity_id.label("activity_id"),
        c(Responsibility).person_id.label("person_id"),
    )
    part = select(c(Part).activity_id, c(Part).person_id).where(
        c(Part).state.not_in((PartState.DONE, PartState.EXCUSED))
    )
    names = union(whole, part).subquery(_NAMES)
    asked: Select[tuple[int, str, int]] = (
        select(c(Activity).id, c(Activity).what, names.c.person_id)
        .join(names, names.c.activity_id == c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(c(Group).collaboration_id == collaboration_id, c(Activity).state.in_(OPEN))
    )
    return asked
