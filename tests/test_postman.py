"""The postman: takes what is queued, once, and writes down what a real server said."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from cli.mailbox import Mailbox
from config import clock
from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState
from models.person import Person
from notifications.postman import Postman
from tests.cast import Town
from tests.conftest import free_port


def with_server(settings: Settings, port: int) -> Settings:
    """The installation with a mail server."""
    return settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "mail_from": "foljsam@example.org",
            "mail_reply_to": "frida@example.org",
        }
    )


def post(settings: Settings, times: int = 1) -> int:
    """Let a postman walk."""

    async def walk() -> int:
        postman = Postman(settings)
        done = sum([await postman.post() for _ in range(times)])
        await postman.close()
        return done

    return asyncio.run(walk())


def outbox(settings: Settings) -> dict[str, int]:
    """How many letters there are in each state."""
    with reading(settings) as session:
        rows = session.execute(select(c(Letter).state, func.count()).group_by(c(Letter).state))
        return {state.value: number for state, number in rows}


def due_again(town: Town) -> None:
    """Let the waiting time pass."""
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(not_before=clock.now() - timedelta(seconds=1)))


@pytest.fixture
def letter(town: Town) -> Town:
    """A town with one letter to Alice in the outbox."""
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    return town


def test_alices_letter_comes_as_text_and_html_and_calms_other_robots(
    letter: Town, mailbox: Mailbox
) -> None:
    assert post(with_server(letter.settings, mailbox.port), times=2) == 1
    (came,) = mailbox.messages
    assert str(came["To"]) == "Alice <alice@example.org>"
    assert came["Auto-Submitted"] == "auto-generated"
    assert came["Reply-To"] == "frida@example.org"
    assert came["Content-Language"] == "sv"
    text, html = came.get_body(("plain",)), came.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Trygg hemgång" in text.get_content()
    assert '<html lang="sv">' in html.get_content()
    (row,) = letter.letters()
    assert row.state is LetterState.SENT
    assert row.server_said == "250 kept"
    assert came["Message-ID"] == row.message_id


def test_without_a_mail_server_the_letter_is_kept_as_a_file_that_a_mail_program_opens(
    letter: Town,
) -> None:
    assert post(letter.settings, times=2) == 1
    (path,) = letter.settings.letters_folder.glob("*.eml")
    kept = message_from_bytes(path.read_bytes(), policy=default)
    assert kept["Subject"] == "En aktivitet att svara på – närmast 31 december 2024"
    assert outbox(letter.settings) == {"kept": 1}


def test_when_the_server_is_down_letters_wait_and_go_when_it_is_back(letter: Town) -> None:
    port = free_port()
    told = with_server(letter.settings, port)
    assert post(told) == 0
    (row,) = letter.letters()
    assert row.state is LetterState.QUEUED
    assert row.attempts == 0  # not the letter's fault
    assert row.server_said
    box = Mailbox()
    box.port, box._controller.port = port, port  # the server comes back where it was
    box.open()
    due_again(letter)
    assert post(told) == 1
    assert len(box.messages) == 1
    box.close()


class Grumpy:
    """A server that answers as it is told."""

    def __init__(self, rcpt: str = "250 ok", data: str = "250 ok") -> None:
        self.rcpt, self.data, self.came = rcpt, data, 0
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_RCPT(self, _s: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802, ANN401
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _s: Any, _e: Any, _envelope: Any) -> str:  # noqa: N802, ANN401
        self.came += self.data.startswith("250")
        return self.data


@pytest.fixture
def grumpy() -> Any:  # noqa: ANN401
    """Make a grumpy server."""
    started: list[Grumpy] = []

    def make(**said: str) -> Grumpy:
        server = Grumpy(**said)
        server.controller.start()
        started.append(server)
        return server

    yield make
    for server in started:
        server.controller.stop()


def test_a_server_that_says_later_is_asked_again_with_a_longer_and_longer_wait(
    letter: Town, grumpy: Callable[..., Grumpy]
) -> None:
    server = grumpy(data="451 try later")
    told = with_server(letter.settings, server.controller.port)
    waits = []
    for _ in range(3):
        due_again(letter)
        before = clock.now()
        assert post(told) == 0
        (row,) = letter.letters()
        waits.append(round((row.not_before - before).total_seconds() / 60))
        assert row.state is LetterState.QUEUED
    assert waits == [1, 2, 5]
    assert row.attempts == 3
    assert row.server_said == "451 try later"
    assert post(told) == 0  # not due yet
    server.data = "250 ok"
    due_again(letter)
    assert post(told) == 1


def test_an_address_that_does_not_exist_is_marked_and_the_next_is_written_to(
    letter: Town, grumpy: Callable[..., Grumpy]
) -> None:
    server = grumpy(rcpt="550 no such user")
    post(with_server(letter.settings, server.controller.port))
    (row,) = letter.letters()
    assert (row.state, row.server_said) == (LetterState.FAILED, "550 no such user")
    with reading(letter.settings) as session:
        alice = session.get_one(Person, letter.alice)
    assert alice.unreachable_since is not None
    assert alice.unreachable_why == "550 no such user"
    letter.morning("2024-12-02")  # the next in line, the next morning
    assert [each.to_name for each in letter.letters()] == ["Alice", "Frida"]


def test_a_server_that_refuses_us_by_policy_says_nothing_about_alices_address(
    letter: Town, grumpy: Callable[..., Grumpy]
) -> None:
    server = grumpy(rcpt="550 5.7.1 relaying denied")
    post(with_server(letter.settings, server.controller.port))
    with reading(letter.settings) as session:
        assert session.get_one(Person, letter.alice).unreachable_since is None


def test_a_letter_that_a_dead_postman_carried_is_taken_up_again_with_the_same_message_id(
    letter: Town, mailbox: Mailbox
) -> None:
    told = with_server(letter.settings, mailbox.port)
    dead = Postman(told)
    (claimed,) = dead._claim()
    assert post(told) == 0  # still in the dead one's hands
    with transaction(letter.settings) as session:
        session.execute(update(Letter).values(claimed_at=clock.now() - timedelta(minutes=31)))
    assert post(told) == 1
    assert mailbox.messages[0]["Message-ID"] == claimed.message_id


def test_two_postmen_at_once_send_nothing_twice(town: Town, mailbox: Mailbox) -> None:
    with transaction(town.settings) as session:
        people = [Person(name=f"P{n}", email=f"p{n}@example.org") for n in range(120)]
        session.add_all(people)
        session.flush()
        ids = [person.id for person in people]
    for person in ids:
        town.activity(by="2024-12-31", person=person)
    town.morning("2024-12-01")
    told = with_server(town.settings, mailbox.port)
    ready = threading.Barrier(2)

    def walk() -> None:
        ready.wait()
        post(told, times=3)

    threads = [threading.Thread(target=walk) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [m["Message-ID"] for m in mailbox.messages]
    assert len(sent) == 120
    assert len(set(sent)) == 120
    assert outbox(town.settings) == {"sent": 120}


def test_a_line_break_in_a_name_makes_no_header_of_its_own(
    small_town: Town, mailbox: Mailbox
) -> None:
    with transaction(small_town.settings) as session:
        session.execute(
            update(Person)
            .where(c(Person).id == small_town.alice)
            .values(name="Alice\r\nBcc: alla@example.org")
        )
    small_town.decided("Titel\r\nX-Evil: ja", by="2024-12-31")
    small_town.morning("2024-12-01")
    post(with_server(small_town.settings, mailbox.port))
    (came,) = mailbox.messages
    assert "Bcc" not in came
    assert "X-Evil" not in came


def test_one_letter_that_cannot_be_made_is_set_aside_and_the_others_go(
    small_town: Town, mailbox: Mailbox
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.decided(by="2024-12-31", group=small_town.bjork)
    small_town.morning("2024-12-01")
    with transaction(small_town.settings) as session:
        session.execute(
            update(Letter).where(c(Letter).to_name == "Alice").values(to_address="not an address")
        )
    post(with_server(small_town.settings, mailbox.port))
    states = {row.to_name: row.state for row in small_town.letters()}
    assert states == {"Alice": LetterState.FAILED, "Charlie": LetterState.SENT}


def test_the_two_bodies_of_a_letter_say_the_same(small_town: Town) -> None:
    import re
    from html import unescape

    small_town.decided("Trygg & säker", by="2024-12-31")
    small_town.morning("2024-12-01")
    (row,) = small_town.letters()
    body = row.html[row.html.index("<body") :]
    words = set(re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", " ", body))))
    missing = set(re.findall(r"\w+", row.text.partition("http")[0])) - words
    assert missing <= {"1", "Lämna", "besked", "tar"}


def test_a_message_is_whole_and_plain(small_town: Town, mailbox: Mailbox) -> None:
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-01")
    post(with_server(small_town.settings, mailbox.port))
    (came,) = mailbox.messages
    assert isinstance(came, EmailMessage)
    assert came.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in came.iter_parts()] == ["text/plain", "text/html"]
    assert came.defects == []
