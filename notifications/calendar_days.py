"""Which days stand in a person's or a group's calendar: deadlines, parts, money, meetings, rounds.

Each is one mark over one whole day. A vague deadline stands on its last day, with the days that it
means in words: a mark that covers a season hides everything else. What is done leaves.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, text
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.group import Group
from models.known import areas_declined
from models.left import areas_left
from models.lifecycle import OPEN, REMINDED, State
from models.part import Part, PartChange
from models.person import RoleHolding
from models.plan import Plan
from models.status_round import Meeting, StatusQuestion, StatusRound
from models.undoing import Undoing
from notifications.directory import answers_for, parts_for, reach
from notifications.letters.told import told_of_money
from notifications.notices import PART_OPEN
from rules.wording import day_in_words

_AT_A_TIME = 5000
_NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark in a calendar: over one whole day. `page` is where it is told, to sign in to."""

    uid: str
    title: str
    day: date
    details: str
    page: str
    changed_at: datetime = _NEVER
    times_changed: int = 0


def of_person(
    session: Session,
    settings: Settings,
    person_id: int,
    today: date,
    but: Collection[int] = (),
) -> list[Entry]:
    """Everything that she answers for, is told of or is to meet about.

    Her calendar is hers also while letters do not reach her. What is of the collaborations in `but`
    is left out, and so is what is of those that she has left or said no to.
    """
    left = areas_left(session, person_id, today)
    shut = {*but, *left, *areas_declined(session, person_id)}
    of_those = select(c(Group).id).where(c(Group).collaboration_id.in_(shut))
    theirs = set(session.execute(of_those).scalars()) if shut else set()
    hers = reach(session, person_id, today, though_unreachable=True)
    answered = [one.activity_id for one in answers_for(session, person_id, today, hers)]
    ids = _not_of(session, answered, theirs)
    of_parts = parts_for(session, person_id, today, hers)
    shown = _not_of(session, list(of_parts), theirs)
    own_parts = {part_id for activity_id in shown for part_id in of_parts[activity_id]}
    plans = select(c(Plan).id, c(Plan).group_id).where(c(Plan).funding_last.is_not(None))
    told = [
        plan_id
        for plan_id, group_id in session.execute(plans)
        if group_id not in theirs
        and any(who.person_id == person_id for who in told_of_money(hers.directory, group_id))
    ]
    held = select(c(RoleHolding).group_id).where(
        c(RoleHolding).person_id == person_id,
        or_(c(RoleHolding).starts_on.is_(None), c(RoleHolding).starts_on <= today),
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= today),
    )
    groups = set(session.execute(held).scalars()) - theirs
    return _sorted(
        [
            *entries_of(session, settings, ids),
            *_parts(session, settings, ids, own_parts),
            *_money_of_plans(session, settings, told),
            *_meetings(session, settings, groups),
            *_rounds(session, settings, ids),
        ]
    )


def _not_of(session: Session, ids: list[int], groups: set[int]) -> list[int]:
    """Those of some activities that none of these groups owns."""
    if not groups:
        return ids
    asked = select(c(Activity).id).where(
        c(Activity).id.in_(ids), c(Activity).group_id.not_in(groups)
    )
    return list(session.execute(asked).scalars())


def of_group(session: Session, settings: Settings, group_id: int) -> list[Entry]:
    """Everything that a group owns, is named for or meets about."""
    named = select(c(Responsibility).activity_id).where(c(Responsibility).group_id == group_id)
    asked = select(c(Activity).id).where(
        or_(c(Activity).group_id == group_id, c(Activity).id.in_(named)),
        c(Activity).state.in_(OPEN),
    )
    ids = list(session.execute(asked).scalars())
    of_others = select(c(Part).id).where(c(Part).activity_id.in_(ids))
    parts = set(session.execute(of_others).scalars())
    own_plans = select(c(Plan).id).where(c(Plan).group_id == group_id)
    plans = list(session.execute(own_plans).scalars())
    return _sorted(
        [
            *entries_of(session, settings, ids),
            *_parts(session, settings, ids, parts),
            *_money_of_plans(session, settings, plans),
            *_meetings(session, settings, {group_id}),
            *_rounds(session, settings, ids),
        ]
    )


def entries_of(session: Session, settings: Settings, activity_ids: Sequence[int]) -> list[Entry]:
    """The days of some activities, in one question for all of them."""
    found: list[Entry] = []
    for start in range(0, len(activity_ids), _AT_A_TIME):
        some = activity_ids[start : start + _AT_A_TIME]
        for row in session.execute(_ROWS.where(c(Activity).id.in_(some))):
            found.extend(_of_activity(settings, row))
    return _sorted(found)


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.day, entry.uid))


def _of_activity(settings: Settings, row: Row[Any]) -> list[Entry]:
    """Its deadline or its review, the day it is resumed, and its money's last day."""
    days: list[tuple[str, str, date, str]] = []
    if row.state in REMINDED and row.deadline_last and row.reported_done_on is None:
        vague = row.deadline_first is not None and row.deadline_first < row.deadline_last
        words = f" ({row.deadline_text})" if vague else ""
        span = _span_in_words(row.deadline_first, row.deadline_last) if vague else ""
        days.append(("slut", f"Slutdatum{words}", row.deadline_last, span))
    elif row.state in REMINDED and row.next_review_on:
        days.append(("oversyn", "Översyn", row.next_review_on, ""))
    if row.state is State.PAUSED and row.resume_on:
        days.append(("ater", "Återupptas", row.resume_on, ""))
    if row.state in REMINDED and row.funding_last and row.reported_done_on is None:
        days.append(("medel", "Medlens sista dag", row.funding_last, row.funding_text))
    about = (row.how, f"Plan: {row.plan}", f"Grupp: {row.group}", f"Läge: {row.state}")
    return [
        Entry(
            uid=f"aktivitet-{row.id}-{kind}@{_domain(settings)}",
            title=f"{title}: {row.what}",
            day=day,
            details=_lines(more, *about),
            page=f"{settings.pages_url}/aktiviteter/{row.id}",
            changed_at=max(filter(None, (row.moved_at, row.agreed_at)), default=_NEVER),
            times_changed=row.moves + row.agreements,
        )
        for kind, title, day, more in days
    ]


def _span_in_words(first: date, last: date) -> str:
    return f"Någon gång från {day_in_words(first)} till {day_in_words(last)}."


def _lines(*words: str) -> str:
    return "\n".join(filter(None, words))


def _parts(
    session: Session, settings: Settings, activity_ids: Sequence[int], own: Collection[int]
) -> list[Entry]:
    """The deadlines of parts: hers, and those of her activities that nobody else answers for."""
    p = c(Part)
    changed = (
        select(func.count(), func.max(c(PartChange).at))
        .outerjoin(Undoing, c(Undoing).id == c(PartChange).undone_id)
        .where(c(PartChange).part_id == p.id)
        .correlate(Part)
    )
    # What is taken back is a change too, and is counted once more.
    times = func.count(c(PartChange).id) + func.count(c(PartChange).undone_id)
    times = changed.with_only_columns(times).scalar_subquery()
    at = func.max(func.coalesce(c(Undoing).at, c(PartChange).at))
    latest = changed.with_only_columns(at).scalar_subquery()
    of_hers = p.activity_id.in_(list(activity_ids)) & (p.kind == Answerable.WORDS)
    rows = session.execute(
        select(
            p.id,
            p.activity_id,
            p.name,
            p.deadline_last,
            c(Activity).what,
            times.label("times"),
            latest.label("latest"),
        )
        .join(Activity, c(Activity).id == p.activity_id)
        .where(
            or_(p.id.in_(list(own)), of_hers),
            p.deadline_last.is_not(None),
            c(Activity).state.in_(REMINDED),
            c(Activity).reported_done_on.is_(None),
            text(PART_OPEN),
        )
    ).all()
    return [
        Entry(
            uid=f"del-{row.id}@{_domain(settings)}",
            title=f"Slutdatum: {row.name}, {row.what}",
            day=row.deadline_last,
            details="",
            page=f"{settings.pages_url}/aktiviteter/{row.activity_id}",
            changed_at=row.latest or _NEVER,
            times_changed=row.times,
        )
        for row in rows
    ]


def _money_of_plans(session: Session, settings: Settings, plan_ids: Collection[int]) -> list[Entry]:
    rows = session.execute(
        select(c(Plan).id, c(Plan).title, c(Plan).funding_last, c(Plan).funding_text).where(
            c(Plan).id.in_(list(plan_ids)),
            c(Plan).funding_last.is_not(None),
            c(Plan).closed_on.is_(None),
        )
    )
    return [
        Entry(
            uid=f"plan-{id_}-medel@{_domain(settings)}",
            title=f"Medlens sista dag: {title}",
            day=day,
            details=words,
            page=f"{settings.pages_url}/planer/{id_}",
        )
        for id_, title, day, words in rows
    ]


def _meetings(session: Session, settings: Settings, group_ids: Collection[int]) -> list[Entry]:
    rows = session.execute(
        select(c(Meeting).id, c(Meeting).on_day, c(Group).name, c(Group).id)
        .join(Group, c(Group).id == c(Meeting).group_id)
        .where(c(Meeting).group_id.in_(list(group_ids)))
    )
    return [
        Entry(
            uid=f"mote-{id_}@{_domain(settings)}",
            title=f"Möte: {name}",
            day=day,
            details="",
            page=f"{settings.pages_url}/grupper/{group_id}",
        )
        for id_, day, name, group_id in rows
    ]


def _rounds(session: Session, settings: Settings, activity_ids: Sequence[int]) -> list[Entry]:
    """The last day to answer in each open round that asks about any of these activities."""
    rows = session.execute(
        select(c(StatusRound).id, c(StatusRound).closes_on, c(StatusRound).opened_on, c(Group).name)
        .join(StatusQuestion, c(StatusQuestion).round_id == c(StatusRound).id)
        .join(Group, c(Group).id == c(StatusRound).group_id)
        .where(
            c(StatusQuestion).activity_id.in_(list(activity_ids)),
            c(StatusQuestion).answered_on.is_(None),
            c(StatusRound).closed_on.is_(None),
        )
        .distinct()
    )
    return [
        Entry(
            uid=f"statusrunda-{id_}@{_domain(settings)}",
            title=f"Sista dag att svara i statusrundan: {name}",
            day=closes_on,
            details="",
            page=f"{settings.pages_url}/statusrundor/{id_}",
            changed_at=clock.start_of(opened_on),
        )
        for id_, closes_on, opened_on, name in rows
    ]


def _domain(settings: Settings) -> str:
    return settings.mail_from.partition("@")[2] or "foljsam.invalid"


_MOVES = (
    select(
        c(MoveRow).activity_id,
        (func.count() + func.count(c(MoveRow).undone_id)).label("number"),
        func.max(func.coalesce(c(Undoing).at, c(MoveRow).at)).label("at"),
    )
    .outerjoin(Undoing, c(Undoing).id == c(MoveRow).undone_id)
    .group_by(c(MoveRow).activity_id)
    .subquery()
)
_AGREED = (
    select(
        c(Change).activity_id,
        (func.count() + func.count(c(Change).undone_id)).label("number"),
        func.max(func.coalesce(c(Undoing).at, c(Change).at)).label("at"),
    )
    .outerjoin(Undoing, c(Undoing).id == c(Change).undone_id)
    .where(c(Change).what.in_((Agreed.WHAT, Agreed.HOW, Agreed.DEADLINE, Agreed.FUNDING)))
    .group_by(c(Change).activity_id)
    .subquery()
)
_ROWS = (
    select(
        c(Activity).id,
        c(Activity).what,
        c(Activity).how,
        c(Activity).state,
        c(Activity).deadline_text,
        c(Activity).deadline_first,
        c(Activity).deadline_last,
        c(Activity).reported_done_on,
        c(Activity).next_review_on,
        c(Activity).resume_on,
        c(Activity).funding_last,
        c(Activity).funding_text,
        c(Plan).title.label("plan"),
        c(Group).name.label("group"),
        func.coalesce(_MOVES.c.number, 0).label("moves"),
        _MOVES.c.at.label("moved_at"),
        func.coalesce(_AGREED.c.number, 0).label("agreements"),
        _AGREED.c.at.label("agreed_at"),
    )
    .join(Plan, c(Plan).id == c(Activity).plan_id)
    .join(Group, c(Group).id == c(Activity).group_id)
    .outerjoin(_MOVES, _MOVES.c.activity_id == c(Activity).id)
    .outerjoin(_AGREED, _AGREED.c.activity_id == c(Activity).id)
)
