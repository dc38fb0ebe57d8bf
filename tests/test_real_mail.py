"""Letters, reports and answers through Postfix and Dovecot: what real servers say and do."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from config.settings import Settings
from flows import mail_in
from models.bounce import Bounce, Report
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState
from models.letter_kinds import LetterKind
from models.mail_reply import MailReply
from models.person import Person
from models.post import PostStop
from models.status import Says, StatusAnswer, Way
from tests.cast import Town
from tests.crash.test_crash import FIRST
from tests.real_mail import CHECKER, ELSEWHERE, HERE, PASSWORD, RealMail, real_mail, wait_for
from tests.sizes import size
from tests.test_postman import due_again, outbox, post

TODAY = date(2024, 12, 2)
KILLS = size("REAL_KILLS", 2, 20)
LETTERS = size("REAL_LETTERS", 24, 400)
REPLIES = size("REAL_REPLIES", 12, 100)
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def servers() -> Iterator[RealMail]:
    """The two servers, for all tests here."""
    with real_mail() as made:
        yield made


def lives(town: Town, *addresses: str) -> list[int]:
    """Somebody at each address, with something to answer for."""
    with transaction(town.settings) as session:
        people = [Person(name=each.partition("@")[0], email=each) for each in addresses]
        session.add_all(people)
        session.flush()
        ids = [int(person.id or 0) for person in people]
    for person in ids:
        town.decided(by="2024-12-31", person=person)
    return ids


def states(town: Town) -> dict[str, LetterState]:
    """What became of each one's day's letter."""
    daily = [each for each in town.letters() if each.kind is LetterKind.MORNING]
    return {each.to_name: each.state for each in daily}


def unreachable(town: Town) -> set[str]:
    """Who is said not to be reached."""
    with reading(town.settings) as session:
        marked = select(c(Person).name).where(c(Person).unreachable_since.is_not(None))
        return set(session.execute(marked).scalars())


@pytest.mark.parametrize("way", ["imap", "maildir"])
def test_each_refusal_greylisting_and_a_report_are_what_they_are(
    small_town: Town, servers: RealMail, way: str
) -> None:
    town = small_town
    town.settings = servers.settings(town.settings, way, today=TODAY)
    new = f"new-{way}"
    here = [f"{name}@{HERE}" for name in (new, "full", "strict", "gone")]
    lives(town, *here, f"far@{ELSEWHERE}")
    town.decided(by="2024-12-31")  # Alice's
    town.morning(TODAY)
    post(town.settings, times=3)
    before = states(town)
    assert (before["Alice"], before["far"]) == (LetterState.SENT, LetterState.SENT)
    assert before[new] is LetterState.QUEUED
    assert (before["full"], before["gone"]) == (LetterState.FAILED, LetterState.FAILED)
    assert unreachable(town) == {"gone"}
    servers.came_back(1)
    assert mail_in.read(town.settings)[Report.UNREACHABLE] == 1
    due_again(town)
    post(town.settings, times=3)
    after = states(town)
    assert (after[new], after["far"]) == (LetterState.SENT, LetterState.BOUNCED)
    assert after["strict"] in (LetterState.FAILED, LetterState.QUEUED)
    assert unreachable(town) == {"gone", "far"}
    with reading(town.settings) as session:
        stands_still = select(func.count()).where(c(PostStop).mended_at.is_(None))
        assert session.execute(stands_still).scalar() == 0


@pytest.mark.parametrize("way", ["imap", "maildir"])
def test_alice_presses_reply_and_has_answered(
    small_town: Town, servers: RealMail, way: str
) -> None:
    town = small_town
    town.settings = servers.settings(town.settings, way, today=TODAY)
    sip = town.decided(by="2024-12-31")
    town.morning(TODAY)
    post(town.settings, times=2)
    servers.writes(_reply(town, "Enligt plan", 1, way))
    servers.came_back(1)
    mail_in.read(town.settings)
    with reading(town.settings) as session:
        (answer,) = session.execute(select(StatusAnswer)).scalars()
        assert (answer.activity_id, answer.says) == (sip, Says.ON_TRACK)
        assert (answer.person_id, answer.way) == (town.alice, Way.REPLY)
    assert list((servers.mailbox / "new").iterdir()) == []
    post(town.settings, times=2)
    assert outbox(town.settings) == {"sent": 2}  # the letter, and its receipt


def test_a_wrong_password_stops_the_post_and_marks_nobody(
    small_town: Town, servers: RealMail
) -> None:
    town = small_town
    right = servers.settings(town.settings, today=TODAY)
    town.settings = right.model_copy(update={"smtp_password": SecretStr("wrong")})
    town.decided(by="2024-12-31")
    town.morning(TODAY)
    post(town.settings, times=2)
    assert states(town) == {"Alice": LetterState.QUEUED}
    assert unreachable(town) == set()
    with reading(town.settings) as session:
        (stop,) = session.execute(select(PostStop)).scalars()
        assert "535" in stop.said
    town.settings = right
    due_again(town)
    with transaction(town.settings) as session:
        session.get_one(PostStop, stop.id).next_try_at = stop.since
    post(town.settings, times=2)
    assert states(town) == {"Alice": LetterState.SENT}


def test_killed_between_letters_none_is_lost_and_at_most_one_a_kill_comes_twice(
    small_town: Town, servers: RealMail
) -> None:
    town = small_town
    _many_people(town, LETTERS // 2)
    before = len(servers.delivered())
    dice, killed = random.Random(5), 0
    asked = [sys.executable, "-m", "tests.crash.walker", FIRST.isoformat(), "2"]
    for _ in range(KILLS):
        process = _start(asked, town, servers)
        enough = len(servers.delivered()) + dice.uniform(1, LETTERS / KILLS)
        until = time.monotonic() + 60
        while len(servers.delivered()) < enough and time.monotonic() < until:
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    last = _start(asked, town, servers)
    assert last.wait(timeout=300) == 0
    with reading(town.settings) as session:
        rows = session.execute(select(c(Letter).message_id, c(Letter).state)).all()
    assert {state for _, state in rows} == {LetterState.SENT}
    ours = {message_id for message_id, _ in rows}
    wait_for(lambda: ours <= {str(each["Message-ID"]) for each in servers.delivered()})
    came = Counter(str(each["Message-ID"]) for each in servers.delivered())
    doubled = sum(number - 1 for message_id, number in came.items() if message_id in ours)
    print(f"{len(ours)} letters, {killed} kills, {doubled} came twice")  # noqa: T201
    assert len(servers.delivered()) > before
    assert len(ours) == LETTERS
    assert killed > KILLS / 2
    assert doubled <= killed


@pytest.mark.parametrize("way", ["imap", "maildir"])
def test_killed_while_reading_no_answer_is_lost_and_none_counts_twice(
    small_town: Town, servers: RealMail, way: str
) -> None:
    town = small_town
    town.settings = servers.settings(town.settings, way, today=TODAY)
    town.decided(by="2024-12-31")
    town.morning(TODAY)
    post(town.settings, times=2)
    for number in range(REPLIES):
        servers.writes(_reply(town, "Enligt plan", number, f"killed-{way}"))
    servers.came_back(REPLIES)
    dice, killed = random.Random(3), 0
    asked = [sys.executable, "-m", "tests.crash.reader"]
    for nth in range(1, KILLS + 1):
        process = _start(asked, town, servers, way)
        enough, until = REPLIES * nth // (KILLS + 1), time.monotonic() + 60
        while _taken_in(town) < enough and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.05))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    last = _start(asked, town, servers, way)
    assert last.wait(timeout=120) == 0
    with reading(town.settings) as session:
        answers = session.execute(select(func.count()).select_from(StatusAnswer)).scalar_one()
        bounces = session.execute(select(func.count()).select_from(Bounce)).scalar_one()
    print(f"{REPLIES} answers, {killed} kills")  # noqa: T201
    assert killed > KILLS / 2
    assert (_taken_in(town), answers, bounces) == (REPLIES, REPLIES, 0)
    assert list((servers.mailbox / "new").iterdir()) == []


def _taken_in(town: Town) -> int:
    with reading(town.settings) as session:
        return int(session.execute(select(func.count()).select_from(MailReply)).scalar_one())


def _reply(town: Town, words: str, number: int, way: str) -> EmailMessage:
    """Alice's answer, from her own mail program."""
    with reading(town.settings) as session:
        letter = session.execute(
            select(Letter).where(c(Letter).kind == LetterKind.MORNING)
        ).scalar_one()
        to = _answers_to(town.settings, int(letter.id or 0))
        mail = EmailMessage()
        mail["From"] = f"Alice Ek <alice@{HERE}>"
        mail["To"] = to
        mail["Subject"] = f"SV: {letter.subject}"
        mail["Message-ID"] = f"<{number}.{way}@mail.{HERE}>"
        mail["In-Reply-To"] = letter.message_id
    mail.set_content(f"{words}\n")
    return mail


def _answers_to(settings: Settings, letter_id: int) -> str:
    from notifications.returns import answers_to

    return answers_to(settings, letter_id)


def _many_people(town: Town, number: int) -> None:
    with transaction(town.settings) as session:
        people = [Person(name=f"P{n}", email=f"p{n}@{HERE}") for n in range(number)]
        session.add_all(people)
        session.flush()
        ids = [person.id for person in people]
    for person in ids:
        for n in range(2):
            town.activity(by=FIRST + timedelta(days=7 + 2 * n), person=person)


def _start(
    asked: list[str], town: Town, servers: RealMail, way: str = "maildir"
) -> "subprocess.Popen[str]":
    """An installation at work, in a process of its own."""
    told = servers.settings(town.settings, way)
    given = {
        "HOME": str(told.home),
        "DATABASE_URL": told.database_url,
        "SECRET": told.secret,
        "SMTP_HOST": told.smtp_host,
        "SMTP_PORT": str(told.smtp_port),
        "SMTP_SECURITY": told.smtp_security.value,
        "SMTP_USER": told.smtp_user,
        "SMTP_PASSWORD": PASSWORD,
        "MAIL_CA_FILE": str(servers.cert),
        "MAIL_FROM": told.mail_from,
        "BOUNCE_ADDRESS": told.bounce_address,
        "REPLIES_CHECKED_BY": CHECKER,
    }
    if way == "maildir":
        given["BOUNCES_MAILDIR"] = str(servers.mailbox)
    else:
        given |= {"BOUNCES_IMAP_HOST": "127.0.0.1", "BOUNCES_IMAP_PORT": str(servers.imap)}
        given |= {"BOUNCES_IMAP_USER": told.bounces_imap_user, "BOUNCES_IMAP_PASSWORD": PASSWORD}
    if asked[2] == "tests.crash.reader":
        given["TODAY"] = TODAY.isoformat()
    process = subprocess.Popen(
        asked,
        env=os.environ | {f"FOLJSAM_{name}": value for name, value in given.items()},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process
