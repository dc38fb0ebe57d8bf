"""A plan's table drawn in Word and Excel. What stands where is said by `plan_table.py`."""

import re
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.shared import OxmlElement
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from models.plan_shape import Role
from reports.plan_table import LIST, RUNS_ON, PlanTable
from reports.words import cleaned
from reports.writers.excel import put
from reports.writers.word import as_property

_WIDE = 27.7  # centimetres of an A4 lying down, between its margins
_SHARES = {
    Role.NUMBER: 1.0,
    Role.GOAL: 3.5,
    Role.FOCUS_AREA: 3.0,
    Role.WHAT: 4.1,
    Role.HOW: 4.3,
    Role.RESPONSIBLE: 3.1,
    Role.PARTICIPANTS: 2.1,
    Role.START: 1.9,
    Role.DEADLINE: 2.1,
    Role.PERIOD: 2.6,
    Role.FOLLOW_UP: 3.2,
    Role.STATUS: 2.4,
    Role.FUNDING: 2.7,
}
_OTHER = 2.1
_MARKED = 1.2  # a column that is a quarter or a month
_FILL = PatternFill("solid", fgColor="EEF4F6")


def _widths(table: PlanTable) -> list[float]:
    """How wide each column is, in centimetres that fill a page lying down."""
    many = sum(column.role is Role.PERIOD for column in table.columns) > 1
    shares = [
        _MARKED
        if many and column.role is Role.PERIOD
        else _SHARES.get(column.role, _OTHER)
        if column.role
        else _OTHER
        for column in table.columns
    ]
    return [share * _WIDE / sum(shares) for share in shares]


# --- Excel --------------------------------------------------------------------------------------


def as_excel(table: PlanTable) -> bytes:
    """A workbook: the activities, what is said of the plan itself, what runs over time."""
    table = cleaned(table)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", table.sheet)[:31].strip("' ") or "Aktiviteter"
    _write_rows(sheet, table, _write_title(sheet, table) if table.title_above else 1)
    if not table.title_above:
        about = book.create_sheet("Om planen")
        facts = [(f"{name}: {words}", False) for name, words in table.facts]
        _write_list(about, [(f"Plan: {_line(table.title)}", True), *facts])
    elif table.goals or table.purpose:
        about = book.create_sheet("Om planen")
    if table.goals:
        _write_list(about, [("Mål", True), *((f"– {_line(goal)}", False) for goal in table.goals)])
    if table.purpose:
        _write_list(about, [("Syfte", True), (_line(table.purpose), False)])
    if table.running_on:
        lines = [(LIST, True), *((f"– {_line(what)}", False) for what in table.running_on)]
        _write_list(book.create_sheet(RUNS_ON), lines)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _write_title(sheet: Worksheet, table: PlanTable) -> int:
    """Title and facts over the headings. Returns the row that the headings get."""
    put(sheet.cell(1, 1), _line(table.title)).font = Font(bold=True, size=14)
    for line, (name, words) in enumerate(table.facts, start=2):
        put(sheet.cell(line, 1), name)
        put(sheet.cell(line, 2), words)
    return len(table.facts) + 3


def _write_rows(sheet: Worksheet, table: PlanTable, top: int) -> None:
    side = Side(style="thin", color="B8C4C6")
    border = Border(side, side, side, side)
    head = tuple(column.heading for column in table.columns)
    for line, words in enumerate((head, *(row.cells for row in table.rows)), start=top):
        for column, text in enumerate(words, start=1):
            cell = put(sheet.cell(line, column), text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = border
            if line == top:
                cell.font = Font(bold=True)
                cell.fill = _FILL
    for at, row in enumerate(table.rows, start=top + 1):
        if row.section:
            cell = put(sheet.cell(at, 1), row.section)
            cell.font, cell.fill = Font(bold=True), _FILL
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=len(head))
    for column, first, last in table.merged():
        sheet.merge_cells(
            start_row=top + 1 + first,
            end_row=top + 1 + last,
            start_column=column + 1,
            end_column=column + 1,
        )
    for column, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width * 5.5
    sheet.freeze_panes = f"A{top + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{top}:{top}"


def _write_list(sheet: Worksheet, lines: Sequence[tuple[str, bool]]) -> None:
    """Lines under what the sheet holds already, the headings among them bold."""
    start = sheet.max_row + 2 if sheet["A1"].value else 1
    for at, (words, heading) in enumerate(lines, start=start):
        cell = put(sheet.cell(at, 1), words)
        cell.font = Font(bold=heading)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 90


# --- Word ---------------------------------------------------------------------------------------


def as_word(table: PlanTable) -> bytes:
    """A document lying down: title and facts, goals, the table, what runs over time."""
    table = cleaned(table)
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1)
    section.top_margin = section.bottom_margin = Cm(1.5)
    document.core_properties.title = as_property(_line(table.title))
    document.core_properties.author = ""
    document.styles["Normal"].font.size = Pt(9.5)
    document.add_heading(_line(table.title), 0)
    for name, words in table.facts:
        document.add_paragraph(f"{name}: {words}")
    if table.purpose:
        document.add_heading("Syfte", 1)
        document.add_paragraph(table.purpose)
    if table.goals:
        document.add_heading("Mål", 1)
        for goal in table.goals:
            document.add_paragraph(_line(goal), "List Bullet")
    document.add_heading("Aktiviteter", 1)
    if table.rows:
        _word_rows(document, table)
    if table.running_on:
        document.add_heading(LIST, 1)
        for what in table.running_on:
            document.add_paragraph(_line(what), "List Bullet")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


_WHOLE = 300  # letters in a cell; a longer row leaves half a page empty when it is not cut


def _word_rows(document: Any, table: PlanTable) -> None:  # noqa: ANN401 - python-docx is untyped
    head = tuple(column.heading for column in table.columns)
    drawn = document.add_table(rows=len(table.rows) + 1, cols=len(head), style="Table Grid")
    drawn.autofit = False
    widths = _widths(table)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Cm(width)
    merged = {
        (row, column)
        for column, first, last in table.merged()
        for row in range(first + 1, last + 1)
    }
    rows = [row.cells for row in drawn.rows]
    for at, (cells, words) in enumerate(
        zip(rows, (head, *(row.cells for row in table.rows)), strict=True)
    ):
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            cell.width = Cm(width)
            if words and (at - 1, column) not in merged:
                _write(cell, words[column], bold=at == 0)
    for cells, row in zip(rows[1:], table.rows, strict=True):
        if row.section:
            section = cells[0].merge(cells[-1])
            _write(section, row.section, bold=True)
            section.paragraphs[0].paragraph_format.keep_with_next = True
    for column, first, last in table.merged():
        rows[first + 1][column].merge(rows[last + 1][column])
        _without_empty_lines(rows[first + 1][column])
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    drawn.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line, row in zip(drawn.rows[1:], table.rows, strict=True):
        if max(map(len, row.cells), default=0) <= _WHOLE:  # not cut in two by the end of a page
            line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: Any, words: str, *, bold: bool) -> None:  # noqa: ANN401 - python-docx is untyped
    cell.text = words
    for run in cell.paragraphs[0].runs:
        run.bold = True if bold else None
        run.font.size = Pt(9)


def _without_empty_lines(cell: Any) -> None:  # noqa: ANN401 - python-docx is untyped
    for _, paragraph in pairwise(list(cell.paragraphs)):
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


def _line(words: str) -> str:
    return " ".join(words.split())


WRITERS = {"docx": as_word, "xlsx": as_excel}
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(table: PlanTable, kind: str) -> str:
    """A name for the file, of letters and digits: "aktivitetsplan_2024.docx"."""
    plain = table.title.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return f"{re.sub('[^a-z0-9]+', '_', plain).strip('_')[:60] or 'plan'}.{kind}"
