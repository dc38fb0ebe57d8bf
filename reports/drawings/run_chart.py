"""A run chart: a figure over time, its median, and the stretches that are more than chance.

On a phone, and in a letter, it is drawn narrow: its newest points, in everyday words. `plain`:
the wide one speaks everyday words too.
Which points are a signal is decided by the caller (`rules/`); here they are only marked. Figures
that may not be told (None) leave a gap in the line and say "<5" or the words given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reports.blocks import Picture, Table
from reports.drawings.svg import draw

WIDE, HIGH = 760, 300
PHONE, NEWEST = 360, 6  # as wide as a phone, and so many points there
ROOM = 50.0  # over the median, for its word and the way to it
LETTER, GAP = 6.6, 12.0  # of the words under it
LEFT, RIGHT, TOP, BOTTOM = 52.0, 44.0, 30.0, 52.0


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: what period it is for, the figure (None: not told) and how it is written."""

    period: str
    figure: float | None
    words: str
    signal: bool = False


def run_chart(
    points: Sequence[Point],
    median: float | None,
    *,
    name: str,
    caption: str,
    figure: str,
    says: str,
    small: bool = False,
    plain: bool = False,
) -> Picture:
    """The picture. `figure` names what is counted; `says` tells what the chart shows.

    `small`: half as high, where nothing can be said of it.
    """
    svg = _drawn(points, median, figure, WIDE, small=small, plain=plain)
    narrow = _drawn(points[-NEWEST:], median, figure, PHONE, small=small, plain=True)
    table = _as_table(points, caption, figure, plain=plain)
    return Picture(name, svg, says, caption, table, narrow)


def _drawn(
    points: Sequence[Point],
    median: float | None,
    figure: str,
    wide: int,
    *,
    small: bool,
    plain: bool,
) -> str:
    """The SVG of some points, so many units wide."""
    high = HIGH // 2 if small else HIGH
    told = [point.figure for point in points if point.figure is not None]
    most = _ceiling(max([*told, median or 0, 1]))
    step = (wide - LEFT - RIGHT) / max(1, len(points) - 1)
    apart = _apart(points, step)
    placed: list[dict[str, object]] = [
        {
            "x": round(LEFT + place * step, 2) if len(points) > 1 else (wide + LEFT - RIGHT) / 2,
            "y": None if point.figure is None else _y(point.figure, most, high),
            "point": point,
            "named": (len(points) - 1 - place) % apart == 0,
        }
        for place, point in enumerate(points)
    ]
    return draw(
        "run_chart",
        wide=wide,
        plain=plain,
        high=high,
        left=LEFT,
        right=wide - RIGHT,
        bottom=high - BOTTOM,
        placed=placed,
        lines=_lines(placed),
        ticks=[
            (_y(most * part / 4, most, high), _written(most * part / 4))
            for part in range(0, 5, 2 if small else 1)
        ],
        median=None if median is None else (_y(median, most, high), _written(median)),
        median_below=_crowded(placed, median, most, high),
        figure=figure,
    )


def _as_table(points: Sequence[Point], caption: str, figure: str, *, plain: bool) -> Table:
    """The same in words; a column for signals where there are any."""
    head, rows = ("Period", figure), [(point.period, point.words) for point in points]
    if any(point.signal for point in points):
        heading, told = ("Ovanligt", "ja") if plain else ("Mer än slump", "signal")
        signals = [told if point.signal else "" for point in points]
        return Table(
            f"{caption}, som tabell",
            (*head, heading),
            tuple((*row, signal) for row, signal in zip(rows, signals, strict=True)),
            frozenset({1}),
        )
    return Table(f"{caption}, som tabell", head, tuple(rows), frozenset({1}))


def _crowded(
    placed: Sequence[dict[str, object]], median: float | None, most: float, high: int
) -> bool:
    """Do the last points lie just over the median, where its word would stand?"""
    if median is None:
        return False
    line = _y(median, most, high)
    last = [one["y"] for one in placed[-2:]]
    return any(isinstance(y, float) and line - ROOM <= y <= line for y in last)


def _apart(points: Sequence[Point], step: float) -> int:
    """Every how many points a period is written, counted from the last: so that none collide."""
    widest = max((len(point.period) for point in points), default=0) * LETTER + GAP
    return max(1, ceil(widest / step))


def _lines(placed: Sequence[dict[str, object]]) -> list[str]:
    """Paths through the points that are told; a gap where one is not."""
    lines, current = [], ""
    for one in placed:
        if one["y"] is None:
            lines.append(current)
            current = ""
        else:
            current += f"{'L' if current else 'M'}{one['x']} {one['y']}"
    return [line for line in [*lines, current] if "L" in line]


def _y(figure: float, most: float, high: int) -> float:
    return round(high - BOTTOM - figure / most * (high - BOTTOM - TOP), 2)


def _ceiling(most: float) -> float:
    """A round figure above the highest, that four steps divide."""
    size = 1.0
    while size * 10 < most:
        size *= 10
    return next(size * times for times in (1, 2, 4, 6, 8, 10, 20) if size * times >= most)


def _written(figure: float) -> str:
    return f"{figure:g}".replace(".", ",")
