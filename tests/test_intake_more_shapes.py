"""Plans in shapes that are seen less often: one column for two things, colours, forms."""

from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font, PatternFill

from intake.drafts import Asks, PlanDraft
from intake.plans import read_plan
from tests.plans_by_hand import Rows, drawn, excel, only, pdf, understood, word

Read = Callable[..., PlanDraft]


@pytest.fixture
def plan(tmp_path: Path) -> Read:
    """Save these blocks as a Word file and read it; what holds a "|" is a table."""

    def read(*blocks: str) -> PlanDraft:
        parts: list[str | Rows] = [drawn(block) if "|" in block else block for block in blocks]
        return read_plan(word(tmp_path / "plan.docx", *parts))

    return read


def kinds(draft: PlanDraft) -> set[Asks]:
    """What is asked about the plan and its activities."""
    asked = [*draft.questions, *(q for activity in draft.activities for q in activity.questions)]
    return {question.kind for question in asked}


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
    assert not kinds(draft) & {Asks.COLUMN}


@pytest.mark.parametrize("words", ["Klar 2026-02", "Klart v. 9", "Genomfört 260215", "Klar vt 26"])
def test_a_status_with_the_day_it_came(plan: Read, words: str) -> None:
    draft = plan("Plan 2026", f"Aktivitet | Ansvarig | Klart | Status\nKurs | AU | maj | {words}")
    (asked,) = [each for each in only(draft).questions if each.kind is Asks.STATUS]
    assert asked.proposal == "pågående"  # done, and to be followed up


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
    assert Asks.WHICH_GROUP not in kinds(read_plan(alone))


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
    assert Asks.STATUS in kinds(read_plan(path))


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
