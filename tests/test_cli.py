"""The command line as a person meets it: one sentence, exit code 2, nothing saved, no traceback."""

import json
import sqlite3
from pathlib import Path

import pytest

from cli.example.build import PEOPLE, PLAN
from tests.command import Done, as_program, foljsam, within
from tests.conftest import free_port


def rows(home: Path, table: str) -> int:
    """How many rows a table has; 0 where there is no database at all."""
    if not (home / "foljsam.db").exists():
        return 0
    with sqlite3.connect(home / "foljsam.db") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def refused(done: Done) -> str:
    """The one sentence of a refusal."""
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("foljsam: ")
    return lines[0]


def test_a_date_is_read_as_json(tmp_path: Path) -> None:
    done = foljsam(tmp_path, "dates", "hösten 2024", "--reference", "2024-03-15", "--json")
    assert json.loads(done.stdout) == {
        "text": "hösten 2024",
        "first": "2024-08-01",
        "last": "2024-12-31",
        "precision": "season",
        "open": False,
        "doubt": None,
    }


def test_dates_are_read_a_line_each_from_standard_input(tmp_path: Path) -> None:
    lines = "kv 2\t2024-03-15\nlöpande\t2024-03-15\n\t2024-03-15\nv. 53 2024\t2024-03-15\n"
    done = as_program(tmp_path, "dates", "--json", stdin=lines)
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert [span["precision"] for span in read] == ["quarter", "open", "none", "invalid"]
    assert read[0]["last"] == "2024-06-30"
    assert read[3]["doubt"]


def test_a_reference_that_is_no_day_is_refused(tmp_path: Path) -> None:
    assert "is not a day" in refused(foljsam(tmp_path, "dates", "maj", "--reference", "15/3"))
    done = foljsam(tmp_path, "dates", "--json", stdin="maj\tigår\n")
    assert "is not a day" in refused(done)


def test_checking_a_plan_shows_it_and_saves_nothing(tmp_path: Path) -> None:
    done = foljsam(tmp_path, "import", "plan", str(PLAN), "--check", "--json")
    shown = json.loads(done.stdout)
    assert shown["plan"]["title"] == "Aktivitetsplan 2024"
    assert len(shown["activities"]) == 8
    assert len(shown["continuous"]) == 5
    keys = {"what", "how", "goal", "responsible", "start", "deadline", "follow_up", "state"}
    assert keys | {"doubts", "source"} <= shown["activities"][0].keys()
    assert shown["activities"][0]["deadline"]["last"] == "2024-12-31"
    assert list(tmp_path.iterdir()) == []


def test_the_same_files_twice_change_nothing(tmp_path: Path) -> None:
    plan = ("import", "plan", str(PLAN), "--json")
    people = ("import", "people", str(PEOPLE), "--json")
    assert json.loads(foljsam(tmp_path, *plan).stdout)["saved"]["new"] == 13
    assert json.loads(foljsam(tmp_path, *people).stdout)["new"] == 6
    assert json.loads(foljsam(tmp_path, *plan).stdout)["saved"]["new"] == 0
    again = json.loads(foljsam(tmp_path, *people).stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 6)
    assert (rows(tmp_path, "activity"), rows(tmp_path, "person")) == (13, 6)
    assert rows(tmp_path, "role_holding") == 6
    assert "on file already" in foljsam(tmp_path, *plan[:3]).stdout


def bad_file(folder: Path, kind: str) -> Path:
    """A file that is no plan."""
    path = folder / {"big": "big.docx", "empty": "empty.xlsx", "zip": "broken.docx"}.get(
        kind, f"plan.{kind}"
    )
    if kind == "big":
        with path.open("wb") as file:
            file.truncate(50 * 1024 * 1024)
    elif kind == "empty":
        path.touch()
    elif kind == "zip":
        path.write_bytes(b"PK\x03\x04 and then nothing")
    else:
        path.write_text("Aktivitet;Ansvarig\n")
    return path


@pytest.mark.parametrize("kind", ["txt", "zip", "empty", "big", "missing"])
def test_a_file_that_is_no_plan_is_refused_in_one_sentence_and_nothing_is_saved(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "nowhere.docx" if kind == "missing" else bad_file(tmp_path, kind)
    home = tmp_path / "home"
    refused(foljsam(home, "import", "plan", str(path)))
    assert rows(home, "activity") == 0


def test_a_word_file_without_a_table_or_a_known_heading_is_refused(tmp_path: Path) -> None:
    from docx import Document

    bare = Document()
    bare.add_paragraph("Hej")
    bare.save(str(tmp_path / "bare.docx"))
    strange = Document()
    table = strange.add_table(rows=2, cols=2)
    for number, words in enumerate(("Pris", "Vikt", "3", "4")):
        table.cell(number // 2, number % 2).text = words
    strange.save(str(tmp_path / "strange.docx"))
    for name in ("bare.docx", "strange.docx"):
        refused(foljsam(tmp_path / "home", "import", "plan", str(tmp_path / name)))


def test_a_malformed_address_in_a_people_file_is_told_and_the_others_are_saved(
    tmp_path: Path,
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Namn;E-post\nAlice;alice@example.org\nBob;bob@\n", "utf-8")
    done = foljsam(tmp_path / "home", "import", "people", str(path))
    assert done.returncode == 0
    assert "row 3: 'bob@' is not an e-mail address." in done.stdout
    assert rows(tmp_path / "home", "person") == 1


def test_a_round_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "morning-round" in refused(within(tmp_path, "run", "evening-round"))
    assert "not a day" in refused(within(tmp_path, "run", "morning-round", "--today", "i dag"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused(tmp_path: Path, day: str) -> None:
    said = refused(within(tmp_path, "run", "morning-round", "--today", day))
    assert "1900-01-01 to 2200-12-31" in said
    assert "FOLJSAM_TODAY" in refused(foljsam(tmp_path, "list", FOLJSAM_TODAY=day))


@pytest.mark.parametrize("words", [("move", "starta"), ("part", "Almdala")])
def test_a_number_that_is_larger_than_any_on_file_is_refused(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    done = foljsam(tmp_path, words[0], "99999999999999999999", words[1])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_group_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    assert foljsam(tmp_path, "import", "people", str(PEOPLE)).returncode == 0
    said = refused(foljsam(tmp_path, "list", "--group", "NOSAM Ek"))
    assert "no group 'NOSAM Ek'" in said
    assert "NOSAM Almdala, NOSAM Björkvik" in said


def test_a_half_configured_installation_does_not_start(tmp_path: Path) -> None:
    assert "FOLJSAM_MAIL_FROM" in refused(within(tmp_path, "up", FOLJSAM_SMTP_HOST="mail"))


def test_a_policy_that_cannot_be_kept_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("[deadline]\ndefault = [1, 7]\n")
    assert "policy.toml" in refused(within(tmp_path, "up"))


def test_a_database_that_is_not_there_is_said_without_its_password(tmp_path: Path) -> None:
    address = f"postgresql://foljsam:hemligt@127.0.0.1:{free_port()}/foljsam"
    said = refused(foljsam(tmp_path, "import", "people", str(PEOPLE), FOLJSAM_DATABASE_URL=address))
    assert "cannot be reached" in said
    assert "hemligt" not in said


def test_help_names_every_command(tmp_path: Path) -> None:
    done = as_program(tmp_path, "--help")
    for command in ("up", "demo", "run", "import", "dates", "postman", "web", "worker", "doctor"):
        assert command in done.stdout


def test_an_administrator_is_added_listed_and_ended_but_not_the_last_one(tmp_path: Path) -> None:
    named = {"FOLJSAM_ADMINISTRATORS": "root@example.org"}
    done = foljsam(tmp_path, "administrator", "add", "alma@example.org", "--name", "Alma", **named)
    assert done.returncode == 0, done.stderr
    done = foljsam(tmp_path, "administrator", "list", "--json")
    assert [(one["address"], one["until"]) for one in json.loads(done.stdout)] == [
        ("root@example.org", None),
        ("alma@example.org", None),
    ]
    assert foljsam(tmp_path, "administrator", "end", "root@example.org", **named).returncode == 0
    done = foljsam(tmp_path, "administrator", "end", "alma@example.org", **named)
    assert "Alma är den sista administratören" in refused(done)
    assert rows(tmp_path, "administrator") == 2


def test_the_command_is_told_once_what_the_headings_of_a_file_stand_over(tmp_path: Path) -> None:
    file = tmp_path / "lista 2026.csv"
    file.write_text("Kol1;Kol2;Kol3\nKurs;Alice;2026-05-31\n", "utf-8")
    columns = "Kol1=what,Kol2=responsible,Kol3=deadline"
    done = foljsam(tmp_path, "import", "plan", str(file), "--check", "--json", "--columns", columns)
    (one,) = json.loads(done.stdout)["activities"]
    assert (one["what"], one["responsible"]) == ("Kurs", ["Alice"])
    assert one["deadline"]["last"] == "2026-05-31"


def test_a_column_that_there_is_not_is_refused_with_those_that_are(tmp_path: Path) -> None:
    file = tmp_path / "lista.csv"
    file.write_text("Kol1;Kol2\nKurs;Alice\n", "utf-8")
    done = foljsam(tmp_path, "import", "plan", str(file), "--check", "--columns", "Kol1=vad")
    assert "columns are goal" in " ".join(refused(done).split())
