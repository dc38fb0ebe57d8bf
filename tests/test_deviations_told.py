"""What is told beside the counts tells no count: handling times, two columns at once, pairs, and
periods of another length.

Each by the attack that found it. The files that people have are attacked whole in
`test_deviations_attacker.py`.
"""

from datetime import date

import pytest

from config import policy
from models.database import reading, transaction
from models.edition import ReportKind
from reports.approval import approve_by_itself
from reports.deviation.compiling import compile_deviations
from reports.deviation.figures import ALL, Figures
from reports.deviation.published import Before, publish
from reports.editions import Of, freeze
from reports.quarter import compile_quarter
from reports.rollup.shapes import SCHEMA, read_facts
from rules.figures import percentile
from rules.pairs import Counted
from rules.periods import Kind, parse
from rules.small_numbers import Listed
from tests.cast import Town
from tests.test_deviation_cadence import agree
from tests.test_deviation_report import cases, take

LIMIT = 5
QUARTER = parse("2025Q3")
JULY = date(2025, 7, 1)


def figures(**cases_of: int) -> Figures:
    """A quarter in which these groups have so many cases."""
    found = Figures(QUARTER, date(2025, 10, 5), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, 60)
    found.counts = {name: {} for name in ("process", "found_by")}
    for group, number in cases_of.items():
        found.totals[QUARTER, group] = number
        found.months[JULY, group] = number
    return found


def days(*times: int) -> dict[int, int]:
    """Handling times in whole days, as they are counted."""
    return {100 * time: 1 for time in times}


@pytest.mark.parametrize("number", range(5, 30))
def test_a_percentile_does_not_tell_of_how_many_cases_it_is(number: int) -> None:
    """The ninetieth of ten, eleven … whole days a step apart lies 1, 0, 9 … tenths between two."""
    told = figures(Äldre=number)
    told.handled[QUARTER, "Äldre"] = days(*range(1, number + 1))
    exact = percentile(told.handled[QUARTER, "Äldre"], 90)
    assert exact is not None
    assert exact % 100 == 90 * (number - 1) % 100
    shown = publish(told, LIMIT).handling(QUARTER, "Äldre")
    assert shown.known == 0
    for each in (shown.median, shown.ninetieth):
        assert each is not None
        assert each.is_integer()


def test_the_times_of_all_groups_tell_nothing_of_a_small_one() -> None:
    told = figures(Äldre=12, Syn=3)
    told.handled[QUARTER, "Äldre"] = told.handled[QUARTER, ALL] = days(*range(1, 13))
    alone = publish(told, LIMIT).handling(QUARTER, ALL)
    told.handled[QUARTER, "Syn"] = days(40, 41, 42)
    told.handled[QUARTER, ALL] = days(*range(1, 13), 40, 41, 42)
    assert publish(told, LIMIT).handling(QUARTER, ALL) == alone
    assert publish(told, LIMIT).handling(QUARTER, "Syn").median is None


def test_a_years_times_do_not_tell_that_four_small_quarters_are_five_cases() -> None:
    told = figures()
    told.period = year = parse("2025")
    for month in (1, 4, 7, 10):
        told.months[date(2025, month, 1), "Syn"] = 2
    told.handled[year, "Syn"] = days(*range(1, 9))
    by_quarter = Before(usual=Kind.QUARTER)
    assert str(publish(told, LIMIT, by_quarter).total(year, "Syn")) == "4–16"
    assert publish(told, LIMIT, by_quarter).handling(year, "Syn").median is None
    assert publish(told, LIMIT).handling(year, "Syn").median == 5


def test_two_columns_are_told_together_only_as_each_was_told_first() -> None:
    """A case has got another process since; its list stands as it was told."""
    told = figures(Äldre=21)
    told.counts["found_by"][QUARTER, "Äldre"] = {"kommunen": 21}
    told.counts["process"][QUARTER, "Äldre"] = {"SIP": 8, "Läkemedel": 13}
    told.both[QUARTER, "Äldre"] = {("kommunen", "SIP"): 8, ("kommunen", "Läkemedel"): 13}
    assert publish(told, LIMIT).both(QUARTER, "Äldre")
    first = Listed(21, {"SIP": 9, "Läkemedel": 12})
    before = Before(lists={(str(QUARTER), "Äldre", "process"): first})
    assert publish(told, LIMIT, before).both(QUARTER, "Äldre") == {}


def test_a_pair_tells_nothing_of_a_process_that_is_told_in_part() -> None:
    """Two units that meet none but each other: 20 × 20 cases by what is to be expected is the
    process, 31 of which 25 are told, and the rest is in a list's rest.
    """
    shown = []
    for in_rest in (6, 3):
        told = figures(Äldre=40)
        names = ("Hemtjänst Alm", "Björks sjukhus", "SIP")
        told.pairs["Äldre"] = [Counted(names, 20, 20, 20, 25 + in_rest)]
        told.tried["Äldre"] = 4
        told.counts["process"][parse("2025Q2"), "Äldre"] = {"SIP": in_rest, "Läkemedel": 1}
        told.counts["process"][QUARTER, "Äldre"] = {"SIP": 25, "Läkemedel": 15}
        told.months[date(2025, 4, 1), "Äldre"] = in_rest + 1
        shown.append(publish(told, LIMIT).pairs("Äldre"))
    assert shown[0] == shown[1] != []
    ((pair, number),) = shown[0]
    assert number == 20
    assert pair.expected == 16


def test_a_quarter_is_not_told_where_tertials_are_agreed(town: Town) -> None:
    """A tertial less a quarter is April: three cases."""
    agree(town, "tertial")
    take(town, [*cases("Äldre", "2025-01", 10), *cases("Äldre", "2025-04", 3, name="april")])
    assert roll_up(town) == "dold"
    assert total(town, "2025T1") == "13"


def test_nor_is_a_tertial_where_a_roll_up_has_told_its_quarter(town: Town) -> None:
    """They agreed on quarters until then, and no deviation report was made."""
    take(town, [*cases("Äldre", "2025-01", 10), *cases("Äldre", "2025-04", 3, name="april")])
    assert roll_up(town) == "10"
    agree(town, "tertial")
    assert total(town, "2025T1") == "dold"


def roll_up(town: Town) -> str:
    """What an approved status report of the first quarter tells of the old."""
    of = Of(ReportKind.QUARTER, 1, None, "2025Q1")
    day = date(2025, 4, 4)
    promises = policy.load(town.settings.home)
    with transaction(town.settings) as session:
        facts = compile_quarter(session, of, day, promises)
        id_, _ = freeze(session, of, facts, schema_version=SCHEMA, cut_off=day, by="Frida")
        assert approve_by_itself(session, id_)
    return next(one.now for one in read_facts(facts).deviations if one.group == "Äldre")


def total(town: Town, period: str) -> str:
    """What a deviation report of the whole tells of the old."""
    of = Of(ReportKind.DEVIATIONS, 1, None, period)
    promises = policy.load(town.settings.home)
    with reading(town.settings) as session:
        facts = compile_deviations(session, of, parse(period).next.first, promises)
    return str(dict(row[:2] for row in facts["receivers"])["Äldre"])
