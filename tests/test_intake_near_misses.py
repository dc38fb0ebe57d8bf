"""What looks like a kind that the reader knows and is another is not taken for it."""

from pathlib import Path

import docx
import pytest

from intake.documents import Refusal
from intake.people.list_names import as_addressed
from intake.people.lists import read_people
from intake.plan.responsible import split_responsible
from intake.plan.states import state_of
from intake.plans import plan_in, read_plan
from tests.corpus.unseen.kit import boxed, rows, table


def read_csv(*lines: str) -> list[str]:
    return [one.what for one in plan_in("plan 2026.csv", "\n".join(lines).encode()).activities]


def test_a_column_of_risks_in_a_plan_makes_no_list_of_risks_of_it(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Handlingsplan 2026", 1)
    table(made, rows("Aktivitet | Ansvarig | Klart\nKurs | Rektor | maj 2026"))
    made.add_heading("Hälsa", 2)
    table(made, rows("Aktivitet | Risk | Ansvarig | Klart\nCafé | Få kommer | Kurator | juni 2026"))
    made.save(str(tmp_path / "plan.docx"))
    assert [one.what for one in read_plan(tmp_path / "plan.docx").activities] == ["Kurs", "Café"]


def test_a_list_of_risks_that_stands_alone_is_read_by_its_measures() -> None:
    heads = "Risk;Sannolikhet;Åtgärd;Ansvarig;Klart"
    assert read_csv(heads, "Brand;2;Köp släckare;Alice;2026-05-31") == ["Köp släckare"]


def test_a_box_beside_a_table_is_no_activity(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Handlingsplan 2026", 1)
    boxed(made, "Aktivitet: Fyll i din del", "Ansvarig: Alla", "Klart: maj 2026")
    table(made, rows("Aktivitet | Ansvarig | Klart\nKurs | Rektor | maj 2026"))
    made.save(str(tmp_path / "plan.docx"))
    assert [one.what for one in read_plan(tmp_path / "plan.docx").activities] == ["Kurs"]


def test_who_changed_a_version_still_tells_that_a_table_is_no_plan() -> None:
    lines = ["Vad;Vem;När;", "Kurs;Alice;2026-05-31;", ";;;", "Version;Ändrad;Ändrad av;Vad"]
    assert read_csv(*lines, "2;2026-01-02;Alice;Ny mall") == ["Kurs"]


@pytest.mark.parametrize(
    ("words", "state", "asked"),
    [
        ("🔴 Pågår", "pågående", False),  # the words say it, whatever the colour
        ("🔴", "föreslagen", True),
        ("Ej igång", "beslutad", False),
        ("(2) Pågår", "pågående", False),
    ],
)
def test_words_beside_a_sign_are_heard_before_it(words: str, state: str, *, asked: bool) -> None:
    said = state_of(words)
    assert (said.state, bool(said.doubt)) == (state, asked)


def test_a_letter_with_an_address_at_its_foot_is_no_list_of_people(tmp_path: Path) -> None:
    made = docx.Document()
    for line in ("Hej alla!", "Vi ses i maj.", "Frågor: kansli@example.org"):
        made.add_paragraph(line)
    made.save(str(tmp_path / "brev.docx"))
    with pytest.raises(Refusal):
        read_people(tmp_path / "brev.docx")


def test_headings_over_lines_of_people_name_their_groups(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Styrgruppen", 1)
    made.add_paragraph("Alva Ek, chef, alva.ek@example.org")
    made.add_paragraph("By, Bo – bo.by@example.org")
    made.add_paragraph("Cia Dal")
    made.save(str(tmp_path / "lista.docx"))
    draft = read_people(tmp_path / "lista.docx")
    assert [one.name for one in draft.people] == ["Alva Ek", "Bo By"]
    assert [role.group for one in draft.people for role in one.roles] == ["Styrgruppen"] * 2
    assert [line.name for line in draft.lines if line.left_out] == ["Cia Dal"]


@pytest.mark.parametrize(
    ("name", "email", "right"),
    [
        ("Ek Alva", "alva.ek@example.org", "Alva Ek"),
        ("Alva Ek", "alva.ek@example.org", "Alva Ek"),
        ("Ek Alva", "kansli@example.org", "Ek Alva"),
        ("Ek Lind Alva", "alva.ek@example.org", "Ek Lind Alva"),
    ],
)
def test_an_address_tells_which_name_is_the_first(name: str, email: str, right: str) -> None:
    assert as_addressed(name, email) == right


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Bo By,Cia Dal[50%]", ("Bo By", "Cia Dal")),
        ("Stab & Utveckling", ("Stab & Utveckling",)),
        ("MAS & MAR", ("MAS", "MAR")),
    ],
)
def test_resources_of_a_tool_are_people_and_a_department_is_one(
    cell: str, names: tuple[str, ...]
) -> None:
    assert split_responsible(cell).responsible == names


def test_a_day_is_the_one_that_its_weekday_fits() -> None:
    heads = "Task Name;Start;Finish;Resource Names"
    told = plan_in(
        "plan.csv", f"{heads}\nMap;Mon 3/2/26;Fri 3/20/26;Alice\nTry;Mon 2/3/26;x;Bo".encode()
    )
    first, second = told.activities
    assert str(first.deadline.last) == "2026-03-20"
    assert str(first.start.last) == "2026-03-02"
    assert str(second.start.last) == "2026-03-02"  # the second of March, day first
