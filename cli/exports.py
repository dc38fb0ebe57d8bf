"""`foljsam export`: what is on file, on its way out again."""

from pathlib import Path

from cli.console import Wrong, out
from cli.plans import number_of
from config.settings import Settings
from models.database import reading
from reports.plan_table import WRITERS, file_name, plan_table


def plan(settings: Settings, words: str, kind: str, path: Path | None) -> None:
    """Write a plan as a table that can be read in again."""
    if kind not in WRITERS:
        raise Wrong(f"A plan is exported as {' or '.join(WRITERS)}, not {kind!r}.")
    with reading(settings) as session:
        table = plan_table(session, number_of(session, words))
    assert table is not None
    path = path or Path(file_name(table, kind))
    try:
        path.write_bytes(WRITERS[kind](table))
    except OSError as error:
        raise Wrong(f"{path} cannot be written: {error.strerror}.") from error
    out.print(f"{path}: {len(table.rows) + len(table.running_on)} activities.", markup=False)
