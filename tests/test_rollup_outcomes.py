"""The year's report tells of each activity what became of it, as a real årsrapport does."""

from datetime import date
from html import unescape
from pathlib import Path

import pytest

from models.database import transaction
from models.edition import ReportKind
from reports.editions import Frozen, Of, freeze, newest
from reports.rollup.shapes import SCHEMA, RollUp, read_facts
from reports.rollup.show import report_of
from reports.writers.html import write_html
from reports.year import compile_year
from tests.cast import Town
from tests.conftest import SHARED
from tests.outcomes_played import FATES, OWN, Year, outcomes

pytestmark = pytest.mark.by_turns
CUT_OFF = date(2026, 3, 13)
CASES = [OWN, SHARED / "cases" / "samla_2025_outcomes.json"]


def year_report(town: Town) -> Frozen:
    """The report of 2025, frozen on 13 March the year after."""
    of = Of(ReportKind.YEAR, 1, None, "2025")
    with transaction(town.settings) as session:
        facts = compile_year(session, of, CUT_OFF)
        freeze(session, of, facts, schema_version=SCHEMA, cut_off=CUT_OFF, by="Frida")
        frozen = newest(session, of)
    assert frozen is not None
    return frozen


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_each_outcome_of_a_year_is_told_with_its_fate_and_its_words(town: Town, case: Path) -> None:
    if not case.exists():
        pytest.skip("this case is not shipped")
    year = Year(town)
    for outcome in outcomes(case):
        year.play(outcome)
    frozen = year_report(town)
    facts: RollUp = read_facts(frozen.facts)
    told = {(group.name, one.what): one for group in facts.groups for one in group.activities}
    page = " ".join(unescape(write_html(report_of(frozen, {}))).split())
    for outcome in outcomes(case):
        one = told[outcome["group"], outcome["activity"]]
        assert one.fate in FATES[outcome["outcome"]], outcome["id"]
        assert outcome["evidence"][0].rstrip(".") in page or one.fate == "inte uppföljd"
    assert "Frågan har inte följts upp." in page
    assert len(told) == len(outcomes(case))
    assert not facts.doubts


def test_what_is_compiled_twice_is_one_edition(town: Town) -> None:
    year = Year(town)
    for outcome in outcomes():
        year.play(outcome)
    assert year_report(town).number == year_report(town).number == 1


# Another hash means that facts mean something else: then `SCHEMA` is a new one too.
SAME = "cb4bcdf13f0d94e6e24e69e86f6835ba6e6fb3b558d23666cf600318b1728a2f"


def test_both_databases_and_any_machine_give_the_same_hash(town: Town) -> None:
    year = Year(town)
    for outcome in outcomes():
        year.play(outcome)
    assert year_report(town).sha256 == SAME
