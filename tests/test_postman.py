"""The postman: takes what is queued, once, and writes down what a real server said."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import event, func, select, update

from cli.mailbox import Mailbox
from config import clock
from config.settings import Settings
from models.columns import c
from models.database import engine_for, reading, transaction
from models.letter import Letter, LetterState
from models.person import Person
from notifications.bag import Bag
from notifications.message import NotALetter, for_the_envelope
from notifications.postman import Postman
from notifications.smtp import Answer
from rules.refusals import Verdict
from tests.cast import Town, the_morning_ends
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
    """Let a postman walk, when the morning's rounds have ended."""
    the_morning_ends(settings)

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
    assert came["X-Auto-Response-Suppress"] == "All"
    assert came["Reply-To"] == "frida@example.org"
    assert came["Content-Language"] == "sv"
    text, html = came.get_body(("plain",)), came.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Trygg hemgång" in text.get_content()
    assert '<html lang="sv"' in html.get_content()
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
    assert kept["Subject"].startswith("Svara senast 31 dec: ")
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

    def __init__(
        self, rcpt: str = "250 ok", data: str = "250 ok", *, pause: float = 0, utf8: bool = False
    ) -> None:
        self.rcpt, self.data, self.came, self.pause = rcpt, data, 0, pause
        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=utf8
        )

    async def handle_RCPT(self, _s: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802, ANN401
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _s: Any, _e: Any, _envelope: Any) -> str:  # noqa: N802, ANN401
        await asyncio.sleep(self.pause)
        self.came += self.data.startswith("250")
        return self.data


@pytest.fixture
def grumpy() -> Any:  # noqa: ANN401
    """Make a grumpy server."""
    started: list[Grumpy] = []

    def make(**said: Any) -> Grumpy:  # noqa: ANN401
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


def test_what_a_killed_postman_carried_is_taken_up_at_once_with_the_same_message_id(
    letter: Town, mailbox: Mailbox
) -> None:
    told = with_server(letter.settings, mailbox.port)
    claimed = killed_with_a_letter_in_hand(told)
    assert post(told) == 1
    assert mailbox.messages[0]["Message-ID"] == claimed


def test_what_a_living_postman_carries_is_left_to_him_until_it_is_stale(
    letter: Town, mailbox: Mailbox
) -> None:
    told = with_server(letter.settings, mailbox.port)
    living = Bag(told)
    (claimed,) = living.fill(10)
    assert post(told) == 0
    with transaction(letter.settings) as session:
        session.execute(update(Letter).values(claimed_at=clock.now() - timedelta(minutes=31)))
    assert post(told) == 1
    assert mailbox.messages[0]["Message-ID"] == claimed.message_id
    living.refused(claimed, Answer(Verdict.LATER, "451 too late"))  # it is no longer his
    assert outbox(told) == {"sent": 1}
    living.close()


def test_a_claim_by_a_postman_that_nobody_knows_of_waits_until_it_is_stale(
    letter: Town, mailbox: Mailbox
) -> None:
    told = with_server(letter.settings, mailbox.port)
    with transaction(letter.settings) as session:
        elsewhere = {"claimed_by": "elsewhere:1:0123", "claimed_at": clock.now()}
        session.execute(update(Letter).values(state=LetterState.SENDING, **elsewhere))
    assert post(told) == 0


def killed_with_a_letter_in_hand(settings: Settings) -> str:
    """A postman claims all there is, and is killed; returns the letter's Message-ID."""
    given = f"home={str(settings.home)!r}, database_url={settings.database_url!r}"
    words = (
        "import sys, os, signal; from config import settings; from notifications.bag import Bag; "
        f"print(Bag(settings.load({given})).fill(10)[0].message_id, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=False
    )
    assert done.returncode == -9, done.stderr
    return done.stdout.strip()


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
    kinds = [part.get_content_type() for part in came.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert came.defects == []


class Rude(Grumpy):
    """A server that hangs up in the middle of a letter to somebody it cannot stand."""

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        if "alice" in envelope.rcpt_tos[0]:
            server.transport.close()
            return ""
        self.came += 1
        return "250 ok"


def test_a_letter_that_makes_the_server_hang_up_does_not_hold_up_the_others(
    small_town: Town,
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.decided(by="2024-12-31", group=small_town.bjork)
    small_town.morning("2024-12-01")
    server = Rude()
    server.controller.start()
    told = with_server(small_town.settings, server.controller.port)
    assert post(told, times=2) == 1
    server.controller.stop()
    states = {row.to_name: (row.state, row.attempts) for row in small_town.letters()}
    assert states == {"Alice": (LetterState.QUEUED, 1), "Charlie": (LetterState.SENT, 1)}


class Choosy(Grumpy):
    """A server that closes, with a word or without one, as soon as it hears who it is for."""

    def __init__(self, *, says: bool, hangs_up: bool) -> None:
        super().__init__()
        self.says, self.hangs_up = says, hangs_up

    async def handle_RCPT(self, server: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802, ANN401
        if "alice" not in address:
            envelope.rcpt_tos.append(address)
            return "250 ok"
        if self.says:
            await server.push("421 4.7.0 not for her, not now")
        if self.hangs_up:
            server.transport.close()
        return "" if self.hangs_up else "421 4.7.0 not for her, not now"


@pytest.mark.parametrize(("says", "hangs_up"), [(True, True), (False, True), (False, False)])
def test_somebody_whom_the_server_closes_for_does_not_hold_up_the_others(
    small_town: Town, says: bool, hangs_up: bool
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.decided(by="2024-12-31", group=small_town.bjork)
    small_town.morning("2024-12-02")
    server = Choosy(says=says, hangs_up=hangs_up)
    server.controller.start()
    told = with_server(small_town.settings, server.controller.port)
    assert post(told.model_copy(update={"smtp_connections": 1})) == 1
    server.controller.stop()
    states = {row.to_name: (row.state, row.attempts) for row in small_town.letters()}
    assert states == {"Alice": (LetterState.QUEUED, 1), "Charlie": (LetterState.SENT, 1)}


def test_what_a_server_says_can_always_be_written_down(
    letter: Town, grumpy: Callable[..., Grumpy]
) -> None:
    server = grumpy(data="250 kept\x00as \x07 7")
    told = with_server(letter.settings, server.controller.port)
    walk = threading.Thread(target=post, args=(told,), daemon=True)
    walk.start()
    walk.join(20)
    (row,) = letter.letters()
    assert (row.state, row.server_said) == (LetterState.SENT, "250 kept as 7")


def test_a_postman_who_is_called_home_puts_back_what_he_has_not_sent(
    town: Town, grumpy: Callable[..., Grumpy]
) -> None:
    server = grumpy(pause=0.05)
    for _ in range(30):
        with transaction(town.settings) as session:
            number = session.execute(select(func.count()).select_from(Person)).scalar_one()
            person = Person(name=f"P{number}", email=f"p{number}@example.org")
            session.add(person)
            session.flush()
            person_id = person.id
        town.activity(by="2024-12-31", person=person_id)
    town.morning("2024-12-01")

    async def walk() -> None:
        postman = Postman(with_server(town.settings, server.controller.port))
        walking = asyncio.ensure_future(postman.post())
        while server.came < 2:  # he is on his way
            await asyncio.sleep(0.01)
        walking.cancel()  # as the scheduler does when it is shut down
        await postman.close()

    asyncio.run(walk())
    states = outbox(town.settings)
    assert states.get("sent", 0) == server.came
    assert states["queued"] == 30 - server.came
    assert 0 < server.came < 30


def test_an_address_with_swedish_letters_goes_where_the_server_can_or_is_refused_clearly(
    small_town: Town, mailbox: Mailbox, grumpy: Callable[..., Grumpy]
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-01")
    address(small_town, "åsa@example.org")
    strict = grumpy(utf8=False)
    post(with_server(small_town.settings, strict.controller.port))
    (row,) = small_town.letters()
    assert row.state is LetterState.FAILED
    assert "tar inte emot adresser med å, ä, ö" in row.server_said
    address(small_town, "asa@åmål.example.org")  # a domain has a spelling that every server knows
    assert post(with_server(small_town.settings, strict.controller.port)) == 1
    address(small_town, "åsa@åmål.example.org")
    assert post(with_server(small_town.settings, mailbox.port)) == 1
    (came,) = mailbox.messages
    assert came["To"].addresses[0].domain == "xn--ml-xiab.example.org"


def address(town: Town, words: str) -> None:
    """The letter goes to another address, anew."""
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(to_address=words, state=LetterState.QUEUED))
    due_again(town)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "alice",
        "a@b@c",
        "a b@example.org",
        "a@example.org\r\nRCPT TO:<x@y>",
        "a@exa\x00mple.org",
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_said_to_a_server(words: str) -> None:
    with pytest.raises(NotALetter, match="ingen e-postadress"):
        for_the_envelope(words)


def test_a_title_of_ten_thousand_characters_is_cut_in_the_subject(
    small_town: Town, mailbox: Mailbox
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-01")
    with transaction(small_town.settings) as session:
        session.execute(update(Letter).values(subject="Lång å " * 1500))
    post(with_server(small_town.settings, mailbox.port))
    (came,) = mailbox.messages
    assert len(str(came["Subject"])) == 250
    assert str(came["Subject"]).endswith("…")


def test_the_outbox_is_found_by_its_index_however_many_letters_are_on_file(
    small_town: Town,
) -> None:
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-01")
    heard: list[str] = []
    engine = engine_for(small_town.settings)
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    post(small_town.settings)
    asked = [words for words in heard if "FROM letter" in words and "attachment" not in words]
    assert len(asked) > 1
    with engine.connect() as connection:
        for words in asked:
            values = ["x"] * words.count("?")
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", tuple(values)).all()
            assert "SCAN letter" not in str(plan).replace("USING INDEX ix_letter_outbox", "")
