"""A row of a list, changed where one looks: its form, what it saves, and what its fields offer.

A press on a value in a list leads here. With the script (`templates/web/row.js`) the form stands in
the row and the row is drawn anew in its place: then `bit` asks for a piece of a page. Without it
the form is a small page, which leads back to the list at the same row. Which list that is, and how
it was filtered, goes along in the address and the form (`_place`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy import or_, select
from sqlmodel import Session

from config import policy
from intake.lives.changes import cannot_change, days_meant, said
from intake.lives.in_row import OF_A_ROW, ask_in_row
from intake.lives.moves import move_named
from intake.people import naming
from models.activity import Activity
from models.columns import c
from models.database import reading
from models.decision import Agreed
from models.group import Group
from models.lifecycle import possible
from models.moves import Mover
from models.plan import Goal, Plan
from models.undoing import batch_of
from models.versions import versions
from rules.meanwhile import Meanwhile, compared, filled_from
from rules.span_words import not_a_day, seldom_meant
from rules.wording import capitalised, day_in_words
from templates import render
from web.activities.activity_list import FIELDS, line_of
from web.activities.forms import Field, choices_of, fields_of
from web.activities.saved import saved
from web.activities.second import who_changed
from web.page import may_lead, settings_of, show, today_of
from web.people.register import group_choices
from web.sent import Sent, Stale, Tried, attempt, existing, locked

router = APIRouter()
_SCRIPT = Path(__file__).resolve().parents[2] / "templates" / "web" / "row.js"
_PLAN, PAGE = "plan", "aktivitet"  # where she looks; anything else is the list
_MOST_NAMES = 500  # in a page's own list, for a browser without the script
_SEVERAL = ("responsible", "goals")  # each has a field of its own
_LABELS = {
    "responsible": "Ansvarig",
    "deadline": "Slutdatum",
    "follow_up": "Hur följs den upp?",
    "goals": "Mål",
}
_WHY = Field("reason", "Varför ändras det? Behövs inte, men står i historien", "lines")
_NOW = "Fälten visar hur det är nu."


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the form of a row is drawn from."""

    values: dict[str, Any]
    title: str


@router.get("/aktiviteter/rad.js", include_in_schema=False)
def script() -> Response:
    """The script of lists whose rows can be changed."""
    return Response(_SCRIPT.read_text("utf-8"), media_type="text/javascript")


@router.get("/aktiviteter/{activity_id}/rad")
def form(request: Request, activity_id: int) -> HTMLResponse:
    """The fields of a row: a page of its own, or with `bit` the form alone."""
    return _form(request, activity_id, dict(request.query_params), Tried())


@router.post("/aktiviteter/{activity_id}/rad")
def save(request: Request, activity_id: int, given: Sent) -> Response:
    """Save what differs, and show the row; or say at its fields why not."""
    asked = _joined(given)
    promises = policy.load(settings_of(request).home)
    done: list[str] = []

    def do(session: Session, mover: Mover, today: date) -> str:
        row = locked(session, Activity, activity_id)
        now = _as_seen(session, row, asked)
        ask_in_row(session, activity_id, now, mover, today=today, promises=promises)
        done[:] = [str(batch_of(session, today))]
        return place_of(given, row, done[0])

    again = partial(_form, request, activity_id, given)
    answer = attempt(request, form_name(activity_id), asked, do, again)
    if answer.status_code == 303 and given.get("bit"):
        return drawn_row(request, activity_id, given, done[0])
    return answer


@router.get("/aktiviteter/{activity_id}/rad/namn")
def names(request: Request, activity_id: int, q: str = "", vad: str = "") -> Response:
    """What a few letters may mean: whom the field for who answers can name, or the plan's goals."""
    words = q[:200]
    with reading(settings_of(request)) as session:
        row = existing(session, Activity, activity_id)
        area = _area(request, session, row)
        if vad == "mal":
            goals = _goals(session, row.plan_id)
            offers = [naming.Offered(goal) for goal in goals if _fits(goal, words)]
            same = words.casefold().strip()
            found = naming.Found(offers, same in {goal.casefold() for goal in goals})
        elif area is None:
            found = naming.Found([], known=False)
        else:
            found = naming.look_for(session, area, words, today_of(request))
    told = [{"value": one.value, "more": one.more} for one in found.offers]
    return JSONResponse({"offers": told, "known": found.known})


@router.get("/aktiviteter/{activity_id}/rad/dag")
def day(request: Request, activity_id: int, ord: str = "") -> Response:
    """How the words for a deadline are understood, in words."""
    with reading(settings_of(request)) as session:
        existing(session, Activity, activity_id)
    told, wrong = understood(ord[:200].strip(), today_of(request))
    return JSONResponse({"words": told, "wrong": wrong})


def understood(words: str, today: date) -> tuple[str, bool]:
    """Which days words for a deadline mean, in a sentence; and whether it is one about a fault."""
    if not words:
        return "", False
    span = days_meant(Agreed.DEADLINE, words, today)
    if span.open:
        return "Löper över tid, utan slutdatum.", False
    if span.last is None:
        first = f"Från {day_in_words(span.first)}, utan sista dag." if span.first else ""
        return first or not_a_day(span, words), not first
    if asked := seldom_meant(span, today):
        return asked, True
    told = f"Senast {day_in_words(span.last)}."
    if span.first and span.first != span.last:
        told = f"{day_in_words(span.first)} – {day_in_words(span.last)}. {told}"
    return " ".join(filter(None, (capitalised(told), span.doubt))), False


def form_name(activity_id: int) -> str:
    """What the form of a row is called: several may be open in one list."""
    return f"rad-{activity_id}"


def place_of(given: Mapping[str, str], row: Activity, key: str) -> str:
    """Where she was: at the row of the list, of the plan, or on the activity's page."""
    if given.get("vy") == PAGE:
        return f"/aktiviteter/{row.id}?{urlencode({'gjort': key} if key else {})}#hant"
    told = {"gjort": f"{row.id}-{key}"} if key else {}
    words = {name: value for name, value in _place(given).items() if name != "vy"}
    where = f"/planer/{row.plan_id}" if given.get("vy") == _PLAN else "/aktiviteter"
    return f"{where}?{urlencode(words | told)}#rad-{row.id}"


def drawn_row(
    request: Request, activity_id: int, given: Mapping[str, str], key: str
) -> HTMLResponse:
    """The row as its list draws it, with what was saved; or where to go, from its own page."""
    with reading(settings_of(request)) as session:
        row = existing(session, Activity, activity_id)
        line = line_of(session, request, activity_id)
        values = {
            "go": place_of(given, row, key) if line is None or given.get("vy") == PAGE else "",
            "of_plan": given.get("vy") == _PLAN,
            "line": line,
            "place": words_of_place(given),
            "kept": _place(given),
            "saved": saved(session, activity_id, key),
        }
    return HTMLResponse(render("web/_row.html", **values))


def words_of_place(given: Mapping[str, str]) -> str:
    """The place as the beginning of an address's words."""
    words = urlencode(_place(given))
    return f"{words}&" if words else ""


def _place(given: Mapping[str, str]) -> dict[str, str]:
    """Which list she looks at: its filter, page and kind."""
    return {name: given[name] for name in (*FIELDS, "efter", "vy") if given.get(name)}


def _joined(given: Mapping[str, str]) -> dict[str, str]:
    """The form with what has several fields as one, a line for each, in their order."""
    joined = dict(given)
    for name in _SEVERAL:
        numbers = sorted(
            int(number)
            for each in given
            if (number := each.removeprefix(f"{name}_")) != each and number.isdecimal()
        )
        if numbers:
            lines = [given[f"{name}_{number}"].strip() for number in numbers]
            joined[name] = "\n".join(line for line in lines if line)
    return joined


def _as_seen(session: Session, row: Activity, given: Mapping[str, str]) -> dict[str, str]:
    """What she changed of what she saw; raises `Stale` when somebody else was first."""
    assert row.id is not None
    meanwhile = compared(given, _now(session, row), _LABELS)
    told = list(meanwhile.told)
    now = versions(session, [row.id])[row.id]
    if given.get("version") and given["version"] != now:
        told += who_changed(session, {row.id}, "").values()
    if told:
        raise Stale(Meanwhile({**meanwhile.given, "version": now}, told))
    return meanwhile.given


def _now(session: Session, row: Activity) -> dict[str, str]:
    """What a row's form is filled from."""
    if cannot_change(row):
        return {}
    agreed = said(session, row, {Agreed(name) for name in OF_A_ROW})
    return {name: agreed[Agreed(name)].words for name in OF_A_ROW}


def _form(
    request: Request, activity_id: int, words: Mapping[str, str], tried: Tried
) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        row = existing(session, Activity, activity_id)
        drawn = _drawn(request, session, row, words, tried)
    if words.get("bit"):
        return HTMLResponse(render("web/_row_form.html", **drawn.values), tried.status)
    return show(request, "row.html", drawn.title, drawn.values, tried.status)


def _drawn(
    request: Request, session: Session, row: Activity, words: Mapping[str, str], tried: Tried
) -> Drawn:
    assert row.id is not None
    now, today = _now(session, row), today_of(request)
    move = move_named(tried.given.get("move", "") or words.get("move", ""))
    asked = fields_of(move) if move in possible(row.state) else ()
    area = _area(request, session, row)
    whole = not words.get("bit")
    version = versions(session, [row.id])[row.id]
    values = {
        "id": row.id,
        "what": row.what,
        "form": form_name(row.id),
        "tried": tried,
        "now": now,
        "filled": filled_from(now),
        "version": version,
        "second": _second(session, row.id, words, version) if not tried.problems else "",
        "labels": _LABELS,
        "several_values": {name: _lines_now(tried, row.id, name, now) for name in _SEVERAL},
        "moves": [(each.value, capitalised(each.value)) for each in possible(row.state)],
        "state": capitalised(row.state.value),
        "move": move.value if asked and move else "",
        "move_names": [one.name for one in asked],
        "asked": [one for one in asked if one.name not in ("deadline", "reason")],
        "why": next((one for one in asked if one.name == "reason"), _WHY),
        "choices_of": choices_of(session, row),
        "groups": _groups(session, area, today),
        "group_now": row.group_id,
        "understood": understood(tried.given.get("deadline", ""), today)[0],
        "kept": _place(words),
        "places": {name: f"{form_name(row.id)}-{name}" for name in _named(now, asked)},
        "bit": words.get("bit", ""),
        "focus": words.get("falt", ""),
        "back": place_of(words, row, ""),
        "people": [],
        "goals": [],
    }
    if whole and area is not None:
        values["people"] = naming.everybody(session, area, today, _MOST_NAMES)
    if whole:
        values["goals"] = _goals(session, row.plan_id)
    return Drawn(values, f"Ändra {row.what}")


def _named(now: Mapping[str, str], asked: Sequence[Field]) -> list[str]:
    """The fields that are drawn, for what leads to them."""
    whole = ("new_name", "new_email", "new_group", *now) if now else ()
    return ["move", "reason", "deadline", *whole, *(one.name for one in asked)]


def _lines_now(tried: Tried, activity_id: int, name: str, now: Mapping[str, str]) -> list[str]:
    """What a field of several holds, each by itself."""
    words = tried.kept(form_name(activity_id), name, now.get(name, ""))
    return str(words).splitlines()


def _second(session: Session, activity_id: int, words: Mapping[str, str], version: str) -> str:
    """Somebody was there since the list was drawn: told before she begins."""
    if words.get("version", version) == version:
        return ""
    return who_changed(session, {activity_id}, _NOW).get(activity_id, "")


def _area(request: Request, session: Session, row: Activity) -> int | None:
    """The collaboration whose people the row may name; none where she does not lead it."""
    area = session.get_one(Plan, row.plan_id).collaboration_id
    return area if may_lead(request, area) else None


def _groups(session: Session, area: int | None, today: date) -> list[tuple[int, str]]:
    """The groups that somebody new may be put in."""
    if area is None:
        return []
    ends = c(Group).ends_on
    return group_choices(session, [area], or_(ends.is_(None), ends >= today))


def _goals(session: Session, plan_id: int) -> list[str]:
    asked = select(c(Goal).text).where(c(Goal).plan_id == plan_id)
    found = session.execute(asked.order_by(c(Goal).position, c(Goal).id)).scalars()
    return list(dict.fromkeys(found))


def _fits(words: str, letters: str) -> bool:
    return all(piece in words.casefold() for piece in letters.casefold().split())
