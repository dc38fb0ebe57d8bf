"""What a request costs in processor time and statements, in a large installation.

    python -m bench.cost [--databases sqlite,postgres] [--collaborations 100] [--times 40]

The application is asked straight, without server, client or network, one request at a time, so that
the figures hold on a busy machine too: processor time of this process, its threads among them. What
PostgreSQL's own server works is not in them. How long answers take under load is `load.py`'s.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import event
from starlette.types import ASGIApp, Message

from bench import world
from bench.grounds import GROUNDS, Ground, machine
from bench.load import Crowd, gather
from config.settings import Settings, SignIn
from models.database import engine_for
from web.app import create_app

COOKIES = 40  # every second is a member's, the others leaders'


@dataclass(frozen=True, slots=True)
class Request:
    """One request: what, where, with what."""

    method: str
    path: str
    cookie: str = ""
    form: bytes = b""

    def scope(self) -> dict[str, Any]:
        """As a server gives it to an application."""
        headers = [(b"host", b"127.0.0.1"), (b"sec-fetch-site", b"same-origin")]
        if self.cookie:
            headers.append((b"cookie", f"foljsam={self.cookie}".encode()))
        if self.form:
            headers.append((b"content-type", b"application/x-www-form-urlencoded"))
            headers.append((b"content-length", str(len(self.form)).encode()))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
            "state": {},
        }


async def ask(app: ASGIApp, request: Request) -> int:
    """The status of the answer."""
    status = 0
    waiting = [{"type": "http.request", "body": request.form, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = int(message["status"])

    await app(request.scope(), receive, send)
    return status


Asked = Callable[[int], Request]


def kinds(crowd: Crowd) -> dict[str, Asked]:
    """What is asked, the n:th time: always by another person, so that nothing is asked twice."""

    def member(n: int) -> str:
        return crowd.cookies[2 * n % COOKIES]

    def leader(n: int) -> str:
        return crowd.cookies[(2 * n + 1) % COOKIES]

    def link(n: int) -> tuple[str, int]:
        return crowd.answers[n % len(crowd.answers)]

    def saved(n: int) -> Request:
        path, activity_id = link(n)
        said = {f"says_{activity_id}": "late", f"text_{activity_id}": f"Nummer {n} {time.time()}"}
        return Request("POST", path, form=urlencode(said).encode())

    found: dict[str, Asked] = {
        "svar": lambda n: Request("GET", link(n)[0]),
        "svar saved": saved,
        "tack": lambda n: Request("GET", link(n)[0] + "/tack"),
        "/ member": lambda n: Request("GET", "/", member(n)),
        "/ leader": lambda n: Request("GET", "/", leader(n)),
    }
    for path in ("/aktiviteter", "/planer", "/grupper", "/moten", "/statusrundor"):
        found[f"{path} member"] = lambda n, path=path: Request("GET", path, member(n))  # type: ignore[misc]
        found[f"{path} leader"] = lambda n, path=path: Request("GET", path, leader(n))  # type: ignore[misc]
    return found


async def cost(app: ASGIApp, asked: Asked, times: int) -> tuple[float, float, set[int]]:
    """Milliseconds of processor for one: the median and the worst; and the statuses."""
    spent, statuses = [], set()
    for n in range(times):
        request = asked(n)
        began = time.process_time()
        statuses.add(await ask(app, request))
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent), max(spent), statuses


def counting(settings: Settings) -> Callable[[], int]:
    """How many statements have been run since it was last asked."""
    seen = 0

    def one_more(*_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event passes its own
        nonlocal seen
        seen += 1

    def since() -> int:
        nonlocal seen
        found, seen = seen, 0
        return found

    event.listen(engine_for(settings), "before_cursor_execute", one_more)
    return since


async def table(settings: Settings, crowd: Crowd, times: int) -> None:
    """A line for each kind of request."""
    app, since = create_app(settings), counting(settings)
    for name, asked in kinds(crowd).items():
        await cost(app, asked, 5)  # what is made once is made
        since()
        median, worst, statuses = await cost(app, asked, times)
        statements = since() / times
        print(f"| {name} | {median:.1f} | {worst:.1f} | {statements:.1f} | {sorted(statuses)} |")


def measure(ground: Ground, collaborations: int, times: int) -> None:
    """Print what was seen on one database."""
    world.fill(ground, collaborations, 1000)
    told = ground.settings.model_copy(update={"today": world.TODAY, "sign_in": SignIn.MAIL})
    crowd = gather(told, collaborations)
    print(f"\n{ground.name}, {collaborations} x 1000 activities\n")
    print("| request | ms of processor, median | worst | statements | answered |")
    print("| --- | --- | --- | --- | --- |")
    asyncio.run(table(told, crowd, times))


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--collaborations", type=int, default=100)
    parser.add_argument("--times", type=int, default=40)
    chosen = parser.parse_args()
    print(machine())
    for name in chosen.databases.split(","):
        with GROUNDS[name]() as ground:
            measure(ground, chosen.collaborations, chosen.times)


if __name__ == "__main__":
    main()
