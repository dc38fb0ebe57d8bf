"""The words that somebody wrote in the fields of a Word file that we made, read in a process apart.

A field is a content control whose tag begins with a word of ours; everything else in the file is
left alone. A field where nothing is written yet shows a hint, which is no words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from intake.apart import Reader, told_by
from intake.documents import File, Refusal, check_size, damaged
from intake.readers.apart import heavy

MOST_FIELDS = 500
MOST_CHARACTERS = 2_000_000
_LIBRARIES = (__name__, "docx", "docx.text.paragraph", "intake.readers.package")


@dataclass(frozen=True, slots=True)
class Written:
    """What is written in the fields, by their names, and the title that the file was made with."""

    title: str = ""
    texts: dict[str, str] = field(default_factory=dict)


def read_fields(name: str, file: File, prefix: str, *, max_bytes: int) -> Written:
    """The words in the fields; paragraphs are kept apart by an empty line. Raises `Refusal`."""
    check_size(name, file, max_bytes=max_bytes)
    reader = Reader(f"{__name__}:fields_of", _LIBRARIES)
    written: dict[str, str] = {}
    with told_by(reader, name, file, name, prefix, heavy=heavy(name)) as lines:
        title = str(next(lines, ""))
        for told in lines:
            if not isinstance(told, list) or len(told) != 2:
                raise damaged(name)
            written[str(told[0])] = str(told[1])
    return Written(title, written)


# In the child.


def fields_of(file: IO[bytes], name: str, prefix: str) -> Iterator[object]:
    """The title, and then each field with its words."""
    import docx

    from intake.readers.package import check_package

    check_package(name, file)
    document = docx.Document(file)
    yield str(document.core_properties.title)
    left = MOST_CHARACTERS
    for count, (key, words) in enumerate(_fields(document.element.body, prefix)):
        left -= len(words)
        if left < 0 or count >= MOST_FIELDS:
            raise Refusal(
                f"{name} has more words in its fields than a report has room for.",
                f"{name} har mer text i fälten än vad som får plats i en rapport.",
            )
        yield [key, words]


def _fields(body: Any, prefix: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    for control in body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        name = tag.get(qn("w:val"), "") if tag is not None else ""
        if not name.startswith(prefix):
            continue
        hint = control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
        content = control.find(qn("w:sdtContent"))
        words = []
        if hint is None and content is not None:
            words = [Paragraph(p, None).text.strip() for p in content.iter(qn("w:p"))]
        yield name.removeprefix(prefix), "\n\n".join(filter(None, words))
