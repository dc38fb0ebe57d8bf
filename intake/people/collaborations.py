"""Collaborations as forms and the command change them: made, named, resting, ended.

Raises `Refused` with sentences. What rests is asked in `models/resting.py`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import or_, select
from sqlmodel import Session

from intake.forms import Reading
from intake.people.register import note
from models.columns import c
from models.database import Turns, take_turns
from models.group import Collaboration, CollaborationName
from models.moves import Mover, Refused
from models.refusal import at
from models.resting import CollaborationPause
from rules.look_alikes import skeleton, why_no_name, without_rings
from rules.wording import day_in_words

_NO_NAME = "Skriv vad samverkan heter."
_ANOTHER = "Välj ett annat namn."


def make_collaboration(
    session: Session, given: Mapping[str, str], mover: Mover, *, today: date
) -> int:
    """Make a collaboration with a name that reads as no other's. Returns its number."""
    reading = Reading(given, today, session)
    name, sender = _names(session, reading, None, knows_all=True)
    reading.done()
    row = Collaboration(name=name, sender_name=sender)
    session.add(row)
    session.flush()
    assert row.id is not None
    _note(session, row.id, f"Ny samverkan: {name}.", mover, today)
    return row.id


def change_collaboration(
    session: Session,
    number: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    knows_all: bool = False,
    installation: str = "",
) -> None:
    """Change its name, or what its letters say that they come from.

    `knows_all`: whoever asks administers, and may be told what others are called. `installation` is
    what the installation itself is called: whoever has that name gets what names no collaboration,
    so it is for an administrator to give.
    """
    reading = Reading(given, today, session)
    row = session.get_one(Collaboration, number, with_for_update=True)
    reserved = "" if knows_all else installation
    name, sender = _names(session, reading, row, knows_all=knows_all, reserved=reserved)
    reading.done()
    told = []
    if name != row.name:
        told.append(f"Namn: {row.name} blir {name}")
    if sender != row.sender_name:
        told.append(f"Avsändare i brev: {row.sender_name or row.name} blir {sender or name}")
    _leave_names(session, number, {row.name, row.sender_name} - {name, sender}, today)
    row.first_name = row.first_name or row.name
    row.name, row.sender_name = name, sender
    if told:
        _note(session, number, "; ".join(told), mover, today)


def pause_collaboration(
    session: Session, number: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Let it rest from a day, maybe to a day, for a reason: nothing of its goes out meanwhile."""
    reading = Reading(given, today, session)
    reason = reading.asked("reason", "Skriv varför samverkan vilar.")
    first = reading.day("first_day", coming=True) if reading.line("first_day") else today
    last = reading.day("last_day", last=True, coming=True)
    if first and first < today:
        reading.problems.append(at("first_day", "Vilan kan inte börja en dag som har varit."))
    if first and last and last < first:
        reading.problems.append(at("last_day", "Den sista dagen är före den första."))
    row = session.get_one(Collaboration, number, with_for_update=True)
    if row.ends_on is not None and row.ends_on < today:
        reading.problems.append(f"{row.name} är avslutad.")
    pause = c(CollaborationPause)
    meets = select(pause.id).where(
        pause.collaboration_id == number,
        or_(pause.last_day.is_(None), pause.last_day >= (first or today)),
        pause.first_day <= (last or date.max),
    )
    if first and session.execute(meets).first():
        reading.problems.append(at("first_day", "Samverkan vilar redan de dagarna."))
    reading.done()
    assert first is not None
    session.add(
        CollaborationPause(collaboration_id=number, first_day=first, last_day=last, reason=reason)
    )
    until = f" till {day_in_words(last)}" if last else ""
    _note(session, number, f"Vilar från {day_in_words(first)}{until}: {reason}", mover, today)


def resume_collaboration(session: Session, number: int, mover: Mover, *, today: date) -> None:
    """Let it go on from today. A rest that has not begun never does."""
    session.get_one(Collaboration, number, with_for_update=True)
    pause = pause_of(session, number, today)
    if pause is None:
        raise Refused(["Samverkan vilar inte. Läs in sidan igen."])
    if pause.first_day >= today:
        session.delete(pause)
    else:
        pause.last_day = today - timedelta(days=1)
    _note(session, number, "Samverkan är i gång igen.", mover, today)


def end_collaboration(
    session: Session, number: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Say its last day, today or later, and why. All that is on file stays and may be read."""
    reading = Reading(given, today, session)
    reason = reading.asked("reason", "Skriv varför samverkan avslutas.")
    last = reading.day("ends_on", last=True, coming=True) if reading.line("ends_on") else today
    if last and last < today:
        reading.problems.append(at("ends_on", "Den sista dagen kan inte ha varit redan."))
    row = session.get_one(Collaboration, number, with_for_update=True)
    if row.ends_on is not None:
        reading.problems.append(f"{row.name} har redan en sista dag. Läs in sidan igen.")
    reading.done()
    assert last is not None
    row.ends_on = last
    _note(session, number, f"Avslutas efter {day_in_words(last)}: {reason}", mover, today)


def take_back_end(session: Session, number: int, mover: Mover, *, today: date) -> None:
    """Let it go on after all, whether its last day has been or not."""
    row = session.get_one(Collaboration, number, with_for_update=True)
    if row.ends_on is None:
        raise Refused(["Samverkan har ingen sista dag. Läs in sidan igen."])
    row.ends_on = None
    _note(session, number, "Avslutet är taget tillbaka.", mover, today)


def pause_of(session: Session, number: int, today: date) -> CollaborationPause | None:
    """The rest that it is in, or is going to be in first."""
    return pauses(session, today).get(number)


def pauses(session: Session, today: date) -> dict[int, CollaborationPause]:
    """The same of every collaboration that has one."""
    pause = c(CollaborationPause)
    goes_on = or_(pause.last_day.is_(None), pause.last_day >= today)
    found = select(CollaborationPause).where(goes_on).order_by(pause.first_day.desc())
    return {row.collaboration_id: row for row in session.execute(found).scalars()}


def standing(ends_on: date | None, pause: CollaborationPause | None, today: date) -> str:
    """Where a collaboration is in its life, in words."""
    if ends_on is not None and ends_on < today:
        return f"Avslutad efter {day_in_words(ends_on)}"
    if pause is not None:
        until = f" till och med {day_in_words(pause.last_day)}" if pause.last_day else ""
        if pause.first_day <= today:
            return f"Vilar{until}"
        return f"I gång, vilar från {day_in_words(pause.first_day)}{until}"
    if ends_on is not None:
        return f"I gång, avslutas efter {day_in_words(ends_on)}"
    return "I gång"


def _names(
    session: Session,
    reading: Reading,
    row: Collaboration | None,
    *,
    knows_all: bool,
    reserved: str = "",
) -> tuple[str, str]:
    """Its name, and its name in letters. Neither may read as a name that another has, or has had.

    One transaction at a time gives names, so that two who choose the same are not both first. A
    name that is kept as it was is not asked about: it may be older than this. Whether a name may
    stand beside one that differs in rings and dots alone is an administrator's to say.
    """
    take_turns(session, Turns.NAMES)
    taken = _of_others(session, row)
    if reserved and skeleton(reserved) not in _own(row):
        taken.add(skeleton(reserved))
    name, sender = reading.asked("name", _NO_NAME), reading.line("sender_name")
    for field, words, before in (
        ("name", name, row.name if row else ""),
        ("sender_name", sender, row.sender_name if row else ""),
    ):
        if not words or words == before:
            continue
        if why := why_no_name(words):
            reading.problems.append(at(field, why))
        elif knows_all:
            if skeleton(words) in taken:
                reading.problems.append(at(field, _taken(words)))
        elif without_rings(skeleton(words)) in {without_rings(known) for known in taken}:
            reading.problems.append(at(field, _ANOTHER))
    return name, sender


def _own(row: Collaboration | None) -> set[str]:
    """What one's own names look like."""
    if row is None:
        return set()
    return {skeleton(known) for known in (row.name, row.first_name, row.sender_name) if known}


def _of_others(session: Session, row: Collaboration | None) -> set[str]:
    """What all names look like that others have, or have had: what was sent under one is theirs."""
    number = row.id if row is not None else 0
    area, had = c(Collaboration), c(CollaborationName)
    now = select(area.name, area.first_name, area.sender_name).where(area.id != number)
    before = select(had.name).where(had.collaboration_id != number)
    names = chain(*session.execute(now), session.execute(before).scalars())
    return {skeleton(known) for known in names if known}


def _leave_names(session: Session, number: int, names: set[str], today: date) -> None:
    """Keep what it is called no longer: no other may take it."""
    had = c(CollaborationName)
    kept = select(had.name).where(had.collaboration_id == number)
    for name in names - set(session.execute(kept).scalars()) - {""}:
        session.add(CollaborationName(collaboration_id=number, name=name, left_on=today))


def _taken(name: str) -> str:
    return f"Det finns redan en samverkan som heter {name}, eller så likt. {_ANOTHER}"


def _note(session: Session, number: int, words: str, mover: Mover, today: date) -> None:
    note(session, words, mover.name, today=today, collaboration_id=number)
