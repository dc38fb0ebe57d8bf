"""A round that did not run is noticed: on file, on the overview, by mail once, by watchers."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cli.doctor import Verdict, examine
from config import clock, timetable
from config.settings import Settings
from flows import bookkeeping, heartbeat
from models.columns import c
from models.database import engine_for, reading, transaction
from models.heartbeat import MissedRound, Pulse
from models.letter import Letter
from models.person import Person
from models.round import Round
from notifications.administrators import bring_in
from tests.cast import Town
from tests.conftest import browse, free_port
from web.app import create_app
from web.overview.health import MAILBOX, look

LINE = timetable.line("morning-round")
MONDAY = datetime(2024, 12, 2, 5, 10, tzinfo=UTC)  # 06:10 in Stockholm
TUESDAY = MONDAY + timedelta(days=1)


def ran(settings: Settings, at: datetime, *, well: bool = True, broke: str = "") -> int:
    """A morning round that began then."""
    number = bookkeeping.begin(settings, LINE.name, clock.in_stockholm(at).date(), "")
    if well:
        bookkeeping.end(settings, number, {})
    if broke:
        bookkeeping.fail(settings, number, RuntimeError(broke))
    with transaction(settings) as session:
        session.execute(update(Round).where(c(Round).id == number).values(started_at=at))
    return number


def missed(settings: Settings) -> list[tuple[str, str, bool]]:
    """(line, why, is mended) of every missed round."""
    with reading(settings) as session:
        rows = session.execute(
            select(c(MissedRound).line, c(MissedRound).why, c(MissedRound).mended_at)
        )
        return [(line, why, mended is not None) for line, why, mended in rows]


@pytest.fixture
def watched(told: Settings) -> Settings:
    """An installation whose morning round ran well on Monday, with Alma as its administrator."""
    settings = told.model_copy(update={"administrators": "alma@example.org"})
    bring_in(settings, date(2024, 12, 1))
    ran(settings, MONDAY)
    return settings


def test_a_round_that_did_not_run_is_noticed_half_an_hour_after_its_time(watched: Settings) -> None:
    assert heartbeat.beat(watched, TUESDAY + timedelta(minutes=29)) == []
    assert heartbeat.beat(watched, TUESDAY + timedelta(minutes=31)) == ["morning-round"]
    assert heartbeat.beat(watched, TUESDAY + timedelta(minutes=32)) == []
    assert missed(watched) == [("morning-round", "Den startade aldrig.", False)]


def test_rounds_that_nobody_ever_fires_are_noticed_also_on_a_new_installations_first_day(
    told: Settings,
) -> None:
    soon = TUESDAY + timedelta(minutes=31)
    assert heartbeat.beat(told, soon, since=TUESDAY + timedelta(minutes=2)) == []  # being made good
    assert "morning-round" in heartbeat.beat(told, soon, since=MONDAY)
    assert heartbeat.beat(told, soon + timedelta(minutes=1), since=MONDAY) == []
    assert ("morning-round", "Den har aldrig startat.", False) in missed(told)
    ran(told, TUESDAY + timedelta(hours=1))
    heartbeat.beat(told, TUESDAY + timedelta(hours=2), since=MONDAY)
    assert ("morning-round", "Den har aldrig startat.", True) in missed(told)


def test_the_administrator_whom_the_setting_brought_in_is_written_to_once(
    watched: Settings,
) -> None:
    for minutes in (31, 32, 90):
        heartbeat.beat(watched, TUESDAY + timedelta(minutes=minutes))
    with reading(watched) as session:
        (letter,) = session.execute(select(Letter)).scalars()
        alma = session.get_one(Person, letter.person_id)
    assert (alma.email, letter.kind) == ("alma@example.org", "heartbeat")
    assert letter.subject == "Morgonrundan blev inte av 3 december 2024"
    assert "Den startade aldrig." in letter.text
    assert "Den startade aldrig." in letter.html


def test_one_that_began_and_never_ended_is_noticed_and_so_is_one_that_broke(
    watched: Settings,
) -> None:
    ran(watched, TUESDAY, well=False)
    heartbeat.beat(watched, TUESDAY + timedelta(minutes=40))
    ran(watched, TUESDAY + timedelta(days=1), well=False, broke="databasen är borta")
    heartbeat.beat(watched, TUESDAY + timedelta(days=1, minutes=40))
    assert [why for _, why, _ in missed(watched)] == [
        "Rundan började klockan 06.10 men blev inte klar.",
        "Rundan gick sönder: RuntimeError: databasen är borta",
    ]


def test_a_good_round_mends_it(watched: Settings) -> None:
    heartbeat.beat(watched, TUESDAY + timedelta(minutes=31))
    ran(watched, TUESDAY + timedelta(hours=2))
    heartbeat.beat(watched, TUESDAY + timedelta(hours=3))
    assert missed(watched) == [("morning-round", "Den startade aldrig.", True)]


def test_nothing_is_missed_on_a_sunday_but_fridays_round_still_is(watched: Settings) -> None:
    ran(watched, MONDAY + timedelta(days=3))  # Thursday
    sunday = MONDAY + timedelta(days=6, hours=4)
    assert heartbeat.beat(watched, sunday) == ["morning-round"]
    with reading(watched) as session:
        due = session.execute(select(c(MissedRound).due_at)).scalar_one()
    assert clock.in_stockholm(due).date() == date(2024, 12, 6)
    ran(watched, MONDAY + timedelta(days=4, hours=1))
    heartbeat.beat(watched, sunday + timedelta(minutes=1))
    assert missed(watched)[0][2]


def test_a_new_installation_misses_nothing(lite: Settings) -> None:
    assert heartbeat.beat(lite, TUESDAY + timedelta(hours=3)) == []


def test_the_overview_says_it_first(small_town: Town) -> None:
    told = small_town.settings
    ran(told, MONDAY)
    heartbeat.beat(told, TUESDAY + timedelta(minutes=31))
    page = browse(create_app(told)).get("/").text
    assert "Rundor som inte gick bra" in page
    assert "Den startade aldrig." in page
    assert "Morgonrundan" in page


def test_health_is_503_when_a_round_is_missed_or_letters_wait_long(small_town: Town) -> None:
    told = small_town.settings
    pages = browse(create_app(told))
    assert pages.get("/health").status_code == 200
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    with transaction(told) as session:
        session.execute(update(Letter).values(queued_at=clock.now() - timedelta(hours=5)))
    late = pages.get("/health")  # the test's browser is not this machine
    assert late.status_code == 503
    assert late.json()["letters_wait_long"]
    assert late.json()["letters_waiting"] is None
    token = create_app(told.model_copy(update={"metrics_token": _secret("abc")}))
    shown = browse(token).get("/health", headers={"Authorization": "Bearer abc"}).json()
    assert shown["letters_waiting"] == 1
    assert shown["oldest_letter_seconds"] > 4 * 3600
    with transaction(told) as session:
        session.execute(update(Letter).values(queued_at=clock.now()))
    ran(told, MONDAY)
    heartbeat.beat(told, TUESDAY + timedelta(minutes=31))
    heartbeat.pulse(told, heartbeat.CLOCKWORK, clock.now())
    assert pages.get("/health").json()["missed_rounds"] == ["morning-round"]


def test_health_tells_of_a_plan_that_nothing_ticks_for(town: Town) -> None:
    with reading(town.settings) as session:
        assert look(session, clock.now() + timedelta(days=1)).ok  # nothing is on file to follow
    town.decided(by="2024-12-31")
    with reading(town.settings) as session:
        assert look(session, clock.now() + timedelta(minutes=4)).ok
        assert look(session, clock.now() + timedelta(minutes=6)).minute_hand_stands
    heartbeat.beat(town.settings, clock.now())
    with reading(town.settings) as session:
        assert look(session, clock.now()).ok


def test_health_is_well_also_when_every_connection_of_the_pages_is_taken(town: Town) -> None:
    """A database that answers is not said to be away: 503 means that somebody is needed."""
    heartbeat.pulse(town.settings, heartbeat.CLOCKWORK, clock.now())
    pages = browse(create_app(town.settings))
    engine = engine_for(town.settings).execution_options(reads_only=True)
    with ExitStack() as busy:
        engine.pool._timeout = 1  # type: ignore[attr-defined]
        with suppress(PoolTimeout):
            while True:
                busy.enter_context(engine.connect())
        answer = pages.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (200, "ok")


def test_health_is_503_when_the_minute_hand_stands_or_the_database_is_away(
    small_town: Town,
) -> None:
    told = small_town.settings
    pages = browse(create_app(told))
    with transaction(told) as session:
        session.add(Pulse(name=heartbeat.CLOCKWORK, at=clock.now() - timedelta(minutes=6)))
    stands = pages.get("/health")
    assert (stands.status_code, stands.json()["minute_hand_stands"]) == (503, True)
    with transaction(told) as session:
        session.connection().exec_driver_sql("ALTER TABLE letter RENAME TO letter_away")
    away = pages.get("/health")
    assert (away.status_code, away.json()["database"]) == (503, "cannot be read")


def test_a_mailbox_that_nobody_reads_any_more_is_told(small_town: Town, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(b"From: alice@example.org\n\nKlart")
    told = small_town.settings.model_copy(update={"bounces_maildir": tmp_path})
    pages = browse(create_app(told))
    assert pages.get("/health").json()["mailbox_read"] is None
    heartbeat.pulse(told, heartbeat.BOUNCES, clock.now())
    read = pages.get("/health")
    assert (read.status_code, read.json()["mailbox_stands"]) == (200, False)
    with transaction(told) as session:
        session.get_one(Pulse, MAILBOX).at = clock.now() - timedelta(minutes=31)
    unread = pages.get("/health")
    assert (unread.status_code, unread.json()["mailbox_stands"]) == (503, True)
    found = [one for one in examine(told, clock.now()) if one.about == "bounces"]
    assert "with 1 unread" in found[0].says
    assert "it was last read" in found[1].says
    assert found[1].verdict is Verdict.BROKEN


def test_metrics_tell_what_is_on_file(small_town: Town) -> None:
    told = small_town.settings
    small_town.decided(by="2024-12-31")
    small_town.morning("2024-12-02")
    ran(told, MONDAY)
    said = browse(create_app(told)).get("/metrics")
    assert said.status_code == 404  # the test's browser is not this machine
    token = told.model_copy(update={"metrics_token": _secret("abc")})
    pages = browse(create_app(token))
    assert pages.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    text = pages.get("/metrics", headers={"Authorization": "Bearer abc"}).text
    assert 'foljsam_letters{state="queued"} 1.0' in text
    assert 'foljsam_letters{state="bounced"} 0.0' in text
    assert 'foljsam_activities{state="beslutad"} 1.0' in text
    assert "foljsam_people_unreachable 0.0" in text
    assert 'foljsam_mail_answers{became="answered"} 0.0' in text
    assert "foljsam_mail_answers_waiting 0.0" in text
    assert 'foljsam_round_last_good_timestamp_seconds{line="morning-round"} 1.7331' in text
    assert 'foljsam_installation_info{organisation="Vårdsamverkan Prov"} 1.0' in text


def _secret(word: str) -> object:
    from pydantic import SecretStr

    return SecretStr(word)


@pytest.fixture
def watcher() -> Iterator[tuple[str, list[str]]]:
    """A watcher as healthchecks.io has it: its address, and what it was asked."""
    asked: list[str] = []

    class Watcher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", free_port()), Watcher)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ping/abc", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_watcher_is_called_after_each_round_and_its_silence_is_no_harm(
    lite: Settings, watcher: tuple[str, list[str]]
) -> None:
    address, asked = watcher
    told = lite.model_copy(update={"ping_url": address})
    ran(told, MONDAY)
    ran(told, TUESDAY, well=False, broke="borta")
    assert asked == ["/ping/abc", "/ping/abc/fail"]
    nobody = lite.model_copy(update={"ping_url": f"http://127.0.0.1:{free_port()}/"})
    ran(nobody, TUESDAY)
    assert json.dumps(missed(nobody)) == "[]"
