"""The morning's letter: one to each person a day with everything in it.

What is owed is gathered by `owed.py`; that a busy installation is not held up meanwhile is
`in_turns.py`; sending is the postman's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlmodel import Session

from config import clock
from config.policy import Policy
from config.settings import Settings
from models.alone import alone
from models.columns import c
from models.database import Turns, take_turns
from models.known import at_home, several_collaborations, typed_elsewhere
from models.letter import Attachment, Letter, LetterItem, LetterState, Link, Notice
from models.person import Person
from models.status import Says
from notifications import feeds
from notifications.calendar_days import entries_of
from notifications.letters import frame
from notifications.letters.items import Item, Owed, Weight, as_what, told_once
from notifications.letters.owed import drop_outdated, gather, in_steps
from notifications.outbox import Words, message_id
from rules import marks
from rules.calendar import working_day_after
from rules.personnummer import masked
from rules.wording import capitalised, counted, short_day, shortened
from templates import render

KIND = "morning"
_TAPPED = 5  # activities in a letter that has their answers as links
_IN_A_LIST = 46  # characters of a subject that a telephone shows
_ALONE = 100  # and of a single activity's name: more is for the letter
_TAPS = {
    Says.ON_TRACK: "Enligt plan",
    Says.LATE: "Försenat",
    Says.DONE: "Klart",
    Says.NOT_ME: "Inte jag",
}
WEEKLY = "weekly"  # the process leader's; whoever has had it today has had the day's letter


@dataclass(slots=True)
class Result:
    """What became of the notices: ids of letters, and notices that nobody could be asked about."""

    letter_ids: list[int] = field(default_factory=list)
    items: int = 0
    without_reader: int = 0
    outdated: int = 0
    tomorrow: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """The letters of a morning, made and not yet queued. Who has no `words`: hers failed."""

    owed: Owed
    people: dict[int, tuple[str, str]]  # name and address
    replies: dict[int, str]  # by collaboration, where Reply goes
    words: dict[int, Words]
    # By collaboration, whose name they are sent in.
    signers: dict[int, frame.Signer] = field(default_factory=dict)


def write(session: Session, settings: Settings, policy: Policy, today: date) -> Result:
    """Write the morning's letters for every notice that has not been written about.

    1. Take the lock: two rounds at once write one after the other.
    2. Drop notices that no longer hold (the day was changed, the activity moved on).
    3. Find who answers for each activity today; leave a notice waiting when nobody does.
    4. Gather by person. Somebody who has had today's letter gets the rest tomorrow.
    5. Make links, queue, and mark the notices written: all in this transaction. A letter that
       cannot be made is set aside, and what stands in no other waits for the next round.

    `in_turns.py` does the same piece by piece, for an installation that others write in meanwhile.
    """
    take_turns(session, Turns.LETTERS)
    result = Result(outdated=drop_outdated(session, today))
    planned = plan(session, settings, policy, today)
    result.without_reader, result.tomorrow = planned.owed.without_reader, planned.owed.tomorrow
    queue(session, settings, today, planned, planned.owed.by_person, result)
    let_rest(session, planned, today)
    return result


def plan(
    session: Session,
    settings: Settings,
    policy: Policy,
    today: date,
    had_today: set[int] | None = None,
) -> Planned:
    """Gather what is owed and make each letter's words. Reads, and changes nothing.

    Who has had the day's letter waits; `had_today` says otherwise where somebody asks for it.
    """
    had = written_to(session, today) if had_today is None else had_today
    owed = gather(session, settings, today, had)
    known_as = _known_as(session, owed.by_person)
    people = _people(session, owed.by_person, known_as)
    words: dict[int, Words] = {}
    signers = frame.signers(session, today)
    for person_id, items in owed.by_person.items():
        name, area = people[person_id][0], items[0].collaboration_id
        told_as = known_as.get((area, person_id), name)  # whose area is told when it fails
        with alone("Morgonens brev till", told_as, collaboration_id=area or None):
            words[person_id] = _words(settings, policy, name, items, today, signers.get(area))
    replies = frame.replies_to(settings, session, today)
    return Planned(owed, people, replies, words, signers)


def queue(
    session: Session,
    settings: Settings,
    today: date,
    planned: Planned,
    whom: Iterable[int],
    result: Result,
    occasion: str = "",
) -> None:
    """Queue the letters of some people, and mark the notices in them written."""
    written = [person_id for person_id in whom if person_id in planned.words]
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
            _row(settings, today, planned, person_id, link_id) | {"occasion": occasion}
            for link_id, person_id in links
        ],
    ).all()
    by_person = planned.owed.by_person
    items = [
        {"letter_id": letter_id, "notice_id": notice_id, "via": item.via}
        for letter_id, person_id in queued
        for item in by_person[person_id]
        for notice_id in item.notice_ids
    ]
    session.execute(insert(LetterItem), items)
    _mark(session, sorted({row["notice_id"] for row in items}), written_on=today)
    _enclose_calendars(session, settings, queued, by_person)
    result.letter_ids += [letter_id for letter_id, _ in queued]
    result.items += sum(len(by_person[person_id]) for _, person_id in queued)


def let_rest(session: Session, planned: Planned, today: date) -> None:
    """Silences that there is nobody new to tell of are done with."""
    _mark(session, planned.owed.nobody_left, written_on=today, settled_on=today)


def _row(
    settings: Settings, today: date, planned: Planned, person_id: int, link_id: int
) -> dict[str, Any]:
    """A letter as it is put on file."""
    (name, email), words, now = planned.people[person_id], planned.words[person_id], clock.now()
    area = planned.owed.by_person[person_id][0].collaboration_id
    signer = planned.signers.get(area)
    return {
        "person_id": person_id,
        "link_id": link_id,
        "kind": KIND,
        "on_day": today,
        "to_name": masked(name),
        "to_address": email,
        "subject": f"{words.subject} [{frame.reference(person_id, KIND, today)}]",
        "text": words.text,
        "html": words.html,
        "leads_to": marks.ANSWER,
        "message_id": message_id(settings),
        "reply_to": planned.replies.get(area, ""),
        "from_name": masked(signer.sender) if signer else "",
        "queued_at": now,
        "not_before": now,
        "state": LetterState.QUEUED,
    }


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


def _words(
    settings: Settings,
    policy: Policy,
    name: str,
    items: Sequence[Item],
    today: date,
    signer: frame.Signer | None = None,
) -> Words:
    """Subject, plain text and HTML of the morning letter; the two bodies say the same."""
    asked = [item for item in items if item.weight < Weight.LACKING]
    shown = [*asked[: policy.most_items], *items[len(asked) :]]  # what is told stands last
    in_time = working_day_after(policy, today, policy.escalation.chair)
    answer_by = min((item.answer_by(today, in_time) for item in asked), default=in_time)
    subject, once = _subject(asked, items, answer_by), _as_what(asked)
    values = {
        "name": name,
        "sections": _sections(shown, once),
        "subject": subject,
        "left_out": len(items) - len(shown),
        "total": sum(item.many for item in asked),
        "own": sum(item.many for item in asked if item.weight is not Weight.SILENT),
        "lacking": any(item.weight is Weight.LACKING for item in items),
        "silent": sum(item.weight is Weight.SILENT for item in asked),
        "link": marks.mark(marks.ANSWER),
        "all": _all_at_once(asked),
        "choices": _choices(asked),
        "answer_by": answer_by,
        "days": settings.link_days,
        "organisation": settings.organisation,
        "signer": signer,
        "preheader": _preheader(asked, items),
        "once": once,
        "today": today,
        "grave": (Weight.SILENT, Weight.OVERDUE),
    }
    return Words(
        subject,
        render("mail/morning/text.txt", **values),
        render("mail/morning/html.html", **values),
    )


_HEADINGS = {
    Weight.SILENT: "Ingen har svarat",
    Weight.OVERDUE: "Dagen har passerat",
    Weight.COMING: "Kommer snart",
    Weight.LACKING: "Behöver kompletteras",
    Weight.TOLD: "Att känna till",
}


def _subject(asked: Sequence[Item], items: Sequence[Item], answer_by: date) -> str:
    """The day to answer by, the first activity and how many more; or what the letter tells.

    A telephone shows some forty characters: a name is cut so that the number stands within them.
    """
    if asked:
        head, what = f"Svara senast {short_day(answer_by)}: ", masked(asked[0].what)
        others = sum(item.many for item in asked[1:])
        more = f" +{others}" if others else ""
        room = _IN_A_LIST - len(head) - len(more) if more else _ALONE
        return f"{head}{shortened(what, room)}{more}"
    if len(items) == 1 or items[0].weight is Weight.LACKING:
        return masked(items[0].what)
    return f"{capitalised(counted(len(items), 'sak', 'saker'))} att känna till"


def _preheader(asked: Sequence[Item], items: Sequence[Item]) -> str:
    """What a list of letters shows after the subject: what the subject has no room for."""
    rows = asked or items
    others = [masked(item.what) for item in rows[1:4]]
    first = f"{rows[0].why[0]} " if rows and rows[0].why else ""
    return shortened(f"{first}{'Också: ' + ', '.join(others) if others else ''}".strip(), 140)


def _sections(shown: Sequence[Item], once: frozenset[str]) -> list[tuple[str, Any, Any, Any]]:
    """(heading, rows, what they have in common, what of them is said above), by weight."""
    found = []
    for weight, heading in _HEADINGS.items():
        rows = [item for item in shown if item.weight is weight]
        common = told_once(rows, once) if weight < Weight.LACKING else []
        if rows:
            found.append((heading, rows, common, once | frozenset(common)))
    return found


def _as_what(asked: Sequence[Item]) -> frozenset[str]:
    """As what she is asked, when it is the same for every question of the letter."""
    vias = {item.via for item in asked}
    return frozenset(as_what(via) for via in vias if via and len(vias) == 1 and len(asked) > 1)


def _all_at_once(items: Sequence[Item]) -> str:
    """Where a tap says that all to come goes as planned; "" where that is no answer."""
    coming = sum(item.weight is Weight.COMING for item in items)
    if coming < 2 or any(item.weight is Weight.SILENT for item in items):
        return ""
    return f"{marks.mark(marks.ANSWER)}?val=alla-{Says.ON_TRACK}"


def _choices(items: Sequence[Item]) -> dict[int, list[tuple[str, str]]]:
    """By activity the answers that a tap in the letter chooses; none in a long letter."""
    if len(items) > _TAPPED:
        return {}
    return {
        item.activity_id: [
            (words, f"{marks.mark(marks.ANSWER)}?val={item.activity_id}-{says}#a{item.activity_id}")
            for says, words in _TAPS.items()
        ]
        for item in items
        if item.activity_id is not None and item.many == 1
    }


def _people(
    session: Session,
    by_person: Mapping[int, Sequence[Item]],
    known_as: Mapping[tuple[int, int], str],
) -> dict[int, tuple[str, str]]:
    """Name and address by id: in a letter of one collaboration what it calls her, else her own."""
    asked = select(c(Person).id, at_home(), c(Person).email)
    found = {}
    for some in in_steps(list(by_person)):
        for id_, name, email in session.execute(asked.where(c(Person).id.in_(some))):
            areas = {item.collaboration_id for item in by_person[id_]}
            told_as = known_as.get((min(areas), id_), name) if len(areas) == 1 else name
            found[id_] = (told_as, email)
    return found


def _known_as(
    session: Session, by_person: Mapping[int, Sequence[Item]]
) -> dict[tuple[int, int], str]:
    """What collaborations call those who have letters, where it is not their own names."""
    if not several_collaborations(session):
        return {}
    found = {}
    for some in in_steps(list(by_person)):
        people = select(c(Person).id).where(c(Person).id.in_(some))
        for area, person_id, name in session.execute(typed_elsewhere(people)):
            found[area, person_id] = name
    return found


def written_to(session: Session, today: date) -> set[int]:
    """Who has had the day's letter."""
    had = select(c(Letter).person_id).where(
        c(Letter).on_day == today, c(Letter).kind.in_((KIND, WEEKLY))
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
