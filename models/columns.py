"""Kinds of columns that every table uses alike: moments with a zone, closed lists of words.

SQLite forgets time zones and SQLModel does not check the values of `table=True` classes, so the
columns themselves refuse what is wrong, and the database has a CHECK behind them.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Enum, Index, MetaData, text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# Names for every constraint, so that a migration can name what it changes, on both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMES
METADATA: MetaData = SQLModel.metadata


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive datetimes on the way in, gives aware ones on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To the database: UTC, or a refusal."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment on file needs its time zone; use config.clock.now()")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """From the database: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(words: type[StrEnum], name: str) -> Any:  # noqa: ANN401 - SQLModel's sa_type is untyped
    """A column that holds one of the words, kept by a CHECK constraint named `name`."""
    return Enum(
        words,
        name=name,
        values_callable=lambda kind: [word.value for word in kind],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
    )


def where_given(table: str, column: str) -> Index:
    """An index of a column that most rows leave empty; only the others stand in it."""
    given = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, sqlite_where=given, postgresql_where=given)


if TYPE_CHECKING:  # what each table's columns hold, for the type checker; see column_stub.py
    from models.column_types import c as c  # noqa: PLC0414 - others import it from here
else:

    def c(model: type[SQLModel]) -> Any:  # noqa: ANN401 - typed by the stub
        """The columns of a table for SQLAlchemy Core: `c(Activity).what`.

        Sweeps and pages select columns, never entities: no hidden queries, in a fraction of the
        time.
        """
        return model.__table__.c
