"""Makes a year's archive: the lines, the reports, a description and the manifest, or nothing."""

import shutil
from pathlib import Path
from tempfile import mkdtemp

from sqlmodel import Session

from reports.archive.fields import FIELDS
from reports.archive.lines import fields_of, files_of, lines_of
from reports.archive.manifest import ArchiveError, Kept, write_manifest
from reports.archive.rebuilding import rebuild
from reports.archive.sources import SOURCES
from templates import render

SCHEMA = 1


def make(session: Session, organisation: str, year: int, folder: Path) -> list[Kept]:
    """Write the year's archive. All of it or nothing: the folder is moved into place when whole.

    Raises `ArchiveError` when the folder holds anything already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"{folder} is not empty. Choose another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        kept = _fill(session, organisation, year, made)
        if folder.exists():
            folder.rmdir()
        made.chmod(0o700)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return kept


def _fill(session: Session, organisation: str, year: int, folder: Path) -> list[Kept]:
    """Lines for each source, comments' files, the reports, the description, and the manifest."""
    fields: dict[str, list[str]] = {}
    for source in SOURCES:
        lines = list(lines_of(session, source, year))
        fields[source.file] = fields_of(source)
        (folder / f"{source.file}.jsonl").write_text("".join(lines), "utf-8", newline="\n")
    for name, content in files_of(session, year):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    for name, data in rebuild(folder).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    readme = render(
        "report/archive.txt",
        year=year,
        organisation=organisation,
        schema=SCHEMA,
        sources=SOURCES,
        fields=fields,
        told=FIELDS,
    )
    (folder / "README.txt").write_text(readme, "utf-8", newline="\n")
    return write_manifest(folder, {"schema": SCHEMA, "year": year, "organisation": organisation})
