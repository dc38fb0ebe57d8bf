"""OpenDocument files (.odt, .ods) -> paragraphs and tables, walked in the order of the document.

LibreOffice and its kin save so. The package holds one XML part with everything that shows; it is
read with lxml alone. What the words mean is decided elsewhere.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any

from lxml import etree

from intake.documents import Cell, Content, Paragraph, Table, clean
from intake.readers.nested import name_of_row
from intake.readers.not_shown import columns_not_shown, rows_not_shown
from intake.readers.spaced import among

MAX_COLUMNS = 256
MAX_ROWS = 50_000
MAX_CELLS = 400_000  # with what is repeated

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_BOXES = {f"{_DRAW}{kind}" for kind in ("text-box", "custom-shape", "rect", "ellipse", "caption")}
_NOT_TEXT = {f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}note", *_BOXES}
_NOT_SHOWN = ("collapse", "filter")
_MOST_SPACES = 100  # in a row; how many there are beyond three tells nothing
_WHITE = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")  # in the file itself it stands for one space
MAX_LINES = 200  # of text boxes
_WITHIN = {f"{_TEXT}section", f"{_TEXT}list", f"{_TEXT}list-item", f"{_TEXT}list-header"}

Element = Any  # lxml has no types here


def read_opendocument(file: IO[bytes]) -> Content:
    """What a document or a workbook shows; hidden sheets are marked."""
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(package.read("content.xml"), parser)
    tables = next(root.iter(f"{_TABLE}table"), None) is not None
    walk = _Walk(_Styles(root), boxes=not tables)
    body = root.find(f"{_OFFICE}body")
    for kind in body if body is not None else ():
        walk.through(kind, sheets=kind.tag == f"{_OFFICE}spreadsheet")
    boxes = _lines_in_boxes(root)
    return Content(walk.blocks, walk.notes, margin=boxes, boxes=boxes if tables else [])


def _lines_in_boxes(root: Element) -> list[str]:
    """The lines of text boxes, each once."""
    parts = [part for box in root.iter(*_BOXES) for part in box.iter(f"{_TEXT}p", f"{_TEXT}h")]
    lines = [clean(_words(part)) for part in parts]
    return list(dict.fromkeys(line for line in lines if line))[:MAX_LINES]


class _Styles:
    """What the styles of the document say: bold, grounds, hidden sheets, which is a heading."""

    def __init__(self, root: Element) -> None:
        self.bold: set[str] = set()
        self.hidden: set[str] = set()
        self.fill: dict[str, str] = {}
        self.parent: dict[str, str] = {}
        for style in root.iter(f"{_STYLE}style"):
            name = style.get(f"{_STYLE}name", "")
            self.parent[name] = style.get(f"{_STYLE}parent-style-name", "")
            for part in style:
                if part.get(f"{_FO}font-weight") == "bold":
                    self.bold.add(name)
                if part.get(f"{_TABLE}display") == "false":
                    self.hidden.add(name)
                ground = part.get(f"{_FO}background-color", "transparent")
                if ground not in ("transparent", "#ffffff"):
                    self.fill[name] = ground.removeprefix("#").upper()

    def is_title(self, name: str) -> bool:
        """Is this the style of a document's title?"""
        return "Title" in (name, self.parent.get(name, ""))


class _Walk:
    """Goes through a document once and numbers what it meets."""

    def __init__(self, styles: _Styles, *, boxes: bool) -> None:
        self.styles = styles
        self.boxes = boxes  # without a table the plan may stand in text boxes, each in its place
        self.notes: list[str] = []
        self.blocks: list[Paragraph | Table] = []
        self.paragraphs = 0
        self.tables = 0
        self.cells = 0

    def through(self, parent: Element, *, sheets: bool = False, lists: int = 0) -> None:
        """Go through what stands within; `lists`: how many lists it stands in."""
        run: list[Element] = []  # the paragraphs since what is none
        for element in parent.iterchildren():
            if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                run.append(element)
                continue
            self.run_of(run, lists)
            run = []
            if element.tag == f"{_TABLE}table":
                self.table(element, named=sheets)
            elif element.tag in _WITHIN:
                deeper = element.tag == f"{_TEXT}list"
                self.through(element, lists=lists + deeper)
        self.run_of(run, lists)

    def run_of(self, run: Sequence[Element], lists: int) -> None:
        """Paragraphs in order; those whose cells are parted by tabs are the rows of a table."""
        for at, words, block in among([_words(element) for element in run]):
            if block is None:
                self.paragraph(run[at], words, lists)
                for box in run[at].iter(*_BOXES) if self.boxes else ():
                    self.through(box)
            else:
                self.tables += 1
                self.blocks.append(Table(self.tables, block.cells(1)))

    def paragraph(self, element: Element, said: str, lists: int) -> None:
        self.paragraphs += 1
        text = clean(said)
        if not text:
            return
        style = element.get(f"{_TEXT}style-name", "")
        title = self.styles.is_title(style)
        bold = style in self.styles.bold and len(text) <= 120
        heading = title or bold or element.tag == f"{_TEXT}h"
        bullet = lists > 0 and not heading
        level = lists - 1 if bullet else 0
        told = Paragraph(
            text, self.paragraphs, heading=heading, title=title, bullet=bullet, level=level
        )
        self.blocks.append(told)

    def table(self, element: Element, *, named: bool) -> None:
        self.tables += 1
        rows: list[list[Cell]] = []
        within: list[list[Element]] = []  # the tables in the cells of each row
        hidden_rows: list[int] = []
        merged: dict[tuple[int, int], Cell] = {}
        number = 0
        for row in _rows(element):
            repeated = _times(row, "number-rows-repeated")
            cells = self._row(row, number + 1, merged)
            number += repeated
            if any(cell.text for cell in cells) and number <= MAX_ROWS:
                rows.append(cells)
                within.append(list(_tables_in(row)))
                if row.get(f"{_TABLE}visibility") in _NOT_SHOWN:
                    hidden_rows.append(number)
        name = clean(element.get(f"{_TABLE}name", "")) if named else ""
        hidden = element.get(f"{_TABLE}style-name", "") in self.styles.hidden
        if named and not hidden:
            self.notes += rows_not_shown(name, hidden_rows)
            filled = {cell.column for row in rows for cell in row if cell.text}
            self.notes += columns_not_shown(name, filled & _columns_hidden(element))
        called = {at: name_of_row(rows, at) for at, inner in enumerate(within) if inner}
        kept = [row for at, row in enumerate(rows) if not called.get(at)]
        self.blocks.append(Table(self.tables, _squared(kept), name=name, hidden=hidden and named))
        for at, inner in enumerate(within):
            if called.get(at):
                self.paragraphs += 1
                self.blocks.append(Paragraph(called[at], self.paragraphs, heading=True))
            for each in inner:
                self.table(each, named=False)

    def _row(self, row: Element, at: int, merged: dict[tuple[int, int], Cell]) -> list[Cell]:
        cells: list[Cell] = []
        for element in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            times = min(_times(element, "number-columns-repeated"), MAX_COLUMNS - len(cells))
            for _ in range(times):
                column = len(cells) + 1
                over = merged.get((at, column))
                covered = element.tag != f"{_TABLE}table-cell" and over is not None
                cells.append(over if covered and over else self._cell(element, at, column))
            if cells and times == 1:
                self._spread(element, cells[-1], merged)
        while cells and not cells[-1].text and not cells[-1].fill:
            cells.pop()
        self.cells += len(cells)
        if self.cells > MAX_CELLS:
            raise MemoryError("more cells than a plan can have")
        return cells

    def _cell(self, element: Element, at: int, column: int) -> Cell:
        lines = [_words(part) for part in element.iterchildren(f"{_TEXT}p", f"{_TEXT}h")]
        for listed in element.iter(f"{_TEXT}list"):
            lines += [_words(part) for part in listed.iter(f"{_TEXT}p")]
        text = clean("\n".join(lines))
        style = element.get(f"{_TABLE}style-name", "")
        value = _value(element)
        return Cell(
            value.isoformat() if isinstance(value, date) else text,
            at,
            column,
            value=value if text else None,
            bold=style in self.styles.bold,
            fill=self.styles.fill.get(style, ""),
        )

    def _spread(self, element: Element, first: Cell, merged: dict[tuple[int, int], Cell]) -> None:
        """A cell over several columns or rows is repeated in each of them."""
        down = min(_times(element, "number-rows-spanned"), 1_000)
        across = min(_times(element, "number-columns-spanned"), MAX_COLUMNS)
        for row in range(first.row, first.row + down):
            for column in range(first.column, first.column + across):
                if (row, column) != first.origin:
                    merged[row, column] = Cell(
                        first.text, row, column, bold=first.bold, merged_from=first.origin
                    )


def _columns_hidden(table: Element) -> set[int]:
    """The columns of a sheet, counted from 1, that a hand has hidden; also in groups."""
    hidden: set[int] = set()
    column = 0
    for element in table.iter(f"{_TABLE}table-column"):
        first = column + 1
        column = min(column + _times(element, "number-columns-repeated"), MAX_COLUMNS)
        if element.get(f"{_TABLE}visibility") in _NOT_SHOWN:
            hidden |= set(range(first, column + 1))
    return hidden


def _tables_in(row: Element) -> Iterator[Element]:
    """The tables within a row's cells, not those within them."""
    for child in row.iterchildren():
        if child.tag == f"{_TABLE}table":
            yield child
        elif isinstance(child.tag, str) and child.tag not in _BOXES:
            yield from _tables_in(child)


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table, also those within groups and heading rows; not of a table inside."""
    for element in table.iterchildren():
        if element.tag == f"{_TABLE}table-row":
            yield element
        elif element.tag in (
            f"{_TABLE}table-header-rows", f"{_TABLE}table-rows", f"{_TABLE}table-row-group"
        ):  # fmt: skip
            yield from _rows(element)


def _squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    width = max((len(row) for row in rows), default=0)
    return [
        row + [Cell("", row[0].row, column) for column in range(len(row) + 1, width + 1)]
        for row in rows
    ]


def _value(element: Element) -> date | float | None:
    """The real day or number behind a cell of a workbook."""
    try:
        if told := element.get(f"{_OFFICE}date-value"):
            return date.fromisoformat(told[:10])
        if element.get(f"{_OFFICE}value-type") == "float":
            return float(element.get(f"{_OFFICE}value", ""))
    except ValueError:
        return None
    return None


def _times(element: Element, name: str, space: str = _TABLE) -> int:
    told = element.get(f"{space}{name}", "1")
    return max(1, int(told)) if told.isdecimal() else 1


def _words(element: Element) -> str:
    parts: list[str] = [_WHITE.sub(" ", element.text or "")]
    for child in element.iterchildren():
        if child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}s":
            parts.append(" " * min(_times(child, "c", _TEXT), _MOST_SPACES))
        elif isinstance(child.tag, str) and child.tag not in _NOT_TEXT:
            parts.append(_words(child))
        parts.append(_WHITE.sub(" ", child.tail or ""))
    return "".join(parts)
