"""An installation is one file, and comes back whole from it, in either kind of database.

What came back writes to nobody until somebody says so.
"""

import asyncio
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.backup import has_a_password, move_database, restore_backup, write_backup
from cli.console import Wrong
from cli.mailbox import Mailbox
from config import copied
from config import settings as settings_module
from config.settings import Settings
from models import database
from models.copying import Chunk, chunks_of
from models.database import engine_for, reading, transaction
from models.letter import Attachment, Letter
from models.post_hold import held, let_go
from notifications.postman import Postman
from tests.cast import Town
from tests.command import foljsam
from tests.databases import copied_tables


@pytest.fixture(autouse=True)
def _made_before() -> Iterator[None]:
    """The newest tables of SQLite are copied; those of PostgreSQL, and older ones, are made."""
    with copied_tables():
        yield


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
        assert not there.home.exists(), "not even an empty database"


def rewrite(
    file: Path, to: Path, change: Callable[[str, bytes], bytes | None], *, summed: bool = False
) -> None:
    """A backup with its files changed or left out; `summed`: its sum is reckoned anew."""
    digest = hashlib.sha256()
    with tarfile.open(file) as old, tarfile.open(to, "w:gz") as new:
        for about in old:
            read = old.extractfile(about)
            assert read is not None
            data = change(about.name, read.read())
            if data is None:
                continue
            if summed and about.name == "end.json":
                data = json.dumps(json.loads(data) | {"sha256": digest.hexdigest()}).encode()
            digest.update(f"{about.name}\n{len(data)}\n".encode() + data)
            about.size = len(data)
            new.addfile(about, io.BytesIO(data))


@pytest.mark.parametrize("which", ["made.json", "home/secret", "home/foljsam.env", "end.json"])
@pytest.mark.parametrize("left_out", [True, False])
def test_a_changed_file_of_it_puts_nothing_in(
    small_town: Town, tmp_path: Path, which: str, left_out: bool
) -> None:
    told = small_town.settings
    assert told.secret
    (told.home / "foljsam.env").write_text("FOLJSAM_ORGANISATION=Prov\n", "utf-8")
    file, changed = tmp_path / "kopia.tar.gz", tmp_path / "andrad"
    write_backup(told, file, None)

    def change(name: str, data: bytes) -> bytes | None:
        if name != which:
            return data
        return None if left_out else data.replace(b":", b";") + b" "

    rewrite(file, changed, change)
    there = settings_module.load(home=tmp_path / "there")
    with pytest.raises(Wrong, match="not whole"):
        restore_backup(there, changed, None)
    assert not there.home.exists(), "no database, no secret, no settings"


def test_a_link_in_it_is_no_file_of_ours(small_town: Town, tmp_path: Path) -> None:
    file, changed = tmp_path / "kopia.tar.gz", tmp_path / "andrad"
    write_backup(small_town.settings, file, None)
    with tarfile.open(file) as old, tarfile.open(changed, "w:gz") as new:
        for about in old:
            new.addfile(about, old.extractfile(about))
            if about.name == "made.json":
                link = tarfile.TarInfo("home/policy.toml")
                link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
                new.addfile(link)
    there = settings_module.load(home=tmp_path / "there")
    with pytest.raises(Wrong, match="not whole"):
        restore_backup(there, changed, None)
    assert not there.home.exists()


def test_a_copy_keeps_to_its_own_database_and_speaks_to_nothing_of_the_real_one(
    small_town: Town, empty: Settings, tmp_path: Path
) -> None:
    told = filled(small_town).settings
    real = tmp_path / "real.db"
    (told.home / "foljsam.env").write_text(
        f"""# vi
FOLJSAM_ORGANISATION='Vårdsamverkan Prov'
foljsam_database_url=sqlite:///{real}
export FOLJSAM_SMTP_HOST="127.0.0.1" # relät
FOLJSAM_MAIL_FROM=f@example.org
FOLJSAM_PING_URL=http://127.0.0.1:9/ping
FOLJSAM_DEVIATIONS_FOLDER={tmp_path}
FOLJSAM_SMTP_PASSWORD_FILE={tmp_path / "ingen"}
FOLJSAM_SMTP_USER=f
FOLJSAM_HOME={told.home}
FOLJSAM_LINK_DAYS=30
FOLJSAM_NOTHING_WE_KNOW=1
""",
        "utf-8",
    )
    file = tmp_path / "kopia.tar.gz"
    write_backup(told, file, None)
    made = restore_backup(empty, file, None)
    later = settings_module.load(home=empty.home)
    assert later.database == empty.database, "what every later command speaks to"
    assert (later.organisation, later.link_days) == ("Vårdsamverkan Prov", 30)
    leads_out = (later.smtp_host, later.ping_url, later.deviations_folder, later.mail_from)
    assert leads_out == ("", "", "", "")
    with reading(later) as session:
        assert held(session) is not None
    assert not real.exists()
    aside = (empty.home / copied.ASIDE).read_text("utf-8")
    for name in made.aside:
        assert name in aside.upper()
    assert "FOLJSAM_DATABASE_URL" in made.aside
    assert f"sqlite:///{real}" in aside
    assert (empty.home / copied.ASIDE).stat().st_mode & 0o777 == 0o600
    database.close(later)


def test_a_backup_names_no_file_that_a_page_would_show() -> None:
    """Somebody else's backup said that the name of the collaboration stands in /etc/passwd."""
    words = (
        "FOLJSAM_ORGANISATION=Prov\nFOLJSAM_ORGANISATION_FILE=/x\nFOLJSAM_METRICS_TOKEN_FILE=/y\n"
    )
    parts = copied.parted(words)
    assert parts.names == ("FOLJSAM_ORGANISATION_FILE",)
    assert "METRICS_TOKEN_FILE" in parts.told


def test_rows_within_rows_without_end_are_no_backup(small_town: Town, tmp_path: Path) -> None:
    told = filled(small_town).settings
    file, deep = tmp_path / "kopia.tar.gz", tmp_path / "djup.tar.gz"
    write_backup(told, file, None)

    def bury(name: str, data: bytes) -> bytes:
        return b"[" * 200_000 if name.startswith("rows/") else data

    rewrite(file, deep, bury, summed=True)
    there = settings_module.load(home=tmp_path / "there")
    with pytest.raises(Wrong, match="not whole"):
        restore_backup(there, deep, None)
    database.close(there)


def test_sending_on_waits_until_somebody_has_looked_at_what_was_put_aside(
    small_town: Town, tmp_path: Path
) -> None:
    told = small_town.settings
    (told.home / "foljsam.env").write_text("FOLJSAM_PING_URL=http://127.0.0.1:9/\n", "utf-8")
    file, there = tmp_path / "kopia.tar.gz", tmp_path / "there"
    write_backup(told, file, None)
    back = foljsam(there, "restore", str(file))
    assert (back.returncode, "FOLJSAM_PING_URL" in back.stdout) == (0, True), back.stderr
    on = foljsam(there, "sending", "on")
    assert (on.returncode, copied.ASIDE in on.stderr) == (2, True)
    assert "Nothing leaves" in foljsam(there, "sending").stdout
    assert copied.ASIDE in foljsam(there, "doctor").stdout
    (there / copied.ASIDE).unlink()
    assert "Letters leave." in foljsam(there, "sending", "on").stdout


def test_a_place_that_has_been_told_already_keeps_its_own_settings(
    small_town: Town, tmp_path: Path
) -> None:
    told = small_town.settings
    (told.home / "foljsam.env").write_text("FOLJSAM_LINK_DAYS=30\n", "utf-8")
    file, there = tmp_path / "kopia.tar.gz", tmp_path / "there"
    write_backup(told, file, None)
    there.mkdir()
    (there / "foljsam.env").write_text("FOLJSAM_LINK_DAYS=20", "utf-8")
    new = tmp_path / "it's.db"
    restore_backup(settings_module.load(home=there, database_url=f"sqlite:///{new}"), file, None)
    later = settings_module.load(home=there)
    assert (later.link_days, later.database) == (20, f"sqlite:///{new}")
    database.close(later)


def test_every_setting_is_known_to_come_along_or_to_lead_out() -> None:
    names = set(Settings.model_fields)
    assert names == copied.COMES_ALONG | copied.LEADS_OUT.keys()
    assert not copied.COMES_ALONG & copied.LEADS_OUT.keys()


def test_a_database_that_is_away_is_said_to_be(small_town: Town, tmp_path: Path) -> None:
    told = small_town.settings
    file = tmp_path / "kopia.tar.gz"
    write_backup(told, file, None)
    address = "postgresql://u:hemligt@127.0.0.1:1/x"
    away = settings_module.load(home=tmp_path / "there", database_url=address)
    with pytest.raises(Wrong, match="cannot be reached") as refused:
        restore_backup(away, file, None)
    with pytest.raises(Wrong, match="cannot be reached") as moved:
        move_database(told, address)
    for said in (str(refused.value), str(moved.value)):
        assert "hemligt" not in said
        assert "not whole" not in said
    with reading(told) as session:
        assert held(session) is None, "the old one goes on"
    database.close(away)


def test_no_password_is_said_on_the_command_line(small_town: Town, tmp_path: Path) -> None:
    home, file = small_town.settings.home, tmp_path / "adress"
    asked = foljsam(home, "move-database", "postgresql://u:hemligt@127.0.0.1:1/x")
    assert (asked.returncode, "--address-file" in asked.stderr) == (2, True)
    assert has_a_password("postgresql://u@db/x?password=hemligt")
    assert not has_a_password("postgresql://u@db/x?sslmode=verify-full")
    file.write_text("postgresql://u:hemligt@127.0.0.1:1/x\n", "utf-8")
    away = foljsam(home, "move-database", "--address-file", str(file))
    assert (away.returncode, "cannot be reached" in away.stderr) == (2, True)
    assert "hemligt" not in away.stderr + away.stdout
    new = tmp_path / "ny.db"
    done = foljsam(home, "move-database", stdin=f"sqlite:///{new}\n")
    assert (done.returncode, "rows are there" in done.stdout) == (0, True), done.stderr
    assert foljsam(home, "move-database", "hemligt").returncode == 2


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
    made = json.dumps({"program": "9.0", "revision": "9999", "at": "2030"}).encode()
    rewrite(file, later, lambda name, data: made if name == "made.json" else data, summed=True)
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
