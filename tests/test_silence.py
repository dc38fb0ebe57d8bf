"""Silence goes up the line, politely: the chair, then Frida; and it stops when somebody answers."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from config import clock, policy
from models.columns import c
from models.database import transaction
from models.letter import Link
from models.lifecycle import Brought, Move
from models.plan import Plan
from models.status import Says, StatusAnswer
from rules.calendar import is_quiet, working_days_before
from rules.wording import tried_in_words
from tests.cast import Town

pytestmark = pytest.mark.by_turns
DUE = date(2024, 5, 31)


def days(town: Town, first: str, last: str) -> None:
    """Every morning from a day to another that is not quiet."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        if not is_quiet(policy.load(), day):
            town.morning(day)
        day += timedelta(days=1)


def told(town: Town) -> list[tuple[str, date]]:
    """Who was told of a silence, and when."""
    return [
        (letter.to_name, letter.on_day)
        for letter in town.letters()
        if "Ingen har svarat sedan" in letter.text
    ]


def answer(town: Town, activity_id: int, person: int, on_day: date, words: str = "") -> None:
    """Somebody answers."""
    now = clock.now()
    with transaction(town.settings) as session:
        link = session.execute(
            insert(Link).values(person_id=person, made_at=now, expires_at=now).returning(c(Link).id)
        ).scalar_one()
        session.execute(
            insert(StatusAnswer).values(
                activity_id=activity_id,
                person_id=person,
                link_id=link,
                at=now,
                on_day=on_day,
                says=Says.ON_TRACK,
                text=words,
                figure="",
                instead="",
                proposed_text="",
                proposed_precision="none",
            )
        )


def test_bobs_silence_reaches_alice_after_ten_working_days_and_frida_after_fifteen(
    town: Town,
) -> None:
    town.decided(by=DUE, person=town.bob)
    days(town, "2024-05-01", "2024-07-05")
    assert told(town) == [("Alice", date(2024, 6, 18)), ("Frida", date(2024, 6, 26))]
    first, second = (each for each in town.letters() if "Ingen har svarat sedan" in each.text)
    assert "Bob fick frågan 3 och 7 juni." in first.text
    assert "Du får frågan som ordförande i NOSAM Alm." in first.text
    assert "Bob fick frågan 3 och 7 juni, Alice 18 juni." in second.text
    assert "Bob fick frågan 3 och 7 juni, Alice 18 juni." in second.html


def test_who_was_only_told_what_is_lacking_was_not_asked_and_is_told_of_the_silence(
    small_town: Town,
) -> None:
    """Frida reads on 10 June that it has no goal. That is no question of how it goes."""
    town = small_town
    town.decided(by=DUE, person=town.bob, goal=False)
    days(town, "2024-05-31", "2024-06-26")
    assert ("Frida", date(2024, 6, 26)) in told(town)
    lacking = [each for each in town.letters() if "saknar mål" in each.text]
    assert any(each.to_name == "Frida" and each.on_day > DUE for each in lacking)
    assert not any("Frida fick frågan" in each.text for each in town.letters())


def test_a_reminder_before_the_day_is_no_question_that_has_to_be_answered(town: Town) -> None:
    town.decided(by=DUE, person=town.bob)
    days(town, "2024-05-01", "2024-05-31")
    assert len(town.letters()) == 3
    assert told(town) == []


def test_an_answer_stops_the_silence_at_once(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-17")
    answer(town, sip, town.bob, date(2024, 6, 17))
    days(town, "2024-06-18", "2024-07-01")
    assert told(town) == []


def test_alices_answer_keeps_the_question_from_frida(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-18")
    answer(town, sip, town.alice, date(2024, 6, 19))
    days(town, "2024-06-19", "2024-07-05")
    assert told(town) == [("Alice", date(2024, 6, 18))]


def test_a_move_a_pause_or_another_day_stops_it_too(town: Town) -> None:
    started = town.decided("Startad", by=DUE, person=town.bob)
    paused = town.decided("Pausad", by=DUE, person=town.bob)
    moved = town.decided("Flyttad", by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-14")
    town.move(started, Move.START, today=date(2024, 6, 14))
    pause = Brought(reason="Sjuk", resume_on=date(2024, 9, 1), stand_in_group_id=town.bjork)
    town.move(paused, Move.PAUSE, pause, today=date(2024, 6, 14))
    later = date(2024, 12, 31)
    town.change(moved, deadline_first=later, deadline_last=later)
    days(town, "2024-06-17", "2024-06-26")
    assert told(town) == []


def test_when_the_chair_was_the_one_who_was_silent_only_frida_is_told(town: Town) -> None:
    town.decided(by=DUE)
    days(town, "2024-06-03", "2024-07-05")
    assert told(town) == [("Frida", date(2024, 6, 26))]


def test_after_an_outage_the_step_that_is_reached_speaks_for_the_missed_one(town: Town) -> None:
    town.decided(by=DUE, person=town.bob)
    town.morning("2024-06-03")
    town.morning("2024-07-01")
    town.morning("2024-07-02")
    assert told(town) == [("Frida", date(2024, 7, 1))]


def test_two_silences_after_each_other_are_two(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-26")
    answer(town, sip, town.bob, date(2024, 6, 27))
    days(town, "2024-06-27", "2024-09-30")
    assert [name for name, _ in told(town)] == ["Alice", "Frida", "Alice", "Frida"]


def test_grace_is_counted_in_working_days() -> None:
    # Ten working days back from 18 June 2024, with the national day and two weekends between.
    assert working_days_before(policy.load(), date(2024, 6, 18), 10) == date(2024, 6, 3)


def test_who_was_asked_is_said_in_one_sentence() -> None:
    june = [date(2024, 6, 3), date(2024, 6, 10)]
    tried = [("Alice Ek", june[0]), ("Alice Ek", june[1]), ("Bob", date(2024, 6, 17))]
    assert tried_in_words(tried) == "Alice Ek fick frågan 3 och 10 juni, Bob 17 juni."
    assert tried_in_words([]) == ""
    winter = [("Bob", date(2024, 12, 16)), ("Bob", date(2025, 1, 9))]
    assert tried_in_words(winter) == "Bob fick frågan 16 december, 9 januari."
    years = [("Bob", date(2024, 3, 15)), ("Bob", date(2025, 3, 17))]
    assert tried_in_words(years) == "Bob fick frågan 15 mars 2024, 17 mars 2025."


def test_money_is_reminded_of_like_a_deadline(town: Town) -> None:
    sip = town.decided(by="2025-12-31")
    town.change(sip, funding_text="400 000 kr", funding_last=date(2024, 12, 31))
    town.morning("2024-12-17")
    assert town.rungs(sip) == [("funding", 14)]
    assert "Medlen ska användas senast 31 december 2024 (om 14 dagar)." in town.letters()[0].text


def test_a_plan_may_have_a_ladder_of_its_own(town: Town) -> None:
    (town.settings.home / "policy.toml").write_text(
        '[plan."Plan 2024".deadline]\ndefault = [100, -1]\n', "utf-8"
    )
    policy.load.cache_clear()
    sip = town.decided(by="2024-12-31")
    town.morning("2024-10-01")
    town.morning("2024-12-02")
    assert town.rungs(sip) == [("deadline", 100)]
    with transaction(town.settings) as session:
        session.execute(update(Plan).values(title="Plan: 'annan'"))
    town.change(sip, deadline_last=date(2025, 1, 1))
    town.morning("2024-12-03")
    assert town.rungs(sip) == [("deadline", 100), ("deadline", 30)]


def test_a_letter_has_a_reference_and_goes_back_to_frida_when_somebody_replies(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    (letter,) = town.letters()
    assert re.search(r" \[F-[2-9A-Z]{5}\]$", letter.subject)
    assert letter.reply_to == "frida@example.org"
