"""What an earlier report told and was taken back since: never only gone, but named in the next.

Told in one report alone: that of the period in which it was taken back. Only what an approved
edition of the same kind of report had told is named; what nobody has read is just not there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.edition import Edition, EditionState
from models.plan import Plan
from models.status import StatusAnswer
from models.undoing import Undoing
from reports.editions import Of
from reports.rollup.asked import Asked
from reports.rollup.shapes import Correction
from rules.periods import parse
from rules.wording import alphabetically

_TOLD = (EditionState.APPROVED, EditionState.SENT)
# What of the agreements a report tells.
_AGREED = (Agreed.WHAT, Agreed.START, Agreed.DEADLINE, Agreed.RESPONSIBLE, Agreed.GROUP)


@dataclass(frozen=True, slots=True)
class _Told:
    """An edition that people have read: the days that it tells of, and when it was compiled."""

    first: date
    cut_off: date
    compiled_at: datetime

    def tells(self, row: Any) -> bool:  # noqa: ANN401 - a row of the log
        """Did it tell of a row that was taken back after it?"""
        in_time: bool = row.at < self.compiled_at < row.undone_at
        within: bool = self.first <= row.on_day <= self.cut_off
        return in_time and within


def corrections(session: Session, of: Of, asked: Asked) -> tuple[Correction, ...]:
    """What was taken back in the period, of what earlier reports have told."""
    read = _editions(session, of)
    if not read:
        return ()
    rows = [
        *_moves(session, asked),
        *_changes(session, asked),
        *_answers(session, asked),
    ]
    told = [row for row in rows if any(edition.tells(row) for edition in read)]
    order = list(asked.groups)
    told.sort(
        key=lambda row: (
            *(order.index(row.group_id), row.undone_on, alphabetically(row.about), row.on_day),
            row.at,
        )
    )
    return tuple(_correction(asked, row) for row in told)


def _editions(session: Session, of: Of) -> list[_Told]:
    e = c(Edition)
    same = or_(e.group_id.is_(None), e.group_id == of.group_id)
    rows = session.execute(
        select(e.period, e.cut_off, e.compiled_at)
        .where(
            e.kind == of.kind,
            e.collaboration_id == of.collaboration_id,
            e.state.in_(_TOLD),
            same,
        )
        .order_by(e.id)
    )
    here = parse(of.period)
    found = [(parse(period), cut_off, at) for period, cut_off, at in rows]
    return [_Told(p.first, cut_off, at) for p, cut_off, at in found if p.last < here.first]


def _columns(row: Any) -> Sequence[Any]:  # noqa: ANN401 - a table's columns
    return (
        row.at,
        row.on_day,
        c(Activity).what.label("about"),
        c(Activity).group_id,
        c(Plan).title.label("plan"),
        c(Undoing).on_day.label("undone_on"),
        c(Undoing).at.label("undone_at"),
        c(Undoing).reason.label("undone_why"),
    )


def _taken_back(session: Session, asked: Asked, table: Any, *more: Any) -> Iterable[Any]:  # noqa: ANN401
    """The rows of a table that were taken back in the period, of the report's groups."""
    row = c(table)
    return session.execute(
        select(*_columns(row), *more)
        .join(Undoing, c(Undoing).id == row.undone_id)
        .join(Activity, c(Activity).id == row.activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(
            c(Activity).group_id.in_(asked.groups),
            c(Undoing).on_day.between(asked.period.first, asked.until),
        )
        .order_by(row.id)
    )


def _moves(session: Session, asked: Asked) -> list[Any]:
    return list(_taken_back(session, asked, MoveRow, c(MoveRow).move, c(MoveRow).happened_on))


def _changes(session: Session, asked: Asked) -> list[Any]:
    rows = _taken_back(session, asked, Change, c(Change).what)
    return [row for row in rows if row.what in _AGREED]


def _answers(session: Session, asked: Asked) -> list[Any]:
    return list(_taken_back(session, asked, StatusAnswer, c(StatusAnswer).says))


def _correction(asked: Asked, row: Any) -> Correction:  # noqa: ANN401 - a row of the log
    return Correction(
        group=asked.groups[row.group_id],
        what=row.about,
        plan=row.plan,
        day=getattr(row, "happened_on", row.on_day),
        undone=row.undone_on,
        move=getattr(row, "move", None),
        agreed=getattr(row, "what", None),
        says=getattr(row, "says", None),
        why=row.undone_why,
    )
