"""A comment about an activity -> a row, or sentences that refuse it; and taking it back.

Anything is refused before something is written: the words, the address and the file are saved
together or not at all.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import Session

from config import clock
from intake.attachments import Attached
from intake.lives.moves import area_of
from intake.personnummer import holds, refusal
from models.activity import Activity
from models.columns import c
from models.comment import Comment, CommentFile
from models.database import Turns, take_turns
from models.group import Group
from models.moves import Mover, Refused
from models.refusal import at
from rules.comments import problems

BY_LINK_IN_A_DAY = 40
MEGABYTE = 1024 * 1024
_MOST_MB = 500  # where nobody says: as the setting `max_attached_mb` does
_ENOUGH = "Så mycket som går har redan skrivits här i dag. Skriv i morgon, eller mejla."
NOT_THERE = "Kommentaren finns inte kvar, eller är redan tillbakatagen."


def read(given: Mapping[str, str]) -> dict[str, str]:
    """The fields of a comment, as they may be saved."""
    words = "\n".join(given.get("words", "").replace("\x00", "").splitlines()).strip()
    return {"words": words, "address": given.get("address", "").strip()}


def comment(
    session: Session,
    activity_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    attached: Attached | None = None,
    most_mb: int = _MOST_MB,
    link_id: int | None = None,
) -> int:
    """Save a comment; its number. Raises `Refused` with every sentence, and saves nothing.

    A collaboration keeps `most_mb` megabytes of files: all share one database. The same once more
    by the same person right after is the first one: buttons are tapped twice.
    """
    said = read(given)
    wrong = problems(**said, may_attach=link_id is None, has_file=attached is not None)
    wrong += [at(name, refusal(words)) for name, words in said.items() if holds(words)]
    if (
        not wrong
        and link_id is not None
        and _written_today(session, mover, today) >= (BY_LINK_IN_A_DAY)
    ):
        wrong.append(_ENOUGH)
    if wrong:
        raise Refused(wrong)
    again = _already(session, activity_id, said, mover, attached)
    if again is not None:
        return again
    if attached is not None:
        _ask_for_room(session, activity_id, len(attached.content), most_mb)
    row = Comment(
        activity_id=activity_id,
        at=clock.now(),
        on_day=today,
        by=mover.name or "processledaren",
        person_id=mover.person_id,
        link_id=link_id,
        words=said["words"],
        address=said["address"],
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    if attached is not None:
        _attach(session, row.id, attached)
    return row.id


def _ask_for_room(session: Session, activity_id: int, size: int, most_mb: int) -> None:
    """Raise `Refused` when the collaboration has no room for another file of that size."""
    area = area_of(session, activity_id)
    assert area is not None
    take_turns(session, Turns.FILES)  # two at once must not both take the last room
    kept = select(func.coalesce(func.sum(c(CommentFile).size), 0)).where(
        c(CommentFile).comment_id == c(Comment).id,
        c(Activity).id == c(Comment).activity_id,
        c(Group).id == c(Activity).group_id,
        c(Group).collaboration_id == area,
    )
    if session.execute(kept).scalar_one() + size > most_mb * MEGABYTE:
        told = (
            f"Samverkan har plats för {most_mb} MB bifogade filer, och den här får inte plats. Ta "
            "tillbaka någon som inte behövs, eller lägg filen där ni brukar lägga stora filer och "
            "skriv adressen i stället."
        )
        raise Refused([at("file", told)])


def _attach(session: Session, comment_id: int, file: Attached) -> None:
    session.execute(
        insert(CommentFile).values(
            comment_id=comment_id,
            name=file.name,
            kind=file.kind,
            size=len(file.content),
            sha256=file.sha256,
            content=file.content,
        )
    )


def _written_today(session: Session, mover: Mover, today: date) -> int:
    row = c(Comment)
    asked = select(func.count()).where(row.person_id == mover.person_id, row.on_day == today)
    return int(session.execute(asked).scalar_one())


def _already(
    session: Session,
    activity_id: int,
    said: Mapping[str, str],
    mover: Mover,
    file: Attached | None,
) -> int | None:
    """The newest comment about it, where that is the very same by the same person."""
    row = c(Comment)
    newest: Any = session.execute(
        select(*row, c(CommentFile).sha256)
        .outerjoin(CommentFile, c(CommentFile).comment_id == row.id)
        .where(row.activity_id == activity_id)
        .order_by(row.id.desc())
        .limit(1)
    ).first()
    if newest is None or newest.taken_back_on is not None or newest.person_id != mover.person_id:
        return None
    same = (newest.words, newest.address) == (said["words"], said["address"])
    return newest.id if same and newest.sha256 == (file.sha256 if file else None) else None


def take_back(
    session: Session,
    activity_id: int,
    comment_id: int,
    mover: Mover,
    *,
    today: date,
    only_own: bool = False,
) -> None:
    """Take a comment back: its words, address and file are gone, and it tells that it was there.

    Raises `Refused` when there is none such, or it is another's and only her own are hers.
    """
    row = c(Comment)
    which = [row.id == comment_id, row.activity_id == activity_id, row.taken_back_on.is_(None)]
    if only_own:
        which.append(row.person_id == mover.person_id)
    done: Any = session.execute(
        update(Comment)
        .where(*which)
        .values(
            taken_back_on=today,
            taken_back_by=mover.name or "processledaren",
            words="",
            address="",
        )
    )
    if not done.rowcount:
        raise Refused([NOT_THERE])
    session.execute(delete(CommentFile).where(c(CommentFile).comment_id == comment_id))
