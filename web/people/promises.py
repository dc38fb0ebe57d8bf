"""When a collaboration's people are written to: what holds, is decided, and what a change does.

Whoever leads the process changes her own. A change counts from a day; before it is saved the page
shows what it does to the letters of the thirty days from then on, by the rehearsal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from config import policy
from intake.promises import (
    LADDERS,
    Wanted,
    decided,
    key_of,
    labels,
    newest_day,
    say,
    values_of,
    wanted,
    withdraw,
)
from models.database import reading
from models.group import Collaboration
from models.in_turn import Busy
from models.moves import Mover, Refused
from models.promises import policy_of
from notifications.rehearsal import LONGEST, Coming
from rules.wording import day_in_words
from web.asking.coming import with_and_without
from web.page import settings_of, show, today_of
from web.sent import Sent, Tried, attempt, existing, locked, seen

router = APIRouter()
DAYS = 30  # of letters that a preview shows, from the day that the change counts
SHOWN = 40  # letters of those that differ
FORM = "paminnelser"
_BUSY = "Förhandsvisningen räknas ut åt någon annan just nu. Försök igen om en stund."


@dataclass(frozen=True, slots=True)
class Line:
    """A letter that comes, does not come, or says something else."""

    on_day: date
    name: str
    became: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the letters of some days: how many there were and are, and which."""

    first: date
    last: date
    whole: bool  # was there time for all of the days?
    before: int
    after: int
    lines: tuple[Line, ...]


@router.get("/samverkan/{collaboration_id}/paminnelser")
def promises(request: Request, collaboration_id: int) -> HTMLResponse:
    """What holds, and the form."""
    return _page(request, collaboration_id, Tried())


@router.post("/samverkan/{collaboration_id}/paminnelser")
def change(request: Request, collaboration_id: int, given: Sent) -> Response:
    """Show what a change does, save it, or take back one that has not begun."""
    again = partial(_page, request, collaboration_id)
    if given.get("gor") == "prova":
        try:
            effect = _effect(request, collaboration_id, given)
        except Refused as refused:
            return again(Tried(FORM, refused.sentences, given))
        except Busy:
            return again(Tried(FORM, [_BUSY], given))
        return again(Tried(FORM, (), given), effect)

    def do(session: Session, mover: Mover, today: date) -> str:
        locked(session, Collaboration, collaboration_id)
        if given.get("gor") == "ta-bort":
            withdraw(session, collaboration_id, _day(given.get("dag", "")), mover, today=today)
        else:
            asked = _asked(session, request, collaboration_id, given)
            say(
                *(session, collaboration_id, asked.says, asked.counts_from, mover),
                today=today,
            )
        return f"/samverkan/{collaboration_id}/paminnelser#beslutat"

    form = "ta-bort" if given.get("gor") == "ta-bort" else FORM
    return attempt(request, form, given, do, again)


def _asked(session: Session, request: Request, area: int, given: Mapping[str, str]) -> Wanted:
    """What the form asks for: only what she touched is new."""
    base, today = policy.load(settings_of(request).home), today_of(request)
    now = policy_of(session, base, area, newest_day(session, area, today))
    touched = seen(given, values_of(now), labels())
    return wanted(session, base, area, touched, today)


def _effect(request: Request, area: int, given: Mapping[str, str]) -> Effect:
    """What it does. Raises `Refused`, and `Busy` while others' pages are worked out."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        existing(session, Collaboration, area)
        asked = _asked(session, request, area, given)
    first = max(asked.counts_from, today + timedelta(days=1))
    last = min(first + timedelta(days=DAYS - 1), today + timedelta(days=LONGEST))
    if first > last:
        far = f"Förhandsvisningen når {LONGEST} dagar fram. Ändringen kan sparas ändå."
        raise Refused([far])

    def said(session: Session) -> None:
        say(
            *(session, area, asked.says, asked.counts_from, Mover("förhandsvisning")),
            today=today,
        )

    before, after, reached = with_and_without(request, last, said)
    before, after = ([one for one in all_ if one.on_day >= first] for all_ in (before, after))
    return Effect(
        first, reached, reached >= last, len(before), len(after), tuple(differing(before, after))
    )


def differing(before: list[Coming], after: list[Coming]) -> list[Line]:
    """The letters that differ, by day and name."""
    old = {(one.on_day, one.person_id): one for one in before}
    new = {(one.on_day, one.person_id): one for one in after}
    found = []
    for key in old.keys() | new.keys():
        was, will = old.get(key), new.get(key)
        if was is not None and will is not None:
            if _says(was) != _says(will):
                found.append(_line(will, "ändras"))
        elif will is not None:
            found.append(_line(will, "tillkommer"))
        elif was is not None:
            found.append(_line(was, "kommer inte"))
    return sorted(found, key=lambda line: (line.on_day, line.name, line.became))


def _says(letter: Coming) -> tuple[Any, ...]:
    return letter.rows, letter.parts


def _line(letter: Coming, became: str) -> Line:
    what = dict.fromkeys([part.title for part in letter.parts] + [row.what for row in letter.rows])
    return Line(letter.on_day, letter.name, became, tuple(what))


def _page(
    request: Request, number: int, tried: Tried, effect: Effect | None = None
) -> HTMLResponse:
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        row = existing(session, Collaboration, number)
        base, newest = policy.load(settings.home), newest_day(session, number, today)
        now = policy_of(session, base, number, newest)
        values = {
            "area": row,
            "filled": values_of(now),
            "usual": values_of(policy_of(session, base, None, newest)),
            "ladders": [(key_of(section, name), *rest) for section, name, *rest in LADDERS],
            "newest": newest if newest > today else None,
            "counts_from": day_in_words(max(newest, today + timedelta(days=1))),
            "decided": decided(session, number),
            "effect": effect,
            "most": SHOWN,
            "tried": tried,
        }
    title = f"Påminnelser i {row.name}"
    return show(request, "promises.html", title, values, tried.status)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
