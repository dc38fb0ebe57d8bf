"""What somebody sees of a person, and as what she may change her.

In an installation with several collaborations every leader sees what is of those that she leads:
roles, activities, stand-ins, last day and links there, by the name that was typed. It is the same
for one at home there and one who is not, so that the page does not tell who is on file elsewhere,
and so that whoever types an address takes nothing from those who have it at home.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from config import clock
from intake.people.persons import By
from models.activity import Activity
from models.columns import c
from models.delegation import Delegation
from models.group import Collaboration, Group, RegisterNote
from models.known import (
    PersonKnown,
    called_by,
    collaborations_of,
    known_in,
    several_collaborations,
)
from models.left import last_day_in
from models.letter import Link
from models.organisation_identity import OrganisationIdentity
from models.person import Person
from models.reach_of_links import OpenLink, open_links_of
from models.register_change import RegisterChange
from notifications.directory import AnswersFor
from rules.wording import alphabetically
from web.page import viewer_of
from web.people.history import Entry, entries, notes


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as one viewer sees her; `areas` are the collaborations that let her."""

    person_id: int
    by: By
    areas: tuple[int, ...]
    whole: bool = False  # not of some among several: by an administrator, or where there is one

    @property
    def at_home(self) -> bool:
        """Does she see what is the person's and her home collaboration's?"""
        return self.by is not By.OTHER

    def has(self, collaboration_id: int | None) -> bool:
        """Does she see what is that collaboration's?"""
        return self.by is By.ADMINISTRATOR or collaboration_id in self.areas

    def name(self, session: Session) -> str:
        """What the person is called here."""
        areas = () if self.at_home else self.areas
        asked = select(called_by(areas)).where(c(Person).id == self.person_id)
        return str(session.execute(asked).scalar_one())

    def home(self, session: Session) -> str:
        """The name of her home, for administrators: to a leader it would tell who is elsewhere."""
        if self.by is not By.ADMINISTRATOR:
            return ""
        asked = (
            select(c(Collaboration).name)
            .join(Person, c(Person).home_collaboration_id == c(Collaboration).id)
            .where(c(Person).id == self.person_id)
        )
        return session.execute(asked).scalar() or ""

    def last_day(self, session: Session) -> date | None:
        """Her last day, where she is seen."""
        asked = select(c(Person).left_on).where(c(Person).id == self.person_id)
        anywhere = session.execute(asked).scalar() if self.at_home else None
        if self.by is By.ADMINISTRATOR:
            return anywhere
        return last_day_in(session, self.person_id, self.areas) or anywhere

    def links(self, session: Session, today: date) -> list[OpenLink]:
        """The links that still open what is seen of her; the newest first."""
        now, link = clock.now(), c(Link)
        if not self.whole:
            return open_links_of(session, self.person_id, self.areas, now, today)
        if not self.at_home:
            return []
        rows = session.execute(
            select(link.id, link.made_at, link.expires_at, link.session_id.is_not(None))
            .where(
                link.person_id == self.person_id,
                link.revoked_at.is_(None),
                link.expires_at > now,
            )
            .order_by(link.id.desc())
        )
        return [OpenLink(*row) for row in rows]

    def has_account(self, session: Session) -> bool:
        """Is she bound to an account at the organisation? An administrator may free her."""
        if self.by is not By.ADMINISTRATOR:
            return False
        bound = c(OrganisationIdentity)
        asked = select(bound.id).where(bound.person_id == self.person_id)
        return session.execute(asked).first() is not None

    def homes(self, session: Session) -> list[tuple[int, str]]:
        """The collaborations that an administrator can move her home to; none when there is one."""
        if self.by is not By.ADMINISTRATOR:
            return []
        rows = session.execute(select(c(Collaboration).id, c(Collaboration).name))
        found = sorted(((id_, name) for id_, name in rows), key=lambda row: alphabetically(row[1]))
        return found if len(found) > 1 else []

    def answering(self, session: Session, rows: list[AnswersFor]) -> list[AnswersFor]:
        """Of what she answers for, what is shown."""
        ours = self._activities(session, (row.activity_id for row in rows))
        return [row for row in rows if row.activity_id in ours]

    @property
    def told_of(self) -> tuple[int, ...] | None:
        """The collaborations that she is told of; None: all."""
        return None if self.by is By.ADMINISTRATOR else self.areas

    def hands_over_all(self, session: Session) -> bool:
        """Is "everything" all that the person has anywhere? Else it is all that is seen here.

        The same for everybody in an installation with several collaborations: what is offered of
        one who is known here alone must not differ from one who is known elsewhere too.
        """
        return self.by is By.ADMINISTRATOR or not several_collaborations(session)

    def delegations(self, session: Session, rows: Sequence[Any]) -> list[Any]:
        """Of the stand-ins, those about what is seen, between people who are known here."""
        if self.by is By.ADMINISTRATOR:
            return list(rows)
        others = select(c(Person).id).where(
            c(Person).id.in_([row.other_id for row in rows]), c(Person).id.in_(known_in(self.areas))
        )
        known = set(session.execute(others).scalars())
        rows = [row for row in rows if row.other_id in known]
        whole = self.all_is_seen(session)
        ours = self._activities(session, (row.activity_id for row in rows))
        groups = self._groups(session, (row.group_id for row in rows))
        return [
            row
            for row in rows
            if row.activity_id in ours
            or row.group_id in groups
            or (whole and row.activity_id is None and row.group_id is None)
        ]

    def notes(self, session: Session) -> list[Entry]:
        """What has happened, newest first: here, and what is hers alone where she is at home."""
        if self.by is By.ADMINISTRATOR:
            return notes(session, person_id=self.person_id)
        row = c(RegisterNote)
        ours = select(c(Group).id).where(c(Group).collaboration_id.in_(self.areas))
        mine: ColumnElement[bool] = row.group_id.in_(ours) | row.collaboration_id.in_(self.areas)
        if self.at_home:
            mine = mine | (row.group_id.is_(None) & row.collaboration_id.is_(None))
        told = entries(session, row.person_id == self.person_id, mine)
        others = self._for_others_to_take_back(session)
        found = [replace(one, key="") if one.change_id in others else one for one in told]
        return found if self.at_home else [*found, *self._taken_on(session)]

    def _for_others_to_take_back(self, session: Session) -> set[int]:
        """Of stand-ins for all that somebody has: what is not for whoever looks to take back.

        The same are ended here: what the person on the page has handed over, where all of it is
        seen, and to somebody who is known here.
        """
        d, change = c(Delegation), c(RegisterChange)
        rows = session.execute(
            select(
                change.id.label("change_id"),
                *(d.person_id, d.activity_id, d.group_id),
                d.delegate_id.label("other_id"),
            )
            .join(Delegation, d.id == change.delegation_id)
            .where((d.person_id == self.person_id) | (d.delegate_id == self.person_id))
            .where(d.activity_id.is_(None), d.group_id.is_(None))
        ).all()
        hers = [row for row in rows if row.person_id == self.person_id]
        may = {row.change_id for row in self.delegations(session, hers)}
        return {row.change_id for row in rows} - may

    def _taken_on(self, session: Session) -> list[Entry]:
        """That she was taken on, told as of somebody new; for notes of before it was written."""
        row, note = c(PersonKnown), c(RegisterNote)
        told = select(note.id).where(
            note.person_id == row.person_id,
            note.collaboration_id == row.collaboration_id,
            note.words.startswith("Ny person:"),
        )
        rows = session.execute(
            select(row.since, row.name, c(Person).email, row.by)
            .join(Person, c(Person).id == row.person_id)
            .where(row.person_id == self.person_id, row.collaboration_id.in_(self.areas))
            .where(~told.correlate(PersonKnown).exists())
        )
        return [
            Entry(clock.in_stockholm(since).date(), f"Ny person: {name}, {email}.", by)
            for since, name, email, by in rows
        ]

    def all_is_seen(self, session: Session) -> bool:
        """Is she known nowhere else?"""
        known = set(session.execute(collaborations_of(self.person_id)).scalars())
        return known <= set(self.areas)

    def _activities(self, session: Session, ids: Iterable[int | None]) -> set[int]:
        wanted = [id_ for id_ in ids if id_ is not None]
        if self.by is By.ADMINISTRATOR:
            return set(wanted)
        asked = (
            select(c(Activity).id)
            .join(Group, c(Group).id == c(Activity).group_id)
            .where(c(Activity).id.in_(wanted), c(Group).collaboration_id.in_(self.areas))
        )
        return set(session.execute(asked).scalars())

    def _groups(self, session: Session, ids: Iterable[int | None]) -> set[int]:
        wanted = [id_ for id_ in ids if id_ is not None]
        asked = select(c(Group).id).where(
            c(Group).id.in_(wanted), c(Group).collaboration_id.in_(self.areas)
        )
        return set(session.execute(asked).scalars())


def seen_by(session: Session, request: Request, person_id: int) -> Seen:
    """A person as the one who looks sees her."""
    viewer = viewer_of(request)
    areas = tuple(sorted(viewer.leads))
    if viewer.administrator:
        return Seen(person_id, By.ADMINISTRATOR, areas, whole=True)
    asked = select(c(Person).home_collaboration_id).where(c(Person).id == person_id)
    home = session.execute(asked).scalar()
    by = By.HOME if home in viewer.leads else By.OTHER
    return Seen(person_id, by, areas, whole=not several_collaborations(session))
