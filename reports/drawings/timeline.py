"""The timeline (Gantt) of a plan: a line for each activity, months across, vague ends faint.

Pure geometry; the shapes are `templates/report/timeline.svg`.
"""

from collections.abc import Sequence
from datetime import date
from textwrap import wrap
from typing import NamedTuple

from reports.blocks import Picture
from reports.drawings.bars import Bar, Row, as_table, share, stretches
from reports.drawings.looks import MONTHS, dark
from reports.drawings.svg import draw
from rules.wording import counted, day_in_words

HEAD, TOP = 26, 44  # heights of a row's name, and above the first
SHORTEST = 4.0
_LOOK = 108  # how wide a look's sign and word are, under the drawing


class Across(NamedTuple):
    """The column of words, the whole drawing, the margin; an activity's height, where its line is
    in that, and the letters of a line of words.
    """

    words: int
    wide: int
    right: int
    line: int
    bar: int
    letters: int


_ON_PAPER = Across(300, 900, 16, 34, 9, 44)
_ON_A_PHONE = Across(6, 360, 8, 62, 37, 50)  # words over the line, not beside it


def timeline(
    rows: Sequence[Row], first: date, last: date, today: date | None, *, name: str, caption: str
) -> Picture:
    """Activities between two days. `today` outside them gives no line."""
    shown = today if today and first <= today <= last else None
    svg, narrow = (_drawn(rows, first, last, shown, at) for at in (_ON_PAPER, _ON_A_PHONE))
    total = counted(sum(len(row.bars) for row in rows), "aktivitet", "aktiviteter")
    alt = f"Tidslinje från {day_in_words(first)} till {day_in_words(last)} med {total}."
    table = as_table(rows, f"{caption}, som tabell", "Mål")
    return Picture(name, svg, alt, caption, table, narrow)


def _drawn(rows: Sequence[Row], first: date, last: date, today: date | None, at: Across) -> str:
    """The SVG, as wide as that."""
    lines: list[dict[str, object]] = []
    y = float(TOP)
    for row in rows:
        lines.append({"row": row.name, "y": y + 18})
        y += HEAD
        for bar in row.bars:
            lines.append(_line(bar, y, first, last, at))
            y += at.line
    looks = list({bar.look.words: bar.look for row in rows for bar in row.bars}.values())
    a_row = at.wide // _LOOK
    signs = [
        {"look": look, "x": _LOOK * (place % a_row), "y": y + 4 + 20 * (place // a_row)}
        for place, look in enumerate(looks)
    ]
    return draw(
        "timeline",
        wide=at.wide,
        high=y + 46 + 20 * ((len(looks) - 1) // a_row if looks else 0),
        top=TOP - 10,
        bottom=y + 4,
        months=_months(first, last, at),
        lines=lines,
        bar=at.bar,
        today=today and _x(share(today, first, last), at),
        signs=signs,
    )


def _line(bar: Bar, y: float, first: date, last: date, at: Across) -> dict[str, object]:
    words = wrap(f"{bar.number}. {bar.what}", at.letters, max_lines=2, placeholder=" …")
    due = bar.deadline.last
    parts = [
        {
            "x": _x(part.first, at),
            "width": max(SHORTEST, round(_x(part.last, at) - _x(part.first, at), 2)),
            "vague": part.vague,
        }
        for part in stretches(bar, first, last)
    ]
    return {
        "row": "",
        "y": y,
        "words": words,
        "title": f"{bar.what} ({bar.look.words})",
        "parts": parts,
        "look": bar.look,
        "white": dark(bar.look),
        "mark": _x(share(due, first, last), at) if due and first <= due <= last else None,
    }


def _x(part: float, at: Across) -> float:
    return round(at.words + part * (at.wide - at.words - at.right), 2)


def _months(first: date, last: date, at: Across) -> list[dict[str, object]]:
    """The months within the days; in more than two years only each January is named."""
    found = []
    month = date(first.year, first.month, 1)
    crowded = (last - first).days > 740
    while month <= last:
        name = MONTHS[month.month - 1] if not crowded else ""
        if month.month == 1 and (crowded or first.year != last.year):
            name = str(month.year)
        found.append({"x": _x(share(max(month, first), first, last), at), "name": name})
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found
