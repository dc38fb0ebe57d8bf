"""Exports as they come: any coding, any order, sums and titles, and what is no case is told."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from intake.deviation import values
from intake.deviation.headings import headings
from intake.deviation.reading import look_at, read_export
from intake.deviation.shapes import Column, Export, Source, Why
from intake.documents import Refusal
from models.deviation import FoundBy
from tests.conftest import SHARED
from tests.deviation_files import HEADS, THREE, csv_file, excel, row, text

CASES = SHARED / "cases"
THREE_BY_QUARTER = {"2025Q1": {"Barn och unga": 1, "Äldre": 1}, "2025Q2": {"Äldre": 1}}


def read(data: bytes, name: str = "export.csv", source: Source | None = None) -> Export:
    """A file as the command reads it."""
    return read_export(name, data, source or Source(), b"a key")


def refused(export: Export) -> list[tuple[int, Why]]:
    """Which rows were refused, and why."""
    return [(each.row, each.why) for each in export.refused]


def test_the_sample_is_counted_as_by_hand() -> None:
    path = CASES / "avvikelser_2025.csv"
    if not path.is_file():
        pytest.skip("the sample lies beside the repository")
    told = json.loads((CASES / "avvikelser_2025.expected.json").read_text("utf-8"))
    export = read(path.read_bytes(), path.name)
    assert (export.rows, len(export.cases)) == (told["rows_in_file"], told["unique_cases"])
    assert (export.refused, export.personnummer_rows, export.hidden) == ([], [], 0)
    for column, name in {
        Column.GROUP: "by_quarter_group",
        Column.PROCESS: "by_quarter_process",
        Column.AREA: "by_quarter_area",
        Column.SEVERITY: "by_quarter_severity",
    }.items():
        expected = {quarter.replace("-", ""): counts for quarter, counts in told[name].items()}
        assert export.by_quarter(column) == expected
    whole = list(export.cases.values())
    found = {by: sum(1 for k in whole if k.found_by is by) for by in FoundBy}
    investigated = told["by_quarter_investigated_by"].values()
    assert found[FoundBy.REGION] == sum(each["Kommun"] for each in investigated)
    assert found[FoundBy.MUNICIPALITY] == sum(each["Region"] for each in investigated)
    assert sum(1 for k in whole if k.voided) == told["by_status"]["Makulerad"]


@pytest.mark.parametrize("sign", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_any_coding_and_sign(coding: str, sign: str) -> None:
    export = read(csv_file(THREE, sign, coding))
    assert export.by_quarter(Column.GROUP) == THREE_BY_QUARTER
    assert export.cases["A-1"].handling == 1250


def test_a_line_that_tells_the_sign() -> None:
    export = read(("sep=,\r\n" + text(THREE, ",")).encode())
    assert export.by_quarter(Column.GROUP) == THREE_BY_QUARTER


def test_a_sign_and_a_line_break_within_a_cell() -> None:
    rows = [
        row("A-1", "2025-01-15", text='Ringde;\r\nfick svar: "i morgon"; mer'),
        row("A-2", ""),
    ]
    export = read(csv_file(rows))
    assert len(export.cases) == 1
    assert refused(export) == [(3, Why.NO_DATE)]  # as Excel counts, not lines of text


def test_blank_lines_are_counted_but_are_no_rows() -> None:
    lines = text(THREE).split("\r\n")
    export = read("\r\n".join([lines[0], "", lines[1], ";;;;;;;;;", *lines[2:]]).encode())
    assert (export.rows, len(export.cases)) == (3, 3)
    assert [case.row for case in export.cases.values()] == [3, 5, 6]


def test_another_order_and_other_headings() -> None:
    heads = ["Status", "Typ", "Datum", "Grupp", "Ärende-ID", "Område", "Mottagande enhet", "Åtgärd"]
    rows = [
        ["Stängd", "Fall", "1/3-25", "Äldre", "77", "SIP", "Vårdcentralen Alm", "Vi har pratat"],
        ["Ny", "Fall", "2/10 2025", "Äldre", "78", "SIP", "Hemtjänst Alm", "Ingen"],
    ]
    export = read(csv_file(rows, ",", "cp1252", heads))
    assert export.by_quarter(Column.PROCESS) == {"2025Q1": {"SIP": 1}, "2025Q4": {"SIP": 1}}
    first, second = export.cases.values()
    assert (first.classified, first.waits, second.waits) == ("Fall", False, True)
    assert (first.found_by, second.found_by) == (FoundBy.MUNICIPALITY, FoundBy.REGION)


def test_titles_above_and_sums_below_in_a_workbook() -> None:
    rows: list[list[Any]] = [
        ["Avvikelser i samverkan, uttag 2025-05-02"],
        [],
        ["Urval: alla"],
        list(HEADS),
        *THREE,
        ["Totalt", "", "", "", "", "", "", "", "", 12.5],
        ["", "", "", "", "", "", "", "", "", 3],
    ]
    summary: list[list[Any]] = [["Kvartal", "Antal"], ["2025 kv 1", 2], ["Summa", 3]]
    export = read(excel({"Sammanställning": summary, "Data": rows}), "export.xlsx")
    assert (export.rows, export.totals, len(export.cases)) == (3, 2, 3)
    assert export.by_quarter(Column.GROUP) == THREE_BY_QUARTER
    assert export.refused == []


def test_a_sum_that_stands_under_the_numbers_is_no_case() -> None:
    """The word stands in the first column, which is not the number's."""
    heads = ["Registrerad", "Ärende", "Målgrupp", "Delprocess"]
    rows: list[list[Any]] = [
        ["1/2 2025", 20250001, "Äldre", "SIP"],
        ["2025-03-31", 20250002, "Barn", "SIP"],
        ["Summa", 2, "", ""],
        ["", "Totalt antal", 2, ""],
    ]
    export = read(excel({"Ärenden": [["Uttag"], [], heads, *rows]}), "export.xlsx")
    assert export.by_quarter(Column.GROUP) == {"2025Q1": {"Barn": 1, "Äldre": 1}}
    assert (export.rows, export.totals, export.refused) == (2, 2, [])


def test_the_heading_row_may_be_the_twentieth() -> None:
    rows: list[list[Any]] = [[f"rad {n}"] for n in range(1, 20)] + [list(HEADS), *THREE]
    export = read(excel({"Blad1": rows}), "export.xlsx")
    assert [case.row for case in export.cases.values()] == [21, 22, 23]


def test_real_dates_among_words_and_numbers() -> None:
    rows = [
        row("1", datetime(2025, 1, 15, 14, 22)),  # noqa: DTZ001 - a cell has no zone
        row("2", date(2025, 1, 16)),
        row("3", "2025-01-17 14:22"),
        row("4", 45675),  # 18 January 2025, as a number
        row("5", "1/2-25"),
        row("6", "i går"),
        row("7", None),
    ]
    export = read(excel({"Data": [list(HEADS), *rows]}), "export.xlsx")
    days = [str(case.registered_on) for case in export.cases.values()]
    assert days == ["2025-01-15", "2025-01-16", "2025-01-17", "2025-01-18", "2025-02-01"]
    assert refused(export) == [(7, Why.ODD_DATE), (8, Why.NO_DATE)]


def test_a_sheet_for_each_month() -> None:
    sheets = {name: [list(HEADS), each] for name, each in zip("abc", THREE, strict=True)}
    export = read(excel(sheets), "export.xlsx")
    assert export.by_quarter(Column.GROUP) == THREE_BY_QUARTER


def test_case_numbers_that_excel_has_made_numbers() -> None:
    rows = [row("", "2025-01-15"), row("", "2025-01-16")]
    rows[0][0], rows[1][0] = 4101, 4102.0
    export = read(excel({"Data": [list(HEADS), *rows]}), "export.xlsx")
    assert list(export.cases) == ["4101", "4102"]


def test_a_heading_that_comes_again_on_each_page() -> None:
    export = read(csv_file([THREE[0], list(HEADS), *THREE[1:]]))
    assert (export.rows, len(export.cases), export.refused) == (3, 3, [])


def test_of_several_rows_the_one_changed_last_counts() -> None:
    heads = [*HEADS, "Senast ändrad"]
    rows = [
        [*row("A-1", "2025-01-15", "Äldre"), "2025-03-02 08:00"],
        [*row("A-1", "2025-01-15", "Barn och unga"), "2025-03-01"],
        [*row("A-2", "2025-01-15", "Äldre"), ""],
        [*row("A-2", "2025-01-15", "Barn och unga"), ""],
        [*row("a-1 ", "2025-01-15", "Äldre"), "2025-01-01"],
    ]
    export = read(csv_file(rows, heads=heads))
    assert (export.rows, len(export.cases)) == (5, 2)
    assert [case.target_group for case in export.cases.values()] == ["Äldre", "Barn och unga"]


def test_what_is_no_case_is_told_and_not_guessed() -> None:
    rows = [
        row("", "2025-01-15"),
        row("A-1", ""),
        row("A-2", "3/25/2025"),
        row("A-3", "1/3"),
        row("A-4", "2025-02-30"),
        row("den som ringde var arg", "2025-01-15"),
        row("A-5", "2025-01-15"),
    ]
    export = read(csv_file(rows))
    assert list(export.cases) == ["A-5"]
    assert refused(export) == [
        (2, Why.NO_NUMBER),
        (3, Why.NO_DATE),
        (4, Why.ODD_DATE),
        (5, Why.ODD_DATE),
        (6, Why.ODD_DATE),
        (7, Why.ODD_NUMBER),
    ]


def test_rows_that_run_together_are_told() -> None:
    lines = text(THREE).split("\r\n")
    lines[2] = 'A-2;2025-02-01;"Hemtjänst;x;Äldre;SIP;en text;Ny;;'
    lines[3] = lines[3].replace("Det som", '"Det som')
    export = read("\r\n".join(lines).encode())
    assert list(export.cases) == ["A-1"]
    assert refused(export) == [(3, Why.RUN_TOGETHER)]


@pytest.mark.parametrize("gone", ["Registreringsdatum", "Ärendenummer"])
def test_a_file_without_dates_or_numbers_is_refused_whole(gone: str) -> None:
    heads = ["Annat" if head == gone else head for head in HEADS]
    with pytest.raises(Refusal, match="Nothing was saved"):
        read(csv_file(THREE, heads=heads))


def test_without_a_registration_date_the_day_it_happened_counts() -> None:
    heads = [head.replace("Registreringsdatum", "Händelsedatum") for head in HEADS]
    assert read(csv_file(THREE, heads=heads)).by_quarter(Column.GROUP) == THREE_BY_QUARTER


def test_a_saved_mapping_goes_before_the_words() -> None:
    heads = ["Löpnr", "Klar", "K1", "K2", *HEADS[4:]]
    with pytest.raises(Refusal):
        read(csv_file(THREE, heads=heads))
    own = Source("Alm", {"klar": Column.REGISTERED, "malgrupp": Column.PROCESS, "process": None})
    export = read(csv_file(THREE, heads=heads), source=own)
    assert export.by_quarter(Column.PROCESS)["2025Q1"] == {"Barn och unga": 1, "Äldre": 1}
    assert export.by_quarter(Column.GROUP)["2025Q1"] == {"Ej angiven": 2}


def test_one_group_in_two_spellings_is_one() -> None:
    rows = [row("1", "2025-01-15"), row("2", "2025-01-15"), row("3", "2025-01-15", "äldre ")]
    assert read(csv_file(rows)).by_quarter(Column.GROUP) == {"2025Q1": {"Äldre": 3}}


def test_the_headings_alone_are_shown_for_a_mapping() -> None:
    shown = look_at("export.csv", csv_file(THREE), Source())
    assert {heading.text for heading in shown} == set(HEADS)
    assert {heading.text for heading in shown if heading.column is None} == {"Händelsebeskrivning"}


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("Registreringstidpunkt", Column.REGISTERED),
        ("Rapporteringsdag", Column.REGISTERED),
        ("Datum för anmälan", Column.REGISTERED),
        ("Händelsens datum", Column.HAPPENED),
        ("Svarsdag", Column.ANSWERED),
        ("Återkoppling skickad", Column.ANSWERED),
        ("Avslutningsdag", Column.CLOSED),
        ("Avvikelse från", Column.REPORTING_UNIT),
        ("Avvikelse till", Column.INVESTIGATING_UNIT),
        ("Målgruppstillhörighet", Column.GROUP),
        ("Processtillhörighet", Column.PROCESS),
        ("Avvikelseklass", Column.CLASS),
        ("Skadegrad", Column.SEVERITY),
        ("Läge", Column.STATUS),
        ("Handläggningsstatus", Column.STATUS),
        ("Tid till svar (dagar)", Column.HANDLING),
        ("Registrerad av", None),
        ("Avslutad av", None),
    ],
)
def test_other_names_for_the_same_columns(head: str, column: Column | None) -> None:
    assert headings([head], Source())[0].column is column


def test_a_heading_with_two_known_words_takes_the_column_that_is_free() -> None:
    heads = ["Ärendenummer", "Registrerad", "Ärende status"]
    assert [h.column for h in headings(heads, Source())][2] is Column.STATUS
    export = read(csv_file([["A-1", "2025-03-01", "Makulerad"]], heads=heads))
    assert export.cases["A-1"].voided


@pytest.mark.parametrize(
    "head",
    [
        *("Händelsebeskrivning", "Beskrivning av processen", "Åtgärd", "Kommentar", "Orsak"),
        *("Rapportör", "Handläggare", "Patientens namn", "Personnummer", "Konsekvens"),
        *("Förslag på åtgärd mot typ", "Vad hände?", "Fritext status", ""),
    ],
)
def test_a_heading_of_free_text_or_persons_is_never_a_code(head: str) -> None:
    assert headings([head], Source())[0].column is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025-03-01", "2025-03-01"),
        ("2025-03-01 14:22", "2025-03-01"),
        ("2025-03-01T14:22:05", "2025-03-01"),
        ("2025-03-01T14:22:05.123Z", "2025-03-01"),
        ("2025/3/1", "2025-03-01"),
        ("2025.03.01", "2025-03-01"),
        ("20250301", "2025-03-01"),
        ("250301", "2025-03-01"),
        ("25-03-01", "2025-03-01"),
        ("1/3-25", "2025-03-01"),
        ("1/3 2025", "2025-03-01"),
        ("01/03/2025", "2025-03-01"),
        ("1.3.2025 kl 14.22", "2025-03-01"),
        ("1 mars 2025", "2025-03-01"),
        ("1 mars 2025 14:22", "2025-03-01"),
        ("45717", "2025-03-01"),
        ("45717.5", None),
        ("03/25/2025", None),
        ("31/4-25", None),
        ("mars 2025", None),
        ("1 mars", None),
        ("0025-03-01", None),
        ("senast 1 mars 2025 eller så", None),
        ("", None),
    ],
)
def test_a_day_is_certain_or_none(words: str, day: str | None) -> None:
    found = values.moment(words)
    assert (str(found.date()) if found else None) == day


@pytest.mark.parametrize(
    ("words", "days"),
    [("25,5", 2550), ("25.5 dagar", 2550), ("1 234", 123400), ("0", 0), ("-3", None), ("x", None)],
)
def test_handling_times_are_exact(words: str, days: int | None) -> None:
    assert values.hundredths(words) == days
