"""Calendars: what a person answers for or a group has before it, as `.ics` (RFC 5545).

A feed has an address that is signed and can be revoked. What stands in it is
`notifications/calendar_days.py`'s; here it is made a file. Nothing takes up anybody's time
(TRANSPARENT). An event keeps its UID for ever; its SEQUENCE counts what has happened to it, so that
a program sees which of two is the newer. An address to a page never holds a token, since calendars
are shared. Words hold no sign that some program takes for the end of a line: what stood after it
would be an event of somebody's own making.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, Timezone, TimezoneStandard
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from config import clock, signing
from config.settings import Settings
from models.columns import c
from models.database import ask
from models.feed import Feed, FeedClosed, closed_to
from models.group import Group
from models.known import own_name
from models.moves import Refused
from models.person import Person
from notifications.calendar_days import Entry, of_group, of_person
from notifications.links import Opened
from notifications.outbox import Enclosed
from rules.personnummer import masked
from rules.unseen import clean

_EVERY = timedelta(hours=6)  # how often a program may ask anew
SHOWS_MORE = (
    "Du har redan en kalenderadress, och den visar mer än den här länken. Öppna länken i ditt "
    "senaste brev för att se eller ta bort adressen."
)


def make(session: Session, *, person_id: int | None = None, group_id: int | None = None) -> None:
    """Give a person or a group an address, unless there is one that works."""
    whose = _whose(person_id, group_id)
    if session.execute(select(c(Feed).id).where(whose)).first() is None:
        session.add(Feed(person_id=person_id, group_id=group_id, made_at=clock.now()))


def make_through(session: Session, opened: Opened) -> None:
    """Give whoever has a link an address that shows what the link opens, and no more.

    One that shows less, since another link or all of them were closed meanwhile, is made anew.
    Raises `Refused` where hers shows more than the link.
    """
    _refuse_one_that_shows_more(session, opened)
    now, person_id = clock.now(), opened.person_id
    had = ask(session, _HERS, number=person_id).scalar()
    if had is not None and _shows_as_much(session, had, opened):
        return
    revoke(session, person_id=person_id)
    made = Feed(person_id=person_id, made_at=now, link_id=opened.link_id)
    session.add(made)
    session.flush()
    assert made.id is not None
    for area in sorted(opened.closed_to):
        session.add(FeedClosed(feed_id=made.id, collaboration_id=area, at=now))


def revoke_through(session: Session, opened: Opened) -> None:
    """Close the address of whoever has a link; not one that shows more than the link opens."""
    _refuse_one_that_shows_more(session, opened)
    revoke(session, person_id=opened.person_id)


def address_through(session: Session, settings: Settings, opened: Opened) -> str:
    """Her address where it shows just what the link opens; empty when there is none."""
    feed_id = ask(session, _HERS, number=opened.person_id).scalar()
    if feed_id is None or not _shows_as_much(session, feed_id, opened):
        return ""
    return _address(settings, feed_id)


def _shows_as_much(session: Session, feed_id: int, opened: Opened) -> bool:
    return closed_to(session, feed_id) - opened.left == opened.closed_to - opened.left


def _refuse_one_that_shows_more(session: Session, opened: Opened) -> None:
    """Two taps at once make one address: she is held meanwhile."""
    session.get_one(Person, opened.person_id, with_for_update=True)
    feed_id = ask(session, _HERS, number=opened.person_id).scalar()
    shut = opened.closed_to - opened.left
    if feed_id is not None and not shut <= closed_to(session, feed_id):
        raise Refused([SHOWS_MORE])


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
    question, number = (_HERS, person_id) if person_id else (_OF_GROUP, group_id)
    feed_id = ask(session, question, number=number).scalar()
    return _address(settings, feed_id) if feed_id is not None else ""


def _address(settings: Settings, feed_id: int) -> str:
    return f"{settings.pages_url}/kalender/{_signer(settings).dumps(feed_id)}.ics"


def open_feed(session: Session, settings: Settings, token: str) -> Feed | None:
    """The feed that a token opens; None when it is forged or revoked.

    A calendar program cannot sign in, so none opens where links ask for that.
    """
    if settings.links_sign_in:
        return None
    try:
        feed_id = _signer(settings).loads(token)
    except BadSignature:
        return None
    feed = session.get(Feed, feed_id) if isinstance(feed_id, int) else None
    return feed if feed is not None and feed.revoked_at is None else None


def calendar_of(session: Session, settings: Settings, feed: Feed, today: date) -> bytes:
    """The whole calendar of a feed, the same bytes until something changes."""
    if feed.person_id is not None:
        name = own_name(session, feed.person_id)
        assert feed.id is not None
        shut = closed_to(session, feed.id)
        entries = of_person(session, settings, feed.person_id, today, shut)
    else:
        assert feed.group_id is not None
        name = session.get_one(Group, feed.group_id).name
        entries = of_group(session, settings, feed.group_id)
    return _calendar(f"Följsam: {name}", entries)


def enclosed_calendar(entries: Iterable[Entry]) -> Enclosed | None:
    """Entries as a file that goes with a letter; None when there are none.

    The method stands in the file and in its media type, or some programs show it as plain text.
    """
    chosen = list(entries)
    if not chosen:
        return None
    content = _calendar("Följsam", chosen)
    return Enclosed("slutdatum.ics", "text/calendar; charset=utf-8; method=PUBLISH", content)


def _calendar(name: str, entries: Iterable[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", "-//Foljsam//Foljsam//SV")
    calendar.add("VERSION", "2.0")
    chosen = list(entries)
    if chosen:
        calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", clean(name))
    calendar.add("X-WR-CALNAME", clean(name))
    calendar.add("REFRESH-INTERVAL", _EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT6H")
    for entry in chosen:
        calendar.add_component(_event(entry))
    if not chosen:
        calendar.add_component(_time_here())
    content: bytes = calendar.to_ical()
    return content


def _time_here() -> Timezone:
    """Stockholm's time: a calendar must hold something (RFC 5545, 3.4), and this says nothing."""
    zone = Timezone()
    zone.add("TZID", clock.STOCKHOLM)
    standard = TimezoneStandard()
    standard.add("DTSTART", datetime(1996, 10, 27, 3))  # noqa: DTZ001 - a time on the wall
    standard.add("TZOFFSETFROM", timedelta(hours=2))
    standard.add("TZOFFSETTO", timedelta(hours=1))
    zone.add_component(standard)
    return zone


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("SUMMARY", masked(clean(entry.title)), parameters={"LANGUAGE": "sv"})
    event.add("DTSTART", entry.day)
    event.add("DTEND", entry.day + timedelta(days=1))  # the first day that is not part of it
    event.add("DTSTAMP", entry.changed_at)
    event.add("LAST-MODIFIED", entry.changed_at)
    event.add("SEQUENCE", entry.times_changed)
    event.add("TRANSP", "TRANSPARENT")
    event.add("URL", entry.page)
    event.add("DESCRIPTION", masked(clean(_told(entry))), parameters={"LANGUAGE": "sv"})
    return event


def _told(entry: Entry) -> str:
    """The details, and where there is more: a page to sign in to, never a link that lets one in."""
    return "\n".join(filter(None, (entry.details, entry.page, HOW_TO_ANSWER)))


HOW_TO_ANSWER = "Logga in för att öppna sidan, eller använd länken i ditt senaste brev."


def _whose(person_id: int | None, group_id: int | None) -> Any:  # noqa: ANN401 - a condition
    named = c(Feed).person_id == person_id if person_id else c(Feed).group_id == group_id
    return named & c(Feed).revoked_at.is_(None)


def _signer(settings: Settings) -> URLSafeSerializer:
    return signing.signer(settings.secret, "calendar", opens_old=True)


_OPEN = select(c(Feed).id).where(c(Feed).revoked_at.is_(None))
_HERS = _OPEN.where(c(Feed).person_id == bindparam("number"))
_OF_GROUP = _OPEN.where(c(Feed).group_id == bindparam("number"))
