"""A stand-in that is not on file: a wish, until the process leader takes her on or says no.

What a delegation is, once it is made, is `delegation.py`. A wish is a row a collaboration: each
leader decides of what is her own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, insert, select, update
from sqlmodel import Session

from intake.forms import Reading
from intake.people.delegation import EVERYTHING, Scope, Wish, delegate, delegate_there
from intake.people.delegation_refusals import between
from intake.people.taking_on import DECLINED, Typed, known_here, note_new, take_on, who_declined
from models.activity import Activity
from models.columns import c
from models.delegation import StandInWish
from models.group import Group
from models.moves import Mover, Refused
from models.refusal import at

GONE = "Önskan väntar inte längre. Läs in sidan igen."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish that nobody has answered, and what it is for in words."""

    id: int
    collaboration_id: int
    address: str
    first_day: date
    last_day: date
    on_day: date
    scope: Scope
    what: str  # "" for everything

    @property
    def days(self) -> str:
        """ "från 1 juli 2024 till 15 augusti 2024"."""
        return between(self.first_day, self.last_day)


def keep(
    session: Session,
    person_id: int,
    wish: Wish,
    scope: Scope,
    areas: Collection[int],
    *,
    today: date,
) -> bool:
    """Keep a wish for each collaboration. False when the same waits there already."""
    row = c(StandInWish)
    same = (
        select(row.collaboration_id)
        .where(*_same(person_id, wish, scope), row.settled_on.is_(None))
        .distinct()
    )
    new = set(areas) - set(session.execute(same).scalars())
    rows = [
        {
            "person_id": person_id,
            "collaboration_id": area,
            "address": wish.address,
            "activity_id": scope.activity_id,
            "group_id": scope.group_id,
            "role": scope.role,
            "first_day": wish.first,
            "last_day": wish.last,
            "on_day": today,
        }
        for area in sorted(new)
    ]
    if rows:
        session.execute(insert(StandInWish), rows)
    return bool(rows)


def _same(person_id: int, wish: Wish, scope: Scope) -> list[ColumnElement[bool]]:
    row = c(StandInWish)
    return [
        row.person_id == person_id,
        row.address == wish.address,
        row.first_day == wish.first,
        row.last_day == wish.last,
        row.activity_id.is_not_distinct_from(scope.activity_id),
        row.group_id.is_not_distinct_from(scope.group_id),
        row.role == scope.role,
    ]


def waits(today: date) -> ColumnElement[bool]:
    """The wish of the row waits, and its days are not over."""
    row = c(StandInWish)
    condition: ColumnElement[bool] = row.settled_on.is_(None) & (row.last_day >= today)
    return condition


def waiting(
    session: Session,
    person_id: int,
    today: date,
    areas: Collection[int] | None = None,
    but: Collection[int] = (),
) -> list[Waiting]:
    """What somebody wishes and nobody has answered; with `areas` of those collaborations, and of
    none in `but`."""
    row = c(StandInWish)
    asked = _in_words().where(row.person_id == person_id, waits(today))
    if areas is not None:
        asked = asked.where(row.collaboration_id.in_(areas))
    if but:
        asked = asked.where(row.collaboration_id.not_in(but))
    return [
        Waiting(
            one.id,
            one.collaboration_id,
            one.address,
            one.first_day,
            one.last_day,
            one.on_day,
            Scope(one.activity_id, one.group_id, one.role),
            one.what or "",
        )
        for one in session.execute(asked.order_by(row.id))
    ]


def _in_words() -> Any:  # noqa: ANN401 - a statement
    """A wish's columns, and the activity or the role that it is for."""
    row = c(StandInWish)
    what = case(
        (row.activity_id.is_not(None), c(Activity).what),
        (row.group_id.is_not(None), row.role + " i " + c(Group).name),
        else_="",
    )
    return (
        select(*row, what.label("what"))
        .outerjoin(Activity, c(Activity).id == row.activity_id)
        .outerjoin(Group, c(Group).id == row.group_id)
    )


def say_yes(
    session: Session,
    wish: Waiting,
    person_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    whole: bool,
) -> None:
    """Take the stand-in on by the name that is given, and let her stand in.

    `whole`: a wish for everything is all that she has anywhere, not only in this collaboration.
    Raises `Refused`, and then nobody is taken on.
    """
    area = wish.collaboration_id
    if known_here(session, area, wish.address) is None:
        reading = Reading(given, today, session)
        name = reading.called("name", f"Skriv vad {wish.address} heter.")
        if wish.address in who_declined(session, area):
            reading.problems.append(DECLINED.format(email=wish.address))
        reading.done()
        typed = Typed(name, wish.address)
        take_on(session, area, [typed], mover.name)
        note_new(session, area, typed, mover.name, today=today)
    days = {
        "delegate": wish.address,
        "first_day": max(wish.first_day, today).isoformat(),
        "last_day": wish.last_day.isoformat(),
    }
    if wish.scope == EVERYTHING and not whole:
        delegate_there(session, person_id, days, mover, [area], today=today)
    else:
        delegate(session, person_id, days, mover, today=today, scope=wish.scope)
    _settle(session, wish, mover, today, accepted=True)


def say_no(
    session: Session, wish: Waiting, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Refuse a wish; the reason stands in the next letter of the one who wished."""
    reading = Reading(given, today, session)
    reason = reading.line("reason")
    if not reason and not reading.problems:
        reading.problems.append(at("reason", "Skriv varför, så att den som frågade förstår."))
    reading.done()
    _settle(session, wish, mover, today, accepted=False, reason=reason)


def _settle(
    session: Session, wish: Waiting, mover: Mover, today: date, *, accepted: bool, reason: str = ""
) -> None:
    done = session.execute(
        update(StandInWish)
        .where(c(StandInWish).id == wish.id, c(StandInWish).settled_on.is_(None))
        .values(
            accepted=accepted,
            settled_on=today,
            settled_by=mover.name or "processledaren",
            reason=reason,
        )
        .returning(c(StandInWish).id)
    ).first()
    if done is None:
        raise Refused([GONE])
