"""What was taken in before deviations were a collaboration's, and could not be told, is placed.

It counts nowhere and is shown to nobody but administrators until one of them says whose it is.
Files that speak of the same cases are placed together: what one said was compared with the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, exists, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session

from intake.deviations import one_at_a_time
from models.columns import c
from models.deviation import (
    DeviationCase,
    DeviationEarlier,
    DeviationImport,
    DeviationMapping,
    ImportState,
)


class CannotPlace(ValueError):  # noqa: N818 - a refusal, not a fault
    """It cannot be placed there; the message is a Swedish sentence, `english` the same."""

    def __init__(self, english: str, swedish: str) -> None:
        """Both sentences."""
        super().__init__(swedish)
        self.english = english


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Files that are placed together, with what tells an administrator whose they are."""

    import_ids: tuple[int, ...]
    files: tuple[Row[Any], ...]  # id, file, by, at, state
    cases: int
    first: date | None
    last: date | None

    @property
    def number(self) -> int:
        """What they are placed by: the first file's."""
        return self.import_ids[0]


def unplaced(session: Session) -> list[Unplaced]:
    """What waits to be placed, the oldest first."""
    i, case = c(DeviationImport), c(DeviationCase)
    asked = select(i.id, i.file, i.by, i.at, i.state).where(i.collaboration_id.is_(None))
    files = {row.id: row for row in session.execute(asked.order_by(i.id))}
    found = []
    for together in _together(session, list(files)):
        number, first, last = session.execute(
            select(func.count(), func.min(case.registered_on), func.max(case.registered_on)).where(
                case.first_import_id.in_(together), case.collaboration_id.is_(None)
            )
        ).one()
        listed = tuple(files[one] for one in together)
        found.append(Unplaced(tuple(together), listed, number, first, last))
    return found


def anything_unplaced(session: Session) -> bool:
    """Does anything at all wait to be placed?"""
    return any(
        session.execute(
            select(c(table).id).where(c(table).collaboration_id.is_(None)).limit(1)
        ).first()
        for table in (DeviationImport, DeviationMapping)
    )


def unplaced_sources(session: Session) -> list[Row[Any]]:
    """Sources that wait to be placed."""
    told = c(DeviationMapping)
    asked = select(told.id, told.name, told.changed_by, told.changed_at)
    return list(session.execute(asked.where(told.collaboration_id.is_(None))).all())


def place(session: Session, import_id: int, collaboration_id: int) -> int:
    """Give a file, and those it hangs together with, to a collaboration; how many cases it gets.

    Raises `CannotPlace` when it is not there to be placed, or the collaboration has such cases.
    """
    one_at_a_time(session)
    together = next((one for one in unplaced(session) if import_id in one.import_ids), None)
    if together is None:
        raise CannotPlace(
            f"There is no import {import_id} that waits to be placed.",
            "Inläsningen finns inte, eller är redan placerad.",
        )
    _refuse_doubles(session, together.import_ids, collaboration_id)
    i, case = c(DeviationImport), c(DeviationCase)
    session.execute(
        update(DeviationImport)
        .where(i.id.in_(together.import_ids))
        .values(collaboration_id=collaboration_id)
    )
    session.execute(
        update(DeviationCase)
        .where(case.first_import_id.in_(together.import_ids), case.collaboration_id.is_(None))
        .values(collaboration_id=collaboration_id)
    )
    return together.cases


def place_source(session: Session, mapping_id: int, collaboration_id: int) -> None:
    """Give a source to a collaboration. Raises `CannotPlace`, as when it has one of that name."""
    told = c(DeviationMapping)
    name = session.execute(
        select(told.name).where(told.id == mapping_id, told.collaboration_id.is_(None))
    ).scalar()
    if name is None:
        raise CannotPlace(
            f"There is no source {mapping_id} that waits to be placed.",
            "Källan finns inte, eller är redan placerad.",
        )
    taken = select(told.id).where(told.collaboration_id == collaboration_id, told.name == name)
    if session.execute(taken).first() is not None:
        raise CannotPlace(
            f"The collaboration has a source {name!r} already.",
            f"Samverkan har redan en källa som heter {name}.",
        )
    session.execute(
        update(DeviationMapping)
        .where(told.id == mapping_id)
        .values(collaboration_id=collaboration_id)
    )


def _refuse_doubles(session: Session, import_ids: Sequence[int], collaboration_id: int) -> None:
    """Cases, or a file, that the collaboration has taken in anew meanwhile."""
    mine, theirs = aliased(DeviationCase), c(DeviationCase)
    same = exists().where(
        theirs.collaboration_id == collaboration_id,
        theirs.series == mine.series,
        theirs.number == mine.number,
    )
    cases = session.execute(
        select(func.count())
        .select_from(mine)
        .where(
            mine.first_import_id.in_(import_ids),  # type: ignore[attr-defined]
            mine.collaboration_id.is_(None),  # type: ignore[union-attr]
            same,
        )
    ).scalar_one()
    if cases or _same_file(session, import_ids, collaboration_id):
        raise CannotPlace(
            f"The collaboration has taken {cases} of these cases in anew. Take that import back, "
            "place these files, and take it in again.",
            f"Samverkan har redan läst in {cases} av ärendena på nytt. Ångra den inläsningen, "
            "placera filerna, och läs in den igen.",
        )


def _same_file(session: Session, import_ids: Sequence[int], collaboration_id: int) -> bool:
    mine, theirs = aliased(DeviationImport), c(DeviationImport)
    asked = (
        select(theirs.id)
        .select_from(mine)
        .join(
            DeviationImport,
            and_(
                theirs.sha256 == mine.sha256,
                theirs.reading == mine.reading,
                theirs.collaboration_id == collaboration_id,
                theirs.state == ImportState.TAKEN_IN,
            ),
        )
        .where(
            mine.id.in_(import_ids),  # type: ignore[union-attr]
            mine.state == ImportState.TAKEN_IN,  # type: ignore[arg-type]
        )
    )
    return session.execute(asked.limit(1)).first() is not None


def _together(session: Session, imports: Sequence[int]) -> list[list[int]]:
    """Imports that speak of the same cases, each with those that it cannot be parted from."""
    head = {one: one for one in imports}

    def first(one: int) -> int:
        while head[one] != one:
            one = head[one]
        return one

    for one, other in _pairs(session):
        if one in head and other in head:
            head[max(first(one), first(other))] = min(first(one), first(other))
    found: dict[int, list[int]] = {}
    for one in imports:
        found.setdefault(first(one), []).append(one)
    return list(found.values())


def _pairs(session: Session) -> Iterator[tuple[int, int]]:
    case, earlier = c(DeviationCase), c(DeviationEarlier)
    nobodys = case.collaboration_id.is_(None)
    joined = and_(earlier.case_id == case.id, nobodys)
    for asked in (
        select(case.first_import_id, case.import_id).where(nobodys),
        select(earlier.import_id, earlier.earlier_import_id).where(joined),
        select(earlier.import_id, case.first_import_id).where(joined),
    ):
        yield from session.execute(asked.distinct()).tuples()
