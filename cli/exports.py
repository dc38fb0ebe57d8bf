"""`foljsam export`: what is on file, on its way out again."""

from pathlib import Path

from cli.console import Wrong, out
from cli.plans import number_of
from config import clock
from config.settings import Settings
from models.database import reading
from reports.plan_files import WRITERS, file_name
from web.plans.plan_export import drawn_as


def plan(settings: Settings, words: str, kind: str, path: Path | None) -> None:
    """Write a plan as a table that can be read in again, under the headings that it came under."""
    if kind not in WRITERS:
        raise Wrong(f"A plan is exported as {' or '.join(WRITERS)}, not {kind!r}.")
    today = clock.today(settings.today)
    with reading(settings) as session:
        plan_id = number_of(session, words)
    found = drawn_as(settings, plan_id, kind, today=today)
    assert found is not None
    table, data = found
    path = path or Path(file_name(table, kind))
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Wrong(f"{path} cannot be written: {error.strerror}.") from error
    out.print(f"{path}: {table.activities} activities.", markup=False)
