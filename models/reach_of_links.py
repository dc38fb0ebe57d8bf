"""Which collaborations a link in a letter opens, and which it is closed to.

A link shows what its owner answers for, whoever's it is. So each collaboration closes its own part:
by revoking, or with her last day there (`models/left.py`). A link that is closed to all that its
letter was about opens nothing more; others go on without that part. She closes her links herself to
a collaboration that she says no to being known in, and opens them with a yes: the page that takes
her no back stays open for that.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, delete, func, insert, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel

from models.activity import Activity
from models.columns import Moment, c
from models.delegation import Delegation
from models.feed import close_feeds
from models.group import Group
from models.known import PersonKnown, areas_declined, collaborations_of
from models.left import areas_left
from models.letter import Letter, LetterItem, LetterPart, Link, Notice
from models.plan import Plan

_handed: Any = aliased(Activity)  # the activity that a delegation is for


class LinkClosed(SQLModel, table=True):
    """From a moment on a link opens nothing of a collaboration's."""

    __tablename__ = "link_closed"

    link_id: int = Field(foreign_key="link.id", primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id", primary_key=True)
    at: datetime = Field(sa_type=Moment)


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link as a leader sees it: when it was sent, and until when it opens what is hers."""

    id: int
    made_at: datetime
    expires_at: datetime
    of_session: bool = False  # she made it herself, signed in; it opens in that session alone


@dataclass(frozen=True, slots=True)
class Shut:
    """The collaborations that a link is closed to, and whether anything is left behind it."""

    areas: frozenset[int]
    wholly: bool
    revoked: bool  # by hand; else with her last day
    left: frozenset[int] = frozenset()  # of them those where she has nothing today
    declined: frozenset[int] = frozenset()  # of those the ones that only her own no closes


_OPEN = Shut(frozenset(), wholly=False, revoked=False)


def shut_to(session: Session, link_id: int, person_id: int, now: datetime, today: date) -> Shut:
    """What a link of somebody's is closed to at that moment."""
    row = c(LinkClosed)
    closed = select(row.collaboration_id).where(row.link_id == link_id, row.at <= now)
    revoked = frozenset(session.execute(closed).scalars())
    left = areas_left(session, person_id, today)
    declined = areas_declined(session, person_id) - revoked - left
    if not revoked and not left and not declined:
        return _OPEN
    opens = set(session.execute(_about(c(Letter).link_id == link_id)).scalars()) - {None}
    opens = opens or set(session.execute(collaborations_of(person_id)).scalars())
    areas = revoked | left
    wholly = bool(opens) and opens <= areas
    revoked_too = bool(opens - left)
    return Shut(areas | declined, wholly, revoked_too, left=left | declined, declined=declined)


def open_links_of(
    session: Session, person_id: int, areas: Iterable[int], now: datetime, today: date
) -> list[OpenLink]:
    """The links in letters about what is of these collaborations, as each of them sees it.

    A letter that holds nothing, as a new link that she asked for, is theirs that knew her when it
    was made: the same for one who is at home there and one who is not. The newest first.
    """
    left = areas_left(session, person_id, today)
    found: dict[int, OpenLink] = {}
    for area in areas:
        if area in left:
            continue
        for one in _open_in(session, person_id, area, now):
            before = found.get(one.id)
            if before is None or before.expires_at < one.expires_at:
                found[one.id] = one
    return sorted(found.values(), key=lambda one: -one.id)


def close_links(
    session: Session,
    person_id: int,
    areas: Collection[int],
    at: datetime,
    now: datetime,
    link_id: int | None = None,
) -> None:
    """Close one of somebody's links, or all that are live, to some collaborations, from a moment.

    One that is closed to them sooner stays so. A calendar's address that was made through one is
    closed with it, and all of hers when all are: whoever had a link may have one too. A last day
    to come closes none, since a calendar asks for itself who has left.
    """
    if at <= now:
        close_feeds(session, person_id, areas, at, link_id)
    live = [c(Link).person_id == person_id, c(Link).revoked_at.is_(None), c(Link).expires_at > now]
    if link_id is not None:
        live.append(c(Link).id == link_id)
    links = list(session.execute(select(c(Link).id).where(*live)).scalars())
    row = c(LinkClosed)
    for area in sorted(set(areas)):
        there = row.link_id.in_(links), row.collaboration_id == area
        session.execute(delete(LinkClosed).where(*there, row.at > at))
        shut = set(session.execute(select(row.link_id).where(*there)).scalars())
        rows = [
            {"link_id": link, "collaboration_id": area, "at": at}
            for link in links
            if link not in shut
        ]
        if rows:
            session.execute(insert(LinkClosed), rows)


def _open_in(session: Session, person_id: int, area: int, now: datetime) -> list[OpenLink]:
    about = _about(c(Letter).person_id == person_id).subquery()
    link, closed = c(Link), c(LinkClosed)
    of_ours = select(about.c.link_id).where(about.c.collaboration_id == area)
    of_somebodys = select(about.c.link_id)
    came_later = select(c(PersonKnown).id).where(
        c(PersonKnown).person_id == person_id,
        c(PersonKnown).collaboration_id == area,
        c(PersonKnown).since > link.made_at,
    )
    hers_alone = link.id.not_in(of_somebodys) & ~came_later.correlate(Link).exists()
    rows = session.execute(
        select(link.id, link.made_at, link.expires_at, link.session_id, closed.at)
        .outerjoin(LinkClosed, (closed.link_id == link.id) & (closed.collaboration_id == area))
        .where(
            link.person_id == person_id,
            link.revoked_at.is_(None),
            link.expires_at > now,
            or_(closed.at.is_(None), closed.at > now),
            or_(link.id.in_(of_ours), hers_alone),
        )
    )
    return [
        OpenLink(id_, made, min(at or until, until), of is not None)
        for id_, made, until, of, at in rows
    ]


def _about(which: Any) -> CompoundSelect[Any]:  # noqa: ANN401 - a condition on letters
    """Rows of (collaboration, link): whose matters the letters with some links hold.

    None is a collaboration that is not told of: a letter that says who has taken her on.
    """
    of = func.coalesce(
        c(Activity).group_id, c(Plan).group_id, _handed.group_id, c(Delegation).group_id
    )
    with_link = c(Letter).link_id.is_not(None)
    items = (
        select(
            func.coalesce(c(Group).collaboration_id, c(Plan).collaboration_id).label(
                "collaboration_id"
            ),
            c(Letter).link_id,
        )
        .select_from(Letter)
        .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .outerjoin(Activity, c(Activity).id == c(Notice).activity_id)
        .outerjoin(Plan, c(Plan).id == c(Notice).plan_id)
        .outerjoin(Delegation, c(Delegation).id == c(Notice).delegation_id)
        .outerjoin(_handed, _handed.id == c(Delegation).activity_id)
        .outerjoin(Group, c(Group).id == of)
        .where(which, with_link)
        .where(or_(c(Group).id.is_not(None), c(Plan).id.is_not(None)))
    )
    parts = (
        select(c(LetterPart).collaboration_id, c(Letter).link_id)
        .join(Letter, c(Letter).id == c(LetterPart).letter_id)
        .where(which, with_link)
    )
    return union(items, parts)
