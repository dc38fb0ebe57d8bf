"""The watched folder: exports that somebody leaves there are taken in, and moved out of the way.

A file in a subfolder is read with the mapping that the subfolder is named after. What was taken in
goes to `inlasta`, what was not to `avvisade`, each with a .txt that says why; never with a cell.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from intake.deviation.shapes import Export, Why
from intake.deviations import (
    MAX_BYTES,
    TakenIn,
    look,
    read_deviations,
    source_named,
    take_in,
)
from intake.documents import Refusal, read_bytes
from intake.personnummer import masked
from models.database import reading, transaction

BY = "bevakad mapp"
DONE, TURNED_AWAY = "inlasta", "avvisade"
_STILL_BEING_WRITTEN = 30  # seconds since a file was changed
_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")


@dataclass(frozen=True, slots=True)
class FromFolder:
    """What became of one file."""

    file: str
    taken_in: TakenIn | None = None
    why_not: str = ""


def take_in_folder(settings: Settings, now: datetime) -> list[FromFolder]:
    """Take in what lies in the folder, the oldest first. Nothing is done twice.

    1. A file that is still being written waits for the next time.
    2. Its cases are put on file in one transaction, and then it is moved.
    3. If this dies in between, the file is still there, is found to be taken in, and is moved.
    """
    if not settings.deviations_folder:
        return []
    folder = Path(settings.deviations_folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"FOLJSAM_DEVIATIONS_FOLDER names no folder that can be read: {folder}"
        )
    return [_take(settings, folder, path, now) for path in _waiting(folder, now)]


def _waiting(folder: Path, now: datetime) -> list[Path]:
    found = [path for path in _files(folder) if _is_whole(path, now)]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in (DONE, TURNED_AWAY) and path.name[0] != ".":
            yield from (file for file in sorted(path.iterdir()) if file.is_file())
        elif path.is_file():
            yield path


def _is_whole(path: Path, now: datetime) -> bool:
    """Not hidden, not a program's own lock, and not changed just now."""
    if path.name.startswith((".", "~")) or path.suffix.lower() not in _ENDINGS:
        return False
    return now.timestamp() - path.stat().st_mtime >= _STILL_BEING_WRITTEN


def _take(settings: Settings, folder: Path, path: Path, now: datetime) -> FromFolder:
    mapping = "" if path.parent == folder else path.parent.name
    try:
        with reading(settings) as session:
            source = source_named(session, mapping)
        data = read_bytes(path, max_bytes=MAX_BYTES)
        export = read_deviations(path.name, data, source, key=settings.secret)
    except Refusal as refusal:
        _move(path, folder / TURNED_AWAY, masked(refusal.swedish))
        return FromFolder(masked(path.name), why_not=masked(refusal.swedish))
    with transaction(settings) as session:
        taken = take_in(session, look(session, export, source, BY, now), now)
    _move(path, folder / DONE, _in_words(export, taken))
    return FromFolder(export.file, taken)


def _in_words(export: Export, taken: TakenIn) -> str:
    lines = [f"{export.rows} rader, {len(export.cases)} ärenden."]
    if taken.again:
        lines.append("Filen var redan inläst. Inget är ändrat.")
    else:
        counts = taken.counts
        lines.append(f"{counts.new} nya, {counts.updated} ändrade, {counts.unchanged} som förut.")
    for why in Why:
        if rows := [str(each.row) for each in export.refused if each.why is why]:
            lines.append(f"Kom inte med, rad {', '.join(rows)}: {why.swedish}")
    if export.personnummer_rows:
        rows = [str(row) for row in export.personnummer_rows]
        lines.append(f"Personnummer finns på rad {', '.join(rows)}. De sparas inte.")
    return "\n".join(lines)


def _move(path: Path, to: Path, words: str) -> None:
    """Out of the way under a name of its own, and beside it what became of it."""
    to.mkdir(exist_ok=True)
    goal, number = to / path.name, 1
    while goal.exists():
        number += 1
        goal = to / f"{path.stem} ({number}){path.suffix}"
    os.replace(path, goal)
    goal.with_name(goal.name + ".txt").write_text(words + "\n", "utf-8")
