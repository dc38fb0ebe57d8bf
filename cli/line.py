"""The line from the processes of pages to the one that has the clock: "run that round now".

A pair of sockets that they inherit, and nothing that others could reach. Each question brings along
a socket of its own for the answer, so that many may ask at once.
"""

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_WITHIN = 5.0  # seconds that somebody who asks waits
_LONGEST = 200
_YES = b"y"
_log = logging.getLogger("foljsam.pages")


class Line:
    """Made before the processes are; afterwards each keeps its own end (`asks` or `answers`)."""

    def __init__(self) -> None:
        self._asking, self._answering = socket.socketpair(type=socket.SOCK_DGRAM)

    def asks(self) -> None:
        """This process asks."""
        self._answering.close()

    def answers(self) -> None:
        """This process answers, when `listen` has said how."""
        self._asking.close()

    def ask(self, what: str) -> bool:
        """Ask, and wait for the answer. Raises `OSError` when nobody is there to answer."""
        mine, theirs = socket.socketpair()
        with mine:
            with theirs:
                mine.settimeout(_WITHIN)
                socket.send_fds(self._asking, [what.encode()[:_LONGEST]], [theirs.fileno()])
            answer = mine.recv(1)
        if not answer:
            raise ConnectionError("nobody answered")
        return answer == _YES

    def listen(self, answer: Callable[[str], bool]) -> None:
        """Answer whoever asks, in a thread, until the line is closed."""
        threading.Thread(target=self._listen, args=(answer,), name="line", daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        with suppress(OSError):
            self._answering.shutdown(socket.SHUT_RDWR)
        self._answering.close()

    def _listen(self, answer: Callable[[str], bool]) -> None:
        while True:
            try:
                what, descriptors, _, _ = socket.recv_fds(self._answering, _LONGEST, 1)
            except OSError:
                return
            if not what and not descriptors:
                return
            for descriptor in descriptors:
                self._answer(socket.socket(fileno=descriptor), what.decode(), answer)

    def _answer(self, asker: socket.socket, what: str, answer: Callable[[str], bool]) -> None:
        """One answer. A question that cannot be answered stops no other."""
        with asker:
            try:
                said = answer(what)
                asker.sendall(_YES if said else b"n")
            except Exception:  # the one who asked is told that nobody answered
                _log.exception("a question from the pages could not be answered")
