"""The life of an activity as a timeline: moves, changes, answers and letters, newest first.

What was taken back stands there too, and says so: nothing else tells of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config.clock import in_stockholm
from intake.lives.entries import Kind
from intake.lives.registered import WAYS_IN_WORDS
from models.activity import Activity, Responsibility
from models.columns import c
from models.decision import Agreed, Change, Decision, MoveRow
from models.delegation import Delegation
from models.group import Group
from models.known import called, known_in, several_collaborations, signed
from models.letter import Letter, LetterItem, LetterState, Notice
from models.lifecycle import Move, State
from models.part import PartChange
from models.person import Person
from models.status import Settled, StatusAnswer, Way
from models.undoing import Undoing
from rules.wording import answer_in_words, capitalised, day_in_words, rung_reached, takes_over
from web.activities.conversation import Talk

AGREED_IN_WORDS = {
    Agreed.WHAT: "Vad",
    Agreed.HOW: "Hur",
    Agreed.FOLLOW_UP: "Uppföljning",
    Agreed.START: "Start",
    Agreed.DEADLINE: "Slutdatum",
    Agreed.RESPONSIBLE: "Ansvarig",
    Agreed.GOALS: "Mål",
    Agreed.TARGET_GROUPS: "Målgrupper",
    Agreed.FUNDING: "Medel",
    Agreed.PARTICIPANTS: "Deltar",
    Agreed.PROMISES: "Löften att redovisa",
    Agreed.GROUP: "Grupp",
    Agreed.REFERRED: "Hänskjuten till",
    Agreed.FIGURE: "Siffra för utfallet",
    Agreed.WHY_NO_FIGURE: "Varför siffra saknas",
    Agreed.RESULT: "Resultat",
    Agreed.KEPT_BY: "Förs vidare av",
}


CORRECTED = (Agreed.RESULT, Agreed.KEPT_BY)


def agreed_in_words(what: Agreed) -> str:
    """That something was agreed anew, or corrected: "Slutdatum ändrat"."""
    return f"{AGREED_IN_WORDS[what]} {'rättat' if what in CORRECTED else 'ändrat'}"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    day: date
    at: datetime
    what: str
    who: str = ""
    words: str = ""
    address: str = ""
    key: str = ""  # the entry that can be taken back, where one can
    undone: str = ""  # by whom and when it was taken back, and why


def timeline(session: Session, activity_id: int, beside: Sequence[Event] = ()) -> list[Event]:
    """Everything that happened to an activity, newest first, with what happened `beside` that.

    Only the newest line of an entry has its key: all of it is taken back together.
    """
    owner = select(c(Group).collaboration_id).join(Activity, c(Activity).group_id == c(Group).id)
    area = session.execute(owner.where(c(Activity).id == activity_id)).scalar_one()
    events = [*_moves(session, activity_id), *_answers(session, activity_id, area)]
    events += [*_changes(session, activity_id), *_letters(session, activity_id, area)]
    events += [*_parts(session, activity_id), *_stand_ins(session, activity_id, area), *beside]
    return _once(sorted(events, key=lambda event: (event.day, event.at), reverse=True))


def commented(talk: Talk) -> list[Event]:
    """That somebody wrote or attached something; what stands above in the page, with its words."""
    return [
        Event(
            one.on_day,
            one.at,
            "Kommentar och fil" if one.file_id else "Kommentar",
            one.by,
            address=f"#k{one.id}",
            undone=one.taken_back,
        )
        for one in talk.said
    ]


def _once(events: Sequence[Event]) -> list[Event]:
    """Each key at the first event that has it."""
    seen: set[str] = set()
    found = []
    for event in events:
        found.append(replace(event, key="") if event.key in seen else event)
        seen.add(event.key)
    return found


_UNDOING = (
    c(Undoing).by.label("undone_by"),
    c(Undoing).on_day.label("undone_on"),
    c(Undoing).reason.label("undone_why"),
)


def _key(row: Any, kind: Kind) -> str:  # noqa: ANN401 - a row
    """What the row is taken back by, while it stands."""
    if row.undone_on is not None:
        return ""
    return str(row.batch) if row.batch is not None else f"{kind.value}-{row.id}"


def _undone(row: Any) -> str:  # noqa: ANN401 - a row
    """ "Togs tillbaka av Frida Falk 3 mars 2024." and why, where that was told."""
    if row.undone_on is None:
        return ""
    return taken_back(row.undone_by, row.undone_on, row.undone_why)


def taken_back(by: str, day: date, why: str = "") -> str:
    """The sentence that says who took something back, when and why."""
    return _lines(f"Togs tillbaka av {by} {day_in_words(day)}.", why)


def _lines(*words: str) -> str:
    """One below the other; what is empty is left out."""
    return "\n".join(filter(None, words))


def _moves(session: Session, activity_id: int) -> list[Event]:
    rows = session.execute(
        select(
            *_UNDOING,
            c(MoveRow).id,
            c(MoveRow).batch,
            c(MoveRow).happened_on,
            c(MoveRow).registered_on,
            c(MoveRow).at,
            c(MoveRow).move,
            c(MoveRow).to_state,
            c(MoveRow).by,
            c(MoveRow).reason,
            c(MoveRow).details,
            c(Decision).reference,
            c(Decision).decided_on,
            c(Group).name.label("decider"),
        )
        .outerjoin(Decision, c(Decision).id == c(MoveRow).decision_id)
        .outerjoin(Group, c(Group).id == c(Decision).group_id)
        .outerjoin(Undoing, c(Undoing).id == c(MoveRow).undone_id)
        .where(c(MoveRow).activity_id == activity_id)
    )
    return [
        Event(
            row.happened_on,
            row.at,
            moved_in_words(row.move, row.to_state),
            row.by,
            _lines(_decided(row), row.reason, *_brought(row.details), _registered(row)),
            key=_key(row, Kind.MOVE),
            undone=_undone(row),
        )
        for row in rows
    ]


def _registered(row: Any) -> str:  # noqa: ANN401 - a row
    """When it was written down, if that was later than it happened."""
    later = row.registered_on > row.happened_on
    return f"Registrerat i efterhand {day_in_words(row.registered_on)}." if later else ""


_MOVED = {Move.PROLONG: "Pausen förlängd"}  # where the state that it leads to says too little


def moved_in_words(move: Move, to: State) -> str:
    """What a move made of it: "Beslutad"."""
    return _MOVED.get(move, capitalised(to.value))


def _known(session: Session, area: int) -> ColumnElement[bool]:
    """The condition that the activity's collaboration knows who stands in."""
    if not several_collaborations(session):
        return true()
    known: ColumnElement[bool] = c(Delegation).delegate_id.in_(known_in([area]))
    return known


def _stand_ins(session: Session, activity_id: int, area: int) -> list[Event]:
    """Who has answered in whose place: for the activity, or for all that a responsible answers for.

    Delegations of a role are told on the group's page.
    """
    person: Any = aliased(Person)
    delegate: Any = aliased(Person)
    row = c(Delegation)
    named = select(c(Responsibility).person_id).where(c(Responsibility).activity_id == activity_id)
    everything = and_(row.activity_id.is_(None), row.group_id.is_(None), row.person_id.in_(named))
    found = session.execute(
        select(
            row.at,
            signed(row.by, area, person).label("by"),
            row.first_day,
            row.last_day,
            row.ended_on,
            called(area, person).label("name"),
            called(area, delegate).label("delegate"),
        )
        .join(person, person.id == row.person_id)
        .join(delegate, delegate.id == row.delegate_id)
        .where(or_(row.activity_id == activity_id, everything), _known(session, area))
    )
    return [
        Event(
            in_stockholm(each.at).date(),
            each.at,
            f"{each.delegate} svarar i stället för {each.name}",
            each.by,
            f"{each.first_day} till {each.last_day}"
            + (f", avslutat {each.ended_on}" if each.ended_on else ""),
        )
        for each in found
    ]


_PART_WORDS = {
    "state": "Läge",
    "why": "Varför",
    "responsible": "Ansvarig",
    "deadline_text": "Slutdatum",
}


def _parts(session: Session, activity_id: int) -> list[Event]:
    """What happened to each part: only what differs from before."""
    rows = session.execute(
        select(
            *_UNDOING,
            c(PartChange).id,
            c(PartChange).batch,
            c(PartChange).on_day,
            c(PartChange).at,
            c(PartChange).by,
            c(PartChange).before,
            c(PartChange).after,
        )
        .outerjoin(Undoing, c(Undoing).id == c(PartChange).undone_id)
        .where(c(PartChange).activity_id == activity_id)
    )
    events = []
    for row in rows:
        before = row.before or {}
        differs = [
            f"{label}: {row.after.get(key) or '–'}"
            for key, label in _PART_WORDS.items()
            if row.after.get(key) != before.get(key)
        ]
        name = row.after.get("name", "")
        events.append(
            Event(
                *(row.on_day, row.at, f"Del: {name}", row.by, "\n".join(differs)),
                key=_key(row, Kind.PART),
                undone=_undone(row),
            )
        )
    return events


_DETAILS = {
    "result": "Resultat",
    "figure": "Siffra",
    "why_no_figure": "Ingen siffra, därför att",
    "outcome": "Utfall",
    "kept_by": "Förs vidare av",
    "resume_on": "Återupptas",
    "resume_when": "Villkor",
    "review_on": "Pausen ses över",
    "deadline": "Nytt slutdatum",
}


def _brought(details: dict[str, str]) -> list[str]:
    """What the one who moved brought along, a line each."""
    return [f"{label}: {details[key]}" for key, label in _DETAILS.items() if details.get(key)]


def _decided(row: Any) -> str:  # noqa: ANN401 - a row of columns
    if not row.reference:
        return ""
    return f"Beslut: {row.decider}, {row.decided_on}, {row.reference}"


def _answers(session: Session, activity_id: int, area: int) -> list[Event]:
    answer = c(StatusAnswer)
    rows = session.execute(
        select(
            *_UNDOING,
            answer.id,
            answer.batch,
            answer.on_day,
            answer.at,
            answer.says,
            answer.text,
            answer.figure,
            answer.instead,
            answer.proposed_text,
            answer.way,
            answer.registered_by,
            called(area).label("name"),
            c(Settled).accepted,
            c(Settled).reason,
        )
        .join(Person, c(Person).id == answer.person_id)
        .outerjoin(Undoing, c(Undoing).id == answer.undone_id)
        .outerjoin(Settled, c(Settled).answer_id == answer.id)
        .where(answer.activity_id == activity_id)
    )
    return [
        Event(
            row.on_day,
            row.at,
            f"Svar: {answer_in_words(row.says, row.instead, row.name)}",
            _who_said(row),
            _lines(
                row.text,
                row.figure and f"Siffra: {row.figure}",
                _instead(row),
                row.proposed_text and f"Föreslår nytt datum: {row.proposed_text}",
                row.reason and f"{'Ja' if row.accepted else 'Nej'}: {row.reason}",
            ),
            # What somebody answered herself is hers: nobody else takes it back.
            key=_key(row, Kind.ANSWER) if row.registered_by else "",
            undone=_undone(row),
        )
        for row in rows
    ]


def _instead(row: Any) -> str:  # noqa: ANN401 - a row of columns
    """Who answers for it instead; not where she who takes it over names herself."""
    if not row.instead or takes_over(row.says, row.instead, row.name):
        return ""
    return f"I stället: {row.instead}"


def _who_said(row: Any) -> str:  # noqa: ANN401 - a row of columns
    """Who answered; where she did not do it herself also how it came, and who wrote it down."""
    if row.way is Way.REPLY:
        return f"{row.name}, som svarade på brevet"
    if not row.registered_by:
        return str(row.name)
    return f"{row.name} {WAYS_IN_WORDS[row.way]}, registrerat av {row.registered_by}"


# What became of a letter, beside the words of who it was to.
_BECAME = {
    LetterState.QUEUED: "väntar på att skickas",
    LetterState.SENDING: "skickas",
    LetterState.SENT: "",
    LetterState.KEPT: "",
    LetterState.FAILED: "togs inte emot",
    LetterState.BOUNCED: "studsade",
    LetterState.REPLACED: "ersattes av ett senare brev",
    LetterState.EMPTY: "behövdes inte",
}


def _letter_line(row: Any) -> str:  # noqa: ANN401 - a row of columns
    """ "Brev till Bo", and when it did not get there what became of it."""
    became = _BECAME[row.state]
    return f"Brev till {row.to_name}: {became}" if became else f"Brev till {row.to_name}"


def _letters(session: Session, activity_id: int, area: int) -> list[Event]:
    rows = session.execute(
        select(
            c(Letter).id,
            c(Letter).on_day,
            c(Letter).queued_at,
            called(area, otherwise=c(Letter).to_name).label("to_name"),
            c(Letter).state,
            c(LetterItem).via,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
        )
        .join(Person, c(Person).id == c(Letter).person_id)
        .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(Notice).activity_id == activity_id)
        .distinct()
    )
    return [
        Event(
            row.on_day,
            row.queued_at,
            _letter_line(row),
            "",
            capitalised(rung_reached(row.kind, row.due_on, row.rung, row.on_day))
            + (f", till {row.via}" if row.via else ""),
            f"/utskick/{row.id}",
        )
        for row in rows
    ]


def _changes(session: Session, activity_id: int) -> list[Event]:
    rows = session.execute(
        select(
            *_UNDOING,
            c(Change).id,
            c(Change).batch,
            c(Change).what,
            c(Change).before_words,
            c(Change).after_words,
            c(Change).on_day,
            c(Change).at,
            c(Change).by,
            c(Change).reason,
        )
        .outerjoin(Undoing, c(Undoing).id == c(Change).undone_id)
        .where(c(Change).activity_id == activity_id)
    )
    return [
        Event(
            row.on_day,
            row.at,
            agreed_in_words(row.what),
            row.by,
            _lines(
                f"Förut: {row.before_words or '–'}", f"Nu: {row.after_words or '–'}", row.reason
            ),
            key=_key(row, Kind.CHANGE),
            undone=_undone(row),
        )
        for row in rows
    ]
