"""Plans in OpenDocument files and presentations are read as those in Word and Excel."""

import io
import zipfile
from datetime import date

import pytest

from intake.documents import Refusal, kind_of
from intake.plans import plan_in
from tests.plans_by_hand import understood

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)
_DRAWN = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEADS = ["Aktivitet", "Ansvarig", "Klart senast"]


def packed(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for name, words in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), words)
    return held.getvalue()


def open_file(body: str, styles: str = "") -> bytes:
    return packed(
        mimetype="application/vnd.oasis.opendocument",
        content_dot_xml=f"<office:document-content {_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>",
    )


def cell(words: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def table(*rows: str, name: str = "Blad1", more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


HEADING_ROW = row(*map(cell, HEADS))


def test_a_document_with_a_table_is_read() -> None:
    merged = 'table:number-rows-spanned="2"'
    draft = plan_in(
        "plan.odt",
        open_file(
            "<office:text><text:h>Handlingsplan 2026</text:h>"
            + table(
                row(cell("Mål"), *map(cell, HEADS)),
                row(cell("Trygghet", merged), cell("Kurs"), cell("Alice"), cell("maj 2026")),
                row(
                    "<table:covered-table-cell/>",
                    cell("Brev<text:line-break/>till alla"),
                    cell("Bo"),
                    cell("2026-06-30"),
                ),
            )
            + "</office:text>"
        ),
    )
    assert draft.title == "Handlingsplan 2026"
    understood(
        draft.activities,
        """
        what            | goal     | responsible | deadline
        Kurs            | Trygghet | Alice       | 2026-05-31
        Brev↵till alla | Trygghet | Bo          | 2026-06-30
        """,
    )


def test_a_workbook_has_real_days_repeated_cells_and_hidden_sheets() -> None:
    day = 'office:value-type="date" office:date-value="2026-05-31"'
    hidden = (
        '<style:style style:name="ta2"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    far = '<table:table-cell table:number-columns-repeated="16000"/>'
    draft = plan_in(
        "plan 2026.ods",
        open_file(
            "<office:spreadsheet>"
            + table(HEADING_ROW, row(cell("Kurs"), cell("Alice"), cell("31 maj", day), far))
            + table(HEADING_ROW, row(cell("Gammal"), cell("Bo"), cell("2025")),
                    name="Gömd", more='table:style-name="ta2"')
            + "</office:spreadsheet>",
            hidden,
        ),
    )  # fmt: skip
    (one,) = draft.activities
    assert (one.what, one.deadline.last) == ("Kurs", date(2026, 5, 31))
    assert [skipped.where for skipped in draft.skipped] == ["blad Gömd, rad 1"]


def _line(words: str) -> str:
    return f"<a:p><a:r><a:t>{words}</a:t></a:r></a:p>"


def slide(*shapes: str, more: str = "") -> str:
    told = "".join(shapes)
    return f"<p:sld {_DRAWN} {more}><p:cSld><p:spTree>{told}</p:spTree></p:cSld></p:sld>"


def title(words: str) -> str:
    return (
        '<p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody>{_line(words)}</p:txBody></p:sp>"
    )


def bullets(*words: str) -> str:
    return f"<p:sp><p:txBody>{''.join(map(_line, words))}</p:txBody></p:sp>"


def grid(*rows: list[str]) -> str:
    told = "".join(
        "<a:tr>"
        + "".join(f"<a:tc><a:txBody>{_line(w)}</a:txBody></a:tc>" for w in each)
        + "</a:tr>"
        for each in rows
    )
    return f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{told}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"  # noqa: E501


def presentation(*slides: str) -> bytes:
    listed = "".join(f'<p:sldId r:id="r{at}"/>' for at in range(len(slides)))
    links = "".join(
        f'<Relationship Id="r{at}" Target="slides/slide{at}.xml"/>' for at in range(len(slides))
    )
    return packed(
        **{
            "[Content_Types]_dot_xml": "<Types/>",
            "ppt__presentation_dot_xml": f"<p:presentation {_DRAWN}><p:sldIdLst>{listed}"
            "</p:sldIdLst></p:presentation>",
            "ppt___rels__presentation_dot_xml_dot_rels": f"<Relationships>{links}</Relationships>",
        },
        **{f"ppt__slides__slide{at}_dot_xml": words for at, words in enumerate(slides)},
    )


def test_the_tables_and_bullets_of_slides_are_read_and_hidden_ones_told() -> None:
    draft = plan_in(
        "plan.pptx",
        presentation(
            slide(title("Handlingsplan 2026")),
            slide(title("Fokusområde: Trygghet"), grid(HEADS, ["Kurs", "Alice", "maj 2026"])),
            slide(grid(HEADS, ["Gammal", "Bo", "maj 2024"]), more='show="0"'),
        ),
    )
    assert draft.title == "Handlingsplan 2026"
    understood(
        draft.activities,
        "what | goal | responsible | deadline\nKurs | Trygghet | Alice | 2026-05-31",
    )
    assert any("dolda bilder" in doubt for doubt in draft.doubts)


def test_a_list_of_activities_on_a_slide_is_read() -> None:
    told = ["Kurs. Ansvarig: Alice. Klart: maj 2026", "Brev. Ansvarig: Bo. Klart: juni 2026"]
    draft = plan_in(
        "plan.pptx",
        presentation(slide(title("Plan 2026")), slide(title("Aktiviteter"), bullets(*told))),
    )
    understood(draft.activities, "what | responsible\nKurs | Alice\nBrev | Bo")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("plan.rtf", ".docx"),
        ("plan.ppt", ".pptx"),
        ("plan.pages", ".docx"),
        ("plan.numbers", ".xlsx"),
        ("plan.odp", ".pptx"),
        ("plan.jpg", "bild"),
    ],
)
def test_other_kinds_of_files_are_told_how_to_be_saved(name: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        kind_of(name)
    assert told in refused.value.swedish


def test_an_open_file_that_is_another_thing_is_damaged() -> None:
    with pytest.raises(Refusal, match="damaged"):
        plan_in("plan.odt", packed(mimetype="x"))
    with pytest.raises(Refusal, match="damaged"):
        plan_in("plan.ods", packed(content_dot_xml="<a"))
