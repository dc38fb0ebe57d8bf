"""Is it an Office file at all? Asked of the package, before any library opens what is in it.

A package is a zip, and its list of contents may lie: every part is unpacked here once, a little at
a time, counted and let go of. So whoever opens it afterwards meets no more than was counted.
"""

import copy
import io
import zipfile
from pathlib import Path
from typing import IO

from intake.documents import Refusal, damaged, locked

MAX_UNPACKED = 200 * 1024 * 1024  # everything in the zip, pictures too
MAX_XML = 50 * 1024 * 1024  # one XML part; a tree in memory takes several times its text
MAX_WORD_XML = 24 * 1024 * 1024  # a Word file is a tree as a whole, sixteen times its text
MAX_PARTS = 5_000

_STRICT = b"http://purl.oclc.org/ooxml/"
_FIRST_PARTS = ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "_rels/.rels")
_OURS = b"http://schemas.openxmlformats.org/"
_NAMES_OF_STRICT = (
    (_STRICT + b"officeDocument/", _OURS + b"officeDocument/2006/"),
    (_STRICT + b"wordprocessingml/main", _OURS + b"wordprocessingml/2006/main"),
    (_STRICT + b"spreadsheetml/main", _OURS + b"spreadsheetml/2006/main"),
    (_STRICT + b"presentationml/main", _OURS + b"presentationml/2006/main"),
    (_STRICT + b"drawingml/", _OURS + b"drawingml/2006/"),
)
_OPEN = (".odt", ".ods")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AT_A_TIME = 256 * 1024
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = 2 * max(map(len, _DECLARED))  # a word may be cut by two reads, in UTF-16 too


def check_package(name: str, file: IO[bytes], *, max_xml: int = MAX_XML) -> None:
    """Refuse what only looks like an Office file, before any library opens it.

    Who reads a part as a stream, and makes no tree of it, may allow a larger one.
    """
    file.seek(0)
    if file.read(len(_OLE)) == _OLE:
        raise _ole_refusal(name, file.read())
    try:
        with zipfile.ZipFile(file) as package:
            _check_parts(name, package, max_xml)
    except Refusal:
        raise
    except MemoryError:
        raise
    except Exception as error:  # a hostile zip raises more than BadZipFile
        raise damaged(name) from error
    file.seek(0)


def transitional(file: IO[bytes]) -> IO[bytes]:
    """A file that was saved as "Strict Open XML", with the names that our libraries know.

    Called after `check_package`, which has counted what it unpacks to.
    """
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        strict = any(_STRICT in package.read(part) for part in names if part in _FIRST_PARTS)
        if not strict:
            file.seek(0)
            return file
        told = io.BytesIO()
        with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as whole:
            for part in package.infolist():
                data = package.read(part)
                if _is_xml(part):
                    for one, other in _NAMES_OF_STRICT:
                        data = data.replace(one, other)
                whole.writestr(part.filename, data)
    told.seek(0)
    return told


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
    left = MAX_UNPACKED
    for part in parts:
        left -= _unpacked(name, package, part, min(_most_of(part, max_xml), left))


def _check_kind(name: str, names: set[str]) -> None:
    wanted = "content.xml" if Path(name).suffix.lower() in _OPEN else "[Content_Types].xml"
    if wanted not in names:
        raise damaged(name)
    kinds = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
    found = [end for end, folder in kinds.items() if any(n.startswith(folder) for n in names)]
    if found and Path(name).suffix.lower() not in found:
        raise Refusal(
            f"{name} is really a {found[0]} file; give it its right ending and try again.",
            f"{name} är egentligen en {found[0]}-fil. Ge den rätt filändelse och försök igen.",
        )


def _most_of(part: zipfile.ZipInfo, max_xml: int) -> int:
    if not _is_xml(part):
        return MAX_UNPACKED
    return MAX_WORD_XML if part.filename.startswith("word/") else max_xml


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _unpacked(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """How many bytes a part really is. Office never declares a document type; a bomb must."""
    told = part.file_size
    if told > most:
        raise _swollen(name)
    counted, before = 0, b""
    whole = copy.copy(part)
    whole.file_size = most + 1  # else reading would stop where the list of contents says
    with package.open(whole) as stream:
        while piece := stream.read(_AT_A_TIME):
            counted += len(piece)
            if counted > most:
                raise _swollen(name)
            if _is_xml(part):
                words = (before + piece).replace(b"\x00", b"")  # UTF-16 is ASCII with NULs between
                if any(word in words for word in _DECLARED):
                    raise _with_entities(name)
                before = piece[-_OVERLAP:]
    if counted != told:
        raise damaged(name)
    return counted


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


def _with_entities(name: str) -> Refusal:
    return Refusal(
        f"{name} declares XML entities, which no Office program does; it is not read.",
        f"{name} innehåller kod som inget Officeprogram skriver. Filen läses inte in.",
    )


def _swollen(name: str) -> Refusal:
    return Refusal(
        f"{name} unpacks to far more than a plan can be; it is not read.",
        f"{name} rymmer långt mer än en plan kan göra. Filen läses inte in.",
    )
