"""Plans in Excel as other process leaders keep them: titles above, notes below, many dates."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from intake.drafts import PlanDraft
from intake.plans import read_plan
from tests.plans_by_hand import LEFT, UP, Rows, drawn, excel, understood

Read = Callable[..., PlanDraft]
HEADS = ["Nr", "Mål", "Aktivitet", "Ansvarig", "Start", "Klart", "Mätetal", "Läge", "Budget (kr)"]
MAY = date(2024, 5, 1)


@pytest.fixture
def book(tmp_path: Path) -> Read:
    """Save these sheets as a workbook and read it."""

    def read(*, hidden: tuple[str, ...] = (), **sheets: Rows) -> PlanDraft:
        return read_plan(excel(tmp_path / "plan.xlsx", sheets, hidden))

    return read


def filled(drawing: str) -> Rows:
    """The rows of a drawing, with nothing at all in its empty cells."""
    return [[cell or None for cell in row] for row in drawn(drawing)]


def test_titles_sections_totals_footnotes_and_other_sheets(book: Read) -> None:
    draft = book(
        hidden=("Gammalt",),
        Aktiviteter=[
            ["Aktivitetsplan NOSAM Äldre 2025"],
            ["Vårdsamverkan SAMLA"],
            ["Senast ändrad", date(2025, 1, 20)],
            [],
            HEADS,
            ["Trygg hemgång", *[LEFT] * 8],
            [1, "Färre fall", "Samtal", "VC", date(2025, 2, 1), (date(2025, 6, 1), "mmm-yy")],
            [2, None, "Rutin", "NOSAM Äldre", "mars", 2025, "Finns", "Pågår", 20000],
            ["Hälsofrämjande", *[LEFT] * 8],
            [3, "Rörelse", "Fallskola", "Rehab", "sept", (45992, "d/m/yyyy"), "Andel", None, 15000],
            [None, None, "Summa", None, None, None, None, None, 35000],
            [],
            ["* Finansieras med stimulansmedel"],
            ["Källa: Samverkansplan 2023-2026"],
        ],
        Förkortningar=[["Förkortning", "Betydelse"], ["SIP", "Samordnad individuell plan"]],
        Gammalt=[["Aktivitet", "Ansvarig", "Klart"], ["Gammal kurs", "AU", 2023]],
    )
    assert (draft.year, draft.group) == (2025, "NOSAM Äldre")
    understood(
        draft.activities,
        """
        what      | focus_area     | goal       | responsible | start      | deadline   | state
        Samtal    | Trygg hemgång  | Färre fall | VC          | 2025-02-01 | 2025-06-30 | föreslagen
        Rutin     | Trygg hemgång  | Färre fall | NOSAM Äldre | 2025-03-01 | 2025-12-31 | pågående
        Fallskola | Hälsofrämjande | Rörelse    | Rehab       | 2025-09-01 | 2025-12-01 | föreslagen
        """,
    )


@pytest.mark.parametrize(
    ("value", "start", "deadline"),
    [
        (MAY, "2024-05-01", "2024-05-01"),
        ((MAY, "mmm-yy"), "2024-05-01", "2024-05-31"),
        ((MAY, "yyyy-mm"), "2024-05-01", "2024-05-31"),
        ((MAY, "[$-41D]mmmm yyyy"), "2024-05-01", "2024-05-31"),
        ((MAY, "d mmm yyyy"), "2024-05-01", "2024-05-01"),
        ((MAY, "yyyy"), "2024-01-01", "2024-12-31"),
        ((45413, "yyyy-mm-dd"), "2024-05-01", "2024-05-01"),
        (45413, "2024-05-01", "2024-05-01"),
        (2024, "2024-01-01", "2024-12-31"),
        (2024.0, "2024-01-01", "2024-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        (20240501, "2024-05-01", "2024-05-01"),
        (240501, "2024-05-01", "2024-05-01"),
        ("2024-05", "2024-05-01", "2024-05-31"),
        ("maj -24", "2024-05-01", "2024-05-31"),
    ],
)
def test_dates_as_excel_keeps_them(book: Read, value: object, start: str, deadline: str) -> None:
    rows = [["Aktivitetsplan 2024"], ["Aktivitet", "Start", "Slut"], ["Kurs", value, value]]
    understood(book(Plan=rows).activities, f"what | start | deadline\nKurs | {start} | {deadline}")


def test_klart_beside_start_is_the_deadline_and_beside_deadline_a_status(book: Read) -> None:
    ends = book(Plan=[["Aktivitet", "Start", "Klart"], ["Kurs", "jan 2024", "maj 2024"]])
    understood(ends.activities, "start | deadline\n2024-01-01 | 2024-05-31")
    done = book(Plan=[["Aktivitet", "Deadline", "Klart"], ["Kurs", "maj 2024", "Pågår"]])
    understood(done.activities, "deadline | state\n2024-05-31 | pågående")


def test_a_table_further_in_with_empty_columns_and_cells_for_nothing(book: Read) -> None:
    rows = filled(
        """
        | | Aktivitetsplan NOSAM Alingsås 2024
        | | Mål    | Aktivitet | | Ansvarig | Start | Slut
        | | Tillit | Kurs      | | AU       | mars  | -
        | |        | Möte      | | -"-      | –     | 2024-10-01
        """
    )
    understood(
        book(Plan=rows).activities,
        """
        what | goal   | responsible | start      | deadline
        Kurs | Tillit | AU          | 2024-03-01 |
        Möte | Tillit | AU          |            | 2024-10-01
        """,
    )


def test_merged_goal_cells_and_several_sheets_that_are_plans(book: Read) -> None:
    heads = ["Mål", "Vad", "Hur", "Vem", "När"]
    draft = book(
        NOSAM_Lerum=[
            ["Aktivitetsplan 2024"],
            heads,
            ["Öka tilliten", "Studiebesök", "Halvdag", "AU", "Q2"],
            [UP, "Enkät", "Webbenkät", "Processledare", "Q3–Q4"],
        ],
        NOSAM_Alingsås=[heads, ["Färre fall", "Hembesök", "Teamet", "Rehab", "hösten 2024"]],
    )
    understood(
        draft.activities,
        """
        what        | goal         | start      | deadline
        Studiebesök | Öka tilliten |            | 2024-06-30
        Enkät       | Öka tilliten | 2024-07-01 | 2024-12-31
        Hembesök    | Färre fall   |            | 2024-12-31
        """,
    )


def test_a_sheet_of_goals_beside_the_sheet_of_activities(book: Read) -> None:
    draft = book(
        Mål=[["Mål"], ["Öka tilliten"], ["Minska återinläggningar"]],
        Plan=[["Mål", "Aktivitet", "Ansvarig"], ["Öka tilliten", "Studiebesök", "AU"]],
    )
    assert [goal.text for goal in draft.goals] == ["Öka tilliten", "Minska återinläggningar"]
    understood(draft.activities, "what | goal\nStudiebesök | Öka tilliten")


def test_the_lowest_level_that_a_plan_has_is_the_goal(book: Read) -> None:
    rows = filled(
        """
        Målområde        | Aktivitet | Ansvarig | Tidplan
        SIP              | Utbilda   | AU       | v. 10 2024
                         | Följa upp | AU       | v 40
        Suicidprevention | MHFA      | AU       | 2024 Q4
        """
    )
    draft = book(Plan=[*rows, [], ["Antal aktiviteter: 3"]])
    understood(
        draft.activities,
        """
        what      | goal             | focus_area       | deadline
        Utbilda   | SIP              | SIP              | 2024-03-10
        Följa upp | SIP              | SIP              | 2024-10-06
        MHFA      | Suicidprevention | Suicidprevention | 2024-12-31
        """,
    )
    assert [goal.text for goal in draft.goals] == ["SIP", "Suicidprevention"]


def test_title_rows_in_the_goals_own_column(book: Read) -> None:
    rows = filled(
        """
        Delmål | Aktivitet/Vad? | Tillvägagångssätt/Hur? | Uppföljning/Utfall
        Fokusområde: Trygga övergångar
        TG Äldre: Färre fall | Fallskola | Kurs | Årsrapport
        Fokusområde: Hälsa
        TG BoU: Tidiga insatser | Nätverk | Träffar | Löpande
        """
    )
    understood(
        book(Plan=rows).activities,
        """
        what      | focus_area        | goal            | theme_group
        Fallskola | Trygga övergångar | Färre fall      | TG Äldre
        Nätverk   | Hälsa             | Tidiga insatser | TG BoU
        """,
    )


def test_several_tables_in_a_sheet_each_under_its_title(book: Read) -> None:
    heads = "Delmål | Aktivitet/ Vad? | Tillvägagångssätt/ Hur? | Uppföljning/Utfall"
    rows = [
        ["Handlingsplan 2026/NOSAM Nordost/"],
        [],
        ["Trygga övergångar"],
        *filled(f"{heads}\nTG Äldre: Delaktighet | SIP | Möten | Ja"),
        [],
        ["Främja hälsa"],
        *filled(f"{heads}\nRörelse | Fallskola | Kurs | Ja"),
    ]
    understood(
        book(Plan=rows).activities,
        """
        what      | focus_area        | goal
        SIP       | Trygga övergångar | Delaktighet
        Fallskola | Främja hälsa      | Rörelse
        """,
    )


def test_what_stands_under_the_table_is_told_and_left_out(book: Read) -> None:
    rows = filled(
        """
        Mål | Aktivitet | Ansvarig | Slut
        Öka tilliten | Kurs | AU | 2024
        Fotnot 1: se rutin.
        SIP = Samordnad individuell plan
        Förkortningar
        MCP | MedControl Pro
        AU | Arbetsutskott
        """
    )
    draft = book(Plan=rows)
    understood(draft.activities, "what | goal\nKurs | Öka tilliten")
    assert len(draft.skipped) == 5
    assert [goal.text for goal in draft.goals] == ["Öka tilliten"]


def test_a_list_of_what_runs_on_under_the_table(book: Read) -> None:
    rows = filled("Aktivitet | Ansvarig | Klart\nKurs | AU | 2024")
    draft = book(Plan=[*rows, [], ["Löpande aktiviteter"], ["• Nätverk för SIP"], ["• Handbok"]])
    understood(draft.activities, "what\nKurs")
    understood(draft.continuous, "what | deadline\nNätverk för SIP | open\nHandbok | open")


def test_cells_with_line_breaks_hold_two_activities(book: Read) -> None:
    heads = ["Vad", "Hur", "Ansvarig", "Start", "Deadline"]
    row = ["Hemgång", "Bilda grupp\nMöten", "NOSAM Lerum\nAU", "jan 2024\nmars 2024", "2024\n2024"]
    understood(
        book(Plan=[heads, row]).activities,
        """
        what    | how         | responsible | start      | deadline
        Hemgång | Bilda grupp | NOSAM Lerum | 2024-01-01 | 2024-12-31
        Hemgång | Möten       | AU          | 2024-03-01 | 2024-12-31
        """,
    )
