"""The word to somebody whom another collaboration has taken on: who did, and how to say no.

A part of her letter, decided in the morning round, so that taking her on costs the same as taking
on somebody new.
"""

from datetime import date
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from config import clock
from models.alone import alone
from models.columns import c
from models.group import Collaboration
from models.known import PersonKnown
from models.letter_kinds import LetterKind
from models.person import Person
from notifications.letters import frame, parts
from notifications.outbox import Words
from rules import marks
from templates import render

KIND = LetterKind.TAKEN_ON


def write(session: Session, today: date) -> int:
    """Put a part on file for each that has not been told; how many.

    Who cannot be reached waits. One that cannot be written is logged and tried the next morning,
    and stops no other.
    """
    rows = session.execute(
        select(
            c(PersonKnown).id,
            c(PersonKnown).person_id,
            c(PersonKnown).name,
            c(PersonKnown).by,
            c(PersonKnown).collaboration_id,
            c(Collaboration).name.label("area"),
        )
        .join(Person, c(Person).id == c(PersonKnown).person_id)
        .join(Collaboration, c(Collaboration).id == c(PersonKnown).collaboration_id)
        .where(
            c(PersonKnown).told_at.is_(None),
            c(PersonKnown).declined_at.is_(None),
            c(Person).unreachable_since.is_(None),
            or_(c(Person).left_on.is_(None), c(Person).left_on >= today),
        )
        .order_by(c(PersonKnown).id)
    ).all()
    written = 0
    for row in rows:
        area = row.collaboration_id
        with alone("Brevet om att någon lagts till,", row.name, session, collaboration_id=area):
            _write(session, row, today)
            written += 1
    return written


def _write(session: Session, row: Any, today: date) -> None:  # noqa: ANN401
    values = {
        "leads": frame.signers(session, today).get(row.collaboration_id),
        "area": row.area,
        "by": row.by,
        "name": row.name,
        "link": marks.mark(marks.OWN),
    }
    words = Words(
        f"{row.area} har lagt till dig",
        render("mail/taken_on/text.txt", **values),
        render("mail/taken_on/html.html", **values),
    )
    parts.add(
        session,
        row.person_id,
        KIND,
        words,
        today=today,
        occasion=f"{row.collaboration_id} {row.id}",  # of no collaboration: it tells her own name
        leads_to=[marks.OWN],
    )
    session.execute(
        update(PersonKnown).where(c(PersonKnown).id == row.id).values(told_at=clock.now())
    )
