"""Reads the sheets of an Excel export in a process of its own (`intake/apart.py`).

A hundred thousand rows ask for a quick reader, and the quick one (calamine, in Rust) makes a whole
rectangle of each sheet: a word in the last corner of an empty one would take all memory, and the
pages with it. A line that comes back is true (hidden) or false where a sheet begins, and then some
of its rows at a time. A date in them is words.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from intake.apart import tell, told_by
from intake.documents import Refusal

Row = tuple[int, Sequence[object]]
SECONDS = 120
MEMORY = 3 * 1024 * 1024 * 1024  # a sheet of full height and twenty columns has room
_AT_A_TIME = 1000


def read_apart(name: str, data: bytes) -> Iterator[tuple[bool, Iterator[Row]]]:
    """Whether each sheet is hidden, and its rows that hold anything, numbered as Excel does.

    The rows of one are gone through before the next is asked for; those that are left are lost.
    """
    heavy = Refusal(
        f"{name} has cells too far apart, or too many; "
        "copy the table itself to a new file and try again.",
        f"{name} har celler för långt ifrån varandra, eller för många. "
        "Kopiera tabellen till en ny fil och försök igen.",
    )
    with told_by(__name__, name, data, heavy=heavy) as lines:
        hidden = next(lines, None)
        while hidden is not None:
            following: list[bool] = []
            rows = _rows(lines, following)
            yield hidden, rows
            for _ in rows:
                pass
            hidden = following[0] if following else None


def _rows(lines: Iterator[Any], following: list[bool]) -> Iterator[Row]:
    """The rows until another sheet begins."""
    for told in lines:
        if isinstance(told, bool):
            following.append(told)
            return
        yield from told


def _tell(data: bytes) -> Iterator[object]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(data))
    for told in book.sheets_metadata:
        if told.typ is not SheetTypeEnum.WorkSheet:
            continue
        yield told.visible is not SheetVisibleEnum.Visible
        rows = enumerate(book.get_sheet_by_name(told.name).iter_rows(), 1)
        while some := list(islice(rows, _AT_A_TIME)):
            yield [(number, row) for number, row in some if any(value != "" for value in row)]


if __name__ == "__main__":
    tell(_tell, seconds=SECONDS, memory=MEMORY)
