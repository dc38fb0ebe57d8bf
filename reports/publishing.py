"""The public folder: each sent annual report as HTML and PDF, and an index.

A reader never meets half a file: each is written beside its place and moved there whole. A file
names its edition, so a link to one always shows that one.
"""

import os
from collections.abc import Sequence
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
    written = []
    for file_format, data in as_files(_FORMATS, edition.frozen, shown, None).items():
        path = folder / file_name(edition.frozen, shown, file_format)
        _put(path, data)
        written.append(path)
    index = render("report/index.html", reports=_all(session, edition), name=settings.organisation)
    _put(folder / "index.html", index.encode())
    return [*written, folder / "index.html"]


def _all(session: Session, newest: Edited) -> Sequence[Published]:
    """This one and what was sent before it: the latest year and edition first."""
    e = c(Edition)
    rows = session.execute(
        select(e.id)
        .where(e.kind == ReportKind.YEAR, e.group_id.is_(None))
        .where((e.state == EditionState.SENT) | (e.id == newest.frozen.id))
        .order_by(e.period.desc(), e.collaboration_id, e.number.desc())
    )
    found = []
    for edition_id in rows.scalars():
        edition = edited(session, edition_id)
        assert edition is not None
        shown = report(session, edition)
        files = tuple(file_name(edition.frozen, shown, one) for one in _FORMATS)
        found.append(Published(shown.title, shown.organisation, edition.frozen.number, files))
    return found


def _put(path: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, _PUBLIC)
    os.replace(file.name, path)
