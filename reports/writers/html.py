"""A report as HTML: the body for a page of ours, and a file that stands alone in a folder."""

import re
from pathlib import Path
from typing import Any

from reports.blocks import Heading, Report, as_plain, numbered
from reports.words import cleaned
from templates import render

_STYLE = Path(__file__).resolve().parents[2] / "templates" / "report" / "alone.css"


def write_html(report: Report) -> str:
    """The report as one HTML file with nothing to fetch from elsewhere."""
    return render("report/alone.html", style=_STYLE.read_text("utf-8"), **values(report))


def values(report: Report) -> dict[str, Any]:
    """What the templates in `templates/report/` need to show a report."""
    report = cleaned(report)
    anchors = _anchors(report)
    contents = [
        (block.text, anchors[place], block.level)
        for place, block in enumerate(report.blocks)
        if isinstance(block, Heading) and block.level <= 2
    ]
    return {
        "report": as_plain(report),
        "labels": numbered(report.blocks),
        "anchors": anchors,
        "contents": contents,
    }


def _anchors(report: Report) -> dict[int, str]:
    """A stable name for each heading, by its place: "ekonomi-2025"; a second one gets a number."""
    taken: dict[str, int] = {}
    anchors = {}
    for place, block in enumerate(report.blocks):
        if isinstance(block, Heading):
            name = re.sub(r"[^\wåäö]+", "-", block.text.lower()).strip("-") or "avsnitt"
            taken[name] = taken.get(name, 0) + 1
            anchors[place] = name if taken[name] == 1 else f"{name}-{taken[name]}"
    return anchors
