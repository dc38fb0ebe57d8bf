"""Handing over for a while: by Alice through her link or Frida for her; dated, checked, ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from config import clock
from intake.people.delegation import EVERYTHING, Scope, delegate, end_delegation
from models.columns import c
from models.database import reading, transaction
from models.delegation import Delegation
from models.group import RegisterNote
from models.letter import Link
from models.moves import Refused
from models.person import Person
from notifications.directory import answering_now, answers_for
from notifications.links import address
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)


def hand_over(
    town: Town,
    person: int,
    to: str,
    last_day: str = "15 augusti",
    *,
    scope: Scope = EVERYTHING,
    today: date = TODAY,
    **given: str,
) -> int:
    """Frida writes down who answers instead."""
    fields = {"delegate": to, "last_day": last_day, **given}
    with transaction(town.settings) as session:
        return delegate(session, person, fields, FRIDA, today=today, scope=scope)


def refused(town: Town, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401
    with pytest.raises(Refused) as said:
        hand_over(town, *args, **kwargs)
    return str(said.value)


def asked(town: Town, activity: int, today: date = TODAY) -> list[str]:
    with reading(town.settings) as session:
        return [f"{w.name}, {w.how}" for w in answering_now(session, activity, today)]


def link_of(town: Town, person: int) -> str:
    """The address of a live link, without the host."""
    now = clock.now()
    with transaction(town.settings) as session:
        link = Link(person_id=person, made_at=now, expires_at=now + timedelta(days=9))
        session.add(link)
        session.flush()
        assert link.id is not None
        return address(town.settings, link.id).removeprefix(town.settings.pages_url)


def test_until_15_august_bob_answers_for_alice_and_then_alice_again(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    hand_over(town, town.alice, "Bob")
    assert asked(town, sip) == ["Bob, ersätter Alice, ordförande i NOSAM Alm, till 15 augusti 2024"]
    assert asked(town, sip, date(2024, 8, 15))[0].startswith("Bob")
    assert asked(town, sip, date(2024, 8, 16)) == ["Alice, via ordförande i NOSAM Alm"]


def test_the_letter_goes_to_the_one_who_stands_in(town: Town) -> None:
    town.decided(by="2024-07-01")
    hand_over(town, town.alice, "bob@example.org")
    town.morning(date(2024, 6, 24))
    letter = next(one for one in town.letters() if one.to_name == "Bob")
    assert "ersättare för Alice, ordförande i NOSAM Alm, till 15 augusti 2024" in letter.text


def test_what_is_handed_over_stands_among_what_the_stand_in_answers_for(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    other = town.decided("Nätverk", by="2024-12-31")
    hand_over(town, town.alice, "Bob", scope=Scope(activity_id=sip))
    with reading(town.settings) as session:
        assert [one.activity_id for one in answers_for(session, town.bob, TODAY)] == [sip]
        assert [one.activity_id for one in answers_for(session, town.alice, TODAY)] == [other]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("", "15 januari", (date(2024, 12, 22), date(2025, 1, 15))),
        ("2 januari", "15 januari", (date(2025, 1, 2), date(2025, 1, 15))),
        ("20 december", "7 januari", (date(2024, 12, 22), date(2025, 1, 7))),
        ("27 december", "7 januari", (date(2024, 12, 27), date(2025, 1, 7))),
        ("27 december", "31 december", (date(2024, 12, 27), date(2024, 12, 31))),
    ],
)
def test_over_new_year_a_day_without_a_year_is_the_one_that_comes(
    small_town: Town, first: str, last: str, days: tuple[date, date]
) -> None:
    hand_over(small_town, small_town.alice, "Bob", last, today=date(2024, 12, 22), first_day=first)
    d = c(Delegation)
    with reading(small_town.settings) as session:
        assert session.execute(select(d.first_day, d.last_day)).tuples().all() == [days]


def test_a_first_day_after_the_last_is_refused_over_new_year_too(small_town: Town) -> None:
    december = {"today": date(2024, 12, 22), "first_day": "20 januari"}
    told = refused(small_town, small_town.alice, "Bob", "15 januari", **december)
    assert "Sista dagen 15 januari 2025 är före första dagen 20 januari 2025." in told


def test_a_day_that_has_been_is_not_taken_for_one_a_year_ahead(small_town: Town) -> None:
    told = refused(small_town, small_town.alice, "Bob", "3 juni")
    assert "3 juni 2024 har redan varit." in told


def test_a_role_is_handed_over_and_nothing_else(town: Town) -> None:
    hers = town.decided(by="2024-12-31", person=town.alice)
    groups = town.decided("Nätverk", by="2024-12-31")
    hand_over(town, town.alice, "Bob", scope=Scope(group_id=town.alm, role="ordförande"))
    assert asked(town, hers) == ["Alice, "]
    assert asked(town, groups)[0].startswith("Bob")


def test_ended_it_counts_no_more_and_stays_on_file_with_both_peoples_history(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    number = hand_over(town, town.alice, "Bob")
    with transaction(town.settings) as session:
        end_delegation(session, number, FRIDA, today=TODAY)
    assert asked(town, sip) == ["Alice, via ordförande i NOSAM Alm"]
    with reading(town.settings) as session:
        assert session.get_one(Delegation, number).ended_on == TODAY
        words = session.execute(
            select(c(RegisterNote).words).where(c(RegisterNote).person_id == town.bob)
        )
        assert list(words.scalars()) == [
            "Bob ersätter Alice från 10 juni 2024 till 15 augusti 2024.",
            "Bob ersätter inte längre Alice.",
        ]
    with pytest.raises(Refused), transaction(town.settings) as session:
        end_delegation(session, number, FRIDA, today=TODAY)


def test_two_stand_ins_for_the_same_thing_on_the_same_days_are_refused(town: Town) -> None:
    hand_over(town, town.alice, "Bob")
    told = refused(town, town.alice, "Charlie", "1 september", first_day="15 augusti")
    assert told.startswith("Bob ersätter redan Alice från 10 juni 2024 till 15 augusti 2024.")
    hand_over(town, town.alice, "Charlie", "1 september", first_day="16 augusti")


def test_a_circle_is_refused_however_long(town: Town) -> None:
    hand_over(town, town.alice, "Bob")
    assert "kommer tillbaka till Bob" in refused(town, town.bob, "Alice")
    hand_over(town, town.bob, "Charlie")
    assert "kommer tillbaka till Charlie" in refused(town, town.charlie, "Alice")
    hand_over(town, town.charlie, "Alice", "31 oktober", first_day="1 september")


def test_a_chain_is_followed_for_a_few_steps_and_a_longer_one_is_refused(town: Town) -> None:
    with transaction(town.settings) as session:
        session.add(Person(name="Dan", email="dan@example.org"))
    hand_over(town, town.alice, "Bob")
    hand_over(town, town.bob, "Charlie")
    hand_over(town, town.charlie, "Frida")
    assert "i för många led" in refused(town, town.frida, "Dan")
    sip = town.decided(by="2024-12-31")
    assert asked(town, sip)[0].startswith("Frida, ersätter Alice")


@pytest.mark.parametrize(
    ("to", "last_day", "sentence"),
    [
        ("", "15 augusti", "Skriv vem som svarar i stället"),
        ("Eva", "15 augusti", "”Eva” finns inte bland personerna"),
        ("Alice", "15 augusti", "Ersättaren måste vara någon annan."),
        ("Bob", "", "Skriv till och med vilken dag"),
        ("Bob", "snarast", "”snarast”"),
        ("Bob", "2024-05-01", "1 maj 2024 har redan varit"),
        ("Bob", "2026-01-01", "högst ett år"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    small_town: Town, to: str, last_day: str, sentence: str
) -> None:
    assert sentence in refused(small_town, small_town.alice, to, last_day)
    with reading(small_town.settings) as session:
        assert session.execute(select(c(Delegation).id)).all() == []


def test_everything_that_is_wrong_is_said_at_once(small_town: Town) -> None:
    told = refused(small_town, small_town.alice, "Eva", "aldrig")
    assert "”Eva”" in told
    assert "”aldrig”" in told


def test_who_cannot_be_reached_or_has_left_does_not_stand_in(small_town: Town) -> None:
    with transaction(small_town.settings) as session:
        session.execute(
            update(Person)
            .where(c(Person).id == small_town.bob)
            .values(unreachable_since=clock.now(), unreachable_why="550 okänd")
        )
        session.execute(
            update(Person)
            .where(c(Person).id == small_town.charlie)
            .values(left_on=date(2024, 5, 31))
        )
    assert "Brev till Bob kommer inte fram sedan" in refused(small_town, small_town.alice, "Bob")
    assert "Charlie slutade 31 maj 2024." in refused(small_town, small_town.alice, "Charlie")


def test_alice_hands_over_through_her_link_and_takes_it_back(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    told = town.settings.model_copy(update={"today": TODAY})
    page = link_of(town, town.alice) + "/ersattare"
    browser = browse(create_app(told))
    form = browser.get(page).text
    assert "Låt någon svara i ditt ställe" in form
    assert asked(town, sip)[0].startswith("Alice")  # looking changes nothing
    wrong = browser.post(page, data={"delegate": "Eva", "last_day": "15 augusti"})
    assert wrong.status_code == 422
    assert 'value="Eva"' in wrong.text
    saved = browser.post(page, data={"delegate": "Bob", "last_day": "15 augusti"}).text
    assert "Sparat. Bob svarar i ditt ställe från 10 juni 2024 till 15 augusti 2024." in saved
    assert "Sparat." not in browser.get(f"{page}?sparad=4711").text
    assert asked(town, sip)[0].startswith("Bob, ersätter Alice")
    with reading(told) as session:
        row = session.execute(select(c(Delegation).id, c(Delegation).by)).one()
    assert row.by == "Alice"
    browser.post(page, data={"delegation": str(row.id)})
    assert asked(town, sip)[0].startswith("Alice")


def test_a_stand_in_who_is_to_come_and_is_ended_is_told_of_no_more(town: Town) -> None:
    """She was listed with a button that did nothing until the day on which she would have begun."""
    town.decided(by="2024-12-31")
    told = town.settings.model_copy(update={"today": TODAY})
    browser = browse(create_app(told))
    hers = f"/personer/{town.alice}"
    coming = {"delegate": "Bob", "first_day": "1 augusti", "last_day": "15 augusti"}
    assert "Bob svarar för allt" in browser.post(f"{hers}/ersattare", data=coming).text
    with reading(told) as session:
        number = session.execute(select(c(Delegation).id)).scalar_one()
    browser.post(f"{hers}/avsluta-ersattare", data={"delegation": str(number)})
    assert "Bob svarar för allt" not in browser.get(hers).text
    assert "Bob svarar för allt" in browser.post(f"{hers}/ersattare", data=coming).text


def test_a_link_hands_over_only_what_is_its_owners(small_town: Town) -> None:
    bobs = small_town.decided(by="2024-12-31", person=small_town.bob)
    told = small_town.settings.model_copy(update={"today": TODAY})
    number = hand_over(small_town, small_town.bob, "Charlie")
    page = link_of(small_town, small_town.alice) + "/ersattare"
    browser = browse(create_app(told))
    fields = {"delegate": "Frida", "last_day": "15 augusti", "scope": f"aktivitet-{bobs}"}
    assert browser.post(page, data=fields).status_code == 422
    assert browser.post(page, data={"delegation": str(number)}).status_code == 422
    assert asked(small_town, bobs)[0].startswith("Charlie")
    assert browser.get("/svar/forged/ersattare").status_code == 403


def test_frida_lets_bob_answer_for_one_activity_from_its_page(small_town: Town) -> None:
    sip = small_town.decided(by="2024-12-31")
    browser = browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))
    fields = {"for": str(small_town.alice), "delegate": "Bob", "last_day": "15 augusti"}
    browser.post(f"/aktiviteter/{sip}/ersattare", data=fields)
    assert asked(small_town, sip)[0].startswith("Bob")
    assert "Bob svarar i stället för Alice" in browser.get(f"/aktiviteter/{sip}").text
    wrong = browser.post(f"/aktiviteter/{sip}/ersattare", data={**fields, "for": "999"})
    assert wrong.status_code == 422


def test_two_that_hand_over_to_each_other_at_once_make_no_circle(town: Town) -> None:
    def try_it(person: int, to: str) -> bool:
        try:
            hand_over(town, person, to)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(try_it, (town.alice, town.bob), ("Bob", "Alice")))
    assert sorted(done) == [False, True]
