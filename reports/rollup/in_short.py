"""The figures of a roll-up as sentences: what a letter says too. Facts in, Swedish words out.

A sentence that says *aktiviteter* counts activities, each once. What the closing after the period
did is no part of them; `adds_up.py` tells it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.lifecycle import OPEN, Move, Outcome, State
from reports.rollup.shapes import EACH_ITS_OWN, ONE_NUMBER, SCHEMA, Counts, PeriodFacts
from reports.rollup.story import LACKED
from rules.periods import Kind, parse
from rules.wording import capitalised, counted, day_in_words, number_in_words

_ONE, _MANY = "aktivitet", "aktiviteter"


def in_short(counts: Counts, period: PeriodFacts, schema: int = SCHEMA) -> list[str]:
    """The figures as sentences; what is nought is left out, but for what is late."""
    then = at_the_end(period)
    open_ones = sum(number for state, number in counts.end.items() if state in OPEN)
    came = sum(flow.number for flow in counts.flows if flow.before is None)
    moved = counts.moves if counts.moved is None else counts.moved
    started, paused = moved.get(Move.START, 0), moved.get(Move.PAUSE, 0)
    followed = (
        counts.followed_up_in_time + counts.followed_up_late + counts.followed_up_without_deadline
    )
    again = _came_back(counts) if schema >= ONE_NUMBER else 0
    lines = [
        (
            True,
            f"{counted(open_ones, _ONE, _MANY)} var {'öppen' if open_ones == 1 else 'öppna'} "
            f"{then}."
            if open_ones
            else f"Ingen aktivitet var öppen {then}.",
        ),
        (came, f"{counted(came, 'ny ' + _ONE, 'nya ' + _MANY)} kom till."),
        (again, f"{counted(again, _ONE, _MANY)} öppnades igen."),
        (started, f"{counted(started, _ONE, _MANY)} startade."),
        (followed, f"{_followed_up(counts, followed, schema)}, {_in_time(counts, schema)}."),
        *_over(counts, schema),
        (paused, f"{counted(paused, _ONE, _MANY)} pausades."),
        _carried(counts, period, schema),
        *_refused(counts, schema),
        (counts.extended, f"{counted(counts.extended, _ONE, _MANY)} fick ett senare slutdatum."),
        (
            True,
            f"{counted(counts.late, _ONE, _MANY)} var "
            f"{'försenad' if counts.late == 1 else 'försenade'} {then}."
            if counts.late
            else f"Ingen aktivitet var försenad {then}.",
        ),
        (counts.lacking, f"{_lacking(counts, then, schema)}."),
    ]
    return [words[:1].upper() + words[1:] for tells, words in lines if tells]


def at_the_end(period: PeriodFacts) -> str:
    """When the figures are of: "vid årets slut", or the day, where the period goes on after it."""
    if period.until < period.last:
        return f"den {day_in_words(period.until)}"
    return f"vid {of_the_period(period)} slut"


def of_the_period(period: PeriodFacts) -> str:
    """ "årets", "kvartalets"."""
    whose = {
        Kind.QUARTER: "kvartalets",
        Kind.TERTIAL: "tertialens",
        Kind.HALF: "halvårets",
        Kind.YEAR: "årets",
    }
    return whose[parse(period.name).kind]


def outcomes_in_words(outcomes: Mapping[Outcome, int]) -> str:
    """ "två med utfallet uppnått och en med utfallet upphört"."""
    return all_of(
        [
            f"{number_in_words(outcomes[how])} med utfallet {how.value}"
            for how in Outcome
            if outcomes.get(how)
        ]
    )


def _came_back(counts: Counts) -> int:
    return sum(f.number for f in counts.flows if f.before is not None and f.before not in OPEN)


def _over(counts: Counts, schema: int) -> list[tuple[Any, str]]:
    """How many ended, and how."""
    again = counts.moved is not None  # who is listed as ended was open, so it ended in the period
    over = sum(
        flow.number
        for flow in counts.flows
        if flow.after is State.ENDED and (flow.before is not State.ENDED or again)
    )
    told = f"{counted(over, _ONE, _MANY)} avslutades"
    if schema < ONE_NUMBER or not over or sum(counts.outcomes.values()) != over:
        return [(over, f"{told}.")]
    if over == 1:
        (how,) = counts.outcomes
        return [(over, f"{told}, med utfallet {how.value}.")]
    if len(counts.outcomes) == 1:
        (how,) = counts.outcomes
        return [(over, f"{told}, {_every(over, schema)} med utfallet {how.value}.")]
    return [(over, f"{told}: {outcomes_in_words(counts.outcomes)}.")]


def _carried(counts: Counts, period: PeriodFacts, schema: int) -> tuple[Any, str]:
    """How many were carried over at the end, and whether that still held at the cut-off."""
    carried = counts.moves.get(Move.CARRY_OVER, 0)
    if counts.moved is not None:  # one that came back is not told as carried over
        carried = counts.end.get(State.CARRIED_OVER, 0)
    told = f"{counted(carried, _ONE, _MANY)} fördes över till en annan plan"
    undone = counts.carried_undone if schema >= ONE_NUMBER else 0
    if not undone:
        return carried, f"{told}."
    after = f"ångrades efter {of_the_period(period)} slut"
    if carried == undone == 1:
        return carried, f"{told}. Överföringen {after}."
    if carried == undone:
        return carried, f"{told}. {capitalised(_every(carried, schema))} överföringarna {after}."
    return carried, f"{told}. {capitalised(number_in_words(undone))} av dem {after}."


def _refused(counts: Counts, schema: int) -> list[tuple[Any, str]]:
    """What was said no to, and what was taken back."""
    if schema < ONE_NUMBER:
        return []
    refused, withdrawn = (counts.end.get(state, 0) for state in (State.REJECTED, State.WITHDRAWN))
    return [
        (refused, f"{counted(refused, _ONE, _MANY)} avslogs."),
        (withdrawn, f"{counted(withdrawn, _ONE, _MANY)} drogs tillbaka."),
    ]


def _lacking(counts: Counts, then: str, schema: int) -> str:
    """ "Två saknade något vid årets slut: en utan mål och …"; of one, what it lacked."""
    many = counted(counts.lacking, _ONE, _MANY)
    if counts.lacking == 1 and schema >= ONE_NUMBER:
        return f"{many} saknade {all_of([LACKED[lack] for lack in counts.lacks])} {then}"
    return f"{many} saknade något {then}: {_lacked(counts)}"


def _lacked(counts: Counts) -> str:
    """What was lacking, and in how many: "två utan mål och en utan slutdatum"."""
    return all_of([f"{number_in_words(n)} utan {LACKED[lack]}" for lack, n in counts.lacks.items()])


def all_of(parts: Sequence[str]) -> str:
    """ "ett, två och tre"."""
    return " och ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _followed_up(counts: Counts, times: int, schema: int) -> str:
    """How many were followed up; also how many times, where one was more than once."""
    activities = (counts.moved or {}).get(Move.FOLLOW_UP, times)
    told = f"{counted(activities, 'aktivitet', 'aktiviteter')} följdes upp"
    if activities == times:
        return told
    in_all = "sammanlagt " if activities > 1 and schema >= ONE_NUMBER else ""
    return f"{told} {in_all}{number_in_words(times)} gånger"


def _every(number: int, schema: int) -> str:
    """ "båda", "alla"; editions of before said "alla" of two."""
    return "båda" if number == 2 and schema >= EACH_ITS_OWN else "alla"


def _in_time(counts: Counts, schema: int) -> str:
    """Of what was followed up: "varav tre i tid, två efter slutdatum och en utan slutdatum"."""
    each = (
        (counts.followed_up_in_time, "i tid"),
        (counts.followed_up_late, "efter slutdatum"),
        (counts.followed_up_without_deadline, "utan slutdatum"),
    )
    told = [(number, words) for number, words in each if number]
    if not told:
        return ""
    if len(told) == 1:
        number, words = told[0]
        return words if number == 1 else f"{_every(number, schema)} {words}"
    parts = [f"{number_in_words(number)} {words}" for number, words in told]
    return f"varav {', '.join(parts[:-1])} och {parts[-1]}"
