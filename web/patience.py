"""Patience: how long somebody may take to say what she wants, and how many are let in at once.

uvicorn waits for ever for a request that has begun and never ends, and for somebody who never reads
the answer; a few hundred such connections, by mistake or on purpose, and nobody else gets in. What
is asked for, and by whom, is no business of this file: that is `gate.py`.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import h11
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from models.in_turn import Busy
from rules.networks import block
from web.pace import link_of, session_of

HEAD_WITHIN = 20.0  # seconds for a request's first lines and headers
BODY_WITHIN = 300.0  # for the rest: a large plan over a slow line
FORM_WITHIN = 30.0  # for the rest of a form without a file, which is a packet or a few
SMALL = 64 * 1024  # bytes; what says that it is no longer than this is such a form
READ_WITHIN = 60.0  # for somebody who has stopped reading the answer
MOST_CONNECTIONS = 1000  # beyond them uvicorn itself says no, with few words
MOST_AT_ONCE = 120  # requests that are worked on or wait for it; three times the threads there are
# Of them to one session or one link: as many as a browser opens at once. That leaves most of the
# threads (forty), and some places where files are read (`intake/apart.py`), to others.
MOST_OF_HERS = 6
MOST_WAIT_OF_HERS = 40  # what she asks for beside them waits, and holds no thread
HERS_WITHIN = 60.0  # seconds
MOST_ARRIVING = 400  # requests whose body is on its way, and of them
MOST_OF_STRANGERS = 300  # of those who show neither a session nor a link of ours,
MOST_ARRIVING_FROM = 40  # of those in one block of addresses,
MOST_ARRIVING_OF_HERS = 12  # to one session or link, wherever she is,
MOST_KNOWN_FROM = 160  # and of all such in one block: somebody may keep many old links
_NO_ROOM = (
    "<!doctype html><html lang=sv><meta charset=utf-8><title>Många på en gång</title>"
    "<h1>Många på en gång</h1><p>Just nu är det fler som vill in än Följsam hinner med. "
    "Vänta en halv minut och försök igen. Det du skickade är inte sparat.</p></html>"
).encode()


class Patient(H11Protocol):
    """uvicorn's protocol, which ends a connection that keeps the door open without going through.

    A connection is always in one of three: its head is awaited, its body is, or neither. One timer
    is enough; uvicorn's own sees to those that have had an answer and say nothing more.
    """

    _awaits: float | None = None  # which of the two times runs, None when neither does
    _timer: asyncio.TimerHandle | None = None
    _reads: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is at the door."""
        super().connection_made(transport)
        self._wait(HEAD_WITHIN)

    def data_received(self, data: bytes) -> None:
        """She says something: see how far she has come."""
        super().data_received(data)
        if self.transport.is_closing():
            self._wait(None)
        elif self.conn.their_state is h11.SEND_BODY:
            self._wait(FORM_WITHIN if self._is_small() else BODY_WITHIN)
        elif self.conn.their_state is h11.IDLE:
            self._wait(HEAD_WITHIN)
        else:
            self._wait(None)

    def on_response_complete(self) -> None:
        """Answered. uvicorn's own timer waits for the next request."""
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE:
            self._wait(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        self._wait(None)
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """She does not read as fast as we write: she has a while."""
        super().pause_writing()
        self._reads = self.loop.call_later(READ_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        """She reads again."""
        super().resume_writing()
        if self._reads is not None:
            self._reads.cancel()
            self._reads = None

    def _is_small(self) -> bool:
        """Does the request say that it is no longer than a form without a file?"""
        told = dict(self.headers or ()).get(b"content-length", b"")
        return told.isdigit() and len(told) < 10 and int(told) <= SMALL

    def _wait(self, seconds: float | None) -> None:
        """Let the time run; one that runs already for the same is not begun anew by a byte more."""
        if seconds == self._awaits:
            return
        self._awaits = seconds
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self.transport.abort)


class Room:
    """How many requests are let in at once; who comes then is told to come back.

    A page works in a thread, of which there are forty. Without a bound those who wait would be as
    many as like to, each with a form in memory, and all would be answered when nobody listens.

    A request whose body is on its way takes no place inside: whoever sends it a byte at a time
    would hold it. There are places outside for those. Whoever shows a session or a link that we
    have signed has some of her own, since a block of addresses may be all of a municipality; others
    have so many for each block. Nothing is looked up for it, and what is made up is a stranger's.

    Who has signed in, or holds a link, has a few places inside, and what she asks for beside them
    comes in its turn: whoever has a hundred slow files made at once waits for them herself.
    """

    def __init__(
        self,
        app: ASGIApp,
        most: int = MOST_AT_ONCE,
        *,
        cookie: str = "",
        is_ours: Callable[[str], bool] = bool,
        link_is_ours: Callable[[str], bool] = bool,
        of_hers: int = MOST_OF_HERS,
    ) -> None:
        self._app = app
        self._most = most
        self._cookie, self._is_ours, self._link_is_ours = cookie, is_ours, link_is_ours
        self._of_hers = of_hers
        self._inside = 0
        self._arriving: Counter[str] = Counter()
        self._hers: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, or say that there is no room."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counts = self._counts(scope) if _has_a_body(scope) else {}
        if not self._has_room(counts):
            await _say_no(send)
            return
        place = _Place(self, list(counts), self._who(scope), receive)
        try:
            await place.take()
        except Busy:
            await _say_no(send)
            return
        try:
            await self._app(scope, place.receive, send)
        finally:
            place.leave()

    def _has_room(self, counts: Mapping[str, int]) -> bool:
        if self._inside >= self._most:
            return False
        return all(self._arriving[name] < most for name, most in counts.items())

    def _counts(self, scope: Scope) -> dict[str, int]:
        """What a body on its way is counted in, and how many of them there may be."""
        asker = block(scope["client"][0]) if scope.get("client") else ""
        known, total = self._known(scope), {"all": MOST_ARRIVING}
        if known is None:
            return total | {"strangers": MOST_OF_STRANGERS, f"from {asker}": MOST_ARRIVING_FROM}
        return total | {known: MOST_ARRIVING_OF_HERS, f"known from {asker}": MOST_KNOWN_FROM}

    def _known(self, scope: Scope) -> str | None:
        """The session or the link that she shows, if we have signed it.

        By what was signed: a signature may be written in several ways that all are good.
        """
        if self._cookie and (key := session_of(scope, self._cookie, self._is_ours)):
            return f"session {key.rpartition('.')[0] or key}"
        link = link_of(scope)
        if link is None or not self._link_is_ours(link):
            return None
        return f"link {link.rpartition('.')[0] or link}"

    def _who(self, scope: Scope) -> str | None:
        """Who has places of her own; nobody who shows neither a link nor a session."""
        link = link_of(scope)
        if link is not None or not self._cookie:
            return link
        return session_of(scope, self._cookie, self._is_ours)

    async def go_in(self, who: str | None) -> None:
        """One more is worked on, when there is a place for hers. Raises `Busy` when none comes."""
        if who is not None:
            await self._place_of_hers(who)
        self._inside += 1

    async def _place_of_hers(self, who: str) -> None:
        if self._hers[who] < self._of_hers:
            self._hers[who] += 1
            return
        line = self._waiting.setdefault(who, deque())
        if len(line) >= MOST_WAIT_OF_HERS:
            raise Busy
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await asyncio.wait_for(asyncio.shield(turn), HERS_WITHIN)
        except BaseException as error:  # also when whoever waits is gone
            self._stop_waiting(who, turn)
            if isinstance(error, TimeoutError):
                raise Busy from error
            raise

    def _stop_waiting(self, who: str, turn: asyncio.Future[None]) -> None:
        if turn.done():  # the place came just then: it goes on to the next
            self._give_on(who)
            return
        self._waiting[who].remove(turn)
        if not self._waiting[who]:
            del self._waiting[who]

    def go_out(self, who: str | None) -> None:
        """One less is."""
        self._inside -= 1
        if who is not None:
            self._give_on(who)

    def _give_on(self, who: str) -> None:
        """A place of hers goes to what has waited the longest, or is free."""
        line = self._waiting.get(who)
        if line:
            line.popleft().set_result(None)
            if not line:
                del self._waiting[who]
            return
        self._hers[who] -= 1
        if not self._hers[who]:
            del self._hers[who]

    def begin_to_arrive(self, counts: Sequence[str]) -> None:
        """One more body is on its way."""
        self._arriving.update(counts)

    def have_arrived(self, counts: Sequence[str]) -> None:
        """It has come whole, or nobody waits for it any more."""
        for name in counts:
            self._arriving[name] -= 1
            if not self._arriving[name]:
                del self._arriving[name]


class _Place:
    """The place that one request has: outside until its body has come, then inside."""

    def __init__(
        self, room: Room, counts: Sequence[str], who: str | None, receive: Receive
    ) -> None:
        self._room = room
        self._counts = counts  # of bodies on their way; none is waited for where there are none
        self._who = who
        self._receive = receive
        self._outside = bool(counts)
        self._inside = False

    async def take(self) -> None:
        """The first place. Raises `Busy` when there is none for hers."""
        if self._outside:
            self._room.begin_to_arrive(self._counts)
        else:
            await self._go_in()

    async def _go_in(self) -> None:
        await self._room.go_in(self._who)
        self._inside = True

    async def receive(self) -> Message:
        """The next of the body; the last of it lets the request in."""
        message = await self._receive()
        if self._outside and not message.get("more_body", False):
            self._outside = False
            self._room.have_arrived(self._counts)
            await self._go_in()
        return message

    def leave(self) -> None:
        """It is answered, or its sender is gone."""
        if self._outside:
            self._room.have_arrived(self._counts)
        if self._inside:
            self._room.go_out(self._who)


def _has_a_body(scope: Scope) -> bool:
    """Does the request bring more than its head?"""
    told = dict(scope["headers"])
    return b"transfer-encoding" in told or told.get(b"content-length", b"0") != b"0"


async def _say_no(send: Send) -> None:
    start: dict[str, Any] = {
        "type": "http.response.start",
        "status": 503,
        "headers": [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(_NO_ROOM)).encode()),
            (b"retry-after", b"30"),
            (b"cache-control", b"no-store"),
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": _NO_ROOM})
