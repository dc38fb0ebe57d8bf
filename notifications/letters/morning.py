"""The day's letter: one to each person, over all collaborations, of everything that holds then.

What is owed is gathered by `owed.py` and `pieces.py`, and put together by `composed.py`. When it is
time is `notifications/release.py`'s; that a busy installation is not held up meanwhile is
`in_turns.py`'s; what was made and never went is made anew by `unsent.py`; sending is the postman's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, and_, insert, or_, select, update
from sqlmodel import Session

from config import clock
from config.policy import Policy
from config.settings import Settings
from models.alone import alone
from models.by_the_heap import put_all
from models.columns import c
from models.database import Turns, take_turns
from models.group import Collaboration, name_in_letters
from models.known import at_home, several_collaborations, typed_elsewhere
from models.letter import Attachment, Letter, LetterItem, LetterState, Link, Notice
from models.letter_kinds import LetterKind
from models.person import Person
from models.promises import promised
from notifications import feeds
from notifications.calendar_days import entries_of
from notifications.letters import frame, parts, unsent
from notifications.letters.composed import Areas, Made, compose
from notifications.letters.items import Item, Owed, number
from notifications.letters.owed import add_what_goes_along, drop_outdated, gather, in_steps
from notifications.letters.pieces import Pieces, pieces
from notifications.letters.readers import Readers, weekly
from notifications.outbox import message_id
from rules.calendar import Held, held
from rules.personnummer import masked

KIND = LetterKind.MORNING
_UNDER_WAY = (LetterState.QUEUED, LetterState.SENDING)


@dataclass(slots=True)
class Result:
    """What became of the notices: ids of letters, and notices that nobody could be asked about."""

    letter_ids: list[int] = field(default_factory=list)
    items: int = 0
    without_reader: int = 0
    outdated: int = 0
    tomorrow: int = 0
    gathered: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """The letters of a morning, made and not yet queued. Who is not in `made`: hers failed.

    `owed.by_person` holds everybody who has a letter, with no items where it is of parts alone.
    """

    owed: Owed
    people: dict[int, tuple[str, str]]  # name and address
    made: dict[int, Made]
    dropped: list[int] = field(default_factory=list)  # parts that hold no longer


def write(session: Session, settings: Settings, policy: Policy, today: date) -> Result:
    """Make the day's letters of every notice and part that waits.

    1. Take the lock: two rounds at once write one after the other.
    2. Take back earlier days' letters that have certainly not gone, and drop notices that no longer
       hold (the day was changed, the activity moved on).
    3. Find who answers for each activity today; leave a notice waiting when nobody does.
    4. Gather by person. Somebody who has had today's letter gets the rest tomorrow.
    5. Make links, queue, and mark the notices written: all in this transaction. A letter that
       cannot be made is set aside, and what stands in no other waits for the next round.

    `in_turns.py` does the same piece by piece, for an installation that others write in meanwhile.
    """
    take_turns(session, Turns.LETTERS)
    result = Result(outdated=begin(session, today))
    planned = plan(session, settings, policy, today)
    result.without_reader, result.tomorrow = planned.owed.without_reader, planned.owed.tomorrow
    result.gathered = planned.owed.gathered
    queue(session, settings, today, planned, planned.owed.by_person, result)
    let_rest(session, planned, today)
    return result


def begin(session: Session, today: date) -> int:
    """What comes before gathering; how many notices were found not to hold."""
    outdated = drop_outdated(session, today)
    if unsent.take_back(session, today):
        outdated += drop_outdated(session, today)
    return outdated


def plan(
    session: Session,
    settings: Settings,
    policy: Policy,
    today: date,
    had_today: set[int] | None = None,
    only: Collection[int] | None = None,
) -> Planned:
    """Gather what is owed and make each letter's words. Reads, and changes nothing.

    Who has had the day's letter waits, and what can wait for whoever has chosen one a week;
    `had_today` says otherwise where somebody asks for it, and then nothing is gathered. In quiet
    weeks of its own what is of a collaboration waits, but where `only` says what is asked for.
    `only`: of notices no others than these.
    """
    promises = promised(session, policy, today)
    waits = Held() if only is not None else held(promises)
    had, gathering = written_to(session, today), weekly(session, promises.usual)
    readers = Readers(promises, today, had, gathering, waits)
    if had_today is not None:
        readers = Readers(promises, today, had_today)
    owed = gather(session, settings, today, readers, only)
    beside = pieces(session, settings, policy, today, readers)
    owed.tomorrow += beside.tomorrow
    owed.gathered += beside.gathered
    for person_id in beside.by_person:
        owed.by_person.setdefault(person_id, [])
    add_what_goes_along(session, owed, today)
    whose = _whose(owed, beside)
    known_as = _known_as(session, owed.by_person)
    people = _people(session, whose, known_as)
    areas = Areas(
        _names(session),
        frame.replies_to(settings, session, today),
        frame.signers(session, today),
        frame.administering(session, today),
    )
    made: dict[int, Made] = {}
    for person_id, items in owed.by_person.items():
        (name, address), hers = people[person_id], beside.by_person.get(person_id, [])
        areas_of_hers = whose[person_id]
        # Whose leaders are told what it broke on: of a letter of several, administrators alone.
        area = min(areas_of_hers) if len(areas_of_hers) == 1 else 0
        told_as = known_as.get((area, person_id), name)
        if settings.reply_pattern and len(whose[person_id]) == 1:
            number(items, promises.usual.most_items)
        with alone("Dagens brev till", told_as, collaboration_id=area or None):
            made[person_id] = compose(
                *(settings, promises, name, items, hers, areas, today), address=address
            )
    return Planned(owed, people, made, beside.dropped)


def _whose(owed: Owed, beside: Pieces) -> dict[int, set[int]]:
    """The collaborations in each person's letter; 0 is of no one in particular."""
    return {
        person_id: {item.collaboration_id for item in items}
        | {piece.collaboration_id for piece in beside.by_person.get(person_id, ())}
        for person_id, items in owed.by_person.items()
    }


def queue(
    session: Session,
    settings: Settings,
    today: date,
    planned: Planned,
    whom: Iterable[int],
    result: Result,
    kind: LetterKind = KIND,
) -> None:
    """Queue the letters of some people, and mark the notices in them written."""
    written = [person_id for person_id in whom if person_id in planned.made]
    if not written:
        return
    now = clock.now()
    links = session.execute(
        insert(Link).returning(c(Link).id, c(Link).person_id, sort_by_parameter_order=True),
        [
            {"person_id": id_, "made_at": now, "expires_at": now + timedelta(settings.link_days)}
            for id_ in written
        ],
    ).all()
    queued = session.execute(
        insert(Letter).returning(c(Letter).id, c(Letter).person_id, sort_by_parameter_order=True),
        [
            _row(settings, today, planned, person_id, link_id) | {"kind": kind}
            for link_id, person_id in links
        ],
    ).all()
    put_in(session, settings, today, planned, queued)
    result.letter_ids += [letter_id for letter_id, _ in queued]
    result.items += sum(len(planned.owed.by_person[person_id]) for _, person_id in queued)


def put_in(
    session: Session,
    settings: Settings,
    today: date,
    planned: Planned,
    letters: Sequence[Row[Any]],
) -> None:
    """Note what stands in some letters, (id, person): notices, parts, and the calendar's file.

    What somebody else is to be told too goes on waiting for her; who has it is not told twice.
    """
    by_person = planned.owed.by_person
    told = {person_id for _, person_id in letters}
    waits = _notices_of(planned, by_person.keys() - told)
    items = [
        {
            "letter_id": letter_id,
            "notice_id": notice_id,
            "via": item.via,
            "number": item.number,
        }
        for letter_id, person_id in letters
        for item in by_person[person_id]
        for notice_id in item.notice_ids
    ]
    put_all(session, LetterItem, items)
    _mark(session, sorted(_notices_of(planned, told) - waits), written_on=today)
    for letter_id, person_id in letters:
        parts.stand_in(session, planned.made[person_id].part_ids, letter_id)
    _enclose_calendars(session, settings, letters, by_person)


def _notices_of(planned: Planned, people: Iterable[int]) -> set[int]:
    """What some people's letters are to tell of."""
    by_person = planned.owed.by_person
    return {
        notice_id
        for person_id in people
        for item in by_person[person_id]
        for notice_id in item.notice_ids
    }


def let_rest(session: Session, planned: Planned, today: date) -> None:
    """Silences that there is nobody new to tell of are done with, as is what holds no longer.

    So is what everybody has been told whom it is for.
    """
    _mark(session, planned.owed.nobody_left, written_on=today, settled_on=today)
    _mark(session, planned.owed.told_before, written_on=today)
    parts.drop(session, planned.dropped, today)


def as_written(settings: Settings, person_id: int, made: Made, today: date) -> dict[str, Any]:
    """What a letter says and whose it is, as columns: new each time that it is made."""
    now = clock.now()
    words = made.words
    return {
        "subject": f"{words.subject} [{frame.reference(person_id, KIND, today)}]",
        "text": words.text,
        "html": words.html,
        "leads_to": " ".join(made.leads_to),
        "from_name": made.from_name,
        "reply_to": made.reply_to,
        "takes_replies": made.takes_replies,
        "message_id": message_id(settings),
        "made_at": now,
    }


def _row(
    settings: Settings, today: date, planned: Planned, person_id: int, link_id: int
) -> dict[str, Any]:
    """A letter as it is put on file."""
    name, email = planned.people[person_id]
    return {
        "person_id": person_id,
        "link_id": link_id,
        "on_day": today,
        "to_name": masked(name),
        "to_address": email,
        "queued_at": clock.now(),
        "not_before": clock.now(),
        "state": LetterState.QUEUED,
    } | as_written(settings, person_id, planned.made[person_id], today)


def _enclose_calendars(
    session: Session,
    settings: Settings,
    queued: Sequence[Row[Any]],
    by_person: dict[int, list[Item]],
) -> None:
    """New deadlines go along as a calendar file: one for each letter that has any."""
    files = []
    for letter_id, person_id in queued:
        new = [
            item.activity_id
            for item in by_person[person_id]
            if item.new_deadline and item.activity_id is not None
        ]
        if not new:
            continue
        with alone("Kalenderfil till brev", str(letter_id), session):
            calendar = feeds.enclosed_calendar(entries_of(session, settings, new))
            if calendar:
                files.append({"letter_id": letter_id} | asdict(calendar))
    if files:
        session.execute(insert(Attachment), files)


def _people(
    session: Session,
    whose: Mapping[int, Collection[int]],
    known_as: Mapping[tuple[int, int], str],
) -> dict[int, tuple[str, str]]:
    """Name and address by id: in a letter of one collaboration what it calls her, else her own."""
    asked = select(c(Person).id, at_home(), c(Person).email)
    found = {}
    for some in in_steps(list(whose)):
        for id_, name, email in session.execute(asked.where(c(Person).id.in_(some))):
            areas = whose[id_]
            told_as = known_as.get((min(areas), id_), name) if len(areas) == 1 else name
            found[id_] = (told_as, email)
    return found


def _known_as(session: Session, people: Collection[int]) -> dict[tuple[int, int], str]:
    """What collaborations call those who have letters, where it is not their own names."""
    if not several_collaborations(session):
        return {}
    found = {}
    for some in in_steps(list(people)):
        asked = select(c(Person).id).where(c(Person).id.in_(some))
        for area, person_id, name in session.execute(typed_elsewhere(asked)):
            found[area, person_id] = name
    return found


def _names(session: Session) -> dict[int, str]:
    asked = select(c(Collaboration).id, name_in_letters())
    return dict(session.execute(asked).tuples().all())


def written_to(session: Session, today: date) -> set[int]:
    """Who has had the day's letter, or has an earlier one that may still come today."""
    had = select(c(Letter).person_id).where(
        c(Letter).kind == KIND,
        or_(
            c(Letter).on_day == today,
            c(Letter).went_on == today,
            and_(c(Letter).on_day < today, c(Letter).state.in_(_UNDER_WAY)),
        ),
    )
    return set(session.execute(had).scalars())


def _mark(session: Session, notice_ids: list[int], **values: date) -> None:
    for some in in_steps(notice_ids):
        session.execute(
            update(Notice)
            .where(c(Notice).id.in_(some))
            .values(values)
            .execution_options(synchronize_session=False)
        )
