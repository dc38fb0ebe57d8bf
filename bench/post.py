"""The postman against postfix's `smtp-source`, both to the same `smtp-sink`.

    python -m bench.post [--letters 2000] [--databases sqlite,postgres] [--rounds 5]
    python -m bench.post --reply-ms 20

With `--reply-ms` the server is one that takes so long for each reply (`slow_server.py`), and what
is told is how long the letters take in all: what an organisation's own server makes of a morning.

Each round measures `smtp-source` with one kept session, which sends one and the same message and
records nothing; the answers alone, each committed by itself through the database's driver, and
nothing sent; and ours from queued row to recorded answer, in turn. `smtp-source` and `smtp-sink`
are part of Debian's package postfix; no mail leaves the machine.
"""

import argparse
import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from statistics import median
from time import perf_counter
from uuid import uuid4

import models.tables  # noqa: F401 - every table, so that foreign keys find theirs
from bench.grounds import GROUNDS, Ground, machine
from config import clock
from config.settings import Settings
from notifications.book import Book
from notifications.postman import Postman

LENGTH = 3000  # bytes of smtp-source's message
_TEXT = "Hej!\n\n" + "Trygg hemgång: har arbetet kommit i gång som det var tänkt?\n" * 14
_HTML = "<p>Trygg hemgång: har arbetet kommit i gång som det var tänkt?</p>\n" * 14
_COLUMNS = (
    *("id", "person_id", "kind", "occasion", "on_day", "to_name", "to_address", "subject"),
    *("text", "html", "message_id", "reply_to", "queued_at", "not_before", "state", "attempts"),
    *("claimed_by", "server_said"),
)


@contextmanager
def sink() -> Iterator[int]:
    """A mail server that takes everything and keeps nothing; its port."""
    command = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    asked = [command, "-u", "nobody", f"127.0.0.1:{port}", "100"]
    server = subprocess.Popen(asked)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


def bare(port: int, letters: int) -> float:
    """Seconds that smtp-source takes, in one session that is kept."""
    command = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
    asked = [command, "-d", "-s", "1", "-l", str(LENGTH), "-m", str(letters)]
    asked += ["-f", "foljsam@example.org", "-t", "alice@example.org", f"127.0.0.1:{port}"]
    began = perf_counter()
    subprocess.run(asked, check=True)
    return perf_counter() - began


def fill(ground: Ground, letters: int) -> None:
    """An outbox of letters, each to somebody of her own."""
    now = clock.now().isoformat(sep=" ")
    ground.empty()
    ground.load(
        "letter",
        _COLUMNS,
        [
            (
                *(n, n, "morning", "", date(2026, 3, 2).isoformat(), f"Åsa {n}"),
                *(f"p{n}@example.org", "3 aktiviteter att svara på – närmast 31 mars"),
                *(f"Hej {n}!\n{_TEXT}", _HTML, f"<{uuid4()}@example.org>", "", now, now),
                *("queued", 0, "", ""),
            )
            for n in range(1, letters + 1)
        ],
    )
    ground.settle()


def ours(settings: Settings, letters: int) -> float:
    """Seconds of a postman from the first claim to the last answer on file."""

    async def walk() -> float:
        postman = Postman(settings)
        began = perf_counter()
        done = await postman.post()
        spent = perf_counter() - began
        await postman.close()
        assert done == letters, f"{done} of {letters} letters went"
        return spent

    return asyncio.run(walk())


def answers(settings: Settings, letters: int) -> float:
    """Seconds that it takes to write down the answers alone: the floor of at most one a kill."""
    book = Book(settings)
    began = perf_counter()
    for n in range(1, letters + 1):
        book.accepted(n, "", "sent", "250 2.0.0 Ok", clock.now(), clock.today())
    spent = perf_counter() - began
    book.close()
    return spent


def measure(name: str, letters: int, rounds: int) -> tuple[str, float, float, float]:
    """(which database, letters a second of smtp-source, of answers alone, and of ours)."""
    with GROUNDS[name]() as ground, sink() as port:
        told = ground.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": port, "mail_from": "f@example.org"}
        )
        people = [(n, f"Åsa {n}", f"p{n}@example.org", "") for n in range(1, letters + 1)]
        ground.load("person", ("id", "name", "email", "unreachable_why"), people)
        theirs, floor, own = [], [], []
        for _ in range(rounds):
            fill(ground, letters)
            floor.append(answers(told, letters))
            fill(ground, letters)
            theirs.append(bare(port, letters))
            own.append(ours(told, letters))
        theirs_, floor_, own_ = (letters / median(times) for times in (theirs, floor, own))
        return ground.name, theirs_, floor_, own_


@contextmanager
def slow(milliseconds: float) -> Iterator[int]:
    """A mail server that takes so long for each reply; its port."""
    asked = [sys.executable, "-m", "bench.slow_server", str(milliseconds)]
    server = subprocess.Popen(asked, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def to_a_slow_server(name: str, letters: int, milliseconds: float) -> tuple[str, int, float]:
    """(which database, connections, seconds that all letters take)."""
    with GROUNDS[name]() as ground, slow(milliseconds) as port:
        told = ground.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": port, "mail_from": "f@example.org"}
        )
        people = [(n, f"Åsa {n}", f"p{n}@example.org", "") for n in range(1, letters + 1)]
        ground.load("person", ("id", "name", "email", "unreachable_why"), people)
        fill(ground, letters)
        return ground.name, told.smtp_connections, ours(told, letters)


def main() -> None:
    """Print the table that stands in bench/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reply-ms", type=float, default=0)
    asked = parser.parse_args()
    print(machine(), "\n")
    if asked.reply_ms:
        print("| database | letters | a reply, ms | connections | seconds in all |")
        print("| --- | --- | --- | --- | --- |")
        for name in asked.databases.split(","):
            where, many, spent = to_a_slow_server(name, asked.letters, asked.reply_ms)
            row = f"| {where} | {asked.letters:,} | {asked.reply_ms:g} | {many} | **{spent:.1f}** |"
            print(row)
        return
    print(
        "| database | letters | smtp-source, a second | answers alone, a second "
        "| postman, a second | ratio |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name in asked.databases.split(","):
        where, theirs, floor, own = measure(name, asked.letters, asked.rounds)
        print(
            f"| {where} | {asked.letters:,} | {theirs:,.0f} | {floor:,.0f} | {own:,.0f} "
            f"| **{own / theirs:.2f}** |"
        )


if __name__ == "__main__":
    main()
