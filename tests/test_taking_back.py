"""What happened with her answer: the receipt, taking it back, and a yes or no with its reason."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from config import clock
from intake.lives.registered import ask_to_register
from intake.lives.settling import settle
from intake.lives.taking_back import NOT_HERS, RELEASED, SETTLED, TAKEN_BACK
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.letter import Notice
from models.lifecycle import Brought, Move, Outcome
from models.status import ReleasedWords, Says, StatusAnswer
from models.status_round import StatusQuestion
from models.undoing import Undoing
from notifications import silence
from notifications.status_rounds import close_due
from rules.what_follows import Stand, Told, what_follows
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_one_tap import link
from tests.test_reports_to_come import send_reports
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 12, 2)


@pytest.fixture
def browser(town: Town) -> TestClient:
    """Alice's browser; it is 2 December 2024."""
    return on(town, TODAY)


def on(town: Town, today: date) -> TestClient:
    """A browser on a day."""
    return browse(create_app(town.settings.model_copy(update={"today": today})))


def ask(town: Town, what: str = "Trygg hemgång") -> int:
    """An activity that Alice's letter of today asks about."""
    sip = town.decided(what, by="2024-12-31")
    town.morning(TODAY)
    return sip


def answered(town: Town, browser: TestClient, sip: int, says: str, **given: str) -> int:
    """Alice answers; the number of her answer."""
    fields = {f"{name}_{sip}": words for name, words in given.items()}
    browser.post(f"{link(town)}/skicka", data=fields | {f"says_{sip}": says})
    with reading(town.settings) as session:
        return int(max(session.execute(select(c(StatusAnswer).id)).scalars()))


def take_back(town: Town, browser: TestClient, number: int) -> Any:  # noqa: ANN401
    """The receipt's button."""
    return browser.post(f"{link(town)}/ta-tillbaka", data={"answer": number})


def activity(town: Town, sip: int) -> Activity:
    """The activity as it stands."""
    with reading(town.settings) as session:
        return session.get_one(Activity, sip)


def test_the_receipt_says_what_happens_next_and_what_is_left(
    town: Town, browser: TestClient
) -> None:
    home = town.decided("Anhörigstöd", by="2024-12-31")
    sip = ask(town)
    answered(town, browser, sip, "late", date="mars 2025")
    page = browser.get(f"{link(town)}/tack").text
    assert "Förslaget väntar på processledarens ja eller nej." in page
    assert "Kvar att svara på: en aktivitet." in page
    assert f'{link(town)}#a{home}">Anhörigstöd' in page


def test_an_answer_taken_back_counts_for_nothing_and_is_asked_about_still(
    town: Town, browser: TestClient
) -> None:
    sip = ask(town)
    number = answered(town, browser, sip, "done", text="Allt gäller")
    assert activity(town, sip).reported_done_on == TODAY
    page = take_back(town, browser, number)
    assert "Du tog tillbaka beskedet 2 december 2024." in page.text
    assert "Beskedet är taget tillbaka." in page.text
    assert "Det här är sparat." not in page.text
    assert activity(town, sip).reported_done_on is None
    with transaction(town.settings) as session:
        silence.settle(session, TODAY + timedelta(days=1))
        waiting = select(c(Notice).settled_on).where(c(Notice).activity_id == sip)
        assert set(session.execute(waiting).scalars()) == {None}
    form = browser.get(link(town)).text
    assert "Stämmer fortfarande" not in form
    frida = browser.get(f"/aktiviteter/{sip}").text
    assert "Togs tillbaka av Alice 2 december 2024." in frida


def test_what_frida_took_back_is_not_told_as_alices_own_doing(
    town: Town, browser: TestClient
) -> None:
    number = answered(town, browser, ask(town), "late", date="mars 2025")
    with transaction(town.settings) as session:
        undoing = Undoing(on_day=TODAY, at=clock.now(), by="Frida")
        session.add(undoing)
        session.flush()
        session.get_one(StatusAnswer, number).undone_id = undoing.id
    page = browser.get(f"{link(town)}/mitt").text
    assert "Frida tog tillbaka beskedet 2 december 2024." in page
    assert "Du tog tillbaka" not in page


def test_a_proposal_taken_back_waits_for_nobody(town: Town, browser: TestClient) -> None:
    sip = ask(town)
    number = answered(town, browser, sip, "late", date="mars 2025")
    assert "mars 2025" in browser.get(f"/aktiviteter/{sip}").text.partition("Historik")[0]
    take_back(town, browser, number)
    form = browser.get(link(town)).text
    assert "Nytt slutdatum är föreslaget" not in form
    town.morning("2024-12-24")
    (_, asked) = [one for one in town.letters() if one.to_name == "Alice"]
    assert "Trygg hemgång" in asked.subject


def test_the_answer_before_it_is_the_newest_again(town: Town, browser: TestClient) -> None:
    sip = ask(town)
    answered(town, browser, sip, "at_risk")
    number = answered(town, browser, sip, "on_track")
    take_back(town, browser, number)
    assert "Stämmer fortfarande: Osäkert om vi hinner" in browser.get(link(town)).text


def test_a_round_asks_again_what_was_taken_back(town: Town, browser: TestClient) -> None:
    sip = town.decided(by="2025-12-31")
    town.lines("2024-12-17")
    late = on(town, date(2024, 12, 17))
    number = answered(town, late, sip, "on_track")
    take_back(town, late, number)
    with reading(town.settings) as session:
        assert session.execute(select(c(StatusQuestion).answered_on)).scalar_one() is None


def test_a_round_that_has_closed_was_not_answered_by_what_was_taken_back(
    town: Town, browser: TestClient
) -> None:
    """The round closes between her answer and her taking it back: no report says that it came."""
    sip = ask(town)
    on(town, TODAY).post("/statusrundor", data={"group": str(town.alm)})
    number = answered(town, browser, sip, Says.ON_TRACK)
    later = TODAY + timedelta(days=30)
    with transaction(town.settings) as session:
        assert close_due(session, later) == 1
    assert answers_in(town) == [1]
    take_back(town, on(town, later), number)
    assert answers_in(town) == [0]


def answers_in(town: Town) -> list[int]:
    """How many answers each round has, by the questions that reports count."""
    with reading(town.settings) as session:
        days = session.execute(select(c(StatusQuestion).answered_on)).scalars().all()
    return [sum(day is not None for day in days)]


def test_what_somebody_has_taken_a_stand_to_stays(town: Town, browser: TestClient) -> None:
    sip = ask(town)
    number = answered(town, browser, sip, "late", date="mars 2025", text="Avtalet dröjer")
    with transaction(town.settings) as session:
        settle(session, number, FRIDA, accept=False, today=TODAY, reason="Det hinns i år.")
    refused = take_back(town, browser, number)
    assert (refused.status_code, SETTLED in refused.text) == (422, True)


def test_what_was_answered_about_an_ended_activity_stands(town: Town, browser: TestClient) -> None:
    sip = ask(town)
    number = answered(town, browser, sip, "done", text="Alla utbildade")
    ended = Brought(
        reason="Uppdraget upphörde", outcome=Outcome.NOT_ACHIEVED, decision_id=town.decision
    )
    town.move(sip, Move.ABANDON, ended, today=TODAY)
    answer = take_back(town, browser, number)
    assert "Aktiviteten är avslutad. Beskedet hör till det som hände" in answer.text
    assert activity(town, sip).reported_done_on == TODAY


def test_words_that_are_let_out_stay_and_nobody_elses_answer_can_be_taken_back(
    town: Town, browser: TestClient
) -> None:
    sip = ask(town)
    number = answered(town, browser, sip, "on_track", text="Rutinen gäller")
    with transaction(town.settings) as session:
        session.add(
            ReleasedWords(
                answer_id=number, words="Rutinen gäller", edited=False, on_day=TODAY, by="Frida"
            )
        )
    assert RELEASED in take_back(town, browser, number).text
    with transaction(town.settings) as session:
        said = StatusAnswer(
            activity_id=sip,
            person_id=town.bob,
            link_id=1,
            on_day=TODAY,
            says=Says.LATE,
            at=session.get_one(StatusAnswer, number).at,
        )
        session.add(said)
        session.flush()
        bobs = said.id
    assert bobs is not None
    assert NOT_HERS in take_back(town, browser, bobs).text
    assert NOT_HERS in take_back(town, browser, 99_999).text


def test_what_is_taken_back_twice_is_told(town: Town, browser: TestClient) -> None:
    number = answered(town, browser, ask(town), "late")
    take_back(town, browser, number)
    assert TAKEN_BACK in take_back(town, browser, number).text


def test_a_no_with_its_reason_stands_in_her_next_letter_and_on_her_page(
    town: Town, browser: TestClient
) -> None:
    sip = ask(town)
    number = answered(town, browser, sip, "late", date="mars 2025")
    no = {"answer": "nej", "activity": sip, "reason": "Samordningsgruppen vill ha det i år."}
    browser.post(f"/forslag/{number}", data=no)
    town.morning("2024-12-24")  # quiet for others; a round that is run by hand goes
    letter = [one for one in town.letters() if one.to_name == "Alice"][-1]
    for words in (letter.text, letter.html):
        assert "sa nej till förslaget" in words
        assert "Samordningsgruppen vill ha det i år." in words
    mine = browser.get(f"{link(town)}/mitt").text
    assert "Skäl: Samordningsgruppen vill ha det i år." in mine
    town.morning("2024-12-30")
    later = [one for one in town.letters() if one.to_name == "Alice"][-1]
    assert "sa nej till förslaget" not in later.text


def test_a_yes_stands_in_her_next_letter_also_when_that_is_a_report(small_town: Town) -> None:
    sip = small_town.decided(by="2025-12-31")
    proposed = {"who": "Alice", "way": "phone", "says": "late", "date": "2026-03-31"}
    with transaction(small_town.settings) as session:
        ask_to_register(session, sip, proposed, FRIDA, today=date(2024, 4, 2))
    with transaction(small_town.settings) as session:
        number = session.execute(select(c(StatusAnswer).id)).scalar_one()
        settle(session, number, FRIDA, accept=True, today=date(2024, 4, 3))
    send_reports(small_town, date(2024, 4, 5))
    (letter,) = [one for one in small_town.letters() if one.to_name == "Alice"]
    assert "Statusrapport" in letter.subject
    assert "Frida sa ja till förslaget 3 april 2024." in letter.text


def test_her_page_lists_answers_what_comes_and_whom_to_turn_to(
    town: Town, browser: TestClient
) -> None:
    sip = ask(town)
    answered(town, browser, sip, "on_track")
    page = browser.get(f"{link(town)}/mitt").text
    assert "Du får frågan igen senast en vecka före slutdatum, 24 december 2024." in page
    assert "31 december 2024" in page
    assert "Kontakta Frida" in page
    assert "frida@example.org" in page
    assert re.search(r"går breven inte att stänga av", page)


DAY = date(2024, 12, 2)
FAR, NEAR = date(2025, 3, 31), date(2024, 12, 10)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (Told(Says.ON_TRACK, DAY, FAR), "senast en vecka före slutdatum, 24 mars 2025"),
        (Told(Says.ON_TRACK, DAY, FAR), "kan komma tidigare, till exempel i en statusrunda"),
        (Told(Says.ON_TRACK, DAY, NEAR), "om dagen passerar utan att det är klart"),
        (Told(Says.ON_TRACK, DAY, date(2024, 12, 20)), "igen närmare slutdatum, eller när dagen"),
        (Told(Says.LATE, DAY, FAR), "tidigast 10 december 2024"),
        (Told(Says.NOTHING_NEW, DAY), "tidigast 10 december 2024"),
        (Told(Says.DONE, DAY, FAR), "inga fler påminnelser"),
        (Told(Says.NOT_ME, DAY, FAR), "rätt person får frågan"),
        (Told(Says.LATE, DAY, FAR, "maj 2025"), "väntar på processledarens ja eller nej"),
        (
            Told(Says.LATE, DAY, FAR, "maj 2025", stand=Stand(True, "Frida", DAY)),
            "Frida sa ja till förslaget 2 december 2024.",
        ),
        (
            Told(Says.LATE, DAY, FAR, stand=Stand(False, "Frida", DAY, "Vi ses.")),
            "Frida har sett beskedet, 2 december 2024. Skäl: Vi ses.",
        ),
    ],
)
def test_what_follows_is_said_in_a_sentence(told: Told, words: str) -> None:
    assert words in what_follows(told)
