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
from reports.drawings.run_chart import LETTER, Point, run_chart
from reports.editions import Facts
from tests.cast import Town
from tests.deviation_files import row
from tests.test_deviation_report import DUE, QUARTER, groups, runs, take


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
    assert "Inga avvikelser i alla målgrupper" in small_town.letters()[-1].text
