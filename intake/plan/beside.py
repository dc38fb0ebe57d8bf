"""Tables that stand side by side in a sheet, with an empty column between, are apart.

What stands to the right of a plan (abbreviations, a legend, who is who) has headings of its own and
is no part of its rows. Only where the left part alone is a plan and no heading of the right part is
one of a plan: an empty column within a plan parts nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from intake.documents import Cell, Document, Paragraph, Table, unique_cells
from intake.plan.heading_words import Synonyms, role_of
from intake.plan.headings import heading_row
from models.plan_shape import Role

_WITHIN = 15  # rows in which the plan's headings are looked for
_FEWEST = 3  # columns that a plan beside something else has a role for


def with_tables_apart(document: Document, synonyms: Synonyms | None = None) -> Document:
    """The document with what stands beside a plan as a table of its own, after it."""
    blocks: list[Paragraph | Table] = []
    for block in document.blocks:
        if isinstance(block, Table) and not block.hidden and block.rows:
            blocks += _apart(block, synonyms)
        else:
            blocks.append(block)
    return replace(document, blocks=blocks)


def _apart(table: Table, synonyms: Synonyms | None) -> list[Table]:
    last = _end_of_plan(table.rows, synonyms)
    if not last:
        return [table]
    left = [[cell for cell in row if cell.column < last] for row in table.rows]
    right = [[cell for cell in row if cell.column > last] for row in table.rows]
    return [
        replace(table, rows=[row for row in left if any(cell.text for cell in row)]),
        replace(table, rows=[row for row in right if any(cell.text for cell in row)]),
    ]


def _end_of_plan(rows: Sequence[list[Cell]], synonyms: Synonyms | None) -> int:
    """The empty column that a plan ends before, or 0."""
    for last in _empty_columns(rows):
        for at, row in enumerate(rows[:_WITHIN]):
            if any(cell.merged_from and cell.column > last for cell in row):
                continue  # a title over all of it, or one merged into the right part
            mine = [cell for cell in row if cell.column < last]
            others = [cell for cell in row if cell.column > last]
            if any(role_of(cell.text, synonyms) for cell in unique_cells(others)):
                continue
            below = [[cell for cell in each if cell.column < last] for each in rows[at + 1 :]]
            found = heading_row(mine, synonyms, below)
            if found and found.has(Role.WHAT) and len(set(found.roles.values())) >= _FEWEST:
                return last
    return 0


def _empty_columns(rows: Sequence[list[Cell]]) -> list[int]:
    """The columns without a word that others have words to the left and to the right of."""
    told = {cell.column for row in rows for cell in row if cell.text and not _across(cell, row)}
    if not told:
        return []
    return [at for at in range(min(told) + 1, max(told)) if at not in told]


def _across(cell: Cell, row: Sequence[Cell]) -> bool:
    """Is it of a title that is merged over several columns?"""
    return sum(other.origin == cell.origin for other in row) > 1
