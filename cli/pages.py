"""The pages in processes of their own: one port, as many processes as the installation says.

Python computes one thing at a time in a process. So the rounds and the postman have a process to
themselves (the one that calls `start`), and the pages have others:

    the one that starts ── the watch ── a process of pages
     rounds, postman         │      └── a process of pages …
                             └ starts anew what has died

All listen on the same sockets, and whichever is idle takes the next who comes. The watch is a copy
of the one that starts, made before that has any thread; it loads nothing, computes nothing and
serves nobody, so that it can make new copies of itself at any time. What must be one for all
processes is made before them, in memory that they share (`web/pace.py`), or is on file.

However the one that starts ends, the system closes its pipe, and the watch ends the pages; it is
the same between the watch and the pages.
"""

import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from fastapi import FastAPI

from cli.console import Wrong
from cli.line import Line
from config.settings import Settings
from models.database import close

GRACE = 6.0  # seconds from a polite end to a hard one
_READY_WITHIN = 60.0
_BREATH = 2.0  # seconds before a new one is made for one that died as young as that
_BACKLOG = 2048  # who waits to be let in while all processes are busy
_log = logging.getLogger("foljsam.pages")


@dataclass(slots=True)
class Pages:
    """The pages, as the one that started them sees them."""

    watch: int  # its process number
    line: Line  # what the pages ask of us
    _life: int  # closed when we end
    _told: int  # the watch tells that the pages answer; closed when it ends
    _ended: threading.Event = field(default_factory=threading.Event)
    _gone: threading.Event = field(default_factory=threading.Event)

    @property
    def is_gone(self) -> bool:
        """Has the watch ended without being told to?"""
        return self._gone.is_set()

    def wait_ready(self, within: float = _READY_WITHIN) -> None:
        """Return when the pages answer. Raises `Wrong` when they do not."""
        ready, _, _ = select.select([self._told], [], [], within)
        if not ready or not os.read(self._told, 1):
            self.stop()
            raise Wrong("The pages did not start. Why stands above, or in the log.")

    def when_gone(self, call: Callable[[], None]) -> None:
        """Call it, in a thread, should the watch end before it is told to."""

        def wait() -> None:
            while os.read(self._told, 64):  # each process that begins tells so
                pass
            if not self._ended.is_set():
                self._gone.set()
                call()

        threading.Thread(target=wait, name="pages-gone", daemon=True).start()

    def stop(self) -> None:
        """End the pages, politely and then firmly. Returns when they are gone."""
        if self._ended.is_set():
            return
        self._ended.set()
        self.line.close()
        os.close(self._life)
        with suppress(ChildProcessError):
            os.waitpid(self.watch, 0)


def listen(settings: Settings) -> list[socket.socket]:
    """The sockets of the pages' address. Raises `Wrong` when the address is not ours to listen on.

    One for each network address that the host has, as `asyncio` opens them.
    """
    flags = socket.AI_PASSIVE
    found = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=flags
        ):
            one = socket.socket(family, kind, protocol)
            found.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            one.listen(_BACKLOG)
            one.setblocking(False)  # several wait for the same one, and one gets it
    except OSError as error:
        for one in found:
            one.close()
        where = f"{settings.host}:{settings.port}"
        raise Wrong(
            f"The pages cannot listen on {where}: {error.strerror}. "
            "Choose another with FOLJSAM_HOST and FOLJSAM_PORT."
        ) from error
    return found


def start(settings: Settings, *, with_a_clock: bool = False) -> Pages:
    """Begin to serve the pages, in `settings.web_processes` processes. Returns at once.

    `with_a_clock`: this process runs rounds, and will listen when the pages ask for one.

    To be called while this process has no other thread: a copy of it would have none of them, but
    every lock that they hold. Connections to the database are not copied but closed.
    """
    from web.app import create_app

    app = create_app(settings)
    sockets = listen(settings)
    line = Line()
    if with_a_clock:
        app.state.run_now = line.ask
    close(settings)
    told, tells = os.pipe()
    lives, life = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    watch = os.fork()
    if not watch:
        os.close(told)
        os.close(life)
        _in_a_copy(lambda: Watch(settings, app, sockets, tells, line).run(lives))
    for one in (tells, lives):
        os.close(one)
    for listening in sockets:
        listening.close()
    line.answers()
    return Pages(watch, line, life, told)


def _in_a_copy(work: Callable[[], None]) -> NoReturn:
    """Do it in the copy that we are, and end: nothing that stands around `start` happens here."""
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # whatever it is, it is told, and this process ends
        _log.exception("a process of pages failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class Watch:
    """Keeps as many processes of pages as there should be, and ends them."""

    def __init__(
        self,
        settings: Settings,
        app: FastAPI,
        sockets: list[socket.socket],
        tells: int,
        line: Line,
    ) -> None:
        self._settings = settings
        self._app = app
        self._sockets = sockets
        self._tells = tells
        self._line = line
        self._born: dict[int, float] = {}  # process number: when
        self._missing = settings.web_processes
        self._not_before = 0.0  # when the next is made
        self._lives, self._life = os.pipe()  # closed when the watch ends

    def run(self, parent: int) -> None:
        """Until the parent's pipe closes or somebody ends us: sleep, and start what is missing."""
        self._line.asks()
        os.setsid()  # Ctrl-C is for the one that started us, who ends us in order
        signals = self._hear()
        gc.collect()
        gc.freeze()  # what is here now is shared by all copies as long as nobody writes on it
        while True:
            self._fill()
            heard = self._sleep(parent, signals)
            if parent in heard or (signals in heard and _is_told_to_end(signals)):
                break
            self._bury()
        self._end()

    def _hear(self) -> int:
        """Where signals are heard: those that end us, and that a process has died."""
        hears, hear = os.pipe()
        for end in (hears, hear):
            os.set_blocking(end, False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(hear, warn_on_full_buffer=False)
        return hears

    def _sleep(self, parent: int, signals: int) -> Iterable[int]:
        until = max(0.0, self._not_before - time.monotonic()) if self._missing else None
        heard, _, _ = select.select([parent, signals], [], [], until)
        return heard

    def _fill(self) -> None:
        """Make the processes that are missing."""
        while self._missing and time.monotonic() >= self._not_before:
            child = os.fork()
            if not child:
                _in_a_copy(self._serve)
            self._born[child] = time.monotonic()
            self._missing -= 1

    def _bury(self) -> None:
        """Note which processes have ended. One that lived short is not made anew at once."""
        while self._born:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not child:
                return
            born = self._born.pop(child)
            self._missing += 1
            if time.monotonic() - born < _BREATH:
                self._not_before = time.monotonic() + _BREATH
            how = os.waitstatus_to_exitcode(status)
            _log.error("a process of pages ended (%s): a new one is made", how)

    def _end(self) -> None:
        """Politely, then firmly. Who has just begun and hears no signal yet sees the pipe close."""
        os.close(self._life)
        _tell(self._born, signal.SIGTERM)
        until = time.monotonic() + GRACE
        while self._born and time.monotonic() < until:
            with suppress(ChildProcessError):
                child, _ = os.waitpid(-1, os.WNOHANG)
                self._born.pop(child, None)
            time.sleep(0.02)
        _tell(self._born, signal.SIGKILL)
        for child in self._born:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)

    def _serve(self) -> None:
        """In the copy: serve until told to end, or until the watch is gone."""
        from cli.serve import PagesServer

        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(self._life)

        def ready() -> None:
            os.write(self._tells, b".")
            os.close(self._tells)

        server = PagesServer(self._settings, ready, self._app)

        def end_with_the_watch() -> None:
            os.read(self._lives, 1)
            server.should_exit = True

        threading.Thread(target=end_with_the_watch, daemon=True).start()
        server.run(self._sockets)


def _tell(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _is_told_to_end(signals: int) -> bool:
    heard = os.read(signals, 1024)
    return signal.SIGTERM in heard or signal.SIGINT in heard
