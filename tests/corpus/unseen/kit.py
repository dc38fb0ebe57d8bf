"""What the drawings of this batch are made with: books, Word files, open documents and slides.

The programs that write open documents and slides are no dependencies of ours: whoever draws the
files anew installs odfpy and python-pptx beside us. What the files hold is told in the modules
beside this one.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import PatternFill

from tests.corpus.draw import Drawing, Row

GREEN, YELLOW, RED, WHITE = "00B050", "FFC000", "FF0000", "FFFFFF"


def rows(drawing: str) -> list[list[str]]:
    """Lines with cells between strokes, as rows."""
    lines = drawing.strip().split("\n")
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def fill(page: Any, told: Sequence[Row]) -> None:  # noqa: ANN401 - any sheet
    """Write rows into a sheet. A cell (words, colour) has a ground of that colour."""
    for at, row in enumerate(told, 1):
        for column, one in enumerate(row, 1):
            words, ground = one if isinstance(one, tuple) else (one, "")
            cell = page.cell(at, column, words)
            if ground:
                cell.fill = PatternFill("solid", fgColor=ground)


def book(*sheets: tuple[str, Sequence[Row]], merged: Sequence[str] = ()) -> Drawing:
    """A workbook of several sheets. What is merged is so in the first."""

    def draw(path: Path) -> None:
        made = openpyxl.Workbook()
        first = made.active
        assert first is not None
        for at, (name, told) in enumerate(sheets):
            page = first if at == 0 else made.create_sheet()
            page.title = name
            fill(page, told)
        for area in merged:
            first.merge_cells(area)
        made.save(path)

    return draw


def table(document: Any, told: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401 - has no types
    """A table with a frame in a Word file."""
    made = document.add_table(len(told), max(map(len, told)))
    made.style = "Table Grid"
    for row, cells in zip(told, made.rows, strict=True):
        for words, cell in zip(row, cells.cells, strict=False):
            cell.text = words
    return made


def shade(cell: Any, colour: str) -> None:  # noqa: ANN401 - has no types
    """Give a cell of a Word table a ground."""
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    )


def boxed(document: Any, *lines: str) -> None:  # noqa: ANN401 - has no types
    """A text box as Word writes it: once for new programs, once more for old ones."""
    held = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    document.add_paragraph()._p.append(
        parse_xml(
            '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
            ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
            ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
            ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
            ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
            ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent>'
            '<mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent cx="4000000" cy="900000"/>'
            '<wp:docPr id="1" name="Textruta"/><a:graphic><a:graphicData'
            ' uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
            f"<wps:txbx><w:txbxContent>{held}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData>"
            "</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
            f"<v:textbox><w:txbxContent>{held}</w:txbxContent></v:textbox></v:shape></w:pict>"
            "</mc:Fallback></mc:AlternateContent></w:r>"
        )
    )


def document(*blocks: object) -> Drawing:
    """A Word file: "# " a heading, "- " a bullet, "-- " one within it, rows a table, () a box."""

    def draw(path: Path) -> None:
        made = docx.Document()
        for block in blocks:
            if isinstance(block, tuple):
                boxed(made, *block)
            elif isinstance(block, list):
                table(made, block)
            elif isinstance(block, str):
                _line(made, block)
        made.save(str(path))

    return draw


def _line(made: Any, words: str) -> None:  # noqa: ANN401 - has no types
    mark, _, rest = words.partition(" ")
    if mark and set(mark) == {"#"}:
        made.add_heading(rest, len(mark))
    elif mark and set(mark) == {"-"}:
        depth = "" if len(mark) == 1 else f" {len(mark)}"
        made.add_paragraph(rest, style=f"List Bullet{depth}")
    else:
        made.add_paragraph(words)


def open_text(*blocks: object) -> Drawing:
    """An open text document, of paragraphs ("# " is a heading) and tables."""

    def draw(path: Path) -> None:
        made = import_module("odf.opendocument").OpenDocumentText()
        text = import_module("odf.text")
        for block in blocks:
            if isinstance(block, list):
                made.text.addElement(_open_table("Tabell", block))
            elif str(block).startswith("# "):
                made.text.addElement(text.H(outlinelevel=1, text=str(block)[2:]))
            elif str(block).startswith("## "):
                made.text.addElement(text.H(outlinelevel=2, text=str(block)[3:]))
            else:
                made.text.addElement(text.P(text=str(block)))
        made.save(str(path))

    return draw


def open_sheet(*sheets: tuple[str, Sequence[Row]]) -> Drawing:
    """An open workbook. A cell (words, n) goes on over n rows; a number is one, a day a day."""

    def draw(path: Path) -> None:
        made = import_module("odf.opendocument").OpenDocumentSpreadsheet()
        for name, told in sheets:
            made.spreadsheet.addElement(_open_table(name, told))
        made.save(str(path))

    return draw


def _open_table(name: str, told: Sequence[Row]) -> Any:  # noqa: ANN401 - has no types
    kinds = import_module("odf.table")
    text = import_module("odf.text")
    made = kinds.Table(name=name)
    made.addElement(kinds.TableColumn(numbercolumnsrepeated=max(map(len, told))))
    for row in told:
        line = kinds.TableRow()
        for one in row:
            line.addElement(_open_cell(kinds, text, one))
        made.addElement(line)
    return made


def _open_cell(kinds: Any, text: Any, told: object) -> Any:  # noqa: ANN401 - has no types
    if told is None:
        return kinds.CoveredTableCell()
    words, deep = told if isinstance(told, tuple) else (told, 1)
    more: dict[str, Any] = {}
    if deep > 1:
        more = {"numberrowsspanned": deep, "numbercolumnsspanned": 1}
    if hasattr(words, "isoformat"):
        more |= {"valuetype": "date", "datevalue": words.isoformat()}
    elif isinstance(words, bool):
        more |= {"valuetype": "boolean", "booleanvalue": str(words).lower()}
        words = "SANT" if words else "FALSKT"
    elif isinstance(words, int | float):
        more |= {"valuetype": "float", "value": words}
    else:
        more |= {"valuetype": "string"}
    cell = kinds.TableCell(**more)
    for line in str(words).split("\n") if str(words) else ():
        cell.addElement(text.P(text=line))
    return cell


def slides(*told: tuple[str, object]) -> Drawing:
    """A presentation: each slide has a title, and then bullets ("- ") or a table (rows)."""

    def draw(path: Path) -> None:
        made = import_module("pptx").Presentation()
        inches = import_module("pptx.util").Inches
        for title, body in told:
            bullets = isinstance(body, tuple)
            slide = made.slides.add_slide(made.slide_layouts[1 if bullets else 5])
            slide.shapes.title.text = title
            if isinstance(body, tuple):
                slide.placeholders[1].text_frame.text = "\n".join(body)
            elif isinstance(body, list):
                size = len(body), max(map(len, body))
                shape = slide.shapes.add_table(*size, inches(1), inches(2), inches(8), inches(3))
                for at, row in enumerate(body):
                    for column, words in enumerate(row):
                        shape.table.cell(at, column).text = words
        made.save(str(path))

    return draw
