"""What programs leave in files beside the words: form fields, escapes, days from 1904, turns."""

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
import typst
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from intake.documents import Refusal
from intake.drafts import PlanDraft
from intake.plans import plan_in, read_plan
from intake.readers.pdf_words import words_of
from tests.plans_by_hand import only, sheet, understood

HEADS = ["Aktivitet", "Ansvarig", "Klart senast", "Status"]
_FIELD = (
    '<w:r {}><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
    '<w:listEntry w:val="Ej påbörjad"/><w:listEntry w:val="Pågår"/></w:ddList></w:ffData>'
    "</w:fldChar></w:r>"
)
_MARK = '<w:r {}><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'


def word_table(rows: list[list[str]]) -> tuple[docx.document.Document, docx.table.Table]:
    document = docx.Document()
    document.add_heading("Handlingsplan 2026", 1)
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(rows, table.rows, strict=True):
        for words, cell in zip(row, cells.cells, strict=True):
            cell.text = words
    return document, table


def read_word(document: docx.document.Document) -> PlanDraft:
    held = io.BytesIO()
    document.save(held)
    return plan_in("plan.docx", held.getvalue())


def put(table: docx.table.Table, row: int, column: int, run: str) -> None:
    table.rows[row].cells[column].paragraphs[0]._p.append(parse_xml(run.format(nsdecls("w"))))


# --- Word ---------------------------------------------------------------------------------------


def test_the_chosen_entry_of_an_old_form_field_is_the_status() -> None:
    document, table = word_table([HEADS, ["Kurs", "Alice", "2026-05-31", ""]])
    put(table, 1, 3, _FIELD)
    assert only(read_word(document)).state == "pågående"


def test_a_mark_that_was_inserted_as_a_symbol_is_a_mark() -> None:
    document, table = word_table(
        [["Aktivitet", "Ansvarig", "jan", "feb", "mars"], ["Kurs", "Alice", "", "", ""]]
    )
    put(table, 1, 3, _MARK)
    assert only(read_word(document)).deadline.last == date(2026, 2, 28)


def test_a_file_in_the_strict_format_is_read_as_any_other(tmp_path: Path) -> None:
    document, _ = word_table([HEADS, ["Kurs", "Alice", "2026-05-31", "Pågår"]])
    document.save(str(tmp_path / "a.docx"))
    strict = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.docx") as plain, zipfile.ZipFile(strict, "w") as told:
        for part in plain.namelist():
            words = plain.read(part)
            for name in (b"officeDocument", b"wordprocessingml"):
                ours = b"http://schemas.openxmlformats.org/" + name + b"/2006/"
                words = words.replace(ours, b"http://purl.oclc.org/ooxml/" + name + b"/")
            told.writestr(part, words)
    draft = plan_in("plan.docx", strict.getvalue())
    understood(draft.activities, "what | responsible | deadline\nKurs | Alice | 2026-05-31")


# --- Excel --------------------------------------------------------------------------------------


def test_a_bare_number_in_a_book_that_counts_from_1904_is_the_day_that_it_shows(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    page = book.active
    assert page is not None
    page.append(HEADS[:3])
    page.append(["Kurs", "Alice", 44_529])
    book.save(tmp_path / "plan 2025.xlsx")
    draft = read_plan(tmp_path / "plan 2025.xlsx")
    assert only(draft).deadline.last == date(2025, 11, 30)


def test_signs_that_a_workbook_writes_in_numbers_are_signs(tmp_path: Path) -> None:
    rows = [HEADS[:3], ["Kurs_x000D_", "NOSAM Alm_x000D_\nNOSAM Ek", "2026-05-31"]]
    draft = read_plan(sheet(tmp_path / "plan.xlsx", rows))
    understood(draft.activities, "what | responsible\nKurs | NOSAM Alm + NOSAM Ek")


def test_rows_that_a_filter_hides_are_read_and_told(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "plan 2026.xlsx",
        [HEADS[:3], ["Kurs", "Alice", "2026-05-31"], ["Brev", "Bo", "2026-06-30"]],
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(path)
    draft = read_plan(path)
    assert [each.what for each in draft.activities] == ["Kurs", "Brev"]
    assert any("dolda rader" in doubt and "rad 3" in doubt for doubt in draft.doubts)


# --- PDF ----------------------------------------------------------------------------------------

_PAGE = """#set page(width: 20cm, height: 12cm)
#set text(font: "New Computer Modern", size: 10pt, ligatures: false)
#table(columns: (7cm, 4cm, 4cm), [Aktivitet], [Ansvarig], [Klart senast],
[Ta fram oﬃciell rutin], [Alice], [2026-05-31], [Skriv brev], [Bo], [2026-06-30])"""


def typeset(source: str) -> bytes:
    compiled: bytes = typst.compile(source.encode(), format="pdf")
    return compiled


@pytest.mark.parametrize("turned", [90, 270])
def test_a_page_that_lies_on_its_side_is_read(turned: int) -> None:
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(typeset(_PAGE))) as file:
        file.pages[0].Rotate = turned
        file.save(held)
    draft = plan_in("plan 2026.pdf", held.getvalue())
    assert [each.responsible for each in draft.activities] == [("Alice",), ("Bo",)]


def test_letters_that_are_drawn_as_one_are_letters() -> None:
    draft = plan_in("plan 2026.pdf", typeset(_PAGE))
    assert draft.activities[0].what == "Ta fram officiell rutin"


def test_bold_that_is_made_by_drawing_twice_is_read_once() -> None:
    twice = "#let b(t) = box[#place(dx: 0.35pt, t)#t]\n#set page(width: 20cm, height: 12cm)\n"
    cells = ["Aktivitet", "Ansvarig", "Klart senast", "Ta fram en gemensam rutin", "Alice"]
    told = ", ".join(f"b[{words}]" for words in [*cells, "2026-05-31"])
    draft = plan_in("plan 2026.pdf", typeset(f"{twice}#table(columns: (7cm, 4cm, 4cm), {told})"))
    understood(draft.activities, "what | deadline\nTa fram en gemensam rutin | 2026-05-31")


def test_a_sign_without_a_letter_is_told_and_not_kept_as_a_number() -> None:
    place = {"x0": 10.0, "x1": 15.0, "top": 10.0, "bottom": 20.0, "size": 10.0}
    sign = place | {"text": "(cid:12)", "upright": True, "fontname": "F"}
    (word,) = words_of([sign])
    assert word.text == "\ufffd"


def test_a_file_whose_face_tells_no_letters_is_refused_with_what_to_do() -> None:
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(typeset(_PAGE))) as file:
        for thing in file.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing:
                del thing["/ToUnicode"]
        file.save(held)
    with pytest.raises(Refusal) as refused:
        plan_in("plan 2026.pdf", held.getvalue())
    assert "bokstäver" in refused.value.swedish
    assert "Word" in refused.value.swedish


# --- what is said of a file without a plan --------------------------------------------------------


def refusal(words: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        plan_in("plan.csv", words.encode())
    return refused.value


def test_headings_with_nothing_under_them_are_told_so() -> None:
    said = refusal("Aktivitet;Ansvarig;Klart senast\n")
    assert "nothing under them" in str(said)
    assert "Aktivitet, Ansvarig, Klart senast" in said.swedish


def test_a_refusal_names_the_headings_that_it_saw_and_the_nearest_that_it_knows() -> None:
    said = refusal("Kolumn A;Ansvrig;Kolumn C\n1;2;3\n4;5;6\n")
    for words in (str(said), said.swedish):
        assert "Kolumn A, Ansvrig, Kolumn C" in words
        assert "ansvarig" in words
    assert "--columns" in str(said)
