"""Every kind of file that is read, read in a process apart, and told as JSON.

A line for each paragraph, a line where a table begins, and then some of its rows at a time. How
much may be told is bounded, since the pages keep it in memory while they show it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from intake.apart import Reader, told_by
from intake.documents import Cell, Content, File, Paragraph, Refusal, Table, damaged, kind_of
from models.span import Precision

MAX_CELLS = 400_000
MAX_CHARACTERS = 12_000_000
_ROWS_AT_A_TIME = 50
_LIBRARIES = {
    ".docx": ("docx", "intake.readers.word"),
    ".xlsx": ("intake.readers.excel",),
    ".pdf": ("intake.readers.pdf",),
    ".csv": ("intake.readers.csv",),
    ".odt": ("intake.readers.opendocument",),
    ".ods": ("intake.readers.opendocument",),
    ".pptx": ("intake.readers.slides",),
    ".txt": ("intake.readers.text",),
    ".md": ("intake.readers.text",),
    ".html": ("lxml.html", "intake.readers.web_page"),
    ".htm": ("lxml.html", "intake.readers.web_page"),
}


def read_apart(name: str, file: File, max_pages: int) -> Content:
    """What a file says. Raises `Refusal` for whatever cannot be read."""
    reader = Reader(f"{__name__}:content_of", (__name__, *_LIBRARIES[kind_of(name)]))
    with told_by(reader, name, file, name, str(max_pages), heavy=heavy(name)) as lines:
        return heard(name, lines)


def libraries_for(name: str) -> tuple[str, ...]:
    """What a reader of such a file needs to have loaded."""
    return _LIBRARIES.get(Path(name.lower()).suffix, ())


def heavy(name: str) -> Refusal:
    """The answer to a file that takes too much time or memory."""
    if name.lower().endswith(".pdf"):
        return Refusal(
            f"{name} takes too long to read; use the Word or Excel file instead.",
            f"{name} tar för lång tid att läsa. Använd Word- eller Excelfilen i stället.",
        )
    return Refusal(
        f"{name} takes too much time or memory to read; "
        "copy the table itself to a new file and try again.",
        f"{name} är för tung att läsa. Kopiera tabellen till en ny fil och försök igen.",
    )


# In the child.


def content_of(file: IO[bytes], name: str, max_pages: str) -> Iterator[object]:
    """Read a file, and tell what it says."""
    yield from told(name, _READERS[kind_of(name)](name, file, int(max_pages)))


def told(name: str, content: Content) -> Iterator[object]:
    """What a file says as plain values, as `heard` understands them."""
    count = _Count(name)
    yield ["notes", content.notes, content.margin, content.boxes]
    for block in content.blocks:
        if isinstance(block, Paragraph):
            count.words(block.text)
            yield ["paragraph", *(getattr(block, each) for each in _OF_PARAGRAPH)]
            continue
        yield ["table", block.number, block.name, block.hidden]
        told_once: dict[tuple[int, int], str] = {}
        for at in range(0, len(block.rows), _ROWS_AT_A_TIME):
            rows = block.rows[at : at + _ROWS_AT_A_TIME]
            yield ["rows", [[_plain(cell, told_once, count) for cell in row] for row in rows]]


class _Count:
    """How much is told already."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = 0
        self.characters = 0

    def words(self, text: str) -> None:
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise self._too_much()

    def cell(self) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise self._too_much()

    def _too_much(self) -> Refusal:
        return Refusal(
            f"{self.name} holds more than {MAX_CELLS} cells or {MAX_CHARACTERS} characters; "
            "copy the table itself to a new file and try again.",
            f"{self.name} har fler än {MAX_CELLS} celler eller {MAX_CHARACTERS} tecken. "
            "Kopiera tabellen till en ny fil och försök igen.",
        )


def _plain(cell: Cell, told_once: dict[tuple[int, int], str], count: _Count) -> list[object]:
    """A cell without what is as usual; the words of a merged one are told where they stand."""
    count.cell()
    text: str | None = cell.text
    if cell.merged_from is None:
        if cell.text:
            told_once[cell.row, cell.column] = cell.text
        count.words(cell.text)
    elif told_once.get(cell.merged_from) == cell.text:
        text = None
    else:
        count.words(cell.text)
    more = {
        name: _in_json(value)
        for name in _OF_CELL
        if (value := getattr(cell, name)) not in (None, "", 0, False)
    }
    if cell.value is not None:
        more["value"] = _in_json(cell.value)
    return [text, cell.row, cell.column, *([more] if more else [])]


def _in_json(value: object) -> object:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if isinstance(value, str | int | float | tuple) else str(value)


def _word(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.package import check_package, transitional
    from intake.readers.word import read_word

    check_package(name, file)
    return read_word(transitional(file))


def _excel(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.excel import read_excel
    from intake.readers.package import check_package, transitional

    check_package(name, file)
    return read_excel(name, transitional(file))


def _pdf(name: str, file: IO[bytes], max_pages: int) -> Content:
    from intake.readers.pdf import read_pdf

    return read_pdf(name, file.read(), max_pages)


def _csv(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.csv import read_csv

    return read_csv(name, file.read())


def _text(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.text import read_text

    return read_text(name, file.read())


def _web_page(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.web_page import read_web_page

    return read_web_page(name, file.read())


def _opendocument(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.opendocument import read_opendocument
    from intake.readers.package import check_package

    check_package(name, file)
    return read_opendocument(file)


def _slides(name: str, file: IO[bytes], _max_pages: int) -> Content:
    from intake.readers.package import check_package, transitional
    from intake.readers.slides import read_slides

    check_package(name, file)
    return read_slides(transitional(file))


_READERS: dict[str, Callable[[str, IO[bytes], int], Content]] = {
    ".docx": _word,
    ".xlsx": _excel,
    ".pdf": _pdf,
    ".csv": _csv,
    ".odt": _opendocument,
    ".ods": _opendocument,
    ".pptx": _slides,
    ".txt": _text,
    ".md": _text,
    ".html": _web_page,
    ".htm": _web_page,
}

# In the process that asked.

_OF_PARAGRAPH = ("text", "number", "heading", "title", "bullet", "page", "level")
_OF_CELL = ("precision", "bold", "merged_from", "page", "fill", "struck", "numbers")


def heard(name: str, lines: Iterable[Any]) -> Content:
    """The content that was told; what is told otherwise means that the file is damaged."""
    listener = _Listener()
    try:
        for line in lines:
            listener.hear(*line)
    except Refusal:
        raise
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise damaged(name) from error
    return listener.content


class _Listener:
    """Puts together what is told."""

    def __init__(self) -> None:
        self.content = Content([])
        self._rows: list[list[Cell]] = []  # of the table that is being told
        self._stands: dict[tuple[int, int], str] = {}  # the words of its cells

    def hear(self, kind: str, *values: Any) -> None:  # noqa: ANN401 - JSON
        """One line."""
        if kind == "rows":
            self._rows.extend([[self._cell(*told) for told in row] for row in values[0]])
        elif kind == "table":
            number, name, hidden = values
            self._rows, self._stands = [], {}
            table = Table(int(number), self._rows, str(name), bool(hidden))
            self.content.blocks.append(table)
        elif kind == "paragraph":
            text, number, *marks = values
            named = dict(zip(_OF_PARAGRAPH[2:], marks, strict=True))
            self.content.blocks.append(Paragraph(str(text), int(number), **named))
        else:
            notes, margin, boxes = values
            self.content.notes.extend(map(str, notes))
            self.content.margin.extend(map(str, margin))
            self.content.boxes.extend(map(str, boxes))

    def _cell(
        self, text: str | None, row: int, column: int, more: dict[str, Any] | None = None
    ) -> Cell:
        if more is None:
            if text:
                self._stands[row, column] = text
            return Cell(str(text), int(row), int(column))
        if "merged_from" in more:
            top, left = more["merged_from"]
            more["merged_from"] = (int(top), int(left))
            text = self._stands[top, left] if text is None else text
        elif text:
            self._stands[row, column] = text
        if isinstance(more.get("value"), dict):
            more["value"] = date.fromisoformat(more["value"]["day"])
        if "precision" in more:
            more["precision"] = Precision(more["precision"])
        return Cell(str(text), int(row), int(column), **more)
