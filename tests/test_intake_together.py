"""Tables that are one, sheets that hold a plan twice, crosses for who, bullets that are told."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest

from intake.drafts import ActivityDraft, PlanDraft
from intake.plans import read_plan

WHAT = ["Nr", "Aktivitet", "Mål"]
WHO = ["Nr", "Ansvarig", "Klart senast"]


def word(tmp_path: Path, *blocks: Sequence[Sequence[str]] | str) -> PlanDraft:
    document = docx.Document()
    document.add_heading("Handlingsplan NOSAM Alm 2026", 0)
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block, style="List Bullet")
            continue
        document.add_paragraph("")
        table = document.add_table(0, len(block[0]))
        for row in block:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    path = tmp_path / "plan.docx"
    document.save(str(path))
    return read_plan(path)


def excel(
    tmp_path: Path, sheets: Mapping[str, Sequence[Sequence[str]]], name: str = "bok.xlsx"
) -> PlanDraft:
    """What is read of a book with these sheets."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for called, rows in sheets.items():
        sheet = book.create_sheet(called)
        for row in rows:
            sheet.append(list(row))
    path = tmp_path / name
    book.save(path)
    return read_plan(path)


def seen(draft: PlanDraft) -> list[tuple[str, tuple[str, ...], str]]:
    return [_seen(one) for one in draft.activities]


def _seen(one: ActivityDraft) -> tuple[str, tuple[str, ...], str]:
    return one.what, one.responsible, str(one.deadline.last)


def asked(draft: PlanDraft) -> str:
    return " ".join(doubt.sentence for doubt in draft.questions)


# --- halves ---------------------------------------------------------------------------------------


def test_a_table_in_two_halves_is_joined_by_its_numbers_and_asked_about(tmp_path: Path) -> None:
    first = [WHAT, ["1", "Starta nätverk", "Trygghet"], ["2", "Skriv rutin", "Säkerhet"]]
    second = [WHO, ["2", "Enhetschef", "2026-09-30"], ["1", "Samordnare", "2026-05-31"]]
    draft = word(tmp_path, first, second)
    assert seen(draft) == [
        ("Starta nätverk", ("Samordnare",), "2026-05-31"),
        ("Skriv rutin", ("Enhetschef",), "2026-09-30"),
    ]
    assert "Tabell 1 och 2 är lästa som två halvor" in asked(draft)
    assert draft.rows.seen == 6


def test_a_half_that_names_its_rows_is_no_second_activity(tmp_path: Path) -> None:
    first = [["Aktivitet", "Mål"], ["Anhörigkafé", "Stöd"], ["Nattutbildning", "Kompetens"]]
    second = [
        ["Aktivitet", "Ansvarig", "Klart"],
        ["Anhörigkafé", "Konsulent", "2026-04-01"],
        ["Nattutbildning", "Rektor", "2026-11-01"],
    ]
    draft = word(tmp_path, first, second)
    assert [what for what, _, _ in seen(draft)] == ["Anhörigkafé", "Nattutbildning"]
    assert draft.activities[1].responsible == ("Rektor",)


def test_a_sheet_that_was_printed_in_width_is_joined_row_by_row(tmp_path: Path) -> None:
    first = [["Mål", "Aktivitet"], ["Rörelse", "Träningsgrupp"], ["Kost", "Dietistrond"]]
    second = [
        ["Ansvarig", "Startar", "Färdigt"],
        ["Arbetsterapeut", "2026-01-15", "2026-06-30"],
        ["Dietist", "2026-03-01", "2026-09-01"],
    ]
    draft = word(tmp_path, first, second)
    assert seen(draft) == [
        ("Träningsgrupp", ("Arbetsterapeut",), "2026-06-30"),
        ("Dietistrond", ("Dietist",), "2026-09-01"),
    ]
    assert "Stämmer det?" in asked(draft)


def test_a_second_plan_with_numbers_of_its_own_is_no_half(tmp_path: Path) -> None:
    heads = ["Nr", "Aktivitet", "Ansvarig"]
    draft = word(
        tmp_path,
        [heads, ["1", "Starta nätverk", "Samordnare"], ["2", "Skriv rutin", "Chef"]],
        [heads, ["1", "Bjud in skolan", "Rektor"], ["2", "Ring runt", "Chef"]],
    )
    assert len(draft.activities) == 4
    assert "halvor" not in asked(draft)


# --- sheets ---------------------------------------------------------------------------------------

HEADS = ["Insats", "Ansvarig", "Klart senast"]
NOW = [HEADS, ["Checklista", "Maria Ek", "2026-05-01"], ["Utbildning", "Anna Alm", "2026-10-01"]]
THEN = [HEADS, ["Checklista", "Maria Ek", "2025-05-01"], ["Kartläggning", "Per By", "2025-02-01"]]


@pytest.mark.parametrize("name", ["Plan (old)", "Kopia av Plan", "Plan backup", "Arkiv"])
def test_a_sheet_that_calls_itself_old_is_asked_about_and_not_doubled(
    tmp_path: Path, name: str
) -> None:
    draft = excel(tmp_path, {"Plan": NOW, name: THEN})
    assert [one.what for one in draft.activities] == ["Checklista", "Utbildning"]
    assert name in asked(draft)
    assert draft.rows.left_out == 3
    assert draft.rows.seen == 6


def test_a_copied_sheet_and_last_years_same_rows_are_not_doubled(tmp_path: Path) -> None:
    copied = excel(tmp_path, {"Plan": NOW, "Plan (2)": NOW})
    assert len(copied.activities) == 2
    older = [HEADS, *([what, who, "2025-06-01"] for what, who, _ in NOW[1:])]
    years = excel(tmp_path, {"2025": older, "2026": NOW})
    assert [str(one.deadline.last) for one in years.activities] == ["2026-05-01", "2026-10-01"]


def test_sheets_of_two_years_with_other_rows_and_one_about_old_people_are_all_read(
    tmp_path: Path,
) -> None:
    other = [HEADS, ["Kör kurs", "Per By", "2027-02-01"], ["Ring runt", "Per By", "2027-03-01"]]
    assert len(excel(tmp_path, {"2026": NOW, "2027": other}).activities) == 4
    assert len(excel(tmp_path, {"Barn": NOW, "Äldre": other}).activities) == 4


def test_the_only_sheets_name_is_the_title_where_the_file_tells_nothing(tmp_path: Path) -> None:
    assert excel(tmp_path, {"Handlingsplan 2026": NOW}).title == "Handlingsplan 2026"
    told = excel(tmp_path, {"Handlingsplan 2026": NOW}, "Aktivitetsplan Alm.xlsx")
    assert told.title == "Aktivitetsplan Alm"


# --- headings -------------------------------------------------------------------------------------


def test_start_and_end_under_one_heading_that_is_not_merged_are_both_read(tmp_path: Path) -> None:
    draft = excel(
        tmp_path,
        {
            "Plan 2026": [
                ["Aktivitet", "Ansvarig", "Tidplan", ""],
                ["", "", "Start", "Slut"],
                ["Utbilda i SIP", "Socialchef", "2026-02-01", "2026-11-30"],
            ]
        },
    )
    (one,) = draft.activities
    assert (str(one.start.first), str(one.deadline.last)) == ("2026-02-01", "2026-11-30")


def test_crosses_under_parties_say_who_answers(tmp_path: Path) -> None:
    draft = excel(
        tmp_path,
        {
            "Plan 2026": [
                ["Aktivitet", "Kommunen", "Regionen", "Primärvården", "Prioriterad", "Klart"],
                ["Riktlinje", "x", "X", "", "x", "2026-05-01"],
                ["Spridning", "", "", "x", "", "2026-09-01"],
            ]
        },
    )
    assert [one.responsible for one in draft.activities] == [
        ("Kommunen", "Regionen"),
        ("Primärvården",),
    ]
    assert "Prioriterad" in asked(draft)  # a cross there says nothing of who


def test_crosses_beside_a_column_of_who_say_who_takes_part(tmp_path: Path) -> None:
    draft = excel(
        tmp_path,
        {
            "Plan 2026": [
                ["Aktivitet", "Ansvarig", "Kommunen", "Regionen", "Klart"],
                ["Riktlinje", "Maria Ek", "x", "x", "2026-05-01"],
            ]
        },
    )
    (one,) = draft.activities
    assert one.responsible == ("Maria Ek",)
    assert one.taking_part == ("Kommunen", "Regionen")


def test_a_groups_name_over_repeated_headings_is_no_activity(tmp_path: Path) -> None:
    path = tmp_path / "tavla 2026.csv"
    path.write_text(
        "Hemgång;;;\nName;Person;Status;Date\nSkriv rutin;Maria Ek;Working on it;2026-04-30\n"
        "Digitalt;;;\nName;Person;Status;Date\nVideomöten;Per By;Working on it;2026-05-31\n",
        "utf-8",
    )
    assert [(one.what, one.goal) for one in read_plan(path).activities] == [
        ("Skriv rutin", "Hemgång"),
        ("Videomöten", "Digitalt"),
    ]


# --- bullets --------------------------------------------------------------------------------------


def test_labels_without_a_colon_are_labels(tmp_path: Path) -> None:
    draft = word(
        tmp_path,
        "Upphandla plattform – ansvarig IT-chef, klart 30 april 2026",
        "Utbilda personal, ansvarig utvecklare, klart under hösten 2026",
    )
    assert seen(draft) == [
        ("Upphandla plattform", ("IT-chef",), "2026-04-30"),
        ("Utbilda personal", ("utvecklare",), "2026-12-31"),
    ]


def test_a_bullet_that_is_no_activity_is_told(tmp_path: Path) -> None:
    draft = word(
        tmp_path,
        "Skriv rutin. Ansvarig: MAS. Klart: 2026-04-30",
        "Vi ska också tänka på miljön",
    )
    assert [one.what for one in draft.activities] == ["Skriv rutin"]
    assert [one.words for one in draft.skipped] == ["Vi ska också tänka på miljön"]


def test_a_two_digit_year_after_the_last_of_a_month_is_its_year(tmp_path: Path) -> None:
    draft = excel(tmp_path, {"Plan 2025": [HEADS, ["Avveckla rutin", "MAR", "sista mars -26"]]})
    assert str(draft.activities[0].deadline.last) == "2026-03-31"
