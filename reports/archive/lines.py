"""A row on file as a line of an archive: plain JSON, without what opens doors."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from sqlalchemy import Date, String, bindparam, select, text
from sqlmodel import Session, SQLModel

import models.tables  # noqa: F401 - all of the metadata
from config import clock
from models.columns import Moment, c
from models.comment import Comment, CommentFile
from reports.archive.sources import Source
from rules.marks import without_links


def lines_of(session: Session, source: Source, year: int) -> Iterator[str]:
    """The lines of a file, in the order of the table's keys."""
    table = SQLModel.metadata.tables[source.table]
    first, last = date(year, 1, 1), date(year, 12, 31)
    values = (
        bindparam("first", first, Date),
        bindparam("last", last, Date),
        bindparam("begin", clock.start_of(first), Moment),
        bindparam("end", clock.start_of(date(year + 1, 1, 1)), Moment),
        bindparam("year", f"{year}%", String),
    )
    where = text(source.where).bindparams(
        *(value for value in values if f":{value.key}" in source.where)
    )
    columns = [column for column in table.columns if column.name not in source.without]
    if source.table == "attachment":
        columns.append(table.c.content)
    for row in session.execute(select(*columns).where(where).order_by(*table.primary_key)):
        line = {name: _plain(value) for name, value in row._mapping.items()}
        if source.table == "attachment":
            content = line.pop("content")
            line |= {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
        if source.table == "letter":
            line["text"] = without_links(line["text"])
        if source.table == "edition":
            line["facts"] = json.loads(line["facts"])
        yield json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"


def files_of(session: Session, year: int) -> Iterator[tuple[str, bytes]]:
    """Files that went with the year's comments, one at a time: "comment_files/7-avtal.pdf"."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    file = c(CommentFile)
    hers = select(c(Comment).id).where(c(Comment).on_day.between(first, last))
    asked = select(file.id, file.name).where(file.comment_id.in_(hers)).order_by(file.id)
    for number, name in session.execute(asked).all():
        content = session.execute(select(file.content).where(file.id == number)).scalar_one()
        yield f"comment_files/{number}-{name}", content


def fields_of(source: Source) -> list[str]:
    """The fields of those lines, for the description."""
    table = SQLModel.metadata.tables[source.table]
    kept = [column.name for column in table.columns if column.name not in source.without]
    return [*kept, "sha256", "bytes"] if source.table == "attachment" else kept


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value
