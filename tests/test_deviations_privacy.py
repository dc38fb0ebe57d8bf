"""No free text and no personnummer anywhere: a sentinel is planted, and everything is searched."""

import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from typer.testing import CliRunner

from cli.main import app
from config.settings import Settings
from intake.deviation.reading import read_export
from intake.deviation.shapes import SOMETHING_ELSE, Source
from models.database import engine_for
from tests.conftest import browse
from tests.deviation_files import HEADS, SENTINEL, THREE, csv_file, excel, row
from web.app import create_app

NUMBER = "19121212-1212"
FREE = ["Åtgärd", "Kommentar", "Orsak till händelsen", "Övrigt"]


def read(rows: list[list[Any]], heads: list[str] | None = None) -> Any:  # noqa: ANN401
    """A file as the command reads it."""
    return read_export("export.csv", csv_file(rows, heads=heads or HEADS), Source(), b"a key")


def planted() -> bytes:
    """Free text in every cell that may hold it, and in coded cells that should not."""
    rows = [[*each, *(f"{SENTINEL} {n}" for n in range(len(FREE)))] for each in THREE]
    story = f"Patienten ringde och berättade att {SENTINEL}. Ingen svarade på hela dagen!"
    extra = [f"se {NUMBER}", "", "", ""]
    rows.append([*row("A-7", "2025-02-02", story, process=story, unit=story), *extra])
    rows.append([*row("A-8", f"{SENTINEL} 2025"), "", "", "", ""])
    rows.append([*row(f"{SENTINEL} 9", "2025-02-02"), "", "", "", ""])
    return csv_file(rows, heads=[*HEADS, *FREE])


def everywhere(settings: Settings) -> bytes:
    """Every byte that the installation keeps: each table, each file in its home."""
    kept = b""
    with engine_for(settings).connect() as connection:
        for table in inspect(connection).get_table_names():
            for line in connection.execute(text(f'SELECT * FROM "{table}"')):
                kept += repr(tuple(line)).encode()
    for path in settings.home.rglob("*"):
        if path.is_file() and path.name != "export.csv":
            kept += path.read_bytes()
    return kept


def test_no_free_text_reaches_the_database_the_logs_or_the_answer(
    told: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = told.home / "export.csv"
    file.write_bytes(planted())
    said = CliRunner().invoke(app, ["import", "deviations", str(file), "--json"]).output
    said += CliRunner().invoke(app, ["import", "deviations", str(file)]).output
    kept = everywhere(told)
    assert b"A-7" in kept
    for words in (SENTINEL, "ladan", "121212", "Patienten"):
        assert words not in said
        assert words not in caplog.text
        assert words.encode() not in kept
        assert words.encode("utf-16-le") not in kept


def test_nor_do_the_pages_show_or_keep_it(lite: Settings, tmp_path: Path) -> None:
    pages = browse(create_app(lite))
    file = ("export.csv", planted(), "text/csv")
    preview = pages.post("/avvikelser/las-in", files={"fil": file})
    assert "A-1" in preview.text
    headless = csv_file([[SENTINEL, "x"]], heads=["Något", "Annat"])
    refused = pages.post("/avvikelser/las-in", files={"fil": ("b.csv", headless, "text/csv")})
    pages.post(preview.url.path, data={"spara": "ja"})
    overview = pages.get("/avvikelser")
    for page in (preview, refused, overview):
        assert SENTINEL not in page.text
        assert "121212" not in page.text
    assert SENTINEL.encode() not in everywhere(lite)
    assert not any("export" in path.name for path in tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "number",
    [NUMBER, "191212121212", "1212121212", "121212+1212", "701063-2391", "19810829M071"],
)
@pytest.mark.parametrize("cell", ["text", "unit", "status", "answered"])
def test_a_personnummer_is_told_by_its_row_wherever_it_stands(number: str, cell: str) -> None:
    export = read([THREE[0], row("A-9", "2025-02-02", **{cell: f"pnr{number}, och mer"})])
    assert export.personnummer_rows == [3]
    assert len(export.cases) == 2
    assert all(number not in str(case.kept()) for case in export.cases.values())


def test_a_personnummer_among_numbers_in_excel() -> None:
    lines: list[list[Any]] = [list(HEADS), row("A-9", "2025-02-02", text=191212121212)]
    data = excel({"Data": lines})
    assert read_export("a.xlsx", data, Source(), b"k").personnummer_rows == [2]


def test_a_row_that_is_no_case_is_searched_too() -> None:
    assert read([row("", "", text=NUMBER)]).personnummer_rows == [2]


def test_look_alikes_are_left_alone() -> None:
    alike = "Ring 0701234564, OCR 1212121212, ärende 2025-04101, 19121212-1213"
    assert read([row("A-1", "2025-01-01", text=alike)]).personnummer_rows == []


def test_a_case_number_that_is_a_personnummer_becomes_a_pseudonym() -> None:
    """Counted, always as the same case, and nobody can go back."""
    first = read([row(NUMBER, "2025-01-01")])
    again = read([row("19121212-1212", "2025-01-01")])
    assert first.personnummer_rows == [2]
    assert list(first.cases) == list(again.cases)
    assert all(key.startswith("DOLT-") for key in first.cases)


def test_a_series_of_case_numbers_that_only_looks_alike_is_left_alone() -> None:
    """One in ten passes the check by chance; a text may speak of it."""
    rows = [row(f"20250310-{n:04d}", "2025-03-10", text="") for n in range(40)]
    passing = [each[0] for each in rows if read([each]).personnummer_rows]
    assert passing
    rows.append(row("20250310-0099", "2025-03-10", text=f"se även {passing[0]}"))
    export = read(rows)
    assert export.personnummer_rows == []
    assert len(export.cases) == 41


@pytest.mark.parametrize(
    "words",
    [
        "Hon ringde till enheten flera gånger",
        "Blev utskriven. Ingen visste det",
        "Se journal, telefon 070-123 45 67 eller 0701234567",
        "anna@example.org",
        "x" * 81,
        "en två tre fyra fem sex sju åtta nio tio elva tolv tretton",
        "Första raden\nandra raden",
        "Alm\x01Björk",
        "Alm\x1bBjörk",
        "Fick vänta i fyra timmar utan besked",
    ],
)
def test_a_code_that_looks_like_free_text_is_not_kept(words: str) -> None:
    export = read([row("A-1", "2025-01-01", process=words)])
    assert export.cases["A-1"].process == SOMETHING_ELSE
    assert export.hidden == 1


@pytest.mark.parametrize(
    "words",
    [
        "Psykisk ohälsa, skadligt bruk och beroende",
        "Alms lasarett, akutmottagning",
        "Rehabilitering och hjälpmedel",
        "Meddelande i SAMSA ej besvarat",
        "SÄS, BUP Alm",
        "Hab. & Hälsa (vuxna) 2",
        "In- och utskrivning",
    ],
)
def test_a_code_is_kept_as_it_is(words: str) -> None:
    assert read([row("A-1", "2025-01-01", process=words)]).cases["A-1"].process == words


def test_a_column_of_ever_new_words_is_taken_for_stories() -> None:
    rows = [row(f"A-{n}", "2025-01-01", process=f"fall i rum {n}") for n in range(30)]
    assert {case.process for case in read(rows).cases.values()} == {SOMETHING_ELSE}


def test_a_file_name_is_kept_without_a_personnummer() -> None:
    export = read_export(f"om {NUMBER}.csv", csv_file(THREE), Source(), b"k")
    assert export.file == "om (personnummer).csv"
