"""The process leader's pages: what needs attention, each activity, each letter, each run."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from cli.example.build import PLAN
from config import clock
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import transaction
from models.letter import Letter, LetterState
from models.lifecycle import Brought, Move
from models.person import Person
from models.round import Round
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app
from web.asking.letters import without_link

pytestmark = pytest.mark.by_turns
TODAY = date(2025, 1, 10)


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser; it is 10 January 2025, and Prefect does not answer."""
    told = town.settings.model_copy(update={"today": TODAY, "prefect_port": 1})
    return browse(create_app(told))


def test_an_empty_installation_leads_frida_to_her_first_plan_and_people(told: Settings) -> None:
    frida = browse(create_app(told.model_copy(update={"today": TODAY, "prefect_port": 1})))
    first = frida.get("/").text
    for way in ("/planer/las-in", "/personer/las-in", "/personer/ny", "/kommande"):
        assert f'href="{way}"' in first
    assert "Klart" not in first
    assert 'href="/planer/las-in"' in frida.get("/planer").text
    assert 'href="/grupper/ny"' in frida.get("/grupper").text
    assert "Lägg till en grupp" in frida.get("/planer/ny").text
    assert "Det finns inga personer ännu." in frida.get("/personer").text
    with PLAN.open("rb") as plan:
        shown = frida.post("/planer/las-in", files={"file": (PLAN.name, plan)})
    assert "13 aktiviteter förstods" in shown.text
    Town(told)
    assert "Kom igång" not in frida.get("/").text


def test_what_needs_attention_stands_first(town: Town, frida: TestClient) -> None:
    town.decided("Sen sak", by="2024-12-31")
    town.activity("Utan ansvarig", words="Varje verksamhet")
    with transaction(town.settings) as session:
        session.execute(
            update(Person)
            .where(c(Person).id == town.charlie)
            .values(unreachable_since=clock.now(), unreachable_why="550 okänd")
        )
        session.add(
            Round(line="morning-round", on_day=TODAY, started_at=clock.now(), failed="Borta: x")
        )
    page = frida.get("/").text
    for heading in (
        "Försenade",
        "Saknar känd ansvarig",
        "Väntar på beslut",
        "Adresser som inte går att nå",
        "Rundor som inte gick bra",
    ):
        assert heading in page
        assert page.index(heading) < page.index("Öppna aktiviteter")
    assert page.index("Rundor som inte gick bra") < page.index("Väntar på beslut")


def test_a_finished_activity_is_not_late(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    town.change(sip, reported_done_on=date(2024, 12, 20))
    page = frida.get("/").text
    assert "Försenade" not in page
    assert "Klara enligt ansvarig, väntar på uppföljning" in page


def test_an_activity_tells_its_life_and_who_answers_just_now(town: Town, frida: TestClient) -> None:
    sip = town.decided("Trygg hemgång", by="2024-12-31", group=town.bjork)
    town.move(sip, Move.START)
    town.morning("2024-12-01")
    page = frida.get(f"/aktiviteter/{sip}").text
    assert "Just nu: Charlie, charlie@example.org, via ordförande i NOSAM Björk" in page
    for words in ("Pågående", "Beslut: Samordningsgruppen, 2024-01-10, § 3", "Brev till Charlie"):
        assert words in page
    assert "Slutdatum 31 december 2024, 30 dagar före" in page
    assert page.index("Brev till Charlie") < page.index("Samordningsgruppen, 2024-01-10")


def test_what_is_followed_up_is_late_no_more(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    town.move(sip, Move.START)
    assert "Försenad" in frida.get(f"/aktiviteter/{sip}").text
    town.move(sip, Move.FOLLOW_UP, Brought(result="Fyra möten", figure="4"))
    page = frida.get(f"/aktiviteter/{sip}").text
    assert "Försenad" not in page
    assert "Resultat: Fyra möten" in page


def test_a_proposal_says_what_it_still_needs_to_be_decided(town: Town, frida: TestClient) -> None:
    bare = town.activity(follow_up="", goal=False)
    page = frida.get(f"/aktiviteter/{bare}").text
    assert "Koppla aktiviteten till minst ett mål." in page
    assert "Skriv hur aktiviteten ska följas upp." in page
    assert "Ange beslutet" not in page  # that is what the meeting is for


def test_a_doubt_about_the_plan_is_gone_when_what_it_asks_for_is_there(
    town: Town, frida: TestClient
) -> None:
    activity_id = town.decided("Trygg hemgång", by="2025-06-30")
    told = [
        "Ingen uppföljning står i planen.",
        "Slutdatum ”2025-02-30” finns inte eller kan inte tydas.",
        "Läget ”rullar på” är inget av våra lägen. Förslag: beslutad.",
        "En rad är delad i 2 aktiviteter; detta är nummer 1.",
    ]
    with transaction(town.settings) as session:
        session.get_one(Activity, activity_id).doubts = "\n".join(told)
    page = frida.get(f"/aktiviteter/{activity_id}").text
    assert [sentence for sentence in told if sentence in page] == told[-1:]


def test_every_letter_can_be_read_as_the_person_saw_it_but_not_answered(
    town: Town, frida: TestClient
) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    town.morning("2024-12-01")
    (letter,) = town.letters()
    assert letter.subject in frida.get("/utskick").text
    page = frida.get(f"/utskick/{letter.id}").text
    assert "Slutdatum 31 december 2024, 30 dagar före" in page.replace("slutdatum", "Slutdatum")
    body = frida.get(f"/utskick/{letter.id}/brev")
    assert "Trygg hemgång" in body.text
    token = letter.text.split("/svar/")[1].split()[0]
    for shown in (page, body.text):
        assert token not in shown
    assert "sandbox" in body.headers["Content-Security-Policy"]


def test_letters_that_wait_for_the_server_are_shown_with_its_words(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(server_said="Connection refused"))
    told = town.settings.model_copy(update={"smtp_host": "mail", "mail_from": "f@example.org"})
    frida = browse(create_app(told))
    page = frida.get("/utskick").text
    assert "Ett brev väntar på att skickas" in page
    assert "Connection refused" in page
    assert "Brev som inte kommit fram" in frida.get("/").text


def test_a_letter_that_never_came_through_is_shown(town: Town, frida: TestClient) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    with transaction(town.settings) as session:
        session.execute(
            update(Letter).values(state=LetterState.FAILED, server_said="550 okänd", done_at=None)
        )
    assert "Kom inte fram" in frida.get("/utskick").text


def test_the_runs_page_says_so_when_prefect_does_not_answer(frida: TestClient) -> None:
    page = frida.get("/korningar")
    assert page.status_code == 200
    assert "Prefects server svarar inte just nu" in page.text
    assert "Måndag till fredag klockan 06.10" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/finns-inte",
        "/aktiviteter/999",
        "/utskick/999",
        "/utskick/999/brev",
        f"/utskick/{10**18}",
        f"/aktiviteter/{10**18}",
    ],
)
def test_a_page_that_is_not_there_is_said_in_swedish(frida: TestClient, path: str) -> None:
    page = frida.get(path)
    assert page.status_code == 404
    assert "Sidan finns inte" in page.text


def test_a_word_where_a_number_should_be_is_a_page_that_is_not_there(frida: TestClient) -> None:
    page = frida.get("/aktiviteter/hej")
    assert page.status_code == 404
    assert "Sidan finns inte" in page.text


def test_a_fault_is_a_plain_page_and_never_a_traceback(town: Town) -> None:
    app = create_app(town.settings)

    @app.get("/fel")
    def _broken() -> None:
        raise RuntimeError("hemlighet")

    page = browse(app, raise_server_exceptions=False).get("/fel")
    assert page.status_code == 500
    assert "Något gick fel" in page.text
    assert "hemlighet" not in page.text


def test_a_strange_host_is_turned_away(frida: TestClient) -> None:
    assert frida.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_the_pages_answer_a_watcher(frida: TestClient) -> None:
    told = frida.get("/health").json()
    assert (told["ok"], told["database"]) == (True, "ok")


def test_a_page_loads_nothing_from_elsewhere_and_sends_no_address_on(frida: TestClient) -> None:
    page = frida.get("/")
    assert "https://" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_letters_link_is_taken_out_wherever_it_stands() -> None:
    body = '<a href="http://x/svar/abc.def-_1">a</a> http://x/svar/zzz'
    assert without_link(body) == '<a href="http://x/svar/…">a</a> http://x/svar/…'


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/aktiviteter?grupp=1&sok=%00", {}),
        ("POST", "/inloggningar/9999999999/avsluta", {}),
        ("POST", "/planer/9999999999/foresla", {"what": "Nätverk"}),
        ("POST", "/avvikelser/las-in", {}),
        ("POST", "/avvikelser/kallor", {"namn": "\x00"}),
    ],
)
def test_what_no_database_can_hold_is_refused_in_words(
    frida: TestClient, method: str, path: str, sent: dict[str, str]
) -> None:
    page = frida.request(method, path, data=sent or None)
    assert page.status_code in {200, 400, 404, 422}
    assert "<h1>" in page.text
