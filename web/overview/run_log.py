"""One run: how it went, and those lines of its log that she may read.

An administrator reads all of it. A process leader reads the lines that a round writes about her own
collaborations, and what Prefect itself says of every run; a line that cannot be told to be hers may
name somebody else's, so it is left out, and that it was is said.
"""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from config import prefect_api
from config.settings import Settings
from models.columns import c
from models.database import reading
from models.round import Round
from rules.access import Viewer
from web.overview.runs import STATE_IN_WORDS, in_words
from web.page import settings_of, show, viewer_of

router = APIRouter()
MOST = 200  # lines; Prefect gives no more at a time

_NUMBER = r"(?:brev|rader|statusrundor|rapporter) [0-9]+"
_ABOUT = re.compile(rf"samverkan ([0-9]+): {_NUMBER}(?:, {_NUMBER})*")
_OF_EVERY_RUN = re.compile(
    r"Beginning flow run '[\w åäö-]+' for flow '[a-z-]+'|Finished in state Completed\(\)"
)
_LEVELS = {30: "Varning", 40: "Fel", 50: "Fel"}


@router.get("/korningar/{run}")
def one_run(request: Request, run: str) -> HTMLResponse:
    """A run of ours and its log."""
    settings, viewer = settings_of(request), viewer_of(request)
    row = _on_file(settings, run)
    try:
        found = dict(prefect_api.ask(settings, f"flow_runs/{UUID(run)}").json())
        lines, left_out = _log(settings, run, viewer)
    except prefect_api.AWAY:
        found, lines, left_out = {}, [], 0
    values = {
        "state": STATE_IN_WORDS.get(found.get("state_type", ""), ""),
        "began": row.started_at,
        "ended": row.finished_at,
        "decided": in_words(row, viewer),
        "lines": lines,
        "left_out": left_out,
        "silent": not found,
    }
    return show(request, "run.html", found.get("name", "Körning"), values)


def _on_file(settings: Settings, run: str) -> Any:  # noqa: ANN401 - a row
    """The round that the run was, in our own table."""
    row = c(Round)
    try:
        number = str(UUID(run))
    except ValueError:
        raise HTTPException(404) from None
    columns = (row.started_at, row.finished_at, row.counts, row.shares, row.failed)
    with reading(settings) as session:
        found = session.execute(select(*columns).where(row.flow_run_id == number)).first()
    if found is None:
        raise HTTPException(404)
    return found


def _log(settings: Settings, run: str, viewer: Viewer) -> tuple[list[dict[str, Any]], int]:
    """The lines that she may read, and how many there are beside them."""
    asked = {
        "logs": {"flow_run_id": {"any_": [str(UUID(run))]}},
        "sort": "TIMESTAMP_ASC",
        "limit": MOST,
    }
    said = prefect_api.ask(settings, "logs/filter", asked).json()
    hers = [line for line in said if may_read(viewer, line["message"])]
    lines = [
        {
            "at": datetime.fromisoformat(line["timestamp"]),
            "level": _LEVELS.get(line["level"], ""),
            "words": line["message"],
        }
        for line in hers
    ]
    return lines, len(said) - len(hers)


def may_read(viewer: Viewer, words: str) -> bool:
    """Is the line about nothing but what she leads?"""
    if viewer.administrator or _OF_EVERY_RUN.fullmatch(words):
        return True
    about = _ABOUT.fullmatch(words)
    return about is not None and int(about[1]) in viewer.leads
