"""Shapes that a sixth batch of others' files had, in other files of each kind.

Headings over labelled lines, tables within tables, lists beside a plan, legends of letters and of
colours, a column of state for each time, rows that a page cut, tasks with a parent.
"""

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from intake.documents import Cell, Document, Table
from intake.plans import PlanDraft, plan_in, read_plan, understood
from tests.plans_by_hand import Rows, drawn, excel, sheet, word

HEADS, ROW = "Aktivitet | Ansvarig | Klart", "Ordna lokal | Bob Ask | 2026-05-20"


def whats(draft: PlanDraft) -> list[str]:
    return [one.what for one in draft.activities]


def states(draft: PlanDraft) -> list[str]:
    return [one.state for one in draft.activities]


def csv(words: str) -> PlanDraft:
    lines = (
        ";".join(cell.strip() for cell in line.split("|")) for line in words.strip().split("\n")
    )
    return plan_in("plan.csv", "\n".join(lines).encode())


# --- headings over labelled lines -----------------------------------------------------------------


def test_a_heading_over_labelled_lines_is_an_activity(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "# Handlingsplan 2026",
            "# Mål 1: Alla hittar rätt",
            "# Ordna lokal",
            "Ansvarig: Bob Ask",
            "Klart: 2026-05-20",
            "# Skicka brevet",
            "Ett brev till alla över sjuttio år.",
            "Ansvarig: Frida Lund",
            "Klart: 2026-10-09",
        )
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet"]
    assert [one.goal for one in draft.activities] == ["Alla hittar rätt"] * 2
    assert draft.activities[1].how == "Ett brev till alla över sjuttio år."


def test_facts_under_the_plans_own_heading_are_no_activity(tmp_path: Path) -> None:
    draft = read_plan(
        word(
            tmp_path / "plan.docx",
            "# Trygg hemgång 2026",
            "Ansvarig: Frida Lund",
            "Tidpunkt: 2026",
            drawn("Aktivitet | Ansvarig | Klart\nOrdna lokal | Bob Ask | 2026-05-20"),
        )
    )
    assert whats(draft) == ["Ordna lokal"]


# --- tables within tables -------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Mål", "Fokusområde", ""])
def test_the_row_around_a_table_names_what_it_is_for(label: str) -> None:
    made = docx.Document()
    outer = made.add_table(3, 2)
    outer.cell(0, 0).text, outer.cell(0, 1).text = label, "Insatser"
    for at, (goal, what) in enumerate((("Trygg", "Ordna lokal"), ("Frisk", "Skicka brevet")), 1):
        outer.cell(at, 0).text = goal
        inner = outer.cell(at, 1).add_table(2, 3)
        for column, words in enumerate(("Vad", "Vem", "När")):
            inner.cell(0, column).text = words
        for column, words in enumerate((what, "Bob Ask", "2026-05-20")):
            inner.cell(1, column).text = words
    told = io.BytesIO()
    made.save(told)
    draft = plan_in("plan.docx", told.getvalue())
    assert [(one.what, one.goal) for one in draft.activities] == [
        ("Ordna lokal", "Trygg"),
        ("Skicka brevet", "Frisk"),
    ]


# --- beside the plan ------------------------------------------------------------------------------


def test_what_stands_beside_a_plan_is_told_and_is_no_part_of_it(tmp_path: Path) -> None:
    draft = read_plan(
        sheet(
            tmp_path / "plan.xlsx",
            [
                ["Aktivitet", "Ansvarig", "Klart", None, "Version", "Ändrat"],
                ["Ordna lokal", "Bob Ask", "2026-05-20", None, "1.0", "Första"],
                ["Skicka brevet", "Frida Lund", "2026-10-09", None, "1.1", "Rättat"],
            ],
        )
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brevet"]
    assert [one.words for one in draft.skipped] == ["Version | Ändrat"]


def test_an_empty_column_within_a_plan_parts_nothing(tmp_path: Path) -> None:
    rows: Rows = [
        ["Aktivitet", "Ansvarig", "Klart", None, "Status"],
        ["Ordna lokal", "Bob Ask", "2026-05-20", None, "Pågår"],
        ["Skicka brevet", "Frida Lund", "2026-10-09", None, "Ej påbörjad"],
    ]
    assert states(read_plan(sheet(tmp_path / "plan.xlsx", rows))) == ["pågående", "beslutad"]


def test_hidden_columns_are_read_and_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Plan"
    page.append(["Aktivitet", "Ansvarig", "Klart"])
    page.append(["Ordna lokal", "Bob Ask", "2026-05-20"])
    page.column_dimensions.group("B", "C", hidden=True)
    book.save(tmp_path / "plan.xlsx")
    draft = read_plan(tmp_path / "plan.xlsx")
    assert draft.activities[0].responsible == ("Bob Ask",)
    assert any("dolda kolumner" in told and ": B, C." in told for told in draft.doubts)


# --- legends --------------------------------------------------------------------------------------

LETTERS = """Aktivitet | Ansvarig | Klart | Läge
    Ordna lokal | Bob Ask | 2026-05-20 | P
    Skicka brevet | Frida Lund | 2026-10-09 | E"""


@pytest.mark.parametrize(
    "legend",
    [
        "P = pågår, E = ej påbörjad",
        "Status: P: pågår; E: ej påbörjad; K: klar",
        "P – pågår\nE – ej påbörjad",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_letters_are_told_by_their_legend_over_and_under_the_rows(
    legend: str, above: bool, tmp_path: Path
) -> None:
    blocks: list[str | Rows] = [legend, drawn(LETTERS)]
    if not above:
        blocks.reverse()
    draft = read_plan(word(tmp_path / "plan.docx", "# Plan 2026", *blocks))
    assert states(draft) == ["pågående", "beslutad"]
    assert whats(draft) == ["Ordna lokal", "Skicka brevet"]


def test_letters_are_told_by_a_sheet_of_their_own(tmp_path: Path) -> None:
    draft = read_plan(
        excel(
            tmp_path / "plan.xlsx",
            {
                "Plan": drawn(LETTERS),
                "Koder": [["Kod", "Betyder"], ["P", "Pågår"], ["E", "Ej påbörjad"]],
            },
        )
    )
    assert states(draft) == ["pågående", "beslutad"]


def test_a_short_sign_that_means_no_state_is_no_legend(tmp_path: Path) -> None:
    draft = read_plan(
        word(tmp_path / "plan.docx", "# Plan 2026", "P = primärvård, E = elevhälsa", drawn(LETTERS))
    )
    assert all("status" in {q.kind.value for q in one.questions} for one in draft.activities)


# --- columns of state -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ("Status mars | Status juni | Status sept", "Ej påbörjad | Pågår | "),
        ("Läge T1 2026 | Läge T2 2026 | Läge T3 2026", "Ej påbörjad | Pågår | "),
        ("Läge kv 3 | Läge kv 2 | Läge kv 1", "Pågår | Ej påbörjad | Ej påbörjad"),
    ],
)
def test_of_several_columns_of_state_the_newest_that_is_filled_counts(
    heads: str, said: str
) -> None:
    draft = csv(
        f"Aktivitet | Ansvarig | Klart | {heads}\nOrdna lokal | Bob Ask | 2026-05-20 | {said}"
    )
    assert (states(draft), draft.activities[0].status_words) == (["pågående"], "Pågår")


def test_two_columns_of_state_without_a_time_are_asked_about() -> None:
    draft = csv(
        "Aktivitet | Ansvarig | Klart | Status kommun | Status region\n"
        "Ordna lokal | Bob Ask | 2026-05-20 | Klar | Pågår"
    )
    assert "status" in {question.kind.value for question in draft.activities[0].questions}


@pytest.mark.parametrize("word_of_state", ["Tillstånd", "Ampel"])
def test_words_of_state_say_it_rather_than_a_figure_beside_them(word_of_state: str) -> None:
    draft = csv(
        f"Aktivitet | Ansvarig | Klart | % färdigt | {word_of_state}\n"
        "Ordna lokal | Bob Ask | 2026-05-20 | 35 | Pausad\n"
        "Boka buss | Bob Ask | 2026-05-20 | 0 | Ej startad"
    )
    assert states(draft) == ["pausad", "beslutad"]


def test_a_bare_figure_under_a_heading_of_shares_is_one() -> None:
    draft = csv(
        "Aktivitet | Ansvarig | Klart | % färdigt\nOrdna lokal | Bob Ask | 2026-05-20 | 35\n"
        "Boka buss | Bob Ask | 2026-05-20 | 0"
    )
    assert states(draft) == ["pågående", "föreslagen"]


# --- around the plan ------------------------------------------------------------------------------


def test_a_sheet_that_tells_how_to_fill_in_is_left_out_and_gives_no_title(tmp_path: Path) -> None:
    draft = read_plan(
        excel(
            tmp_path / "plan.xlsx",
            {
                "Instruktion": [["Så här fyller du i planen"], ["1. Ange ett slutdatum."]],
                "Handlingsplan 2026": drawn(f"{HEADS}\n{ROW}"),
            },
        )
    )
    assert whats(draft) == ["Ordna lokal"]
    assert draft.title != "Så här fyller du i planen"
    assert [one.where for one in draft.skipped] == ["blad Instruktion, rad 1"]
    assert draft.rows.seen == 4


def test_the_head_of_a_letter_gives_its_subject_as_title_and_no_goal() -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split(' | '))}</tr>"
        for row in (HEADS, ROW)
    )
    head = "Från: Alice Ek<br>Skickat: den 3 mars 2026<br>Till: Bob Ask<br>Ämne: Inför sommaren"
    draft = plan_in("brev.html", f"<p>{head}</p><table>{rows}</table>".encode())
    assert (draft.title, draft.activities[0].goal) == ("Inför sommaren", "")


def test_the_first_line_of_notes_is_their_title_when_it_is_in_capitals() -> None:
    words = "MÖTE I LOKALA GRUPPEN\n\n- Ordna lokal. Ansvarig: Bob Ask. Klart: 2026-05-20\n"
    draft = plan_in("anteckningar.txt", words.encode())
    assert (draft.title, draft.activities[0].goal) == ("MÖTE I LOKALA GRUPPEN", "")


# --- other columns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last"),
    [("Period fr.o.m.", "Period t.o.m."), ("Planerad fr.o.m", "Planerad t.o.m"), ("Från", "Till")],
)
def test_the_two_ends_of_a_period(first: str, last: str) -> None:
    draft = csv(
        f"Aktivitet | Ansvarig | {first} | {last}\nOrdna lokal | Bob | 2026-01-01 | 2026-05-20"
    )
    (one,) = draft.activities
    assert [str(one.start.first), str(one.deadline.last)] == ["2026-01-01", "2026-05-20"]


@pytest.mark.parametrize("parent", ["Överordnad uppgift", "Parent task", "Uppgift"])
def test_a_name_is_what_is_done_where_the_column_of_the_parent_is_empty(parent: str) -> None:
    draft = csv(f"Namn | Ansvarig | Klart | {parent}\nOrdna lokal | Bob Ask | 2026-05-20 | ")
    assert whats(draft) == ["Ordna lokal"]


@pytest.mark.parametrize("second", ["miljöinspektör", "bovärd", "anhörigstödjare", "drifttekniker"])
def test_two_titles_joined_by_and_are_two(second: str) -> None:
    draft = csv(f"Aktivitet | Ansvarig | Klart\nOrdna | Säkerhetsstrateg och {second} | 2026-05-20")
    assert draft.activities[0].responsible == ("Säkerhetsstrateg", second)


# --- a row that a page cut ------------------------------------------------------------------------


def test_a_row_over_the_headings_that_a_page_repeats_goes_on_with_the_plan() -> None:
    heads = ["Aktivitet", "Hur", "Ansvarig", "Klart"]

    def table(number: int, page: int, *rows: list[str]) -> Table:
        cells = [
            [Cell(words, at, column, page=page) for column, words in enumerate(row, 1)]
            for at, row in enumerate(rows, 1)
        ]
        return Table(number, cells)

    document = Document(
        "plan.pdf",
        "",
        [
            table(1, 1, heads, ["Ordna lokal", "Ring först.", "Bob Ask", "2026-05-20"]),
            table(2, 2, ["Skicka brevet", "Skriv det", "Frida Lund", "2026-10-09"], heads,
                  ["", "på lätt svenska.", "", ""], ["Boka buss", "", "Bob Ask", "2026-11-01"]),
        ],
    )  # fmt: skip
    draft = understood(document)
    assert whats(draft) == ["Ordna lokal", "Skicka brevet", "Boka buss"]
    assert draft.activities[1].how.split() == ["Skriv", "det", "på", "lätt", "svenska."]
    assert draft.rows.seen == 6


# --- text boxes, and what an open file has within -------------------------------------------------

_OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    )
)


def open_file(kind: str, body: str) -> PlanDraft:
    told = io.BytesIO()
    mark = "text" if kind == "odt" else "spreadsheet"
    with zipfile.ZipFile(told, "w") as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{mark}")
        package.writestr(
            "content.xml",
            f"<office:document-content {_OPEN}><office:body><office:{mark}>{body}</office:{mark}>"
            "</office:body></office:document-content>",
        )
    return plan_in(f"plan.{kind}", told.getvalue())


def open_table(*rows: str, name: str = "Plan") -> str:
    """A table; ! before a row hides it, and <…> is what a cell holds as it is written."""
    lines = ""
    for row in rows:
        mark = ' table:visibility="filter"' if row.startswith("!") else ""
        cells = [cell.strip() for cell in row.lstrip("!").split("|")]
        held = [cell if cell.startswith("<") else f"<text:p>{cell}</text:p>" for cell in cells]
        told = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in held)
        lines += f"<table:table-row{mark}>{told}</table:table-row>"
    return f'<table:table table:name="{name}">{lines}</table:table>'


BOX = (
    "<text:p>Plan 2026<draw:frame><draw:text-box><text:p>Kontakt: kansliet</text:p>"
    "</draw:text-box></draw:frame></text:p>"
)


def test_a_text_box_in_an_open_document_is_told_and_joins_no_other_words() -> None:
    draft = open_file("odt", BOX + open_table(HEADS, ROW))
    assert (draft.title, whats(draft)) == ("Plan 2026", ["Ordna lokal"])
    assert [one.words for one in draft.skipped] == ["Kontakt: kansliet"]


def test_a_plan_in_a_text_box_of_an_open_document_without_a_table_is_read() -> None:
    labels = "Aktivitet: Ordna lokal", "Ansvarig: Bob Ask", "Klart: 2026-05-20"
    lines = "".join(f"<text:p>{line}</text:p>" for line in labels)
    box = f"<text:p><draw:frame><draw:text-box>{lines}</draw:text-box></draw:frame></text:p>"
    assert whats(open_file("odt", box)) == ["Ordna lokal"]


def test_a_table_in_the_cell_of_an_open_document_is_read_under_its_rows_name() -> None:
    outer = open_table("Mål | Insatser", f"Trygg | {open_table(HEADS, ROW).replace(' | ', '¦')}")
    draft = open_file("odt", outer.replace("¦", " | "))
    assert [(one.what, one.goal) for one in draft.activities] == [("Ordna lokal", "Trygg")]


def test_hidden_rows_of_an_open_sheet_are_read_and_told() -> None:
    draft = open_file("ods", open_table(HEADS, ROW, "!Boka buss | Bob Ask | 2026-05-20"))
    assert whats(draft) == ["Ordna lokal", "Boka buss"]
    assert any("dolda rader" in told and "rad 3" in told for told in draft.doubts)


def test_hidden_columns_of_an_open_sheet_are_read_and_told() -> None:
    columns = (
        "<table:table-column/><table:table-column-group>"
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '</table:table-column-group><table:table-column table:visibility="collapse"'
        ' table:number-columns-repeated="16000"/>'
    )
    sheet = open_table(HEADS, ROW).replace('"Plan">', f'"Plan">{columns}')
    draft = open_file("ods", sheet)
    assert whats(draft) == ["Ordna lokal"]
    (told,) = (doubt for doubt in draft.doubts if "dolda kolumner" in doubt)
    assert "som de andra: B, C. Ta bort" in told  # what is empty is not told


def test_a_text_box_on_a_sheet_is_told(tmp_path: Path) -> None:
    path = excel(tmp_path / "plan.xlsx", {"Plan": drawn(f"{HEADS}\n{ROW}")})
    spaces = (
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(
            "xl/drawings/drawing1.xml",
            f"<xdr:wsDr {spaces}><xdr:sp><xdr:txBody><a:p><a:r><a:t>Ring kansliet</a:t></a:r></a:p>"
            "</xdr:txBody></xdr:sp></xdr:wsDr>",
        )
    assert [one.words for one in read_plan(path).skipped] == ["Ring kansliet"]
