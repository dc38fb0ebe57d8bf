"""An installation as one file, and back: every row, the secret, and the settings of its home.

A tar file with gzip: what made it (`made.json`), files of the home folder, the rows in chunks of
JSON, and last how many there are and their SHA-256 (`end.json`), so that one that was cut off is
seen. It knows no database's own format: what came out of SQLite goes into PostgreSQL, too. What
goes out and in is `models/copying.py`; sealed with a key by `sealed.py`. Left out: Prefect's own
history, files that were taken in and are kept for a day, and letters kept as files.
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
from typing import IO, Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from cli.console import Wrong
from cli.sealed import Opening, Sealing, key_in
from config import clock
from config.settings import Settings
from intake.plan.synonyms import FILE as HEADINGS
from models import database
from models.copying import CannotCopyError, Chunk, chunks_of, put_in
from models.database import Tables, engine_for, references_asleep, revision_of, tables_at
from models.post_hold import PostHold, hold

OF_THE_HOME = ("secret", "prefect-password", "foljsam.env", "policy.toml", HEADINGS)
RESTORED = "Databasen är återställd från en säkerhetskopia."
MOVED = "Databasen är flyttad till en annan."
# What reading, or putting in, comes to where somebody has changed the file or it was cut off.
_NOT_WHOLE = (tarfile.TarError, EOFError, OSError, ValueError, KeyError, TypeError, DBAPIError)
_BROKEN = "The backup is not whole, or no backup of Följsam"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup was made of, and what it holds."""

    program: str
    revision: str
    at: str
    rows: int


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
        _put(tar, "made.json", json.dumps({"program": program, "revision": revision, "at": at}))
        for name in OF_THE_HOME:
            kept = told.home / name
            if kept.is_file():
                _put(tar, f"home/{name}", kept.read_text("utf-8"))
        for number, chunk in enumerate(chunks_of(connection)):
            words = json.dumps(asdict(chunk), ensure_ascii=False)
            digest.update(words.encode())
            counts[chunk.table] += len(chunk.rows)
            _put(tar, f"rows/{number:06}-{chunk.table}.json", words)
        _put(tar, "end.json", json.dumps({"counts": counts, "sha256": digest.hexdigest()}))
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


def _put(tar: tarfile.TarFile, name: str, words: str) -> None:
    data = words.encode("utf-8")
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(data), 0o600
    tar.addfile(about, io.BytesIO(data))


def restore_backup(told: Settings, path: Path, key: Path | None) -> Made:
    """Put a backup in an empty place, and let nothing leave it until somebody says so.

    1. The database gets the tables of the backup's own time.
    2. All rows in one transaction, compared with what the backup says of itself at its end.
    3. The files of the home, where there are none; never another secret.
    4. The post is held, and the tables are brought up to this version's.

    Raises `Wrong`, and then no row has been put in.
    """
    told.make_home()
    with _opened(path) as plain:
        file: Any = io.BufferedReader(Opening(plain, key_in(key))) if key else plain
        try:
            with tarfile.open(fileobj=file, mode="r|gz") as tar:
                made = _read(told, tar)
        except CannotCopyError as error:
            raise Wrong(f"It cannot be put here: {error}.") from error
        except _NOT_WHOLE as error:
            hint = "" if key else " If it was sealed, say --key-file"
            raise Wrong(f"{_BROKEN}: {path}.{hint}") from error
    database.migrate(told)
    with database.transaction(told) as session:
        hold(session, RESTORED)
    return made


def _read(told: Settings, tar: tarfile.TarFile) -> Made:
    members = _members(tar)
    name, words = next(members, ("", ""))
    if name != "made.json":
        raise Wrong(f"{_BROKEN}.")
    about = json.loads(words)
    _make_tables(told, about["revision"])
    files: dict[str, str] = {}
    end: dict[str, Any] = {}
    digest = hashlib.sha256()
    with references_asleep(engine_for(told)) as connection:
        counts = put_in(connection, _chunks(members, files, end, digest))
        there = {name: number for name, number in counts.items() if number}
        if not end or there != end["counts"] or digest.hexdigest() != end["sha256"]:
            raise Wrong(f"{_BROKEN}.")
        _keep(told, files)
        if (
            PostHold.__tablename__ in counts
        ):  # with the rows: killed right after, it writes to nobody
            with Session(connection) as session:
                hold(session, RESTORED)
                session.flush()
    return Made(about["program"], about["revision"], about["at"], sum(there.values()))


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, str]]:
    for about in tar:
        file = tar.extractfile(about)
        if file is not None:
            yield about.name, file.read().decode("utf-8")


def _chunks(
    members: Iterable[tuple[str, str]],
    files: dict[str, str],
    end: dict[str, Any],
    digest: Any,  # noqa: ANN401
) -> Iterator[Chunk]:
    """The rows; what else there is is put aside as it comes."""
    for name, words in members:
        folder, _, rest = name.partition("/")
        if folder == "home" and rest in OF_THE_HOME:
            files[rest] = words
        elif folder == "rows":
            digest.update(words.encode())
            told = json.loads(words)
            yield Chunk(told["table"], tuple(told["columns"]), told["rows"])
        elif name == "end.json":
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


def _keep(told: Settings, files: dict[str, str]) -> None:
    """Put the home's files where there are none. Raises `Wrong` at another secret."""
    for name, words in files.items():
        path = told.home / name
        if path.exists():
            if name == "secret" and path.read_text("utf-8") != words:
                raise Wrong(f"There is another secret in {told.home}. Restore into an empty place.")
            continue
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(words)


def move_database(told: Settings, address: str) -> int:
    """Copy every row to another, empty database; how many. Nothing leaves the old one any more.

    Raises `Wrong`, and then nothing was copied and the old one goes on.
    """
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
    finally:
        database.close(there)
    with database.transaction(told) as session:
        hold(session, MOVED)
    return sum(counts.values())


def _opened(path: Path) -> IO[bytes]:
    """The file of a backup. Raises `Wrong` when there is none."""
    try:
        return path.open("rb")
    except OSError as error:
        raise Wrong(f"{path} cannot be read.") from error
