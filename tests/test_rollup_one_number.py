"""One thing has one number in a roll-up: sentences, tables and sums say the same, and add up."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from config import clock
from intake.lives.changes import ask_to_change
from models.database import at_one_moment, engine_for, reading, transaction
from models.edition import ReportKind
from models.lifecycle import Brought, Move, Outcome, State
from models.owners import move_to_group
from models.plan import Plan
from models.status import Says, StatusAnswer, Way
from reports.blocks import Bullets, Paragraph, Report, Table
from reports.compiling import compile_edition
from reports.deviation.facts import SCHEMA as DEVIATIONS_SCHEMA
from reports.editions import Of, freeze, newest
from reports.quarter import compile_quarter
from reports.rollup.adds_up import DoesNotAddUp, must_add_up
from reports.rollup.asked import Asked
from reports.rollup.counts import counts
from reports.rollup.shapes import SCHEMA, Counts, RollUp, read_facts
from reports.rollup.show import report_of
from reports.year import compile_year
from tests.cast import FRIDA, Town
from tests.command import foljsam
from tests.test_deviation_report import cases, take

pytestmark = pytest.mark.by_turns
MARCH = date(2025, 3, 13)
FOLLOWED = Brought(result="Fler kom hem tryggt", figure="12")


def next_plan(town: Town) -> int:
    """Next year's plan; this year's ends with the year."""
    with transaction(town.settings) as session:
        plan = session.get_one(Plan, town.plan)
        plan.first_day, plan.last_day = date(2024, 1, 1), date(2024, 12, 31)
        following = Plan(
            collaboration_id=plan.collaboration_id,
            group_id=town.alm,
            title="Plan 2025",
            first_day=date(2025, 1, 1),
            last_day=date(2025, 12, 31),
        )
        session.add(following)
        session.flush()
        assert following.id is not None
        return following.id


def told(town: Town, period: str = "2024", cut_off: date = MARCH) -> RollUp:
    """The facts of a period."""
    kind, compile_ = ReportKind.QUARTER, compile_quarter
    if period.isdecimal():
        kind, compile_ = ReportKind.YEAR, compile_year
    with reading(town.settings) as session:
        return read_facts(compile_(session, Of(kind, 1, None, period), cut_off))


def report(town: Town, period: str = "2024", cut_off: date = MARCH) -> Report:
    """The draft of a period."""
    kind, compile_ = ReportKind.QUARTER, compile_quarter
    if period.isdecimal():
        kind, compile_ = ReportKind.YEAR, compile_year
    of = Of(kind, 1, None, period)
    with transaction(town.settings) as session:
        facts = compile_(session, of, cut_off)
        freeze(session, of, facts, schema_version=SCHEMA, cut_off=cut_off, by="Frida")
        frozen = newest(session, of)
    assert frozen is not None
    return report_of(frozen, {})


def said(shown: Report) -> str:
    """The sentences at the top, and the paragraphs."""
    words = [w for b in shown.blocks if isinstance(b, Bullets) for w in b.items]
    return " ".join([*words, *(b.text for b in shown.blocks if isinstance(b, Paragraph))])


def table(shown: Report, caption: str) -> Table:
    """A table by the beginning of its caption."""
    return next(one for one in shown.tables() if one.caption.startswith(caption))


def over(town: Town, what: str, to: int, day: date, back: date | None = None) -> int:
    """An activity that was carried over on a day, and maybe taken back on another."""
    id_ = town.decided(what, by="2024-12-31")
    town.move(id_, Move.CARRY_OVER, Brought(next_plan_id=to, reason="Inte klart"), day)
    if back:
        town.move(id_, Move.UNDO_CARRY_OVER, Brought(reason="Fel plan"), back)
    return id_


def test_what_is_carried_over_has_one_number_wherever_it_stands(town: Town) -> None:
    """Two before New Year, one of them taken back in January, and two in January, one taken back;
    one was taken back in December and is told nowhere.
    """
    to = next_plan(town)
    over(town, "I december", to, date(2024, 12, 18))
    over(town, "Ångrad i januari", to, date(2024, 12, 20), date(2025, 1, 10))
    over(town, "Ångrad i december", to, date(2024, 12, 10), date(2024, 12, 12))
    over(town, "I januari", to, date(2025, 1, 14))
    over(town, "Båda i januari", to, date(2025, 1, 14), date(2025, 1, 15))
    shown = report(town)
    assert (
        "Två aktiviteter fördes över till en annan plan. En av dem ångrades efter årets slut."
        in said(shown)
    )
    states = table(shown, "Aktiviteter efter läge")
    assert dict(zip(states.head, states.rows[0], strict=True))["Överförd"] == "2"
    flow = table(shown, "Öppna aktiviteter från början till slut")
    assert flow.rows == (("NOSAM Alm", "0", "5", "0", "0", "2", "0", "3"),)
    after = table(shown, "Det som registrerades efter årets slut, till och med 13 mars 2025")
    assert after.rows == (("NOSAM Alm", "3", "1", "0", "1", "0", "3"),)
    fates = {row[0]: row[1:] for row in table(shown, "Vad som blev").rows}
    assert fates["Överförd"] == ("2", "1")
    assert "två överförda (en registrerad efter årets slut)" in said(shown)


def test_a_quarter_says_that_a_carry_over_was_undone_before_the_cut_off(town: Town) -> None:
    to = next_plan(town)
    over(town, "SIP för fler", to, date(2024, 3, 28), date(2024, 4, 3))
    words = said(report(town, "2024Q1", date(2024, 4, 5)))
    assert (
        "En aktivitet fördes över till en annan plan. Överföringen ångrades efter kvartalets slut."
        in words
    )
    assert "ångrades" not in said(report(town, "2024Q1", date(2024, 4, 2)))


def ended(town: Town, what: str, outcome: Outcome, day: date = date(2024, 3, 1)) -> int:
    """An activity that was broken off with an outcome."""
    id_ = town.decided(what, by="2024-12-31")
    brought = Brought(outcome=outcome, reason="Klart", decision_id=town.decision)
    town.move(id_, Move.ABANDON, brought, today=day)
    return id_


def test_a_quarter_tells_how_what_was_over_had_ended(town: Town) -> None:
    ended(town, "SIP för fler", Outcome.NOT_ACHIEVED)
    twice = ended(town, "Trygg hemgång", Outcome.ACHIEVED, date(2024, 2, 1))
    town.move(twice, Move.REOPEN, Brought(decision_id=town.decision), date(2024, 2, 5))
    again = Brought(outcome=Outcome.CEASED, reason="Ingen tid", decision_id=town.decision)
    town.move(twice, Move.ABANDON, again, date(2024, 3, 4))
    shown = report(town, "2024Q1", date(2024, 4, 5))
    states = {row[0].partition(" ")[2]: row[1] for row in table(shown, "NOSAM Alm").rows}
    assert states == {
        "SIP för fler": "Avslutad: ej uppnått",
        "Trygg hemgång": "Avslutad: upphört",
    }
    words = "Två aktiviteter avslutades: en med utfallet ej uppnått och en med utfallet upphört."
    assert words in said(shown)
    assert told(town, "2024Q1", date(2024, 4, 5)).counts.outcomes == {
        Outcome.NOT_ACHIEVED: 1,
        Outcome.CEASED: 1,
    }


def test_a_krona_is_counted_once_and_none_is_left_of_what_is_over(town: Town) -> None:
    """The money of what is carried over is its successor's from the day that somebody begins."""
    to = next_plan(town)
    waits = town.decided("Väntar", by="2024-12-31")
    begun = town.decided("Begonnen", by="2024-12-31")
    for id_, amount in ((waits, 10_000), (begun, 200)):
        town.change(id_, funding_text=f"{amount} kr", funding_amount=amount)
    for id_ in (waits, begun):
        town.move(id_, Move.CARRY_OVER, Brought(next_plan_id=to), date(2024, 3, 1))
    successor = begun + 2
    town.move(successor, Move.DECIDE, Brought(decision_id=town.decision), date(2024, 3, 10))
    gone = ended(town, "Upphörd", Outcome.CEASED)
    town.change(gone, funding_text="3 kr", funding_amount=3, funding_last=date(2024, 2, 1))
    past = town.decided("Förbi", by="2024-12-31")
    town.change(past, funding_text="70 kr", funding_amount=70, funding_last=date(2024, 2, 1))
    counts = told(town, "2024Q1", date(2024, 4, 5)).counts
    assert (counts.kronor_coming, counts.kronor_past, counts.kronor_over) == (10_200, 70, 3)
    shown = report(town, "2024Q1", date(2024, 4, 5))
    assert (
        "Aktiviteternas medel: 10\xa0200\xa0kr kan användas efter perioden, för 70\xa0kr har sista "
        "dagen passerat, och 3\xa0kr stod vid aktiviteter som är avslutade eller inte blev av."
        in said(shown)
    )
    rows = sorted((row[0], row[3], row[4]) for row in table(shown, "Medel i planerna").rows)
    assert rows == [
        ("Begonnen", "200\xa0kr", "–"),
        ("Begonnen", "–", "Räknas där aktiviteten går vidare"),
        ("Förbi", "70\xa0kr", "1 februari 2024 (passerat)"),
        ("Upphörd", "3\xa0kr", "Aktiviteten är avslutad"),
        ("Väntar", "10\xa0000\xa0kr", "–"),
    ]


def test_a_closing_that_was_taken_back_is_not_told_as_done(town: Town) -> None:
    next_plan(town)
    sip = town.decided("SIP för fler", by="2024-12-31")
    town.move(sip, Move.START, today=date(2024, 5, 2))
    town.move(sip, Move.FOLLOW_UP, FOLLOWED, date(2025, 1, 8))
    town.move(sip, Move.END, Brought(outcome=Outcome.NOT_ACHIEVED), date(2025, 1, 9))
    before = told(town, cut_off=date(2025, 1, 9)).groups[0].activities[0]
    assert (before.closed, before.fate, before.outcome) == (
        State.ENDED,
        "avslutad",
        Outcome.NOT_ACHIEVED,
    )
    town.move(sip, Move.REOPEN, Brought(decision_id=town.decision), date(2025, 1, 20))
    after = told(town).groups[0].activities[0]
    assert (after.closed, after.fate, after.outcome) == (State.FOLLOWED_UP, "genomförd", None)


def test_what_was_opened_again_in_the_year_is_open_though_that_was_registered_after_it(
    town: Town,
) -> None:
    """It ended in March, was opened again in June, and nobody wrote that down until January."""
    next_plan(town)
    sip = ended(town, "SIP för fler", Outcome.NOT_ACHIEVED)
    before = told(town).groups[0].activities[0]
    assert (before.after, before.closed) == (State.ENDED, None)
    in_june = Brought(
        decision_id=town.decision, happened_on=date(2024, 6, 10), counts_on=date(2025, 1, 10)
    )
    town.move(sip, Move.REOPEN, in_june, date(2025, 1, 10))
    after = told(town).groups[0].activities[0]
    assert after.closed is town.state(sip)
    assert after.outcome is None


def test_what_is_opened_again_after_the_year_had_ended_in_it(town: Town) -> None:
    next_plan(town)
    sip = ended(town, "SIP för fler", Outcome.NOT_ACHIEVED)
    day = date(2025, 1, 10)
    town.move(sip, Move.REOPEN, Brought(decision_id=town.decision, happened_on=day), day)
    after = told(town).groups[0].activities[0]
    assert (after.after, after.closed) == (State.ENDED, None)


def one_that_adds_up(town: Town) -> RollUp:
    """A year with one of each."""
    to = next_plan(town)
    over(town, "I december", to, date(2024, 12, 18))
    over(town, "I januari", to, date(2025, 1, 14))
    ended(town, "Upphörd", Outcome.CEASED)
    return told(town)


@pytest.mark.parametrize("figure", ["late", "kronor_over", "lacking", "activities", "extended"])
def test_facts_that_contradict_themselves_are_refused_in_a_sentence(
    small_town: Town, figure: str
) -> None:
    facts = one_that_adds_up(small_town)
    must_add_up(facts)
    (group,) = facts.groups
    counts = replace(group.counts, **{figure: getattr(group.counts, figure) + 1})
    wrong = replace(facts, groups=(replace(group, counts=counts),))
    with pytest.raises(DoesNotAddUp, match="siffrorna går inte ihop"):
        must_add_up(wrong)


def test_an_edition_whose_figures_do_not_add_up_is_not_frozen(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: one late activity more in the figures than in the list."""
    town = small_town
    town.decided("SIP för fler", by="2024-12-31")

    def wrong(on: Connection, asked: Asked) -> dict[int, Counts]:
        right = counts(on, asked)
        return {id_: replace(one, late=one.late + 1) for id_, one in right.items()}

    of = Of(ReportKind.QUARTER, 1, None, "2024Q1")
    with monkeypatch.context() as planted:
        planted.setattr("reports.rollup.gather.counts", wrong)
        with pytest.raises(DoesNotAddUp, match="NOSAM Alm, försenade: 0 i listan"):
            compile_edition(town.settings, of, date(2024, 4, 5), "Frida")
    with reading(town.settings) as session:
        assert newest(session, of) is None
    assert compile_edition(town.settings, of, date(2024, 4, 5), "Frida") is not None


def test_a_report_is_of_one_moment_whoever_moves_meanwhile(town: Town) -> None:
    """An activity is started between the first question and the others."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    of = Of(ReportKind.QUARTER, 1, None, "2024Q1")
    asked: list[str] = []

    def meanwhile(*given: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        asked.append(given[2])
        if len([words for words in asked if "began AS" in words]) == 1 and "began AS" in given[2]:
            town.move(sip, Move.START, today=date(2024, 2, 1))

    engine = engine_for(town.settings)
    with at_one_moment(town.settings) as session:
        event.listen(engine, "after_cursor_execute", meanwhile)
        try:
            facts = read_facts(compile_quarter(session, of, date(2024, 4, 5)))
        finally:
            event.remove(engine, "after_cursor_execute", meanwhile)
    assert town.state(sip) is State.ONGOING
    (one,) = facts.groups[0].activities
    assert (one.after, len(one.steps), facts.counts.end) == (
        State.DECIDED,
        2,
        {State.DECIDED: 1},
    )


def test_a_story_tells_moves_and_changes_in_the_order_they_happened(small_town: Town) -> None:
    """Two changes on one day stand on either side of what was done between them."""
    town = small_town
    sip = town.decided("SIP för fler", by="2024-02-29")
    agree(town, sip, date(2024, 2, 20), deadline="2024-05-31", reason="Vi väntar på avtalet")
    town.move(sip, Move.START, today=date(2024, 2, 20))
    agree(town, sip, date(2024, 2, 20), what="SIP för alla", reason="Fler behöver")
    with transaction(town.settings) as session:
        move_to_group(
            session, [sip], town.bjork, FRIDA, today=date(2024, 3, 1), reason="Ny fördelning"
        )
    town.move(sip, Move.FOLLOW_UP, FOLLOWED, date(2024, 3, 15))
    (row,) = table(report(town, "2024Q1", date(2024, 4, 5)), "NOSAM Björk").rows
    assert row[3].startswith(
        "Beslutad 10 januari 2024 (Samordningsgruppen, §\xa03). "
        "Slutdatumet ändrat 20 februari 2024 från 29 februari 2024 till 31 maj 2024: "
        "Vi väntar på avtalet. "
        "Startad 20 februari 2024. "
        "Omformulerad 20 februari 2024 från ”SIP för fler”: Fler behöver. "
        "Gruppen ändrad 1 mars 2024 från NOSAM Alm till NOSAM Björk: Ny fördelning. "
        "Uppföljd 15 mars 2024."
    )


def agree(town: Town, activity: int, day: date, **given: str) -> None:
    """Something is agreed anew on a day."""
    with transaction(town.settings) as session:
        ask_to_change(session, activity, given, FRIDA, today=day)


@pytest.mark.parametrize("now", ["done", "late"])
def test_late_is_told_alike_in_the_list_and_in_the_figures(town: Town, now: str) -> None:
    """An old answer that it is done counts in both, until another comes."""
    sip = town.decided("SIP för fler", by="2022-12-31", today=date(2022, 1, 3))
    town.change(sip, state_since=date(2022, 1, 10))
    answer(town, sip, Says.DONE, date(2022, 12, 1))
    if now == "late":
        answer(town, sip, Says.LATE, date(2023, 1, 5))
    facts = told(town, "2024Q2", date(2024, 7, 5))
    (one,) = facts.groups[0].activities
    assert (facts.counts.late, one.late) == ((0, False) if now == "done" else (1, True))
    assert (one.fate == "genomförd") == (now == "done")


def answer(town: Town, activity: int, says: Says, day: date) -> None:
    """Alice has answered by telephone; Frida wrote it down."""
    with transaction(town.settings) as session:
        row = StatusAnswer(
            activity_id=activity,
            person_id=town.alice,
            at=clock.now(),
            on_day=day,
            says=says,
            way=Way.PHONE,
            registered_by="Frida",
        )
        session.add(row)


def test_a_deviation_report_is_frozen_with_its_own_schema_number(
    small_town: Town, tmp_path: Path
) -> None:
    take(small_town, cases("Äldre", "2024-02", 7))
    out = str(tmp_path / "avvikelser.json")
    foljsam(tmp_path, "report", "deviations", "2024Q1", "--today", "2024-04-05", "--out", out)
    with reading(small_town.settings) as session:
        frozen = newest(session, Of(ReportKind.DEVIATIONS, 1, None, "2024Q1"))
    assert frozen is not None
    assert frozen.schema_version == frozen.facts["schema"] == DEVIATIONS_SCHEMA != SCHEMA
