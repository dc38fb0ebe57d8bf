"""Excel files -> one table per sheet, with the real dates and numbers behind the cells.

Formulas are read by the value that was saved with them. Sheets are bounded before they are opened:
a merged area over a whole sheet, or formatting down to the last row, must not fill the memory.
"""

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from typing import IO

import openpyxl
from lxml import etree
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from intake.documents import Cell, Content, Paragraph, Refusal, Table, clean
from intake.readers.not_shown import columns_not_shown, rows_not_shown
from models.span import Precision

MAX_CELLS = 400_000
MAX_COLUMNS = 256
MAX_LINES = 200  # of text boxes

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAYS_FROM_1904 = range(30_000, 70_000)  # 1986 to 2095; smaller numbers count something else
_1904 = 1_462  # days between the two beginnings that a workbook may count from
_WHITE = ("rgb:FFFFFFFF:0.0", "rgb:00FFFFFF:0.0", "theme:0:0.0", "indexed:9:0.0")
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_UNSAVED = re.compile(rb"<f[ >][^<]*</f>\s*(?:<v\s*/>|<v></v>|</c>)")


def read_excel(name: str, file: IO[bytes]) -> Content:
    """The sheets of an .xlsx file in order; hidden ones are marked."""
    notes = _check_sheets(name, file)
    book = openpyxl.load_workbook(file, data_only=True, rich_text=True)
    blocks: list[Paragraph | Table] = []
    for number, sheet in enumerate(book.worksheets, 1):
        hidden = sheet.sheet_state != "visible"
        if far := _far_out(name, sheet):
            notes.append(
                f"Bladet ”{sheet.title}” har ord långt ut till höger som inte är lästa: {far}."
            )
        rows = _rows(sheet)
        if book.epoch == CALENDAR_MAC_1904:
            rows = [[_counted_from_1904(cell) for cell in row] for row in rows]
        if not hidden:
            notes += _not_shown(sheet)
        blocks.append(Table(number, rows, name=clean(sheet.title), hidden=hidden))
    boxes = _lines_in_boxes(file)
    return Content(blocks, notes, margin=boxes, boxes=boxes)


def _lines_in_boxes(file: IO[bytes]) -> list[str]:
    """The lines of text boxes on the sheets, each once; they stand in parts of their own."""
    lines: list[str] = []
    with zipfile.ZipFile(file) as package:
        for part in package.namelist():
            if re.fullmatch(r"xl/drawings/drawing\d+\.xml", part):
                lines += _paragraphs_drawn(package.read(part))
    return list(dict.fromkeys(line for line in lines if line))[:MAX_LINES]


def _paragraphs_drawn(xml: bytes) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:  # what is drawn is not the plan's rows
        return []
    return [
        clean("".join(words.text or "" for words in paragraph.iter(f"{_A}t")))
        for body in root.iter(f"{_XDR}txBody")
        for paragraph in body.iter(f"{_A}p")
    ]


def _counted_from_1904(cell: Cell) -> Cell:
    """A bare number that may be a day, as a book that counts from 1900 has it."""
    value = cell.value
    if isinstance(value, int | float) and value in _DAYS_FROM_1904:
        since_1900 = int(value) + _1904
        return replace(cell, value=since_1900, text=str(since_1900))
    return cell


def _not_shown(sheet: Worksheet) -> list[str]:
    """Sentences on the rows and columns that a filter or a hand has hidden."""
    filled = [at for at, cell in sheet._cells.items() if cell.value is not None]
    rows = {row for row, _ in filled if sheet.row_dimensions[row].hidden}
    columns: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:  # one may tell of several
            columns |= set(range(dimension.min or 0, (dimension.max or 0) + 1))
    columns &= {column for _, column in filled}
    return rows_not_shown(sheet.title, rows) + columns_not_shown(sheet.title, columns)


def _far_out(name: str, sheet: Worksheet) -> str:
    """Where words stand beyond the columns that are read: a few are told, many are refused."""
    cells = [(at, cell) for at, cell in sheet._cells.items() if cell.value is not None]
    columns = {column for (_, column), _ in cells}
    if len(columns) > MAX_COLUMNS:
        raise Refusal(
            f"{name} has a sheet with words in {len(columns)} columns; at most {MAX_COLUMNS} are "
            "read. Copy the plan's columns to a new file and try again.",
            f"{name} har ett blad med ord i {len(columns)} kolumner. Högst {MAX_COLUMNS} läses. "
            "Kopiera planens kolumner till en ny fil och försök igen.",
        )
    far = [f"{cell.coordinate}" for (_, column), cell in cells if column > MAX_COLUMNS]
    return ", ".join(far[:5])


def _date_shown(day: date, number_format: str) -> tuple[str, Precision]:
    """What Excel in Swedish shows for a real date, and how precise that is."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", number_format.lower()).split(";")[0]
    if "d" in shown or not re.search("[my]", shown) or shown == "general":
        return day.isoformat(), Precision.DAY
    if "m" in shown:
        return f"{_MONTHS[day.month - 1]} {day.year}", Precision.MONTH
    return str(day.year), Precision.YEAR


def _check_sheets(name: str, file: IO[bytes]) -> list[str]:
    unsaved = 0
    with zipfile.ZipFile(file) as package:
        for part in package.namelist():
            if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                continue
            xml = package.read(part)
            merged = sum(_area(match.groups()) for match in _MERGE.finditer(xml))
            if merged + sum(1 for _ in _CELL.finditer(xml)) > MAX_CELLS:
                raise Refusal(
                    f"{name} has a sheet of more than {MAX_CELLS} cells; "
                    "copy the table itself to a new file and try again.",
                    f"{name} har ett blad med fler än {MAX_CELLS} celler. "
                    "Kopiera tabellen till en ny fil och försök igen.",
                )
            unsaved += sum(1 for _ in _UNSAVED.finditer(xml))
    if not unsaved:
        return []
    return [f"{unsaved} celler har formler utan sparat värde; öppna och spara filen i Excel."]


def _area(corners: tuple[bytes, ...]) -> int:
    left, top, right, bottom = (corner.decode() for corner in corners)
    width = column_index_from_string(right) - column_index_from_string(left) + 1
    return max(width, 0) * max(int(bottom) - int(top) + 1, 0)


def _rows(sheet: Worksheet) -> list[list[Cell]]:
    """The rows that hold something. A row's number is the one that Excel shows."""
    cells: dict[tuple[int, int], Cell] = {}
    for (row, column), raw in sheet._cells.items():
        if column <= MAX_COLUMNS and raw.value is not None:
            cell = replace(
                _cell(raw, row, column),
                fill=_fill_of(raw),
                struck=bool(raw.font and raw.font.strike),
            )
            if cell.text:
                cells[row, column] = cell
    for area in sheet.merged_cells.ranges:
        _fill(area, cells)
    if not cells:
        return []
    width = max(column for _, column in cells)

    def empty(row: int, column: int) -> Cell:
        raw = sheet._cells.get((row, column))
        return Cell("", row, column, fill=_fill_of(raw) if raw is not None else "")

    return [
        [cells.get((row, column)) or empty(row, column) for column in range(1, width + 1)]
        for row in sorted({row for row, _ in cells})
    ]


def _fill_of(raw: ExcelCell | MergedCell) -> str:
    """The colour of a cell's ground; white is none."""
    if not raw.has_style or raw.fill.fill_type != "solid":
        return ""
    colour = raw.fill.fgColor
    name = f"{colour.type}:{colour.value}:{colour.tint}"
    return "" if name in _WHITE else name


def _fill(area: CellRange, cells: dict[tuple[int, int], Cell]) -> None:
    """Repeat a merged cell's words over its area, told apart from words of a cell's own."""
    first = cells.get((area.min_row, area.min_col))
    if first is None:
        return
    for row in range(area.min_row, area.max_row + 1):
        for column in range(area.min_col, min(area.max_col, MAX_COLUMNS) + 1):
            if (row, column) != first.origin:
                cells[row, column] = replace(
                    first, row=row, column=column, merged_from=first.origin
                )


def _number(value: float, shown: str, row: int, column: int, bold: bool) -> Cell:
    if "%" in shown:
        return Cell(f"{value * 100:.4g} %".replace(".", ","), row, column, bold=bold)
    text = f"{value:.0f}" if float(value).is_integer() else str(value).replace(".", ",")
    return Cell(text, row, column, value=value, bold=bold)


def _cell(raw: ExcelCell | MergedCell, row: int, column: int) -> Cell:
    bold = bool(raw.font and raw.font.b)
    value: object = raw.value
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        text, precision = _date_shown(value, str(raw.number_format or ""))
        return Cell(text, row, column, value=value, precision=precision, bold=bold)
    if isinstance(value, bool):
        return Cell("Ja" if value else "Nej", row, column, bold=bold)
    if isinstance(value, int | float):
        return _number(value, str(raw.number_format), row, column, bold)
    if isinstance(value, time):
        return Cell(value.strftime("%H:%M"), row, column, bold=bold)
    if raw.data_type == "e":  # #REF! and its like say nothing
        return Cell("", row, column)
    if isinstance(value, CellRichText):
        value = _kept(value) or str(value)  # some words struck through are words taken away
    return Cell(clean(_ESCAPED.sub(_unescaped, str(value))), row, column, bold=bold)


def _kept(parts: CellRichText) -> str:
    """The words of a cell that are not struck through."""
    return "".join(
        str(part)
        for part in parts
        if not (isinstance(part, TextBlock) and part.font is not None and part.font.strike)
    ).strip()


def _unescaped(match: re.Match[str]) -> str:
    """ "_x000D_" is how a workbook writes a sign that XML cannot hold."""
    return chr(int(match[1], 16))
