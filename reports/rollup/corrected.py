"""What an earlier report told and was taken back since: never only gone, but named in the next.

Told in one report alone: that of the period in which it was taken back. Only what an approved
edition of the same kind of report had told is named; what nobody has read is just not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.edition import Edition, EditionState
from models.part import PartChange, PartState
from models.plan import Plan
from models.statements import run
from models.status import StatusAnswer
from models.undoing import Undoing
from reports.editions import Of
from reports.rollup.asked import Asked
from reports.rollup.counts import first_after
from reports.rollup.plans_then import PlansThen
from reports.rollup.shapes import Correction
from rules.periods import parse
from rules.wording import alphabetically

_TOLD = (EditionState.APPROVED, EditionState.SENT)
# What of the agreements a report tells.
_AGREED = (
    *(Agreed.WHAT, Agreed.START, Agreed.DEADLINE, Agreed.RESPONSIBLE, Agreed.GROUP),
    *(Agreed.RESULT, Agreed.FIGURE, Agreed.KEPT_BY, Agreed.FUNDING),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """An edition that people have read: the days that it tells of, and when it was compiled."""

    first: date
    until: date
    cut_off: date
    compiled_at: datetime

    def tells(self, row: Any) -> bool:  # noqa: ANN401 - a row of the log
        """Did it tell of a row that was taken back after it?

        What was agreed, and how far parts had come, it told until its period's end; what was done
        and said until its cut-off.
        """
        in_time: bool = row.at < self.compiled_at < row.undone_at
        agreed = hasattr(row, "what") or hasattr(row, "part")
        within: bool = self.first <= row.on_day <= (self.until if agreed else self.cut_off)
        return in_time and within


@dataclass(frozen=True, slots=True)
class _Then:
    """The groups, words and plans of activities at the period's end, where they are others now."""

    groups: Mapping[int, int]
    words: Mapping[int, str]
    plans: PlansThen

    def group(self, row: Any) -> int:  # noqa: ANN401 - a row of the log
        """The group that owned it."""
        return self.groups.get(row.activity_id, int(row.group_id))

    def about(self, row: Any) -> str:  # noqa: ANN401 - a row of the log
        """What it was about."""
        return self.words.get(row.activity_id, str(row.about))

    def plan(self, row: Any) -> str:  # noqa: ANN401 - a row of the log
        """The title of its plan; one that was taken out since has today's."""
        plan = self.plans.get(row.plan_id)
        return plan.title if plan else str(row.plan)


def corrections(session: Session, of: Of, asked: Asked, plans: PlansThen) -> tuple[Correction, ...]:
    """What was taken back in the period, of what earlier reports have told."""
    read = _editions(session, of)
    if not read:
        return ()
    then = _then(session, asked, plans)
    rows = [
        *_moves(session, asked, then),
        *_changes(session, asked, then),
        *_answers(session, asked, then),
        *_parts(session, asked, then),
    ]
    told = [
        row
        for row in rows
        if then.group(row) in asked.groups and any(edition.tells(row) for edition in read)
    ]
    order = list(asked.groups)
    told.sort(
        key=lambda row: (
            *(order.index(then.group(row)), row.undone_on, alphabetically(then.about(row))),
            *(row.on_day, row.at),
        )
    )
    return tuple(_correction(asked, row, then) for row in told)


def _then(session: Session, asked: Asked, plans: PlansThen) -> _Then:
    on, days = session.connection(), asked.days
    owned = run(on, first_after("group", "group_id"), days)
    groups = {int(row.activity_id): int(row.was) for row in owned}
    called = run(on, first_after("what", "words"), days)
    return _Then(groups, {int(row.activity_id): str(row.words) for row in called}, plans)


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
    return [
        _Told(p.first, min(p.last, cut_off), cut_off, at)
        for p, cut_off, at in found
        if p.last < here.first
    ]


def _columns(row: Any) -> Sequence[Any]:  # noqa: ANN401 - a table's columns
    return (
        row.activity_id,
        row.at,
        row.on_day,
        c(Activity).what.label("about"),
        c(Activity).group_id,
        c(Activity).plan_id,
        c(Plan).title.label("plan"),
        c(Undoing).on_day.label("undone_on"),
        c(Undoing).at.label("undone_at"),
        c(Undoing).reason.label("undone_why"),
    )


def _taken_back(
    session: Session,
    asked: Asked,
    then: _Then,
    table: Any,  # noqa: ANN401 - a table of the log
    *more: Any,  # noqa: ANN401 - its columns
) -> Iterable[Any]:
    """The rows of a table that were taken back in the period, of what the report's groups own or
    owned.
    """
    row = c(table)
    a = c(Activity)
    return session.execute(
        select(*_columns(row), *more)
        .join(Undoing, c(Undoing).id == row.undone_id)
        .join(Activity, c(Activity).id == row.activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(
            or_(a.group_id.in_(asked.groups), a.id.in_(list(then.groups))),
            c(Undoing).on_day.between(asked.period.first, asked.until),
        )
        .order_by(row.id)
    )


def _moves(session: Session, asked: Asked, then: _Then) -> list[Any]:
    told = (c(MoveRow).move, c(MoveRow).happened_on)
    return list(_taken_back(session, asked, then, MoveRow, *told))


def _changes(session: Session, asked: Asked, then: _Then) -> list[Any]:
    rows = _taken_back(session, asked, then, Change, c(Change).what)
    return [row for row in rows if row.what in _AGREED]


def _answers(session: Session, asked: Asked, then: _Then) -> list[Any]:
    return list(_taken_back(session, asked, then, StatusAnswer, c(StatusAnswer).says))


def _parts(session: Session, asked: Asked, then: _Then) -> list[Any]:
    return list(_taken_back(session, asked, then, PartChange, c(PartChange).after.label("part")))


def _correction(asked: Asked, row: Any, then: _Then) -> Correction:  # noqa: ANN401 - of the log
    part = getattr(row, "part", None)
    return Correction(
        group=asked.groups[then.group(row)],
        what=then.about(row),
        plan=then.plan(row),
        day=getattr(row, "happened_on", row.on_day),
        undone=row.undone_on,
        move=getattr(row, "move", None),
        agreed=getattr(row, "what", None),
        says=getattr(row, "says", None),
        why=row.undone_why,
        part=part["name"] if part else "",
        part_state=PartState(part["state"]) if part else None,
    )
