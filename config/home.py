"""The home folder is its owner's alone: names, letters, the database, keys and logs lie there.

New files are closed from the beginning, since every command says so first (`only_ours`); those that
were written before it did are closed at each start (`close`). What others are meant to reach keeps
its own mode: the public folder, and the folder that exports are left in.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from config.settings import Settings

FILE, FOLDER = 0o600, 0o700


def only_ours() -> None:
    """From now on nobody else can read what this process, or one that it starts, writes."""
    os.umask(0o077)


def close(settings: Settings) -> int:
    """Close every file and folder in the home that others could reach; returns how many."""
    settings.make_home()
    closed = 0
    for path in (settings.home, *_within(settings.home, _shared(settings))):
        closed += _close(path)
    return closed


def _shared(settings: Settings) -> set[Path]:
    folders = [settings.public_folder]
    folders += [Path(settings.deviations_folder)] if settings.deviations_folder else []
    return {folder.absolute() for folder in folders if folder}


def _within(folder: Path, shared: set[Path]) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in folders if (here / name).absolute() not in shared]
        for name in (*folders, *files):
            yield here / name


def _close(path: Path) -> bool:
    """Close one; False where it was, is a link to somewhere else, or is gone or not ours."""
    try:
        facts = path.lstat()
        wanted = FOLDER if stat.S_ISDIR(facts.st_mode) else FILE
        if stat.S_ISLNK(facts.st_mode) or not stat.S_IMODE(facts.st_mode) & ~wanted:
            return False
        path.chmod(wanted)
    except OSError:
        return False
    return True
