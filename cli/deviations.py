"""`foljsam import deviations`: an export of the deviation system, read and put on file."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from cli.console import out
from config import clock
from config.settings import Settings
from intake.deviation.shapes import Column, Export, Source, Why
from intake.deviations import (
    MAX_BYTES,
    Compared,
    compare,
    drop,
    look,
    read_deviations,
    source_named,
    take_in,
    taken_before,
)
from intake.documents import read_bytes
from models.database import reading, transaction

BY = "kommandoraden"


def take(settings: Settings, file: Path, mapping: str, *, check: bool, as_json: bool) -> None:
    """Read a file and put its cases on file, or only say what it would change."""
    data = read_bytes(file, max_bytes=MAX_BYTES)
    with reading(settings) as session:
        source = source_named(session, mapping)
    export = read_deviations(file.name, data, source, key=settings.secret)
    counts = _on_file(settings, export, source, clock.now(), check=check)
    if as_json:
        typer.echo(json.dumps(told(export, counts), ensure_ascii=False))
    else:
        _tell(export, counts, check=check)


def _on_file(
    settings: Settings, export: Export, source: Source, now: datetime, *, check: bool
) -> Compared:
    with transaction(settings) as session:
        before = taken_before(session, export.sha256, source.digest)
        if before is not None:
            return Compared(0, 0, len(export.cases))
        import_id = look(session, export, source, BY, now)
        if check:
            counts = compare(session, import_id)
            drop(session, import_id)
            return counts
        return take_in(session, import_id, now).counts


def told(export: Export, counts: Compared) -> dict[str, Any]:
    """The whole answer for a program."""
    return {
        "rows": export.rows,
        "cases": len(export.cases),
        "new": counts.new,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": [{"row": each.row, "reason": each.why.english} for each in export.refused],
        "personnummer_rows": export.personnummer_rows,
        "by_quarter_group": export.by_quarter(Column.GROUP),
        "by_quarter_process": export.by_quarter(Column.PROCESS),
    }


def _tell(export: Export, counts: Compared, *, check: bool) -> None:
    out.print(
        f"{export.rows} rows, {len(export.cases)} cases: {counts.new} new, "
        f"{counts.updated} updated, {counts.unchanged} unchanged."
    )
    for quarter, groups in export.by_quarter(Column.GROUP).items():
        listed = ", ".join(f"{group} {number}" for group, number in groups.items())
        out.print(f"  {quarter}: {listed}", markup=False)
    for why in Why:
        if rows := [each.row for each in export.refused if each.why is why]:
            out.print(f"Refused, row {_listed(rows)}: {why.english}", markup=False)
    if export.personnummer_rows:
        out.print(
            f"Personnummer in row {_listed(export.personnummer_rows)}. They were not kept; "
            "take them out of the deviation system.",
            markup=False,
        )
    if export.hidden:
        out.print(f"{export.hidden} values looked like free text and were not kept.")
    if check:
        out.print("Nothing saved (--check).")


def _listed(rows: list[int], most: int = 20) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(str(row) for row in rows[:most]) + more
