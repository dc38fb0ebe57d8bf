"""What Frida and Alice write to each other about an activity, and the files that go with it."""

import io
import re
import time
import zipfile
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import Workbook
from PIL import Image
from sqlalchemy import insert, select, update

from cli.backup import restore_backup, write_backup
from config import clock
from config.settings import Settings
from intake.attachments import attached
from intake.documents import Refusal
from intake.lives.comments import BY_LINK_IN_A_DAY
from intake.readers.in_package import words_of_part
from models.columns import c
from models.comment import MOST_BYTES, Comment, CommentFile, FileKind
from models.database import reading, transaction
from models.letter import Letter
from models.lifecycle import State
from models.person import RoleHolding
from notifications.letters.commented import MOST
from reports.archive.making import make as archive
from rules.comments import LONGEST, is_https, name_of_file
from tests.cast import Town
from tests.conftest import browse
from tests.test_backup import empty
from tests.test_border import Border, border, of_gustavs
from tests.test_one_tap import link
from web.activities.conversation import SHOWN
from web.app import create_app

__all__ = ["border", "empty"]  # fixtures

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 5, 20)
NUMBER = "19811218-9876"
FORTY_WORDS = " ".join(f"ord{n}" for n in range(1, 41))


@pytest.fixture
def sip(town: Town) -> int:
    """Alice answers for it, and has had a letter about it."""
    number = town.decided("SIP i tid", by="2024-05-31", person=town.alice)
    town.morning("2024-05-17")
    return number


@pytest.fixture
def browser(town: Town) -> TestClient:
    """It is 20 May 2024; without sign-in whoever is at the machine leads."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def writes(browser: TestClient, activity: int, file: Any = None, **said: str) -> Response:  # noqa: ANN401
    """The process leader saves a comment, maybe with a file: (name, bytes)."""
    files = {"file": file} if file else {"file": ("", b"")}
    told: Response = browser.post(f"/aktiviteter/{activity}/kommentar", data=said, files=files)
    return told


def on_file(town: Town) -> list[Any]:
    """All comments: (words, address, by, taken back by)."""
    row = c(Comment)
    with reading(town.settings) as session:
        asked = select(row.words, row.address, row.by, row.taken_back_by).order_by(row.id)
        return [tuple(one) for one in session.execute(asked)]


def files(town: Town) -> list[Any]:
    """All files: (name, kind, size)."""
    row = c(CommentFile)
    with reading(town.settings) as session:
        asked = select(row.name, row.kind, row.size).order_by(row.id)
        return [tuple(one) for one in session.execute(asked)]


def docx(words: str = "Hej", *, in_footer: str = "") -> bytes:
    """A Word file that says so."""
    made, kept = Document(), io.BytesIO()
    made.add_paragraph(words)
    made.sections[0].footer.paragraphs[0].text = in_footer
    made.save(kept)
    return kept.getvalue()


def xlsx(*cells: object) -> bytes:
    """A workbook with those cells in a hidden sheet."""
    book, kept = Workbook(), io.BytesIO()
    hidden = book.create_sheet("Gömt")
    hidden.sheet_state = "hidden"
    hidden.append(list(cells))
    book.save(kept)
    return kept.getvalue()


def picture(kind: str) -> bytes:
    """A small red picture."""
    kept = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(kept, kind)
    return kept.getvalue()


def open_document(kind: str) -> bytes:
    """An .odt or .ods that says nothing of interest."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr("content.xml", "<office:document><text:p>Hej</text:p></office:document>")
    return kept.getvalue()


def slides() -> bytes:
    """What tells a .pptx."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("ppt/presentation.xml", "<p:presentation/>")
        package.writestr("ppt/slides/slide1.xml", "<a:p><a:r><a:t>Hej</a:t></a:r></a:p>")
    return kept.getvalue()


def pdf(words: str = "Hej") -> bytes:
    """A page with some words."""
    drawn = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, words_of in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, words_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + table
    return made + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def test_frida_writes_and_it_stands_in_the_page_and_in_what_happened(
    town: Town, browser: TestClient, sip: int
) -> None:
    page = writes(
        browser, sip, words="Kan vi ses på torsdag? 👍", address="https://exempel.se/a"
    ).text
    assert "Sparat: kommentar." in page
    assert "Kan vi ses på torsdag? 👍" in page
    assert '<a href="https://exempel.se/a" rel="noopener noreferrer nofollow">' in page
    happened = page.partition('id="hant"')[2]
    assert ">Kommentar</a>" in happened
    assert "Kan vi ses" not in happened  # nothing twice
    assert on_file(town) == [
        ("Kan vi ses på torsdag? 👍", "https://exempel.se/a", "processledaren", "")
    ]


def test_it_is_taken_back_in_the_receipt_and_what_stood_in_it_is_gone(
    town: Town, browser: TestClient, sip: int
) -> None:
    page = writes(browser, sip, ("avtal.docx", docx()), words="Fel aktivitet").text
    assert files(town) != []
    number = re.search(r'name="kommentar" value="(\d+)"><button class="second">', page)
    assert number is not None
    after = browser.post(f"/aktiviteter/{sip}/kommentar/angra", data={"kommentar": number[1]})
    assert "Kommentaren togs tillbaka av processledaren 20 maj 2024." in after.text
    assert "Fel aktivitet" not in after.text
    assert (on_file(town), files(town)) == ([("", "", "processledaren", "processledaren")], [])
    again = browser.post(f"/aktiviteter/{sip}/kommentar/angra", data={"kommentar": number[1]})
    assert (again.status_code, "redan tillbakatagen" in again.text) == (422, True)


def test_what_else_is_saved_has_its_own_receipt_and_way_back(
    town: Town, browser: TestClient, sip: int
) -> None:
    page = browser.post(f"/aktiviteter/{sip}/delar", data={"name": "Lerum"}).text
    assert "Sparat: Del: Lerum." in page
    assert f'action="/aktiviteter/{sip}/angra"' in page
    key = re.search(r'name="gjort" value="(\d+)"><button class="second">', page)
    assert key is not None
    undone = browser.post(f"/aktiviteter/{sip}/angra", data={"gjort": key[1]})
    assert (undone.status_code, "Togs tillbaka av" in undone.text) == (200, True)


def test_nothing_and_too_much_are_refused_at_the_field_with_what_was_written(
    town: Town, browser: TestClient, sip: int
) -> None:
    empty = writes(browser, sip)
    assert (empty.status_code, "välj en fil" in empty.text) == (422, True)
    long = writes(browser, sip, words="a" * (LONGEST + 1), address="http://exempel.se")
    assert f"Kommentaren är {LONGEST + 1} tecken." in long.text
    assert "Skriv en hel adress som börjar med https://" in long.text
    assert 'href="#kommentar-address"' in long.text
    assert "a" * (LONGEST + 1) in long.text
    numbered = writes(browser, sip, ("a.docx", docx()), words=f"Det gäller {NUMBER}")
    assert (numbered.status_code, "personnummer" in numbered.text) == (422, True)
    assert on_file(town) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://a",
        "https://u:p@exempel.se",
        "javascript:alert(1)",
        "https://a.se:8/x",
        "https://å .se",
    ],
)
def test_what_is_no_plain_https_address_is_none(address: str) -> None:
    assert not is_https(address)
    assert is_https("https://www.exempel.se/sök?q=1#del")


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("Avtal.pdf", pdf(), "Avtal.pdf", FileKind.PDF),
        ("Avtal.pdf", docx(), "Avtal.docx", FileKind.DOCX),
        ("x.exe", xlsx(1, 2), "x.xlsx", FileKind.XLSX),
        ("bilder", slides(), "bilder.pptx", FileKind.PPTX),
        ("a.odt", open_document("text"), "a.odt", FileKind.ODT),
        ("a.odt", open_document("spreadsheet"), "a.ods", FileKind.ODS),
        ("a.jpeg", picture("JPEG"), "a.jpg", FileKind.JPEG),
        ("../../" + "å" * 300 + ".png", picture("PNG"), "å" * 116 + ".png", FileKind.PNG),
    ],
)
def test_a_file_is_what_is_in_it_whatever_it_is_called(
    name: str, content: bytes, kept: str, kind: FileKind
) -> None:
    found = attached(name, content)
    assert (found.name, found.kind, found.content) == (kept, kind, content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"MZ\x90\x00" + b"x" * 500, "är inte en fil som tas emot"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "gammalt Officeformat"),
        (b"%PDF-1.7 and no more", "är skadad eller ingen riktig PDF"),
        (b"PK\x03\x04 and no more", "är skadad"),
        (picture("PNG")[:40], "ingen riktig bild"),
        (b"<svg onload=alert(1)>", "är inte en fil som tas emot"),
        (b"", "är tom"),
        (docx(f"Hon har {NUMBER}"), "innehåller ett personnummer"),
        (docx(in_footer=f"Dnr {NUMBER}"), "innehåller ett personnummer"),
        (xlsx("namn", "198112189876"), "innehåller ett personnummer"),
        (pdf(f"Hon har {NUMBER}"), "innehåller ett personnummer"),
        (b"%PDF-" + b"x" * MOST_BYTES, "större än 10 MB"),
    ],
)
def test_what_is_no_such_file_or_holds_a_personnummer_is_refused_in_a_sentence(
    content: bytes, says: str
) -> None:
    with pytest.raises(Refusal) as refused:
        attached("Avtal.pdf", content)
    assert says in refused.value.swedish


def test_two_cells_beside_each_other_are_no_number_and_two_runs_of_a_line_are() -> None:
    beside = words_of_part("a", b"<row><c><v>811218</v></c><c><v>9876</v></c></row>")
    assert "811218" in beside
    assert "9876" in beside
    assert NUMBER in words_of_part("a", b"<w:p><w:t>19811218</w:t><w:t>-9876</w:t></w:p>")
    from intake.personnummer import holds

    assert not holds(beside)


def with_part(path: str, content: bytes) -> bytes:
    """A Word file with one more part in it."""
    kept = io.BytesIO(docx())
    with zipfile.ZipFile(kept, "a") as package:
        package.writestr(path, content)
    return kept.getvalue()


HIDDEN = {
    "what a picture is said to show": (
        "word/a.xml",
        f'<wp:docPr id="1" descr="Rut {NUMBER}"/>'.encode(),
    ),
    "the name of a control": (
        "word/a.xml",
        f"<w:sdt><w:tag w:val='Rut {NUMBER}'/></w:sdt>".encode(),
    ),
    "where a link leads": (
        "word/_rels/a.xml.rels",
        f'<Relationship Target="https://x.se/{NUMBER}"/>'.encode(),
    ),
    "a chart's sheet": ("word/embeddings/a.xlsx", xlsx("namn", NUMBER)),
    "a page of the web": ("word/afchunk.htm", f"<html><p>Rut {NUMBER}</p>".encode()),
    "plain text": ("word/afchunk.txt", f"Rut {NUMBER}".encode()),
    "an old drawing": (
        "word/drawings/a.vml",
        f'<v:shape alt="Rut {NUMBER}"/>'.encode(),
    ),
    "a picture in words": ("word/media/a.svg", f"<text>{NUMBER}</text>".encode()),
    "a remark": ("word/a.xml", f"<w:p/><!-- Rut {NUMBER} -->".encode()),
    "letters as they are": ("word/a.xml", f"<w:t><![CDATA[Rut {NUMBER}]]></w:t>".encode()),
    "wide letters without a mark": ("word/a.xml", f"<w:t>{NUMBER}</w:t>".encode("utf-16-le")),
    "the name of a part": (f"word/{NUMBER}.xml", b"<a/>"),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_a_number_is_found_where_no_page_of_the_file_shows_it(where: str) -> None:
    with pytest.raises(Refusal) as refused:
        attached("Avtal.docx", with_part(*HIDDEN[where]))
    assert "innehåller ett personnummer" in refused.value.swedish


def test_measures_and_marks_in_a_file_are_no_numbers() -> None:
    """Eight and four figures that would be one, if anybody had written them."""
    drawn = b'<a:off x="811218" y="9876"/><w:id w:val="8112189876"/><w:p w:rsidR="8112189876"/>'
    assert attached("a.docx", with_part("word/a.xml", drawn)).kind is FileKind.DOCX


def test_what_cannot_be_looked_through_is_refused() -> None:
    for path, content, says in (
        ("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0", "en annan fil inlagd i sig"),
        ("word/a.xml", b'<?xml version="1.0" encoding="cp037"?>\x4c', "skadad"),
    ):
        with pytest.raises(Refusal) as refused:
            attached("Avtal.docx", with_part(path, content))
        assert says in refused.value.swedish


def noted_pdf(**keys: str) -> bytes:
    """A page with a note on it that has those keys."""
    told = " ".join(f"/{key} {value}" for key, value in keys.items())
    annotation = f"/Annots [<< /Type /Annot /Rect [0 0 9 9] {told} >>] /Contents 4 0 R"
    whole = pdf().replace(b"/Contents 4 0 R", annotation.encode())
    start = whole.index(b"xref\n0 6")
    return whole[:start] + b"trailer\n<< /Size 6 /Root 1 0 R >>\n"


def test_a_note_and_a_field_in_a_pdf_are_looked_through_and_files_in_it_refused() -> None:
    assert attached("a.pdf", noted_pdf(Subtype="/Text", Contents="(Bra)")).kind is FileKind.PDF
    for keys in (
        {"Subtype": "/Text", "Contents": f"(Rut {NUMBER})"},
        {"Subtype": "/Widget", "T": "(Namn)", "V": f"({NUMBER})"},
        {"Subtype": "/Link", "A": f"<< /S /URI /URI (https://x.se/{NUMBER}) >>"},
    ):
        with pytest.raises(Refusal) as refused:
            attached("a.pdf", noted_pdf(**keys))
        assert "innehåller ett personnummer" in refused.value.swedish
    laden = pdf().replace(b"/Type /Catalog", b"/Type /Catalog /Names << /EmbeddedFiles 5 0 R >>")
    for file in (laden, noted_pdf(Subtype="/FileAttachment")):
        with pytest.raises(Refusal) as refused:
            attached("a.pdf", file)
        assert "andra filer bifogade" in refused.value.swedish


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_stands_behind_a_picture_is_looked_through(kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        attached("a.png", picture(kind) + f"Rut {NUMBER}".encode())
    assert "innehåller ett personnummer" in refused.value.swedish


@pytest.mark.parametrize(
    "bomb", [b"<", b"<a ", b"<a x=", b"<!--", b"<![CDATA[", b'<a x="', b"=\"'"]
)
def test_a_small_file_of_nothing_but_signs_takes_no_time(bomb: bytes) -> None:
    """Two million of them took a minute of the one who was before everybody else's files."""
    before = time.process_time()
    words_of_part("a", bomb * (2_000_000 // len(bomb)))
    assert time.process_time() - before < 20


def test_a_file_is_saved_never_shown_and_keeps_its_name(
    town: Town, browser: TestClient, sip: int
) -> None:
    content = docx()
    page = writes(browser, sip, ("Överenskommelse.pdf", content)).text
    where = re.search(rf"/aktiviteter/{sip}/bilagor/\d+", page)
    assert where is not None
    assert "Kommentar och fil" in page
    got = browser.get(where[0])
    assert got.content == content
    told = got.headers
    assert told["content-disposition"].startswith('attachment; filename="_verenskommelse.docx"')
    assert "filename*=UTF-8''%C3%96verenskommelse.docx" in told["content-disposition"]
    assert told["content-type"] == "application/octet-stream"
    assert told["x-content-type-options"] == "nosniff"
    other = town.decided("En annan", by="2024-05-31")
    assert browser.get(where[0].replace(str(sip), str(other), 1)).status_code == 404


def test_a_refused_file_keeps_what_was_written_in_the_form_and_saves_nothing(
    town: Town, browser: TestClient, sip: int
) -> None:
    for content in (b"MZ" + b"x" * 100, docx(NUMBER), b"%PDF-" + b"x" * MOST_BYTES):
        refused = writes(browser, sip, ("Avtal.pdf", content), words=FORTY_WORDS)
        assert refused.status_code == 422
        assert FORTY_WORDS in refused.text
        assert 'id="kommentar-file-fel"' in refused.text
        assert "Det du skrev är kvar" in refused.text
    assert on_file(town) == []


def test_a_file_that_is_far_too_big_is_cut_short_and_the_words_are_kept(
    town: Town, browser: TestClient, sip: int
) -> None:
    refused = writes(browser, sip, ("a.pdf", b"%PDF-" + b"x" * 15_000_000), words="Se filen")
    assert (refused.status_code, "större än 10 MB" in refused.text) == (422, True)
    assert ">Se filen</textarea>" in refused.text
    assert on_file(town) == []


def test_a_collaboration_keeps_so_much_and_what_is_taken_back_gives_room(
    town: Town, sip: int
) -> None:
    small = town.settings.model_copy(update={"today": TODAY, "max_attached_mb": 1})
    browser = browse(create_app(small))
    half = picture("PNG") + bytes(700_000)
    assert writes(browser, sip, ("a.png", half)).status_code == 200
    full = writes(browser, sip, ("b.png", half + b"x"), words="Se bilden")
    assert (full.status_code, "plats för 1 MB bifogade filer" in full.text) == (422, True)
    assert "Se bilden" in full.text
    with reading(town.settings) as session:
        number = session.execute(select(c(Comment).id)).scalar_one()
    browser.post(f"/aktiviteter/{sip}/kommentar/angra", data={"kommentar": number})
    assert writes(browser, sip, ("b.png", half + b"x")).status_code == 200
    assert [name for name, _, _ in files(town)] == ["b.png"]


def test_a_button_that_is_tapped_twice_is_one_comment(
    town: Town, browser: TestClient, sip: int
) -> None:
    content = docx()
    for _ in range(2):
        writes(browser, sip, ("a.docx", content), words="En gång")
    assert (len(on_file(town)), len(files(town))) == (1, 1)
    writes(browser, sip, words="En gång")
    assert len(on_file(town)) == 2


def test_alice_reads_and_answers_through_her_link_and_attaches_nothing(
    town: Town, browser: TestClient, sip: int
) -> None:
    writes(browser, sip, ("a.docx", docx()), words="Hur går det?")
    home = link(town)
    assert "En kommentar: läs eller skriv" in browser.get(home).text
    there, about = f"{home}/samtal", {"activity": str(sip)}
    page = browser.get(f"{there}?aktivitet={sip}").text
    assert "Hur går det?" in page
    assert 'type="file"' not in page
    where = re.search(rf"{home}/bilaga\?aktivitet={sip}&amp;fil=\d+", page)
    assert where is not None
    assert browser.get(unescape(where[0])).headers["content-disposition"].startswith("attachment")
    sent = browser.post(there, files={"file": ("a.docx", docx())}, data=about | {"words": "Bra"})
    assert sent.status_code == 400
    saved = browser.post(
        there, data=about | {"words": "Bra", "address": "https://exempel.se/plan"}
    ).text
    assert "Sparat: kommentar." in saved
    assert on_file(town)[-1] == ("Bra", "https://exempel.se/plan", "Alice", "")
    assert "https://exempel.se/plan" in browser.get(f"/aktiviteter/{sip}").text


def test_alice_takes_back_her_own_and_nobody_elses(
    town: Town, browser: TestClient, sip: int
) -> None:
    writes(browser, sip, words="Fridas")
    there, about = f"{link(town)}/samtal", {"activity": str(sip)}
    page = browser.post(there, data=about | {"words": "Alices"}).text
    assert page.count(">Ångra</button>") == 2  # in the receipt, and at her own
    with reading(town.settings) as session:
        fridas, alices = session.execute(select(c(Comment).id).order_by(c(Comment).id)).scalars()
    refused = browser.post(f"{there}-angra", data=about | {"kommentar": fridas})
    assert refused.status_code == 422
    done = browser.post(f"{there}-angra", data=about | {"kommentar": alices}).text
    assert "Kommentaren togs tillbaka av Alice 20 maj 2024." in done
    assert [row[0] for row in on_file(town)] == ["Fridas", ""]


def test_what_is_not_hers_she_neither_reads_nor_writes_about(
    town: Town, browser: TestClient, sip: int
) -> None:
    other = town.decided("Bobs", by="2024-05-31", person=town.bob)
    writes(browser, other, ("a.docx", docx()), words="Till Bob")
    home = link(town)
    with reading(town.settings) as session:
        file = session.execute(select(c(CommentFile).id)).scalar_one()
    for number in (other, "x", "9" * 30, ""):
        assert browser.get(f"{home}/samtal?aktivitet={number}").status_code == 404
    for number in (other, sip):
        asked = browser.get(f"{home}/bilaga?aktivitet={number}&fil={file}")
        assert asked.status_code == 404
    sent = browser.post(f"{home}/samtal", data={"activity": other, "words": "Hej"})
    assert sent.status_code == 404
    assert len(on_file(town)) == 1


def test_an_old_letter_reads_nothing_of_what_others_say_once_she_does_not_answer_for_it(
    town: Town, browser: TestClient, sip: int
) -> None:
    home = link(town)
    assert "Skriv en kommentar" in browser.get(home).text
    named = browser.post(f"/aktiviteter/{sip}/andra", data={"responsible": "Bob"})
    assert named.status_code == 200
    writes(browser, sip, ("a.docx", docx()), words="Till Bob ensam")
    with reading(town.settings) as session:
        file = session.execute(select(c(CommentFile).id)).scalar_one()
    said = {"who": "Bob", "way": "phone", "says": "on_track", "text": "Bobs ord"}
    assert browser.post(f"/aktiviteter/{sip}/svar", data=said).status_code == 200
    assert "Till Bob ensam" in browser.get(f"{home}/samtal?aktivitet={sip}").text  # as its chair
    with transaction(town.settings) as session:
        hers = c(RoleHolding).person_id == town.alice
        session.execute(update(RoleHolding).where(hers).values(ends_on=date(2024, 5, 19)))
    page = browser.get(home).text
    assert "SIP i tid" in page  # what the letter asked about is still taken an answer to
    for words in ("Bobs ord", "En kommentar", "Till Bob ensam"):
        assert words not in page
    assert browser.get(f"{home}/samtal?aktivitet={sip}").status_code == 404
    assert browser.get(f"{home}/bilaga?aktivitet={sip}&fil={file}").status_code == 404
    sent = browser.post(f"{home}/samtal", data={"activity": sip, "words": "Hej"})
    assert sent.status_code == 404


def test_a_link_writes_so_much_in_a_day_and_no_more(
    town: Town, browser: TestClient, sip: int
) -> None:
    there, about = f"{link(town)}/samtal", {"activity": str(sip)}
    for n in range(BY_LINK_IN_A_DAY):
        assert browser.post(there, data=about | {"words": f"Nr {n}"}).status_code == 200
    refused = browser.post(there, data=about | {"words": "En till"})
    assert (refused.status_code, "Så mycket som går" in refused.text) == (422, True)
    assert ">En till</textarea>" in refused.text


def test_of_five_hundred_the_page_shows_the_newest_twenty_until_all_are_asked_for(
    town: Town, browser: TestClient, sip: int
) -> None:
    with transaction(town.settings) as session:
        said = {"activity_id": sip, "at": clock.now(), "on_day": TODAY, "by": "Frida"}
        more = {"address": "", "taken_back_by": ""}
        rows = [{**said, **more, "words": f"Nummer {n}."} for n in range(500)]
        session.execute(insert(Comment), rows)
    page = browser.get(f"/aktiviteter/{sip}").text
    assert page.count('<li id="k') == SHOWN
    assert "Nummer 499." in page
    assert "Nummer 479." not in page
    assert "Visa alla 500 kommentarer" in page
    assert browser.get(f"/aktiviteter/{sip}?samtal=alla").text.count('<li id="k') == 500


def test_letters_tell_once_who_wrote_and_never_what(
    town: Town, browser: TestClient, sip: int
) -> None:
    writes(browser, sip, ("a.docx", docx()), words="Hemliga ord")
    browser.post(f"{link(town)}/samtal", data={"activity": sip, "words": "Alices egna"})
    town.decided("Trygg hemgång", by="2024-05-27", person=town.alice)
    told = []
    for day in ("2024-05-20", "2024-05-24", "2024-05-31", "2024-06-03"):
        town.morning(day)
    for letter in town.letters():
        assert "Hemliga ord" not in letter.text + letter.html
        assert "Alices egna" not in letter.text + letter.html
        if letter.to_name == "Alice" and "skrev en kommentar" in letter.text:
            told.append(letter.on_day)
            assert (
                "processledaren skrev en kommentar 20 maj 2024 och bifogade en fil." in letter.text
            )
    assert told == [TODAY]
    assert "Alice skrev" not in "".join(one.text for one in town.letters())


def test_a_comment_is_told_in_her_next_letter_however_long_that_is(
    town: Town, browser: TestClient, sip: int
) -> None:
    """A letter on 2 May, a comment on 20 May, and nothing to ask her of until 16 July."""
    town.change(sip, deadline_last=date(2025, 5, 31))
    early = town.decided("Trygg hemgång", by="2024-05-02", person=town.alice)
    town.decided("Mun och tänder", by="2024-08-15", person=town.alice)
    town.morning("2024-05-02")
    town.change(early, state=State.FOLLOWED_UP)
    with transaction(town.settings) as session:
        made = datetime(2024, 5, 2, 5, tzinfo=UTC)
        session.execute(update(Letter).values(made_at=made, queued_at=made))
    writes(browser, sip, words="Kan ni ta med detta?")
    town.morning("2024-07-16")
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    assert letter.on_day == date(2024, 7, 16)
    assert "processledaren skrev en kommentar 20 maj 2024." in letter.text


def test_fridas_own_letter_tells_her_once_that_alice_wrote(
    town: Town, browser: TestClient, sip: int
) -> None:
    browser.post(f"{link(town)}/samtal", data={"activity": sip, "words": "Alices egna"})
    town.decided("Ingen svarar för den", by="2024-12-31", words="Någon i kommunen")
    town.lines("2024-05-27")
    week = [one for one in town.letters() if one.to_name == "Frida"][-1]
    assert "Alice skrev en kommentar 20 maj 2024." in week.text
    assert "Alices egna" not in week.text
    town.decided("Inte den heller", by="2024-12-31", words="Någon i regionen")
    town.lines("2024-06-03")
    later = [one for one in town.letters() if one.to_name == "Frida"][-1]
    assert later.on_day > week.on_day
    assert "skrev en kommentar" not in later.text


def test_what_a_letter_asks_about_has_it_beside_the_question_and_nowhere_else(
    town: Town, browser: TestClient, sip: int
) -> None:
    asked = town.decided("Trygg hemgång", by="2024-05-27", person=town.alice)
    for words in ("Ett", "Två"):
        writes(browser, asked, words=words)
    town.morning("2024-05-20")
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    says = "2 nya kommentarer av processledaren, den senaste 20 maj 2024."
    assert (letter.text.count(says), letter.html.count(says)) == (1, 1)
    assert letter.text.count("nya kommentarer") == 1
    assert "ATT KÄNNA TILL" not in letter.text


def test_of_many_activities_a_letter_names_ten_and_counts_the_rest(
    town: Town, browser: TestClient, sip: int
) -> None:
    for n in range(MOST + 2):
        writes(browser, town.decided(f"Nr {n}", by="2025-05-31", person=town.alice), words="Hej")
    town.decided("Trygg hemgång", by="2024-05-27", person=town.alice)
    town.morning("2024-05-20")
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    assert letter.text.count("skrev en kommentar") == MOST
    assert "Kommentarer om två aktiviteter till" in letter.text


def test_what_was_taken_back_before_the_letter_is_not_told(
    town: Town, browser: TestClient, sip: int
) -> None:
    writes(browser, sip, words="Fel")
    with reading(town.settings) as session:
        number = session.execute(select(c(Comment).id)).scalar_one()
    browser.post(f"/aktiviteter/{sip}/kommentar/angra", data={"kommentar": number})
    town.decided("Trygg hemgång", by="2024-05-27", person=town.alice)
    town.morning("2024-05-20")
    assert "kommentar" not in "".join(one.text for one in town.letters())


def test_frida_writes_alice_reads_and_gustav_of_another_collaboration_does_neither(
    border: Border,
) -> None:
    number = border.town.decided("SIP i tid", by="2025-05-31", group=border.town.alm)
    frida, alice, gustav = (
        border.signed_in(f"{name}@example.org") for name in ("frida", "alice", "gustav")
    )
    page = writes(frida, number, ("a.docx", docx()), words="Bara vårt").text
    assert "<strong>Frida</strong>" in page
    where = re.search(rf"/aktiviteter/{number}/bilagor/\d+", page)
    assert where is not None
    assert "Bara vårt" in alice.get(f"/aktiviteter/{number}").text
    assert "Skriv en kommentar" not in alice.get(f"/aktiviteter/{number}").text
    assert alice.get(where[0]).headers["content-disposition"].startswith("attachment")
    own = of_gustavs(border, border.town.alice)
    stolen = where[0].replace(str(number), str(own), 1)
    assert (gustav.get(where[0]).status_code, gustav.get(stolen).status_code) == (403, 403)
    back = {"kommentar": "1"}
    for other in (alice, gustav):
        assert writes(other, number, words="Får jag?").status_code == 403
        undone = other.post(f"/aktiviteter/{number}/kommentar/angra", data=back)
        assert undone.status_code == 403
    undone = gustav.post(f"/aktiviteter/{own}/kommentar/angra", data=back)
    assert undone.status_code == 422
    assert [row[0] for row in on_file(border.town)] == ["Bara vårt"]


def test_in_gustavs_collaboration_alice_is_called_what_he_typed(border: Border) -> None:
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    own = of_gustavs(border, border.town.alice)
    border.town.morning("2025-01-29")
    newest = [one for one in border.town.letters() if one.to_address == "alice@example.org"][-1]
    path = re.search(r"/svar/[\w.-]+", newest.text)
    assert path is not None
    alices = border.signed_in("alice@example.org")
    alices.post(f"{path[0]}/samtal", data={"activity": str(own), "words": "Hej"})
    page = border.signed_in("gustav@example.org").get(f"/aktiviteter/{own}").text
    assert "<strong>Vera Typad</strong>" in page


def test_the_archive_has_the_words_and_the_file_as_it_came(
    town: Town, browser: TestClient, sip: int, tmp_path: Path
) -> None:
    content = docx()
    writes(browser, sip, ("Avtal.docx", content), words="Se avtalet")
    with reading(town.settings) as session:
        archive(session, "Följsam", 2024, tmp_path / "2024")
    assert "Se avtalet" in (tmp_path / "2024" / "comments.jsonl").read_text("utf-8")
    kept = list((tmp_path / "2024" / "comment_files").iterdir())
    assert [path.name.partition("-")[2] for path in kept] == ["Avtal.docx"]
    assert kept[0].read_bytes() == content
    assert f"comment_files/{kept[0].name}" in (tmp_path / "2024" / "manifest.json").read_text()


def test_a_backup_has_it_all_and_puts_it_back(
    town: Town, browser: TestClient, sip: int, empty: Settings, tmp_path: Path
) -> None:
    content = docx()
    writes(browser, sip, ("Avtal.docx", content), words="Se avtalet")
    write_backup(town.settings, tmp_path / "allt.tar.gz", None)
    restore_backup(empty, tmp_path / "allt.tar.gz", None)
    with reading(empty) as session:
        assert session.execute(select(c(Comment).words)).scalar_one() == "Se avtalet"
        assert session.execute(select(c(CommentFile).content)).scalar_one() == content


@pytest.mark.parametrize("name", ["", "   ", "...", "\u202e.exe", "a/b\\c.pdf", "con.pdf"])
def test_a_file_always_has_a_name_that_ends_as_it_is(name: str) -> None:
    found = name_of_file(name, "pdf")
    assert found.endswith(".pdf")
    assert found.strip(".pdf ")
    assert not set("/\\\u202e") & set(found)
