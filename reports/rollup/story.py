"""What happened to an activity, in a few Swedish sentences: said once for every format."""

import re
from collections.abc import Sequence
from datetime import date

from models.lacks import IN_WORDS
from models.lifecycle import Lack, Move, Outcome, State
from models.part import PartState
from models.status import Says
from reports.rollup.shapes import (
    EACH_ITS_OWN,
    LATE_APART,
    ONE_NUMBER,
    SCHEMA,
    ActivityFacts,
    Agreement,
    Days,
    Said,
    Step,
)
from rules.fates import Fate
from rules.lives import parts_in_words
from rules.wording import capitalised, day_in_words, number_in_words

SAYS = {
    Says.ON_TRACK: "går enligt plan",
    Says.AT_RISK: "osäkert",
    Says.LATE: "försenat",
    Says.DONE: "klart",
    Says.NOTHING_NEW: "inget nytt",
    Says.NOT_ME: "fel ansvarig",
}
# What was lacking, as a past day can tell it (`lacks_then.py`).
LACKED = IN_WORDS | {Lack.RESPONSIBLE: "känd ansvarig"}
_GOES_ON = (State.DECIDED, State.ONGOING, State.PROPOSED)
_HELD = "\u00a0"  # a paragraph's number stays with its sign
_IN_FIGURES = re.compile(r"\d{4}-\d{2}-\d{2}")
DONE = {
    Move.PROPOSE: "Föreslagen",
    Move.DECIDE: "Beslutad",
    Move.REJECT: "Avslagen",
    Move.START: "Startad",
    Move.FOLLOW_UP: "Uppföljd",
    Move.CONTINUE: "Fortsätter",
    Move.END: "Avslutad",
    Move.PAUSE: "Pausad",
    Move.PROLONG: "Pausen förlängd",
    Move.RESUME: "Återupptagen",
    Move.RETURN: "Återremitterad",
    Move.ABANDON: "Avslutad",
    Move.CARRY_OVER: "Överförd",
    Move.REOPEN: "Återöppnad",
    Move.UNDO_CARRY_OVER: "Överföringen ångrad",
    Move.WITHDRAW: "Återtagen",
    Move.PROPOSE_AGAIN: "Föreslagen igen",
}


_MAY_BE_LATE = (*(Fate.CONTINUES, Fate.STARTED, Fate.EXTENDED, Fate.DECIDED, Fate.PARTLY_DECIDED),)


_ONE = {
    Fate.RETURNED: "skickad tillbaka för omtag",
    Fate.ORDINARY: "i ordinarie verksamhet",
}
_SEVERAL = {
    Fate.RETURNED: "skickade tillbaka för omtag",
    Fate.PLANNED: "planerade",
    Fate.DECIDED: "beslutade",
    Fate.PARTLY_DECIDED: "delvis beslutade",
    Fate.STARTED: "startade",
    Fate.EXTENDED: "förlängda",
    Fate.PAUSED: "pausade",
    Fate.NOT_FOLLOWED_UP: "inte uppföljda",
    Fate.DONE: "genomförda",
    Fate.DONE_BEFORE: "uppföljda tidigare",
    Fate.ENDED: "avslutade",
    Fate.CARRIED_OVER: "överförda",
    Fate.REJECTED: "avslagna",
    Fate.WITHDRAWN: "återtagna",
}


def fate_in_words(one: ActivityFacts) -> str:
    """The fate, with how it ended or that it is late: "Avslutad: upphört"."""
    words = capitalised(one.fate.value)
    if one.fate in (Fate.ENDED, Fate.DONE) and one.outcome:
        return f"{words}: {one.outcome.value}"
    if one.fate is Fate.ORDINARY:
        return "Går vidare i ordinarie verksamhet"
    if one.late and one.fate in _MAY_BE_LATE:
        return f"{words}, försenad"
    return words


def so_many(number: int, fate: Fate, afterwards: int = 0, schema: int = SCHEMA) -> str:
    """How many had a fate, about activities: "en genomförd", "tre genomförda", and how many of them
    got it by what was registered after the period: "två överförda (en registrerad efter årets
    slut)". Editions of before said that it was done then.
    """
    one = _ONE.get(fate, fate.value)
    words = one if number == 1 else _SEVERAL.get(fate, one)
    told = f"{number_in_words(number)} {words}"
    if not afterwards:
        return told
    how_many = "" if afterwards == number else f"{number_in_words(afterwards)} "
    if schema >= LATE_APART:
        how_many += "registrerad " if afterwards == 1 else "registrerade "
    return f"{told} ({how_many}efter årets slut)"


def state_in_words(one: ActivityFacts, schema: int = SCHEMA) -> str:
    """The state at the end: "Pågående", "Beslutad, försenad", "Avslutad: upphört"."""
    if schema >= ONE_NUMBER and one.after is State.ENDED and one.outcome:
        return f"{capitalised(one.after.value)}: {one.outcome.value}"
    return capitalised(one.after.value) + (", försenad" if one.late else "")


def numbered_name(one: ActivityFacts) -> str:
    """What a row is about, and its number in the drawings: "8. Gemensam vårdplanering"."""
    return f"{one.number}. {one.what}"


def time_in_words(one: ActivityFacts) -> str:
    """From when until when, as the plan says it: "Jan 2025 – dec 2025", "Löper över tid"."""
    until = days_in_words(one.deadline) or ("löper över tid" if one.runs_on else "")
    return capitalised(" – ".join(filter(None, (days_in_words(one.start), until)))) or "–"


def deadline_in_words(one: ActivityFacts) -> str:
    """By when, in a table's cell."""
    return capitalised(days_in_words(one.deadline)) or "–"


def days_in_words(days: Days) -> str:
    """The plan's own words, or else the last day that is meant; nothing where neither is known."""
    last = days.last or days.first
    return _in_words(days.text) or (day_in_words(last) if last else "")


def _in_words(written: str) -> str:
    """A day that was written in figures, as people say it; other words as they are."""
    if not _IN_FIGURES.fullmatch(written):
        return written
    try:
        return day_in_words(date.fromisoformat(written))
    except ValueError:
        return written


def story(one: ActivityFacts, schema: int = SCHEMA) -> str:
    """What happened, in the order it did, and how it stands where nothing did.

    Editions of before told all moves first, and what was agreed anew without its day.
    """
    steps, late, since = _steps(one, schema)
    if schema >= ONE_NUMBER:
        told = _in_order(one, schema)
    else:
        told = [*steps, *(_agreed_before(each) for each in one.agreed)]
    if one.after is State.PROPOSED and one.fate is Fate.PLANNED:
        told.append("Väntar på beslut.")
    if one.parts:
        parts = [(p.name, p.state.value) for p in one.parts]
        told.append(f"{capitalised(parts_in_words(parts, bent=schema >= EACH_ITS_OWN))}.")
        told += [
            f"{p.name}: {sentence(p.why)}"
            for p in one.parts
            if p.why and p.state is not PartState.EXCUSED
        ]
    if one.result:
        told.append(f"Resultat: {sentence(one.result)}")
    if one.figure:
        told.append(f"Siffra: {sentence(one.figure)}")
    told += _how_it_stands(one, schema)
    if one.lacks:
        told.append(f"Saknade {_all_of([LACKED[lack] for lack in one.lacks])}.")
    if late:
        told += ["Registrerat efter periodens slut:", *late]
    if since:
        told += ["Efter periodens slut:", *since]
    return " ".join(told) or "Ingen förändring."


def _all_of(words: Sequence[str]) -> str:
    return " och ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def story_with_words(one: ActivityFacts, schema: int = SCHEMA) -> str:
    """The same, and the last that somebody said of it, where no separate list of quotes does."""
    said = one.said
    if not said or not (said.text or said.figure):
        return story(one, schema)
    heard = f"Besked {day_in_words(said.day)}: {said_in_words(said)}"
    if one.newest is not None:
        heard = f"{sentence(heard)} {_how_it_goes(one.newest)}"
    told = story(one, schema)
    return heard if told == "Ingen förändring." else f"{told} {heard}"


def story_with_answer(one: ActivityFacts, schema: int = SCHEMA) -> str:
    """The same, and how the last answer says that it goes; its words stand by themselves.

    Editions of before had no answers in their table, or the last that had words.
    """
    told, said = story(one, schema), one.newest or one.said
    if said is None or said.proposed is None:
        return told
    heard = _how_it_goes(said)
    return heard if told == "Ingen förändring." else f"{told} {heard}"


def _how_it_goes(said: Said) -> str:
    heard = f"Besked {day_in_words(said.day)}: {says_in_words(said)}"
    if said.proposed:
        heard += f", nytt slutdatum föreslaget: {_in_words(said.proposed)}"
    return f"{heard}."


def says_in_words(said: Said) -> str:
    """How an answer says that it goes: "försenat"."""
    return "tar över frågan" if said.takes_over else SAYS[said.says]


def said_in_words(said: Said) -> str:
    """What somebody told, and the figure as what it is: "”Det går bra.” Siffra: 41."."""
    told = f"”{said.text}”" if said.text else f"{says_in_words(said)}."
    return f"{told} Siffra: {sentence(said.figure)}" if said.figure else told


def _steps(one: ActivityFacts, schema: int) -> tuple[list[str], list[str], list[str]]:
    """Each day's moves: within the period, of then but registered after it, and after it.

    That something was proposed is told only when nothing else was done.
    """
    steps = [step for step in one.steps if _tells(step, one)]
    within = [_step(step, one, schema) for step in steps if not step.afterwards]
    late = [_step(step, one, schema) for step in steps if step.happened_in_time]
    since = [step for step in steps if step.afterwards and not step.happened_in_time]
    return within, late, [_step(step, one, schema) for step in since]


def _tells(step: Step, one: ActivityFacts) -> bool:
    return step.move is not Move.PROPOSE or len(one.steps) == 1


def _in_order(one: ActivityFacts, schema: int) -> list[str]:
    """Moves of the period and what was agreed anew in it, in the order they happened."""
    told = []
    for place in range(len(one.steps) + 1):
        told += [_agreed(each) for each in one.agreed if each.after_steps == place]
        if place < len(one.steps):
            step = one.steps[place]
            if _tells(step, one) and not step.afterwards:
                told.append(_step(step, one, schema))
    return told


def told_late(one: ActivityFacts, first: date, schema: int = SCHEMA) -> list[str]:
    """What happened or was said before the period and was registered in it: no report has told of
    it.

    What was registered after it is the next report's, and stands in the activity's own story here.
    """
    late = [
        step
        for step in one.steps
        if step.day < first and step.registered and not step.happened_in_time
    ]
    told = [
        f"{_step(step, one, schema).rstrip('.')}. Registrerat {day_in_words(step.registered)}."
        for step in late
        if step.registered
    ]
    return told + [
        f"{_said_late(said)} Registrerat {day_in_words(said.registered)}."
        for said in one.said_late
        if said.registered
    ]


def _said_late(said: Said) -> str:
    told = _how_it_goes(said)
    if said.text:
        told += f" ”{said.text}”"
    return f"{told} Siffra: {sentence(said.figure)}" if said.figure else told


def _step(step: Step, one: ActivityFacts, schema: int) -> str:
    words = f"{DONE[step.move]} {day_in_words(step.day)}"
    if step.decision:
        words += f" ({step.decision.replace('§ ', '§' + _HELD)})"
    # Editions of before told of each move what was true of the last.
    outcome, where = one.outcome, one.outcome_details
    if schema >= EACH_ITS_OWN:
        outcome, where = step.outcome, step.where
    if step.move is Move.CARRY_OVER and where:
        words += f" till {where}"
    if step.move in (Move.END, Move.ABANDON) and where:
        goes = "förs vidare av" if outcome is Outcome.ORDINARY else "inarbetad i"
        words += f", {goes} {where}"
    why = f": {sentence(step.why)}" if step.why else "."
    return words + why


def _agreed(each: Agreement) -> str:
    """What was agreed anew, on which day, and why."""
    before, after = _before_and_after(each)
    day = day_in_words(each.day)
    why = f": {sentence(each.why)}" if each.why else "."
    if each.what == "what":
        return f"Omformulerad {day} från ”{before}”{why}"
    return f"{_CHANGED[each.what]} {day} från {before or 'inget'} till {after or 'inget'}{why}"


_CHANGED = {
    "deadline": "Slutdatumet ändrat",
    "start": "Starten ändrad",
    "responsible": "Ansvarig ändrad",
    "group": "Gruppen ändrad",
}


def _before_and_after(each: Agreement) -> tuple[str, str]:
    before, after = (
        ", ".join(_in_words(words) for words in each_way.splitlines())
        for each_way in (each.before, each.after)
    )
    return before, after


def _agreed_before(each: Agreement) -> str:
    """As editions of before said it."""
    names = {
        "deadline": "Slutdatum",
        "start": "Start",
        "what": "Ordalydelsen",
        "responsible": "Ansvarig",
        "group": "Grupp",
    }
    before, after = _before_and_after(each)
    why = f": {sentence(each.why)}" if each.why else "."
    if each.what == "what":
        return f"Omformulerad från ”{before}”{why}"
    return f"{names[each.what]} ändrat från {before or 'inget'} till {after or 'inget'}{why}"


def _how_it_stands(one: ActivityFacts, schema: int) -> list[str]:
    """How it stood at the end; what the closing made of it is told with the closing."""
    closed_since = one.closed is not None and schema >= LATE_APART
    match one.fate:
        case Fate.NOT_FOLLOWED_UP if one.runs_on:
            return ["Ingen har sett över den under perioden."]
        case Fate.NOT_FOLLOWED_UP:
            return [f"{_was_due(one)}Frågan har inte följts upp."]
        case Fate.DONE_BEFORE:
            return ["Uppföljd före perioden, men inte avslutad."]
        case Fate.STARTS_LATER:
            return [f"Startar {days_in_words(one.start)}."]
        case Fate.DONE if one.after in _GOES_ON and not closed_since:
            return ["Meddelad som klar, ännu inte uppföljd."]
        case _:
            return []


def _was_due(one: ActivityFacts) -> str:
    due = days_in_words(one.deadline)
    return f"Skulle vara klar {due}. " if due else ""


def sentence(words: str) -> str:
    """With a full stop at the end, if it has no other sign."""
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def short_day(day: date) -> str:
    """In a table's cell."""
    return day_in_words(day)
