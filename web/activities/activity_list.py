"""The list of activities: looked through by filter, kept in the address, and as an Excel file."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Group
from models.kin import plans_in_a_row
from models.lacks import ADDRESSED, ANYTHING, IN_WORDS, in_words, lacks_of
from models.lifecycle import State
from models.listing import Wanted, activities, after, key_of, place, responsible
from models.plan import Goal, Plan, TargetGroup
from models.versions import versions
from rules.access import Viewer
from rules.lives import in_a_row
from rules.swedish_dates import read
from rules.wording import alphabetically, capitalised
from templates import render_once
from web.activities.bar import DEEDS, MOST
from web.activities.order import (
    ALL,
    COLUMNS,
    OPEN,
    OVER,
    TOO_MANY,
    by_column,
    columns,
    in_order,
    tabs,
)
from web.activities.order import MOST as SORTED
from web.activities.saved import saved_of
from web.export import as_excel
from web.page import page, readable, readable_activities, settings_of, today_of, viewer_of

router = APIRouter()
PAGE = 50
LARGEST = 2**31 - 1
# What the address may say, and the label of the field on the page.
FIELDS = {
    "sok": "Sök",
    "lage": "Läge",
    "grupp": "Grupp",
    "plan": "Plan",
    "mal": "Mål",
    "malgrupp": "Målgrupp",
    "ansvarig": "Ansvarig",
    "fran": "Slutdatum från",
    "till": "Slutdatum till",
    "forsenade": "Bara försenade",
    "saknar": "Saknar",
    "visa": "Visar",
    "ordna": "Ordna efter",
}
_LACK_CHOICES = (
    (ANYTHING, "Något"),
    *((word, capitalised(IN_WORDS[lack])) for word, lack in ADDRESSED.items()),
)

_GOES_ON = {OPEN: True, OVER: False, ALL: None}

_STATES = {state: (state.name.lower(), capitalised(state.value)) for state in State}
_STATE_CHOICES = tuple((state.value, words) for state, (_, words) in _STATES.items())
Choice = tuple[str, str, tuple[tuple[int, str], ...]]  # a field, its label, what may be chosen


@dataclass(frozen=True, slots=True)
class Understood:
    """What the address asked for, and what of it could not be understood."""

    wanted: Wanted
    doubts: list[str]


class Line(NamedTuple):
    """One row of the list, as its template unpacks it."""

    id: int
    what: str
    how: str
    look: str  # the name of its colour
    state: str
    in_a_row: str  # "tredje året i rad"
    responsible: str
    deadline: str
    has_day: bool
    late: bool
    runs_on: bool
    group: str
    plan: str
    lacks: str  # "mål och slutdatum"
    version: str  # which she looks at; "" for one that she moves nothing of


@router.get("/aktiviteter")
async def listed(request: Request) -> HTMLResponse:
    """A page of the list. What everybody opens is read from an index in a millisecond or two, and
    answered at once; a search may read every activity, so it goes to a thread.
    """
    chosen = _chosen(request)
    if any(chosen.values()):
        return await run_in_threadpool(_page, request, chosen)
    return _page(request, chosen)


def _page(request: Request, chosen: dict[str, str]) -> HTMLResponse:
    today, viewer = today_of(request), viewer_of(request)
    understood = understand(chosen, today)
    wanted = understood.wanted
    with reading(settings_of(request)) as session:
        step = _step(session, request, wanted, chosen["ordna"], understood.doubts)
        shown, following = step.shown, step.following
        lines = _lines(session, shown, viewer, today)
        number = len(shown)
        if step.goes_on or following:
            number = _how_many(session, wanted, today, viewer)
        values: dict[str, Hashable] = {
            "lines": lines,
            "number": number if number <= MOST else 0,
            "most": MOST,
            "deeds": DEEDS if any(line.version for line in lines) else (),
            "following": following,
            "columns": columns(chosen),
            "tabs": tabs(chosen),
            "orders": tuple(COLUMNS.items()),
            "address": urlencode({key: words for key, words in chosen.items() if words}),
            "chosen": tuple(chosen.items()),
            "doubts": tuple(understood.doubts),
            "states": _STATE_CHOICES,
            "lack_choices": _LACK_CHOICES,
            "choices": _choices(session, viewer, wanted.plan_id),
            "place": _place(chosen, request.query_params.get("efter", "")),
            "saved": saved_of(session, request, request.query_params.get("gjort", "")),
        }
    return HTMLResponse(
        render_once("web/activity_list.html", **page(request, "Aktiviteter"), **values)
    )


class Step(NamedTuple):
    """The rows of a page, and where the next one begins, if there is one."""

    shown: Sequence[Any]
    following: str
    goes_on: bool  # it is not the first


def _step(
    session: Session, request: Request, wanted: Wanted, order: str, doubts: list[str]
) -> Step:
    """A page of the list: by the index where it stands by day, else of all that is sorted."""
    today, viewer = today_of(request), viewer_of(request)
    key = request.query_params.get("efter", "")
    if by_column(order):
        found = activities(wanted, today, readable_activities(viewer)).limit(SORTED + 1)
        rows = session.execute(found).all()
        if len(rows) <= SORTED:
            at = int(key) if key.isdecimal() and len(key) < len(str(LARGEST)) else 0
            last = at + PAGE
            answers = responsible(session, [row.id for row in rows])
            shown = in_order(rows, order, answers)[at:last]
            return Step(shown, str(last) if len(rows) > last else "", at > 0)
        doubts.append(TOO_MANY)
    start = place(key)
    question = _question(wanted, today, viewer, goes_on=bool(start))
    rows = session.connection().execute(question, start).all()
    return Step(rows[:PAGE], key_of(rows[PAGE - 1]) if len(rows) > PAGE else "", bool(start))


# Building a question takes longer than asking it; one that is kept is not built anew.
@lru_cache(maxsize=256)
def _question(wanted: Wanted, today: date, viewer: Viewer, *, goes_on: bool) -> Select[Any]:
    query = activities(wanted, today, readable_activities(viewer))
    return (after(query) if goes_on else query).limit(PAGE + 1)


def _how_many(session: Session, wanted: Wanted, today: date, viewer: Viewer) -> int:
    """How many the list has, as far as they can be chosen all at once."""
    found = activities(wanted, today, readable_activities(viewer)).order_by(None)
    counted = select(func.count()).select_from(found.limit(MOST + 1).subquery())
    return int(session.execute(counted).scalar_one())


def line_of(session: Session, request: Request, activity_id: int) -> Line | None:
    """The row of one activity as it is now; None where no list has it."""
    today, viewer = today_of(request), viewer_of(request)
    found = activities(Wanted(), today, readable_activities(viewer))
    rows = session.execute(found.where(c(Activity).id == activity_id)).all()
    lines = _lines(session, rows, viewer, today)
    return lines[0] if lines else None


def _lines(session: Session, rows: Sequence[Any], viewer: Viewer, today: date) -> tuple[Line, ...]:
    lacks = lacks_of(session, [row[0] for row in rows], today)
    hers = [row[0] for row in rows if viewer.administrator or row[-1] in viewer.leads]
    drawn_from = versions(session, hers) if hers else {}
    named = responsible(session, [row[0] for row in rows])
    carried = [row.id for row in rows if row.successor_of]
    years = plans_in_a_row(session, carried) if carried else {}
    # Unpacked as `activities` selects them: by name each value would take four times as long.
    return tuple(
        Line(
            id_,
            what,
            how,
            *_STATES[state],
            in_a_row(years.get(id_, 1)),
            ", ".join(named.get(id_, ())),
            deadline,
            last is not None,
            bool(late),
            runs_on,
            group,
            plan,
            in_words(lacks.get(id_, ())),
            drawn_from.get(id_, ""),
        )
        for id_, what, how, state, deadline, last, runs_on, _, group, plan, _, _, late, _ in rows
    )


@router.get("/aktiviteter.xlsx")
def listed_in_excel(request: Request) -> Response:
    """Everything that the filter finds, as an Excel file."""
    today, chosen = today_of(request), _chosen(request)
    wanted = understand(chosen, today).wanted
    with reading(settings_of(request)) as session:
        found = activities(wanted, today, readable_activities(viewer_of(request)))
        rows: Sequence[Any] = session.execute(found).all()
        ids = [row.id for row in rows]
        answers, lacks = responsible(session, ids), lacks_of(session, ids, today)
        rows = in_order(rows, chosen["ordna"], answers)
    head = (
        *("Nr", "Aktivitet", "Hur", "Läge", "Ansvarig"),
        *("Slutdatum", "Senast", "Grupp", "Plan", "Saknar"),
    )
    lines = (
        (
            row.id,
            row.what,
            row.how,
            row.state.value.capitalize(),
            ", ".join(answers.get(row.id, [])),
            row.deadline_text or ("löper över tid" if row.runs_on else ""),
            row.deadline_last,
            row.group,
            row.plan,
            in_words(lacks.get(row.id, ())),
        )
        for row in rows
    )
    return as_excel("aktiviteter", f"Aktiviteter {today}", head, lines)


def understand(chosen: dict[str, str], today: date) -> Understood:
    """The address's words as something to look for; a word that means nothing is told."""
    doubts: list[str] = []
    state = chosen["lage"]
    if state and state not in set(State):
        doubts.append(f"Det finns inget läge som heter ”{state}”.")
    due_from, due_to = (_day(chosen[key], key, today, doubts) for key in ("fran", "till"))
    numbers = {key: _number(chosen[key]) for key in ("grupp", "plan", "mal", "malgrupp")}
    wanted = Wanted(
        words=chosen["sok"],
        state=State(state) if state in set(State) else None,
        goes_on=None if state in set(State) else _GOES_ON.get(chosen["visa"], True),
        group_id=numbers["grupp"],
        plan_id=numbers["plan"],
        goal_id=numbers["mal"],
        target_group_id=numbers["malgrupp"],
        answers=chosen["ansvarig"],
        due_from=due_from,
        due_to=due_to,
        late=bool(chosen["forsenade"]),
        lacks=ADDRESSED.get(chosen["saknar"]),
        lacks_something=chosen["saknar"] == ANYTHING,
    )
    if chosen["saknar"] not in ("", ANYTHING, *ADDRESSED):
        doubts.append(f"Det går inte att söka på vad som saknar ”{chosen['saknar']}”.")
    return Understood(wanted, doubts)


def _day(words: str, key: str, today: date, doubts: list[str]) -> date | None:
    """A day as people write it; "från" means its first day, "till" its last."""
    if not words.strip():
        return None
    span = read(words, today)
    day = span.first if key == "fran" else span.last
    if day is None:
        doubts.append(f"{FIELDS[key]}: ”{words}” går inte att läsa som ett datum.")
    return day


def _place(chosen: dict[str, str], after_key: str) -> tuple[tuple[str, str], ...]:
    """Where in the list she is, for what leads back to it."""
    kept = {"vy": "lista", **chosen, "efter": after_key}
    return tuple((key, words) for key, words in kept.items() if words)


def _number(words: str) -> int | None:
    """A key in the address; something else finds nothing."""
    if not words:
        return None
    return int(words) if words.isdecimal() and int(words[:12]) <= LARGEST else -1


def _chosen(request: Request) -> dict[str, str]:
    return {key: request.query_params.get(key, "").strip()[:200] for key in FIELDS}


def _choices(session: Session, viewer: Viewer, plan: int | None) -> tuple[Choice, ...]:
    """What may be chosen in the filter: what the viewer may read; goals when a plan is chosen."""
    found = session.connection().execute(_choices_question(viewer))
    choices = _in_order(tuple(map(tuple, found.all())))
    if not plan:
        return choices
    goals = session.execute(_goals_question(viewer, plan)).tuples().all()
    return (*choices, ("mal", FIELDS["mal"], tuple(goals)))


@lru_cache(maxsize=64)
def _in_order(found: tuple[tuple[str, int, str], ...]) -> tuple[Choice, ...]:
    options = sorted(found, key=lambda option: alphabetically(option[2]))
    return tuple(
        (
            field,
            FIELDS[field],
            tuple((number, words) for of, number, words in options if of == field),
        )
        for field in ("grupp", "plan", "malgrupp")
    )


@lru_cache(maxsize=64)
def _choices_question(viewer: Viewer) -> CompoundSelect[Any]:
    """Groups, plans and target groups in one question."""
    hers = readable(viewer, c(Plan).group_id)
    own = select(c(Plan).collaboration_id).where(hers)
    return union_all(
        select(literal("grupp"), c(Group).id, c(Group).name).where(readable(viewer, c(Group).id)),
        select(literal("plan"), c(Plan).id, c(Plan).title).where(
            hers, c(Plan).withdrawn_on.is_(None)
        ),
        select(literal("malgrupp"), c(TargetGroup).id, c(TargetGroup).name).where(
            c(TargetGroup).collaboration_id.in_(own)
        ),
    )


@lru_cache(maxsize=64)
def _goals_question(viewer: Viewer, plan: int) -> Select[Any]:
    """The goals of a plan that she may read, in the plan's order."""
    plans = select(c(Plan).id).where(readable(viewer, c(Plan).group_id))
    asked = select(c(Goal).id, c(Goal).text).where(
        c(Goal).plan_id.in_(plans), c(Goal).plan_id == plan
    )
    return asked.order_by(c(Goal).position, c(Goal).id)
