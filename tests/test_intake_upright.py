"""Shapes that a seventh batch of others' sheets had, in other files of each kind.

Tables on their side, goals down and parties across, headings sorted in among the rows, the frame of
a sheet saved as a web page, forms with help and examples, colours and letters that say who answers,
what tools write for other tools.
"""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from intake.drafts import Asks
from intake.plan.heading_words import role_of
from intake.plans import PlanDraft, plan_in, read_plan
from models.plan_shape import Role
from tests.plans_by_hand import asked_about, read_blocks, sheet

BLUE, YELLOW = "FF9DC3E6", "FFFFE699"


def whats(draft: PlanDraft) -> list[str]:
    return [one.what for one in draft.activities]


def who(draft: PlanDraft) -> list[list[str]]:
    return [list(one.responsible) for one in draft.activities]


def ends(draft: PlanDraft) -> list[str]:
    return [str(one.deadline.last) for one in draft.activities]


def csv(words: str, sign: str = ";") -> PlanDraft:
    lines = (
        sign.join(cell.strip() for cell in line.split("|")) for line in words.strip().split("\n")
    )
    return plan_in("plan 2026.csv", "\n".join(lines).encode())


def coloured(rows: list[list[Any]], grounds: dict[str, str]) -> PlanDraft:
    """A sheet with these rows, and these cells on these grounds."""
    made = openpyxl.Workbook()
    drawn_on = made.worksheets[0]
    for row in rows:
        drawn_on.append(row)
    for at, ground in grounds.items():
        drawn_on[at].fill = PatternFill("solid", start_color=ground)
    told = io.BytesIO()
    made.save(told)
    return plan_in("plan 2026.xlsx", told.getvalue())


# --- a table on its side --------------------------------------------------------------------------


def test_a_table_on_its_side_is_read_column_by_column(tmp_path: Path) -> None:
    draft = read_plan(
        sheet(
            tmp_path / "plan.xlsx",
            [
                ["Handlingsplan 2026", None, None, None],
                ["Åtgärd", "Ordna lokal", "Skicka brevet", "Måla om"],
                ["Mål", "Alla hittar", None, "Det är vackert"],
                ["Vem", "Bob Ask", "Projektledare", "Samordnare"],
                ["Klart", "2026-05-20", "2026-10-09", "2026-11-30"],
                ["Status", "Klart", "Pågår", "Ej påbörjad"],
            ],
            merge=("B3:C3",),
        )
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet", "Måla om"]
    assert [one.goal for one in draft.activities] == ["Alla hittar"] * 2 + ["Det är vackert"]
    assert who(draft) == [["Bob Ask"], ["Projektledare"], ["Samordnare"]]
    assert ends(draft) == ["2026-05-20", "2026-10-09", "2026-11-30"]
    assert draft.title == "Handlingsplan 2026"
    assert draft.rows.seen == 6


def test_names_over_a_table_on_its_side_are_its_activities() -> None:
    draft = csv(
        """
        | Ordna lokal | Skicka brevet
        Mål | Alla hittar | Alla vet
        Ansvarig | Bob Ask | Frida Lund
        Klart | 2026-05-20 | 2026-10-09
        """
    )
    assert list(zip(whats(draft), [one.goal for one in draft.activities], strict=True)) == [
        ("Ordna lokal", "Alla hittar"),
        ("Skicka brevet", "Alla vet"),
    ]


def test_tables_on_their_side_stand_under_each_other() -> None:
    draft = csv(
        """
        Aktivitet | Ordna lokal | Skicka brevet
        Ansvarig | Bob Ask | Frida Lund
        Klart | 2026-05-20 | 2026-10-09
        Aktivitet | Måla om | Bygga ut
        Ansvarig | Frida Lund | Bob Ask
        Klart | 2026-11-30 | 2026-12-01
        """
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet", "Måla om", "Bygga ut"]
    assert ends(draft)[2:] == ["2026-11-30", "2026-12-01"]


def test_a_plan_whose_activities_are_called_as_headings_stays_as_it_lies() -> None:
    draft = csv(
        """
        Aktivitet | Ansvarig | Klart | Uppföljning
        Mål | Bob Ask | 2026-05-20 | Antal
        Ansvarig | Frida Lund | 2026-10-09 | Enkät
        Status | Bob Ask | 2026-11-30 | Antal
        """
    )
    assert whats(draft) == ["Mål", "Ansvarig", "Status"]


# --- goals down, parties across -------------------------------------------------------------------


def test_each_cell_between_a_goal_and_a_party_is_an_activity(tmp_path: Path) -> None:
    draft = read_plan(
        sheet(
            tmp_path / "plan.xlsx",
            [
                ["Handlingsplan 2026", None, None, None],
                ["Tomma rutor betyder att parten inte har någon insats.", None, None, None],
                ["Mål", "Alms kommun", "Björks kommun", "Regionen"],
                ["Alla hittar", "Ordna lokal (maj 2026)", None, "Skicka brevet, klart 2026-10-09"],
                ["Alla vet", "Måla om", "–", "- Rita karta (2026-04-30)\n- Tryck upp den (juni)"],
                ["Alla ses", "Bjuda in varandra (2026-12-01)", None, None],
            ],
            merge=("B6:C6",),
        )
    )
    assert [(one.what, one.goal, list(one.responsible)) for one in draft.activities] == [
        ("Ordna lokal", "Alla hittar", ["Alms kommun"]),
        ("Skicka brevet", "Alla hittar", ["Regionen"]),
        ("Måla om", "Alla vet", ["Alms kommun"]),
        ("Rita karta", "Alla vet", ["Regionen"]),
        ("Tryck upp den", "Alla vet", ["Regionen"]),
        ("Bjuda in varandra", "Alla ses", ["Alms kommun", "Björks kommun"]),
    ]
    assert ends(draft)[:2] == ["2026-05-31", "2026-10-09"]
    assert [goal.text for goal in draft.goals] == ["Alla hittar", "Alla vet", "Alla ses"]
    assert any("mål åt ett håll" in doubt.sentence for doubt in draft.questions)


def test_parties_down_and_goals_across_are_the_same(tmp_path: Path) -> None:
    draft = read_blocks(
        tmp_path,
        "# Handlingsplan 2026",
        """
         | Mål 1: Alla hittar | Mål 2: Alla vet
        Alms kommun | Ordna lokal (maj) | Måla om (juni)
        Regionen | Skicka brevet (mars) | Rita en karta (april)
        """,
    )
    assert [(one.what, one.goal, list(one.responsible)) for one in draft.activities] == [
        ("Ordna lokal", "Alla hittar", ["Alms kommun"]),
        ("Måla om", "Alla vet", ["Alms kommun"]),
        ("Skicka brevet", "Alla hittar", ["Regionen"]),
        ("Rita en karta", "Alla vet", ["Regionen"]),
    ]


def test_who_does_what_beside_a_plan_is_no_plan(tmp_path: Path) -> None:
    draft = read_blocks(
        tmp_path,
        "# Handlingsplan 2026",
        """
         | Kommunen | Regionen
        Hemma | Svarar för omsorgen där | Svarar för läkare där
        På sjukhus | Tar emot efter vården | Svarar för all vård
        """,
        "Det här gör vi.",
        """
        Aktivitet | Ansvarig | Klart
        Ordna lokal | Bob Ask | 2026-05-20
        """,
    )
    assert whats(draft) == ["Ordna lokal"]


def test_figures_under_parties_are_no_activities() -> None:
    draft = csv(
        """
        Mål | Kommunen | Regionen
        Alla hittar | 12 av 30 | 14 av 30
        Alla vet | 5 av 8 | 6 av 8

        Aktivitet | Ansvarig | Klart
        Ordna lokal | Bob Ask | 2026-05-20
        """
    )
    assert "12 av 30" not in whats(draft)


def test_crosses_under_parties_are_still_who_answers() -> None:
    draft = csv(
        """
        Mål | Aktivitet | Kommunen | Regionen | Klart
        Alla hittar | Ordna lokal | x | | 2026-05-20
        Alla hittar | Skicka brevet | | x | 2026-10-09
        """
    )
    assert who(draft) == [["Kommunen"], ["Regionen"]]


# --- headings sorted in ---------------------------------------------------------------------------


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_heading_row_that_was_sorted_in_heads_the_rows_over_it_too(at: int) -> None:
    rows = [
        "Bob Ask | Ordna lokal | 2026-05-20 | Pågår",
        "Cia Dal | Skicka brevet | hösten 2026 | Ej påbörjad",
        "Frida Lund | Måla om | 2026-11-30 | Pågår",
    ]
    draft = csv("\n".join([*rows[:at], "Vem | Vad | När | Läge", *rows[at:]]))
    assert whats(draft) == ["Ordna lokal", "Skicka brevet", "Måla om"]
    assert who(draft) == [["Bob Ask"], ["Cia Dal"], ["Frida Lund"]]
    assert draft.rows.taken == 3


def test_a_heading_row_is_found_after_forty_rows() -> None:
    rows = [f"Sak {at} | Bob Ask | 2026-05-{at % 28 + 1:02}" for at in range(40)]
    draft = csv("\n".join([*rows, "Åtgärd | Ansvarig | Klart"]))
    assert len(draft.activities) == 40
    assert draft.activities[0].responsible == ("Bob Ask",)


def test_facts_over_the_headings_are_no_activities() -> None:
    draft = csv(
        """
        Handlingsplan 2026 | | |
        Fastställd | 2026-01-15 | av | Styrgruppen
        Aktivitet | Klart | Ansvarig | Status
        Ordna lokal | 2026-05-20 | Bob Ask | Pågår
        """
    )
    assert whats(draft) == ["Ordna lokal"]


# --- a sheet saved as a web page ------------------------------------------------------------------


def test_the_frame_of_a_sheet_is_no_part_of_it() -> None:
    grid = [
        ["Aktivitetslista 2026", "", ""],
        ["🟢 klart 🟡 pågår 🔴 inte påbörjat", "", ""],
        ["Vad", "Vem", "Läge"],
        ["Ordna lokal", "Bob Ask", "🟡"],
        ["Skicka brevet", "Frida Lund", "🔴"],
    ]
    rows = "".join(
        f"<tr><th>{at}</th>{''.join(f'<td>{words}</td>' for words in row)}</tr>"
        for at, row in enumerate(grid, 1)
    )
    page = f"<table><tr><th></th><th>A</th><th>B</th><th>C</th></tr>{rows}</table>"
    draft = plan_in("sida.html", page.encode())
    assert draft.title == "Aktivitetslista 2026"
    assert whats(draft) == ["Ordna lokal", "Skicka brevet"]
    assert who(draft) == [["Bob Ask"], ["Frida Lund"]]
    assert [one.state for one in draft.activities] == ["pågående", "beslutad"]
    assert draft.activities[0].source.row == 4  # as the sheet has it
    assert draft.rows.seen == 6


def test_numbers_before_the_rows_alone_are_their_numbers() -> None:
    draft = csv(
        """
        | Aktivitet | Ansvarig | Klart
        1 | Ordna lokal | Bob Ask | 2026-05-20
        2 | Skicka brevet | Frida Lund | 2026-10-09
        """
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet"]


# --- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begun", "sent"), [("Starttid", "Slutförandetid"), ("Start time", "Completion time")]
)
def test_a_forms_own_times_are_no_ones_start(tmp_path: Path, begun: str, sent: str) -> None:
    at = datetime.fromisoformat("2026-01-19 09:02")
    heads = ["ID", begun, sent, "E-post", "Namn", "Vad vill ni göra?", "Vem ansvarar?", "Till när?"]
    row = [1, at, at, "anonymous", "Alva Ek", "Ordna lokal", "Bob Ask", "2026-05-20"]
    draft = read_plan(sheet(tmp_path / "plan.xlsx", [heads, row]))
    (one,) = draft.activities
    assert (one.what, one.responsible, str(one.deadline.last)) == (
        "Ordna lokal",
        ("Bob Ask",),
        "2026-05-20",
    )
    assert not one.start.text
    told = [doubt.sentence for doubt in draft.questions if doubt.kind is Asks.COLUMN]
    assert len(told) == 1
    assert begun in told[0]
    assert "Namn" in told[0]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Hur följer ni upp det?", Role.FOLLOW_UP),
        ("Hur mäter ni det?", Role.FOLLOW_UP),
        ("Vad vill ni uppnå?", Role.GOAL),
        ("Vilka samarbetar ni med?", Role.PARTICIPANTS),
        ("När är ni klara?", Role.DEADLINE),
        ("Insats (tkr)", Role.FUNDING),
        ("Insats i timmar", None),
        ("Prioriterade insatser", Role.WHAT),
        ("Prioriterat", Role.GOAL),
    ],
)
def test_what_a_form_asks_others_is_what_a_plan_asks_its_own(
    heading: str, role: Role | None
) -> None:
    assert role_of(heading) is role


def test_rows_of_help_and_examples_are_told_and_left_out() -> None:
    draft = csv(
        """
        1 | 2 | 3
        Aktivitet | Ansvarig | Klart
        (börja med ett verb) | (roll, inte namn) | (åååå-mm-dd)
        Exempel: Öppna kvällsmottagning | Exempel: Chef | 2025-10-01
        Exempelsamling till alla | Bob Ask | 2026-05-20
        Skriv ny rutin | Frida Lund | 2026-10-09
        """
    )
    assert whats(draft) == ["Exempelsamling till alla", "Skriv ny rutin"]
    assert len(draft.skipped) == 2
    assert "exempel" in draft.skipped[1].reason


def test_help_in_the_words_of_somebody_who_asks_is_no_activity() -> None:
    draft = csv(
        """
        Aktivitet | Ansvarig | Klart | Uppföljning
        Beskriv vad som ska göras | Ange en roll | ÅÅÅÅ-MM-DD | Hur mäter ni?
        Beskriv läget | Bob Ask | 2026-05-20 | Antal
        """
    )
    assert whats(draft) == ["Beskriv läget"]


def test_an_example_that_is_all_there_is_is_read() -> None:
    draft = csv(
        """
        Aktivitet | Ansvarig | Klart
        Exempel: Öppna kvällsmottagning | Chef | 2026-10-01
        """
    )
    assert len(draft.activities) == 1


# --- who answers ----------------------------------------------------------------------------------


def test_a_colour_says_who_answers_and_is_asked_about() -> None:
    draft = coloured(
        [
            ["Färdplan Nära vård 2026"],
            ["Blå = Regionen ansvarar"],
            ["Gul = Kommunen"],
            ["Aktivitet", "Klart"],
            ["Ordna lokal", "2026-05-20"],
            ["Skicka brevet", "2026-10-09"],
            ["Måla om", "2026-11-30"],
        ],
        {"A2": BLUE, "A3": YELLOW, "A5": BLUE, "A6": YELLOW},
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet", "Måla om"]
    assert who(draft) == [["Regionen"], ["Kommunen"], []]
    assert draft.title == "Färdplan Nära vård 2026"
    assert not draft.goals
    assert [one.state for one in draft.activities] == ["föreslagen"] * 3
    kinds = [doubt.kind for doubt in draft.activities[0].questions]
    assert Asks.FROM_TEXT in kinds
    assert Asks.STATUS not in kinds


def test_a_colour_by_its_name_alone_says_so_too() -> None:
    draft = coloured(
        [
            ["Blått = regionen, gult = kommunen"],
            ["Aktivitet", "Klart"],
            ["Ordna lokal", "2026-05-20"],
            ["Skicka brevet", "2026-10-09"],
        ],
        {"A3": BLUE, "A4": YELLOW},
    )
    assert who(draft) == [["regionen"], ["kommunen"]]


def test_a_legend_of_states_still_tells_states() -> None:
    draft = coloured(
        [
            ["Grön = klar"],
            ["Gul = pågår"],
            ["Aktivitet", "Ansvarig", "Klart"],
            ["Ordna lokal", "Bob Ask", "2026-05-20"],
        ],
        {"A1": "FF00B050", "A2": YELLOW, "A4": YELLOW},
    )
    assert who(draft) == [["Bob Ask"]]
    assert draft.activities[0].state == "pågående"


def test_letters_with_a_legend_are_those_who_answer() -> None:
    draft = csv(
        """
        K = kommunen, R = regionen | |
        Aktivitet | Ansvarig | Klart
        Ordna lokal | K | 2026-05-20
        Skicka brevet | K, R | 2026-10-09
        Måla om | Bob Ask | 2026-11-30
        """
    )
    assert who(draft) == [["kommunen"], ["kommunen", "regionen"], ["Bob Ask"]]


def test_what_is_short_for_a_role_stays_as_it_is() -> None:
    draft = csv(
        """
        MAS = medicinskt ansvarig sjuksköterska, SAS = socialt ansvarig samordnare | |
        Aktivitet | Ansvarig | Klart
        Ordna lokal | MAS | 2026-05-20
        """
    )
    assert who(draft) == [["MAS"]]


# --- what tools write for other tools -------------------------------------------------------------


@pytest.mark.parametrize("written", ["1776398400000", "1776398400", "1776376800000"])
def test_seconds_since_1970_are_a_day_here(written: str) -> None:
    draft = csv(
        f"""
        Task Name | Assignees | Due Date | Due Date Text | Parent ID
        Ordna lokal | [Bob Ask,Frida Lund] | {written} | 4/17/2026 4:00:00 AM GMT+0 | null
        Skicka brevet | [Bob Ask] | null | null | null
        """
    )
    assert ends(draft) == ["2026-04-17", "None"]
    assert draft.activities[0].responsible == ("Bob Ask", "Frida Lund")


def test_numbers_that_are_no_days_are_kept() -> None:
    draft = csv(
        """
        Aktivitet | Ansvarig | Klart | Nr
        Ordna lokal | Bob Ask | 2026-05-20 | 1776398400000
        """
    )
    assert ends(draft) == ["2026-05-20"]


def test_a_page_that_is_linked_is_called_by_its_name() -> None:
    link = "(https://www.example.org/Alla-1f2e?pvs=21)"
    draft = csv(
        f"""
        Aktivitet | Ansvarig | Klart | Mål | Hur
        Ordna lokal | Bob Ask | 2026-05-20 | Alla hittar {link} | Se rutinen {link}
        Skicka brevet | Bob Ask | 2026-10-09 | Alla hittar {link}, Alla vet (nu) {link} |
        """
    )
    assert draft.activities[0].goal == "Alla hittar"
    assert draft.activities[1].goals == ("Alla hittar", "Alla vet (nu)")
    assert "https" in draft.activities[0].how


def test_a_list_that_a_task_stands_in_is_no_state_beside_one() -> None:
    draft = csv(
        """
        Task Name | Status | Due Date | List Name
        Ordna lokal | in progress | 2026-05-20 | Korttid
        """
    )
    assert draft.activities[0].state == "pågående"
    assert draft.activities[0].goal == "Korttid"


def test_a_completion_date_is_a_deadline_where_nothing_else_is() -> None:
    alone = csv("Task | Owner | Completion date\nOrdna lokal | Bob Ask | 2026-05-20")
    beside = csv(
        "Task | Owner | Due date | Completion date\nOrdna lokal | Bob Ask | 2026-05-20 | 2026-05-18"
    )
    assert ends(alone) == ends(beside) == ["2026-05-20"]
    assert Asks.NO_DEADLINE not in asked_about(alone)
