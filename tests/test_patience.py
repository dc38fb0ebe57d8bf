"""Whoever keeps the door open is let go; whoever comes when it is full is told so.

A real server on loopback, with the times cut short.
"""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cli.serve import PagesServer
from config import settings as settings_module
from config.settings import Settings
from models.database import close
from tests.cast import Town
from tests.conftest import free_port
from tests.databases import put_migrated
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_delegation import link_of
from web import patience
from web.app import create_app


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Pages that are served, by a server that has no patience."""
    home: Path = tmp_path_factory.mktemp("patience")
    told = settings_module.load(home=home, port=free_port())
    put_migrated(home)
    ready = threading.Event()
    with pytest.MonkeyPatch.context() as hasty:
        hasty.setattr(patience, "HEAD_WITHIN", 0.5)
        hasty.setattr(patience, "BODY_WITHIN", 1.0)
        hasty.setattr(patience, "FORM_WITHIN", 1.0)
        hasty.setattr(patience, "READ_WITHIN", 1.0)
        server = PagesServer(told, ready.set)
        thread = threading.Thread(target=server.run)
        thread.start()
        assert ready.wait(20)
        yield told
        server.should_exit = True
        thread.join(20)
    close(told)


def call(told: Settings) -> socket.socket:
    """Somebody at the door."""
    return socket.create_connection(("127.0.0.1", told.port), timeout=120)


def drip(caller: socket.socket) -> None:
    """A byte now and then, for a minute."""
    for _ in range(600):
        caller.sendall(b"G")
        time.sleep(0.1)


def hangs_up(caller: socket.socket) -> bool:
    """Do we hang up, sooner or later? A call that is left open is over by its own timeout."""
    with suppress(ConnectionResetError):  # hung up on all the same
        while caller.recv(4096):
            pass
    return True


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTT",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /planer/ny HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf",
    ],
    ids=["says nothing", "half a line", "half the headers", "half a form"],
)
def test_whoever_begins_and_never_ends_is_let_go(served: Settings, said: bytes) -> None:
    with call(served) as caller:
        caller.sendall(said)
        assert hangs_up(caller)


def test_a_byte_now_and_then_does_not_keep_the_door_open(served: Settings) -> None:
    with call(served) as caller, pytest.raises((ConnectionResetError, BrokenPipeError)):
        drip(caller)


def test_two_words_on_how_long_a_form_is_hide_no_second_request_in_it(served: Settings) -> None:
    head = b"POST /planer/ny HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
    hidden = b"GET /style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with call(served) as caller:
        caller.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        assert caller.recv(9) == b"HTTP/1.1 "  # chunks count: the form is over
    for twice in (b"Content-Length: 9\r\n", b"Transfer-Encoding: gzip, chunked\r\n"):
        with call(served) as caller:
            caller.sendall(head + twice + b"\r\nabcde" + hidden)
            with suppress(ConnectionResetError):
                answer = b"".join(iter(lambda: caller.recv(4096), b""))
                assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501"))
                assert b"text/css" not in answer


def test_whoever_asks_properly_is_answered_many_times_on_one_connection(served: Settings) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{served.port}") as client:
        for _ in range(3):
            assert client.get("/style.css").status_code == 200
            time.sleep(0.7)  # longer than a head may take: nothing was begun meanwhile
        assert client.get("/style.css").status_code == 200


def test_who_comes_when_it_is_full_is_told_to_come_back_and_then_gets_in() -> None:
    async def slow_app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.2)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})

    async def crowd() -> list[int]:
        room = patience.Room(slow_app, most=3)
        transport = httpx.ASGITransport(app=room)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            first = await asyncio.gather(*(client.get("/") for _ in range(5)))
            later = await client.get("/")
        assert "Vänta en halv minut" in first[-1].text
        return [answer.status_code for answer in (*first, later)]

    assert sorted(asyncio.run(crowd())) == [200, 200, 200, 200, 503, 503]


def test_forms_that_never_end_keep_nobody_else_out(served: Settings) -> None:
    begun = b"POST /svar/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\na"
    callers = [call(served) for _ in range(patience.MOST_AT_ONCE + 5)]
    for caller in callers:
        caller.sendall(begun)
    for _ in range(20):
        assert httpx.get(f"http://127.0.0.1:{served.port}/health", timeout=5).status_code == 200
    for caller in callers:
        caller.close()


def test_so_many_may_be_on_their_way_from_one_place_and_another_still_gets_in() -> None:
    async def meet() -> tuple[list[int], int, int]:
        gate = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        async def come(room: patience.Room, host: str) -> int:
            statuses: list[int] = []

            async def receive() -> dict[str, object]:
                await gate.wait()
                return {"type": "http.request", "body": b"a", "more_body": False}

            async def send(message: Message) -> None:
                statuses.extend([message["status"]] if "status" in message else [])

            headers = [(b"content-length", b"1")]
            scope: Scope = {"type": "http", "path": "/", "client": (host, 1), "headers": headers}
            await room(scope, receive, send)
            return statuses[0]

        room = patience.Room(app, most=2)
        many = [
            asyncio.create_task(come(room, "192.0.2.7"))
            for _ in range(patience.MOST_ARRIVING_FROM + 3)
        ]
        await asyncio.sleep(0)
        other = asyncio.create_task(come(room, "198.51.100.7"))
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*many), await other, await come(room, "192.0.2.7")

    many, other, later = asyncio.run(meet())
    assert many.count(503) == 3
    assert (other, later) == (200, 200)


def test_whoever_asks_for_a_hundred_slow_pages_waits_for_them_herself() -> None:
    at_once: list[int] = []

    async def slow_app(scope: Scope, _receive: Receive, send: Send) -> None:
        hers = dict(scope["headers"]).get(b"cookie") == b"foljsam=frida"
        at_once.append(at_once[-1] + hers if at_once else int(hers))
        await asyncio.sleep(0.05 if hers else 0)
        at_once.append(at_once[-1] - hers)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})

    async def crowd() -> tuple[list[int], list[int]]:
        room = patience.Room(slow_app, most=20, cookie="foljsam")
        transport = httpx.ASGITransport(app=room)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:

            async def asks(key: str) -> int:
                return (await client.get("/", headers={"Cookie": f"foljsam={key}"})).status_code

            hers = [asyncio.create_task(asks("frida")) for _ in range(100)]
            await asyncio.sleep(0.02)
            others = [await asks("gustav") for _ in range(20)]
            return others, await asyncio.gather(*hers)

    others, hers = asyncio.run(crowd())
    assert others == [200] * 20
    assert max(at_once) == patience.MOST_OF_HERS
    assert hers.count(200) == patience.MOST_OF_HERS + patience.MOST_WAIT_OF_HERS
    assert hers.count(503) == 100 - hers.count(200)


def test_a_place_of_hers_is_free_again_when_whoever_waited_for_it_has_gone() -> None:
    async def slow_app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.1)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})

    async def crowd() -> list[int]:
        room = patience.Room(slow_app, most=20, of_hers=2)
        transport = httpx.ASGITransport(app=room)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            asked = [asyncio.create_task(client.get("/svar/key")) for _ in range(6)]
            await asyncio.sleep(0.05)
            for one in asked[2:]:
                one.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
            later = await asyncio.gather(*(client.get("/svar/key") for _ in range(4)))
        assert not room._hers
        assert not room._waiting
        return [answer.status_code for answer in later]

    assert asyncio.run(crowd()) == [200] * 4


def test_forms_of_hers_that_have_come_wait_for_a_place_too() -> None:
    async def slow_app(_scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await asyncio.sleep(0.1)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})

    async def crowd() -> float:
        room = patience.Room(slow_app, of_hers=1)
        transport = httpx.ASGITransport(app=room)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            began = time.monotonic()
            sent = [client.post("/svar/key", content=b"x=1") for _ in range(4)]
            assert [each.status_code for each in await asyncio.gather(*sent)] == [200] * 4
        assert not room._hers
        return time.monotonic() - began

    assert asyncio.run(crowd()) >= 0.4


HER_BLOCK = ("192.0.2.7", 1)


@asynccontextmanager
async def half_forms(app: ASGIApp, *heads: tuple[str, str]) -> AsyncIterator[list[int]]:
    """Forms that never end, each to a path with a cookie: what was answered meanwhile."""
    over, came = asyncio.Event(), list[int]()

    async def receive() -> Message:
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        came.extend([message["status"]] if "status" in message else [])

    async def one(path: str, cookie: str) -> None:
        told = {"content-length": "9", "host": "127.0.0.1", "cookie": cookie}
        told |= {"sec-fetch-site": "same-origin"}
        told |= {"content-type": "application/x-www-form-urlencoded"}
        headers = [(name.encode(), value.encode()) for name, value in told.items()]
        scope: dict[str, object] = {
            "type": "http",
            "method": "POST",
            "path": path,
            "client": HER_BLOCK,
        }
        scope |= {"headers": headers, "query_string": b"", "raw_path": path.encode()}
        scope |= {"scheme": "http", "server": ("127.0.0.1", 80), "http_version": "1.1"}
        with suppress(Exception):
            await app(scope, receive, send)

    begun = [asyncio.create_task(one(*head)) for head in heads]
    await asyncio.sleep(0.5)
    try:
        yield came
    finally:
        over.set()
        await asyncio.gather(*begun)


def test_strangers_half_forms_keep_nobody_in_their_block_out_who_has_signed_in_or_holds_a_link(
    small_town: Town,
) -> None:
    """A block of addresses may be all of a municipality; who makes up a key is still a stranger."""
    app = create_app(with_sign_in(small_town.settings))
    small_town.decided(by="2024-07-01")
    link, frida = link_of(small_town, small_town.alice), browser(app)
    signs_in(small_town, frida, "frida@example.org")
    hers = {"Cookie": f"foljsam={frida.cookies['foljsam']}"}
    made_up = {"Cookie": "foljsam=gissning.gissning"}

    async def meet() -> list[int]:
        transport = httpx.ASGITransport(app=app, client=HER_BLOCK)
        own = {"Sec-Fetch-Site": "same-origin"}
        half = [("/logga-in", "")] * 100
        async with (
            httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1", headers=own
            ) as http,
            half_forms(app, *half) as came,
        ):
            assert came == [503] * (100 - patience.MOST_ARRIVING_FROM)
            form = {"address": "x"}
            return [
                (await http.post("/planer/ny", data=form, headers=hers)).status_code,
                (await http.post(link, data=form)).status_code,
                (await http.post("/planer/ny", data=form, headers=made_up)).status_code,
                (await http.post("/svar/gissning.gissning", data=form)).status_code,
            ]

    by_session, by_link, *strangers = asyncio.run(meet())
    assert by_session in {303, 400, 422}  # the form's own answer
    assert by_link in {303, 400, 422}
    assert strangers == [503, 503]


def test_a_session_has_so_many_half_forms_however_its_signature_is_written() -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()

    async def meet() -> tuple[int, int]:
        room = patience.Room(app, cookie="foljsam")
        most = patience.MOST_ARRIVING_OF_HERS
        keys = [f"foljsam=key.{number}" for number in range(most + 4)]
        async with half_forms(room, *(("/", key) for key in keys)) as came:
            links = [(f"/svar/{number}.x", "") for number in range(patience.MOST_KNOWN_FROM)]
            async with half_forms(room, *links) as others:
                return came.count(503), others.count(503)

    of_hers, of_the_block = asyncio.run(meet())
    assert of_hers == 4
    assert of_the_block == patience.MOST_ARRIVING_OF_HERS
