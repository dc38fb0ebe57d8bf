"""A cell of a coded column is kept where its word is a code: known, ticked, or shared by many."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from typer.testing import CliRunner

from cli.main import app
from config import clock
from config.settings import Settings
from intake.deviation.codes import unknown
from intake.deviation.folder import take_in_folder
from intake.deviation.reading import read_export
from intake.deviation.shapes import SOMETHING_ELSE, Source
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationCase, DeviationCode, DeviationImport
from tests.cast import Town
from tests.conftest import browse
from tests.deviation_files import THREE, csv_file, ours, row
from tests.test_deviations_privacy import everywhere
from tests.test_deviations_whose import chooses
from tests.two_collaborations import neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
NAMES = ("Alice", "Gustav")  # each on file in a collaboration of her own
TAIL = [row(f"A-{n}", "2025-02-01", unit=f"Vårdcentral {n:02}") for n in range(30)]


def asked(told: Settings, rows: list[list[Any]]) -> dict[str, int]:
    """The words of a file that wait for a tick, and in how many cases each is."""
    export = read_export("a.csv", csv_file(rows), Source(), b"k")
    with reading(told) as session:
        return {word.text: word.cases for word in unknown(session, ours(session), export)}


def kept(told: Settings, column: str = "process") -> set[str]:
    """The words that cases on file have in a column."""
    with reading(told) as session:
        return set(session.execute(select(c(DeviationCase)[column]).distinct()).scalars())


@pytest.mark.parametrize(
    "words",
    ["han dog", "Hon ringde", "Jag föll", "hen grät", "sade nej", "HAN", "honom, kl 3"],
)
def test_a_short_word_about_a_person_is_not_kept_nor_asked_about(
    lite: Settings, words: str
) -> None:
    rows = [row(f"A-{n}", "2025-01-01", process=words) for n in range(40)]
    export = read_export("a.csv", csv_file(rows), Source(), b"k")
    assert {case.process for case in export.cases.values()} == {SOMETHING_ELSE}
    assert words not in asked(lite, rows)


def test_known_codes_and_words_that_many_cases_share_get_through(told: Settings) -> None:
    rows = [
        row("A-1", "2025-01-01", process="Läkemedel", status="Makulerad"),
        *(row(f"B-{n}", "2025-01-01", unit="Hemtjänst Alm", by="Björks sjukhus") for n in range(5)),
    ]
    assert asked(told, rows) == {}
    assert set(asked(told, rows[:4])) == {"Hemtjänst Alm", "Björks sjukhus"}


def test_a_name_or_a_person_waits_for_a_tick_however_many_share_it(town: Town) -> None:
    rows = [row(f"A-{n}", "2025-01-01", process="Alice") for n in range(9)]
    rows += [row(f"B-{n}", "2025-01-01", process="Anhörig död") for n in range(9)]
    assert asked(town.settings, rows) == {"Alice": 9, "Anhörig död": 9}


def test_the_areas_are_known_by_the_groups_names(town: Town) -> None:
    heads = ["Ärendenummer", "Registreringsdatum", "Närområde"]
    rows = [["A-1", "2025-01-01", "Björk"], ["A-2", "2025-01-01", "Ceder"]]
    export = read_export("a.csv", csv_file(rows, heads=heads), Source(), b"k")
    with reading(town.settings) as session:
        assert [w.text for w in unknown(session, ours(session), export)] == ["Ceder"]


def test_new_words_are_asked_about_on_the_page_and_kept_when_ticked(told: Settings) -> None:
    pages = browse(create_app(told))
    rows = [row("A-1", "2025-01-01", process="Anna Provsson"), row("A-2", "2025-01-01")]
    address = chooses(pages, rows)
    page = pages.get(address).text
    boxes = dict(re.findall(r'name="(ord\d+)" value="ja"> ([^<]+?) <', page))
    assert set(boxes.values()) == {"Anna Provsson", "Hemtjänst Alm", "Björks sjukhus"}
    assert "2 ärenden" in page
    good = {name: "ja" for name, word in boxes.items() if word != "Anna Provsson"}
    pages.post(address, data={"spara": "ja", **good})
    assert kept(told) == {SOMETHING_ELSE, "SIP"}
    assert kept(told, "reporting_unit") == {"Hemtjänst Alm"}
    assert b"Provsson" not in rows_of(told)
    again = pages.post("/avvikelser/las-in", files={"fil": ("b.csv", csv_file(rows))})
    assert "redan inläst" in again.text


def rows_of(told: Settings) -> bytes:
    """Every row of every table; a file of SQLite's may hold what was removed for a while."""
    with reading(told) as session:
        tables = ("deviation_case", "deviation_row", "deviation_import", "deviation_code")
        return repr([session.execute(text(f"SELECT * FROM {t}")).all() for t in tables]).encode()


def test_a_long_tail_is_ticked_all_at_once_and_asked_about_once(told: Settings) -> None:
    pages = browse(create_app(told))
    address = chooses(pages, TAIL)
    pages.post(address, data={"spara": "ja", "alla": "ja"})
    assert len(kept(told, "reporting_unit")) == 30
    more = [*TAIL, row("A-99", "2025-02-01", unit="vårdcentral 07")]
    assert asked(told, more) == {}


def test_the_folder_leaves_new_words_out_until_they_are_ticked(
    told: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    watched = told.model_copy(update={"deviations_folder": str(folder)})
    later = clock.now().replace(year=clock.now().year + 1)
    (folder / "a.csv").write_bytes(csv_file(THREE))
    (found,) = take_in_folder(watched, later)
    assert found.taken_in is not None
    assert kept(told, "reporting_unit") == {SOMETHING_ELSE}
    assert "Nya ord som inte är kända som koder: 2" in (folder / "inlasta/a.csv.txt").read_text()
    pages = browse(create_app(told))
    assert "Nya ord: 2" in pages.get("/avvikelser").text
    words = f"/avvikelser/inlasningar/{found.taken_in.import_id}/ord"
    assert "Hemtjänst Alm" in pages.get(words).text
    assert pages.post(words, data={"alla": "ja"}).status_code == 200
    assert "Nya ord" not in pages.get("/avvikelser").text
    (folder / "a.csv").write_bytes(csv_file(THREE))
    (again,) = take_in_folder(watched, later)
    assert again.taken_in is not None
    assert not again.taken_in.again
    assert kept(told, "reporting_unit") == {"Hemtjänst Alm"}
    (folder / "a.csv").write_bytes(csv_file(THREE))
    assert [one.taken_in.again for one in take_in_folder(watched, later) if one.taken_in] == [True]


def test_what_nobody_ticks_lies_nowhere_after_the_command(lite: Settings) -> None:
    file = lite.home / "export.csv"
    file.write_bytes(csv_file([row("A-9", "2025-01-01", process="han dog"), *THREE]))
    said = CliRunner().invoke(app, ["import", "deviations", str(file)]).output
    assert "2 words are not known to be codes" in said
    assert b"han dog" not in everywhere(lite)
    assert kept(lite, "reporting_unit") == {SOMETHING_ELSE}
    taught = CliRunner().invoke(app, ["import", "deviations", str(file), "--accept-words"])
    assert "not known" not in taught.output
    assert kept(lite, "reporting_unit") == {"Hemtjänst Alm"}
    assert kept(lite) == {SOMETHING_ELSE, "SIP", "Läkemedel"}


def test_a_month_old_question_is_not_kept(lite: Settings) -> None:
    file = lite.home / "export.csv"
    file.write_bytes(csv_file(THREE))
    CliRunner().invoke(app, ["import", "deviations", str(file)])
    with transaction(lite) as session:
        old = clock.now().replace(year=clock.now().year - 1)
        session.execute(update(DeviationImport).values(at=old))
    file.write_bytes(csv_file(THREE[:1]))
    CliRunner().invoke(app, ["import", "deviations", str(file)])
    with reading(lite) as session:
        told = select(c(DeviationImport).unknown).order_by(c(DeviationImport).id)
        first, second = session.execute(told).scalars()
    assert (first, len(second)) == ([], 2)


def test_control_signs_in_a_cell_a_heading_or_a_name_break_nothing(told: Settings) -> None:
    pages = browse(create_app(told))
    heads = ["Ärendenummer", "Registrerings\x01datum", "Process\x01", "Ärende\x01", "Status"]
    data = csv_file([["A\x011", "2025-01-01", "SI\x01P", "", "N\x01y"]], heads=heads)
    answer = pages.post("/avvikelser/las-in", files={"fil": ("a\x00.csv", data)})
    assert answer.status_code in (200, 422)
    whole = csv_file([row("A-1", "2025-01-01", process="SI\x01P", unit="\x01")])
    shown = pages.post("/avvikelser/las-in", files={"fil": ("a\x00.csv", whole)})
    assert shown.status_code == 200
    assert pages.post(shown.url.path, data={"spara": "ja"}).status_code == 200
    assert kept(told) == {SOMETHING_ELSE}


def test_a_tick_counts_in_ones_own_collaboration_alone(town: Town) -> None:
    both = neighbours(town)
    frida, gustav = both.frida(), both.gustavs()
    address = chooses(frida, TAIL)
    frida.post(address, data={"spara": "ja", "alla": "ja"})
    assert gustav.get("/avvikelser/inlasningar/1/ord").status_code == 403
    assert gustav.post("/avvikelser/inlasningar/1/ord", data={"alla": "ja"}).status_code == 403
    theirs = chooses(gustav, TAIL)
    assert "Vårdcentral 07" in gustav.get(theirs).text
    with reading(town.settings) as session:
        whose = set(session.execute(select(c(DeviationCode).collaboration_id)).scalars())
    assert whose == {both.ours}


def test_whether_a_name_is_a_code_tells_nothing_of_who_is_on_file_elsewhere(town: Town) -> None:
    both = neighbours(town)
    rows = [row(f"A-{n}", "2025-01-01", process=name) for name in NAMES for n in range(9)]
    rows = [[f"{n}-{first}", *rest] for n, (first, *rest) in enumerate(rows)]
    export = read_export("a.csv", csv_file(rows), Source(), b"k")
    with reading(town.settings) as session:
        assert {word.text for word in unknown(session, both.ours, export)} == {"Alice"}
        assert {word.text for word in unknown(session, both.theirs, export)} == {"Gustav"}
