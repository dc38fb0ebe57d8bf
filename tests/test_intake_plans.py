"""A plan file is read as a careful reader would: every activity, every doubt, nothing invented."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.styles import Font

from intake.drafts import ActivityDraft, PlanDraft
from intake.plans import as_json, read_plan
from models.span import Precision

CASES = Path(__file__).resolve().parents[2] / "shared/cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")

HEADS = ["Mål", "Vad", "Hur", "Ansvarig", "Startdatum", "Deadline", "Uppföljning", "Status"]
ROW = ["Öka tilliten", "Nätverk", "Möten", "NOSAM Lerum", "Mars 2024", "Dec 2024", "Antal", ""]

Rows = list[list[Any]]


def sheet(path: Path, rows: Rows, *, merge: tuple[str, ...] = (), title: str = "Plan") -> Path:
    """A small Excel file."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    for area in merge:
        page.merge_cells(area)
    book.save(path)
    return path


def word(path: Path, *blocks: str | Rows) -> Path:
    """A small Word file: "# x" is a heading, "- x" stays as it is, rows make a table."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            if block.startswith("# "):
                document.add_heading(block[2:], 2)
            else:
                document.add_paragraph(block)
            continue
        table = document.add_table(len(block), max(len(row) for row in block))
        for at, row in enumerate(block):
            for column, text in enumerate(row):
                table.cell(at, column).text = str(text)
    document.save(str(path))
    return path


def only(draft: PlanDraft) -> ActivityDraft:
    assert len(draft.activities) == 1, draft.activities
    return draft.activities[0]


def doubted(activity: ActivityDraft, words: str) -> bool:
    return any(words in doubt for doubt in activity.doubts)


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
        ("A", "Barn och unga", ""),
        ("B", "Barn och unga", "Färre avvikelser"),
        ("C", "Äldre", ""),
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
    assert found == [("Psykisk hälsa", ""), ("", "Trygg hemgång"), ("Lokala frågor", "")]


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


# --- two in a row -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_two_activities_in_one_row_come_apart(tmp_path: Path, kind: str) -> None:
    row = [
        "Öka tilliten",
        "Hemgång",
        "Bilda grupp\n\nFölja upp",
        "NOSAM Lerum\n\nNOSAM Alingsås",
        "",
        "maj 2024\n\noktober 2024",
        "",
        "Pågår",
    ]
    path = tmp_path / f"plan 2024.{kind}"
    if kind == "docx":
        word(path, [HEADS, row])
    else:
        sheet(path, [HEADS, row])
    one, two = read_plan(path).activities
    assert (one.what, one.how, one.responsible) == ("Hemgång", "Bilda grupp", ("NOSAM Lerum",))
    assert (two.what, two.how, two.responsible) == ("Hemgång", "Följa upp", ("NOSAM Alingsås",))
    assert (one.deadline.last, two.deadline.last) == (date(2024, 5, 31), date(2024, 10, 31))
    assert (one.status_words, two.status_words) == ("Pågår", "")
    assert doubted(one, "står en gång i raden")
    assert doubted(two, "nummer 2")


def test_numbered_lines_that_answer_each_other_come_apart(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Ansvarig", "Deadline"], ["1. A\n2. B", "1. X\n2. Y", "maj 2024"]]
    one, two = read_plan(sheet(tmp_path / "plan 2024.xlsx", rows)).activities
    assert (one.what, one.responsible, two.what, two.responsible) == ("A", ("X",), "B", ("Y",))
    assert one.deadline == two.deadline


def test_prose_with_blank_lines_alone_is_one_activity_with_a_doubt(tmp_path: Path) -> None:
    row = ["Mål", "Stärka SIP\n\nSe nedan", "Nätverk\n\nKontaktvägar", "NOSAM", "", "maj 2024"]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, row])))
    assert one.what == "Stärka SIP\n\nSe nedan"
    assert doubted(one, "flera aktiviteter")


# --- running on, goals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading", ["Följande aktiviteter löper över tid", "Löpande aktiviteter", "Arbete som pågår"]
)
@pytest.mark.parametrize("below", [True, False])
def test_a_list_that_runs_on_stands_above_or_below_the_table(
    tmp_path: Path, heading: str, below: bool
) -> None:
    items: list[str | Rows] = [heading, "- Nätverk för SIP", "- Mobilt team"]
    table: list[str | Rows] = [[HEADS, ROW]]
    blocks = table + items if below else items + table
    draft = read_plan(word(tmp_path / "plan 2024.docx", *blocks))
    assert len(draft.activities) == 1
    assert [one.what for one in draft.continuous] == ["Nätverk för SIP", "Mobilt team"]
    assert all(one.deadline.open for one in draft.continuous)


def test_a_list_that_runs_on_may_be_rows_of_the_sheet(tmp_path: Path) -> None:
    rows: Rows = [HEADS, ROW, [], ["Löpande aktiviteter"], ["Handbok"], ["Nätverk för SIP"]]
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", rows))
    assert len(draft.activities) == 1
    assert [one.what for one in draft.continuous] == ["Handbok", "Nätverk för SIP"]


def test_a_goal_spelt_almost_alike_is_the_same_goal_in_the_rows_own_words(tmp_path: Path) -> None:
    listed = "Öka kontinuiteten till en mer personcentrerad vård och omsorg"
    written = "Öka kontinuiteten till en mer personcentrerat vård och omsorg"
    path = word(
        tmp_path / "plan 2024.docx",
        "# Prioriterade mål",
        f"- {listed}",
        "- Ett mål utan aktivitet",
        "# Aktiviteter",
        [HEADS, [written, *ROW[1:]]],
    )
    draft = read_plan(path)
    assert only(draft).goal == written
    assert [goal.text for goal in draft.goals] == [listed, "Ett mål utan aktivitet"]


def test_goal_and_subgoal_columns_make_a_tree(tmp_path: Path) -> None:
    rows: Rows = [["Mål", "Delmål", "Aktivitet", "Vem"], ["Hälsa", "Färre fall", "Prova", "TG"]]
    draft = read_plan(sheet(tmp_path / "plan 2024.xlsx", rows))
    assert [(goal.text, goal.parent) for goal in draft.goals] == [
        ("Hälsa", ""),
        ("Färre fall", "Hälsa"),
    ]
    assert only(draft).goal == "Färre fall"


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("jan 2024 – maj 2024", date(2024, 1, 1), date(2024, 5, 31)),
        ("hösten 2024", None, date(2024, 12, 31)),
        ("2024-03-01 - 2024-09-30", date(2024, 3, 1), date(2024, 9, 30)),
        ("Q2", None, date(2024, 6, 30)),
        ("senast 30 april", None, date(2024, 4, 30)),
        ("Start januari 2024, klart maj 2024", date(2024, 1, 1), date(2024, 5, 31)),
    ],
)
def test_one_column_may_hold_both_ends_or_the_deadline(
    tmp_path: Path, words: str, start: date | None, end: date
) -> None:
    rows: Rows = [["Aktivitet", "Ansvarig", "Tidplan"], ["A", "B", words]]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", rows)))
    assert (one.start.first, one.deadline.last) == (start, end)


@pytest.mark.parametrize(
    ("value", "shown", "text", "last"),
    [
        (date(2024, 10, 1), "mmm-yy", "okt 2024", date(2024, 10, 31)),
        (date(2024, 2, 5), "mmmm yyyy", "feb 2024", date(2024, 2, 29)),
        (date(2024, 10, 1), "yyyy-mm-dd", "2024-10-01", date(2024, 10, 1)),
        (date(2024, 10, 1), "d/m", "2024-10-01", date(2024, 10, 1)),
        (date(2024, 10, 1), "yyyy", "2024", date(2024, 12, 31)),
        (2024, "General", "2024", date(2024, 12, 31)),
        (45566, "General", "2024-10-01", date(2024, 10, 1)),
    ],
)
def test_a_real_date_in_excel_is_as_precise_as_it_shows(
    tmp_path: Path, value: object, shown: str, text: str, last: date
) -> None:
    path = sheet(tmp_path / "plan 2024.xlsx", [["Aktivitet", "Deadline"], ["A", value]])
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active["B2"].number_format = shown
    book.save(path)
    deadline = only(read_plan(path)).deadline
    assert (deadline.text, deadline.last) == (text, last)


def test_a_date_without_a_year_gets_the_plans(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Deadline"], ["A", "i maj"]]
    assert only(read_plan(sheet(tmp_path / "Plan 2023.xlsx", rows))).deadline.last == date(
        2023, 5, 31
    )


def test_without_any_year_none_is_guessed(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Ansvarig", "Deadline"], ["A", "B", "i maj"]]
    draft = read_plan(sheet(tmp_path / "plan.xlsx", rows))
    assert draft.year is None
    assert only(draft).deadline.last is None
    assert doubted(only(draft), "Året saknas")
    told = read_plan(tmp_path / "plan.xlsx", reference=date(2026, 1, 1))
    assert only(told).deadline.last == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("start", "end", "doubt"),
    [
        ("maj 2024", "mars 2024", "ligger före start"),
        ("mars 2023", "maj 2024", "ligger före planens år"),
        ("jan 2024", "2024-04-31", "Slutdatum ”2024-04-31”"),
        ("jan 2024", "", "Inget slutdatum"),
        ("jan 2024", "enligt beslut", "är inget datum"),
    ],
)
def test_doubtful_dates_are_kept_in_words_and_asked_about(
    tmp_path: Path, start: str, end: str, doubt: str
) -> None:
    row = [*ROW[:4], start, end, "Antal", ""]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, row])))
    assert doubted(one, doubt), one.doubts
    assert one.deadline.text == end


# --- responsible, states ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "responsible", "decided_by"),
    [
        (
            "Samordningsgruppen beslutar/ordförande i NOSAM ansvarig",
            ("ordförande i NOSAM",),
            "Samordningsgruppen",
        ),
        ("Samordningsgruppen/\nNOSAM ansvarar", ("Samordningsgruppen", "NOSAM"), ""),
        ("Ansvarig: Anna Ek", ("Anna Ek",), ""),
        ("Anna Ek (sammankallande), Bo Ö", ("Anna Ek", "Bo Ö"), ""),
        ("Hälso- och sjukvårdsnämnden", ("Hälso- och sjukvårdsnämnden",), ""),
        ("TG Barn och unga samt TG Äldre", ("TG Barn och unga", "TG Äldre"), ""),
        (
            "NOSAM Psykisk ohälsa, skadligt bruk och beroende",
            ("NOSAM Psykisk ohälsa, skadligt bruk och beroende",),
            "",
        ),
        ("Vårdcentraler (Lerum, Alingsås)", ("Vårdcentraler (Lerum, Alingsås)",), ""),
        ("NOSAM Alingsås och Lerum", ("NOSAM Alingsås", "NOSAM Lerum"), ""),
        ("- Processledare\n- Ordförande", ("Processledare", "Ordförande"), ""),
        ("ordförande i\nNOSAM Lerum", ("ordförande i NOSAM Lerum",), ""),
        ("Beslut: AU\nAnsvarig: NOSAM", ("NOSAM",), "AU"),
        ("Anna Ek, enhetschef", ("Anna Ek, enhetschef",), ""),
    ],
)
def test_the_responsible_are_told_apart(
    tmp_path: Path, words: str, responsible: tuple[str, ...], decided_by: str
) -> None:
    row = [*ROW[:3], words, *ROW[4:]]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, row])))
    assert (one.responsible, one.decided_by) == (responsible, decided_by)


@pytest.mark.parametrize("words", ["", "?", "-", "Ej utsedd", "Vakant"])
def test_nobody_is_nobody(tmp_path: Path, words: str) -> None:
    row = [*ROW[:3], words, *ROW[4:]]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, row])))
    assert one.responsible == ()
    assert doubted(one, "Ingen ansvarig")


@pytest.mark.parametrize(
    ("words", "state", "asked"),
    [
        ("", "föreslagen", False),
        ("Ej påbörjad", "beslutad", False),
        ("Pågår", "pågående", False),
        ("PÅGÅENDE.", "pågående", False),
        ("Pågår enligt plan", "pågående", False),
        ("Klar", "uppföljd", False),
        ("Klart maj 2024", "uppföljd", False),
        ("Avslutad", "avslutad", False),
        ("Pausad", "pausad", False),
        ("Vilande", "föreslagen", True),
        ("Avbruten", "föreslagen", True),
        ("Ej klar", "föreslagen", True),
        ("Första möte genomfört i februari.", "föreslagen", True),
        ("Gul", "föreslagen", True),
    ],
)
def test_a_state_is_read_from_clear_words_only(
    tmp_path: Path, words: str, state: str, asked: bool
) -> None:
    row = [*ROW[:7], words]
    one = only(read_plan(sheet(tmp_path / "plan 2024.xlsx", [HEADS, row])))
    assert (one.state, one.status_words) == (state, words)
    assert doubted(one, "Läget") is asked


def test_where_there_are_no_columns_the_running_text_tells_who_and_when(tmp_path: Path) -> None:
    rows: Rows = [
        ["Delmål", "Aktivitet", "Hur", "Uppföljning"],
        [
            "TG Äldre: Trygghet",
            "Arbetsgruppen startar under mars 2025.",
            "Rutinen ska vara klar senast 30 november 2025.",
            "Redovisas i årsrapport.",
        ],
    ]
    one = only(read_plan(word(tmp_path / "plan 2025.docx", rows)))
    assert (one.theme_group, one.goal) == ("TG Äldre", "Trygghet")
    assert one.start.first == date(2025, 3, 1)
    assert one.deadline.last == date(2025, 11, 30)
    assert one.responsible == ("Arbetsgruppen",)
    assert doubted(one, "hämtat ur den löpande texten")


def test_what_was_over_before_the_plan_began_is_no_deadline(tmp_path: Path) -> None:
    rows: Rows = [
        ["Aktivitet", "Hur", "Uppföljning"],
        ["Rutin", "Uppdraget ska ha varit klart senast 1 maj 2022.", "Redovisas."],
    ]
    one = only(read_plan(word(tmp_path / "plan 2025.docx", rows)))
    assert one.deadline.text == ""
