"""Run by Alembic with a connection that `models/database.py` hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

import models.tables  # noqa: F401 - every table, so that autogenerate sees them all
from models.columns import METADATA, Moment


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:  # noqa: ANN401
    """Column types in SQLAlchemy's own words: an old migration never imports our code."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate within the transaction of the connection that was handed over."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
