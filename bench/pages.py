"""How many times a second the list of activities is served, beside a static page of the same size.

    python -m bench.pages [--activities 100000] [--databases sqlite,postgres] [--seconds 4]

Two uvicorn processes of one worker each, on loopback: our pages, and a bare ASGI function that
answers with the very bytes of the list. The same client asks both, in turns, over kept connections:
the first page again and again, and a walk through more pages than are remembered as drawn.
"""

import argparse
import asyncio
import itertools
import multiprocessing as mp
import re
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import uvicorn

from bench.crowd import fill
from bench.grounds import GROUNDS, Ground, machine
from config.settings import Settings

CONNECTIONS = 8
WALK = 400  # pages; templates/ remembers 128
LIST = "/aktiviteter"


def serve_ours(settings: Settings, port: int) -> None:
    """Our pages, as `foljsam web` serves them."""
    from web.app import create_app

    uvicorn.run(create_app(settings), port=port, log_level="error", access_log=False)


def serve_static(body: bytes, port: int) -> None:
    """The bare thing: one function, always the same bytes."""
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]

    async def page(scope: dict[str, Any], _receive: object, send: Callable[..., Any]) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    uvicorn.run(page, port=port, log_level="error", access_log=False, lifespan="off")


async def ask(port: int, paths: list[str], seconds: float) -> float:
    """Whole answers a second over a few kept connections, which share the paths."""
    requests = itertools.cycle(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() for path in paths
    )
    until = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_one(port, requests, until) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


async def _one(port: int, requests: Iterator[bytes], until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")
        )
        await reader.readexactly(length)
        answered += 1
    writer.close()
    return answered


def measure(ground: Ground, number: int, seconds: float) -> None:
    """One row of the table."""
    fill(ground, number)
    ground.settle()
    ours, static = _free_port(), _free_port()
    servers = [mp.get_context("spawn").Process(target=serve_ours, args=(ground.settings, ours))]
    servers[0].start()
    try:
        body = _wait_for(ours, LIST)
        static_server = mp.get_context("spawn").Process(target=serve_static, args=(body, static))
        static_server.start()
        servers.append(static_server)
        _wait_for(static, LIST)
        walk = _walk(ours, body.decode())
        asked = {"static": (static, [LIST]), "same": (ours, [LIST]), "walk": (ours, walk)}
        rates: dict[str, list[float]] = {name: [] for name in asked}
        for _ in range(3):
            for name, (port, paths) in asked.items():
                rates[name].append(asyncio.run(ask(port, paths, seconds)))
        bare, same, walked = (statistics.median(found) for found in rates.values())
        print(
            f"| {ground.name} | {number:,} | {len(body) / 1024:.0f} KB | {bare:,.0f}/s | "
            f"{same:,.0f}/s | **{same / bare:.3f}** | {walked:,.0f}/s | **{walked / bare:.3f}** |"
        )
    finally:
        for server in servers:
            server.terminate()
            server.join()


def _walk(port: int, text: str) -> list[str]:
    """The addresses of the pages that follow, each as the one before it gives it."""
    paths: list[str] = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        while len(paths) < WALK:
            found = re.search(r'href="(/aktiviteter\?[^"]+)">Nästa', text)
            assert found is not None
            paths.append(found.group(1).replace("&amp;", "&"))
            text = client.get(paths[-1]).text
    return paths


def _wait_for(port: int, path: str) -> bytes:
    for _ in range(200):
        try:
            answer = httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30)
            answer.raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return answer.content
    raise SystemExit(f"nothing answers on port {port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Measure on each database, and print a table for bench/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--seconds", type=float, default=4.0)
    chosen = parser.parse_args()
    print(machine())
    print("| database | activities | page | static | first page | ratio | a walk | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in chosen.databases.split(","):
        with GROUNDS[name]() as ground:
            measure(ground, chosen.activities, chosen.seconds)


if __name__ == "__main__":
    main()
