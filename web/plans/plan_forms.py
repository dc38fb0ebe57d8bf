"""Making and editing plans: their facts, goals, adoption, what serves which goal; proposing in one.

Each form is a transaction of its own. A refusal says everything that is missing, and the form comes
back as it was left.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from config.policy import Policy
from intake.lives.goal_changes import (
    ask_to_add_goal,
    ask_to_change_goal,
    ask_to_connect,
    ask_to_remove_goal,
    ask_to_reorder_goal,
)
from intake.lives.moves import hard_lacks
from intake.lives.plan_changes import (
    ask_to_adopt,
    ask_to_change_plan,
    ask_to_take_back_adoption,
    start_plan,
)
from intake.lives.proposals import ask_to_propose
from models.columns import c
from models.database import reading
from models.decision import Decision
from models.group import Group
from models.lacks import IN_WORDS
from models.lifecycle import Move, rule_of
from models.moves import Mover
from models.plan import Adoption, Goal, Plan, TargetGroup
from models.standing import GoalStanding, PlanStanding, plan_standing
from models.undoing import batch_of
from rules.wording import alphabetically, with_och
from web.belongings import LARGEST
from web.page import settings_of, show
from web.people.register import group_choices, led_areas
from web.plans.plan_undo import receipt_in_plan
from web.plans.plans import flat, goal_tree, on_file
from web.sent import Sent, Tried, attempt, existing, locked, seen

router = APIRouter()
Editor = Callable[[Session, Mover, date], object]


@router.get("/planer/ny")
def new(request: Request) -> HTMLResponse:
    """An empty form for a new plan."""
    return _new(request, Tried())


@router.post("/planer/ny")
def start(request: Request, given: Sent) -> Response:
    """Put a new plan on file."""

    def do(session: Session, mover: Mover, today: date) -> str:
        number = start_plan(session, given, mover, today=today)
        return f"/planer/{number}/andra?gjort={batch_of(session, today)}"

    return attempt(request, "plan", given, do, partial(_new, request))


def _new(request: Request, tried: Tried) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        led = [area for area, _ in led_areas(session, request)]
        values = {
            "tried": tried,
            "plan": PlanStanding(title="", group_id=0),
            "plan_id": None,
        } | _choices(session, led)
    return show(request, "plan_new.html", "Ny plan", values, tried.status)


@router.get("/planer/{plan_id}/andra")
def edit(request: Request, plan_id: int, gjort: str = "") -> HTMLResponse:
    """The forms of a plan; the address may say what was done just now (`gjort`)."""
    return _edit(request, plan_id, Tried(), gjort)


def _edit(request: Request, plan_id: int, tried: Tried, done: str = "") -> HTMLResponse:
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
            "receipt": receipt_in_plan(session, plan_id, file, done),
            "plan_now": plan_now,
            "goal_now": goal_now,
        } | _choices(session, [session.get_one(Plan, plan_id).collaboration_id], plan_id)
    title = f"Ändra {file.plan.title}"
    return show(request, "plan_edit.html", title, values, tried.status)


def _choices(session: Session, areas: Sequence[int], plan_id: int | None = None) -> dict[str, Any]:
    """The groups, plans and target groups that the forms offer."""
    plans = session.execute(
        select(c(Plan).id, c(Plan).title, c(Group).name.label("group"))
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(
            c(Plan).collaboration_id.in_(areas),
            c(Plan).id != (plan_id or 0),
            c(Plan).withdrawn_on.is_(None),
        )
    ).all()
    tags = session.execute(
        select(c(TargetGroup).name).where(c(TargetGroup).collaboration_id.in_(areas)).distinct()
    ).scalars()
    return {
        "all_groups": group_choices(session, areas),
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


def plan_now(plan: PlanStanding) -> dict[str, object]:
    """What the form of a plan is filled from, by the names of its fields."""
    return {
        "title": plan.title,
        "group": plan.group_id,
        "parent": plan.parent_id or "",
        "first_day": plan.first_day or "",
        "last_day": plan.last_day or "",
        "adopted_on": plan.adopted_on or "",
        "cap": plan.cap or "",
        "funding": plan.funding_text,
        "purpose": plan.purpose,
        "target_groups": "\n".join(plan.target_groups),
        "target_group_words": plan.target_group_words,
        "goal_words": plan.goal_words,
    }


def goal_now(goal: Goal | GoalStanding) -> dict[str, object]:
    """What the form of a goal is filled from."""
    return {"text": goal.text, "parent": goal.parent_id or "", "called": goal.called}


_PLAN_LABELS = {
    "title": "Planens namn",
    "group": "Gruppen som äger planen",
    "parent": "Hör till",
    "first_day": "Från och med",
    "last_day": "Till och med",
    "adopted_on": "Fastställd den",
    "cap": "Högst så här många öppna aktiviteter",
    "funding": "Medel för hela planen",
    "purpose": "Syfte",
    "target_groups": "Målgrupper",
    "target_group_words": "Mer om målgrupperna",
    "goal_words": "Vad ni kallar målen",
}
_GOAL_LABELS = {"text": "Målet", "parent": "Under", "called": "Eget ord"}


@router.post("/planer/{plan_id}/andra")
def change(request: Request, plan_id: int, given: Sent) -> Response:
    """Change the plan's own facts."""

    def asked(session: Session, mover: Mover, today: date) -> None:
        locked(session, Plan, plan_id)
        now = plan_standing(session, plan_id)
        assert now is not None
        asked_for = seen(given, plan_now(now), _PLAN_LABELS)
        ask_to_change_plan(session, plan_id, asked_for, mover, today=today)

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
            locked(session, Plan, plan_id)
            goal = session.get(Goal, goal_id) if goal_id <= LARGEST else None
            asked_for = seen(given, goal_now(goal), _GOAL_LABELS) if goal else given
            ask_to_change_goal(session, plan_id, goal_id, asked_for, mover, today=today)

    return _ask(request, plan_id, f"mal-{goal_id}", given, asked)


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
) -> Response:
    """Make an edit and tell of it on the page, or show why not."""

    def do(session: Session, mover: Mover, today: date) -> str:
        existing(session, Plan, plan_id)
        asked(session, mover, today)
        return f"/planer/{plan_id}/andra?gjort={batch_of(session, today)}"

    return attempt(request, form, given, do, partial(_edit, request, plan_id))


@router.get("/planer/{plan_id}/foresla")
def propose_form(request: Request, plan_id: int) -> HTMLResponse:
    """An empty form for a new activity."""
    return _propose(request, plan_id, Tried())


@router.post("/planer/{plan_id}/foresla")
def propose(request: Request, plan_id: int, given: Sent) -> Response:
    """Propose an activity in the plan."""
    months = policy.load(settings_of(request).home).review_months

    def do(session: Session, mover: Mover, today: date) -> str:
        proposed = ask_to_propose(session, plan_id, given, mover, today=today, review_months=months)
        return f"/aktiviteter/{proposed}?gjort={batch_of(session, today)}"

    return attempt(request, "foresla", given, do, partial(_propose, request, plan_id))


def _must(promises: Policy) -> str:
    """What this installation refuses to decide an activity without, in words; "" as shipped."""
    asked = [need.lack for need in rule_of(Move.DECIDE).needs if need.lack is not None]
    hard = hard_lacks(promises)
    named = [IN_WORDS[lack] for lack in asked if lack in hard]
    return with_och(named) if named else ""


def _propose(request: Request, plan_id: int, tried: Tried) -> HTMLResponse:
    file = on_file(request, plan_id)
    with reading(settings_of(request)) as session:
        values = {
            "plan_id": plan_id,
            "plan": file.plan,
            "nodes": flat(goal_tree(file.plan, file.goals, ())),
            "must": _must(policy.load(settings_of(request).home)),
            "tried": tried,
        } | _choices(session, [session.get_one(Plan, plan_id).collaboration_id])
    return show(request, "plan_propose.html", "Föreslå en aktivitet", values, tried.status)
