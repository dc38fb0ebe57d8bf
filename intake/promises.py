"""When a collaboration's people are written to, as a page and a command change it.

Read from a form into the words of `policy.toml`, doubted at each field, and put on file as rows
that count from a day (`models/promises.py`). Raises `Refused` with sentences.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from config import clock
from config.own_policy import MOST_STEPS, OWN, Says, sections_of, what_differs, with_own
from config.policy import Ladder, Policy, PolicyError, quiet_of
from intake.forms import Words
from intake.people.register import note
from models.columns import c
from models.moves import Mover, Refused
from models.promises import PolicyChange, promised, said_on
from models.refusal import at
from rules.swedish_dates import read
from rules.wording import MONTHS, day_in_words, with_och

# The ladders that a page shows: section, name in it, what it is called, and the day it counts to.
LADDERS = (
    ("deadline", "default", "Slutdatum", "aktivitetens slutdatum"),
    ("deadline", "year", "Slutdatum som är ett helt år", "årets sista dag"),
    ("start", "default", "Start", "den dag aktiviteten skulle ha startat"),
    ("review", "default", "Översyn", "dagen för översyn"),
    ("resume", "default", "Paus", "den dag pausen skulle vara slut"),
    ("funding", "default", "Medel", "sista dagen medlen får användas"),
)
_CALLED = {
    "deadline": "Slutdatum",
    "start": "Start",
    "review": "Översyn",
    "resume": "Paus",
    "funding": "Medel",
    "brister": "Brister",
    "round": "Statusrundor",
    "escalation": "När ingen svarar",
    "calendar": "Tysta veckor",
}
_MOST_BEFORE, _MOST_AFTER, _MOST_RUNGS = 400, 720, 12
_MOST_REPEAT, _MOST_GIVE_UP, _MOST_WORKING_DAYS = 365, 3650, 120
_MOST_QUIET = 183  # days of a year; a collaboration that writes to nobody for longer rests
# The fields have been looked at one by one; what is left goes wrong between them.
_DOES_NOT_FIT = (
    "Påminnelserna går inte ihop med resten av det som gäller här. Välj färre dagar eller längre "
    "tid emellan, eller fråga administratören vad installationens policy säger."
)
_A_LEAP_YEAR = 2024  # 29 February may begin or end a stretch


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants a collaboration to say, and from which day."""

    policy: Policy
    says: Says
    counts_from: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody has decided, all at once: the words of each section, and who and when."""

    counts_from: date
    words: tuple[str, ...]
    by: str
    on_day: date
    withdrawn_by: str = ""


def values_of(policy: Policy) -> dict[str, object]:
    """What the form of a policy is filled from, by the names of its fields."""
    found: dict[str, object] = {}
    for section, name, _, _ in LADDERS:
        ladders = policy.ladders[section]
        ladder = ladders.get(name) or ladders["default"]
        key = key_of(section, name)
        found[f"{key}_fore"] = ", ".join(str(rung) for rung in ladder.rungs if rung >= 0)
        found[f"{key}_efter"] = ", ".join(str(-rung) for rung in ladder.rungs if rung < 0)
        if name == "default":
            found[f"{key}_var"] = str(ladder.repeat_after)
            found[f"{key}_langst"] = str(ladder.give_up_after)
    found["ordforande"] = str(policy.escalation.chair)
    found["processledare"] = str(policy.escalation.process_leader)
    found["tysta"] = "\n".join(
        f"{_month_day(quiet.first)} – {_month_day(quiet.last)}" for quiet in policy.quiet
    )
    return found


def labels() -> dict[str, str]:
    """What each field is called, where somebody else has changed it meanwhile."""
    found = {"ordforande": "Ordföranden", "processledare": "Processledaren"}
    found["tysta"] = "Tysta veckor"
    for section, name, called, _ in LADDERS:
        key = key_of(section, name)
        found |= {
            f"{key}_fore": f"{called}, dagar före",
            f"{key}_efter": f"{called}, dagar efter",
            f"{key}_var": f"{called}, sedan var",
            f"{key}_langst": f"{called}, som längst",
        }
    return found


def key_of(section: str, name: str) -> str:
    """What the names of a ladder's fields begin with."""
    return section if name == "default" else name


def newest_day(session: Session, area: int | None, today: date) -> date:
    """The last day from which anything that is decided counts; today at the earliest."""
    row = c(PolicyChange)
    asked = select(func.max(row.counts_from)).where(
        row.collaboration_id == area, row.withdrawn_at.is_(None)
    )
    latest = session.execute(asked).scalar()
    return max(today, latest) if latest else today


def wanted(
    session: Session, base: Policy, area: int | None, given: Mapping[str, str], today: date
) -> Wanted:
    """What a form asks for, understood. Raises `Refused` with a sentence at each field.

    What the form does not show (ladders of other precisions) stays as it is.
    """
    reading = Words(given, today)
    latest = newest_day(session, area, today)
    counts_from = _counts_from(reading, latest)
    promises = promised(session, base, counts_from or latest)
    told = sections_of(promises.of(area))
    for section, name, _, _ in LADDERS:
        _read_ladder(reading, told[section], section, name)
    for section in dict.fromkeys(section for section, *_ in LADDERS):
        _doubt_ladders(reading, told[section], section)
    _read_grace(reading, told["escalation"])
    told["calendar"]["quiet"] = _read_quiet(reading)
    reading.done()
    assert counts_from is not None
    try:
        made = with_own(promises.of(area), told)
    except (PolicyError, TypeError) as error:
        raise Refused([_DOES_NOT_FIT]) from error
    usual = base if area is None else promises.usual
    return Wanted(made, what_differs(made, usual), counts_from)


def say(
    session: Session,
    area: int | None,
    says: Says,
    counts_from: date,
    mover: Mover,
    *,
    today: date,
) -> list[str]:
    """Put on file what is said from a day on, and in the collaboration's history.

    Sections that are said already, in the same words, get no row. Raises `Refused` when nothing
    differs. Returns what was changed, in words.
    """
    before: Mapping[str, Any] = said_on(session, counts_from).get(area, {})
    changed = [name for name in OWN if dict(says.get(name, {})) != dict(before.get(name, {}))]
    if not changed:
        raise Refused(["Inget är ändrat: det är så det är redan."])
    now = clock.now()
    session.add_all(
        PolicyChange(
            collaboration_id=area,
            section=section,
            says=dict(says.get(section, {})),
            counts_from=counts_from,
            decided_at=now,
            decided_by=mover.name,
        )
        for section in changed
    )
    session.flush()
    words = [in_words(section, says.get(section, {})) for section in changed]
    if area is not None:
        day = day_in_words(counts_from)
        told = f"Påminnelser, gäller från {day}: {'; '.join(words)}"
        note(session, told, mover.name, today=today, collaboration_id=area)
    return words


def say_what_a_file_says(
    session: Session,
    base: Policy,
    area: int | None,
    says: Says,
    counts_from: date,
    mover: Mover,
    *,
    today: date,
) -> list[str]:
    """The sections of a file, over what is said already. Raises `Refused`, and `PolicyError`.

    A section that says the same as the installation (or as `policy.toml`) says nothing.
    """
    latest = newest_day(session, area, today)
    if counts_from < latest:
        decided_from = f"Something is decided from {latest} already, or it is past"
        raise Refused([f"{decided_from}: choose that day or a later one."])
    promises = promised(session, base, counts_from)
    under = base if area is None else promises.usual
    differs = what_differs(with_own(under, says), under)
    before = said_on(session, counts_from).get(area, {})
    new = {**before, **{section: differs.get(section, {}) for section in says}}
    with_own(under, new)
    return say(session, area, new, counts_from, mover, today=today)


def withdraw(
    session: Session, area: int, counts_from: date | None, mover: Mover, *, today: date
) -> None:
    """Take back what was to count from a day that has not come. Raises `Refused`."""
    row = c(PolicyChange)
    coming = (row.collaboration_id == area, row.counts_from == counts_from)
    found = list(
        session.execute(select(PolicyChange).where(*coming, row.withdrawn_at.is_(None))).scalars()
    )
    if counts_from is None or not found:
        raise Refused(["Den ändringen finns inte kvar. Läs in sidan igen."])
    if counts_from <= today:
        told = f"Det gäller sedan {day_in_words(counts_from)}. Ändra i stället."
        raise Refused([told])
    for each in found:
        each.withdrawn_at, each.withdrawn_by = clock.now(), mover.name
    told = f"Påminnelser: det som skulle gälla från {day_in_words(counts_from)} är borttaget."
    note(session, told, mover.name, today=today, collaboration_id=area)


def decided(session: Session, area: int) -> list[Decided]:
    """What has been decided for a collaboration, newest first."""
    rows = session.execute(
        select(PolicyChange)
        .where(c(PolicyChange).collaboration_id == area)
        .order_by(c(PolicyChange).id.desc())
    ).scalars()
    together: dict[tuple[Any, ...], list[PolicyChange]] = {}
    for row in rows:
        key = (row.decided_at, row.counts_from, row.decided_by)
        together.setdefault(key, []).append(row)
    return [
        Decided(
            first.counts_from,
            tuple(in_words(each.section, each.says) for each in reversed(group)),
            first.decided_by,
            clock.in_stockholm(first.decided_at).date(),
            first.withdrawn_by,
        )
        for group in together.values()
        for first in group[:1]
    ]


def in_words(section: str, says: Mapping[str, Any]) -> str:
    """ "Slutdatum: 30, 7 och 1 dag före, 1 och 7 dagar efter, sedan var 14:e dag"."""
    called = _CALLED[section]
    if not says:
        return f"{called}: som installationen"
    told = [_one_in_words(name, value) for name, value in says.items()]
    return f"{called}: {', '.join(told)}"


def _one_in_words(name: str, value: Any) -> str:  # noqa: ANN401 - a value of policy.toml
    if name == "quiet":
        return _quiet_in_words(value)
    if isinstance(value, list):
        of = {"default": "", "year": "för ett helt år "}.get(name, f"{name} ")
        return of + _rungs_in_words(value)
    return _NUMBERS[name].format(value)


_NUMBERS = {
    "repeat_after": "sedan var {}:e dag",
    "give_up_after": "i högst {} dagar",
    "chair": "ordföranden efter {} arbetsdagar",
    "process_leader": "processledaren efter {} arbetsdagar",
    "from_rung": "räknat från trappsteg {}",
}


def _rungs_in_words(rungs: Sequence[int]) -> str:
    before = [str(rung) for rung in rungs if rung >= 0]
    after = [str(-rung) for rung in rungs if rung < 0]
    told = [f"{_days_in_words(before)} före"] if before else []
    told += [f"{_days_in_words(after)} efter"] if after else []
    return ", ".join(told)


def _days_in_words(days: Sequence[str]) -> str:
    """ "30, 7 och 1 dag": the last one says how the word bends."""
    return f"{with_och(days)} {'dag' if days[-1] == '1' else 'dagar'}"


def _quiet_in_words(value: Sequence[str]) -> str:
    stretches = [quiet_of(words) for words in value]
    told = [f"{_month_day(one.first)} – {_month_day(one.last)}" for one in stretches]
    return with_och(told) if told else "inga"


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[1]} {MONTHS[day[0] - 1]}"


def _counts_from(reading: Words, latest: date) -> date | None:
    """The day from which it counts; not before today, or before what is decided already."""
    if not reading.line("fran"):
        reading.problems.append(at("fran", "Skriv från vilken dag det ska gälla."))
        return None
    day = reading.day("fran", coming=True)
    if day is not None and day < reading.today:
        told = "Det som redan har skickats ändras inte. Välj i dag eller en senare dag."
        reading.problems.append(at("fran", told))
    elif day is not None and day < latest:
        told = (
            f"En ändring är redan beslutad från {day_in_words(latest)}. Välj den dagen eller en "
            "senare, eller ta bort den ändringen först."
        )
        reading.problems.append(at("fran", told))
    return day


def _read_ladder(reading: Words, told: dict[str, Any], section: str, name: str) -> None:
    key = key_of(section, name)
    before = _days(reading, f"{key}_fore", _MOST_BEFORE, smallest=0)
    after = _days(reading, f"{key}_efter", _MOST_AFTER, smallest=1)
    if not before and not after:
        told_how = "Skriv minst en dag, före eller efter. Annars påminns ingen."
        if not reading.line(f"{key}_fore") and not reading.line(f"{key}_efter"):
            reading.problems.append(at(f"{key}_fore", told_how))
        return
    told[name] = [*sorted(before, reverse=True), *(-day for day in sorted(after))]
    if len(told[name]) > _MOST_RUNGS:
        many = f"Högst {_MOST_RUNGS} påminnelser räknas upp. Låt resten upprepas."
        reading.problems.append(at(f"{key}_fore", many))
    if name == "default":
        told["repeat_after"] = _number(reading, f"{key}_var", 1, _MOST_REPEAT)
        told["give_up_after"] = _number(reading, f"{key}_langst", 0, _MOST_GIVE_UP)


def _doubt_ladders(reading: Words, told: Mapping[str, Any], section: str) -> None:
    """Does what is repeated go on until the last day that is named, and not for ever?"""
    repeat, longest = told["repeat_after"], told["give_up_after"]
    for name, rungs in told.items():
        if not isinstance(rungs, list):
            continue
        if longest < -rungs[-1]:
            late = f"Den sista påminnelsen är {-rungs[-1]} dagar efter. Skriv minst så många dagar."
            reading.problems.append(at(f"{section}_langst", late))
            return
        try:
            Ladder(tuple(rungs), repeat, longest)
        except PolicyError:
            reading.problems.append(at(f"{key_of(section, name)}_fore", "Dagarna går inte ihop."))
    steps = longest // repeat + _MOST_RUNGS
    if steps > MOST_STEPS:
        often = f"Det blir över {longest // repeat} påminnelser. Välj glesare, eller kortare tid."
        reading.problems.append(at(f"{section}_var", often))


def _read_grace(reading: Words, told: dict[str, Any]) -> None:
    sound = len(reading.problems)
    chair = _number(reading, "ordforande", 1, _MOST_WORKING_DAYS)
    leader = _number(reading, "processledare", 2, _MOST_WORKING_DAYS)
    if leader <= chair and len(reading.problems) == sound:
        later = "Processledaren kommer efter ordföranden: skriv fler dagar än där."
        reading.problems.append(at("processledare", later))
    told["chair"], told["process_leader"] = chair, leader


def _read_quiet(reading: Words) -> list[str]:
    """ "8 juli – 4 augusti", one stretch a line, as `policy.toml` has them."""
    found: list[str] = []
    for line in reading.lines("tysta").splitlines():
        if not line.strip():
            continue
        ends = [_month_and_day(part) for part in _BETWEEN.split(line.strip())]
        if len(ends) == 1:
            ends *= 2
        if len(ends) != 2 or None in ends:
            told = f"”{line.strip()[:60]}” är inga dagar vi förstår. Skriv till exempel "
            reading.problems.append(at("tysta", f"{told}”8 juli – 4 augusti”."))
        else:
            found.append(f"{ends[0]}..{ends[1]}")
    if _quiet_days(found) > _MOST_QUIET:
        much = "Det är tyst mer än halva året. Låt samverkan vila i stället, på sidan Samverkan."
        reading.problems.append(at("tysta", much))
    return found


_BETWEEN = re.compile(r"\s*–\s*|\s+-\s+|\s*\.\.\s*|\s+till(?:\s+och\s+med)?\s+", re.IGNORECASE)


def _month_and_day(words: str) -> str | None:
    """ "8 juli" -> "07-08"; None for what is no single day."""
    written = words.strip()
    if re.fullmatch(r"\d\d-\d\d", written):
        written = f"{_A_LEAP_YEAR}-{written}"
    span = read(written, date(_A_LEAP_YEAR, 1, 1), year=_A_LEAP_YEAR)
    if span.last is None or span.first != span.last:
        return None
    return f"{span.last:%m-%d}"


def _quiet_days(stretches: Sequence[str]) -> int:
    first = date(_A_LEAP_YEAR, 1, 1).toordinal()
    year = [date.fromordinal(first + number) for number in range(366)]
    quiet = [quiet_of(words) for words in stretches]
    return sum(any(one.holds(day) for one in quiet) for day in year)


def _days(reading: Words, field: str, largest: int, *, smallest: int) -> list[int]:
    """ "30, 7, 1": whole numbers, each once."""
    found: set[int] = set()
    for word in re.split(r"[,;\s]+", reading.line(field)):
        if word in ("", "och"):
            continue
        if not word.isdecimal() or len(word) > 5 or not smallest <= int(word) <= largest:
            told = f"”{word[:40]}” går inte. Skriv antal dagar, {smallest} till {largest}, "
            reading.problems.append(at(field, f"{told}med komma mellan: 30, 7, 1."))
            return []
        found.add(int(word))
    return sorted(found)


def _number(reading: Words, field: str, smallest: int, largest: int) -> int:
    """A whole number within bounds; the smallest where it is refused."""
    words = reading.line(field)
    if words.isdecimal() and len(words) < 6 and smallest <= int(words) <= largest:
        return int(words)
    reading.problems.append(at(field, f"Skriv ett antal dagar, {smallest} till {largest}."))
    return largest if field.endswith("_langst") else smallest
