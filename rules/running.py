"""A plan that is already going: from what its table tells to the moves that its life has had.

Pure. For each row somebody says where the activity is (`Standing`) and, as far as it is known,
when it started and when it came there. `steps` answers with the moves from Föreslagen to that
state, each with its day; `wrong_days` with what cannot be true of the days. What is only missing is
no reason to leave a row outside: a day that nobody knows is the latest that it can have been.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.lifecycle import Move, Outcome, State
from models.span import Span
from rules.wording import day_in_words

STARTED, CAME, RESULT = "started", "came", "result"  # the fields of a row that may be wrong


@dataclass(frozen=True, slots=True)
class Standing:
    """Somewhere that an activity of a running plan can be; `key` is what a form calls it."""

    key: str
    words: str
    state: State
    outcome: Outcome | None = None


STANDINGS = (
    Standing("foreslagen", "Föreslagen (inte beslutad)", State.PROPOSED),
    Standing("beslutad", "Beslutad (inte börjat)", State.DECIDED),
    Standing("pagaende", "Pågående", State.ONGOING),
    Standing("uppfoljd", "Uppföljd (klar)", State.FOLLOWED_UP),
    Standing("pausad", "Pausad", State.PAUSED),
    Standing("uppnadd", "Avslutad: uppnått", State.ENDED, Outcome.ACHIEVED),
    Standing("delvis", "Avslutad: delvis uppnått", State.ENDED, Outcome.PARTLY),
    Standing("ej-uppnadd", "Avslutad: ej uppnått", State.ENDED, Outcome.NOT_ACHIEVED),
    Standing("upphord", "Avslutad: upphört", State.ENDED, Outcome.CEASED),
)
BY_KEY = {standing.key: standing for standing in STANDINGS}
# What a state that the file's words name is offered as; how something ended, only people know.
OFFERED = {
    State.PROPOSED: "",
    State.DECIDED: "beslutad",
    State.ONGOING: "pagaende",
    State.FOLLOWED_UP: "uppfoljd",
    State.ENDED: "uppfoljd",
    State.PAUSED: "pausad",
}
# Where the day of a start, and the day that it came to where it is, belong to what is told.
_STARTS = (State.ONGOING, State.FOLLOWED_UP, State.PAUSED, State.ENDED)
_COMES = (State.FOLLOWED_UP, State.PAUSED, State.ENDED)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one row. Days that are None are not known."""

    standing: Standing
    started: date | None = None
    came: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A move of the row's life, the day it happened, and whether somebody said that day."""

    move: Move
    on_day: date
    known: bool = True


def takes_start(standing: Standing) -> bool:
    """Does the day of a start belong to it?"""
    return standing.state in _STARTS


def takes_day(standing: Standing) -> bool:
    """Does the day that it came there belong to it, apart from the start?"""
    return standing.state in _COMES


def steps(told: Told, decided_on: date, today: date) -> list[Step]:
    """The moves from Föreslagen to where it is, in their order.

    What is paused had started only if somebody says when: else it is paused as decided.
    """
    state = told.standing.state
    if state is State.PROPOSED:
        return []
    found = [Step(Move.DECIDE, decided_on)]
    came = told.came or today
    if state in _STARTS and not (state is State.PAUSED and told.started is None):
        latest = came if state in _COMES else today
        found.append(Step(Move.START, told.started or latest, told.started is not None))
    known = told.came is not None
    if state in (State.FOLLOWED_UP, State.ENDED):
        found.append(Step(Move.FOLLOW_UP, came, known))
    if state is State.ENDED:
        found.append(Step(Move.END, came, known))
    if state is State.PAUSED:
        found.append(Step(Move.PAUSE, came, known))
    return found


def wrong_days(told: Told, decided_on: date, today: date) -> Iterator[tuple[str, str]]:
    """What cannot be true of a row's days: the field, and a sentence that says what to do."""
    for name, day in ((STARTED, told.started), (CAME, told.came)):
        if day is None:
            continue
        if day > today:
            yield name, f"{_cap(day)} har inte varit än. Skriv den dag det hände."
        elif day < decided_on:
            yield (
                name,
                f"{_cap(day)} är före beslutet om planen ({day_in_words(decided_on)}). "
                "Skriv en senare dag.",
            )
    if told.started and not takes_start(told.standing):
        yield STARTED, "Den har inte startat i det läget. Välj Pågående, eller ta bort startdagen."
    if told.came and not takes_day(told.standing):
        yield CAME, "Dagen hör till uppföljning, paus eller avslut. Ta bort den, eller välj läge."
    if told.started and told.came and told.came < told.started <= today:
        yield CAME, f"Dagen är före starten ({day_in_words(told.started)}). Skriv en senare dag."


def within(span: Span, earliest: date, latest: date, *, last: bool) -> date | None:
    """The day that words mean, between two days where they leave room: "mars 2024", decided on the
    12th, is the 12th at the earliest. `last`: the end of what they mean, else its beginning.
    """
    first_day, last_day = span.first or span.last, span.last or span.first
    if first_day is None or last_day is None:
        return None
    if last:
        return max(first_day, min(last_day, latest))
    return min(last_day, max(first_day, earliest))


def started_as_planned(start: Span, decided_on: date, today: date) -> date | None:
    """When what began as its plan says did so: at the earliest when the plan was decided. None
    where the plan has no such day, or one that has not been.
    """
    first = start.first or start.last
    if first is None or first > today:
        return None
    return max(first, decided_on)


def wrong_decision(decided_on: date | None, today: date) -> str:
    """Why the plan cannot have been decided on that day, or ""."""
    if decided_on is None:
        return "Skriv vilken dag planen beslutades."
    if decided_on > today:
        return f"Beslutet är daterat {day_in_words(decided_on)}, som inte har varit än."
    return ""


def _cap(day: date) -> str:
    words = day_in_words(day)
    return words[:1].upper() + words[1:]
