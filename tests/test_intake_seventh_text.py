"""Shapes that a seventh batch of others' files had, in other files of each kind: text and lists.

Columns made with tabs and spaces, boards, lists whose rows say what they are, summaries of
meetings, the letters of old programs. Its cards and forms are in `test_intake_seventh_cards.py`.
"""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from intake.documents import Refusal
from intake.plan.states import state_of
from intake.plans import PlanDraft, plan_in, read_plan
from intake.readers.spaced import spaced_at
from tests.plans_by_hand import Rows, drawn, word

HEADS = "Aktivitet;Ansvarig;Klart;Läge"
ROWS = "Öppna lokal på skolgård;Bob Åsk;2026-05-20;Pågår\nSäg hej då;Frida Lund;2026-10-09;Klar"


def whats(draft: PlanDraft) -> list[str]:
    return [one.what for one in draft.activities]


def states(draft: PlanDraft) -> list[str]:
    return [one.state for one in draft.activities]


def whos(draft: PlanDraft) -> list[tuple[str, ...]]:
    return [one.responsible for one in draft.activities]


def days(draft: PlanDraft) -> list[str]:
    return [str(one.deadline.last) for one in draft.activities]


def text(words: str, name: str = "plan.txt") -> PlanDraft:
    return plan_in(name, words.encode())


def asked(draft: PlanDraft) -> list[str]:
    return [question.sentence for question in draft.questions]


# --- the letters of old programs ------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["mac_roman", "cp850", "cp1252", "utf-8", "utf-16"])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_list_is_read_in_whatever_letters_and_line_ends_it_was_saved(
    coding: str, end: str
) -> None:
    words = f"{HEADS}\n{ROWS}".replace("\n", end)
    draft = plan_in("plan.csv", words.encode(coding))
    assert whats(draft) == ["Öppna lokal på skolgård", "Säg hej då"]
    assert whos(draft)[0] == ("Bob Åsk",)
    assert states(draft)[0] == "pågående"


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_the_line_that_tells_the_sign_may_end_as_it_likes(end: str) -> None:
    words = f"sep=;\n{HEADS}\n{ROWS}".replace("\n", end)
    assert whats(plan_in("plan.csv", words.encode("cp1252")))[1] == "Säg hej då"


@pytest.mark.parametrize("marked", ["”Hej” och „tack”", "Så … och ”så”", "100 € ‰ ˆ Š"])
def test_marks_of_windows_are_not_taken_for_letters_of_another_coding(marked: str) -> None:
    words = f"Aktivitet;Ansvarig;Klart\n{marked} på tre språk;Bob Ask;2026-05-20"
    assert whats(plan_in("plan.csv", words.encode("cp1252"))) == [f"{marked} på tre språk"]


def test_what_is_no_text_is_refused_as_before() -> None:
    with pytest.raises(Refusal, match="not a text file"):
        plan_in("plan.csv", bytes(range(1, 256)) * 4)


# --- columns made with tabs -----------------------------------------------------------------------

TABBED = (
    "Aktivitet\tAnsvarig\tKlart\tStatus",
    "Ordna lokal\tBob Ask\t2026-05-20\tPågår",
    "Skicka brevet till alla\tFrida Lund\t2026-10-09",
)


def by_paragraphs(*lines: str, title: str = "Handlingsplan 2026") -> PlanDraft:
    made = docx.Document()
    made.add_heading(title, 1)
    for line in lines:
        made.add_paragraph(line)
    told = io.BytesIO()
    made.save(told)
    return plan_in("plan.docx", told.getvalue())


@pytest.mark.parametrize("between", ["\t", "\t\t", "        ", " \t "])
def test_paragraphs_parted_by_tabs_are_the_rows_of_a_table(between: str) -> None:
    draft = by_paragraphs(*(line.replace("\t", between) for line in TABBED))
    assert whats(draft) == ["Ordna lokal", "Skicka brevet till alla"]
    assert days(draft) == ["2026-05-20", "2026-10-09"]
    assert states(draft)[0] == "pågående"
    assert draft.title == "Handlingsplan 2026"


def test_several_tabs_bring_short_words_in_under_the_others() -> None:
    draft = by_paragraphs(
        "Aktivitet\t\t\tAnsvarig\tKlart",
        "Ordna lokal\t\t\tBob Ask\t\t2026-05-20",
        "Skicka brevet till alla\tFrida Lund\t2026-10-09",
    )
    assert whos(draft) == [("Bob Ask",), ("Frida Lund",)]
    assert days(draft) == ["2026-05-20", "2026-10-09"]


def test_an_empty_cell_between_two_tabs_stays_empty() -> None:
    draft = by_paragraphs(TABBED[0], TABBED[1], "Boka buss\t\t2026-11-01\tEj påbörjad")
    assert whos(draft) == [("Bob Ask",), ()]
    assert states(draft) == ["pågående", "beslutad"]


def test_lines_broken_by_hand_in_one_paragraph_are_rows_too() -> None:
    assert whats(by_paragraphs("\n".join(TABBED))) == ["Ordna lokal", "Skicka brevet till alla"]


def test_a_line_without_tabs_names_the_rows_under_it() -> None:
    draft = by_paragraphs(
        TABBED[0], "Mål 1: Trygg", TABBED[1], "Mål 2: Frisk", TABBED[2], "Hälsningar från oss"
    )
    assert [one.goal for one in draft.activities] == ["Trygg", "Frisk"]


def test_blank_lines_and_the_rest_of_a_cell_part_no_table_of_tabs() -> None:
    draft = by_paragraphs(
        TABBED[0], "", TABBED[1], "för alla som vill", "", "Mål 2: Frisk", TABBED[2]
    )
    assert whats(draft) == ["Ordna lokal för alla som vill", "Skicka brevet till alla"]
    assert [one.goal for one in draft.activities] == ["", "Frisk"]


def test_a_list_of_contents_and_two_columns_are_no_table() -> None:
    draft = by_paragraphs(
        "Ansvarig:\tBob Ask", "Klart:\t2026", "- Ordna lokal. Ansvarig: Bob Ask. Klart: 2026-05-20"
    )
    assert whats(draft) == ["Ordna lokal"]


_OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text")
)


def test_an_open_document_has_its_tabs_as_marks_and_its_spaces_counted() -> None:
    lines = [
        TABBED[0].replace("\t", "<text:tab/>"),
        TABBED[1].replace("\t", '<text:s text:c="9"/>'),
    ]
    body = "".join(f"<text:p>{line}\n   </text:p>" for line in lines)
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {_OPEN}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        )
    assert whats(plan_in("plan.odt", told.getvalue())) == ["Ordna lokal"]


# --- columns made with spaces ---------------------------------------------------------------------

FIXED = """Handlingsplan 2026

Aktivitet                  Ansvarig        Klart       Status
Ordna lokal                Bob Ask         2026-05-20  Pågår
Skicka brevet till alla    Frida Lund och  2026-10-09  Ej påbörjad
över sjuttio år            Bob Ask
Boka buss                  Bob Ask         2026-11-01  Klar
"""


def test_white_under_white_parts_the_columns_of_plain_text() -> None:
    draft = text(FIXED)
    assert whats(draft) == ["Ordna lokal", "Skicka brevet till alla över sjuttio år", "Boka buss"]
    assert whos(draft)[1] == ("Frida Lund", "Bob Ask")
    assert days(draft) == ["2026-05-20", "2026-10-09", "2026-11-01"]
    assert draft.title == "Handlingsplan 2026"


def test_a_line_of_dashes_tells_how_wide_the_columns_are() -> None:
    draft = text(
        "Aktivitet              Ansvarig   Klart      Status\n"
        "---------------------- ---------- ---------- ------\n"
        "Skicka brevet till all Frida Lund 2026-10-09 Pågår \n"
        "Ordna lokal            Bob Ask    2026-05-20 Klar  \n"
    )
    assert whats(draft) == ["Skicka brevet till all", "Ordna lokal"]
    assert whos(draft) == [("Frida Lund",), ("Bob Ask",)]


def test_rows_with_blank_lines_between_them_are_each_one() -> None:
    draft = text(
        "Aktivitet                     Ansvarig         Klart\n\n"
        "Ordna lokal                   Bob Ask          2026-05-20\n\n"
        "Skicka brev till alla         Frida Lund och   2026-10-09\n"
        "Över Sjuttio                  Bob Ask\n\n"
        "Det här är en text som står under tabellen och säger mer.\n"
    )
    assert whats(draft) == ["Ordna lokal", "Skicka brev till alla Över Sjuttio"]


def test_a_goal_on_a_line_of_its_own_and_one_that_stands_once() -> None:
    band = text(
        "Aktivitet          Ansvarig     Klart\n"
        "Mål 1: Trygg hemgång\n"
        "Ordna lokal        Bob Ask      2026-05-20\n"
        "Mål 2: Frisk hela livet\n"
        "Skicka brevet      Frida Lund   2026-10-09\n\nHälsningar\nFrida\n"
    )
    column = text(
        "Mål               Aktivitet        Vem          När\n"
        "Trygg hemgång     Ordna lokal      Bob Ask      2026-05-20\n"
        "                  Boka buss        Bob Ask      2026-06-01\n"
        "Frisk hela        Skicka brevet    Frida Lund   2026-10-09\n"
        "livet\n"
    )
    assert [one.goal for one in band.activities] == ["Trygg hemgång", "Frisk hela livet"]
    assert [one.goal for one in column.activities] == [
        "Trygg hemgång",
        "Trygg hemgång",
        "Frisk hela livet",
    ]


DRAWN = """+-------------+------------+------------+
| Aktivitet   | Ansvarig   | Klart      |
+=============+============+============+
| Ordna lokal | Bob Ask    | 2026-05-20 |
+-------------+------------+------------+
| Boka buss   | Frida Lund | 2026-10-09 |
| i tid       |            |            |
+-------------+------------+------------+
"""
PSQL = """  Aktivitet   |  Ansvarig  |   Klart
--------------+------------+------------
 Ordna lokal  | Bob Ask    | 2026-05-20
 Boka buss    | Frida Lund | 2026-10-09
(2 rows)
"""


@pytest.mark.parametrize(("drawing", "last"), [(DRAWN, "Boka buss i tid"), (PSQL, "Boka buss")])
def test_tables_drawn_with_strokes_and_plus_signs(drawing: str, last: str) -> None:
    draft = text(f"Plan 2026\n\n{drawing}")
    assert whats(draft) == ["Ordna lokal", last]
    assert {one.goal for one in draft.activities} == {""}


def test_what_a_web_page_has_as_it_was_typed_is_read_as_text() -> None:
    page = f"<html><body><h1>Plan</h1><pre>\n{FIXED}</pre></body></html>"
    assert whats(text(page, "brev.html"))[0] == "Ordna lokal"


def test_a_greeting_over_a_table_is_no_goal() -> None:
    draft = text(f"Hej,\n\nhär är planen:\n\n{FIXED.split(chr(10), 2)[2]}")
    assert {one.goal for one in draft.activities} == {""}


def test_sentences_with_wide_spaces_are_no_table() -> None:
    lines = ["Hej!  Här är planen.  Läs den.", "Vi ses på  torsdag klockan  tre."]
    assert spaced_at(lines, 0) is None


def test_who_wrote_is_no_row_of_the_plan() -> None:
    draft = text(
        "- Ordna lokal. Ansvarig: Bob Ask. Klart: 2026-05-20\n\n"
        "Frida Lund      Processledare      070-123 45 67\n"
        "Region Alm      Storgatan 1        frida@example.org\n"
    )
    assert whats(draft) == ["Ordna lokal"]


def test_long_and_many_lines_of_text_are_told_apart_at_once() -> None:
    wide = "x  " * 600
    draft = text("\n".join([wide] * 300) + "\n\n" + FIXED)
    assert whats(draft)[-1] == "Boka buss"


def forms(tmp_path: Path, *blocks: str | Rows) -> PlanDraft:
    return read_plan(word(tmp_path / "plan.docx", "# Handlingsplan 2026", *blocks))


# --- boards, and lists whose rows say what they are -----------------------------------------------

CARDS = (("Att göra", "Ordna lokal"), ("Pågår", "Boka buss"), ("Klart", "Skicka brevet"))


@pytest.mark.parametrize("mark", ["## {}", "**{}**", "{}:", "## {} (1)"])
def test_the_headings_of_a_board_say_how_it_goes(mark: str) -> None:
    lines = [
        f"{mark.format(state)}\n\n- {what} (ansvarig: Bob Ask, klart: 2026-05-20)\n"
        for state, what in CARDS
    ]
    draft = text("# Handlingsplan 2026\n\n" + "\n".join(lines), "plan.md")
    assert whats(draft) == [what for _, what in CARDS]
    assert [one.status_words for one in draft.activities] == ["Att göra", "Pågår", "Klart"]
    assert states(draft)[:2] == ["beslutad", "pågående"]
    assert {one.goal for one in draft.activities} == {""}


def test_bands_of_states_within_a_table_and_headings_over_tables_do_so_too(tmp_path: Path) -> None:
    heads, row = "Aktivitet | Ansvarig | Klart", "{} | Bob Ask | 2026-05-20"
    banded = [f"{state} | < | <\n{row.format(what)}" for state, what in CARDS[1:]]
    bands = forms(tmp_path, drawn("\n".join([heads, *banded])))
    blocks: list[str | Rows] = []
    for state, what in CARDS[1:]:
        blocks += [f"# {state}", drawn(f"{heads}\n{row.format(what)}")]
    for draft in (bands, forms(tmp_path, *blocks)):
        assert [one.status_words for one in draft.activities] == ["Pågår", "Klart"]


@pytest.mark.parametrize(
    "names",
    [("Pågående", "Avslutade"), ("Pågående insatser", "Planerade insatser"), ("PÅGÅR", "KLART")],
)
def test_a_board_may_name_its_cards_and_write_in_capitals(names: tuple[str, str]) -> None:
    lines = [f"{name}\n- Ordna {name} – Bob Ask – 2026-05-20\n" for name in names]
    draft = text("Plan 2026\n\n" + "\n".join(lines))
    assert [one.status_words for one in draft.activities] == [name.split()[0] for name in names]
    assert {one.goal for one in draft.activities} == {""}


def test_a_column_of_columns_is_no_goal_and_the_state_where_nothing_else_is() -> None:
    heads, row = "Uppgiftsnamn;Bucket;Tilldelad;Förfallodatum", "Ordna lokal;{};Bob Ask;2026-05-20"
    alone = csv(heads, row.format("Att göra"), row.format("Pågår"))
    beside = csv(
        f"{heads};Förlopp", row.format("Att göra") + ";Pågår", row.format("Klart") + ";Klart"
    )
    areas = csv(heads, row.format("Trygg hemgång"), row.format("Frisk hela livet"))
    assert states(alone) == ["beslutad", "pågående"]
    assert (beside.activities[0].goal, states(beside)[0]) == ("", "pågående")
    assert [one.focus_area for one in areas.activities] == ["Trygg hemgång", "Frisk hela livet"]


def test_one_heading_that_is_a_state_is_no_board() -> None:
    draft = text("# Plan 2026\n\n## Att göra\n\n- Ordna lokal (ansvarig: Bob Ask)\n", "plan.md")
    assert states(draft) == ["föreslagen"]


def test_the_notes_of_a_board_drawn_as_a_table_say_who_and_when(tmp_path: Path) -> None:
    rows = drawn(
        """Att göra | Pågår | Klart
        Ordna lokal (Bob Ask, 2026-05-20) | Boka buss – Frida Lund – 2026-06-01 | Ring alla"""
    )
    draft = forms(tmp_path, rows)
    assert whats(draft) == ["Ordna lokal", "Boka buss", "Ring alla"]
    assert whos(draft) == [("Bob Ask",), ("Frida Lund",), ()]
    assert days(draft)[:2] == ["2026-05-20", "2026-06-01"]


def csv(*lines: str) -> PlanDraft:
    return plan_in("plan.csv", "\n".join(lines).encode())


def test_sections_tasks_and_notes_in_one_list() -> None:
    draft = csv(
        "TYPE,CONTENT,DESCRIPTION,AUTHOR,RESPONSIBLE,DATE",
        "section,I bilen,,,,",
        "task,Ordna lokal,Ring först.,Frida Lund (4711),Bob Ask (4712),2026-05-20",
        "note,Fråga vaktmästaren,,Frida Lund (4711),,",
        "section,På torget,,,,",
        "task,Boka buss,,Frida Lund (4711),Frida Lund (4711),2026-10-09",
    )
    assert [(one.what, one.focus_area) for one in draft.activities] == [
        ("Ordna lokal", "I bilen"),
        ("Boka buss", "På torget"),
    ]
    assert whos(draft) == [("Bob Ask",), ("Frida Lund",)]
    assert draft.activities[0].how == "Ring först.\nFråga vaktmästaren"
    assert any("”note”" in sentence for sentence in asked(draft))
    assert draft.rows.seen == 6


def test_goals_and_activities_told_apart_by_a_column() -> None:
    draft = csv(
        "Typ;Aktivitet;Ansvarig;Klart",
        "Mål;Alla hittar;;",
        "Aktivitet;Ordna lokal;Bob Ask;2026-05-20",
        "Anteckning;Ring först;;",
        "Mål;Alla får svar;Styrgruppen;",
        "Aktivitet;Boka buss;Bob Ask;2026-05-20",
    )
    assert [(one.what, one.goal) for one in draft.activities] == [
        ("Ordna lokal", "Alla hittar"),
        ("Boka buss", "Alla får svar"),
    ]
    assert draft.activities[0].how == "Ring först"
    assert any("inte inläst: Styrgruppen." in sentence for sentence in asked(draft))


def test_notes_have_somewhere_to_go_also_in_a_list_without_descriptions() -> None:
    draft = csv(
        "TYPE,CONTENT,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE",
        "task,Ordna lokal,4,1,Frida (4711),Bob Ask (4712),2026-05-20,sv,Europe/Stockholm",
        "note,Fråga vaktmästaren,,,Frida (4711),,,,",
    )
    (one,) = draft.activities
    assert (one.what, one.how, one.responsible) == (
        "Ordna lokal",
        "Fråga vaktmästaren",
        ("Bob Ask",),
    )


def test_a_column_of_kinds_that_are_all_tasks_changes_nothing() -> None:
    draft = csv(
        "Typ;Aktivitet;Ansvarig;Klart",
        "Aktivitet;Ordna lokal;Bob Ask;2026-05-20",
        "Milstolpe;Boka buss;Bob Ask;2026-05-20",
    )
    assert whats(draft) == ["Ordna lokal", "Boka buss"]


# --- lists of tasks -------------------------------------------------------------------------------


@pytest.mark.parametrize(("ticked", "open_"), [("☑", "☐"), ("☒", "☐"), ("[x]", "[ ]")])
def test_boxes_in_a_column_without_a_heading_say_what_is_done(
    ticked: str, open_: str, tmp_path: Path
) -> None:
    rows = drawn(
        f""" | Uppgift | Tilldelad till | Förfallodatum
        {ticked} | Ordna lokal | @Bob Ask | tis 14 apr. 2026
        {open_} | Boka buss | @Bob Ask @Frida Lund | tis 12 maj 2026"""
    )
    draft = forms(tmp_path, rows)
    asks = [{question.kind.value for question in one.questions} for one in draft.activities]
    assert ["status" in kinds for kinds in asks] == [True, False]
    assert whos(draft) == [("Bob Ask",), ("Bob Ask", "Frida Lund")]


def test_an_address_is_no_mention() -> None:
    draft = csv("Aktivitet;Ansvarig;Klart", "Ordna lokal;bob@example.org;2026-05-20")
    assert whos(draft) == [("bob@example.org",)]


@pytest.mark.parametrize("heading", ["Uppföljningsuppgifter:", "Follow-up tasks:", "Nästa steg"])
def test_the_tasks_of_a_summary_name_who_behind_them_or_before(heading: str) -> None:
    draft = text(
        "Mötesanteckningar:\n• Telefonrond: Alla var eniga om tiden.\n\n"
        f"{heading}\n"
        "• Vågar hemma: Köp in tjugo vågar senast den 15 april 2026. (Bob Ask)\n"
        "• Frida Lund och Bob Ask: Skicka ett utkast senast den 27 mars 2026\n"
        "• Boka mötet senast den 8 maj 2026 (Enhetschef)\n"
    )
    assert [one.what.split(" senast")[0] for one in draft.activities] == [
        "Vågar hemma",
        "Skicka ett utkast",
        "Boka mötet",
    ]
    assert whos(draft) == [("Bob Ask",), ("Frida Lund", "Bob Ask"), ("Enhetschef",)]
    assert days(draft) == ["2026-04-15", "2026-03-27", "2026-05-08"]
    assert [one.words for one in draft.skipped] == ["Telefonrond: Alla var eniga om tiden."]


def test_the_heading_over_a_list_of_tasks_is_no_goal() -> None:
    draft = text("## Nästa steg\n\n- **Bob Ask**: Boka mötet, klart 2026-05-08\n", "plan.md")
    (one,) = draft.activities
    assert (one.what, one.responsible, one.goal) == ("Boka mötet", ("Bob Ask",), "")


def test_a_place_in_brackets_answers_for_nothing() -> None:
    draft = text("Att göra:\n- Boka lokal (Folkets Hus)\n- Ordna fika (ansvarig: Bob Ask)\n")
    assert whos(draft) == [(), ("Bob Ask",)]


# --- words of status ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "proposal"),
    [
        ("Har inte kommit igång", "beslutad"),
        ("Har inte dragit i gång än", "beslutad"),
        ("Drar igång i höst", "beslutad"),
        ("Går i gång efter sommaren", "beslutad"),
        ("☑", "pågående"),
        ("Har kommit igång", "pågående"),
    ],
)
def test_what_has_not_begun_and_what_is_ticked(words: str, proposal: str) -> None:
    assert state_of(words).proposal == proposal
