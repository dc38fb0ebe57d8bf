"""Why somebody cannot stand in on some days: the days, she herself, an overlap, a circle.

What is handed over, made and ended is `delegation.py`.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session

from config import clock
from intake.forms import Reading
from intake.people.delegation_notes import One, one_of
from models.columns import c
from models.delegation import Delegation
from models.left import last_day_in
from models.moves import Refused
from models.person import Person
from models.refusal import at
from rules.recipients import MOST_STEPS
from rules.wording import day_in_words

_LATELY = timedelta(days=60)
LONGEST = timedelta(days=366)  # whoever hands over for longer has given it away


def between(first: date, last: date) -> str:
    """ "från 1 juli 2024 till 15 augusti 2024"."""
    return f"från {day_in_words(first)} till {day_in_words(last)}"


def days_of(reading: Reading, today: date) -> tuple[date | None, date | None]:
    """The first and the last day that are given; what is wrong with them is noted at its field."""
    first = reading.day("first_day", coming=True) if reading.line("first_day") else today
    last = reading.day("last_day", last=True, coming=True)
    if first and last and first > last:
        began = reading.day("first_day")
        if began and today - _LATELY <= began < today:
            first = began  # she is away already: "20 december", said on the 22nd
    if not reading.line("last_day"):
        reading.problems.append(at("last_day", "Skriv till och med vilken dag ersättaren svarar."))
    elif last and last < today:
        told = f"{day_in_words(last)} har redan varit. Skriv en dag som kommer."
        reading.problems.append(at("last_day", told))
    elif first and last and last < first:
        told = f"Sista dagen {day_in_words(last)} är före första dagen {day_in_words(first)}."
        reading.problems.append(at("last_day", told))
    elif first and last and last - first > LONGEST:
        told = "En ersättare svarar högst ett år. Är det för gott, ändra ansvarig i stället."
        reading.problems.append(at("last_day", told))
    return (max(first, today) if first else None), last


def not_suitable(
    session: Session, person: One, to: One, areas: Collection[int], today: date
) -> list[str]:
    """Why somebody cannot stand in: she is the same, has left, or no letters reach her.

    That her address is dead, or that she has left altogether, is told at her home alone. Elsewhere
    she is taken, as whoever was typed for the first time is, and who leads is asked instead.
    """
    if to.id == person.id:
        return [at("delegate", "Ersättaren måste vara någon annan.")]
    row = session.get_one(Person, to.id)
    at_home = row.home_collaboration_id is None or row.home_collaboration_id in areas
    left = last_day_in(session, to.id, areas)
    if at_home:
        left = row.left_on or left
    if left is not None and left < today:
        return [f"{to.name} slutade {day_in_words(left)}. Välj någon annan."]
    if at_home and row.unreachable_since is not None:
        since = day_in_words(clock.in_stockholm(row.unreachable_since).date())
        return [
            f"Brev till {to.name} kommer inte fram sedan {since}. Välj någon annan, eller be "
            "processledaren rätta adressen först."
        ]
    return []


def refuse_overlap(
    session: Session,
    person: One,
    same: ColumnElement[bool],
    areas: Collection[int],
    first: date,
    last: date,
) -> None:
    """Nobody else stands in for the same thing, which `same` tells, on any of these days."""
    row = session.execute(
        select(c(Delegation).delegate_id, c(Delegation).first_day, c(Delegation).last_day).where(
            c(Delegation).person_id == person.id, same, _meets(first, last)
        )
    ).first()
    if row:
        name = one_of(session, row.delegate_id, areas).name
        raise Refused(
            [
                f"{name} ersätter redan {person.name} {between(row.first_day, row.last_day)}. "
                "Avsluta det först, eller välj andra dagar."
            ]
        )


def refuse_circle(session: Session, person: One, to: One, first: date, last: date) -> None:
    """All that is handed over on these days counts: less would be hard to foresee."""
    pairs = session.execute(
        select(c(Delegation).person_id, c(Delegation).delegate_id).where(_meets(first, last))
    ).all()
    onward: dict[int, set[int]] = {}
    back: dict[int, set[int]] = {}
    for giver, taker in pairs:
        onward.setdefault(giver, set()).add(taker)
        back.setdefault(taker, set()).add(giver)
    after, before = steps(onward, to.id), steps(back, person.id)
    if person.id in after:
        raise Refused(
            [
                f"{to.name} har själv lämnat över de dagarna, och det kommer tillbaka till "
                f"{person.name}. Välj någon annan."
            ]
        )
    if max(after.values()) + 1 + max(before.values()) > MOST_STEPS:
        raise Refused(
            [
                f"{to.name} har själv en ersättare de dagarna, i för många led. "
                "Välj den som svarar i slutändan."
            ]
        )


def steps(arrows: Mapping[int, Iterable[int]], start: int) -> dict[int, int]:
    """Everybody that can be reached from one person, and in how many steps at most a few."""
    found = {start: 0}
    edge = {start}
    for step in range(1, len(arrows) + 1):
        edge = {to for one in edge for to in arrows.get(one, ())} - found.keys()
        found.update(dict.fromkeys(edge, step))
        if not edge:
            break
    return found


def _meets(first: date, last: date) -> ColumnElement[bool]:
    """Delegations that hold on any of these days."""
    d: Any = c(Delegation)
    condition: ColumnElement[bool] = (
        (d.first_day <= last)
        & (d.last_day >= first)
        & or_(d.ended_on.is_(None), (d.ended_on > first) & (d.ended_on > d.first_day))
    )
    return condition
