"""The frame of every round: noted when it begins and when it ends, its tasks tried again, shown.

A round's own file says what is decided and in which order; this one says what they all have alike.
"""

import asyncio
from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect import Flow, flow, get_run_logger, runtime, task
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from sqlalchemy.exc import SQLAlchemyError

from config import clock, settings, timetable
from flows import bookkeeping
from flows.broke import broke, quiet, whole
from flows.shares import before, shares
from models.alone import keep_tally

P = ParamSpec("P")
R = TypeVar("R")
_ALIVE_EVERY = 20  # seconds between two signs of life; `flows/gone.py` waits much longer


@asynccontextmanager
async def noted(line: str, today: date | None) -> AsyncIterator[tuple[date, dict[str, int]]]:
    """Note that a round began, and that it ended well or what it broke on.

    Meanwhile it says now and then that its process lives (`flows/gone.py`).

    Gives the day that it is for (today, or the one that the installation pretends, when none is
    given) and the numbers of what it does, to be filled. What it sets aside (`models/alone.py`) is
    put on file; when that is more than half of a kind, the round has not ended well.
    """
    told = settings.load()
    day = today or clock.today(told.today)
    since = await to_thread(before, told)
    round_id = await to_thread(bookkeeping.begin, told, line, day, str(runtime.flow_run.id or ""))
    counts: dict[str, int] = {}
    lives = asyncio.create_task(_say_that_it_lives(told, round_id))
    with keep_tally() as tally:
        try:
            yield day, counts
            tally.must_be_few()
        except asyncio.CancelledError:
            await to_thread(bookkeeping.stopped, told, round_id, tally.aside)
            raise
        except BaseException as error:
            await to_thread(bookkeeping.fail, told, round_id, whole(error), tally.aside)
            if isinstance(error, Exception):
                raise broke(error) from None
            raise
        finally:
            lives.cancel()
    if tally.aside:
        counts["set_aside"] = len(tally.aside)
    done = await to_thread(shares, told, line, since)
    await to_thread(bookkeeping.end, told, round_id, counts, tally.aside, done)
    if runtime.flow_run.id:
        for area, numbers in done.items():
            get_run_logger().info(share_in_log(area, numbers))


async def _say_that_it_lives(told: settings.Settings, round_id: int) -> None:
    while True:
        await asyncio.sleep(_ALIVE_EVERY)
        with suppress(SQLAlchemyError):  # the round itself will tell that the database is away
            await to_thread(bookkeeping.seen, told, round_id)


Done = Coroutine[Any, Any, dict[str, int]]
Work = Callable[..., Done]


def a_round(line: str, words: str) -> Callable[[Work], Flow[..., Done]]:
    """The flow of a line of the timetable: `@a_round("morning-round", "morgonrunda")`.

    A clock gives no day, and its run rests on a quiet one, whichever clock it is and however late
    the run: a worker that comes back on a Saturday finds Friday's. Who runs it by hand names a day.
    """

    def made(work: Work) -> Flow[..., Done]:
        @wraps(work)
        async def unless_it_rests(today: date | None = None) -> dict[str, int]:
            if today is None and await to_thread(_rests, line):
                return {"rests": 1}
            return await work(today=today)

        return flow(name=line, flow_run_name=named(words))(unless_it_rests)

    return made


def _rests(line: str) -> bool:
    told = settings.load()
    return bookkeeping.rests(told, timetable.line(line), clock.today(told.today))


def share_in_log(area: str, numbers: dict[str, int]) -> str:
    """The line that the collaboration's leader may read: `web/overview/run_log.py` knows it."""
    words = {"letters": "brev", "items": "rader", "rounds": "statusrundor", "reports": "rapporter"}
    return f"samverkan {area}: " + ", ".join(f"{words[name]} {n}" for name, n in numbers.items())


def named(words: str) -> Any:  # noqa: ANN401 - what Prefect asks for
    """The name of a run: the words, and the day that it is for."""

    def name() -> str:
        asked = runtime.flow_run.parameters.get("today")
        return f"{words} {asked or clock.today(settings.load().today)}"

    return name


def _database_is_busy(_task: object, _run: object, state: State[Any]) -> bool:
    """Only a database that is away for a moment is worth a try at once; the hour mends the rest."""
    said = state.message or ""
    return "OperationalError" in said and any(words in said for words in ("locked", "connect"))


def step(
    name: str, *, persist_result: bool | None = None
) -> Callable[[Callable[P, Coroutine[Any, Any, R]]], Callable[P, Coroutine[Any, Any, R]]]:
    """A task of a round: `@step("write letters")`. Tried again while the database is away."""
    as_task = task(
        name=name,
        retries=3,
        retry_delay_seconds=[1, 5, 20],
        retry_condition_fn=_database_is_busy,
        persist_result=persist_result,
    )
    return lambda function: as_task(quiet(function))


async def show(
    line: str, words: str, rows: Sequence[dict[str, Any]], when_none: dict[str, Any]
) -> None:
    """What was decided, as a table in Prefect's own pages: numbers, no names and no words.

    Prefect knows no rights inside. The numbers are those of our own pages: `/utskick/12`.
    """
    await acreate_table_artifact(key=line, table=list(rows) or [when_none], description=words)


def parts_shown(part_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The parts of letters that were decided, by number."""
    return [{"Del": number} for number in sorted(part_ids)]
