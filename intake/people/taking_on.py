"""Taking people on file: the first collaboration is their home, others know what they typed.

Whoever types an address that is on file elsewhere sees the same as with a new one, and the same is
done: the statements below are run in both cases, and decide in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from config import clock
from models.administrator import end_with_last_day
from models.columns import METADATA, c
from models.group import RegisterNote
from models.known import PersonKnown, known_in
from models.left import PersonLeft
from models.person import Person, new_numbers

_AT_A_TIME = 5000
DECLINED = (
    "{email} har sagt nej till att finnas med här. Den som sade nej kan ångra det med länken i "
    "sitt brev."
)


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody as a form or a list tells her; the address in lower case."""

    name: str
    email: str


def known_here(session: Session, collaboration_id: int, email: str) -> int | None:
    """The person with that address, if she is known in the collaboration."""
    asked = select(c(Person).id).where(
        c(Person).email == email, c(Person).id.in_(known_in([collaboration_id]))
    )
    return session.execute(asked).scalar()


def who_declined(session: Session, collaboration_id: int) -> set[str]:
    """The addresses of those who have said no to the collaboration."""
    asked = (
        select(c(Person).email)
        .join(PersonKnown, c(PersonKnown).person_id == c(Person).id)
        .where(
            c(PersonKnown).collaboration_id == collaboration_id,
            c(PersonKnown).declined_at.is_not(None),
        )
    )
    return set(session.execute(asked).scalars())


def take_on(
    session: Session,
    collaboration_id: int,
    people: Iterable[Typed],
    by: str,
    *,
    anew: bool = True,
) -> None:
    """Let people be known in a collaboration.

    0. One who had left, the installation or here, is back for what is here; unless `anew` is false.
    1. Put them on file, at home here, unless they are on file.
    2. Those at home elsewhere are known here by the name that was typed.
    3. That they are new is written down by whoever lets them (`note_new`, `filing.py`).
    """
    typed = list(people)
    if not typed:
        return
    numbers = new_numbers(session, len(typed))
    rows = [
        {"number": number, "name": one.name, "email": one.email}
        for number, one in zip(numbers, typed, strict=True)
    ]
    if anew:
        _let_begin(session, collaboration_id, rows)
    new = _insert(session)(METADATA.tables["person"]).values(
        id=bindparam("number"),
        name=bindparam("name"),
        email=bindparam("email"),
        unreachable_why="",
        home_collaboration_id=collaboration_id,
    )
    session.execute(new.on_conflict_do_nothing(index_elements=["email"]), rows)
    session.execute(_known(session, collaboration_id, by), _bound(rows))


def _let_begin(session: Session, collaboration_id: int, rows: list[dict[str, Any]]) -> None:
    """Forget last days of those who are not known here: what others ended stays ended there."""
    not_here = c(Person).id.not_in(known_in([collaboration_id]))
    for start in range(0, len(rows), _AT_A_TIME):
        emails = [row["email"] for row in rows[start : start + _AT_A_TIME]]
        theirs = c(Person).email.in_(emails), not_here
        end_with_last_day(session, and_(*theirs))
        had_left = update(Person).where(*theirs, c(Person).left_on.is_not(None))
        of_them = c(PersonLeft).person_id.in_(select(c(Person).id).where(*theirs))
        here = delete(PersonLeft).where(c(PersonLeft).collaboration_id == collaboration_id, of_them)
        for statement in (had_left.values(left_on=None), here):
            session.execute(statement.execution_options(synchronize_session=False))


def note_new(session: Session, collaboration_id: int, one: Typed, by: str, *, today: date) -> None:
    """Write down that somebody is new here: the same for one who is on file elsewhere."""
    words = f"Ny person: {one.name}, {one.email}."
    her = select(
        c(Person).id,
        literal(collaboration_id),
        literal(today),
        literal(clock.now(), c(RegisterNote).at.type),
        literal(by),
        literal(words),
    ).where(c(Person).email == one.email)
    columns = ["person_id", "collaboration_id", "on_day", "at", "by", "words"]
    session.execute(insert(METADATA.tables["register_note"]).from_select(columns, her))


def _known(session: Session, collaboration_id: int, by: str) -> Any:  # noqa: ANN401 - a statement
    known = c(PersonKnown)
    elsewhere = select(
        c(Person).id,
        literal(collaboration_id),
        bindparam("typed", type_=known.name.type),
        literal(clock.now(), known.since.type),
        literal(by),
    ).where(
        c(Person).email == bindparam("address"),
        c(Person).home_collaboration_id.is_distinct_from(collaboration_id),
    )
    columns = ["person_id", "collaboration_id", "name", "since", "by"]
    rows = _insert(session)(METADATA.tables["person_known"]).from_select(columns, elsewhere)
    return rows.on_conflict_do_nothing()


def _bound(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"typed": row["name"], "address": row["email"]} for row in rows]


def _insert(session: Session) -> Any:  # noqa: ANN401 - either database's own
    """INSERT … ON CONFLICT, in the words of the database at hand."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
