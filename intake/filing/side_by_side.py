"""The cells of a file beside what was understood of them: which cell stands behind which value.

Only looks; what the cells mean is decided in `plan/layout.py` and `plans.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.documents import Cell, Document, Table, unique_cells
from intake.plan.heading_words import Synonyms
from intake.plan.labelled import with_text_as_tables
from intake.plan.layout import lay_out
from intake.plan.rows import PlanRow
from models.plan_shape import Role

Place = tuple[int, int]  # a table's number and a row's

_UNDERSTOOD_AS = {
    Role.GOAL: "Mål",
    Role.FOCUS_AREA: "Mål",
    Role.WHAT: "Aktivitet",
    Role.HOW: "Hur",
    Role.RESPONSIBLE: "Ansvarig",
    Role.DECIDED_BY: "Beslutar",
    Role.PARTICIPANTS: "Deltar",
    Role.START: "Start",
    Role.DEADLINE: "Slutdatum",
    Role.PERIOD: "Start och slutdatum",
    Role.FOLLOW_UP: "Uppföljning",
    Role.STATUS: "Läge",
    Role.TARGET_GROUP: "Målgrupp",
    Role.FUNDING: "Pengar",
}


@dataclass(frozen=True, slots=True)
class Stood:
    """A cell as it stood, and what it was understood as ("" = it was not)."""

    heading: str
    text: str
    row: int
    column: int
    understood_as: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table as it stood."""

    name: str
    rows: tuple[tuple[Stood, ...], ...]


def rows_behind(
    document: Document, synonyms: Synonyms | None = None
) -> Mapping[Place, tuple[Stood, ...]]:
    """The cells of each row that became an activity, by the row's place."""
    whole = with_text_as_tables(document, synonyms)
    raw = {(t.number, row[0].row): row for t in whole.tables for row in t.rows if row}
    found: dict[Place, tuple[Stood, ...]] = {}
    for row in lay_out(whole, synonyms).rows:
        place = (row.source.table, row.source.row)
        found.setdefault(place, _stood(row, raw.get(place, []), raw))
    return found


def tables_behind(
    document: Document, rows: Mapping[Place, tuple[Stood, ...]], most: int
) -> list[Sheet]:
    """The tables that hold activities, whole, at most so many rows of them."""
    sheets = []
    for table in document.tables:
        if any((table.number, row[0].row) in rows for row in table.rows if row):
            told = [_told(table, row, rows) for row in table.rows[:most]]
            name = f"Blad {table.name}" if table.name else f"Tabell {table.number}"
            sheets.append(Sheet(name, tuple(told)))
    return sheets


def _stood(
    row: PlanRow, raw: Sequence[Cell], known: Mapping[Place, Sequence[Cell]]
) -> tuple[Stood, ...]:
    heads = known.get((row.source.table, row.headings.row), [])
    words = {cell.column: cell.text for cell in heads}
    cells = list(unique_cells(list(raw))) or sorted(row.cells.values(), key=lambda c: c.column)
    return tuple(
        Stood(
            words.get(cell.column) or row.headings.words.get(cell.column, "").capitalize(),
            cell.text,
            cell.origin[0],
            cell.origin[1],
            _UNDERSTOOD_AS.get(row.headings.roles.get(cell.column, Role.NUMBER), ""),
        )
        for cell in cells
    )


def _told(
    table: Table, row: Sequence[Cell], rows: Mapping[Place, tuple[Stood, ...]]
) -> tuple[Stood, ...]:
    marked = {
        (stood.row, stood.column): stood.understood_as
        for stood in rows.get((table.number, row[0].row), ())
    }
    return tuple(
        Stood("", cell.text, cell.row, cell.column, marked.get(cell.origin, "")) for cell in row
    )
