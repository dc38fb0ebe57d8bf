"""Körningar: which rounds ran, when, and how it went, as Prefect's API tells it."""

from datetime import datetime
from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from config import prefect_api
from config.settings import Settings
from config.timetable import TIMETABLE
from models.columns import c
from models.database import reading
from models.round import Round
from rules.wording import counted
from web.page import settings_of, show

router = APIRouter()
LATEST = 50

STATE_IN_WORDS = {
    "COMPLETED": "Klar",
    "RUNNING": "Pågår",
    "PENDING": "Startar",
    "FAILED": "Misslyckades",
    "CRASHED": "Avbröts",
    "CANCELLED": "Avbruten",
    "CANCELLING": "Avbryts",
    "PAUSED": "Pausad",
}


@router.get("/korningar")
def runs(request: Request) -> HTMLResponse:
    """The latest flow runs, with a way into Prefect's own pages."""
    settings = settings_of(request)
    try:
        found, problem = from_prefect(settings), ""
    except (httpx.HTTPError, ValueError, KeyError):
        found = []
        problem = (
            "Prefects server svarar inte just nu. Den behöver ett tiotal sekunder vid start. "
            "Ladda om sidan om en stund."
        )
    values = {
        "runs": found,
        "problem": problem,
        "timetable": TIMETABLE,
        "prefect": settings.prefect_ui,
        "words": STATE_IN_WORDS,
    }
    return show(request, "runs.html", "Körningar", values)


def from_prefect(settings: Settings) -> list[dict[str, Any]]:
    """The latest runs, as Prefect tells them; not those that only have a time to begin."""
    begun = {"state": {"type": {"not_any_": ["SCHEDULED"]}}}
    asked = {"sort": "START_TIME_DESC", "limit": LATEST, "flow_runs": begun}
    answer = prefect_api.ask(settings, "flow_runs/filter", asked)
    decided = _decided(settings)
    return [
        {
            "name": run["name"],
            "state": run["state_type"] or "",
            "began": datetime.fromisoformat(run["start_time"]) if run["start_time"] else None,
            "seconds": run["total_run_time"] or 0.0,
            "decided": decided.get(run["id"], ""),
            "address": f"{settings.prefect_ui}/runs/flow-run/{run['id']}",
        }
        for run in answer.json()
    ]


def _decided(settings: Settings) -> dict[str, str]:
    """What each round came to, from our own table, by its flow run."""
    with reading(settings) as session:
        rows = session.execute(
            select(c(Round).flow_run_id, c(Round).counts, c(Round).failed)
            .order_by(c(Round).id.desc())
            .limit(LATEST * 2)
        ).all()
    return {flow_run_id: failed or _in_words(counts) for flow_run_id, counts, failed in rows}


def _in_words(counts: dict[str, int]) -> str:
    aside = counts.get("set_aside", 0)
    return _written(counts) + (f", {aside} gick inte att göra" if aside else "")


def _written(counts: dict[str, int]) -> str:
    if not counts.get("letters"):
        return "inget att skriva om"
    letters = counted(counts["letters"], "brev", "brev", neuter=True)
    return f"{letters} om {counted(counts.get('items', 0), 'aktivitet', 'aktiviteter')}"
