"""Killed at any moment, no letter is lost, and at most one a kill comes twice.

LONG=1 kills 200 times among 2,000 letters; the suite runs a short one.
"""

import os
import random
import signal
import subprocess
import sys
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterItem, LetterState, Notice
from models.person import Person
from tests.cast import Town
from tests.conftest import free_port
from tests.sizes import size

KILLS = size("CRASH_KILLS", 4, 200)
LETTERS = size("CRASH_LETTERS", 80, 2000)
DAYS = 4
MOOD = 0.15
FIRST = date(2024, 3, 4)  # a Monday
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Stage:
    """A town with everything to write about, and a mail server in a bad mood."""

    town: Town
    port: int
    log: Path
    births: list[int] = field(default_factory=list)  # how long the log was when a life began

    def accepted(self) -> list[str]:
        """What the server said yes to, in order."""
        return self.log.read_text("ascii").split()

    def start(self) -> subprocess.Popen[str]:
        """An installation at work."""
        told = self.town.settings
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.port), "MAIL_FROM": "f@example.org"}
        given = {"HOME": str(told.home), "DATABASE_URL": told.database_url} | mail
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.walker", FIRST.isoformat(), str(DAYS)],
            env=os.environ | {f"FOLJSAM_{name}": value for name, value in given.items()},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        self.births.append(len(self.accepted()))
        return process

    def life_of(self, index: int) -> int:
        """In which life the log's line came."""
        return bisect_right(self.births, index) - 1

    def doubled(self) -> list[int]:
        """The lives whose end left a letter that came again, once for each such letter."""
        came: dict[str, list[int]] = {}
        for index, message_id in enumerate(self.accepted()):
            came.setdefault(message_id, []).append(index)
        return [self.life_of(i) for places in came.values() for i in places[:-1]]


@pytest.fixture
def stage(town: Town, tmp_path: Path) -> Iterator[Stage]:
    """Everybody has something due on each of the days; the server is moody."""
    _people(town, LETTERS // DAYS)
    port, log = free_port(), tmp_path / "accepted.log"
    log.touch()
    command = [sys.executable, "-m", "tests.crash.moody_server"]
    command += [str(port), str(log), str(MOOD), "7"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdout.readline() == "listening\n"
    yield Stage(town, port, log)
    server.kill()
    server.wait()


def _people(town: Town, number: int) -> None:
    """People who each answer for one activity every other day, seven days before its deadline.

    Not each day: nobody is asked about the same activity two working days in a row.
    """
    with transaction(town.settings) as session:
        people = [Person(name=f"P{n}", email=f"p{n}@example.org") for n in range(number)]
        session.add_all(people)
        session.flush()
        ids = [person.id for person in people]
    for person in ids:
        for n in range(DAYS):
            town.activity(by=FIRST + timedelta(days=7 + 2 * n), person=person)


@pytest.mark.by_turns  # what is half done is undone by either; the next one is about who waits
def test_whenever_we_are_killed_no_letter_is_lost_and_at_most_one_comes_twice(
    stage: Stage,
) -> None:
    dice = random.Random(11)
    killed = 0
    for _ in range(KILLS):
        process = stage.start()
        enough = stage.births[-1] + dice.uniform(0, 1.6 * LETTERS / KILLS)
        early = dice.random() < 0.25  # in the middle of a round, or before anything has gone
        until = time.monotonic() + (dice.uniform(0, 3) if early else 60)
        while len(stage.accepted()) < enough and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.01))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    last = stage.start()
    assert last.wait(timeout=300) == 0
    doubled = stage.doubled()
    between = stage.births[-1]
    said = f"{LETTERS} letters, {between} of them between {killed} kills, {len(doubled)} came twice"
    print(said)  # noqa: T201
    assert _everything_came(stage) == LETTERS
    assert killed > KILLS / 2
    assert between > LETTERS / 4  # or the kills met no letters on their way
    assert max(Counter(doubled).values(), default=0) <= 1
    assert len(stage.births) - 1 not in doubled  # the last life was not cut short


def test_two_installations_at_once_send_nothing_twice(stage: Stage) -> None:
    both = [stage.start(), stage.start()]
    assert [process.wait(timeout=300) for process in both] == [0, 0]
    _everything_came(stage)
    assert stage.doubled() == []


def _everything_came(stage: Stage) -> int:
    """Each notice stands in one letter, each letter was sent, and the server has every one."""
    settings: Settings = stage.town.settings
    with reading(settings) as session:
        rows = session.execute(select(c(Letter).message_id, c(Letter).state)).all()
        per_person = session.execute(
            select(func.count(c(Letter).id)).group_by(c(Letter).person_id, c(Letter).on_day)
        )
        notices = session.execute(select(func.count()).select_from(Notice)).scalar_one()
        items = session.execute(select(func.count()).select_from(LetterItem)).scalar_one()
        assert set(per_person.scalars()) == {1}
    assert {state for _, state in rows} == {LetterState.SENT}
    assert {message_id for message_id, _ in rows} == set(stage.accepted())
    assert notices == items
    return len(rows)
