"""Files -> paragraphs and tables whose every cell knows where it stood.

This is the only door: what is no plan file at all (damaged, encrypted, with macros, too big, a zip
bomb) is turned away, in one sentence in each language. Each kind of file has a reader of its own in
`readers/`, and they run in a process of their own (`readers/apart.py`). What the cells mean is the
work of `plan/headings.py` and `plans.py`.
"""

import hashlib
import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from models.span import Precision

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 200  # of a PDF

KINDS = (
    ".docx", ".xlsx", ".pdf", ".csv", ".odt", ".ods", ".pptx", ".txt", ".md", ".html", ".htm",
)  # fmt: skip
File = bytes | Path | IO[bytes]  # as it came: in memory, on disk, or open

_PART = 1024 * 1024  # so much of a file is looked at in one go
_MACRO = {".docm", ".xlsm", ".dotm", ".xltm", ".xlsb", ".xlam", ".pptm", ".ppsm"}
_OLD = {
    ".doc": ".docx", ".dot": ".docx", ".xls": ".xlsx", ".xlt": ".xlsx", ".ppt": ".pptx",
    ".pps": ".pptx",
}  # fmt: skip
# Of other programs, which save as what is read.
_OF_OTHERS = {
    ".rtf": ".docx", ".pages": ".docx", ".numbers": ".xlsx", ".key": ".pptx", ".odp": ".pptx",
    ".msg": ".docx", ".mpp": ".xlsx",
}  # fmt: skip
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp"}
# Bidi marks, zero-width characters and soft hyphens are invisible, and never part of the words.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# "fi" and its like as one sign, as some faces draw them.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# A word or a date that was cut at the end of a line: "process-|ledare", "SIP-|satsning", "05-|31".
_BROKEN = re.compile(
    r"(?:(?P<word>(?<=[a-zåäö]))|(?<=[A-ZÅÄÖ\d]))-[ ]*\n[ ]*"
    r"(?!(?:och|eller|samt|till)\b)(?=[a-zåäö\d])"
)


_SORRY = "Filen gick inte att läsa. Öppna den, spara den på nytt och försök igen."


class Refusal(ValueError):  # noqa: N818  (a refusal is an answer, not a mistake of ours)
    """A file that cannot be read. Its message: what is wrong and what to do, in English.

    `swedish` says the same to those who use the pages.
    """

    def __init__(self, english: str, swedish: str = "") -> None:
        super().__init__(english)
        self.swedish = swedish or _SORRY


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, as it shows. `row` and `column` count from 1, as people count them.

    A cell inside a merged area shows the area's words; `merged_from` is where they really stand.
    `value` is the real date or number behind an Excel cell, `precision` how much of a date shows.
    """

    text: str
    row: int
    column: int
    value: object | None = None
    precision: Precision | None = None
    bold: bool = False
    merged_from: tuple[int, int] | None = None
    page: int = 0  # of a PDF, counted from 1
    fill: str = ""  # the colour behind it, in Excel and Word; "" = none
    struck: bool = False  # all of its words are struck through
    numbers: int = 0  # personnummer that stood in it and are blanked

    @property
    def origin(self) -> tuple[int, int]:
        """The cell whose words these are."""
        return self.merged_from or (self.row, self.column)

    @property
    def from_above(self) -> bool:
        """True when the words are repeated from a row above by a merged cell."""
        return self.merged_from is not None and self.merged_from[0] < self.row


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text outside tables."""

    text: str
    number: int
    heading: bool = False
    title: bool = False
    bullet: bool = False
    page: int = 0
    level: int = 0  # of a bullet: how many others it stands within


@dataclass(frozen=True, slots=True)
class Table:
    """A table in Word, PDF or CSV, or a sheet in Excel (then `name` is its name).

    Empty rows are left out.
    """

    number: int
    rows: list[list[Cell]]
    name: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Everything in a file in reading order. `notes` are Swedish sentences about its reading.

    `margin` is what stands in the page heads and text boxes; a title may stand nowhere else.
    `boxes` are those of its lines that stand in text boxes, beside a table.
    """

    file: str
    sha256: str
    blocks: list[Paragraph | Table]
    notes: list[str] = field(default_factory=list)
    margin: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        """The tables alone."""
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The running text alone."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader gives back."""

    blocks: list[Paragraph | Table]
    notes: list[str] = field(default_factory=list)
    margin: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        """The tables alone."""
        return [block for block in self.blocks if isinstance(block, Table)]


def read_tables(path: Path, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES) -> Document:
    """Read a file on disk. Whatever is wrong with it is a Refusal, never another error."""
    kind_of(path.name)
    found = file_at(path, max_bytes=max_bytes)
    return read_content(path.name, found, max_bytes=max_bytes, max_pages=max_pages)


def read_content(
    name: str, file: File, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES
) -> Document:
    from intake.blanked import without_numbers  # it knows what a document is from here
    from intake.readers.apart import read_apart

    kind_of(name)
    check_size(name, file, max_bytes=max_bytes)
    content = read_apart(name, file, max_pages)
    if not any(isinstance(block, Paragraph) or block.rows for block in content.blocks):
        raise Refusal(
            f"{name} holds no table with words in it; choose the file that holds the table.",
            f"{name} har ingen tabell med text. Välj filen som har tabellen.",
        )
    told = (content.notes, content.margin, content.boxes)
    return without_numbers(Document(name, digest_of(file), content.blocks, *told))


def file_at(path: Path, *, max_bytes: int) -> Path:
    """The path itself, when an ordinary file of at most `max_bytes` is there and may be read."""
    name = path.name
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise Refusal(f"{name} is a folder; name the file itself.")
        if not stat.S_ISREG(facts.st_mode):
            raise Refusal(f"{name} is not an ordinary file.")
        check_size(name, path, max_bytes=max_bytes)
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {name}; check the name and the folder.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(f"{name} cannot be opened; check that you may read it.") from error
    return path


def check_size(name: str, file: File, *, max_bytes: int) -> None:
    """Refuse what is empty, and what is larger than the installation reads."""
    with opened(file) as source:
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        if size > max_bytes:
            raise _too_big(name, size, max_bytes)
        while part := source.read(_PART):
            if part.strip(b"\x00\t\r\n "):
                return
    raise Refusal(
        f"{name} is empty; choose the file that holds the table.",
        f"{name} är tom. Välj filen som har tabellen.",
    )


def digest_of(file: File) -> str:
    """What tells a file from all others, read a little at a time."""
    with opened(file) as source:
        source.seek(0)
        digest = hashlib.sha256()
        while part := source.read(_PART):
            digest.update(part)
    return digest.hexdigest()


@contextmanager
def opened(file: File) -> Iterator[IO[bytes]]:
    """A file to read from, whichever way it came; one that came open stays open."""
    if isinstance(file, bytes):
        yield io.BytesIO(file)
    elif isinstance(file, Path):
        with file.open("rb") as source:
            yield source
    else:
        yield file


def _too_big(name: str, size: int, max_bytes: int) -> Refusal:
    return Refusal(
        f"{name} is {_megabytes(size)} MB; files above {_megabytes(max_bytes)} MB are not read.",
        f"{name} är {_megabytes(size)} MB. Filer över {_megabytes(max_bytes)} MB läses inte in; "
        "ta bort bilder ur filen och försök igen.",
    )


def clean(text: str) -> str:
    """Words without invisible characters, with single spaces and at most one blank line."""
    text = text.translate(_LIGATURES) if _LIGATURE.search(text) else text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub("[\v\f\x85\u2028\u2029]", "\n", text)
    text = _INVISIBLE.sub("", text)
    text = re.sub(_BROKEN, lambda cut: "-" if cut["word"] is None else "", text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def kind_of(name: str) -> str:
    """The ending that tells the kind of a file; a kind that is not read is refused."""
    ending = Path(name).suffix.lower()
    if ending in _MACRO:
        raise Refusal(
            f"{name} may hold macros; save it as .docx or .xlsx and try again.",
            f"{name} kan innehålla makron. Spara den som .docx eller .xlsx och försök igen.",
        )
    if ending in _OLD:
        raise Refusal(
            f"{name} is in an old format; save it as {_OLD[ending]} and try again.",
            f"{name} har ett gammalt format. Spara den som {_OLD[ending]} och försök igen.",
        )
    if ending in _OF_OTHERS:
        raise Refusal(
            f"{name} is of another program; open it, save it as {_OF_OTHERS[ending]} and try "
            "again.",
            f"{name} är sparad i ett annat format. Öppna den, välj Spara som eller Exportera, "
            f"spara den som {_OF_OTHERS[ending]} och försök igen.",
        )
    if ending in _PICTURES:
        raise Refusal(
            f"{name} is a picture, and its text cannot be read; use the file that the plan was "
            "written in.",
            f"{name} är en bild, och texten i den kan inte läsas. Använd filen som planen skrevs "
            "i.",
        )
    if ending not in KINDS:
        raise Refusal(
            f"{name} is not a kind of file that is read; use .docx, .xlsx, .pdf or .csv.",
            f"{name} är en sorts fil som inte kan läsas in. Använd .docx, .xlsx, .pdf eller .csv.",
        )
    return ending


def locked(name: str) -> Refusal:
    """The answer to a file with a password."""
    return Refusal(
        f"{name} is protected by a password; save it without one and try again.",
        f"{name} är skyddad med lösenord. Spara den utan lösenord och försök igen.",
    )


def damaged(name: str) -> Refusal:
    """The answer to a file that is not what its ending says."""
    kind = {".pdf": "PDF", ".csv": "CSV"}.get(Path(name).suffix.lower(), "Office")
    return Refusal(
        f"{name} is damaged or not a real {kind} file; open and save it again.",
        f"{name} är skadad eller ingen riktig {kind}-fil. Öppna den och spara den på nytt.",
    )


def too_deep(name: str) -> Refusal:
    """The answer to a file whose parts lie inside each other without end."""
    return Refusal(
        f"{name} is nested too deeply to be read; simplify it and try again.",
        f"{name} är för invecklad för att läsas. Förenkla den och försök igen.",
    )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f}" if size >= 1024 * 1024 else f"{size / 1024 / 1024:.2f}"


def unique_cells(row: list[Cell]) -> Iterator[Cell]:
    """The cells of a row with words in them, a merged cell once."""
    seen: set[tuple[int, int]] = set()
    for cell in row:
        if cell.text and cell.origin not in seen:
            seen.add(cell.origin)
            yield cell
