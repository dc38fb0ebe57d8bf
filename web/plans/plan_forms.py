"""Making and editing plans: their facts, goals, adoption, what serves which goal; proposing in one.

Each form is a transaction of its own. A refusal says everything that is missing, and the form comes
back as it was left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from intake.lives.plan_changes import (
    ask_to_add_goal,
    ask_to_adopt,
    ask_to_change_goal,
    ask_to_change_plan,
    ask_to_connect,
    ask_to_remove_goal,
    ask_to_reorder_goal,
    ask_to_take_back_adoption,
    start_plan,
)
from intake.lives.proposals import ask_to_propose
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision
from models.group import Group
from models.moves import Mover, Refused
from models.plan import Adoption, Plan, TargetGroup
from models.standing import PlanStanding
from rules.access import LEADER
from rules.wording import alphabetically
from web.page import allow, fields, may_lead, mover_of, settings_of, show, today_of
from web.plans.plans import flat, goal_tree, on_file

router = APIRouter()
Sent = Annotated[dict[str, str], Depends(fields)]
Editor = Callable[[Session, Mover, date], object]


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and refused: which one, why, and what stood in it."""

    form: str = ""
    problems: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)

    def kept(self, form: str, name: str, otherwise: object) -> object:
        """What a field holds: what was written in the refused form, else what is on file."""
        return self.given.get(name, "") if self.form == form else otherwise


@router.get("/planer/ny")
def new(request: Request) -> HTMLResponse:
    """An empty form for a new plan."""
    return _new(request, Tried())


@router.post("/planer/ny")
def start(request: Request, given: Sent) -> Response:
    """Put a new plan on file."""
    try:
        if given.get("group", "").isdecimal():
            allow(request, LEADER, group_id=int(given["group"]))
        with transaction(settings_of(request)) as session:
            plan_id = start_plan(session, given, mover_of(request), today=today_of(request))
    except Refused as refused:
        return _new(request, Tried("plan", refused.sentences, given))
    return RedirectResponse(f"/planer/{plan_id}/andra#mal", 303)


def _new(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        areas = set(session.execute(select(c(Group).collaboration_id)).scalars())
        led = [area for area in areas if may_lead(request, area)]
        values = {
            "tried": tried,
            "plan": PlanStanding(title="", group_id=0),
            "plan_id": None,
        } | _choices(session, led)
    return show(request, "plan_new.html", "Ny plan", values, _status(tried))


@router.get("/planer/{plan_id}/andra")
def edit(request: Request, plan_id: int) -> HTMLResponse:
    """The forms of a plan."""
    return _edit(request, plan_id, Tried())


def _edit(request: Request, plan_id: int, tried: Tried) -> HTMLResponse:
    file = on_file(request, plan_id)
    with reading(settings_of(request)) as session:
        values = {
            "plan_id": plan_id,
            "plan": file.plan,
            "goals": file.goals,
            "nodes": flat(goal_tree(file.plan, file.goals, file.activities)),
            "goal_choices": [(number, goal.text) for number, goal in file.goals.items()],
            "activities": file.activities,
            "adoptions": _adoptions(session, plan_id),
            "tried": tried,
        } | _choices(session, [session.get_one(Plan, plan_id).collaboration_id], plan_id)
    title = f"Ändra {file.plan.title}"
    return show(request, "plan_edit.html", title, values, _status(tried))


def _choices(session: Session, areas: Sequence[int], plan_id: int | None = None) -> dict[str, Any]:
    """The groups, plans and target groups that the forms offer."""
    groups = session.execute(
        select(c(Group).id, c(Group).name).where(c(Group).collaboration_id.in_(areas))
    ).all()
    plans = session.execute(
        select(c(Plan).id, c(Plan).title, c(Group).name.label("group"))
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(c(Plan).collaboration_id.in_(areas), c(Plan).id != (plan_id or 0))
    ).all()
    tags = session.execute(
        select(c(TargetGroup).name).where(c(TargetGroup).collaboration_id.in_(areas)).distinct()
    ).scalars()
    return {
        "all_groups": sorted(
            ((row.id, row.name) for row in groups), key=lambda one: alphabetically(one[1])
        ),
        "all_plans": sorted(
            ((row.id, f"{row.title}, {row.group}") for row in plans),
            key=lambda one: alphabetically(one[1]),
        ),
        "all_target_groups": sorted(tags, key=alphabetically),
    }


def _adoptions(session: Session, plan_id: int) -> Sequence[Any]:
    return session.execute(
        select(c(Adoption).id, c(Adoption).adopted_on, c(Group).name, c(Decision).reference)
        .join(Group, c(Group).id == c(Adoption).group_id)
        .outerjoin(Decision, c(Decision).id == c(Adoption).decision_id)
        .where(c(Adoption).plan_id == plan_id)
        .order_by(c(Adoption).adopted_on, c(Adoption).id)
    ).all()


@router.post("/planer/{plan_id}/andra")
def change(request: Request, plan_id: int, given: Sent) -> Response:
    """Change the plan's own facts."""

    def asked(session: Session, mover: Mover, today: date) -> None:
        ask_to_change_plan(session, plan_id, given, mover, today=today)

    return _ask(request, plan_id, "plan", given, asked)


@router.post("/planer/{plan_id}/mal")
def add_goal(request: Request, plan_id: int, given: Sent) -> Response:
    """Add a goal."""

    def asked(session: Session, mover: Mover, today: date) -> None:
        ask_to_add_goal(session, plan_id, given, mover, today=today)

    return _ask(request, plan_id, "mal", given, asked)


_STEPS = {"upp": -1, "ner": 1}


@router.post("/planer/{plan_id}/mal/{goal_id}")
def change_goal(request: Request, plan_id: int, goal_id: int, given: Sent) -> Response:
    """Rename, move, reorder or remove a goal: the button that was pressed says which."""
    do = given.get("do", "")

    def asked(session: Session, mover: Mover, today: date) -> None:
        if do in _STEPS:
            ask_to_reorder_goal(session, plan_id, goal_id, _STEPS[do], mover, today=today)
        elif do == "ta-bort":
            ask_to_remove_goal(session, plan_id, goal_id, mover, today=today)
        else:
            ask_to_change_goal(session, plan_id, goal_id, given, mover, today=today)

    return _ask(request, plan_id, f"mal-{goal_id}", given, asked, "mal")


@router.post("/planer/{plan_id}/koppla")
def connect(request: Request, plan_id: int, given: Sent) -> Response:
    """Tie the ticked activities to a goal, or untie them."""

    def asked(session: Session, mover: Mover, today: date) -> None:
        ask_to_connect(session, plan_id, given, mover, today=today)

    return _ask(request, plan_id, "koppla", given, asked)


@router.post("/planer/{plan_id}/antagen")
def adopt(request: Request, plan_id: int, given: Sent) -> Response:
    """Register that a group adopted the plan, or take such a row away."""

    def asked(session: Session, mover: Mover, today: date) -> None:
        ask = ask_to_take_back_adoption if given.get("adoption") else ask_to_adopt
        ask(session, plan_id, given, mover, today=today)

    return _ask(request, plan_id, "antagen", given, asked)


def _ask(
    request: Request,
    plan_id: int,
    form: str,
    given: Mapping[str, str],
    asked: Editor,
    anchor: str = "",
) -> Response:
    """Make an edit and come back to its form, or show why not."""
    try:
        with transaction(settings_of(request)) as session:
            if session.get(Plan, plan_id) is None:
                raise HTTPException(404)
            asked(session, mover_of(request), today_of(request))
    except Refused as refused:
        return _edit(request, plan_id, Tried(form, refused.sentences, given))
    return RedirectResponse(f"/planer/{plan_id}/andra#{anchor or form}", 303)


@router.get("/planer/{plan_id}/foresla")
def propose_form(request: Request, plan_id: int) -> HTMLResponse:
    """An empty form for a new activity."""
    return _propose(request, plan_id, Tried())


@router.post("/planer/{plan_id}/foresla")
def propose(request: Request, plan_id: int, given: Sent) -> Response:
    """Propose an activity in the plan."""
    try:
        with transaction(settings_of(request)) as session:
            mover, today = mover_of(request), today_of(request)
            months = policy.load(settings_of(request).home).review_months
            activity_id = ask_to_propose(
                session, plan_id, given, mover, today=today, review_months=months
            )
    except Refused as refused:
        return _propose(request, plan_id, Tried("foresla", refused.sentences, given))
    return RedirectResponse(f"/aktiviteter/{activity_id}", 303)


def _propose(request: Request, plan_id: int, tried: Tried) -> HTMLResponse:
    file = on_file(request, plan_id)
    with reading(settings_of(request)) as session:
        values = {
            "plan_id": plan_id,
            "plan": file.plan,
            "nodes": flat(goal_tree(file.plan, file.goals, ())),
            "tried": tried,
        } | _choices(session, [session.get_one(Plan, plan_id).collaboration_id])
    return show(request, "plan_propose.html", "Föreslå en aktivitet", values, _status(tried))


def _status(tried: Tried) -> int:
    return 422 if tried.problems else 200
