"""Small Word and Excel plans drawn by hand, and what a reader should get from them.

A drawing is a table in text: a line for each row, its cells cut by "|". In a cell ¶ begins a new
paragraph and ↵ a new line, ^ joins the cell to the one above and < to the one before it. A Word
plan is a list of blocks: rows are a table, a string is a paragraph ("# x" a heading, "* x" and
"1# x" lists with Word's own bullets and numbers).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import typst
from docx.document import Document
from docx.table import Table, _Cell

from intake.drafts import ActivityDraft, Asks, PlanDraft
from intake.plans import read_plan
from models.span import Span

UP: Final = "^"
LEFT: Final = "<"

Rows = list[list[Any]]

HEADS = ["Mål", "Vad", "Hur", "Ansvarig", "Startdatum", "Deadline", "Uppföljning", "Status"]
ROW = ["Öka tilliten", "Nätverk", "Möten", "NOSAM Lerum", "Mars 2024", "Dec 2024", "Antal", ""]

_STYLES: Final = {"# ": "Heading 2", "* ": "List Bullet", "1# ": "List Number"}


def drawn(drawing: str) -> Rows:
    """The rows of a drawing."""
    lines = [line for line in drawing.strip("\n").split("\n") if line.strip(" ")]
    return [[cell.strip(" ") for cell in line.split("|")] for line in lines]


def word(path: Path, *blocks: str | Rows) -> Path:
    """Save a Word file with these blocks in order."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            _paragraph(document, block)
        else:
            _table(document, block)
    document.save(str(path))
    return path


def read_blocks(folder: Path, *blocks: str) -> PlanDraft:
    """Save these blocks as a Word file and read it; what holds a "|" is a table."""
    parts: list[str | Rows] = [drawn(block) if "|" in block else block for block in blocks]
    return read_plan(word(folder / "plan.docx", *parts))


def asked_about(draft: PlanDraft) -> set[Asks]:
    """What is asked about the plan and its activities."""
    asked = [*draft.questions, *(q for activity in draft.activities for q in activity.questions)]
    return {question.kind for question in asked}


def sheet(path: Path, rows: Rows, *, merge: tuple[str, ...] = (), title: str = "Plan") -> Path:
    """Save a workbook of one sheet, its merged areas named as Excel names them."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    for area in merge:
        page.merge_cells(area)
    book.save(path)
    return path


def excel(path: Path, sheets: Mapping[str, Rows], hidden: Sequence[str] = ()) -> Path:
    """Save a workbook; a cell may be (value, number format)."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title.replace("_", " "))
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is None or value in (UP, LEFT):
                    continue
                cell = page.cell(at, column)
                cell.value, shown = value if isinstance(value, tuple) else (value, None)
                cell.number_format = shown or cell.number_format
        for area in _areas(rows):
            page.merge_cells(None, *area)
        page.sheet_state = "hidden" if title in hidden else "visible"
    book.save(path)
    return path


def only(draft: PlanDraft) -> ActivityDraft:
    """The plan's one activity."""
    assert len(draft.activities) == 1, draft.activities
    return draft.activities[0]


def doubted(activity: ActivityDraft, words: str) -> bool:
    """Is there a doubt with these words?"""
    return any(words in doubt for doubt in activity.doubts)


def understood(activities: Sequence[ActivityDraft], drawing: str) -> None:
    """The activities are those of the drawing, whose first line names what is compared.

    A start is its first day, a deadline its last one or "open"; between several responsible stands
    " + ". Everything that differs is told at once.
    """
    names, *rows = drawn(drawing)
    wrong = [
        f"{number}. {name}: {_told(activity, name)!r}, not {_plain(words)!r}"
        for number, (activity, row) in enumerate(zip(activities, rows, strict=False), start=1)
        for name, words in zip(names, row, strict=True)
        if _told(activity, name) != _plain(words)
    ]
    if len(activities) != len(rows):
        wrong.insert(0, f"{len(activities)} activities, not {len(rows)}")
        wrong += [f"   {activity.what!r} ({activity.how!r})" for activity in activities]
    assert not wrong, "\n".join(wrong)


def _told(activity: ActivityDraft, name: str) -> str:
    value = getattr(activity, name)
    if isinstance(value, tuple):
        return " + ".join(value)
    if isinstance(value, str):
        return value
    assert isinstance(value, Span)
    day = value.first if name == "start" else value.last
    return "open" if value.open and not day else day.isoformat() if day else ""


def _plain(words: str) -> str:
    return words.replace("¶", "\n").replace("↵", "\n")


def _paragraph(document: Document | _Cell, text: str) -> None:
    for mark, style in _STYLES.items():
        if text.startswith(mark):
            document.add_paragraph(text.removeprefix(mark).replace("↵", "\n"), style=style)
            return
    document.add_paragraph(text.replace("↵", "\n"))


def _table(document: Document, rows: Rows) -> None:
    table = document.add_table(len(rows), max(len(row) for row in rows))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            if text not in (UP, LEFT):
                _fill(table, at, column, str(text))
    for top, left, bottom, right in _areas(rows):
        table.cell(top - 1, left - 1).merge(table.cell(bottom - 1, right - 1))


def _fill(table: Table, at: int, column: int, text: str) -> None:
    cell = table.cell(at, column)
    first, *rest = text.split("¶")
    if any(first.startswith(mark) for mark in _STYLES):
        cell._element.remove(cell.paragraphs[0]._element)
        _paragraph(cell, first)
    else:
        cell.text = first.replace("↵", "\n")
    for line in rest:
        _paragraph(cell, line)


def _areas(rows: Rows) -> list[tuple[int, int, int, int]]:
    """The merged areas, counted from 1: top, left, bottom, right."""
    areas = []
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value in (UP, LEFT):
                continue
            bottom, right = at, column
            while bottom < len(rows) and _at(rows, bottom, column - 1) == UP:
                bottom += 1
            while right < len(row) and row[right] == LEFT:
                right += 1
            if (bottom, right) != (at, column):
                areas.append((at, column, bottom, right))
    return areas


def _at(rows: Rows, at: int, column: int) -> object:
    return rows[at][column] if column < len(rows[at]) else None


def pdf(path: Path, *blocks: str | Rows, page: str = "", **how: str) -> Path:
    """Save a PDF with these blocks in order. `how` is typst's own words for each table."""
    source = [f'#set page(paper: "a4", margin: 1.5cm{page})', '#set text(lang: "sv", size: 10pt)']
    for block in blocks:
        source.append(_typst(block) if isinstance(block, str) else _typst_table(block, how))
    text = "\n\n".join(source).encode()
    path.write_bytes(typst.compile(text, format="pdf"))
    return path


def _typst(text: str) -> str:
    if text.startswith(("= ", "== ", "#")):
        return text
    return "\n\n".join(_plain_typst(line) for line in text.split("\n"))


def _plain_typst(text: str) -> str:
    return f"#{json.dumps(text, ensure_ascii=False)}"


def _typst_table(rows: Rows, how: Mapping[str, str]) -> str:
    width = max(len(row) for row in rows)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    cells = []
    for top, left, bottom, right in _all_areas(rows):
        words = _plain(str(rows[top - 1][left - 1]))
        lines = [_plain_typst(part) for part in words.split("\n")]
        spans = f"rowspan: {bottom - top + 1}, colspan: {right - left + 1}"
        cells.append(f"table.cell({spans})[{' #linebreak() '.join(lines)}]")
    told = {"columns": str(width)} | dict(how)
    first = ", ".join(f"{name}: {words}" for name, words in told.items())
    one = [area for area in _all_areas(rows) if area[0] == 1]
    header, body = cells[: len(one)], cells[len(one) :]
    return f"#table({first}, table.header({', '.join(header)}),\n" + ",\n".join(body) + ")"


def _all_areas(rows: Rows) -> list[tuple[int, int, int, int]]:
    """Every cell with the area that it covers."""
    merged = {(top, left): (top, left, bottom, right) for top, left, bottom, right in _areas(rows)}
    return [
        merged.get((at, column), (at, column, at, column))
        for at, row in enumerate(rows, start=1)
        for column, value in enumerate(row, start=1)
        if value not in (UP, LEFT)
    ]
