"""The year wheel (årshjul): months around, a ring for each group or goal, today's hand.

An activity is an arc with vague ends faded, its deadline a mark on the arc's end. Pure geometry;
the shapes are `templates/report/wheel.svg`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import cos, pi, sin

from reports.blocks import Picture
from reports.drawings.bars import Bar, Row, as_table, lanes, share, stretches
from reports.drawings.looks import MONTHS, Look, dark
from reports.drawings.svg import draw
from rules.wording import counted

SIZE = 760  # the drawing's own units; it scales
CENTRE = SIZE / 2
OUTER, INNER = 318.0, 92.0
GAP = 7.0  # between rings
SHORTEST = 0.012  # of a turn: so much of an activity of one day is seen
TRACK = 16.0  # outside a ring, for its name
LABEL, THINNEST = 12.0, 5.0  # the size of names, and how thin they may make the activities
THICKEST = 44.0  # one activity alone is an arc, and no disc
MOST_NAMED = 6  # rings; more have letters, for their names would leave no room
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"


@dataclass(frozen=True, slots=True)
class _Arc:
    path: str
    vague: bool


@dataclass(slots=True)
class _Band:
    """A ring. Its name stands outside it, along a path; or a letter on it, which the key tells."""

    name: str
    middle: float
    depth: float
    letter: str = ""
    size: float = LABEL
    along: str = ""
    fits: int = 0  # how many characters the path has room for


@dataclass(frozen=True, slots=True)
class _Drawn:
    number: int
    title: str
    look: Look
    width: float
    arcs: tuple[_Arc, ...]
    label: tuple[float, float]
    white: bool
    mark: tuple[float, float] | None


def year_wheel(
    year: int, rings: Sequence[Row], today: date | None, *, caption: str, heading: str = "Grupp"
) -> Picture:
    """The wheel of a year, rings from the rim inwards. `today` outside it gives no hand."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    shown = [(row, [bar for bar in row.bars if stretches(bar, first, last)]) for row in rings]
    laid = [(row.name, lanes(bars, first, last)) for row, bars in shown]
    most = sum(max(1, len(found)) for _, found in laid) or 1
    track = TRACK if len(laid) <= MOST_NAMED else 0.0
    width = (OUTER - INNER - (GAP + track) * len(laid)) / most
    if track and width < THINNEST:
        track, width = 0.0, (OUTER - INNER - GAP * len(laid)) / most
    width = min(width, THICKEST)
    drawn: list[_Drawn] = []
    bands: list[_Band] = []
    rim = OUTER
    for name, found in laid:
        depth = max(1, len(found)) * width
        bands.append(_Band(name, rim - track - depth / 2, depth))
        if track:
            _name_outside(bands[-1], rim - track)
        rim -= track
        for lane, bars in enumerate(found):
            radius = rim - (lane + 0.5) * width
            drawn.extend(_drawn(bar, radius, width * 0.8, first, last) for bar in bars)
        rim -= depth + GAP
    hand = _point(INNER - 24, share(today, first, last)) if today and today.year == year else None
    svg = draw(
        "wheel",
        size=SIZE,
        centre=CENTRE,
        year=year,
        bands=bands,
        explained=[] if track else _with_letters(bands),
        months=_months(first, last, rim),
        drawn=drawn,
        hand=hand and (hand, _point(OUTER + 8, share(today or first, first, last))),
        looks=_looks(drawn),
        inner=INNER,
        outer=OUTER,
    )
    table = as_table(rings, f"{caption}, som tabell", heading)
    return Picture(f"arshjul-{year}", svg, _alt(year, rings, heading), caption, table)


def _name_outside(band: _Band, edge: float) -> None:
    """Lay a ring's name along its outer edge, over the top, where it covers no activity."""
    radius = edge + LABEL / 3
    band.along = _arc(radius, -0.25, 0.25)
    band.fits = int(pi * radius / (LABEL * 0.6))


def _with_letters(bands: Sequence[_Band]) -> list[_Band]:
    """Give every ring a letter where there is no room for names: the rings to explain."""
    between = [one.middle - other.middle for one, other in pairwise(bands)]
    nearest = min(between, default=LABEL)
    for place, band in enumerate(bands):
        turn, letter = divmod(place, len(_LETTERS))
        band.letter = _LETTERS[letter] + (str(turn + 1) if turn else "")
        band.size = min(LABEL, nearest)
    return list(bands)


def _drawn(bar: Bar, radius: float, width: float, first: date, last: date) -> _Drawn:
    parts = stretches(bar, first, last)
    begin, end = parts[0].first, max(parts[-1].last, parts[0].first + SHORTEST)
    arcs = [
        _Arc(_arc(radius, part.first, end if part is parts[-1] else part.last), part.vague)
        for part in parts
    ]
    due = bar.deadline.last
    mark = None
    if due and first <= due <= last:
        mark = _point(radius, max(share(due, first, last), begin + SHORTEST))
    look = bar.look
    middle = (begin + end) / 2
    there = next((part for part in parts if part.first <= middle <= part.last), parts[-1])
    white = dark(look) and not there.vague
    label = _point(radius, middle)
    title = f"{bar.number}. {bar.what} ({look.words})"
    return _Drawn(bar.number, title, look, width, tuple(arcs), label, white, mark)


def _arc(radius: float, begin: float, end: float) -> str:
    """A path along a circle, clockwise from the top; shares of a turn."""
    end = min(end, begin + 0.9999)
    (x, y), (to_x, to_y) = _point(radius, begin), _point(radius, end)
    large = int(end - begin > 0.5)
    return f"M{x:.2f} {y:.2f}A{radius:.2f} {radius:.2f} 0 {large} 1 {to_x:.2f} {to_y:.2f}"


def _point(radius: float, turn: float) -> tuple[float, float]:
    angle = turn * 2 * pi - pi / 2
    return round(CENTRE + radius * cos(angle), 2), round(CENTRE + radius * sin(angle), 2)


def _months(first: date, last: date, inner: float) -> list[dict[str, object]]:
    """A spoke at each month's beginning, through the rings, and its name along the rim."""
    begins = [share(date(first.year, month, 1), first, last) for month in range(1, 13)]
    ends = [*begins[1:], 1.0]
    return [
        {
            "name": name,
            "from": _point(inner, begin),
            "to": _point(OUTER + 8, begin),
            "at": _point(OUTER + 26, (begin + end) / 2),
        }
        for name, begin, end in zip(MONTHS, begins, ends, strict=True)
    ]


def _looks(drawn: Sequence[_Drawn]) -> list[Look]:
    """The looks that occur, for the key."""
    return list({one.look.words: one.look for one in drawn}.values())


def _alt(year: int, rings: Sequence[Row], heading: str) -> str:
    counts = ", ".join(f"{row.name}: {len(row.bars)}" for row in rings)
    total = counted(sum(len(row.bars) for row in rings), "aktivitet", "aktiviteter")
    kind = "grupp" if heading == "Grupp" else heading.lower()
    return f"Årshjul för {year} med {total}, en ring för varje {kind}. {counts}."
