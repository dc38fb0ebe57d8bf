"""A report as a Word file that a process leader goes on writing in.

The look is a Word template with three tags: `{{ title }}`, `{{ subtitle }}` … and `{{p content }}`.
A collaboration may have its own (`own_template`); its styles with Word's own names (Heading 1,
Caption, List Bullet, Table Grid) are used. Without one, `default_template` makes ours.
Places to write in are content controls tagged with their key, so that `intake/readers/fields.py`
finds the words again when the edited file comes back. The XML of the blocks is `word_body.py`'s.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docxtpl import DocxTemplate
from markupsafe import Markup

from reports.blocks import Picture, Report, numbered
from reports.words import cleaned
from reports.writers.pdf import as_pngs
from reports.writers.word_body import (
    ACCENT,
    NAMESPACES,
    QUIET,
    TEXT_WIDTH,
    body_of,
    contents,
    marks,
)

_ROUND = Cm(13)  # a round drawing is as high as it is wide
_DOTS = 1400  # so many wide is a drawing
_LONGEST_PROPERTY = 255  # signs of what Word keeps beside the text
_HERE = "foljsam-content"  # stands where the template's tag stood, until the body takes its place
_PLACEHOLDER = Markup("<w:p><w:r><w:t>{}</w:t></w:r></w:p>").format(_HERE)


class TemplateError(ValueError):
    """The collaboration's own template cannot be used; the message says why."""


def write_word(report: Report, own_template: Path | None = None) -> bytes:
    """The report as .docx. Raises `TemplateError` when the own template cannot be used."""
    report = cleaned(report)
    template = DocxTemplate(own_template or BytesIO(default_template()))
    try:
        template.render(
            {
                "title": report.title,
                "subtitle": report.subtitle,
                "organisation": report.organisation,
                "dated": report.dated + (" – utkast, inte godkänt" if report.draft else ""),
                "reference": report.reference,
                "content": _PLACEHOLDER,
            },
            autoescape=True,
        )
        _fill(template.docx, report)
    except (KeyError, BadZipFile, ValueError) as error:
        raise TemplateError(f"The Word template cannot be used: {error}") from error
    about = template.docx.core_properties
    about.title, about.author = as_property(report.title), as_property(report.organisation)
    about.language, about.subject = "sv-SE", as_property(report.summary)
    made = BytesIO()
    template.save(made)
    return made.getvalue()


def as_property(words: str) -> str:
    """Words as they may stand in what Word keeps beside the text; what is longer is cut."""
    return words if len(words) <= _LONGEST_PROPERTY else words[: _LONGEST_PROPERTY - 1] + "…"


def _fill(document: Document, report: Report) -> None:
    """Put the blocks where the template says. Raises `ValueError` when it says nowhere."""
    here = next((p for p in document.element.body.iter(qn("w:p")) if _words(p) == _HERE), None)
    if here is None:
        raise ValueError("it has no paragraph {{p content }}")

    @cache
    def style(name: str) -> str:
        return str(document.styles[name].style_id)

    pngs = as_pngs([b.svg for b in report.blocks if isinstance(b, Picture)], wide=_DOTS)
    drawn = enumerate(pngs, start=document.part.next_id)
    xml = contents(report.blocks, style) if report.contents else ""
    xml += body_of(
        report.blocks,
        numbered(report.blocks),
        style,
        lambda block: _inline(document, block, *next(drawn)),
    )
    around = here.getparent()
    place = around.index(here)
    around[place : place + 1] = list(parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>"))


def _words(paragraph: Any) -> str:  # noqa: ANN401 - an element
    return "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def _inline(document: Document, block: Picture, number: int, png: bytes) -> str:
    """A drawing, put among the file's pictures, as it stands in a line of text."""
    width = _ROUND if block.round else TEXT_WIDTH
    inline = document.part.new_pic_inline(BytesIO(png), width=width)
    inline.docPr.set("id", str(number))
    inline.docPr.set("descr", block.alt)
    inline.docPr.set("title", block.caption)
    return str(inline.xml)


@cache
def default_template() -> bytes:
    """Our own template: title, date, table of contents, content, page numbers at the foot."""
    document = docx.Document()
    _styles(document)
    _table_style(document)
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
    foot._p.extend(list(parse_xml(f"<w:p {NAMESPACES}>{marks('begin', 'PAGE', 'end')}</w:p>")))
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _table_style(document: Document) -> None:
    """Light lines between rows, air in the cells, a tinted first row."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="C9D3D9"/>'
        for side in ("top", "bottom", "insideH")
    )
    air = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 40), ("left", 85), ("bottom", 20), ("right", 85))
    )
    style: Any = document.styles["Table Grid"].element
    for old in (*style.findall(qn("w:tblPr")), *style.findall(qn("w:tblStylePr"))):
        style.remove(old)
    style.extend(
        parse_xml(
            f"<w:style {NAMESPACES}><w:tblPr><w:tblBorders>{lines}</w:tblBorders>"
            f"<w:tblCellMar>{air}</w:tblCellMar></w:tblPr>"
            '<w:tblStylePr w:type="firstRow"><w:tcPr>'
            '<w:shd w:val="clear" w:color="auto" w:fill="EAF2F5"/>'
            "</w:tcPr></w:tblStylePr></w:style>"
        )
    )


def _styles(document: Document) -> None:
    """Word's own styles by name, in our look, in Swedish for the spelling checker."""
    looks: tuple[tuple[str, float, bool, RGBColor | None], ...] = (
        ("Normal", 11, False, None),
        ("Title", 26, True, ACCENT),
        ("Subtitle", 13, False, QUIET),
        ("Heading 1", 18, True, ACCENT),
        ("Heading 2", 14, True, ACCENT),
        ("Heading 3", 12, True, ACCENT),
        ("TOC Heading", 16, True, ACCENT),
        ("Quote", 11, False, QUIET),
        ("Caption", 9.5, False, QUIET),
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
