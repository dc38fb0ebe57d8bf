"""What stands beside a plan is told and not taken, and what stands over bullets is their goal."""

from pathlib import Path

import pytest

from intake.drafts import PlanDraft
from intake.people.list_names import name_of
from intake.plan.responsible import split_responsible
from intake.plans import plan_in, read_plan
from tests.corpus.unseen.kit import book, document, rows

RISKS = rows("""Risk | Sannolikhet | Åtgärd | Ansvarig
    Få kommer | 3 | Bjud in igen | Alice""")
PLAN = rows("""Aktivitet | Ansvarig | Klart senast
    Kurs | Alice | 2026-05-31
    Temadag | Bo | 2026-10-15""")


def drawn(path: Path, *blocks: object) -> PlanDraft:
    document(*blocks)(path / "plan 2026.docx")
    return read_plan(path / "plan 2026.docx")


def whats(draft: PlanDraft) -> list[str]:
    return [one.what for one in draft.activities]


def left_out(draft: PlanDraft) -> str:
    return "\n".join(f"{one.words}: {one.reason}" for one in draft.skipped)


def test_risks_before_the_plan_are_told_row_by_row_and_not_taken(tmp_path: Path) -> None:
    draft = drawn(tmp_path, "# Handlingsplan 2026", "## Risker", RISKS, "## Plan", PLAN)
    assert whats(draft) == ["Kurs", "Temadag"]
    assert "Få kommer | 3 | Bjud in igen | Alice: Raden hör till en tabell över risker" in left_out(
        draft
    )
    assert draft.rows.seen == len(RISKS) + len(PLAN)


def test_risks_over_the_plan_in_the_same_sheet_are_not_taken(tmp_path: Path) -> None:
    title = [["Handlingsplan 2026"], []]
    book(("Plan", [*title, *RISKS, [], *PLAN]))(tmp_path / "plan.xlsx")
    draft = read_plan(tmp_path / "plan.xlsx")
    assert whats(draft) == ["Kurs", "Temadag"]
    assert "Få kommer" in left_out(draft)


def test_risks_beside_a_list_of_words_are_the_plan_that_there_is(tmp_path: Path) -> None:
    words = rows("Förkortning | Betydelse\nSIP | Samordnad individuell plan")
    assert whats(drawn(tmp_path, "# Handlingsplan 2026", RISKS, words)) == ["Bjud in igen"]


def test_words_in_a_box_beside_a_table_are_told(tmp_path: Path) -> None:
    draft = drawn(tmp_path, "# Handlingsplan 2026", ("Gäller alla tre enheterna.",), PLAN)
    assert "Gäller alla tre enheterna.: Texten står i en textruta" in left_out(draft)


def test_a_decision_in_a_box_beside_a_table_is_the_plans(tmp_path: Path) -> None:
    draft = drawn(tmp_path, "# Handlingsplan 2026", ("Fastställd: 2026-01-20",), PLAN)
    assert draft.adopted_on is not None
    assert draft.adopted_on.isoformat() == "2026-01-20"
    assert "Fastställd" not in left_out(draft)


def test_a_bullet_over_bullets_that_say_who_and_when_is_their_goal(tmp_path: Path) -> None:
    draft = drawn(
        tmp_path,
        "# Handlingsplan 2026",
        "- Ingen ska vänta i onödan",
        "-- Öppen telefon. Ansvarig: Alice. Klart: maj 2026",
        "- Studiebesök. Ansvarig: Bo. Klart: juni 2026",
    )
    first, *_ = draft.activities
    assert (first.what, first.goal) == ("Öppen telefon", "Ingen ska vänta i onödan")
    assert "Ingen ska vänta i onödan" not in whats(draft)


def test_a_bullet_with_its_own_who_and_when_over_others_is_an_activity(tmp_path: Path) -> None:
    draft = drawn(
        tmp_path,
        "# Handlingsplan 2026",
        "- Öppen telefon. Ansvarig: Alice. Klart: maj 2026",
        "-- Skriv instruktion. Ansvarig: Bo. Klart: april 2026",
    )
    assert whats(draft) == ["Öppen telefon", "Skriv instruktion"]


SECTIONS = """Aktivitet;Ansvarig;jan;feb;mars
Unga;;;;
Temavecka;Alice;;x;
Äldre;;;;
Samtal;Bo;;;x
"""


def test_lone_short_texts_over_rows_of_several_cells_are_their_sections() -> None:
    draft = plan_in("plan 2026.csv", SECTIONS.encode())
    assert [(one.what, one.goal) for one in draft.activities] == [
        ("Temavecka", "Unga"),
        ("Samtal", "Äldre"),
    ]


@pytest.mark.parametrize("more", ["Ännu en;;;;\nTvå i rad;;;;\n", "Sist och ensam;;;;\n"])
def test_a_lone_text_with_no_rows_under_it_is_an_activity(more: str) -> None:
    draft = plan_in("plan 2026.csv", (SECTIONS + more).encode())
    assert {"Unga", "Äldre"} <= set(whats(draft))


def test_crosses_under_names_under_one_heading_say_who_answers(tmp_path: Path) -> None:
    told = [
        ["Aktivitet", "Ansvarig", "", "Klart"],
        ["", "Kommunen", "Regionen", ""],
        ["Kurs", "x", "", "2026-05-31"],
        ["Temadag", "x", "x", "2026-10-15"],
    ]
    book(("Plan", told), merged=["B1:C1"])(tmp_path / "plan.xlsx")
    draft = read_plan(tmp_path / "plan.xlsx")
    assert [one.responsible for one in draft.activities] == [
        ("Kommunen",),
        ("Kommunen", "Regionen"),
    ]


def test_the_day_that_a_tool_ticked_a_task_off_is_asked_about_as_done() -> None:
    heads = "Name,Assignee,Completed At,Due Date"
    lines = [heads, "Kurs,Alice,2026-03-02,2026-03-06", "Temadag,Bo,,2026-10-15"]
    done, other = plan_in("plan 2026.csv", "\n".join(lines).encode()).activities
    assert "pågående" in [one.proposal for one in done.questions if one.kind == "status"]
    assert not [one for one in other.questions if one.kind == "status"]


def test_a_title_in_small_letters_after_a_name_is_no_part_of_it() -> None:
    assert name_of("Alva Ek, enhetschef", "", "", "") == "Alva Ek"
    assert name_of("Ek, Alva", "", "", "") == "Alva Ek"


def test_two_titles_joined_by_och_are_two() -> None:
    assert split_responsible("Kurator och diakon").responsible == ("Kurator", "diakon")
    assert split_responsible("Kultur och fritid").responsible == ("Kultur och fritid",)
