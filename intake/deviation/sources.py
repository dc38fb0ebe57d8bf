"""Files -> rows of cells with the row numbers that Excel shows. CSV in any coding, and Excel.

An export has a hundred thousand rows. Nothing is said here of what they mean.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from intake.deviation.excel_apart import Row, read_apart
from intake.deviation.headings import HEADING_WITHIN
from intake.documents import MAX_UNPACKED, Refusal, check_package
from intake.readers.csv import decoded

MAX_ROWS = 2_000_000
MAX_COLUMNS = 200
_SIGNS = ";\t,|"
_HEAD = 200_000  # characters; the sign between cells is told by the first rows


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, or the whole of a CSV file. `rows` can be gone through once."""

    hidden: bool
    rows: Iterator[Row]
    sign: str = ""  # between the cells of a CSV file


def sheets(name: str, data: bytes, known: Callable[[Sequence[str]], int]) -> Iterator[Sheet]:
    """The sheets of a file. `known` says how many known headings there are among some words."""
    ending = Path(name).suffix.lower()
    if ending in (".csv", ".txt", ".tsv"):
        yield _csv(name, data, known)
    elif ending == ".xlsx":
        yield from _excel(name, data)
    else:
        raise Refusal(
            f"{name} is not a kind of file that is read; use .csv or .xlsx.",
            f"{name} är en sorts fil som inte kan läsas in. Använd .csv eller .xlsx.",
        )


def _csv(name: str, data: bytes, known: Callable[[Sequence[str]], int]) -> Sheet:
    text = decoded(name, data)
    first, _, rest = text.partition("\n")
    told = first.strip("\r ").lower()
    if told.startswith("sep=") and len(told) == len("sep=;"):
        return Sheet(False, _records(name, rest, told[4], 2), told[4])
    sign = max(_SIGNS, key=lambda each: _most_known(text, each, known))
    return Sheet(False, _records(name, text, sign, 1), sign)


def _most_known(text: str, sign: str, known: Callable[[Sequence[str]], int]) -> int:
    reader = csv.reader(io.StringIO(text[:_HEAD], newline=""), delimiter=sign)
    try:
        return max((known(row) for row in islice(reader, HEADING_WITHIN)), default=0)
    except csv.Error:
        return 0


def _records(name: str, text: str, sign: str, first: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
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


def _excel(name: str, data: bytes) -> Iterator[Sheet]:
    check_package(name, data, max_xml=MAX_UNPACKED)
    for hidden, rows in read_apart(name, data):
        yield Sheet(hidden, _excel_rows(name, rows))


def _excel_rows(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    for number, values in rows:
        _check(name, number, len(values))
        yield number, values


def _check(name: str, number: int, columns: int) -> None:
    if number > MAX_ROWS or columns > MAX_COLUMNS:
        raise Refusal(
            f"{name} has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns; it is not read.",
            f"{name} har fler än {MAX_ROWS} rader eller {MAX_COLUMNS} kolumner. Den läses inte in.",
        )
