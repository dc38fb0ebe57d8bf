"""One activity: what was agreed, who answers for it just now, and its life as a timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlmodel import Session

from models.activity import Activity, ActivityGoal
from models.columns import c
from models.database import reading
from models.group import Group
from models.lifecycle import REMINDED, Brought, Move, possible, refusals
from models.moves import facts
from models.person import Person
from models.plan import Goal, Plan
from notifications.directory import directory, named
from web.forms import forms
from web.page import settings_of, show, today_of
from web.timeline import timeline

router = APIRouter()


@router.get("/aktiviteter/{activity_id}")
def activity(request: Request, activity_id: int) -> HTMLResponse:
    """The page of one activity."""
    return activity_page(request, activity_id, Tried())


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and refused: which one, why, and what stood in it."""

    form: str = ""
    problems: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)


def activity_page(request: Request, activity_id: int, tried: Tried) -> HTMLResponse:
    """An activity with its life, and its forms as they were left if one of them was refused."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        row = session.get(Activity, activity_id) if activity_id < 2**31 else None
        if row is None:
            raise HTTPException(404)
        group = session.get_one(Group, row.group_id)
        plan = session.get_one(Plan, row.plan_id)
        whom = named(session, [activity_id]).get(activity_id, [])
        values = {
            "activity": row,
            "group": group.name,
            "plan": plan,
            "goals": _goals(session, activity_id),
            "responsible": [one.words for one in whom],
            "just_now": _just_now(session, whom, row.group_id, today),
            "late": bool(row.deadline_last and row.deadline_last < today and row.state in REMINDED),
            "missing": _missing(session, row, today),
            "doubts": [line for line in row.doubts.splitlines() if line],
            "events": timeline(session, activity_id),
            "tried": tried,
        } | forms(session, row)
    return show(request, "activity.html", row.what, values, 422 if tried.problems else 200)


def _goals(session: Session, activity_id: int) -> list[str]:
    return list(
        session.execute(
            select(c(Goal).text)
            .join(ActivityGoal, c(ActivityGoal).goal_id == c(Goal).id)
            .where(c(ActivityGoal).activity_id == activity_id)
            .order_by(c(Goal).position)
        ).scalars()
    )


def _just_now(
    session: Session, whom: list[Any], group_id: int, today: date
) -> list[tuple[str, str, str]]:
    """Who would be written to today: name, address, by way of what."""
    answering = directory(session, today).answering(whom, group_id)
    people = {
        id_: (name, email)
        for id_, name, email in session.execute(
            select(c(Person).id, c(Person).name, c(Person).email).where(
                c(Person).id.in_([who.person_id for who in answering])
            )
        )
    }
    return [(*people[who.person_id], who.via) for who in answering]


def _missing(session: Session, row: Activity, today: date) -> list[str]:
    """What stands in the way of a decision, besides the decision itself."""
    assert row.id is not None
    state, on_file = facts(session, row.id, today)
    if Move.DECIDE not in possible(state):
        return []
    return refusals(Move.DECIDE, state, on_file, Brought(decision_id=0))
