"""Ångra: what was registered is taken back, at once from its receipt or later from the history.

One click where nothing stands on it. Else the page shows what does, and takes all of it back with
one click more, or says why not. How it is done is `intake/lives/undo.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from intake.lives.entries import Chain, Kind, Logged
from intake.lives.goals_that_came import Goals, take_back_with_goals
from intake.lives.undo import GONE_ALREADY, activities_of, look
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.moves import Refused
from reports.minutes import told_in
from rules.access import LEADER
from rules.wording import capitalised, counted, day_in_words
from web.activities.row import PAGE, drawn_row, place_of
from web.activities.undone import in_words
from web.numbers import stopped
from web.page import mover_of, settings_of, show, those_allowed, today_of
from web.sent import Sent, existing

router = APIRouter()
_NOT_HERS = "Den hör till en annan samverkan."
_TIED = "Den hör ihop med en som inte kan tas tillbaka: den ena är överförd från den andra."


@dataclass(frozen=True, slots=True)
class Line:
    """Something that would be taken back, or stays: what, when and by whom."""

    what: str
    row: Logged
    chosen: bool = False  # it is what she asked for


@dataclass(slots=True)
class Page:
    """What came of it, and what waits for a yes: by activity, its name first."""

    done: list[tuple[int, str]] = field(default_factory=list)
    asides: list[tuple[int, str, list[str]]] = field(default_factory=list)
    asked: list[tuple[int, str, list[Line]]] = field(default_factory=list)
    kept: list[tuple[int, str, list[Line]]] = field(default_factory=list)
    minutes: list[str] = field(default_factory=list)  # sent out, and they tell of it
    print: str = ""
    more: bool = False  # something stands on what she asked for
    problems: list[str] = field(default_factory=list)
    goals: Goals = field(default_factory=Goals)


@router.post("/aktiviteter/{activity_id}/angra")
def undo(request: Request, activity_id: int, given: Sent) -> Response:
    """Take back an entry of one activity's history."""
    key = given.get("gjort", "")
    with reading(settings_of(request)) as session:
        row = existing(session, Activity, activity_id)
        back = place_of({"vy": PAGE} | given, row, key)
    page = _try(request, {activity_id}, key, given)
    if page.done and given.get("bit"):
        return drawn_row(request, activity_id, given, key)
    if page.done:
        return RedirectResponse(back, 303)
    return _show(request, page, key, given, f"/aktiviteter/{activity_id}")


@router.post("/aktiviteter/angra")
def undo_many(request: Request, given: Sent) -> Response:
    """Take back what one form did with many activities; those that cannot be are set aside."""
    key = given.get("gjort", "")
    with reading(settings_of(request)) as session:
        ids = activities_of(session, key)
    page = _try(request, ids, key, given)
    return _show(request, page, key, given, "/aktiviteter")


def _try(request: Request, ids: Collection[int], key: str, given: Mapping[str, str]) -> Page:
    """Take it back, or say what stands in the way of whom."""
    page = Page()
    if wrong := stopped(request).sentences:
        page.problems = list(wrong)
        return page
    with reading(settings_of(request)) as session:
        named = {row.activity_id for row in look(session, ids, key).rows}
    hers = those_allowed(request, LEADER, "activity_id", {*ids, *named})
    try:
        with transaction(settings_of(request)) as session:
            chain = look(session, [id_ for id_ in ids if id_ in hers], key, held=True)
            names = _names(session, {*ids, *(row.activity_id for row in chain.rows)})
            chain = _possible(chain, hers, ids, names, page)
            page.minutes = _minutes(session, chain)
            if (chain.above or page.minutes) and given.get("kedja") != chain.print:
                page.asked = _by_activity(chain.rows, names, key)
                page.kept = _by_activity(chain.kept, names, "")
                page.more = bool(chain.above)
                page.print = chain.print
            elif chain.rows:
                page.goals = take_back_with_goals(
                    *(session, chain, mover_of(request)),
                    today=today_of(request),
                    reason=given.get("reason", ""),
                )
                ids_done = sorted({row.activity_id for row in chain.rows})
                page.done = [(id_, names[id_]) for id_ in ids_done]
            elif not page.asides:
                page.problems = [GONE_ALREADY]
    except Refused as refused:
        page.done, page.problems = [], refused.sentences
    return page


def _minutes(session: Session, chain: Chain) -> list[str]:
    """A sentence for each of the minutes that were sent out and tell of what is taken back."""
    moves = [row.id for row in chain.rows if row.kind is Kind.MOVE]
    changes = [row.id for row in chain.rows if row.kind is Kind.CHANGE]
    return [
        _SENT.format(group=group, day=day_in_words(day))
        for group, day in told_in(session, moves, changes)
    ]


_SENT = (
    "Protokollet från mötet i {group} {day} är utskickat och ändras inte. Att det här togs "
    "tillbaka nämns i gruppens nästa protokoll."
)


def _possible(
    chain: Chain,
    hers: Collection[int],
    ids: Collection[int],
    names: Mapping[int, str],
    page: Page,
) -> Chain:
    """What is left when those that cannot be taken back are set aside, with what is tied to them.

    What belongs to another collaboration has no name here.
    """
    aside = dict(chain.why_not)
    touched = {row.activity_id for row in chain.rows} | set(ids)
    for id_ in touched - set(hers):
        aside[id_] = [_NOT_HERS]
    for id_ in chain.tied_to(aside) - aside.keys():
        aside[id_] = [_TIED]
    page.asides = [
        (id_, names.get(id_, "") if id_ in hers else "", told)
        for id_, told in sorted(aside.items())
    ]
    return chain.without(aside)


def _names(session: Session, ids: Collection[int]) -> dict[int, str]:
    asked = select(c(Activity).id, c(Activity).what).where(c(Activity).id.in_(list(ids)))
    return dict(session.execute(asked).tuples().all())


def _by_activity(
    rows: Collection[Logged], names: Mapping[int, str], key: str
) -> list[tuple[int, str, list[Line]]]:
    found: dict[int, list[Line]] = {}
    for row in rows:
        line = Line(in_words(row), row, row.key == key)
        found.setdefault(row.activity_id, []).append(line)
    return [(id_, names[id_], lines) for id_, lines in found.items()]


def _show(
    request: Request, page: Page, key: str, given: Mapping[str, str], back: str
) -> HTMLResponse:
    number = counted(len(page.done), "aktivitet", "aktiviteter")
    told = capitalised(f"det som gjordes med {number} är taget tillbaka.") if page.done else ""
    values = {"page": page, "key": key, "reason": given.get("reason", ""), "back": back}
    values |= {"told": told}
    refused = bool(page.problems or page.asides) and not page.done and not page.asked
    return show(request, "undo.html", "Ångra", values, 422 if refused else 200)
