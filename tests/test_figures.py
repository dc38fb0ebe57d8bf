"""What figures mean: percentiles, run charts, what stands out; and the counting of a quarter."""

import json
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import clock
from config.settings import Settings
from intake.deviation.shapes import Source
from intake.deviation.ticking import words_of
from intake.deviations import look, read_deviations, take_in
from models.database import reading, transaction
from models.deviation import FoundBy
from reports.deviation.counting import count
from reports.deviation.figures import ALL, IN_TIME, LATE, UNDECIDED, Figures
from reports.deviation.published import Before, publish
from rules.figures import (
    Handling,
    age,
    handling,
    percent,
    percentile,
    rounded,
)
from rules.periods import parse
from tests.conftest import SHARED
from tests.deviation_files import HEADS, ours, row
from tests.test_deviations_cases import takes_in

pytestmark = pytest.mark.by_turns
TODAY = date(2025, 10, 15)
MONTHS = [f"2023-{m:02d}" for m in range(1, 13)] + [f"2024-{m:02d}" for m in range(1, 13)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=40), st.integers(0, 100))
def test_a_percentile_is_that_of_the_values_written_out(values: list[int], p: int) -> None:
    ordered = sorted(values)
    place = Fraction((len(values) - 1) * p, 100)
    low = ordered[int(place)]
    high = ordered[min(int(place) + 1, len(values) - 1)]
    assert percentile(Counter(values), p) == low + (high - low) * (place - int(place))


def test_a_median_is_exact_and_of_nothing_there_is_none() -> None:
    assert percentile({1: 1, 2: 1}, 50) == Fraction(3, 2)
    assert percentile({}, 50) is None
    assert handling({1970: 1, 1980: 1, 2000: 3}) == Handling(5, 20.0, 20.0)
    assert handling({1970: 4}, limit=5) == Handling(4, None, None)


def test_halves_are_rounded_as_people_do() -> None:
    assert [rounded(Fraction(x, 100)) for x in (1965, 1964, 2250, -1965)] == [
        19.7,
        19.6,
        22.5,
        -19.7,
    ]
    assert [percent(1, 8), percent(1, 3), percent(0, 0)] == [13, 33, None]
    assert [percent(n, 200) for n in (0, 1, 199, 200)] == [0, 1, 99, 100]
    assert [percent(n, 1000) for n in (0, 1, 999, 1000)] == [0, 1, 99, 100]


def test_an_open_case_has_one_age() -> None:
    ages = [age(TODAY - timedelta(days=n), TODAY) for n in (0, 30, 31, 60, 90, 91, 180, 181)]
    assert ages == [
        *("0–30 dagar", "0–30 dagar", "31–60 dagar", "31–60 dagar", "61–90 dagar"),
        *("91–180 dagar", "91–180 dagar", "över 180 dagar"),
    ]


@pytest.mark.parametrize("head", ["Utredande enhet", "Utreds av"])
def test_a_pair_stands_out_that_recurs_far_more_than_its_units_let_expect(
    told: Settings, head: str
) -> None:
    """Also where the file calls the unit "Utreds av"."""
    rows = [
        row(f"a{n}-{m}-{k}", "2025-07-01", unit=f"Enhet {n}", by=f"Mottagning {m}")
        for n in range(8)
        for m in range(8)
        for k in range(2)
    ]
    rows += [row(f"b{n}", "2025-07-01", unit="Enhet 3", by="Mottagning 4") for n in range(12)]
    heads = [each.replace("Utreds av", head) for each in HEADS]
    takes_in(told, rows, heads)
    shown = publish(counted(told, "2025Q3"), 5)
    ((pair, cases),) = shown.pairs("Äldre")
    assert (pair.names, pair.cases, cases) == (("Enhet 3", "Mottagning 4", "SIP"), 14, 10)
    assert shown.pairs("Barn och unga") == []


def counted(told: Settings, period: str, today: date = TODAY) -> Figures:
    """The figures of a period."""
    with reading(told) as session:
        return count(session, ours(session), parse(period), today=today, answer_days=60)


def some_cases() -> list[list[Any]]:
    """Cases of two quarters and the year before, counted by hand in the tests below."""
    rows = [row(f"a{n}", "2025-07-01", time="10,0", answered="2025-07-11") for n in range(6)]
    rows += [row(f"b{n}", "2025-07-01", time="90", answered="2025-09-29") for n in range(2)]
    rows += [row("c1", "2025-07-20", status="Ny"), row("c2", "2025-09-20", status="Ny")]
    rows += [row("d1", "2025-08-01", status="Makulerad")]
    rows += [row(f"e{n}", "2025-04-01", by="Alms kommun", process="Läkemedel") for n in range(5)]
    rows += [row(f"f{n}", "2024-09-30", "Barn och unga") for n in range(7)]
    rows += [row("g1", "2025-07-07", "")]
    return rows


def test_a_quarter_is_counted_beside_those_it_is_compared_with(told: Settings) -> None:
    takes_in(told, some_cases())
    figures = counted(told, "2025Q3")
    now, before, year_before = figures.compared
    assert figures.groups == ["Barn och unga", "Ej angiven", "Äldre"]
    totals = [figures.total(p, "Äldre") for p in (now, before, year_before)]
    assert totals == [10, 5, 0]
    assert figures.total(year_before, "Barn och unga") == 7
    assert figures.total(now, ALL) == 10  # without a group: told by itself
    assert figures.total(now, "Ej angiven") == 1
    assert figures.voided[now, "Äldre"] == 1
    assert figures.counts["process"][before, "Äldre"] == {"Läkemedel": 5}
    assert figures.counts["found_by"][before, "Äldre"] == {FoundBy.REGION: 5}
    assert figures.counts["found_by"][now, "Äldre"] == {FoundBy.MUNICIPALITY: 10}
    assert figures.handling(now, "Äldre", 5) == Handling(8, 10.0, 90.0)
    answered = {IN_TIME: 6, LATE: 3, UNDECIDED: 1}
    assert figures.counts["answered"][now, "Äldre"] == answered
    waiting = {age_: n for age_, n in figures.waiting["Äldre"].items() if n}
    assert waiting == {"0–30 dagar": 1, "61–90 dagar": 1}


@pytest.mark.parametrize(
    # 1 April is in the first tertial, 20 September in the third.
    ("period", "total"),
    [("2025T1", 5), ("2025T2", 9), ("2025T3", 1), ("2025H1", 5), ("2025H2", 10), ("2025", 15)],
)
def test_other_periods_are_made_of_the_same_months(told: Settings, period: str, total: int) -> None:
    takes_in(told, some_cases())
    figures = counted(told, period)
    assert figures.total(figures.period, "Äldre") == total


def test_a_small_figure_is_shown_as_small_and_nothing_tells_it(told: Settings) -> None:
    takes_in(told, some_cases())
    figures = counted(told, "2025Q3")
    shown = publish(figures, 5)
    now, _, year_before = figures.compared
    assert str(shown.total(now, "Ej angiven")) == "<5"
    assert str(shown.voided(now, "Äldre")) == "<5"
    assert str(shown.total(now, "Äldre")) == "10"
    assert str(shown.count(now, "Äldre", "answered", LATE)) == "dold"
    assert shown.in_time(now, "Äldre") is None
    assert shown.handling(now, "Äldre") == Handling(0, 10.0, 90.0)
    assert shown.handling(now, "Ej angiven") == Handling(0, None, None)
    assert str(shown.total(year_before, "Barn och unga")) == "7"


def test_what_an_edition_of_before_hid_stays_hidden_in_the_next(told: Settings) -> None:
    takes_in(told, some_cases())
    takes_in(told, [row(f"g{n}", "2025-07-07", "") for n in range(2, 9)])
    figures = counted(told, "2025Q4", date(2026, 1, 15))
    again = publish(figures, 5, Before(hidden=frozenset({("2025Q3", "Ej angiven")})))
    assert str(publish(figures, 5).total(parse("2025Q3"), "Ej angiven")) == "8"
    assert str(again.total(parse("2025Q3"), "Ej angiven")) == "dold"


def test_a_chart_is_by_month_only_where_no_month_is_small(told: Settings) -> None:
    rows = [row(f"{m}-{n}", f"2025-{m:02d}-05") for m in range(1, 10) for n in range(6)]
    rows += [row(f"b{m}", f"2025-{m:02d}-05", "") for m in range(1, 10)]
    takes_in(told, rows)
    shown = publish(counted(told, "2025Q3"), 5)
    assert (shown.chart("Äldre").kind, {str(n) for n in shown.chart("Äldre").points}) == (
        "månad",
        {"6"},
    )
    others = shown.chart("Ej angiven")
    assert (others.kind, [str(n) for n in others.points]) == ("kvartal", ["<5", "<5", "<5"])


def test_before_the_first_case_nothing_is_known(told: Settings) -> None:
    assert counted(told, "2025Q3").known_from is None
    assert publish(counted(told, "2025Q3"), 5).chart(ALL).points == ()
    takes_in(told, some_cases())
    assert counted(told, "2025Q3").known_from == date(2024, 9, 1)


def test_the_sample_has_the_medians_that_were_counted_by_hand(told: Settings) -> None:
    path = SHARED / "cases" / "avvikelser_2025.csv"
    if not path.is_file():
        pytest.skip("the sample lies beside the repository")
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    export = read_deviations(path.name, path.read_bytes(), Source(), key="k")
    with transaction(told) as session:
        waiting = look(session, ours(session), export, Source(), "Frida", clock.now())
        take_in(session, waiting, clock.now(), words_of(session, waiting), "Frida")
    for quarter, groups in expected["by_quarter_group_without_makulerade"].items():
        figures = counted(told, quarter)
        for group, number in groups.items():
            assert figures.total(figures.period, group) == number
        times: Counter[int] = Counter()
        for group in figures.groups:
            times.update(figures.handled.get((figures.period, group), {}))
        assert handling(times).median == expected["median_handling_days_by_quarter"][quarter]
