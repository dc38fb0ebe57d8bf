"""What stands beside a deviation report on its page: a choice of figures, what groups wrote."""

from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session

from intake.deviation.analysis import LONGEST, current_plan
from models.activity import Activity
from models.columns import c
from models.deviation_analysis import DeviationAnalysis
from models.edition import Edition, ReportKind
from models.plan import Plan
from reports.approval import Edited
from reports.blocks import Report
from reports.deviation.words import only
from web.page import today_of
from web.reports.deviation_choice import answered, choice, form


@dataclass(frozen=True, slots=True)
class Tried:
    """What a form brought that could not be kept, and why."""

    problems: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)


NOTHING_TRIED = Tried()


def beside(
    request: Request, session: Session, edition: Edited, send_to: str, tried: Tried
) -> dict[str, Any] | None:
    """The values of `_deviation_choice.html` and `_deviation_analysis.html`, or None."""
    of = edition.frozen.of
    if of.kind is not ReportKind.DEVIATIONS:
        return None
    plan_id = current_plan(session, of.group_id, today_of(request))
    facts = edition.frozen.facts
    asked = choice(request, facts)
    plan = session.get(Plan, plan_id) if plan_id is not None else None
    return {
        "send_to": send_to,
        "fields": form(facts, asked),
        "answered": answered(facts, asked),
        "written": _written(session, edition),
        "plan": plan.title if plan else "",
        "problems": tried.problems,
        "given": tried.given,
        "longest": LONGEST,
    }


def as_chosen(request: Request, edition: Edited, report: Report) -> Report:
    """The report, or its tables of the one column that was chosen."""
    if edition.frozen.of.kind is not ReportKind.DEVIATIONS:
        return report
    asked = choice(request, edition.frozen.facts)
    return only(report, asked.by) if asked.by else report


def _written(session: Session, edition: Edited) -> list[Any]:
    """What is written about the report, whichever edition it was written about."""
    of, a, e = edition.frozen.of, c(DeviationAnalysis), c(Edition)
    asked = (
        select(a.at, a.by, a.pattern, a.measure, a.conclusion, e.number, c(Activity).what)
        .join(Edition, e.id == a.edition_id)
        .outerjoin(Activity, c(Activity).id == a.activity_id)
        .where(
            e.kind == of.kind,
            e.collaboration_id == of.collaboration_id,
            e.group_id.is_not_distinct_from(of.group_id),
            e.period == of.period,
        )
    )
    return list(session.execute(asked.order_by(a.id)).all())
