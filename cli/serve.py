"""Starting and ending the processes: everything at once, one role, or one round.

Says in plain words where to click, and what is in the way when something is.
"""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from cli.console import Wrong, out
from cli.pages import Pages
from cli.pages import start as start_pages
from config import logs
from config.settings import Clock, Settings
from config.timetable import Line
from flows import away, prefect_child
from flows.prefect_child import ServerError
from flows.schedule import Clockwork, run_line
from models.database import most_at_once
from models.post_hold import nothing_leaves
from notifications.postman import Postman


def up(settings: Settings) -> None:
    """1. Refuse a taken port, with a sentence.
    2. Serve the pages, at once and in processes of their own; they wait for nothing.
    3. When they answer: the Prefect server as a child, and the clockwork that waits for it.
    4. At Ctrl-C or SIGTERM: pages, clockwork and child end, in that order.
    """
    logs.quiet()
    free_ports(settings)
    os.environ.update(prefect_child.environment(settings))
    with ExitStack() as started, ended_by_signal() as ended:
        fires = settings.clock is Clock.LOCAL
        pages = _open_pages(settings, ended, started, with_a_clock=fires)
        give_way()
        ensure = _always
        if not settings.prefect_api_url:
            with _prefect_answers(settings):  # its port may have been taken since we looked
                child = prefect_child.start(settings)
            started.callback(child.stop)
            ensure = child.ensure
        started.enter_context(door(settings))
        clockwork = Clockwork(settings, ensure)
        started.callback(clockwork.stop)
        clockwork.start()
        if fires:
            pages.line.listen(clockwork.run_soon)
        _say_where(settings)
        ended.wait()
        out.print("Följsam is stopping …")
        _stop(pages)


def give_way() -> None:
    """Rounds and letters wait for the pages where both want the processor: somebody looks at those.

    Called when the pages have their processes, and before there are threads, which take after this
    one. Of itself the morning is as quick as ever.
    """
    os.nice(_GIVES_WAY)


def _open_pages(
    settings: Settings,
    ended: threading.Event,
    started: ExitStack,
    *,
    with_a_clock: bool = False,
) -> Pages:
    """The pages, when they answer. Should they all go, `ended` is set."""
    pages = start_pages(settings, with_a_clock=with_a_clock)
    started.callback(pages.stop)
    pages.wait_ready()
    pages.when_gone(ended.set)
    return pages


def _stop(pages: Pages) -> None:
    """Raises `Wrong` when the pages ended without being told to: whoever watches us starts us."""
    gone = pages.is_gone
    pages.stop()
    if gone:
        raise Wrong("The pages ended by themselves. Start Följsam again.")


@contextmanager
def door(settings: Settings) -> Iterator[None]:
    """The door to Prefect's own pages, in a thread of its own, for as long as this lasts."""
    from web.prefect_door import create_door

    server = uvicorn.Server(
        uvicorn.Config(
            create_door(settings),
            host="127.0.0.1",
            port=settings.prefect_door_port,
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
    )
    thread = threading.Thread(target=server.run, name="prefect-door", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


# Seconds that a thread may compute while others wait; Python's own are ten times as many. A page
# that waits for the database twenty times waits as often for whatever round is being worked out.
SWITCH_WITHIN = 0.0005
_GIVES_WAY = 10  # of 19: how little of a busy processor the rounds ask for
# One of several processes takes one who waits at a time, lest the first to wake takes all of them.
_LET_IN_AT_ONCE, _BACKLOG = 1, 2048


class PagesServer(uvicorn.Server):
    """uvicorn that says when it is ready. `app` is the application it serves."""

    def __init__(
        self, settings: Settings, when_ready: Callable[[], None], app: FastAPI | None = None
    ) -> None:
        from web.app import create_app
        from web.patience import MOST_CONNECTIONS, Patient

        self.app = app or create_app(settings)
        self._when_ready = when_ready
        self._at_once = most_at_once(settings)
        super().__init__(
            uvicorn.Config(
                self.app,
                host=settings.host,
                port=settings.port,
                log_level="warning",
                access_log=False,  # an address holds a personal link
                proxy_headers=False,  # web/door.py reads them, from our own proxies alone
                server_header=False,
                timeout_graceful_shutdown=5,
                http=Patient,
                backlog=_LET_IN_AT_ONCE if app else _BACKLOG,
                limit_concurrency=MOST_CONNECTIONS,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End at Ctrl-C or SIGTERM and return, so that what was started can be put away in order.

        uvicorn's own would raise the signal again when the pages have ended. In a thread other than
        the main one there is nothing to catch.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {n: signal.signal(n, self.handle_exit) for n in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        sys.setswitchinterval(SWITCH_WITHIN)
        current_default_thread_limiter().total_tokens = self._at_once
        await super().startup(sockets)
        for one in sockets or []:
            one.listen(_BACKLOG)  # how many may wait is another thing than how many are taken
        if self.started:
            self._when_ready()


def run_once(settings: Settings, line: Line, today: date) -> dict[str, int]:
    """One round now, with the Prefect server that runs or one for the occasion; then its mail."""
    logs.quiet()
    os.environ.update(prefect_child.environment(settings))
    _refuse_elsewhere(settings)
    if settings.prefect_api_url and not prefect_child.is_ready(settings):
        raise Wrong(
            f"The Prefect server at {settings.prefect_api} does not answer, or not to our password "
            "(FOLJSAM_PREFECT_AUTH)."
        )
    with _prefect_answers(settings), prefect_child.running(settings):
        counts = asyncio.run(run_line(line, today))
    return counts | {"posted": asyncio.run(_post(settings))}


def _refuse_elsewhere(settings: Settings) -> None:
    """While nothing leaves, no round of ours is put on a Prefect server that others may work for.

    Raises `Wrong`. A restored copy would put its timetable over the real one's, and take its runs.
    """
    if settings.prefect_api_url and nothing_leaves(settings):
        raise Wrong(
            f"Nothing leaves here, and the Prefect server at {settings.prefect_api_url} may be "
            "another's too. Say `foljsam sending on` first, or take FOLJSAM_PREFECT_API_URL away."
        )


@contextmanager
def _prefect_answers(settings: Settings) -> Iterator[None]:
    """A Prefect server that does not start, is away, slow or busy is told in a sentence."""
    try:
        yield
    except ServerError as error:
        raise Wrong(str(error)) from error
    except Exception as error:
        if words := away.in_words(error, settings):
            raise Wrong(words) from error
        raise


async def _post(settings: Settings) -> int:
    postman = Postman(settings)
    try:
        return await postman.post()
    finally:
        await postman.close()


def only_postman(settings: Settings) -> None:
    """The postman's tick, until a signal."""
    logs.quiet()
    clockwork = Clockwork(settings, None)
    clockwork.start()
    out.print(f"The postman is at work. {_mail_in_words(settings)}")
    until_signal()
    clockwork.stop()


def only_web(settings: Settings) -> None:
    """The pages, until a signal."""
    logs.quiet()
    free_ports(settings.model_copy(update={"prefect_api_url": settings.prefect_api}))
    with ExitStack() as started, ended_by_signal() as ended:
        pages = _open_pages(settings, ended, started)
        started.enter_context(door(settings))
        out.print(f"The pages: {settings.pages_url}")
        ended.wait()
        _stop(pages)


def only_worker(settings: Settings) -> None:
    """Put the timetable on the Prefect server, then be a Prefect worker until a signal."""
    if not settings.prefect_api_url:
        raise Wrong("A worker needs FOLJSAM_PREFECT_API_URL: the Prefect server it works for.")
    _refuse_elsewhere(settings)
    environment = prefect_child.environment(settings)
    os.environ.update(environment)
    from flows import deployments

    with _prefect_answers(settings):
        asyncio.run(deployments.deploy())
    out.print(f"The timetable is on {settings.prefect_api}. Working …")
    command = [sys.executable, "-m", "prefect", "worker", "start"]
    command += ["--pool", deployments.POOL, "--type", "process"]
    # Prefect's worker ends by this signal, which a shell's job in the background ignores.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvpe(command[0], command, os.environ | environment)  # noqa: S606 - one process, one signal


def free_ports(settings: Settings) -> None:
    """Raises `Wrong` when a port that we are to listen on is taken."""
    wanted = [(settings.host, settings.port, "FOLJSAM_PORT")]
    wanted.append(("127.0.0.1", settings.prefect_door_port, "FOLJSAM_PREFECT_DOOR_PORT"))
    if not settings.prefect_api_url:
        wanted.append(("127.0.0.1", settings.prefect_port, "FOLJSAM_PREFECT_PORT"))
    for host, port, name in wanted:
        if not prefect_child.port_free(host, port):
            raise Wrong(
                f"Port {port} is taken by another program (maybe Följsam runs already). "
                f"Choose another with {name}."
            )


def _say_where(settings: Settings) -> None:
    out.print(f"\n  Följsam is running for {settings.organisation}.\n")
    out.print(f"  Pages:   {settings.pages_url}")
    out.print(f"  Prefect: {settings.prefect_ui}  (ready in 10–20 seconds)")
    out.print(f"  Mail:    {_mail_in_words(settings)}")
    out.print(f"  Kept in: {settings.home}")
    out.print("\n  Ctrl-C ends it.\n")


def _mail_in_words(settings: Settings) -> str:
    if settings.smtp_host:
        return f"sent by {settings.smtp_host}:{settings.smtp_port}"
    return f"no mail server is set, letters are kept in {settings.letters_folder}"


@contextmanager
def ended_by_signal() -> Iterator[threading.Event]:
    """Set at Ctrl-C or SIGTERM, even where a shell had told us to ignore Ctrl-C."""
    ended = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in numbers}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def until_signal() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    with ended_by_signal() as ended:
        ended.wait()


def _always() -> None:
    """A Prefect server elsewhere is not waited for."""
