"""A list that somebody kept (csv, Excel, Word) -> its rows of cells. What they mean is not asked.

All are read in a process apart (`intake/apart.py`).
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import IO, Any

from intake.apart import Reader, told_by
from intake.blanked import blanked
from intake.documents import (
    MAX_BYTES,
    Cell,
    Content,
    File,
    Paragraph,
    Refusal,
    Table,
    check_size,
    read_content,
)
from intake.personnummer import MASK
from intake.readers.apart import heard, heavy, told
from intake.readers.csv import MAX_COLUMNS, MAX_ROWS, decoded

NOTHING_SAVED = "Nothing was saved."
INGET_SPARAT = "Inget är sparat."
HELD_A_NUMBER = (
    "a personnummer stood on the row; it is not kept. Take it out of the file too.",
    "Ett personnummer stod på raden. Det sparas inte. Ta bort det i filen också.",
)
HEADING_WITHIN = 20  # rows; a report of a meeting has its sums first
_LONGEST_HEADINGS = 20_000  # signs of a row that is looked through for headings

Headings = Callable[[list[str]], Mapping[Any, int]]

_ADDRESS = re.compile(r"[^\s<>;,()\[\]\"]+@[^\s<>;,()\[\]\"]+")
_TEXT = (".csv", ".tsv", ".txt")
_DOCUMENTS = (".xlsx", ".xlsm", ".xls", ".docx", ".doc", ".docm", ".ods", ".odt")


def check_kind(name: str) -> None:
    """Refuse a file that by its ending is no list."""
    if not name.lower().endswith((*_TEXT, *_DOCUMENTS)):
        raise Refusal(
            f"{name} is not a kind of list that is read; use .xlsx, .csv, .docx or .ods.",
            f"{name} är ingen lista som går att läsa. Spara den som .xlsx, .csv, .docx eller .ods.",
        )


def rows_of(
    name: str, file: File, headings: Headings, *, max_bytes: int = MAX_BYTES
) -> list[tuple[str, list[list[Cell]]]]:
    """The rows of a csv file, or of each sheet that shows or table: (what it is called, rows).

    A table in Word is called what the words just above it say.

    `headings` tells which columns some headings name; it decides how a csv file is cut.
    """
    check_kind(name)
    if name.lower().endswith(_TEXT):
        check_size(name, file, max_bytes=max_bytes)
        return [("", _without_numbers(_text_apart(name, file, headings)))]
    found: list[tuple[str, list[list[Cell]]]] = []
    above = ""
    blocks = read_content(name, file, max_bytes=max_bytes).blocks
    lines = [block for block in blocks if isinstance(block, Paragraph)]
    if len(lines) == len(blocks):
        title = next((line.text for line in lines if line.heading), "")
        rows = _of_lines([line for line in lines if not line.heading or line.text != title])
        return [(title, _without_numbers(rows))] if rows else []
    for block in blocks:
        if isinstance(block, Paragraph):
            above = block.text
        elif block.rows and not block.hidden:
            found.append((block.name or above, _without_numbers(block.rows)))
            above = ""
    return found


def _of_lines(paragraphs: list[Paragraph]) -> list[list[Cell]]:
    """A list without a table, "Alva Ek, chef, alva@example.org" to a line, under headings.

    It is one when most lines hold an address.
    """
    rows = [[Cell("Namn", 0, 1), Cell("E-post", 0, 2)]]
    told = 0
    for paragraph in paragraphs:
        for line in paragraph.text.split("\n"):
            address = _ADDRESS.search(line)
            before = line[: address.start()] if address else line
            first, _, rest = before.strip(" ,;:–-<(\t").partition(",")
            name = first if " " in first.strip() or not rest else f"{first},{rest}"
            shown = address[0] if address else ""
            rows.append([Cell(name.strip(), paragraph.number, 1), Cell(shown, paragraph.number, 2)])
            told += bool(address)
    others = len(rows) - 1 - told
    return rows if told and told > others else []


def _without_numbers(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Cells without personnummer: in a name or an address nothing can stand in their place."""
    return [[_without_number(blanked(cell)) for cell in row] for row in rows]


def _without_number(cell: Cell) -> Cell:
    if not cell.numbers:
        return cell
    return replace(cell, text=cell.text.replace(MASK, "").strip(" ,;()"))


def holds_numbers(row: list[Cell]) -> bool:
    """Did the row hold a personnummer?"""
    return any(cell.numbers for cell in row)


def _text_apart(name: str, file: File, headings: Headings) -> list[list[Cell]]:
    """The rows of a text file; how it is cut is told by headings that are known by their name."""
    known = f"{headings.__module__}:{headings.__name__}"
    reader = Reader(f"{__name__}:text_in", (__name__, headings.__module__))
    with told_by(reader, name, file, name, known, heavy=heavy(name)) as lines:
        content = heard(name, lines)
    return [row for table in content.tables for row in table.rows]


def text_in(file: IO[bytes], name: str, known: str) -> Iterator[object]:
    """In the child: the rows of a text file."""
    module, _, function = known.partition(":")
    headings: Headings = getattr(import_module(module), function)
    yield from told(name, Content([Table(1, _csv_rows(name, file.read(), headings))]))


def _csv_rows(name: str, data: bytes, headings: Headings) -> list[list[Cell]]:
    text = decoded(name, data)
    sign = _delimiter(text, headings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[list[Cell]] = []
    try:
        for number, values in enumerate(reader, 1):  # rows as Excel counts them, blank ones too
            if number > MAX_ROWS:
                raise Refusal(
                    f"{name} has more than {MAX_ROWS} rows; it is not read.",
                    f"{name} har fler än {MAX_ROWS} rader. Så stora listor läses inte.",
                )
            _check_width(name, values)
            cells = [Cell(_trimmed(value), number, at) for at, value in enumerate(values, 1)]
            if any(cell.text for cell in cells):
                rows.append(cells)
    except csv.Error as error:
        line = reader.line_num
        raise Refusal(
            f"{name} is damaged near line {line}; save it as CSV again.",
            f"{name} är skadad nära rad {line}. Spara den som CSV på nytt.",
        ) from error
    return rows


def _check_width(name: str, values: list[str]) -> None:
    """Blank columns beyond those that a list has are left out; others are refused."""
    if any(value.strip() for value in values[MAX_COLUMNS:]):
        raise Refusal(
            f"{name} has more than {MAX_COLUMNS} columns; keep those of the list and try again.",
            f"{name} har fler än {MAX_COLUMNS} kolumner. Behåll listans kolumner och försök igen.",
        )
    del values[MAX_COLUMNS:]


def _trimmed(value: str) -> str:
    """Only the ends are cleaned, so that an odd character inside is seen and refused."""
    return unicodedata.normalize("NFC", value).strip(" \t\xa0\u200b\ufeff\r\n")


def _delimiter(text: str, headings: Headings) -> str:
    """The sign that cuts the heading row into the most known headings; a title may hold others."""
    lines = [line[:_LONGEST_HEADINGS] for line in text.splitlines()[:HEADING_WITHIN]]
    known = {
        sign: max((len(headings(line.split(sign))) for line in lines), default=0) for sign in ";\t,"
    }
    return max(known, key=lambda sign: known[sign])
