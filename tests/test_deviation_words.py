"""What a deviation report looks like at its edges: few months, many months, nothing known."""

import json
import re
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import select

from models.columns import c
from models.database import reading
from models.edition import Edition
from reports.blocks import Heading
from reports.deviation.chart_words import _a_year, signal
from reports.deviation.words import essentials
from reports.drawings.run_chart import LETTER, Point, run_chart
from reports.editions import Facts
from rules.periods import Kind
from tests.cast import Town
from tests.deviation_files import row
from tests.test_deviation_report import DUE, QUARTER, cases, groups, runs, take
from tests.test_deviation_sentences import report_of


def facts(town: Town) -> list[Facts]:
    """What the editions keep; the whole's last."""
    with reading(town.settings) as session:
        rows = session.execute(select(c(Edition).facts).order_by(c(Edition).id)).scalars()
        return [json.loads(words) for words in rows]


@pytest.mark.parametrize("many", [1, 2, 9, 12, 13, 14, 26, 36])
@pytest.mark.parametrize("name", ["kv 1 2025", "2025-03", "tertial 3 2025"])
def test_the_periods_under_a_chart_never_collide(many: int, name: str) -> None:
    points = [Point(name, at % 7, str(at % 7)) for at in range(many)]
    svg = run_chart(points, 3, name="r", caption="A", figure="Antal", says="S").svg
    at = [float(x) for x in re.findall(rf'<text x="([\d.]+)"[^>]*>{name}</text>', svg)]
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', svg)]
    assert at[-1] == dots[-1]
    assert all(b - a > len(name) * LETTER for a, b in pairwise(at))


def test_a_period_that_no_export_reaches_is_unknown_and_not_nothing(small_town: Town) -> None:
    """The first case on file is from December 2024."""
    groups(small_town)
    take(small_town, QUARTER)
    runs(small_town, DUE)
    *own, whole = facts(small_town)
    assert [line[1:4] for line in whole["receivers"]] == [["16", "9", "–"], ["0", "6", "–"]]
    for told in (*own, whole):
        for target in told["targets"]:
            assert target["total"]["2024Q1"] == target["voided"]["2024Q1"] == "–"
            for lines in target["dimensions"].values():
                assert {line[3] for line in lines} <= {"–"}


def test_a_file_without_any_case_gives_reports_that_say_so(small_town: Town) -> None:
    groups(small_town)
    take(small_town, [row("", "2025-03-30")])
    assert runs(small_town, DUE) == (1, 0, 0)
    assert runs(small_town, date(2025, 5, 6)) == (0, 1, 1)
    assert "Inga avvikelser i någon målgrupp" in small_town.letters()[-1].text


STATISTICS = ("median", "slump", "signal", "mätpunkt")


def three_years(town: Town) -> None:
    """Three times as many a month since 2024 as in the two years before it."""
    groups(town)
    rows = []
    for month in range(1, 40):
        named = f"{2021 + (month + 11) // 12}-{(month - 1) % 12 + 1:02}"
        rows += cases("Äldre", named, 3 if month < 25 else 9, named)
    take(town, rows)
    assert runs(town, DUE) == (0, 2, 2)


def test_a_report_says_what_its_figures_mean_and_how_seldom_chance_does_it_stands_last(
    small_town: Town,
) -> None:
    three_years(small_town)
    (told, _) = facts(small_town)
    report = report_of(told)
    last = report.blocks.index(Heading(1, "Så är det räknat"))
    shown, method = report.blocks[:last], report.blocks[last:]
    assert [word for word in STATISTICS if word in str(shown).lower()] == []
    essential = essentials(told)[0]
    assert (
        "Det senaste året registrerades 108 avvikelser. De två åren före det var de 90 "
        "tillsammans, omkring 45 om året. Så många fler är knappast en tillfällighet. Siffrorna "
        "säger inte varför: det kan ha hänt mer, eller ha rapporterats mer."
    ) in essential
    assert "Äldre. Det senaste året: så mycket händer av en slump mindre än en gång på" in str(
        method
    )


def test_an_edition_of_before_says_it_as_it_did(small_town: Town) -> None:
    three_years(small_town)
    (told, _) = facts(small_town)
    before = essentials(told | {"schema": 5})[0]
    assert "De 8 kvartalen före det var de 90 tillsammans." in before
    assert "Det senaste året är de fler än slumpen brukar ge: så mycket händer" in before
    assert "mindre än en gång på" not in str(report_of(told | {"schema": 5}).blocks[-1])
    assert "knappast en tillfällighet" in essentials(told | {"schema": 5}, plain=True)[0]


@pytest.mark.parametrize(
    ("shown", "years", "words"),
    [
        ("320", 2, ", omkring 160 om året"),
        ("301–340", 3, ", mellan 100 och 113 om året"),
        ("320–321", 2, ", omkring 160 om året"),
        ("<5", 2, ""),
    ],
)
def test_a_sum_of_years_is_told_by_the_year_where_it_is_known(
    shown: str, years: int, words: str
) -> None:
    assert _a_year(shown, years) == words


def test_what_half_years_are_compared_with_is_years_too() -> None:
    level = {"now": "30", "before": "100", "periods": 10, "more": False, "sure": 40}
    chart = {"level": level, "trend": [], "kind": "halvår"}
    assert signal(chart, Kind.HALF, plain=True).startswith(
        "Det senaste året registrerades 30 avvikelser. De fem åren före det var de 100 "
        "tillsammans, omkring 20 om året. Så många färre är"
    )
