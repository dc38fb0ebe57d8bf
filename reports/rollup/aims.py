"""Goals that no activity served at the period's end, also where goals were changed since."""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from models.columns import c
from models.plan import Plan, PlanChange
from models.statements import run
from reports.rollup.asked import Asked
from reports.rollup.counts import STATE_THEN, first_after
from reports.rollup.shapes import MOST_NAMED


def goals_without_activity(session: Session, asked: Asked) -> dict[int, list[str]]:
    """The goals, lowest in their trees, of plans of the period that no activity serves, by group.

    1. The goals as they were, with whether anything serves them.
    2. An activity that was given other goals since serves those it had then.
    3. One that was rejected or taken back serves nothing.
    """
    goals = _as_they_were(session, asked)
    served = _served_before(session, asked) | {g["id"] for g in goals if g["served"]}
    above = {goal["parent_id"] for goal in goals}
    goals.sort(key=lambda g: (str(g["first_day"] or ""), g["title"], g["position"], g["id"]))
    found: dict[int, list[str]] = defaultdict(list)
    for goal in goals:
        group, id_ = goal["group_id"], goal["id"]
        if group not in asked.groups or id_ in above or id_ in served:
            continue
        if len(found[group]) < MOST_NAMED:
            found[group].append(goal["text"])
    return found


def _as_they_were(session: Session, asked: Asked) -> list[dict[str, Any]]:
    """A goal that came later is left out, one that was removed since is there."""
    rows = _asked(
        session,
        asked,
        f"""
        WITH aimed_then AS ({first_after("goals", "ids")})
        SELECT p.group_id, p.first_day, p.title, g.id, g.parent_id, g.position, g.text, EXISTS (
            SELECT 1 FROM activity_goal x JOIN activity a ON a.id = x.activity_id
            WHERE x.goal_id = g.id AND {STATE_THEN} NOT IN ('avslagen', 'återtagen')
              AND a.id NOT IN (SELECT activity_id FROM aimed_then)) AS served
        FROM goal g JOIN plan p ON p.id = g.plan_id
        WHERE {_IN_PERIOD}""",  # noqa: S608 - own words
    )
    found = {row.id: dict(row._mapping) for row in rows}
    for row in _changed_since(session, asked):
        if row.before is None:
            found.pop(row.goal_id, None)
            continue
        plan = {"group_id": row.group_id, "first_day": row.first_day, "title": row.title}
        known = found.get(row.goal_id, {**plan, "id": row.goal_id, "served": False})
        told = {name: row.before[name] for name in ("text", "parent_id", "position")}
        found[row.goal_id] = {**known, **told}
    return list(found.values())


def _changed_since(session: Session, asked: Asked) -> list[Any]:
    """Changes of goals after the period, the latest first: the first of each has the last word."""
    x, p = c(PlanChange), c(Plan)
    query = (
        select(x.goal_id, x.before, p.group_id, p.first_day, p.title)
        .join(Plan, p.id == x.plan_id)
        .where(x.goal_id.is_not(None), x.on_day > asked.until)
        .where(p.collaboration_id == asked.collaboration_id)
        .where(p.first_day.is_(None) | (p.first_day <= asked.until))
        .where(p.last_day.is_(None) | (p.last_day >= asked.period.first))
        .order_by(x.on_day.desc(), x.id.desc())
    )
    return list(session.execute(query))


def _served_before(session: Session, asked: Asked) -> set[int]:
    """The goals that activities had until they were given others, after the period."""
    rows = _asked(
        session,
        asked,
        f"""
        WITH aimed_then AS ({first_after("goals", "ids")})
        SELECT t.was FROM aimed_then t JOIN activity a ON a.id = t.activity_id
        JOIN plan p ON p.id = a.plan_id
        WHERE {_IN_PERIOD} AND {STATE_THEN} NOT IN ('avslagen', 'återtagen')""",  # noqa: S608
    )
    return {number for (ids,) in rows for number in json.loads(ids or "[]")}


def _asked(session: Session, asked: Asked, words: str) -> list[Any]:
    values = {**asked.days, "area": asked.collaboration_id}
    return list(run(session.connection(), words, values))


_IN_PERIOD = """p.collaboration_id = :area
          AND (p.first_day IS NULL OR p.first_day <= :until)
          AND (p.last_day IS NULL OR p.last_day >= :first)"""
