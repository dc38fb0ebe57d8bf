"""The watched folder: exports that somebody leaves there are taken in, and moved out of the way.

Where there is one collaboration the folder is its own. Where there are several, each has one within
it, called as it is, or by its number; a file that lies in none of them stays where it is until
somebody moves it. A file in a subfolder of that is read with the mapping that the subfolder
is named after. What was taken in goes to `inlasta`, what was not to `avvisade`, each with a .txt
that says why; never with a cell. One file that fails stops no other.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from intake.deviation.shapes import Export, Why
from intake.deviation.ticking import words_of
from intake.deviation.whose import collaborations, the_only_one
from intake.deviations import (
    MAX_BYTES,
    TakenIn,
    read_deviations,
    source_named,
    take_in_unasked,
)
from intake.documents import Refusal, file_at
from intake.personnummer import masked
from intake.places import NotNow
from models.alone import alone
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationMapping
from models.post_hold import nothing_leaves

BY = "bevakad mapp"
DONE, TURNED_AWAY = "inlasta", "avvisade"
_STILL_BEING_WRITTEN = 30  # seconds since a file was changed
_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
_TRIED_AGAIN = "Filen kunde inte läsas in nu. Den ligger kvar, och läses in nästa gång."


@dataclass(frozen=True, slots=True)
class FromFolder:
    """What became of one file. `waits`: nobody has said whose it is, and it lies where it lay."""

    file: str
    taken_in: TakenIn | None = None
    why_not: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose the files of a folder are, and the mapping that they are read with."""

    collaboration_id: int
    folder: Path  # the collaboration's own
    mapping: str


@dataclass(frozen=True, slots=True)
class _Places:
    """Whose a file is, by where it lies."""

    folder: Path
    only: int | None  # the collaboration, where there is one
    areas: dict[str, int]  # by what a subfolder may be called

    def of(self, path: Path) -> _Place | None:
        """Where a file lies; None where that does not tell whose it is."""
        within = path.parent.relative_to(self.folder).parts
        area = self.areas.get(within[0].casefold()) if within else None
        if area is not None:
            return _Place(area, self.folder / within[0], "".join(within[1:]))
        if self.only is None or len(within) > 1:
            return None
        return _Place(self.only, self.folder, "".join(within))


def take_in_folder(settings: Settings, now: datetime) -> list[FromFolder]:
    """Take in what lies in the folder, the oldest first. Nothing is done twice.

    1. A file that is still being written waits for the next time.
    2. Its cases are put on file in one transaction, and then it is moved.
    3. If this dies in between, the file is still there, is found to be taken in, and is moved.
    4. A file that breaks what reads it stays where it is, is told of, and stops no other.
    5. While nothing leaves, all stay: a copy does not eat what is the real one's.
    """
    if not settings.deviations_folder or nothing_leaves(settings):
        return []
    folder = Path(settings.deviations_folder)
    if not folder.is_dir():
        raise FileNotFoundError(
            f"FOLJSAM_DEVIATIONS_FOLDER names no folder that can be read: {folder}"
        )
    with transaction(settings) as session:
        only = the_only_one(session, settings.organisation)
        places = _places(session, folder, only, collaborations(session))
    return [_alone(settings, places, path, now) for path in _waiting(folder, now)]


def of_nobody(settings: Settings) -> int:
    """How many files lie where nobody can tell whose they are."""
    folder = Path(settings.deviations_folder)
    if not settings.deviations_folder or not folder.is_dir():
        return 0
    with reading(settings) as session:
        names = collaborations(session)
        places = _places(session, folder, next(iter(names), 0) if len(names) < 2 else None, names)
    return sum(1 for path in _files(folder) if _is_export(path) and places.of(path) is None)


def _places(session: Session, folder: Path, only: int | None, names: Mapping[int, str]) -> _Places:
    """The subfolders of some collaborations.

    One that is called as another's source may be that source's, from when there was one
    collaboration and sources lay beside each other: it is nobody's, until its number names it.
    """
    of_sources = {(name.casefold(), id_) for name, id_ in session.execute(_SOURCES).tuples()}
    areas = {}
    for id_, name in names.items():
        called = name.casefold()
        if not any(source == called and whose != id_ for source, whose in of_sources):
            areas[called] = id_
    if only is None:  # where there is one, a subfolder with a number is a source's
        areas |= {str(id_): id_ for id_ in names}
    return _Places(folder, only, areas)


_SOURCES = select(c(DeviationMapping).name, c(DeviationMapping).collaboration_id)


def _waiting(folder: Path, now: datetime) -> list[Path]:
    found = [path for path in _files(folder) if _is_whole(path, now)]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name))


def _files(folder: Path, deep: int = 2) -> Iterator[Path]:
    """The files of a folder and of those within it, two deep: a collaboration's, a source's."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif (
            deep and path.is_dir() and path.name not in (DONE, TURNED_AWAY) and path.name[0] != "."
        ):
            yield from _files(path, deep - 1)


def _is_export(path: Path) -> bool:
    """Not hidden, not a program's own lock, of a kind that is read."""
    return not path.name.startswith((".", "~")) and path.suffix.lower() in _ENDINGS


def _is_whole(path: Path, now: datetime) -> bool:
    """An export that was not changed just now."""
    return _is_export(path) and now.timestamp() - path.stat().st_mtime >= _STILL_BEING_WRITTEN


def _alone(settings: Settings, places: _Places, path: Path, now: datetime) -> FromFolder:
    """One file by itself: what goes wrong with it is told, and the next one is taken."""
    place = places.of(path)
    if place is None:
        return FromFolder(masked(path.name), waits=True)
    name, area = masked(path.name), place.collaboration_id
    with alone("Avvikelser ur filen", name, collaboration_id=area, secret=True):
        return _take(settings, place, path, now)
    return FromFolder(name, why_not=_TRIED_AGAIN)


def _take(settings: Settings, place: _Place, path: Path, now: datetime) -> FromFolder:
    area = place.collaboration_id
    try:
        with reading(settings) as session:
            source = source_named(session, area, place.mapping)
        found = file_at(path, max_bytes=MAX_BYTES)
        export = read_deviations(path.name, found, source, key=settings.secret)
    except NotNow:  # other files are read, which is no fault of this one
        return FromFolder(masked(path.name), why_not=_TRIED_AGAIN)
    except Refusal as refusal:
        _move(path, place.folder / TURNED_AWAY, masked(refusal.swedish))
        return FromFolder(masked(path.name), why_not=masked(refusal.swedish))
    with transaction(settings) as session:
        taken = take_in_unasked(session, area, export, source, BY, now)
        words = len(words_of(session, taken.import_id))
    _move(path, place.folder / DONE, _in_words(export, taken, words))
    return FromFolder(export.file, taken)


def _in_words(export: Export, taken: TakenIn, words: int) -> str:
    lines = [f"{export.rows} rader, {len(export.cases)} ärenden."]
    if taken.again:
        lines.append("Filen var redan inläst. Inget är ändrat.")
    else:
        counts = taken.counts
        lines.append(f"{counts.new} nya, {counts.updated} ändrade, {counts.unchanged} som förut.")
    for why in Why:
        if rows := [str(each.row) for each in export.refused if each.why is why]:
            lines.append(f"Kom inte med, rad {', '.join(rows)}: {why.swedish}")
    if words and not taken.again:
        lines.append(
            f"Nya ord som inte är kända som koder: {words}. De räknas som (annat) tills ni har "
            "valt dem under Avvikelser och läst in en fil på nytt."
        )
    if export.personnummer_rows:
        rows = [str(row) for row in export.personnummer_rows]
        lines.append(f"Personnummer finns på rad {', '.join(rows)}. De sparas inte.")
    return "\n".join(lines)


def _move(path: Path, to: Path, words: str) -> None:
    """Out of the way under a name of its own, and beside it what became of it.

    Others leave their files here and come back to see: what is new is theirs to read as the rest.
    """
    if not to.exists():
        to.mkdir()
        to.chmod(stat.S_IMODE(to.parent.stat().st_mode))
    goal, number = to / path.name, 1
    while goal.exists():
        number += 1
        goal = to / f"{path.stem} ({number}){path.suffix}"
    os.replace(path, goal)
    told = goal.with_name(goal.name + ".txt")
    told.write_text(words + "\n", "utf-8")
    told.chmod(stat.S_IMODE(goal.stat().st_mode))
