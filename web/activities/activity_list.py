"""The list of activities: looked through by filter, kept in the address, and as an Excel file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Select, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import reading
from models.group import Group
from models.kin import plans_in_a_row
from models.lifecycle import State
from models.listing import Wanted, activities, after, key_of, responsible
from models.plan import Goal, Plan, TargetGroup
from rules.swedish_dates import read
from web.export import as_excel
from web.page import mine, settings_of, show, today_of

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
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What the address asked for, and what of it could not be understood."""

    wanted: Wanted
    doubts: list[str]


@router.get("/aktiviteter")
def listed(request: Request) -> HTMLResponse:
    """A page of the list."""
    today, chosen = today_of(request), _chosen(request)
    understood = understand(chosen, today)
    with reading(settings_of(request)) as session:
        query = activities(understood.wanted, today, mine(request, c(Activity).group_id))
        query = after(query, request.query_params.get("efter", ""))
        rows = session.execute(query.limit(PAGE + 1)).all()
        shown = rows[:PAGE]
        carried = [row.id for row in shown if row.successor_of]
        values = {
            "rows": shown,
            "answers": responsible(session, [row.id for row in shown]),
            "years": plans_in_a_row(session, carried) if carried else {},
            "following": key_of(shown[-1]) if len(rows) > PAGE else "",
            "address": urlencode({key: words for key, words in chosen.items() if words}),
            "chosen": chosen,
            "doubts": understood.doubts,
            "states": list(State),
            **_choices(request, session, understood.wanted.plan_id),
        }
    return show(request, "activity_list.html", "Aktiviteter", values)


@router.get("/aktiviteter.xlsx")
def listed_in_excel(request: Request) -> Response:
    """Everything that the filter finds, as an Excel file."""
    today = today_of(request)
    wanted = understand(_chosen(request), today).wanted
    with reading(settings_of(request)) as session:
        rows = session.execute(activities(wanted, today, mine(request, c(Activity).group_id))).all()
        answers = responsible(session, [row.id for row in rows])
    head = ("Nr", "Aktivitet", "Hur", "Läge", "Ansvarig", "Slutdatum", "Senast", "Grupp", "Plan")
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
        group_id=numbers["grupp"],
        plan_id=numbers["plan"],
        goal_id=numbers["mal"],
        target_group_id=numbers["malgrupp"],
        answers=chosen["ansvarig"],
        due_from=due_from,
        due_to=due_to,
        late=bool(chosen["forsenade"]),
    )
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


def _number(words: str) -> int | None:
    """A key in the address; something else finds nothing."""
    if not words:
        return None
    return int(words) if words.isdecimal() and int(words[:12]) <= LARGEST else -1


def _chosen(request: Request) -> dict[str, str]:
    return {key: request.query_params.get(key, "").strip()[:200] for key in FIELDS}


def _choices(request: Request, session: Session, plan: int | None) -> dict[str, Any]:
    """What may be chosen in the filter: what the viewer may read; goals when a plan is chosen."""
    plans = select(c(Plan).id).where(mine(request, c(Plan).group_id))
    own = select(c(Plan).collaboration_id).where(mine(request, c(Plan).group_id))
    return {
        "groups": session.execute(
            select(c(Group).id, c(Group).name)
            .where(mine(request, c(Group).id))
            .order_by(c(Group).name)
        ).all(),
        "plans": session.execute(
            select(c(Plan).id, c(Plan).title).where(c(Plan).id.in_(plans)).order_by(c(Plan).title)
        ).all(),
        "goals": _goals(session, plans, plan) if plan else [],
        "target_groups": session.execute(
            select(c(TargetGroup).id, c(TargetGroup).name)
            .where(c(TargetGroup).collaboration_id.in_(own))
            .order_by(c(TargetGroup).name)
        ).all(),
    }


def _goals(session: Session, plans: Select[Any], plan: int) -> Sequence[Any]:
    """The goals of a plan that she may read."""
    asked = select(c(Goal).id, c(Goal).text).where(
        c(Goal).plan_id.in_(plans), c(Goal).plan_id == plan
    )
    return session.execute(asked.order_by(c(Goal).position, c(Goal).id)).all()
