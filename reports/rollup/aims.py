"""Goals that no activity served at the period's end, also where goals were changed since."""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from models.columns import c
from models.plan import PlanChange
from models.statements import run
from models.undoing import stands
from reports.rollup.asked import Asked
from reports.rollup.counts import STATE_THEN, first_after
from reports.rollup.plans_then import PlansThen
from reports.rollup.shapes import MOST_NAMED
from rules.wording import alphabetically


def goals_without_activity(
    session: Session, asked: Asked, plans: PlansThen
) -> dict[int, list[str]]:
    """The goals, lowest in their trees, of plans of the period that no activity serves, by group.

    1. The goals as they were, with whether anything serves them.
    2. An activity that was given other goals since serves those it had then.
    3. One that was rejected or taken back serves nothing.
    """
    of_period = {id_: plan for id_, plan in plans.items() if plan.touches(asked)}
    if not of_period:
        return {}
    goals = _as_they_were(session, asked, list(of_period))
    served = _served_before(session, asked, list(of_period))
    served |= {g["id"] for g in goals if g["served"]}
    above = {goal["parent_id"] for goal in goals}

    def place(goal: dict[str, Any]) -> tuple[object, ...]:
        plan = of_period[goal["plan_id"]]
        first = str(plan.first_day or "")
        return first, alphabetically(plan.title), goal["position"], goal["id"]

    goals.sort(key=place)
    found: dict[int, list[str]] = defaultdict(list)
    for goal in goals:
        group, id_ = of_period[goal["plan_id"]].group_id, goal["id"]
        if group not in asked.groups or id_ in above or id_ in served:
            continue
        if len(found[group]) < MOST_NAMED:
            found[group].append(goal["text"])
    return found


def _as_they_were(session: Session, asked: Asked, plans: list[int]) -> list[dict[str, Any]]:
    """A goal that came later is left out, one that was removed since is there."""
    rows = run(
        session.connection(),
        f"""
        WITH aimed_then AS ({first_after("goals", "ids")})
        SELECT g.plan_id, g.id, g.parent_id, g.position, g.text, EXISTS (
            SELECT 1 FROM activity_goal x JOIN activity a ON a.id = x.activity_id
            WHERE x.goal_id = g.id AND {STATE_THEN} NOT IN ('avslagen', 'återtagen')
              AND a.id NOT IN (SELECT activity_id FROM aimed_then)) AS served
        FROM goal g WHERE g.plan_id IN ({_numbers(plans)}) ORDER BY g.id""",  # noqa: S608 - own words
        asked.days,
    )
    found = {row.id: dict(row._mapping) for row in rows}
    for row in _changed_since(session, asked, plans):
        if row.before is None:
            found.pop(row.goal_id, None)
            continue
        new = {"plan_id": row.plan_id, "id": row.goal_id, "served": False}
        known = found.get(row.goal_id, new)
        told = {name: row.before[name] for name in ("text", "parent_id", "position")}
        found[row.goal_id] = {**known, **told}
    return list(found.values())


def _changed_since(session: Session, asked: Asked, plans: list[int]) -> list[Any]:
    """Changes of goals after the period, the latest first: the first of each has the last word."""
    x = c(PlanChange)
    query = (
        select(x.plan_id, x.goal_id, x.before)
        .where(x.plan_id.in_(plans), x.goal_id.is_not(None))
        .where(x.on_day > asked.until, stands(x))
        .order_by(x.on_day.desc(), x.id.desc())
    )
    return list(session.execute(query))


def _served_before(session: Session, asked: Asked, plans: list[int]) -> set[int]:
    """The goals that activities had until they were given others, after the period."""
    rows = run(
        session.connection(),
        f"""
        WITH aimed_then AS ({first_after("goals", "ids")})
        SELECT t.was FROM aimed_then t JOIN activity a ON a.id = t.activity_id
        WHERE a.plan_id IN ({_numbers(plans)})
          AND {STATE_THEN} NOT IN ('avslagen', 'återtagen')
        ORDER BY a.id""",  # noqa: S608 - own words
        asked.days,
    )
    return {number for (ids,) in rows for number in json.loads(ids or "[]")}


def _numbers(ids: list[int]) -> str:
    return ", ".join(str(id_) for id_ in ids)
