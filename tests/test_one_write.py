"""A server that allows it is told of the next letter in the same write as this one's last dot."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from models.database import transaction
from models.person import Person
from tests.cast import Town
from tests.conftest import free_port
from tests.test_postman import outbox, post, with_server

LETTERS = 6


class Pipelining:
    """A mail server that announces PIPELINING, notes what came together, and may hang up."""

    def __init__(self, most: int = 1000, *, announced: bool = True) -> None:
        self.most = most  # letters on one connection
        self.answers = dict(_ANSWERS)
        if not announced:
            self.answers[b"EHLO"] = b"250 here\r\n"
        self.connections = 0
        self.taken: list[str] = []
        self.together: list[bytes] = []  # what came after a last dot, in the same write

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        writer.write(b"220 here\r\n")
        heard, taken = b"", 0
        while more := await reader.read(64 * 1024):
            heard += more
            while True:
                if heard.startswith(b"\x00") and b"\r\n.\r\n" in heard:
                    letter, _, heard = heard[1:].partition(b"\r\n.\r\n")
                    name = letter.partition(b"Message-ID: ")[2].split(b"\r\n")[0]
                    self.taken.append(name.decode())
                    self.together.append(heard)
                    taken += 1
                    writer.write(b"250 2.0.0 Ok\r\n")
                    if taken == self.most:
                        await writer.drain()
                        writer.close()
                        return
                elif not heard.startswith(b"\x00") and b"\r\n" in heard:
                    command, _, heard = heard.partition(b"\r\n")
                    writer.write(self.answers.get(command[:4].upper(), b"250 Ok\r\n"))
                    if command == b"DATA":
                        heard = b"\x00" + heard  # a letter is being told
                else:
                    break
        writer.close()


_ANSWERS = {
    b"EHLO": b"250-here\r\n250 PIPELINING\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


@contextmanager
def running(server: Pipelining) -> Iterator[int]:
    """The server at work in a thread of its own; its port."""
    port, loop = free_port(), asyncio.new_event_loop()
    opened = loop.run_until_complete(asyncio.start_server(server.serve, "127.0.0.1", port))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(opened.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def six_letters(town: Town) -> None:
    """Six people have a letter each."""
    people = [Person(name=f"Person {n}", email=f"p{n}@example.org") for n in range(LETTERS)]
    with transaction(town.settings) as session:
        session.add_all(people)
    for person in people:
        town.decided(f"Uppgift för {person.name}", by="2024-12-31", person=person.id)
    town.morning("2024-12-02")


def test_the_next_letter_is_begun_in_the_write_that_ends_this_one(small_town: Town) -> None:
    six_letters(small_town)
    server = Pipelining()
    with running(server) as port:
        told = with_server(small_town.settings, port).model_copy(update={"smtp_connections": 1})
        assert post(told) == LETTERS
    assert len(set(server.taken)) == len(server.taken) == LETTERS
    assert [b"MAIL FROM" in rest and b"DATA" in rest for rest in server.together] == [
        *[True] * (LETTERS - 1),
        False,
    ]


@pytest.mark.parametrize("announced", [True, False])
def test_a_server_that_hangs_up_after_every_letter_gets_each_of_them_once(
    small_town: Town, announced: bool
) -> None:
    six_letters(small_town)
    server = Pipelining(most=1, announced=announced)
    with running(server) as port:
        assert post(with_server(small_town.settings, port)) == LETTERS
    assert len(set(server.taken)) == len(server.taken) == LETTERS
    assert outbox(small_town.settings) == {"sent": LETTERS}
