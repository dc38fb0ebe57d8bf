"""The public folder: each sent annual report as HTML and PDF, and an index.

A reader never meets half a file: each is written beside its place and moved there whole. A file
names its edition, so a link to one always shows that one. Two collaborations may be called the same
in plain letters ("Ålm" and "Alm"): whose report was approved first has the name, and the other's
files end with its number.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import select
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.edition import Edition, EditionState, ReportKind
from models.post_hold import held
from reports.approval import Edited, edited, report
from reports.blocks import Report
from reports.editions import Frozen
from reports.files import as_files, file_name
from templates import render

_OPEN = 0o755
_PUBLIC = 0o644  # a web server of another user reads them
_FORMATS = ("html", "pdf")


@dataclass(frozen=True, slots=True)
class Published:
    """One edition in the folder."""

    title: str
    organisation: str
    number: int
    files: tuple[str, ...]


def must_wait(session: Session, settings: Settings) -> bool:
    """Is there a folder, and nothing may leave? Then what is to be published waits, unsent."""
    return settings.public_folder is not None and held(session) is not None


def publish(session: Session, settings: Settings, edition: Edited) -> list[Path]:
    """Put an edition and a new index in the public folder. Nothing when there is none, or held.

    Raises `OSError` when the folder cannot be written: then the report counts as unsent.
    """
    folder = settings.public_folder
    if folder is None or must_wait(session, settings):
        return []
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(_OPEN)  # what we write is closed to others, but for what is published
    shown = report(session, edition)
    everything = _all(session, edition)
    names = everything[edition.frozen.id].files
    made = as_files(_FORMATS, edition.frozen, shown, None)
    written = []
    for name, file_format in zip(names, _FORMATS, strict=True):
        path = folder / name
        _put(path, made[file_format])
        written.append(path)
    listed = list(everything.values())
    index = render("report/index.html", reports=listed, name=settings.organisation)
    _put(folder / "index.html", index.encode())
    return [*written, folder / "index.html"]


def _all(session: Session, newest: Edited) -> dict[int, Published]:
    """This one and what was sent before it, by number: the latest year and edition first."""
    e = c(Edition)
    rows = session.execute(
        select(e.id, e.state)
        .where(e.kind == ReportKind.YEAR, e.group_id.is_(None), e.approved_at.is_not(None))
        .order_by(e.approved_at, e.id)
    ).all()
    shown = {}
    for edition_id, _ in rows:
        edition = edited(session, edition_id)
        assert edition is not None
        shown[edition_id] = (edition.frozen, report(session, edition))
    files = _names(shown)
    found = {}
    for edition_id, state in rows:
        if state is EditionState.SENT or edition_id == newest.frozen.id:
            frozen, told = shown[edition_id]
            found[edition_id] = Published(
                told.title, told.organisation, frozen.number, files[edition_id]
            )
    listed = sorted(found, key=lambda id_: (shown[id_][0].of.collaboration_id, -found[id_].number))
    listed.sort(key=lambda id_: shown[id_][0].of.period, reverse=True)
    return {edition_id: found[edition_id] for edition_id in listed}


def _names(shown: Mapping[int, tuple[Frozen, Report]]) -> dict[int, tuple[str, ...]]:
    """What each one's files are called, in the order they were approved: no two the same.

    What waits to be sent is among them, so that whatever is approved later changes no name. A name
    ends with the edition's number, so one that ends with a collaboration's is nobody else's.
    """
    whose: dict[str, int] = {}
    found = {}
    for edition_id, (frozen, told) in shown.items():
        area = frozen.of.collaboration_id
        names = tuple(file_name(frozen, told, one) for one in _FORMATS)
        if whose.setdefault(names[0], area) != area:
            names = tuple(_with_number(name, area) for name in names)
        found[edition_id] = names
    return found


def _with_number(name: str, area: int) -> str:
    path = Path(name)
    return f"{path.stem}-samverkan-{area}{path.suffix}"


def _put(path: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, _PUBLIC)
    os.replace(file.name, path)
