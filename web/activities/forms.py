"""The forms of an activity's page: which moves can be made, and what each of them asks for.

The fields follow from the table of moves, so a new guard brings its field with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from intake.lives.changes import as_agreed
from intake.lives.correcting import told_now
from intake.lives.registered import WAYS_IN_WORDS
from models import lifecycle
from models.activity import Activity
from models.columns import c
from models.group import Group
from models.lifecycle import OPEN, Move, Need, Outcome, State, possible, rule_of
from models.part import PartState
from models.plan import Plan
from rules.wording import SAYS_IN_WORDS, alphabetically, capitalised
from web.activities.timeline import AGREED_IN_WORDS


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, its label, its kind (text, lines, day, group, outcome, plan), and whether
    the form is refused without it.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = False


@dataclass(frozen=True, slots=True)
class MoveForm:
    """A move that can be made now, and its fields."""

    move: str
    title: str
    fields: tuple[Field, ...]


_FIELDS: dict[Need, tuple[Field, ...]] = {
    lifecycle.DECISION: (
        Field("decision_group", "Vilken grupp beslutade?", "group", required=True),
        Field("decided_on", "Vilken dag?", "day", required=True),
        Field("decision_reference", "Paragraf", required=True),
    ),
    lifecycle.REASON: (Field("reason", "Varför?", "lines", required=True),),
    lifecycle.NOTE: (
        Field("reason", "Vad ska göras om innan nytt beslut?", "lines", required=True),
    ),
    lifecycle.RESULT: (Field("result", "Vad blev resultatet?", "lines", required=True),),
    lifecycle.FIGURE: (
        Field("figure", "Siffra för utfallet"),
        Field("why_no_figure", "Om ingen siffra finns: varför?"),
    ),
    lifecycle.OUTCOME: (Field("outcome", "Hur gick det?", "outcome", required=True),),
    lifecycle.KEPT_BY: (
        Field("kept_by", "Om ordinarie verksamhet tar över: vem för arbetet vidare?"),
    ),
    lifecycle.ABSORBED_INTO: (
        Field("into_plan", "Om den är inarbetad i en annan plan: vilken?", "plan"),
        Field("into_activity", "eller i vilken aktivitet? Skriv dess nummer"),
    ),
    lifecycle.UNTIL: (
        Field("resume_on", "Återupptas den dag", "day"),
        Field("resume_when", "eller på villkor att"),
        Field("review_on", "eller ses över den dag", "day"),
    ),
    lifecycle.STAND_IN: (
        Field("stand_in", "Vilken grupp tar emot frågor under pausen?", "group", required=True),
    ),
    lifecycle.STAND_IN_STILL: (
        Field("stand_in", "Tar en annan grupp emot frågor nu? Tomt: samma som förut", "group"),
    ),
    lifecycle.NEW_DEADLINE: (Field("deadline", "Nytt slutdatum", "day", required=True),),
    lifecycle.NEXT_PLAN: (
        Field("next_plan", "Vilken plan förs den över till?", "plan", required=True),
    ),
}
AGREED_FIELDS = (
    Field("what", "Vad", required=True),
    Field("how", "Hur", "lines"),
    Field("responsible", "Ansvarig, en på varje rad", "lines"),
    Field("start", "Start", "day"),
    Field("deadline", "Slutdatum", "day"),
    Field("follow_up", "Hur följs den upp?", "lines"),
    Field("goals", "Mål, ett på varje rad med planens ord", "lines"),
    Field("target_groups", "Målgrupper, en på varje rad", "lines"),
    Field("funding", "Medel, till exempel 400 000 kr, senast 2025-12-31", "lines"),
    Field("reason", "Varför ändras det?"),
)


# What a follow-up may be told without, and be given afterwards.
OUTCOME_FIELDS = (
    Field("figure", "Siffra för utfallet"),
    Field("why_no_figure", "Om ingen siffra finns: varför?"),
)


# What comes next, by where it is. What is over suggests nothing.
SUGGESTED = {
    State.PROPOSED: Move.DECIDE,
    State.DECIDED: Move.START,
    State.ONGOING: Move.FOLLOW_UP,
    State.FOLLOWED_UP: Move.END,
    State.PAUSED: Move.RESUME,
}


def agreed_fields(state: State) -> tuple[Field, ...]:
    """The fields of what is agreed about an activity that stands so."""
    return (*OUTCOME_FIELDS, *AGREED_FIELDS) if state is State.FOLLOWED_UP else AGREED_FIELDS


GROUP_FIELDS = (
    Field("group", "Vilken grupp tar över?", "group", required=True),
    Field("reason", "Varför?", "lines", required=True),
    Field("decision", "Beslut, om det finns: grupp, dag och paragraf"),
)
REFER_FIELDS = (
    Field("group", "Till vilken grupp? Tomt tar tillbaka frågan", "group"),
    Field("reason", "Varför? Vad behöver gruppen ta ställning till?", "lines", required=True),
)
CORRECT_FIELDS = (
    Field("result", "Resultat", "lines"),
    Field("kept_by", "Vem för arbetet vidare?"),
    Field("reason", "Varför rättas det?"),
)
PART_FIELDS = (
    Field("state", "Läge", "part_state"),
    Field("why", "Varför, om den är undantagen"),
    Field("responsible", "Ansvarig för delen"),
    Field("deadline", "Eget slutdatum", "day"),
)


def forms(session: Session, activity: Activity) -> dict[str, Any]:
    """What the template needs to draw the forms of an activity."""
    return {
        "suggested": _suggested(activity.state),
        "moves": [
            _form(move)
            for move in possible(activity.state)
            if move is not SUGGESTED.get(activity.state)
        ],
        "agreed": agreed_now(session, activity),
        "agreed_fields": agreed_fields(activity.state),
        "agreed_words": {k.value: v for k, v in AGREED_IN_WORDS.items()},
        "choices_of": choices_of(session, activity),
        "group_fields": GROUP_FIELDS,
        "refer_fields": REFER_FIELDS,
        "part_fields": PART_FIELDS,
        "correct_fields": CORRECT_FIELDS,
        "told_now": told_now(activity),
        "part_now": part_now,
        "referred_now": referred_now(session, activity),
        "is_open": activity.state in OPEN,
        # Where a sentence of another form leads, when that form has no such field.
        "agreed_places": {field.name: f"andra-{field.name}" for field in AGREED_FIELDS},
        "says": SAYS_IN_WORDS,
        "ways": WAYS_IN_WORDS,
        "outcomes": [outcome.value for outcome in Outcome],
    }


def choices_of(session: Session, activity: Activity) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen, by kind of field."""
    return {
        "group": _pairs(_near(session, activity, Group, c(Group).name)),
        "plan": _pairs(_near(session, activity, Plan, c(Plan).title)),
        "outcome": _pairs(Outcome),
        "part_state": _pairs(PartState),
    }


def agreed_now(session: Session, activity: Activity) -> dict[str, str]:
    """What the form of what is agreed is filled from, by the names of its fields."""
    agreed = {what.value: words for what, words in as_agreed(session, activity).items()}
    shown = agreed_fields(activity.state)
    return {each.name: agreed[each.name] for each in shown if each.name in agreed}


def part_now(part: Any) -> dict[str, str]:  # noqa: ANN401 - a row
    """What the form of a part is filled from."""
    return {
        "state": part.state.value,
        "why": part.why,
        "responsible": part.responsible,
        "deadline": part.deadline_text,
    }


def referred_now(session: Session, activity: Activity) -> dict[str, str]:
    """What the form of referring is filled from."""
    number = activity.referred_to_group_id
    group = session.get(Group, number) if number else None
    return {"group": group.name if group else ""}


def labels_of(fields: Sequence[Field]) -> dict[str, str]:
    """What the fields are called, by their names."""
    return {field.name: field.label.partition(",")[0] for field in fields}


def _suggested(state: State) -> MoveForm | None:
    """What its state suggests: the one filled button of its page."""
    move = SUGGESTED.get(state)
    return _form(move) if move in possible(state) else None


def _form(move: Move) -> MoveForm:
    return MoveForm(move.value, capitalised(move.value), fields_of(move))


def fields_of(move: Move) -> tuple[Field, ...]:
    """What a move asks for, and room for a comment."""
    fields = tuple(f for need in rule_of(move).needs for f in _FIELDS.get(need, ()))
    names = {field.name for field in fields}
    if "decided_on" not in names:  # a decision has its own day
        fields += (Field("happened_on", "Vilken dag hände det? Tomt: i dag", "day"),)
    if "reason" not in names:
        fields += (Field("reason", "Kommentar, om du vill"),)
    return fields


def _pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """What may be chosen: the words are the values too."""
    return [(str(each), str(each)) for each in words]


def _near(
    session: Session,
    activity: Activity,
    table: type[Group] | type[Plan],
    column: Any,  # noqa: ANN401 - a column
) -> list[str]:
    """The names of the activity's own collaboration, as `intake/lives/moves.py` looks for them."""
    own = select(c(Group).collaboration_id).where(c(Group).id == activity.group_id)
    named = select(column).where(c(table).collaboration_id == own.scalar_subquery())
    if table is Plan:
        named = named.where(c(Plan).withdrawn_on.is_(None))
    return sorted(set(session.execute(named).scalars()), key=alphabetically)
