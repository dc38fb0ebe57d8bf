"""Files -> rows of cells with the row numbers that Excel shows. CSV in any coding, and Excel.

An export has a hundred thousand rows. Nothing is said here of what they mean.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from intake.deviation.excel import Row, sheets_in
from intake.deviation.headings import HEADING_WITHIN
from intake.documents import File, Refusal, opened
from intake.readers.csv import in_text
from intake.readers.package import MAX_UNPACKED, check_package

MAX_ROWS = 250_000  # read in half a minute, and kept in the memory that a reader has
MAX_COLUMNS = 200
_SIGNS = ";\t,|"
_HEAD = 200_000  # characters; the sign between cells is told by the first rows


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or the whole of a CSV file. `rows` can be gone through once."""

    hidden: bool
    rows: Iterator[Row]
    sign: str = ""  # between the cells of a CSV file


def sheets(name: str, file: File, known: Callable[[Sequence[str]], int]) -> Iterator[Sheet]:
    """The sheets of a file. `known` says how many known headings there are among some words."""
    ending = Path(name).suffix.lower()
    if ending in (".csv", ".txt", ".tsv"):
        with opened(file) as source, in_text(name, source) as text:
            yield _csv(name, text, known)
    elif ending == ".xlsx":
        with opened(file) as source:
            yield from _excel(name, source)
    else:
        raise Refusal(
            f"{name} is not a kind of file that is read; use .csv or .xlsx.",
            f"{name} är en sorts fil som inte kan läsas in. Använd .csv eller .xlsx.",
        )


def _csv(name: str, text: IO[str], known: Callable[[Sequence[str]], int]) -> Sheet:
    _count(name, text)
    head = text.read(_HEAD)
    text.seek(0)
    first = head.partition("\n")[0]
    told = first.strip("\r ").lower()
    if told.startswith("sep=") and len(told) == len("sep=;"):
        text.readline()
        return Sheet(False, _records(name, text, told[4], 2), told[4])
    sign = max(_SIGNS, key=lambda each: _most_known(head, each, known))
    return Sheet(False, _records(name, text, sign, 1), sign)


def _count(name: str, text: IO[str]) -> None:
    """Refuse a file of too many rows at once, and not when half a minute has gone.

    A row may go on for several lines, so rows are counted only where the lines are too many.
    """
    text.seek(0)
    pieces = iter(lambda: text.read(_HEAD), "")
    lines = sum(piece.count("\n") for piece in pieces)
    text.seek(0)
    if lines > MAX_ROWS:
        with suppress(csv.Error):  # where it is damaged is told when it is read
            if sum(1 for _ in islice(csv.reader(text), MAX_ROWS + 1)) > MAX_ROWS:
                raise _too_many_rows(name)
    text.seek(0)


def _most_known(text: str, sign: str, known: Callable[[Sequence[str]], int]) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    try:
        return max((known(row) for row in islice(reader, HEADING_WITHIN)), default=0)
    except csv.Error:
        return 0


def _records(name: str, text: IO[str], sign: str, first: int) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=sign)
    number = first - 1
    try:
        for number, values in enumerate(reader, first):
            _check(name, number, len(values))
            yield number, values
    except csv.Error as error:
        raise Refusal(
            f"{name} is damaged near row {number + 1}; save it as CSV again.",
            f"{name} är skadad nära rad {number + 1}. Spara den som CSV på nytt.",
        ) from error


def _excel(name: str, file: IO[bytes]) -> Iterator[Sheet]:
    check_package(name, file, max_xml=MAX_UNPACKED)
    for hidden, rows in sheets_in(file):
        yield Sheet(hidden, _excel_rows(name, rows))


def _excel_rows(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    for count, (number, values) in enumerate(rows, 1):
        _check(name, count, len(values))
        yield number, values


def _check(name: str, count: int, columns: int) -> None:
    if count > MAX_ROWS:
        raise _too_many_rows(name)
    if columns > MAX_COLUMNS:
        raise Refusal(
            f"{name} has more than {MAX_COLUMNS} columns; it is not read.",
            f"{name} har fler än {MAX_COLUMNS} kolumner. Den läses inte in.",
        )


def _too_many_rows(name: str) -> Refusal:
    return Refusal(
        f"{name} has more than {MAX_ROWS} rows, as many as are read at a time. "
        "Divide the file, for instance by year.",
        f"{name} har fler än {MAX_ROWS} rader, och så många läses på en gång. "
        "Dela filen, till exempel per år.",
    )
