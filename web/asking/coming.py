"""Kommande: the letters of the next ninety days, as the rounds write them if nothing happens.

To rehearse a day costs as much as the day itself, so a page has a bound in time: it shows as far as
it came, says so, and leaves the rest to `foljsam rehearse`. One page at a time is worked out, and a
few wait for it, since those who wait hold threads that all pages share. Turns are shared by person
and by collaboration (`intake/places.py`). Each who looks may wait for one beside the one that is
worked out for her: who loads a slow page anew is not turned away.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from intake.places import Asker, NotNow, Places, Shares, Turn, asking
from models.columns import c
from models.database import reading
from models.group import Group
from models.in_turn import Busy
from models.known import called_by, known_only_in
from models.person import Person
from notifications.rehearsal import LONGEST, Coming, Row, rehearse_until
from notifications.reports_due import areas_with_deviations, may_be_corrected
from web.page import led, may_lead, settings_of, show, today_of, viewer_of

router = APIRouter()
DAYS = 90
ENOUGH = 15.0  # seconds of processor; on a busy machine whoever looks waits longer for as much
PATIENCE = 40.0  # seconds; who has waited so long is told to come back
# A page works in a thread, of which there are forty, so few wait with the one that is worked out.
_places = Places(Shares(at_once=1, most=4, of_one=2, most_of_one=2, of_area=2, most_of_area=4))
_AT_THE_MACHINE = "the machine's own"


@router.get("/kommande")
def coming(request: Request, till: str = "") -> HTMLResponse:
    """The letters to come, until a day of choice."""
    wanted = wanted_until(request, till)
    letters, last = until(request, till)
    settings, today = settings_of(request), today_of(request)
    with reading(settings) as session:
        areas = [area for area in areas_with_deviations(session) if may_lead(request, area)]
        corrected = may_be_corrected(session, areas, policy.load(settings.home), today)
    values = {
        "letters": letters,
        "last": last,
        "wanted": wanted if last < wanted else None,
        "corrected": corrected,
    }
    return show(request, "coming.html", "Kommande utskick", values)


def wanted_until(request: Request, till: str) -> date:
    """The day that is asked for: ninety days on, unless she says another; tomorrow at the least."""
    today = today_of(request)
    tomorrow = today + timedelta(days=1)
    asked = _day(till) or today + timedelta(days=DAYS)
    return min(max(asked, tomorrow), tomorrow + timedelta(days=LONGEST))


def until(
    request: Request, till: str, begun: Mapping[int, date] | None = None
) -> tuple[list[Coming], date]:
    """The letters until that day, or as far as there was time for; and which day that is.

    `begun`: as if these plans were reminded of from those days. Raises `Busy` when others' pages
    are worked out all the while.
    """
    settings, tomorrow = settings_of(request), today_of(request) + timedelta(days=1)
    last = wanted_until(request, till)
    with _in_turn():
        ends = time.thread_time() + ENOUGH
        letters, reached = rehearse_until(
            settings,
            policy.load(settings.home),
            tomorrow,
            last,
            lambda: time.thread_time() > ends,
            begun,
        )
    return _hers(request, letters), reached


def with_and_without(
    request: Request, last: date, said: Callable[[Session], object]
) -> tuple[list[Coming], list[Coming], date]:
    """The letters from tomorrow to a day as they are, and as if something had been done first.

    As far as there was time for both: until which day they were worked out. Raises `Busy`.
    """
    settings, tomorrow = settings_of(request), today_of(request) + timedelta(days=1)
    promises = policy.load(settings.home)
    with _in_turn() as turn:
        ends = time.thread_time() + ENOUGH
        with_it, reached = rehearse_until(
            *(settings, promises, tomorrow, last, lambda: time.thread_time() > ends), said=said
        )
        turn.give_way()  # another's page is not kept waiting for both
        ends = time.thread_time() + ENOUGH
        without, far = rehearse_until(
            *(settings, promises, tomorrow, reached, lambda: time.thread_time() > ends)
        )
    far = min(far, reached)
    both = _hers(request, without), _hers(request, with_it)
    before, after = ([one for one in letters if one.on_day <= far] for letters in both)
    return before, after, far


@contextmanager
def _in_turn() -> Iterator[Turn]:
    """Wait for one's turn. Raises `Busy` at once when enough wait: of hers, or of all."""
    asker = asking.get()
    if not asker.who:
        asker = Asker(_AT_THE_MACHINE)
    try:
        with _places.turn(PATIENCE, asker) as turn:
            yield turn
    except NotNow as error:
        raise Busy from error


def _hers(request: Request, letters: list[Coming]) -> list[Coming]:
    """The letters about nothing but what she leads; else to people known there only.

    As `letters.hers` says it of those that went.
    """
    viewer = viewer_of(request)
    if viewer.administrator:
        return letters
    with reading(settings_of(request)) as session:
        groups = set(
            session.execute(select(c(Group).id).where(led(request, c(Group).id))).scalars()
        )
        people = set(session.execute(known_only_in(viewer.leads)).scalars())
        to = {one.person_id for one in letters}
        names = select(c(Person).id, called_by(viewer.leads)).where(c(Person).id.in_(to))
        called = dict(session.execute(names).tuples().all())

    leads = set(viewer.leads)

    def is_hers(row: Row) -> bool:
        if row.group_id is None:
            return row.homes <= leads
        return row.group_id in groups

    def about_hers(one: Coming) -> bool:
        areas = {part.collaboration_id for part in one.parts}
        if not all(is_hers(row) for row in one.rows) or not areas - {None} <= leads:
            return False
        of_some = bool(one.rows or areas - {None})
        return (of_some and None not in areas) or one.person_id in people

    return [
        replace(one, name=called.get(one.person_id, one.name)) for one in letters if about_hers(one)
    ]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
