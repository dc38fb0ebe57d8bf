"""Calendar feeds: an address that a calendar program may read, for a person or a group."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, select
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment, c


class Feed(SQLModel, table=True):
    """One address. The signature says that we made it, the row whether it is revoked."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name="whose"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    group_id: int | None = Field(default=None, foreign_key="groups.id", index=True)
    made_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    # The link that it was made through: whoever closes that one closes this too.
    link_id: int | None = Field(default=None, foreign_key="link.id", index=True)


class FeedClosed(SQLModel, table=True):
    """From a moment on somebody's address shows nothing of a collaboration's."""

    __tablename__ = "feed_closed"

    feed_id: int = Field(foreign_key="feed.id", primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id", primary_key=True)
    at: datetime = Field(sa_type=Moment)


def closed_to(session: Session, feed_id: int) -> frozenset[int]:
    """The collaborations that an address shows nothing of, beside those that she has left."""
    row = c(FeedClosed)
    asked = select(row.collaboration_id).where(row.feed_id == feed_id)
    return frozenset(session.execute(asked).scalars())


def close_feeds(
    session: Session,
    person_id: int,
    areas: Collection[int],
    at: datetime,
    link_id: int | None = None,
) -> None:
    """Let somebody's addresses show nothing of some collaborations: all, or what one link made."""
    feed, row = c(Feed), c(FeedClosed)
    which = [feed.person_id == person_id, feed.revoked_at.is_(None)]
    if link_id is not None:
        which.append(feed.link_id == link_id)
    for number in list(session.execute(select(feed.id).where(*which)).scalars()):
        shut = set(
            session.execute(select(row.collaboration_id).where(row.feed_id == number)).scalars()
        )
        for area in sorted(set(areas) - shut):
            session.add(FeedClosed(feed_id=number, collaboration_id=area, at=at))
