"""The plans of a roll-up as they were at the period's end: names, days, whose, what finances them.

A plan's own row tells what is agreed today. Each change keeps the plan whole as it was before, so
the first change after the period tells how it stood then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from models.columns import c
from models.plan import About, Plan, PlanChange
from models.standing import Funding
from models.undoing import stands
from models.year_end import Deed, PlanClosing
from reports.rollup.asked import Asked

PlansThen = Mapping[int, "PlanThen"]


@dataclass(frozen=True, slots=True)
class PlanThen:
    """A plan at the period's end. One that came later is as it stands today, and `there` is not.

    `closed_on` is the day that it was closed, if it was by then.
    """

    title: str
    group_id: int
    parent_id: int | None
    first_day: date | None
    last_day: date | None
    funding: Funding
    there: bool = True
    closed_on: date | None = None

    def begun(self, asked: Asked) -> bool:
        """Was it there, and had its days begun? One without days may always have."""
        return self.there and (self.first_day is None or self.first_day <= asked.until)

    def touches(self, asked: Asked) -> bool:
        """Has it days in the period, before it was closed?"""
        return self.begun(asked) and (not self.ends or self.ends >= asked.period.first)

    @property
    def ends(self) -> date | None:
        """Its last day; sooner where it was closed before. One without days goes on until then."""
        return min((day for day in (self.last_day, self.closed_on) if day), default=None)


def plans_then(session: Session, asked: Asked) -> dict[int, PlanThen]:
    """The collaboration's plans by number.

    1. As they stand.
    2. Those changed since as they were: the first change after the period tells.
    3. Those that had been closed by then.
    """
    p = c(Plan)
    row = (p.id, p.title, p.group_id, p.parent_id, p.first_day, p.last_day)
    money = (p.funding_text, p.funding_amount, p.funding_last)
    ours = p.collaboration_id == asked.collaboration_id, p.withdrawn_on.is_(None)
    rows = session.execute(select(*row, *money).where(*ours).order_by(p.id))
    found = {
        id_: PlanThen(title, group, parent, first, last, Funding(*used))
        for id_, title, group, parent, first, last, *used in rows
    }
    for plan_id, before in _first_changes_since(session, asked).items():
        now = found[plan_id]
        found[plan_id] = _read(before) if before else replace(now, there=False)
    for plan_id, day in _closed(session, asked).items():
        if plan_id in found:
            found[plan_id] = replace(found[plan_id], closed_on=day)
    return found


def _closed(session: Session, asked: Asked) -> dict[int, date]:
    """Plans that were closed at the period's end, and not opened again."""
    row = c(PlanClosing)
    rows = session.execute(
        select(row.plan_id, row.deed, row.on_day)
        .where(row.on_day <= asked.until)
        .order_by(row.on_day, row.id)
    )
    latest = {plan_id: (deed, on_day) for plan_id, deed, on_day in rows}
    return {id_: day for id_, (deed, day) in latest.items() if deed is Deed.CLOSED}


def _first_changes_since(session: Session, asked: Asked) -> dict[int, dict[str, Any] | None]:
    """Plans that were changed after the period, as they were before that. None: not there."""
    x = c(PlanChange)
    rows = session.execute(
        select(x.plan_id, x.before)
        .join(Plan, c(Plan).id == x.plan_id)
        .where(x.about == About.PLAN, x.on_day > asked.until, stands(x))
        .where(c(Plan).collaboration_id == asked.collaboration_id)
        .where(c(Plan).withdrawn_on.is_(None))
        .order_by(x.on_day.desc(), x.id.desc())
    )
    return {row.plan_id: row.before for row in rows}


def _read(before: dict[str, Any]) -> PlanThen:
    """A plan as a change kept it. Before plans had money, nothing was kept of it."""
    first, last, used_by = (
        date.fromisoformat(told) if (told := before.get(day)) else None
        for day in ("first_day", "last_day", "funding_last")
    )
    money = Funding(before.get("funding_text", ""), before.get("funding_amount"), used_by)
    parent = before.get("parent_id")
    return PlanThen(before["title"], before["group_id"], parent, first, last, money)
