"""A mail server that refuses us stops the post; one that refuses a letter stops nobody else's."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr
from sqlalchemy import select, update

from config import clock
from config.mail_settings import SmtpSecurity
from config.settings import Settings
from flows import heartbeat
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState, Notice
from models.person import Person
from models.post import PostStop
from notifications.administrators import bring_in
from notifications.smtp import knock
from notifications.unreachable import free_at_start
from tests.cast import Town
from tests.conftest import browse, free_port
from tests.imap_server import certificate
from tests.test_postman import due_again, outbox, post, with_server
from web.app import create_app

pytestmark = pytest.mark.by_turns
NOT_US = "550 5.1.8 <foljsam@example.org>: Sender address rejected: Domain not found"


class Says:
    """A real server that answers MAIL, and each domain at RCPT and DATA, as it is told."""

    def __init__(self) -> None:
        self.mail, self.data = "250 ok", "250 ok"
        self.rcpt: dict[str, str] = {}
        self.password = ""
        self.came: list[str] = []
        self.asked = 0
        self.controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=self._signs_in,
            auth_require_tls=False,
        )

    def _signs_in(self, _s: Any, _e: Any, _env: Any, _how: str, given: Any) -> AuthResult:  # noqa: ANN401
        return AuthResult(success=given.password.decode() == self.password, handled=False)

    async def handle_MAIL(self, _s: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802, ANN401
        self.asked += 1
        envelope.mail_from = address
        if not self.mail.startswith("250"):
            envelope.mail_from = None
        return self.mail

    async def handle_RCPT(self, _s: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802, ANN401
        said = self.rcpt.get(address.rpartition("@")[2], self.rcpt.get("*", "250 ok"))
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _s: Any, _e: Any, envelope: Any) -> str:  # noqa: N802, ANN401
        if self.data.startswith("250"):
            self.came += envelope.rcpt_tos
        return self.data


@pytest.fixture
def server() -> Iterator[Says]:
    """The server."""
    says = Says()
    says.controller.start()
    yield says
    says.controller.stop()


@pytest.fixture
def morning(town: Town, server: Says) -> Town:
    """Four letters wait, to three domains; Alma is the administrator."""
    told = with_server(town.settings, server.controller.port)
    town.settings = told.model_copy(update={"administrators": "alma@example.org"})
    bring_in(town.settings, date(2024, 12, 1))
    with transaction(town.settings) as session:
        for person, domain in ((town.bob, "b.example.org"), (town.charlie, "c.example.org")):
            row = session.get_one(Person, person)
            row.email = f"{row.name.lower()}@{domain}"
    for person in (town.alice, town.bob, town.charlie, town.frida):
        town.decided(by="2024-12-31", person=person)
    town.morning("2024-12-02")
    assert outbox(town.settings) == {"queued": 4}
    return town


def stops(town: Town) -> list[PostStop]:
    """Every stop, the first first."""
    with reading(town.settings) as session:
        found = list(session.execute(select(PostStop).order_by(c(PostStop).id)).scalars())
        session.expunge_all()
    return found


def marked(town: Town) -> list[str]:
    """Who is marked as unreachable."""
    with reading(town.settings) as session:
        asked = select(c(Person).name).where(c(Person).unreachable_since.is_not(None))
        return list(session.execute(asked).scalars())


def time_passes(town: Town) -> None:
    """It is time to try again."""
    due_again(town)
    with transaction(town.settings) as session:
        past = clock.now() - timedelta(seconds=1)
        session.execute(update(PostStop).values(next_try_at=past))


@pytest.mark.parametrize(
    "said",
    [
        "530 5.7.57 Client was not authenticated to send anonymous mail during MAIL FROM",
        "550 5.1.8 sender domain not found",
        "553 5.1.7 invalid sender",
        "550 5.7.0 not you",
    ],
)
def test_a_refusal_of_us_at_mail_stops_the_post_and_blames_nobody(
    morning: Town, server: Says, said: str
) -> None:
    server.mail = said
    assert post(morning.settings) == 0
    assert outbox(morning.settings) == {"queued": 4}
    assert {row.attempts for row in morning.letters()} == {0}
    assert marked(morning) == []
    (stop,) = stops(morning)
    assert (stop.stage.value, stop.said, stop.mended_at) == ("mail", said, None)
    asked = server.asked
    assert post(morning.settings, times=3) == 0
    assert server.asked == asked  # it waits before it tries again


def test_when_it_is_mended_the_post_goes_on_by_itself_and_the_administrator_gets_a_letter(
    morning: Town, server: Says
) -> None:
    server.mail = "550 5.1.8 sender domain not found"
    post(morning.settings)
    time_passes(morning)
    post(morning.settings)
    (stop,) = stops(morning)
    assert stop.tries == 1
    server.mail = "250 ok"
    time_passes(morning)
    assert post(morning.settings) == 5
    (stop,) = stops(morning)
    assert stop.mended_at is not None
    assert outbox(morning.settings) == {"sent": 5}
    told = morning.letters()[-1]
    assert (told.to_address, told.subject) == (
        "alma@example.org",
        "Posten stod stilla och går igen",
    )
    assert "5.1.8 sender domain not found" in told.text
    assert len(server.came) == 5
    assert len(set(server.came)) == 5


def test_a_wrong_password_stops_the_post_and_the_right_one_mends_it(
    morning: Town, server: Says
) -> None:
    server.password = "right"
    wrong = {"smtp_user": "foljsam", "smtp_password": SecretStr("wrong")}
    assert post(morning.settings.model_copy(update=wrong)) == 0
    (stop,) = stops(morning)
    assert stop.stage.value == "auth"
    assert stop.said.startswith("535")
    assert outbox(morning.settings) == {"queued": 4}
    time_passes(morning)
    right = wrong | {"smtp_password": SecretStr("right")}
    assert post(morning.settings.model_copy(update=right)) == 5


def test_a_certificate_that_nobody_knows_stops_the_post(town: Town, tmp_path: Path) -> None:
    import ssl

    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    controller = Controller(Says(), hostname="127.0.0.1", port=free_port(), tls_context=context)
    controller.start()
    town.decided(by="2024-12-31")
    town.morning("2024-12-02")
    told = with_server(town.settings, controller.port)
    assert post(told.model_copy(update={"smtp_security": SmtpSecurity.STARTTLS})) == 0
    controller.stop()
    (stop,) = stops(town)
    assert stop.stage.value == "tls"
    assert outbox(town.settings) == {"queued": 1}


def test_a_server_that_is_away_is_no_stop(morning: Town) -> None:
    away = morning.settings.model_copy(update={"smtp_port": free_port()})
    assert post(away) == 0
    assert stops(morning) == []


def test_a_relay_that_refuses_us_at_rcpt_stops_the_post_when_three_domains_say_so(
    morning: Town, server: Says
) -> None:
    server.rcpt["*"] = NOT_US
    assert post(morning.settings) == 0
    assert outbox(morning.settings) == {"queued": 4}
    assert marked(morning) == []
    (stop,) = stops(morning)
    assert stop.said == NOT_US
    server.rcpt.clear()
    time_passes(morning)
    assert post(morning.settings) == 5


def test_one_strict_server_stops_nobody_elses_mail_and_its_letter_fails_explained(
    morning: Town, server: Says
) -> None:
    server.rcpt["b.example.org"] = "550 5.7.1 your sender is not welcome"
    assert post(morning.settings) == 3
    assert stops(morning) == []
    assert outbox(morning.settings) == {"queued": 1, "sent": 3}  # it waits: may it be us?
    due_again(morning)
    another = morning.decided("En till", by="2024-12-31", person=morning.alice)
    assert another
    morning.morning("2024-12-03")
    post(morning.settings)
    due_again(morning)
    post(morning.settings)
    states = {(row.to_name, row.state.value) for row in morning.letters()}
    assert ("Bob", "failed") in states
    assert stops(morning) == []
    assert marked(morning) == []
    page = browse(create_app(morning.settings)).get("/utskick").text
    assert "Brev som inte kom fram" in page
    assert "Mottagarens mejlserver släpper inte fram brevet." in page


def test_two_domains_that_refuse_are_not_yet_three(morning: Town, server: Says) -> None:
    server.rcpt["b.example.org"] = server.rcpt["c.example.org"] = NOT_US
    with transaction(morning.settings) as session:
        theirs = c(Letter).to_name.in_(("Alice", "Frida"))
        tomorrow = clock.now() + timedelta(days=1)
        session.execute(update(Letter).where(theirs).values(not_before=tomorrow))
    assert post(morning.settings) == 0
    assert stops(morning) == []
    assert outbox(morning.settings) == {"queued": 4}


def test_what_a_failed_letter_told_is_told_in_the_next(morning: Town, server: Says) -> None:
    server.rcpt["b.example.org"] = "552 5.2.2 mailbox full"
    assert post(morning.settings) == 3
    assert marked(morning) == []
    server.rcpt.clear()
    morning.morning("2024-12-03")
    assert post(morning.settings) == 1
    assert server.came[-1] == "bob@b.example.org"


def test_failed_letters_are_sent_again_with_one_click_and_the_words_of_that_day(
    morning: Town, server: Says
) -> None:
    server.rcpt["b.example.org"] = "552 5.2.2 mailbox full"
    post(morning.settings)
    server.rcpt.clear()
    later = morning.settings.model_copy(update={"today": date(2024, 12, 5)})
    client = browse(create_app(later))
    page = client.get("/utskick").text
    assert "Brevlådan är full. Be personen rensa, och skicka brevet igen." in page
    client.post("/utskick/igen")
    assert "Brev som inte kom fram" not in client.get("/utskick").text
    client.post("/utskick/igen")  # a second click sends nothing more
    assert post(later) == 1
    letter = morning.letters()[-1]
    assert (letter.to_name, letter.on_day) == ("Bob", date(2024, 12, 5))
    assert "om 26 dagar" in letter.text
    assert "/svar/" in letter.text


def test_what_no_longer_holds_is_not_sent_again(morning: Town, server: Says) -> None:
    server.rcpt["b.example.org"] = "552 5.2.2 mailbox full"
    post(morning.settings)
    with reading(morning.settings) as session:
        lost = c(Letter).to_name == "Bob"
        asked = (
            select(c(Notice).activity_id)
            .order_by(c(Notice).id)
            .where(c(Notice).written_on.is_(None))
        )
        (activity_id,) = session.execute(asked).scalars().all()
        assert session.execute(select(c(Letter).state).where(lost)).scalar() is LetterState.FAILED
    morning.change(activity_id, deadline_first=None, deadline_last=None)
    later = morning.settings.model_copy(update={"today": date(2024, 12, 5)})
    browse(create_app(later)).post("/utskick/igen")
    assert outbox(morning.settings) == {"failed": 1, "sent": 3}


def test_who_was_marked_on_words_about_our_sender_is_freed_at_the_next_start(
    morning: Town,
) -> None:
    with transaction(morning.settings) as session:
        for person, why in ((morning.bob, NOT_US), (morning.charlie, "550 5.1.1 User unknown")):
            row = session.get_one(Person, person)
            row.unreachable_since, row.unreachable_why = clock.now(), why
        session.execute(
            update(Letter)
            .where(c(Letter).person_id == morning.bob)
            .values(state=LetterState.FAILED, server_said=NOT_US)
        )
    assert free_at_start(morning.settings) == 1
    assert marked(morning) == ["Charlie"]
    morning.morning("2024-12-03")
    assert [row.on_day for row in morning.letters() if row.to_name == "Bob"] == [
        date(2024, 12, 2),
        date(2024, 12, 3),
    ]


def test_a_watcher_and_the_pages_are_told_at_once(morning: Town, server: Says) -> None:
    heard: list[str] = []

    class Watcher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    watcher = HTTPServer(("127.0.0.1", 0), Watcher)
    Thread(target=watcher.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{watcher.server_port}/ping"
    told: Settings = morning.settings.model_copy(update={"ping_url": address})
    server.mail = "550 5.1.8 sender domain not found"
    post(told)
    for _ in range(2):
        heartbeat.beat(told, clock.now())
    assert heard == ["/ping/fail"]
    client = browse(create_app(told))
    assert "Posten står stilla" in client.get("/").text
    assert "Posten står stilla" in client.get("/utskick").text
    health = client.get("/health")
    assert health.status_code == 503
    assert json.loads(health.text)["post_stopped_since"]
    server.mail = "250 ok"
    time_passes(morning)
    post(told)
    for _ in range(2):
        heartbeat.beat(told, clock.now())
    assert heard == ["/ping/fail", "/ping"]
    assert json.loads(client.get("/health").text)["post_stopped_since"] is None
    watcher.shutdown()
    watcher.server_close()


def test_foljsam_doctor_can_still_knock(server: Says, town: Town) -> None:
    asyncio.run(knock(with_server(town.settings, server.controller.port)))
