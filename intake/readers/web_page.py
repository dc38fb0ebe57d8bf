"""Web pages and letters saved as such -> paragraphs and tables, in the order they are read.

Outlook, webmail and Excel save so. Nothing is fetched and nothing is run: only words are taken, and
none that the page does not show. A table that only lays out the page is no table. What the words
mean is decided elsewhere.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from intake.documents import Cell, Content, Paragraph, Table, clean
from intake.readers.csv import decoded, squared
from intake.readers.nested import name_of_row
from intake.readers.text import blocks_of

MAX_COLUMNS = 64
MAX_ROWS_OVER = 1_000  # that one cell goes on over

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
_LOOKED_AT = 4_096  # bytes; where a page says how it is written
_NOT_SHOWN = {"script", "style", "head", "template", "noscript", "select", "option", "textarea",
              "svg", "object", "iframe"}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"ul", "ol", "menu"}
_BLOCKS = {"p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "form",
           "blockquote", "pre", "address", "dl", "dt", "dd", "figure", "figcaption", "center",
           "fieldset", "body", "html", "hr", "details", "summary", "caption", "label"}  # fmt: skip
_NOT_PLAIN = {"table", "ul", "ol", "br", "p", "div", "h1", "h2", "h3", "input", "s", "del"}
_BOLD = {"b", "strong", "th"}
_STRUCK = {"s", "strike", "del"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*(#[0-9a-f]{3,6}\b|rgb\([^)]*\))", re.I)
_LONGEST_BOLD = 120  # signs; a longer text in bold is no heading

Element = Any  # lxml has no types here


def read_web_page(name: str, data: bytes) -> Content:
    """The paragraphs and tables of a page, and what it is called."""
    from lxml import html

    text = _text_of(name, data).lstrip("\ufeff")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    page = html.document_fromstring(text if text.strip() else "<p></p>", parser=parser)
    walk = _Walk()
    walk.inside(page)
    walk.close()
    called = [clean("".join(each.itertext())) for each in page.iter("title")]
    return Content(walk.blocks, margin=[words for words in called[:1] if words])


def _text_of(name: str, data: bytes) -> str:
    """The page's text: as it says itself that it is written, else as any text file."""
    said = _CHARSET.search(data[:_LOOKED_AT])
    if said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04")):
        coding = said[1].decode("ascii")
        try:
            if "\x00" not in (text := data.decode(codecs.lookup(coding).name)):
                return text
        except (LookupError, UnicodeError):
            pass
    return decoded(name, data)


class _Walk:
    """Goes through a page once; words gather until something ends their paragraph."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.words: list[str] = []
        self.plain = False  # is any of the gathered words not in bold?
        self.paragraphs = 0
        self.tables = 0
        self.heading = 0  # which one the words are within
        self.lists = 0  # how many lists they stand within
        self.bullet = False  # the words begin a bullet

    def inside(self, element: Element, *, bold: bool = False) -> None:
        """What stands in an element, with the words between its parts."""
        self._say(element.text, bold)
        for child in element.iterchildren():
            if isinstance(child.tag, str) and not _is_hidden(child):
                self.element(child, bold=bold or child.tag in _BOLD)
            self._say(child.tail, bold)

    def element(self, element: Element, *, bold: bool) -> None:
        tag = element.tag
        if tag == "table":
            self.table(element)
        elif tag == "li":
            self.close()
            self.bullet = True
            self.inside(element, bold=bold)
            self.close()
            self.bullet = False
        elif tag in _LISTS:
            self.close()
            self.lists += 1
            self.inside(element, bold=bold)
            self.close()
            self.lists -= 1
        elif tag in _HEADINGS:
            self.close()
            self.heading = int(tag[1])
            self.inside(element)
            self.close()
            self.heading = 0
        elif tag == "pre" and not any(child.tag in _NOT_PLAIN for child in element.iter()):
            self.close()
            self.plain_text("".join(element.itertext()))
        elif tag in _BLOCKS:
            self.close()
            self.inside(element, bold=bold)
            self.close()
        elif tag == "br":
            self.words.append("\n")
        elif tag == "input":
            self._say(_box(element), bold)
        elif tag not in _STRUCK:
            self.inside(element, bold=bold)

    def _say(self, words: str | None, bold: bool) -> None:
        if words:
            said = re.sub(r"[ \t\r\n\f]+", " ", words)
            self.words.append(said)
            self.plain |= not bold and bool(said.strip())

    def plain_text(self, text: str) -> None:
        """What stands as it was typed, as in a letter without any looks: read as such text is."""
        for block in blocks_of(text):
            if isinstance(block, Table):
                self.tables += 1
                self.blocks.append(replace(block, number=self.tables))
            else:
                self.paragraphs += 1
                self.blocks.append(replace(block, number=self.paragraphs, title=False))

    def close(self) -> None:
        """End the paragraph, if there is one."""
        text = clean("".join(self.words))
        plain, self.words, self.plain = self.plain, [], False
        if not text:
            return
        self.paragraphs += 1
        bullet = self.bullet and not self.heading
        bold = not plain and len(text) <= _LONGEST_BOLD and "\n" not in text
        heading = bool(self.heading) or (bold and not self.lists)
        self.blocks.append(
            Paragraph(text, self.paragraphs, heading=heading, title=self.heading == 1,
                      bullet=bullet, level=max(0, self.lists - 1) if bullet else 0)
        )  # fmt: skip
        self.bullet = False

    def table(self, element: Element) -> None:
        """A table and then those within its cells; one that lays out the page is gone through."""
        self.close()
        lines = [row for row in _rows_of(element) if not _is_hidden(row)]
        cells = [[cell for cell in _cells_of(row) if not _is_hidden(cell)] for row in lines]
        if max(map(len, cells), default=0) <= 1 or element.get("role") == "presentation":
            for cell in (cell for row in cells for cell in row):
                self.inside(cell)
                self.close()
            return
        self.tables += 1
        number = self.tables
        rows = _grid(cells)
        within = [[inner for cell in row for inner in _tables_in(cell)] for row in cells]
        named = {at: name_of_row(rows, at) for at, inner in enumerate(within) if inner}
        kept = [
            row for at, row in enumerate(rows) if not named.get(at) and any(c.text for c in row)
        ]
        if kept:
            self.blocks.append(Table(number, squared(kept)))
        for at, inner in enumerate(within):
            if named.get(at):
                self.paragraphs += 1
                self.blocks.append(Paragraph(named[at], self.paragraphs, heading=True))
            for each in inner:
                self.table(each)


def _grid(lines: Sequence[Sequence[Element]]) -> list[list[Cell]]:
    """The rows, filled: a cell over several columns or rows is repeated in each of them."""
    rows: list[list[Cell]] = []
    below: dict[int, tuple[Cell, int]] = {}  # what goes on down a column, and over how many rows
    for at, line in enumerate(lines, 1):
        cells: list[Cell] = []
        left = list(line)
        while left or any(column > len(cells) for column in below):
            column = len(cells) + 1
            if column > MAX_COLUMNS:
                break
            if column in below:
                cell, more = below.pop(column)
                cells.append(replace(cell, row=at, column=column, merged_from=cell.origin))
                if more > 1:
                    below[column] = cell, more - 1
            elif left:
                _placed(left.pop(0), at, cells, below)
            else:
                cells.append(Cell("", at, column))
        rows.append(cells)
    return rows


def _placed(
    element: Element, at: int, cells: list[Cell], below: dict[int, tuple[Cell, int]]
) -> None:
    """Put a cell where the row has come to, over as many columns and rows as it says."""
    first = _cell(element, at, len(cells) + 1)
    deep = _number(element.get("rowspan"), MAX_ROWS_OVER)
    for _ in range(_number(element.get("colspan"), MAX_COLUMNS)):
        column = len(cells) + 1
        if column > MAX_COLUMNS:
            return
        here = column == first.column
        cells.append(first if here else replace(first, column=column, merged_from=first.origin))
        if deep > 1:
            below[column] = first, deep - 1


def _cell(element: Element, at: int, column: int) -> Cell:
    walk = _Walk()
    walk.inside(_without_tables(element), bold=element.tag == "th")
    walk.close()
    lines = [block for block in walk.blocks if isinstance(block, Paragraph)]
    text = clean("\n".join(line.text for line in lines))
    struck = not text and any(each.tag in _STRUCK for each in element.iter())
    if struck:
        text = clean("".join(element.itertext()))
    bold = bool(lines) and all(line.heading for line in lines)
    return Cell(text, at, column, bold=bold, fill=_fill_of(element), struck=struck and bool(text))


def _without_tables(element: Element) -> Element:
    from copy import deepcopy

    if element.find(".//table") is None:
        return element
    alone = deepcopy(element)
    for inner in list(alone.iter("table")):
        if inner.getparent() is not None:
            inner.drop_tree()
    return alone


def _rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table itself, not of those within it."""
    for child in table.iterchildren():
        if child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iterchildren() if row.tag == "tr")
        elif child.tag == "tr":
            yield child


def _cells_of(row: Element) -> Iterator[Element]:
    return (cell for cell in row.iterchildren() if cell.tag in ("td", "th"))


def _tables_in(cell: Element) -> Iterator[Element]:
    """The tables of a cell, not those within them."""
    for child in cell.iterchildren():
        if child.tag == "table":
            yield child
        elif isinstance(child.tag, str):
            yield from _tables_in(child)


def _is_hidden(element: Element) -> bool:
    hidden = element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))
    return hidden or element.tag in _NOT_SHOWN


def _box(element: Element) -> str:
    """A box to tick says whether it is; what is written in a field is said."""
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return "☒ " if element.get("checked") is not None else "☐ "
    return element.get("value") or "" if kind in ("text", "date", "month", "number") else ""


def _fill_of(cell: Element) -> str:
    """The colour behind a cell, or else behind its row, as six figures; white is none."""
    for element in (cell, cell.getparent()):
        if element is None:
            continue
        said = _GROUND.search(element.get("style") or "")
        colour = _hex(said[1] if said else element.get("bgcolor") or "")
        if colour:
            return "" if colour == "FFFFFF" else colour
    return ""


def _hex(colour: str) -> str:
    figures = [int(each) for each in re.findall(r"\d+", colour)][:3] if "rgb" in colour else []
    if len(figures) == 3 and max(figures) < 256:
        return "".join(f"{each:02X}" for each in figures)
    found = re.fullmatch(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})", colour.strip())
    if not found:
        return ""
    told = found[1].upper()
    return told if len(told) == 6 else "".join(sign * 2 for sign in told)


def _number(said: str | None, most: int) -> int:
    return min(max(int(said), 1), most) if said and re.fullmatch(r"\d{1,6}", said.strip()) else 1
