"""The clockwork of one machine: APScheduler fires the timetable and lets the postman post.

A thread with a loop of its own, never the pages' loop. On many machines Prefect fires the rounds
instead (`flows/deployments.py`), and only the postman's tick is left here.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import date
from importlib import import_module
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from config import clock
from config.settings import Clock, Settings
from config.timetable import CATCH_UP_EVERY_MINUTES, POST_EVERY_SECONDS, TIMETABLE, Line
from flows import bookkeeping
from notifications.postman import Postman

_log = logging.getLogger("foljsam.clockwork")


async def run_line(line: Line, today: date | None = None) -> dict[str, int]:
    """Run one line of the timetable now, as a Prefect flow run; for another day if one is given.

    Prefect is imported here and not before: it takes a second that the pages do not have.
    """
    module, _, name = line.flow.partition(":")
    flow: Callable[..., Awaitable[dict[str, int]]] = getattr(import_module(module), name)
    return await flow(today=today)


class Clockwork:
    """Everything that happens by itself. `start` returns at once; `stop` when all is put away."""

    def __init__(
        self, settings: Settings, rounds_ready: Callable[[], None] | None, *, post: bool = True
    ) -> None:
        """`rounds_ready` returns when flows can run (the server answers); None: no rounds here."""
        self._settings = settings
        self._rounds_ready = rounds_ready
        self._post = post
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin to tick, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking, let what runs end, close connections."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._tick())
        self._loop.close()

    async def _tick(self) -> None:
        """1. The postman ticks from the start: letters do not wait for Prefect.
        2. When flows can run: what was missed while we were down runs once.
        3. Then the timetable fires, and each hour what was missed is looked for again.
        """
        scheduler = AsyncIOScheduler(
            timezone=clock.STOCKHOLM,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        postman = Postman(self._settings)
        if self._post:
            _every(scheduler, postman.post, seconds=POST_EVERY_SECONDS)
        scheduler.start()
        rounds = asyncio.create_task(self._rounds(scheduler))
        await self._stopping.wait()
        rounds.cancel()
        scheduler.shutdown(wait=False)
        await postman.close()

    async def _rounds(self, scheduler: AsyncIOScheduler) -> None:
        if self._rounds_ready is None or self._settings.clock is not Clock.LOCAL:
            return
        try:
            await asyncio.to_thread(self._rounds_ready)
        except Exception:
            _log.exception("no rounds can run: the Prefect server is not there")
            return
        await self._catch_up()
        _every(scheduler, self._catch_up, minutes=CATCH_UP_EVERY_MINUTES)
        for line in TIMETABLE:
            scheduler.add_job(self._fire, bookkeeping.trigger(line), args=[line], id=line.name)

    async def _catch_up(self) -> None:
        """Run each missed line once, however many times it was missed."""
        for line in await asyncio.to_thread(bookkeeping.missed, self._settings, clock.now()):
            _log.warning("%s was missed: running it now", line.name)
            await self._fire(line)

    async def _fire(self, line: Line) -> None:
        try:
            await run_line(line, self._settings.today)
        except Exception:  # the next hour tries again, and the overview shows it meanwhile
            _log.exception("%s failed", line.name)


def _every(scheduler: AsyncIOScheduler, job: Callable[[], Awaitable[Any]], **interval: int) -> None:
    """A job that begins at once and then comes back."""
    scheduler.add_job(job, "interval", next_run_time=clock.now(), **interval)
