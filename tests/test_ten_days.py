"""Ten days on a machine that is up while people are at work: no morning is lost, none is hidden.

Time is moved by hand, five minutes at a step, from eight to ten: what does not happen then does not
happen later. What the clockwork would do by itself is done in the same order: jobs that came due,
the hourly look for what was missed, and the minute hand.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cli.doctor import Verdict, rounds
from config import clock, policy
from config.settings import Settings
from config.timetable import TIMETABLE, Line, trigger
from flows import bookkeeping
from flows.schedule import Clockwork
from models.columns import c
from models.database import reading, transaction
from models.heartbeat import MissedRound
from models.letter import Letter
from models.round import Round
from notifications.postman import Postman
from notifications.rehearsal import LINES
from tests.cast import Town
from tests.sizes import size
from web.overview.health import Health, look

pytestmark = pytest.mark.by_turns
HERE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2024, 12, 2)
TEN_DAYS = [MONDAY + timedelta(days=n) for n in range(14) if n % 7 < 5]
UP = TEN_DAYS[: size("DAYS_UP", 6, 10)]  # over a weekend at the least
STEP = timedelta(minutes=5)


@dataclass
class Machine:
    """A machine that sleeps at night, with a clock on the wall that may be set."""

    town: Town
    at: datetime = datetime(2024, 12, 2, 7, 0, tzinfo=UTC)
    last: datetime | None = None
    said: list[tuple[date, Health, Verdict, str]] = field(default_factory=list)

    def started(self) -> Clockwork:
        """Följsam is started: nothing that went before is remembered but what is on file."""
        self.last = None
        return Clockwork(self.town.settings, lambda: None)

    def up(self, day: date, clockwork: Clockwork, *, first: int = 8, last: int = 10) -> None:
        """From the first hour to the last; at half past nine somebody asks how it is."""
        self.at = datetime.combine(day, time(first), HERE).astimezone(UTC)
        began = self.at
        asyncio.run(clockwork._beat())
        while clock.in_stockholm(self.at).hour < last:
            for line in TIMETABLE:
                if self._came_due(line):
                    asyncio.run(clockwork._on_time(line))
            if (self.at - began) % timedelta(hours=1) == timedelta():
                asyncio.run(clockwork._catch_up())
            asyncio.run(clockwork._beat())
            self.last = self.at
            if clock.in_stockholm(self.at).time() == time(9, 30):
                self._ask(day)
            self.at += STEP

    def _came_due(self, line: Line) -> bool:
        """Since the last tick; many times while it slept are one."""
        if self.last is None:
            return False
        following = trigger(line).get_next_fire_time(None, self.last + timedelta(seconds=1))
        return following is not None and following <= self.at

    def _ask(self, day: date) -> None:
        verdict, words = self.doctor()
        with reading(self.town.settings) as session:
            self.said.append((day, look(session, self.at), verdict, words))

    def doctor(self) -> tuple[Verdict, str]:
        """What `foljsam doctor` says of the rounds."""
        settings = self.town.settings
        with reading(settings) as session:
            verdict, words, _ = next(iter(rounds(settings, session, self.at)))
        return verdict, words

    async def run(self, line: Line, today: date | None = None) -> dict[str, int]:
        """What a round does, without Prefect around it."""
        settings = self.town.settings
        assert today is not None
        number = bookkeeping.begin(settings, line.name, today, "")
        with transaction(settings) as session:
            if line.name in LINES:
                LINES[line.name](session, settings, policy.load(settings.home), today)
        bookkeeping.end(settings, number, {})
        await Postman(settings).post()
        return {}

    def good_rounds(self, line: str = "morning-round") -> list[date]:
        """The days on which a line's rounds ended well, each once."""
        asked = select(c(Round).on_day).where(
            c(Round).line == line, c(Round).finished_at.is_not(None)
        )
        with reading(self.town.settings) as session:
            return sorted(set(session.execute(asked).scalars()))

    def letter_days(self) -> list[date]:
        """The days of Alice's morning letters."""
        asked = select(c(Letter).on_day).where(
            c(Letter).person_id == self.town.alice, c(Letter).kind == "morning"
        )
        with reading(self.town.settings) as session:
            return sorted(session.execute(asked).scalars())

    def misses(self) -> list[str]:
        """Every round that somebody was told had not run."""
        with reading(self.town.settings) as session:
            return list(session.execute(select(c(MissedRound).line)).scalars())


@pytest.fixture
def machine(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """With an activity of Alice's whose deadline is thirty days away, for each of the ten days."""
    for day in TEN_DAYS:
        small_town.decided(f"Möte {day}", by=day + timedelta(days=30))
    found = Machine(small_town)

    def today(pretended: date | None = None) -> date:
        return pretended or clock.in_stockholm(found.at).date()

    monkeypatch.setattr(clock, "now", lambda: found.at)
    monkeypatch.setattr(clock, "today", today)
    monkeypatch.setattr("flows.schedule.run_line", found.run)
    return found


@pytest.mark.parametrize("sleeps", [False, True], ids=["put out each evening", "asleep at night"])
def test_a_machine_that_is_up_only_by_day_loses_no_morning(machine: Machine, sleeps: bool) -> None:
    clockwork = machine.started()
    for day in UP:
        machine.up(day, clockwork if sleeps else machine.started())
    assert machine.good_rounds() == UP
    assert machine.letter_days() == UP
    for line in TIMETABLE:
        assert machine.good_rounds(line.name) == UP, line.name
    assert machine.misses() == []
    assert [told.ok for _, told, _, _ in machine.said] == [True] * len(UP)
    assert {verdict for _, _, verdict, _ in machine.said} == {Verdict.GOOD}


def test_where_no_round_can_be_run_health_and_doctor_say_so_the_first_day(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_line: Line, _today: date | None = None) -> dict[str, int]:
        await asyncio.sleep(0)
        return {}

    monkeypatch.setattr("flows.schedule.run_line", nothing)
    machine.up(MONDAY, machine.started())
    ((_, told, verdict, words),) = machine.said
    assert not told.ok
    assert "morning-round" in told.missed_rounds
    assert verdict is Verdict.BROKEN
    assert "morning-round" in words


def test_what_has_its_time_and_has_not_run_yet_is_not_called_well(machine: Machine) -> None:
    machine.at = datetime(2024, 12, 2, 8, 0, tzinfo=UTC)
    clockwork = machine.started()
    asyncio.run(clockwork._beat())
    verdict, words = machine.doctor()
    assert verdict is Verdict.NOTE
    assert "no round has run yet; due today and not done: quarter-close" in words
    asyncio.run(clockwork._catch_up())
    assert machine.doctor() == (Verdict.GOOD, "none is missed, the latest began 2024-12-02 09:00")


@pytest.mark.parametrize("years", [1, 40])
def test_a_round_run_once_with_the_clock_ahead_silences_nothing(
    machine: Machine, years: int
) -> None:
    ahead = machine.at.replace(year=machine.at.year + years)
    machine.at = ahead
    asyncio.run(machine.started()._catch_up())
    machine.at = ahead + timedelta(days=1)
    asyncio.run(machine.started()._catch_up())
    for day in UP:
        machine.up(day, machine.started())
    assert [day for day in machine.good_rounds() if day.year == 2024] == UP
    assert [day for day in machine.letter_days() if day.year == 2024] == UP
    assert machine.said[-1][1].ok


def test_a_fortnight_ahead_takes_no_step_of_the_ladder_away(machine: Machine) -> None:
    machine.at += timedelta(days=14)
    asyncio.run(machine.started()._catch_up())
    for day in TEN_DAYS:
        machine.up(day, machine.started())
    assert [day for day in machine.letter_days() if day <= TEN_DAYS[-1]] == TEN_DAYS


def test_nothing_runs_on_a_saturday_also_the_first_time(machine: Machine) -> None:
    machine.up(date(2024, 12, 7), machine.started())
    assert machine.good_rounds() == []
    assert machine.misses() == []
    machine.up(date(2024, 12, 9), machine.started())
    assert machine.good_rounds() == [date(2024, 12, 9)]


def test_an_installation_that_pretends_a_day_runs_what_is_due_once(
    machine: Machine, lite: Settings
) -> None:
    pretending = lite.model_copy(update={"today": date(2024, 6, 3)})
    machine.town.settings = pretending
    clockwork = machine.started()
    for _ in range(3):
        asyncio.run(clockwork._catch_up())
        machine.at += timedelta(hours=1)
    with reading(pretending) as session:
        rounds: Any = session.execute(select(Round).order_by(c(Round).id)).scalars().all()
    assert {row.line for row in rounds} == {line.name for line in TIMETABLE}
    assert len({row.started_at for row in rounds}) == 1
