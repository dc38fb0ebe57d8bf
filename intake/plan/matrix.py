"""Goals down and parties across, or the other way round: each filled cell is an activity.

Who stands over (or beside) the cell answers for it. A day in brackets, or behind "klart", is its
deadline. That the table was read so is asked about, once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from intake.documents import Cell, Table, unique_cells
from intake.plan.heading_words import Synonyms, role_of
from intake.plan.headings import headings_in
from intake.plan.rows import says_something
from intake.plan.sections import LABELLED
from intake.plan.votes import is_day, names_party
from models.plan_shape import Role

_WITHIN = 15  # rows in which the parties are looked for
_MOST_ROWS = 500  # no goals are more
_FEWEST = 2  # parties, and goals
_LONGEST_PARTY = 60  # signs
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS = 1.5  # on the whole in the cells: fewer are crosses, signs and figures
_GOALS = (Role.GOAL, Role.FOCUS_AREA)
_OF_PARTIES = re.compile(
    r"\b(?:kommun|part|huvudman|aktör|organisation|ansvar|vem\b)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\s*\((?P<day>[^()]{3,45})\)\s*\.?$")
_BEHIND = re.compile(
    r"[\s,;:–-]+(?P<day>(?:klara?t?|färdigt?|senast|deadline|tills?)\b[^.;()]{3,40})$",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*(?:[-–•*·»]|\d{1,2}[.)])\s+")
_ASKED = (
    "Tabellen har mål åt ett håll och parter åt det andra. Varje ruta är läst som en aktivitet som "
    "parten ansvarar för. Stämmer det?"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the matrix begins, the columns of its cells, and whether the parties stand on top."""

    at: int
    columns: tuple[int, ...]
    parties_on_top: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """One activity out of a cell, with its goal, its party and its day as cells of their own."""

    goal: Cell
    what: Cell
    party: Cell
    day: Cell


def from_matrix(
    table: Table, others: Sequence[Table], synonyms: Synonyms | None
) -> tuple[Table | None, str]:
    """The matrix as a list of its cells with the sentence that asks about it, or None.

    What has no heading over its goals is one only where no other table of the file is a plan.
    """
    if table.number == 0 or len(table.rows) > _MOST_ROWS:
        return None, ""
    found = next(_found_in(table.rows, synonyms), None)
    if found is None or (_is_unsaid(table, found) and _is_plan_in(others, synonyms)):
        return None, ""
    head = table.rows[found.at]
    number = head[0].row
    listed = [[_named(words, number, at) for at, words in enumerate(_HEADS, 1)]]
    for row in table.rows[found.at + 1 :]:
        items = list(_items(head, row, found))
        listed += [_row_of(item) for item in items]
        if not items and any(cell.text for cell in row):
            listed.append(_kept(row))
    above = [_kept(row) for row in table.rows[: found.at]]
    return replace(table, rows=[*above, *listed]), _ASKED


def _is_unsaid(table: Table, found: _Found) -> bool:
    return found.parties_on_top and not table.rows[found.at][0].text


def _is_plan_in(tables: Sequence[Table], synonyms: Synonyms | None) -> bool:
    return any(not one.hidden and headings_in(one, synonyms) for one in tables)


_HEADS = ("Mål", "Aktivitet", "Ansvarig", "Klart senast")


def _named(words: str, row: int, column: int) -> Cell:
    return Cell(words, row, column, bold=True)


def _kept(row: Sequence[Cell]) -> list[Cell]:
    """A row that holds no activity, as wide as the list: its words in its first cells."""
    cells = list(unique_cells(list(row)))
    told = [replace(cell, column=at, merged_from=None) for at, cell in enumerate(cells[:4], 1)]
    return told + [Cell("", row[0].row, at) for at in range(len(told) + 1, len(_HEADS) + 1)]


def _row_of(item: _Item) -> list[Cell]:
    cells = (item.goal, item.what, item.party, item.day)
    return [
        replace(cell, row=item.what.row, column=at, merged_from=None)
        for at, cell in enumerate(cells, 1)
    ]


def _found_in(rows: Sequence[list[Cell]], synonyms: Synonyms | None) -> Iterator[_Found]:
    for at, row in enumerate(rows[:_WITHIN]):
        cells = list(unique_cells(row))
        heads = [cell for cell in cells if cell.column > 1]
        columns = tuple(cell.column for cell in heads)
        below = rows[at + 1 :]
        if len(heads) < _FEWEST or len(below) < _FEWEST or not _says_enough(columns, below):
            continue
        corner = row[0].text
        if _are_parties(heads, corner, synonyms) and _is_of_goals(corner, synonyms):
            yield _Found(at, columns, parties_on_top=True)
        elif _are_goals(heads) and _are_parties(_first_cells(below), "", synonyms):
            yield _Found(at, columns, parties_on_top=False)


def _says_enough(columns: Sequence[int], below: Sequence[list[Cell]]) -> bool:
    """Are there words in the cells, and not crosses, figures or days alone?"""
    cells = [cell for row in below for cell in row if cell.column in columns and cell.text]
    words = sum(len(_WORD.findall(cell.text)) for cell in cells)
    filled = {cell.column for cell in cells}
    enough = len(filled) > 1 and words > _WORDS * len(cells)
    return enough and not all(map(_is_day_alone, cells))


def _is_day_alone(cell: Cell) -> bool:
    return is_day(_apart(cell)[0])


def _first_cells(rows: Sequence[list[Cell]]) -> list[Cell]:
    return [row[0] for row in rows if row[0].text and not row[0].from_above]


def _are_parties(cells: Sequence[Cell], corner: str, synonyms: Synonyms | None) -> bool:
    """Does each name somebody who may answer? A corner such as "Mål / Kommun" says that they do."""
    short = all(len(cell.text) <= _LONGEST_PARTY and cell.value is None for cell in cells)
    plain = all(role_of(cell.text, synonyms) is None for cell in cells)
    named = bool(_OF_PARTIES.search(corner)) or all(names_party(cell.text) for cell in cells)
    return len(cells) >= _FEWEST and short and plain and named


def _is_of_goals(corner: str, synonyms: Synonyms | None) -> bool:
    return not corner or role_of(corner.split("/", maxsplit=1)[0], synonyms) in _GOALS


def _are_goals(cells: Sequence[Cell]) -> bool:
    """ "Mål 1: Trygg hemgång | Mål 2: Färre faller" over the columns."""
    told = [LABELLED.match(cell.text) for cell in cells]
    return all(one is not None and bool(one["goal"] or one["focus"]) for one in told)


def _items(head: Sequence[Cell], row: Sequence[Cell], found: _Found) -> Iterator[_Item]:
    """The activities of a row, each with the goal and the parties that it stands under."""
    beside = row[0]
    own = [cell for cell in unique_cells(list(row)) if cell.column in found.columns]
    if not beside.text or any(cell.column == beside.column for cell in own):
        return
    for cell in own:
        over = [top for top in head if top.column in _columns_of(cell, row)]
        named = replace(over[0], text="\n".join(dict.fromkeys(top.text for top in over)))
        goal, party = (beside, named) if found.parties_on_top else (named, beside)
        for part in _parts(cell):
            what, day = _apart(part)
            if says_something(what):
                yield _Item(goal, what, party, day)


def _columns_of(cell: Cell, row: Sequence[Cell]) -> set[int]:
    """The columns that a cell goes over: what two parties do together is merged."""
    return {other.column for other in row if other.origin == cell.origin}


def _parts(cell: Cell) -> list[Cell]:
    """A cell's activities: its lines, where each has a mark before it or a day in brackets."""
    lines = [line for line in cell.text.split("\n") if line.strip()]
    several = len(lines) > 1 and (all(map(_MARK.match, lines)) or all(map(_day_in, lines)))
    if not several:
        return [cell]
    return [replace(cell, text=_MARK.sub("", line).strip()) for line in lines]


def _day_in(line: str) -> re.Match[str] | None:
    told = _IN_BRACKETS.search(line[-60:]) or _BEHIND.search(line[-60:])
    return told if told and is_day(Cell(told["day"], 0, 0)) else None


def _apart(cell: Cell) -> tuple[Cell, Cell]:
    """What is done, and the day that stands behind it."""
    told = _day_in(cell.text)
    if told is None:
        return cell, Cell("", cell.row, cell.column)
    words = cell.text[: len(cell.text) - len(told[0])].rstrip(" ,;:–-\n")
    return replace(cell, text=words), Cell(told["day"].strip(), cell.row, cell.column)
