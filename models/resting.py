"""Collaborations that rest for a while or have ended: nothing of theirs goes out meanwhile.

What is on file stays, and may be read and corrected. While one rests what was asked may be
answered; once it has ended no answer is taken by a link or by mail. Rounds ask here, in one place,
whose plans, groups and reports they leave out; groups that rest are another thing (`GroupPause`),
since somebody speaks for them.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Select, bindparam, or_, select, union_all
from sqlmodel import Field, Session, SQLModel

from models.columns import c
from models.group import Collaboration


class CollaborationPause(SQLModel, table=True):
    """A collaboration rests from a day to a day (None: until somebody says that it goes on)."""

    __tablename__ = "collaboration_pause"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="dates"),
        CheckConstraint("length(trim(reason)) > 0", name="has_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id", index=True)
    first_day: date
    last_day: date | None = None
    reason: str


# The same as `resting`, in the words of the sweeps that are written as words; `:today` is bound.
RESTING = """(
    SELECT id FROM collaboration WHERE ends_on < :today
    UNION ALL
    SELECT collaboration_id FROM collaboration_pause
    WHERE first_day <= :today AND (last_day IS NULL OR last_day >= :today))"""

# The plans that nothing goes out about for that reason. Found once for a statement: it names no row
# of the statement's own.
PLANS_AT_REST = f"(SELECT id FROM plan WHERE collaboration_id IN {RESTING})"  # noqa: S608 - own words


# The collaborations that have had their last day; `:today` is bound.
ENDED = select(c(Collaboration).id).where(c(Collaboration).ends_on < bindparam("today", type_=Date))


def resting(today: date) -> Select[tuple[int]]:
    """The numbers of the collaborations that rest, or have had their last day."""
    pause = c(CollaborationPause)
    ended = select(c(Collaboration).id).where(c(Collaboration).ends_on < today)
    paused = select(pause.collaboration_id).where(
        pause.first_day <= today, or_(pause.last_day.is_(None), pause.last_day >= today)
    )
    both = union_all(ended, paused).subquery()
    return select(both.c.id)


def at_rest(session: Session, today: date) -> set[int]:
    """The same, asked."""
    return set(session.execute(resting(today)).scalars())
