"""Tables of a PDF that go on over several pages, joined; and as rows of cells.

A page repeats the headings or cuts a row in two; a merged cell may go on over it. What stands on
one page is told in `pdf_tables.py`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from intake.documents import Cell, Paragraph, Table, clean
from intake.readers.pdf_tables import Box, Grid
from intake.readers.pdf_words import written

_TIME = re.compile(
    r"(?:senast |under |från |i |slutet av |början av )?"
    r"(?:(?:jan|feb|mars?|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}\b"
    r"|(?:vår|höst|sommar|vinter)(?:e?n|terminen)?\b"
    r"|kvartal|tertial|halvår|vecka\b|v\.? ?\d|kv\.? ?\d|[qt]\d|ht\b"
    r"|vt\b|löpande|årlig|pågå|klart?\b|ej |inte )"
)


@dataclass(slots=True)
class Joined:
    """A table over one page or several, its rows counted on."""

    grids: list[Grid]
    boxes: list[tuple[int, Box]]  # with the page each begins on
    lefts: list[float]
    rows: int
    head: list[tuple[str, ...]] = field(default_factory=list)


def add_to(blocks: list[Paragraph | Joined], grid: Grid) -> None:
    """A table at the head of a page that has the columns of the one before goes on with it."""
    before = blocks[-1] if blocks else None
    if isinstance(before, Joined) and before.grids[-1].page == grid.page - 1:
        moved = moved_to(grid, before.lefts)
        if moved:
            _go_on(before, moved)
            return
    blocks.append(Joined([grid], [(grid.page, box) for box in grid.boxes], grid.lefts, grid.rows,
                          _said(grid)[:6]))  # fmt: skip


def moved_to(grid: Grid, lefts: Sequence[float]) -> Grid | None:
    """The table with its columns counted as the one before counts them, if it has those."""
    at = {own: _nearest(left, lefts) for own, left in enumerate(grid.lefts)}
    if None in at.values() or len(set(at.values())) < len(at):
        return None
    columns = {own: column for own, column in at.items() if column is not None}
    if len(columns) < max(2, len(lefts) // 2):
        return None
    ends = [*columns.values(), len(lefts)]
    boxes = [
        replace(
            box,
            column=columns[box.column],
            columns=ends[min(box.column + box.columns, len(ends) - 1)] - columns[box.column],
        )
        for box in grid.boxes
    ]
    return replace(grid, boxes=boxes)


def _nearest(left: float, lefts: Sequence[float]) -> int | None:
    at = min(range(len(lefts)), key=lambda index: abs(lefts[index] - left))
    return at if abs(lefts[at] - left) < 12 else None


def _said(grid: Grid) -> list[tuple[str, ...]]:
    """The words of each row, for comparing."""
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for box in sorted(grid.boxes, key=lambda box: box.column):
        if box.said:
            rows[box.row].append(re.sub(r"[\s-]", "", box.said).lower())
    return [tuple(row) for row in rows]


def _go_on(table: Joined, grid: Grid) -> None:
    """Add a page's rows: without its headings, its first row joined when it was cut by the page."""
    said = _said(grid)
    heads = len(list(takewhile(lambda at: _is_head(table, said, at), range(len(said)))))
    boxes = [box for box in grid.boxes if box.row >= heads]
    cut = _is_cut_row(table, [box for box in boxes if box.row == heads])
    shift = table.rows - heads - cut
    for box in boxes:
        moved = replace(box, row=box.row + shift)
        over = box_over(table, box.column, table.rows - 1)
        if box.row == heads and cut and over:
            over.lines = over.lines + box.lines
            over.rows = max(over.rows, moved.row + box.rows - over.row)
        elif box.row == heads and over and not box.lines and box.rows + over.rows > 2:
            over.rows += box.rows  # a merged cell that the page cut
        else:
            table.boxes.append((grid.page, moved))
    table.rows += grid.rows - heads - cut
    table.grids.append(grid)


def _is_head(table: Joined, said: Sequence[tuple[str, ...]], at: int) -> bool:
    """Is the row one of those that a program repeats at the head of each page?"""
    same_place = said[at] == (table.head[at] if at < len(table.head) else None)
    return same_place or (len(said[at]) > 1 and said[at] in table.head)


def box_over(table: Joined, column: int, row: int) -> Box | None:
    return next(
        (
            box
            for _, box in table.boxes
            if box.column == column and box.row <= row < box.row + box.rows
        ),
        None,
    )


def _is_cut_row(table: Joined, first: Sequence[Box]) -> bool:
    """Is this the rest of the row above? Then what every row has is missing, or it goes on."""
    filled = [box for box in first if box.lines]
    if not filled or table.rows < 2:
        return False
    mostly = _mostly_filled(table)
    going_on = {box.column for box in first if not box.lines and _merged(table, box)}
    missing = mostly - {box.column for box in filled} - going_on
    above = {box.column: box_over(table, box.column, table.rows - 1) for box in filled}
    if any(over is None or not over.lines for over in above.values()):
        return False
    goes_on = [
        box
        for box in filled
        if (over := above[box.column]) and sentence_goes_on(over.said, box.said)
    ]
    return len(missing) * 2 > len(mostly) or (bool(missing) and bool(goes_on)) or (
        len(goes_on) * 2 > len(filled)
    )  # fmt: skip


def _merged(table: Joined, box: Box) -> bool:
    """Is an empty cell at the head of a page the rest of a merged one that the page cut?"""
    over = box_over(table, box.column, table.rows - 1)
    return over is not None and box.rows + over.rows > 2


def sentence_goes_on(before: str, after: str) -> bool:
    """ "hösten 2026" after "2026-09-30" is the next row's time, and no sentence that goes on."""
    ended = before.endswith((".", "!", "?", ":")) or _TIME.match(after)
    return after[:1].islower() and not ended


def _mostly_filled(table: Joined) -> set[int]:
    """The columns that nearly every row has words in."""
    filled = Counter(
        box.column for _, box in table.boxes if box.lines for _ in range(box.rows) if box.row
    )
    return {column for column, times in filled.items() if times >= 0.7 * (table.rows - 1)}


def table_of(table: Joined, number: int, known: Counter[str]) -> Table:
    """The joined table as rows of cells; a merged cell is repeated over its area."""
    cells: dict[tuple[int, int], Cell] = {}
    for page, box in table.boxes:
        text = written(box.lines, box.width, known)
        bold = bool(box.lines) and all(line.bold for line in box.lines)
        first = Cell(clean(text), box.row + 1, box.column + 1, bold=bold, page=page)
        for row in range(first.row, first.row + box.rows):
            for column in range(first.column, first.column + box.columns):
                if (row, column) == first.origin:
                    cells[row, column] = first
                elif (row, column) not in cells:
                    merged = replace(first, row=row, column=column, merged_from=first.origin)
                    cells[row, column] = merged
    width = len(table.lefts)
    rows = [
        [cells.get((row, column)) or Cell("", row, column) for column in range(1, width + 1)]
        for row in range(1, table.rows + 1)
    ]
    return Table(number, [row for row in rows if any(cell.text for cell in row)])
