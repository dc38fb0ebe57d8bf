"""What stands last in a roll-up: what came afterwards or was taken back, and how it is counted."""

from collections.abc import Sequence
from datetime import date

from models.decision import Agreed
from reports.blocks import Block, Bullets, Heading
from reports.rollup.shapes import (
    EACH_ITS_OWN,
    LATE_APART,
    MOST_NAMED,
    ONE_NUMBER,
    Correction,
    RollUp,
)
from reports.rollup.story import DONE, SAYS, sentence, told_late
from rules.wording import counted, day_in_words

_WHO_BELONGED_BEFORE = (
    "Med räknas varje aktivitet som var öppen när perioden började eller kom till under den, till "
    "och med {until}."
)
_WHO_BELONGS = (
    "Med räknas varje aktivitet som var öppen någon gång under perioden, till och med {until}. En "
    "som var avslutad när perioden började, öppnades igen och avslutades på nytt är alltså med."
)


# Since this schema what was taken back is left out, and named where an earlier report told it.
_CORRECTS = 4
# Since this schema an event has the day it happened, and the day it was registered.
_DAYS_APART = 3
_IN_TIME_SINCE = {
    False: ("I tid: uppföljd senast på det slutdatum som gällde då.",),
    True: (
        "I tid: uppföljd senast på det slutdatum som gällde då. De som saknade slutdatum räknas "
        "för sig.",
        "Varje händelse står med den dag då den hände. Det som hände under en tidigare period men "
        "registrerades först sedan den räknats räknas här, och står under Registrerat i efterhand.",
    ),
}


_LEFT_OUT = (
    "Det som har tagits tillbaka räknas inte. Det som en tidigare rapport har berättat om står "
    "under Rättat sedan förra rapporten.",
)
_CARRIED_BEFORE = (
    "En aktivitet som fördes över till nästa plan räknas här som överförd. I nästa plan räknas den "
    "när någon börjar med den.",
)
_ONE_NUMBER = (
    "Där det står aktiviteter är varje aktivitet räknad en gång, hur ofta den än flyttades. Det "
    "som togs tillbaka före periodens slut är inte räknat.",
    "En aktivitet som fördes över till en annan plan räknas här som överförd. I den planen räknas "
    "den från den period då någon börjar med den, och annars från nästa period.",
    "En aktivitet som bytte grupp räknas hela perioden i den grupp som hade den vid slutet.",
    "En årsrapport berättar vad det blev av aktiviteterna också med det som {done} efter årets "
    "slut i planer som tog slut med året. Det står för sig och ändrar inte läget vid årets slut.",
    "Varje belopp räknas en gång. Medel vid en överförd aktivitet räknas där den går vidare, när "
    "den räknas där. Medel vid det som är avslutat, avslaget eller återtaget är inte kvar att "
    "använda.",
)


def registered_late(facts: RollUp) -> list[Block]:
    """What happened or was said before the period and was registered in it, by activity; with its
    group or its plan where another is called the same.
    """
    places: dict[str, list[tuple[str, str]]] = {}
    for group in facts.groups:
        for one in group.activities:
            places.setdefault(one.what, []).append((group.name, one.plan))
    lines = [
        f"{_apart(one.what, (group.name, one.plan), places[one.what], facts)}: {words}"
        for group in facts.groups
        for one in group.activities
        for words in told_late(one, facts.period.first, facts.schema)
    ]
    if not lines:
        return []
    more = len(lines) - MOST_NAMED
    shown = lines[:MOST_NAMED] + ([f"Och {more} till."] if more > 0 else [])
    return [Heading(1, "Registrerat i efterhand"), Bullets(tuple(shown))]


def corrected_in_short(facts: RollUp) -> list[str]:
    """That there are corrections, as a letter says it: there may be nothing else to tell."""
    number = len(_corrected_together(facts))
    words = counted(number, "rättelse", "rättelser")
    return [f"Rapporten har {words} av det som tidigare rapporter sa."] if number else []


def _corrected_together(facts: RollUp) -> dict[tuple[str, date, str], list[str]]:
    """What holds no longer, an activity's together."""
    told: dict[tuple[str, date, str], list[str]] = {}
    for one in facts.corrected:
        told.setdefault((_which(one, facts), one.undone, one.why), []).append(_no_longer(one))
    return told


def corrected(facts: RollUp) -> list[Block]:
    """What earlier reports told and was taken back in the period, an activity's together."""
    lines = []
    for (what, undone, why), words in _corrected_together(facts).items():
        said = f"{what}: {_all_of(words)} gäller inte. Det togs tillbaka {day_in_words(undone)}"
        lines.append(f"{said}: {sentence(why)}" if why else f"{said}.")
    if not lines:
        return []
    more = len(lines) - MOST_NAMED
    shown = lines[:MOST_NAMED] + ([f"Och {more} till."] if more > 0 else [])
    return [Heading(1, "Rättat sedan förra rapporten"), Bullets(tuple(shown))]


def _which(one: Correction, facts: RollUp) -> str:
    """The activity; with its group or its plan where another one is called the same."""
    alike = [(other.group, other.plan) for other in facts.corrected if other.what == one.what]
    return _apart(one.what, (one.group, one.plan), alike, facts)


def _apart(what: str, its: tuple[str, str], alike: Sequence[tuple[str, str]], facts: RollUp) -> str:
    """An activity, with what of its group and plan tells it from others of the same words."""
    others = zip(*alike, strict=True)
    apart = [mine for mine, each in zip(its, others, strict=True) if len(set(each)) > 1]
    told = apart and facts.schema >= EACH_ITS_OWN
    return f"{what} ({', '.join(apart)})" if told else what


def _no_longer(one: Correction) -> str:
    """What holds no longer: "Beslutad 5 mars 2024"."""
    day = day_in_words(one.day)
    if one.part_state is not None:
        return f"beskedet {day} om delen {one.part} ({one.part_state.value})"
    if one.move is not None:
        return f"{DONE[one.move]} {day}"
    if one.agreed is not None:
        return f"{_ANEW[one.agreed]} {day}"
    said = SAYS[one.says] if one.says is not None else "inget nytt"
    return f"beskedet {day} ({said})"


_ANEW = {
    Agreed.WHAT: "ny ordalydelse",
    Agreed.START: "ny start",
    Agreed.DEADLINE: "nytt slutdatum",
    Agreed.RESPONSIBLE: "ny ansvarig",
    Agreed.GROUP: "ny grupp",
    Agreed.RESULT: "rättat resultat",
    Agreed.FIGURE: "ny siffra",
    Agreed.KEPT_BY: "ny uppgift om vem som för vidare",
    Agreed.FUNDING: "nya medel",
}


def _all_of(words: list[str]) -> str:
    return " och ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def how_counted(facts: RollUp) -> list[Block]:
    """The note that says what the figures mean."""
    until = day_in_words(facts.period.until)
    done = "registrerades" if facts.schema >= LATE_APART else "gjordes"
    once = [words.format(done=done) for words in _ONE_NUMBER]
    return [
        Heading(1, "Så är siffrorna räknade"),
        Bullets(
            (
                _WHO_BELONGED_BEFORE.format(until=until)
                if facts.schema == 1
                else _WHO_BELONGS.format(until=until),
                "Läget är det som gällde den sista dagen. Vad som hände efteråt ändrar det inte.",
                "Försenad: slutdatum har passerat, aktiviteten är inte uppföljd och ingen har "
                "meddelat att den är klar.",
                *_IN_TIME_SINCE[facts.schema >= _DAYS_APART],
                *(_LEFT_OUT if facts.schema >= _CORRECTS else ()),
                *(once if facts.schema >= ONE_NUMBER else _CARRIED_BEFORE),
                "Siffrorna är låsta med den utgåva som står längst ned. En rättelse blir en ny "
                "utgåva.",
            )
        ),
    ]
