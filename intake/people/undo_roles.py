"""A role or a stand-in that is taken back: it was never so, or it did not end.

That it never was is said only where nobody met it (`mattered.py`); what did matter is ended
instead. That it did not end is asked of as taking it is, since others may hold or do it by now.
"""

from datetime import date

from sqlalchemy import or_, select, update
from sqlmodel import Session

from intake.people.delegation import Scope, areas_of, check_scope, same
from intake.people.delegation_notes import one_of
from intake.people.delegation_refusals import not_suitable, refuse_circle, refuse_overlap
from intake.people.mattered import why_role_mattered, why_she_mattered
from intake.people.roles import signed_out, why_not_role
from models.columns import c
from models.database import Turns, take_turns
from models.delegation import Delegation
from models.group import Group
from models.known import name_in
from models.left import last_day_in
from models.moves import Refused
from models.person import Person, RoleHolding
from models.register_change import RegisterChange
from models.undoing import stands
from rules.wording import day_in_words

_NEWER_ROLE = "Rollen har avslutats sedan dess. Ta tillbaka det först."
_ENDS_OTHERWISE = (
    "Rollen har fått en annan sista dag sedan dess. Ta tillbaka det som är nyare först, eller ge "
    "rollen på nytt."
)
_LEAVES = "{name} har en sista dag, {day}. Välj ”{name} är tillbaka” på personens sida först."
_ROLE_MATTERED = "{why}. Rollen tas därför inte tillbaka. Avsluta den i stället."
_HAS_STAND_IN = "Någon ersätter {name} i den rollen. Avsluta det först."
_GROUP_OVER = "{group} är avvecklad, så rollen är slut."
_STAND_IN_ENDED = "Ersättaren är redan avslutad. Läs in sidan igen."
_STAND_IN_MATTERED = "{why}. Ersättaren tas därför inte tillbaka. Avsluta det i stället."
_STAND_IN_OTHERWISE = "Ersättaren har ändrats sedan dess. Läs in sidan igen."
_STAND_IN_OVER = "Ersättaren var till {day}, och den dagen har varit. Lägg till en ny i stället."


def never_held(session: Session, change: RegisterChange, today: date) -> None:
    """A role was never taken: the row goes, and the log keeps that it was there."""
    holding, group = _role(session, change)
    area, person_id = group.collaboration_id, holding.person_id
    name = name_in(session, area, person_id)
    if _is_newer(session, change):
        raise Refused([_NEWER_ROLE])
    if holding.ended_by_leaving:
        assert holding.ends_on is not None
        raise Refused([_LEAVES.format(name=name, day=day_in_words(holding.ends_on))])
    if holding.ends_on != change.last_after:
        raise Refused([_ENDS_OTHERWISE])
    if why := why_role_mattered(session, holding, area, change.at, change.on_day, today):
        raise Refused([_ROLE_MATTERED.format(why=why.format(name=name))])
    if _hands_it_over(session, holding, today):
        raise Refused([_HAS_STAND_IN.format(name=name)])
    signed_out(session, holding.role, person_id, area)
    row = c(RegisterChange)
    gone = update(RegisterChange).where(row.holding_id == holding.id).values(holding_id=None)
    session.execute(gone.execution_options(synchronize_session=False))
    session.delete(holding)


def holds_again(session: Session, change: RegisterChange, today: date) -> None:
    """A role did not end: it lasts as long as it did, where it may be taken at all."""
    holding, group = _role(session, change)
    if group.handed_over_on is not None or (group.ends_on is not None and group.ends_on < today):
        raise Refused([_GROUP_OVER.format(group=group.name)])
    if holding.ends_on != change.last_after:
        raise Refused([_ENDS_OTHERWISE])
    area, person_id, until = group.collaboration_id, holding.person_id, change.last_before
    left = session.get_one(Person, person_id).left_on or last_day_in(session, person_id, [area])
    if left is not None and (until is None or until > left):
        name = name_in(session, area, person_id)
        raise Refused([_LEAVES.format(name=name, day=day_in_words(left))])
    holding.ends_on = until
    session.flush()
    if why_not := why_not_role(session, group, holding):
        raise Refused(why_not)
    signed_out(session, holding.role, person_id, area)


def never_stood_in(session: Session, change: RegisterChange, today: date) -> None:
    """Nobody was to stand in: the row stays, and holds on no day."""
    row = _stand_in(session, change)
    if row.ended_on is not None:
        raise Refused([_STAND_IN_ENDED])
    scope = Scope(row.activity_id, row.group_id, row.role)
    areas = areas_of(session, row.person_id, scope, today=today)
    has_begun = row.first_day <= today
    if has_begun and (why := why_she_mattered(session, row.delegate_id, areas, change.at)):
        told = why.format(name=one_of(session, row.delegate_id, areas).name)
        raise Refused([_STAND_IN_MATTERED.format(why=told)])
    row.ended_on = min(row.first_day, today)


def stands_in_again(session: Session, change: RegisterChange, today: date) -> None:
    """Somebody goes on standing in, where she may be asked to at all."""
    take_turns(session, Turns.DELEGATIONS)  # as when it is made
    row = _stand_in(session, change)
    if row.ended_on != change.last_after:
        raise Refused([_STAND_IN_OTHERWISE])
    if row.last_day < today:
        raise Refused([_STAND_IN_OVER.format(day=day_in_words(row.last_day))])
    scope = Scope(row.activity_id, row.group_id, row.role)
    areas = areas_of(session, row.person_id, scope, today=today)
    person, to = (one_of(session, id_, areas) for id_ in (row.person_id, row.delegate_id))
    problems: list[str] = []
    check_scope(session, scope, problems)
    problems += not_suitable(session, person, to, areas, today)
    if problems:
        raise Refused(problems)
    others = same(scope) & (c(Delegation).id != row.id)
    refuse_overlap(session, person, others, areas, row.first_day, row.last_day)
    refuse_circle(session, person, to, row.first_day, row.last_day)
    row.ended_on = None


def _role(session: Session, change: RegisterChange) -> tuple[RoleHolding, Group]:
    holding = session.get_one(
        RoleHolding, change.holding_id, with_for_update=True, populate_existing=True
    )
    return holding, session.get_one(Group, holding.group_id)


def _stand_in(session: Session, change: RegisterChange) -> Delegation:
    return session.get_one(
        Delegation, change.delegation_id, with_for_update=True, populate_existing=True
    )


def _is_newer(session: Session, change: RegisterChange) -> bool:
    """Was something done with the same role since, that stands?"""
    row = c(RegisterChange)
    newer = select(row.id).where(
        row.holding_id == change.holding_id, row.id != change.id, stands(row)
    )
    return session.execute(newer.limit(1)).first() is not None


def _hands_it_over(session: Session, holding: RoleHolding, today: date) -> bool:
    """Does somebody stand in for her in this very role, now or to come?"""
    d = c(Delegation)
    asked = select(d.id).where(
        d.person_id == holding.person_id,
        d.group_id == holding.group_id,
        d.role == holding.role,
        d.last_day >= today,
        or_(d.ended_on.is_(None), d.ended_on > today),
    )
    return session.execute(asked.limit(1)).first() is not None
