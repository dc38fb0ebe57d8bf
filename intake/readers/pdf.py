"""PDF files -> paragraphs and tables; every cell knows its page.

A PDF has no rows and no paragraphs, only signs and lines at places. The page is taken apart in
`pdf_words.py` and `pdf_tables.py`, and tables that go on over pages are joined in `pdf_joined.py`;
here the pages are put in order, and what stands in every page's head or foot is set aside. Runs in
a process of its own (`apart.py`).
"""

import io
import re
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Any

from pdfminer.pdftypes import resolve1

from intake.documents import Content, Paragraph, Refusal, Table, damaged, locked
from intake.readers.pdf_joined import (
    Joined,
    add_to,
    box_over,
    moved_to,
    sentence_goes_on,
    table_of,
)
from intake.readers.pdf_notes import refuse_laden, words_of_fields, words_of_notes
from intake.readers.pdf_pairs import paired_grids
from intake.readers.pdf_tables import Box, Grid, ruled_grids, unruled_grids
from intake.readers.pdf_words import Line, Word, lines_of, vocabulary, words_of, written

MAX_SIGNS = 60_000  # on a page; a page that can be read has a tenth
MAX_LINES = 20_000  # drawn on a page
_MOST_UNKNOWN = 0.3  # of the signs of a file may lack a letter
_LOOKED_AT = 400  # signs of a page; enough to see how they stand
_LONGEST_REST = 12  # lines of a row that the page cut
_NEAR = 3.0  # points; what begins this near a column's left stands in it
MAX_CONTENT = 8 * 1024 * 1024  # what a page unpacks to; a dense one is a few hundred kilobytes

_PAGE_NUMBER = re.compile(r"(?:sida?|page|s\.)?\s*\d{1,3}\s*(?:(?:av|of|/|\()\s*\d{1,3}\)?)?", re.I)
_BULLET = re.compile(r"[-–—•·*▪○●◦➢✓»\uf0b7]|\d{1,2}[.)]$")


@dataclass(slots=True)
class _Page:
    """A page taken apart."""

    number: int
    height: float
    lines: list[Line]
    grids: list[Grid]
    rules: list[float]
    pictures: bool = False


def read_pdf(name: str, data: bytes, max_pages: int) -> Content:
    """The text and tables of a PDF. A scanned one, without any text, is refused."""
    pages = _pages(name, data, max_pages)
    if not any(page.lines or page.grids for page in pages):
        raise Refusal(
            f"{name} holds pictures of text and no text; save the plan as PDF from the program it "
            "was written in, or use the Word or Excel file.",
            f"{name} är inskannad: den har bilder av text men ingen text. Spara planen som PDF "
            "från programmet den skrevs i, eller använd Word- eller Excelfilen.",
        )
    margin = _set_margins_aside(pages)
    for before, page in zip([None, *pages], pages, strict=False):
        _find_unruled(page, before)
    known = vocabulary(_all_lines(pages))
    notes = [
        f"Sida {page.number} är en bild utan text och är inte inläst."
        for page in pages
        if page.pictures and not page.lines and not page.grids
    ]
    said = "".join(line.text for line in _all_lines(pages))
    if said.count("\ufffd") > _MOST_UNKNOWN * len(said):
        raise Refusal(
            f"{name} does not tell which letters its signs are; save it as PDF anew from the "
            "program it was written in, or use the Word or Excel file.",
            f"{name} säger inte vilka bokstäver tecknen är. Spara den som PDF på nytt från "
            "programmet den skrevs i, eller använd Word- eller Excelfilen.",
        )
    unknown = sorted({line.page for line in _all_lines(pages) if "\ufffd" in line.text})
    if unknown:
        notes.append(
            f"Sida {', '.join(map(str, unknown[:10]))} har tecken som filen inte har någon bokstav "
            "för. De är lästa som \ufffd; rätta dem, eller använd Word- eller Excelfilen."
        )
    return Content(_blocks(pages, known), notes, margin)


def text_of_pages(name: str, data: bytes, max_pages: int) -> Iterator[str]:
    """What a PDF says of itself, and each page's words line by line; a scanned page has none.

    The notes and fields of a page are told too; a PDF with a file laid into it is refused.
    """
    with _opened(name, data, max_pages) as pdf:
        yield "\n".join(str(value) for value in pdf.metadata.values())
        refuse_laden(name, pdf)
        yield "\n".join(words_of_fields(pdf))
        for page in pdf.pages:
            if _unpacks_to(page) > MAX_CONTENT or len(page.chars) > MAX_SIGNS:
                raise _too_much(name, page.page_number)
            lines = lines_of(words_of(page.chars), page.page_number)
            yield "\n".join(line.text for line in lines)
            yield "\n".join(words_of_notes(page))
            page.close()


def _pages(name: str, data: bytes, max_pages: int) -> list[_Page]:
    with _opened(name, data, max_pages) as pdf:
        return [_page(name, _upright(page)) for page in pdf.pages]


@contextmanager
def _opened(name: str, data: bytes, max_pages: int) -> Iterator[Any]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    if b"%PDF-" not in data[:1024]:
        raise damaged(name)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > max_pages:
                raise _too_long(name, len(pdf.pages), max_pages)
            yield pdf
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise locked(name) from error
        raise damaged(name) from error


def _upright(page: Any) -> Any:  # noqa: ANN401
    """The page turned so that its words stand upright, when most of them lie on their side."""
    if _unpacks_to(page) > MAX_CONTENT:
        return page
    signs = [sign for sign in page.chars[:_LOOKED_AT] if not str(sign["text"]).isspace()]
    lying = [sign["matrix"] for sign in signs if not sign["upright"]]
    if len(lying) * 2 <= len(signs):
        return page
    downwards = sum(matrix[1] < 0 for matrix in lying) * 2 > len(lying)
    page.page_obj.rotate = (int(page.rotation) + (270 if downwards else 90)) % 360
    return type(page)(page.pdf, page.page_obj, page.page_number, page.initial_doctop)


def _too_long(name: str, pages: int, max_pages: int) -> Refusal:
    return Refusal(
        f"{name} has {pages} pages; PDF files above {max_pages} pages are not read.",
        f"{name} har {pages} sidor. PDF-filer över {max_pages} sidor läses inte in.",
    )


def _page(name: str, page: Any) -> _Page:  # noqa: ANN401 - pdfplumber's page has no types
    if _unpacks_to(page) > MAX_CONTENT:
        raise _too_much(name, page.page_number)
    chars = page.chars
    drawn = len(page.rects) + len(page.lines) + len(page.curves)
    if len(chars) > MAX_SIGNS or drawn > MAX_LINES:
        raise _too_much(name, page.page_number)
    number = page.page_number
    words = words_of(chars)
    grids = [grid for grid in ruled_grids(page, words, number) if grid.rows > 1 or _is_row(grid)]
    outside = [word for word in words if not any(_within(word, grid) for grid in grids)]
    lines = lines_of(outside, number)
    rules = sorted({round(edge["top"], 1) for edge in page.edges if _is_rule(edge)})
    taken = _Page(number, float(page.height), lines, grids, rules, pictures=bool(page.images))
    page.close()
    return taken


def _find_unruled(page: _Page, before: _Page | None) -> None:
    """Tell the tables among the lines, above, between and under the ruled ones."""
    last = before.grids[-1] if before and before.grids and not before.grids[-1].ruled else None
    for grid in [*page.grids, None]:
        above = [line for line in page.lines if grid is None or line.top < grid.top]
        found = unruled_grids(above, page.rules, last)
        last = None
        found += paired_grids([line for line in above if not _inside(line, found)])
        inside = [line for line in above if _inside(line, found)]
        page.lines = [line for line in page.lines if line not in inside]
        page.grids = sorted(page.grids + found, key=lambda grid: grid.top)


def _inside(line: Line, grids: Sequence[Grid]) -> bool:
    return any(grid.top <= line.top <= grid.bottom for grid in grids)


def _unpacks_to(page: Any) -> int:  # noqa: ANN401
    """How much a page unpacks to, without unpacking more of it than is read."""
    size = 0
    for part in page.page_obj.contents:
        stream = resolve1(part)
        packed = getattr(stream, "rawdata", None) or b""
        try:
            size += len(zlib.decompressobj().decompress(packed, MAX_CONTENT + 1))
        except zlib.error:  # packed in another way, or not at all
            size += len(packed)
    return size


def _too_much(name: str, page: int) -> Refusal:
    return Refusal(
        f"{name} has more on page {page} than a plan can have; it is not read.",
        f"{name} har mer på sida {page} än en plan kan ha. Filen läses inte in.",
    )


def _is_row(grid: Grid) -> bool:
    """A table of one ruled row: the end of one that began on the page before, not a frame."""
    return len(grid.boxes) > 2 and all(len(box.lines) < 12 for box in grid.boxes)


def _is_rule(edge: dict[str, Any]) -> bool:
    return bool(edge["orientation"] == "h" and edge["x1"] - edge["x0"] > 40)


def _within(word: Word, grid: Grid) -> bool:
    right = max((box.lines[0].x0 + 1 for box in grid.boxes if box.lines), default=0.0)
    beside = word.x0 < grid.lefts[0] - 20 or (word.x0 > right and not _held(word, grid))
    return grid.top - 1 <= word.middle <= grid.bottom + 1 and not beside


def _held(word: Word, grid: Grid) -> bool:
    return any(word in line.words for box in grid.boxes for line in box.lines)


def _all_lines(pages: Sequence[_Page]) -> list[Line]:
    boxes = [line for page in pages for grid in page.grids for b in grid.boxes for line in b.lines]
    return [line for page in pages for line in page.lines] + boxes


def _set_margins_aside(pages: Sequence[_Page]) -> list[str]:
    """Take page heads, feet and page numbers out of the text; each of their words once."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_numberless(line) for line in page.lines if _in_margin(line, page)})
    margin: list[str] = []
    for page in pages:
        kept = []
        for line in page.lines:
            edge = _in_margin(line, page)
            repeated = len(pages) > 1 and seen[_numberless(line)] * 2 > len(pages)
            if edge and _PAGE_NUMBER.fullmatch(line.text):
                continue
            if edge and repeated:
                margin.append(line.text)
            else:
                kept.append(line)
        page.lines = kept
    return list(dict.fromkeys(margin))[:40]


def _in_margin(line: Line, page: _Page) -> bool:
    return line.bottom < 0.1 * page.height or line.top > 0.9 * page.height


def _numberless(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


# --- reading order ------------------------------------------------------------------------------


def _blocks(pages: Sequence[_Page], known: Counter[str]) -> list[Paragraph | Table]:
    blocks: list[Paragraph | Joined] = []
    usual = median_low([line.size for line in _all_lines(pages)])
    paragraphs = 0
    for page in pages:
        at = 0
        for grid in [*page.grids, None]:
            above = [line for line in page.lines[at:] if grid is None or line.top < grid.top]
            at += len(above)
            above = above[_finish_row(blocks, above, grid) :]
            for paragraph in _paragraphs(above, usual, known):
                paragraphs += 1
                blocks.append(replace(paragraph, number=paragraphs))
            if grid is not None:
                add_to(blocks, grid)
    tables = [block for block in blocks if isinstance(block, Joined)]
    numbers = {id(table): number for number, table in enumerate(tables, 1)}
    return [
        table_of(block, numbers[id(block)], known) if isinstance(block, Joined) else block
        for block in blocks
    ]


def _paragraphs(lines: Sequence[Line], usual: float, known: Counter[str]) -> list[Paragraph]:
    """Lines outside tables as the paragraphs that they were typed as."""
    width = max((line.x1 - line.x0 for line in lines), default=0.0)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    found = []
    for group in groups:
        large = group[0].size > 1.12 * usual
        for text in re.split(r"\n+", written(group, width, known)):
            bullet = bool(_BULLET.match(text.split(" ")[0]))
            found.append(
                Paragraph(
                    text,
                    0,
                    heading=(large or (group[0].bold and len(text) <= 120)) and not bullet,
                    title=group[0].size > 1.35 * usual and group[0].page == 1 and len(text) <= 150,
                    bullet=bullet,
                    page=group[0].page,
                )
            )
    return [paragraph for paragraph in found if paragraph.text]


def _goes_on(one: Line, two: Line) -> bool:
    alike = abs(one.size - two.size) < 0.6 and one.bold == two.bold
    return alike and two.top - one.bottom < 0.75 * one.size and one.page == two.page


def _finish_row(
    blocks: Sequence[Paragraph | Joined], lines: Sequence[Line], grid: Grid | None
) -> int:
    """Without ruled lines, the rest of a row that the page cut stands above the rows that follow.

    It stands under columns other than the first, and goes on with what they say. Gives how many of
    the lines it took.
    """
    table = blocks[-1] if blocks else None
    if not lines or not isinstance(table, Joined) or table.grids[-1].ruled:
        return 0
    if table.grids[-1].page != lines[0].page - 1:
        return 0
    if grid is not None and (len(lines) > _LONGEST_REST or not moved_to(grid, table.lefts)):
        return 0
    taken = 0
    for line in lines[:_LONGEST_REST]:
        parts = _under_columns(table, line)
        begun = taken or grid is not None
        if not parts or not (begun or all(sentence_goes_on(o.said, x.text) for o, x in parts)):
            break
        for over, part in parts:
            over.lines = [*over.lines, part]
        taken += 1
    return taken


def _under_columns(table: Joined, line: Line) -> list[tuple[Box, Line]]:
    """The line's words by the cells of the table's last row that they go on in; [] if they do not.

    The first column tells where a row begins, so nothing of it is the rest of one.
    """
    columns: dict[int, list[Word]] = {}
    for word in line.words:
        columns.setdefault(bisect_right(table.lefts, word.x0 + _NEAR) - 1, []).append(word)
    parts = []
    for column, words in columns.items():
        over = box_over(table, column, table.rows - 1)
        begins = abs(words[0].x0 - table.lefts[column]) < _NEAR
        if column < 1 or not begins or over is None or not over.lines:
            return []
        parts.append((over, Line(tuple(words), line.page)))
    return parts
