"""The pages in several processes: one port, one pace, one clock; who dies is replaced; all end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from cli.line import Line
from models.columns import c
from models.database import close, transaction
from models.in_turn import Busy, Next
from models.person import Person
from tests.cast import Town
from tests.conftest import free_port
from tests.databases import put_migrated
from tests.test_up import wait_for
from web.pace import Measure, Pace


class Web:
    """`foljsam web`, in two processes of pages."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        told = {
            "FOLJSAM_HOME": str(home),
            "FOLJSAM_PORT": str(self.port),
            "FOLJSAM_PREFECT_DOOR_PORT": str(free_port()),
            "FOLJSAM_PROCESSES": "2",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "web"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | told,
            start_new_session=True,
        )

    @property
    def watch(self) -> int:
        """The process that watches over those of pages."""
        (watch,) = _children(self.process.pid)
        return watch

    def pages(self) -> set[int]:
        """The processes of pages."""
        return set(_children(self.watch))

    def answers(self) -> bool:
        """Does somebody answer, on a connection of its own?"""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=20).status_code == 200
        except httpx.HTTPError:
            return False


def _children(process: int) -> list[int]:
    """The processes that a process has made; none when it is gone."""
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(number) for number in told.split()]


def _lives(process: int) -> bool:
    """Is it there, and not only as a number that its parent has not asked after?"""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The pages, when both processes are there."""
    put_migrated(tmp_path)
    found = Web(tmp_path)
    wait_for(found.answers, within=120)
    wait_for(lambda: len(found.pages()) == 2)
    yield found
    if found.process.poll() is None:
        found.process.kill()
        found.process.wait()


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")


@needs_linux
def test_two_answer_from_one_port_and_one_that_is_killed_is_replaced(web: Web) -> None:
    first = web.pages()
    dead = min(first)
    os.kill(dead, signal.SIGKILL)
    wait_for(lambda: len(web.pages() - {dead}) == 2)
    assert web.answers()
    (other,) = first - {dead}
    os.kill(other, signal.SIGSTOP)  # one that stands still takes nobody
    try:
        assert web.answers()
    finally:
        os.kill(other, signal.SIGCONT)
    (new,) = web.pages() - first
    os.kill(new, signal.SIGSTOP)
    try:
        assert web.answers()
    finally:
        os.kill(new, signal.SIGCONT)


@needs_linux
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_end_with_the_one_that_was_started(web: Web, how: signal.Signals) -> None:
    everybody = {web.watch, *web.pages()}
    began = time.monotonic()
    web.process.send_signal(how)
    _, said = web.process.communicate(timeout=30)
    wait_for(lambda: not any(map(_lives, everybody)), within=20)
    assert time.monotonic() - began < 20  # a quiet machine takes one second
    assert web.process.returncode == (0 if how is not signal.SIGKILL else -how)
    assert "Traceback" not in said


@needs_linux
def test_when_the_watch_dies_the_pages_end_and_so_does_the_whole(web: Web) -> None:
    pages = web.pages()
    os.kill(web.watch, signal.SIGKILL)
    _, said = web.process.communicate(timeout=30)
    assert web.process.returncode == 2
    assert "The pages ended by themselves" in said
    wait_for(lambda: not any(map(_lives, pages)), within=20)


def test_processes_count_as_one_how_often_somebody_asks() -> None:
    pace = Pace("foljsam", pages=Measure(4, 0.001))
    link = {"path": "/svar/abc", "method": "GET", "headers": []}
    allowed = [_in_a_copy(lambda: pace.allows(link)) for _ in range(6)]
    assert allowed == [True, True, True, True, False, False]
    assert not pace.allows(link)


def test_a_round_is_begun_where_the_clock_is() -> None:
    line, begun = Line(), []

    def begin(name: str) -> bool:
        begun.append(name)
        return name != "runs-already"

    line.listen(begin)
    assert _in_a_copy(lambda: line.ask("morning-round"))
    assert not line.ask("runs-already")
    assert begun == ["morning-round", "runs-already"]


def test_a_clock_that_fails_or_is_gone_is_said_and_waited_for_by_nobody() -> None:
    line = Line()
    line.listen(lambda name: {"morning-round": True}[name])
    with pytest.raises(ConnectionError):
        line.ask("no such round")
    assert line.ask("morning-round")
    line.close()
    began = time.monotonic()
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system says
        line.ask("morning-round")
    assert time.monotonic() - began < 4


def test_whoever_writes_over_and_over_lets_the_one_who_waits_be_next(tmp_path: Path) -> None:
    ours, theirs = Next(tmp_path / "next"), Next(tmp_path / "next")
    now = time.monotonic()
    with ours.waiting(now), pytest.raises(Busy), theirs.waiting(now):
        pass
    with theirs.waiting(now):
        pass


def test_a_morning_that_writes_over_and_over_holds_up_no_other_process(small_town: Town) -> None:
    told = small_town.settings

    def write(seconds: float) -> None:
        rename = update(Person).where(c(Person).id == small_town.bob).values(name="Bob B")
        with transaction(told) as session:
            session.execute(rename)
            time.sleep(seconds)

    close(told)  # a connection to the database is nobody's but the process that made it
    morning = os.fork()
    if not morning:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            write(0.03)
        os._exit(0)
    try:
        time.sleep(0.5)
        for _ in range(5):
            began = time.monotonic()
            write(0)
            assert time.monotonic() - began < 3  # left to SQLite it is until the morning has ended
    finally:
        os.kill(morning, signal.SIGKILL)
        os.waitpid(morning, 0)


def _in_a_copy(ask: object) -> bool:
    """What it says in a process that is a copy of this one."""
    child = os.fork()
    if not child:
        os._exit(1 if ask() else 0)  # type: ignore[operator]
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
