"""A report as a Word file that a process leader goes on writing in.

The look is a Word template with three tags: `{{ title }}`, `{{ subtitle }}` … and `{{p content }}`.
A collaboration may have its own (`own_template`); its styles with Word's own names (Heading 1,
Caption, List Bullet, Table Grid) are used. Without one, `default_template` makes ours.
Places to write in are content controls tagged with their key, so that `read_prose` finds the words
again when the edited file comes back.
"""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docxtpl import DocxTemplate

from reports.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Report,
    Table,
    Tone,
    numbered,
)
from reports.writers.pdf import as_png

_PROSE = "foljsam:"  # a content control with this before its tag is a place of ours
_ACCENT, _QUIET = RGBColor(0x0B, 0x5C, 0x74), RGBColor(0x51, 0x62, 0x6D)
_TEXT_WIDTH = Cm(16)


class TemplateError(ValueError):
    """The collaboration's own template cannot be used; the message says why."""


def write_word(report: Report, own_template: Path | None = None) -> bytes:
    """The report as .docx. Raises `TemplateError` when the own template cannot be used."""
    template = DocxTemplate(own_template or BytesIO(default_template()))
    try:
        content = template.new_subdoc()
        for place, block in enumerate(report.blocks):
            _add(content, block, numbered(report.blocks).get(place, ""))
        template.render(
            {
                "title": report.title,
                "subtitle": report.subtitle,
                "organisation": report.organisation,
                "dated": report.dated + (" – utkast, inte godkänt" if report.draft else ""),
                "reference": report.reference,
                "content": content,
            },
            autoescape=True,
        )
    except (KeyError, BadZipFile, ValueError) as error:
        raise TemplateError(f"The Word template cannot be used: {error}") from error
    about = template.docx.core_properties
    about.title, about.author, about.language = report.title, report.organisation, "sv-SE"
    about.subject = report.summary
    made = BytesIO()
    template.save(made)
    return made.getvalue()


def read_prose(file: bytes) -> dict[str, str]:
    """The words in the places to write in, by key; paragraphs are kept apart by an empty line."""
    found: dict[str, str] = {}
    for control in docx.Document(BytesIO(file)).element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is None or not tag.get(qn("w:val"), "").startswith(_PROSE):
            continue
        if control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None:
            words = ""
        else:
            content = control.find(qn("w:sdtContent"))
            words = "\n\n".join(
                text
                for p in content.iter(qn("w:p"))
                if (text := WordParagraph(p, None).text.strip())
            )
        found[tag.get(qn("w:val")).removeprefix(_PROSE)] = words
    return found


def default_template() -> bytes:
    """Our own template: title, date, table of contents, content, page numbers at the foot."""
    document = docx.Document()
    _styles(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    document.add_paragraph("{{ organisation }}", style="Subtitle")
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ subtitle }}", style="Subtitle")
    document.add_paragraph("{{ dated }}")
    document.add_paragraph("{{p content }}")
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ reference }} · sida ")
    _field(foot, "PAGE")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _styles(document: Document) -> None:
    """Word's own styles by name, in our look, in Swedish for the spelling checker."""
    looks: tuple[tuple[str, float, bool, RGBColor | None], ...] = (
        ("Normal", 11, False, None),
        ("Title", 26, True, _ACCENT),
        ("Subtitle", 13, False, _QUIET),
        ("Heading 1", 18, True, _ACCENT),
        ("Heading 2", 14, True, _ACCENT),
        ("Heading 3", 12, True, _ACCENT),
        ("Caption", 9.5, False, _QUIET),
    )
    for name, size, bold, colour in looks:
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), bold
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        fonts.set(qn("w:hAnsi"), "Calibri")
        if colour is not None:
            style.font.color.rgb = colour
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "sv-SE")
    document.styles["Normal"].element.get_or_add_rPr().append(language)


def _add(content: Any, block: Block, label: str) -> None:  # noqa: ANN401 - docxtpl's Subdoc
    match block:
        case Heading(level, text):
            content.add_paragraph(text, style=f"Heading {level}")
        case Paragraph(text, tone):
            _paragraph(content, text, tone)
        case Quote(text, who):
            content.add_paragraph(f"”{text}”", style="Intense Quote").add_run(f"\n{who}")
        case Bullets(items):
            for item in items:
                content.add_paragraph(item, style="List Bullet")
        case Table():
            _table(content, block, label)
        case Picture():
            _picture(content, block, label)
        case Prose():
            _place_to_write(content, block)


def _paragraph(content: Any, text: str, tone: Tone) -> None:  # noqa: ANN401
    paragraph = content.add_paragraph()
    if tone is Tone.WARNING:
        paragraph.add_run("Observera. ").bold = True
    run = paragraph.add_run(text)
    if tone is Tone.LEAD:
        run.font.size = Pt(13)
    elif tone is Tone.NOTE:
        run.font.size, run.font.color.rgb = Pt(9.5), _QUIET


def _table(content: Any, block: Table, label: str) -> None:  # noqa: ANN401
    caption = content.add_paragraph(f"{label}. " if label else "", style="Caption")
    caption.add_run(block.caption)
    caption.paragraph_format.keep_with_next = True
    table = content.add_table(rows=1, cols=len(block.head))
    table.style = "Table Grid"
    _describe(table, block.caption)
    _fill(table.rows[0].cells, block.head, block, bold=True)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in block.rows:
        cells = table.add_row()
        whole = OxmlElement("w:cantSplit")
        cells._tr.get_or_add_trPr().append(whole)
        _fill(cells.cells, row, block)
    _paragraph(content, block.note, Tone.NOTE)  # an empty one, too, keeps two tables apart


def _fill(
    cells: tuple[_Cell, ...], words: tuple[str, ...], block: Table, *, bold: bool = False
) -> None:
    for column, (cell, text) in enumerate(zip(cells, words, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(9.5)
        if column in block.numbers:
            paragraph.alignment = 2


def _describe(table: WordTable, caption: str) -> None:
    """What a screen reader says of the table."""
    properties = table._tbl.tblPr
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), caption)
        properties.append(element)


def _picture(content: Any, block: Picture, label: str) -> None:  # noqa: ANN401
    paragraph = content.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(
        BytesIO(as_png(block.svg, wide=1600)), width=_TEXT_WIDTH
    )
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("title", block.caption)
    content.add_paragraph(f"{label}. {block.caption}", style="Caption")
    if block.table:
        _table(content, block.table, "")


def _place_to_write(content: Any, block: Prose) -> None:  # noqa: ANN401
    """A content control: people write in it as in any paragraph, and the key stays with it."""
    first = content.add_paragraph()
    parts = [part for part in block.text.split("\n\n") if part.strip()]
    paragraphs = [first, *(content.add_paragraph() for _ in parts[1:])]
    for paragraph, part in zip(paragraphs, parts or [block.hint], strict=True):
        paragraph.add_run(part)
    control, about, inside = (OxmlElement(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
    for name, value in (("alias", block.hint[:60]), ("tag", _PROSE + block.key)):
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:val"), value)
        about.append(element)
    if not parts:
        about.append(OxmlElement("w:showingPlcHdr"))
        paragraphs[0].runs[0].font.color.rgb = _QUIET
    control.extend((about, inside))
    first._p.addprevious(control)
    for paragraph in paragraphs:
        inside.append(paragraph._p)


def _field(paragraph: WordParagraph, code: str) -> None:
    """A field that Word computes, such as the page's number."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)
