"""The demo keeps its word: a year is played, everything works, and nothing else is touched."""

import json
from pathlib import Path

import pytest
from docx import Document

from cli.example.build import (
    BY_QUARTER,
    COLUMNS,
    DEVIATIONS,
    MADE_UP,
    PLAN,
    build,
    build_deviations,
)
from tests.command import foljsam, within
from tests.conftest import free_port


def test_a_year_is_played_and_checked_and_can_be_looked_into(tmp_path: Path) -> None:
    names = ("FOLJSAM_PORT", "FOLJSAM_PREFECT_PORT", "FOLJSAM_PREFECT_DOOR_PORT")
    ports = {name: str(free_port()) for name in names}
    done = foljsam(tmp_path, "demo", "--once", "--json", **ports)
    assert done.returncode == 0, done.stderr
    played = json.loads(done.stdout)
    counts = {"activities": 13, "answers": 2, "deviations": sum(BY_QUARTER), "flow_runs": 19}
    assert counts.items() <= played.items()
    assert played.keys() == counts.keys() | {"letters", "silences", "reports", "url", "seconds"}
    assert played["letters"] > 30
    assert played["silences"] > 0
    demo = tmp_path / "demo"
    mails = list((demo / "mailbox").glob("*.eml"))
    assert len(mails) == played["letters"]
    reports = sorted(path.name for path in (demo / "rapporter").iterdir())
    assert len(reports) == played["reports"] == 15
    kinds = {tuple(name.split("-")[:2]) for name in reports}
    assert kinds == {("arsrapport", "2024"), ("avvikelser", "2024q4"), ("statusrapport", "2024q4")}
    looked = foljsam(demo, "import", "plan", str(PLAN), "--json")
    assert json.loads(looked.stdout)["saved"]["new"] == 0


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "precious.txt").write_text("kvar")
    done = within(tmp_path, "demo", "--once")
    assert done.returncode == 1
    assert "not a demo" in done.stderr
    assert (tmp_path / "demo" / "precious.txt").read_text() == "kvar"


def test_the_example_on_disk_is_what_its_builder_writes(tmp_path: Path) -> None:
    build(tmp_path / "plan.docx")

    def words(path: Path) -> list[list[str]]:
        tables = Document(str(path)).tables
        return [[cell.text for cell in row.cells] for table in tables for row in table.rows]

    assert words(PLAN) == words(tmp_path / "plan.docx")
    build_deviations(tmp_path / "avvikelser.csv")
    assert (tmp_path / "avvikelser.csv").read_bytes() == DEVIATIONS.read_bytes()


def test_the_example_deviations_say_that_they_are_made_up() -> None:
    first, headings, *rows = DEVIATIONS.read_text("utf-8-sig").splitlines()
    assert first == MADE_UP
    assert headings == ";".join(COLUMNS)
    assert len(rows) == sum(BY_QUARTER)


@pytest.mark.parametrize("name", ["aktivitetsplan_2024.docx", "avvikelser.csv", "personer.csv"])
def test_the_example_names_no_real_address(name: str) -> None:
    data = (PLAN.parent / name).read_bytes()
    assert data.count(b"@") == data.count(b"@example.org") or name.endswith("docx")
