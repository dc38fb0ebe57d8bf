"""`foljsam export archive`: a year as a documented folder, or whether one is whole."""

import json
from pathlib import Path

import typer

from cli.console import Wrong, out
from config.settings import Settings
from models.database import reading
from reports.archive.making import make
from reports.archive.manifest import ArchiveError, check

FIRST, LAST = 1900, 2200


def write(settings: Settings, year: int, folder: Path | None, *, as_json: bool) -> None:
    """Write a year's archive."""
    if not FIRST <= year <= LAST:
        raise Wrong(f"{year} is not a year. Write it as 2025.")
    path = folder or Path(f"arkiv-{year}")
    try:
        with reading(settings) as session:
            kept = make(session, settings.organisation, year, path)
    except ArchiveError as error:
        raise Wrong(f"{error}.") from error
    except OSError as error:
        raise Wrong(f"{path} cannot be written: {error.strerror}.") from error
    size = sum(one.bytes for one in kept)
    if as_json:
        typer.echo(json.dumps({"folder": str(path), "files": len(kept), "bytes": size}))
    else:
        out.print(f"{path}: {len(kept)} files, {size} bytes, and manifest.json.", markup=False)


def verify(folder: Path, *, as_json: bool) -> None:
    """Compare an archive with its manifest; ends with 1 when it is not whole."""
    try:
        problems = check(folder)
    except ArchiveError as error:
        raise Wrong(f"{error}.") from error
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), "problems": problems}, ensure_ascii=False))
    else:
        for problem in problems or ["Every file is as the manifest says."]:
            out.print(problem, markup=False)
    if problems:
        raise typer.Exit(1)
