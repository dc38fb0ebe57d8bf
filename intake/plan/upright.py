"""Tables set upright before anything is read in them: headings on top, a row for each activity.

A sheet saved as a web page has the sheet's own letters and numbers around it; a table may lie on
its side, with its headings down the first column and an activity in each of the others; and a list
that somebody sorted has its heading row among the others. Goals down and parties across is told in
`matrix.py`, a card of one activity in `cards.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from intake.documents import Cell, Document, Paragraph, Table, unique_cells
from intake.drafts import Tally
from intake.plan.front_page import is_of_the_file
from intake.plan.heading_words import DATE_ROLES, Synonyms, role_of
from intake.plan.headings import Headings, heading_row, headings_in
from intake.plan.matrix import from_matrix
from intake.plan.states import tells_state
from intake.plan.votes import is_day
from models.plan_shape import Role

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOOKED_THROUGH = 60  # rows in which a table on its side begins and ends
_SORTED_WITHIN = 300  # rows in which a heading row that was sorted in is looked for
_FEWEST_LABELS = 3  # headings of different kinds down a column; fewer stand there by chance
_FEWEST_CELLS = 3  # of a row that may be an activity over the headings
_LONGEST_LABEL = 60  # signs
_MOSTLY = 0.75  # of the rows of a table on its side begin with a heading
_NUMBERED = re.compile(r"(?:(?:nr|aktivitet|insats|åtgärd)\.? ?)?\d{1,3}\.?", re.IGNORECASE)


def set_upright(document: Document, synonyms: Synonyms | None = None) -> tuple[Document, Tally]:
    """The document with each table as it would lie if its rows were its activities.

    The tally has the rows that are no rows any longer: a frame's, and those that became columns.
    """
    blocks: list[Paragraph | Table] = []
    tally = Tally()
    notes = list(document.notes)
    for block in document.blocks:
        if not isinstance(block, Table) or block.hidden or len(block.rows) < 2:
            blocks.append(block)
            continue
        table = _without_frame(block)
        turned = _turned(table, synonyms)
        if not turned:
            others = [other for other in document.tables if other is not block]
            listed, note = from_matrix(table, others, synonyms)
            notes += [note] if note else []
            turned = [listed or _headings_first(table, synonyms)]
        blocks += turned
        tally.around += len(block.rows) - len(table.rows)
        tally.taken += len(table.rows) - sum(len(part.rows) for part in turned)
    return replace(document, blocks=blocks, notes=notes), tally


# --- the letters and numbers around a sheet -------------------------------------------------------


def _without_frame(table: Table) -> Table:
    """The table without the sheet's own column letters and row numbers, its rows by these."""
    first, *rows = table.rows
    letters = "".join(cell.text for cell in first)
    framed = not first[0].text and len(letters) > 1 and letters == _LETTERS[: len(letters)]
    if not framed or len(letters) != sum(bool(cell.text) for cell in first):
        return table
    numbers = [int(row[0].text) if re.fullmatch(r"\d{1,6}", row[0].text) else 0 for row in rows]
    if not all(one < other for one, other in zip([0, *numbers], numbers, strict=False)):
        return table
    named = {row[0].row: number for row, number in zip(rows, numbers, strict=True)}

    def moved(cell: Cell, number: int) -> Cell:
        over = cell.merged_from
        origin = (named.get(over[0], number), over[1] - 1) if over else None
        return replace(cell, row=number, column=cell.column - 1, merged_from=origin)

    kept = [
        [moved(cell, number) for cell in row[1:]]
        for row, number in zip(rows, numbers, strict=True)
        if any(cell.text for cell in row[1:])
    ]
    return replace(table, rows=kept) if kept else table


# --- a table on its side --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Side:
    """The rows of a table on its side: from and to which, and the column of its headings."""

    begin: int
    end: int
    column: int


def _turned(table: Table, synonyms: Synonyms | None) -> list[Table]:
    """The parts of a table on its side, each turned, with what stands between them; or none."""
    if table.number == 0 or len(table.rows) > _LOOKED_THROUGH:
        return []
    sides = list(_sides(table.rows, synonyms))
    parts: list[Table] = []
    at = 0
    for side in sides:
        above = table.rows[at : side.begin]
        parts.append(replace(table, rows=[*above, *_on_top(table.rows, side, synonyms)]))
        at = side.end
    if parts and table.rows[at:]:
        parts.append(replace(table, rows=table.rows[at:]))
    return parts


def _sides(rows: Sequence[list[Cell]], synonyms: Synonyms | None) -> Iterator[_Side]:
    """Each run of rows whose first cells are headings, and no other row's are."""
    column = _column_of_labels(rows, synonyms)
    labels = [_label(row, column, synonyms) for row in rows]
    at = 0
    while column and at < len(rows):
        end = _end_of_run(rows, labels, at, column)
        begin = at - 1 if at and _names(rows[at - 1], column) else at
        side = _Side(begin, end, column)
        if labels[at] and _is_side(rows, labels, side, synonyms):
            yield side
            at = end
        else:
            at += 1


def _column_of_labels(rows: Sequence[list[Cell]], synonyms: Synonyms | None) -> int:
    """The first column that holds enough headings of different kinds, or 0."""
    for column in range(1, min(len(rows[0]), 3) + 1):
        found = {label for row in rows if (label := _label(row, column, synonyms))}
        if len(found) >= _FEWEST_LABELS:
            return column
    return 0


def _label(row: Sequence[Cell], column: int, synonyms: Synonyms | None) -> Role | None:
    cell = next((cell for cell in row if cell.column == column), None)
    if cell is None or not cell.text or len(cell.text) > _LONGEST_LABEL or cell.from_above:
        return None
    across = sum(other.origin == cell.origin for other in row) > 1
    return None if across else role_of(cell.text, synonyms)


def _end_of_run(
    rows: Sequence[list[Cell]], labels: Sequence[Role | None], at: int, column: int
) -> int:
    """Where the rows from one on stop being of one table: at the first heading once more."""
    first = rows[at][column - 1].text
    last = at
    for end in range(at, len(rows)):
        if len(list(unique_cells(rows[end]))) < 2 and not labels[end]:
            break
        if end > at and rows[end][column - 1].text == first:
            break
        if labels[end]:
            last = end
    return last + 1


def _names(row: Sequence[Cell], column: int) -> bool:
    """Is this a row over the headings that names or numbers the columns to their right?"""
    values = [cell for cell in unique_cells(list(row)) if cell.column > column]
    return len(values) > 1 and not any(cell.text for cell in row if cell.column <= column)


def _is_side(
    rows: Sequence[list[Cell]],
    labels: Sequence[Role | None],
    side: _Side,
    synonyms: Synonyms | None,
) -> bool:
    """Do the headings down the column tell more than any row or any other column does?"""
    run = [at for at in range(side.begin, side.end) if labels[at]]
    roles = {role for at in run if (role := labels[at])}
    told = Role.WHAT in roles or side.begin < run[0]
    timed = roles & {Role.RESPONSIBLE, *DATE_ROLES}
    if len(roles) < _FEWEST_LABELS or not told or not timed:
        return False
    if len(run) < _MOSTLY * (side.end - run[0]):
        return False
    said = [[role_of(cell.text, synonyms) for cell in row] for row in rows]
    widest = max(len(set(roles_of) - {None}) for roles_of in said)
    beside = Counter(at for row in run for at, role in enumerate(said[row]) if role)
    crowded = any(count * 2 > len(run) for at, count in beside.items() if at >= side.column)
    return len(_activities(rows, labels, side)) > 1 and widest < len(roles) and not crowded


def _activities(
    rows: Sequence[list[Cell]], labels: Sequence[Role | None], side: _Side
) -> list[Cell]:
    """What the columns beside the headings are about: the cells of the row that says what."""
    at = next((at for at in range(side.begin, side.end) if labels[at] is Role.WHAT), side.begin)
    values = [cell for cell in unique_cells(rows[at]) if cell.column > side.column]
    return [cell for cell in values if re.search(r"[^\W\d_]{2}", cell.text)]


def _on_top(rows: Sequence[list[Cell]], side: _Side, synonyms: Synonyms | None) -> list[list[Cell]]:
    """The rows of a side as columns, its headings on top; the headings' number is the first row's.

    A row that only names the columns gets a heading: what they are called, or their numbers.
    """
    lines = [list(row) for row in rows[side.begin : side.end]]
    roles = {_label(row, side.column, synonyms) for row in lines}
    if not lines[0][side.column - 1].text:
        numbered = all(_NUMBERED.fullmatch(cell.text.strip()) for cell in unique_cells(lines[0]))
        named = "Nr" if numbered or Role.WHAT in roles else "Aktivitet"
        lines[0][side.column - 1] = replace(lines[0][side.column - 1], text=named)
    first = lines[0][0].row
    place = {row[0].row: at for at, row in enumerate(lines, 1)}
    turned: list[list[Cell]] = []
    for offset, column in enumerate(range(side.column, len(lines[0]) + 1)):
        cells: list[Cell] = []
        for at, row in enumerate(lines, 1):
            cell = row[column - 1]
            over = cell.merged_from
            origin = (first + over[1] - side.column, place.get(over[0], at)) if over else None
            cells.append(replace(cell, row=first + offset, column=at, merged_from=origin))
        if any(cell.text for cell in cells):
            turned.append(cells)
    return turned


# --- headings that were sorted in -----------------------------------------------------------------


def _headings_first(table: Table, synonyms: Synonyms | None) -> Table:
    """A list whose heading row was sorted in among its rows, with that row over them all."""
    rows = table.rows
    if any(cell.page for cell in rows[0]) or table.number == 0:
        return table  # on paper the rows over the headings are of the page before
    found = headings_in(table, synonyms) or _further_down(rows, synonyms)
    if found is None or not found[0]:
        return table
    at, headings = found
    begin = at
    while begin and _fits(headings, rows[begin - 1]):
        begin -= 1
    if begin == at:
        return table
    return replace(table, rows=[*rows[:begin], rows[at], *rows[begin:at], *rows[at + 1 :]])


def _further_down(
    rows: Sequence[list[Cell]], synonyms: Synonyms | None
) -> tuple[int, Headings] | None:
    """The heading row of a list whose first row is of days, wherever it was sorted to."""
    first = list(unique_cells(rows[0]))
    if len(first) < _FEWEST_CELLS or not any(map(is_day, first)):
        return None
    for at, row in enumerate(rows[:_SORTED_WITHIN]):
        found = heading_row(row, synonyms, [*rows[:at][-25:], *rows[at + 1 :]])
        if found and len(set(found.roles.values())) >= _FEWEST_LABELS:
            return at, found
    return None


def _fits(headings: Headings, row: Sequence[Cell]) -> bool:
    """Is a row over the headings filled in as those under them: a day under a day?"""
    told = {cell.column: cell for cell in unique_cells(list(row))}
    under = {at: cell for at, cell in told.items() if at in headings.roles}
    if len(under) < min(_FEWEST_CELLS, len(headings.roles)) or len(under) * 2 < len(told):
        return False
    if not any(headings.roles[at] in (Role.WHAT, Role.HOW) for at in under):
        return False
    if any(is_of_the_file(cell.text) for cell in list(told.values())[:1]):  # "Fastställd | 2026-…"
        return False
    typed = 0
    for at, cell in under.items():
        role = headings.roles[at]
        if role in DATE_ROLES and not is_day(cell):
            return False
        typed += role in DATE_ROLES or (role is Role.STATUS and tells_state(cell.text))
    return typed > 0
