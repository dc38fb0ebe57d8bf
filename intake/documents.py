"""Files -> paragraphs and tables whose every cell knows where it stood.

This is the only door: what is no plan file at all (damaged, encrypted, with macros, too big, a zip
bomb) is turned away here, in one sentence in each language. Each kind of file has a reader of its
own in `readers/`; another kind is one more line in `_READERS`. What the cells mean is the work of
`plan/headings.py` and `plans.py`.
"""

import hashlib
import io
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.span import Precision

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024  # everything in the zip, pictures too
MAX_XML = 50 * 1024 * 1024  # one XML part; a tree in memory takes several times its text
MAX_WORD_XML = 24 * 1024 * 1024  # a Word file is a tree as a whole, sixteen times its text
MAX_PARTS = 5_000
MAX_PAGES = 200  # of a PDF

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO = {".docm", ".xlsm", ".dotm", ".xltm", ".xlsb", ".xlam"}
_OLD = {".doc": ".docx", ".dot": ".docx", ".xls": ".xlsx", ".xlt": ".xlsx"}
# Bidi marks, zero-width characters and soft hyphens are invisible, and never part of the words.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
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
    """

    file: str
    sha256: str
    blocks: list[Paragraph | Table]
    notes: list[str] = field(default_factory=list)
    margin: list[str] = field(default_factory=list)

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


def read_tables(path: Path, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES) -> Document:
    """Read a file on disk. Whatever is wrong with it is a Refusal, never another error."""
    kind_of(path.name)
    data = read_bytes(path, max_bytes=max_bytes)
    return read_content(path.name, data, max_bytes=max_bytes, max_pages=max_pages)


def read_content(
    name: str, data: bytes, *, max_bytes: int = MAX_BYTES, max_pages: int = MAX_PAGES
) -> Document:
    """Read a file that is in memory, as a page receives it; refused as one on disk is."""
    from intake.blanked import without_numbers  # it knows what a document is from here

    reader = _READERS[kind_of(name)]
    check_size(name, data, max_bytes=max_bytes)
    try:
        content = reader(name, data, max_pages)
    except Refusal:
        raise
    except RecursionError as error:
        raise Refusal(
            f"{name} is nested too deeply to be read; simplify it and try again.",
            f"{name} är för invecklad för att läsas. Förenkla den och försök igen.",
        ) from error
    except Exception as error:  # the libraries raise anything at all on a damaged file
        raise damaged(name) from error
    if not any(isinstance(block, Paragraph) or block.rows for block in content.blocks):
        raise Refusal(
            f"{name} holds no table with words in it; choose the file that holds the table.",
            f"{name} har ingen tabell med text. Välj filen som har tabellen.",
        )
    digest = hashlib.sha256(data).hexdigest()
    return without_numbers(Document(name, digest, content.blocks, content.notes, content.margin))


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """The bytes of a file, which is never read when it is larger than `max_bytes`."""
    name = path.name
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise Refusal(f"{name} is a folder; name the file itself.")
        if not stat.S_ISREG(facts.st_mode):
            raise Refusal(f"{name} is not an ordinary file.")
        if facts.st_size > max_bytes:
            raise _too_big(name, facts.st_size, max_bytes)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {name}; check the name and the folder.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(f"{name} cannot be opened; check that you may read it.") from error
    check_size(name, data, max_bytes=max_bytes)
    return data


def check_size(name: str, data: bytes, *, max_bytes: int) -> None:
    """Refuse what is empty, and what is larger than the installation reads."""
    if len(data) > max_bytes:
        raise _too_big(name, len(data), max_bytes)
    if not data.strip(b"\x00\t\r\n "):
        raise Refusal(
            f"{name} is empty; choose the file that holds the table.",
            f"{name} är tom. Välj filen som har tabellen.",
        )


def _too_big(name: str, size: int, max_bytes: int) -> Refusal:
    return Refusal(
        f"{name} is {_megabytes(size)} MB; files above {_megabytes(max_bytes)} MB are not read.",
        f"{name} är {_megabytes(size)} MB. Filer över {_megabytes(max_bytes)} MB läses inte in; "
        "ta bort bilder ur filen och försök igen.",
    )


def check_package(name: str, data: bytes, *, max_xml: int = MAX_XML) -> None:
    """Refuse what only looks like an Office file, before any library opens it.

    Who reads a part as a stream, and makes no tree of it, may allow a larger one.
    """
    if data.startswith(_OLE):
        raise _ole_refusal(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(name, package, max_xml)
    except Refusal:
        raise
    except Exception as error:  # a hostile zip raises more than BadZipFile
        raise damaged(name) from error


def clean(text: str) -> str:
    """Words without invisible characters, with single spaces and at most one blank line."""
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
    if ending not in _READERS:
        raise Refusal(
            f"{name} is not a kind of file that is read; use .docx, .xlsx, .pdf or .csv.",
            f"{name} är en sorts fil som inte kan läsas in. Använd .docx, .xlsx, .pdf eller .csv.",
        )
    return ending


def _word(name: str, data: bytes, _max_pages: int) -> Content:
    from intake.readers.word import read_word

    check_package(name, data)
    return read_word(data)


def _excel(name: str, data: bytes, _max_pages: int) -> Content:
    from intake.readers.excel import read_excel

    check_package(name, data)
    return read_excel(name, data)


def _pdf(name: str, data: bytes, max_pages: int) -> Content:
    from intake.readers.pdf_apart import read_apart

    return read_apart(name, data, max_pages)


def _csv(name: str, data: bytes, _max_pages: int) -> Content:
    from intake.readers.csv import read_csv

    return read_csv(name, data)


_READERS: dict[str, Callable[[str, bytes, int], Content]] = {
    ".docx": _word,
    ".xlsx": _excel,
    ".pdf": _pdf,
    ".csv": _csv,
}


def _check_parts(name: str, package: zipfile.ZipFile, max_xml: int) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _swollen(name)
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise locked(name)
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise Refusal(
            f"{name} holds macros; save it without them and try again.",
            f"{name} innehåller makron. Spara den utan dem och försök igen.",
        )
    _check_kind(name, names)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _check_xml(name, package, part, max_xml)


def _check_kind(name: str, names: set[str]) -> None:
    if "[Content_Types].xml" not in names:
        raise damaged(name)
    kinds = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
    found = [end for end, folder in kinds.items() if any(n.startswith(folder) for n in names)]
    if found and Path(name).suffix.lower() not in found:
        raise Refusal(
            f"{name} is really a {found[0]} file; give it its right ending and try again.",
            f"{name} är egentligen en {found[0]}-fil. Ge den rätt filändelse och försök igen.",
        )


def _check_xml(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo, max_xml: int) -> None:
    """Office never declares a document type; an entity bomb must."""
    most = MAX_WORD_XML if part.filename.startswith("word/") else max_xml
    if part.file_size > most:
        raise _swollen(name)
    with package.open(part) as stream:
        head = stream.read(65_536).replace(b"\x00", b"")  # UTF-16 is ASCII with NULs between
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Refusal(
            f"{name} declares XML entities, which no Office program does; it is not read.",
            f"{name} innehåller kod som inget Officeprogram skriver. Filen läses inte in.",
        )


def _ole_refusal(name: str, data: bytes) -> Refusal:
    def holds(words: str) -> bool:
        return words.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return locked(name)
    wanted = Path(name).suffix.lower()
    return Refusal(
        f"{name} is in an old Office format under a new name; "
        f"open it, save it as {wanted} and try again.",
        f"{name} har ett gammalt Officeformat under nytt namn. "
        f"Öppna den, spara den som {wanted} och försök igen.",
    )


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


def _swollen(name: str) -> Refusal:
    return Refusal(
        f"{name} unpacks to far more than a plan can be; it is not read.",
        f"{name} rymmer långt mer än en plan kan göra. Filen läses inte in.",
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
