"""An installation as one file, and back: every row, the secret, and the settings of its home.

A tar file with gzip: what made it (`made.json`), files of the home folder, the rows in chunks of
JSON, and last how many there are and their SHA-256 (`end.json`), so that one that was cut off is
seen. All is read through before any of it is put anywhere. It knows no database's own format: what
came out of SQLite goes into PostgreSQL, too. What goes out and in is `models/copying.py`; sealed
with a key by `sealed.py`; which settings a copy takes over, `config/copied.py`. Left out: Prefect's
history and password, files that were taken in and are kept for a day, letters kept as files.
"""

import hashlib
import io
import json
import os
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session

from cli.console import Wrong
from cli.sealed import Opening, Sealing, key_in
from config import clock, copied
from config.settings import Settings
from intake.plan.synonyms import FILE as HEADINGS
from models import database
from models.copying import CannotCopyError, Chunk, chunks_of, put_in
from models.database import Tables, engine_for, references_asleep, revision_of, tables_at
from models.post_hold import PostHold, hold

SETTINGS = "foljsam.env"
# Prefect's password stays: with it a copy on the same machine would be let in to the real one's.
OF_THE_HOME = ("secret", SETTINGS, "policy.toml", HEADINGS)
_END = "end.json"
RESTORED = "Databasen är återställd från en säkerhetskopia."
MOVED = "Databasen är flyttad till en annan."
# What reading, or putting in, comes to where somebody has changed the file or it was cut off.
_NO_BACKUP = (ValueError, KeyError, TypeError, RecursionError)
_NOT_WHOLE = (tarfile.TarError, EOFError, OSError, *_NO_BACKUP)
_BROKEN = "The backup is not whole, or no backup of Följsam"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup was made of, and what it holds."""

    program: str
    revision: str
    at: str
    rows: int


@dataclass(frozen=True, slots=True)
class Restored(Made):
    """The same, and the settings that were put aside."""

    aside: tuple[str, ...]


def write_backup(told: Settings, path: Path, key: Path | None) -> Made:
    """Write everything to a new file that only its owner can read.

    It is written beside its place and moved there when it is whole. Raises `Wrong`.
    """
    if path.exists():
        raise Wrong(f"{path} is there already. Name another file.")
    seal = key_in(key, make=True) if key else None
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if seal is None:
                made = _write(told, file)
            else:
                with Sealing(file, seal) as sealed:
                    made = _write(told, sealed)
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    return made


def _write(told: Settings, file: Any) -> Made:  # noqa: ANN401 - anything that is written to
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    with _as_it_is(told) as connection, tarfile.open(fileobj=file, mode="w|gz") as tar:
        revision = revision_of(connection) or ""
        program, at = version("foljsam"), clock.now().isoformat(timespec="seconds")
        about = {"program": program, "revision": revision, "at": at}
        _put(tar, "made.json", json.dumps(about), digest)
        for name in OF_THE_HOME:
            kept = told.home / name
            if kept.is_file():
                _put(tar, f"home/{name}", kept.read_text("utf-8"), digest)
        for number, chunk in enumerate(chunks_of(connection)):
            words = json.dumps(asdict(chunk), ensure_ascii=False)
            counts[chunk.table] += len(chunk.rows)
            _put(tar, f"rows/{number:06}-{chunk.table}.json", words, digest)
        end = {"counts": counts, "sha256": digest.hexdigest()}
        _put(tar, _END, json.dumps(end), digest)
    return Made(program, revision, at, sum(counts.values()))


@contextmanager
def _as_it_is(told: Settings) -> Iterator[Connection]:
    """One transaction that reads, and sees the database as it was when it began."""
    with engine_for(told).connect() as plain:
        connection = plain.execution_options(reads_only=True)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                one_moment = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
                connection.execute(text(one_moment))
            yield connection


def _put(tar: tarfile.TarFile, name: str, words: str, digest: Any) -> None:  # noqa: ANN401
    data = words.encode("utf-8")
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(data), 0o600
    tar.addfile(about, io.BytesIO(data))
    _reckon(digest, name, data)


def _reckon(digest: Any, name: str, data: bytes) -> None:  # noqa: ANN401 - hashlib's own
    """One more file of the backup in its sum: what it is called and what it holds."""
    digest.update(f"{name}\n{len(data)}\n".encode() + data)


def restore_backup(told: Settings, path: Path, key: Path | None) -> Restored:
    """Put a backup in an empty place, and let nothing leave it until somebody says so.

    1. All of it is read through, and compared with what it says of itself at its end.
    2. The database gets the tables of the backup's own time.
    3. All rows in one transaction, and the hold with them.
    4. The files of the home, where there are none; never another secret, and no setting that leads
       to what the installation that it was made of speaks to (`config/copied.py`).
    5. The tables are brought up to this version's; it is held still.

    Rows, hold and the settings that later commands read are of one database. Raises `Wrong`, and
    then nothing has been put in.
    """
    with _opened(path, key) as members:
        for _ in members:
            pass
    try:
        told.make_home()
        with _opened(path, key) as members:
            made = _read(told, members)
    except CannotCopyError as error:
        raise Wrong(f"It cannot be put here: {error}.") from error
    except DBAPIError as error:
        raise Wrong(_in_words(told, error)) from error
    except _NO_BACKUP as error:
        raise Wrong(f"{_BROKEN}: {path}.") from error
    except OSError as error:
        raise Wrong(
            f"{error.filename or told.home} cannot be written: {error.strerror}."
        ) from error
    database.migrate(told)
    with database.transaction(told) as session:
        hold(session, RESTORED)
    return made


@contextmanager
def _opened(path: Path, key: Path | None) -> Iterator[Iterator[tuple[str, str]]]:
    """What a backup holds, file by file. Raises `Wrong` where it is not whole, or is none."""
    try:
        plain = path.open("rb")
    except OSError as error:
        raise Wrong(f"{path} cannot be read.") from error
    with plain:
        file: Any = io.BufferedReader(Opening(plain, key_in(key))) if key else plain
        yield _whole(
            file, f"{_BROKEN}: {path}.{'' if key else ' If it was sealed, say --key-file'}"
        )


def _whole(file: Any, otherwise: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """The files of a backup; where one of them is not as it was written, `Wrong` with that."""
    digest, ended = hashlib.sha256(), False
    try:
        with tarfile.open(fileobj=file, mode="r|gz") as tar:
            for about in tar:
                data = _contents(tar, about)
                if ended:
                    raise Wrong(otherwise)
                if about.name == _END:
                    ended = json.loads(data)["sha256"] == digest.hexdigest()
                    if not ended:
                        raise Wrong(otherwise)
                _reckon(digest, about.name, data)
                yield about.name, data.decode("utf-8")
    except _NOT_WHOLE as error:
        raise Wrong(otherwise) from error
    if not ended:
        raise Wrong(otherwise)


def _contents(tar: tarfile.TarFile, about: tarfile.TarInfo) -> bytes:
    """What a file of it holds. Raises `ValueError` for a link, or what else is no file."""
    file = tar.extractfile(about) if about.isreg() else None
    if file is None:
        raise ValueError(about.name)
    return file.read()


def _in_words(told: Settings, error: DBAPIError) -> str:
    """Why the database does not take it: it is away, or it finds fault with a row."""
    where = engine_for(told).url.render_as_string(hide_password=True)
    why = " ".join(str(error.orig).partition("\nDETAIL:")[0].split())
    if isinstance(error, OperationalError):
        return f"The database {where} cannot be reached: {why}. Nothing was put there."
    return f"The database {where} does not take it: {why}. Nothing was put there."


def _read(told: Settings, members: Iterator[tuple[str, str]]) -> Restored:
    name, words = next(members)
    if name != "made.json":
        raise Wrong(f"{_BROKEN}.")
    about = json.loads(words)
    _make_tables(told, about["revision"])
    files: dict[str, str] = {}
    end: dict[str, Any] = {}
    with references_asleep(engine_for(told)) as connection:
        counts = put_in(connection, _chunks(members, files, end))
        there = {name: number for name, number in counts.items() if number}
        if there != end["counts"]:
            raise Wrong(f"{_BROKEN}.")
        if PostHold.__tablename__ in counts:
            # With the rows: one that is killed right after writes to nobody.
            with Session(connection) as session:
                hold(session, RESTORED)
                session.flush()
        aside = _keep(told, files)
    program, revision, at = (about[name] for name in ("program", "revision", "at"))
    return Restored(program, revision, at, sum(there.values()), aside)


def _chunks(
    members: Iterable[tuple[str, str]], files: dict[str, str], end: dict[str, Any]
) -> Iterator[Chunk]:
    """The rows; what else there is is put aside as it comes."""
    for name, words in members:
        folder, _, rest = name.partition("/")
        if folder == "home" and rest in OF_THE_HOME:
            files[rest] = words
        elif folder == "rows":
            told = json.loads(words)
            yield Chunk(told["table"], tuple(told["columns"]), told["rows"])
        elif name == _END:
            end |= json.loads(words)


def _make_tables(told: Settings, revision: str) -> None:
    if tables_at(revision) is Tables.NEWER:
        raise Wrong(
            f"The backup was made by a later version (tables {revision}). Install that version."
        )
    with engine_for(told).connect() as connection:
        found = revision_of(connection)
    if found not in (None, revision):
        raise Wrong(
            f"The database has tables of another time ({found}) than the backup ({revision}). "
            "Restore into an empty place."
        )
    database.migrate(told, revision)


def _keep(told: Settings, files: dict[str, str]) -> tuple[str, ...]:
    """Put the home's files where there are none; the settings that were put aside.

    Raises `Wrong` at another secret.
    """
    secret = told.home / "secret"
    if "secret" in files and secret.exists() and secret.read_text("utf-8") != files["secret"]:
        raise Wrong(f"There is another secret in {told.home}. Restore into an empty place.")
    settings = copied.parted(files.pop(SETTINGS, ""))
    if (told.home / SETTINGS).exists():  # this place has been told already: its own are its own
        settings = copied.parted("")
    if settings.told:
        files[SETTINGS] = settings.told
    if settings.aside:
        files[copied.ASIDE] = settings.aside
    for name, words in files.items():
        _put_file(told.home / name, words)
    _say_which_database(told)
    return settings.names


def _put_file(path: Path, words: str) -> None:
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(words)


def _say_which_database(told: Settings) -> None:
    """Later commands use the database that the rows are in, also without today's environment."""
    path = told.home / SETTINGS
    words = path.read_text("utf-8") if path.exists() else ""
    if not told.database_url or copied.names_a_database(words):
        return
    by_file = os.environ.get("FOLJSAM_DATABASE_URL_FILE", "")
    line = f"FOLJSAM_DATABASE_URL={copied.quoted(told.database_url)}"
    if by_file:  # the address is a secret there, and stays one
        line = f"FOLJSAM_DATABASE_URL_FILE={copied.quoted(by_file)}"
    _put_file(path, "")
    whole = words if not words or words.endswith("\n") else f"{words}\n"
    path.write_text(f"{whole}# The database that the backup was put in.\n{line}\n", "utf-8")


def move_database(told: Settings, address: str) -> int:
    """Copy every row to another, empty database; how many. Nothing leaves the old one any more.

    Raises `Wrong`, and then nothing was copied and the old one goes on.
    """
    _must_be_an_address(address)
    there = told.model_copy(update={"database_url": address})
    if there.database == told.database:
        raise Wrong("That is the database that it is in already.")
    try:
        with _as_it_is(told) as source:
            _make_tables(there, revision_of(source) or "")
            with references_asleep(engine_for(there)) as target:
                counts = put_in(target, chunks_of(source))
    except CannotCopyError as error:
        raise Wrong(f"It cannot be moved there: {error}.") from error
    except DBAPIError as error:
        raise Wrong(_in_words(there, error)) from error
    finally:
        database.close(there)
    with database.transaction(told) as session:
        hold(session, MOVED)
    return sum(counts.values())


def _must_be_an_address(address: str) -> None:
    """Raises `Wrong` for what is no address of a database; never with what was written."""
    try:
        kind = make_url(address).get_backend_name()
    except ArgumentError:
        kind = ""
    if kind not in ("postgresql", "sqlite"):
        raise Wrong("The address must begin with postgresql:// or sqlite:///.")


def has_a_password(address: str) -> bool:
    """Does the address of a database hold a password, in either of its places?"""
    _must_be_an_address(address)
    url = make_url(address)
    return bool(url.password or "password" in url.query)
