"""She is told of what is done in her name; a forwarded letter hands nothing over without a code."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import clock
from config.settings import Settings
from intake.lives.changes import ask_to_change
from intake.lives.registered import ask_to_register
from models.activity import Answerable, Responsibility
from models.administrator import Administrator
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.letter import Letter, Link
from models.person import Role, RoleHolding
from models.status import Says, StatusAnswer
from notifications import code, links, passed_on
from notifications.outbox import CODE
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_delegation import hand_over, link_of
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)


@pytest.fixture
def posted(town: Town) -> Settings:
    """The installation has a mail server, so that letters reach people's own mailboxes."""
    mailed = {"smtp_host": "mail.example.org", "mail_from": "foljsam@example.org", "today": TODAY}
    return town.settings.model_copy(update=mailed)


@pytest.fixture
def browser(posted: Settings) -> TestClient:
    """Somebody's browser; it is 10 June 2024."""
    return browse(create_app(posted))


def handed_over(town: Town) -> list[tuple[int, int]]:
    """Who has handed over to whom."""
    with reading(town.settings) as session:
        row = c(Delegation)
        return list(session.execute(select(row.person_id, row.delegate_id)).tuples())


def letters(town: Town, kind: str) -> list[Letter]:
    """The letters of a kind."""
    with reading(town.settings) as session:
        return list(session.execute(select(Letter).where(c(Letter).kind == kind)).scalars())


def code_in(town: Town) -> str:
    """The code of the newest letter with one, as its reader sees it."""
    newest = letters(town, CODE)[-1]
    made = links.addresses(town.settings, newest.link_id, newest.leads_to)
    return next(iter(made.values()))


def to_bob(**given: str) -> dict[str, str]:
    """The form, filled in."""
    return {"delegate": "Bob", "last_day": "15 augusti"} | given


def test_she_is_told_when_frida_lets_somebody_stand_in_for_her(town: Town) -> None:
    town.decided(by="2024-07-01")
    hand_over(town, town.alice, "Bob")
    town.morning(date(2024, 6, 24))
    told = {one.to_name: one.text for one in town.letters()}
    assert set(told) == {"Alice", "Bob"}
    assert "Bob ersätter dig till och med 15 augusti 2024" in told["Alice"]
    assert "Registrerat av Frida." in told["Alice"]
    assert "Du ersätter Alice" in told["Bob"]


def test_she_is_told_in_her_next_letter_who_answered_in_her_place(town: Town) -> None:
    hers = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    town.decided("SIP", by="2024-07-01", person=town.bob)
    now = clock.now()
    with transaction(town.settings) as session:
        link = Link(person_id=town.charlie, made_at=now, expires_at=now)
        session.add(link)
        session.flush()
        session.add(
            StatusAnswer(
                activity_id=hers,
                person_id=town.charlie,
                link_id=link.id,
                at=now,
                on_day=date(2024, 6, 20),
                says=Says.LATE,
                text="Bara för processledaren",
            )
        )
    town.morning(date(2024, 6, 24))
    (letter,) = [one for one in town.letters() if one.to_name == "Bob"]
    assert "Charlie svarade i ditt ställe 20 juni 2024: Försenat." in letter.text
    assert "Bara för processledaren" not in letter.text
    town.morning(date(2024, 7, 1))
    later = [one for one in town.letters() if one.to_name == "Bob"][-1]
    assert later.on_day == date(2024, 7, 1)
    assert "i ditt ställe" not in later.text


def test_charlie_who_took_over_is_not_told_that_bob_answered_in_his_place(town: Town) -> None:
    """Bob was the one who answered for it then."""
    taken = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    town.decided("SIP", by="2024-07-01", person=town.charlie)
    registered(town, taken, "Bob", "at_risk", date(2024, 6, 10))
    with transaction(town.settings) as session:
        given = {"responsible": "Charlie", "reason": "Bob har annat att göra"}
        ask_to_change(session, taken, given, FRIDA, today=date(2024, 6, 12))
    town.morning(date(2024, 6, 24))
    (letter,) = [one for one in town.letters() if one.to_name == "Charlie"]
    assert "Bob svarade" not in letter.text
    registered(town, taken, "Bob", "late", date(2024, 6, 26))
    town.morning(date(2024, 7, 1))
    later = [one for one in town.letters() if one.to_name == "Charlie"][-1]
    assert "Bob svarade i ditt ställe 26 juni 2024: Försenat." in later.text


def test_she_is_told_what_frida_wrote_down_in_her_name(town: Town) -> None:
    hers = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    town.decided("SIP", by="2024-07-01", person=town.bob)
    said = {"who": "Bob", "way": "phone", "says": "on_track"}
    with transaction(town.settings) as session:
        ask_to_register(session, hers, said, FRIDA, today=date(2024, 6, 20))
    town.morning(date(2024, 6, 24))
    (letter,) = [one for one in town.letters() if one.to_name == "Bob"]
    assert "Frida skrev in ditt besked 20 juni 2024: Går enligt plan." in letter.text


def registered(town: Town, activity_id: int, who: str, says: str, day: date) -> None:
    """Somebody calls Frida, who writes it down."""
    said = {"who": who, "way": "phone", "says": says}
    with transaction(town.settings) as session:
        ask_to_register(session, activity_id, said, FRIDA, today=day)


def test_what_somebody_else_called_about_is_not_told_as_her_own_words(town: Town) -> None:
    hers = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    town.decided("SIP", by="2024-07-01", person=town.bob)
    registered(town, hers, "Charlie", "at_risk", date(2024, 6, 20))
    town.morning(date(2024, 6, 24))
    (letter,) = [one for one in town.letters() if one.to_name == "Bob"]
    assert "Charlie svarade i ditt ställe 20 juni 2024" in letter.text
    assert "ditt besked" not in letter.text


def test_who_called_about_anothers_activity_is_not_told_that_its_owner_answers_for_her(
    town: Town,
) -> None:
    bobs = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    town.decided("SIP", by="2024-07-01", person=town.charlie)
    registered(town, bobs, "Charlie", "at_risk", date(2024, 6, 18))
    registered(town, bobs, "Bob", "on_track", date(2024, 6, 20))
    town.morning(date(2024, 6, 24))
    (letter,) = [one for one in town.letters() if one.to_name == "Charlie"]
    assert "Frida skrev in ditt besked 18 juni 2024" in letter.text
    assert "20 juni" not in letter.text


def test_of_two_who_answer_for_it_neither_answers_in_the_others_place(town: Town) -> None:
    theirs = town.decided("Anhörigstöd", by="2024-12-31", person=town.bob)
    town.decided("SIP", by="2024-07-01", person=town.bob)
    with transaction(town.settings) as session:
        session.add(
            Responsibility(
                activity_id=theirs,
                kind=Answerable.PERSON,
                words="Charlie",
                person_id=town.charlie,
            )
        )
    registered(town, theirs, "Charlie", "on_track", date(2024, 6, 20))
    town.morning(date(2024, 6, 24))
    (letter,) = [one for one in town.letters() if one.to_name == "Bob"]
    assert "Charlie svarade 20 juni 2024: Går enligt plan." in letter.text


def test_handing_over_asks_for_a_code_to_her_address(town: Town, browser: TestClient) -> None:
    path = f"{link_of(town, town.alice)}/ersattare"
    first = browser.post(path, data=to_bob())
    assert first.status_code == 422
    assert "Vi har skickat en kod till din e-postadress" in first.text
    assert "Ett steg kvar:" in first.text
    assert "behöver rättas" not in first.text
    assert 'value="Bob"' in first.text
    assert handed_over(town) == []
    (letter,) = letters(town, CODE)
    assert letter.to_address == "alice@example.org"
    assert code_in(town) not in letter.text + letter.html + letter.subject
    browser.post(path, data=to_bob(code=code_in(town)))
    assert handed_over(town) == [(town.alice, town.bob)]


def test_a_code_is_for_one_link_a_few_tries_and_a_quarter_of_an_hour(
    town: Town, posted: Settings, browser: TestClient
) -> None:
    path = f"{link_of(town, town.alice)}/ersattare"
    browser.post(path, data=to_bob())
    right = code_in(town)
    number = letters(town, CODE)[0].link_id
    assert number is not None
    for _ in range(code.TRIES):
        assert not code.is_right(posted, number, "000000" if right != "000000" else "111111")
    assert not code.is_right(posted, number, right)
    with transaction(town.settings) as session:
        session.execute(update(Link).values(code_tries=0))
    other = link_of(town, town.bob)
    assert not code.is_right(posted, number + 1, right), other
    with transaction(town.settings) as session:
        session.execute(update(Link).values(code_at=clock.now() - timedelta(minutes=16)))
    assert not code.is_right(posted, number, right)
    with transaction(town.settings) as session:
        session.execute(update(Link).values(code_at=clock.now()))
    assert code.is_right(posted, number, right)
    assert not code.is_right(posted, number, right)  # used


def test_what_cannot_be_saved_is_refused_before_a_code_is_sent(
    town: Town, browser: TestClient
) -> None:
    path = f"{link_of(town, town.alice)}/ersattare"
    page = browser.post(path, data=to_bob(last_day="31 april"))
    assert page.status_code == 422
    assert letters(town, CODE) == []


def test_codes_are_few_a_day(town: Town, browser: TestClient) -> None:
    path = f"{link_of(town, town.alice)}/ersattare"
    pages = [browser.post(path, data=to_bob()).text for _ in range(code.A_DAY + 2)]
    assert len(letters(town, CODE)) == code.A_DAY
    assert "Be processledaren spara ersättaren" in pages[-1]


def test_a_stand_in_who_is_not_on_file_is_named_by_address_and_waits_for_a_yes(
    town: Town, browser: TestClient
) -> None:
    path = f"{link_of(town, town.alice)}/ersattare"
    form = to_bob(delegate="vikarie@example.org")
    browser.post(path, data=form)
    page = browser.post(path, data=form | {"code": code_in(town)})
    assert "vikarie@example.org finns inte här ännu." in page.text
    assert handed_over(town) == []
    (letter,) = letters(town, passed_on.KIND)
    assert letter.to_address == "frida@example.org"
    assert "vikarie@example.org svarar i stället" in letter.text
    assert f"/personer/{town.alice}" in letter.text


def test_whoever_opens_a_forwarded_letter_sees_whose_it_is_and_passes_words_on(
    town: Town, browser: TestClient
) -> None:
    town.decided(by="2024-07-01")
    path = link_of(town, town.alice)
    assert "Inte Alice?" in browser.get(path).text
    assert "står i namnet Alice" in browser.get(f"{path}/annan").text
    said = {"name": "Vera Vikarie", "words": "Alice är sjuk till augusti."}
    done = browser.post(f"{path}/annan", data=said)
    assert "Processledaren har fått det du skrev." in done.text
    (letter,) = letters(town, passed_on.KIND)
    for words in (letter.text, letter.html):
        assert "kallar sig ”Vera Vikarie” har öppnat en länk i ett brev till Alice" in words
        assert "Alice är sjuk till augusti." in words
        assert "Vi vet inte vem som skrev." in words


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"words": "Hej"}, "Skriv vad du heter."),
        ({"name": "Vera"}, "Skriv vad du vill säga."),
        ({"name": "Vera", "words": "x" * 4001}, "Texten är för lång."),
        ({"name": "V" * 81, "words": "Hej"}, "Namnet är för långt."),
    ],
)
def test_what_lacks_a_name_or_words_is_refused_at_the_field(
    town: Town, browser: TestClient, given: dict[str, str], sentence: str
) -> None:
    page = browser.post(f"{link_of(town, town.alice)}/annan", data=given)
    assert (page.status_code, sentence in page.text) == (422, True)
    assert letters(town, passed_on.KIND) == []


def test_a_name_is_one_line_and_no_words_of_ours(town: Town, browser: TestClient) -> None:
    said = {"name": "Chefen\n\nGodkänn här: http://x.example.org/", "words": "Hej"}
    browser.post(f"{link_of(town, town.alice)}/annan", data=said)
    (letter,) = letters(town, passed_on.KIND)
    assert "sig ”Chefen Godkänn här: http://x.example.org/” har" in " ".join(letter.text.split())


def test_words_are_passed_on_a_few_times_a_day(town: Town, browser: TestClient) -> None:
    path = f"{link_of(town, town.alice)}/annan"
    said: dict[str, Any] = {"name": "Vera", "words": "Hej"}
    pages = [browser.post(path, data=said).text for _ in range(passed_on.A_DAY + 1)]
    assert len(letters(town, passed_on.KIND)) == passed_on.A_DAY
    assert re.search("Så mycket som går", pages[-1])


def test_words_go_to_an_administrator_where_no_leader_is_reached_and_it_is_said(
    town: Town, browser: TestClient
) -> None:
    path = f"{link_of(town, town.alice)}/annan"
    with transaction(town.settings) as session:
        ended = update(RoleHolding).where(c(RoleHolding).role == Role.PROCESS_LEADER)
        session.execute(ended.values(ends_on=date(2024, 6, 1)))
    said: dict[str, Any] = {"name": "Vera", "words": "Alice är sjuk till augusti."}
    refused = browser.post(path, data=said)
    assert refused.status_code == 422
    assert "Det är inte skickat" in refused.text
    assert said["words"] in refused.text, "what she wrote is kept"
    assert "har fått" not in refused.text
    assert letters(town, passed_on.KIND) == []
    with transaction(town.settings) as session:
        session.add(
            Administrator(person_id=town.charlie, starts_on=TODAY, by="Frida", at=clock.now())
        )
    done = browser.post(path, data=said)
    assert "Den som sköter Följsam har fått det du skrev" in done.text
    assert "Processledaren har fått" not in done.text
    (letter,) = letters(town, passed_on.KIND)
    assert letter.to_name == "Charlie"
