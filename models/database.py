"""The engine and the transaction: SQLite (WAL) on one machine, PostgreSQL on many.

`with transaction() as session` is the only way in. Everything else about storage (which tables,
which questions) lives in the other files of this room.
"""

import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    ExceptionContext,
    Executable,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool, Pool, StaticPool
from sqlmodel import Session

from config.settings import Settings
from models.folding import know_folded
from models.in_turn import Busy, InTurn, Next, look_until

_MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
PATIENCE = 30.0  # seconds that a writer waits on SQLite, also for one in another process
# PostgreSQL's own bounds, in seconds: how long one statement waits for another's rows, how long it
# works, and how long a transaction that does nothing may stay open. The longest there is, what a
# large morning puts on file, takes some ten seconds.
WAITS, WORKS, STANDS_OPEN = 60, 300, 600
_OF_OURS, _MOST, _FEWEST = 84, 30, 4  # connections to PostgreSQL; SQLite's are cheap
_engines: dict[str, Engine] = {}
_stopped: ContextVar[Exception | None] = ContextVar("stopped", default=None)
_glances: dict[str, Engine] = {}
_nexts: dict[str, Next] = {}  # of each SQLite file, among processes
_writers: defaultdict[str, InTurn] = defaultdict(InTurn)  # of each SQLite file, in this process


# What PostgreSQL says when somebody else did the same, or the opposite, at the same moment: a row
# is there already, or what it hangs on is gone. On SQLite one at a time writes, so it never is so.
_OTHERS_WERE_FIRST = {"23505", "23503"}
# Two waited for each other, and one of them was chosen; or one waited or worked for too long.
_LET_ONE_GO = {"40P01", "40001", "55P03", "57014"}


class Turns(IntEnum):
    """What is done by one at a time, by the number of its lock."""

    MIGRATIONS = 846100
    LETTERS = 846101
    DELEGATIONS = 846102
    EDITIONS = 846103
    SIGN_IN_LINKS = 846104
    ADMINISTRATORS = 846121
    NAMES = 846122
    FILES = 846123
    PLANS = 846124


class DatabaseError(RuntimeError):
    """The database cannot be reached. The message is a sentence without the password."""


def engine_for(settings: Settings) -> Engine:
    """The engine of this installation; made once per process and address."""
    address = settings.database
    if address not in _engines:
        if address.startswith("sqlite"):
            settings.make_home()
            _for_its_owner(address)
        _engines[address] = make_engine(address, at_once=_connections(settings))
    return _engines[address]


def _for_its_owner(address: str) -> None:
    """A new database is closed to others from the start; what lies beside it gets its mode."""
    path = make_url(address).database
    if path and path != ":memory:":
        with suppress(OSError):  # whoever opens it says what is wrong
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _connections(settings: Settings) -> int:
    """How many connections to PostgreSQL a process may have, of the hundred that it has room for.

    The processes of pages and the one that started them share what other programs leave.
    """
    return max(_FEWEST, min(_MOST, _OF_OURS // (settings.web_processes + 1)))


def most_at_once(settings: Settings) -> int:
    """How many requests a process may answer at the same time: none waits for a connection.

    Waiting for one is in no order, so that some of fifty would wait for ever longer; waiting to be
    answered is first come, first served. A page may hold two connections.
    """
    if settings.database.startswith("sqlite"):
        return _MOST
    return max(1, _connections(settings) // 2)


def make_engine(
    address: str, *, poolclass: type[Pool] | None = None, at_once: int = _MOST
) -> Engine:
    """A new engine with the house's own rules; errors never tell the values (a link, a name)."""
    if not address.startswith("sqlite"):
        pool: dict[str, Any] = {
            # None beside them: one that is closed after each look costs more than the look.
            "pool_size": at_once,
            "max_overflow": 0,
            "pool_pre_ping": True,
            "pool_use_lifo": True,  # few connections do most, and have their statements prepared
        }
        pool = {"poolclass": poolclass} if poolclass else pool
        engine = create_engine(address, hide_parameters=True, **pool)
        event.listen(engine, "connect", _postgres_rules)
        event.listen(engine, "handle_error", _without_values)
        return engine
    # A page may hold two, and forty may be answered at once; connections to a file are cheap.
    pool = {"poolclass": poolclass} if poolclass else {"pool_size": 20, "max_overflow": 80}
    waits = {"timeout": PATIENCE}
    engine = create_engine(address, connect_args=waits, hide_parameters=True, **pool)
    event.listen(engine, "connect", _sqlite_rules)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _postgres_rules(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own type
    """What is asked is planned once a connection: to plan it costs the server more than to run it.

    The driver's own bounds, from the fifth time on and a hundred statements, are less than all our
    pages ask. Nothing waits or works for ever: whoever looked at a page has gone long before.
    """
    connection.prepare_threshold = 1
    connection.prepared_max = 500
    bounds = {
        "lock_timeout": WAITS,
        "statement_timeout": WORKS,
        "idle_in_transaction_session_timeout": STANDS_OPEN,
    }
    for name, seconds in bounds.items():
        connection.execute(f"SET {name} = '{seconds}s'")
    connection.commit()


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL tells after its first line which values were there already: a name, an address.

    They are no more a log's than the parameters of the statement are.
    """
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\nDETAIL:")[0], *error.args[1:])


def _sqlite_rules(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own type
    """Foreign keys on, readers beside one writer, and our own BEGIN instead of the driver's."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    _be_patient(cursor, PATIENCE)
    cursor.close()
    know_folded(connection)


def _be_patient(cursor: Any, seconds: float) -> None:  # noqa: ANN401 - the driver's own type
    cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _sqlite_begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event passes its own
    """Writers queue at BEGIN; a reader that turns writer halfway would fail instead of waiting.

    SQLite lets a writer of another process wait longer and longer between its looks, and whoever
    writes over and over is always there first: so the first in line of each process looks often,
    and one of them at a time.
    """
    options, driver = connection.get_execution_options(), connection.connection.driver_connection
    if options.get("reads_only"):
        driver.execute("BEGIN")
        return
    until = time.monotonic() + (0 if options.get("at_once") else PATIENCE)
    _be_patient(driver, 0)
    try:
        with _next_of(connection.engine).waiting(until):
            look_until(until, lambda: _begins(driver, until))
    finally:
        _be_patient(driver, PATIENCE)


def _begins(driver: Any, until: float) -> bool:  # noqa: ANN401 - the driver's own type
    """Begin to write; false when somebody else does. Raises what the driver does when late."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
            raise
        return False
    return True


def _next_of(engine: Engine) -> Next:
    """Who is next to write in the file of an engine; beside the file, as SQLite's own are."""
    path = str(engine.url.database)
    if path not in _nexts:
        _nexts[path] = Next(Path(f"{path}-next"))
    return _nexts[path]


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    """One transaction: committed when the block ends, rolled back when it raises.

    On SQLite the writers of this process take turns, whoever came first; left to SQLite, some of
    fifty who answered at once waited 25 seconds. Raises `Busy` when the turn does not come.
    """
    if (because := _stopped.get()) is not None:
        raise because
    engine = engine_for(settings)
    with (
        _turn(engine, PATIENCE),
        Session(engine, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def write_nothing(because: Exception) -> None:
    """Let no transaction begin in what goes on here (a request, a task): it raises `because`.

    For what must not be put on file whoever asks: nobody can forget to ask first.
    """
    _stopped.set(because)


def at_once(settings: Settings, statement: Executable) -> bool:
    """Do one thing that may as well be left undone: False when somebody else writes just now."""
    engine = engine_for(settings).execution_options(at_once=True)
    try:
        with _turn(engine, 0), engine.begin() as connection:
            connection.execute(statement)
    except (Busy, sqlite3.OperationalError):
        return False
    return True


@contextmanager
def _turn(engine: Engine, patience: float) -> Iterator[None]:
    if engine.dialect.name != "sqlite":  # PostgreSQL locks rows, not all of the database
        yield
        return
    with _writers[str(engine.url)].turn(patience):
        yield


@contextmanager
def reading(settings: Settings) -> Iterator[Session]:
    """A look at what is on file, that never waits for a writer on SQLite."""
    engine = engine_for(settings).execution_options(reads_only=True)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def ask(session: Session, question: Executable, **values: object) -> CursorResult[Any]:
    """Ask a question that is made once, with `bindparam` where it differs from time to time.

    To build a question costs four times as much as to ask it, and the session's own way round it
    twice as much. So what every page asks is a constant and is asked here. What was only added to
    the session, and not written yet, is not seen.
    """
    return session.connection().execute(question, values)


@contextmanager
def at_one_moment(settings: Settings) -> Iterator[Session]:
    """A look at what is on file at one moment: every question sees the same, whoever writes
    meanwhile. SQLite looks so always; PostgreSQL only when it is asked to.
    """
    engine = engine_for(settings).execution_options(reads_only=True)
    if engine.dialect.name != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def glancing(settings: Settings) -> Iterator[Session]:
    """A look for watchers: on a connection of its own, so that it waits behind no page.

    The pages share so many connections; when all are busy the database is well all the same.
    """
    address = settings.database
    if address not in _glances:
        _glances[address] = make_engine(address, poolclass=NullPool)
    engine = _glances[address].execution_options(reads_only=True)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def scratch(settings: Settings) -> Iterator[Session]:
    """What is on file, to try things on: nothing that is done here is kept.

    On SQLite a copy in memory, so that nobody waits; on PostgreSQL a transaction taken back.
    """
    engine = engine_for(settings)
    if engine.dialect.name != "sqlite":
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.rollback()
        return
    copy = create_engine("sqlite://", poolclass=StaticPool, hide_parameters=True)
    with engine.connect() as source, copy.connect() as target:
        source.connection.driver_connection.backup(target.connection.driver_connection)  # type: ignore[union-attr]
    with Session(copy, expire_on_commit=False) as session:
        yield session
    copy.dispose()


def take_turns(session: Session, at: Turns) -> None:
    """Let one transaction at a time do this; SQLite has one writer, PostgreSQL is told to."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:at)"), {"at": at.value})


def others_were_first(error: DBAPIError) -> bool:
    """Did somebody else put or remove the same in the moment between our look and our writing?"""
    return getattr(error.orig, "sqlstate", "") in _OTHERS_WERE_FIRST


def was_let_go(error: DBAPIError) -> bool:
    """Did the database end this one's work, since it waited or worked for too long?"""
    return getattr(error.orig, "sqlstate", "") in _LET_ONE_GO


def have_grown(session: Session, *tables: str) -> None:
    """Tell PostgreSQL at once that tables have become much larger.

    A plan that was made while they were small, and that pages have kept, reads them from end to
    end; by itself the server looks once a minute. SQLite keeps no plan over a change.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {', '.join(tables)}"))


def migrate(settings: Settings, to: str = "head") -> None:
    """Bring the database to the newest tables, or to those of an earlier revision.

    Raises `DatabaseError` when it cannot be reached.
    """
    engine = engine_for(settings)
    config = _migrations()
    try:
        with references_asleep(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        why = " ".join(str(error.orig).split())
        raise DatabaseError(f"The database {where} cannot be reached: {why}") from error


class Tables(StrEnum):
    """How the tables of a database are to this version of the program."""

    NONE = "none"
    OLDER = "older"  # the next start brings them up
    NEWEST = "newest"
    NEWER = "newer"  # made by a later version of the program


def tables_of(connection: Connection) -> Tables:
    """Look at which migration a database has come to; changes nothing."""
    return tables_at(revision_of(connection))


def revision_of(connection: Connection) -> str | None:
    """The migration that a database has come to; None where there are no tables."""
    return MigrationContext.configure(connection).get_current_revision()


def tables_at(revision: str | None) -> Tables:
    """How the tables of a revision are to this version of the program."""
    scripts = ScriptDirectory.from_config(_migrations())
    if revision is None:
        return Tables.NONE
    if revision == scripts.get_current_head():
        return Tables.NEWEST
    known = {script.revision for script in scripts.walk_revisions()}
    return Tables.OLDER if revision in known else Tables.NEWER


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


@contextmanager
def references_asleep(engine: Engine) -> Iterator[Connection]:
    """One transaction for all migrations, or for all rows of a backup; who starts at once waits.

    SQLite makes tables anew to change them, and must not remove what refers to them: its foreign
    keys sleep, and are checked before the commit. On PostgreSQL they are awake.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            with connection.begin():
                for bound in ("lock_timeout", "statement_timeout"):  # a table may be large
                    connection.execute(text(f"SET LOCAL {bound} = 0"))
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:at)"), {"at": Turns.MIGRATIONS.value}
                )
                yield connection
            return
        pragma = connection.connection.cursor().execute  # outside any transaction, or it is ignored
        pragma("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise DatabaseError(f"References would be broken: {broken[:3]}")
        finally:
            pragma("PRAGMA foreign_keys = ON")


def close(settings: Settings) -> None:
    """Let go of the connections, so that the folder can be moved or removed."""
    for engines in (_engines, _glances):
        engine = engines.pop(settings.database, None)
        if engine is not None:
            engine.dispose()
    following = _nexts.pop(str(make_url(settings.database).database), None)
    if following is not None:
        following.close()
