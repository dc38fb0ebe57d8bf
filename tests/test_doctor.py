"""`foljsam doctor`: Ingrid installs Följsam, and is told beforehand what will not work at six."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, text, update

from cli.doctor import Finding, Verdict, examine
from cli.encrypted import plainly_spoken_to
from cli.mailbox import Mailbox
from config.mail_settings import SmtpSecurity
from config.settings import Settings, SignIn
from config.timetable import TIMETABLE
from models.database import transaction
from models.heartbeat import MissedRound, Pulse
from models.letter import Letter
from models.round import Round
from tests.cast import Town
from tests.command import Done, within
from tests.conftest import free_port

NOW = datetime(2024, 12, 2, 5, 30, tzinfo=UTC)
GOOD, NOTE, BROKEN = Verdict.GOOD, Verdict.NOTE, Verdict.BROKEN


def of(told: Settings, about: str) -> list[Finding]:
    """What is said of one thing."""
    alone = told.model_copy(update={"prefect_port": free_port(), "port": free_port()})
    return [one for one in examine(alone, NOW) if one.about == about]


def the_worst(told: Settings, about: str) -> Finding:
    """What is worst of it."""
    return max(of(told, about), key=lambda one: list(Verdict).index(one.verdict))


def ticking(told: Settings, at: datetime) -> None:
    """The minute hand ticked last then."""
    with transaction(told) as session:
        session.execute(insert(Pulse).values(name="clockwork", at=at))


def ran(told: Settings, at: datetime) -> None:
    """Every line of the timetable ran well then."""
    with transaction(told) as session:
        for line in TIMETABLE:
            values = {"line": line.name, "on_day": at.date(), "started_at": at, "finished_at": at}
            session.execute(insert(Round).values(counts={}, shares={}, **values))


def test_an_installation_that_is_well_is_said_to_be(town: Town, mailbox: Mailbox) -> None:
    town.settings.home.chmod(0o700)
    ticking(town.settings, NOW - timedelta(minutes=1))
    ran(town.settings, NOW)
    told = town.settings.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": mailbox.port,
            "mail_from": "foljsam@example.org",
            "base_url": "https://foljsam.example.org",
        }
    )
    found = examine(told.model_copy(update={"prefect_port": free_port()}), NOW)
    well = {one.about for one in found if one.verdict is GOOD}
    assert well >= {"home", "files", "database", "rounds", "letters", "mail server", "links"}
    assert [one for one in found if one.verdict is BROKEN] == []
    assert mailbox.messages == []


def test_signing_in_by_mail_takes_a_mail_server(lite: Settings) -> None:
    told = lite.model_copy(update={"sign_in": SignIn.MAIL, "base_url": "http://127.0.0.1"})
    assert the_worst(told, "mail server").verdict is BROKEN
    assert the_worst(lite, "mail server").verdict is NOTE


def test_looking_at_nothing_makes_nothing(tmp_path: Path) -> None:
    told = Settings(home=tmp_path / "none")
    assert the_worst(told, "home").verdict is NOTE
    assert the_worst(told, "database").verdict is NOTE
    assert not told.home.exists()


def test_a_damaged_file_is_found_and_the_rest_is_still_looked_at(lite: Settings) -> None:
    file = lite.home / "foljsam.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + os.urandom(40_000) + whole[48_192:])
    worst = the_worst(lite, "database")
    assert worst.verdict is BROKEN
    assert "backup" in worst.do or "malformed" in worst.says
    assert of(lite, "mail server")


@pytest.mark.parametrize(
    ("revision", "verdict", "says"),
    [("0001", NOTE, "earlier version"), ("9999", BROKEN, "newer than this version")],
)
def test_tables_of_another_version_are_told(
    told: Settings, revision: str, verdict: Verdict, says: str
) -> None:
    with transaction(told) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": revision})
    worst = the_worst(told, "database")
    assert worst.verdict is verdict
    assert says in worst.says
    assert of(told, "letters") == []


def test_a_database_that_is_away_is_told_without_its_password(lite: Settings) -> None:
    away = f"postgresql://foljsam:hemligt@127.0.0.1:{free_port()}/foljsam"
    worst = the_worst(lite.model_copy(update={"database_url": away}), "database")
    assert worst.verdict is BROKEN
    assert "hemligt" not in worst.says


def test_a_round_that_was_missed_and_letters_that_wait_need_somebody(town: Town) -> None:
    town.decided(by="2024-12-31")
    town.morning("2024-12-01")
    ticking(town.settings, NOW - timedelta(hours=2))
    with transaction(town.settings) as session:
        session.execute(update(Letter).values(queued_at=NOW - timedelta(hours=9)))
        missed = {"line": "morning-round", "due_at": NOW, "noticed_at": NOW, "why": "Borta."}
        session.execute(insert(MissedRound).values(**missed))
    said = [one.says for one in of(town.settings, "rounds") if one.verdict is BROKEN]
    assert said == ["missed: morning-round", "the clock stands since 2024-12-02 04:30"]
    waits = the_worst(town.settings, "letters")
    assert (waits.verdict, waits.says[:7]) == (BROKEN, "1 wait,")


def test_a_mail_server_that_does_not_answer_or_does_not_know_us_is_found(
    lite: Settings, mailbox: Mailbox
) -> None:
    away = {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "mail_from": "a@example.org"}
    assert the_worst(lite.model_copy(update=away), "mail server").verdict is BROKEN
    password = SecretStr("fel")
    stranger = {"smtp_port": mailbox.port, "smtp_user": "ingrid", "smtp_password": password}
    told = lite.model_copy(update=away | stranger)
    assert the_worst(told, "mail server").verdict is BROKEN
    assert the_worst(lite.model_copy(update=away), "links").verdict is NOTE


def test_what_settings_name_must_be_there(lite: Settings, tmp_path: Path) -> None:
    told = lite.model_copy(
        update={
            "public_folder": tmp_path / "publicerat",
            "bounces_maildir": tmp_path / "studsar",
            "today": date(2024, 12, 2),
        }
    )
    assert "FOLJSAM_PUBLIC_FOLDER" in the_worst(told, "files").says
    assert "no Maildir" in the_worst(told, "bounces").says
    assert "2024-12-02" in the_worst(told, "day").says


def test_a_prefect_server_elsewhere_that_is_silent_is_broken_our_own_is_only_not_started(
    lite: Settings,
) -> None:
    elsewhere = f"http://127.0.0.1:{free_port()}/api"
    assert the_worst(lite, "prefect").verdict is NOTE
    told = lite.model_copy(update={"prefect_api_url": elsewhere})
    assert the_worst(told, "prefect").verdict is BROKEN


def test_the_server_answers_ours_and_a_wrong_password_is_told_apart_from_silence(
    place: Town,
) -> None:
    told = place.settings
    assert examine(told, NOW)[-2].verdict is GOOD
    wrong = told.model_copy(update={"prefect_auth": SecretStr("foljsam:nagot-helt-annat")})
    found = examine(wrong, NOW)[-2]
    assert (found.about, found.verdict) == ("prefect", BROKEN)
    assert "does not take our password" in found.says
    assert "FOLJSAM_PREFECT_AUTH" in found.do


def test_the_command_says_it_in_lines_and_ends_with_one_when_something_is_broken(
    tmp_path: Path, migrated: Path
) -> None:
    def doctor(home: Path, *words: str) -> Done:
        return within(home, "doctor", *words, FOLJSAM_PREFECT_PORT=str(free_port()))

    is_well, is_ill, is_half = (tmp_path / name for name in ("well", "ill", "half"))
    for home in (is_well, is_ill, is_half):
        home.mkdir()
        shutil.copy(migrated, home / "foljsam.db")
    well = doctor(is_well)
    assert (well.returncode, well.stderr) == (0, "")
    assert "Nothing is broken." in well.stdout
    (is_ill / "policy.toml").write_text("[deadlien]\n", "utf-8")
    ill = doctor(is_ill, "--json")
    assert (ill.returncode, ill.stderr) == (1, "")
    (broken,) = [one for one in json.loads(ill.stdout) if one["verdict"] == "broken"]
    assert broken["about"] == "files"
    assert "there is no section [deadlien]" in broken["says"]
    (is_half / "foljsam.env").write_text("FOLJSAM_SMTP_HOST=mail.example.org\n", "utf-8")
    half = doctor(is_half)
    assert (half.returncode, half.stderr.count("\n")) == (2, 1)
    assert "FOLJSAM_SMTP_HOST is set, so FOLJSAM_MAIL_FROM must be too" in half.stderr


def test_nothing_on_file_is_changed_by_looking(lite: Settings) -> None:
    before = (lite.home / "foljsam.db").read_bytes()
    examine(lite, NOW)
    assert (lite.home / "foljsam.db").read_bytes() == before
    assert {path.name for path in lite.home.iterdir()} <= {
        "foljsam.db", "foljsam.db-wal", "foljsam.db-shm", "foljsam.db-next"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spoken_to", "says"),
    [
        ({"smtp_host": "relay.example.org", "mail_from": "a@example.org"}, "letters go"),
        ({"database_url": "postgresql://f:x@db.example.org/f"}, "PostgreSQL may answer"),
        ({"database_url": "postgresql://f:x@db.example.org/f?sslmode=require"}, "PostgreSQL may"),
        ({"prefect_api_url": "http://prefect.example.org/api"}, "Prefect gets its password"),
        ({"ping_url": "http://ping.example.org/x"}, "FOLJSAM_PING_URL"),
    ],
)
def test_whoever_is_spoken_to_unencrypted_elsewhere_is_told_of(
    lite: Settings, spoken_to: dict[str, str], says: str
) -> None:
    told = lite.model_copy(update=spoken_to)
    ((words, advice),) = plainly_spoken_to(told)
    assert says in words
    host = words.partition(":")[0]
    assert host.endswith(".example.org")
    assert "FOLJSAM_PLAIN_HOSTS" in advice
    said = told.model_copy(update={"plain_hosts": f"another.example.org, {host}"})
    assert list(plainly_spoken_to(said)) == []


@pytest.mark.parametrize(
    "spoken_to",
    [
        {"smtp_host": "127.0.0.1", "mail_from": "a@example.org"},
        {"smtp_host": "relay.example.org", "smtp_security": SmtpSecurity.STARTTLS},
        {"database_url": "postgresql://f:x@db.example.org/f?sslmode=verify-full"},
        {"database_url": "postgresql://f:x@/f?host=/run/postgresql"},
        {"prefect_api_url": "https://prefect.example.org/api"},
    ],
)
def test_what_is_here_or_encrypted_is_well(lite: Settings, spoken_to: dict[str, Any]) -> None:
    told = lite.model_copy(update=spoken_to)
    assert list(plainly_spoken_to(told)) == []
    assert of(lite, "encryption")[0].verdict is GOOD
