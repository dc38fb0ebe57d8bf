"""What people paste into an answer: emoji, other scripts, control signs, words without an end.

Each kind of file is made and says it; on paper what no typeface has is □, and the report says so.
"""

import json
import random
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pdfplumber
import pikepdf
import pytest
from openpyxl import load_workbook

from models.plan_shape import Role
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
)
from reports.editions import canonical, fingerprint
from reports.plan_files import WRITERS
from reports.plan_table import Column, PlanTable, Row
from reports.writers import fonts
from reports.writers.excel import write_excel
from reports.writers.html import write_html
from reports.writers.pdf import as_png, write_pdf
from reports.writers.word import write_word
from rules.unseen import clean
from tests.sizes import size
from tests.word_files import read_prose

FACES = Path(fonts.__file__).parents[2] / "templates" / "report" / "fonts"
LARGEST = 8_000_000  # bytes that all the faces together may take of everybody's disk
TOLD = "som inte går att visa på papper"
DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 60"'
    " font-family=\"'Source Sans Pro', sans-serif\"><text x='5' y='40'>{}</text></svg>"
)
THOUSANDS = size("SIGNS", 4_000, 10_000)
KINDS = {
    "emoji": "Bra jobbat 👍🏽 👩‍⚕️ 🇸🇪 ❤️ 1️⃣",
    "Chinese": "我们完成了这项工作",
    "Arabic": "تم الانتهاء من العمل",
    "Tigrinya": "ሰላም ጤና ይስጥልኝ",
    "marks": "z̶a̶l̶g̶o̶ a\u05b0 \u0301 ე́",
    "no face": "\U00013000 \ue000 Ꭰ",
    "control signs": "a\x00b\x07c\x1bd\x7fe\x85f\ufeffg\u202eh\u2066i\ufffej\U0001ffffk\u2028l",
    "half a character": "a\ud83db",
    "thousands of characters": "x" * THOUSANDS,
    "thousands of figures": "9" * THOUSANDS,
    "thousands of emoji": "👍" * THOUSANDS,
    "thousands in words": "ord " * (THOUSANDS // 4),
    "markup": "<b>&amp;</b> ]]> {{ x }} #let $ \\ `",
}


def everywhere(words: str) -> Report:
    """A report with these words in every place that words of people may come to."""
    table = Table(words, ("Vad", words), ((words, "1"), ("b", words)), frozenset({1}), words)
    blocks: tuple[Block, ...] = (
        Heading(1, words),
        Paragraph(words),
        Paragraph(words, Tone.WARNING),
        Quote(words, words),
        Bullets((words, "två")),
        table,
        Picture("bild", draw_words(words), words, words, table),
        Prose("tack", words, words),
        Prose("tom", "", words),
    )
    return Report(
        title=words,
        subtitle=words,
        organisation=words,
        reference=words,
        dated=words,
        summary=words,
        blocks=blocks,
        contents=True,
        draft=True,
        keywords=(words,),
        beside=(table,),
    )


def draw_words(words: str) -> str:
    """A drawing with these words in it, as ours are made (`reports/drawings/svg.py`)."""
    shown = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return clean(DRAWN.format(shown))


def told(words: str, **more: object) -> Report:
    """A small report with these words as somebody's answer."""
    whole = replace(everywhere("ord"), blocks=(Heading(1, "Svar"), Quote(words, "Alice")))
    return replace(whole, contents=False, **more)  # type: ignore[arg-type]


def said(pdf: bytes) -> str:
    """The words of a PDF, as a screen reader or a search finds them."""
    with pdfplumber.open(BytesIO(pdf)) as read:
        return "\n".join(page.extract_text() for page in read.pages)


def kept(pdf: bytes) -> None:
    """It still says that it can be read aloud and archived."""
    with pikepdf.open(BytesIO(pdf)) as read, read.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
        assert read.Root.Lang == "sv-SE"


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_somebody_wrote_the_pdf_is_made_and_keeps_its_standards(kind: str) -> None:
    made = write_pdf(everywhere(KINDS[kind]))
    kept(made)
    assert made == write_pdf(everywhere(KINDS[kind]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_word_file_opens_and_gives_the_words_back(kind: str) -> None:
    words = KINDS[kind]
    made = write_word(everywhere(words))
    with ZipFile(BytesIO(made)) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
    assert read_prose(made)["tack"] == clean(words).strip()
    assert any(clean(words).strip()[:50] in p.text for p in docx.Document(BytesIO(made)).paragraphs)


@pytest.mark.parametrize("kind", KINDS)
def test_the_excel_file_opens_and_says_the_words(kind: str) -> None:
    book = load_workbook(BytesIO(write_excel(everywhere(KINDS[kind]))))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert clean(KINDS[kind]).strip() in {each.strip() for each in cells}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_whole_and_is_written_in_utf_8(kind: str) -> None:
    page = write_html(everywhere(KINDS[kind])).encode().decode()
    assert page.rstrip().endswith("</html>")
    assert not any(sign in page for sign in "\x00\x07\x1b\x85\ufeff\u202e\u2066\ufffe")


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_to_work_in_is_drawn_with_any_words(kind: str) -> None:
    words = KINDS[kind]
    column = Column(words, Role.WHAT)
    row = Row((words,))
    fact = (words, words)
    table = PlanTable(words, (fact,), words, (words,), (column,), (row,), (words,), words)
    for write in WRITERS.values():
        assert write(table).startswith(b"PK")


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_for_a_letter_is_made_with_any_words(kind: str) -> None:
    assert as_png(draw_words(KINDS[kind])).startswith(b"\x89PNG")


def test_facts_with_half_a_character_have_a_fingerprint_and_a_file() -> None:
    facts = {"text": KINDS["half a character"]}
    assert len(fingerprint(canonical(facts))) == 64
    assert json.loads(canonical(facts).encode()) == {"text": "a\ufffdb"}


@pytest.mark.parametrize("words", ["👍", "我们完成了这项工作", "Привет", "ሰላም", "שלום"])
def test_words_in_another_script_can_be_read_and_searched_for_in_the_pdf(words: str) -> None:
    made = said(write_pdf(told(words)))
    assert words in made or words[::-1] in made
    assert TOLD not in made


def test_what_no_typeface_has_is_a_square_and_the_report_says_how_many() -> None:
    made = said(write_pdf(told("Runor: Ꭰ\U00013000 klart")))
    assert made.count("□") == 2 + 1
    assert f"två tecken {TOLD}" in made


def test_a_mark_on_a_letter_of_another_script_goes_and_the_letter_stays() -> None:
    made = said(write_pdf(told("Mötet a\u05b0r klart")))
    assert "Mötet ar klart" in made
    assert f"ett tecken {TOLD}" in made


def test_what_typst_cannot_set_for_any_reason_is_set_in_plain_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Our own table of signs is wrong: it holds a sign that no face has."""
    all_of_them = (*fonts.signs_of_each(), frozenset({0x13000}))
    monkeypatch.setattr("reports.writers.signs.signs_of_each", lambda: all_of_them)
    from reports.writers import signs

    for made_once in (signs._unknown, signs._clusters):
        made_once.cache_clear()
    try:
        made = said(write_pdf(told("Klart \U00013000 åäö 👍")))
    finally:
        monkeypatch.undo()
        for made_once in (signs._unknown, signs._clusters):
            made_once.cache_clear()
    assert made.count("□") == 2 + 1
    assert "Klart" in made
    assert "åäö" in made


def test_every_sign_of_every_face_can_be_set_and_so_can_any_row_of_them() -> None:
    private = {*range(0xE000, 0xF900), *range(0xF0000, 0x110000)}
    faces = frozenset().union(*fonts.signs_of_each()) - private
    known = [sign for sign in map(chr, sorted(faces)) if clean(sign) == sign]
    assert len(known) > 25_000
    kept(write_pdf(told(" ".join(known[::3]))))
    chance = random.Random(13)
    for _ in range(20):
        kept(write_pdf(told("".join(chance.choices(known, k=300)))))


def test_a_long_word_stays_within_the_page() -> None:
    with pdfplumber.open(BytesIO(write_pdf(told("9" * 500)))) as read:
        page = read.pages[0]
        assert max(letter["x1"] for letter in page.chars) < page.width - 60


def test_an_arabic_answer_is_read_from_the_right() -> None:
    """The full stop stands at the left end of the line."""
    with pdfplumber.open(BytesIO(write_pdf(told("تم الانتهاء من العمل.")))) as read:
        line = [letter for letter in read.pages[0].chars if letter["text"] not in " \n"]
    stop = next(letter for letter in line if letter["text"] == ".")
    arabic = [letter for letter in line if "\u0600" <= letter["text"][:1] <= "\u06ff"]
    assert all(stop["x0"] < letter["x0"] for letter in arabic)


def test_the_typefaces_are_free_named_and_no_larger_than_they_need() -> None:
    files = [*FACES.glob("*.ttf"), *FACES.glob("*.otf")]
    assert sum(file.stat().st_size for file in files) < LARGEST
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FACES / "OFL.txt").read_text()
    assert len(files) == len(fonts.FACES) - 1
    for name in fonts.FACES[1:]:
        file = name.replace(" ", "").replace("CJKSC", "CJKsc") + "-Regular"
        assert any(each.stem == file for each in files), name
