"""Days, distances and counts as Swedish words: said once, so that mail, page and report agree."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from models.status import Says

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_SHORT_MONTHS = (
    *("jan", "feb", "mars", "april", "maj", "juni"),
    *("juli", "aug", "sep", "okt", "nov", "dec"),
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_SMALL = (
    "noll",
    "en",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
)

SAYS_IN_WORDS = {
    Says.ON_TRACK: "Går enligt plan",
    Says.AT_RISK: "Osäkert om vi hinner",
    Says.LATE: "Försenat",
    Says.DONE: "Klart",
    Says.NOTHING_NEW: "Inget nytt sedan sist",
    Says.NOT_ME: "Inte mitt ansvar",
}


def takes_over(says: Says, instead: str, by: str) -> bool:
    """Does whoever answered name herself: is the question another's, and she takes it over?"""
    return says is Says.NOT_ME and bool(instead) and instead == by


def answer_in_words(says: Says, instead: str, by: str) -> str:
    """What an answer says: "Försenat". `instead`: who answers for it instead, `by`: who said so."""
    return "Tar över frågan" if takes_over(says, instead, by) else SAYS_IN_WORDS[says]


def day_in_words(day: date) -> str:
    """2024-12-31 -> "31 december 2024"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """2024-12-31 -> "31 dec": where there is little room."""
    return f"{day.day} {_SHORT_MONTHS[day.month - 1]}"


def shortened(words: str, most: int) -> str:
    """At most so many characters of some words, cut between two of them where that can be."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    whole = cut.rpartition(" ")[0] if " " in cut[most // 2 :] else cut
    return f"{whole.rstrip(' ,;:–-')}…"


def weekday_in_words(day: date) -> str:
    """2024-12-31 -> "tisdag 31 december 2024"."""
    return f"{WEEKDAYS[day.weekday()]} {day_in_words(day)}"


def distance(today: date, day: date) -> str:
    """How far away a day is: "om 7 dagar", "i morgon", "i dag", "för 7 dagar sedan"."""
    days = (day - today).days
    near = {0: "i dag", 1: "i morgon", -1: "i går"}
    if days in near:
        return near[days]
    return f"om {days} dagar" if days > 0 else f"för {-days} dagar sedan"


def number_in_words(number: int) -> str:
    """Up to twelve as a word: "tre", "13"."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else str(number)


def counted(number: int, one: str, many: str, *, neuter: bool = False) -> str:
    """1 -> "en aktivitet", 3 -> "tre aktiviteter", 13 -> "13 aktiviteter"; neuter: "ett brev"."""
    if number == 1 and neuter:
        return f"ett {one}"
    return f"{number_in_words(number)} {one if number == 1 else many}"


def capitalised(words: str) -> str:
    """First letter large, the rest untouched (`str.capitalize` would spoil NOSAM)."""
    return words[:1].upper() + words[1:]


def visible(words: str) -> str:
    """Somebody's words on one line, to quote: cut when long, odd signs by their codes."""
    plain = words if len(words) <= 80 else f"{words[:79]}…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in plain)


def alphabetically(words: str) -> tuple[str, str]:
    """What to sort Swedish words by: å, ä, ö last and in that order, small and large alike, é as e,
    ü as y, and "Temagrupp 2" before "Temagrupp 10". Two that differ in nothing else have one order.
    """
    return _NUMBER.sub(_padded, words.casefold().translate(_LAST_LETTERS)), words


def _padded(number: re.Match[str]) -> str:
    return number[0].zfill(9)


_NUMBER = re.compile(r"[0-9]+")
_LAST_LETTERS = str.maketrans("åäöæøéèëáàü", "{|}|}eeeaay")


def rung_reached(kind: str, due_on: date, rung: int, told_on: date | None = None) -> str:
    """What was reached when a letter was written: "Slutdatum 31 december 2024, 7 dagar före".

    A letter that went later than the rung's own day (`told_on`) was so many days before as it was.
    """
    if told_on is not None and kind != "silence":
        rung = (due_on - told_on).days
    watched = {
        "deadline": "slutdatum",
        "start": "start",
        "review": "översyn",
        "resume": "pausens slut",
        "part": "delens slutdatum",
        "funding": "medlens sista dag",
        "round": "statusrunda till",
    }
    if kind == "delegation":
        return f"ersätter från och med {day_in_words(due_on)}"
    if kind == "lack":
        return f"saknar något sedan {day_in_words(due_on)}"
    if kind == "done":
        return f"klart enligt besked {day_in_words(due_on)}"
    if kind == "undone":
        return f"togs tillbaka {day_in_words(due_on)}"
    if kind == "silence":
        return f"inget svar sedan {day_in_words(due_on)}, går vidare till {next_in_line(rung)}"
    days = "1 dag" if abs(rung) == 1 else f"{abs(rung)} dagar"
    when = "på dagen" if rung == 0 else f"{days} {'före' if rung > 0 else 'efter'}"
    return f"{watched[kind]} {day_in_words(due_on)}, {when}"


def reason_for_asking(kind: str, due_on: date, today: date, *, decided: bool = True) -> str:
    """Why an activity stands in a letter today, as one sentence with the day and how far it is."""
    passed = due_on < today
    template = _REASONS.get((kind, passed)) or _REASONS.get((kind, None))
    if template is None:
        raise ValueError(f"no wording for {kind!r}")
    if kind == "deadline" and not decided:
        template = template.removesuffix(".") + ", men aktiviteten är ännu inte beslutad."
    return template.format(day=day_in_words(due_on), far=distance(today, due_on))


# By kind, and by whether the day has passed (None: it makes no difference).
_REASONS = {
    ("deadline", False): "Slutdatum är {day} ({far}).",
    ("deadline", True): "Slutdatum var {day} ({far}).",
    ("part", False): "Slutdatum är {day} ({far}).",
    ("part", True): "Slutdatum var {day} ({far}).",
    ("start", None): "Skulle ha startat senast {day} ({far}).",
    ("review", False): "Löper över tid. Dags att se över den {far}, {day}.",
    ("review", True): "Löper över tid. Skulle ses över {day} ({far}).",
    ("resume", False): "Pausad. Pausen ska omprövas {day} ({far}).",
    ("resume", True): "Pausad. Pausen skulle omprövas {day} ({far}).",
    ("funding", False): "Medlen ska användas senast {day} ({far}).",
    ("funding", True): "Medlen skulle användas senast {day} ({far}).",
    ("round", None): "Statusrunda: gruppen vill ha ett besked senast {day} ({far}).",
    ("silence", None): "Ingen har svarat sedan {day}.",
}


def held_back(quiet_weeks: bool) -> str:
    """Why a letter that was to come the day before a day comes only now."""
    what = "Uppehållet i utskicken" if quiet_weeks else "Helgen"
    return f"{what} gör att brevet kommer först i dag."


def next_in_line(rung: int) -> str:
    """Whom a silence has gone to."""
    return "processledaren" if rung <= -2 else "gruppens ordförande"


def tried_in_words(tried: Sequence[tuple[str, date]]) -> str:
    """Who was asked when, in one sentence: "Alice fick frågan 3 och 10 juni, Bob 17 juni."."""
    if not tried:
        return ""
    first, *others = _each_with_days(tried)
    name, days = first
    parts = [f"{name} fick frågan {days}", *(f"{name} {days}" for name, days in others)]
    return ", ".join(parts) + "."


def gone_on_in_words(told: Sequence[tuple[str, date]]) -> str:
    """To whom a question has gone that nobody answered: "Frågan har gått vidare till Alice …"."""
    if not told:
        return ""
    parts = [f"{name} {days}" for name, days in _each_with_days(told)]
    return f"Frågan har gått vidare till {', '.join(parts)}."


def _each_with_days(told: Sequence[tuple[str, date]]) -> list[tuple[str, str]]:
    """Each name once, with her days in words."""
    days: dict[str, list[date]] = {}
    for name, day in told:
        days.setdefault(name, []).append(day)
    return [(name, _some_days(each)) for name, each in days.items()]


_A_YEAR = timedelta(days=335)  # less a month: "15 mars" and "2 mars" a year later read as one


def _some_days(days: Sequence[date]) -> str:
    """Days of the last months: "28 maj, 3 och 10 juni"; with years where a month could be two."""
    by_month: dict[tuple[int, int], list[str]] = {}
    for day in sorted(set(days)):
        by_month.setdefault((day.year, day.month), []).append(str(day.day))
    within_a_year = max(days) - min(days) < _A_YEAR
    found = []
    for (year, month), numbers in by_month.items():
        told = f"{with_och(numbers)} {MONTHS[month - 1]}"
        found.append(told if within_a_year else f"{told} {year}")
    return ", ".join(found)


def with_och(words: Sequence[str]) -> str:
    """One, two and three: "3, 5 och 10"."""
    return " och ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def period_in_words(first: date | None, last: date | None) -> str:
    """A plan's period: "2024", "2023–2026", "1 mars 2024 – 31 augusti 2025", "från 2024"."""
    begins = first is not None and (first.month, first.day) == (1, 1)
    ends = last is not None and (last.month, last.day) == (12, 31)
    if first and last and begins and ends:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first and last:
        return f"{day_in_words(first)} – {day_in_words(last)}"
    if first:
        return f"från {first.year if begins else day_in_words(first)}"
    return f"till och med {last.year if ends else day_in_words(last)}" if last else ""


def over_cap(open_activities: int, cap: int | None) -> str:
    """The warning when a plan holds more than its groups agreed on; "" when it does not."""
    if cap is None or open_activities <= cap:
        return ""
    held = counted(open_activities, "öppen aktivitet", "öppna aktiviteter")
    return (
        f"Planen har {held}, fler än {'den enda' if cap == 1 else f'de {cap}'} ni kom överens om."
    )
