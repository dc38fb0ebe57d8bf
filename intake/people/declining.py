"""Saying no to a collaboration that has taken one on, and yes again. One's home stays."""

from datetime import date, timedelta

from sqlalchemy import Update, or_, select, update
from sqlmodel import Session

from config import clock
from intake.people.delegation import end_all_in
from intake.people.register import note
from intake.people.taking_on import Typed, take_on
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.group import Collaboration, Group
from models.known import PersonKnown, collaborations_of, name_in
from models.moves import Mover, Refused
from models.part import Part
from models.person import Person, RoleHolding
from models.plan import Plan
from models.session import end_sessions_of


def decline(session: Session, person_id: int, collaboration_id: int, *, today: date) -> None:
    """Somebody says no: her roles and stand-ins there end, plans and parts there name her by words
    alone, and she is hidden.

    Refused for one's home, and for a collaboration that does not know her.
    """
    person = session.get_one(Person, person_id, with_for_update=True)
    known = set(session.execute(collaborations_of(person_id)).scalars())
    if collaboration_id not in known or collaboration_id == person.home_collaboration_id:
        raise Refused(["Välj vilken samverkan du säger nej till."])
    there = name_in(session, collaboration_id, person_id)
    take_on(session, collaboration_id, [Typed(there, person.email)], there)
    session.execute(
        _row(person_id, collaboration_id).values(declined_at=clock.now(), told_at=clock.now())
    )
    _end_roles(session, person_id, collaboration_id, today)
    _let_go_of_plans(session, person_id, collaboration_id)
    end_all_in(session, person_id, collaboration_id, Mover(there), today=today)
    end_sessions_of(session, person_id)
    _note(session, person_id, collaboration_id, "säger nej till att finnas med i {area}.", today)


def accept(session: Session, person_id: int, collaboration_id: int, *, today: date) -> None:
    """Somebody takes her no back; roles are given anew."""
    session.execute(_row(person_id, collaboration_id).values(declined_at=None))
    _note(session, person_id, collaboration_id, "kan finnas med i {area} igen.", today)


def _note(session: Session, person_id: int, collaboration_id: int, words: str, today: date) -> None:
    """Write it down there, by the name that she has there: her home is not to know of it."""
    name = name_in(session, collaboration_id, person_id)
    words = f"{name} {words.format(area=session.get_one(Collaboration, collaboration_id).name)}"
    note(
        *(session, words, name),
        today=today,
        person_id=person_id,
        collaboration_id=collaboration_id,
    )


def _row(person_id: int, collaboration_id: int) -> Update:
    return update(PersonKnown).where(
        c(PersonKnown).person_id == person_id,
        c(PersonKnown).collaboration_id == collaboration_id,
    )


def _end_roles(session: Session, person_id: int, collaboration_id: int, today: date) -> None:
    yesterday = today - timedelta(days=1)
    groups = select(c(Group).id).where(c(Group).collaboration_id == collaboration_id)
    held = select(RoleHolding).where(
        c(RoleHolding).person_id == person_id,
        c(RoleHolding).group_id.in_(groups),
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > yesterday),
    )
    for holding in session.execute(held).scalars():
        holding.ends_on = max(yesterday, holding.starts_on or yesterday)


def _let_go_of_plans(session: Session, person_id: int, collaboration_id: int) -> None:
    theirs = (
        select(c(Activity).id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Plan).collaboration_id == collaboration_id)
    )
    for table in (Responsibility, Part):
        session.execute(
            update(table)
            .where(c(table).person_id == person_id, c(table).activity_id.in_(theirs))
            .values(kind=Answerable.WORDS, person_id=None)
            .execution_options(synchronize_session=False)
        )
