"""An installation is one file, and comes back whole from it, in either kind of database.

What came back writes to nobody until somebody says so.
"""

import asyncio
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.backup import move_database, restore_backup, write_backup
from cli.console import Wrong
from cli.mailbox import Mailbox
from config import settings as settings_module
from config.settings import Settings
from models import database
from models.copying import Chunk, chunks_of, counted
from models.database import engine_for, reading, transaction
from models.letter import Attachment, Letter
from models.post_hold import held, let_go
from notifications.postman import Postman
from tests.cast import Town
from tests.command import foljsam


def filled(town: Town) -> Town:
    """A life with moves, letters, links, answers and a row that names a later one."""
    town.decided("Trygg hemgång 👍", by="2025-06-30")
    town.activity("Nätverk för anhöriga", group=town.bjork)
    town.morning("2025-05-31")
    town.morning("2025-06-02")
    with transaction(town.settings) as session:
        session.execute(
            text("UPDATE groups SET successor_id = :later WHERE id = :first"),
            {"first": min(town.alm, town.bjork), "later": max(town.alm, town.bjork)},
        )
        session.add(
            Attachment(
                letter_id=town.letters()[0].id,
                name="rapport.pdf",
                media_type="application/pdf",
                content=b"%PDF\x00\xff",
            )
        )
    return town


def rows_of(told: Settings) -> list[Chunk]:
    with engine_for(told).connect() as connection:
        return list(chunks_of(connection))


def but_the_hold(chunks: list[Chunk]) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk.table != "post_hold"]


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A place without anything, on each database."""
    home = tmp_path / "there"
    if request.param == "sqlite":
        told = settings_module.load(home=home, database_url="")
        yield told
        database.close(told)
        return
    server = request.getfixturevalue("postgres")
    server.psql("DROP DATABASE IF EXISTS restored WITH (FORCE)")
    server.psql("CREATE DATABASE restored")
    told = settings_module.load(home=home, database_url=server.get_uri("restored"))
    yield told
    database.close(told)
    server.drop("restored")


def test_everything_comes_back_in_either_database(
    town: Town, empty: Settings, tmp_path: Path
) -> None:
    told = filled(town).settings
    (told.home / "policy.toml").write_text("gathered_on = 5\n", "utf-8")
    secret = told.secret
    file = tmp_path / "kopia.tar.gz"
    made = write_backup(told, file, None)
    assert file.stat().st_mode & 0o777 == 0o600
    back = restore_backup(empty, file, None)
    assert (back.rows, back.revision) == (made.rows, made.revision)
    assert but_the_hold(rows_of(empty)) == rows_of(told)
    assert empty.secret == secret
    assert (empty.home / "policy.toml").read_text("utf-8") == "gathered_on = 5\n"
    assert (empty.home / "secret").stat().st_mode & 0o777 == 0o600
    again = Town.__new__(Town)
    again.__dict__ |= town.__dict__ | {"settings": empty}
    again.decided("En ny efteråt", by="2025-09-30")
    assert len(rows_of(empty)) > 0


def test_what_came_back_writes_to_nobody_until_somebody_says_so(
    small_town: Town, tmp_path: Path, mailbox: Mailbox
) -> None:
    told = filled(small_town).settings
    file = tmp_path / "kopia.tar.gz"
    write_backup(told, file, None)
    there = settings_module.load(
        home=tmp_path / "there",
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        mail_from="f@example.org",
    )
    restore_backup(there, file, None)
    with transaction(there) as session:
        session.execute(text("UPDATE letter SET state = 'queued'"))
    assert post(there) == 0
    assert mailbox.to("alice@example.org") == []
    with transaction(there) as session:
        assert let_go(session, "Alma")
        assert not let_go(session, "Alma")
    assert post(there) == 1
    database.close(there)


def post(told: Settings) -> int:
    async def walk() -> int:
        postman = Postman(told)
        done = await postman.post()
        await postman.close()
        return done

    return asyncio.run(walk())


def test_a_sealed_one_opens_with_its_key_alone_and_only_whole(
    small_town: Town, tmp_path: Path
) -> None:
    told = filled(small_town).settings
    file, key = tmp_path / "kopia", tmp_path / "nyckel"
    write_backup(told, file, key)
    assert key.stat().st_mode & 0o777 == 0o600
    assert b"Alice" not in file.read_bytes()
    there = settings_module.load(home=tmp_path / "there")
    with pytest.raises(Wrong, match="--key-file"):
        restore_backup(there, file, None)
    write_backup(told, tmp_path / "annan", tmp_path / "annan-nyckel")
    with pytest.raises(Wrong, match="another key"):
        restore_backup(there, file, tmp_path / "annan-nyckel")
    lines = file.read_bytes().splitlines(keepends=True)
    cut = tmp_path / "kapad"
    cut.write_bytes(b"".join(lines)[: len(b"".join(lines)) // 2])
    with pytest.raises(Wrong):
        restore_backup(there, cut, key)
    assert restore_backup(there, file, key).rows > 0
    assert but_the_hold(rows_of(there)) == rows_of(told)
    database.close(there)


def test_one_that_was_cut_off_or_changed_puts_no_row_in(small_town: Town, tmp_path: Path) -> None:
    told = filled(small_town).settings
    file = tmp_path / "kopia.tar.gz"
    write_backup(told, file, None)
    there = settings_module.load(home=tmp_path / "there")
    short, changed = tmp_path / "kort", tmp_path / "andrad"
    short.write_bytes(file.read_bytes()[:-2000])
    with tarfile.open(file) as old, tarfile.open(changed, "w:gz") as new:
        for about in old:
            data = old.extractfile(about)
            assert data is not None
            words = data.read().replace(b"Trygg hemg", b"Otrygg gan")
            about.size = len(words)
            new.addfile(about, io.BytesIO(words))
    nonsense = tmp_path / "skrap"
    nonsense.write_bytes(bytes(range(256)) * 40)
    for broken in (short, changed, nonsense):
        with pytest.raises(Wrong, match="not whole"):
            restore_backup(there, broken, None)
        with engine_for(there).connect() as connection:
            assert set(counted(connection).values()) == {0}
    database.close(there)


def test_it_is_put_in_no_place_that_has_something(small_town: Town, tmp_path: Path) -> None:
    told = filled(small_town).settings
    file = tmp_path / "kopia.tar.gz"
    write_backup(told, file, None)
    with pytest.raises(Wrong, match="there already"):
        write_backup(told, file, None)
    before = rows_of(told)
    with pytest.raises(Wrong, match="not empty"):
        restore_backup(told, file, None)
    assert rows_of(told) == before


def test_one_of_an_earlier_version_is_brought_up(tmp_path: Path) -> None:
    old = settings_module.load(home=tmp_path / "old")
    database.migrate(old, "0051")
    with engine_for(old).begin() as connection:
        connection.execute(text("INSERT INTO collaboration (id, name) VALUES (7, 'Närvård Alm')"))
    file = tmp_path / "kopia.tar.gz"
    assert write_backup(old, file, None).revision == "0051"
    there = settings_module.load(home=tmp_path / "there")
    restore_backup(there, file, None)
    with reading(there) as session:
        row = session.execute(text("SELECT id, name FROM collaboration")).one()
        assert tuple(row) == (7, "Närvård Alm")
        assert held(session) is not None
    database.close(old)
    database.close(there)


def test_one_of_a_later_version_is_a_sentence(small_town: Town, tmp_path: Path) -> None:
    file, later = tmp_path / "kopia.tar.gz", tmp_path / "senare.tar.gz"
    write_backup(small_town.settings, file, None)
    with tarfile.open(file) as old, tarfile.open(later, "w:gz") as new:
        about = old.next()
        assert about is not None
        words = json.dumps({"program": "9.0", "revision": "9999", "at": "2030"}).encode()
        about.size = len(words)
        new.addfile(about, io.BytesIO(words))
    there = settings_module.load(home=tmp_path / "there")
    with pytest.raises(Wrong, match=r"later version \(tables 9999\)"):
        restore_backup(there, later, None)
    database.close(there)


def test_a_database_is_moved_to_postgresql_and_the_old_one_is_still(
    small_town: Town, empty: Settings
) -> None:
    told = filled(small_town).settings
    if empty.database.startswith("sqlite"):
        with pytest.raises(Wrong, match="in already"):
            move_database(told, told.database)
        return
    before = rows_of(told)
    move_database(told, empty.database_url)
    assert rows_of(empty) == before
    with reading(told) as session:
        assert held(session) is not None
    with reading(empty) as session:
        assert held(session) is None
    with pytest.raises(Wrong, match="not empty"):
        move_database(told, empty.database_url)


def test_the_commands_say_what_they_did(small_town: Town, tmp_path: Path) -> None:
    town = filled(small_town)
    home, file = town.settings.home, tmp_path / "kopia.tar.gz"
    done = foljsam(home, "backup", str(file))
    assert (done.returncode, "rows, and the secret" in done.stdout) == (0, True)
    back = foljsam(tmp_path / "there", "restore", str(file))
    assert back.returncode == 0, back.stderr
    assert "foljsam sending on" in back.stdout
    stands = foljsam(tmp_path / "there", "sending")
    assert "Databasen är återställd från en säkerhetskopia." in stands.stdout
    assert "Letters leave." in foljsam(tmp_path / "there", "sending", "on").stdout
    off = foljsam(home, "sending", "off")
    assert (off.returncode, "--reason" in off.stderr) == (2, True)
    assert foljsam(home, "restore", str(tmp_path / "ingen")).returncode == 2
    with reading(town.settings) as session:
        assert session.query(Letter).count() > 0


def test_one_that_is_killed_right_after_its_rows_writes_to_nobody(
    small_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kopia.tar.gz"
    write_backup(filled(small_town).settings, file, None)
    there = settings_module.load(home=tmp_path / "there")

    def killed(_settings: Settings) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database, "transaction", killed)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(there, file, None)
    with reading(there) as session:
        assert held(session) is not None
    database.close(there)
