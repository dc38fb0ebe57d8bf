"""CSV files -> one table. The coding and the sign between cells are told by the file itself.

Only what a program saves as text: UTF-8 with or without its mark, UTF-16 as Excel writes it, and
what Windows, the Macintosh and MS-DOS once wrote, which Excel still offers. What the cells mean is
decided elsewhere.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from intake.documents import Cell, Content, Refusal, Table, clean, damaged

MAX_ROWS = 50_000
MAX_COLUMNS = 256

_SIGNS = ";\t,|"
_NOTHING = ("null", "NULL", "[]", "{}", "undefined", "NaN")  # what tools write for an empty cell
_AT_A_TIME = 1024 * 1024
_FEWEST_ROWS = 2
_MOSTLY = 0.8  # of the lines of a list are cut alike
_LOOKED_AT = 50  # rows; enough to see which sign cuts them alike
# å, ä and ö within a word, by the number that each coding gives them; what looks so at a word's end
# may be a mark of quotation in another.
_LETTERS = {
    coding: re.compile(rb"(?<=[A-Za-z])[" + "åäö".encode(coding) + rb"](?=[a-z])")
    for coding in ("cp1252", "mac_roman", "cp850")
}
_OLDER = ("mac_roman", "cp850")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def read_csv(name: str, data: bytes) -> Content:
    """The rows of a .csv file; a row's number is the one that Excel would show."""
    return Content([Table(1, squared(rows_cut_by(name, decoded(name, data))))])


def rows_cut_by(name: str, text: str) -> list[list[Cell]]:
    """The rows of a list between signs, without those that are empty."""
    sign, text = _sign(text)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    try:
        for number, values in enumerate(reader, 1):
            _check(name, number, values)
            told = ("" if value in _NOTHING else clean(value) for value in values)
            cells = [Cell(value, number, at) for at, value in enumerate(told, 1)]
            if any(cell.text for cell in cells):
                rows.append(cells)
    except csv.Error as error:
        raise damaged(name) from error
    return rows


def is_list(text: str) -> bool:
    """Are nearly all lines of a text cut into as many cells by one sign? Commas need be more."""
    lines = [line for line in text.splitlines() if line.strip()][:_LOOKED_AT]
    if len(lines) < _FEWEST_ROWS:
        return False
    for sign, cells in ((";", 3), ("\t", 2), (",", 4)):
        rows, width = _cut_alike("\n".join(lines), sign)
        if rows >= _MOSTLY * len(lines) and width >= cells:
            return True
    return False


def decoded(name: str, data: bytes) -> str:
    """The text of a file; what is no text at all is refused."""
    with in_text(name, io.BytesIO(data)) as text:
        return text.read()


@contextmanager
def in_text(name: str, file: IO[bytes]) -> Iterator[IO[str]]:
    """A file to read as text, a little at a time; what is no text at all is refused."""
    file.seek(0)
    coding = _coding(name, file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=coding, newline="")
    try:
        yield text
    finally:
        text.detach()  # whoever opened the file closes it


def _coding(name: str, file: IO[bytes]) -> str:
    """The first coding that the whole of the file can be read in."""
    start = file.read(4)
    codings: Iterable[str]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        codings = ["utf-16"]
    elif b"\x00" in start[:2]:
        codings = ["utf-16-be" if start[:1] == b"\x00" else "utf-16-le"]
    else:
        codings = _codings_of_eight_bits(file)
    if not start.startswith((b"PK\x03\x04", b"%PDF")):
        for coding in codings:
            if _is_in(file, coding):
                return coding
    raise Refusal(
        f"{name} is not a text file; save it as CSV (UTF-8) and try again.",
        f"{name} är ingen textfil. Spara den som CSV (UTF-8) och försök igen.",
    )


def _codings_of_eight_bits(file: IO[bytes]) -> Iterator[str]:
    """UTF-8, else Windows' own, or before it an older one in which more words have å, ä and ö.

    Each of these can be read in the others', as other letters: only the words tell.
    """
    yield "utf-8-sig"
    file.seek(0)
    part = file.read(_AT_A_TIME)
    told = {coding: len(letters.findall(part)) for coding, letters in _LETTERS.items()}
    older = max(_OLDER, key=lambda coding: told[coding])
    if told[older] > told["cp1252"] and not _NO_TEXT.search(part):
        yield older
    yield "cp1252"


def _is_in(file: IO[bytes], coding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(coding)()
    try:
        while piece := file.read(_AT_A_TIME):
            if "\x00" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _sign(text: str) -> tuple[str, str]:
    """The sign that cuts the rows, and the text without the line that Excel tells it in."""
    first, rest = (*re.split("\r\n|\r|\n", text, maxsplit=1), "")[:2]
    told = first.strip("\r ").lower()
    if told.startswith("sep=") and len(told) == 5:
        return told[4], rest
    return max(_SIGNS, key=lambda sign: _cut_alike(text, sign)), text


def _cut_alike(text: str, sign: str) -> tuple[int, int]:
    """How many rows a sign cuts into equally many cells, and into how many."""
    widths: Counter[int] = Counter()
    try:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=sign)
        for values, _ in zip(reader, range(_LOOKED_AT), strict=False):
            widths[len(values)] += 1
    except csv.Error:
        return 0, 0
    several = {width: rows for width, rows in widths.items() if width > 1}
    if not several:
        return 0, 0
    width = max(several, key=lambda width: (several[width], width))
    return several[width], width


def _check(name: str, number: int, values: list[str]) -> None:
    if number > MAX_ROWS:
        raise Refusal(
            f"{name} has more than {MAX_ROWS} rows; it is not read.",
            f"{name} har fler än {MAX_ROWS} rader. Filen läses inte in.",
        )
    if len(values) > MAX_COLUMNS and any(value.strip() for value in values[MAX_COLUMNS:]):
        raise Refusal(
            f"{name} has more than {MAX_COLUMNS} columns; keep those of the plan and try again.",
            f"{name} har fler än {MAX_COLUMNS} kolumner. Behåll planens kolumner och försök igen.",
        )
    del values[MAX_COLUMNS:]


def squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of one length."""
    width = max((len(row) for row in rows), default=0)
    return [
        row + [Cell("", row[0].row, at) for at in range(len(row) + 1, width + 1)] for row in rows
    ]
