"""What a sheet has and does not show: rows and columns that a filter or a hand has hidden.

They are read like the others, and she is told, since whoever sees the sheet does not see them. How
a sheet says that they are hidden is its reader's to know (`excel.py`, `opendocument.py`).
"""

from collections.abc import Collection

from openpyxl.utils import get_column_letter

_NAMED = 10  # rows or columns that a note names


def rows_not_shown(sheet: str, rows: Collection[int]) -> list[str]:
    """A sentence on a sheet's hidden rows (counted from 1); none when there are none."""
    return _told(sheet, "rader", "rad ", [str(row) for row in sorted(rows)])


def columns_not_shown(sheet: str, columns: Collection[int]) -> list[str]:
    """A sentence on a sheet's hidden columns (counted from 1); none when there are none."""
    return _told(sheet, "kolumner", "", [get_column_letter(column) for column in sorted(columns)])


def _told(sheet: str, what: str, before: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = f" och {len(names) - _NAMED} till" if len(names) > _NAMED else ""
    return [
        f"Bladet ”{sheet}” har dolda {what}, som är inlästa som de andra: "
        f"{before}{', '.join(names[:_NAMED])}{more}. Ta bort dem i filen om de inte ska vara med."
    ]
