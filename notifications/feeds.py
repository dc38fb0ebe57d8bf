"""Calendars: what a person answers for or a group has before it, as `.ics` (RFC 5545).

A feed has an address that is signed and can be revoked. Vague days are spans over whole days, and
nothing here takes up anybody's time (TRANSPARENT). An event keeps its UID for ever; its SEQUENCE
counts what has happened to the activity, so that a program sees which of two is the newer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Row, func, or_, select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.activity import Activity, Responsibility
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.feed import Feed
from models.group import Group
from models.lifecycle import OPEN, REMINDED, State
from models.person import Person
from models.plan import Plan
from models.status_round import Meeting
from notifications.directory import answers_for
from notifications.outbox import Enclosed
from rules.personnummer import masked

_EVERY = timedelta(hours=6)  # how often a program may ask anew
_AT_A_TIME = 5000
_NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line in a calendar: over whole days, from the first to the last."""

    uid: str
    title: str
    first: date
    last: date
    details: str
    changed_at: datetime
    times_changed: int


def make(session: Session, *, person_id: int | None = None, group_id: int | None = None) -> None:
    """Give a person or a group an address, unless there is one that works."""
    whose = _whose(person_id, group_id)
    if session.execute(select(c(Feed).id).where(whose)).first() is None:
        session.add(Feed(person_id=person_id, group_id=group_id, made_at=clock.now()))


def revoke(session: Session, *, person_id: int | None = None, group_id: int | None = None) -> None:
    """Close the address that works; a new one may be made."""
    whose = _whose(person_id, group_id)
    session.execute(update(Feed).where(whose).values(revoked_at=clock.now()))


def feed_address(
    session: Session,
    settings: Settings,
    *,
    person_id: int | None = None,
    group_id: int | None = None,
) -> str:
    """The address that works for a person or a group; empty when there is none."""
    feed_id = session.execute(select(c(Feed).id).where(_whose(person_id, group_id))).scalar()
    if feed_id is None:
        return ""
    return f"{settings.pages_url}/kalender/{_signer(settings).dumps(feed_id)}.ics"


def open_feed(session: Session, settings: Settings, token: str) -> Feed | None:
    """The feed that a token opens; None when it is forged or revoked."""
    try:
        feed_id = _signer(settings).loads(token)
    except BadSignature:
        return None
    feed = session.get(Feed, feed_id) if isinstance(feed_id, int) else None
    return feed if feed is not None and feed.revoked_at is None else None


def calendar_of(session: Session, settings: Settings, feed: Feed, today: date) -> bytes:
    """The whole calendar of a feed, the same bytes until something changes."""
    if feed.person_id is not None:
        name = session.execute(select(c(Person).name).where(c(Person).id == feed.person_id))
        ids = [one.activity_id for one in answers_for(session, feed.person_id, today)]
        entries = entries_of(session, settings, ids)
    else:
        name = session.execute(select(c(Group).name).where(c(Group).id == feed.group_id))
        ids = _activities_of(session, feed.group_id)
        entries = entries_of(session, settings, ids) + _meetings(session, settings, feed)
    return _calendar(f"Följsam: {name.scalar_one()}", entries)


def enclosed_calendar(entries: Iterable[Entry]) -> Enclosed | None:
    """Entries as a file that goes with a letter; None when there are none.

    The method stands in the file and in its media type, or some programs show it as plain text.
    """
    chosen = list(entries)
    if not chosen:
        return None
    content = _calendar("Följsam", chosen)
    return Enclosed("slutdatum.ics", "text/calendar; charset=utf-8; method=PUBLISH", content)


def entries_of(session: Session, settings: Settings, activity_ids: Sequence[int]) -> list[Entry]:
    """The days of some activities, in one question for all of them."""
    found: list[Entry] = []
    for start in range(0, len(activity_ids), _AT_A_TIME):
        some = activity_ids[start : start + _AT_A_TIME]
        for row in session.execute(_ROWS.where(c(Activity).id.in_(some))):
            found.extend(_of_activity(settings, row))
    return sorted(found, key=lambda entry: (entry.first, entry.uid))


def _of_activity(settings: Settings, row: Row[Any]) -> list[Entry]:
    """Its deadline or its review, and the day it is resumed."""
    entries = []
    if row.state in REMINDED and row.deadline_last and row.reported_done_on is None:
        first = row.deadline_first or row.deadline_last
        vague = f" ({row.deadline_text})" if first < row.deadline_last else ""
        entries.append(("slut", f"Slutdatum{vague}", first, row.deadline_last))
    elif row.state in REMINDED and row.next_review_on:
        entries.append(("oversyn", "Översyn", row.next_review_on, row.next_review_on))
    if row.state is State.PAUSED and row.resume_on:
        entries.append(("ater", "Återupptas", row.resume_on, row.resume_on))
    details = "\n".join(
        line
        for line in (row.how, f"Plan: {row.plan}", f"Grupp: {row.group}", f"Läge: {row.state}")
        if line
    )
    return [
        Entry(
            uid=f"aktivitet-{row.id}-{kind}@{_domain(settings)}",
            title=f"{title}: {row.what}",
            first=first,
            last=last,
            details=details,
            changed_at=max(filter(None, (row.moved_at, row.agreed_at)), default=_NEVER),
            times_changed=row.moves + row.agreements,
        )
        for kind, title, first, last in entries
    ]


def _activities_of(session: Session, group_id: int | None) -> list[int]:
    """The open activities that a group owns, or is named for."""
    named = select(c(Responsibility).activity_id).where(c(Responsibility).group_id == group_id)
    asked = select(c(Activity).id).where(
        or_(c(Activity).group_id == group_id, c(Activity).id.in_(named)),
        c(Activity).state.in_(OPEN),
    )
    return list(session.execute(asked).scalars())


def _meetings(session: Session, settings: Settings, feed: Feed) -> list[Entry]:
    rows = session.execute(
        select(c(Meeting).id, c(Meeting).on_day, c(Group).name)
        .join(Group, c(Group).id == c(Meeting).group_id)
        .where(c(Meeting).group_id == feed.group_id)
        .order_by(c(Meeting).on_day)
    )
    return [
        Entry(
            uid=f"mote-{id_}@{_domain(settings)}",
            title=f"Möte: {name}",
            first=day,
            last=day,
            details="",
            changed_at=feed.made_at,
            times_changed=0,
        )
        for id_, day, name in rows
    ]


def _calendar(name: str, entries: Iterable[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", "-//Foljsam//Foljsam//SV")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", _EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("SUMMARY", masked(entry.title), parameters={"LANGUAGE": "sv"})
    event.add("DTSTART", entry.first)
    event.add("DTEND", entry.last + timedelta(days=1))  # the first day that is not part of it
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("SEQUENCE", entry.times_changed)
    event.add("TRANSP", "TRANSPARENT")
    if entry.details:
        event.add("DESCRIPTION", masked(entry.details), parameters={"LANGUAGE": "sv"})
    return event


def _whose(person_id: int | None, group_id: int | None) -> Any:  # noqa: ANN401 - a condition
    named = c(Feed).person_id == person_id if person_id else c(Feed).group_id == group_id
    return named & c(Feed).revoked_at.is_(None)


def _domain(settings: Settings) -> str:
    return settings.mail_from.partition("@")[2] or "foljsam.invalid"


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret, salt="calendar")


_MOVES = (
    select(
        c(MoveRow).activity_id,
        func.count().label("number"),
        func.max(c(MoveRow).at).label("at"),
    )
    .group_by(c(MoveRow).activity_id)
    .subquery()
)
_AGREED = (
    select(
        c(Change).activity_id,
        func.count().label("number"),
        func.max(c(Change).at).label("at"),
    )
    .where(c(Change).what.in_((Agreed.WHAT, Agreed.HOW, Agreed.DEADLINE)))
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
