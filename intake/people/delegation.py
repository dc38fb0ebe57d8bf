"""Handing over for a while: "fram till 15 augusti svarar Bob". Made, checked, ended; never removed.

Whoever answers hands over herself through her link, or the process leader does it for her. Why the
days or the stand-in may be refused is `delegation_refusals.py`; what a delegation means for who is
asked is `rules/recipients.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, insert, or_, select, update
from sqlmodel import Session

from config import clock
from intake.forms import TOLD_ONCE, Reading
from intake.people.delegation_notes import note_both, one_of, signed
from intake.people.delegation_refusals import (
    between,
    days_of,
    not_suitable,
    refuse_circle,
    refuse_overlap,
    steps,
)
from intake.people.mail_addresses import is_address
from intake.people.register import keep
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import Turns, take_turns
from models.delegation import Delegation
from models.group import Group
from models.known import collaborations_of, is_known_in
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.part import Part
from models.person import Person, RoleHolding
from models.refusal import at
from models.register_change import RegisterDeed


@dataclass(frozen=True, slots=True)
class Scope:
    """What is handed over: everything, one activity, or one role in one group."""

    activity_id: int | None = None
    group_id: int | None = None
    role: str = ""


EVERYTHING = Scope()
NOTHING_THERE = "Det finns inget att lämna över: varken en roll eller en aktivitet som är öppen."


def delegate(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    scope: Scope = EVERYTHING,
) -> int:
    """Hand over from a person to the one that `given` names. Returns the delegation's number.

    `given` holds `delegate` (name or address), `first_day` (today when empty) and `last_day` as
    people write dates. Raises `Refused` with every sentence:

    1. The stand-in is somebody else whose address works, and who is known in every collaboration
       of what is handed over. One who is known elsewhere is refused as one who is not on file.
    2. The days are to come, in order, and not for ever.
    3. Nobody else stands in for the same thing on any of these days.
    4. It does not come back to the one who hands over, nor pass through too many hands.
    """
    take_turns(session, Turns.DELEGATIONS)  # two that hand over at once must not make a circle
    reading = Reading(given, today, session)
    if not reading.line("delegate"):
        told = "Skriv vem som svarar i stället, med namn eller e-postadress."
        reading.problems.append(at("delegate", told))
    areas = areas_of(session, person_id, scope, today=today)
    delegate_id = reading.person("delegate", areas)
    first, last = days_of(reading, today)
    check_scope(session, scope, reading.problems)
    if delegate_id not in (None, TOLD_ONCE):
        person, to = (one_of(session, id_, areas) for id_ in (person_id, delegate_id))
        reading.problems += not_suitable(session, person, to, areas, today)
    if delegate_id is None or first is None or last is None:
        reading.problems = reading.problems or ["Skriv vem som svarar, och till och med när."]
    reading.done()
    assert delegate_id is not None
    assert first is not None
    assert last is not None
    refuse_overlap(session, person, same(scope), areas, first, last)
    refuse_circle(session, person, to, first, last)
    made = session.execute(
        insert(Delegation)
        .values(
            person_id=person_id,
            delegate_id=delegate_id,
            activity_id=scope.activity_id,
            group_id=scope.group_id,
            role=scope.role,
            first_day=first,
            last_day=last,
            at=clock.now(),
            by=signed(session, mover, areas),
        )
        .returning(c(Delegation).id)
    ).scalar_one()
    about = in_words(session, scope)
    when = f"{between(first, last)}{about and f': {about}'}"

    def words(person: str, to: str) -> str:
        return f"{to} ersätter {person} {when}."

    change = keep(session, RegisterDeed.STAND_IN_MADE, today, delegation_id=made)
    both = (person_id, delegate_id)
    note_both(session, both, group_of(session, scope), words, mover, today, change)
    return int(made)


def delegate_there(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    areas: Collection[int],
    *,
    today: date,
) -> None:
    """Hand over all that a person has in some collaborations, and nothing elsewhere.

    Each role that she holds there, and each open activity there that names her, for itself. Raises
    `Refused` as `delegate` does, and where she has nothing there.
    """
    scopes = [
        Scope(group_id=group, role=role) for group, role in _roles(session, person_id, areas, today)
    ]
    named = (
        select(c(Activity).id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .where(_named_in_open(person_id), c(Group).collaboration_id.in_(areas))
        .order_by(c(Activity).id)
    )
    scopes += [Scope(activity_id=id_) for id_ in session.execute(named).scalars()]
    if not scopes:
        raise Refused([NOTHING_THERE])
    for scope in scopes:
        delegate(session, person_id, given, mover, today=today, scope=scope)


def _roles(
    session: Session, person_id: int, areas: Collection[int], today: date
) -> list[tuple[int, str]]:
    """The roles that she holds there now or is to hold: (group, role)."""
    h = c(RoleHolding)
    rows = session.execute(
        select(h.group_id, h.role)
        .join(Group, c(Group).id == h.group_id)
        .where(
            h.person_id == person_id,
            or_(h.ends_on.is_(None), h.ends_on >= today),
            c(Group).collaboration_id.in_(areas),
        )
        .distinct()
        .order_by(h.group_id, h.role)
    )
    return list(rows.tuples())


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who is not on file is to stand in, if the process leader says yes."""

    address: str
    first: date
    last: date
    what: str  # "" for everything


def wished(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    *,
    today: date,
    scope: Scope = EVERYTHING,
) -> Wish | None:
    """The wish when `given` names an address that is not on file there; None otherwise.

    Raises `Refused` when the days cannot be read.
    """
    reading = Reading(given, today, session)
    address = reading.line("delegate").lower()
    if not is_address(address):
        return None
    known = is_known_in(areas_of(session, person_id, scope, today=today))
    on_file = select(c(Person).id).where(c(Person).email == address, known)
    if session.execute(on_file).first() is not None:
        return None
    first, last = days_of(reading, today)
    check_scope(session, scope, reading.problems)
    reading.done()
    assert first is not None
    assert last is not None
    return Wish(address, first, last, in_words(session, scope))


def areas_of(session: Session, person_id: int, scope: Scope, *, today: date) -> frozenset[int]:
    """The collaborations of what somebody hands over: one, or for everything all that she has.

    For everything: of her roles that have not ended, of the open activities that name her, and of
    what is handed over to her; where there is nothing of these, of the roles that she held.
    """
    if scope.activity_id is not None:
        return _areas(session, _area_of_activities(c(Activity).id == scope.activity_id))
    if scope.group_id is not None:
        area = select(c(Group).collaboration_id).where(c(Group).id == scope.group_id)
        return _areas(session, area)
    found: frozenset[int] = frozenset()
    for one in _herself_and_givers(session, person_id, today):
        found |= _areas(session, _area_of_roles(one, today))
        found |= _areas(session, _area_of_activities(_named_in_open(one)))
    for activity_id, group_id in _parts_given(session, person_id, today):
        part = Scope(activity_id, group_id)
        found |= areas_of(session, person_id, part, today=today)
    return found or frozenset(session.execute(collaborations_of(person_id)).scalars())


def _areas(session: Session, asked: Select[tuple[int]]) -> frozenset[int]:
    return frozenset(session.execute(asked.distinct()).scalars())


def _area_of_roles(person_id: int, today: date) -> Select[tuple[int]]:
    ends = c(RoleHolding).ends_on
    return (
        select(c(Group).collaboration_id)
        .join(RoleHolding, c(RoleHolding).group_id == c(Group).id)
        .where(c(RoleHolding).person_id == person_id, or_(ends.is_(None), ends >= today))
    )


def _area_of_activities(which: ColumnElement[bool]) -> Select[tuple[int]]:
    return (
        select(c(Group).collaboration_id)
        .join(Activity, c(Activity).group_id == c(Group).id)
        .where(which)
    )


def _named_in_open(person_id: int) -> ColumnElement[bool]:
    named = select(c(Responsibility).activity_id).where(c(Responsibility).person_id == person_id)
    parts = select(c(Part).activity_id).where(c(Part).person_id == person_id)
    named_in_any = or_(c(Activity).id.in_(named), c(Activity).id.in_(parts))
    condition: ColumnElement[bool] = c(Activity).state.in_(OPEN) & named_in_any
    return condition


def _herself_and_givers(session: Session, person_id: int, today: date) -> set[int]:
    """Herself, and everybody whose everything has come to her, in however many steps."""
    pairs = session.execute(
        select(c(Delegation).delegate_id, c(Delegation).person_id).where(
            c(Delegation).activity_id.is_(None),
            c(Delegation).group_id.is_(None),
            _not_over(today),
        )
    )
    givers: dict[int, set[int]] = {}
    for taker, giver in pairs:
        givers.setdefault(taker, set()).add(giver)
    return set(steps(givers, person_id))


def _parts_given(session: Session, person_id: int, today: date) -> list[tuple[int, int]]:
    """The activities and groups of which something has come to her: (activity, group)."""
    rows = session.execute(
        select(c(Delegation).activity_id, c(Delegation).group_id).where(
            c(Delegation).delegate_id == person_id,
            or_(c(Delegation).activity_id.is_not(None), c(Delegation).group_id.is_not(None)),
            _not_over(today),
        )
    )
    return list(rows.tuples())


def _not_over(today: date) -> ColumnElement[bool]:
    """Delegations that hold today or are to come."""
    ended = c(Delegation).ended_on
    condition: ColumnElement[bool] = (c(Delegation).last_day >= today) & or_(
        ended.is_(None), (ended > today) & (ended > c(Delegation).first_day)
    )
    return condition


def end_delegation(session: Session, delegation_id: int, mover: Mover, *, today: date) -> None:
    """End a delegation from today on; it stays on file. Raises `Refused` when it is over."""
    row = session.get(Delegation, delegation_id, with_for_update=True)
    if row is None or row.ended_on is not None or row.last_day < today:
        raise Refused(["Ersättaren gäller inte längre. Läs in sidan igen."])
    ends = max(today, row.first_day)
    told = {"delegation_id": delegation_id, "last_after": ends}
    change = keep(session, RegisterDeed.STAND_IN_ENDED, today, **told)
    _end(session, row, mover, today, change)


def end_all_of(
    session: Session,
    person_id: int,
    mover: Mover,
    *,
    after: date,
    areas: Collection[int] | None = None,
) -> None:
    """End what somebody has handed over and taken over, after her last day.

    With `areas` only what is handed over there: an activity or a group of those collaborations.
    """
    hers = or_(c(Delegation).person_id == person_id, c(Delegation).delegate_id == person_id)
    asked = select(Delegation).where(
        hers, c(Delegation).ended_on.is_(None), c(Delegation).last_day > after
    )
    if areas is not None:
        groups = select(c(Group).id).where(c(Group).collaboration_id.in_(areas))
        activities = select(c(Activity).id).where(c(Activity).group_id.in_(groups))
        there = c(Delegation).group_id.in_(groups), c(Delegation).activity_id.in_(activities)
        asked = asked.where(or_(*there))
    for row in list(session.execute(asked).scalars()):
        _end(session, row, mover, after + timedelta(days=1))


def end_all_in(
    session: Session, person_id: int, collaboration_id: int, mover: Mover, *, today: date
) -> None:
    """End what somebody who is not known there any more has handed over and taken over there.

    Of everything: what is between her and one who is known together with her nowhere else.
    """
    hers = or_(c(Delegation).person_id == person_id, c(Delegation).delegate_id == person_id)
    rows = session.execute(select(Delegation).where(hers, _not_over(today))).scalars()
    known = set(session.execute(collaborations_of(person_id)).scalars())
    for row in list(rows):
        other = row.delegate_id if row.person_id == person_id else row.person_id
        if row.activity_id is None and row.group_id is None:
            both = known & set(session.execute(collaborations_of(other)).scalars())
            over = not both
        else:
            scope = Scope(row.activity_id, row.group_id)
            over = collaboration_id in areas_of(session, person_id, scope, today=today)
        if over:
            _end(session, row, mover, today)


def group_of(session: Session, scope: Scope) -> int | None:
    """The group whose matter it is; None for everything."""
    if scope.activity_id is None:
        return scope.group_id
    owner = select(c(Activity).group_id).where(c(Activity).id == scope.activity_id)
    return int(session.execute(owner).scalar_one())


def in_words(session: Session, scope: Scope) -> str:
    """What is handed over; "" when it is everything."""
    if scope.activity_id is not None:
        what = select(c(Activity).what).where(c(Activity).id == scope.activity_id)
        return str(session.execute(what).scalar_one())
    if scope.group_id is not None:
        name = select(c(Group).name).where(c(Group).id == scope.group_id)
        return f"{scope.role} i {session.execute(name).scalar_one()}"
    return ""


def check_scope(session: Session, scope: Scope, problems: list[str]) -> None:
    """Say so when what is handed over is an activity that is not open any more."""
    if scope.activity_id is None:
        return
    state = select(c(Activity).state).where(c(Activity).id == scope.activity_id)
    if session.execute(state).scalar() not in OPEN:
        problems.append("Aktiviteten är inte öppen längre, så ingen behöver svara för den.")


def same(scope: Scope) -> ColumnElement[bool]:
    """The condition: delegations of the very same thing."""
    d = c(Delegation)
    activity: ColumnElement[bool] = d.activity_id.is_(None)
    group: ColumnElement[bool] = d.group_id.is_(None)
    if scope.activity_id is not None:
        activity = d.activity_id == scope.activity_id
    if scope.group_id is not None:
        group = d.group_id == scope.group_id
    condition: ColumnElement[bool] = activity & group & (d.role == scope.role)
    return condition


def _end(
    session: Session,
    row: Delegation,
    mover: Mover,
    from_day: date,
    change_id: int | None = None,
) -> None:
    """End it; with a change it can be taken back, as what follows from something else cannot."""
    session.execute(
        update(Delegation)
        .where(c(Delegation).id == row.id, c(Delegation).ended_on.is_(None))
        .values(ended_on=max(from_day, row.first_day))
    )

    def told(person: str, to: str) -> str:
        return f"{to} ersätter inte längre {person}."

    scope, day = Scope(row.activity_id, row.group_id, row.role), max(from_day, row.first_day)
    both = (row.person_id, row.delegate_id)
    note_both(session, both, group_of(session, scope), told, mover, day, change_id)
