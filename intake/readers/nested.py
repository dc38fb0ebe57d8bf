"""Tables within the cells of another one: what the row around them is called stands over them.

Whoever lays a page out with a table ("Mål | Aktiviteter") puts the activities of each goal in a
table of their own, in its cell. The row around it is then no row, but their heading.
"""

from collections.abc import Sequence

from intake.documents import Cell, unique_cells

_LONGEST_LABEL = 40  # signs
_LONGEST = 200


def name_of_row(rows: Sequence[list[Cell]], at: int) -> str:
    """What a row says of the tables within it, or "": "Mål: Trygg hemma".

    It is said by the only words of the row, under the heading of their column.
    """
    own = [cell for cell in unique_cells(rows[at]) if not cell.from_above]
    if len(own) != 1 or len(own[0].text) > _LONGEST or "\n" in own[0].text:
        return ""
    over = [cell.text for cell in rows[0] if at and cell.column == own[0].column and cell.text]
    label = over[0] if over and len(over[0]) <= _LONGEST_LABEL else ""
    return f"{label}: {own[0].text}" if label and ":" not in own[0].text else own[0].text
