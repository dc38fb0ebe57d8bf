"""A file that somebody attaches: what it is, by what is in it, and the words to look through.

Run in a process apart. Nothing is made of the words but a look for personnummer, so all that the
file says is told, also what does not show: notes, comments, hidden sheets, what it says of itself.
Pictures say nothing but what stands beside them.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from intake.documents import Refusal, damaged
from intake.readers.in_package import words_of_package

MAX_PAGES = 500
MAX_SIGNS = 4_000_000
_IN_A_LINE = 400_000  # signs told at a time; each is six bytes at most
_OVER = 200  # signs that two of them share, lest a number is cut
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_PDF, _PNG, _JPEG, _ZIP = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AFTER_PNG, _AFTER_JPEG = b"IEND\xaeB`\x82", b"\xff\xd9"  # what ends a picture
_SIGNS = re.compile(rb"[\x20-\x7e\x80-\xff]{8,}")  # words among what is none


def looked_through(file: IO[bytes], name: str) -> Iterator[object]:
    """["kind", …] first, and then ["words", …] as many times as it takes."""
    kind = kind_of(file, name)
    yield ["kind", kind]
    count = 0
    for words in _words(kind, f"{PurePath(name).stem or 'fil'}.{kind}", file):
        count += len(words)
        if count > MAX_SIGNS:
            raise _too_much(name)
        for at in range(0, len(words), _IN_A_LINE):
            yield ["words", words[max(0, at - _OVER) : at + _IN_A_LINE]]


def kind_of(file: IO[bytes], name: str) -> str:
    """What a file is. Raises `Refusal` for what is not taken in."""
    file.seek(0)
    first = file.read(8)
    for begins, kind in ((_PDF, "pdf"), (_PNG, "png"), (_JPEG, "jpg")):
        if first.startswith(begins):
            return kind
    if first.startswith(_ZIP) and (kind := _kind_of_package(file, name)):
        return kind
    if first.startswith(_OLE):
        raise Refusal(
            f"{name} is in an old Office format or has a password",
            f"{name} har ett gammalt Officeformat eller är skyddad med lösenord. Öppna den, spara "
            "den som docx, xlsx eller pptx utan lösenord och försök igen.",
        )
    raise Refusal(
        f"{name} is no kind of file that is taken in",
        f"{name} är inte en fil som tas emot. Välj PDF, docx, xlsx, pptx, odt, ods, PNG eller "
        "JPEG.",
    )


def _kind_of_package(file: IO[bytes], name: str) -> str:
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist())
            if "[Content_Types].xml" in names:
                return next((kind for part, kind in _OFFICE.items() if part in names), "")
            if "mimetype" in names and "content.xml" in names:
                with package.open("mimetype") as told:
                    return _OPEN.get(told.read(100).strip(), "")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(name) from error
    return ""


def _words(kind: str, name: str, file: IO[bytes]) -> Iterator[str]:
    file.seek(0)
    if kind == "pdf":
        from intake.readers.pdf import text_of_pages

        yield from text_of_pages(name, file.read(), MAX_PAGES)
    elif kind in ("png", "jpg"):
        yield _beside_picture(kind, name, file)
    else:
        yield from words_of_package(name, file)


def _beside_picture(kind: str, name: str, file: IO[bytes]) -> str:
    """That it is a whole picture, and the words that it carries. Nothing of it is drawn."""
    from PIL import Image

    try:
        with Image.open(file, formats=["PNG" if kind == "png" else "JPEG"]) as picture:
            told = [words for words in picture.info.values() if isinstance(words, str | bytes)]
            picture.verify()
    except Exception as error:  # a hostile picture raises anything
        raise Refusal(
            f"{name} is no whole picture",
            f"{name} är skadad eller ingen riktig bild. Öppna den, spara den på nytt och försök "
            "igen.",
        ) from error
    told.append(_after_picture(kind, file))
    return "\n".join(
        words if isinstance(words, str) else words.decode("latin-1") for words in told
    )[:MAX_SIGNS]


def _after_picture(kind: str, file: IO[bytes]) -> bytes:
    """The words that somebody has put behind a picture, where no program looks for any."""
    file.seek(0)
    data = file.read()
    ends = _AFTER_PNG if kind == "png" else _AFTER_JPEG
    return b"\n".join(_SIGNS.findall(data.rpartition(ends)[2]))


def _too_much(name: str) -> Refusal:
    return Refusal(
        f"{name} holds more than {MAX_SIGNS} signs",
        f"{name} har mer text än vad som kan läsas igenom. Dela upp den i flera filer och försök "
        "igen.",
    )
