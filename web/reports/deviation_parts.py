"""What stands beside a deviation report on its page: a choice of figures."""

from typing import Any

from fastapi import Request

from models.edition import ReportKind
from reports.approval import Edited
from reports.blocks import Report
from reports.deviation.words import only
from web.reports.deviation_choice import answered, choice, form


def beside(request: Request, edition: Edited) -> dict[str, Any] | None:
    """The values of `_deviation_choice.html`, or None."""
    if edition.frozen.of.kind is not ReportKind.DEVIATIONS:
        return None
    facts = edition.frozen.facts
    asked = choice(request, facts)
    return {"fields": form(facts, asked), "answered": answered(facts, asked)}


def as_chosen(request: Request, edition: Edited, report: Report) -> Report:
    """The report, or its tables of the one column that was chosen."""
    if edition.frozen.of.kind is not ReportKind.DEVIATIONS:
        return report
    asked = choice(request, edition.frozen.facts)
    return only(report, asked.by) if asked.by else report
