"""A document as it looks, in a few signs, and its drawing in Word, Excel, ODT and PDF.

`# `, `## ` are headings, `- ` a list, `**…**` a bold line, `---` a new page, others paragraphs;
lines with `|` are rows of a table, and a line that is none of them ends it. In a cell `¶` is a new
paragraph, `^` is one with the cell above, `<` with the cell to the left, `{RRGGBB}` its colour, `=`
a field of a form in Word, `@` a real day of Excel and `#` a number.
"""

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import _Cell
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .kit import OPEN_NAMESPACES, open_file

Grid = list[list[str]]


def blocks(text: str) -> Iterator[str | Grid]:
    """The paragraphs and tables of a text, in order."""
    lines = text.strip("\n").splitlines()
    for is_row, group in groupby(lines, key=lambda line: "|" in line):
        if is_row:
            yield list(map(cells, group))
        else:
            yield from group


def cells(line: str) -> list[str]:
    """The cells of a line."""
    return re.split(r"\s*\|\s*", line.strip())


def coloured(cell: str) -> tuple[str, str]:
    """The colour of a cell (or nothing) and its words."""
    found = re.match(r"\{(\w{6})\}", cell)
    return (found[1], cell[8:]) if found else ("", cell)


def word(
    path: Path,
    text: str,
    *,
    wide: bool = False,
    style: str = "Table Grid",
    bold: bool = True,
    header: str = "",
    footer: str = "",
) -> None:
    """Draw a Word document; `wide` is landscape, `bold` makes the first row of tables bold."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    document.styles["Normal"].font.size = Pt(10)
    if wide:
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    for block in blocks(text):
        if isinstance(block, list):
            _word_table(document, block, style, bold)
        elif block.startswith("# "):
            document.add_heading(block[2:], 0)
        elif block.startswith("## "):
            document.add_heading(block[3:], 2)
        elif block.startswith("- "):
            document.add_paragraph(block[2:], style="List Bullet")
        elif block == "---":
            document.add_page_break()
        elif block.startswith("**"):
            document.add_paragraph().add_run(block.strip("*")).bold = True
        else:
            document.add_paragraph(block)
    document.save(str(path))


def _word_table(document: Word, rows: Grid, style: str, bold: bool) -> None:
    """A table in which cells are merged where they are one."""
    made = document.add_table(len(rows), len(rows[0]), style=style)
    grid = [list(row.cells) for row in made.rows]
    if bold:
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            if cell not in ("^", "<"):
                _word_cell(grid[down][across], cell, bold and down == 0)
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            if cell == "^" and (down + 1 == len(rows) or rows[down + 1][across] != "^"):
                top = max(n for n in range(down) if rows[n][across] != "^")
                grid[top][across].merge(grid[down][across])
            elif cell == "<" and (across + 1 == len(row) or row[across + 1] != "<"):
                left = max(n for n in range(across) if row[n] != "<")
                grid[down][left].merge(grid[down][across])


def _word_cell(cell: _Cell, words: str, bold: bool) -> None:
    """Write a cell: its colour, and a paragraph for each part."""
    colour, told = coloured(words)
    for number, part in enumerate(told.split("¶")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if part.startswith("- "):
            paragraph.style = "List Bullet"
        paragraph.add_run(part.removeprefix("- ").strip("*")).bold = (
            bold or part.startswith("**") or None
        )
    if told.startswith("="):
        _field(cell, told[1:])
    if colour:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _field(cell: _Cell, words: str) -> None:
    """Put the words into a field of a form: a picker of days, or else a drop-down."""
    run = cell.paragraphs[0].runs[0]
    run.text = words
    field, about, content = (OxmlElement(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
    about.append(OxmlElement("w:date" if words[0].isdigit() else "w:dropDownList"))
    run._r.addprevious(field)
    content.append(run._r)
    field.extend((about, content))


def book(sheets: dict[str, str], left: int = 1, headings: str = "D9E2F3") -> Workbook:
    """A book with a sheet for each text; `left` is its first column.

    The first row with three words or more is the row of headings: bold and coloured.
    """
    made = Workbook()
    made.remove(made.worksheets[0])
    thin = Side(style="thin", color="BFBFBF")
    for name, text in sheets.items():
        sheet = made.create_sheet(name)
        seen = False
        for down, line in enumerate(text.strip("\n").splitlines(), start=1):
            row = cells(line)
            first = not seen and sum(map(bool, row)) > 2 and "<" not in row
            seen = seen or first
            for across, words in enumerate(row, start=left):
                cell = sheet.cell(down, across)
                assert isinstance(cell, Cell)
                _excel_cell(cell, words)
                if seen:
                    cell.border = Border(thin, thin, thin, thin)
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                if first:
                    cell.font = Font(bold=True)
                    cell.fill = PatternFill("solid", start_color=headings)
            _merge(sheet, down, left, row)
        for across in range(left, sheet.max_column + 1):
            sheet.column_dimensions[get_column_letter(across)].width = 24
        for down in range(2, sheet.max_row + 1):
            _merge_up(sheet, down, left)
    return made


_EXCEL_UP = "^"


def _excel_cell(cell: Cell, words: str) -> None:
    """Write a cell of Excel: a colour, a day, a number or words."""
    colour, told = coloured(words)
    value: Any = told.replace("¶", "\n").strip("*") or None
    if told.startswith("@"):
        value = date.fromisoformat(told[1:])
    elif told.startswith("#"):
        value = float(told[1:]) if "." in told else int(told[1:])
    cell.value = value
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if told.startswith("**"):
        cell.font = Font(bold=True)
    if colour:
        cell.fill = PatternFill("solid", start_color=colour)


def _merge(sheet: Worksheet, down: int, left: int, row: list[str]) -> None:
    """Merge a row's cells with the cell to their left where they are one."""
    if "<" in row:
        start = row.index("<")
        end = len(row) - 1 - row[::-1].index("<")
        for across in range(start, end + 1):
            sheet.cell(down, left + across).value = None
        sheet.merge_cells(None, down, left + start - 1, down, left + end)


def _merge_up(sheet: Worksheet, down: int, left: int) -> None:
    """Merge a run of cells that ends in this row with the cell above the run."""
    for across in range(left, sheet.max_column + 1):
        if sheet.cell(down, across).value != _EXCEL_UP:
            continue
        below = sheet.cell(down + 1, across).value if down < sheet.max_row else None
        if below == _EXCEL_UP:
            continue
        top = down
        while sheet.cell(top, across).value == _EXCEL_UP:
            sheet.cell(top, across).value = None
            top -= 1
        sheet.merge_cells(None, top, across, down, across)


def printed(path: Path, text: str, columns: str, setup: str) -> None:
    """Print a document as Word does: headings of a table again on each page."""
    told = f'#set text(lang: "sv", size: 10pt, hyphenate: false)\n{setup}\n'
    for block in blocks(text):
        if isinstance(block, list):
            told += _typst_table(block, columns)
        elif block.startswith("#"):
            told += block.replace("#", "=") + "\n\n"
        elif block == "---":
            told += "#pagebreak()\n"
        else:
            told += _typst(block) + "\n\n"
    path.write_bytes(typst.compile(told.encode()))


def _typst(words: str) -> str:
    """Words for typst: its signs as signs, paragraphs as breaks."""
    if words.startswith("**"):
        return f"*{_typst(words.strip('*'))}*"
    return re.sub(r"([@#$_<>\\])", r"\\\1", words).replace("¶", " \\ ")


def _typst_table(rows: Grid, columns: str) -> str:
    """A table whose first row is its heading; cells are merged downwards."""
    head = ", ".join(f"[*{_typst(cell)}*]" for cell in rows[0])
    told = f"#table(columns: {columns}, table.header({head}),\n"
    for down, row in enumerate(rows[1:], start=1):
        for across, cell in enumerate(row):
            if cell == "^":
                continue
            end = down + 1
            while end < len(rows) and rows[end][across] == "^":
                end += 1
            told += f"table.cell(rowspan: {end - down})[{_typst(cell)}], "
        told += "\n"
    return told + ")\n\n"


def odt(path: Path, text: str) -> None:
    """Draw an open document as LibreOffice Writer saves it."""
    told = ""
    for block in blocks(text):
        if isinstance(block, list):
            told += "<table:table>" + "".join(map(_odt_row, block)) + "</table:table>"
        elif block.startswith("#"):
            level = block.count("#")
            told += f'<text:h text:outline-level="{level}">{escape(block.strip("# "))}</text:h>'
        else:
            told += f"<text:p>{escape(block.strip('*'))}</text:p>"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {OPEN_NAMESPACES} '
        f'office:version="1.2"><office:body><office:text>{told}</office:text></office:body>'
        "</office:document-content>"
    )
    open_file(path, "application/vnd.oasis.opendocument.text", content)


def _odt_row(row: list[str]) -> str:
    """A row of a table in an open document."""
    cells = "".join(
        "<table:table-cell>"
        + "".join(f"<text:p>{escape(part)}</text:p>" for part in cell.split("¶"))
        + "</table:table-cell>"
        for cell in row
    )
    return f"<table:table-row>{cells}</table:table-row>"
