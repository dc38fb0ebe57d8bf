"""The post rests because somebody said so: a restored copy must not write to people twice.

While it does, letters are made and wait; none leaves, no mailbox is read, no watcher is told, no
export is taken out of its folder, nothing is published, and no worker begins at a Prefect server
elsewhere. Whoever acts outside the home asks here first (`tests/test_held.py` finds one that does
not). One row is open at a time.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, select, text, update
from sqlmodel import Field, Session, SQLModel

from config import clock
from config.settings import Settings
from models.columns import Moment, c
from models.database import reading


class PostHold(SQLModel, table=True):
    """Since when nothing leaves, and why; who let it go on, and when."""

    __tablename__ = "post_hold"
    __table_args__ = (
        CheckConstraint("length(trim(why)) > 0", name="has_reason"),
        Index(
            "uq_post_hold_open",
            "ended_by",  # empty in all that are open
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    since: datetime = Field(sa_type=Moment)
    why: str  # a Swedish sentence
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


def held(session: Session) -> PostHold | None:
    """The hold that is open, if nothing leaves."""
    asked = select(PostHold).where(c(PostHold).ended_at.is_(None))
    row: PostHold | None = session.execute(asked).scalar()
    return row


def nothing_leaves(settings: Settings) -> bool:
    """Has somebody said that nothing leaves? Asked before anything is done outside the home."""
    with reading(settings) as session:
        return held(session) is not None


def hold(session: Session, why: str) -> None:
    """Let nothing leave from now on."""
    if held(session) is None:
        session.add(PostHold(since=clock.now(), why=why))


def let_go(session: Session, by: str) -> bool:
    """Let letters leave again; False when nothing held them."""
    done = session.execute(
        update(PostHold)
        .where(c(PostHold).ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=by)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
