"""Deviations on file: a file is looked at, taken in, and can be taken back. All of it or nothing.

What a file says waits in `deviation_row` (coded columns only; see `deviation/reading.py`) until
somebody says yes, and is then compared with what is on file in a few statements, however many rows
there are. The command line and the watched folder say yes at once.

Everything is asked of one collaboration: a number, a file and a source are known within it alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Row, and_, delete, exists, func, insert, literal, or_, select, text, update
from sqlmodel import Session

from intake.deviation import codes
from intake.deviation.codes import Word
from intake.deviation.reading_apart import look_apart, read_apart
from intake.deviation.shapes import Column, Export, Heading, Source
from intake.deviation.spelling import align_cases, align_rows
from intake.deviation.ticking import forget_old_words, reading_of, tick, without, words_of
from intake.documents import File, Refusal, check_size
from models.columns import c
from models.deviation import (
    KEPT,
    DeviationCase,
    DeviationEarlier,
    DeviationImport,
    DeviationMapping,
    DeviationRow,
    ImportState,
)

MAX_BYTES = 256 * 1024 * 1024  # an export has much text beside what is kept
WAITS_AT_MOST = timedelta(days=1)  # what is looked at and neither taken in nor let go
_AT_A_TIME = 5_000  # rows that are put on file in one go
_LOCK = 846_106  # of imports, on PostgreSQL; SQLite has one writer


@dataclass(frozen=True, slots=True)
class Compared:
    """What a file changes: cases that are new, other than on file, and as on file or older.

    `only_status`: those of the updated whose words of status alone are other, and mean the same:
    answered or not, voided or not, they count as before.
    """

    new: int
    updated: int
    unchanged: int
    only_status: int = 0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a file. `again`: the same file was taken in before, and nothing was changed."""

    import_id: int
    counts: Compared
    again: bool = False


class CannotUndo(ValueError):  # noqa: N818 - a refusal, not a fault
    """An import that cannot be taken back; the message is a Swedish sentence."""


def source_named(session: Session, collaboration_id: int | None, name: str) -> Source:
    """How the files of a source are read. Raises `Refusal` when no such mapping is saved."""
    if not name:
        return Source()
    told = c(DeviationMapping)
    mine = told.collaboration_id == collaboration_id
    row = session.execute(
        select(told.columns, told.own_series).where(mine, told.name == name)
    ).one_or_none()
    if row is None:
        names = session.execute(select(told.name).where(mine).order_by(told.name)).scalars().all()
        there = f"There is: {', '.join(names)}." if names else "None is saved yet."
        raise Refusal(
            f"There is no mapping {name!r}. {there}", f"Det finns ingen källa som heter {name}."
        )
    return Source(name, _columns(row.columns), row.own_series)


def source_numbered(session: Session, mapping_id: int) -> tuple[Source, int | None] | None:
    """The source that a mapping is for, and whose it is."""
    told = c(DeviationMapping)
    row = session.execute(
        select(told.name, told.columns, told.own_series, told.collaboration_id).where(
            told.id == mapping_id
        )
    ).one_or_none()
    if row is None:
        return None
    return Source(row.name, _columns(row.columns), row.own_series), row.collaboration_id


def save_source(
    session: Session, collaboration_id: int, source: Source, by: str, at: datetime
) -> None:
    """Save how the files of a source are read, in place of what was said before."""
    values = {
        "columns": {heading: column or "" for heading, column in source.columns.items()},
        "own_series": source.own_series,
        "changed_at": at,
        "changed_by": by,
    }
    told = c(DeviationMapping)
    changed = session.execute(
        update(DeviationMapping)
        .where(told.collaboration_id == collaboration_id, told.name == source.name)
        .values(**values)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        named = {"collaboration_id": collaboration_id, "name": source.name}
        session.execute(insert(DeviationMapping).values(**named, **values))


def _columns(saved: Mapping[str, str]) -> dict[str, Column | None]:
    known = {column.value for column in Column}
    return {heading: Column(word) if word in known else None for heading, word in saved.items()}


def read_deviations(
    name: str, file: File, source: Source, *, key: str, max_bytes: int = MAX_BYTES
) -> Export:
    """Read a file. Raises `Refusal` when the whole of it cannot be read."""
    check_size(name, file, max_bytes=max_bytes)
    return read_apart(name, file, source, key.encode())


def look_at(name: str, file: File, source: Source) -> list[Heading]:
    """The headings of a file, for the page on which they are told apart: never what is in it."""
    return look_apart(name, file, source)


def look(
    session: Session, collaboration_id: int, export: Export, source: Source, by: str, at: datetime
) -> int:
    """Put what a file says in waiting; returns the number of the import.

    Words that are not known to be codes wait with it. Those beyond what can be asked about are
    left out at once. Each target group is called by one word.
    """
    unknown = codes.unknown(session, collaboration_id, export)
    asked, beyond = unknown[: codes.MOST_ASKED], unknown[codes.MOST_ASKED :]
    row = DeviationImport(
        collaboration_id=collaboration_id,
        state=ImportState.WAITING,
        file=export.file,
        sha256=export.sha256,
        source=source.name,
        reading=reading_of(source, unknown),
        unknown=codes.frozen(asked),
        at=at,
        by=by,
        rows=export.rows,
        cases=len(export.cases),
        totals=export.totals,
        hidden=export.hidden,
        headings=[[each.text, each.column or ""] for each in export.headings],
        refused=[[each.row, each.why.value] for each in export.refused],
        personnummer_rows=list(export.personnummer_rows),
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    _store(session, row.id, source.series, export)
    row.hidden += codes.leave_out_of_rows(session, row.id, beyond)
    align_rows(session, collaboration_id, row.id)
    counts = compare(session, row.id)
    row.new, row.updated, row.unchanged = counts.new, counts.updated, counts.unchanged
    return row.id


def _store(session: Session, import_id: int, series: str, export: Export) -> None:
    """A hundred thousand rows in a second or two: COPY on PostgreSQL, past the ORM on SQLite."""
    names = ("import_id", "series", "number", "row", *KEPT)
    rows = ((import_id, series, k.number, k.row, *k.kept()) for k in export.cases.values())
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor:
            sql = f"COPY deviation_row ({', '.join(names)}) FROM STDIN"
            with cursor.copy(sql) as copy:
                for values in rows:
                    copy.write_row(values)
        return
    table = c(DeviationRow).number.table
    while some := list(islice(rows, _AT_A_TIME)):
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in some])


def compare(session: Session, import_id: int) -> Compared:
    """What a waiting file would change, as the file and the cases are now."""
    row, case = c(DeviationRow), c(DeviationCase)
    joined = c(DeviationRow).number.table.outerjoin(
        case.number.table, _same_case(session, import_id)
    )
    says_more = and_(case.id.is_not(None), _says_more())
    new, updated, only_status, every = session.execute(
        select(
            func.count().filter(case.id.is_(None)),
            func.count().filter(says_more),
            func.count().filter(and_(says_more, _counts_as_before())),
            func.count(),
        )
        .select_from(joined)
        .where(row.import_id == import_id)
    ).one()
    return Compared(new, updated, every - new - updated, only_status)


def _counts_as_before() -> Any:  # noqa: ANN401 - a condition
    """Nothing that is counted differs: only the words of status, or when it was changed."""
    row, case = c(DeviationRow), c(DeviationCase)
    counted = [name for name in KEPT if name not in ("status", "changed_at")]
    return and_(*(case[name].is_not_distinct_from(row[name]) for name in counted))


def _says_more() -> Any:  # noqa: ANN401 - a condition
    """The file has something else than what is on file, and was not changed before it."""
    row, case = c(DeviationRow), c(DeviationCase)
    return and_(
        or_(*(case[name].is_distinct_from(row[name]) for name in KEPT)),
        or_(
            row.changed_at.is_(None),
            case.changed_at.is_(None),
            row.changed_at >= case.changed_at,
        ),
    )


def taken_before(
    session: Session, collaboration_id: int | None, sha256: str, reading: str
) -> Row[Any] | None:
    """The collaboration's import of the same file, read the same way, that stands."""
    told = c(DeviationImport)
    return session.execute(
        select(told.id, told.at, told.cases).where(
            told.collaboration_id == collaboration_id,
            told.sha256 == sha256,
            told.reading == reading,
            told.state == literal(ImportState.TAKEN_IN.value, literal_execute=True),
        )
    ).one_or_none()


def take_in_unasked(
    session: Session, collaboration_id: int, export: Export, source: Source, by: str, at: datetime
) -> TakenIn:
    """Take a file in where nobody is there to be asked: words that are not known are left out.

    They are told on the import's own page, where somebody may tick them for the next file.
    """
    unknown = codes.unknown(session, collaboration_id, export)
    codes.leave_out(export, unknown)
    import_id = look(session, collaboration_id, export, source, by, at)
    mine = update(DeviationImport).where(c(DeviationImport).id == import_id)
    session.execute(mine.values(reading=reading_of(source, unknown)))
    taken = take_in(session, import_id, at)
    if not taken.again:
        session.execute(mine.values(unknown=codes.frozen(unknown[: codes.MOST_ASKED])))
    forget_old_words(session, at)
    return taken


def take_in(
    session: Session,
    import_id: int,
    at: datetime,
    ticked: Collection[Word] = (),
    by: str = "",
) -> TakenIn:
    """Put a waiting file's cases on file; the same file twice changes nothing.

    1. One import at a time.
    2. Words that wait for a tick and have none are left out.
    3. The cases that change are put aside as they were.
    4. They get what the file says; cases that are new are added.
    5. What waited is gone, and the import says what it did.
    """
    one_at_a_time(session)
    told = _waiting(session, import_id)
    reading = told.reading
    if words_of(session, import_id):
        left_out = tick(session, import_id, ticked, by, at)
        reading = without(session, import_id, reading, left_out)
    before = taken_before(session, told.collaboration_id, told.sha256, reading)
    if before is not None:
        drop(session, import_id)
        return TakenIn(before.id, Compared(0, 0, before.cases), again=True)
    assert told.collaboration_id is not None
    align_cases(session, told.collaboration_id)
    align_rows(session, told.collaboration_id, import_id)
    counts = compare(session, import_id)
    _put_aside(session, import_id)
    _update(session, import_id)
    _add(session, import_id)
    session.execute(delete(DeviationRow).where(c(DeviationRow).import_id == import_id))
    says = {"new": counts.new, "updated": counts.updated, "unchanged": counts.unchanged}
    session.execute(
        update(DeviationImport)
        .where(c(DeviationImport).id == import_id)
        .values(state=ImportState.TAKEN_IN, reading=reading, at=at, **says)
    )
    return TakenIn(import_id, counts)


def _waiting(session: Session, import_id: int) -> Row[Any]:
    """A collaboration's file that waits; raises `Refusal` where there is none."""
    i = c(DeviationImport)
    told = session.execute(
        select(i.collaboration_id, i.sha256, i.reading).where(
            i.id == import_id, i.state == ImportState.WAITING, i.collaboration_id.is_not(None)
        )
    ).one_or_none()
    if told is None:
        raise Refusal(
            f"There is no file number {import_id} that waits; read it again.",
            "Det finns ingen fil som väntar. Läs in den igen.",
        )
    return told


def one_at_a_time(session: Session) -> None:
    """Imports take turns, on PostgreSQL too."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _whose(session: Session, import_id: int) -> int | None:
    """The collaboration that an import is for."""
    asked = select(c(DeviationImport).collaboration_id).where(c(DeviationImport).id == import_id)
    return session.execute(asked).scalar()


def _same_case(session: Session, import_id: int) -> Any:  # noqa: ANN401 - a condition
    """The case that a row of this import tells of: one of the import's own collaboration."""
    row, case = c(DeviationRow), c(DeviationCase)
    mine = case.collaboration_id == _whose(session, import_id)
    return and_(mine, case.series == row.series, case.number == row.number)


def _put_aside(session: Session, import_id: int) -> None:
    row, case = c(DeviationRow), c(DeviationCase)
    changing = (
        select(
            literal(import_id).label("import_id"),
            case.id,
            case.import_id,
            *(case[name] for name in KEPT),
        )
        .join_from(case.id.table, row.number.table, _same_case(session, import_id))
        .where(row.import_id == import_id, _says_more())
    )
    into = ["import_id", "case_id", "earlier_import_id", *KEPT]
    session.execute(insert(DeviationEarlier).from_select(into, changing))


def _update(session: Session, import_id: int) -> None:
    """Only what was put aside just now."""
    row, case, earlier = c(DeviationRow), c(DeviationCase), c(DeviationEarlier)
    session.execute(
        update(DeviationCase)
        .where(
            _same_case(session, import_id),
            row.import_id == import_id,
            exists().where(earlier.import_id == import_id, earlier.case_id == case.id),
        )
        .values(import_id=import_id, **{name: row[name] for name in KEPT})
        .execution_options(synchronize_session=False)
    )


def _add(session: Session, import_id: int) -> None:
    row = c(DeviationRow)
    new = select(
        literal(_whose(session, import_id)),
        row.series,
        row.number,
        literal(import_id),
        literal(import_id),
        *(row[name] for name in KEPT),
    ).where(
        row.import_id == import_id,
        ~exists().where(_same_case(session, import_id)),
    )
    into = ["collaboration_id", "series", "number", "first_import_id", "import_id", *KEPT]
    session.execute(insert(DeviationCase).from_select(into, new))


def drop(session: Session, import_id: int) -> None:
    """Let go of a file that waits: nothing of it was on file."""
    waits = select(c(DeviationImport).id).where(
        c(DeviationImport).id == import_id, c(DeviationImport).state == ImportState.WAITING
    )
    session.execute(delete(DeviationRow).where(c(DeviationRow).import_id.in_(waits)))
    session.execute(delete(DeviationImport).where(c(DeviationImport).id.in_(waits)))


def drop_old(session: Session, before: datetime) -> None:
    """Let go of what somebody looked at and never came back to."""
    old = select(c(DeviationImport).id).where(
        c(DeviationImport).state == ImportState.WAITING, c(DeviationImport).at < before
    )
    for import_id in session.execute(old).scalars().all():
        drop(session, import_id)


def undo(session: Session, import_id: int, by: str, at: datetime) -> None:
    """Take an import back: its cases are as they were before it. The collaboration's latest first.

    An earlier one cannot be taken back alone: what came after it was compared with what it said.
    """
    one_at_a_time(session)
    told = c(DeviationImport)
    stand = select(told.id, told.file).where(
        told.state == ImportState.TAKEN_IN, told.collaboration_id == _whose(session, import_id)
    )
    latest = session.execute(stand.order_by(told.at.desc(), told.id.desc()).limit(1)).one_or_none()
    if latest is None or not session.execute(stand.where(told.id == import_id)).one_or_none():
        raise CannotUndo("Inläsningen finns inte, eller är redan ångrad.")
    if latest.id != import_id:
        raise CannotUndo(
            f"Bara den senaste inläsningen kan ångras. Ångra {latest.file} först, "
            "och läs in den igen efteråt om den ska finnas kvar."
        )
    case, earlier = c(DeviationCase), c(DeviationEarlier)
    session.execute(
        update(DeviationCase)
        .where(earlier.case_id == case.id, earlier.import_id == import_id)
        .values(import_id=earlier.earlier_import_id, **{name: earlier[name] for name in KEPT})
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(DeviationEarlier).where(earlier.import_id == import_id))
    session.execute(delete(DeviationCase).where(case.first_import_id == import_id))
    if (area := _whose(session, import_id)) is not None:
        align_cases(session, area)
    session.execute(
        update(DeviationImport)
        .where(told.id == import_id)
        .values(state=ImportState.UNDONE, undone_at=at, undone_by=by)
    )
