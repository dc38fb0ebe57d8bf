"""What the year wheel and the timeline both draw: activities as bars with vague ends.

A bar is whole between the last day it may begin and the first day it may be due; what lies outside
is drawn fainter. Pure: days in, shares of the period out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.lifecycle import State
from reports.blocks import Table
from reports.drawings.looks import LATE, LOOKS, Look


@dataclass(frozen=True, slots=True)
class Days:
    """A start or a deadline: the words, and the first and last day they may mean."""

    text: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One activity in a drawing. `number` stands on it and before its words in the table."""

    number: int
    what: str
    state: State
    start: Days
    deadline: Days
    late: bool = False

    @property
    def look(self) -> Look:
        """How it is drawn."""
        return LATE if self.late else LOOKS[self.state]


@dataclass(frozen=True, slots=True)
class Row:
    """Bars that belong together: a group's, or a goal's."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar, as shares (0 to 1) of the drawn period."""

    first: float
    last: float
    vague: bool


def stretches(bar: Bar, first: date, last: date) -> list[Stretch]:
    """The parts of a bar within the drawn days, from left to right.

    What is surely within is whole: from the last day it may begin to the first day it may be due.
    The rest is vague; all of it where the start is unknown, since nothing says when it began. One
    without a deadline goes on to the end of the period.
    """
    begin = bar.start.first or bar.start.last or first
    due = max(begin, bar.deadline.last or bar.deadline.first or last)
    firm_from = bar.start.last or bar.start.first or due
    firm_to = bar.deadline.first or bar.deadline.last or due
    edges = sorted({begin, due, *(day for day in (firm_from, firm_to) if begin < day < due)})
    parts = []
    for one, other in zip(edges, [*edges[1:], due], strict=True):
        low, high = max(one, first), min(other, last)
        if low > high or (one == other and len(edges) > 1):
            continue
        vague = not firm_from <= one <= other <= firm_to
        parts.append(Stretch(share(low, first, last), share(high, first, last), vague))
    return parts


def share(day: date, first: date, last: date) -> float:
    """How much of the period has passed when the day begins; the day after `last` is 1."""
    return (day - first).days / ((last - first).days + 1)


def lanes(bars: Sequence[Bar], first: date, last: date, apart: float = 0.01) -> list[list[Bar]]:
    """Bars side by side where they overlap: as few lanes as it takes, in order of their start."""
    laid: list[tuple[float, list[Bar]]] = []
    for bar in sorted(bars, key=lambda b: (_ends(b, first, last), b.number)):
        begin, end = _ends(bar, first, last)
        for place, (taken, lane) in enumerate(laid):
            if taken + apart <= begin:
                lane.append(bar)
                laid[place] = (end, lane)
                break
        else:
            laid.append((end, [bar]))
    return [lane for _, lane in laid]


def _ends(bar: Bar, first: date, last: date) -> tuple[float, float]:
    parts = stretches(bar, first, last)
    return (parts[0].first, parts[-1].last) if parts else (0.0, 0.0)


def as_table(rows: Sequence[Row], caption: str, heading: str) -> Table:
    """The same as a table: what a screen reader reads instead of the drawing."""
    return Table(
        caption,
        ("Nr", heading, "Aktivitet", "Läge", "Start", "Klart senast"),
        tuple(
            (
                str(bar.number),
                row.name,
                bar.what,
                bar.look.words,
                bar.start.text or "–",
                bar.deadline.text or "–",
            )
            for row in rows
            for bar in row.bars
        ),
    )
