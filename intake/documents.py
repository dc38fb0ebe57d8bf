"""Files -> paragraphs and tables whose every cell knows where it stood.

This is the only door: what is no plan file at all (damaged, encrypted, with macros, too big, a zip
bomb) is turned away here, in one English sentence. Each kind of file has a reader of its own
(`read_word.py`, `read_excel.py`); another kind is one more line in `_READERS`. What the cells mean
is the work of `headings.py` and `plans.py`.
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
MAX_PARTS = 5_000

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


class Refusal(ValueError):  # noqa: N818  (a refusal is an answer, not a mistake of ours)
    """A file that cannot be read. Its message: what is wrong and what to do, in English."""


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


@dataclass(frozen=True, slots=True)
class Table:
    """A table in Word, or a sheet in Excel (then `name` is its name). Empty rows are left out."""

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


def read_tables(path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a Word or Excel file. Whatever is wrong with it is a Refusal, never another error."""
    name = path.name
    reader = _reader(name)
    data = read_bytes(path, max_bytes=max_bytes)
    check_package(name, data)
    try:
        content = reader(name, data)
    except Refusal:
        raise
    except RecursionError as error:
        raise Refusal(
            f"{name} is nested too deeply to be read; simplify it and try again."
        ) from error
    except Exception as error:  # the libraries raise anything at all on a damaged file
        raise _damaged(name) from error
    if not any(table.rows for table in content.blocks if isinstance(table, Table)):
        raise Refusal(
            f"{name} holds no table with words in it; choose the file that holds the table."
        )
    digest = hashlib.sha256(data).hexdigest()
    return Document(name, digest, content.blocks, content.notes, content.margin)


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """The bytes of a file, which is never read when it is larger than `max_bytes`."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise Refusal(f"{path.name} is a folder; name the file itself.")
        if not stat.S_ISREG(facts.st_mode):
            raise Refusal(f"{path.name} is not an ordinary file.")
        if facts.st_size > max_bytes:
            raise Refusal(
                f"{path.name} is {_megabytes(facts.st_size)} MB; "
                f"files above {_megabytes(max_bytes)} MB are not read."
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {path.name}; check the name and the folder.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(f"{path.name} cannot be opened; check that you may read it.") from error
    if not data.strip(b"\x00\t\r\n "):
        raise Refusal(f"{path.name} is empty; choose the file that holds the table.")
    return data


def check_package(name: str, data: bytes) -> None:
    """Refuse what only looks like an Office file, before any library opens it."""
    if data.startswith(_OLE):
        raise _ole_refusal(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(name, package)
    except Refusal:
        raise
    except Exception as error:  # a hostile zip raises more than BadZipFile
        raise _damaged(name) from error


def clean(text: str) -> str:
    """Words without invisible characters, with single spaces and at most one blank line."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub("[\v\f\x85\u2028\u2029]", "\n", text)
    text = _INVISIBLE.sub("", text)
    text = re.sub(_BROKEN, lambda cut: "-" if cut["word"] is None else "", text)
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _reader(name: str) -> Callable[[str, bytes], Content]:
    ending = Path(name).suffix.lower()
    if ending in _MACRO:
        raise Refusal(f"{name} may hold macros; save it as .docx or .xlsx and try again.")
    if ending in _OLD:
        raise Refusal(f"{name} is in an old format; save it as {_OLD[ending]} and try again.")
    if ending not in _READERS:
        raise Refusal(f"{name} is not a kind of file that is read; use .docx or .xlsx.")
    return _READERS[ending]


def _word(_name: str, data: bytes) -> Content:
    from intake.readers.word import read_word

    return read_word(data)


def _excel(name: str, data: bytes) -> Content:
    from intake.readers.excel import read_excel

    return read_excel(name, data)


_READERS: dict[str, Callable[[str, bytes], Content]] = {".docx": _word, ".xlsx": _excel}


def _check_parts(name: str, package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refusal(f"{name} unpacks to far more than a plan can be; it is not read.")
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Refusal(f"{name} is protected by a password; save it without one and try again.")
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise Refusal(f"{name} holds macros; save it without them and try again.")
    _check_kind(name, names)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            _check_xml(name, package, part)


def _check_kind(name: str, names: set[str]) -> None:
    if "[Content_Types].xml" not in names:
        raise _damaged(name)
    kinds = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
    found = [end for end, folder in kinds.items() if any(n.startswith(folder) for n in names)]
    if found and Path(name).suffix.lower() not in found:
        raise Refusal(
            f"{name} is really a {found[0]} file; give it its right ending and try again."
        )


def _check_xml(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Office never declares a document type; an entity bomb must."""
    if part.file_size > MAX_XML:
        raise Refusal(f"{name} unpacks to far more than a plan can be; it is not read.")
    with package.open(part) as stream:
        head = stream.read(65_536).replace(b"\x00", b"")  # UTF-16 is ASCII with NULs between
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise Refusal(
            f"{name} declares XML entities, which no Office program does; it is not read."
        )


def _ole_refusal(name: str, data: bytes) -> Refusal:
    def holds(words: str) -> bool:
        return words.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return Refusal(f"{name} is protected by a password; save it without one and try again.")
    wanted = Path(name).suffix.lower()
    return Refusal(
        f"{name} is in an old Office format under a new name; "
        f"open it, save it as {wanted} and try again."
    )


def _damaged(name: str) -> Refusal:
    return Refusal(f"{name} is damaged or not a real Office file; open and save it again.")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f}" if size >= 1024 * 1024 else f"{size / 1024 / 1024:.2f}"


def unique_cells(row: list[Cell]) -> Iterator[Cell]:
    """The cells of a row with words in them, a merged cell once."""
    seen: set[tuple[int, int]] = set()
    for cell in row:
        if cell.text and cell.origin not in seen:
            seen.add(cell.origin)
            yield cell
