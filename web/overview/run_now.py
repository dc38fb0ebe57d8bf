"""Kör nu: a line of the timetable is run at once, by whichever clock this installation has.

A round goes for all collaborations. So whoever leads only some of them may run one when its time
has come that day: then it makes good what is left, and nobody else's letters go before they were
promised. An administrator, and whoever leads every collaboration, may at any time.
"""

from datetime import date, datetime

from fastapi import Request
from sqlalchemy import select

from config import clock, prefect_api
from config.prefect_api import Begun
from config.settings import Clock, Settings
from config.timetable import Line, first_time_on
from models.columns import c
from models.database import reading
from models.group import Collaboration
from notifications.quiet_days import nobody_is_written_to
from web.page import settings_of, today_of, viewer_of

RUNS_ALREADY = "Rundan pågår redan. Ladda om sidan om en stund och se hur det gick."
NO_CLOCK = (
    "Här går ingen klocka som kan köra rundor. Be den som sköter Följsam starta den, "
    "eller köra rundan från kommandoraden."
)
CLOCK_SILENT = "Klockan som kör rundor svarar inte just nu. Försök igen om en stund."
SILENT = "Prefects server svarar inte just nu. Försök igen om en stund."


def why_not_now(request: Request, line: Line) -> str:
    """Why she may not run it now; "" when she may."""
    viewer, settings = viewer_of(request), settings_of(request)
    if viewer.administrator:
        return ""
    with reading(settings) as session:
        everybody = set(session.execute(select(c(Collaboration).id)).scalars())
    if everybody <= viewer.leads:
        return ""
    today = today_of(request)
    first = first_time_on(line, today)
    if first is None or nobody_is_written_to(settings, today):
        return "Den går inte i dag. Be en administratör om den ändå behövs."
    if clock.in_stockholm(clock.now()).time() < first.time():
        return f"Den går för alla samverkan klockan {first:%H.%M}. Efter det kan du köra den igen."
    return ""


def begin(request: Request, line: Line) -> str:
    """Begin it, if she may; returns why that could not be."""
    if refused := why_not_now(request, line):
        return refused
    settings = settings_of(request)
    if settings.clock is Clock.PREFECT:
        try:
            return _ask_prefect(settings, line, clock.now(), today_of(request))
        except prefect_api.AWAY:
            return SILENT
    run_soon = getattr(request.app.state, "run_now", None)  # the clock of the process we come from
    if run_soon is None:
        return NO_CLOCK
    try:
        return "" if run_soon(line.name) else RUNS_ALREADY
    except OSError:
        return CLOCK_SILENT


def _ask_prefect(settings: Settings, line: Line, now: datetime, today: date) -> str:
    """A flow run of the line's deployment, for a worker. One that waits or runs is enough."""
    key = f"{line.name} {now:%Y-%m-%d %H:%M}"  # two clicks at once make one run
    begun = prefect_api.ask_for_run(settings, line.name, now, key, "kör nu", today)
    return {Begun.NOW: "", Begun.ALREADY: RUNS_ALREADY, Begun.NO_DEPLOYMENT: NO_CLOCK}[begun]
