"""The letter to somebody whom another collaboration has taken on: who did, and how to say no.

Written in the morning round, so that taking her on costs the same as taking on somebody new.
"""

from datetime import date
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.group import Collaboration
from models.known import PersonKnown
from models.person import Person
from notifications import links
from notifications.letters import frame
from notifications.outbox import Words, queue
from rules import marks
from templates import render

KIND = "taken-on"


def write(session: Session, settings: Settings, today: date) -> int:
    """Queue one letter for each that has not been told; how many.

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
            _write(session, settings, row, today)
            written += 1
    return written


def _write(session: Session, settings: Settings, row: Any, today: date) -> None:  # noqa: ANN401
    link_id = links.make(session, settings, row.person_id)
    values = {
        "area": row.area,
        "by": row.by,
        "name": row.name,
        "link": marks.mark(marks.OWN),
        "organisation": settings.organisation,
    }
    words = Words(
        f"{row.area} har lagt till dig",
        render("mail/taken_on/text.txt", **values),
        render("mail/taken_on/html.html", **values),
    )
    occasion = f"{row.collaboration_id} {row.id}"
    queue(
        session,
        settings,
        row.person_id,
        KIND,
        words,
        today=today,
        occasion=occasion,
        link_id=link_id,
        leads_to=[marks.OWN],
        signer=frame.signers(session, today).get(row.collaboration_id),
    )
    session.execute(
        update(PersonKnown).where(c(PersonKnown).id == row.id).values(told_at=clock.now())
    )
