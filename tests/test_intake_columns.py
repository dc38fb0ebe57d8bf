"""Columns that are seen less often: two things in one, English, cut short, months by colour."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from intake.drafts import Asks, PlanDraft
from intake.plans import read_plan
from tests.plans_by_hand import asked_about, only, read_blocks, understood

Read = Callable[..., PlanDraft]


@pytest.fixture
def plan(tmp_path: Path) -> Read:
    """Save these blocks as a Word file and read it; what holds a "|" is a table."""
    return partial(read_blocks, tmp_path)


# --- one column for two things ------------------------------------------------------------------


@pytest.mark.parametrize(
    "head", ["Ansvarig/klart när", "Vem och när?", "Ansvarig, tid", "Ansvarig (klart senast)"]
)
def test_one_column_for_who_and_when(plan: Read, head: str) -> None:
    draft = plan(
        "Handlingsplan 2026",
        f"""
        Åtgärd | {head} | Läge
        Ring efter utskrivning | Alice, 2026-04-30 | Pågår
        Gemensam lista | Bob Alm, klart okt 2026 |
        Kartläggning | Frida (kommunen) senast v. 20 |
        Rutin | Charlie |
        """,
    )
    understood(
        draft.activities,
        """
        what                   | responsible      | deadline
        Ring efter utskrivning | Alice            | 2026-04-30
        Gemensam lista         | Bob Alm          | 2026-10-31
        Kartläggning           | Frida (kommunen) | 2026-05-17
        Rutin                  | Charlie          |
        """,
    )


def test_what_and_who_in_one_column_beside_ticked_quarters(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025",
        """
        Aktivitet och ansvarig | Q1 | Q2 | Q3 | Q4
        Kort om minne. Ansvarig: Alice Alm | ☒ | ☒ | ☐ | ☐
        """,
    )
    activity = only(draft)
    assert activity.responsible == ("Alice Alm",)
    assert activity.deadline.last is not None
    assert activity.deadline.last.isoformat() == "2025-06-30"


def test_figures_under_quarters_are_no_plan(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025",
        "Insats | Ansvarig | Klart\nKurs | Alice | maj",
        "",
        "Insats | Q1 | Q2 | Q3\nBesök | 12 | 14 | 9\nSamtal | 3 | 1 | 8",
    )
    assert only(draft).what == "Kurs"
    assert "Besök" in draft.skipped[0].words or "Insats" in draft.skipped[0].words


def test_klart_with_a_question_mark_beside_klart_is_a_status(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025",
        """
        Aktivitet | Ansvarig | Klart | Klart?
        Kurs | Alice | 2025-06-30 | Ja
        Brev | Bob | v. 45 | Nej
        """,
    )
    understood(
        draft.activities,
        """
        what | deadline   | state
        Kurs | 2025-06-30 | föreslagen
        Brev | 2025-11-09 | föreslagen
        """,
    )
    asked = [one.what for one in draft.activities if Asks.STATUS in {q.kind for q in one.questions}]
    assert asked == ["Kurs"]  # done is not followed up


def test_one_heading_over_two_columns_of_those_who_answer(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2026",
        """
        Aktivitet | Ansvar | < | Tid | < | Uppföljning
        ^ | Kommun | Region | Start | Slut | ^
        Trygg hemgång | Alice | Bob | jan | juni | Antal
        Demensteam | Charlie | | feb | 2026 ut |
        """,
    )
    understood(
        draft.activities,
        """
        what          | responsible | start      | deadline   | follow_up
        Trygg hemgång | Alice + Bob | 2026-01-01 | 2026-06-30 | Antal
        Demensteam    | Charlie     | 2026-02-01 | 2026-12-31 |
        """,
    )


# --- words that headings and states are told by ---------------------------------------------------


def test_english_headings_and_states(plan: Read) -> None:
    draft = plan(
        "Action plan 2026",
        """
        Goal | Activity | Responsible | Start date | End date | Follow-up | Status
        Access | Booking | Alice | 2026-02-01 | 2026-06-30 | Waiting time | Not started
        Access | Chat | Bob | March 2026 | December 2026 | Number | Ongoing
        """,
    )
    understood(
        draft.activities,
        """
        what    | goal   | responsible | start      | deadline   | follow_up    | state
        Booking | Access | Alice       | 2026-02-01 | 2026-06-30 | Waiting time | beslutad
        Chat    | Access | Bob         | 2026-03-01 | 2026-12-31 | Number       | pågående
        """,
    )


def test_headings_that_are_cut_short(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2026",
        """
        # | Akt. | Ansv. | Start | Sl.datum | Uppf.
        1.1 | Kurs | Alice | jan | april | Antal
        """,
    )
    understood(
        draft.activities,
        """
        what | responsible | start      | deadline   | follow_up
        Kurs | Alice       | 2026-01-01 | 2026-04-30 | Antal
        """,
    )
    assert not asked_about(draft) & {Asks.COLUMN}


@pytest.mark.parametrize("words", ["Klar 2026-02", "Klart v. 9", "Genomfört 260215", "Klar vt 26"])
def test_a_status_with_the_day_it_came(plan: Read, words: str) -> None:
    draft = plan("Plan 2026", f"Aktivitet | Ansvarig | Klart | Status\nKurs | AU | maj | {words}")
    (asked,) = [each for each in only(draft).questions if each.kind is Asks.STATUS]
    assert asked.proposal == "pågående"  # done, and to be followed up


# --- months as columns ----------------------------------------------------------------------------

GREEN = PatternFill("solid", fgColor="FF92D050")
GREY = PatternFill("solid", fgColor="FFDDDDDD")


def test_months_told_by_colour_are_read_and_asked_about(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Aktivitet", "Ansvarig", *"JFMAMJJASOND"])
    sheet.append(["Kurs", "Alice"])
    sheet.append(["Brev", "Bob", *[None] * 8, "x"])
    sheet.append(["Lista", "Frida"])
    for column in (7, 8):
        sheet.cell(2, column).fill = GREEN
    for column in range(1, 15):
        sheet.cell(4, column).fill = GREY  # every other row is grey, and that says nothing
    path = tmp_path / "Plan 2026.xlsx"
    book.save(path)
    draft = read_plan(path)
    understood(
        draft.activities,
        """
        what  | start      | deadline
        Kurs  | 2026-05-01 | 2026-06-30
        Brev  |            | 2026-09-30
        Lista |            |
        """,
    )
    sure = [Asks.DATE_UNSURE in {q.kind for q in a.questions} for a in draft.activities]
    assert sure == [True, False, False]


def test_a_year_over_its_quarters(plan: Read) -> None:
    draft = plan(
        """
        Aktivitet | Ansvarig | 2025 | < | < | < | 2026 | < | < | <
        ^ | ^ | Q1 | Q2 | Q3 | Q4 | Q1 | Q2 | Q3 | Q4
        Försök | Alice | | | x | x | x | | |
        """
    )
    understood(
        draft.activities,
        """
        what   | start      | deadline
        Försök | 2025-07-01 | 2026-03-31
        """,
    )
