"""Who has answered is not asked as if she had not: pure, as SQL, and over a year of answers."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlmodel import Session

from config import clock, policy
from intake.lives.answers import Asked, save, understand
from intake.lives.settling import settle
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterItem, LetterState, Link, Notice
from models.lifecycle import State
from models.moves import Mover
from models.span import Precision
from models.status import Says, Settled, StatusAnswer
from models.status_round import Meeting
from notifications import answered
from notifications.unreachable import free_what_never_came
from notifications.why_not import explain
from rules.answered import MONTH, WEEK, Said, is_answered
from rules.calendar import is_quiet
from rules.why_not import Reason
from tests.cast import FRIDA, Town
from tests.conftest import free_port
from tests.sizes import size
from tests.test_why_not import ran

pytestmark = pytest.mark.by_turns
DUE = date(2024, 12, 31)
DAY = timedelta(days=1)
KINDS = ("deadline", "start", "review", "resume", "funding", "round")


def days(
    town: Town, first: date, last: date, then: Callable[[date], None] = lambda _: None
) -> None:
    """All lines on every day that is not quiet, and what happens after each."""
    day = first
    while day <= last:
        if not is_quiet(policy.load(), day):
            town.lines(day)
        then(day)
        day += DAY


def say(town: Town, activity: int, person: int, says: Says, today: date, new_day: str = "") -> None:
    """Somebody answers, as through her link."""
    now = clock.now()
    form = {f"says_{activity}": says.value, f"date_{activity}": new_day}
    with transaction(town.settings) as session:
        made = insert(Link).values(person_id=person, made_at=now, expires_at=now)
        link = session.execute(made.returning(c(Link).id)).scalar_one()
        asked = [Asked(activity, State.DECIDED, False, None)]
        replies = understand(form, asked, today).replies
        save(session, replies, Mover("Bob", person), link, today=today)


def asked_of(town: Town, person: int) -> dict[int, list[date]]:
    """By activity the days on which a letter asked that person about it."""
    asked = (
        select(c(Notice).activity_id, c(Letter).on_day)
        .join(LetterItem, c(LetterItem).notice_id == c(Notice).id)
        .join(Letter, c(Letter).id == c(LetterItem).letter_id)
        .where(c(Letter).person_id == person)
        .distinct()
        .order_by(c(Letter).on_day)
    )
    found: dict[int, list[date]] = defaultdict(list)
    with reading(town.settings) as session:
        for activity_id, day in session.execute(asked):
            found[activity_id].append(day)
    return found


def answers_at_once(town: Town, says: Says) -> Callable[[date], None]:
    """Bob answers about all that a letter of the day asks; with a new day where it has passed."""

    def then(today: date) -> None:
        for activity, on_days in asked_of(town, town.bob).items():
            if on_days[-1] == today:
                with reading(town.settings) as session:
                    words = "SELECT deadline_last FROM activity WHERE id = :id"
                    due = session.execute(text(words), {"id": activity}).scalar_one()
                passed = str(due) < str(today)
                new_day = str(today + timedelta(days=90)) if passed and says == "on_track" else ""
                say(town, activity, town.bob, says, today, new_day)

    return then


@pytest.mark.parametrize("says", [Says.ON_TRACK, Says.LATE])
def test_who_answers_every_letter_the_same_day_gets_three_about_one_activity_at_most(
    small_town: Town, says: Says
) -> None:
    """Deadlines over a spring or a year, rounds before quarters and meetings: 60 days around."""
    due = {}
    for number in range(size("ANSWERED", 5, 40)):
        day = date(2024, 3, 1) + timedelta(days=7 * number + number % 5)
        due[small_town.decided(f"Aktivitet {number}", by=day, person=small_town.bob)] = day
    with transaction(small_town.settings) as session:
        for month in (3, 5, 9, 11):
            row = {"group_id": small_town.alm, "on_day": date(2024, month, 14)}
            session.execute(insert(Meeting).values(row))
    last = max(due.values()) + timedelta(days=59)
    days(small_town, date(2024, 1, 22), last, answers_at_once(small_town, says))
    asked = asked_of(small_town, small_town.bob)
    around = {
        activity: [one for one in asked[activity] if abs(one - day) <= MONTH]
        for activity, day in due.items()
    }
    assert max(len(found) for found in around.values()) <= 3
    assert all(any(one > due[id_] for one in found) for id_, found in asked.items())
    assert min(len(found) for found in around.values()) >= 1


def test_the_silent_one_gets_the_whole_ladder(town: Town) -> None:
    sip = town.decided(by="2024-05-31", person=town.bob)
    days(town, date(2024, 4, 22), date(2024, 6, 10))
    assert asked_of(town, town.bob)[sip] == [
        date(2024, 5, 2),  # thirty days before was May Day
        date(2024, 5, 24),
        date(2024, 5, 30),
        date(2024, 6, 3),
        date(2024, 6, 7),
    ]


def test_as_planned_is_believed_until_a_week_before_the_day(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    say(town, sip, town.bob, Says.ON_TRACK, date(2024, 11, 4))
    day = date(2024, 11, 25)
    while day <= date(2024, 12, 30):
        if not is_quiet(policy.load(), day):
            town.morning(day)
        day += DAY
    assert asked_of(town, town.bob)[sip] == [date(2024, 12, 27)]  # the 24th to 26th are quiet


def test_a_round_within_a_week_of_her_answer_asks_nothing_and_counts_it(town: Town) -> None:
    sip = town.decided(by="2025-12-31", person=town.bob)
    say(town, sip, town.bob, Says.AT_RISK, date(2024, 12, 12))
    days(town, date(2024, 12, 16), date(2024, 12, 30))
    assert asked_of(town, town.bob) == {}
    with reading(town.settings) as session:
        words = "SELECT answered_on FROM status_question"
        assert str(session.execute(text(words)).scalar_one()) == "2024-12-17"


def test_her_letter_shows_what_she_said_and_what_waits(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    say(town, sip, town.bob, Says.AT_RISK, date(2024, 11, 4))
    town.morning("2024-12-02")
    (letter,) = town.letters()
    for words in (letter.text, letter.html):
        assert "Ditt senaste besked, 4 november 2024: Osäkert om vi hinner." in words


def test_what_others_wrote_is_not_mailed_but_that_they_answered_is(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    with transaction(town.settings) as session:
        said = Said(Says.LATE, date(2024, 11, 4))
        registered(session, sip, town.alice, said, "Bara för Frida")
    town.morning("2024-12-02")
    (letter,) = town.letters()
    assert "Senaste beskedet, från Alice, 4 november 2024: Försenat." in letter.text
    assert "Bara för Frida" not in letter.text + letter.html


def test_after_the_day_as_planned_asks_when(town: Town) -> None:
    asked = [Asked(7, State.ONGOING, False, None, late=True)]
    form = {"says_7": "on_track"}
    understood = understand(form, asked, DUE + DAY)
    assert understood.problems == {7: ["Dagen har passerat. Skriv när det blir klart."]}
    later = understand(form | {"date_7": "mars 2025"}, asked, DUE + DAY)
    assert later.replies[0].proposed.last == date(2025, 3, 31)


def test_when_it_will_be_done_is_not_asked_of_a_start_that_has_passed(town: Town) -> None:
    sip = town.decided(by="2025-03-01", start=date(2024, 11, 1), person=town.bob)
    say(town, sip, town.bob, Says.ON_TRACK, date(2024, 10, 20))
    town.morning("2024-11-15")
    (letter,) = town.letters()
    assert "Skulle ha startat senast 1 november 2024" in letter.text
    assert "När blir det klart?" not in letter.text


def test_why_no_letter_says_that_there_is_an_answer_and_when_it_is_asked_next(town: Town) -> None:
    sip = town.decided(by=DUE, person=town.bob)
    say(town, sip, town.bob, Says.ON_TRACK, date(2024, 11, 28))
    town.morning("2024-12-02")
    ran(town, date(2024, 12, 3))
    with reading(town.settings) as session:
        (because,) = explain(session, policy.load(), town.bob, date(2024, 12, 3), date(2024, 12, 3))
    assert because.reason is Reason.ALREADY_ANSWERED
    assert because.words == (
        "Det finns redan ett besked (Går enligt plan, 28 november 2024), så frågan ställs inte "
        "igen. Nästa nås 24 december 2024."
    )


def test_an_answered_reminder_is_not_followed_by_a_question_the_next_working_day(
    town: Town,
) -> None:
    sip = town.decided(by="2024-06-01", person=town.bob)  # a Saturday
    town.morning("2024-05-31")
    say(town, sip, town.bob, Says.ON_TRACK, date(2024, 5, 31))
    town.morning("2024-06-03")
    assert asked_of(town, town.bob)[sip] == [date(2024, 5, 31)]
    town.morning("2024-06-04")
    assert asked_of(town, town.bob)[sip] == [date(2024, 5, 31), date(2024, 6, 4)]


NEAR_DAYS = st.dates(date(2024, 9, 1), date(2025, 3, 1))


def test_what_never_came_rests_too_while_her_proposal_waits_for_a_yes(small_town: Town) -> None:
    """Bob's letter came back; by then he had called and proposed another day."""
    town = small_town
    sip = town.decided(by="2024-06-10", person=town.bob)
    town.morning("2024-06-03")
    (letter,) = town.letters()
    with transaction(town.settings) as session:
        free_what_never_came(session, letter.id)
        session.get_one(Letter, letter.id).state = LetterState.FAILED
    say(town, sip, town.bob, Says.LATE, date(2024, 6, 3), "2024-08-30")
    town.morning("2024-06-04")
    assert len(town.letters()) == 1
    with transaction(town.settings) as session:
        proposed = session.execute(select(c(StatusAnswer).id)).scalar_one()
        settle(session, proposed, FRIDA, accept=False, today=date(2024, 6, 4))
    town.morning("2024-06-05")
    assert "Slutdatum är 10 juni 2024" in town.letters()[-1].text
    assert len(town.letters()) == 2


@pytest.mark.parametrize(
    ("due", "on", "says"),
    [
        ("2024-06-10", "2024-06-10", "Helgen gör att"),  # a Monday: Sunday's reminder is held back
        ("2024-06-09", "2024-06-10", "Helgen gör att"),
        ("2024-06-08", "2024-06-10", ""),  # a Saturday: Friday's letter told of it
        ("2024-06-11", "2024-06-10", ""),
        ("2024-06-24", "2024-06-24", "Helgen gör att"),  # after Midsummer
        ("2024-07-20", "2024-08-05", ""),  # long past when the quiet weeks are over
        ("2024-08-05", "2024-08-05", "Uppehållet i utskicken gör att"),
    ],
)
def test_a_holiday_is_told_of_only_where_it_held_back_the_reminder_of_the_day_before(
    small_town: Town, due: str, on: str, says: str
) -> None:
    small_town.decided(by=due)
    small_town.morning(on)
    (letter,) = small_town.letters()
    found = [line for line in letter.text.splitlines() if "kommer först i dag" in line]
    assert [line.strip().startswith(says) for line in found] == ([True] if says else [])


def test_a_letter_that_never_left_has_asked_nothing_and_holds_no_question_back(
    small_town: Town,
) -> None:
    """Tuesday's letter asks of the money; the deadline's rung is reached on Wednesday."""
    town = small_town
    sip = town.decided(by="2024-06-12")
    town.change(sip, funding_last=date(2024, 6, 18), funding_text="400 000 kr")
    no_server = {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "mail_from": "f@example.org"}
    town.settings = town.settings.model_copy(update=no_server)
    town.morning("2024-06-04")
    town.morning("2024-06-05")
    with reading(town.settings) as session:
        week_before = (c(Notice).kind == "deadline") & (c(Notice).rung == 7)
        asked = select(c(Notice).reached_on).where(week_before)
        assert session.execute(asked).scalar() == date(2024, 6, 5)


@given(
    kind=st.sampled_from(KINDS),
    due_on=NEAR_DAYS,
    says=st.sampled_from(Says),
    on_day=NEAR_DAYS,
    agreed=st.booleans(),
    today=NEAR_DAYS,
)
def test_nothing_said_more_than_a_quarter_ago_answers_anything(
    *, kind: str, due_on: date, says: Says, on_day: date, agreed: bool, today: date
) -> None:
    said = Said(says, min(on_day, today), agreed)
    holds = is_answered(kind, due_on, due_on, said, today)
    if says is Says.NOT_ME or today - said.on_day > timedelta(days=90):
        assert not holds
    if kind == "deadline" and due_on < today and said.on_day <= due_on:
        assert not holds
    if kind != "deadline" and says is not Says.NOT_ME and today - said.on_day <= WEEK:
        assert holds
    assert not is_answered(kind, due_on, due_on, None, today)


def test_the_database_says_the_same(town: Town) -> None:
    """Each of many answers, asked of the rule and of the database: the newest counts."""
    sip = town.decided(by=DUE, person=town.bob)
    wrong = []
    with transaction(town.settings) as session:
        for number, ago in enumerate([0, 1, 6, 7, 8, 13, 14, 15, 29, 30, 31, 89, 90, 91]):
            says = [Says.ON_TRACK, Says.LATE, Says.NOT_ME, Says.NOTHING_NEW][number % 4]
            for ahead in (-40, -31, -30, -8, -1, 0, 1, 6, 7, 8, 14, 29, 30, 31, 60):
                today = DUE - timedelta(days=ahead)
                day, agreed = today - timedelta(days=ago), number % 3 == 0
                said = Said(says, day, agreed=agreed, refused=number % 3 == 1)
                registered(session, sip, town.bob, said)
                wrong += [
                    (kind, said, today) for kind in KINDS if differs(session, kind, said, today)
                ]
    assert wrong == []


def registered(session: Session, sip: int, person: int, said: Said, words: str = "") -> None:
    """An answer that Frida has written down; an agreed one proposed the deadline that it has."""
    row: dict[str, Any] = {"activity_id": sip, "person_id": person, "at": clock.now()}
    row |= {"on_day": said.on_day, "says": said.says, "text": words, "figure": "", "instead": ""}
    row |= {"way": "phone", "registered_by": "Frida", "proposed_precision": Precision.NONE}
    if said.agreed:
        row |= {"proposed_text": str(DUE), "proposed_last": DUE}
    if said.refused:
        row |= {"proposed_text": "senare", "proposed_last": DUE + timedelta(days=9)}
    made = insert(StatusAnswer).values({"proposed_text": ""} | row).returning(c(StatusAnswer).id)
    answer_id = session.execute(made).scalar_one()
    if said.refused:
        no = {"answer_id": answer_id, "accepted": False, "on_day": said.on_day, "by": "Frida"}
        session.execute(insert(Settled).values(no))


def differs(session: Session, kind: str, said: Said, today: date) -> bool:
    """Does the database say something else than the rule?"""
    sql = answered.is_answered(kind, "activity.deadline_last", today)
    found = bool(session.execute(text(f"SELECT {sql} FROM activity")).scalar_one())
    return found != is_answered(kind, DUE, DUE, said, today)
