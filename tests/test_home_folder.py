"""The home folder is its owner's alone, and what somebody sent and forgot is gone after a day."""

import os
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from config import clock, home
from config.settings import Settings
from flows.schedule import Clockwork
from flows.sweeping import sweep
from intake import kept
from intake.deviation.folder import DONE, take_in_folder
from intake.deviation.shapes import Source
from intake.deviations import look, read_deviations
from models.columns import c
from models.database import engine_for, reading, transaction
from models.deviation import DeviationImport, DeviationRow
from tests.cast import Town
from tests.command import as_program
from tests.deviation_files import THREE, csv_file, ours


def open_to_others(folder: Path) -> list[str]:
    """What others than the owner can reach, by name."""
    paths = [path for path in folder.rglob("*") if not path.is_symlink()]
    return [path.name for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    people = tmp_path / "list.csv"
    people.write_text("Namn;E-post\nAlice Ek;alice@example.org\n", "utf-8")
    before = os.umask(0o022)
    try:
        done = as_program(folder, "import", "people", str(people))
        assert done.returncode == 0, done.stderr
    finally:
        os.umask(before)
    assert (folder / "foljsam.db").exists()
    assert open_to_others(tmp_path / "home") == []


def test_what_lay_open_before_is_closed_at_the_next_start(small_town: Town) -> None:
    settings = small_town.settings
    letter = settings.home / "letters" / "000001.eml"
    letter.parent.mkdir(mode=0o755)
    letter.write_text("Hej!", "utf-8")
    letter.chmod(0o644)
    with reading(settings):
        assert home.close(settings) > 1
        assert open_to_others(settings.home) == []
    assert home.close(settings) == 0


def test_what_others_are_to_reach_and_links_to_elsewhere_are_left(
    small_town: Town, tmp_path_factory: pytest.TempPathFactory
) -> None:
    public = small_town.settings.home / "publikt"
    public.mkdir(mode=0o755)
    public.chmod(0o755)
    (public / "index.html").write_text("Årsrapporter", "utf-8")
    (public / "index.html").chmod(0o644)
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "file.txt"
    elsewhere.write_text("nobody's", "utf-8")
    elsewhere.chmod(0o644)
    (small_town.settings.home / "link").symlink_to(elsewhere)
    home.close(small_town.settings.model_copy(update={"public_folder": public}))
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (public, public / "index.html", elsewhere)
    ]
    assert modes == [0o755, 0o644, 0o644]


def test_a_new_database_is_closed_from_the_start(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        engine_for(Settings(home=tmp_path / "new")).connect().close()
    finally:
        os.umask(before)
    assert open_to_others(tmp_path / "new") == []


def test_a_file_that_nobody_came_back_to_is_removed_by_the_clock_alone(small_town: Town) -> None:
    folder = kept.folder(small_town.settings)
    old, new = folder / ("0" * 64), folder / ("1" * 64)
    for path, age in ((old, 86_500), (new, 60)):
        path.write_bytes(b"a plan")
        os.utime(path, (time.time() - age, time.time() - age))
    clockwork = Clockwork(small_town.settings, None)
    clockwork.start()
    try:
        until = time.monotonic() + 20
        while old.exists() and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        clockwork.stop()
    assert [path.name for path in folder.iterdir()] == [new.name]


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (25, 0)])
def test_what_an_export_said_waits_a_day_at_most(town: Town, hours: int, left: int) -> None:
    now = clock.now()
    with transaction(town.settings) as session:
        export = read_deviations("export.csv", csv_file(THREE), Source(), key="k")
        look(session, ours(session), export, Source(), "Frida", now - timedelta(hours=hours))
    sweep(town.settings, now)
    with reading(town.settings) as session:
        assert len(session.execute(select(c(DeviationImport).id)).all()) == left
        assert len(session.execute(select(c(DeviationRow).row)).all()) == 3 * left


def test_who_left_an_export_can_come_back_and_see_what_became_of_it(
    lite: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Also where all that we write is closed to others."""
    folder = tmp_path_factory.mktemp("export")
    folder.chmod(0o755)
    watched = lite.model_copy(update={"deviations_folder": str(folder)})
    path = folder / "q1.csv"
    path.write_bytes(csv_file(THREE))
    path.chmod(0o644)
    before = os.umask(0o077)
    try:
        take_in_folder(watched, clock.now() + timedelta(minutes=5))
    finally:
        os.umask(before)
    done = folder / DONE
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (done, *sorted(done.iterdir()))]
    assert modes == [0o755, 0o644, 0o644]
