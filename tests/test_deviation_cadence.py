"""Deviations by tertial and by year: due, waited for, none at all, by the rounds and by hand."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from config import policy
from notifications.rehearsal import rehearse
from tests.cast import Town
from tests.command import foljsam
from tests.deviation_files import csv_file
from tests.test_deviation_report import cases, groups, runs, take
from tests.test_flows import rounds as rounds_of

pytestmark = pytest.mark.by_turns
CADENCES = {
    # cadence: (period, in words, the month it has cases in, the day before, the day it is due)
    "tertial": ("2025T1", "tertial 1 2025", "2025-04", date(2025, 5, 2), date(2025, 5, 5)),
    "year": ("2024", "2024", "2024-12", date(2025, 1, 2), date(2025, 1, 3)),
}


def agree(town: Town, cadence: str) -> None:
    """The collaboration has agreed how often the reports come."""
    words = f'[deviations]\ncadence = "{cadence}"\n'
    (town.settings.home / "policy.toml").write_text(words, "utf-8")


def rows(month: str) -> list[list[Any]]:
    """Cases of the old, none of psychiatry but for long ago."""
    return [*cases("Äldre", month, 12), *cases("Psykiatri", "2023-06", 6)]


@pytest.mark.parametrize("cadence", CADENCES)
def test_every_group_gets_its_report_also_when_there_is_nothing(town: Town, cadence: str) -> None:
    _, name, month, before, due = CADENCES[cadence]
    agree(town, cadence)
    groups(town)
    take(town, rows(month), datetime(due.year, due.month, 1, 12, tzinfo=UTC))
    assert runs(town, before) == (0, 0, 0)
    assert runs(town, due) == (0, 3, 3)
    assert runs(town, due) == (0, 0, 0)
    letters = {each.to_name: each for each in town.letters()}
    assert "Tolv avvikelser i målgruppen Äldre registrerades" in letters["Alice"].text
    assert "Inga avvikelser i målgruppen Psykiatri registrerades" in letters["Bob"].text
    assert name in letters["Bob"].subject


@pytest.mark.parametrize("cadence", CADENCES)
def test_a_late_export_makes_them_wait_and_then_they_go(town: Town, cadence: str) -> None:
    period, _, month, _, due = CADENCES[cadence]
    agree(town, cadence)
    groups(town)
    take(town, rows(month)[:9], datetime(2024, 12, 30, 8, tzinfo=UTC))
    assert runs(town, due) == (1, 0, 0)
    assert runs(town, due) == (0, 0, 0)
    (waits,) = town.letters()
    last = "30 april 2025" if period == "2025T1" else "31 december 2024"
    assert f"Ingen fil är inläst efter den {last}." in waits.text
    take(town, rows(month), datetime(due.year, due.month, due.day, 7, tzinfo=UTC))
    assert runs(town, due) == (0, 3, 3)


def test_what_waits_for_its_export_goes_also_when_the_next_period_is_over(town: Town) -> None:
    """The file of the first quarter comes in July, before the second quarter's day and after it."""
    groups(town)
    quarter = [*cases("Äldre", "2025-03", 12), *cases("Psykiatri", "2024-06", 6)]
    take(town, quarter[:9], datetime(2025, 3, 20, 8, tzinfo=UTC))
    assert runs(town, date(2025, 4, 7)) == (1, 0, 0)
    assert len(town.letters()) == 1
    assert runs(town, date(2025, 7, 2)) == (0, 0, 0)
    take(town, [*quarter, *cases("Äldre", "2025-06", 7)], datetime(2025, 7, 2, 8, tzinfo=UTC))
    third = date(2025, 7, 3)
    coming = [one.subject for one in rehearse(town.settings, policy.load(), third, third)]
    assert runs(town, third) == (0, 3, 3)
    assert sorted(coming) == sorted(each.subject for each in town.letters()[1:])
    assert {each.subject.partition(":")[0] for each in town.letters()[1:]} == {
        "Avvikelser kv 1 2025"
    }
    assert runs(town, date(2025, 7, 4)) == (0, 3, 3)
    assert runs(town, date(2025, 7, 7)) == (0, 0, 0)
    assert town.letters()[-1].subject.startswith("Avvikelser kv 2 2025")


def test_a_quarter_that_nobody_was_told_waits_is_not_made_up_for(town: Town) -> None:
    """The first file that is ever read holds years: only the quarter just over is reported."""
    groups(town)
    took = datetime(2025, 4, 2, 8, tzinfo=UTC)
    take(town, [*cases("Äldre", "2024-11", 12), *cases("Äldre", "2025-03", 7)], took)
    assert runs(town, date(2025, 4, 4))[1] > 0
    assert {one.subject.partition(":")[0] for one in town.letters()} == {"Avvikelser kv 1 2025"}


@pytest.mark.parametrize("cadence", CADENCES)
def test_the_command_tells_the_same(small_town: Town, tmp_path: Path, cadence: str) -> None:
    period, _, month, _, due = CADENCES[cadence]
    agree(small_town, cadence)
    groups(small_town)
    take(small_town, rows(month))
    for group, said in (
        ("Temagrupp äldre", "Tolv avvikelser i målgruppen Äldre"),
        ("Temagrupp psykiatri", "Inga avvikelser i målgruppen Psykiatri"),
        ("", "Tolv avvikelser i alla målgrupper"),
    ):
        file = tmp_path / "rapport.html"
        words = ["report", "deviations", period, "--out", str(file), "--today", str(due)]
        result = CliRunner().invoke(app, [*words, "--group", group] if group else words)
        assert result.exit_code == 0, result.output
        assert said in file.read_text("utf-8")


def test_the_rounds_run_by_tertial(place: Town, tmp_path: Path) -> None:
    """The export is late, comes, and the reports go by themselves."""
    agree(place, "tertial")
    groups(place)
    take(place, rows("2025-04")[:3], datetime(2025, 4, 10, 8, tzinfo=UTC))
    file = tmp_path / "t1.csv"
    file.write_bytes(csv_file(rows("2025-04")))
    line = ("deviation-report", "2025-05-05")
    (waits,) = rounds_of(place, line)
    assert (waits["editions"], waits["letters"]) == (0, 1)
    assert foljsam(place.settings.home, "import", "deviations", str(file)).returncode == 0
    goes, again = rounds_of(place, line, line)
    assert (goes["editions"], goes["letters"]) == (3, 3)
    assert (again["editions"], again["letters"]) == (0, 0)
