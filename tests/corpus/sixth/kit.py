"""What the drawings of this batch are made with; what the files hold is told beside this one."""

import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
import openpyxl
import typst
from docx.enum.section import WD_ORIENT
from openpyxl.styles import PatternFill

from tests.corpus.draw import Drawing

NOT_BEGUN = ["beslutad", "föreslagen"]
ON_GOING = "pågående"

Right = dict[str, Any]
Files = dict[str, tuple[str, Right, Drawing]]


def keeper(files: Files) -> Callable[[str, str, Right], Callable[[Drawing], Drawing]]:
    """A decorator that keeps a drawing under its file's name, with its kind and right reading."""

    def file(name: str, kind: str, right: Right) -> Callable[[Drawing], Drawing]:
        def keep(draw: Drawing) -> Drawing:
            files[name] = (kind, right, draw)
            return draw

        return keep

    return file


def plan(title: str | None, *activities: dict[str, object], **more: object) -> Right:
    """The right reading of a plan; without a title, none is asked for."""
    return ({"title": title} if title else {}) | {"activities": list(activities)} | more


def rows_of(words: str) -> list[list[str]]:
    """Lines with cells between strokes, as rows."""
    return [[cell.strip() for cell in line.split("|")] for line in words.strip("\n").split("\n")]


def document(landscape: bool = False) -> Any:  # noqa: ANN401 - has no types
    """A Word file."""
    made = docx.Document()
    if landscape:
        section = made.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    return made


def table(where: Any, rows: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401 - has no types
    """A table with a frame, its first row bold; each line of a cell is a paragraph."""
    made = where.add_table(len(rows), max(map(len, rows)))
    made.style = "Table Grid"
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            cell = made.cell(at, column)
            first, *more = words.split("\n")
            cell.paragraphs[0].text = first
            for line in more:
                cell.add_paragraph(line)
            for run in cell.paragraphs[0].runs if at == 0 else ():
                run.bold = True
    return made


def vmerge(made: Any, column: int, first: int, last: int) -> None:  # noqa: ANN401 - has no types
    """Cells of a column as one, with the first one's words."""
    _merged(made, [(row, column) for row in range(first, last + 1)])


def hmerge(made: Any, row: int, first: int, last: int) -> None:  # noqa: ANN401 - has no types
    """Cells of a row as one, with the first one's words."""
    _merged(made, [(row, column) for column in range(first, last + 1)])


def _merged(made: Any, places: Sequence[tuple[int, int]]) -> None:  # noqa: ANN401 - has no types
    words = made.cell(*places[0]).text
    for place in places:
        made.cell(*place).text = ""
    one = made.cell(*places[0]).merge(made.cell(*places[-1]))
    for paragraph in one.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    one.text = words


def label(made: Any, head: str, words: str) -> None:  # noqa: ANN401 - has no types
    """A paragraph that begins with a word in bold."""
    paragraph = made.add_paragraph()
    paragraph.add_run(head).bold = True
    paragraph.add_run(" " + words)


def book(*sheets: tuple[str, Sequence[Sequence[object]]]) -> tuple[Any, ...]:
    """A workbook, and its sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    pages = []
    for name, rows in sheets:
        pages.append(made.create_sheet(name))
        put(pages[-1], rows)
    return made, *pages


def put(page: Any, rows: Iterable[Sequence[object]], at: int = 1, left: int = 1) -> None:  # noqa: ANN401
    """Write rows into a sheet. A cell (words, colour) has a ground of that colour."""
    for row, told in enumerate(rows, at):
        for column, one in enumerate(told, left):
            words, ground = one if isinstance(one, tuple) else (one, "")
            cell = page.cell(row, column)
            if words != "":
                cell.value = words
            if ground:
                cell.fill = PatternFill("solid", fgColor=ground)


def cached(path: Path, values: Mapping[str, object]) -> None:
    """Give each formula of the first sheet the value that Excel would have saved with it."""
    with zipfile.ZipFile(path) as package:
        held = {name: package.read(name) for name in package.namelist()}
    sheet = held["xl/worksheets/sheet1.xml"].decode()
    for place, value in values.items():
        sheet = _with_value(sheet, place, value)
    held["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in held.items():
            package.writestr(name, part)


def _with_value(sheet: str, place: str, value: object) -> str:
    kind = ' t="str"' if isinstance(value, str) else ""

    def told(found: re.Match[str]) -> str:
        of_cell = re.sub(r' t="\w+"', "", found[1])
        said = escape(str(value))
        return f'<c r="{place}"{of_cell}{kind}><f>{found[2]}</f><v>{said}</v></c>'

    formula = rf'<c r="{place}"([^>]*)><f>(.*?)</f><v ?/?>(?:</v>)?</c>'
    sheet, count = re.subn(formula, told, sheet)
    assert count == 1, place
    return sheet


_NAMES = ("office", "text", "table", "style", "number")
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:'
    f'{"datastyle" if name == "number" else name}:1.0"'
    for name in _NAMES
)


def open_file(path: Path, kind: str, body: str, styles: str = "") -> None:
    """An open document: a "spreadsheet", or a "text"."""
    mime = f"application/vnd.oasis.opendocument.{kind}"
    of_package = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = (
        f'<manifest:manifest {of_package} manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    content = (
        f'<office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", mime, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
        package.writestr("content.xml", content, zipfile.ZIP_DEFLATED)


def open_table(rows: Sequence[Sequence[str]], name: str) -> str:
    """A table of an open document; its first row is repeated on each page."""
    head, *others = ["".join(map(_open_cell, row)) for row in rows]
    lines = "".join(f"<table:table-row>{line}</table:table-row>" for line in others)
    return (
        f'<table:table table:name="{name}">'
        f'<table:table-column table:number-columns-repeated="{max(map(len, rows))}"/>'
        f"<table:table-header-rows><table:table-row>{head}</table:table-row>"
        f"</table:table-header-rows>{lines}</table:table>"
    )


def _open_cell(words: str) -> str:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in words.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def chromium(path: Path, html: str) -> None:
    """A page as Chromium prints it."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, "utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu"]
        command += [f"--user-data-dir={folder}/user", "--no-pdf-header-footer"]
        command += [f"--print-to-pdf={path}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=90)


def typeset(path: Path, source: str) -> None:
    """A page as typst sets it."""
    head = '#set page(paper: "a4", margin: 2cm)\n#set text(lang: "sv", size: 10pt)\n'
    path.write_bytes(typst.compile((head + source).encode(), format="pdf"))


def save(path: Path, words: str, coding: str = "utf-8", ends: str = "\n") -> None:
    """A text file."""
    path.write_bytes(words.lstrip("\n").replace("\n", ends).encode(coding))
