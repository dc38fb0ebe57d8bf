"""The frame of every round: noted when it begins and when it ends, its tasks tried again, shown.

A round's own file says what is decided and in which order; this one says what they all have alike.
"""

from asyncio import to_thread
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from prefect import runtime, task
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from sqlalchemy import select

from config import clock, settings
from flows import bookkeeping
from models.columns import c
from models.database import reading
from models.letter import Letter


@dataclass(slots=True)
class Running:
    """A round that is under way: the day it is for, and what it has done, in numbers."""

    day: date
    counts: dict[str, int] = field(default_factory=dict)


@asynccontextmanager
async def noted(line: str, today: date | None) -> AsyncIterator[Running]:
    """Note that a round began, and that it ended well or what it broke on.

    Without a day it is for today, or for the day that the installation pretends.
    """
    told = settings.load()
    day = today or clock.today(told.today)
    round_id = await to_thread(bookkeeping.begin, told, line, day, str(runtime.flow_run.id or ""))
    running = Running(day)
    try:
        yield running
    except BaseException as error:
        await to_thread(bookkeeping.fail, told, round_id, error)
        raise
    await to_thread(bookkeeping.end, told, round_id, running.counts)


def named(words: str) -> Any:  # noqa: ANN401 - what Prefect asks for
    """The name of a run: the words, and its day."""
    return lambda: f"{words} {runtime.flow_run.parameters.get('today') or 'i dag'}"


def _database_is_busy(_task: object, _run: object, state: State[Any]) -> bool:
    """Only a database that is away for a moment is worth a try at once; the hour mends the rest."""
    said = state.message or ""
    return "OperationalError" in said and any(words in said for words in ("locked", "connect"))


# A task of a round: `@step(name="…")`.
step = partial(
    task, retries=3, retry_delay_seconds=[1, 5, 20], retry_condition_fn=_database_is_busy
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
