"""A list as an Excel file: the same rows as on the page, all of them."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from fastapi.responses import Response
from openpyxl import Workbook

from reports.blocks import Table
from reports.writers.excel import write_table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_excel(
    name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """A file to save, called `name`.xlsx. Columns of figures are written as numbers."""
    written = tuple(tuple(_words(value) for value in row) for row in rows)
    numbers = frozenset(
        column
        for column in range(len(head))
        if written and all(row[column].isdecimal() for row in written)
    )
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Lista"
    write_table(sheet, Table(title, tuple(head), written, numbers))
    made = BytesIO()
    book.save(made)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(made.getvalue(), media_type=MEDIA_TYPE, headers=headers)


def _words(value: object) -> str:
    return "" if value is None else str(value)
