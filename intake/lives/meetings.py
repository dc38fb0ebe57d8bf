"""What is written about a meeting: its own points, who was there, and what somebody is typing.

A meeting is on file when something is written about it; nobody has to enter its day first. Minutes
that were sent out hold these too, so nothing of them is changed afterwards.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlmodel import Session

from config import clock
from intake.people.register import note
from models.columns import c
from models.group import Group
from models.known import names_in
from models.meeting import (
    MeetingDraft,
    MeetingMinutes,
    MeetingPoint,
    MeetingPresent,
    hand_letters_over,
    occasion_of,
    occasion_of_day,
)
from models.moves import Mover, Refused
from models.person import Person, RoleHolding
from models.refusal import at
from models.status_round import Meeting, Occasion, StatusRound
from rules.span_words import not_a_day
from rules.swedish_dates import read_coming
from rules.wording import alphabetically, day_in_words

MOST_POINTS = 60
MOST_GUESTS = 60
LONGEST = 300  # characters of a point, and of a guest's name
LONGEST_OUTCOME = 4000
UP, DOWN = -1, 1
KEPT = timedelta(days=30)  # a draft
SENT = (
    "Protokollet är utskickat och ändras inte mer. Skriv rättelsen som en punkt på nästa möte i "
    "stället."
)


def meeting_on(session: Session, group_id: int, day: date) -> int:
    """The meeting of a group on a day, put on file if it is not there; nobody else changes it."""
    asked = select(c(Meeting).id).where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
    found = session.execute(asked.with_for_update()).scalar()
    if found is None:
        made = insert(Meeting).values(group_id=group_id, on_day=day).returning(c(Meeting).id)
        found = session.execute(made).scalar_one()
        # Taken out before and put back: what was sent about it was sent.
        hand_letters_over(session, occasion_of_day(group_id, day), occasion_of(found))
    return int(found)


def is_on_file(session: Session, group_id: int, day: date) -> bool:
    """Does the group meet that day? Nobody else moves the meeting meanwhile."""
    asked = select(c(Meeting).id).where(c(Meeting).group_id == group_id, c(Meeting).on_day == day)
    return session.execute(asked.with_for_update()).first() is not None


def open_meeting(session: Session, group_id: int, day: date) -> int:
    """The same, while its minutes may still change. Raises `Refused`."""
    meeting_id = meeting_on(session, group_id, day)
    if _is_sent(session, meeting_id):
        raise Refused([SENT])
    return meeting_id


def forget_days(session: Session, group_id: int, days: Collection[date]) -> None:
    """The group does not meet on these days after all.

    Raises `Refused` where something is written about one of them. What was sent about it is told
    of the day, since its number may be given to another meeting.
    """
    asked = select(c(Meeting).id, c(Meeting).on_day).where(
        c(Meeting).group_id == group_id, c(Meeting).on_day.in_(days)
    )
    there = dict(session.execute(asked.with_for_update()).tuples().all())
    ids = list(there)
    for table in (MeetingPoint, MeetingPresent, MeetingMinutes):
        written = select(c(table).id).where(c(table).meeting_id.in_(ids)).limit(1)
        if session.execute(written).first() is not None:
            told = (
                "Mötet har egna punkter, närvaro eller ett protokoll, så dagen står kvar. Ta bort "
                "punkterna och närvaron på mötets sida först."
            )
            raise Refused([at("days", told)])
    for id_, day in there.items():
        hand_letters_over(session, occasion_of(id_), occasion_of_day(group_id, day))
    session.execute(delete(Meeting).where(c(Meeting).id.in_(ids)))


def move_meeting(
    session: Session, group_id: int, day: date, words: str, mover: Mover, *, today: date
) -> date:
    """The group meets on another day; what is written about the meeting goes with it.

    So does the status round that was opened for it: nobody is asked once more because the day was
    moved, and its last day stays as its letters have told it. Raises `Refused`, also when there is
    no meeting that day: somebody else may have moved it meanwhile.
    """
    if not is_on_file(session, group_id, day):
        told = f"Gruppen har inget möte {day_in_words(day)}. Någon annan kan ha flyttat det."
        raise Refused([f"{told} Mötena står på gruppens sida under Möten."])
    meeting_id = open_meeting(session, group_id, day)
    if day < today:
        raise Refused(["Mötet har varit, så det flyttas inte. Rätta dagen där besluten står."])
    to = coming_day("to", words, today)
    if to == day:
        raise Refused([at("to", "Det är den dag som mötet redan har.")])
    taken = select(c(Meeting).id).where(c(Meeting).group_id == group_id, c(Meeting).on_day == to)
    if session.execute(taken).first() is not None:
        told = f"Gruppen har redan ett möte {day_in_words(to)}. Välj en annan dag."
        raise Refused([at("to", told)])
    session.execute(update(Meeting).where(c(Meeting).id == meeting_id).values(on_day=to))
    _move_round(session, group_id, day, to)
    told = f"Mötet {day_in_words(day)} flyttades till {day_in_words(to)}"
    note(session, told, mover.name, today=today, group_id=group_id)
    return to


def _move_round(session: Session, group_id: int, day: date, to: date) -> None:
    """A round that had been opened for the new day already is the one that counts."""
    round_ = c(StatusRound)
    of_meeting = (round_.group_id == group_id, round_.occasion == Occasion.MEETING)
    there = select(round_.id).where(*of_meeting, round_.occasion_on == to)
    if session.execute(there).first() is None:
        moved = update(StatusRound).where(*of_meeting, round_.occasion_on == day)
        session.execute(moved.values(occasion_on=to))


def coming_day(field: str, words: str, today: date) -> date:
    """The day of a meeting, in words: one day, that has not been. Raises `Refused`."""
    line = _one_line(words)
    if not line:
        raise Refused([at(field, "Skriv vilken dag.")])
    span = read_coming(line, today)
    if span.last is None or span.first != span.last:
        raise Refused([at(field, not_a_day(span, line))])
    if span.last < today:
        raise Refused([at(field, f"{line[:40]} har varit. Skriv i dag eller en senare dag.")])
    return span.last


def add_point(session: Session, meeting_id: int, title: str, mover: Mover) -> None:
    """Put a point of its own last on a meeting's agenda. Raises `Refused`."""
    title = _title(title)
    point = c(MeetingPoint)
    ours = select(func.count(), func.max(point.place)).where(point.meeting_id == meeting_id)
    number, last = session.execute(ours).one()
    if number >= MOST_POINTS:
        raise Refused([at("title", f"Högst {MOST_POINTS} egna punkter på ett möte.")])
    session.add(
        MeetingPoint(
            meeting_id=meeting_id,
            place=(last or 0) + 1,
            title=title,
            at=clock.now(),
            by=mover.name,
        )
    )


def change_point(
    session: Session, meeting_id: int, point_id: int, words: Mapping[str, str]
) -> None:
    """Write what a point is about, its paragraph and what it came to. Raises `Refused`."""
    outcome = words.get("outcome", "").replace("\x00", "").strip()
    if len(outcome) > LONGEST_OUTCOME:
        told = f"Skriv högst {LONGEST_OUTCOME} tecken. Nu är det {len(outcome)}."
        raise Refused([at("outcome", told)])
    changed = (
        update(MeetingPoint)
        .where(c(MeetingPoint).meeting_id == meeting_id, c(MeetingPoint).id == point_id)
        .values(
            title=_title(words.get("title", "")),
            reference=_one_line(words.get("reference", ""))[:LONGEST],
            outcome=outcome,
        )
    )
    session.execute(changed)


def remove_point(session: Session, meeting_id: int, point_id: int) -> None:
    """Take a point of its own off a meeting."""
    point = c(MeetingPoint)
    session.execute(
        delete(MeetingPoint).where(point.meeting_id == meeting_id, point.id == point_id)
    )


def shift_point(session: Session, meeting_id: int, point_id: int, step: int) -> None:
    """Let a point change places with the one before it (`UP`) or after it (`DOWN`), if any."""
    point = c(MeetingPoint)
    asked = select(point.id).where(point.meeting_id == meeting_id).order_by(point.place, point.id)
    order = list(session.execute(asked).scalars())
    if point_id not in order:
        return
    here = order.index(point_id)
    there = here + step
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for place, id_ in enumerate(order, 1):
        session.execute(update(MeetingPoint).where(point.id == id_).values(place=place))


def note_present(
    session: Session, meeting_id: int, members: Collection[int], guests: str, mover: Mover
) -> None:
    """Note who was there: members on file by their numbers, guests by name, one on each line.

    What was noted before is put aside. Who is neither a member that day nor noted already is left
    out. Raises `Refused`.
    """
    names = [_one_line(line) for line in guests.splitlines() if _one_line(line)]
    if len(names) > MOST_GUESTS:
        raise Refused([at("guests", f"Högst {MOST_GUESTS} gäster.")])
    if any(len(name) > LONGEST for name in names):
        raise Refused([at("guests", f"Skriv högst {LONGEST} tecken om varje gäst.")])
    meeting = session.get_one(Meeting, meeting_id)
    known = _noted(session, meeting_id) | members_on(session, meeting.group_id, meeting.on_day)
    row = c(MeetingPresent)
    session.execute(delete(MeetingPresent).where(row.meeting_id == meeting_id))
    told = {"meeting_id": meeting_id, "at": clock.now(), "by": mover.name}
    there = [
        {**told, "person_id": id_, "name": name} for id_, name in known.items() if id_ in members
    ]
    there += [{**told, "person_id": None, "name": name} for name in dict.fromkeys(names)]
    if there:
        session.execute(insert(MeetingPresent), there)


def members_on(session: Session, group_id: int, day: date) -> dict[int, str]:
    """Who holds any role in a group on a day, by number, as its collaboration calls them."""
    h = c(RoleHolding)
    asked = (
        select(h.person_id)
        .join(Person, c(Person).id == h.person_id)
        .where(
            h.group_id == group_id,
            h.starts_on.is_(None) | (h.starts_on <= day),
            h.ends_on.is_(None) | (h.ends_on >= day),
            c(Person).left_on.is_(None) | (c(Person).left_on >= day),
        )
        .distinct()
    )
    ids = list(session.execute(asked).scalars())
    area = session.get_one(Group, group_id).collaboration_id
    found = names_in(session, area, ids)
    return dict(sorted(found.items(), key=lambda one: alphabetically(one[1])))


def keep_draft(
    session: Session, group_id: int, mover: Mover, fields: Mapping[str, str], today: date
) -> None:
    """Keep what somebody has filled in at a group's meeting, in place of what was kept before."""
    drop_draft(session, group_id, mover)
    session.execute(delete(MeetingDraft).where(c(MeetingDraft).at < clock.now() - KEPT))
    filled = {name: words for name, words in fields.items() if words.strip()}
    if filled:
        session.add(
            MeetingDraft(
                group_id=group_id,
                person_id=mover.person_id,
                fields=filled,
                on_day=today,
                at=clock.now(),
            )
        )


def draft_of(session: Session, group_id: int, person_id: int | None) -> dict[str, str]:
    """What somebody had filled in when she left."""
    row = c(MeetingDraft)
    asked = select(row.fields).where(
        row.group_id == group_id, _is_hers(person_id), row.at >= clock.now() - KEPT
    )
    return dict(session.execute(asked).scalar() or {})


def drop_draft(session: Session, group_id: int, mover: Mover) -> None:
    """It was registered, or she does not want it."""
    row = c(MeetingDraft)
    session.execute(delete(MeetingDraft).where(row.group_id == group_id, _is_hers(mover.person_id)))


def _is_hers(person_id: int | None) -> ColumnElement[bool]:
    return c(MeetingDraft).person_id.is_not_distinct_from(person_id)


def _noted(session: Session, meeting_id: int) -> dict[int, str]:
    row = c(MeetingPresent)
    asked = select(row.person_id, row.name).where(
        row.meeting_id == meeting_id, row.person_id.is_not(None)
    )
    return {int(id_): name for id_, name in session.execute(asked)}


def _is_sent(session: Session, meeting_id: int) -> bool:
    row = c(MeetingMinutes)
    asked = select(row.id).where(row.meeting_id == meeting_id)
    return session.execute(asked).first() is not None


def _title(words: str) -> str:
    title = _one_line(words)
    if not title:
        raise Refused([at("title", "Skriv vad punkten handlar om.")])
    if len(title) > LONGEST:
        told = f"Skriv punkten med högst {LONGEST} tecken. Nu är det {len(title)}."
        raise Refused([at("title", told)])
    return title


def _one_line(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())
