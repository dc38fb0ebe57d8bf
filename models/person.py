"""People, and the dated roles they hold in groups. A person who left keeps history."""

import secrets
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Index,
    UniqueConstraint,
    bindparam,
    false,
    select,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from models.columns import Moment, c
from models.database import ask

_NUMBERS = 900_000_000  # as many as have nine digits, which an address has room for
_AT_A_TIME = 5000  # numbers in a question


def new_numbers(session: Session, how_many: int) -> list[int]:
    """Numbers for those who are taken on file: drawn, since they stand in addresses.

    Numbers in a row would tell whoever adds a person how many are on file elsewhere, and whether
    the one that she added was on file before her. Of ten thousand two are the same one time in
    twenty, so what has been drawn, or is somebody's, is drawn anew.
    """
    drawn: set[int] = set()
    while len(drawn) < how_many:
        more = {_drawn() for _ in range(how_many - len(drawn))}
        drawn |= more - _of_somebody(session, sorted(more))
    return list(drawn)


def _drawn() -> int:
    return 100_000_000 + secrets.randbelow(_NUMBERS)


def _of_somebody(session: Session, numbers: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(numbers), _AT_A_TIME):
        some = numbers[start : start + _AT_A_TIME]
        found.update(session.execute(select(c(Person).id).where(c(Person).id.in_(some))).scalars())
    return found


class Role(StrEnum):
    """Roles that Följsam itself knows what to do with. Any other word is kept as it is written."""

    CHAIR = "ordförande"
    DEPUTY = "vice ordförande"
    PROCESS_LEADER = "processledare"
    MEMBER = "ledamot"


class Person(SQLModel, table=True):
    """Somebody who can be written to. One row per address, which is kept in lower case.

    `left_on` is the last day of somebody who has left; what she was and did stays on file. Name,
    address, last day and links are hers and her home collaboration's (None: the administrators').
    `proved_at` is when somebody first used what was sent to the address, and so showed that it is
    hers. The telephone is her own to give; a process leader's stands in letters. `weekly_since` is
    the day she chose letters once a week; None when they come each day that there is something.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str
    unreachable_since: datetime | None = Field(default=None, sa_type=Moment)
    unreachable_why: str = ""
    left_on: date | None = None
    home_collaboration_id: int | None = Field(
        default=None, foreign_key="collaboration.id", index=True
    )
    proved_at: datetime | None = Field(default=None, sa_type=Moment)
    telephone: str = Field(default="", sa_column_kwargs={"server_default": ""})  # in letters
    weekly_since: date | None = None


class RoleHolding(SQLModel, table=True):
    """A person holds a role in a group, from a day to a day (None: no known end)."""

    __tablename__ = "role_holding"
    __table_args__ = (
        # Two holdings with an unknown first day are the same: NULL must not make them differ.
        Index(
            "uq_role_holding",
            "person_id",
            "group_id",
            "role",
            text("coalesce(starts_on, '0001-01-01')"),
            unique=True,
        ),
        CheckConstraint("length(trim(role)) > 0", name="has_role"),
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    group_id: int = Field(foreign_key="groups.id", index=True)
    role: str
    starts_on: date | None = None
    ends_on: date | None = None
    # It ended because she left, and what its last day was before: who had not left has it again.
    ended_by_leaving: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    ends_on_before: date | None = None


def proved(session: Session, person_id: int, now: datetime) -> None:
    """Somebody used what was sent to her address: it is hers, and no leader's to correct."""
    ask(session, _PROVED, person_id=person_id, now=now)


_PROVED = (
    update(Person)
    .where(c(Person).id == bindparam("person_id"), c(Person).proved_at.is_(None))
    .values(proved_at=bindparam("now"))
)
