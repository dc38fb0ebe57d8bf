"""The watched folder: what is left there is taken in once, and moved with a word about why."""

import os
from asyncio import run
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import clock
from config.settings import Settings
from config.timetable import line, runs_on
from intake.deviation import folder as deviation_folder
from intake.deviation.folder import FromFolder, take_in_folder
from intake.deviation.shapes import Column, Source
from intake.deviations import look, read_deviations, save_source
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationCase, DeviationImport
from tests.deviation_files import HEADS, SENTINEL, THREE, csv_file, ours, row

pytestmark = pytest.mark.by_turns


@pytest.fixture
def watched(told: Settings, tmp_path: Path) -> Settings:
    """An installation that watches a folder."""
    folder = tmp_path / "export"
    folder.mkdir()
    return told.model_copy(update={"deviations_folder": str(folder)})


def leaves(settings: Settings, name: str, data: bytes, seconds_ago: int = 60) -> Path:
    """Somebody leaves a file in the folder."""
    path = Path(settings.deviations_folder) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    then = clock.now().timestamp() - seconds_ago
    os.utime(path, (then, then))
    return path


def watch(settings: Settings) -> list[FromFolder]:
    """The folder is looked through."""
    return take_in_folder(settings, clock.now())


def names(settings: Settings, sub: str = "") -> list[str]:
    """What lies in the folder."""
    folder = Path(settings.deviations_folder) / sub
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def cases(settings: Settings) -> int:
    """How many cases there are."""
    with reading(settings) as session:
        return int(session.execute(select(func.count(c(DeviationCase).id))).scalar_one())


def test_a_file_is_taken_in_and_moved(watched: Settings) -> None:
    leaves(watched, "q1.csv", csv_file([*THREE, row("", "2025-01-01")]))
    found = watch(watched)
    assert [each.taken_in.counts.new for each in found if each.taken_in] == [3]
    assert names(watched) == []
    assert names(watched, "inlasta") == ["q1.csv", "q1.csv.txt"]
    told = (Path(watched.deviations_folder) / "inlasta" / "q1.csv.txt").read_text("utf-8")
    assert "rad 5: Ärendenumret saknas." in told
    assert SENTINEL not in told
    assert watch(watched) == []


def test_a_file_that_cannot_be_read_is_turned_away(watched: Settings) -> None:
    leaves(watched, "annat.csv", csv_file([[SENTINEL]], heads=["Något"]))
    leaves(watched, "q1.csv", csv_file(THREE))
    assert sorted(bool(each.why_not) for each in watch(watched)) == [False, True]
    assert names(watched, "avvisade") == ["annat.csv", "annat.csv.txt"]
    why = (Path(watched.deviations_folder) / "avvisade" / "annat.csv.txt").read_text("utf-8")
    assert "ingen rubrikrad" in why
    assert SENTINEL not in why
    assert cases(watched) == 3


def test_a_file_that_is_still_being_written_waits(watched: Settings) -> None:
    leaves(watched, "q1.csv", csv_file(THREE), seconds_ago=5)
    leaves(watched, "~$q1.xlsx", b"lock")
    assert watch(watched) == []
    assert take_in_folder(watched, clock.now() + timedelta(minutes=5))


def test_a_crash_before_the_move_takes_nothing_in_twice(
    watched: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    leaves(watched, "q1.csv", csv_file(THREE))
    monkeypatch.setattr(deviation_folder, "_move", dies)
    with pytest.raises(KeyboardInterrupt):
        watch(watched)
    monkeypatch.undo()
    assert (cases(watched), names(watched)) == (3, ["q1.csv"])
    assert [each.taken_in.again for each in watch(watched) if each.taken_in] == [True]
    assert (cases(watched), names(watched)) == (3, [])


def test_the_same_name_again_gets_a_name_of_its_own(watched: Settings) -> None:
    for rows in (THREE, THREE[:2]):
        leaves(watched, "q1.csv", csv_file(rows))
        watch(watched)
    assert "q1 (2).csv" in names(watched, "inlasta")


def test_a_subfolder_names_the_mapping(watched: Settings) -> None:
    with transaction(watched) as session:
        columns = {"lopa": Column.NUMBER, "klar": Column.REGISTERED}
        save_source(session, ours(session), Source("Alm", columns), "Frida", clock.now())
    heads = ["Löpa", "Klar", *HEADS[2:]]
    leaves(watched, "Alm/q1.csv", csv_file(THREE, heads=heads))
    leaves(watched, "Okänd/q1.csv", csv_file(THREE, heads=heads))
    whys = [each.why_not for each in watch(watched)]
    assert sorted(whys) == ["", "Det finns ingen källa som heter Okänd."]
    assert cases(watched) == 3


def test_a_folder_that_is_not_there_is_told(told: Settings) -> None:
    gone = told.model_copy(update={"deviations_folder": "/nowhere/at/all"})
    with pytest.raises(FileNotFoundError, match="FOLJSAM_DEVIATIONS_FOLDER"):
        watch(gone)


def test_without_a_folder_there_is_nothing_to_do(told: Settings) -> None:
    assert watch(told) == []


def test_it_is_looked_through_on_working_days() -> None:
    each = line("deviation-import")
    assert runs_on(each, clock.today().replace(year=2025, month=3, day=3))
    assert not runs_on(each, clock.today().replace(year=2025, month=3, day=2))


def looks_at(settings: Settings, at: datetime) -> None:
    """Frida looks at a file on a page, and leaves."""
    export = read_deviations("export.csv", csv_file(THREE), Source(), key="k")
    with transaction(settings) as session:
        look(session, ours(session), export, Source(), "Frida", at)


def test_the_round_tells_counts_and_no_cells(
    lite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.testing.utilities import prefect_test_harness

    from flows.deviation_import import deviation_import

    folder = tmp_path / "export"
    folder.mkdir()
    monkeypatch.setenv("FOLJSAM_DEVIATIONS_FOLDER", str(folder))
    watched = lite.model_copy(update={"deviations_folder": str(folder)})
    leaves(watched, "q1.csv", csv_file(THREE))
    looks_at(lite, clock.now() - timedelta(days=2))
    with prefect_test_harness(server_startup_timeout=120):
        counts = run(deviation_import(clock.today()))  # a day that is asked for never rests
    assert counts == {"files": 1, "turned_away": 0, "letters": 0}
    with reading(lite) as session:
        assert session.execute(select(c(DeviationImport).by)).scalar_one() == "bevakad mapp"
