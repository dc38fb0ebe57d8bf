"""Prefect's clock: quiet days hold, a killed worker's run ends, what was missed is made good."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from config import clock, prefect_api, timetable
from config.prefect_api import Begun
from config.settings import Settings
from flows import bookkeeping, gone, prefect_child
from models.columns import c
from models.database import reading, transaction
from models.round import Round
from tests.cast import Town
from tests.test_flows import ask

LINE = timetable.line("morning-round")
ROOT = Path(__file__).resolve().parent.parent


def python(town: Town, script: str, *words: str) -> str:
    """What a process of this installation says."""
    environment = os.environ | prefect_child.environment(town.settings)
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=environment,
        check=True,
        timeout=240,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def deployed(place: Town) -> Town:
    """The timetable is on Prefect's server, which keeps it from test to test."""
    there = {each["name"] for each in ask(place, "deployments/filter")}
    if there >= {line.name for line in timetable.TIMETABLE}:
        return place
    python(place, "import asyncio; from flows.deployments import deploy; asyncio.run(deploy())")
    return place


def a_run(town: Town, state: str) -> str:
    """A run of the morning round at Prefect, as a worker would leave it."""
    named = {"name": {"any_": [LINE.name]}}
    (deployment,) = ask(town, "deployments/filter", deployments=named)
    tags = ["foljsam", "prov"]
    run = ask(town, f"deployments/{deployment['id']}/create_flow_run", tags=tags)["id"]
    for step in ("PENDING", state):
        ask(town, f"flow_runs/{run}/set_state", state={"type": step, "name": step}, force=True)
    return str(run)


def state_of(town: Town, run: str) -> str:
    """Where it is, according to Prefect."""
    (found,) = ask(town, "flow_runs/filter", flow_runs={"id": {"any_": [run]}})
    return str(found["state_type"])


def began(settings: Settings, run: str, **told: Any) -> None:  # noqa: ANN401
    """A round of ours, run by that run."""
    number = bookkeeping.begin(settings, LINE.name, clock.today(), run)
    if told:
        with transaction(settings) as session:
            session.execute(update(Round).where(c(Round).id == number).values(**told))


def test_on_a_quiet_day_a_clocks_run_rests_and_somebodys_own_goes(place: Town) -> None:
    (place.settings.home / "policy.toml").write_text(
        '[calendar]\nquiet = ["12-16..01-07"]\n', "utf-8"
    )
    place.decided(by="2024-12-31")
    script = (
        "import asyncio, os, sys; from flows.morning_round import morning_round as round_\n"
        "for day in sys.argv[1:]: os.environ['FOLJSAM_TODAY'] = day; print(asyncio.run(round_()))"
    )
    quiet = python(place, script, "2024-12-21", "2024-12-18", "2024-12-14")
    assert quiet.split("\n")[:3] == ["{'rests': 1}"] * 3
    assert place.letters() == []
    with reading(place.settings) as session:
        assert session.execute(select(Round)).first() is None
    assert "'letters': 1" in python(place, script, "2024-12-13")


def test_a_killed_workers_run_is_crashed_and_one_that_lives_is_left(deployed: Town) -> None:
    settings = deployed.settings
    dead, living, silent = (a_run(deployed, "RUNNING") for _ in range(3))
    soon = clock.now() + timedelta(minutes=6)
    began(settings, dead)
    began(settings, living, seen_at=soon)
    assert bookkeeping.bury(settings, soon - gone.STILL) == 1
    assert gone.tell_prefect(settings, clock.now()) == 0  # they have just begun
    assert gone.tell_prefect(settings, soon) >= 2
    assert [state_of(deployed, run) for run in (dead, living, silent)] == [
        "CRASHED",
        "RUNNING",
        "CRASHED",
    ]
    with reading(settings) as session:
        assert session.execute(select(c(Round).failed).order_by(c(Round).id)).scalars().all() == [
            "Processen som körde rundan försvann.",
            "",
        ]
    ask(deployed, f"flow_runs/{living}/set_state", state={"type": "COMPLETED"}, force=True)


def test_a_missed_line_is_asked_for_once_and_counted_as_late_until_a_worker_begins(
    deployed: Town,
) -> None:
    settings, now = deployed.settings, clock.now()
    line = timetable.line("year-close")
    assert gone.make_good(settings, line, now) is Begun.NOW
    later = clock.now() + timedelta(seconds=1)
    assert gone.make_good(settings, line, later) is Begun.ALREADY
    assert prefect_api.late(settings, later) >= 1
    named = {"name": {"any_": [line.name]}}
    waiting = {"expected_start_time": {"before_": later.isoformat()}}
    for run in ask(deployed, "flow_runs/filter", deployments=named, flow_runs=waiting):
        assert run["parameters"] == {}  # a clock's run: it rests on a quiet day
        ask(deployed, f"flow_runs/{run['id']}/set_state", state={"type": "CANCELLED"}, force=True)


def test_a_line_that_nobody_has_put_on_the_server_is_not_asked_for(place: Town) -> None:
    odd = timetable.Line("no-such-round", "", "", "", "0 6 * * mon-fri", "")
    assert gone.make_good(place.settings, odd, clock.now()) is Begun.NO_DEPLOYMENT


def test_a_round_that_only_slept_is_believed_at_its_end(lite: Settings) -> None:
    number = bookkeeping.begin(lite, LINE.name, date(2024, 12, 2), "")
    assert bookkeeping.bury(lite, clock.now() + timedelta(minutes=6)) == 1
    bookkeeping.end(lite, number, {"letters": 2})
    with reading(lite) as session:
        row = session.get_one(Round, number)
        assert (row.failed, row.finished_at is not None) == ("", True)
    bookkeeping.seen(lite, number)
    assert bookkeeping.bury(lite, clock.now() + timedelta(days=1)) == 0
