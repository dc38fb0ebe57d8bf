"""The clockwork of one machine: APScheduler fires the timetable and lets the postman post.

A thread with a loop of its own, never the pages' loop. On many machines Prefect fires the rounds
instead (`flows/deployments.py`), and only the postman's tick is left here.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import date
from functools import partial
from importlib import import_module
from typing import Any

import httpx
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from config import clock, timetable
from config.settings import Clock, Settings
from config.timetable import (
    ASK_PREFECT_EVERY_MINUTES,
    BOUNCES_EVERY_MINUTES,
    CATCH_UP_EVERY_MINUTES,
    GONE_EVERY_MINUTES,
    POST_EVERY_SECONDS,
    SCANNER_EVERY_MINUTES,
    SWEEP_EVERY_MINUTES,
    TIMETABLE,
    Line,
    trigger,
)
from flows import bookkeeping, gone, heartbeat, mail_in
from flows.broke import Broke, whole
from flows.sweeping import sweep
from intake.clamd import NoAnswerError
from notifications import bounces
from notifications.mailboxes import MailboxError
from notifications.postman import Postman

_log = logging.getLogger("foljsam.clockwork")
# Seconds for a round to end, then to note that it was broken off, then to hand its lines over: a
# service that is told to stop has eight in all.
_ROUNDS_END_WITHIN = 2


async def run_line(line: Line, today: date | None = None) -> dict[str, int]:
    """Run one line of the timetable now, as a Prefect flow run; for another day if one is given.

    Prefect is imported here and not before: it takes a second that the pages do not have.
    """
    module, _, name = line.flow.partition(":")
    flow: Callable[..., Awaitable[dict[str, int]]] = getattr(import_module(module), name)
    try:
        return await flow(today=today)
    except Broke as error:
        raise whole(error) from None  # Prefect has been told; here it may say what it is


class Clockwork:
    """Everything that happens by itself. `start` returns at once; `stop` when all is put away."""

    def __init__(self, settings: Settings, server: Callable[[], None] | None) -> None:
        """`server` returns when flows can run, or raises; None: no rounds are run here."""
        self._settings = settings
        self._server = server
        self._awake = self._ticked = clock.now()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin to tick, in a thread."""
        self._thread.start()

    def run_soon(self, name: str) -> bool:
        """Somebody asked for a line now: begin it. False when it runs already, or we run none."""
        if self._server is None or name in self._running or not self._thread.is_alive():
            return False
        asyncio.run_coroutine_threadsafe(self._fire(timetable.line(name)), self._loop)
        return True

    def stop(self) -> None:
        """Stop ticking, let rounds end that are soon done, close connections."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_ROUNDS_END_WITHIN + 20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._tick())
        self._loop.close()

    async def _tick(self) -> None:
        """1. The postman ticks from the start: letters do not wait for Prefect.
        2. The minute hand, with either clock: did the rounds run, did one die, and has a letter
           come back?
        3. What was missed while we were down runs once, when the Prefect server answers.
        4. The timetable fires, and each hour what was missed is looked for again. With Prefect's
           clock a worker is asked for it.
        5. Told to stop, it begins nothing more, and a round that is not soon done is broken off:
           the next start makes it good.
        """
        scheduler = AsyncIOScheduler(
            timezone=clock.STOCKHOLM,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        postman = Postman(self._settings)
        self._every(scheduler, postman.post, seconds=POST_EVERY_SECONDS)
        self._every(scheduler, self._beat, minutes=1)
        self._every(scheduler, self._sweep, minutes=SWEEP_EVERY_MINUTES)
        self._every(scheduler, self._bury, minutes=GONE_EVERY_MINUTES)
        if bounces.is_set(self._settings):
            self._every(scheduler, self._read_bounces, minutes=BOUNCES_EVERY_MINUTES)
        if self._settings.scanner is not None:
            self._every(scheduler, self._ask_the_scanner, minutes=SCANNER_EVERY_MINUTES)
        if self._settings.clock is Clock.PREFECT:
            self._every(scheduler, self._ask_prefect, minutes=ASK_PREFECT_EVERY_MINUTES)
        elif self._server is not None:
            self._add_rounds(scheduler)
        scheduler.start()
        await self._stopping.wait()
        scheduler.pause()
        await self._end_rounds()
        await _hand_over_logs()
        scheduler.shutdown(wait=False)
        await postman.close()

    def _add_rounds(self, scheduler: AsyncIOScheduler) -> None:
        self._every(scheduler, self._catch_up, minutes=CATCH_UP_EVERY_MINUTES)
        for line in TIMETABLE:
            on_time = self._until_stopped(partial(self._on_time, line))
            scheduler.add_job(on_time, trigger(line), id=line.name)

    def _every(
        self, scheduler: AsyncIOScheduler, job: Callable[[], Awaitable[Any]], **interval: int
    ) -> None:
        """A job that begins at once and then comes back."""
        first = {"next_run_time": clock.now()}
        scheduler.add_job(self._until_stopped(job), "interval", **first, **interval)

    def _until_stopped(
        self, job: Callable[[], Awaitable[Any]]
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        """The job; that it is cancelled when we stop is no fault, and nothing is logged of it."""

        async def told() -> None:
            try:
                await job()
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise

        return told

    async def _end_rounds(self) -> None:
        """Wait for the rounds that run; those that take their time are cancelled, and noted so."""
        rounds = set(self._running.values())
        if not rounds:
            return
        _, late = await asyncio.wait(rounds, timeout=_ROUNDS_END_WITHIN)
        for one in late:
            one.cancel()
        if late:
            await asyncio.wait(late, timeout=_ROUNDS_END_WITHIN)

    async def _beat(self) -> None:
        """Notice the rounds that did not run; those we slept through are just being made good."""
        now = clock.now()
        self._awake = heartbeat.awake_since(self._awake, self._ticked, now)
        self._ticked = now
        try:
            missed = await asyncio.to_thread(heartbeat.beat, self._settings, now, self._awake)
        except Exception:  # the database is away: the next minute looks again
            _log.exception("the minute hand stopped for a moment")
            return
        for line in missed:
            _log.error("%s did not run, or did not finish", line)

    async def _sweep(self) -> None:
        """Remove what somebody sent and never came back to."""
        try:
            await asyncio.to_thread(sweep, self._settings, clock.now())
        except Exception:  # the database is away, or the disk: the next time is soon
            _log.exception("what was kept for a day could not be removed")

    async def _bury(self) -> None:
        """Say of rounds whose process is gone that they broke, here and to Prefect."""
        now = clock.now()
        if now - self._awake < gone.STILL:
            return  # who slept with us has not had time to say that it lives
        try:
            await asyncio.to_thread(bookkeeping.bury, self._settings, now - gone.STILL)
            await asyncio.to_thread(gone.tell_prefect, self._settings, now)
        except (httpx.HTTPError, ValueError, KeyError):
            _log.debug("Prefect could not be asked", exc_info=True)  # doctor and Körningar tell
        except Exception:  # the database is away: the next time is soon
            _log.exception("rounds that died could not be looked for")

    async def _ask_prefect(self) -> None:
        """Ask a worker for each missed line, as the clock of one machine would run it."""
        try:
            for line in await asyncio.to_thread(bookkeeping.missed, self._settings, clock.now()):
                await asyncio.to_thread(gone.make_good, self._settings, line, clock.now())
        except (httpx.HTTPError, ValueError, KeyError):
            _log.warning("Prefect did not answer: what was missed is asked for later")
        except Exception:  # the database is away: the next time is soon
            _log.exception("what was missed cannot be read")

    async def _read_bounces(self) -> None:
        """Take in the letters that came back, and what people answered."""
        try:
            found = await asyncio.to_thread(mail_in.read, self._settings)
            await asyncio.to_thread(heartbeat.pulse, self._settings, heartbeat.BOUNCES, clock.now())
        except MailboxError as error:
            _log.error("%s", error)
        except Exception:  # the next time is soon
            _log.exception("the letters that came back could not be taken in")
        else:
            if found:
                told = ", ".join(f"{report.value} {number}" for report, number in found.items())
                _log.info("reports of undelivered letters: %s", told)

    async def _ask_the_scanner(self) -> None:
        """Is the virus scanner there? Without it no file is taken in."""
        try:
            await asyncio.to_thread(heartbeat.ask_the_scanner, self._settings, clock.now())
        except NoAnswerError as error:
            _log.error("the virus scanner does not answer: %s", error)
        except Exception:  # the database is away: the next minute asks again
            _log.exception("whether the virus scanner answers could not be noted")

    async def _catch_up(self) -> None:
        """Run each missed line once, however many times it was missed."""
        try:
            missed = await asyncio.to_thread(bookkeeping.missed, self._settings, clock.now())
        except Exception:  # the database is away: the next hour asks again
            _log.exception("what was missed cannot be read")
            return
        for line in missed:
            if self._stopping.is_set():
                return
            _log.warning("%s was missed: running it now", line.name)
            await self._fire(line)

    async def _on_time(self, line: Line) -> None:
        """The line's time has come; on a quiet day it waits for the next one."""
        if bookkeeping.goes(self._settings, line, clock.now()):
            await self._fire(line)

    async def _fire(self, line: Line) -> None:
        """Run a line when the server answers. What breaks is noted, for the overview to show.

        One that runs already is left alone: it does what there is to do. None begins when we stop.
        """
        if line.name in self._running or self._stopping.is_set():
            return
        running = asyncio.create_task(self._run_line(line))
        self._running[line.name] = running
        try:
            await asyncio.wait({running})
        finally:
            del self._running[line.name]
        if not running.cancelled():
            running.result()  # what it could not even note is for the log

    async def _run_line(self, line: Line) -> None:
        began = clock.now()
        day = clock.today(self._settings.today)
        try:
            if self._server:
                await asyncio.to_thread(self._server)
            await run_line(line, day)
        except Exception as error:  # the next hour tries again
            _log.exception("%s failed", line.name)
            await asyncio.to_thread(bookkeeping.broke, self._settings, line, day, began, error)


async def _hand_over_logs() -> None:
    """Send Prefect what rounds logged, if any ran here: it does so a while after.

    The server may be about to end, and without it Prefect tries for more than a minute before it
    lets a process go.
    """
    if "prefect" not in sys.modules:
        return
    from prefect.logging.handlers import APILogHandler

    with suppress(TimeoutError):
        await asyncio.wait_for(APILogHandler.aflush(), _ROUNDS_END_WITHIN)
