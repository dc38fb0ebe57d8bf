"""Letters look like somebody: who writes, whom Reply reaches, what stands first; a new link."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import clock
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.letter import Letter, Link
from models.person import Person
from notifications import links
from notifications.letters import reports
from notifications.letters.reports import Told
from notifications.new_link import KIND
from notifications.outbox import Enclosed
from tests.cast import Town
from tests.conftest import browse
from tests.test_one_tap import ask, letter, link
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def browser(town: Town) -> TestClient:
    """Somebody's browser; it is 2 December 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def on_file(town: Town, kind: str) -> list[Any]:
    """The letters of a kind."""
    with reading(town.settings) as session:
        return list(session.execute(select(Letter).where(c(Letter).kind == kind)).scalars())


def test_a_question_is_from_frida_via_the_collaboration_with_her_name_and_number(
    town: Town,
) -> None:
    with transaction(town.settings) as session:
        session.get_one(Person, town.frida).telephone = "0321-123 45"
    ask(town)
    one = letter(town)
    assert one.from_name == "Vårdsamverkan Prov genom Frida"
    assert one.reply_to == "frida@example.org"
    for words in (one.text, one.html):
        assert "ring 0321-123 45, så hjälper Frida, som är processledare, dig." in words


def test_a_stand_in_and_a_report_have_them_too(town: Town) -> None:
    with transaction(town.settings) as session:
        session.add(
            Delegation(
                person_id=town.alice,
                delegate_id=town.charlie,
                first_day=TODAY,
                last_day=TODAY + timedelta(days=9),
                at=clock.now(),
                by="Frida",
            )
        )
    told = Told(1, town.alm, "Statusrapport", "NOSAM Alm", ("En är sen.",), PDF, 1)
    with transaction(town.settings) as session:
        reports.write(
            session,
            town.settings,
            reports.QUARTER,
            {town.bob: [told]},
            subject="Statusrapport",
            lead="Här är rapporten.",
            today=TODAY,
        )
    town.morning(TODAY)
    for one in (letter(town, "Charlie"), letter(town, "Bob")):
        assert one.from_name == "Vårdsamverkan Prov genom Frida"
        assert one.reply_to == "frida@example.org"
        assert "Frida, som är processledare" in one.text


PDF = Enclosed("rapport.pdf", "application/pdf", b"%PDF-1.7")


def test_what_every_question_has_is_said_once_and_why_she_is_asked_first(town: Town) -> None:
    ask(town, 6)
    one = letter(town)
    for words in (one.text, one.html):
        assert words.count("Slutdatum är 31 december 2024 (om 29 dagar).") in (1, 2)  # preheader
        assert words.count("Plan 2024. Läge: beslutad.") == 1
        assert words.count("ordförande i NOSAM Alm") == 1
    assert one.text.index("Du får frågorna som ordförande i NOSAM Alm.") < one.text.index("* ")


def test_the_line_after_the_subject_adds_something(town: Town) -> None:
    ask(town, 3)
    hidden = re.search(r'<div style="display:none[^>]*>([^<]*)</div>', letter(town).html)
    assert hidden
    assert hidden[1].startswith("Slutdatum är 31 december 2024")
    assert "Också: " in hidden[1]


def test_the_buttons_whole_box_is_the_link(town: Town) -> None:
    ask(town)
    html = letter(town).html
    (button,) = re.findall(r'<a href="[^"]*" style="display:inline-block[^"]*"', html)
    assert "padding:14px 24px" in button
    assert "background-color:#1d5c63" in button
    assert "mso-text-raise" in html


@pytest.mark.parametrize("how", ["expired", "revoked"])
def test_a_closed_link_offers_a_new_one_to_the_address_on_file(
    town: Town, browser: TestClient, how: str
) -> None:
    ask(town)
    closed = {"expires_at": clock.now()} if how == "expired" else {"revoked_at": clock.now()}
    path = link(town)
    with transaction(town.settings) as session:
        session.execute(update(Link).values(**closed))
    page = browser.get(path)
    assert page.status_code == 410
    assert "Skicka mig en ny länk" in page.text
    for _ in range(3):
        told = browser.post(f"{path}/ny-lank", data={})
    (sent,) = on_file(town, KIND)
    assert (sent.to_address, told.status_code) == ("alice@example.org", 200)
    new = links.addresses(town.settings, sent.link_id, sent.leads_to)["svar"]
    assert browser.get(new.removeprefix(town.settings.pages_url)).status_code == 200


def test_a_broken_link_asks_for_the_address_and_tells_nobody_who_is_on_file(
    town: Town, browser: TestClient
) -> None:
    page = browser.get("/svar/trasig")
    assert (page.status_code, 'name="address"' in page.text) == (403, True)
    hers = browser.post("/svar/okand/ny-lank", data={"address": "ALICE@example.org "})
    nobodys = browser.post("/svar/okand/ny-lank", data={"address": "ingen@example.org"})
    assert hers.text == nobodys.text
    assert [one.to_address for one in on_file(town, KIND)] == ["alice@example.org"]


def test_asking_thirty_times_writes_one_letter_and_one_link(
    town: Town, browser: TestClient
) -> None:
    def links_on_file() -> int:
        with reading(town.settings) as session:
            return len(session.execute(select(c(Link).id)).all())

    before = links_on_file()
    for at in range(30):
        browser.post(f"/svar/okand{at}/ny-lank", data={"address": "alice@example.org"})
    assert (links_on_file() - before, len(on_file(town, KIND))) == (1, 1)


def test_who_has_left_or_cannot_be_reached_gets_no_new_link(
    town: Town, browser: TestClient
) -> None:
    with transaction(town.settings) as session:
        session.get_one(Person, town.alice).left_on = TODAY - timedelta(days=1)
        session.get_one(Person, town.bob).unreachable_since = clock.now()
    for name in ("alice", "bob"):
        browser.post("/svar/okand/ny-lank", data={"address": f"{name}@example.org"})
    assert on_file(town, KIND) == []


def test_the_telephone_is_her_own_to_give(town: Town, browser: TestClient) -> None:
    ask(town)
    own = f"{link(town)}/uppgifter"
    assert "sparat" in browser.post(own, data={"gor": "telefon", "telephone": "070-1 23 45"}).text
    wrong = browser.post(own, data={"gor": "telefon", "telephone": "ring växeln"})
    assert (wrong.status_code, "Skriv numret med siffror" in wrong.text) == (422, True)
    with reading(town.settings) as session:
        assert session.get_one(Person, town.alice).telephone == "070-1 23 45"
