"""A plan's goals as the process leader edits them: added, changed, put in order, removed, tied.

Like all edits of a plan (`plan_changes.py`): all of it or sentences, and the history keeps it.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import exists, func, select, update
from sqlmodel import Session

from intake.forms import Words
from intake.lives.changes import ask_to_change
from intake.lives.plan_changes import editing, upwards
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.moves import Mover, Refused
from models.plan import Goal
from models.refusal import at


def ask_to_add_goal(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Add a goal, last among those it stands beside."""
    with editing(session, plan_id, given, mover, today) as (_, words):
        last = select(func.max(c(Goal).position)).where(c(Goal).plan_id == plan_id)
        position = (session.execute(last).scalar() or 0) + 1
        goal = Goal(plan_id=plan_id, text="", position=position)
        _fill_goal(session, goal, words)
        words.done()
        session.add(goal)


def ask_to_change_goal(
    session: Session,
    plan_id: int,
    goal_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
) -> None:
    """Change a goal's words, or what it stands under."""
    with editing(session, plan_id, given, mover, today) as (_, words):
        _fill_goal(session, _goal(session, plan_id, goal_id), words)
        words.done()


def _fill_goal(session: Session, goal: Goal, words: Words) -> None:
    with session.no_autoflush:
        rows = session.execute(
            select(c(Goal).id, c(Goal).text, c(Goal).parent_id).where(
                c(Goal).plan_id == goal.plan_id
            )
        ).all()
    above = {row.id: row.parent_id for row in rows}
    goal.text, goal.called = words.line("text"), words.line("called")
    goal.parent_id = words.number("parent")
    if not goal.text:
        words.problems.append(at("text", "Skriv målet."))
    if any(row.text.casefold() == goal.text.casefold() and row.id != goal.id for row in rows):
        words.problems.append(at("text", "Planen har redan det målet."))
    if goal.parent_id is not None and goal.parent_id not in above:
        told = "Det överordnade målet finns inte i planen. Välj ett i listan."
        words.problems.append(at("parent", told))
    elif goal.id is not None and goal.id in upwards(goal.parent_id, above):
        told = "Ett mål kan inte ligga under sig självt. Välj ett annat."
        words.problems.append(at("parent", told))


def ask_to_reorder_goal(
    session: Session, plan_id: int, goal_id: int, step: int, mover: Mover, *, today: date
) -> None:
    """Let a goal change places with the one before (-1) or after (1) under the same goal."""
    with editing(session, plan_id, {}, mover, today):
        parent = _goal(session, plan_id, goal_id).parent_id
        order = list(
            session.execute(
                select(c(Goal).id)
                .where(c(Goal).plan_id == plan_id, c(Goal).parent_id.is_not_distinct_from(parent))
                .order_by(c(Goal).position, c(Goal).id)
            ).scalars()
        )
        at = order.index(goal_id)
        if 0 <= at + step < len(order):
            order[at], order[at + step] = order[at + step], order[at]
        for position, number in enumerate(order):
            session.execute(update(Goal).where(c(Goal).id == number).values(position=position))


def ask_to_remove_goal(
    session: Session, plan_id: int, goal_id: int, mover: Mover, *, today: date
) -> None:
    """Take away a goal that nothing is tied to and nothing stands under."""
    with editing(session, plan_id, {}, mover, today):
        goal = _goal(session, plan_id, goal_id)
        problems = []
        if session.execute(select(exists().where(c(ActivityGoal).goal_id == goal_id))).scalar():
            problems.append("Målet har aktiviteter. Koppla dem till ett annat mål först.")
        if session.execute(select(exists().where(c(Goal).parent_id == goal_id))).scalar():
            problems.append("Målet har mål under sig. Flytta eller ta bort dem först.")
        if problems:
            raise Refused(problems)
        session.delete(goal)


def ask_to_connect(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> int:
    """Tie many activities to a goal at a time, or untie them. Returns how many were changed.

    `goal` is the goal's number, `activity_7` is there when activity 7 is ticked.
    """
    words = Words(given, today)
    goal_id = words.number("goal")
    ticked = {int(n[9:]) for n in given if n.startswith("activity_") and n[9:].isdecimal()}
    own = set(
        session.execute(select(c(Activity).id).where(c(Activity).plan_id == plan_id)).scalars()
    )
    texts = dict(
        session.execute(select(c(Goal).id, c(Goal).text).where(c(Goal).plan_id == plan_id))
        .tuples()
        .all()
    )
    if goal_id not in texts:
        words.problems.append(at("goal", "Välj ett mål."))
    if not ticked & own:
        words.problems.append("Kryssa i minst en aktivitet.")
    words.done()
    assert goal_id is not None
    untie = given.get("do") == "koppla-bort"
    changed = 0
    for activity_id in sorted(ticked & own):
        served = set(
            session.execute(
                select(c(ActivityGoal).goal_id).where(c(ActivityGoal).activity_id == activity_id)
            ).scalars()
        )
        wanted = served - {goal_id} if untie else served | {goal_id}
        goals = "\n".join(texts[number] for number in sorted(wanted))
        told = {"goals": goals, "reason": words.line("reason")}
        changed += bool(ask_to_change(session, activity_id, told, mover, today=today))
    return changed


def _goal(session: Session, plan_id: int, goal_id: int) -> Goal:
    goal = session.get(Goal, goal_id)
    if goal is None or goal.plan_id != plan_id:
        raise Refused(["Målet finns inte kvar i planen. Läs in sidan igen."])
    return goal
