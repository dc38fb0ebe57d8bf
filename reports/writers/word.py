"""A report as a Word file that a process leader goes on writing in.

The look is a Word template with three tags: `{{ title }}`, `{{ subtitle }}` … and `{{p content }}`.
A collaboration may have its own (`own_template`); its styles with Word's own names (Heading 1,
Caption, List Bullet, Table Grid) are used. Without one, `default_template` makes ours.
Places to write in are content controls tagged with their key, so that `read_prose` finds the words
again when the edited file comes back.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
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
from reports.writers.pdf import as_pngs

_PROSE = "foljsam:"  # a content control with this before its tag is a place of ours
_ACCENT, _QUIET = RGBColor(0x0B, 0x5C, 0x74), RGBColor(0x51, 0x62, 0x6D)
_TEXT_WIDTH = Cm(16)
_ROUND = Cm(13)  # a round drawing is as high as it is wide
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOTS = 1400  # so many wide is a drawing
_DEEPEST = 2  # levels of headings in the table of contents
_MANY_COLUMNS = 7  # a table with more has smaller letters


class TemplateError(ValueError):
    """The collaboration's own template cannot be used; the message says why."""


def write_word(report: Report, own_template: Path | None = None) -> bytes:
    """The report as .docx. Raises `TemplateError` when the own template cannot be used."""
    template = DocxTemplate(own_template or BytesIO(default_template()))
    try:
        content = template.new_subdoc()
        labels = numbered(report.blocks)
        if report.contents:
            _contents(content, report)
        drawn = iter(as_pngs([b.svg for b in report.blocks if isinstance(b, Picture)], wide=_DOTS))
        for place, block in enumerate(report.blocks):
            if isinstance(block, Picture):
                _picture(content, block, labels[place], next(drawn))
            else:
                _add(content, block, labels.get(place, ""), place)
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
        ("TOC Heading", 16, True, _ACCENT),
        ("Quote", 11, False, _QUIET),
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


def _contents(content: Any, report: Report) -> None:  # noqa: ANN401
    """A table of contents that Word can bring up to date, filled with links to the headings."""
    content.add_paragraph("Innehåll", style="TOC Heading")
    headings = [
        (place, block)
        for place, block in enumerate(report.blocks)
        if isinstance(block, Heading) and block.level <= _DEEPEST
    ]
    paragraph = None
    for number, (place, block) in enumerate(headings):
        paragraph = content.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.6 * (block.level - 1))
        paragraph.paragraph_format.space_after = Pt(2)
        if number == 0:
            _marks(paragraph, ("begin", f' TOC \\o "1-{_DEEPEST}" \\h \\z \\u ', "separate"))
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), _bookmark(place))
        link.append(paragraph.add_run(block.text)._r)
        paragraph._p.append(link)
    if paragraph is not None:
        _marks(paragraph, ("end",))
        paragraph.add_run().add_break(WD_BREAK.PAGE)


def _bookmark(place: int) -> str:
    return f"avsnitt_{place}"


def _heading(content: Any, block: Heading, place: int) -> None:  # noqa: ANN401
    """A heading with a bookmark around its words, for the table of contents."""
    paragraph = content.add_paragraph(block.text, style=f"Heading {block.level}")
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (begin, end):
        mark.set(qn("w:id"), str(place + 1))
    begin.set(qn("w:name"), _bookmark(place))
    paragraph.runs[0]._r.addprevious(begin)
    paragraph._p.append(end)


def _add(content: Any, block: Block, label: str, place: int) -> None:  # noqa: ANN401
    match block:
        case Heading():
            _heading(content, block, place)
        case Paragraph(text, tone):
            _paragraph(content, text, tone)
        case Quote(text, who):
            quote = content.add_paragraph(f"”{text}”", style="Quote")
            source = quote.add_run(f"\n{who}")
            source.italic, source.font.size, source.font.color.rgb = False, Pt(9.5), _QUIET
        case Bullets(items):
            for item in items:
                content.add_paragraph(item, style="List Bullet")
        case Table():
            _table(content, block, label)
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
    table = content.add_table(rows=0, cols=len(block.head))
    table.style = "Table Grid"
    table.autofit = False
    _describe(table, block.caption)
    total = sum(block.widths)
    widths = [int(_TEXT_WIDTH * share / total) for share in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate((block.head, *block.rows)):
        table._tbl.append(_row(row, widths, block.numbers, head=number == 0))
    _paragraph(content, block.note, Tone.NOTE)  # an empty one, too, keeps two tables apart


def _row(words: tuple[str, ...], widths: list[int], numbers: frozenset[int], *, head: bool) -> Any:  # noqa: ANN401 - an element
    """A row as XML at once: a report has thousands of cells, and python-docx walks them all anew
    for each.
    """
    size = 19 if len(words) <= _MANY_COLUMNS else 16  # half points
    look = f'<w:rPr>{"<w:b/>" if head else ""}<w:sz w:val="{size}"/></w:rPr>'
    cells = []
    for column, (text, width) in enumerate(zip(words, widths, strict=True)):
        side = '<w:jc w:val="right"/>' if column in numbers else ""
        lines = "</w:t><w:br/><w:t>".join(escape(_NO_XML.sub("", text)).split("\n"))
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width // 635}" w:type="dxa"/></w:tcPr>'
            f'<w:p><w:pPr><w:spacing w:after="40"/>{side}</w:pPr>'
            f'<w:r>{look}<w:t xml:space="preserve">{lines}</w:t></w:r></w:p></w:tc>'
        )
    about = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    return parse_xml(f"<w:tr {nsdecls('w')}>{about}{''.join(cells)}</w:tr>")


def _describe(table: WordTable, caption: str) -> None:
    """What a screen reader says of the table."""
    properties = table._tbl.tblPr
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), caption)
        properties.append(element)


def _picture(content: Any, block: Picture, label: str, png: bytes) -> None:  # noqa: ANN401
    paragraph = content.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(
        BytesIO(png),
        width=_ROUND if block.name.startswith("arshjul") else _TEXT_WIDTH,
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
    _marks(paragraph, ("begin", code, "end"))


def _marks(paragraph: WordParagraph, marks: tuple[str, ...]) -> None:
    """The marks of a field, each in a run of its own; what is no mark is the field's code."""
    for mark in marks:
        run = paragraph.add_run()
        if mark in ("begin", "separate", "end"):
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), mark)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = mark
        run._r.append(element)
