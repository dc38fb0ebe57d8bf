"""What stands in the cells of a plan: several activities, dates, names, states."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from intake.plans import read_plan
from tests.plans_by_hand import HEADS, ROW, Rows, doubted, only, sheet, word

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
        ("Klar", "föreslagen", True),
        ("Klart maj 2024", "föreslagen", True),
        ("Avslutad", "avslutad", False),
        ("Pausad", "pausad", False),
        ("Vilande", "pausad", False),
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
