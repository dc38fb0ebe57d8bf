"""How long an answer takes when many answer, others look, and the morning's letters are written.

    python -m bench.load [--databases sqlite,postgres] [--collaborations 270] [--seconds 60]

270 collaborations give a morning of some 2,000 letters.

The pages are served as `foljsam up` serves them, by processes of their own, and the process that
started them does the morning meanwhile as its clock would: what the round decides, the letters, and
the postman who keeps them as files. Only Prefect is left out. Another process asks at a steady
pace, whether or not the answers have come (an open loop): how late an answer is counts from when it
was to be asked for. Then fifty impatient clients answer as fast as they are let: they may be slow,
but nothing may be wrong or lost.
"""

import argparse
import asyncio
import itertools
import multiprocessing as mp
import random
import re
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import func, insert, select

from bench import world
from bench.grounds import GROUNDS, Ground, machine
from config import clock, policy
from config.settings import Settings, SignIn
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, Link
from models.session import SignedIn
from models.status import StatusAnswer
from notifications.links import address
from web.entry.sessions import hashed

ANSWERS, PAGES = 10, 20  # a second
IMPATIENT = 50
_IDLE = 3.0  # seconds that a connection is kept
_NUMBERS = itertools.count(1)
ANSWERING = 400  # people with a link


@dataclass(slots=True)
class Told:
    """What was asked, how late each answer was in seconds, and which statuses came."""

    late: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """Median, 99th percentile and worst, in milliseconds."""
        found = sorted(self.late)
        if not found:
            return "none"
        p99 = found[min(len(found) - 1, int(len(found) * 0.99))]
        median, worst = found[len(found) // 2], found[-1]
        return (
            f"{len(found)} asked, median {median * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, "
            f"worst {worst * 1000:.0f} ms, {dict(self.statuses)}"
        )

    def errors(self) -> int:
        """What came that is neither a page, nor done, nor a word to come back."""
        return sum(number for status, number in self.statuses.items() if status not in _FINE)

    def came(self, saved: int) -> str:
        """Answers on file, those that were taken and are not there, and errors."""
        lost = self.statuses["303"] - saved
        return f"{saved} on file, {lost} lost, {self.errors()} errors"


_FINE = {"200", "303", "503"}  # 503: told to come back, and nothing of it is saved


def serve(settings: Settings, go: Any, done: Any) -> None:  # noqa: ANN401 - events of multiprocessing
    """The pages and the postman, and when `go` is set the morning beside them."""
    from cli.pages import start
    from cli.serve import ended_by_signal, give_way
    from flows.schedule import Clockwork

    with ended_by_signal() as ended:
        pages = start(settings)
        pages.wait_ready()
        give_way()
        clockwork = Clockwork(settings, None)
        clockwork.start()
        threading.Thread(target=_morning, args=(settings, go, done), daemon=True).start()
        ended.wait()
        pages.stop()
        clockwork.stop()


def _morning(settings: Settings, go: Any, done: Any) -> None:  # noqa: ANN401
    """What `flows/morning_round.py` does, without Prefect around it."""
    from notifications import notices, release, silence
    from notifications.letters import taken_on

    go.wait()
    promises = policy.load(settings.home)
    with transaction(settings) as session:
        notices.sweep(session, promises, world.TODAY)
        silence.sweep(session, promises, world.TODAY)
    with transaction(settings) as session:
        taken_on.write(session, world.TODAY)
    release.make_due(settings, world.TODAY, ending="morning-round")
    done.set()


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who asks: links with an activity to answer about, and cookies of those who look."""

    answers: list[tuple[str, int]]
    cookies: list[str]


def gather(settings: Settings, collaborations: int) -> Crowd:
    """Put links and sessions on file for people all over the installation."""
    dice, now = random.Random(2), clock.now()
    with transaction(settings) as session:
        rows = session.execute(
            select(c(Responsibility).person_id, func.min(c(Activity).id))
            .join(Activity, c(Activity).id == c(Responsibility).activity_id)
            .where(c(Responsibility).person_id.is_not(None), c(Activity).state == "pågående")
            .group_by(c(Responsibility).person_id)
        ).all()
        chosen = dice.sample(list(rows), min(ANSWERING, len(rows)))
        answers = []
        for person_id, activity_id in chosen:
            link = Link(person_id=person_id, made_at=now, expires_at=now + timedelta(days=30))
            session.add(link)
            session.flush()
            assert link.id is not None
            path = "/svar/" + address(settings, link.id).partition("/svar/")[2]
            answers.append((path, activity_id))
        keys = []
        for number in range(40):
            collaboration = dice.randint(1, collaborations)
            person = world.leader(collaboration) if number % 2 else chosen[number][0]
            keys.append(secrets.token_urlsafe(32))
            session.execute(
                insert(SignedIn).values(
                    person_id=person, token_hash=hashed(keys[-1]), began_at=now, seen_at=now
                )
            )
    return Crowd(answers, keys)


async def steady(port: int, crowd: Crowd, seconds: float) -> tuple[Told, Told]:
    """Ask at a steady pace, whatever comes back, and wait for the last."""
    answers, pages = Told(), Told()
    client = Client(port)
    began = time.perf_counter()
    tasks = [
        *_paced(began, seconds, ANSWERS, lambda n: _answer(client, crowd, n), answers),
        *_paced(began, seconds, PAGES, lambda n: _page(client, crowd, n), pages),
    ]
    await asyncio.gather(*tasks)
    client.close()
    return answers, pages


class Client:
    """Kept connections to one port, a request on each at a time.

    Not httpx: on the same two cores it would cost half of what the pages do, and be measured too.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, method: str, path: str, more: str, body: bytes = b"") -> str:
        """The status of the answer, which is read whole; else what went wrong."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{more}"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        try:
            async with asyncio.timeout(60):
                return await self._exchange(head.encode() + body)
        except (OSError, EOFError, TimeoutError) as error:
            return type(error).__name__

    async def _exchange(self, request: bytes) -> str:
        reader, writer = await self._connection()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"\r\ncontent-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if "\r\nconnection: close" in head:
            writer.close()
        else:
            self._idle.append((time.perf_counter(), reader, writer))
        return head.split(" ", 2)[1]

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The one used last; the server closes those that have been silent for five seconds."""
        while self._idle:
            since, reader, writer = self._idle.pop()
            if time.perf_counter() - since < _IDLE:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Let all connections go."""
        for _, _, writer in self._idle:
            writer.close()


Asked = Callable[[int], Coroutine[Any, Any, str]]


def _paced(
    began: float, seconds: float, rate: int, ask: Asked, told: Told
) -> list[asyncio.Task[None]]:
    async def one(number: int) -> None:
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        told.statuses[await ask(number)] += 1
        told.late.append(time.perf_counter() - due)

    return [asyncio.create_task(one(number)) for number in range(int(seconds * rate))]


async def _answer(client: Client, crowd: Crowd, number: int) -> str:
    path, activity_id = crowd.answers[number % len(crowd.answers)]
    said = {
        f"says_{activity_id}": "at_risk" if number % 2 else "late",
        # The same words once more would be no answer, and are refused as none.
        f"text_{activity_id}": f"Nummer {next(_NUMBERS)}: två orter av fem är klara",
    }
    more = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return await client.ask("POST", path, more, urlencode(said).encode())


async def _page(client: Client, crowd: Crowd, number: int) -> str:
    looks = ("/", "/aktiviteter", "/planer", "/grupper", "/moten", "/statusrundor")
    path = crowd.answers[number % len(crowd.answers)][0] if number % 2 else looks[number // 2 % 6]
    cookie = f"Cookie: foljsam={crowd.cookies[number % len(crowd.cookies)]}\r\n"
    return await client.ask("GET", path, cookie)


async def impatient(port: int, crowd: Crowd, seconds: float) -> Told:
    """Fifty who answer again as soon as they are answered."""
    told = Told()
    until = time.perf_counter() + seconds
    client = Client(port)

    async def one(number: int) -> None:
        while time.perf_counter() < until:
            asked = time.perf_counter()
            told.statuses[await _answer(client, crowd, number)] += 1
            told.late.append(time.perf_counter() - asked)
            number += IMPATIENT

    await asyncio.gather(*(one(number) for number in range(IMPATIENT)))
    client.close()
    return told


def measure(ground: Ground, collaborations: int, seconds: float) -> None:
    """Print what was seen on one database."""
    world.fill(ground, collaborations, 1000)
    port = _free_port()
    told = ground.settings.model_copy(
        update={
            "port": port,
            "today": world.TODAY,
            "sign_in": SignIn.MAIL,
            "base_url": f"http://127.0.0.1:{port}",
        }
    )
    crowd = gather(told, collaborations)
    many = mp.get_context("spawn")
    go, done = many.Event(), many.Event()
    server = many.Process(target=serve, args=(told, go, done))
    server.start()
    try:
        _wait_for(port)
        asyncio.run(steady(port, crowd, 3))  # what is made once is made
        before = _on_file(told)
        go.set()
        answers, pages = asyncio.run(steady(port, crowd, seconds))
        saved = _on_file(told) - before
        written = "written" if done.is_set() else "still being written"
        print(f"\n{ground.name}, {told.web_processes} processes of pages")
        print(f"- {_letters(told)} letters {written} beside it, {_letters(told, 'kept')} posted")
        print(f"- answers: {answers.line()}; {answers.came(saved)}")
        print(f"- pages: {pages.line()}; {pages.errors()} errors")
        done.wait(600)
        before = _on_file(told)
        hasty = asyncio.run(impatient(port, crowd, seconds / 2))
        print(f"- {IMPATIENT} impatient: {hasty.line()}; {hasty.came(_on_file(told) - before)}")
    finally:
        server.terminate()
        server.join()


def _on_file(settings: Settings) -> int:
    with reading(settings) as session:
        return int(session.execute(select(func.count(c(StatusAnswer).id))).scalar_one())


def _letters(settings: Settings, state: str = "") -> int:
    asked = select(func.count(c(Letter).id))
    with reading(settings) as session:
        counted = asked.where(c(Letter).state == state) if state else asked
        return int(session.execute(counted).scalar_one())


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/style.css", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--collaborations", type=int, default=270)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    print(machine())
    for name in chosen.databases.split(","):
        with GROUNDS[name]() as ground:
            measure(ground, chosen.collaborations, chosen.seconds)


if __name__ == "__main__":
    main()
