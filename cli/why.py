"""`foljsam why`: the reasons that no letter went, as words or as JSON."""

import json
from datetime import date

import typer

from cli.console import Wrong, out
from config import clock, policy
from config.settings import Settings
from models.database import reading
from notifications.why_not import explain, people_named


def show(told: Settings, person: str, day: date | None, *, as_json: bool) -> None:
    """Print one reason a line. Raises `Wrong` when the name means nobody, or several."""
    today = clock.today(told.today)
    with reading(told) as session:
        found = people_named(session, person)
        if len(found) != 1:
            which = ", ".join(address for _, _, address in found) or "nobody on file"
            raise Wrong(f"{person!r} means {which}. Write the address of one person.")
        because = explain(session, policy.load(told.home), found[0][0], day or today, today)
    for one in because:
        if as_json:
            said = {
                "reason": one.reason,
                "activity": one.activity_id,
                "plan": one.plan_id,
                "words": one.words,
            }
            typer.echo(json.dumps(said, ensure_ascii=False))
        else:
            about = f"{one.what}: " if one.what else ""
            out.print(f"{one.reason.value}: {about}{one.words}", markup=False)
