"""The command `foljsam` as a user types it: most often within this process, or as a program.

A program of its own takes two seconds of processor to start, six where it imports Prefect. So only
what starts servers, and what a test asks to be one (`as_program`), is; and several rounds after
each other are one program (`each_in_turn`).

    python -m tests.command HOME < commands.json
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import pytest

from cli import main
from config import settings as settings_module
from models import database
from tests.databases import put_migrated

Done = subprocess.CompletedProcess[str]
_STARTS_SERVERS = {"up", "demo", "run", "web", "worker", "postman"}


def foljsam(home: Path, *words: str, stdin: str = "", **environment: str) -> Done:
    """Run the command; what it wrote and its exit code."""
    if words[0] in _STARTS_SERVERS:
        return as_program(home, *words, stdin=stdin, **environment)
    return within(home, *words, stdin=stdin, **environment)


def within(home: Path, *words: str, stdin: str = "", **environment: str) -> Done:
    """The same in this process, whatever it is: what refuses to start starts nothing.

    A new home has its database from the beginning, but where the command only looks.
    """
    told = os.environ | {"FOLJSAM_HOME": str(home)} | environment
    new = "FOLJSAM_DATABASE_URL" not in told and not (home / "foljsam.db").exists()
    if new and "--check" not in words:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_migrated(home)
    wrote, wrong = _paper(), _paper()
    with _surroundings(told, words, stdin), redirect_stdout(wrote), redirect_stderr(wrong):
        code = _exit_code()
    return Done(words, code, _read(wrote), _read(wrong))


def as_program(home: Path, *words: str, stdin: str = "", **environment: str) -> Done:
    """The same as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        env=os.environ | {"FOLJSAM_HOME": str(home)} | environment,
        check=False,
    )


def each_in_turn(home: Path, *commands: tuple[str, ...], **environment: str) -> list[Done]:
    """Several commands in one process of their own; what each wrote, and its exit code."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.command", str(home)],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | environment,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [
        Done(words, *told) for words, told in zip(commands, json.loads(ran.stdout), strict=True)
    ]


def _each_in_turn(home: Path) -> None:
    """The other side of it: commands come as JSON, and what came of them goes as JSON."""
    told = []
    for words in json.load(sys.stdin):
        done = within(home, *words)
        told.append((done.returncode, done.stdout, done.stderr))
    json.dump(told, sys.stdout)


def _exit_code() -> int:
    try:
        main.run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


@contextmanager
def _surroundings(told: dict[str, str], words: tuple[str, ...], stdin: str) -> Iterator[None]:
    """What the process has while the command runs, as it was when it has ended."""
    mask = os.umask(0o077)
    open_before = set(database._engines)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["foljsam", *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        try:
            yield
        finally:
            os.umask(mask)
            with suppress(settings_module.SettingsError):
                settings = settings_module.load()
                if settings.database not in open_before:
                    database.close(settings)


def _paper() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)


def _read(paper: io.TextIOWrapper) -> str:
    paper.seek(0)
    return paper.read()


if __name__ == "__main__":
    _each_in_turn(Path(sys.argv[1]))
