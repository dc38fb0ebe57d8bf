"""Presentations (.pptx) -> the text and the tables of their slides, in the order they are shown.

A slide's title is a heading, its bullets are bullets, its tables are tables. Notes and masters are
left alone. Read with lxml alone; what the words mean is decided elsewhere.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from intake.documents import Cell, Content, Paragraph, Table, clean

MAX_SLIDES = 300
MAX_COLUMNS = 64

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADINGS = ("title", "ctrTitle", "subTitle")

Element = Any  # lxml has no types here


def read_slides(file: IO[bytes]) -> Content:
    """The paragraphs and tables of all slides; hidden ones are left out and told."""
    file.seek(0)
    blocks: list[Paragraph | Table] = []
    hidden = 0
    with zipfile.ZipFile(file) as package:
        for number, part in enumerate(_slides(package), 1):
            slide = _parsed(package, part)
            if slide.get("show") == "0":
                hidden += 1
                continue
            for block in _blocks(slide, number, blocks):
                blocks.append(block)
    notes = [f"{hidden} dolda bilder i presentationen är inte inlästa."] if hidden else []
    return Content(blocks, notes)


def _parsed(package: zipfile.ZipFile, part: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(package.read(part), parser)


def _slides(package: zipfile.ZipFile) -> list[str]:
    """The slides' parts in the order that they are shown."""
    links = _parsed(package, "ppt/_rels/presentation.xml.rels")
    named = {link.get("Id", ""): link.get("Target", "") for link in links}
    listed = _parsed(package, "ppt/presentation.xml").iter(f"{_P}sldId")
    parts = [named.get(slide.get(f"{_R}id", ""), "") for slide in listed]
    whole = [posixpath.normpath(posixpath.join("ppt", part)).lstrip("/") for part in parts if part]
    known = set(package.namelist())
    return [part for part in whole if part in known][:MAX_SLIDES]


def _blocks(
    slide: Element, page: int, before: list[Paragraph | Table]
) -> Iterator[Paragraph | Table]:
    paragraphs = sum(isinstance(block, Paragraph) for block in before)
    tables = len(before) - paragraphs
    for shape in slide.iter(f"{_P}sp", f"{_P}graphicFrame"):
        table = shape.find(f".//{_A}tbl")
        if table is not None:
            tables += 1
            yield Table(tables, _rows(table, page))
            continue
        kind = shape.find(f".//{_P}nvPr/{_P}ph")
        heading = kind is not None and kind.get("type") in _HEADINGS
        for element in shape.iter(f"{_A}p"):
            text = clean(_words(element))
            if text:
                paragraphs += 1
                title = heading and page == 1 and not before
                marks = element.find(f"{_A}pPr")
                depth = marks.get("lvl", "0") if marks is not None else "0"
                yield Paragraph(
                    text,
                    paragraphs,
                    heading=heading,
                    title=title,
                    bullet=not heading,
                    page=page,
                    level=int(depth) if depth.isdecimal() and not heading else 0,
                )


def _rows(table: Element, page: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    above: dict[int, Cell] = {}
    for at, row in enumerate(table.iterchildren(f"{_A}tr"), 1):
        cells: list[Cell] = []
        for column, element in enumerate(row.iterchildren(f"{_A}tc"), 1):
            if column > MAX_COLUMNS:
                break
            over = _over(element, cells, above.get(column))
            if over is not None:
                cell = Cell(over.text, at, column, bold=over.bold, merged_from=over.origin)
            else:
                text = clean("\n".join(_words(line) for line in element.iter(f"{_A}p")))
                runs = [run for run in element.iter(f"{_A}r") if _words(run).strip()]
                bold = bool(runs) and all(_is_bold(run) for run in runs)
                cell = Cell(text, at, column, bold=bold, page=page)
            cells.append(cell)
            above[column] = cell
        if any(cell.text for cell in cells):
            rows.append(cells)
    return rows


def _over(element: Element, before: list[Cell], above: Cell | None) -> Cell | None:
    """The cell that this one is merged with, beside it or above."""
    if element.get("hMerge") in ("1", "true") and before:
        return before[-1]
    return above if element.get("vMerge") in ("1", "true") else None


def _is_bold(run: Element) -> bool:
    told = run.find(f"{_A}rPr")
    return told is not None and told.get("b") in ("1", "true")


def _words(element: Element) -> str:
    parts: list[str] = []
    for part in element.iter(f"{_A}t", f"{_A}br"):
        parts.append("\n" if part.tag == f"{_A}br" else part.text or "")
    return "".join(parts)
