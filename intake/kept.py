"""Files that somebody sent and looks at: kept until they are saved, and a day at most.

They lie in the installation's home folder, each under its own fingerprint, readable by nobody else.
Who looks after the rounds each minute also removes those that nobody came back to.
"""

import os
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from config.settings import Settings
from intake.documents import digest_of

A_DAY = timedelta(days=1)
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def keep(settings: Settings, file: IO[bytes]) -> str:
    """Keep a file; returns the fingerprint that it is found by."""
    fingerprint = digest_of(file)
    path = folder(settings) / fingerprint
    if path.is_file() and digest_of(path) == fingerprint:  # it may be this very file, shown again
        path.touch()
        return fingerprint
    file.seek(0)
    with open(path, "wb", opener=_for_its_owner) as kept:
        shutil.copyfileobj(file, kept)
    return fingerprint


def kept(settings: Settings, fingerprint: str) -> Path | None:
    """Where a file lies; None when it is not kept any more, or that is no fingerprint."""
    if not is_fingerprint(fingerprint):
        return None
    path = folder(settings) / fingerprint
    return path if path.is_file() else None


def is_fingerprint(words: str) -> bool:
    """Is it one, and not a path to somewhere else?"""
    return _FINGERPRINT.fullmatch(words) is not None


def forget(settings: Settings, fingerprint: str) -> None:
    """Remove a file that is saved, or that nobody wants."""
    if is_fingerprint(fingerprint):
        (folder(settings) / fingerprint).unlink(missing_ok=True)


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
