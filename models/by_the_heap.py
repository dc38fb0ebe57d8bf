"""Many rows of one table put on file in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from models.columns import METADATA


def put_all(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Put the rows on file, none being nothing to do.

    By the table, and not its class: rows that lack different things would go one by one.
    """
    if rows:
        table = METADATA.tables[str(model.__tablename__)]
        session.execute(insert(table), [dict(row) for row in rows])
