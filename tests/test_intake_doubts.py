"""A doubt says what is asked, in which words, where they stand and what could stand there instead."""
# ruff: noqa: E501 - drawings of tables

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from config.settings import Settings
from intake.documents import Refusal
from intake.drafts import Asks, PlanDraft, as_json
from intake.filing.filing import file_plan
from intake.filing.known import with_doubts_on_file
from intake.plan.money import amounts_in
from intake.plan.promises import promises_in
from intake.plan.synonyms import own_headings
from intake.plan.wording import Reader
from intake.plans import read_plan
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.database import transaction
from models.plan import Plan
from models.promise import Participant, Promise
from rules.calendar import months_after
from tests.cast import FRIDA, Town
from tests.plans_by_hand import drawn, sheet, word

pytestmark = pytest.mark.by_turns
TODAY = date(2026, 1, 15)
HEADS = "Aktivitet | Ansvarig | Start | Klart | Uppföljning | Status"


def read(tmp_path: Path, rows: str, title: str = "Handlingsplan 2026") -> PlanDraft:
    return read_plan(word(tmp_path / "plan.docx", title, drawn(rows)))


@pytest.mark.parametrize(
    ("row", "kind", "words", "proposal"),
    [
        ("Kurs | AU | juni | maj | Antal |", Asks.ENDS_BEFORE_START, "maj", ""),
        ("Kurs | AU | | 31 april 2026 | Antal |", Asks.NO_SUCH_DAY, "31 april 2026", ""),
        ("Kurs | AU | | snart | Antal |", Asks.NO_DATE, "snart", ""),
        ("Kurs | ? | | maj | Antal |", Asks.NO_RESPONSIBLE, "?", ""),
        ("Kurs | AU | | | Antal |", Asks.NO_DEADLINE, "", ""),
        ("Kurs | AU | | maj | |", Asks.NO_FOLLOW_UP, "", ""),
        ("Kurs | AU | | maj 2024 | Antal |", Asks.BEFORE_PLAN, "maj 2024", ""),
        ("Kurs | AU | | maj | Antal | Avvaktar", Asks.STATUS, "Avvaktar", "pausad"),
        ("Kurs | AU | | maj | Antal | Avbruten", Asks.STATUS, "Avbruten", "avslutad"),
    ],
)
def test_a_doubt_has_a_kind_its_words_a_proposal_and_a_place(
    tmp_path: Path, row: str, kind: Asks, words: str, proposal: str
) -> None:
    (one,) = read(tmp_path, f"{HEADS}\n{row}").activities
    (doubt,) = one.questions
    assert (doubt.kind, doubt.words, doubt.proposal) == (kind, words, proposal)
    assert doubt.sentence in one.doubts
    assert doubt.source is not None
    assert (doubt.source.row, doubt.source.column > 0) == (2, True)


def test_a_date_without_a_year_in_a_plan_without_one(tmp_path: Path) -> None:
    draft = read(tmp_path, f"{HEADS}\nKurs | AU | | i maj | Antal |", title="Handlingsplan")
    assert [doubt.kind for doubt in draft.activities[0].questions] == [Asks.YEAR_MISSING]
    assert [doubt.kind for doubt in draft.questions] == [Asks.NO_YEAR, Asks.NOTHING_DECIDED]


def test_doubts_are_told_as_sentences_and_in_full(tmp_path: Path) -> None:
    told = as_json(read(tmp_path, f"{HEADS}\nKurs | AU | | snart | Antal |"))["activities"][0]
    assert told["doubts"] == ["Slutdatum ”snart” är inget datum."]
    assert told["questions"][0]["kind"] == "no-date"
    assert told["source"].keys() == {"file", "table", "row", "sheet"}


# --- money and promises -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kronor"),
    [
        ("450 tkr", 450_000),
        ("1,5 mnkr", 1_500_000),
        ("2 miljoner kronor", 2_000_000),
        ("300 000 kr", 300_000),
        ("12.500 kr", 12_500),
        ("75 000:-", 75_000),
    ],
)
def test_amounts_as_people_write_them(words: str, kronor: int) -> None:
    assert amounts_in(f"Statsbidrag {words} för 2026") == [kronor]


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("Resultatet redovisas i årsrapport.", ["årsrapport"]),
        ("Återrapporteras till samordningsgruppen i maj.", ["samordningsgruppen"]),
        ("Redovisas i årsrapporten och till NOSAM Alm.", ["årsrapporten", "NOSAM Alm"]),
        ("Återkoppling till styrgruppen sker på hösten", ["styrgruppen"]),
        ("Följs upp löpande och rapporteras i årsrapport.", ["årsrapport"]),
        ("Rapporterades i årsrapport 2024.", []),
        ("Har redovisats för styrgruppen.", []),
        ("Antal rapporter i veckan.", []),
    ],
)
def test_promises_to_tell(words: str, to: list[str]) -> None:
    assert [promise.to for promise in promises_in([words], Reader(TODAY))] == to


# --- headings of an installation's own ----------------------------------------------------------


def test_an_installation_has_headings_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "headings.toml").write_text('what = ["Löfte"]\nresponsible = ["Drivs av"]\n')
    plan = sheet(tmp_path / "plan 2026.xlsx", [["Löfte", "Drivs av"], ["Kurs", "NOSAM Alm"]])
    with pytest.raises(Refusal):
        read_plan(plan)
    (one,) = read_plan(plan, synonyms=own_headings(tmp_path)).activities
    assert (one.what, one.responsible) == ("Kurs", ("NOSAM Alm",))


@pytest.mark.parametrize(
    ("words", "wrong"),
    [('waht = ["x"]', "there is no column 'waht'"), ('what = "x"', "a list"), ("what = [", "read")],
)
def test_headings_that_cannot_be_meant_are_refused(tmp_path: Path, words: str, wrong: str) -> None:
    (tmp_path / "headings.toml").write_text(words)
    with pytest.raises(Refusal, match=wrong):
        own_headings(tmp_path)


# --- against those on file ----------------------------------------------------------------------


def filed(session: Session, draft: PlanDraft, told: Settings) -> int:
    known = with_doubts_on_file(session, draft, organisation=told.organisation)
    done = file_plan(
        session,
        known,
        FRIDA,
        organisation=told.organisation,
        review_months=6,
        today=TODAY,
    )
    assert done.plan_id is not None
    return done.plan_id


PLAN = """
    Mål | Aktivitet | Ansvarig | Medverkande | Klart | Uppföljning | Resurser
    Tillit↵Färre fall | Hembesök till alla över 80 år | NOSAM Alm | BUP, PRO | okt 2026 | Redovisas i årsrapport | 450 tkr, används senast 2026-10-31
    Tillit | Kurs i bemötande för alla | NOSAM Alme | | maj 2026 | Antal |
"""


def test_what_was_understood_is_on_file(town: Town, tmp_path: Path) -> None:
    draft = read(tmp_path, PLAN)
    with transaction(town.settings) as session:
        plan_id = filed(session, draft, town.settings)
        assert filed(session, draft, town.settings) == plan_id
        one = session.execute(
            select(c(Activity).id, c(Activity).funding_amount, c(Activity).funding_last).where(
                c(Activity).what == "Hembesök till alla över 80 år"
            )
        ).one()
        assert (one.funding_amount, str(one.funding_last)) == (450_000, "2026-10-31")
        promised = select(c(Promise).words, c(Promise).made_to)
        (promise,) = session.execute(promised).tuples()
        assert promise == ("Redovisas i årsrapport", "årsrapport")
        taking_part = select(c(Participant).words).where(c(Participant).activity_id == one.id)
        assert set(session.execute(taking_part).scalars()) == {"BUP", "PRO"}
        assert session.execute(select(func.count()).select_from(ActivityGoal)).scalar() == 3


def test_a_name_that_is_nearly_on_file_is_proposed(town: Town, tmp_path: Path) -> None:
    draft = read(tmp_path, PLAN)
    with transaction(town.settings) as session:
        known = with_doubts_on_file(session, draft, organisation=town.settings.organisation)
    assert [q.kind for q in known.activities[0].questions] == []
    (doubt,) = known.activities[1].questions
    assert (doubt.kind, doubt.words) == (Asks.RESPONSIBLE_UNKNOWN, "NOSAM Alme")
    assert doubt.proposal == "NOSAM Alm"


def test_the_same_activity_in_next_years_plan_is_asked_about(town: Town, tmp_path: Path) -> None:
    with transaction(town.settings) as session:
        filed(session, read(tmp_path, PLAN), town.settings)
        again = read(tmp_path, PLAN, title="Handlingsplan 2027")
        known = with_doubts_on_file(session, again, organisation=town.settings.organisation)
    asked = [q for one in known.activities for q in one.questions if q.kind is Asks.DUPLICATE]
    assert [doubt.proposal for doubt in asked] == ["överför", "överför"]
    assert "Handlingsplan 2026" in asked[0].sentence


def test_more_activities_than_the_plans_cap_is_asked_about(town: Town, tmp_path: Path) -> None:
    draft = read(tmp_path, PLAN)
    with transaction(town.settings) as session:
        plan_id = filed(session, draft, town.settings)
        plan = session.get(Plan, plan_id)
        assert plan is not None
        plan.cap = 1
        session.flush()
        known = with_doubts_on_file(session, draft, organisation=town.settings.organisation)
    assert Asks.TOO_MANY in {doubt.kind for doubt in known.questions}


def test_what_runs_on_in_a_plan_of_years_is_first_reviewed_after_the_day_it_is_taken_in(
    town: Town, tmp_path: Path
) -> None:
    rows = "Aktivitet | Ansvarig | Klart\nNätverk för SIP | NOSAM Alm | löpande"
    draft = read(tmp_path, rows, title="Samverkansplan 2020–2029")
    assert draft.first_day == date(2020, 1, 1)
    with transaction(town.settings) as session:
        plan_id = filed(session, draft, town.settings)
        mine = c(Activity).plan_id == plan_id
        reviewed = session.execute(select(c(Activity).next_review_on).where(mine)).scalar_one()
    assert reviewed == months_after(TODAY, 6)
