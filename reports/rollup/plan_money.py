"""What finances the plans themselves, as it was agreed at the period's end.

An activity's own money is told with the activity (`listed.py`); what both come to as words is
`sections.py`.
"""

from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from models.columns import c
from models.plan import About, Plan, PlanChange
from models.standing import Funding
from reports.rollup.asked import Asked
from reports.rollup.shapes import PlanMoney


def plans_money(session: Session, asked: Asked) -> tuple[PlanMoney, ...]:
    """The money of the groups' plans for days in the period, or that may be used in it.

    1. The plans that were there, as they stand.
    2. Those that were changed since as they were: the first change after the period tells.
    3. Left out: those without money, and those for other days.
    """
    plans = _as_they_stand(session, asked)
    for plan_id, before in _first_changes_since(session, asked).items():
        plans.pop(plan_id, None)
        if before is not None:
            plans[plan_id] = before
    found = [
        (list(asked.groups).index(plan["group_id"]), _money(plan, asked))
        for plan in plans.values()
        if plan["group_id"] in asked.groups and _tells(plan, asked)
    ]
    found.sort(key=lambda one: (one[0], one[1].plan.casefold(), one[1].plan))
    return tuple(money for _, money in found)


def _as_they_stand(session: Session, asked: Asked) -> dict[int, dict[str, Any]]:
    p = c(Plan)
    rows = session.execute(
        select(
            p.id,
            p.group_id,
            p.title,
            p.first_day,
            p.last_day,
            p.funding_text,
            p.funding_amount,
            p.funding_last,
        )
        .where(p.collaboration_id == asked.collaboration_id)
        .where(or_(p.funding_text != "", p.funding_amount.is_not(None)))
    )
    return {row.id: dict(row._mapping) for row in rows}


def _first_changes_since(session: Session, asked: Asked) -> dict[int, dict[str, Any] | None]:
    """Plans that were changed after the period, as they were before that. None: not there."""
    x, p = c(PlanChange), c(Plan)
    rows = session.execute(
        select(x.plan_id, x.before)
        .join(Plan, p.id == x.plan_id)
        .where(x.about == About.PLAN, x.on_day > asked.until)
        .where(p.collaboration_id == asked.collaboration_id)
        .order_by(x.on_day.desc(), x.id.desc())
    )
    return {plan_id: before and _read(before) for plan_id, before in rows}


def _read(before: dict[str, Any]) -> dict[str, Any]:
    """A plan as a change kept it. Before plans had money, nothing was kept of it."""
    days = ("first_day", "last_day", "funding_last")
    return {
        "group_id": before["group_id"],
        "title": before["title"],
        "funding_text": before.get("funding_text", ""),
        "funding_amount": before.get("funding_amount"),
        **{day: date.fromisoformat(told) if (told := before.get(day)) else None for day in days},
    }


def _tells(plan: dict[str, Any], asked: Asked) -> bool:
    if not plan["funding_text"] and plan["funding_amount"] is None:
        return False
    first, lasts = plan["first_day"], (plan["last_day"], plan["funding_last"])
    begun = first is None or first <= asked.until
    return begun and (plan["last_day"] is None or max(filter(None, lasts)) >= asked.period.first)


def _money(plan: dict[str, Any], asked: Asked) -> PlanMoney:
    money = Funding(plan["funding_text"], plan["funding_amount"], plan["funding_last"])
    return PlanMoney(plan["title"], asked.groups[plan["group_id"]], money)
