"""A meeting's agenda: its own points, and what waits for the group by itself.

Each activity stands once, under the first that it waits for: a decision, a yes or a no, a deadline.
An agenda goes to all members of a group, so nobody's own words stand in it: what somebody wrote in
an answer waits for a yes, and is on the meeting's page. Made anew each time it is looked at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.group import Collaboration, Group
from models.lacks import in_words, lacks_of
from models.lifecycle import OPEN, REMINDED, Move, State
from models.listing import late, responsible
from models.meeting import MeetingPoint
from models.proposals import (
    proposes_another_day,
    proposes_somebody_else,
    standing_proposal,
    unsettled,
)
from models.status import Says, StatusAnswer
from models.status_round import AgendaPoint, Meeting
from models.undoing import stands
from reports.blocks import Block, Heading, Paragraph, Report, Table
from rules.wording import (
    answer_in_words,
    counted,
    day_in_words,
    distance,
    weekday_in_words,
    with_och,
)

AHEAD = 60  # days after a meeting, where no later one is known
BACK = 90  # days before it, where no earlier one is
NOTHING = "Inget väntar på gruppen till det här mötet."


@dataclass(frozen=True, slots=True)
class Item:
    """One activity on the agenda: what it is, who answers for it, and why it is there."""

    activity_id: int
    what: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """What waits for the same thing."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a group is to take up on a day."""

    group: str
    organisation: str
    day: date
    before: date | None  # the last meeting before it
    own: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def number(self) -> int:
        """How many points there are."""
        return len(self.own) + sum(len(section.items) for section in self.sections)


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that an agenda is judged by."""

    meets: date
    since: date  # what was answered after that is new to it
    until: date  # what falls due until then comes up now


def agenda_of(session: Session, group_id: int, day: date) -> Agenda:
    """The agenda of a group's meeting on a day, as it is on file now."""
    group = session.get_one(Group, group_id)
    organisation = session.get_one(Collaboration, group.collaboration_id).name
    before, after = days_beside(session, group_id, day)
    days = _Days(
        meets=day,
        since=before or day - timedelta(days=BACK),
        until=after or day + timedelta(days=AHEAD),
    )
    return Agenda(
        group=group.name,
        organisation=organisation,
        day=day,
        before=before,
        own=_own_points(session, group_id, day),
        sections=_sections(session, group_id, days),
    )


def days_beside(session: Session, group_id: int, day: date) -> tuple[date | None, date | None]:
    """The group's last meeting before a day, and its next one after it."""
    meets = c(Meeting)
    ours = select(func.max(meets.on_day)).where(meets.group_id == group_id, meets.on_day < day)
    later = select(func.min(meets.on_day)).where(meets.group_id == group_id, meets.on_day > day)
    return session.execute(ours).scalar(), session.execute(later).scalar()


def as_report(agenda: Agenda, today: date) -> Report:
    """The agenda as a report, for Word and PDF. Its points are numbered through."""
    blocks: list[Block] = []
    number = 0
    if agenda.own:
        rows = tuple((str(at), title) for at, title in enumerate(agenda.own, 1))
        blocks += [Heading(1, OWN), Table(OWN, ("Punkt", "Ärende"), rows)]
        number = len(rows)
    for section in agenda.sections:
        told = tuple(
            (str(at), item.what, item.who, item.why)
            for at, item in enumerate(section.items, number + 1)
        )
        blocks += [Heading(1, section.title), Table(section.title, _HEAD, told)]
        number += len(told)
    if not blocks:
        blocks.append(Paragraph(NOTHING))
    points = counted(agenda.number, "punkt", "punkter")
    return Report(
        title=f"Dagordning: {agenda.group}",
        subtitle=f"Möte {weekday_in_words(agenda.day)}",
        organisation=agenda.organisation,
        reference=f"Så som det var registrerat {day_in_words(today)}",
        dated=day_in_words(agenda.day),
        summary=f"{agenda.group} möts {day_in_words(agenda.day)}: {points}.",
        blocks=tuple(blocks),
        keywords=("dagordning", agenda.group),
    )


OWN = "Mötets egna punkter"
_HEAD = ("Punkt", "Aktivitet", "Ansvarig", "Varför")


def _own_points(session: Session, group_id: int, day: date) -> tuple[str, ...]:
    asked = (
        select(c(MeetingPoint).title)
        .join(Meeting, c(Meeting).id == c(MeetingPoint).meeting_id)
        .where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
        .order_by(c(MeetingPoint).place, c(MeetingPoint).id)
    )
    return tuple(session.execute(asked).scalars())


def _sections(session: Session, group_id: int, days: _Days) -> tuple[Section, ...]:
    """Each activity under the first section that it fits; what fits none is not on the agenda."""
    rows = session.execute(_open(group_id)).all()
    ids = [row.id for row in rows]
    lacking = {id_: in_words(lacks) for id_, lacks in lacks_of(session, ids, days.meets).items()}
    who = responsible(session, ids)
    found: dict[str, list[Item]] = {title: [] for title, _ in _WHY}
    for row in rows:
        lacks = lacking.get(row.id, "")
        for title, why in _WHY:
            told = why(row, group_id, days)
            if title == LACKS and lacks:
                told = ""
            if told is None:
                continue
            words = " ".join(filter(None, (told, f"Saknar {lacks}." if lacks else "")))
            names = with_och(who[row.id]) if who.get(row.id) else "–"
            found[title].append(Item(row.id, row.what, names, words))
            break
    return tuple(Section(title, tuple(items)) for title, items in found.items() if items)


def _open(group_id: int) -> Any:  # noqa: ANN401 - a statement
    """A group's open activities and those referred to it, with the newest answer to each."""
    row, point = c(Activity), c(AgendaPoint)
    proposal: Any = aliased(StatusAnswer)
    newest = (
        select(func.max(c(StatusAnswer).id))
        .where(c(StatusAnswer).activity_id == row.id, stands(c(StatusAnswer)))
        .correlate(Activity)
        .scalar_subquery()
    )
    return (
        select(
            *(row.id, row.what, row.state, row.state_since, row.deadline_text, row.deadline_last),
            *(row.reported_done_on, row.resume_on, row.referred_to_group_id),
            _pause().label("pause"),
            c(Group).name.label("owner"),
            _why_referred().label("why_referred"),
            point.by.label("put_by"),
            point.on_day.label("put_on"),
            *(c(StatusAnswer).says, c(StatusAnswer).on_day.label("said_on")),
            unsettled().label("unsettled"),
            case((proposes_somebody_else(proposal), 1), else_=0).label("not_hers"),
            case((proposes_another_day(proposal), proposal.proposed_last), else_=None).label(
                "proposed_last"
            ),
        )
        .join(Group, c(Group).id == row.group_id)
        .outerjoin(AgendaPoint, and_(point.activity_id == row.id, point.done_on.is_(None)))
        .outerjoin(StatusAnswer, c(StatusAnswer).id == newest)
        .outerjoin(proposal, proposal.id == standing_proposal())
        .where(
            row.state.in_(OPEN),
            or_(row.referred_to_group_id == group_id, row.group_id == group_id),
        )
        .order_by(row.deadline_last.is_(None), row.deadline_last, row.id)
    )


def _why_referred() -> Any:  # noqa: ANN401 - a scalar subquery
    change = c(Change)
    return (
        select(change.reason)
        .where(change.activity_id == c(Activity).id, change.what == Agreed.REFERRED)
        .where(stands(change))
        .order_by(change.id.desc())
        .limit(1)
        .correlate(Activity)
        .scalar_subquery()
    )


def _pause() -> Any:  # noqa: ANN401 - a scalar subquery
    """What was brought along when it was paused, or the pause was made longer."""
    move = c(MoveRow)
    return (
        select(move.details)
        .where(move.activity_id == c(Activity).id, move.move.in_((Move.PAUSE, Move.PROLONG)))
        .where(stands(move))
        .order_by(move.id.desc())
        .limit(1)
        .correlate(Activity)
        .scalar_subquery()
    )


def _referred_here(row: Any, group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    if row.referred_to_group_id != group_id:
        return None
    return f"Från {row.owner}: {_sentence(row.why_referred or 'inget skäl skrevs')}"


def _to_decide(row: Any, _group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    return f"Föreslagen.{_due(row)}" if row.state is State.PROPOSED else None


def _to_settle(row: Any, _group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    told = []
    if row.proposed_last is not None:
        told.append(f"Nytt slutdatum föreslås: {day_in_words(row.proposed_last)}.")
    if row.not_hers:
        told.append("Den som fick frågan säger att någon annan ska svara.")
    if row.says in (Says.AT_RISK, Says.LATE) and row.unsettled:
        told.append(_said(row))
    return " ".join([*told, _due(row).strip()]).strip() if told else None


def _put_up(row: Any, _group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    if not row.put_by:
        return None
    return f"Uppsatt av {row.put_by} {day_in_words(row.put_on)}.{_due(row)}"


def _late(row: Any, _group_id: int, days: _Days) -> str | None:  # noqa: ANN401
    if not late(row, days.meets):
        return None  # what is said to be done waits to be followed up
    ago = distance(days.meets, row.deadline_last).removeprefix("för ").removesuffix(" sedan")
    how = "en dag" if ago == "i går" else ago
    due = day_in_words(row.deadline_last)
    return f"Slutdatum var {due}, {how} före mötet. {_answered(row)}"


def _to_follow_up(row: Any, _group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    if row.state is State.FOLLOWED_UP:
        return f"Uppföljd {day_in_words(row.state_since)}. Ska den avslutas eller fortsätta?"
    if row.reported_done_on is not None:
        return f"Klar enligt ansvarig {day_in_words(row.reported_done_on)}. Ska följas upp."
    return None


def _falls_due(row: Any, _group_id: int, days: _Days) -> str | None:  # noqa: ANN401
    if row.state not in REMINDED or row.deadline_last is None or row.deadline_last > days.until:
        return None
    return f"{_due(row).strip()} {_answered(row)}"


def _answered_since(row: Any, _group_id: int, days: _Days) -> str | None:  # noqa: ANN401
    if row.said_on is None or row.said_on <= days.since:
        return None
    return f"{_said(row)}{_due(row)}"


def _rests(row: Any, _group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    if row.state is not State.PAUSED:
        return None
    told = f"Pausad sedan {day_in_words(row.state_since)}."
    if row.resume_on is not None:
        return f"{told} Tas upp igen {day_in_words(row.resume_on)}."
    when = (row.pause or {}).get("resume_when", "")
    return f"{told} Tas upp igen när: {_sentence(when)}" if when else told


def _only_lacks(_row: Any, _group_id: int, _days: _Days) -> str | None:  # noqa: ANN401
    return None


LACKS = "Saknar något"
# In the order in which a meeting takes them; an activity stands under the first that it fits.
_WHY: Sequence[tuple[str, Callable[[Any, int, _Days], str | None]]] = (
    ("Hänskjutet hit", _referred_here),
    ("Att besluta", _to_decide),
    ("Svar att ta ställning till", _to_settle),
    ("Uppsatt till mötet", _put_up),
    ("Försenat", _late),
    ("Att följa upp", _to_follow_up),
    ("Slutdatum före nästa möte", _falls_due),
    ("Pausat", _rests),
    ("Besvarat sedan förra mötet", _answered_since),
    (LACKS, _only_lacks),
)


def _due(row: Any) -> str:  # noqa: ANN401
    if row.deadline_last is None:
        return ""
    return f" Slutdatum {day_in_words(row.deadline_last)}."


def _said(row: Any) -> str:  # noqa: ANN401
    return f"Svar {day_in_words(row.said_on)}: {answer_in_words(row.says, '', '').lower()}."


def _answered(row: Any) -> str:  # noqa: ANN401
    return _said(row) if row.said_on is not None else "Inget svar har kommit."


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
