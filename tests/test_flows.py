"""The rounds as real Prefect flow runs: named, with an artifact, on a real server."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, update

from config import clock, prefect_api, timetable
from config.settings import Settings
from flows import bookkeeping, prefect_child
from flows.rounds import noted
from flows.schedule import Clockwork
from models.columns import c
from models.database import reading, transaction
from models.round import Round
from rules.access import AT_THE_MACHINE
from tests.cast import Town
from tests.command import Done, each_in_turn
from tests.conftest import free_port
from tests.test_up import wait_for
from web.overview.runs import from_prefect

LINE = timetable.line("morning-round")
_STOCKHOLM = ZoneInfo("Europe/Stockholm")


def foljsam(town: Town, *words: str) -> subprocess.CompletedProcess[str]:
    """The command, as a process of its own: Prefect reads its settings when it is imported."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ
        | {
            "FOLJSAM_HOME": str(town.settings.home),
            "FOLJSAM_PREFECT_API_URL": town.settings.prefect_api,
            "FOLJSAM_PREFECT_AUTH": town.settings.prefect_password,
        },
    )


def run_in_turn(town: Town, *lines: tuple[str, str]) -> list[Done]:
    """Several rounds (line, day) after each other, in one process."""
    commands = [("run", line, "--today", day, "--json") for line, day in lines]
    told = {
        "FOLJSAM_PREFECT_API_URL": town.settings.prefect_api,
        "FOLJSAM_PREFECT_AUTH": town.settings.prefect_password,
    }
    return each_in_turn(town.settings.home, *commands, **told)


def rounds(town: Town, *lines: tuple[str, str]) -> list[dict[str, int]]:
    """The same; what each decided."""
    ran = run_in_turn(town, *lines)
    for done in ran:
        assert done.returncode == 0, done.stderr
    return [json.loads(done.stdout) for done in ran]


def ask(town: Town, path: str, **body: Any) -> Any:  # noqa: ANN401
    """What Prefect's API says."""
    return prefect_api.ask(town.settings, path, body, timeout=20).json()


WAITING = {"state": {"type": {"any_": ["SCHEDULED"]}}}


def until(found: Callable[[], Any], seconds: float = 180) -> Any:  # noqa: ANN401
    """What is found at last."""
    deadline = time.monotonic() + seconds
    while not (told := found()):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    return told


def test_a_round_is_a_named_flow_run_with_few_tasks_and_an_artifact(place: Town) -> None:
    place.decided(by="2024-12-31")
    done = foljsam(place, "run", "morning-round", "--today", "2024-12-01", "--json")
    assert done.returncode == 0, done.stderr
    assert '"letters": 1' in done.stdout
    assert '"posted": 1' in done.stdout
    (run,) = ask(place, "flow_runs/filter", flow_runs={"name": {"like_": "2024-12-01"}})
    assert run["name"] == "morgonrunda 2024-12-01"
    assert run["state_type"] == "COMPLETED"
    tasks = ask(place, "task_runs/count", flow_runs={"id": {"any_": [run["id"]]}})
    assert tasks <= 10
    (artifact,) = ask(place, "artifacts/filter", flow_runs={"id": {"any_": [run["id"]]}})
    assert "1 brev" in artifact["description"]
    (letter,) = place.letters()
    assert f'"Brev": {letter.id}' in artifact["data"]
    with reading(place.settings) as session:
        (row,) = session.execute(select(Round)).scalars()
    assert row.finished_at is not None
    assert row.flow_run_id == run["id"]
    assert row.counts["letters"] == 1
    (share,) = row.shares.values()
    assert share == {"letters": 1, "items": 1}
    said = {"logs": {"flow_run_id": {"any_": [run["id"]]}}}
    lines = [line["message"] for line in ask(place, "logs/filter", **said)]
    assert f"samverkan {next(iter(row.shares))}: brev 1, rader 1" in lines


def test_a_round_that_breaks_is_remembered_with_what_it_broke_on(place: Town) -> None:
    (place.settings.home / "policy.toml").write_text("[letter]\nmost_items = 40\n")
    with transaction(place.settings) as session:
        session.connection().exec_driver_sql("ALTER TABLE notice RENAME TO notice_away")
    done = foljsam(place, "run", "morning-round", "--today", "2024-12-02")
    assert done.returncode != 0
    with reading(place.settings) as session:
        (row,) = session.execute(select(Round)).scalars()
    assert row.finished_at is None
    assert "notice" in row.failed


def test_a_line_is_missed_when_its_time_has_come_since_its_last_good_round(lite: Settings) -> None:
    monday = datetime(2024, 12, 2, 5, 10, tzinfo=UTC)  # 06:10 in Stockholm
    assert LINE in bookkeeping.missed(lite, monday)  # never ran: it is due all the same
    assert bookkeeping.missed(lite, monday - timedelta(hours=4)) == []
    number = bookkeeping.begin(lite, LINE.name, monday.date(), "")
    bookkeeping.end(lite, number, {})
    _began(lite, monday)
    assert LINE not in bookkeeping.missed(lite, monday + timedelta(hours=23))
    assert LINE in bookkeeping.missed(lite, monday + timedelta(hours=25))
    _began(lite, monday + timedelta(days=3))  # Thursday; Friday is missed
    assert bookkeeping.missed(lite, monday + timedelta(days=6)) == []  # never on a Sunday
    assert LINE in bookkeeping.missed(lite, monday + timedelta(days=7))


def test_a_round_run_by_hand_for_another_day_does_not_hide_a_missed_one(lite: Settings) -> None:
    good = bookkeeping.begin(lite, LINE.name, date(2024, 12, 2), "")
    bookkeeping.end(lite, good, {})
    _began(lite, datetime(2024, 12, 2, 5, 10, tzinfo=UTC))
    by_hand = bookkeeping.begin(lite, LINE.name, date(2024, 6, 1), "")
    bookkeeping.end(lite, by_hand, {})
    assert LINE in bookkeeping.missed(lite, datetime(2024, 12, 3, 9, 0, tzinfo=UTC))


def test_a_first_round_that_broke_is_made_good(lite: Settings) -> None:
    with transaction(lite) as session:
        began = datetime(2024, 12, 2, 5, 10, tzinfo=UTC)
        session.add(
            Round(line=LINE.name, on_day=date(2024, 12, 2), started_at=began, failed="borta")
        )
    assert LINE in bookkeeping.missed(lite, datetime(2024, 12, 3, 9, 0, tzinfo=UTC))


def test_a_round_that_finds_no_server_is_noted_for_the_overview(small_town: Town) -> None:
    def no_server() -> None:
        raise prefect_child.ServerError("borta")

    clockwork = Clockwork(small_town.settings, no_server)
    asyncio.run(clockwork._fire(LINE))
    with reading(small_town.settings) as session:
        (row,) = session.execute(select(Round)).scalars()
    assert "borta" in row.failed


def test_a_broken_round_does_not_count_as_run(lite: Settings) -> None:
    good = bookkeeping.begin(lite, LINE.name, date(2024, 12, 2), "")
    bookkeeping.end(lite, good, {})
    _began(lite, datetime(2024, 12, 2, 5, 10, tzinfo=UTC))
    broken = bookkeeping.begin(lite, LINE.name, date(2024, 12, 3), "")
    bookkeeping.fail(lite, broken, RuntimeError("borta"))
    assert LINE in bookkeeping.missed(lite, datetime(2024, 12, 3, 9, 0, tzinfo=UTC))


def _began(told: Settings, moment: datetime) -> None:
    with transaction(told) as session:
        session.execute(
            update(Round)
            .where(c(Round).finished_at.is_not(None))
            .values(started_at=moment, on_day=clock.in_stockholm(moment).date())
        )


def test_the_clockwork_posts_at_once_and_runs_what_was_missed_once(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    async def fake(line: timetable.Line, _today: date | None = None) -> dict[str, int]:
        ran.append(line.name)
        number = bookkeeping.begin(small_town.settings, line.name, clock.today(), "")
        bookkeeping.end(small_town.settings, number, {})
        await asyncio.sleep(0)
        return {}

    monkeypatch.setattr("flows.schedule.run_line", fake)
    monkeypatch.setattr(bookkeeping, "missed", lambda _settings, _now: [] if ran else [LINE])
    number = bookkeeping.begin(small_town.settings, LINE.name, date(2024, 11, 1), "")
    bookkeeping.end(small_town.settings, number, {})
    _began(small_town.settings, datetime(2024, 11, 1, 5, 10, tzinfo=UTC))
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-01")
    clockwork = Clockwork(small_town.settings, lambda: None)
    clockwork.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not (
        ran and any(small_town.settings.letters_folder.glob("*.eml"))
    ):
        time.sleep(0.05)
    clockwork.stop()
    assert ran == ["morning-round"]
    assert len(list(small_town.settings.letters_folder.glob("*.eml"))) == 1


def test_a_round_that_runs_when_we_stop_is_broken_off_noted_and_made_good_and_none_begins(
    small_town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = small_town.settings
    began: list[str] = []

    async def a_long_one(line: timetable.Line, _today: date | None = None) -> dict[str, int]:
        began.append(line.name)
        async with noted(line.name, clock.today()) as (_day, counts):
            await asyncio.sleep(600)
        return counts

    another = next(line for line in timetable.TIMETABLE if line != LINE)
    monkeypatch.setenv("FOLJSAM_HOME", str(told.home))
    monkeypatch.setattr("flows.schedule.run_line", a_long_one)
    monkeypatch.setattr("flows.schedule._ROUNDS_END_WITHIN", 0.2)
    monkeypatch.setattr(bookkeeping, "missed", lambda _settings, _now: [LINE, another])
    clockwork = Clockwork(told, lambda: None)
    clockwork.start()
    wait_for(lambda: bool(_rounds(told)), within=20)
    clockwork.stop()
    assert not clockwork.run_soon(another.name)
    assert began == [LINE.name]
    ((name, finished, failed),) = _rounds(told)
    assert (name, finished, failed) == (LINE.name, None, bookkeeping.STOPPED)
    assert [record for record in caplog.records if record.exc_info] == []
    monkeypatch.undo()
    monday = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert LINE in bookkeeping.missed(told, monday)


def _rounds(told: Settings) -> list[tuple[str, datetime | None, str]]:
    with reading(told) as session:
        rows = session.execute(select(c(Round).line, c(Round).finished_at, c(Round).failed))
        return [(row.line, row.finished_at, row.failed) for row in rows]


def test_runs_of_last_winter_leave_prefects_history_and_last_weeks_stay(
    place: Town, prefect_server: Settings
) -> None:
    now, ours = datetime.now(UTC), prefect_api.password(prefect_server)
    flow = ask(place, "flows/", name="morning-round")["id"]
    done = {"type": "COMPLETED", "name": "Completed"}
    runs = {
        name: ask(place, "flow_runs/", flow_id=flow, name=name, state=done)["id"]
        for name in ("i vintras", "förra veckan")
    }

    def kept(name: str) -> bool:
        address = f"{prefect_server.prefect_api}/flow_runs/{runs[name]}"
        return httpx.get(address, auth=ours).status_code == 200

    with closing(
        sqlite3.connect(prefect_server.home / "prefect" / "prefect.db", timeout=30)
    ) as history:
        for name, days in (("i vintras", 91), ("förra veckan", 7)):
            ended = (now - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")
            history.execute("UPDATE flow_run SET end_time = ? WHERE name = ?", (ended, name))
        history.commit()
    until = time.monotonic() + 60
    while kept("i vintras"):
        assert time.monotonic() < until
        time.sleep(0.2)
    assert kept("förra veckan")


def test_a_log_that_has_grown_long_is_put_aside_at_the_next_start(lite: Settings) -> None:
    told = lite.model_copy(update={"prefect_port": free_port()})
    folder = told.home.absolute() / "prefect"
    folder.mkdir(parents=True)
    (folder / "server.log").write_bytes(b"x" * 5_000_001)
    prefect_child.start(told).stop()
    assert (folder / "server.log.1").stat().st_size == 5_000_001
    assert (folder / "server.log").stat().st_size < 5_000_000


def test_a_deployment_of_the_timetable_gets_scheduled_runs(place: Town) -> None:
    """With some versions of what Prefect stands on, schedules silently make no runs."""
    script = (
        "import asyncio; from flows.deployments import deploy\n"
        "for _ in range(2): print(asyncio.run(deploy()))"  # twice gives the same
    )
    subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | prefect_child.environment(place.settings),
        check=True,
        timeout=240,
        cwd=Path(__file__).resolve().parent.parent,
    )
    deployments = {each["name"]: each for each in ask(place, "deployments/filter")}
    assert deployments.keys() == {line.name for line in timetable.TIMETABLE}
    deployment = deployments["morning-round"]
    assert deployment["entrypoint"] == "flows.morning_round.morning_round"
    (schedule,) = deployment["schedules"]
    assert schedule["schedule"]["timezone"] == "Europe/Stockholm"
    runs = until(
        lambda: ask(
            place,
            "flow_runs/filter",
            flow_runs=WAITING,
            deployments={"name": {"any_": ["morning-round"]}},
            sort="EXPECTED_START_TIME_ASC",
        )
    )
    hours = {
        datetime.fromisoformat(run["expected_start_time"]).astimezone(_STOCKHOLM).strftime("%H:%M")
        for run in runs
    }
    assert hours == {"06:10"}


def test_a_worker_runs_what_the_server_asks_it_and_frida_reads_only_what_has_begun(
    place: Town,
) -> None:
    place.decided(by="2024-12-31")
    told = {
        "FOLJSAM_HOME": str(place.settings.home),
        "FOLJSAM_PREFECT_API_URL": place.settings.prefect_api,
        "FOLJSAM_PREFECT_AUTH": place.settings.prefect_password,
        "FOLJSAM_CLOCK": "prefect",
        "FOLJSAM_TODAY": "2024-12-02",
    }
    # Started as a shell starts a job in the background: SIGINT is ignored.
    command = ["sh", "-c", 'trap "" INT; exec "$0" -m cli worker', sys.executable]
    with subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL) as worker:
        try:
            (deployment,) = until(
                lambda: ask(
                    place, "deployments/filter", deployments={"name": {"any_": [LINE.name]}}
                )
            )
            run = ask(place, f"deployments/{deployment['id']}/create_flow_run")["id"]
            done = {"id": {"any_": [run]}, "state": {"type": {"any_": ["COMPLETED"]}}}
            (ran,) = until(lambda: ask(place, "flow_runs/filter", flow_runs=done))
            worker.terminate()
            worker.wait(20)
        finally:
            worker.kill()
    assert ran["name"] == "morgonrunda 2024-12-02"
    assert [letter.kind for letter in place.letters()] == ["morning"]
    assert until(lambda: ask(place, "flow_runs/filter", flow_runs=WAITING))
    listed = from_prefect(place.settings, AT_THE_MACHINE)
    assert "SCHEDULED" not in {one["state"] for one in listed}
    assert ("morgonrunda 2024-12-02", "ett brev om en aktivitet") in {
        (one["name"], one["decided"]) for one in listed
    }


def test_status_rounds_and_the_weekly_letter_are_flow_runs_with_few_tasks(place: Town) -> None:
    place.activity("Fler SIP", words="alla berörda")
    day = "2024-06-17"
    lines = ("status-round", "weekly-letter", "morning-round")
    opened, week, morning = rounds(place, *((line, day) for line in lines))
    assert (opened["opened"], opened["closed"]) == (1, 0)
    assert week["letters"] == 1
    assert morning["letters"] == 2
    assert {letter.to_name for letter in place.letters()} == {"Alice", "Frida"}
