"""The tables of one PDF page: by their ruled lines, or by the white between their columns.

Each table is a `Grid` of boxes that know how many rows and columns they cover. Tables that go on
over several pages are joined in `pdf.py`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from intake.readers.pdf_words import Line, Word, lines_of

MAX_COLUMNS = 64

_SNAP = 3.0  # points; edges this near each other are one
_LEAST = 6.0  # points; a box narrower than this is a drawn line


@dataclass(slots=True)
class Box:
    """One cell, with the rows and columns that it covers, counted from 0."""

    row: int
    column: int
    rows: int
    columns: int
    width: float
    lines: list[Line] = field(default_factory=list)

    @property
    def said(self) -> str:
        """Its words, for comparing."""
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class Grid:
    """A table on a page."""

    page: int
    top: float
    bottom: float
    lefts: list[float]
    boxes: list[Box]
    ruled: bool = True
    gaps: list["_Gap"] = field(default_factory=list)  # the white that told its columns

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max((box.row + box.rows for box in self.boxes), default=0)


def ruled_grids(page: Any, words: Sequence[Word], number: int) -> list[Grid]:  # noqa: ANN401
    """The tables that are drawn with lines, from the top down; single boxes are no tables."""
    grids = []
    for table in page.find_tables():
        cells = [cell for cell in table.cells if cell[2] - cell[0] > _LEAST]
        grid = _grid(cells, number)
        if grid is None:
            continue
        _fill(grid, cells, words)
        if any(box.lines for box in grid.boxes):
            grids.append(grid)
    return sorted(grids, key=lambda grid: grid.top)


def _grid(cells: Sequence[tuple[float, float, float, float]], page: int) -> Grid | None:
    lefts = _snapped([cell[0] for cell in cells])
    tops = _snapped([cell[1] for cell in cells])
    if len(lefts) < 2 or len(lefts) > MAX_COLUMNS or not tops:
        return None
    boxes = []
    for x0, top, x1, bottom in cells:
        column, row = _at(lefts, x0), _at(tops, top)
        columns = max(1, _at(lefts, x1 - _SNAP - 1) - column + 1)
        rows = max(1, _at(tops, bottom - _SNAP - 1) - row + 1)
        boxes.append(Box(row, column, rows, columns, x1 - x0))
    high, low = min(cell[1] for cell in cells), max(cell[3] for cell in cells)
    return Grid(page, high, low, lefts, boxes)


def _fill(
    grid: Grid, cells: Sequence[tuple[float, float, float, float]], words: Sequence[Word]
) -> None:
    """Give each box its words. A word belongs where it begins, also when it runs over the edge."""
    inside = [word for word in words if grid.top - 1 <= word.middle <= grid.bottom + 1]
    for box, (x0, top, x1, bottom) in zip(grid.boxes, cells, strict=True):
        own = [
            word
            for word in inside
            if top <= word.middle < bottom
            and x0 <= word.x0 + min(0.4 * word.size, (word.x1 - word.x0) / 2) < x1
        ]
        box.lines = lines_of(own, grid.page)
        indent = min((line.x0 - x0 for line in box.lines), default=0.0)
        box.width = x1 - x0 - 2 * max(0.0, indent)


def _snapped(values: Sequence[float]) -> list[float]:
    """Sorted values, those that are almost the same once."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _SNAP:
            kept.append(value)
    return kept


def _at(starts: Sequence[float], value: float) -> int:
    return max(0, bisect_right(starts, value + _SNAP) - 1)


# --- without lines ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gap:
    """White between two columns."""

    left: float
    right: float


def unruled_grids(
    lines: Sequence[Line], rules: Sequence[float], before: Grid | None = None
) -> list[Grid]:
    """The tables that only white space tells: three columns or more that go on over two rows.

    `rules` are the heights of drawn horizontal lines: where there are some, they end the rows. What
    goes on from the page `before` has its columns, also where the first line fills fewer.
    """
    grids: list[Grid] = []
    at = 0
    while at < len(lines):
        first = _gaps(lines[at])
        wider = _as_before(lines[at], first, before) if before and not grids else []
        end, gaps = _block(lines, at, wider or first)
        if wider and len(gaps) < len(wider):
            wider, (end, gaps) = [], _block(lines, at, first)
        if end - at >= 2 and len(gaps) >= 2:
            left = before.lefts[0] if before and wider else lines[at].x0
            grids.append(_from_white(lines[at:end], gaps, rules, left))
            at = end
        else:
            at += 1
    return grids


def _as_before(line: Line, own: Sequence[_Gap], before: Grid) -> list[_Gap]:
    """The white of the page before, where it is white in this line too and says of more columns."""
    kept = [narrowed for gap in before.gaps if (narrowed := _narrowed(gap, line))]
    alike = all(any(one.left < gap.right and gap.left < one.right for gap in kept) for one in own)
    more = len(kept) == len(before.gaps) > len(own) > 1
    return kept if more and alike else []


def _block(lines: Sequence[Line], at: int, gaps: list[_Gap]) -> tuple[int, list[_Gap]]:
    """Where a table that begins with this line and its white gaps ends, and its gaps there."""
    end, last = at + 1, at + 1
    if len(gaps) < 2:
        return end, gaps
    while end < len(lines) and lines[end].top - lines[end - 1].bottom < 3 * lines[end].size:
        line = lines[end]
        narrowed = [_narrowed(gap, line) for gap in gaps]
        if all(narrowed):
            gaps = [gap for gap in narrowed if gap]
            last = end + 1
        elif end == at + 1 or _gaps(line) or line.words[0].x0 > lines[at].x0 + line.size:
            break
        end += 1
    return last, gaps


def _gaps(line: Line) -> list[_Gap]:
    """The gaps in a line that are wider than those between words."""
    wide = 1.0 * line.size
    return [_Gap(one.x1, two.x0) for one, two in pairwise(line.words) if two.x0 - one.x1 > wide]


def _narrowed(gap: _Gap, line: Line) -> _Gap | None:
    """The part of a gap that is white in this line too; None when words stand right across."""
    left, right = gap.left, gap.right
    for word in line.words:
        if word.x1 <= left or word.x0 >= right:
            continue
        if word.x0 <= left and word.x1 >= right:
            return None
        if word.x1 - left < right - word.x0:
            left = max(left, word.x1)
        else:
            right = min(right, word.x0)
    return _Gap(left, right) if right - left > 0.35 * line.size else None


def _from_white(
    lines: Sequence[Line], gaps: Sequence[_Gap], rules: Sequence[float], first: float
) -> Grid:
    lefts = [min(first, *(line.x0 for line in lines)), *(gap.right for gap in gaps)]
    ends = [*(gap.left for gap in gaps), max(line.x1 for line in lines)]
    boxes: list[Box] = []
    for row, group in enumerate(_row_groups(lines, lefts, gaps, rules)):
        across = [line for line in group if not all(_narrowed(gap, line) for gap in gaps)]
        if across:
            boxes.append(Box(row, 0, 1, len(lefts), ends[-1] - lefts[0], list(group)))
            continue
        for column, (left, end) in enumerate(zip(lefts, ends, strict=True)):
            own = [word for line in group for word in line.words if _column(word, gaps) == column]
            box = Box(row, column, 1, 1, end - left, lines_of(own, group[0].page))
            boxes.append(box)
    _true_widths(boxes)
    top, bottom = lines[0].top, lines[-1].bottom
    return Grid(lines[0].page, top, bottom, lefts, boxes, ruled=False, gaps=list(gaps))


def _true_widths(boxes: Sequence[Box]) -> None:
    """A column without lines is as wide as its widest line."""
    widest: dict[int, float] = {}
    for box in boxes:
        if box.columns == 1:
            widths = [line.x1 - line.x0 for line in box.lines]
            widest[box.column] = max([widest.get(box.column, 0.0), *widths])
    for box in boxes:
        box.width = widest.get(box.column, box.width) if box.columns == 1 else box.width


def _column(word: Word, gaps: Sequence[_Gap]) -> int:
    middle = (word.x0 + word.x1) / 2
    return sum(middle > gap.left for gap in gaps)


def _row_groups(
    lines: Sequence[Line], lefts: Sequence[float], gaps: Sequence[_Gap], rules: Sequence[float]
) -> list[list[Line]]:
    """Lines that are one row: between drawn rules, else between wider gaps, else by the words."""
    begins = (
        _by_rules(lines, rules)
        or _one_each(lines, lefts, gaps)
        or _by_gaps(lines)
        or _by_words(lines, lefts, gaps)
    )
    groups: list[list[Line]] = []
    for line, new in zip(lines, begins, strict=True):
        if new or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _by_rules(lines: Sequence[Line], rules: Sequence[float]) -> list[bool] | None:
    begins = [True] + [
        any(one.bottom - 2 <= rule <= two.top + 2 for rule in rules) for one, two in pairwise(lines)
    ]
    return begins if sum(begins) > 2 else None


def _one_each(
    lines: Sequence[Line], lefts: Sequence[float], gaps: Sequence[_Gap]
) -> list[bool] | None:
    """Where every line fills most columns, every line is a row."""
    filled = (len({_column(word, gaps) for word in line.words}) for line in lines)
    return [True] * len(lines) if all(many * 3 > len(lefts) * 2 for many in filled) else None


def _by_gaps(lines: Sequence[Line]) -> list[bool] | None:
    between = [two.top - one.bottom for one, two in pairwise(lines)]
    size = median(line.size for line in lines)
    narrow, wide = min(between), max(between)
    if wide - narrow < 0.3 * size:
        return None
    return [True] + [gap > narrow + 0.25 * size for gap in between]


def _by_words(lines: Sequence[Line], lefts: Sequence[float], gaps: Sequence[_Gap]) -> list[bool]:
    """A row begins where its first column does, or where half of its columns do."""
    filled = [{_column(word, gaps) for word in line.words} for line in lines]
    if all(0 in columns for columns in filled):
        return [True] * len(lines)
    return [0 in columns or len(columns) * 2 > len(lefts) for columns in filled]
