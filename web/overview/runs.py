"""Körningar: which rounds ran, when, how it went, and what each decided, as she may know it.

A round goes for all collaborations at once. An administrator reads all of it; a process leader what
it did for those that she leads, in numbers that the round noted (`flows/shares.py`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import func, select

from config import clock, prefect_api
from config.settings import Settings
from config.timetable import TIMETABLE
from models.columns import c
from models.database import reading
from models.round import Round
from models.virus import VirusFound
from rules.access import Viewer
from rules.wording import counted
from web.overview.health import SCANNER, STILL, last_tick
from web.overview.run_now import begin, why_not_now
from web.page import may_open, settings_of, show, viewer_of
from web.prefect_door import ticket
from web.sent import Sent

router = APIRouter()
LATEST = 50
_LATE = timedelta(minutes=30)  # what begins so long after its time is said to
_LATELY = 30  # days that viruses are counted for

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
_NOTHING = "inget att skriva om"
_NOT_HERS = "inget för din samverkan"


@router.get("/korningar")
def runs(request: Request, startad: str = "") -> HTMLResponse:
    """The latest rounds, the timetable, and a way to run a line of it now."""
    asked = next((line.title for line in TIMETABLE if line.name == startad), "")
    return page_of_runs(request, asked=asked)


def page_of_runs(
    request: Request, *, asked: str = "", refused: str = "", status: int = 200
) -> HTMLResponse:
    """The page, perhaps with what was just asked for or refused."""
    settings = settings_of(request)
    waiting = 0
    try:
        found, problem = from_prefect(settings, viewer_of(request)), ""
        waiting = prefect_api.late(settings, clock.now() - _LATE)
    except prefect_api.AWAY:
        found = []
        problem = (
            "Prefects server svarar inte just nu. Den behöver ett tiotal sekunder vid start. "
            "Ladda om sidan om en stund."
        )
    values = {
        "runs": found,
        "problem": problem,
        "waiting": waiting,
        "refused": refused,
        "asked": asked,
        "timetable": [(line, why_not_now(request, line)) for line in TIMETABLE],
        "all_of_it": viewer_of(request).administrator,
        "opens_prefect": may_open(request, "/korningar/prefect"),
        "scanned": _scanned(settings) if viewer_of(request).administrator else None,
        "words": STATE_IN_WORDS,
    }
    return show(request, "runs.html", "Körningar", values, status)


def _scanned(settings: Settings) -> Mapping[str, Any] | None:
    """Does the virus scanner answer, and what has it stopped? None where there is none."""
    if settings.scanner is None:
        return None
    row, now = c(VirusFound), clock.now()
    number = func.count()
    lately = row.at > now - timedelta(days=_LATELY)
    asked = select(row.name, number).where(lately).group_by(row.name)
    with reading(settings) as session:
        answered = last_tick(session, SCANNER)
        found = session.execute(asked.order_by(number.desc(), row.name)).tuples().all()
    stopped = sum(times for _, times in found)
    return {
        "answered": answered,
        "stands": answered is None or now - answered > STILL,
        "stopped": counted(stopped, "fil", "filer") if stopped else "inga filer",
        "viruses": [f"{name} ({times})" for name, times in found],
        "days": _LATELY,
    }


@router.post("/korningar")
def run_now(request: Request, given: Sent) -> Response:
    """Begin a line of the timetable, or say why not."""
    line = next((each for each in TIMETABLE if each.name == given.get("runda")), None)
    if line is None:
        return page_of_runs(request, refused="Välj en runda i tidtabellen.", status=422)
    if refused := begin(request, line):
        return page_of_runs(request, refused=f"{line.title}: {refused}", status=422)
    return RedirectResponse(f"/korningar?startad={line.name}", 303)


@router.get("/korningar/prefect")
def prefects_own(request: Request) -> RedirectResponse:
    """Prefect's own pages, on an origin of their own; with sign-in a ticket lets her in there."""
    settings, session_id = settings_of(request), viewer_of(request).session_id
    address = ticket(settings, session_id) if session_id is not None else settings.prefect_ui
    return RedirectResponse(address, 303)


def from_prefect(settings: Settings, viewer: Viewer) -> list[dict[str, Any]]:
    """The latest runs, as Prefect tells them; not those that only have a time to begin.

    One that is not in our own table is an administrator's: nobody knows what it was about.
    """
    begun = {"state": {"type": {"not_any_": ["SCHEDULED"]}}}
    asked = {"sort": "START_TIME_DESC", "limit": LATEST, "flow_runs": begun}
    answer = prefect_api.ask(settings, "flow_runs/filter", asked)
    decided = _decided(settings, viewer)
    return [
        {
            "id": run["id"],
            "name": run["name"],
            "state": run["state_type"] or "",
            "began": _moment(run["start_time"]),
            "late_since": _late_since(run),
            "seconds": run["total_run_time"] or 0.0,
            "decided": decided.get(run["id"], ""),
        }
        for run in answer.json()
        if viewer.administrator or run["id"] in decided
    ]


def _moment(words: str | None) -> datetime | None:
    return datetime.fromisoformat(words) if words else None


def _late_since(run: Mapping[str, Any]) -> datetime | None:
    """The time that a run should have begun at, when it began much later."""
    began, asked_for = _moment(run["start_time"]), _moment(run["expected_start_time"])
    if began is None or asked_for is None or began - asked_for < _LATE:
        return None
    return asked_for


def _decided(settings: Settings, viewer: Viewer) -> dict[str, str]:
    """What each round came to, as she may know it, from our own table, by its flow run."""
    row = c(Round)
    with reading(settings) as session:
        rows = session.execute(
            select(row.flow_run_id, row.finished_at, row.counts, row.shares, row.failed)
            .order_by(row.id.desc())
            .limit(LATEST * 2)
        ).all()
    return {row.flow_run_id: in_words(row, viewer) for row in rows}


def in_words(row: Any, viewer: Viewer) -> str:  # noqa: ANN401 - a row of `round`
    """What a round came to. What it broke on may name anybody, so it is the administrator's."""
    if viewer.administrator:
        return row.failed or _counts_in_words(row.counts)
    if row.failed:
        return "gick sönder. Det har vi antecknat, och den görs om av sig själv"
    if row.finished_at is None:
        return ""
    return _share_in_words(_hers(row.shares, viewer))


def _hers(shares: Mapping[str, Mapping[str, int]], viewer: Viewer) -> dict[str, int]:
    """The sum of what was done for those that she leads."""
    total: dict[str, int] = {}
    for area in viewer.leads:
        for name, number in shares.get(str(area), {}).items():
            total[name] = total.get(name, 0) + number
    return total


def _share_in_words(share: dict[str, int]) -> str:
    if share.get("letters"):
        letters = counted(share["letters"], "brev", "brev", neuter=True)
        if not share.get("items"):
            return letters
        return f"{letters} om {counted(share['items'], 'sak', 'saker')} hos er"
    if share.get("rounds"):
        return f"{counted(share['rounds'], 'statusrunda', 'statusrundor')} öppnades"
    if share.get("reports"):
        return f"{counted(share['reports'], 'rapport', 'rapporter')} skickades"
    return _NOT_HERS


def _counts_in_words(counts: dict[str, int]) -> str:
    aside = counts.get("set_aside", 0)
    return _written(counts) + (f", {aside} gick inte att göra" if aside else "")


def _written(counts: dict[str, int]) -> str:
    if not counts.get("letters"):
        return _NOTHING
    letters = counted(counts["letters"], "brev", "brev", neuter=True)
    items = counts.get("items", 0)
    return f"{letters} om {counted(items, 'aktivitet', 'aktiviteter')}" if items else letters
