"""Every move has the day it happened and the day it was registered; what is told is the first."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from intake.lives.moves import ask_to_move, move_alike
from models.columns import c
from models.database import migrate, reading, transaction
from models.decision import MoveRow
from models.edition import ReportKind
from models.happened import When, not_that_day
from models.lifecycle import Brought, Move, State
from models.moves import Refused
from models.plan import Plan
from reports.editions import Of
from reports.quarter import compile_quarter
from reports.rollup.notes import how_counted, registered_late
from reports.rollup.shapes import RollUp, read_facts
from reports.rollup.story import story
from reports.year import compile_year
from rules.fates import Fate
from rules.periods import counts_from
from tests.cast import FRIDA, Town
from tests.conftest import browse, fill_as_of
from tests.test_migrations import empty
from web.app import create_app

TODAY = date(2024, 5, 6)
DECISION = "Samordningsgruppen, 2024-01-22, § 7"


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser on 6 May 2024."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


def ask(town: Town, activity_id: int, move: Move, today: date = TODAY, **given: str) -> State:
    """Frida asks for a move in words."""
    with transaction(town.settings) as session:
        return ask_to_move(session, activity_id, move, given, FRIDA, today=today)


def days(town: Town, activity_id: int) -> list[tuple[date, date, date]]:
    """(happened, registered, counts from) of every move."""
    with reading(town.settings) as session:
        m = c(MoveRow)
        asked = select(m.happened_on, m.registered_on, m.on_day)
        rows = session.execute(asked.where(m.activity_id == activity_id).order_by(m.id))
        return [tuple(row) for row in rows]


def quarter(town: Town, period: str, cut_off: date) -> RollUp:
    """A quarter's facts, compiled."""
    with reading(town.settings) as session:
        of = Of(ReportKind.QUARTER, 1, None, period)
        return read_facts(compile_quarter(session, of, cut_off))


def all_words(blocks: Any) -> str:  # noqa: ANN401
    """Every word of some blocks."""
    return "\n".join(str(block) for block in blocks)


def test_a_decision_of_january_registered_in_may_is_told_as_of_january(
    town: Town, frida: TestClient
) -> None:
    sip = town.activity("SIP för fler", by="2024-12-31")
    ask(town, sip, Move.DECIDE, decision=DECISION)
    assert days(town, sip)[-1] == (date(2024, 1, 22), TODAY, TODAY)
    page = frida.get(f"/aktiviteter/{sip}").text
    assert '<time datetime="2024-01-22">' in page
    assert "Registrerat i efterhand 6 maj 2024." in page
    (one,) = quarter(town, "2024Q2", date(2024, 7, 5)).groups[0].activities
    assert "Beslutad 22 januari 2024" in story(one)
    assert "6 maj" not in story(one)


def test_starting_is_backdated_in_its_form(town: Town, frida: TestClient) -> None:
    sip = town.decided(by="2024-12-31")
    page = frida.post(
        f"/aktiviteter/{sip}/flytta", data={"move": "starta", "happened_on": "1 mars 2024"}
    )
    assert page.status_code == 200
    assert days(town, sip)[-1][:2] == (date(2024, 3, 1), TODAY)


def test_a_day_that_cannot_be_is_refused_and_nothing_is_moved(town: Town) -> None:
    with transaction(town.settings) as session:
        session.get_one(Plan, town.plan).adopted_on = date(2024, 1, 8)
    sip = town.decided(by="2024-12-31")  # decided on 10 January
    with pytest.raises(Refused, match="2024-05-07 har inte varit än"):
        ask(town, sip, Move.START, happened_on="2024-05-07")
    with pytest.raises(Refused, match="före det som hände närmast innan, 2024-01-10"):
        ask(town, sip, Move.START, happened_on="2024-01-09")
    bare = town.activity()
    with pytest.raises(Refused, match="före planens beslut, 2024-01-08"):
        ask(town, bare, Move.WITHDRAW, reason="Fel", happened_on="2024-01-07")
    assert town.state(sip) is State.DECIDED
    ask(town, sip, Move.START, happened_on="2024-01-10")
    assert town.state(sip) is State.ONGOING


def test_of_many_only_those_whose_day_is_wrong_are_refused(town: Town) -> None:
    early, late = (town.decided(f"A{n}", by="2024-12-31") for n in range(2))
    for one, day in ((early, "2024-02-01"), (late, "2024-04-01")):
        ask(town, one, Move.START, happened_on=day)
    given = {"move": "följ upp", "result": "Bra", "happened_on": "2024-03-01"}
    with transaction(town.settings) as session:
        came = move_alike(session, {early: given, late: given}, FRIDA, today=TODAY)
    assert came.states == {early: State.FOLLOWED_UP}
    assert "2024-04-01" in came.refused[late][0]


def test_what_comes_after_the_cut_off_counts_once_in_the_next_report(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-03-31")
    town.move(sip, Move.START, today=date(2024, 2, 1))
    before = quarter(town, "2024Q1", date(2024, 4, 5))
    ask(town, sip, Move.FOLLOW_UP, result="Bra", happened_on="2024-03-28")
    assert quarter(town, "2024Q1", date(2024, 4, 5)) == before
    facts = quarter(town, "2024Q2", date(2024, 7, 5))
    assert facts.counts.moves == {Move.FOLLOW_UP: 1}
    assert (facts.counts.followed_up_in_time, facts.counts.followed_up_late) == (1, 0)
    told = all_words(registered_late(facts))
    assert "Registrerat i efterhand" in told
    assert "SIP för fler: Uppföljd 28 mars 2024. Registrerat 6 maj 2024." in told


def test_what_comes_before_the_cut_off_counts_in_its_own_quarter(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-03-31")
    town.move(sip, Move.START, today=date(2024, 2, 1))
    on_time = date(2024, 4, 4)
    ask(town, sip, Move.FOLLOW_UP, on_time, result="Bra", happened_on="2024-03-28")
    facts = quarter(town, "2024Q1", date(2024, 4, 5))
    assert facts.counts.moves[Move.FOLLOW_UP] == 1
    assert facts.counts.end == {State.FOLLOWED_UP: 1}
    assert registered_late(facts) == []
    assert quarter(town, "2024Q2", date(2024, 7, 5)).counts.moves == {}


def test_what_is_followed_up_without_a_deadline_is_not_in_time(town: Town) -> None:
    sip = town.decided()
    town.move(sip, Move.START)
    town.move(sip, Move.FOLLOW_UP, Brought(result="Bra"), today=date(2024, 3, 1))
    counts = quarter(town, "2024Q1", date(2024, 4, 5)).counts
    assert counts.followed_up_without_deadline == 1
    assert counts.followed_up_in_time == counts.followed_up_late == 0


def test_an_edition_of_before_keeps_its_own_words(town: Town) -> None:
    town.decided(by="2024-12-31")
    facts = quarter(town, "2024Q1", date(2024, 4, 5))
    was = RollUp(facts.organisation, facts.group, facts.period, facts.counts, (), schema=2)
    assert "De som saknade slutdatum" in all_words(how_counted(facts))
    assert "De som saknade slutdatum" not in all_words(how_counted(was))


DAYS = st.dates(date(2023, 1, 1), date(2025, 12, 31))


@given(DAYS, DAYS, st.none() | DAYS, st.none() | DAYS)
def test_a_day_is_refused_exactly_when_it_cannot_be(
    day: date, today: date, before: date | None, adopted: date | None
) -> None:
    said = not_that_day(When(day, day, today, named=True), before, adopted)
    wrong = day > today or day < (before or day) or day < (adopted or day)
    assert bool(said) == wrong
    assert len(said) <= 1


@given(DAYS, DAYS)
def test_a_day_counts_in_its_own_quarter_or_when_it_was_registered(one: date, other: date) -> None:
    happened, today = sorted((one, other))
    counts = counts_from(happened, today, 5)
    assert counts in (happened, today)
    assert happened <= counts <= today


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_decisions_on_file_get_the_day_they_were_made(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    told = empty(request, tmp_path, kind)
    fill_as_of(told, "0034", OLD)
    migrate(told)
    with reading(told) as session:
        asked = "SELECT happened_on, registered_on, on_day FROM move ORDER BY id"
        found = [[str(day)[:10] for day in row] for row in session.execute(text(asked))]
        figures = session.execute(text("SELECT figure, why_no_figure FROM activity")).all()
    assert found == [
        ["2024-05-02", "2024-05-02", "2024-05-02"],
        ["2024-01-22", "2024-05-06", "2024-05-06"],
        ["2024-05-07", "2024-05-07", "2024-05-07"],
        ["2024-05-08", "2024-05-08", "2024-05-08"],
    ]
    assert [tuple(row) for row in figures] == [("12", "")]
    with pytest.raises(Exception, match="never changed"), transaction(told) as session:
        session.execute(text("UPDATE move SET happened_on = registered_on"))


OLD = """
INSERT INTO collaboration (id, name) VALUES (1, 'Prov');
INSERT INTO groups (id, collaboration_id, name, kind) VALUES (1, 1, 'NOSAM Alm', '');
INSERT INTO plan (id, collaboration_id, group_id, title, purpose, target_groups)
VALUES (1, 1, 1, 'Plan 2024', '', '');
INSERT INTO activity (id, plan_id, group_id, position, what, how, follow_up, status_words,
  start_text, start_precision, deadline_text, deadline_precision, runs_on, state, state_since,
  result, outcome, source_key, source_file, source_table, doubts)
VALUES (1, 1, 1, 0, 'Starta mottagningen', '', '', '', '', 'none', '', 'none', false,
  'uppföljd', '2024-05-08', '', '', 'a', '', '', '');
INSERT INTO decision (id, group_id, decided_on, reference, text)
VALUES (1, 1, '2024-01-22', '§ 7', '');
INSERT INTO move (activity_id, move, from_state, to_state, on_day, at, by, reason, details)
VALUES (1, 'föreslå', NULL, 'föreslagen', '2024-05-02', '2024-05-02 08:00:00', 'F', '', '{}');
INSERT INTO move (activity_id, move, from_state, to_state, on_day, at, by, reason, details,
  decision_id)
VALUES (1, 'besluta', 'föreslagen', 'beslutad', '2024-05-06', '2024-05-06 08:00:00', 'F', '',
  '{}', 1);
INSERT INTO move (activity_id, move, from_state, to_state, on_day, at, by, reason, details)
VALUES (1, 'starta', 'beslutad', 'pågående', '2024-05-07', '2024-05-07 08:00:00', 'F', '', '{}');
INSERT INTO move (activity_id, move, from_state, to_state, on_day, at, by, reason, details)
VALUES (1, 'följ upp', 'pågående', 'uppföljd', '2024-05-08', '2024-05-08 08:00:00', 'F', '',
  '{"figure": "12"}')
"""


def test_what_no_report_had_told_is_told_afterwards_in_one_report_and_as_registered_late_in_its_own(
    small_town: Town,
) -> None:
    town = small_town
    sip = town.decided("SIP för fler", by="2024-12-31")
    ask(town, sip, Move.START, date(2024, 7, 3), happened_on="2024-02-12")
    own = quarter(town, "2024Q2", date(2024, 7, 5))
    assert registered_late(own) == []
    (one,) = own.groups[0].activities
    assert "Registrerat efter periodens slut: Startad 12 februari 2024." in story(one)
    assert "Efter periodens slut:" not in story(one)
    told = all_words(registered_late(quarter(town, "2024Q3", date(2024, 10, 4))))
    assert "SIP för fler: Startad 12 februari 2024. Registrerat 3 juli 2024." in told


def test_what_happened_in_the_year_and_was_registered_in_january_is_what_became_of_it(
    small_town: Town,
) -> None:
    town = small_town
    with transaction(town.settings) as session:
        plan = session.get_one(Plan, town.plan)
        plan.first_day, plan.last_day = date(2024, 1, 1), date(2024, 12, 31)
    sip = town.decided("SIP för fler", by="2024-12-31")
    january = date(2025, 1, 8)
    ask(town, sip, Move.START, january, happened_on="2024-03-10")
    ask(town, sip, Move.FOLLOW_UP, january, result="Bra", happened_on="2024-12-15")
    with reading(town.settings) as session:
        of = Of(ReportKind.YEAR, 1, None, "2024")
        facts = read_facts(compile_year(session, of, date(2025, 3, 13)))
    (one,) = facts.groups[0].activities
    assert (one.after, one.closed, one.fate) == (State.DECIDED, State.FOLLOWED_UP, Fate.DONE)
    told = story(one)
    assert "Startad 10 mars 2024. Uppföljd 15 december 2024." in told
    assert "Registrerat efter periodens slut:" in told
    assert "inte följts upp" not in told
    assert "ännu inte uppföljd" not in told
