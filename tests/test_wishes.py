"""A stand-in who is not on file: Alice wishes, Frida says yes or no, and Alice is told why."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.columns import c
from models.database import reading
from models.delegation import Delegation, StandInWish
from models.person import Person
from notifications import passed_on
from tests.cast import Town
from tests.conftest import browse
from tests.test_delegation import link_of
from tests.test_in_her_place import letters
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)
VERA = "vera@example.org"


@pytest.fixture
def browser(town: Town) -> TestClient:
    """A browser at the machine on 10 June 2024; letters are kept as files, so no code is asked."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


@pytest.fixture
def wished(town: Town, browser: TestClient) -> str:
    """Alice wishes for Vera, who is not on file; the way to her page."""
    town.decided(by="2024-07-15")
    path = link_of(town, town.alice)
    sent = {"delegate": VERA, "first_day": "17 juni", "last_day": "15 augusti"}
    page = browser.post(f"{path}/ersattare", data=sent)
    assert "Svaret står i ditt nästa brev." in page.text
    return path


def answers(town: Town, browser: TestClient, deed: str, **given: str) -> tuple[int, str]:
    """Frida answers the first wish."""
    page = browser.post(f"/personer/{town.alice}/{deed}", data={"wish": "1", **given})
    return page.status_code, page.text


def stand_ins(town: Town) -> list[tuple[str, str, date, date]]:
    """Who stands in, by name and address, and when."""
    d = c(Delegation)
    with reading(town.settings) as session:
        asked = select(c(Person).name, c(Person).email, d.first_day, d.last_day)
        return list(session.execute(asked.join(Person, c(Person).id == d.delegate_id)).tuples())


def test_frida_finds_the_wish_where_the_letter_leads(
    town: Town, browser: TestClient, wished: str
) -> None:
    (letter,) = letters(town, passed_on.KIND)
    assert f"/personer/{town.alice}#onskan" in letter.text
    page = browser.get(f"/personer/{town.alice}").text
    assert 'id="onskan"' in page
    assert f"<strong>{VERA}</strong> svarar för allt från 17 juni 2024 till 15 augusti 2024" in page
    assert f"Alice önskar {VERA}" in browser.get("/").text
    assert "väntar på processledarens ja eller nej" in browser.get(f"{wished}/ersattare").text


def test_a_yes_takes_her_on_and_lets_her_stand_in(
    town: Town, browser: TestClient, wished: str
) -> None:
    assert answers(town, browser, "onskan-ja", name="Vera Vikarie")[0] == 200
    assert stand_ins(town) == [("Vera Vikarie", VERA, date(2024, 6, 17), date(2024, 8, 15))]
    assert 'id="onskan"' not in browser.get(f"/personer/{town.alice}").text
    assert "Vera Vikarie svarar för allt" in browser.get(f"{wished}/ersattare").text
    town.morning(date(2024, 6, 17))
    told = {one.to_name: one.text for one in town.letters()}
    assert "Vera Vikarie ersätter dig till och med 15 augusti 2024" in told["Alice"]
    assert "Du ersätter Alice" in told["Vera Vikarie"]


def test_a_no_stands_with_its_reason_in_her_next_letter_and_in_that_alone(
    town: Town, browser: TestClient, wished: str
) -> None:
    reason = "Vera slutar i juli. Välj Bob."
    assert answers(town, browser, "onskan-nej", reason=reason)[0] == 200
    assert stand_ins(town) == []
    town.morning(date(2024, 6, 11))
    assert [one for one in town.letters() if one.to_name == "Alice"] == []
    for day in (date(2024, 7, 1), date(2024, 7, 8)):
        town.morning(day)
    hers = [" ".join(one.text.split()) for one in town.letters() if one.to_name == "Alice"]
    told = f"Processledaren sade nej 10 juni 2024: {reason}"
    assert [told in words for words in hers] == [True, False]
    assert "väntar på processledarens" not in browser.get(f"{wished}/ersattare").text


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [("onskan-ja", f"Skriv vad {VERA} heter."), ("onskan-nej", "Skriv varför")],
)
def test_an_answer_that_lacks_what_it_needs_is_refused_and_changes_nothing(
    town: Town, browser: TestClient, wished: str, deed: str, sentence: str
) -> None:
    status, page = answers(town, browser, deed)
    assert (status, sentence in page) == (422, True)
    assert stand_ins(town) == []
    with reading(town.settings) as session:
        assert session.execute(select(c(StandInWish).settled_on)).scalars().all() == [None]
        assert session.execute(select(c(Person).id).where(c(Person).email == VERA)).first() is None
    assert wished


def test_a_yes_after_somebody_else_answered_does_nothing_more(
    town: Town, browser: TestClient, wished: str
) -> None:
    answers(town, browser, "onskan-nej", reason="Välj Bob.")
    status, page = answers(town, browser, "onskan-ja", name="Vera")
    assert (status, "Önskan väntar inte längre." in page) == (422, True)
    assert stand_ins(town) == []
    assert wished


def test_the_same_wish_once_more_is_the_first_one(
    town: Town, browser: TestClient, wished: str
) -> None:
    sent = {"delegate": VERA, "first_day": "17 juni", "last_day": "15 augusti"}
    browser.post(f"{wished}/ersattare", data=sent)
    assert len(letters(town, passed_on.KIND)) == 1
    assert browser.get(f"/personer/{town.alice}").text.count("Ja, lägg till och låt svara") == 1


def test_the_weeks_letter_reminds_frida_of_it(town: Town, wished: str) -> None:
    from notifications.letters.week import _wishes

    with reading(town.settings) as session:
        assert _wishes(session, [1], TODAY) == [f"Alice: {VERA}, från 17 juni 2024"]
        assert _wishes(session, [1], date(2024, 8, 16)) == []
    assert wished
