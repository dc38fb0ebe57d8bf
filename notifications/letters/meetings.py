"""A meeting's letters to a group's members: what it is to take up, and what it came to.

Somebody presses a button for each, after having seen it; so it goes beside the day's letter. The
words and the files are handed in: what an agenda or minutes hold is `reports/`'s. Who is in the
group and cannot be reached is told, for whoever presses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.group import Group
from models.known import called, name_in, names_in
from models.letter import Letter
from models.letter_kinds import LetterKind
from models.meeting import occasion_of
from models.person import Person, RoleHolding
from notifications.letters import frame
from notifications.letters.reports import members
from notifications.outbox import Enclosed, Words, queue
from rules.wording import alphabetically
from templates import render

AGENDA, MINUTES = LetterKind.AGENDA, LetterKind.MINUTES


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter about a meeting says: its subject, a sentence, and lines under headings."""

    group_id: int
    subject: str
    lead: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    address: str  # of the meeting's page
    link: str
    mark: str  # of what it says: the same is sent to nobody twice on one day
    meeting_id: int


@dataclass(frozen=True, slots=True)
class Whom:
    """The people of a group: who gets a letter, and those at home there who cannot be reached."""

    readers: dict[int, str]
    unreached: tuple[str, ...]


def whom(session: Session, group_id: int, today: date) -> Whom:
    """Who is in the group today."""
    found = members(session, [group_id], today).get(group_id, [])
    area = session.get_one(Group, group_id).collaboration_id
    h, home = c(RoleHolding), c(Person).home_collaboration_id
    rows = session.execute(
        select(h.person_id, called(area))
        .join(Person, c(Person).id == h.person_id)
        .where(
            h.group_id == group_id,
            h.person_id.not_in(found),
            h.starts_on.is_(None) | (h.starts_on <= today),
            h.ends_on.is_(None) | (h.ends_on >= today),
            c(Person).left_on.is_(None) | (c(Person).left_on >= today),
            home.is_(None) | (home == area),  # a dead address is told at home alone
        )
        .distinct()
    ).all()
    names = names_in(session, area, found)
    return Whom(
        dict(sorted(names.items(), key=lambda one: alphabetically(one[1]))),
        tuple(sorted((str(name) for _, name in rows), key=alphabetically)),
    )


def words_to(
    session: Session, settings: Settings, kind: LetterKind, told: Told, person_id: int, today: date
) -> Words:
    """The letter as somebody in the group gets it."""
    area = session.get_one(Group, told.group_id).collaboration_id
    values = {
        "told": told,
        "name": name_in(session, area, person_id),
        "signer": frame.signers(session, today).get(area),
        "organisation": settings.organisation,
    }
    reference = frame.reference(person_id, f"{kind} {told.meeting_id}", today)
    return Words(
        f"{told.subject} [{reference}]",
        render("mail/meeting/text.txt", **values),
        render("mail/meeting/html.html", **values),
    )


def send(
    session: Session,
    settings: Settings,
    kind: LetterKind,
    told: Told,
    enclosed: Sequence[Enclosed],
    today: date,
) -> int:
    """Queue it to everybody in the group who can be reached; to how many.

    In the transaction of whoever presses. Who has had the very same today is passed by.
    """
    area = session.get_one(Group, told.group_id).collaboration_id
    signer = frame.signers(session, today).get(area)
    queued = 0
    for person_id, name in whom(session, told.group_id, today).readers.items():
        letter = queue(
            session,
            settings,
            person_id,
            kind,
            words_to(session, settings, kind, told, person_id, today),
            today=today,
            occasion=occasion_of(told.meeting_id) + told.mark,
            enclosed=enclosed,
            to_name=name,
            signer=signer,
        )
        queued += letter is not None
    return queued


def sent_on(session: Session, kind: LetterKind, meeting_id: int) -> date | None:
    """The last day that somebody had such a letter about a meeting put in the outbox."""
    row = c(Letter)
    asked = select(func.max(row.on_day)).where(
        row.kind == kind, row.occasion.startswith(occasion_of(meeting_id), autoescape=True)
    )
    return session.execute(asked).scalar()
