"""What Prefect does not notice: runs whose worker was killed, and times that it made no run for.

A worker that is killed leaves its run "Running" for good, and the deployment's one place taken; our
own table knows better (`round.seen_at`). A time that came while the server was down, or before the
timetable was put on it, has no run: a worker is asked for one, as one machine would run it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from config import prefect_api
from config.prefect_api import Begun
from config.settings import Settings
from config.timetable import Line
from models.columns import c
from models.database import reading
from models.round import Round

STILL = timedelta(minutes=5)  # without a sign of life for so long a round is dead
_MOST = 200  # runs that are looked at


def tell_prefect(settings: Settings, now: datetime) -> int:
    """Let runs that nobody runs any longer be "Crashed". Returns how many. Raises `HTTPError`.

    1. Runs that have been "Running" or "Pending" for minutes.
    2. Not those whose round lives; and of those that never noted a round, only our deployments'.
    """
    going = {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}
    asked = {"flow_runs": going, "limit": _MOST}
    runs = prefect_api.ask(settings, "flow_runs/filter", asked).json()
    old = [run for run in runs if now - _since(run) > STILL]
    if not old:
        return 0
    row = c(Round)
    found = select(row.flow_run_id, row.finished_at, row.failed).where(
        row.flow_run_id.in_([run["id"] for run in old])
    )
    with reading(settings) as session:
        lives = {
            each.flow_run_id: each.finished_at is None and not each.failed
            for each in session.execute(found)
        }
    dead = [run["id"] for run in old if not lives.get(run["id"], "foljsam" not in run["tags"])]
    state = {"type": "CRASHED", "name": "Crashed", "message": "The process that ran it is gone."}
    for run_id in dead:
        prefect_api.ask(settings, f"flow_runs/{run_id}/set_state", {"state": state})
    return len(dead)


def make_good(settings: Settings, line: Line, now: datetime) -> Begun:
    """Ask a worker for a line that was missed, once an hour; one that waits or runs is enough."""
    key = f"{line.name} missed {now:%Y-%m-%d %H}"
    return prefect_api.ask_for_run(settings, line.name, now, key, "missad")


def _since(run: dict[str, Any]) -> datetime:
    """Since when it is as it is."""
    return datetime.fromisoformat(run["state"]["timestamp"])
