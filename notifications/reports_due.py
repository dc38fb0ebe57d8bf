"""Which reports have reached their day: asked by the rounds that send them, and by the rehearsal.

What a report says is compiled in `reports/`; which day it is for is decided in `rules/`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session

from config import clock
from config.policy import Policy
from models.activity import Activity
from models.columns import c
from models.deviation import DeviationCase, DeviationImport, ImportState
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from models.plan import Plan
from models.promises import promised
from models.reminded import is_reminded_of
from models.resting import at_rest, resting
from models.round import Round, SetAside
from models.status_round import Meeting
from notifications.letters import deviations, frame, reports
from rules import deviation_reports
from rules.calendar import is_quiet
from rules.periods import Kind, Period, parse, period_of
from rules.report_days import quarter_days

_DONE = (EditionState.APPROVED, EditionState.SENT)


@dataclass(frozen=True, slots=True)
class DueReport:
    """A group's roll-up of a quarter whose day has come, and the last day that it looks at."""

    collaboration_id: int
    group_id: int
    period: Period
    cut_off: date


@dataclass(frozen=True, slots=True)
class DueDraft:
    """A collaboration's annual report that its process leaders have had no draft of."""

    collaboration_id: int
    period: Period
    leaders: tuple[int, ...]

    @property
    def occasion(self) -> str:
        """What its letters are known by."""
        return f"{self.collaboration_id} {self.period}"


@dataclass(frozen=True, slots=True)
class DueDeviations:
    """A collaboration's period of deviations whose day has come, and what its export is like."""

    collaboration_id: int
    period: Period
    export: deviation_reports.Export
    newest: date | None
    goes: bool
    waits_to: date | None = None  # then it goes as it is

    @property
    def why_it_waits(self) -> str:
        """What process leaders are told when it does not go."""
        return deviation_reports.why_it_waits(self.export, self.period, self.newest)


def quarters_due(session: Session, policy: Policy, today: date) -> Iterator[DueReport]:
    """Each group's roll-up of the quarter that is over, when its day has come.

    Not those that somebody has approved already, nor of groups that have something in a plan which
    goes on and is not reminded of yet: theirs come when it is. Nor of a collaboration that rests.
    """
    period = period_of(today, Kind.QUARTER).previous
    done = approved(session, ReportKind.QUARTER, str(period)) | _silent(session, today)
    meetings: dict[int, list[date]] = {}
    for group_id, on_day in session.execute(select(c(Meeting).group_id, c(Meeting).on_day)):
        meetings.setdefault(group_id, []).append(on_day)
    promises = promised(session, policy, today)
    groups = session.execute(
        select(c(Group).id, c(Group).collaboration_id)
        .where(c(Group).ends_on.is_(None) | (c(Group).ends_on >= period.first))
        .where(c(Group).collaboration_id.not_in(resting(today)))
        .order_by(c(Group).id)
    )
    for group_id, area in groups:
        days = quarter_days(promises.of(area), period, meetings.get(group_id, ()))
        if group_id not in done and days.send_on <= today:
            yield DueReport(area, group_id, period, days.cut_off)


def _silent(session: Session, today: date) -> set[int]:
    """The groups that own an activity of a plan that goes on and is not reminded of yet.

    One that is closed or withdrawn never will be: nothing is to wait for it.
    """
    goes_on = select(c(Plan).id).where(c(Plan).closed_on.is_(None), c(Plan).withdrawn_on.is_(None))
    asked = select(c(Activity).group_id).where(
        c(Activity).plan_id.in_(goes_on), ~is_reminded_of(c(Activity).plan_id, today)
    )
    return set(session.execute(asked.distinct()).scalars())


def drafts_due(session: Session, policy: Policy, today: date) -> Iterator[DueDraft]:
    """Last year's draft of each collaboration whose leaders have not had it; no quiet days."""
    period = Period(Kind.YEAR, today.year - 1)
    due = [
        share
        for share in promised(session, policy, today).shares()
        if today >= period.cut_off(share.policy.reports.year_draft)
        and not is_quiet(share.policy, today)
    ]
    if not due:
        return
    had, leaders = reports.drafts_sent(session), frame.with_stand_ins(session, today)
    awake = select(c(Collaboration).id).where(c(Collaboration).id.not_in(resting(today)))
    for area in session.execute(awake.order_by(c(Collaboration).id)).scalars():
        if not any(share.holds(area) for share in due):
            continue
        draft = DueDraft(area, period, tuple(person for person, _ in leaders.get(area, ())))
        if draft.leaders and draft.occasion not in had:
            yield draft


def deviations_due(session: Session, policy: Policy, today: date) -> list[DueDeviations]:
    """Each collaboration's periods of deviations to be reported on, the oldest first."""
    silent = at_rest(session, today)
    promises = promised(session, policy, today)
    return [
        due
        for area in areas_with_deviations(session)
        if area not in silent
        for due in deviations_due_in(session, area, promises.of(area), today)
    ]


def areas_with_deviations(session: Session) -> list[int]:
    """The collaborations that any file of deviations has been taken in for."""
    i = c(DeviationImport)
    asked = select(i.collaboration_id).where(
        i.state == ImportState.TAKEN_IN, i.collaboration_id.is_not(None)
    )
    return list(session.execute(asked.distinct().order_by(i.collaboration_id)).scalars())


def deviations_due_in(
    session: Session, area: int, policy: Policy, today: date
) -> list[DueDeviations]:
    """A collaboration's periods of deviations to be reported on, the oldest first.

    1. None on a quiet day, or before any file was taken in.
    2. Those that process leaders were told wait for their export, however late it comes.
    3. The one that has just ended, when its day has come.
    """
    taken_in = _taken_in_on(session, area)
    if taken_in is None or is_quiet(policy, today):
        return []
    due = deviation_reports.due_period(policy, today)
    periods = [*_waiting(session, area, policy, due), *([due] if due else [])]
    case = c(DeviationCase)
    asked = select(func.max(case.registered_on)).where(case.collaboration_id == area)
    newest = session.execute(asked).scalar()
    found = []
    for period in periods:
        export = deviation_reports.export_of(period, taken_in, newest, policy.deviations.export_gap)
        goes = deviation_reports.goes_out(export, policy, period, today)
        waits_to = deviation_reports.waited_out(export, policy, period)
        found.append(DueDeviations(area, period, export, newest, goes, waits_to))
    return found


def _waiting(session: Session, area: int, policy: Policy, due: Period | None) -> list[Period]:
    """The periods that were said to wait, and that no report of has been made."""
    kind = deviation_reports.CADENCES[policy.deviations.cadence]
    told = {parse(words) for words in deviations.said_to_wait(session, area)}
    return sorted(
        period
        for period in told - {due}
        if period.kind is kind and not deviations_approved(session, area, str(period))
    )


def files_since(session: Session, area: int, period: Period) -> bool:
    """Has a file of deviations come or gone since the period's reports were made, if they were?"""
    e = c(Edition)
    mine = (
        e.kind == ReportKind.DEVIATIONS,
        e.collaboration_id == area,
        e.period == str(period),
        e.state.in_(_DONE),
    )
    made = session.execute(select(func.max(e.compiled_at)).where(*mine)).scalar()
    return made is None or _file_after(session, area, made)


def _file_after(session: Session, area: int, moment: datetime) -> bool:
    i = c(DeviationImport)
    asked = select(i.id).where(
        i.collaboration_id == area,
        ((i.state == ImportState.TAKEN_IN) & (i.at > moment)) | (i.undone_at > moment),
    )
    return session.execute(asked.limit(1)).first() is not None


def set_aside_last(session: Session, line: str) -> bool:
    """Did the latest round of that line to end, well or badly, leave something undone?"""
    r = c(Round)
    ended = r.finished_at.is_not(None) | (r.failed != "")
    latest = select(func.max(r.id)).where(r.line == line, ended).scalar_subquery()
    asked = select(c(SetAside).id).where(c(SetAside).round_id == latest)
    return session.execute(asked.limit(1)).first() is not None


def may_be_corrected(
    session: Session, areas: Iterable[int], policy: Policy, today: date
) -> Period | None:
    """The period whose reports are made, and compared with a newer file by the next round.

    Of these collaborations. Whether any figure differs is only known when it is counted. What a
    round has looked at since the file came is known.
    """
    period = deviation_reports.due_period(policy, today)
    if period is None:
        return None
    looked = select(func.max(c(Round).started_at)).where(
        c(Round).line == "deviation-report", c(Round).finished_at.is_not(None)
    )
    at = session.execute(looked).scalar()
    new = any(
        deviations_approved(session, area, str(period))
        and files_since(session, area, period)
        and (at is None or _file_after(session, area, at))
        for area in areas
    )
    return period if new else None


def deviations_approved(session: Session, area: int, period: str) -> set[int | None]:
    """The collaboration's groups (None: the whole) whose deviation report is approved."""
    e = c(Edition)
    asked = select(e.group_id).where(
        e.kind == ReportKind.DEVIATIONS,
        e.collaboration_id == area,
        e.period == period,
        e.state.in_(_DONE),
    )
    return set(session.execute(asked).scalars())


def approved(session: Session, kind: ReportKind, period: str) -> set[int | None]:
    """The groups (None: the whole) whose report of a period is approved."""
    e = c(Edition)
    asked = select(e.group_id).where(e.kind == kind, e.period == period, e.state.in_(_DONE))
    return set(session.execute(asked).scalars())


def _taken_in_on(session: Session, area: int) -> date | None:
    """The day that the latest file still standing was taken in."""
    asked = select(func.max(c(DeviationImport).at)).where(
        c(DeviationImport).state == ImportState.TAKEN_IN,
        c(DeviationImport).collaboration_id == area,
    )
    at = session.execute(asked).scalar()
    return clock.in_stockholm(at).date() if at is not None else None
