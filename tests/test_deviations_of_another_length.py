"""What a deviation report says of a period that is longer or shorter than those that are told.

A collaboration tells quarters; somebody asks for a year, a half-year, a tertial. What is said of it
is true as it is read: a year is a year, and what is not shown is not said to be there.
"""

from datetime import UTC, date, datetime

import pytest

from config import policy
from models.database import reading, transaction
from models.group import Group
from reports.deviation.compiling import compile_all
from reports.deviation.facts import WHOLE_YEARS, same_figures
from reports.deviation.words import essentials
from reports.editions import Facts
from rules.periods import parse
from tests.cast import Town
from tests.test_deviation_report import cases, take
from tests.test_deviation_sentences import report_of

JANUARY = date(2025, 1, 5)
NOT_SHOWN = "för då skulle ett litet tal gå att räkna ut."


def told(town: Town, period: str) -> Facts:
    """The whole's report."""
    with reading(town.settings) as session:
        promises = policy.load(town.settings.home)
        made = compile_all(session, 1, parse(period), JANUARY, promises)
    return next(facts for of, facts in made.items() if of.group_id is None)


def four_years(town: Town) -> None:
    """Nine a month for four years, and in the last quarter twenty-one."""
    rows = []
    for year in range(2021, 2025):
        for month in range(1, 13):
            number = 21 if (year, month) >= (2024, 10) else 9
            rows += cases("Äldre", f"{year}-{month:02}", number)
    take(town, rows, datetime(2025, 1, 2, 8, tzinfo=UTC))


@pytest.mark.parametrize("period", ["2024", "2024H2", "2024Q4"])
def test_the_last_year_is_a_year_whatever_period_the_report_is_of(
    small_town: Town, period: str
) -> None:
    """A year by hand compared its last quarter with fifteen, and called each a year."""
    four_years(small_town)
    facts = told(small_town, period)
    chart = facts["targets"][0]["chart"]
    assert not chart["level"]  # 144 beside 108 a year is what chance gives, so widely they scatter
    (said,) = essentials(facts)[:1]
    assert "Det senaste året" not in said


def test_a_year_that_stands_out_is_told_as_the_table_has_it(small_town: Town) -> None:
    rows = []
    for year in range(2021, 2025):
        for month in range(1, 13):
            rows += cases("Äldre", f"{year}-{month:02}", 20 if year == 2024 else 9)
    take(small_town, rows, datetime(2025, 1, 2, 8, tzinfo=UTC))
    said = essentials(told(small_town, "2024"))[0]
    assert said.startswith("240 avvikelser i alla målgrupper registrerades under 2024.")
    assert (
        "Det senaste året registrerades 240 avvikelser. De tre åren före det var de 324 "
        "tillsammans, omkring 108 om året." in said
    )


def test_an_edition_of_before_says_its_level_as_it_did(small_town: Town) -> None:
    facts = told(small_town_of_cases(small_town), "2024")
    target = facts["targets"][0]
    level = {"now": "63", "before": "405", "periods": 15, "more": True, "sure": 10000}
    old = facts | {"schema": 7}
    old["targets"] = [target | {"chart": target["chart"] | {"level": level}}]
    assert "De 15 åren före det var de 405 tillsammans" in essentials(old)[0]


def small_town_of_cases(town: Town) -> Town:
    """One case a month for a year."""
    take(town, cases("Äldre", "2024-03", 12), datetime(2025, 1, 2, 8, tzinfo=UTC))
    return town


def test_what_is_not_shown_is_not_said_to_be_there(small_town: Town) -> None:
    """There was nothing at all in the last tertial, and a tertial is not told beside quarters."""
    facts = told(small_town_of_cases(small_town), "2024T3")
    words = "under den tredje tertialen 2024"
    assert essentials(facts)[0] == (
        f"Hur många avvikelser i alla målgrupper som registrerades {words} visas inte, {NOT_SHOWN}"
    )
    before = essentials(facts | {"schema": WHOLE_YEARS - 2})[0]
    assert before.startswith(f"Det kom in avvikelser i alla målgrupper {words}. Antalet visas inte")


def test_none_at_all_is_said_of_any_group(small_town: Town) -> None:
    facts = told(small_town_of_cases(small_town), "2024Q4")
    none = "registrerades under det fjärde kvartalet 2024."
    assert essentials(facts)[0].startswith(f"Inga avvikelser i någon målgrupp {none}")
    before = essentials(facts | {"schema": 7})[0]
    assert before.startswith(f"Inga avvikelser i alla målgrupper {none}")


def test_a_sum_with_a_part_that_is_hidden_is_said_as_at_least(small_town: Town) -> None:
    """A group that an edition from before the rules hid, beside one with twelve."""
    facts = told(small_town_of_cases(small_town), "2024Q1")
    target = facts["targets"][0]
    total = target["total"] | {"2024Q1": "minst 12"}
    hidden = facts | {"targets": [target | {"total": total}]}
    said = "Minst 12 avvikelser i alla målgrupper registrerades under det första kvartalet 2024."
    assert essentials(hidden)[0].startswith(said)
    assert said in str(report_of(hidden).blocks)


def test_who_receives_is_told_in_swedish_order_on_any_machine(town: Town) -> None:
    """A database's own order has ä before å, or capitals first: the facts would be others."""
    with transaction(town.settings) as session:
        for name in ("Äldre i Öd", "äldre i Alm", "Åter äldre", "Äldre i Ängby"):
            session.add(Group(collaboration_id=1, name=name))
    take(town, cases("Äldre", "2024-03", 12), datetime(2025, 1, 2, 8, tzinfo=UTC))
    (row,) = told(town, "2024Q1")["receivers"]
    assert row[-1] == "Åter äldre, äldre i Alm, Äldre i Ängby, Äldre i Öd"


def test_another_order_of_the_same_figures_is_no_correction(town: Town) -> None:
    """Editions of before had the order of the database; nobody is sent a new one for that."""
    with transaction(town.settings) as session:
        for name in ("Åter äldre", "Ängby äldre"):
            session.add(Group(collaboration_id=1, name=name))
    rows = [*cases("Äldre", "2024-03", 9, process="Ätande"), *cases("Åldrande", "2024-03", 9)]
    take(town, rows, datetime(2025, 1, 2, 8, tzinfo=UTC))
    now = told(town, "2024Q1")
    before = now | {"receivers": [[*row, *reversed_names(name)] for *row, name in now["receivers"]]}
    before["receivers"].reverse()
    before["targets"] = [
        target | {"dimensions": {name: rows[::-1] for name, rows in target["dimensions"].items()}}
        for target in now["targets"]
    ]
    assert before["receivers"] != now["receivers"]
    assert same_figures(before, now)
    other = before["receivers"][0]
    before["receivers"][0] = [other[0], "99", *other[2:]]
    assert not same_figures(before, now)


def reversed_names(names: str) -> list[str]:
    """The same groups in the other order, as one cell."""
    return [", ".join(reversed(names.split(", ")))]
