"""One report, four kinds of file: each says the same, and each can be read without seeing it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pdfplumber
import pikepdf
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook

from reports.blocks import (
    Bullets,
    Heading,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Report,
    Table,
    Tone,
)
from reports.writers.excel import write_excel
from reports.writers.html import write_html
from reports.writers.pdf import as_png, write_pdf
from reports.writers.word import TemplateError, default_template, write_word
from tests.word_files import read_prose

BARS = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60">'
    '<rect x="5" y="5" width="80" height="50" fill="#0b5c74"/></svg>'
)
STATES = Table(
    "Lägen vid årets slut",
    ("Läge", "Antal", "Andel"),
    (("Pågående", "1 204", "46 %"), ("=HYPERLINK(1)", "<5", "")),
    frozenset({1, 2}),
    "Räknat den 31 december.",
)
REPORT = Report(
    title="Årsrapport 2024",
    subtitle="NOSAM Alm",
    organisation="Vårdsamverkan Prov",
    reference="Utgåva 1",
    dated="13 mars 2025",
    summary="Vad som blev av planen.",
    contents=True,
    blocks=(
        Heading(1, "Året"),
        Paragraph("Alice & Bob <höll> ihop.", Tone.LEAD),
        Paragraph("Summan stämmer inte.", Tone.WARNING),
        STATES,
        Picture("lagen", BARS, "En stapel: de flesta pågår.", "Lägen", STATES),
        Quote("Vi hann inte.", "Charlie, 3 maj"),
        Bullets(("Ett", "Två")),
        Heading(1, "Året"),
        Prose("ekonomi", "", "Skriv om pengarna."),
        Prose("tack", "Tack alla.\n\nVi ses.", "Skriv ett tack."),
    ),
)


def test_the_pdf_is_tagged_in_swedish_and_the_same_every_time() -> None:
    made = write_pdf(REPORT)
    assert made == write_pdf(REPORT)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert pdf.Root.Lang == "sv-SE"
        assert pdf.Root.MarkInfo.Marked
        about = pdf.open_metadata()
        assert about["pdfuaid:part"] == "1"
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
        tags = _tags(pdf.Root.StructTreeRoot)
        assert {"/Table", "/TH", "/TD", "/Figure", "/H1", "/L", "/Caption"} <= set(tags)
        alts = [str(node["/Alt"]) for node in _nodes(pdf.Root.StructTreeRoot) if "/Alt" in node]
        assert "En stapel: de flesta pågår." in alts


def test_a_chapter_that_fills_a_page_starts_one_in_every_kind_of_file() -> None:
    told = (*REPORT.blocks, Heading(1, "Temagrupp Barn"), Paragraph("Åtta aktiviteter."))
    follows_on = replace(REPORT, blocks=told)
    own = replace(
        REPORT, blocks=(*told[:-2], Heading(1, "Temagrupp Barn", own_page=True), told[-1])
    )
    assert _pages(write_pdf(own)) == _pages(write_pdf(follows_on)) + 1
    assert 'class="own-page" id="temagrupp-barn"' in write_html(own)
    word = docx.Document(BytesIO(write_word(own)))
    starts = [p.text for p in word.paragraphs if p.paragraph_format.page_break_before]
    assert starts == ["Temagrupp Barn"]


def test_a_word_that_is_wider_than_its_column_is_hyphenated_in_a_table() -> None:
    long = "samverkansorganisationsutvecklingsplanering"
    columns = ("Ett", "Två", "Tre", "Fyra", "Fem", "Sex")
    rows = (("kort", long, "ord " * 30, long, "ord " * 30, "kort"),)
    told = _words(write_pdf(replace(REPORT, blocks=(Table("Brett", columns, rows),))))
    assert told.count("\xad") == 4  # soft hyphens, which a screen reader skips


def test_the_page_escapes_words_and_tells_the_picture_in_words_and_as_a_table() -> None:
    page = write_html(REPORT)
    assert "Alice &amp; Bob &lt;höll&gt; ihop." in page
    assert 'aria-label="En stapel: de flesta pågår."' in page
    assert page.count("<caption>") == 2
    assert 'href="#året"' in page
    assert 'id="året-2"' in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_word_file_has_real_styles_alt_texts_and_places_to_write() -> None:
    made = docx.Document(BytesIO(write_word(REPORT)))
    assert [p.text for p in made.paragraphs if p.style.name == "Heading 1"] == ["Året", "Året"]
    assert [d.get("descr") for d in made.element.iter(qn("wp:docPr"))] == [
        "En stapel: de flesta pågår."
    ]
    assert made.tables[0].cell(1, 0).text == "Pågående"
    assert made.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert made.core_properties.title == "Årsrapport 2024"


def test_what_frida_writes_in_the_word_file_is_found_again() -> None:
    made = write_word(REPORT)
    assert read_prose(made) == {"ekonomi": "", "tack": "Tack alla.\n\nVi ses."}
    edited = docx.Document(BytesIO(made))
    for control in edited.element.body.iter(qn("w:sdt")):
        if control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == "foljsam:ekonomi":
            about = control.find(qn("w:sdtPr"))
            about.remove(about.find(qn("w:showingPlcHdr")))
            next(control.iter(qn("w:t"))).text = "Pengarna räckte."
    again = BytesIO()
    edited.save(again)
    assert read_prose(again.getvalue())["ekonomi"] == "Pengarna räckte."


def test_a_collaboration_may_have_its_own_word_template(tmp_path: Path) -> None:
    own = docx.Document(BytesIO(default_template()))
    own.paragraphs[0].insert_paragraph_before("Vårt eget brevhuvud")
    own.save(str(tmp_path / "mall.docx"))
    made = docx.Document(BytesIO(write_word(REPORT, tmp_path / "mall.docx")))
    assert made.paragraphs[0].text == "Vårt eget brevhuvud"
    docx.Document().save(str(tmp_path / "mall.docx"))
    with pytest.raises(TemplateError, match="has no paragraph"):
        write_word(REPORT, tmp_path / "mall.docx")
    (tmp_path / "mall.docx").write_bytes(b"no Word file")
    with pytest.raises(TemplateError, match="Word template"):
        write_word(REPORT, tmp_path / "mall.docx")


def test_figures_are_numbers_in_excel_and_words_are_never_formulas() -> None:
    sheet = load_workbook(BytesIO(write_excel(REPORT))).worksheets[1]
    assert [cell.value for cell in sheet[4]] == ["Pågående", 1204, 0.46]
    assert [cell.value for cell in sheet[5]] == ["=HYPERLINK(1)", "<5", None]
    assert sheet["A5"].data_type == "s"
    assert sheet.freeze_panes == "A4"


def test_a_drawing_becomes_a_picture_for_mail_programs() -> None:
    assert as_png(BARS).startswith(b"\x89PNG")


def _pages(made: bytes) -> int:
    with pikepdf.open(BytesIO(made)) as pdf:
        return len(pdf.pages)


def _words(made: bytes) -> str:
    with pdfplumber.open(BytesIO(made)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def _nodes(node: pikepdf.Object) -> list[pikepdf.Object]:
    if isinstance(node, pikepdf.Array):
        return [found for child in node for found in _nodes(child)]
    if not isinstance(node, pikepdf.Dictionary):
        return []
    return [node, *(_nodes(node["/K"]) if "/K" in node else [])]


def _tags(root: pikepdf.Object) -> list[str]:
    return [str(node["/S"]) for node in _nodes(root) if "/S" in node]
