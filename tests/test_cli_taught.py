"""The command is told once what a file's columns, states and groups mean, as the page is."""

import json
from pathlib import Path
from typing import Any

from tests.command import Done, foljsam
from tests.deviation_files import csv_file, row
from tests.test_cli import refused, rows

HEADS = "Kol A;Kol B;Kol C;Kol D"
COLUMNS = "Kol A=what,Kol B=responsible,Kol C=deadline,Kol D=status"


def file(home: Path, name: str, *lines: str) -> str:
    path = home / name
    path.write_text("\n".join([HEADS, *lines, ""]), "utf-8")
    return str(path)


def first(home: Path) -> str:
    return file(home, "lista 2026.csv", "Temadag;Alice;2026-05-31;Snurrar")


def second(home: Path) -> str:
    return file(home, "lista 2027.csv", "Studiebesök;Alice;2027-10-15;snurrar")


def understood(done: Done) -> dict[str, Any]:
    (one,) = json.loads(done.stdout)["activities"]
    told: dict[str, Any] = one
    return told


def status_doubts(done: Done) -> list[str]:
    return [one["kind"] for one in understood(done)["questions"] if one["kind"] == "status"]


def plan(home: Path, *words: str) -> Done:
    return foljsam(home, "import", "plan", *words)


def test_columns_that_were_told_are_known_in_the_next_file_with_the_same_headings(
    tmp_path: Path,
) -> None:
    assert plan(tmp_path, first(tmp_path), "--columns", COLUMNS).returncode == 0
    done = plan(tmp_path, second(tmp_path), "--check", "--json")
    assert understood(done)["what"] == "Studiebesök"
    assert understood(done)["responsible"] == ["Alice"]


def test_a_file_can_be_read_as_if_nothing_had_been_told_and_then_it_is_forgotten(
    tmp_path: Path,
) -> None:
    plan(tmp_path, first(tmp_path), "--columns", COLUMNS)
    assert "Kol A" in refused(plan(tmp_path, second(tmp_path), "--check", "--as-if-new"))
    told = COLUMNS.replace("Kol D=status", "Kol D=how")
    assert plan(tmp_path, second(tmp_path), "--as-if-new", "--columns", told).returncode == 0
    done = plan(tmp_path, first(tmp_path), "--check", "--json")
    assert understood(done)["how"] == "Snurrar"  # the newest that was told, not the first


def test_what_is_only_looked_at_is_not_remembered(tmp_path: Path) -> None:
    people = file(tmp_path, "annan 2026.csv", "Temadag;Alice;2026-05-31;Pågår")
    plan(tmp_path, people, "--columns", COLUMNS)
    before = rows(tmp_path, "taught_column")
    file(tmp_path, "lista 2027.csv")
    other = tmp_path / "tredje.csv"
    other.write_text("X1;X2;X3\nKurs;Alice;2026-05-31\n", "utf-8")
    plan(tmp_path, str(other), "--check", "--columns", "X1=what,X2=responsible,X3=deadline")
    assert before == rows(tmp_path, "taught_column") == 4


def test_a_heading_that_the_file_has_not_is_refused_with_those_that_it_has(tmp_path: Path) -> None:
    done = plan(tmp_path, first(tmp_path), "--columns", "Kol AA=what")
    said = " ".join(refused(done).split())
    assert "has no heading 'kol aa'; it has: Kol A, Kol B, Kol C, Kol D." in said
    assert "'Kol A' is most like it." in said
    assert rows(tmp_path, "plan") == 0


def test_a_heading_with_a_comma_is_told_with_semicolons_between(tmp_path: Path) -> None:
    path = tmp_path / "lista 2026.csv"
    path.write_text('"Kol A, vad";Kol B;Kol C\nTemadag;Alice;2026-05-31\n', "utf-8")
    told = "Kol A, vad=what;Kol B=responsible;Kol C=deadline"
    done = plan(tmp_path, str(path), "--check", "--json", "--columns", told)
    assert understood(done)["what"] == "Temadag"


def test_a_word_of_state_that_was_told_is_no_question_in_this_file_or_the_next(
    tmp_path: Path,
) -> None:
    unknown = plan(tmp_path, first(tmp_path), "--check", "--json", "--columns", COLUMNS)
    assert status_doubts(unknown) == ["status"]
    means = ("--states", "Snurrar=pagaende")
    done = plan(tmp_path, first(tmp_path), "--json", "--columns", COLUMNS, *means)
    assert (understood(done)["state"], status_doubts(done)) == ("pågående", [])
    done = plan(tmp_path, second(tmp_path), "--check", "--json")
    assert (understood(done)["state"], status_doubts(done)) == ("pågående", [])


def test_a_state_that_there_is_not_is_refused_with_those_that_are(tmp_path: Path) -> None:
    done = plan(tmp_path, first(tmp_path), "--columns", COLUMNS, "--states", "Snurrar=igång")
    assert "states are foreslagen, beslutad, pagaende" in refused(done)
    assert rows(tmp_path, "plan") == 0


# --- target groups of deviations ------------------------------------------------------------------


def deviations(home: Path, *groups: str) -> str:
    path = home / "avvikelser.csv"
    told = [row(f"A-{number}", "2025-01-15", group) for number, group in enumerate(groups)]
    path.write_bytes(csv_file(told))
    return str(path)


def test_other_words_for_groups_are_told_with_the_file_and_count_as_one(tmp_path: Path) -> None:
    export = deviations(tmp_path, "Psykiatri", "Psykisk ohälsa", "ÄLDRE", "Äldre")
    groups = ("--groups", "Psykiatri=Psykisk ohälsa")
    checked = foljsam(tmp_path, "import", "deviations", export, "--check", *groups)
    assert checked.returncode == 0, checked
    assert rows(tmp_path, "deviation_case") == 0
    done = foljsam(tmp_path, "import", "deviations", export, "--accept-words", "--json", *groups)
    quarter = json.loads(done.stdout)["by_quarter_group"]["2025Q1"]
    assert quarter == {"Psykisk ohälsa": 2, "Äldre": 2}
    again = foljsam(tmp_path, "import", "deviations", export, "--accept-words", *groups)
    assert again.returncode == 0, again


def test_a_group_that_there_is_not_is_refused_and_no_case_is_saved(tmp_path: Path) -> None:
    export = deviations(tmp_path, "Psykiatri", "Psykisk ohälsa")
    groups = ("--groups", "Psykiatri=Psykisk ohelsa")
    done = foljsam(tmp_path, "import", "deviations", export, "--accept-words", *groups)
    assert "'Psykisk ohälsa' is most like it." in refused(done)
    assert rows(tmp_path, "deviation_case") == 0


def test_a_list_of_groups_is_taught_row_by_row_and_a_wrong_row_is_told(tmp_path: Path) -> None:
    export = deviations(tmp_path, "Psykiatri", "Psykisk ohälsa", "Seniorer", "Äldre")
    foljsam(tmp_path, "import", "deviations", export, "--accept-words")
    words = tmp_path / "gruppnamn.csv"
    words.write_text("Ord;Målgrupp\nPsykiatri;Psykisk ohälsa\nXyz;Äldre\nSeniorer;Äldre\n", "utf-8")
    done = foljsam(tmp_path, "deviations", "same", "--file", str(words))
    assert "2 of 3 words taught." in done.stdout
    assert "Left out, row 3: 'Xyz' is no target group on file" in done.stdout
    assert "seniorer counts as Äldre" in done.stdout
    assert "Target groups on file: Psykisk ohälsa, Äldre." in done.stdout
