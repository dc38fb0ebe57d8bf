"""Plans that are text, forms or cards: labels in lines, what is struck, headings over tables."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from intake.drafts import Asks, PlanDraft
from intake.plans import read_plan
from tests.plans_by_hand import Rows, asked_about, drawn, excel, only, pdf, read_blocks, understood

Read = Callable[..., PlanDraft]


@pytest.fixture
def plan(tmp_path: Path) -> Read:
    """Save these blocks as a Word file and read it; what holds a "|" is a table."""
    return partial(read_blocks, tmp_path)


# --- text -----------------------------------------------------------------------------------------


def test_goals_with_a_number_and_no_colon_over_labelled_lines(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025",
        "Mål 1 Mindre ensamhet",
        "Insats: Träffpunkt",
        "Ansvarig: Alice",
        "När: hösten",
        "Mål 2 Bättre hälsa",
        "Insats: Nätverk",
        "Ansvarig: Bob",
        "Klart senast: 2025-11-30",
    )
    understood(
        draft.activities,
        """
        what       | goal            | responsible | deadline
        Träffpunkt | Mindre ensamhet | Alice       | 2025-12-31
        Nätverk    | Bättre hälsa    | Bob         | 2025-11-30
        """,
    )


def test_labels_one_after_the_other_in_a_paragraph(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025",
        "# Aktivitet 1. Gemensam ingång",
        "De som behöver det möter en väg in. Ansvarig: Alice. Klart: oktober 2025."
        " Uppföljning: väntetid.",
    )
    understood(
        draft.activities,
        """
        what           | how                                 | responsible | deadline   | follow_up
        Gemensam ingång | De som behöver det möter en väg in. | Alice       | 2025-10-31 | väntetid
        """,
    )


def test_a_title_that_does_not_call_itself_a_plan_tells_the_year(tmp_path: Path) -> None:
    rows = drawn("""
        Årshjul 2026 för NOSAM Alm
        Insats | Ansvarig | Klart
        Kurs | Alice | maj
        """)
    draft = read_plan(excel(tmp_path / "lista.xlsx", {"Blad1": rows}))
    assert (draft.year, draft.title) == (2026, "Årshjul 2026 för NOSAM Alm")


def test_tables_for_several_groups_are_asked_about(tmp_path: Path) -> None:
    rows = drawn("Insats | Ansvarig | Klart\nKurs | Alice | maj 2026")
    both = excel(tmp_path / "planer.xlsx", {"NOSAM_Alm": rows, "NOSAM_Björk": rows})
    (asked,) = [q for q in read_plan(both).questions if q.kind is Asks.WHICH_GROUP]
    assert "NOSAM Alm och NOSAM Björk" in asked.sentence
    alone = excel(tmp_path / "plan.xlsx", {"NOSAM_Alm": rows})
    assert Asks.WHICH_GROUP not in asked_about(read_plan(alone))


# --- what a form says itself ----------------------------------------------------------------------


def test_words_that_are_hidden_struck_or_only_the_forms_own_are_no_words(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Aktivitetsplan 2025")
    table = document.add_table(1, 4)
    for cell, words in zip(
        table.rows[0].cells, ("Aktivitet", "Ansvarig", "Start", "Slut"), strict=True
    ):
        cell.text = words
    kurs, brev = table.add_row().cells, table.add_row().cells
    kurs[0].paragraphs[0].add_run("Kurs")
    kurs[0].paragraphs[0].add_run(" (internt)").font.hidden = True
    kurs[1].paragraphs[0].add_run("Alice").font.strike = True
    kurs[1].paragraphs[0].add_run(" Bob")
    kurs[2].paragraphs[0]._p.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>"
            "Ange ett datum.</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
    kurs[3].text = "Klicka eller tryck här för att ange datum."
    for cell, words in zip(brev, ("Brev", "Bob", "maj", "juni"), strict=True):
        cell.paragraphs[0].add_run(words).font.strike = True
    path = tmp_path / "plan.docx"
    document.save(str(path))
    draft = read_plan(path)
    understood(
        draft.activities,
        """
        what | responsible | start      | deadline
        Kurs | Bob         |            |
        Brev | Bob         | 2025-05-01 | 2025-06-30
        """,
    )
    told = [[q.sentence for q in a.questions if q.kind is Asks.STATUS] for a in draft.activities]
    assert told[0] == []
    assert "överstruken" in told[1][0]


def test_a_struck_row_in_excel_is_asked_about(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Aktivitet", "Ansvarig", "Klart"])
    sheet.append(["Kurs", "Alice", "maj 2026"])
    sheet["A2"].font = Font(strike=True)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    assert Asks.STATUS in asked_about(read_plan(path))


# --- goals, cards and years -----------------------------------------------------------------------


def test_a_card_for_each_activity_under_its_name(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2026",
        """
        Aktivitet 1: Kurs för alla | <
        Syfte | Fler kan mer
        Ansvarig | Alice
        Tidplan | mars – maj 2026
        Uppföljning | Antal
        """,
        "",
        """
        Aktivitet 2: Råd | <
        Syfte | Egna erfarenheter tas till vara
        Ansvarig | Frida och processledaren
        Tidplan | löpande
        Uppföljning | Möte varje höst
        """,
    )
    understood(
        draft.activities,
        """
        what          | responsible            | start      | deadline   | follow_up
        Kurs för alla | Alice                  | 2026-03-01 | 2026-05-31 | Antal
        Råd           | Frida + processledaren |            | open       | Möte varje höst
        """,
    )


def test_headings_in_the_text_name_the_focus_area_and_the_goals_under_it(plan: Read) -> None:
    table = "Aktivitet | Ansvarig | Klart\n{} | Alice | maj"
    draft = plan(
        "Aktivitetsplan 2025",
        "# Fokusområde: Äldre",
        "# Delmål: Mindre ensamhet",
        table.format("Fika"),
        "# Delmål: Bättre mat",
        table.format("Kostombud"),
        "# Fokusområde: Barn",
        "# Delmål: Tidig hjälp",
        table.format("Hälsodag"),
        "# Samverkan",
        table.format("Möten"),
        "# Delmål: Fler möten",
        table.format("Inbjudan"),
    )
    understood(
        draft.activities,
        """
        what      | goal            | focus_area
        Fika      | Mindre ensamhet | Äldre
        Kostombud | Bättre mat      | Äldre
        Hälsodag  | Tidig hjälp     | Barn
        Möten     | Samverkan       | Samverkan
        Inbjudan  | Fler möten      |
        """,
    )


def test_nulage_beside_onskat_lage_is_no_status(plan: Read) -> None:
    draft = plan(
        "Plan 2026",
        """
        Nuläge | Önskat läge | Vad behöver göras | Av vem | Till när | Lägesuppdatering
        Långa köer | Inom tre dagar | Ny rutin | Alice | sista april | Arbetet pågår
        """,
    )
    understood(
        draft.activities,
        """
        what     | goal           | responsible | deadline   | state
        Ny rutin | Inom tre dagar | Alice       | 2026-04-30 | pågående
        """,
    )
    (column,) = [q.words for q in draft.questions if q.kind is Asks.COLUMN]
    assert column == "Nuläge"  # not read, and told


def test_a_column_of_activities_for_each_year(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2025–2026",
        """
        Mål | Insatser 2025 | Insatser 2026 | Ansvarig
        Samverkan | Kartlägg | Inför planen | Alice
        Hälsa | | Utvärdera | Bob
        """,
    )
    understood(
        draft.activities,
        """
        what         | goal      | responsible | deadline
        Kartlägg     | Samverkan | Alice       | 2025-12-31
        Inför planen | Samverkan | Alice       | 2026-12-31
        Utvärdera    | Hälsa     | Bob         | 2026-12-31
        """,
    )


def test_medicinskt_ansvarig_is_a_title(plan: Read) -> None:
    draft = plan("Plan 2026", "Aktivitet | Vem | Klart\nKurs | Medicinskt ansvarig läkare | maj")
    assert only(draft).responsible == ("Medicinskt ansvarig läkare",)


def test_a_line_with_only_a_number_begins_the_next_labelled_activity(plan: Read) -> None:
    draft = plan(
        "Plan 2026",
        *("AKTIVITET 1", "Vad: Kurs", "Vem: Alice", "När: maj", "Uppföljning: antal"),
        *("AKTIVITET 2", "Vad: Råd", "Vem: Bob", "När: juni", "Uppföljning: enkät"),
    )
    assert [(a.what, a.follow_up) for a in draft.activities] == [
        ("Kurs", "antal"),
        ("Råd", "enkät"),
    ]


def test_a_row_that_a_page_cut_is_whole_also_without_lines(tmp_path: Path) -> None:
    words = "Antal besök och vad de som kom själva tyckte efter en månad och efter ett halvt år"
    names = [f"Insats {chr(64 + at)}" for at in range(1, 25)]
    rows = [[name, f"Enhet {name[-1]}", "maj 2026", words] for name in names]
    heads = ["Aktivitet", "Ansvarig", "Klart", "Uppföljning"]
    cells = ", ".join(f"[{cell}]" for row in [heads, *rows] for cell in row)
    table = f"#table(columns: (3cm, 3cm, 3cm, 2.4cm), stroke: none, row-gutter: 6pt, {cells})"
    for height in range(220, 235, 3):  # the page cuts another line of a row each time
        path = tmp_path / f"plan-{height}.pdf"
        pdf(path, "= Handlingsplan 2026", table, page=f", height: {height}mm")
        draft = read_plan(path)
        assert [a.what for a in draft.activities] == names
        assert {a.follow_up for a in draft.activities} == {words}


def test_the_meaning_of_colours_over_a_table_is_no_focus_area(plan: Read) -> None:
    draft = plan(
        "Handlingsplan 2026",
        "Teckenförklaring: grön = klart, röd = ej påbörjat",
        """
        Prioriterat område | Insats | Ansvarig | Klart
        Tidiga insatser | Stöd | Alice | maj
        """,
    )
    activity = only(draft)
    assert (activity.focus_area, activity.goal) == ("Tidiga insatser", "Tidiga insatser")


@pytest.mark.parametrize(
    "words", ["Kurs (ansvarig: Alice), klart i maj", "Kurs, ansvarig Alice, senast 31 maj"]
)
def test_who_answers_is_told_in_a_list(plan: Read, words: str) -> None:
    activity = only(plan("Aktivitetsplan 2026", "# Aktiviteter", f"* {words}"))
    assert activity.responsible == ("Alice",)
    assert activity.deadline.last is not None


def test_begun_and_ended_are_the_two_ends(plan: Read) -> None:
    draft = plan(
        "Plan 2026",
        """
        Aktivitet | Ansvarig | Påbörjad | Avslutad
        Kurs | Alice | 2026-02-02 | 2026-05-29
        """,
    )
    understood(
        draft.activities,
        """
        what | start      | deadline
        Kurs | 2026-02-02 | 2026-05-29
        """,
    )


def test_a_share_is_shown_as_excel_shows_it(tmp_path: Path) -> None:
    rows: Rows = [["Aktivitet", "Ansvarig", "Klart", "Status"], ["Kurs", "Bob", "maj", (0.5, "0%")]]
    draft = read_plan(excel(tmp_path / "Plan 2026.xlsx", {"Plan": rows}))
    assert only(draft).status_words == "50 %"


def test_a_row_that_names_a_day_is_no_heading_row(plan: Read) -> None:
    draft = plan(
        "Aktivitetsplan 2026",
        """
        Ansvarig | Aktivitet | Hur | Tidplan
        Alice | Kurs | Möten | maj
        | Gemensamt mål för nätverket | Nätverk samverkan | senast maj 2026
        """,
    )
    assert [a.what for a in draft.activities] == ["Kurs", "Gemensamt mål för nätverket"]
