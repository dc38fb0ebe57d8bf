"""The life of an activity as one table: states, moves, and what each move needs.

Pure: no clock, no session, no mail. `models/moves.py` asks it, writes state and move, and brings
the facts. Guards answer with a Swedish sentence that names what is missing and what to do. What
cannot be true is refused; what an activity only should have is registered all the same, and what it
lacks is a *brist* (`models/lacks.py`), unless the installation wants it hard.
`python -m models.lifecycle` draws the table; docs/lifecycle.md holds the drawing and a test keeps
the two alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.refusal import at


class State(StrEnum):
    """Where an activity is in its life. Time never changes it; people do."""

    PROPOSED = "föreslagen"
    DECIDED = "beslutad"
    ONGOING = "pågående"
    FOLLOWED_UP = "uppföljd"
    PAUSED = "pausad"
    ENDED = "avslutad"
    REJECTED = "avslagen"
    CARRIED_OVER = "överförd"
    WITHDRAWN = "återtagen"


class Move(StrEnum):
    """What people do with an activity."""

    PROPOSE = "föreslå"
    DECIDE = "besluta"
    REJECT = "avslå"
    START = "starta"
    FOLLOW_UP = "följ upp"
    CONTINUE = "fortsätt"
    END = "avsluta"
    PAUSE = "pausa"
    PROLONG = "förläng pausen"
    RESUME = "återuppta"
    RETURN = "återremittera"
    ABANDON = "avbryt"
    CARRY_OVER = "överför"
    REOPEN = "återöppna"
    UNDO_CARRY_OVER = "ångra överföring"
    WITHDRAW = "dra tillbaka"
    PROPOSE_AGAIN = "föreslå igen"


class Outcome(StrEnum):
    """How an activity ended (row L7 of the requirements)."""

    ACHIEVED = "uppnått"
    PARTLY = "delvis uppnått"
    NOT_ACHIEVED = "ej uppnått"
    ORDINARY = "ordinarie verksamhet"
    ABSORBED = "inarbetad i annan plan"
    CEASED = "upphört"


class Lack(StrEnum):
    """A brist: what an activity should have by where it is, and has not. It refuses nothing."""

    GOAL = "goal"
    RESPONSIBLE = "responsible"
    DEADLINE = "deadline"
    FOLLOW_UP = "follow_up"
    FIGURE = "figure"
    PART = "part"


OPEN = (State.PROPOSED, State.DECIDED, State.ONGOING, State.FOLLOWED_UP, State.PAUSED)
REMINDED = (State.PROPOSED, State.DECIDED, State.ONGOING)  # whose deadlines are reminded of


@dataclass(frozen=True, slots=True)
class OnFile:
    """What is known of an activity when somebody wants to move it."""

    what: str = ""
    plan: bool = False
    group: bool = False
    goal: bool = False
    responsible_reachable: bool = False
    deadline: bool = False
    cadence: bool = False
    follow_up: bool = False
    figure: bool = False  # that it was followed up with, or why there is none
    parts_unanswered: tuple[str, ...] = ()
    year_approved: bool = False
    plan_closed: bool = False
    has_successor: bool = False
    successor_lives: bool = False
    predecessor_open: bool = False
    next_plan_is_its_own: bool = False
    next_plan_closed: bool = False
    next_plan_adopted: bool = False
    state_before: State | None = None  # before the pause, or before it was carried over


@dataclass(frozen=True, slots=True)
class Brought:
    """What the one who moves brings along. Empty means: not given."""

    reason: str = ""
    decision_id: int | None = None
    result: str = ""
    figure: str = ""
    why_no_figure: str = ""
    outcome: Outcome | None = None
    kept_by: str = ""
    into_activity_id: int | None = None
    into_plan_id: int | None = None
    resume_on: date | None = None
    resume_when: str = ""
    review_on: date | None = None
    stand_in_group_id: int | None = None
    deadline_text: str = ""
    deadline: date | None = None
    next_plan_id: int | None = None
    happened_on: date | None = None  # the day it happened; else the decision's; else today
    counts_on: date | None = None  # the day reports count it from (`models/happened.py`)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a move needs: a name for the table, a test, and the sentence when it is missing.

    `looks_at` names the fields of `OnFile` that the test reads, so that no more is asked for.
    `{parts}` in the sentence stands for the parts that have not answered. With a `lack` the need is
    a *should*: without it the move is made, and the activity has that brist.
    """

    name: str
    met: Callable[[OnFile, Brought], bool]
    missing: str
    looks_at: tuple[str, ...] = ()
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `to` is None where the state before comes back."""

    move: Move
    sources: tuple[State | None, ...]
    to: State | None
    needs: tuple[Need, ...] = ()
    by_link: bool = False  # may somebody with only a link in a letter do it?


WHAT = Need("what", lambda a, _: bool(a.what.strip()), at("what", "Skriv vad som ska göras."))
PLAN = Need("plan", lambda a, _: a.plan, "Ange vilken plan aktiviteten hör till.")
GROUP = Need("group", lambda a, _: a.group, "Ange vilken grupp som äger aktiviteten.")
DECISION = Need(
    "decision",
    lambda _, b: b.decision_id is not None,
    at("decision_group", "Ange beslutet: vilken grupp, vilken dag och vilken paragraf."),
)
GOAL = Need(
    "goal",
    lambda a, _: a.goal,
    at("goals", "Koppla aktiviteten till minst ett mål."),
    ("goal",),
    Lack.GOAL,
)
RESPONSIBLE = Need(
    "a responsible that can be reached",
    lambda a, _: a.responsible_reachable,
    at(
        "responsible",
        "Ange en ansvarig som går att nå: en person, eller en grupp eller roll med någon i.",
    ),
    ("responsible_reachable",),
    Lack.RESPONSIBLE,
)
DEADLINE = Need(
    "deadline or cadence",
    lambda a, _: a.deadline or a.cadence,
    at("deadline", "Ange ett slutdatum, eller hur ofta aktiviteten ska ses över."),
    ("deadline", "cadence"),
    Lack.DEADLINE,
)
HOW_FOLLOWED_UP = Need(
    "how it is followed up",
    lambda a, _: a.follow_up,
    at("follow_up", "Skriv hur aktiviteten ska följas upp."),
    ("follow_up",),
    Lack.FOLLOW_UP,
)
REASON = Need("reason", lambda _, b: bool(b.reason.strip()), at("reason", "Skriv varför."))
NOTE = Need(
    "note",
    lambda _, b: bool(b.reason.strip()),
    at("reason", "Skriv vad som ska göras om innan nytt beslut."),
)
RESULT = Need(
    "result", lambda _, b: bool(b.result.strip()), at("result", "Skriv vad resultatet blev.")
)
FIGURE = Need(
    "figure, or why there is none",
    lambda _, b: bool(b.figure.strip() or b.why_no_figure.strip()),
    at("figure", "Ange en siffra för utfallet, eller skriv varför det inte finns någon."),
    (),
    Lack.FIGURE,
)
PARTS = Need(
    "every part answered or excused",
    lambda a, _: not a.parts_unanswered,
    "Alla delar har inte svarat: {parts}. Skriv in deras läge, eller undanta dem med skäl.",
    ("parts_unanswered",),
    Lack.PART,
)
NEW_DEADLINE = Need(
    "new deadline, or a review cadence",
    lambda a, b: a.cadence or b.deadline is not None,
    at("deadline", "Ange ett nytt slutdatum, eller hur ofta aktiviteten ska ses över."),
    ("cadence",),
)
OUTCOME = Need(
    "outcome",
    lambda _, b: b.outcome is not None,
    at("outcome", "Ange hur det gick: " + ", ".join(Outcome) + "."),
)
KEPT_BY = Need(
    "who keeps it, when ordinary operation does",
    lambda _, b: b.outcome is not Outcome.ORDINARY or bool(b.kept_by.strip()),
    at("kept_by", "Skriv vem som för arbetet vidare i ordinarie verksamhet."),
)
ABSORBED_INTO = Need(
    "what it was absorbed into, when it was",
    lambda _, b: b.outcome is not Outcome.ABSORBED or bool(b.into_activity_id or b.into_plan_id),
    at("into_plan", "Ange vilken plan eller aktivitet den är inarbetad i."),
)
UNTIL = Need(
    "resume date, condition or review date",
    lambda _, b: bool(b.resume_on or b.resume_when.strip() or b.review_on),
    at(
        "resume_on",
        "Ange när eller på vilket villkor arbetet återupptas, eller när pausen ska ses över.",
    ),
)
STAND_IN = Need(
    "stand-in",
    lambda _, b: b.stand_in_group_id is not None,
    at("stand_in", "Ange vilken grupp som tar emot frågor under pausen."),
)
STAND_IN_STILL = Need(
    "the stand-in stays, when no other is named",
    lambda _, __: True,
    "",
)
NEXT_PLAN = Need(
    "next plan",
    lambda a, b: b.next_plan_id is not None and not a.next_plan_is_its_own,
    at(
        "next_plan",
        "Ange vilken plan aktiviteten förs över till; det ska vara en annan än dess egen.",
    ),
    ("next_plan_is_its_own",),
)
NEXT_PLAN_OPEN = Need(
    "a next plan that is not closed",
    lambda a, _: not a.next_plan_closed,
    at("next_plan", "Planen som aktiviteten skulle föras över till är avslutad. Välj en annan."),
    ("next_plan_closed",),
)
ONCE = Need(
    "no successor yet",
    lambda a, _: not a.has_successor,
    "Aktiviteten är redan överförd en gång.",
    ("has_successor",),
)
UNTOUCHED = Need(
    "a successor that nobody has touched",
    lambda a, _: not a.successor_lives,
    "Efterträdaren har redan ett eget liv: någon har flyttat, ändrat eller svarat om den. "
    "Ändra den i stället.",
    ("successor_lives",),
)
NOT_ADOPTED = Need(
    "the next plan is not adopted",
    lambda a, _: not a.next_plan_adopted,
    "Nästa plan är fastställd, så överföringen kan inte ångras. Ändra i den planen i stället.",
    ("next_plan_adopted",),
)
PREDECESSOR_GONE = Need(
    "its predecessor is not alive again",
    lambda a, _: not a.predecessor_open,
    "Aktiviteten som den kom ur är öppen igen. Överför den i stället.",
    ("predecessor_open",),
)
YEAR_OPEN = Need(
    "the year is not approved",
    lambda a, _: not a.year_approved,
    "Årets rapport är godkänd, så aktiviteten kan inte återöppnas. Föreslå en ny i stället.",
    ("year_approved",),
)
PLAN_OPEN = Need(
    "the plan is not closed",
    lambda a, _: not a.plan_closed,
    "Planen är avslutad. Öppna den igen först; det behöver ett beslut.",
    ("plan_closed",),
)

_S = State
TABLE: tuple[Rule, ...] = (
    Rule(Move.PROPOSE, (None,), _S.PROPOSED, (WHAT, PLAN, GROUP, PLAN_OPEN)),
    Rule(
        Move.DECIDE,
        (_S.PROPOSED,),
        _S.DECIDED,
        (DECISION, GOAL, RESPONSIBLE, DEADLINE, HOW_FOLLOWED_UP),
    ),
    Rule(Move.REJECT, (_S.PROPOSED,), _S.REJECTED, (REASON, DECISION)),
    Rule(Move.START, (_S.DECIDED,), _S.ONGOING, by_link=True),
    Rule(Move.FOLLOW_UP, (_S.ONGOING,), _S.FOLLOWED_UP, (RESULT, FIGURE, PARTS)),
    Rule(Move.CONTINUE, (_S.FOLLOWED_UP,), _S.ONGOING, (NEW_DEADLINE,)),
    Rule(Move.END, (_S.FOLLOWED_UP,), _S.ENDED, (OUTCOME, KEPT_BY, ABSORBED_INTO)),
    Rule(
        Move.PAUSE,
        (_S.DECIDED, _S.ONGOING, _S.FOLLOWED_UP),
        _S.PAUSED,
        (REASON, UNTIL, STAND_IN),
    ),
    Rule(Move.PROLONG, (_S.PAUSED,), _S.PAUSED, (REASON, UNTIL, STAND_IN_STILL)),
    Rule(Move.RESUME, (_S.PAUSED,), None),
    Rule(Move.RETURN, (_S.DECIDED, _S.ONGOING, _S.PAUSED), _S.PROPOSED, (NOTE,)),
    Rule(
        Move.ABANDON,
        (_S.PROPOSED, _S.DECIDED, _S.ONGOING, _S.PAUSED),
        _S.ENDED,
        (OUTCOME, KEPT_BY, ABSORBED_INTO, REASON, DECISION),
    ),
    Rule(Move.CARRY_OVER, OPEN, _S.CARRIED_OVER, (NEXT_PLAN, NEXT_PLAN_OPEN, ONCE)),
    Rule(Move.REOPEN, (_S.ENDED, _S.REJECTED), _S.PROPOSED, (DECISION, YEAR_OPEN, PLAN_OPEN)),
    Rule(
        Move.UNDO_CARRY_OVER,
        (_S.CARRIED_OVER,),
        None,
        (REASON, UNTOUCHED, NOT_ADOPTED, YEAR_OPEN, PLAN_OPEN),
    ),
    Rule(Move.WITHDRAW, (_S.PROPOSED,), _S.WITHDRAWN, (REASON,)),
    Rule(Move.PROPOSE_AGAIN, (_S.WITHDRAWN,), _S.PROPOSED, (PLAN_OPEN, PREDECESSOR_GONE)),
)
_BY_MOVE = {rule.move: rule for rule in TABLE}
SOFT: frozenset[Lack] = frozenset()  # as shipped: no brist stands in the way of anything


def rule_of(move: Move) -> Rule:
    """The line of the table for a move."""
    return _BY_MOVE[move]


def possible(state: State | None) -> list[Move]:
    """The moves that lead on from a state, in the table's order."""
    return [rule.move for rule in TABLE if state in rule.sources]


def refusals(
    move: Move,
    state: State | None,
    on_file: OnFile,
    brought: Brought,
    hard: frozenset[Lack] = SOFT,
) -> list[str]:
    """All that stands in the way of a move, as Swedish sentences; empty when nothing does.

    `hard` are the lacks that stand in the way too, where the policy wants it so.
    """
    rule = _BY_MOVE[move]
    if state not in rule.sources:
        return [_wrong_state(move, state)]
    missing = [need for need in rule.needs if not need.met(on_file, brought)]
    return [_said(need, on_file) for need in missing if need.lack is None or need.lack in hard]


def should_have(move: Move, on_file: OnFile, brought: Brought) -> dict[Lack, str]:
    """What a move leaves lacking, each with the sentence that asks for it."""
    needs = _BY_MOVE[move].needs
    return {n.lack: _said(n, on_file) for n in needs if n.lack and not n.met(on_file, brought)}


def asked_for(lacks: Iterable[Lack], on_file: OnFile) -> list[str]:
    """The sentences that ask for what an activity lacks."""
    said = {need.lack: _said(need, on_file) for rule in TABLE for need in rule.needs if need.lack}
    return [said[lack] for lack in lacks]


def _said(need: Need, on_file: OnFile) -> str:
    return need.missing.format(parts=", ".join(on_file.parts_unanswered))


def target(move: Move, on_file: OnFile) -> State:
    """The state a move leads to. Call only when `refusals` is empty."""
    to = _BY_MOVE[move].to or on_file.state_before
    if to is None:
        raise ValueError("what is paused or carried over remembers the state before")
    return to


def looked_at(move: Move) -> tuple[str, ...]:
    """The fields of `OnFile` that the guards of a move read, each once."""
    return tuple(dict.fromkeys(name for need in _BY_MOVE[move].needs for name in need.looks_at))


def _wrong_state(move: Move, state: State | None) -> str:
    choices = possible(state)
    if state is None:
        return "Aktiviteten finns inte ännu. Den behöver föreslås först."
    if not choices:
        return f"En aktivitet som är {state} kan inte flyttas vidare."
    return (
        f"Det går inte att {infinitive(move)} en aktivitet som är {state}. "
        f"Möjligt nu: {', '.join(choices)}."
    )


def infinitive(move: Move) -> str:
    """The move as it reads after "att"."""
    return "följa upp" if move is Move.FOLLOW_UP else _INFINITIVES.get(move, move.value)


_INFINITIVES = {
    Move.PROPOSE: "föreslå",
    Move.REJECT: "avslå",
    Move.UNDO_CARRY_OVER: "ångra överföringen av",
    Move.PROPOSE_AGAIN: "på nytt föreslå",
    Move.PROLONG: "förlänga pausen för",
    Move.CONTINUE: "fortsätta",
    Move.ABANDON: "avbryta",
    Move.CARRY_OVER: "överföra",
}


def as_mermaid() -> str:
    """The table as a Mermaid state diagram: every arrow of it, and no other."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.value.capitalize()}" as {state.name}' for state in State]
    for rule in TABLE:
        for source in rule.sources:
            goals = [rule.to] if rule.to else _before(rule.move)
            start = source.name if source else "[*]"
            lines += [f"    {start} --> {goal.name}: {rule.move.value}" for goal in goals]
    lines += [f"    {state.name} --> [*]" for state in State if not possible(state)]
    return "\n".join(lines)


def _before(move: Move) -> list[State]:
    """Where a move that leads back may lead."""
    left_by = Move.PAUSE if move is Move.RESUME else Move.CARRY_OVER
    return [state for state in rule_of(left_by).sources if state]


def _needs_in_words(rule: Rule) -> str:
    """What a move must have, and after that what it should."""
    must = "; ".join(need.name for need in rule.needs if need.lack is None) or "–"
    should = "; ".join(need.name for need in rule.needs if need.lack)
    return f"{must}. *Should, else a brist:* {should}" if should else must


def as_markdown() -> str:
    """The page docs/lifecycle.md: drawing and table, both from `TABLE`."""
    rows = [
        f"| {', '.join(s.value.capitalize() if s else '–' for s in rule.sources)} "
        f"| {rule.move.value} "
        f"| {rule.to.value.capitalize() if rule.to else 'the state before'} "
        f"| {_needs_in_words(rule)}"
        f"{' (link-holders may)' if rule.by_link else ''} |"
        for rule in TABLE
    ]
    return "\n".join(
        [
            "# The life of an activity",
            "",
            "Drawn from the table in `models/lifecycle.py` by `make diagram`; "
            "a test fails when they differ.",
            "",
            "```mermaid",
            as_mermaid(),
            "```",
            "",
            "| from | move | to | needs |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "*Försenad* is computed, never a state. "
            "*Löper över tid* is a flag with a review cadence.",
            "",
        ]
    )


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201
