"""Asked means delivered: a person counts as asked when her letter went and has not come back."""

from datetime import date

import pytest
from sqlalchemy import select, update

from cli.mailbox import Mailbox
from config import clock
from models.columns import c
from models.database import transaction
from models.letter import Letter, LetterState, Link
from models.span import Precision
from models.status import Says, Settled, StatusAnswer
from notifications import bounces
from tests.cast import Town
from tests.test_bounces import notice
from tests.test_delegation import hand_over
from tests.test_postman import post, with_server
from tests.test_silence import days, told

pytestmark = pytest.mark.by_turns
DUE = date(2024, 5, 31)


def waits(town: Town) -> None:
    """A mail server is set, and no postman walks: what is written waits."""
    town.settings = with_server(town.settings, 1)


def test_bob_whose_letter_never_left_was_not_asked_and_nobody_is_told_that_he_is_silent(
    town: Town,
) -> None:
    town.decided(by=DUE, person=town.bob)
    waits(town)
    days(town, "2024-06-03", "2024-07-05")
    *before, last = town.letters()
    assert last.state is LetterState.QUEUED
    assert {letter.state for letter in before} == {LetterState.REPLACED}
    assert told(town) == []


def test_who_stands_in_is_told_of_it_though_the_mail_server_was_away_that_morning(
    town: Town,
) -> None:
    """What asks for no answer waits for the letter that goes, as questions do."""
    town.decided(by="2024-07-01")
    hand_over(town, town.alice, "Bob")
    waits(town)
    town.morning("2024-06-24")
    town.morning("2024-06-25")
    later = {one.to_name: one.text for one in town.letters() if one.on_day == date(2024, 6, 25)}
    assert "Du ersätter Alice" in later["Bob"]
    assert "Bob ersätter dig" in later["Alice"]


def test_grace_runs_from_the_day_the_letter_went(town: Town) -> None:
    town.decided(by=DUE, person=town.bob)
    waits(town)
    town.morning("2024-06-03")
    with transaction(town.settings) as session:
        went = {"state": LetterState.SENT, "done_at": clock.now(), "went_on": date(2024, 6, 10)}
        session.execute(update(Letter).values(**went))
    days(town, "2024-06-11", "2024-06-24")
    assert told(town) == []  # ten working days from the third are over, from the tenth not
    town.morning("2024-06-25")
    assert told(town) == [("Alice", date(2024, 6, 25))]
    assert "Bob fick frågan 10 juni." in town.letters()[-1].text


def test_the_postman_notes_the_day_that_a_letter_went(town: Town, mailbox: Mailbox) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    on_tuesday = with_server(town.settings, mailbox.port).model_copy(
        update={"today": date(2024, 12, 3)}
    )
    assert post(on_tuesday) == 1
    assert town.letters()[0].went_on == date(2024, 12, 3)


def test_without_a_mail_server_the_kept_file_counts(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    assert post(town.settings.model_copy(update={"today": date(2024, 12, 2)})) == 1
    (letter,) = town.letters()
    assert (letter.state, letter.went_on) == (LetterState.KEPT, date(2024, 12, 2))


def test_a_letter_that_bounced_asked_nobody_and_its_question_is_put_anew(town: Town) -> None:
    town.decided(by=DUE, person=town.bob)
    town.settings = with_server(town.settings, 1).model_copy(
        update={"bounce_address": "studs@example.org"}
    )
    town.morning("2024-06-03")
    with transaction(town.settings) as session:
        went = {"state": LetterState.SENT, "done_at": clock.now(), "went_on": date(2024, 6, 3)}
        session.execute(update(Letter).values(**went))
    town.morning("2024-06-04")
    full = notice(town, status="5.2.2", said="552 5.2.2 mailbox full")
    bounces.take_in(town.settings, full)
    town.morning("2024-06-20")
    assert told(town) == []
    assert [(row.to_name, row.on_day) for row in town.letters()] == [
        ("Bob", date(2024, 6, 3)),
        ("Bob", date(2024, 6, 20)),
    ]


@pytest.fixture
def proposed(town: Town) -> Town:
    """Bob has been asked, and proposes another day; nobody has said yes or no."""
    sip = town.decided("Trygg hemgång", by=DUE, person=town.bob)
    days(town, "2024-06-03", "2024-06-04")
    now = clock.now()
    with transaction(town.settings) as session:
        link = Link(person_id=town.bob, made_at=now, expires_at=now)
        session.add(link)
        session.flush()
        assert link.id is not None
        session.add(
            StatusAnswer(
                activity_id=sip,
                person_id=town.bob,
                link_id=link.id,
                at=now,
                on_day=date(2024, 6, 5),
                says=Says.LATE,
                proposed_text="30 september 2024",
                proposed_first=date(2024, 9, 30),
                proposed_last=date(2024, 9, 30),
                proposed_precision=Precision.DAY,
            )
        )
    return town


def test_while_bobs_proposal_waits_the_ladder_rests_and_nobody_says_that_he_is_silent(
    proposed: Town,
) -> None:
    days(proposed, "2024-06-05", "2024-07-05")
    assert told(proposed) == []
    assert [row.on_day for row in proposed.letters()] == [date(2024, 6, 3)]


def test_his_next_letter_says_that_it_waits(proposed: Town) -> None:
    proposed.decided("Något annat", by=date(2024, 6, 12), person=proposed.bob)
    proposed.morning("2024-06-05")
    letter = proposed.letters()[-1]
    assert letter.to_name == "Bob"
    words = " ".join(letter.text.split())
    assert "Ditt förslag 5 juni 2024 om nytt slutdatum (30 september 2024) väntar" in words
    assert "Påminnelserna om slutdatumet vilar så länge." in words


def test_a_no_wakes_the_ladder(proposed: Town) -> None:
    with transaction(proposed.settings) as session:
        (number,) = session.execute(select(c(StatusAnswer).id)).scalars()
        no = Settled(answer_id=number, accepted=False, on_day=date(2024, 6, 5), by="Frida")
        session.add(no)
    days(proposed, "2024-06-06", "2024-06-14")
    assert len(proposed.letters()) > 1


def test_the_weekly_letter_tells_what_did_not_arrive(town: Town) -> None:
    town.decided(by="2024-12-31", person=town.bob)
    town.morning("2024-12-02")
    with transaction(town.settings) as session:
        said = {"server_said": "552 5.2.2 mailbox full", "done_at": None}
        session.execute(
            update(Letter)
            .where(c(Letter).to_name == "Bob")
            .values(state=LetterState.FAILED, **said)
        )
    town.lines(date(2024, 12, 9))
    weekly = next(row for row in town.letters() if "i vecka" in row.text)
    assert "Brev som inte kom fram" in weekly.html
    assert "Till Bob, 2 december 2024: togs inte emot. Brevlådan är full." in weekly.text
