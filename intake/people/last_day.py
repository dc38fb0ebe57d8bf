"""Somebody leaves, comes back, or has her links closed: in one collaboration, or in all.

Her history stays: roles end, what she has handed over ends, links close. In an installation with
several collaborations each leader lets her leave what that leader leads, and closes links to that,
whether she is at home there or not: whoever types an address must see the same whoever has it, and
whoever has her at home loses nothing by it. One who has left all that know her has left the
installation too. Raises `Refused` with sentences, and then nothing is changed.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlmodel import Session

from config import clock
from intake.forms import Reading
from intake.people.delegation import end_all_of
from intake.people.persons import NOT_HERE, By, refuse_unless_hers
from intake.people.register import note
from models.administrator import THE_LAST, end_with_last_day, is_administrator, others_stay
from models.columns import c
from models.database import Turns, take_turns
from models.group import Collaboration, Group
from models.known import collaborations_of, name_in, own_name, several_collaborations
from models.left import last_day_in, last_day_of_all, put_last_day, take_last_day_away
from models.letter import Link
from models.moves import Mover, Refused
from models.person import Person, RoleHolding
from models.reach_of_links import close_links, open_links_of
from models.refusal import at
from models.session import end_sessions_of
from rules.wording import day_in_words

_CLOSED = "Länken gäller inte längre. Läs in sidan igen."
_NO_LAST_DAY = "{name} har ingen sista dag. Läs in sidan igen."


def leave(
    session: Session,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    by: By = By.HOME,
    areas: Collection[int] = (),
) -> None:
    """Somebody leaves, on a last day that may have been or is to come.

    1. All her roles end that day; one that was to begin later begins and ends on its first day.
    2. What she has handed over, or taken over from others, ends with it.
    3. Her links close after it, and she is signed out.

    Where there are several collaborations a leader lets her leave `areas`, which she leads: 1 and 2
    happen there, and links close to what is theirs. An administrator lets her leave all.
    """
    refuse_unless_hers(session, person_id, by, today)
    reading = Reading(given, today, session)
    last = reading.day("left_on", last=True)
    if not reading.line("left_on"):
        reading.problems.append(at("left_on", "Skriv vilken som är eller var den sista dagen."))
    reading.done()
    assert last is not None
    whole = _is_whole(session, by)
    if whole:
        take_turns(session, Turns.ADMINISTRATORS)  # lest the last two leave at the same moment
    person = session.get_one(Person, person_id, with_for_update=True)
    if whole:
        if is_administrator(session, person_id, today) and not others_stay(session, person_id):
            raise Refused([THE_LAST.format(name=person.name)])
        known = set(session.execute(collaborations_of(person_id)).scalars())
        _end_roles(session, person_id, last)
        put_last_day(session, person_id, known, last)
        _leave_the_installation(session, person, last, mover)
        words = f"Sista dag: {day_in_words(last)}."
        note(session, words, mover.name, today=today, person_id=person_id)
        return
    for area in _that_know_her(session, person_id, areas):
        _leave_one(session, person_id, area, last, mover, today)
    end = last_day_of_all(session, person_id)
    if end is not None and not is_administrator(session, person_id, today):
        _leave_the_installation(session, person, end, mover)


def _leave_one(
    session: Session, person_id: int, area: int, last: date, mover: Mover, today: date
) -> None:
    """She leaves a collaboration, whatever others have of her."""
    _end_roles(session, person_id, last, [area])
    end_all_of(session, person_id, mover, after=last, areas=[area])
    put_last_day(session, person_id, [area], last)
    close_links(session, person_id, [area], _after(last), clock.now())
    name = session.get_one(Collaboration, area).name
    words = f"Sista dag i {name}: {day_in_words(last)}."
    note(session, words, mover.name, today=today, person_id=person_id, collaboration_id=area)


def _leave_the_installation(session: Session, person: Person, last: date, mover: Mover) -> None:
    """Nobody has her any more: whatever she has left ends, links close, and she is signed out."""
    assert person.id is not None
    person.left_on = last
    end_all_of(session, person.id, mover, after=last)
    closes = _after(last)
    session.execute(
        update(Link)
        .where(c(Link).person_id == person.id, c(Link).expires_at > closes)
        .values(expires_at=closes)
    )
    end_sessions_of(session, person.id)


def _after(last: date) -> datetime:
    return clock.start_of(last + timedelta(days=1))


def _end_roles(
    session: Session, person_id: int, last: date, areas: Collection[int] | None = None
) -> None:
    """End her roles that day: all, or those in the groups of some collaborations."""
    asked = select(RoleHolding).where(
        c(RoleHolding).person_id == person_id,
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on > last),
    )
    if areas is not None:
        groups = select(c(Group).id).where(c(Group).collaboration_id.in_(areas))
        asked = asked.where(c(RoleHolding).group_id.in_(groups))
    for holding in session.execute(asked).scalars():
        if not holding.ended_by_leaving:  # so that it can be taken back
            holding.ended_by_leaving, holding.ends_on_before = True, holding.ends_on
        holding.ends_on = max(last, holding.starts_on or last)


def come_back(
    session: Session,
    person_id: int,
    mover: Mover,
    *,
    today: date,
    by: By = By.HOME,
    areas: Collection[int] = (),
) -> None:
    """Somebody had not left after all, or is back: the roles that ended then are hers again.

    A leader of some collaborations among several gives back what is in `areas`. What she had handed
    over stays ended, and links that were closed stay closed.
    """
    refuse_unless_hers(session, person_id, by, today)
    person = session.get_one(Person, person_id, with_for_update=True)
    if _is_whole(session, by):
        if person.left_on is None:
            raise Refused([_NO_LAST_DAY.format(name=own_name(session, person_id))])
        known = set(session.execute(collaborations_of(person_id)).scalars())
        take_last_day_away(session, person_id, known)
        lost = _is_here_again(session, person, today)
        words = _is_back(session, person_id, person.name, None) + lost
        note(session, words, mover.name, today=today, person_id=person_id)
        return
    there = _that_know_her(session, person_id, areas)
    back = [area for area in there if last_day_in(session, person_id, [area]) is not None]
    if not back:
        raise Refused([_NO_LAST_DAY.format(name=name_in(session, there[0], person_id))])
    take_last_day_away(session, person_id, back)
    if person.left_on is not None:
        _is_here_again(session, person, today)
    for area in back:
        words = _is_back(session, person_id, name_in(session, area, person_id), [area])
        note(session, words, mover.name, today=today, person_id=person_id, collaboration_id=area)


def _is_here_again(session: Session, person: Person, today: date) -> str:
    """She has no last day. What is to be said of a right that ended with one that had passed.

    An administrator who had left is none again because somebody else says that she is back.
    """
    assert person.id is not None
    lost = end_with_last_day(session, c(Person).id == person.id, passed=today)
    person.left_on = None
    end_sessions_of(session, person.id)
    return " Är inte längre administratör." if lost else ""


def _is_back(session: Session, person_id: int, name: str, areas: Collection[int] | None) -> str:
    """Give her roles back. The sentence that says so."""
    roles = _give_back_roles(session, person_id, areas)
    told = f" Har rollerna igen: {', '.join(roles)}." if roles else ""
    return f"{name} är tillbaka.{told}"


def _give_back_roles(session: Session, person_id: int, areas: Collection[int] | None) -> list[str]:
    """Give her the roles that ended because she left; not longer than their groups last.

    Returns which, in words. Who has taken one over meanwhile keeps it too.
    """
    asked = (
        select(RoleHolding, Group)
        .join(Group, c(Group).id == c(RoleHolding).group_id)
        .where(c(RoleHolding).person_id == person_id, c(RoleHolding).ended_by_leaving.is_(True))
        .order_by(c(RoleHolding).id)
    )
    if areas is not None:
        asked = asked.where(c(Group).collaboration_id.in_(areas))
    told = []
    for holding, group in session.execute(asked).all():
        ends = [day for day in (holding.ends_on_before, group.ends_on) if day is not None]
        holding.ends_on = max(min(ends), holding.starts_on or min(ends)) if ends else None
        holding.ended_by_leaving, holding.ends_on_before = False, None
        told.append(f"{holding.role} i {group.name}")
    return told


def revoke_links(
    session: Session,
    person_id: int,
    mover: Mover,
    *,
    today: date,
    link_id: int | None = None,
    by: By = By.HOME,
    areas: Collection[int] = (),
) -> None:
    """Revoke one of somebody's links, or all that are live.

    A leader of some collaborations among several closes it to what is theirs, and sees only links
    in letters about that; all means every link, since one in another letter opens it too.
    """
    refuse_unless_hers(session, person_id, by, today)
    if not _is_whole(session, by):
        _close_there(session, person_id, mover, today, link_id, areas)
        return
    now = clock.now()
    live = [
        c(Link).person_id == person_id,
        c(Link).revoked_at.is_(None),
        c(Link).expires_at > now,
    ]
    if link_id is not None:
        live.append(c(Link).id == link_id)
    changed = session.execute(update(Link).where(*live).values(revoked_at=now))
    number = int(changed.rowcount)  # type: ignore[attr-defined]
    if not number:
        raise Refused([_CLOSED])
    words = "En länk återkallas." if number == 1 else f"{number} länkar återkallas."
    note(session, words, mover.name, today=today, person_id=person_id)


def _close_there(
    session: Session,
    person_id: int,
    mover: Mover,
    today: date,
    link_id: int | None,
    areas: Collection[int],
) -> None:
    """Close links to what is of some collaborations; told as one, or as all."""
    now, there = clock.now(), _that_know_her(session, person_id, areas)
    shown = open_links_of(session, person_id, there, now, today)
    if link_id is not None and link_id not in {one.id for one in shown}:
        raise Refused([_CLOSED])
    close_links(session, person_id, there, now, now, link_id)
    words = "En länk återkallas." if link_id is not None else "Alla länkar återkallas."
    for area in there:
        note(session, words, mover.name, today=today, person_id=person_id, collaboration_id=area)


def _is_whole(session: Session, by: By) -> bool:
    """Is it about all that she has, as for administrators and where there is one collaboration?"""
    return by is By.ADMINISTRATOR or not several_collaborations(session)


def _that_know_her(session: Session, person_id: int, areas: Collection[int]) -> list[int]:
    """Those of some collaborations that know her; `Refused` when none does."""
    known = set(session.execute(collaborations_of(person_id)).scalars())
    there = sorted(known & set(areas))
    if not there:
        raise Refused([NOT_HERE])
    return there
