"""A letter that is sent again by hand, and one to whom a round asks, take nothing from anybody.

Not from herself, when it waits past its day; not from the letter of the day beside it; and not from
others who are to be told of the same.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from config import clock, policy
from models.activity import Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState, Notice
from models.letter_kinds import LetterKind
from notifications import notices, silence, status_rounds
from notifications.bag import Bag
from notifications.letters import morning
from notifications.letters.again import again
from notifications.letters.asked_now import write_asked
from notifications.outbox import Words, queue
from tests.cast import Town

pytestmark = pytest.mark.by_turns

MONDAY, TUESDAY, WEDNESDAY = (date(2024, 4, day) for day in (15, 16, 17))


def the_morning_of(town: Town, day: date) -> None:
    told = policy.load(town.settings.home)
    with transaction(town.settings) as session:
        notices.sweep(session, told, day)
        silence.sweep(session, told, day)
    with transaction(town.settings) as session:
        morning.write(session, town.settings, told, day)


def all_fail(town: Town) -> None:
    with transaction(town.settings) as session:
        told = {"state": LetterState.FAILED, "server_said": "552 full"}
        session.execute(update(Letter).values(told))


def sent_again(town: Town, letter_id: int, day: date) -> int | None:
    told = policy.load(town.settings.home)
    with transaction(town.settings) as session:
        return again(session, town.settings, told, letter_id, day)


def letters(town: Town) -> list[Letter]:
    with reading(town.settings) as session:
        return list(session.execute(select(Letter).order_by(c(Letter).id)).scalars())


def waited(town: Town, how_long: timedelta) -> None:
    with transaction(town.settings) as session:
        queued = c(Letter).state == LetterState.QUEUED
        values = {"made_at": clock.now() - how_long}
        session.execute(update(Letter).where(queued, c(Letter).made_at.is_not(None)).values(values))


def test_one_sent_by_hand_that_has_not_gone_by_midnight_stands_in_the_next_mornings(
    town: Town,
) -> None:
    town.decided("Vårt", by="2024-05-15")
    the_morning_of(town, MONDAY)
    all_fail(town)
    number = sent_again(town, letters(town)[0].id or 0, TUESDAY)
    waited(town, timedelta(days=1))  # the mail server is away all the night
    the_morning_of(town, WEDNESDAY)
    by_hand, mornings = letters(town)[1:]
    assert (by_hand.id, by_hand.state) == (number, LetterState.REPLACED)
    assert "Vårt" in mornings.text
    assert [one.id for one in Bag(town.settings).fill(100)] == [mornings.id]


def test_one_sent_by_hand_that_failed_is_made_anew_when_it_is_sent_once_more(town: Town) -> None:
    town.decided("Vårt", by="2024-05-15")
    the_morning_of(town, MONDAY)
    all_fail(town)
    first = sent_again(town, letters(town)[0].id or 0, TUESDAY)
    all_fail(town)
    second = sent_again(town, first or 0, WEDNESDAY)
    assert second not in (None, first)
    assert "Vårt" in letters(town)[-1].text
    assert [one.id for one in Bag(town.settings).fill(100)] == [second]


def test_the_days_letter_and_one_by_hand_keep_their_own_when_both_have_waited(town: Town) -> None:
    town.decided("Vårt", by="2024-05-15")
    town.decided("Annat", by="2024-05-16")
    the_morning_of(town, MONDAY)
    all_fail(town)
    the_morning_of(town, TUESDAY)
    sent_again(town, letters(town)[0].id or 0, TUESDAY)
    waited(town, timedelta(minutes=15))
    Bag(town.settings).fill(100)
    days, by_hand = letters(town)[1:]
    assert ("Annat" in days.text, "Vårt" in days.text) == (True, False)
    assert ("Annat" in by_hand.text, "Vårt" in by_hand.text) == (False, True)
    assert "skickas igen för hand" in by_hand.text


def test_who_has_had_one_by_hand_today_sees_the_other_in_the_list_still(town: Town) -> None:
    with transaction(town.settings) as session:
        for which in ("ett", "två"):
            words = Words(f"Protokoll {which}", "t", "<body>h</body>")
            told = (session, town.settings, town.alice, LetterKind.MINUTES, words)
            queue(*told, today=MONDAY, occasion=which)
        bounced = {"state": LetterState.BOUNCED, "server_said": "5.2.2 full"}
        session.execute(update(Letter).values(bounced))
    assert sent_again(town, letters(town)[1].id or 0, TUESDAY) is not None
    assert sent_again(town, letters(town)[0].id or 0, TUESDAY) is None
    assert [one.seen_to_at is not None for one in letters(town)[:2]] == [False, True]


def test_who_is_asked_at_once_takes_nothing_from_who_shares_it(town: Town) -> None:
    """Frida asks Alice of a round; the deadline that she has with Bob is his to hear of as well."""
    town.decided("Vårt", by="2024-12-15")
    shared = town.decided("Gemensamt", by="2024-05-15", person=town.alice)
    town.change(shared, group_id=town.bjork)
    told = policy.load(town.settings.home)
    with transaction(town.settings) as session:
        row = Responsibility(activity_id=shared, kind=Answerable.PERSON, words="Bob")
        row.person_id = town.bob
        session.add(row)
    with transaction(town.settings) as session:
        round_id = status_rounds.open_now(session, told, town.alm, MONDAY, "Frida")
        notices.sweep(session, told, MONDAY)
    with transaction(town.settings) as session:
        status_rounds.remind(session, round_id, MONDAY)
        write_asked(session, town.settings, told, round_id, MONDAY)
    assert "Gemensamt" in letters(town)[0].text
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(state=LetterState.SENT, done_at=clock.now()))
    the_morning_of(town, TUESDAY)
    later = letters(town)[1:]
    assert [one.person_id for one in later if "Gemensamt" in one.text] == [town.bob]
    with reading(town.settings) as session:
        waiting = select(c(Notice).id).where(c(Notice).written_on.is_(None))
        assert session.execute(waiting).scalars().all() == []
