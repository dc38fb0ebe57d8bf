"""The postman's book: that the server said yes to a letter, written down before the next may go.

What this costs decides how fast letters go, so it is one prepared statement, committed by itself,
straight through the database's own driver on a connection that is kept.
"""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Engine, bindparam, text
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from models.columns import Moment
from models.database import engine_for


class NotWritten(Exception):  # noqa: N818 - what it means, not what went wrong
    """It could not be written down; the message is the database's own."""


class Book:
    """One postman's. The connection is opened at the first line, and anew after a failure."""

    def __init__(self, settings: Settings) -> None:
        self._engine: Engine = engine_for(settings)
        accepted = _ACCEPTED.compile(dialect=self._engine.dialect)
        self._sql, self._order = accepted.string, accepted.positiontup
        self._moment = (
            Moment().dialect_impl(self._engine.dialect).bind_processor(self._engine.dialect)
        )
        self._day = Date().dialect_impl(self._engine.dialect).bind_processor(self._engine.dialect)
        self._driver: Any = None

    def accepted(
        self, letter_id: int, me: str, state: str, said: str, at: datetime, day: date
    ) -> None:
        """Write it down; when this returns, it is. Raises `NotWritten`."""
        values = {"id": letter_id, "me": me, "state": state, "said": said, "at": self._as_kept(at)}
        values["day"] = self._day(day) if self._day else day
        try:
            if self._driver is None:
                self._driver = self._open()
            bound = [values[name] for name in self._order] if self._order else values
            self._driver.execute(self._sql, bound)
        except (self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError) as error:
            self.close()
            raise NotWritten(str(error)) from error

    def close(self) -> None:
        """Let go of the connection."""
        driver, self._driver = self._driver, None
        if driver is not None:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                driver.close()

    def _as_kept(self, at: datetime) -> Any:  # noqa: ANN401 - as the driver wants it
        return self._moment(at) if self._moment else at

    def _open(self) -> Any:  # noqa: ANN401 - the driver's own type
        """A connection of our own that commits each statement by itself.

        PostgreSQL need not reach the disk before it answers, as SQLite in WAL mode does not. The
        promise is about us: what is noted outlives this process, however it ends. Should the
        database's own machine fall, the last half second's letters may come twice, with the
        Message-ID they had; none is lost. Waiting for the disk at each letter would make every
        morning pay for that day.
        """
        kept = self._engine.raw_connection()
        driver: Any = kept.driver_connection
        kept.detach()  # nobody else gets a connection that is set like this
        if self._engine.dialect.name == "postgresql":
            driver.rollback()
            driver.autocommit = True
            driver.execute("SET synchronous_commit = off")
            driver.prepare_threshold = 0
        return driver


_ACCEPTED = text("""
    UPDATE letter
    SET state = :state, attempts = attempts + 1, done_at = :at, not_before = :at,
        server_said = :said, went_on = :day
    WHERE id = :id AND claimed_by = :me
""").bindparams(bindparam("at", type_=Moment()), bindparam("day", type_=Date()))
