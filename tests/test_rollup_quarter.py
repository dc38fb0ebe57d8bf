"""A quarter's roll-up: what was counted, what was told, and that it stays so."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, text

from intake.lives.changes import ask_to_change
from intake.lives.plan_changes import ask_to_change_plan
from models.database import reading, transaction
from models.edition import ReportKind
from models.lifecycle import Brought, Move
from models.plan import Goal
from models.promise import Promise
from models.status_round import Occasion, StatusQuestion, StatusRound
from reports.approval import approve, approve_by_itself, edited, report, review
from reports.deviation.compiling import compile_deviations
from reports.deviation.figures import ALL
from reports.editions import Frozen, Of, freeze, newest
from reports.files import as_file
from reports.quarter import compile_quarter
from reports.rollup import gather, sections
from reports.rollup.against import moved_without_cause
from reports.rollup.in_short import in_short
from reports.rollup.shapes import (
    SCHEMA,
    Counts,
    Days,
    GroupFacts,
    PeriodFacts,
    RollUp,
    read_facts,
)
from reports.rollup.show import report_of
from reports.rollup.story import deadline_in_words, so_many, story, time_in_words
from reports.writers.excel import write_excel
from reports.writers.html import write_html
from reports.writers.pdf import write_pdf
from reports.year import compile_year
from rules.fates import Fate
from tests.cast import FRIDA, Town
from tests.command import foljsam
from tests.test_cli import refused
from tests.test_deviation_report import cases, take

pytestmark = pytest.mark.by_turns
CUT_OFF = date(2024, 4, 5)
QUARTER = PeriodFacts("2024Q1", date(2024, 1, 1), date(2024, 3, 31), date(2024, 3, 31))
FOLLOWED = Brought(result="Fler trygga hem", figure="40")


def compiled(town: Town, group: int | None = None, cut_off: date = CUT_OFF) -> RollUp:
    """The first quarter of 2024."""
    with reading(town.settings) as session:
        of = Of(ReportKind.QUARTER, 1, group, "2024Q1")
        return read_facts(compile_quarter(session, of, cut_off))


def group_of(facts: RollUp, name: str = "NOSAM Alm") -> GroupFacts:
    """A group's part."""
    return next(group for group in facts.groups if group.name == name)


def edition(town: Town, facts: dict[str, Any], kind: ReportKind = ReportKind.QUARTER) -> Frozen:
    """Freeze facts, and read them back."""
    of = Of(kind, 1, None, facts["period"]["name"])
    with transaction(town.settings) as session:
        freeze(session, of, facts, schema_version=SCHEMA, cut_off=CUT_OFF, by="Frida")
        frozen = newest(session, of)
    assert frozen is not None
    return frozen


def test_states_moves_and_lateness_are_counted_as_they_were_at_the_end(town: Town) -> None:
    in_time = town.decided("Trygg hemgång", by="2024-03-31")
    town.move(in_time, Move.START, today=date(2024, 2, 1))
    town.move(in_time, Move.FOLLOW_UP, FOLLOWED, today=date(2024, 3, 15))
    late = town.decided("SIP för fler", by="2024-02-29")
    town.move(late, Move.START, today=date(2024, 2, 1))
    town.move(late, Move.FOLLOW_UP, FOLLOWED, today=date(2024, 4, 2))
    town.activity("Ny mottagning", by="2024-12-31", group=town.bjork)
    facts = compiled(town)
    counts = group_of(facts).counts
    assert {state.value: number for state, number in counts.end.items()} == {
        "pågående": 1,
        "uppföljd": 1,
        "föreslagen": 1,
    }
    assert counts.start == {}
    assert (counts.late, counts.followed_up_in_time, counts.followed_up_late) == (1, 1, 0)
    assert facts.doubts == ()
    told = {one.what: one for one in group_of(facts).activities}
    assert told["Trygg hemgång"].result == "Fler trygga hem"
    assert told["SIP för fler"].late


def test_counts_in_sentences_are_words_and_say_no_noughts() -> None:
    some = Counts(followed_up_in_time=2, followed_up_late=1)
    said = "Tre aktiviteter följdes upp, varav två i tid och en efter slutdatum."
    assert said in in_short(some, QUARTER)
    both = Counts(followed_up_in_time=2)
    assert "Två aktiviteter följdes upp, båda i tid." in in_short(both, QUARTER)
    apart = Counts(followed_up_in_time=2, followed_up_late=1, followed_up_without_deadline=1)
    said = (
        "Fyra aktiviteter följdes upp, varav två i tid, en efter slutdatum och en utan slutdatum."
    )
    assert said in in_short(apart, QUARTER)
    late = Counts(followed_up_late=1)
    assert "En aktivitet följdes upp, efter slutdatum." in in_short(late, QUARTER)
    assert "Ingen aktivitet var försenad vid kvartalets slut." in in_short(some, QUARTER)
    so_far = replace(QUARTER, until=date(2024, 2, 14))
    assert "Ingen aktivitet var försenad den 14 februari 2024." in in_short(some, so_far)
    assert [so_many(n, Fate.DONE) for n in (1, 3, 20)] == [
        "en genomförd",
        "tre genomförda",
        "20 genomförda",
    ]
    told = [so_many(n, fate) for fate in (Fate.RETURNED, Fate.ORDINARY) for n in (1, 2)]
    assert told == [
        "en skickad tillbaka för omtag",
        "två skickade tillbaka för omtag",
        "en i ordinarie verksamhet",
        "två i ordinarie verksamhet",
    ]


def test_what_is_agreed_and_moved_later_does_not_change_the_quarter(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-03-31")
    before = compiled(town, cut_off=date(2024, 3, 31))
    with transaction(town.settings) as session:
        given = {"deadline": "2024-12-31", "what": "SIP för alla", "reason": "Fler behöver"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 5, 2))
    town.move(sip, Move.START, today=date(2024, 5, 3))
    assert compiled(town, cut_off=date(2024, 3, 31)) == before
    assert compiled(town) != before  # now the deadline has passed


def test_in_time_is_judged_by_the_deadline_as_it_was_then(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-03-01")
    town.move(sip, Move.START)
    town.move(sip, Move.FOLLOW_UP, FOLLOWED, today=date(2024, 3, 15))
    goes_on = Brought(deadline=date(2024, 12, 31), deadline_text="2024-12-31")
    town.move(sip, Move.CONTINUE, goes_on, today=date(2024, 3, 15))
    counts = group_of(compiled(town)).counts
    assert (counts.followed_up_in_time, counts.followed_up_late) == (0, 1)


def test_a_later_deadline_is_told_with_its_reason_and_the_next_quarter_knows_it(
    town: Town,
) -> None:
    sip = town.decided("SIP för fler", by="2024-03-01")
    with transaction(town.settings) as session:
        given = {"deadline": "2024-05-31", "reason": "Vi väntar på avtalet"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 2, 20))
    group = group_of(compiled(town))
    assert group.counts.extended == 1
    (changed,) = group.activities[0].agreed
    assert (changed.before, changed.after, changed.why) == (
        "2024-03-01",
        "2024-05-31",
        "Vi väntar på avtalet",
    )
    assert [(c.day, c.kind) for c in group.coming] == [(date(2024, 5, 31), "slutdatum")]


def test_a_group_is_told_with_those_below_it_and_no_others(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-03-31")
    with transaction(town.settings) as session:
        session.execute(
            text("UPDATE groups SET parent_id = :above WHERE id = :id"),
            {"above": town.deciders, "id": town.alm},
        )
    assert [g.name for g in compiled(town, town.deciders).groups] == ["NOSAM Alm"]
    assert compiled(town, town.bjork).groups == ()


def test_rounds_promises_and_goals_without_activity_are_told(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-06-30")
    hemma = town.decided("Trygg hemgång", by="2024-06-30", goal=True)
    with transaction(town.settings) as session:
        session.add(Goal(plan_id=town.plan, text="Fler får hjälp i tid"))
        session.add(Promise(activity_id=sip, words="Redovisas i årsrapport.", made_to="årsrapport"))
        asked = StatusRound(
            group_id=town.alm,
            occasion=Occasion.QUARTER,
            occasion_on=date(2024, 3, 31),
            opened_on=date(2024, 3, 4),
            closes_on=date(2024, 3, 18),
        )
        session.add(asked)
        session.flush()
        for activity, day in ((sip, date(2024, 3, 20)), (hemma, None)):
            values = {"round_id": asked.id, "activity_id": activity, "answered_on": day}
            session.execute(insert(StatusQuestion).values(**values))
    group = group_of(compiled(town))
    (asked_about,) = group.rounds
    assert (asked_about.in_time, asked_about.late, asked_about.unanswered) == (0, 1, 1)
    assert group.goals_without_activity == ("Fler får hjälp i tid",)
    promises = [promise for one in group.activities for promise in one.promises]
    assert [promise.kept for promise in promises] == [False]


def test_the_report_tells_and_warns_only_while_it_is_a_draft(town: Town) -> None:
    town.decided("SIP för <fler>", by="2024-03-01")
    with reading(town.settings) as session:
        facts = compile_quarter(session, Of(ReportKind.QUARTER, 1, None, "2024Q1"), CUT_OFF)
    facts["doubts"] = ["Summan stämmer inte."]
    page = write_html(report_of(edition(town, facts), {"inledning": "Vi hann det mesta."}))
    for words in ("SIP för &lt;fler&gt;", "Beslutad, försenad", "Vi hann det mesta."):
        assert words in page
    assert "Summan stämmer inte." in page
    assert "En aktivitet var försenad vid kvartalets slut." in page


def test_a_figure_that_moved_without_cause_is_warned_of(town: Town) -> None:
    town.decided("SIP för fler", by="2024-03-01")
    with reading(town.settings) as session:
        facts = compile_quarter(session, Of(ReportKind.QUARTER, 1, None, "2024Q1"), CUT_OFF)
    edition(town, facts)
    facts["groups"][0]["counts"]["late"] = 0
    moved = edition(town, facts)
    with reading(town.settings) as session:
        (said,) = moved_without_cause(session, moved)
    assert said.startswith("NOSAM Alm, försenade var 1 i förra utgåvan och är 0 nu")
    hemma = town.decided("Trygg hemgång", by="2024-12-31")
    town.move(hemma, Move.START)
    with reading(town.settings) as session:
        assert moved_without_cause(session, moved) == []


def test_a_row_that_says_another_state_than_its_history_is_named(small_town: Town) -> None:
    sip = small_town.decided("SIP för fler", by="2024-12-31")
    small_town.change(sip, state="pågående")
    assert any("”SIP för fler” står som pågående" in said for said in compiled(small_town).doubts)


def deviation_edition(town: Town, period: str, cut_off: date) -> None:
    """The whole collaboration's deviation report, frozen."""
    of = Of(ReportKind.DEVIATIONS, 1, None, period)
    with transaction(town.settings) as session:
        facts = compile_deviations(session, of, cut_off)
        freeze(session, of, facts, schema_version=1, cut_off=cut_off, by="Frida")


def deviations_told(town: Town, cut_off: date) -> dict[str, tuple[str, str]]:
    """The first quarter of 2025 in a roll-up: by target group, that quarter and the one before."""
    with reading(town.settings) as session:
        of = Of(ReportKind.QUARTER, 1, None, "2025Q1")
        facts = read_facts(compile_quarter(session, of, cut_off))
    return {one.group: (one.now, one.before) for one in facts.deviations}


def test_deviations_are_told_as_the_deviation_report_told_them(town: Town) -> None:
    take(town, [*cases("Äldre", "2025-01", 7), *cases("Psykiatri", "2024-12", 6)])
    deviation_edition(town, "2025Q1", date(2025, 4, 4))
    take(town, cases("Psykiatri", "2025-02", 2, name="sent"))
    told = deviations_told(town, date(2025, 4, 10))
    assert told == {ALL: ("7", "6"), "Äldre": ("7", "0"), "Psykiatri": ("0", "6")}


def test_what_a_deviation_report_hid_is_not_told_by_the_next_quarters_roll_up(town: Town) -> None:
    """Psykiatri had three in the autumn, which was hidden; one that comes late shows no more."""
    take(town, [*cases("Äldre", "2024-12", 9), *cases("Psykiatri", "2024-12", 3)])
    deviation_edition(town, "2024Q4", date(2025, 1, 10))
    take(town, cases("Psykiatri", "2024-11", 1, name="sent"))
    told = deviations_told(town, date(2025, 4, 10))
    assert not told["Psykiatri"][1].isdecimal()
    assert not (told[ALL][1].isdecimal() and told["Äldre"][1].isdecimal())


def test_what_an_approved_roll_up_hid_is_not_told_by_a_deviation_report(town: Town) -> None:
    take(town, [*cases("Äldre", "2025-01", 9), *cases("Psykiatri", "2025-01", 3)])
    of = Of(ReportKind.QUARTER, 1, None, "2025Q1")
    with transaction(town.settings) as session:
        facts = compile_quarter(session, of, date(2025, 4, 4))
        id_, _ = freeze(session, of, facts, schema_version=SCHEMA, cut_off=CUT_OFF, by="Frida")
        assert approve_by_itself(session, id_)
    take(town, cases("Psykiatri", "2025-02", 1, name="sent"))
    whole = Of(ReportKind.DEVIATIONS, 1, None, "2025Q1")
    with reading(town.settings) as session:
        rows = compile_deviations(session, whole, date(2025, 4, 10))["receivers"]
    assert not dict(row[:2] for row in rows)["Psykiatri"].isdecimal()


def test_the_command_writes_an_approved_report_as_the_page_does(
    small_town: Town, tmp_path: Path
) -> None:
    small_town.decided("SIP för fler", by="2024-03-01")
    words = ("report", "quarter", "2024Q1", "--today", "2024-04-05", "--out")
    foljsam(tmp_path, *words, str(tmp_path / "utkast.html"))
    with transaction(small_town.settings) as session:
        frozen = newest(session, Of(ReportKind.QUARTER, 1, None, "2024Q1"))
        assert frozen is not None
        review(session, frozen.id, "Frida")
        approve(session, frozen.id, "Frida")
    foljsam(tmp_path, *words, str(tmp_path / "rapport.html"))
    with reading(small_town.settings) as session:
        edition = edited(session, frozen.id)
        assert edition is not None
        page = as_file("html", edition.frozen, report(session, edition), None)
    assert (tmp_path / "rapport.html").read_bytes() == page
    assert "Godkänd av Frida" in page.decode()


@pytest.mark.parametrize("kind", ["html", "pdf", "docx", "xlsx", "json"])
def test_the_command_writes_every_format_and_one_edition(
    small_town: Town, tmp_path: Path, kind: str
) -> None:
    small_town.decided("SIP för fler", by="2024-03-01")
    words = ("report", "quarter", "2024Q1", "--group", "NOSAM Alm", "--today", "2024-04-05")
    out = tmp_path / f"rapport.{kind}"
    told = [json.loads(foljsam(tmp_path, *words, "--out", str(out), "--json").stdout) for _ in "12"]
    assert [one["new"] for one in told] == [True, False]
    assert told[0]["sha256"] == told[1]["sha256"]
    assert out.stat().st_size > 500


def test_the_command_refuses_in_sentences(small_town: Town, tmp_path: Path) -> None:
    quarter = ("report", "quarter")
    assert "is a year" in refused(foljsam(tmp_path, *quarter, "2024"))
    assert "is not a period" in refused(foljsam(tmp_path, *quarter, "våren"))
    assert "no group 'Ek'" in refused(foljsam(tmp_path, *quarter, "2024Q1", "--group", "Ek"))
    assert "has not begun" in refused(
        foljsam(tmp_path, *quarter, "2031Q1", "--today", "2024-04-05")
    )
    wrong = foljsam(tmp_path, *quarter, "2024Q1", "--format", "odt")
    assert "no format 'odt'" in refused(wrong)


def test_a_deadline_that_has_a_day_but_no_words_is_told_by_its_day(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-02-29")
    town.change(sip, deadline_text="")
    one = group_of(compiled(town)).activities[0]
    late = replace(one, fate=Fate.NOT_FOLLOWED_UP)
    assert "Skulle vara klar 29 februari 2024. " in story(late)
    assert "Skulle vara klar" not in story(replace(late, deadline=Days()))
    assert (deadline_in_words(one), time_in_words(one)) == ("29 februari 2024",) * 2


@pytest.mark.parametrize("kind", [ReportKind.QUARTER, ReportKind.YEAR])
def test_a_plans_own_money_is_told_beside_its_activities(town: Town, kind: ReportKind) -> None:
    hemgang = town.decided("Trygg hemgång", by="2024-05-31")
    town.change(hemgang, funding_text="50 000 kr", funding_amount=50_000)
    assert "plans_money" not in (facts := facts_of(town, kind))  # as it was before plans had money
    assert "Planernas egna medel" not in page_of(town, facts)
    with transaction(town.settings) as session:
        money = "400 000 kronor, används senast 2024-03-15"
        words = {"title": "Plan 2024", "group": str(town.alm), "funding": money}
        ask_to_change_plan(session, town.plan, words, FRIDA, today=date(2024, 2, 1))
    page = page_of(town, facts_of(town, kind))
    for words_told in (
        "Planernas egna medel: för 400\xa0000\xa0kr har sista dagen passerat.",
        "Aktiviteternas medel: 50\xa0000\xa0kr kan användas",
        "15 mars 2024 (passerat)",
    ):
        assert words_told in page.replace("&nbsp;", "\xa0")


def test_pages_of_too_many_activities_say_that_the_excel_file_lists_each(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = small_town
    for name in ("Trygg hemgång", "SIP för fler", "Ny mottagning"):
        town.decided(name, by="2024-05-31")
    monkeypatch.setattr(sections, "MOST_LISTED", 2)
    for kind in (ReportKind.QUARTER, ReportKind.YEAR):
        report = report_of(edition(town, facts_of(town, kind), kind), {})
        page, book = write_html(report), load_workbook(BytesIO(write_excel(report)))
        assert "Rapportens Excelfil listar varje aktivitet." in page
        assert "Tre aktiviteter räknas här men listas inte." in page
        assert "Alm: aktiviteterna" not in page
        assert "Alm: vad som blev av aktiviteterna" not in page
        assert write_pdf(report).startswith(b"%PDF")
        names = [row[1].value for row in book["Alla aktiviteter"].iter_rows(min_row=4)]
        whats = {str(name).partition(" ")[2] for name in names}
        assert whats == {"Trygg hemgång", "SIP för fler", "Ny mottagning"}


def test_facts_of_far_too_many_activities_say_that_each_group_lists_its_own(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Trygg hemgång", "SIP för fler", "Ny mottagning"):
        small_town.decided(name, by="2024-05-31")
    monkeypatch.setattr(sections, "MOST_LISTED", 2)
    monkeypatch.setattr(gather, "MOST_KEPT", 2)
    report = report_of(edition(small_town, facts_of(small_town, ReportKind.QUARTER)), {})
    assert "Ta fram rapporten för en grupp i taget för att se var och en." in write_html(report)
    assert report.beside == ()


def facts_of(town: Town, kind: ReportKind) -> dict[str, Any]:
    """The first quarter of 2024, or the year as it had gone then."""
    with reading(town.settings) as session:
        if kind is ReportKind.QUARTER:
            return compile_quarter(session, Of(kind, 1, None, "2024Q1"), CUT_OFF)
        return compile_year(session, Of(kind, 1, None, "2024"), CUT_OFF)


def page_of(town: Town, facts: dict[str, Any]) -> str:
    """What a reader meets."""
    kind = ReportKind.QUARTER if "Q" in facts["period"]["name"] else ReportKind.YEAR
    return write_html(report_of(edition(town, facts, kind), {}))
