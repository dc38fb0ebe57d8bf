"""The demo keeps its word: a year is played, everything works, and nothing else is touched."""

import json
from pathlib import Path

import pytest
from docx import Document

from cli.example.build import PLAN, build
from tests.conftest import free_port
from tests.test_cli import foljsam


def test_a_year_is_played_and_checked_and_can_be_looked_into(tmp_path: Path) -> None:
    ports = {"FOLJSAM_PORT": str(free_port()), "FOLJSAM_PREFECT_PORT": str(free_port())}
    done = foljsam(tmp_path, "demo", "--once", "--json", **ports)
    assert done.returncode == 0, done.stderr
    played = json.loads(done.stdout)
    assert played.keys() == {"activities", "letters", "flow_runs", "answers", "url", "seconds"}
    assert (played["activities"], played["answers"]) == (13, 1)
    assert played["letters"] > 20
    assert played["flow_runs"] == 13
    demo = tmp_path / "demo"
    mails = list((demo / "mailbox").glob("*.eml"))
    assert len(mails) == played["letters"]
    looked = foljsam(demo, "import", "plan", str(PLAN), "--json")
    assert json.loads(looked.stdout)["saved"]["new"] == 0


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "precious.txt").write_text("kvar")
    done = foljsam(tmp_path, "demo", "--once")
    assert done.returncode == 1
    assert "not a demo" in done.stderr
    assert (tmp_path / "demo" / "precious.txt").read_text() == "kvar"


def test_the_example_on_disk_is_what_its_builder_writes(tmp_path: Path) -> None:
    build(tmp_path / "plan.docx")

    def words(path: Path) -> list[list[str]]:
        tables = Document(str(path)).tables
        return [[cell.text for cell in row.cells] for table in tables for row in table.rows]

    assert words(PLAN) == words(tmp_path / "plan.docx")


@pytest.mark.parametrize("name", ["aktivitetsplan_2024.docx", "personer.csv"])
def test_the_example_names_no_real_address(name: str) -> None:
    data = (PLAN.parent / name).read_bytes()
    assert data.count(b"@") == data.count(b"@example.org") or name.endswith("docx")
