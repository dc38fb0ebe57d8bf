"""The frame of every round: noted when it begins and when it ends, its tasks tried again, shown.

A round's own file says what is decided and in which order; this one says what they all have alike.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, ParamSpec, TypeVar

from prefect import runtime, task
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from sqlalchemy import select

from config import clock, settings
from flows import bookkeeping
from models.alone import keep_tally
from models.columns import c
from models.database import reading
from models.letter import Letter

P = ParamSpec("P")
R = TypeVar("R")


@asynccontextmanager
async def noted(line: str, today: date | None) -> AsyncIterator[tuple[date, dict[str, int]]]:
    """Note that a round began, and that it ended well or what it broke on.

    Gives the day that it is for (today, or the one that the installation pretends, when none is
    given) and the numbers of what it does, to be filled. What it sets aside (`models/alone.py`) is
    put on file; when that is more than half of a kind, the round has not ended well.
    """
    told = settings.load()
    day = today or clock.today(told.today)
    round_id = await to_thread(bookkeeping.begin, told, line, day, str(runtime.flow_run.id or ""))
    counts: dict[str, int] = {}
    with keep_tally() as tally:
        try:
            yield day, counts
            tally.must_be_few()
        except BaseException as error:
            await to_thread(bookkeeping.fail, told, round_id, error, tally.aside)
            raise
    if tally.aside:
        counts["set_aside"] = len(tally.aside)
    await to_thread(bookkeeping.end, told, round_id, counts, tally.aside)


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
    return task(
        name=name,
        retries=3,
        retry_delay_seconds=[1, 5, 20],
        retry_condition_fn=_database_is_busy,
        persist_result=persist_result,
    )


async def show(
    line: str, words: str, rows: Sequence[dict[str, Any]], when_none: dict[str, Any]
) -> None:
    """What was decided, as a table in Prefect's own pages. Addresses stay out of it."""
    await acreate_table_artifact(key=line, table=list(rows) or [when_none], description=words)


def letters_shown(letter_ids: Sequence[int]) -> list[dict[str, str]]:
    """Who got a letter, and about what."""
    with reading(settings.load()) as session:
        rows = session.execute(
            select(c(Letter).to_name, c(Letter).subject)
            .where(c(Letter).id.in_(letter_ids))
            .order_by(c(Letter).id)
        ).all()
    return [{"Till": name, "Ärende": subject} for name, subject in rows]
