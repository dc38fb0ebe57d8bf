"""What was taken back is in no figure of a report; what a report had told is never only gone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from intake.lives.changes import ask_to_change
from intake.lives.entries import log_of
from intake.lives.undo import look, take_back, withdraw_plan
from models.columns import c
from models.database import reading, transaction
from models.decision import Change
from models.edition import Edition, EditionState, ReportKind
from models.lifecycle import Brought, Move, State
from models.owners import move_to_group
from models.undoing import batch_of
from reports.editions import Of, freeze, newest
from reports.quarter import compile_quarter
from reports.rollup.notes import corrected
from reports.rollup.shapes import SCHEMA, Flow, RollUp, read_facts
from reports.rollup.show import report_of
from reports.writers.html import write_html
from tests.cast import FRIDA, Town

pytestmark = pytest.mark.by_turns
CUT_OFFS = {"2024Q1": date(2024, 4, 5), "2024Q2": date(2024, 7, 5), "2024Q3": date(2024, 10, 5)}
MARCH, APRIL = date(2024, 3, 4), date(2024, 4, 12)


def facts_of(town: Town, period: str) -> dict[str, Any]:
    """A quarter of the whole collaboration, as it would be frozen."""
    with reading(town.settings) as session:
        of = Of(ReportKind.QUARTER, 1, None, period)
        return compile_quarter(session, of, CUT_OFFS[period])


def told(town: Town, period: str) -> RollUp:
    """The same, read."""
    return read_facts(facts_of(town, period))


def approved(town: Town, period: str) -> str:
    """Freeze a quarter and let it be approved. Returns its hash."""
    of = Of(ReportKind.QUARTER, 1, None, period)
    with transaction(town.settings) as session:
        facts = facts_of(town, period)
        freeze(session, of, facts, schema_version=SCHEMA, cut_off=CUT_OFFS[period], by="Frida")
        session.execute(
            update(Edition).values(
                state=EditionState.APPROVED, approved_at=c(Edition).compiled_at, approved_by="Frida"
            )
        )
        frozen = newest(session, of)
    assert frozen is not None
    return frozen.sha256


def started(town: Town) -> tuple[int, str]:
    """Decided in January, started by mistake in March. The activity, and the entry of the start."""
    activity_id = town.decided("Trygg hemgång", by="2024-12-31")
    with transaction(town.settings) as session:
        from models.moves import make_move

        make_move(session, activity_id, Move.START, FRIDA, today=date(2024, 3, 5))
        return activity_id, str(batch_of(session, date(2024, 3, 5)))


def undone(town: Town, activity_id: int, key: str, today: date = APRIL) -> None:
    """Frida takes it back."""
    with transaction(town.settings) as session:
        chain = look(session, [activity_id], key)
        take_back(session, chain, FRIDA, today=today, reason="Fel aktivitet")


def page_of(town: Town, period: str) -> str:
    """A quarter's report as a page."""
    of = Of(ReportKind.QUARTER, 1, None, period)
    with transaction(town.settings) as session:
        facts = facts_of(town, period)
        freeze(session, of, facts, schema_version=SCHEMA, cut_off=CUT_OFFS[period], by="Frida")
        frozen = newest(session, of)
    assert frozen is not None
    return " ".join(write_html(report_of(frozen, {})).split())


def test_what_no_report_had_told_is_just_not_there(town: Town) -> None:
    activity_id, key = started(town)
    undone(town, activity_id, key, date(2024, 3, 20))
    facts = told(town, "2024Q1")
    assert facts.counts.end == {State.DECIDED: 1}
    assert Move.START not in facts.counts.moves
    assert [step.move for step in facts.groups[0].activities[0].steps][-1] is Move.DECIDE
    assert facts.corrected == ()
    assert not facts.doubts
    assert "corrected" not in facts_of(town, "2024Q1")


def test_what_a_report_had_told_is_named_in_the_next_and_in_no_other(town: Town) -> None:
    activity_id, key = started(town)
    before = approved(town, "2024Q1")
    undone(town, activity_id, key)
    with reading(town.settings) as session:
        frozen = newest(session, Of(ReportKind.QUARTER, 1, None, "2024Q1"))
    assert frozen is not None
    assert frozen.sha256 == before  # what is frozen does not move
    page = page_of(town, "2024Q2")
    assert "Rättat sedan förra rapporten" in page
    said = "Trygg hemgång: Startad 5 mars 2024 gäller inte. Det togs tillbaka 12 april 2024: Fel"
    assert said in page
    second = told(town, "2024Q2")
    assert second.counts.start == second.counts.end == {State.DECIDED: 1}
    assert second.counts.moves == {}
    assert told(town, "2024Q3").corrected == ()
    assert told(town, "2024Q1").corrected == ()


def test_a_new_edition_of_the_same_period_leaves_it_out(town: Town) -> None:
    activity_id, key = started(town)
    before = approved(town, "2024Q1")
    undone(town, activity_id, key)
    again = told(town, "2024Q1")
    assert again.counts.end == {State.DECIDED: 1}
    assert approved(town, "2024Q1") != before


def test_a_draft_that_nobody_approved_has_told_nothing(town: Town) -> None:
    activity_id, key = started(town)
    page_of(town, "2024Q1")
    undone(town, activity_id, key)
    assert told(town, "2024Q2").corrected == ()


def test_what_was_proposed_and_taken_back_was_never_there(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    wrong = town.activity("Fel rad", by="2024-12-31", today=date(2024, 2, 1))
    with transaction(town.settings) as session:
        first = look(session, [wrong], _only_key(town, wrong))
        take_back(session, first, FRIDA, today=date(2024, 3, 1))
    facts = told(town, "2024Q1")
    assert facts.counts.activities == 1
    assert [one.what for group in facts.groups for one in group.activities] == ["Trygg hemgång"]


def _only_key(town: Town, activity_id: int) -> str:
    with reading(town.settings) as session:
        return log_of(session, [activity_id])[activity_id][-1].key


def test_a_withdrawn_plan_is_in_no_report_but_what_was_told_of_it_is_named(town: Town) -> None:
    started(town)
    approved(town, "2024Q1")
    with transaction(town.settings) as session:
        withdraw_plan(session, town.plan, FRIDA, today=APRIL, reason="Fel fil")
    facts = told(town, "2024Q2")
    assert facts.counts.activities == 0
    assert [one.move for one in facts.corrected] == [Move.PROPOSE, Move.DECIDE, Move.START]
    assert {one.why for one in facts.corrected} == {"Fel fil"}


def test_what_is_proposed_again_after_its_whole_life_was_taken_back_is_new(town: Town) -> None:
    wrong = town.activity("Fel rad", by="2024-12-31", today=date(2024, 1, 5))
    undone(town, wrong, _only_key(town, wrong), date(2024, 1, 20))
    town.move(wrong, Move.PROPOSE_AGAIN, today=date(2024, 5, 2))
    first, second = told(town, "2024Q1"), told(town, "2024Q2")
    assert first.counts.activities == 0
    assert second.counts.start == {}
    assert second.counts.flows == (Flow(None, State.PROPOSED, 1),)


def test_what_was_taken_back_is_told_of_the_group_that_had_it_then(town: Town) -> None:
    activity_id, key = started(town)
    approved(town, "2024Q1")
    undone(town, activity_id, key)
    before = facts_of(town, "2024Q2")
    with transaction(town.settings) as session:
        move_to_group(
            *(session, [activity_id], town.bjork, FRIDA), today=date(2024, 7, 2), reason="Ny"
        )
        ask_to_change(session, activity_id, {"what": "Hemgång"}, FRIDA, today=date(2024, 7, 2))
    assert facts_of(town, "2024Q2") == before
    (correction,) = read_facts(before).corrected
    assert (correction.group, correction.what) == ("NOSAM Alm", "Trygg hemgång")


def test_a_late_yes_to_go_on_and_its_new_deadline_are_one_deed(town: Town) -> None:
    activity_id = town.decided("Trygg hemgång", by="2024-02-28")
    town.move(activity_id, Move.START, today=date(2024, 2, 1))
    town.move(activity_id, Move.FOLLOW_UP, Brought(result="Bra"), today=date(2024, 2, 20))
    brought = Brought(deadline=date(2024, 9, 1), happened_on=date(2024, 2, 25))
    town.move(activity_id, Move.CONTINUE, replace(brought, counts_on=date(2024, 2, 25)), MARCH)
    with reading(town.settings) as session:
        newest_, *_ = log_of(session, [activity_id])[activity_id]
        chain = look(session, [activity_id], newest_.key)
    assert {row.says for row in chain.asked} == {Move.CONTINUE.value, "deadline"}


def test_a_late_yes_to_go_on_never_comes_before_what_was_agreed_since(town: Town) -> None:
    """Written on 20 March of 25 February, when another deadline had been agreed on 4 March."""
    activity_id = town.decided("Trygg hemgång", by="2024-02-28")
    town.move(activity_id, Move.START, today=date(2024, 2, 1))
    town.move(activity_id, Move.FOLLOW_UP, Brought(result="Bra"), today=date(2024, 2, 20))
    with transaction(town.settings) as session:
        given = {"deadline": "2024-04-30", "reason": "Nytt läge"}
        ask_to_change(session, activity_id, given, FRIDA, today=MARCH)
    february = date(2024, 2, 25)
    brought = Brought(deadline=date(2024, 9, 1), happened_on=february, counts_on=february)
    town.move(activity_id, Move.CONTINUE, brought, date(2024, 3, 20))
    with reading(town.settings) as session:
        days = session.execute(select(c(Change).on_day).order_by(c(Change).id)).scalars()
        assert list(days) == [MARCH, MARCH]


@pytest.mark.parametrize(("who", "lacks"), [("Kalle Kula", 1), ("NOSAM Alm", 0)])
def test_whom_the_plan_named_then_is_what_counts(town: Town, who: str, lacks: int) -> None:
    """Nobody called Kalle is on file. In July it is Björk that answers, or nobody."""
    activity_id = town.decided("Trygg hemgång", by="2024-12-31")
    with transaction(town.settings) as session:
        ask_to_change(session, activity_id, {"responsible": who}, FRIDA, today=MARCH)
    assert told(town, "2024Q2").counts.lacking == lacks
    for later in ("NOSAM Björk", ""):
        with transaction(town.settings) as session:
            given = {"responsible": later}
            ask_to_change(session, activity_id, given, FRIDA, today=date(2024, 7, 2))
        assert told(town, "2024Q2").counts.lacking == lacks


def test_facts_of_the_schema_before_read_and_print_as_they_did(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    facts = facts_of(town, "2024Q1") | {"schema": 3}
    read = read_facts(facts)
    assert read.corrected == ()
    assert corrected(read) == []


def test_a_deadline_and_a_result_come_back_as_reports_tell_them(town: Town) -> None:
    activity_id = town.decided("Trygg hemgång", by="2024-02-28")
    town.move(activity_id, Move.START, today=date(2024, 2, 1))
    with transaction(town.settings) as session:
        from models.moves import make_move

        brought = Brought(result="Gick bra", figure="12")
        make_move(
            *(session, activity_id, Move.FOLLOW_UP, FRIDA), today=date(2024, 2, 20), brought=brought
        )
        key = str(batch_of(session, date(2024, 2, 20)))
    assert told(town, "2024Q1").counts.followed_up_in_time == 1
    undone(town, activity_id, key, date(2024, 3, 1))
    facts = told(town, "2024Q1")
    assert facts.counts.followed_up_in_time == 0
    assert facts.counts.late == 1
    assert facts.groups[0].activities[0].result == ""
