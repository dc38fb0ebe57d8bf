"""The life of an activity as a timeline: moves, changes, answers and letters, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config.clock import in_stockholm
from intake.lives.answers import SAYS_IN_WORDS
from intake.lives.registered import WAYS_IN_WORDS
from models.activity import Activity, Responsibility
from models.columns import c
from models.decision import Agreed, Change, Decision, MoveRow
from models.delegation import Delegation
from models.group import Group
from models.known import known_in, several_collaborations
from models.letter import Letter, LetterItem, LetterState, Notice
from models.lifecycle import Move
from models.part import PartChange
from models.person import Person
from models.status import StatusAnswer
from rules.wording import capitalised, day_in_words, rung_reached

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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    day: date
    at: datetime
    what: str
    who: str = ""
    words: str = ""
    address: str = ""


def timeline(session: Session, activity_id: int) -> list[Event]:
    """Everything that happened to an activity, newest first."""
    events = [*_moves(session, activity_id), *_answers(session, activity_id)]
    events += [*_changes(session, activity_id), *_letters(session, activity_id)]
    events += [*_parts(session, activity_id), *_stand_ins(session, activity_id)]
    return sorted(events, key=lambda event: (event.day, event.at), reverse=True)


def _lines(*words: str) -> str:
    """One below the other; what is empty is left out."""
    return "\n".join(filter(None, words))


def _moves(session: Session, activity_id: int) -> list[Event]:
    rows = session.execute(
        select(
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
        .where(c(MoveRow).activity_id == activity_id)
    )
    return [
        Event(
            row.happened_on,
            row.at,
            _MOVED.get(row.move, capitalised(row.to_state.value)),
            row.by,
            _lines(_decided(row), row.reason, *_brought(row.details), _registered(row)),
        )
        for row in rows
    ]


def _registered(row: Any) -> str:  # noqa: ANN401 - a row
    """When it was written down, if that was later than it happened."""
    later = row.registered_on > row.happened_on
    return f"Registrerat i efterhand {day_in_words(row.registered_on)}." if later else ""


_MOVED = {Move.PROLONG: "Pausen förlängd"}  # where the state that it leads to says too little


def _known(session: Session, activity_id: int) -> ColumnElement[bool]:
    """The condition that the activity's collaboration knows who stands in."""
    if not several_collaborations(session):
        return true()
    area = (
        select(c(Group).collaboration_id)
        .join(Activity, c(Activity).group_id == c(Group).id)
        .where(c(Activity).id == activity_id)
    )
    known: ColumnElement[bool] = c(Delegation).delegate_id.in_(
        known_in([session.execute(area).scalar_one()])
    )
    return known


def _stand_ins(session: Session, activity_id: int) -> list[Event]:
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
            row.by,
            row.first_day,
            row.last_day,
            row.ended_on,
            person.name,
            delegate.name.label("delegate"),
        )
        .join(person, person.id == row.person_id)
        .join(delegate, delegate.id == row.delegate_id)
        .where(or_(row.activity_id == activity_id, everything), _known(session, activity_id))
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
            c(PartChange).on_day,
            c(PartChange).at,
            c(PartChange).by,
            c(PartChange).before,
            c(PartChange).after,
        ).where(c(PartChange).activity_id == activity_id)
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
        events.append(Event(row.on_day, row.at, f"Del: {name}", row.by, "\n".join(differs)))
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


def _answers(session: Session, activity_id: int) -> list[Event]:
    answer = c(StatusAnswer)
    rows = session.execute(
        select(
            answer.on_day,
            answer.at,
            answer.says,
            answer.text,
            answer.figure,
            answer.instead,
            answer.proposed_text,
            answer.way,
            answer.registered_by,
            c(Person).name,
        )
        .join(Person, c(Person).id == answer.person_id)
        .where(answer.activity_id == activity_id)
    )
    return [
        Event(
            row.on_day,
            row.at,
            f"Svar: {SAYS_IN_WORDS[row.says]}",
            _who_said(row),
            _lines(
                row.text,
                row.figure and f"Siffra: {row.figure}",
                row.instead and f"I stället: {row.instead}",
                row.proposed_text and f"Föreslår nytt datum: {row.proposed_text}",
            ),
        )
        for row in rows
    ]


def _who_said(row: Any) -> str:  # noqa: ANN401 - a row of columns
    """Who answered; where she did not do it herself also how it came, and who wrote it down."""
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


def _letters(session: Session, activity_id: int) -> list[Event]:
    rows = session.execute(
        select(
            c(Letter).id,
            c(Letter).on_day,
            c(Letter).queued_at,
            c(Letter).to_name,
            c(Letter).state,
            c(LetterItem).via,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
        )
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
            c(Change).what,
            c(Change).before_words,
            c(Change).after_words,
            c(Change).on_day,
            c(Change).at,
            c(Change).by,
            c(Change).reason,
        ).where(c(Change).activity_id == activity_id)
    )
    return [
        Event(
            row.on_day,
            row.at,
            f"{AGREED_IN_WORDS[row.what]} {'rättat' if row.what in CORRECTED else 'ändrat'}",
            row.by,
            _lines(
                f"Förut: {row.before_words or '–'}", f"Nu: {row.after_words or '–'}", row.reason
            ),
        )
        for row in rows
    ]
