"""What a process leader showed of her files once: what a column holds, what a word of state means.

A collaboration's own. Files that come from one place have the same headings, so what she pointed
out is kept by a digest of them (`source`), and read again when they come back. What a word of state
was said to mean is kept by the word, in small letters with single spaces (`plainly`). Whoever shows
it anew writes over what was shown before; nothing here changes what is already on file.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import UniqueConstraint, delete, func, select
from sqlmodel import Field, Session, SQLModel

from models.columns import c, one_of
from models.lifecycle import Outcome, State
from models.plan_shape import Role


class TaughtColumn(SQLModel, table=True):
    """What a heading of one source holds."""

    __tablename__ = "taught_column"
    __table_args__ = (UniqueConstraint("collaboration_id", "source", "heading"),)

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    source: str
    heading: str
    role: Role = Field(sa_type=one_of(Role, "role"))
    on_day: date


class TaughtState(SQLModel, table=True):
    """The state that a word in plan files means, and how it ended where it says that."""

    __tablename__ = "taught_state"
    __table_args__ = (UniqueConstraint("collaboration_id", "words"),)

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int = Field(foreign_key="collaboration.id")
    words: str
    state: State = Field(sa_type=one_of(State, "state"))
    outcome: Outcome | None = Field(default=None, sa_type=one_of(Outcome, "outcome"))
    on_day: date


def plainly(words: str) -> str:
    """How a word of state is kept and looked for."""
    return " ".join(words.casefold().split())


def columns_taught(
    session: Session, collaborations: Collection[int], source: str
) -> tuple[dict[str, Role], date | None]:
    """What was shown of a source, by its headings, and the day; the latest of them."""
    taught = c(TaughtColumn)
    mine = (taught.collaboration_id.in_(collaborations), taught.source == source)
    newest = (
        select(taught.collaboration_id)
        .where(*mine)
        .group_by(taught.collaboration_id)
        .order_by(func.max(taught.on_day).desc(), taught.collaboration_id)
        .limit(1)
    )
    rows = session.execute(
        select(taught.heading, taught.role, taught.on_day)
        .where(*mine, taught.collaboration_id == newest.scalar_subquery())
        .order_by(taught.id)
    ).all()
    day = rows[0].on_day if rows else None
    return {row.heading: row.role for row in rows}, day


def teach_columns(
    session: Session, collaboration_id: int, source: str, columns: Mapping[str, Role], on_day: date
) -> None:
    """Keep what was shown of a source, in place of what was shown before; nothing: forget it."""
    taught = c(TaughtColumn)
    session.execute(
        delete(TaughtColumn).where(
            taught.collaboration_id == collaboration_id, taught.source == source
        )
    )
    session.add_all(
        TaughtColumn(
            collaboration_id=collaboration_id,
            source=source,
            heading=heading,
            role=role,
            on_day=on_day,
        )
        for heading, role in columns.items()
    )
    session.flush()


def states_taught(
    session: Session, collaboration_id: int
) -> dict[str, tuple[State, Outcome | None]]:
    """What words of state mean in a collaboration's files."""
    taught = c(TaughtState)
    rows = session.execute(
        select(taught.words, taught.state, taught.outcome).where(
            taught.collaboration_id == collaboration_id
        )
    )
    return {row.words: (row.state, row.outcome) for row in rows}


def teach_state(
    session: Session,
    collaboration_id: int,
    words: str,
    state: State,
    outcome: Outcome | None,
    on_day: date,
) -> None:
    """Keep what a word means, in place of what it meant before."""
    taught = c(TaughtState)
    key = plainly(words)
    session.execute(
        delete(TaughtState).where(taught.collaboration_id == collaboration_id, taught.words == key)
    )
    session.add(
        TaughtState(
            collaboration_id=collaboration_id,
            words=key,
            state=state,
            outcome=outcome,
            on_day=on_day,
        )
    )
    session.flush()
