"""A personnummer in a file is blanked where it is read and told of; one on file goes no further.

Frida reads in plans and lists that hold some; Alice answers by her link; letters and reports are
made of words that stood on file before such were refused.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from fastapi.testclient import TestClient
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from intake.documents import Paragraph, Table, read_content
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, WrittenProse
from models.person import Person
from models.status import Says
from reports.approval import approve, report, review
from reports.files import as_file
from tests.cast import Town
from tests.command import foljsam
from tests.conftest import browse
from tests.test_approval import JANUARY, on_file, write, year
from tests.test_cli import refused, rows
from tests.test_numbers_refused import everything_on_file
from tests.test_plan_import_page import kept, left_behind, save, upload, word
from web.app import create_app

NUMBER = "19121212-1212"
OTHER_SIGNS = "１９１２１２１２\u20111212"
ROW = ["Trygg vård", "Utbildning", f"Kurs om {NUMBER}", "Alice", "", "2024-10-01", "Närvaro", ""]


@pytest.fixture
def frida(small_town: Town) -> Iterator[TestClient]:
    told = small_town.settings.model_copy(update={"today": JANUARY})
    with browse(create_app(told)) as client:
        yield client


def on_disk(home: Path) -> list[str]:
    """The files in which the number can be read, once they are unpacked or as they are."""
    return [p.name for p in home.rglob("*") if p.is_file() and b"1212-1212" in p.read_bytes()]


def test_a_plan_is_read_without_its_numbers_and_says_where_they_stood(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(ROW), name=f"Plan {NUMBER}.docx")
    assert "Kurs om (personnummer)" in page.text
    assert "Ett personnummer stod i filen och är borttaget: tabell 1, rad 2, kolumn 3." in page.text
    assert NUMBER not in page.text
    assert len(left_behind(small_town)) == 1  # as it came, until it is saved
    saved = save(frida, page, name="Plan (personnummer).docx")
    assert saved.status_code == 200
    assert left_behind(small_town) == []
    assert NUMBER not in repr(everything_on_file(small_town.settings))
    assert on_disk(small_town.settings.home) == []


def test_a_file_that_is_not_wanted_is_gone_at_once(small_town: Town, frida: TestClient) -> None:
    page = upload(frida, word(ROW))
    frida.post("/planer/las-in", data={**kept(page), "avbryt": "ja"})
    assert left_behind(small_town) == []


def test_what_is_written_in_a_preview_is_refused_and_comes_back(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(ROW))
    before = everything_on_file(small_town.settings)
    again = save(frida, page, what_0=f"Kurs för {NUMBER}", how_0="Ett skäl som är kvar")
    assert again.status_code == 422
    assert "ser ut att innehålla ett personnummer" in again.text
    assert "Ett skäl som är kvar" in again.text
    assert everything_on_file(small_town.settings) == before


def workbook(*lines: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for line in lines:
        sheet.append(line)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_every_cell_heading_and_paragraph_of_a_file_is_looked_through() -> None:
    book = workbook(["Aktivitet", OTHER_SIGNS], ["Möte", 191212121212], ["Kurs", "121212\n1212"])
    (table,) = read_content("a.xlsx", book).tables
    words = [cell.text for row in table.rows for cell in row]
    assert words == ["Aktivitet", "(personnummer)", "Möte", "(personnummer)", "Kurs", words[-1]]
    assert words[-1] == "(personnummer)"
    assert table.rows[1][1].value is None
    text = docx.Document()
    text.add_paragraph(f"Om {NUMBER}, två gånger: {OTHER_SIGNS}.")
    text.add_table(1, 1).cell(0, 0).text = "Aktivitet"
    made = BytesIO()
    text.save(made)
    read = read_content("a.docx", made.getvalue())
    first = next(block for block in read.blocks if isinstance(block, Paragraph))
    assert first.text == "Om (personnummer), två gånger: (personnummer)."
    assert any(isinstance(block, Table) for block in read.blocks)
    assert "2 personnummer stod i filen och är borttagna: stycke 1." in read.notes[-1]


def test_a_list_of_people_is_read_without_them_and_the_row_is_told(
    small_town: Town, frida: TestClient
) -> None:
    lines = f"Namn;E-post;Grupp;Roll\nDoris {NUMBER};doris@example.org;NOSAM Alm;ledamot\n"
    page = frida.post("/personer/las-in", files={"file": ("lista.csv", lines.encode())})
    assert "Rad 2: Ett personnummer stod på raden. Det sparas inte." in page.text
    assert "Doris" in page.text
    assert NUMBER not in page.text
    found = re.search('name="fingerprint" value="([0-9a-f]+)"', page.text)
    assert found
    given = {"fingerprint": found[1], "name": "lista.csv"}
    frida.post("/personer/las-in", data={**given, "spara": "ja"})
    with reading(small_town.settings) as session:
        asked = select(c(Person).name).where(c(Person).email == "doris@example.org")
        assert session.execute(asked).scalar_one() == "Doris"
    assert left_behind(small_town) == []
    page = frida.post("/personer/las-in", files={"file": ("lista.csv", lines.encode())})
    again = re.search('name="fingerprint" value="([0-9a-f]+)"', page.text)
    assert again
    given |= {"fingerprint": again[1]}
    frida.post("/personer/las-in", data={**given, "avbryt": "ja"})
    assert left_behind(small_town) == []


def test_a_list_of_groups_is_read_without_them(small_town: Town, frida: TestClient) -> None:
    lines = f"Grupp;Typ;Överordnad grupp\nNOSAM Ek {NUMBER};NOSAM;\n"
    page = frida.post("/personer/las-in", files={"file": ("grupper.csv", lines.encode())})
    assert "Ny grupp: NOSAM Ek." in page.text
    assert "Rad 2: Ett personnummer stod på raden." in page.text
    assert NUMBER not in page.text


def test_an_answer_is_refused_beside_its_activity_and_keeps_the_others(small_town: Town) -> None:
    first = small_town.decided("Trygg hemgång", by="2025-02-28")
    second = small_town.decided("Samverkan", by="2025-02-28")
    small_town.morning("2025-01-29")
    path = "/svar/" + small_town.letters()[0].text.split("/svar/")[1].split()[0]
    alice = browse(create_app(small_town.settings.model_copy(update={"today": JANUARY})))
    given = {
        f"says_{first}": Says.ON_TRACK.value,
        f"text_{first}": f"Vi väntar på {NUMBER}.",
        f"says_{second}": Says.LATE.value,
        f"text_{second}": "Lokalen dröjer till mars.",
        f"date_{second}": "2025-04-30",
    }
    before = everything_on_file(small_town.settings)
    refused_page = alice.post(path, data=given)
    assert refused_page.status_code == 422
    about = refused_page.text.partition("<legend>Trygg hemgång")[2].partition("</fieldset>")[0]
    assert "”Vi väntar på (personnummer).” ser ut att innehålla ett personnummer." in about
    for kept_words in ("Lokalen dröjer till mars.", "2025-04-30", f"Vi väntar på {NUMBER}."):
        assert kept_words in refused_page.text
    assert everything_on_file(small_town.settings) == before
    done = alice.post(path, data=given | {f"text_{first}": "Vi väntar på besked."})
    assert "Tack för ditt svar" in done.text


def test_words_in_a_reports_word_file_come_back_to_be_mended(
    small_town: Town, frida: TestClient
) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    document = docx.Document(BytesIO(frida.get("/rapporter/1/fil.docx").content))
    content = next(document.element.body.iter(docx.oxml.ns.qn("w:sdtContent")))
    next(content.iter(docx.oxml.ns.qn("w:t"))).text = f"Skrivet om {NUMBER}."
    holder = content.getparent().find(docx.oxml.ns.qn("w:sdtPr"))
    hint = holder.find(docx.oxml.ns.qn("w:showingPlcHdr"))
    if hint is not None:
        holder.remove(hint)
    made = BytesIO()
    document.save(made)
    page = frida.post("/rapporter/1/word", files={"file": ("utkast.docx", made.getvalue())})
    assert page.status_code == 422
    assert "ser ut att innehålla ett personnummer" in page.text
    assert f"Skrivet om {NUMBER}." in page.text
    assert NUMBER not in repr(everything_on_file(small_town.settings))


def test_what_stood_on_file_before_goes_out_in_no_letter(small_town: Town) -> None:
    activity = small_town.decided("Trygg hemgång", by="2025-02-28")
    small_town.change(activity, what=f"Stöd till {NUMBER}", how="x" * 150 + f" {OTHER_SIGNS}")
    small_town.morning("2025-01-29")
    (letter,) = small_town.letters()
    assert "Stöd till (personnummer)" in letter.text
    assert "Stöd till (personnummer)" in letter.html
    for words in (letter.subject, letter.text, letter.html):
        assert NUMBER not in words
        assert "１９１２" not in words
    link = re.search(r"/svar/\S+", letter.text)
    assert link
    page = browse(create_app(small_town.settings)).get(link[0])
    assert page.status_code == 200


def test_what_stood_on_file_before_is_in_no_new_edition_nor_its_files(small_town: Town) -> None:
    activity = small_town.decided("Trygg hemgång", by="2024-11-30")
    small_town.change(activity, what=f"Stöd till {NUMBER}")
    number = year(small_town)
    write(small_town, number, inledning="Ett bra år.")
    with transaction(small_town.settings) as session:
        row = session.execute(select(WrittenProse)).scalar_one().model_dump(exclude={"id"})
        session.add(WrittenProse(**row | {"text": f"Ett år med {NUMBER}."}))
    with transaction(small_town.settings) as session:
        review(session, number, "Frida")
        approve(session, number, "Frida", f"Trots {NUMBER}")
    edition = on_file(small_town, number)
    with reading(small_town.settings) as session:
        told = report(session, edition)
        facts = session.execute(select(c(Edition).facts, c(Edition).prose)).one()
    assert "Stöd till (personnummer)" in facts.facts
    assert "Ett år med (personnummer)." in facts.prose.values()
    for file_format in ("html", "json"):
        assert NUMBER.encode() not in as_file(file_format, edition.frozen, told, None)


def test_a_command_with_one_is_refused_with_a_sentence(tmp_path: Path) -> None:
    said = refused(foljsam(tmp_path, "move", "1", "avbryta", "--reason", f"För {NUMBER}"))
    assert "There seems to be a personnummer in 'För (personnummer)'" in said
    assert NUMBER not in said
    assert rows(tmp_path, "move") == 0


def test_looking_takes_no_time_to_speak_of(tmp_path: Path) -> None:
    """A text that is made to be slow is looked through in a second."""
    code = "from intake.personnummer import holds; holds('121212 ' * 60000 + 'tel ' * 60000)"
    done = subprocess.run([sys.executable, "-c", code], timeout=30, check=False)
    assert done.returncode == 0
