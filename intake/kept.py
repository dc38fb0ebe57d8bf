"""Files that somebody sent and looks at: kept until they are saved, and a day at most.

They lie in the installation's home folder, each under a random name, which is told to whoever looks
at the file and to nobody else: by what stands in a file, others could find out that it is here.
Who looks after the rounds each minute also removes those that nobody came back to.
"""

import os
import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from config.settings import Settings

A_DAY = timedelta(days=1)
_KEY = re.compile(r"[0-9a-f]{64}")


def keep(settings: Settings, file: IO[bytes]) -> str:
    """Keep a file; returns the key that it is found by."""
    key = secrets.token_hex(32)
    file.seek(0)
    with open(folder(settings) / key, "wb", opener=_for_its_owner) as kept:
        shutil.copyfileobj(file, kept)
    return key


def keep_on(settings: Settings, path: Path) -> str | None:
    """The key of a file that is kept already and is shown again; None of any other."""
    if path.parent != folder(settings):
        return None
    path.touch()
    return path.name


def kept(settings: Settings, key: str) -> Path | None:
    """Where a file lies; None when it is not kept any more, or that is no key."""
    if not is_key(key):
        return None
    path = folder(settings) / key
    return path if path.is_file() else None


def is_key(words: str) -> bool:
    """Is it one, and not a path to somewhere else?"""
    return _KEY.fullmatch(words) is not None


def forget(settings: Settings, key: str) -> None:
    """Remove a file that is saved, or that nobody wants."""
    if is_key(key):
        (folder(settings) / key).unlink(missing_ok=True)


def sweep(settings: Settings, now: datetime) -> int:
    """Remove what has lain for a day; returns how many files that were."""
    removed = 0
    for path in folder(settings).iterdir():
        try:
            if path.lstat().st_mtime <= (now - A_DAY).timestamp():
                path.unlink()
                removed += 1
        except FileNotFoundError:  # somebody saved it just now
            continue
    return removed


def folder(settings: Settings) -> Path:
    """Where they lie."""
    settings.make_home()
    path = settings.home / "inlasning"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
