"""A plan file is read as a careful reader would: every activity, every doubt, nothing invented."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.styles import Font

from intake.plans import as_json, read_plan
from models.span import Precision
from tests.plans_by_hand import HEADS, ROW, Rows, doubted, only, sheet, word

CASES = Path(__file__).resolve().parents[2] / "shared/cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")

# --- the shared cases ---------------------------------------------------------------------------


def _case(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CASES / name).read_text())
    return content


@needs_cases
@pytest.mark.parametrize("file", ["aktivitetsplan_2024.docx", "aktivitetsplan_2024.xlsx"])
def test_the_activity_plan_holds_what_a_careful_reader_gets_out_of_it(file: str) -> None:
    told = _case("samla_nosam_psykisk_ohalsa_2024.json")
    draft = as_json(read_plan(CASES / file))
    assert len(draft["activities"]) == len(told["activities"]) == 8
    same = ("what", "how", "goal", "decided_by", "responsible", "follow_up", "status")
    for read, row in zip(draft["activities"], told["activities"], strict=True):
        assert {key: read[key] for key in same} == {key: row[key] for key in same}, row["id"]
    assert [one["what"] for one in draft["continuous"]] == [c["text"] for c in told["continuous"]]
    assert {one["deadline"]["precision"] for one in draft["continuous"]} == {"open"}
    assert [goal["text"] for goal in draft["goals"]] == [goal["text"] for goal in told["goals"]]
    assert draft["plan"]["title"] == told["plan"]["title"]
    assert draft["plan"]["group"] == told["plan"]["group"]
    assert draft["plan"]["year"] == 2024
    assert draft["plan"]["parent"] == "Samverkansplan 2023-2026"


@needs_cases
@pytest.mark.parametrize("file", ["aktivitetsplan_2024.docx", "aktivitetsplan_2024.xlsx"])
def test_its_dates_mean_the_same_in_word_and_as_real_dates_in_excel(file: str) -> None:
    draft = read_plan(CASES / file)
    days = [(one.start.first, one.deadline.last) for one in draft.activities]
    assert days == [
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2023, 3, 1), date(2024, 12, 31)),
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2024, 3, 1), date(2024, 10, 31)),
        (date(2024, 3, 1), date(2024, 12, 31)),
        (date(2024, 1, 1), date(2024, 12, 31)),
        (date(2020, 1, 1), None),
    ]
    assert draft.activities[0].start.precision is Precision.MONTH
    assert draft.activities[3].deadline.precision is Precision.YEAR


@needs_cases
def test_its_doubts_are_those_a_reader_would_have() -> None:
    first, half, other, bare, _, beside, _, without_end = read_plan(
        CASES / "aktivitetsplan_2024.docx"
    ).activities
    assert doubted(first, "Vilken NOSAM? Planen nämner NOSAM Alingsås och NOSAM Lerum.")
    assert doubted(half, "delad i 2 aktiviteter")
    assert doubted(half, "är inget av våra lägen")
    assert doubted(other, "ligger före planens år 2024")
    assert doubted(bare, "Vilken NOSAM?")
    assert doubted(beside, "står bredvid slutdatum")
    assert doubted(without_end, "Inget slutdatum")


@needs_cases
def test_the_action_plan_holds_what_a_careful_reader_gets_out_of_its_running_text() -> None:
    told = _case("goteborg_sydvast_2024.json")
    draft = read_plan(CASES / "handlingsplan_goteborg_sydvast_2024.docx")
    assert len(draft.activities) == 11
    for read, row in zip(draft.activities, told["activities"], strict=True):
        assert read.what == (row["activity"] or row["sub_goal"]), row["id"]
        assert read.how == row["how"]
        assert read.goal == row["sub_goal"]
        assert read.focus_area == row["focus_area"]
        assert read.theme_group == row["theme_group"]
        assert read.follow_up == row["follow_up"]
        assert ", ".join(read.responsible) == row["responsible"], row["id"]
        assert read.start.text == row["start"], row["id"]
        assert read.deadline.text == row["deadline"], row["id"]
    assert draft.adopted_on == draft.last_changed_on == date(2024, 3, 15)
    assert draft.group == told["plan"]["group"]
    assert draft.title == told["plan"]["title"]
    assert [goal.text for goal in draft.goals if not goal.parent] == [
        *told["focus_areas"],
        told["appendix"],
    ]


@needs_cases
def test_an_activity_without_words_takes_its_goals_words_and_says_so() -> None:
    draft = read_plan(CASES / "handlingsplan_goteborg_sydvast_2024.docx")
    nameless = next(one for one in draft.activities if one.goal == "Suicidprevention")
    assert nameless.what == "Suicidprevention"
    assert doubted(nameless, "saknar egna ord")


@needs_cases
def test_everything_knows_where_it_stood() -> None:
    draft = read_plan(CASES / "aktivitetsplan_2024.xlsx")
    where = draft.activities[3].source
    assert (where.file, where.sheet, where.row) == (
        "aktivitetsplan_2024.xlsx",
        "Aktivitetsplan 2024",
        6,
    )
    assert draft.continuous[0].source.row == 13


# --- headings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heads",
    [
        ["Aktivitet", "Vem", "Klart senast", "Mätetal"],
        ["Åtgärd", "Ansvarig/\nfunktion", "Slut-\ndatum", "Indikator"],
        ["VAD SKA GÖRAS?", "Vem ansvarar?", "När ska det vara klart?", "Hur följer vi upp?"],
        ["Insats", "Ägare", "Måldatum", "Utfall"],
        ["Uppdrag", "Huvudansvarig", "Deadline", "Uppfölj\nning"],
    ],
)
def test_headings_are_known_by_their_synonyms(tmp_path: Path, heads: list[str]) -> None:
    row = ["Utbilda i SIP", "Processledare", "2024-05-31", "Antal utbildade"]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", [heads, row])))
    assert one.what == "Utbilda i SIP"
    assert one.responsible == ("Processledare",)
    assert one.deadline.last == date(2024, 5, 31)
    assert one.follow_up == "Antal utbildade"
    assert one.doubts == ()


def test_the_order_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    forwards = word(tmp_path / "a 2024.docx", [HEADS, ROW])
    backwards = word(tmp_path / "b 2024.docx", [HEADS[::-1], ROW[::-1]])
    one, other = only(read_plan(forwards)), only(read_plan(backwards))
    assert (one.what, one.how, one.goal, one.start, one.deadline, one.doubts) == (
        other.what,
        other.how,
        other.goal,
        other.start,
        other.deadline,
        other.doubts,
    )


def test_a_heading_row_further_down_is_found_and_the_rows_above_are_title_and_section(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["Handlingsplan NOSAM Äldre 2025"],
        ["Fastställd: 2025-02-03"],
        [],
        ["Trygg hemgång"],
        ["Nr", "Aktivitet", "Ansvarig", "Tidplan"],
        [1, "Gemensam rutin", "NOSAM Äldre", "v. 20"],
    ]
    draft = read_plan(sheet(tmp_path / "x.xlsx", rows))
    one = only(draft)
    assert (draft.title, draft.group, draft.year) == (
        "Handlingsplan NOSAM Äldre 2025",
        "NOSAM Äldre",
        2025,
    )
    assert draft.adopted_on == date(2025, 2, 3)
    assert one.focus_area == "Trygg hemgång"
    assert one.deadline.last == date(2025, 5, 18)
    assert one.source.row == 6


def test_repeated_headings_are_no_activities(tmp_path: Path) -> None:
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, ROW, HEADS, ROW]))
    assert [one.what for one in draft.activities] == ["Nätverk", "Nätverk"]


def test_two_repeated_headings_are_enough_to_be_known_again(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Vem"], ["A", "B"], ["Aktivitet", "Vem"], ["C", "D"]]
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", rows))
    assert [one.what for one in draft.activities] == ["A", "C"]


def test_a_second_heading_row_under_the_first_names_the_two_ends(tmp_path: Path) -> None:
    rows: Rows = [
        ["Aktivitet", "Tid", None, "Ansvarig"],
        [None, "Start", "Slut", None],
        ["Rutin", "jan 2024", "maj 2024", "NOSAM"],
    ]
    path = sheet(tmp_path / "plan 2024.xlsx", rows, merge=("B1:C1", "A1:A2", "D1:D2"))
    one = only(read_plan(path))
    assert (one.start.first, one.deadline.last) == (date(2024, 1, 1), date(2024, 5, 31))


def test_a_column_that_is_not_understood_is_told(tmp_path: Path) -> None:
    draft = read_plan(
        sheet(tmp_path / "plan 2024.xlsx", [["Aktivitet", "Ansvarig", "Qwerty"], ["A", "B", "C"]])
    )
    assert any("Qwerty" in doubt for doubt in draft.doubts)


# --- tables -------------------------------------------------------------------------------------


def test_a_merged_goal_counts_for_each_of_its_rows(tmp_path: Path) -> None:
    rows: Rows = [HEADS, ROW, [None, "Handbok", *ROW[2:]], [None, "Rutin", *ROW[2:]]]
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", rows, merge=("A2:A4",)))
    assert [(one.goal, one.what) for one in draft.activities] == [
        ("Öka tilliten", "Nätverk"),
        ("Öka tilliten", "Handbok"),
        ("Öka tilliten", "Rutin"),
    ]
    assert not any(doubted(one, "mål") for one in draft.activities)


def test_a_merged_cell_in_word_counts_for_each_of_its_rows(tmp_path: Path) -> None:
    path = word(tmp_path / "plan 2024.docx", [HEADS, ROW, ["", "Handbok", *ROW[2:]]])
    document = docx.Document(str(path))
    table = document.tables[0]
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 3).merge(table.cell(2, 3)).text = "AU"
    document.save(str(path))
    one, two = read_plan(path).activities
    assert (one.goal, one.responsible) == (two.goal, two.responsible) == ("Öka tilliten", ("AU",))
    assert two.doubts == ()


def test_a_goal_written_once_counts_for_the_rows_under_it_with_a_doubt(tmp_path: Path) -> None:
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, ROW, [None, "Handbok", *ROW[2:]]]))
    assert draft.activities[1].goal == "Öka tilliten"
    assert doubted(draft.activities[1], "målet ovanför gäller")


def test_a_row_merged_over_all_columns_names_what_follows(tmp_path: Path) -> None:
    heads = ["Aktivitet", "Ansvarig", "När"]
    rows: Rows = [
        heads,
        ["Fokusområde 1: Barn och unga"],
        ["A", "NOSAM", "maj 2024"],
        ["Mål: Färre avvikelser"],
        ["B", "NOSAM", "juni 2024"],
        ["Målområde: Äldre"],
        ["C", "NOSAM", "juli 2024"],
    ]
    path = sheet(tmp_path / "plan 2024.xlsx", rows, merge=("A2:C2", "A4:C4", "A6:C6"))
    found = [(one.what, one.focus_area, one.goal) for one in read_plan(path).activities]
    assert found == [
        ("A", "Barn och unga", "Barn och unga"),
        ("B", "Barn och unga", "Färre avvikelser"),
        ("C", "Äldre", "Äldre"),
    ]


def test_headings_between_tables_name_the_focus_area(tmp_path: Path) -> None:
    table: Rows = [["Aktivitet", "Ansvarig"], ["A", "NOSAM"]]
    path = word(
        tmp_path / "Handlingsplan 2024.docx",
        "# Psykisk hälsa",
        "Här samlas det vi gör för den psykiska hälsan.",
        table,
        "# Mål 2: Trygg hemgång",
        table,
        "Bilaga: Lokala frågor",
        table,
    )
    found = [(one.focus_area, one.goal) for one in read_plan(path).activities]
    assert found == [
        ("Psykisk hälsa", "Psykisk hälsa"),
        ("", "Trygg hemgång"),
        ("Lokala frågor", "Lokala frågor"),
    ]


def test_a_table_that_goes_on_without_headings_is_the_next_page(tmp_path: Path) -> None:
    path = word(tmp_path / "plan 2024.docx", [HEADS, ROW], [[*ROW[:1], "Handbok", *ROW[2:]]])
    assert [one.what for one in read_plan(path).activities] == ["Nätverk", "Handbok"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([["Version", "Datum", "Vad", "Vem"], ["1", "2024-01-01", "Utkast", "AB"]], "version"),
        ([["Förkortning", "Betydelse"], ["SIP", "Samordnad individuell plan"]], "förkortning"),
        ([["Namn", "Funktion", "E-post"], ["A B", "Chef", "a@example.org"]], "personer"),
        ([["Vecka", "Veckodag"], ["20", "Måndag"]], "rubriker"),
    ],
)
def test_a_table_that_is_no_plan_is_left_out_with_its_reason(
    tmp_path: Path, table: Rows, reason: str
) -> None:
    draft = read_plan(word(tmp_path / "plan 2024.docx", table, "# Plan", [HEADS, ROW]))
    assert only(draft).what == "Nätverk"
    assert [reason in skipped.reason for skipped in draft.skipped] == [True]


def test_hidden_sheets_sums_and_notes_are_left_out_with_their_reason(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "plan 2024.xlsx", [HEADS, ROW, ["Summa", None, 4], [], ["* Se bilagan"]]
    )
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("Gömt")
    hidden.append(HEADS)
    hidden.append(ROW)
    hidden.sheet_state = "hidden"
    book.save(path)
    draft = read_plan(path)
    assert only(draft).what == "Nätverk"
    reasons = [skipped.reason for skipped in draft.skipped]
    assert [r.split(",")[0] for r in reasons] == [
        "En summa",
        "En anmärkning vid tabellen",
        "Bladet är dolt och är inte inläst.",
    ]


def test_several_sheets_are_several_tables(tmp_path: Path) -> None:
    path = sheet(tmp_path / "plan 2024.xlsx", [HEADS, ROW])
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("Äldre")
    other.append(["Åtgärd", "Vem"])
    other.append(["Rutin", "TG Äldre"])
    book.save(path)
    one, two = read_plan(path).activities
    assert (one.source.sheet, two.source.sheet) == ("Plan", "Äldre")
    assert two.responsible == ("TG Äldre",)


def test_a_card_with_its_headings_to_the_left_is_one_activity(tmp_path: Path) -> None:
    card: Rows = [
        ["Aktivitet", "Utbilda i SIP"],
        ["Ansvarig", "NOSAM Lerum"],
        ["Tidplan", "hösten 2024"],
        ["Uppföljning", "Antal utbildade"],
    ]
    other: Rows = [[head, "AU" if head == "Ansvarig" else words] for head, words in card]
    path = word(tmp_path / "plan 2024.docx", "# Aktivitet 1", card, "# Aktivitet 2", other)
    draft = read_plan(path)
    assert [one.responsible for one in draft.activities] == [("NOSAM Lerum",), ("AU",)]
    assert draft.activities[0].deadline.last == date(2024, 12, 31)
    assert draft.activities[0].doubts == ()


def test_a_bold_line_between_the_rows_names_what_follows(tmp_path: Path) -> None:
    rows: Rows = [["Nr", "Vad", "Vem"], ["Psykisk hälsa"], [1, "A", "B"], ["Övergångar"], [2, "C"]]
    path = sheet(tmp_path / "plan 2024.xlsx", rows)
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    for name in ("A2", "A4"):
        book.active[name].font = Font(bold=True)
    book.save(path)
    found = [(one.what, one.focus_area) for one in read_plan(path).activities]
    assert found == [("A", "Psykisk hälsa"), ("C", "Övergångar")]


def test_a_lone_text_in_the_activity_column_is_an_activity(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Ansvarig", "Deadline"], ["A", "B", "maj 2024"], ["Bara ord"]]
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", rows))
    assert [one.what for one in draft.activities] == ["A", "Bara ord"]
    assert doubted(draft.activities[1], "Ingen ansvarig")


def test_a_second_responsible_in_a_row_of_its_own_joins_the_first(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Ansvarig", "Deadline"], ["A", "AU", "maj 2024"], [None, "NOSAM"]]
    path = sheet(tmp_path / "plan 2024.xlsx", rows, merge=("A2:A3", "C2:C3"))
    assert only(read_plan(path)).responsible == ("AU", "NOSAM")


def test_a_section_that_is_a_listed_goal_is_the_goal(tmp_path: Path) -> None:
    table: Rows = [["Aktivitet", "Ansvarig"], ["A", "NOSAM"]]
    path = word(
        tmp_path / "plan 2024.docx", "# Mål", "- Trygg vård", "- Nära vård", "# Nära vård", table
    )
    one = only(read_plan(path))
    assert (one.goal, one.focus_area) == ("Nära vård", "")


def test_goals_in_plain_lines_over_the_table_are_no_section(tmp_path: Path) -> None:
    path = word(tmp_path / "plan 2024.docx", "Prioriterade mål", "Trygg", "Nära", [HEADS, ROW])
    draft = read_plan(path)
    assert only(draft).focus_area == ""
    assert [goal.text for goal in draft.goals] == ["Trygg", "Nära", "Öka tilliten"]


def test_the_year_may_stand_in_the_name_of_the_sheet(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Deadline"], ["A", "i maj"]]
    draft = read_plan(sheet(tmp_path / "plan.xlsx", rows, title="2025"))
    assert draft.year == 2025


def test_klart_beside_nar_is_a_status(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "När", "Klart"], ["A", "maj 2024", "Pågår"]]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", rows)))
    assert (one.deadline.last, one.state) == (date(2024, 5, 31), "pågående")
