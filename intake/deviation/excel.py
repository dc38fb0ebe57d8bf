"""The sheets of an Excel export, quickly: a hundred thousand rows ask for a reader in Rust.

It makes a whole rectangle of each sheet, so a word in the last corner of an empty one asks for more
memory than there is, and the process ends. This runs only in a process apart (`reading_apart.py`).
"""

from collections.abc import Iterator, Sequence
from typing import IO

Row = tuple[int, Sequence[object]]


def sheets_in(file: IO[bytes]) -> Iterator[tuple[bool, Iterator[Row]]]:
    """Whether each sheet is hidden, and its rows that hold anything, numbered as Excel does."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(file)
    for told in book.sheets_metadata:
        if told.typ is SheetTypeEnum.WorkSheet:
            rows = enumerate(book.get_sheet_by_name(told.name).iter_rows(), 1)
            yield told.visible is not SheetVisibleEnum.Visible, _filled(rows)


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in rows:
        if any(value != "" for value in row):
            yield number, row
