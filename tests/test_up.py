"""`foljsam up`: one process to start, and nothing left when it ends, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.command import within
from tests.conftest import free_port
from tests.databases import put_migrated
from tests.prefects import put_tables

PORTS = ("FOLJSAM_PORT", "FOLJSAM_PREFECT_PORT", "FOLJSAM_PREFECT_DOOR_PORT")


@dataclass
class Running:
    """A running installation."""

    process: subprocess.Popen[str]
    home: Path
    port: int
    prefect_port: int
    door_port: int

    def page(self, path: str) -> str:
        """A page's text."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10).text

    def answers(self) -> bool:
        """Do the pages answer?"""
        return _ok(f"http://127.0.0.1:{self.port}/health")

    def prefect_answers(self) -> bool:
        """Does Prefect answer?"""
        return _ok(f"http://127.0.0.1:{self.prefect_port}/api/health")


def _ok(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def wait_for(it: Callable[[], bool], within: float = 60) -> None:
    """Until it is so."""
    deadline = time.monotonic() + within
    while not it():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def start(home: Path, **environment: str) -> Running:
    """Start an installation on ports of its own."""
    ports = {name: str(free_port()) for name in PORTS}
    told = os.environ | {"FOLJSAM_HOME": str(home)} | ports | environment
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "up"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=told,
        start_new_session=True,
    )
    return Running(process, home, *(int(told[name]) for name in PORTS))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """An installation that is up, pages and Prefect; both databases have been made before."""
    put_migrated(tmp_path)
    put_tables(tmp_path / "prefect" / "prefect.db")
    up = start(tmp_path)
    wait_for(up.answers)
    wait_for(up.prefect_answers, within=240)  # many tests may share few processors
    yield up
    if up.process.poll() is None:
        up.process.kill()
        up.process.wait()


def test_it_says_where_to_click_serves_both_and_leaves_nothing_behind(running: Running) -> None:
    assert "Kom igång" in running.page("/")
    assert "Ingen runda har körts ännu" in running.page("/korningar")
    running.process.send_signal(signal.SIGINT)
    said, wrong = running.process.communicate(timeout=120)
    assert running.process.returncode == 0
    assert f"http://127.0.0.1:{running.port}" in said
    assert f"http://127.0.0.1:{running.door_port}" in said
    assert "Traceback" not in wrong
    assert not running.prefect_answers()


def test_a_killed_parent_leaves_no_orphan(running: Running) -> None:
    running.process.kill()
    running.process.wait()
    wait_for(lambda: not running.prefect_answers(), within=20)


@pytest.mark.parametrize("name", PORTS)
def test_a_taken_port_is_said_in_one_sentence_with_the_settings_name(
    tmp_path: Path, name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        ports = {one: str(free_port()) for one in PORTS} | {name: str(port)}
        second = within(tmp_path, "up", **ports)
    assert second.returncode == 2
    assert f"Port {port} is taken" in second.stderr
    assert name in second.stderr
