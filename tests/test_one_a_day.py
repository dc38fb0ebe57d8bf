"""One letter a day, made when it goes: of everything that holds then, and of nothing else."""

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from cli.mailbox import Mailbox
from config import clock, policy, timetable
from config.own_policy import promised_on
from models.activity import Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group
from models.letter import Letter, LetterPart, LetterState
from models.letter_kinds import BESIDE, PARTS, PLACES, LetterKind, Place
from models.lifecycle import Move
from models.person import Role
from models.plan import Plan
from models.round import Round
from notifications import postman, release
from notifications.bag import FRESH
from notifications.letters import addresses, anew, parts
from notifications.letters.again import again
from notifications.outbox import Enclosed, Words, queue
from notifications.rehearsal import LINES, REPORT_LINES
from notifications.reports_to_come import Sent
from notifications.why_not import explain
from rules.calendar import is_quiet
from rules.why_not import Reason
from tests.cast import Town
from tests.test_postman import (
    Grumpy,
    due_again,
    killed_with_a_letter_in_hand,
    post,
    with_server,
)
from tests.two_collaborations import neighbours
from web.overview import health

pytestmark = pytest.mark.by_turns
MONDAY = date(2024, 12, 2)
WORDS = Words("Ett ord", "Ett ord om något.", "<tr><td>Ett ord om något.</td></tr>")


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon: what was made some minutes ago was made on the same day."""
    now = datetime.combine(clock.today(), time(11), UTC)
    monkeypatch.setattr(clock, "now", lambda: now)


def waits_since(town: Town, how_long: timedelta) -> None:
    """What was made was made so long ago."""
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(made_at=clock.now() - how_long))


# The table of kinds.


def test_every_kind_of_letter_has_its_place() -> None:
    assert set(PLACES) == set(LetterKind)
    assert [kind for kind, place in PLACES.items() if place is Place.DAY] == [LetterKind.MORNING]
    assert {LetterKind.MORNING, *PARTS, *BESIDE} == set(LetterKind)


@pytest.mark.parametrize("kind", [LetterKind.MORNING, *PARTS])
def test_what_is_part_of_the_days_letter_is_no_letter_of_its_own(
    small_town: Town, kind: LetterKind
) -> None:
    with pytest.raises(AssertionError), transaction(small_town.settings) as session:
        queue(session, small_town.settings, small_town.alice, kind, WORDS, today=MONDAY)


@pytest.mark.parametrize("kind", BESIDE)
def test_what_was_asked_for_or_is_a_fault_is_no_part_and_comes_once_for_what_it_is_about(
    small_town: Town, kind: LetterKind
) -> None:
    with pytest.raises(AssertionError), transaction(small_town.settings) as session:
        parts.add(session, small_town.alice, kind, WORDS, today=MONDAY)
    with transaction(small_town.settings) as session:
        to_alice = (session, small_town.settings, small_town.alice, kind, WORDS)
        assert queue(*to_alice, today=MONDAY, occasion="felet") is not None
        assert queue(*to_alice, today=MONDAY, occasion="felet") is None


def test_the_database_knows_no_other_kinds_and_one_letter_for_each_person_and_day(
    town: Town,
) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    with reading(town.settings) as session:
        (letter,) = session.execute(select(Letter)).scalars()
        row = letter.model_dump(exclude={"id"})
    row |= {"message_id": "<x@example.org>", "occasion": "en till"}
    with pytest.raises(IntegrityError), transaction(town.settings) as session:
        session.execute(insert(Letter).values(**row))
    with pytest.raises(IntegrityError), transaction(town.settings) as session:
        session.connection().exec_driver_sql("UPDATE letter SET kind = 'reklam'")


# What stands in it.


def test_a_report_the_week_and_a_question_are_one_letter_with_its_files(
    town: Town, mailbox: Mailbox
) -> None:
    town.move(town.decided("Hemgång", by="2024-04-12", person=town.frida), Move.START, today=MONDAY)
    town.activity("Fler SIP", words="alla berörda")
    friday = date(2024, 4, 5)
    with transaction(town.settings) as session:
        file = Enclosed("rapport.pdf", "application/pdf", b"%PDF-1.7")
        page = parts.add(
            session, town.frida, LetterKind.QUARTER, WORDS, today=friday, enclosed=[file]
        )
        assert page is not None
        parts.add(session, town.frida, LetterKind.WEEKLY, Words("Veckan", "", ""), today=friday)
    town.morning(friday)
    post(with_server(town.settings, mailbox.port))
    (came,) = mailbox.to("frida@example.org")
    text = came.get_body(("plain",))
    assert text is not None
    said = text.get_content()
    for heading in ("FRÅGOR TILL DIG", "ETT ORD", "VECKAN: "):
        assert heading in said
    assert "högst ett om dagen" in said
    assert said.count("Hej Frida") == 1
    assert "rapport.pdf" in {str(one.get_filename()) for one in came.iter_attachments()}


def two(town: Town) -> tuple[int, int]:
    """Alice answers for something in Frida's collaboration and in Gustav's: the activities."""
    both = neighbours(town)
    ours = town.decided("Vår sak", by="2024-12-09", person=town.alice)
    with transaction(town.settings) as session:
        plan = Plan(collaboration_id=both.theirs, group_id=both.their_group, title="Annans plan")
        session.add(plan)
        session.flush()
        assert plan.id is not None
        their_plan = plan.id
    theirs = town.decided("Deras sak", by="2024-12-09", person=town.alice)
    town.change(theirs, plan_id=their_plan, group_id=both.their_group)
    return ours, theirs


def test_one_collaboration_signs_the_letter_and_of_two_each_has_its_section(town: Town) -> None:
    ours, _ = two(town)
    town.morning(MONDAY)
    (both,) = [one for one in town.letters() if one.to_name == "Alice"]
    assert (both.from_name, both.reply_to) == ("", "")  # a reply would quote both to one of them
    assert "VÅRDSAMVERKAN ANNAN" in both.text
    theirs, _, ours_too = both.text.partition("VÅRDSAMVERKAN PROV")
    assert ("Deras sak" in theirs, "Vår sak" in ours_too) == (True, True)
    assert "Skriv till Gustav, gustav@example.org" in both.text
    assert "Skriv till Frida, frida@example.org" in both.text
    town.change(ours, reported_done_on=MONDAY)
    town.morning(date(2024, 12, 9))
    alone = [one for one in town.letters() if one.to_name == "Alice"][-1]
    assert (alone.from_name, alone.reply_to) == (
        "Vårdsamverkan Annan genom Gustav",
        "gustav@example.org",
    )
    assert "Vårdsamverkan Annan\nBrevet skickas" in alone.text


def test_a_no_to_be_somewhere_waits_for_the_leaders_next_letter(town: Town) -> None:
    with reading(town.settings) as session:
        area = session.execute(select(c(Collaboration).id)).scalar_one()
    with transaction(town.settings) as session:
        addresses.to_leaders_declined(session, town.alice, area, MONDAY)
    with reading(town.settings) as session:
        assert session.execute(select(c(Letter).id)).first() is None
    (letter,) = town.letters()
    assert letter.to_name == "Frida"
    assert letter.subject.startswith("Alice har sagt nej [F-")


# When it is made.


def began(town: Town, line: str, at: datetime, *, ended: bool = True, failed: str = "") -> None:
    """A round of the third of December."""
    day = clock.in_stockholm(at).date()
    done = at + timedelta(minutes=2) if ended and not failed else None
    with transaction(town.settings) as session:
        session.add(Round(line=line, on_day=day, started_at=at, finished_at=done, failed=failed))


TUESDAY = datetime(2024, 12, 3, tzinfo=ZoneInfo(clock.STOCKHOLM))
BEFORE = [line.name for line in release.LINES if line.name != "morning-round"]


def is_time(town: Town, at: time) -> bool:
    """Are Tuesday's letters made at that hour?"""
    now = datetime.combine(TUESDAY.date(), at, TUESDAY.tzinfo)
    with reading(town.settings) as session:
        rounds = release._rounds(session, now.date())
    promises = promised_on(now.date(), policy.load(), {})
    return release.is_time(promises, town.settings, rounds, now)


def test_letters_are_made_when_all_rounds_of_the_morning_have_ended(small_town: Town) -> None:
    for line in BEFORE:
        began(small_town, line, TUESDAY.replace(hour=5, minute=30))
    assert not is_time(small_town, time(6, 15))
    began(small_town, "morning-round", TUESDAY.replace(hour=6, minute=10))
    assert is_time(small_town, time(6, 15))


@pytest.mark.parametrize("how", [{"ended": False}, {"failed": "borta"}])
def test_a_round_that_fails_or_never_ends_holds_letters_until_the_hour(
    small_town: Town, how: dict[str, Any]
) -> None:
    for line in BEFORE[1:]:
        began(small_town, line, TUESDAY.replace(hour=5, minute=30))
    began(small_town, BEFORE[0], TUESDAY.replace(hour=5, minute=20), **how)
    began(small_town, "morning-round", TUESDAY.replace(hour=6, minute=10))
    assert not is_time(small_town, time(6, 59))
    assert is_time(small_town, time(7, 0))


def test_a_morning_that_begins_at_eight_has_as_long_for_its_rounds(small_town: Town) -> None:
    began(small_town, BEFORE[0], TUESDAY.replace(hour=8))
    assert not is_time(small_town, time(8, 10))
    assert not is_time(small_town, time(9, 30))
    assert is_time(small_town, time(9, 40))


def test_the_postman_makes_them_once_and_what_comes_later_waits_a_day(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    today = clock.in_stockholm(now).date()
    monkeypatch.setattr(release, "is_time", lambda *_: True)
    with transaction(town.settings) as session:
        parts.add(session, town.alice, LetterKind.QUARTER, WORDS, today=today)
    assert release.make_due(town.settings) is None  # no round has run
    began(town, "quarter-close", now - timedelta(minutes=5))
    made = release.make_due(town.settings)
    assert made is not None
    assert len(made.letter_ids) == 1
    assert release.make_due(town.settings) is None
    with transaction(town.settings) as session:
        parts.add(session, town.alice, LetterKind.YEAR, WORDS, today=today)
        parts.add(session, town.bob, LetterKind.YEAR, WORDS, today=today)
    began(town, "year-close", now - timedelta(minutes=4))
    later = release.make_due(town.settings)
    assert later is not None
    assert (len(later.letter_ids), later.tomorrow) == (1, 1)


# What waits.


def test_five_days_without_a_mail_server_are_one_letter_of_what_holds_now(
    town: Town, mailbox: Mailbox
) -> None:
    town.settings = with_server(town.settings, mailbox.port)
    town.decided("I fråga på fredag", by="2024-12-06")
    answered = town.decided("Klart på onsdag", by="2024-12-03")
    for day in range(2, 7):
        town.lines(date(2024, 12, day))
        if day == 4:
            town.change(answered, reported_done_on=date(2024, 12, 4))
    hers = [one.state.value for one in town.letters() if one.to_name == "Alice"]
    assert hers == ["replaced"] * 4 + ["queued"]
    with reading(town.settings) as session:
        first = session.execute(select(func.min(c(Letter).queued_at))).scalar()
        assert health.outbox(session)[1] == first
    post(town.settings)
    (came,) = mailbox.to("alice@example.org")
    text = came.get_body(("plain",))
    assert text is not None
    said = text.get_content()
    assert "I fråga på fredag" in said
    assert "i dag" in said
    assert "i morgon" not in said
    assert "Klart på onsdag" not in said
    with reading(town.settings) as session:
        why = explain(session, policy.load(), town.alice, date(2024, 12, 3), date(2024, 12, 6))
    assert why[0].words == "Brevet gick aldrig iväg. Det som gällde kom i ett senare brev."


def test_bo_is_not_told_twice_because_alices_letter_did_not_go(town: Town) -> None:
    shared = town.decided("Vår gemensamma", by="2024-12-09", person=town.alice)
    with transaction(town.settings) as session:
        session.add(
            Responsibility(
                activity_id=shared, kind=Answerable.PERSON, words="Bob", person_id=town.bob
            )
        )
    town.settings = with_server(town.settings, 1)
    town.morning(MONDAY)
    with transaction(town.settings) as session:
        gone = {"state": LetterState.SENT, "done_at": clock.now(), "went_on": MONDAY}
        session.execute(update(Letter).where(c(Letter).person_id == town.bob).values(**gone))
    town.morning(date(2024, 12, 3))
    told = [(one.to_name, one.state.value) for one in town.letters()]
    assert sorted(told) == [("Alice", "queued"), ("Alice", "replaced"), ("Bob", "sent")]


@pytest.mark.usefixtures("noon")
def test_a_letter_that_has_waited_gets_the_words_of_the_moment_it_goes(
    town: Town, mailbox: Mailbox
) -> None:
    done = town.decided("Besvarad", by="2024-12-09")
    town.decided("Kvar", by="2024-12-09")
    town.morning(MONDAY)
    town.change(done, reported_done_on=MONDAY)
    waits_since(town, FRESH + timedelta(minutes=1))
    assert post(with_server(town.settings, mailbox.port)) == 1
    (came,) = mailbox.messages
    text = came.get_body(("plain",))
    assert text is not None
    assert "Kvar" in text.get_content()
    assert "Besvarad" not in text.get_content()


@pytest.mark.usefixtures("noon")
def test_an_empty_letter_is_not_sent_and_the_log_says_why(town: Town, mailbox: Mailbox) -> None:
    done = town.decided("Besvarad", by="2024-12-09")
    town.morning(MONDAY)
    town.change(done, reported_done_on=MONDAY)
    waits_since(town, FRESH + timedelta(minutes=1))
    assert post(with_server(town.settings, mailbox.port)) == 0
    assert mailbox.messages == []
    (row,) = town.letters()
    assert (row.state, row.server_said) == (LetterState.EMPTY, anew.NOTHING_LEFT)
    with reading(town.settings) as session:
        because = explain(session, policy.load(), town.alice, MONDAY, MONDAY)[0]
    assert (because.reason, because.words) == (Reason.NO_LONGER, anew.NOTHING_LEFT)


def test_what_a_killed_postman_carried_goes_with_the_same_bytes(
    town: Town, mailbox: Mailbox
) -> None:
    done = town.decided("Besvarad", by="2024-12-09")
    town.morning(MONDAY)
    told = with_server(town.settings, mailbox.port)
    claimed = killed_with_a_letter_in_hand(told)
    town.change(done, reported_done_on=MONDAY)
    waits_since(town, FRESH + timedelta(minutes=1))
    assert post(told) == 1
    (came,) = mailbox.messages
    text = came.get_body(("plain",))
    assert text is not None
    assert came["Message-ID"] == claimed
    assert "Besvarad" in text.get_content()


class HangsUp(Grumpy):
    """Takes the whole message, and is gone before it has said what became of it."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        self.contents = [*getattr(self, "contents", []), envelope.content]
        if len(self.contents) == 1:
            server.transport.abort()
        return await super().handle_DATA(server, session, envelope)


def test_a_server_that_is_lost_after_the_message_gets_the_same_bytes_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.bag.FRESH", timedelta())  # every letter is old
    done = town.decided("Besvarad", by="2024-12-09")
    town.morning(MONDAY)
    server = HangsUp()
    server.controller.start()
    told = with_server(town.settings, server.controller.port)
    post(told)
    (row,) = town.letters()
    assert (row.state, row.may_have_gone_at is not None) == (LetterState.QUEUED, True)
    town.change(done, reported_done_on=MONDAY)
    due_again(town)
    assert post(told) == 1
    server.controller.stop()
    assert len(server.contents) == 2
    assert server.contents[0] == server.contents[1]


def test_who_has_a_letter_that_may_have_gone_gets_no_other_until_that_is_known(
    town: Town,
) -> None:
    town.settings = with_server(town.settings, 1)
    town.decided("Hemgång", by="2024-12-09")
    town.morning(MONDAY)
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(may_have_gone_at=clock.now()))
    town.decided("Nytt", by="2024-12-10")
    assert town.morning(date(2024, 12, 3)).letter_ids == []


def test_a_letter_by_hand_comes_once_a_day_and_says_so(town: Town) -> None:
    town.decided("Hemgång", by="2024-12-09")
    town.decided("Annat", by="2024-12-10")
    for day in (MONDAY, date(2024, 12, 3)):
        town.morning(day)
    promises = policy.load()
    lost = {"state": LetterState.FAILED, "server_said": "552 full"}
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(**lost))
        numbers = list(session.execute(select(c(Letter).id)).scalars())
    later = date(2024, 12, 4)
    for number in numbers:
        with transaction(town.settings) as session:
            again(session, town.settings, promises, number, later)
    by_hand = [one for one in town.letters() if one.kind == "again"]
    assert len(by_hand) == 1
    assert "skickas igen för hand, utöver dagens brev" in by_hand[0].text
    assert "skickas igen för hand, utöver dagens brev" in by_hand[0].html


# Simulated weeks.


def a_world(town: Town) -> None:
    """Two collaborations, with reports, lacks, the week and questions for the same people."""
    two(town)
    town.holds(town.alice, town.bjork, Role.MEMBER)
    town.holds(town.frida, town.alm, Role.MEMBER)
    town.activity("Utan dag", words="alla berörda", today=date(2024, 2, 1))
    for number, by in enumerate(("2024-12-30", "2025-01-07", "2025-01-08", "2025-01-13")):
        person = (town.frida, town.alice, town.alice, town.bob)[number]
        one = town.decided(f"Sak {number}", by=by, person=person)
        town.move(one, Move.START, today=date(2024, 2, 1))
    with transaction(town.settings) as session:
        other = session.execute(
            select(c(Group).id).where(c(Group).name == "Temagrupp äldre").limit(1)
        ).scalar_one()
    town.holds(town.alice, other, Role.PROCESS_LEADER)


def a_morning(town: Town, day: date, sent: Sent, failing: set[str]) -> None:
    """The rounds of a day, but for those that fail; then its letters are made."""
    promises = policy.load()
    if is_quiet(promises, day):
        return
    lines = LINES | {
        name: lambda *given, work=work: work(*given, sent) for name, work in REPORT_LINES.items()
    }
    for line in timetable.TIMETABLE:
        if line.name in lines and timetable.runs_on(line, day) and line.name not in failing:
            with transaction(town.settings) as session:
                lines[line.name](session, town.settings, promises, day)


@pytest.mark.parametrize("first", [date(2024, 12, 30), date(2025, 3, 31)])
@pytest.mark.parametrize("seed", range(2))
def test_nobody_ever_gets_two_letters_a_day_of_our_own_accord(
    town: Town, first: date, seed: int
) -> None:
    """Over New Year with the year's first reports, and over a quarter's end; rounds fail now and
    then, others are run anew by hand, and the mail server is away every other day."""
    a_world(town)
    sent, drawn = Sent(), random.Random(seed)
    for number in range(16):
        day = first + timedelta(days=number)
        a_morning(town, day, sent, set(drawn.sample(BEFORE, drawn.randrange(3))))
        if drawn.random() < 0.5:
            post_on(town, day)
        if drawn.random() < 0.25:
            a_morning(town, day, sent, set())
            post_on(town, day)
    with reading(town.settings) as session:
        went = session.execute(
            select(c(Letter).person_id, c(Letter).went_on, c(Letter).kind).where(
                c(Letter).went_on.is_not(None)
            )
        ).all()
        reports = session.execute(
            select(c(LetterPart).kind).where(c(LetterPart).letter_id.is_not(None))
        )
        kinds = set(reports.scalars())
    assert {row.kind for row in went} == {LetterKind.MORNING}
    assert max(Counter((row.person_id, row.went_on) for row in went).values()) == 1
    assert len(kinds) >= 2


def post_on(town: Town, day: date) -> None:
    """The postman walks on that day; letters are kept as files."""
    there = town.settings.model_copy(update={"today": day})

    async def walk() -> None:
        walker = postman.Postman(there)
        await walker.post()
        await walker.close()

    asyncio.run(walk())
