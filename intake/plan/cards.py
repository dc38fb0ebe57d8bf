"""Cards: a table of one activity, with its headings to the left, is turned to lie as others do."""

import re
from dataclasses import replace

from intake.documents import Cell, Table, unique_cells
from intake.plan.filled_forms import filled_in
from intake.plan.heading_words import Synonyms, role_of
from intake.plan.headings import Headings, heading_row, headings_in
from models.plan_shape import Role

_CARD = 2  # columns of a card
_ROWS_OF_CARD = 40  # no card about one activity is longer


def headed(
    table: Table, synonyms: Synonyms | None, *, lenient: bool
) -> tuple[Table, tuple[int, Headings] | None]:
    """A table and the headings in it with their row; a card is turned to lie as others do."""
    found = headings_in(table, synonyms, lenient=lenient)
    if table.number == 0:  # under headings of ours
        return table, found
    turned = filled_in(table, synonyms)
    if turned is None and len(table.rows) > _ROWS_OF_CARD:
        return table, found
    wide = found is not None and len(table.rows[0]) != _CARD
    turned = turned or turned_card(table, synonyms, sure=wide)
    if turned is None:
        return table, found
    for at, row in enumerate(turned.rows[:2]):  # a form may have what it is called over it
        if own := heading_row(row, synonyms, turned.rows[at + 1 :]):
            return turned, (at, own)
    return turned, found and (0, found[1])


def turned_card(
    table: Table, synonyms: Synonyms | None = None, *, sure: bool = False
) -> Table | None:
    """A card, one activity with its headings in the left column, as a table of one row.

    `sure`: the table has headings on top as well; then only two headings a row are no chance.
    """
    paired = _pairs_of(table, synonyms)
    if paired or sure:
        return paired
    lines = [_title_apart(row, synonyms) for row in table.rows if len(row) > 1 and row[0].text]
    if len(lines) < 3 or len(lines[0]) > 6:
        return None
    first = lines[0][0].row
    columns = zip(*lines, strict=True)
    rows = [
        [replace(cell, row=first, column=cell.row, merged_from=None) for cell in column]
        for column in columns
    ]
    known = heading_row(rows[0], synonyms)
    if not known or len(set(known.roles.values())) < 3 or not known.has(Role.WHAT):
        return None
    filled = [row for row in rows if any(cell.text for cell in row)]
    return replace(table, rows=filled)


def _title_apart(row: list[Cell], synonyms: Synonyms | None) -> list[Cell]:
    """ "Aktivitet 1: Kurs" across a card as its label and what it is about."""
    told = re.match(r"(?P<label>[^\W\d_]{4,20})\s*\d{0,2}\s*[:.–-]\s+(?P<rest>\S.*)$", row[0].text)
    across = row[0].origin == row[1].origin
    if not told or not across or role_of(told["label"], synonyms) is not Role.WHAT:
        return row
    rest = [replace(cell, text=told["rest"], merged_from=None) for cell in row[1:]]
    return [replace(row[0], text=told["label"]), *rest]


def _pairs_of(table: Table, synonyms: Synonyms | None) -> Table | None:
    """A card with two headings in a row: "Aktivitet: | … | Ansvarig: | …" """
    rows = [list(unique_cells(row)) for row in table.rows if any(cell.text for cell in row)]
    if {len(row) for row in rows} == {2} or any(len(row) not in (2, 4) for row in rows):
        return None
    heads = [cell for cells in rows for cell in cells[::2]]
    values = [cell for cells in rows for cell in cells[1::2]]
    roles = [role_of(cell.text, synonyms) for cell in heads]
    paired = len(rows) > 1 and max(map(len, rows)) == 4 and None not in roles
    if not paired or Role.WHAT not in roles or len(set(roles)) < 3:
        return None
    if len(heads) != len(values) or all(role_of(cell.text) for cell in values):
        return None
    first = rows[0][0].row
    turned = [
        [replace(cell, row=first, column=at, merged_from=None) for at, cell in enumerate(line, 1)]
        for line in (heads, values)
    ]
    return replace(table, rows=turned)
