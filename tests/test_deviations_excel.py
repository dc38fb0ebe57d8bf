"""Excel exports: real dates, hidden sheets, the row that Excel shows, and files made to do harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from intake.deviation.reading_apart import read_apart
from intake.deviation.shapes import Column, Export, Source, Why
from intake.documents import Refusal
from tests.deviation_files import HEADS, THREE, excel, row


def read(data: bytes) -> Export:
    """A workbook as the command reads it."""
    return read_apart("export.xlsx", data, Source(), b"a key")


def days(export: Export) -> list[str]:
    """The days that the cases are counted on."""
    return [str(case.registered_on) for case in export.cases.values()]


def workbook(fill: Callable[[openpyxl.Workbook, Worksheet], Any]) -> bytes:
    """A workbook that somebody has made by hand."""
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    fill(book, book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            words = old.read(name)
            new.writestr(name, change(words) if name == part else words)
    return out.getvalue()


def test_a_row_has_the_number_that_excel_shows() -> None:
    """Also where the table begins far down and to the right, with empty rows in it."""

    def fill(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        for at, line in {6: HEADS, 8: THREE[0], 12: row("", "2025-01-01")}.items():
            for place, value in enumerate(line, 4):
                sheet.cell(at, place, value)

    export = read(workbook(fill))
    assert [case.row for case in export.cases.values()] == [8]
    assert [(each.row, each.why) for each in export.refused] == [(12, Why.NO_NUMBER)]


def test_a_day_is_the_day_however_its_cell_shows_it() -> None:
    def fill(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.append(list(HEADS))
        for at, shape in enumerate(("YYYY-MM-DD", "MMM-YY", "D/M", "YYYY", "DDDD D MMMM"), 2):
            sheet.append(row(str(at), datetime(2025, 3, 31, 23, 59, 59)))  # noqa: DTZ001
            sheet.cell(at, 2).number_format = shape
        sheet.append(row("8", "text: 31 mars"))

    export = read(workbook(fill))
    assert days(export) == ["2025-03-31"] * 5
    assert [each.why for each in export.refused] == [Why.ODD_DATE]


def test_what_is_no_day_is_none() -> None:
    odd: list[Any] = [True, time(14, 22), timedelta(hours=30), "#REF!", 12, "=1+1", "mars"]
    export = read(excel({"Data": [list(HEADS), *(row(f"A-{n}", o) for n, o in enumerate(odd))]}))
    assert export.cases == {}
    assert [each.why for each in export.refused[:3]] == [Why.ODD_DATE] * 3
    assert len(export.refused) == len(odd)


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        sheet.append(list(HEADS))
        sheet.append(row("A-1", date(2025, 3, 1)))

    assert days(read(workbook(fill))) == ["2025-03-01"]


def test_a_hidden_sheet_counts_only_where_no_other_holds_cases() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet, *, shown: bool) -> None:
        sheet.append(list(HEADS) if shown else ["Diagram"])
        if shown:
            sheet.append(THREE[0])
        hidden = book.create_sheet("Dold")
        hidden.sheet_state = "veryHidden"
        hidden.append(list(HEADS))
        hidden.append(THREE[1])

    assert list(read(workbook(lambda b, s: fill(b, s, shown=True))).cases) == ["A-1"]
    assert list(read(workbook(lambda b, s: fill(b, s, shown=False))).cases) == ["A-2"]


def test_a_sheet_that_is_a_chart_is_passed_by() -> None:
    def fill(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        for line in (HEADS, *THREE):
            sheet.append(list(line))
        chart = BarChart()
        chart.add_data(Reference(sheet, 10, 1, 10, 4))
        book.create_chartsheet("Diagram", 0).add_chart(chart)

    assert len(read(workbook(fill)).cases) == 3


def test_words_within_the_sheet_and_cells_without_places_are_read_too() -> None:
    """Some programs write no table of words, and no address on a cell."""

    def bare(xml: bytes) -> bytes:
        cells = [
            "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in line)
            for line in (HEADS, *THREE)
        ]
        rows = "".join(f"<row>{each}</row>" for each in cells)
        start, end = xml.index(b"<sheetData>"), xml.index(b"</sheetData>")
        return xml[:start] + b"<sheetData>" + rows.encode() + xml[end:]

    data = altered(excel({"Data": [["x"]]}), "xl/worksheets/sheet1.xml", bare)
    export = read(data)
    assert export.by_quarter(Column.GROUP)["2025Q1"] == {"Barn och unga": 1, "Äldre": 1}
    assert export.cases["A-1"].row == 2


def test_words_in_the_last_corner_are_refused_and_take_no_memory() -> None:
    def fill(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        for line in (HEADS, *THREE):
            sheet.append(list(line))
        sheet["XFD1048576"] = "x"

    with pytest.raises(Refusal, match="copy the table itself to a new file") as refused:
        read(workbook(fill))
    assert "Kopiera tabellen till en ny fil" in refused.value.swedish


def test_a_word_in_the_last_row_is_none_of_the_table() -> None:
    def fill(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        for line in (HEADS, *THREE):
            sheet.append(list(line))
        sheet["A1048576"] = " "

    assert len(read(workbook(fill)).cases) == 3


def test_a_package_that_unpacks_to_more_than_it_says_is_refused() -> None:
    """The size in its list of contents is not what is packed."""
    data = excel({"Data": [list(HEADS), *THREE]})
    filler = b"<!--" + b" " * 20_000_000 + b"-->"
    large = altered(data, "xl/worksheets/sheet1.xml", lambda xml: xml + filler)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(large)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with zipfile.ZipFile(packed) as whole:
        (size,) = [i.file_size for i in whole.infolist() if i.filename.endswith("sheet1.xml")]
    lied = packed.getvalue().replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))
    with pytest.raises(Refusal):
        read(lied)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", "old Office format"),
        (excel({"Data": [list(HEADS), *THREE]})[:-400], "damaged"),
        (altered(excel({"a": [["x"]]}), "xl/workbook.xml", lambda _: b"<no"), "damaged"),
        (
            altered(excel({"a": [["x"]]}), "xl/workbook.xml", lambda x: b"<!DOCTYPE a>" + x),
            "entities",
        ),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read(data)
