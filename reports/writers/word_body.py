"""The blocks of a report as the XML of a Word file's body.

Written as text that is read once: python-docx looks a style up anew for each paragraph, and a
report has thousands of paragraphs. Which styles, and where the XML goes, is `word.py`'s.
"""

from collections.abc import Callable, Iterable
from html import escape

from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt, RGBColor

from reports.blocks import Block, Bullets, Heading, Paragraph, Picture, Prose, Quote, Table, Tone

PLACE = "foljsam:"  # a content control with this before its tag is a place of ours
ACCENT, QUIET = RGBColor(0x0B, 0x5C, 0x74), RGBColor(0x51, 0x62, 0x6D)
TEXT_WIDTH = Cm(16)
DEEPEST = 2  # levels of headings in the table of contents
NAMESPACES = nsdecls("w")
_MANY_COLUMNS = 7  # a table with more has smaller letters
_BOLD, _NOT_ITALIC = "<w:b/>", '<w:i w:val="0"/>'

StyleId = Callable[[str], str]  # the id of a style, by the name that Word shows


def body_of(
    blocks: Iterable[Block],
    labels: dict[int, str],
    style: StyleId,
    picture: Callable[[Picture], str],
) -> str:
    """Every block in turn. `labels` are by place; `picture` gives the XML of a drawing."""
    return "".join(
        _block(block, place, labels.get(place, ""), style, picture)
        for place, block in enumerate(blocks)
    )


def contents(blocks: Iterable[Block], style: StyleId) -> str:
    """A table of contents that Word can bring up to date, filled with links to the headings."""
    links = [
        (
            block.level,
            f'<w:hyperlink w:anchor="{_bookmark(place)}">{_run(block.text)}</w:hyperlink>',
        )
        for place, block in enumerate(blocks)
        if isinstance(block, Heading) and block.level <= DEEPEST
    ]
    lines = [words for _, words in links]
    if lines:
        lines[0] = marks("begin", f' TOC \\o "1-{DEEPEST}" \\h \\z \\u ', "separate") + lines[0]
        lines[-1] += marks("end") + '<w:r><w:br w:type="page"/></w:r>'
    return _paragraph(_run("Innehåll"), style("TOC Heading")) + "".join(
        _paragraph(
            line,
            look=f'<w:spacing w:after="40"/><w:ind w:left="{_twips(Cm(0.6 * (level - 1)))}"/>',
        )
        for (level, _), line in zip(links, lines, strict=True)
    )


def marks(*marks: str) -> str:
    """The marks of a field, each in a run of its own; what is no mark is the field's code."""
    return "".join(
        f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>'
        if mark in ("begin", "separate", "end")
        else f'<w:r><w:instrText xml:space="preserve">{_escaped(mark)}</w:instrText></w:r>'
        for mark in marks
    )


def _block(
    block: Block, place: int, label: str, style: StyleId, picture: Callable[[Picture], str]
) -> str:
    match block:
        case Heading():
            xml = _heading(block, place, style(f"Heading {block.level}"))
        case Paragraph(text, tone):
            xml = _spoken(text, tone)
        case Quote(text, who):
            source = _run(f"\n{who}", _NOT_ITALIC + _look(9.5, QUIET))
            xml = _paragraph(_run(f"”{text}”") + source, style("Quote"))
        case Bullets(items):
            xml = "".join(_paragraph(_run(item), style("List Bullet")) for item in items)
        case Table():
            xml = _table(block, label, style)
        case Picture():
            xml = _picture(block, label, style, picture(block))
        case Prose():
            xml = _place_to_write(block)
    return xml


def _bookmark(place: int) -> str:
    return f"avsnitt_{place}"


def _heading(heading: Heading, place: int, style_id: str) -> str:
    """A heading with a bookmark around its words, for the table of contents."""
    mark = f'w:id="{place + 1}"'
    return _paragraph(
        f'<w:bookmarkStart {mark} w:name="{_bookmark(place)}"/>{_run(heading.text)}'
        f"<w:bookmarkEnd {mark}/>",
        style_id,
        "<w:pageBreakBefore/>" if heading.own_page else "",
    )


def _spoken(text: str, tone: Tone) -> str:
    looks = {Tone.LEAD: _look(13), Tone.NOTE: _look(9.5, QUIET)}
    warning = _run("Observera. ", _BOLD) if tone is Tone.WARNING else ""
    air = '<w:spacing w:before="60"/>' if tone is Tone.NOTE else ""
    return _paragraph(warning + _run(text, looks.get(tone, "")), look=air)


def _table(block: Table, label: str, style: StyleId) -> str:
    caption = _escaped(block.caption)
    shares = block.widths
    widths = [_twips(TEXT_WIDTH * share / sum(shares)) for share in shares]
    about = (
        f'<w:tblStyle w:val="{style("Table Grid")}"/><w:tblW w:type="auto" w:w="0"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:firstColumn="1" w:firstRow="1" '
        'w:lastColumn="0" w:lastRow="0" w:noHBand="0" w:noVBand="1" w:val="04A0"/>'
        f'<w:tblCaption w:val="{caption}"/><w:tblDescription w:val="{caption}"/>'
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = "".join(
        _row(row, widths, block.numbers, head=number == 0)
        for number, row in enumerate((block.head, *block.rows))
    )
    words = f"{label}. {block.caption}" if label else block.caption
    return (
        _paragraph(_run(words), style("Caption"), "<w:keepNext/>")
        + f"<w:tbl><w:tblPr>{about}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        + _spoken(block.note, Tone.NOTE)  # an empty one, too, keeps two tables apart
    )


def _row(words: tuple[str, ...], widths: list[int], numbers: frozenset[int], *, head: bool) -> str:
    look = (_BOLD if head else "") + _look(9.5 if len(words) <= _MANY_COLUMNS else 8)
    cells = []
    for column, (text, width) in enumerate(zip(words, widths, strict=True)):
        side = '<w:jc w:val="right"/>' if column in numbers else ""
        cell = _paragraph(_run(text, look), look=f'<w:spacing w:after="40"/>{side}')
        cells.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>')
    about = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    return f"<w:tr>{about}{''.join(cells)}</w:tr>"


def _picture(block: Picture, label: str, style: StyleId, inline: str) -> str:
    drawn = _paragraph(f"<w:r><w:drawing>{inline}</w:drawing></w:r>", look="<w:keepNext/>")
    told = _table(block.table, "", style) if block.table else ""
    return drawn + _paragraph(_run(f"{label}. {block.caption}"), style("Caption")) + told


def _place_to_write(block: Prose) -> str:
    """A content control: people write in it as in any paragraph, and the key stays with it."""
    parts = [part for part in block.text.split("\n\n") if part.strip()]
    inside = "".join(_paragraph(_run(part)) for part in parts)
    about = (
        f'<w:alias w:val="{_escaped(block.hint[:60])}"/>'
        f'<w:tag w:val="{_escaped(PLACE + block.key)}"/>'
    )
    if not parts:
        inside = _paragraph(_run(block.hint, _look(None, QUIET)))
        about += "<w:showingPlcHdr/>"
    return f"<w:sdt><w:sdtPr>{about}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def _paragraph(inside: str, style_id: str = "", look: str = "") -> str:
    named = f'<w:pStyle w:val="{_escaped(style_id)}"/>' if style_id else ""
    about = f"<w:pPr>{named}{look}</w:pPr>" if named or look else ""
    return f"<w:p>{about}{inside}</w:p>"


def _run(text: str, look: str = "") -> str:
    about = f"<w:rPr>{look}</w:rPr>" if look else ""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(_escaped(text).splitlines() or [""])
    return f'<w:r>{about}<w:t xml:space="preserve">{lines}</w:t></w:r>'


def _look(points: float | None, colour: RGBColor | None = None) -> str:
    """Colour before size, as Word wants it."""
    words = f'<w:color w:val="{colour}"/>' if colour is not None else ""
    return words + (f'<w:sz w:val="{round(points * 2)}"/>' if points else "")


def _escaped(text: str) -> str:
    return escape(text)


def _twips(length: float) -> int:
    """A length of python-docx's in twentieths of a point."""
    return int(length * 20 / Pt(1))
