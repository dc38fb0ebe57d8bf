"""The morning round: one clear letter to each, when something is reached. On both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from config import policy
from config.settings import load
from models.columns import c
from models.database import close, engine_for, transaction
from models.lifecycle import Brought, Move
from models.person import Person
from models.span import Precision
from notifications import notices
from rules.ladder import windows
from tests.cast import Town
from tests.databases import put_migrated
from tests.sizes import size


def test_alice_gets_one_letter_about_both_her_activities(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    town.decided("Fler SIP", by="2024-12-30")
    result = town.morning("2024-12-01")
    (letter,) = town.letters()
    assert result.items == 2
    assert letter.to_address == "alice@example.org"
    assert letter.subject.startswith("Svara senast 30 dec: Fler SIP +1 [F-")
    for words in ("Trygg hemgång", "Fler SIP", "Slutdatum är 31 december 2024 (om 30 dagar)."):
        assert words in letter.text
        assert words in letter.html
    assert letter.text.index("Fler SIP") < letter.text.index("Trygg hemgång")  # nearest first


def test_the_sweep_counts_what_it_put_on_file(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.activity(by="2024-12-31", precision=Precision.YEAR)
    town.decided("Nätverk", runs_on=date(2024, 12, 1))
    for expected in ({"deadline": 2, "review": 1}, {}):
        with transaction(town.settings) as session:
            new = notices.sweep(session, policy.load(), date(2024, 12, 1))
        assert {kind: number for kind, number in new.items() if number} == expected


def test_the_same_morning_twice_adds_nothing(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    again = town.morning("2024-12-01")
    assert (again.letter_ids, again.items) == ([], 0)
    assert len(town.letters()) == 1


def test_a_morning_that_was_missed_is_made_good_once(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    town.morning("2024-12-28")  # the rungs of 30 and 7 days both lie behind
    town.morning("2024-12-29")
    assert town.rungs(sip) == [("deadline", 7)]
    assert len(town.letters()) == 1


def test_between_two_rungs_nobody_is_written_to(town: Town) -> None:
    town.decided(by="2024-12-31")
    for offset in range(6):
        town.morning(date(2024, 12, 1) + timedelta(days=offset))
    assert len(town.letters()) == 1


def test_the_letter_follows_the_role_when_the_chair_changes(town: Town) -> None:
    town.decided(by="2024-09-20", group=town.bjork)
    town.morning("2024-08-21")
    town.morning("2024-09-13")
    assert [letter.to_name for letter in town.letters()] == ["Bob", "Charlie"]
    assert "Du får frågan som ordförande i NOSAM Björk." in town.letters()[0].text


def test_two_responsible_people_get_a_letter_each(town: Town) -> None:
    town.holds(town.bob, town.alm, "ordförande")
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    assert sorted(letter.to_name for letter in town.letters()) == ["Alice", "Bob"]


def test_a_decided_activity_whose_start_has_come_is_asked_about_and_a_started_one_is_not(
    town: Town,
) -> None:
    waiting = town.decided("Väntar", start=date(2024, 1, 31), by="2024-12-31")
    started = town.decided("Startad", start=date(2024, 1, 31), by="2024-12-31")
    town.move(started, Move.START)
    town.morning("2024-01-31")
    assert town.rungs(waiting) == [("start", 0)]
    assert town.rungs(started) == []
    assert "Skulle ha startat senast 31 januari 2024 (i dag)." in town.letters()[0].text


def test_what_runs_on_is_asked_about_at_its_review(town: Town) -> None:
    network = town.decided("Nätverk", runs_on=date(2024, 7, 1))
    town.morning("2024-06-30")
    assert town.letters() == []
    town.morning("2024-07-01")
    assert town.rungs(network) == [("review", 0)]


def test_a_paused_activity_is_left_alone_until_it_is_to_be_resumed(town: Town) -> None:
    sip = town.decided(by="2024-06-30")
    pause = Brought(reason="Sjuk", resume_on=date(2024, 9, 1), stand_in_group_id=town.bjork)
    town.move(sip, Move.PAUSE, pause)
    town.morning("2024-06-23")
    town.morning("2024-07-01")
    assert town.letters() == []
    town.morning("2024-08-25")
    assert town.rungs(sip) == [("resume", 7)]


def test_an_undecided_activity_is_asked_about_and_the_letter_says_that_it_is_undecided(
    town: Town,
) -> None:
    town.activity(by="2024-12-31")
    town.morning("2024-12-01")
    assert "men aktiviteten är ännu inte beslutad" in town.letters()[0].text


def test_what_is_reported_done_is_not_nagged_about(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    town.change(sip, reported_done_on=date(2024, 11, 1))
    town.morning("2024-12-23")
    (letter,) = town.letters()
    assert letter.person_id == town.frida
    assert "Du behöver inte svara." in letter.text


def test_a_new_deadline_begins_a_ladder_of_its_own(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    later = date(2025, 1, 15)
    town.change(sip, deadline_first=later, deadline_last=later)
    town.morning("2024-12-16")
    assert town.rungs(sip) == [("deadline", 30), ("deadline", 30)]
    assert len(town.letters()) == 2


def test_a_notice_that_no_longer_holds_is_closed_without_a_letter(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    with transaction(town.settings) as session:
        notices.sweep(session, policy.load(), date(2024, 12, 1))
    town.change(sip, deadline_first=date(2025, 6, 1), deadline_last=date(2025, 6, 1))
    result = town.morning("2024-12-01")
    assert result.outdated == 1
    assert town.letters() == []


def test_what_comes_after_todays_letter_waits_for_tomorrows(town: Town) -> None:
    town.decided("Först", by="2024-12-31")
    town.morning("2024-12-01")
    town.decided("Sedan", by="2024-12-31")
    assert town.morning("2024-12-01").tomorrow == 1
    town.morning("2024-12-02")
    first, second = town.letters()
    assert (first.on_day, second.on_day) == (date(2024, 12, 1), date(2024, 12, 2))
    assert "Sedan" in second.text
    assert "Först" not in second.text


def test_when_nobody_at_all_can_be_reached_the_notice_waits_for_somebody(town: Town) -> None:
    town.decided(by="2024-12-31")
    _unreachable(town, "alice@example.org", "frida@example.org")
    assert town.morning("2024-12-01").without_reader == 1
    _reachable(town, "frida@example.org")
    town.morning("2024-12-02")
    assert [letter.to_name for letter in town.letters()] == ["Frida"]


def test_a_person_with_very_much_to_do_gets_a_letter_of_bounded_length(town: Town) -> None:
    for number in range(45):
        town.activity(f"Aktivitet {number:02d}", by="2024-12-31")
    town.morning("2024-12-01")
    (letter,) = town.letters()
    assert re.fullmatch(r"Svara senast 31 dec: Aktivitet 00 \+44 \[.*", letter.subject)
    assert "… och fem aktiviteter till" in letter.text
    assert town.items() == 45


def test_a_title_full_of_markup_and_line_breaks_stays_words(town: Town) -> None:
    town.decided("<b>Hej</b>\r\nBcc: alla@example.org", by="2024-12-31")
    town.morning("2024-12-01")
    (letter,) = town.letters()
    assert "&lt;b&gt;Hej&lt;/b&gt;" in letter.html


def test_two_rounds_at_once_write_each_letter_once(town: Town) -> None:
    import threading

    for number in range(20):
        town.decided(f"Aktivitet {number}", by="2024-12-31")
    ready = threading.Barrier(2)
    faults: list[BaseException] = []

    def round_() -> None:
        ready.wait()
        try:
            town.morning("2024-12-01")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=round_) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(town.letters()) == 1
    assert town.items() == 20


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        ("deadline", "ix_activity_deadline_due"),
        ("start", "ix_activity_start_due"),
        ("review", "ix_activity_review_due"),
        ("resume", "ix_activity_resume_due"),
        ("funding", "ix_activity_funding_due"),
    ],
)
def test_the_sweep_of_each_kind_reads_its_own_index(town: Town, kind: str, index: str) -> None:
    today = date(2024, 12, 1)
    standing = windows(kind, policy.load().ladders[kind], today)
    watched = next(one for one in notices.WATCHED if one.kind == kind)
    engine = engine_for(town.settings)
    day = f"'{today}'" if engine.dialect.name == "sqlite" else f"DATE '{today}'"
    statement = notices.reached(standing, watched, notices.morning_of(policy.load(), today))
    words = str(statement).replace(":today", day)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # a small table is read whole; ask what it could do
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        told = " ".join(str(row) for row in connection.execute(text(explain + words)))
    assert index in told
    assert "SCAN activity" not in told


def _unreachable(town: Town, *addresses: str) -> None:
    from config import clock

    with transaction(town.settings) as session:
        session.execute(
            update(Person)
            .where(c(Person).email.in_(addresses))
            .values(unreachable_since=clock.now())
        )


def _reachable(town: Town, address: str) -> None:
    with transaction(town.settings) as session:
        session.execute(
            update(Person).where(c(Person).email == address).values(unreachable_since=None)
        )


@settings(max_examples=size("MORNINGS", 6, 200))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 120), st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR])
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.integers(1, 40), min_size=3, max_size=10),
)
def test_however_the_mornings_fall_nobody_is_written_to_twice_a_day_nor_twice_about_a_rung(
    deadlines: list[tuple[int, Precision]], gaps: list[int]
) -> None:
    today = date(2024, 1, 15)
    with TemporaryDirectory() as home, fresh_town(Path(home)) as town:
        ids = [
            town.activity(f"A{n}", by=today + timedelta(days=ahead), precision=precision)
            for n, (ahead, precision) in enumerate(deadlines)
        ]
        for gap in gaps:
            town.morning(today)
            town.morning(today)
            today += timedelta(days=gap)
        for activity_id in ids:
            rungs = [rung for kind, rung in town.rungs(activity_id) if kind == "deadline"]
            assert len(rungs) == len(set(rungs))
            assert rungs == sorted(rungs, reverse=True)
        seen = [(letter.person_id, letter.on_day) for letter in town.letters()]
        assert len(seen) == len(set(seen))


@contextmanager
def fresh_town(home: Path) -> Iterator[Town]:
    """A town of its own for each example that hypothesis thinks of."""
    put_migrated(home)
    told = load(home=home)
    yield Town(told)
    close(told)
