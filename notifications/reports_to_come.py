"""Which reports stand in whose letters on a day: what the rounds that send reports will do.

For the rehearsal, which compiles nothing: days and readers are asked as the rounds ask them
(`reports_due.py`), and what a report says is left out. What can only be known from figures is not
foreseen: that a later file gives a correction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.decision import MoveRow
from models.deviation import NOT_GIVEN, DeviationCase
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from models.letter_kinds import LetterKind
from models.lifecycle import OPEN, State
from models.promises import policy_of
from models.undoing import Undoing, stands
from notifications.letters import deviations, frame, parts, reports
from notifications.outbox import Words
from notifications.reports_due import (
    deviations_approved,
    deviations_due,
    drafts_due,
    quarters_due,
)
from rules import deviation_reports
from rules.periods import Period, parse

_DONE = (EditionState.APPROVED, EditionState.SENT)
_OVER = [state for state in State if state not in OPEN]
_NOT_BEGUN = [State.PROPOSED, State.WITHDRAWN]


@dataclass(slots=True)
class Sent:
    """What this rehearsal has sent so far: (kind, collaboration, group, period)."""

    reports: set[tuple[ReportKind, int, int | None, str]] = field(default_factory=set)


def quarter_close(
    session: Session, _settings: Settings, policy: Policy, day: date, sent: Sent
) -> list[int]:
    """The parts of the round that sends the quarter's roll-ups. No letters: they are made last."""
    due = _unsent(session, ReportKind.QUARTER, sent)
    for one in quarters_due(session, policy, day):
        key = (ReportKind.QUARTER, one.collaboration_id, one.group_id, str(one.period))
        telling = _telling(session, ReportKind.QUARTER, one.period, one.cut_off)
        if key not in sent.reports and one.group_id in telling:
            due.append((one.collaboration_id, one.group_id, str(one.period)))
    periods: dict[str, dict[int, set[int]]] = {}
    for area, group_id, period in due:
        if people := reports.readers(session, area, group_id, day):
            for person_id in people:
                periods.setdefault(period, {}).setdefault(person_id, set()).add(area)
            sent.reports.add((ReportKind.QUARTER, area, group_id, period))
    for period, hers in periods.items():
        title = f"Statusrapport {parse(period).name}"
        for person_id, areas in hers.items():
            whose = next(iter(areas)) if len(areas) == 1 else None
            _add(session, [person_id], reports.QUARTER, title, day, period, whose)
    return []


def year_close(
    session: Session, _settings: Settings, policy: Policy, day: date, sent: Sent
) -> list[int]:
    """The parts of the round that makes the year's draft, and sends what is approved."""
    _drafts(session, policy, day)
    for area, group_id, period in _unsent(session, ReportKind.YEAR, sent):
        if people := reports.readers(session, area, group_id, day):
            sent.reports.add((ReportKind.YEAR, area, group_id, period))
            title = f"Årsrapport {period}"
            _add(session, people, reports.YEAR, title, day, f"{area} {group_id} {period}", area)
    return []


def _drafts(session: Session, policy: Policy, day: date) -> None:
    for draft in drafts_due(session, policy, day):
        area = draft.collaboration_id
        telling = _telling(session, ReportKind.YEAR, draft.period, day)
        if telling.intersection(reports.groups_of(session, area)):
            title = f"Utkast till årsrapport {draft.period}"
            _add(session, draft.leaders, reports.DRAFT, title, day, draft.occasion, area)


def deviation_report(
    session: Session, settings: Settings, policy: Policy, day: date, sent: Sent
) -> list[int]:
    """The parts of the round that sends deviation reports, or tells that they wait."""
    for due in deviations_due(session, policy, day):
        area = due.collaboration_id
        if due.goes:
            own = policy_of(session, policy, area, day)
            _deviations(session, own, area, due.period, day, sent)
        elif not deviations_approved(session, area, str(due.period)):
            leaders = [id_ for id_, _ in frame.with_stand_ins(session, day).get(area, ())]
            deviations.say_that_it_waits(
                session,
                settings,
                leaders,
                collaboration_id=area,
                period=str(due.period),
                words=due.period.name,
                why=due.why_it_waits,
                waits_to=due.waits_to,
                today=day,
            )
    return []


def _deviations(
    session: Session, policy: Policy, area: int, period: Period, day: date, sent: Sent
) -> None:
    """One part for each group that receives figures, and for the whole, to whom it is for."""
    g = c(Group)
    there = (g.collaboration_id == area, g.ends_on.is_(None) | (g.ends_on > period.last))
    rows = session.execute(select(g.id, g.name).where(*there).order_by(g.name, g.id))
    names = dict(rows.tuples().all())
    shared = deviation_reports.share_out(
        names, _targets(session, area, period), policy.deviations.receivers
    )
    leaders = frame.leaders(session, day)
    told: list[tuple[int | None, str]] = [
        *((id_, names[id_]) for id_ in shared.groups),
        (None, session.get_one(Collaboration, area).name),
    ]
    had = deviations_approved(session, area, str(period))
    for group_id, whose in told:
        key = (ReportKind.DEVIATIONS, area, group_id, str(period))
        people = deviations.readers(session, leaders, area, group_id, day)
        if people and group_id not in had and key not in sent.reports:
            sent.reports.add(key)
            title = f"Avvikelser {period.name}: {whose}"
            occasion = f"{period} {area} {group_id or ''}"
            _add(session, people, deviations.REPORT, title, day, occasion, area)


def _add(
    session: Session,
    people: Iterable[int],
    kind: LetterKind,
    title: str,
    day: date,
    occasion: str,
    area: int | None,
) -> None:
    """Parts with their titles alone: the rest is the reports' own."""
    for person_id in people:
        words = Words(title, "", "")
        parts.add(
            *(session, person_id, kind, words),
            today=day,
            occasion=occasion,
            collaboration_id=area,
        )


def _unsent(session: Session, kind: ReportKind, sent: Sent) -> list[tuple[int, int | None, str]]:
    """Approved editions on file that have not been sent: (collaboration, group, period)."""
    e = c(Edition)
    rows = session.execute(
        select(e.collaboration_id, e.group_id, e.period)
        .where(e.kind == kind, e.state == EditionState.APPROVED)
        .order_by(e.id)
    )
    return [tuple(row) for row in rows if (kind, *row) not in sent.reports]


def _telling(session: Session, kind: ReportKind, period: Period, until: date) -> set[int]:
    """Groups with an activity that the period tells of: not over before, and there at its end; or
    with one that an earlier report told of, and that was taken back in it.
    """
    a, m, until = c(Activity), c(MoveRow), min(until, period.last)
    there = or_(
        a.state_since <= until,
        select(m.id).where(m.activity_id == a.id, m.on_day <= until, stands(m)).exists(),
    )
    asked = select(a.group_id).where(
        there,
        ~(a.state.in_(_OVER) & (a.state_since < period.first)),
        ~(a.successor_of.is_not(None) & a.state.in_(_NOT_BEGUN) & (a.state_since >= period.first)),
    )
    found = set(session.execute(asked.distinct()).scalars())
    return found | _taken_back(session, kind, period, until)


def _taken_back(session: Session, kind: ReportKind, period: Period, until: date) -> set[int]:
    """Groups of which something was taken back in a period, that an earlier report had told."""
    a, m, undone, e = c(Activity), c(MoveRow), c(Undoing), c(Edition)
    read = select(e.id).where(
        e.kind == kind,
        e.state.in_(_DONE),
        e.period != str(period),
        e.collaboration_id == c(Group).collaboration_id,
        e.group_id.is_(None) | (e.group_id == a.group_id),
        e.cut_off >= m.on_day,
        e.compiled_at.between(m.at, undone.at),
    )
    asked = (
        select(a.group_id)
        .join(MoveRow, m.activity_id == a.id)
        .join(Undoing, undone.id == m.undone_id)
        .join(Group, c(Group).id == a.group_id)
        .where(undone.on_day.between(period.first, until), read.exists())
    )
    return set(session.execute(asked.distinct()).scalars())


def _targets(session: Session, area: int, period: Period) -> Sequence[str]:
    """The target groups that the collaboration has had cases of until the period's end."""
    case = c(DeviationCase)
    asked = select(case.target_group).where(
        case.collaboration_id == area,
        case.target_group.not_in(("", NOT_GIVEN)),
        case.registered_on <= period.last,
    )
    return sorted(session.execute(asked.distinct()).scalars())
