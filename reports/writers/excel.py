"""A report's figures as an Excel file: a sheet for each table, numbers as numbers."""

import re
from io import BytesIO
from textwrap import shorten
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.blocks import Report, Table
from reports.words import cleaned
from rules.unseen import clean

_NUMBER = re.compile(r"[-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:,\d+)?|[-−]?\d+(?:,\d+)?")
_LONGEST_FIGURE = 20  # with its spaces; Excel counts with fifteen digits
_FULL_CELL = 32_767  # letters, as Excel counts them
_KRONOR = "\u00a0kr"
_PERCENT = re.compile(r"(\d+(?:,\d+)?)[ \u00a0\u202f]?%")


def write_excel(report: Report) -> bytes:
    """Every table of the report and those beside it; the first sheet tells what it is."""
    report = cleaned(report)
    book = Workbook()
    first = book.worksheets[0]
    first.title = "Om filen"
    about = (report.organisation, report.title, report.subtitle, report.dated, report.reference)
    for line, words in enumerate((words for words in about if words), start=1):
        put(first.cell(line, 1), words).font = Font(bold=line == 2, size=14 if line == 2 else 11)
    first.column_dimensions["A"].width = 60
    names: set[str] = set()
    if report.draft:
        put(first.cell(first.max_row + 1, 1), "Utkast – inte godkänt").font = Font(bold=True)
    for table in (*report.tables(), *report.beside):
        write_table(book.create_sheet(_name(table.caption, names)), table)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def write_table(sheet: Worksheet, table: Table) -> None:
    """One table on a sheet: caption, heading row that stays in sight and filters, rows, note."""
    put(sheet.cell(1, 1), table.caption).font = Font(bold=True, size=13)
    head = 3
    for column, words in enumerate(table.head, start=1):
        heading = put(sheet.cell(head, column), words)
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="EEF4F6")
        heading.alignment = Alignment(wrap_text=True, vertical="top")
    for line, row in enumerate(table.rows, start=head + 1):
        for column, words in enumerate(row):
            cell: Any = sheet.cell(line, column + 1)
            figure = _figure(words) if column in table.numbers else None
            if figure is None:
                put(cell, words)
            else:
                cell.value = figure
                cell.number_format = _format(words)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    last = head + len(table.rows)
    if table.note:
        put(sheet.cell(last + 2, 1), table.note).font = Font(italic=True)
    for column, words in enumerate(table.head):
        longest = max((len(row[column]) for row in table.rows), default=0)
        letter = get_column_letter(column + 1)
        sheet.column_dimensions[letter].width = min(60, max(12, longest + 2, len(words) + 2))
    sheet.freeze_panes = f"A{head + 1}"
    if table.rows:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.head))}{last}"


def put(cell: Any, words: str) -> Any:  # noqa: ANN401 - openpyxl has two kinds of cell
    """Write words into a cell so that no spreadsheet takes them for a formula ("=HYPERLINK…")."""
    cell.value = _cut(clean(words))
    cell.data_type = "s"
    cell.quotePrefix = words.lstrip().startswith(("=", "+", "-", "@"))
    return cell


def _cut(words: str) -> str:
    """A cell holds so much and no more: that there was more is told."""
    return words if len(words) <= _FULL_CELL else words[: _FULL_CELL - 1] + "…"


def _format(words: str) -> str:
    if words.endswith("%"):
        return "0 %"
    return '#,##0" kr"' if words.endswith(_KRONOR) else "General"


def _figure(words: str) -> int | float | None:
    """A number where it is one ("1 204", "3,7", "46 %", "300 000 kr"); None for "<5" and words."""
    plain = words.strip().removesuffix(_KRONOR)
    if len(plain) <= _LONGEST_FIGURE and (percent := _PERCENT.fullmatch(plain)):
        return float(percent[1].replace(",", ".")) / 100
    if len(plain) > _LONGEST_FIGURE or not _NUMBER.fullmatch(plain):
        return None
    bare = re.sub(r"[ \u00a0\u202f]", "", plain).replace("−", "-").replace(",", ".")
    return float(bare) if "." in bare else int(bare)


def _name(caption: str, taken: set[str]) -> str:
    """A sheet's name: what Excel allows, at most 31 characters, not twice."""
    whole = re.sub(r"[\[\]:*?/\\' ]+", " ", caption)
    base = shorten(whole, 28, placeholder="") or whole[:28].strip() or "Tabell"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[: 28 - len(str(number))]} {number}"
    taken.add(name.casefold())
    return name
