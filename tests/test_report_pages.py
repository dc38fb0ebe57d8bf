"""Rapporter in the browser: write, take in Word, review, approve, download, compile again."""

from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from fastapi.testclient import TestClient

from models.database import reading, transaction
from models.edition import EditionState
from reports.approval import mark_sent, report
from reports.files import MEDIA_TYPES, as_file
from tests.cast import Town
from tests.conftest import browse
from tests.test_approval import JANUARY, approved, on_file, promised, year
from web.app import create_app


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser, in January."""
    return browse(create_app(small_town.settings.model_copy(update={"today": JANUARY})))


def test_frida_writes_reviews_and_approves(frida: TestClient, small_town: Town) -> None:
    small_town.decided("Trygg hemgång", by="2024-11-30")
    made = frida.post("/rapporter", data={"period": "2024", "group": ""})
    assert made.url.path == "/rapporter/1"
    assert "utkast, inte godkänt" in made.text
    frida.post("/rapporter/1/skriv", data={"text_inledning": "Ett bra år."})
    assert "Ett bra år." in frida.get("/rapporter/1").text
    frida.post("/rapporter/1/granska")
    done = frida.post("/rapporter/1/godkann")
    assert "Den skickas till grupperna på morgonen nästa arbetsdag." in done.text
    assert "Ändrat" not in done.text
    assert "Godkänd" in frida.get("/rapporter").text


def test_a_missing_promise_is_named_and_a_reason_is_asked_for(
    frida: TestClient, small_town: Town
) -> None:
    promised(small_town)
    year(small_town)
    page = frida.post("/rapporter/1/granska").text
    assert "En utlovad redovisning saknas" in page
    refused = frida.post("/rapporter/1/godkann", data={"reason": " "})
    assert refused.status_code == 422
    assert "skriv varför rapporten godkänns ändå" in refused.text
    done = frida.post("/rapporter/1/godkann", data={"reason": "Görs i mars."})
    assert "Skäl: Görs i mars." in done.text


def test_words_written_in_word_are_taken_in(frida: TestClient, small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    document = docx.Document(BytesIO(frida.get("/rapporter/1/fil.docx").content))
    for paragraph in document.element.body.iter(docx.oxml.ns.qn("w:sdtContent")):
        runs = list(paragraph.iter(docx.oxml.ns.qn("w:t")))
        runs[0].text = "Skrivet i Word."
        about = paragraph.getparent().find(docx.oxml.ns.qn("w:sdtPr"))
        holder = about.find(docx.oxml.ns.qn("w:showingPlcHdr"))
        if holder is not None:
            about.remove(holder)
        break
    edited = BytesIO()
    document.save(edited)
    name = "utkast.docx"
    done = frida.post("/rapporter/1/word", files={"file": (name, edited.getvalue())})
    assert done.status_code == 200
    assert "Skrivet i Word." in done.text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("x.pdf", b"%PDF", "ska vara rapportens Word-fil"),
        ("x.docx", b"inte word", "går inte att läsa"),
        ("x.docx", None, "inga skrivfält"),
    ],
)
def test_a_file_that_is_not_the_reports_is_refused(
    frida: TestClient, small_town: Town, name: str, data: bytes | None, says: str
) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    if data is None:
        empty = BytesIO()
        docx.Document().save(empty)
        data = empty.getvalue()
    answer = frida.post("/rapporter/1/word", files={"file": (name, data)})
    assert answer.status_code == 422
    assert says in answer.text


@pytest.mark.parametrize("file_format", list(MEDIA_TYPES))
def test_every_format_can_be_fetched(frida: TestClient, small_town: Town, file_format: str) -> None:
    small_town.decided(by="2024-11-30")
    edition = on_file(small_town, approved(small_town, year(small_town)))
    answer = frida.get(f"/rapporter/1/fil.{file_format}")
    assert answer.headers["content-type"] == MEDIA_TYPES[file_format]
    assert f'-utgava-1.{file_format}"' in answer.headers["content-disposition"]
    with reading(small_town.settings) as session:
        shown = report(session, edition)
    if file_format not in ("docx", "xlsx"):  # those hold the moment they were written
        assert answer.content == as_file(file_format, edition.frozen, shown, None)


def test_compiled_again_with_nothing_new_is_the_same_edition(
    frida: TestClient, small_town: Town
) -> None:
    activity = small_town.decided(by="2024-11-30")
    year(small_town)
    assert frida.post("/rapporter/1/igen").url.path == "/rapporter/1"
    small_town.change(activity, deadline_text="i höst")
    assert frida.post("/rapporter/1/igen").url.path == "/rapporter/2"
    assert "nyare utgåva" in frida.get("/rapporter/1").text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"period": "kvartal", "group": ""}, "Välj en period."),
        ({"period": "2026", "group": ""}, "Året 2026 har inte börjat."),
        ({"period": "2024Q1", "group": ""}, "inga aktiviteter att berätta om"),
    ],
)
def test_a_report_that_cannot_be_compiled_says_why(
    frida: TestClient, given: dict[str, str], says: str
) -> None:
    answer = frida.post("/rapporter", data=given)
    assert answer.status_code == 422
    assert says in answer.text


def test_an_approved_edition_takes_no_words_by_the_page_either(
    frida: TestClient, small_town: Town
) -> None:
    small_town.decided(by="2024-11-30")
    approved(small_town, year(small_town))
    answer = frida.post("/rapporter/1/skriv", data={"text_inledning": "Nej."})
    assert (answer.status_code, "ändras inte" in answer.text) == (422, True)


def test_what_is_not_there_is_not_there(frida: TestClient, small_town: Town) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    assert frida.get("/rapporter/99").status_code == 404
    assert frida.get("/rapporter/1/fil.exe").status_code == 404


@pytest.fixture
def alices(small_town: Town) -> Callable[[str], int]:
    """What Alice's signed-in browser gets for an address."""
    from tests.sign_in.conftest import with_sign_in
    from tests.test_access import Place

    told = with_sign_in(small_town.settings, prefect_port=1)
    place = Place(small_town, create_app(told), {"alice": small_town.alice}, {})
    return lambda path: place.opens("alice", "GET", path).status_code


def test_a_reader_sees_what_was_sent_and_no_draft(
    alices: Callable[[str], int], small_town: Town
) -> None:
    small_town.decided(by="2024-11-30")
    year(small_town)
    assert (alices("/rapporter/1"), alices("/rapporter/1/fil.pdf")) == (403, 403)
    approved(small_town, 1)
    with transaction(small_town.settings) as session:
        assert mark_sent(session, 1)
    assert on_file(small_town, 1).frozen.state is EditionState.SENT
    assert (alices("/rapporter/1"), alices("/rapporter")) == (200, 200)
    assert alices("/rapporter/1/skriv") == 403
