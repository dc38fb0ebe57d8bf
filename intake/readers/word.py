"""Word files -> paragraphs and tables, walked in the order of the document.

The XML is walked here and not through python-docx's own tables, since those leave out rows and
cells inside content controls and are slow on long tables. What the words mean is decided elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from typing import IO, Any

from intake.documents import Cell, Content, Paragraph, Table, clean
from intake.readers.nested import name_of_row
from intake.readers.spaced import among

MAX_COLUMNS = 64  # more is a drawing, not a plan
MAX_LINES = 200  # of page heads, and of text boxes

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Wrappers that Word puts round what it holds; they mean nothing here.
_TRANSPARENT = {
    f"{_W}{tag}" for tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo")
}
_NOT_TEXT = {f"{_W}{tag}" for tag in ("del", "moveFrom", "txbxContent", "tbl", "pPr", "rPr")}
_NOT_TEXT |= {f"{_MC}Fallback"}
_HEADING = re.compile(r"(heading|rubrik|underrubrik|subtitle)\b", re.IGNORECASE)
_TITLE = re.compile(r"(title|titel)\b|rubrik$", re.IGNORECASE)
_CONTENTS = re.compile(r"(toc|innehåll|table of|figurf)", re.IGNORECASE)  # a tab before the page
_LIST = re.compile(r"(list|lista|punktlista|numrerad lista)\b", re.IGNORECASE)

# Signs of the Wingdings faces that people set as marks, by the last two figures of their number.
_SYMBOLS = {"FC": "✓", "FE": "☒", "FD": "☒", "A8": "☐", "6F": "☐", "FB": "✗", "52": "☒", "51": "☒"}

Element = Any  # lxml has no types here


def read_word(file: IO[bytes]) -> Content:
    """The paragraphs and tables of a .docx file; nested tables follow the table they stand in."""
    import docx

    document = docx.Document(file)
    _empty_placeholders(document.element.body)
    styles = {style.style_id: str(style.name or "") for style in document.styles}
    tables = document.element.body.find(f".//{_W}tbl") is not None
    walk = _Walk(styles, boxes=not tables)
    walk.body(document.element.body)
    boxes = _lines_in(_boxes_in(document.element.body))
    heads = _lines_in(_page_heads(document))
    margin = list(dict.fromkeys([*heads, *boxes]))
    return Content(walk.blocks, margin=margin, boxes=boxes if tables else [])


def _empty_placeholders(body: Element) -> None:
    """ "Klicka här för att ange datum" in a content control is what nobody has filled in."""
    for control in body.iter(f"{_W}sdt"):
        if control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None:
            for words in control.iter(f"{_W}t"):
                words.text = ""


def _page_heads(document: Element) -> list[Element]:
    """What stands over every page."""
    return [
        relation.target_part.element
        for relation in document.part.rels.values()
        if relation.reltype.endswith("/header") and not relation.is_external
    ]


def _lines_in(parts: list[Element]) -> list[str]:
    """The lines of page heads or text boxes, each once."""
    lines = [clean(_text(line)) for part in parts for line in part.iter(f"{_W}p")]
    return list(dict.fromkeys(line for line in lines if line))[:MAX_LINES]


def _boxes_in(element: Element) -> list[Element]:
    """The text boxes within, each once: Word writes them anew for old programs."""
    return [
        box
        for box in element.iter(f"{_W}txbxContent")
        if not any(above.tag == f"{_MC}Fallback" for above in box.iterancestors())
    ]


class _Walk:
    """Goes through a document once and numbers what it meets."""

    def __init__(self, styles: dict[str, str], *, boxes: bool = False) -> None:
        self.styles = styles
        self.boxes = boxes  # without a table the plan may stand in text boxes, each in its place
        self.blocks: list[Paragraph | Table] = []
        self.paragraphs = 0
        self.tables = 0

    def body(self, body: Element) -> None:
        run: list[tuple[Element, str]] = []  # the paragraphs since the last table, with their words
        for element in _children(body):
            if element.tag == f"{_W}p":
                run.append((element, _text(element)))
            elif element.tag == f"{_W}tbl":
                self.run_of(run)
                run = []
                self.table(element)
        self.run_of(run)

    def run_of(self, run: Sequence[tuple[Element, str]]) -> None:
        """Paragraphs in order; those whose cells are parted by tabs are the rows of a table."""
        said = ["" if _CONTENTS.match(self.style_of(element)) else words for element, words in run]
        for at, words, block in among(said):
            element = run[at][0]
            if block is None:
                self.paragraph(element, words or run[at][1])
                for box in _boxes_in(element) if self.boxes else ():
                    self.body(box)
            else:
                self.tables += 1
                self.blocks.append(Table(self.tables, block.cells(1)))

    def paragraph(self, element: Element, said: str) -> None:
        self.paragraphs += 1
        text = clean(said)
        if not text:
            return
        style = self.style_of(element)
        bullet = bool(_LIST.match(style)) or element.find(f"{_W}pPr/{_W}numPr") is not None
        title = bool(_TITLE.match(style))
        heading = title or bool(_HEADING.match(style)) or (_is_bold(element) and len(text) <= 120)
        level = _level(element, style) if bullet else 0
        self.blocks.append(
            Paragraph(
                text, self.paragraphs, heading=heading, title=title, bullet=bullet, level=level
            )
        )

    def style_of(self, element: Element) -> str:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        return self.styles.get(style.get(f"{_W}val"), "") if style is not None else ""

    def table(self, element: Element) -> None:
        self.tables += 1
        number = self.tables
        rows: list[list[Cell]] = []
        above: dict[int, Cell] = {}  # what a vertically merged cell goes on with, by column
        within: list[list[Element]] = []  # the tables in the cells of each row
        for at, row in enumerate(_children(element, f"{_W}tr"), 1):
            within.append([])
            rows.append(_row(row, at, above, within[-1]))
        named = {at: name_of_row(rows, at) for at, inner in enumerate(within) if inner}
        kept = [row for at, row in enumerate(rows) if not named.get(at)]
        self.blocks.append(Table(number, _squared(kept)))
        for at, inner in enumerate(within):
            if named.get(at):
                self.paragraphs += 1
                self.blocks.append(Paragraph(named[at], self.paragraphs, heading=True))
            for each in inner:
                self.table(each)


def _level(paragraph: Element, style: str) -> int:
    """How deep a bullet stands: set on it, else by its style ("List Bullet 2" is within one)."""
    depth = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
    if depth is not None:
        return _number(depth)
    numbered = re.search(r"\d$", style)
    return int(numbered[0]) - 1 if numbered else 0


def _row(row: Element, at: int, above: dict[int, Cell], nested: list[Element]) -> list[Cell]:
    """One row, filled: a cell over several columns or rows is repeated in each of them."""
    cells: list[Cell] = []
    column = 1
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    for _ in range(_number(before) if before is not None else 0):
        cells.append(Cell("", at, column))
        column += 1
    for element in _children(row, f"{_W}tc"):
        nested.extend(_children(element, f"{_W}tbl"))
        cell = _cell(element, at, column, above)
        span = element.find(f"{_W}tcPr/{_W}gridSpan")
        for offset in range(_number(span) if span is not None else 1):
            if len(cells) >= MAX_COLUMNS:
                return cells
            here = (
                cell
                if offset == 0
                else Cell(cell.text, at, column, bold=cell.bold, merged_from=cell.origin)
            )
            cells.append(here)
            column += 1
    return cells


def _cell(element: Element, at: int, column: int, above: dict[int, Cell]) -> Cell:
    merge = element.find(f"{_W}tcPr/{_W}vMerge")
    goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
    first = above.get(column)
    if goes_on and first is not None:
        return Cell(first.text, at, column, bold=first.bold, merged_from=(first.row, first.column))
    paragraphs = list(_children(element, f"{_W}p"))
    text = clean("\n".join(_text(paragraph) for paragraph in paragraphs))
    kept = clean("\n".join(_text(paragraph, struck=False) for paragraph in paragraphs))
    struck = bool(text) and not kept  # some words struck through are words taken away
    text = kept or text
    bold = bool(text) and all(_is_bold(p) for p in paragraphs if _text(p).strip())
    cell = Cell(text, at, column, bold=bold, fill=_fill_of(element), struck=struck)
    above.pop(column, None)
    if merge is not None:
        above[column] = cell
    return cell


def _fill_of(cell: Element) -> str:
    shade = cell.find(f"{_W}tcPr/{_W}shd")
    colour = str(shade.get(f"{_W}fill", "")) if shade is not None else ""
    return "" if colour.lower() in ("auto", "ffffff") else colour


def _squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of one length, without those that hold no words."""
    width = max((len(row) for row in rows), default=0)
    squared = []
    for row in rows:
        if any(cell.text for cell in row):
            missing = range(len(row) + 1, width + 1)
            squared.append(row + [Cell("", row[0].row, column) for column in missing])
    return squared


def _children(element: Element, tag: str | None = None) -> Iterator[Element]:
    """Children in order, seen through content controls and tracked insertions."""
    for child in element.iterchildren():
        if child.tag in _TRANSPARENT:
            yield from _children(child, tag)
        elif tag is None or child.tag == tag:
            yield child


def _text(paragraph: Element, *, struck: bool = True) -> str:
    """The words of a paragraph, without what is deleted and without text boxes."""
    parts: list[str] = []
    _collect(paragraph, parts, struck)
    return "".join(parts)


def _collect(element: Element, parts: list[str], struck: bool) -> None:
    for child in element.iterchildren():
        tag = child.tag
        if tag == f"{_W}t":
            parts.append(child.text or "")
        elif tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif tag == f"{_W}tab":
            parts.append("\t")
        elif tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif tag == f"{_W}sym":
            parts.append(_SYMBOLS.get(child.get(f"{_W}char", "").upper()[-2:], "•"))
        elif tag == f"{_W}ffData":
            parts.append(_chosen(child))
        elif tag == f"{_W}r" and (_has(child, "vanish") or (not struck and _is_struck(child))):
            continue
        elif isinstance(tag, str) and tag not in _NOT_TEXT:
            _collect(child, parts, struck)


def _chosen(field: Element) -> str:
    """What an old form field says: the entry chosen of a list, or whether a box is ticked."""
    listed = field.find(f"{_W}ddList")
    if listed is not None:
        entries = [entry.get(f"{_W}val", "") for entry in listed.findall(f"{_W}listEntry")]
        chosen = listed.find(f"{_W}result")
        if chosen is None:
            chosen = listed.find(f"{_W}default")
        at = _number(chosen) if chosen is not None else 0
        return entries[at] if at < len(entries) else ""
    box = field.find(f"{_W}checkBox")
    if box is None:
        return ""
    marked = box.find(f"{_W}checked")
    if marked is None:
        marked = box.find(f"{_W}default")
    ticked = marked is not None and marked.get(f"{_W}val", "1") not in ("0", "false", "off")
    return "☒ " if ticked else "☐ "


def _is_struck(run: Element) -> bool:
    return _has(run, "strike") or _has(run, "dstrike")


def _has(run: Element, what: str) -> bool:
    """Are these words hidden, bold, struck through by hand?"""
    mark = run.find(f"{_W}rPr/{_W}{what}")
    return mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false", "off")


def _is_bold(paragraph: Element) -> bool:
    """True when every word of the paragraph is set in bold by hand."""
    runs = [run for run in paragraph.iter(f"{_W}r") if _text(run).strip()]
    return bool(runs) and all(_has(run, "b") for run in runs)


def _number(element: Element) -> int:
    """A count in an attribute, kept within what a table can be."""
    try:
        return max(0, min(int(element.get(f"{_W}val", "1")), MAX_COLUMNS))
    except ValueError:
        return 1
