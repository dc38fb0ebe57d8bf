"""The words of an Office package that somebody attaches, also those that no page shows.

Every part is told but pictures and the like: text between tags, the attributes that hold people's
words, remarks, addresses that links lead to, and what is laid in as a package of its own (a chart's
sheet). What is laid in by an old program cannot be looked through, and the file is refused. What is
searched for is searched in one pass, whatever is in the file: who sends it may mean harm.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from intake.documents import Refusal, damaged
from intake.readers.package import check_package

_DEEP = 2  # packages within packages
# Parts that hold no words: pictures, sound, film, fonts, the printer's settings.
_SILENT = {
    *(".png", ".jpg", ".jpeg", ".jpe", ".gif", ".bmp", ".tif", ".tiff", ".ico", ".emf", ".wmf"),
    *(".emz", ".wmz", ".wdp", ".jxr", ".heic", ".webp", ".wav", ".mp3", ".m4a", ".mp4", ".m4v"),
    *(".mov", ".avi", ".wmv", ".ttf", ".otf", ".odttf", ".fntdata"),
}
_PACKAGES = {".docx", ".xlsx", ".pptx", ".odt", ".ods", ".dotx", ".xltx", ".zip"}
_TAG = re.compile(r"<([^<>]*)>")
_NAME = re.compile(r"/?(?:[\w.-]+:)?([\w.-]*)")
_ATTRIBUTE = re.compile(r"""([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# What ends a line, and what sets a cell apart from the next: two halves of no number.
_LINES = {"p", "h", "br", "cr", "line-break", "row", "tr", "si", "list-item", "div", "li"}
_CELLS = {"c", "v", "tc", "td", "th", "table-cell", "table-row", "tab"}
# Attributes in which people's words stand: what a picture shows, what a hint says, where a link
# leads. Others are measures, numbers and marks, some of which look like anything.
_WORDS = {
    *("descr", "title", "alt", "name", "tooltip", "screentip", "author", "initials", "prompt"),
    *("prompttitle", "error", "errortitle", "string-value", "href", "target", "location"),
    *("display", "label", "text", "caption", "subject", "keywords", "value", "displayname"),
    *("display-name", "userid", "comment", "summary"),
}
_OF_FIELDS = "val"  # a control's name and mark, and measures too
_MEASURE = re.compile(r"[-+]?[\d.]*")
_REMARKS = (("<!--", "\n<r>"), ("-->", "\n"), ("<![CDATA[", "<r>"), ("]]>", ""))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_KNOWN = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"}
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_WIDE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


def words_of_package(name: str, file: IO[bytes], *, deep: int = 0) -> Iterator[str]:
    """The words of each part. Raises `Refusal` for what cannot be looked through."""
    check_package(name, file)
    with zipfile.ZipFile(file) as package:
        for part in package.infolist():
            path = PurePosixPath(part.filename.lower())
            yield part.filename
            if path.suffix in _SILENT or part.is_dir():
                continue
            if path.suffix in _PACKAGES:
                if deep == _DEEP:
                    raise _laid_in(name)
                laid_in = io.BytesIO(package.read(part))
                called = f"{PurePosixPath(name).stem}{path.suffix}"
                yield from words_of_package(called, laid_in, deep=deep + 1)
            elif path.suffix == ".bin":
                if "embeddings" in path.parts:
                    raise _laid_in(name)
            else:
                yield words_of_part(name, package.read(part))


def words_of_part(name: str, data: bytes) -> str:
    """What stands in a part: runs of one line together, lines and cells apart.

    Raises `Refusal` for signs that are written in no way that is known.
    """
    return text_of_xml(data.decode(_written_in(name, data), "replace"))


def text_of_xml(text: str) -> str:
    """The words between tags and in attributes."""
    for mark, other in _REMARKS:
        text = text.replace(mark, other)
    told: list[str] = []

    def between(tag: re.Match[str]) -> str:
        told.extend(_in_attributes(tag[1]))
        name = _NAME.match(tag[1])
        what = name[1].lower() if name else ""
        if what in _LINES:
            return "\n"
        return " § " if what in _CELLS else ""

    shown = _TAG.sub(between, text)
    return html.unescape("\n".join((shown, *told)))


def _in_attributes(tag: str) -> Iterator[str]:
    """The words of a tag's attributes."""
    if "=" not in tag:
        return
    for called, one, other in _ATTRIBUTE.findall(tag):
        name, said = called.lower(), one or other
        if name in _WORDS or (name == _OF_FIELDS and not _MEASURE.fullmatch(said)):
            yield said


def _written_in(name: str, data: bytes) -> str:
    for begins, coding in _MARKS:
        if data.startswith(begins):
            return coding
    for begins, coding in _WIDE:
        if data.startswith(begins):
            return coding
    declared = _DECLARED.match(data[:400])
    coding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if coding not in _KNOWN:
        raise damaged(name)
    return coding


def _laid_in(name: str) -> Refusal:
    return Refusal(
        f"{name} has a file laid into it that cannot be looked through",
        f"{name} har en annan fil inlagd i sig som inte går att läsa igenom. Ta bort den och "
        "försök igen.",
    )
