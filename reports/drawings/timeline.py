"""The timeline (Gantt) of a plan: a line for each activity, months across, vague ends faint.

Pure geometry; the shapes are `templates/report/timeline.svg`.
"""

from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from reports.blocks import Picture
from reports.drawings.bars import Bar, Row, as_table, share, stretches
from reports.drawings.looks import MONTHS, dark
from reports.drawings.svg import draw
from rules.wording import counted, day_in_words

WORDS, WIDE, RIGHT = 300, 900, 16  # the column of words, the whole drawing, the margin
LINE, HEAD, TOP = 34, 26, 44  # heights of an activity, of a row's name, above the first
LETTERS = 44  # of a line of words
SHORTEST = 4.0


def timeline(
    rows: Sequence[Row], first: date, last: date, today: date | None, *, name: str, caption: str
) -> Picture:
    """Activities between two days. `today` outside them gives no line."""
    lines: list[dict[str, object]] = []
    y = float(TOP)
    for row in rows:
        lines.append({"row": row.name, "y": y + 18})
        y += HEAD
        for bar in row.bars:
            lines.append(_line(bar, y, first, last))
            y += LINE
    shown = today if today and first <= today <= last else None
    svg = draw(
        "timeline",
        wide=WIDE,
        high=y + 46,
        top=TOP - 10,
        bottom=y + 4,
        words=WORDS,
        months=_months(first, last),
        lines=lines,
        line=LINE,
        today=shown and _x(share(shown, first, last)),
        looks=list({bar.look.words: bar.look for row in rows for bar in row.bars}.values()),
    )
    total = counted(sum(len(row.bars) for row in rows), "aktivitet", "aktiviteter")
    alt = f"Tidslinje från {day_in_words(first)} till {day_in_words(last)} med {total}."
    return Picture(name, svg, alt, caption, as_table(rows, f"{caption}, som tabell", "Mål"))


def _line(bar: Bar, y: float, first: date, last: date) -> dict[str, object]:
    words = wrap(f"{bar.number}. {bar.what}", LETTERS, max_lines=2, placeholder=" …")
    due = bar.deadline.last
    parts = [
        {
            "x": _x(part.first),
            "width": max(SHORTEST, round(_x(part.last) - _x(part.first), 2)),
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
        "mark": _x(share(due, first, last)) if due and first <= due <= last else None,
    }


def _x(part: float) -> float:
    return round(WORDS + part * (WIDE - WORDS - RIGHT), 2)


def _months(first: date, last: date) -> list[dict[str, object]]:
    """The months within the days; in more than two years only each January is named."""
    found = []
    month = date(first.year, first.month, 1)
    crowded = (last - first).days > 740
    while month <= last:
        name = MONTHS[month.month - 1] if not crowded else ""
        if month.month == 1 and (crowded or first.year != last.year):
            name = str(month.year)
        found.append({"x": _x(share(max(month, first), first, last)), "name": name})
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found
