"""One date at a time: where each unit of time stands in a text, and which days it means.

A recogniser is a pattern and a small function that turns its match into `Part`s: a day, a week, a
quarter, a season, "om två veckor". A part without a year of its own knows its days in *any* year.
Years, ranges, lists and words such as "senast" are left to `swedish_dates.py`; the word tables and
the hiding of what is no date to `date_words.py`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from models.span import Precision
from rules.date_words import (
    COUNT,
    DAY_STEP,
    HOLIDAY,
    HOLIDAYS,
    MONTH,
    MONTH_NAMES,
    MONTHS,
    NAMES_TOO,
    NUMBER_WORDS,
    OPEN,
    ORDINAL,
    ORDINALS,
    RECURRING,
    SEASONS,
    UNCLEAR,
    WEEKDAY,
    WEEKDAYS,
    Days,
    NotADayError,
    day_of,
    either,
    later,
    month_of,
    months_of,
    period,
    piece_of_year,
    school_year_of,
    season_of,
    third,
    turn_before,
    week_of,
    year_of,
)

Match = re.Match[str]

# From fine to coarse. Every part has one of these as its unit, whatever its precision.
FINENESS = (
    Precision.DAY, Precision.WEEK, Precision.MONTH, Precision.QUARTER, Precision.TERTIAL,
    Precision.SEASON, Precision.TERM, Precision.HALF, Precision.SCHOOL_YEAR, Precision.YEAR,
    Precision.RECURRING, Precision.OPEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of time in a text, from `begin` to `end` in the plain words.

    `days` gives the days in a year. `year` is None until somebody says which. A `weak` part
    ("Jan", "T3", "24/7") is a date only if something beside it says so.
    """

    begin: int
    end: int
    precision: Precision
    unit: Precision
    days: Callable[[int], Days]
    year: int | None = None
    is_year: bool = False
    weak: bool = False
    late: bool = False  # the last third: "före slutet av mars" still means before April
    doubt: str | None = None


def third_in(days: Callable[[int], Days], number: int, year: int) -> Days:
    """A third of what `days` gives for a year."""
    return third(days(year), number)


def fixed(days: Days, _year: int) -> Days:
    """The same days whatever the year: for what is counted from the reference date."""
    return days


def refuse(reason: str, _year: int) -> Days:
    """No days in any year, and why."""
    raise NotADayError(reason)


# -- pieces of patterns ---------------------------------------------------------------------------

_B = r"(?<!\w)"
_E = r"(?!\w)"
_DAY_MONTH = either(MONTHS)
# One way only to match each joiner: two ways, repeated, would take exponential time.
_AND = r" ?(?:-|,(?: och)?|/|&|\+|och|samt|eller|till|resp\.?|t\.? ?o\.? ?m\.?) ?"
_YEAR = r"(?:19[5-9][0-9]|20[0-9]{2})"
# "-24", " -24", "'24", " 24"; but not the 24 of "mars-24 april", "24/4", "24:e", "24-26".
_YY = (
    r"(?:(?: ?(?P<sign>['/-])| )(?P<yy>[0-9]{2})"
    rf"(?![0-9\w]|[.:/-][0-9]|:[ea]| ?{_DAY_MONTH}{_E}|,[0-9]| ?(?:år|veckor|dagar|månader){_E}))"
)
_PAIR = r" ?-?(?P<one>[0-9]{4}|[0-9]{2}) ?[/-] ?(?P<two>[0-9]{4}|[0-9]{2})(?![0-9]|-[0-9])"
# With a dash "våren 2024–2025" is a range; only winters and school years run over the turn so.
_SLASH_PAIR = _PAIR.replace("[/-]", "/")
# The dot of "jan." is the month's where something of the date follows, else the sentence's.
_DOT = r"(?:\.(?= ?[0-9'/,-]| (?:och|till|samt|månad)))?"
_DAY = r"[0-9]{1,2}(?::?[ae](?!\w))?\.?"
_EDGE_AFTER = r"(?: (?P<edge>början|inledning|start|mitt|slut|utgång)(?!\w))?"


def plausible_year(yy: str, today: date) -> int | None:
    """The year two digits mean, where that is near enough for a plan to speak of."""
    year = today.year // 100 * 100 + int(yy)
    return year if today.year - 10 <= year <= today.year + 20 else None


def full_year(digits: str, today: date) -> int:
    """A year of two or four digits, in the century of the reference."""
    return int(digits) if len(digits) == 4 else today.year // 100 * 100 + int(digits)


def count_of(words: str) -> int:
    """ "3" or "tre" as a number."""
    return int(words) if words.isdigit() else NUMBER_WORDS[words]


def ordinal_of(words: str) -> int:
    """ "andra" or "2:a" as a number; 0 for "sista"."""
    if words[0].isdigit():
        return int(re.match(r"[0-9]+", words)[0])  # type: ignore[index]
    return ORDINALS.get(words, 0)


def numbers(match: Match, group: str) -> Iterator[tuple[int, int, int]]:
    """Every number in a group, with where it stands."""
    offset = match.start(group)
    for found in re.finditer("[0-9]+", match[group] or ""):
        yield int(found[0]), offset + found.start(), offset + found.end()


def edge_of(match: Match) -> int | None:
    """Which third a word after the unit asks for: "terminens slut"."""
    thirds = {"början": 0, "inledning": 0, "start": 0, "mitt": 1, "slut": 2, "utgång": 2}
    return thirds.get(match["edge"]) if match["edge"] else None


def _whole(
    match: Match, unit: Precision, days: Callable[[int], Days], year: int | None = None, *,
    precision: Precision | None = None, is_year: bool = False, weak: bool = False,
    doubt: str | None = None,
) -> Part:  # fmt: skip
    """A part that is the whole match; its precision is its unit, if nothing else is said."""
    return Part(*match.span(), precision or unit, unit, days, year, is_year, weak, doubt=doubt)


def narrowed(part: Part, which: int | None) -> Part:
    """The part, or a third of it."""
    if which is None:
        return part
    days = partial(third_in, part.days, which)
    return Part(
        part.begin, part.end, Precision.APPROX, part.unit, days, part.year, late=which == 2,
        doubt=part.doubt,
    )  # fmt: skip


# -- days -----------------------------------------------------------------------------------------


def _days_in(
    match: Match, month: int, year: int | None, *, weak: bool = False, doubt: str | None = None
) -> list[Part]:
    """ "15–17 mars": one part per number; the last one takes in the month and the year."""
    parts = [
        Part(begin, end, Precision.DAY, Precision.DAY, partial(day_of, month, day), weak=weak)
        for day, begin, end in numbers(match, "list")
    ]
    days = partial(day_of, month, int(match["day"]))
    begin, end = match.start("day"), match.end()
    last = Part(begin, end, Precision.DAY, Precision.DAY, days, year, weak=weak, doubt=doubt)
    return [*parts, last]


def _two_digits(match: Match, today: date) -> tuple[int | None, bool]:
    """The two-digit year after a date, and whether two digits stand there that cannot be one."""
    if not match["yy"]:
        return None, False
    year = plausible_year(match["yy"], today)
    return year, year is None


def _day_and_month(match: Match, today: date) -> list[Part]:
    year, _ = _two_digits(match, today)
    return _days_in(match, MONTHS[match["month"]], year)


def _ordinal_day(match: Match, _today: date) -> list[Part]:
    month = MONTHS[match["month"]]
    number = ordinal_of(match["ordinal"])

    def days(year: int) -> Days:
        last = month_of(month, year)[1]
        return day_of(month, number, year) if number else (last, last)

    return [_whole(match, Precision.DAY, days)]


def _month_edge(match: Match, _today: date) -> list[Part]:
    """ "ultimo mars": in bookkeeping the last day, "primo" the first."""
    month = MONTHS[match["month"]]
    at = 0 if match["which"] == "primo" else 1

    def days(year: int) -> Days:
        return (month_of(month, year)[at],) * 2

    return [_whole(match, Precision.DAY, days)]


def _iso_day(match: Match, _today: date) -> list[Part]:
    year = int(match["year"])
    return [
        _whole(match, Precision.DAY, partial(day_of, int(match["month"]), int(match["day"])), year)
    ]  # fmt: skip


def _iso_days(match: Match, today: date) -> list[Part]:
    """2024-03-01–06-30: the year is said once."""
    start = _iso_day(match, today)[0]
    days = partial(day_of, int(match["month2"]), int(match["day2"]))
    begin, end = match.start("month2"), match.end()
    last = Part(begin, end, Precision.DAY, Precision.DAY, days, start.year)
    return [replace(start, end=match.end("day")), last]


def _compact_day(match: Match, today: date) -> list[Part]:
    """240315 or 20240315; six digits that are no day are mostly a number of something else."""
    digits = match[0]
    long = len(digits) == 8
    year = int(digits[:4]) if long else plausible_year(digits[:2], today)
    month, day = int(digits[-4:-2]), int(digits[-2:])
    if not long and not 1 <= month <= 12 and 1 <= int(digits[4:]) <= 12 and digits[:2] == "20":
        days: Callable[[int], Days] = partial(month_of, int(digits[4:]))
        return [_whole(match, Precision.MONTH, days, int(digits[:4]))]
    if year is None:
        return []
    days = partial(day_of, month, day)
    weak = not 1 <= month <= 12 or not 1 <= day <= 31
    return [_whole(match, Precision.DAY, days, year, weak=weak)]


def _day_slash_month(match: Match, today: date) -> list[Part]:
    """15/3, 15–17/3-24, 15/3/2024. Never month first."""
    month, day = int(match["month"]), int(match["day"])
    year = int(match["year"]) if match["year"] else _two_digits(match, today)[0]
    impossible = not (1 <= month <= 12 and 1 <= day <= 31)
    return _days_in(match, month, year, weak=year is None and impossible)


def _numeric_day(match: Match, today: date) -> list[Part]:
    """15.3.2024, 15-03-24, 24-03-15: day first, unless dashes and a near year say year first."""
    one, month, two = match["one"], int(match["month"]), match["two"]
    span, unit = match.span(), Precision.DAY
    if len(two) == 4:
        return [Part(*span, unit, unit, partial(day_of, month, int(one)), int(two))]
    first, last = plausible_year(one.zfill(2), today), plausible_year(two, today)
    if "-" not in match[0] or not 1 <= int(two) <= 31:
        first = None
    if first and last and abs(first - today.year) > max(5, abs(last - today.year)):
        first = None
    year, day, order = (first, two, "året") if first else (last, one, "dagen")
    if year is None:
        return []
    ambiguous = "-" in match[0] and int(one) <= 31 and last
    doubt = f"”{match[0]}” är läst med {order} först. Skriv året med fyra siffror."
    days = partial(day_of, month, int(day))
    return [Part(*span, unit, unit, days, year, doubt=doubt if ambiguous else None)]


def _said_day(match: Match, _today: date) -> list[Part]:
    """ "den 15.3" (without "den" it would be a version or a figure) and "March 15, 2024"."""
    month = MONTHS.get(match["month"]) or int(match["month"])
    return [_whole(match, Precision.DAY, partial(day_of, month, int(match["day"])))]


def _weekday_number(word: str) -> int:
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(word[:3]))


def weekday_name(which: str | int) -> str:
    """The full name of a weekday, from its number or its first letters."""
    return WEEKDAYS[which if isinstance(which, int) else _weekday_number(which)]


def _nth_weekday(match: Match, _today: date) -> list[Part]:
    """ "första tisdagen i mars", "sista veckan i mars" (its first or last seven days)."""
    month, number = MONTHS[match["month"]], ordinal_of(match["ordinal"])

    def week(year: int) -> Days:
        first, last = month_of(month, year)
        if number == 0:
            return last - 6 * DAY_STEP, last
        begin = first + 7 * (number - 1) * DAY_STEP
        if begin.month != first.month:
            raise NotADayError(f"Månaden har ingen {match['ordinal']} {match['what']}.")
        return begin, min(begin + 6 * DAY_STEP, last)

    def weekday(year: int) -> Days:
        begin, _ = week(year)
        day = begin + (_weekday_number(match["what"]) - begin.weekday()) % 7 * DAY_STEP
        if day.month != month:
            raise NotADayError(f"Månaden har ingen {match['ordinal']} {match['what']}.")
        return day, day

    if match["what"].startswith("veck"):
        return [Part(*match.span(), Precision.APPROX, Precision.WEEK, week)]
    if match["what"].startswith("dag"):
        return _ordinal_day(match, _today)
    return [_whole(match, Precision.DAY, weekday)]


# -- weeks, months, years -------------------------------------------------------------------------


def _iso_week(match: Match, _today: date) -> list[Part]:
    week, year = int(match["week"]), int(match["year"])
    if not match["weekday"]:
        days = partial(week_of, week)
        return [_whole(match, Precision.WEEK, days, year)]

    def weekday(year: int) -> Days:
        day = week_of(week, year)[0] + (int(match["weekday"]) - 1) * DAY_STEP
        return day, day

    return [_whole(match, Precision.DAY, weekday, year)]


def _weeks(match: Match, today: date) -> list[Part]:
    """ "v. 37", "vecka 37 och 38", "v 37-24" (where 24 cannot be a later week), "v2440"."""
    head = match["week"]
    begin = match.start()
    if len(head) == 4:
        year = plausible_year(head[:2], today)
        days = partial(week_of, int(head[2:]))
        return [Part(begin, match.end(), Precision.WEEK, Precision.WEEK, days, year)]
    rest = list(numbers(match, "list"))
    year, doubt = None, None
    if len(rest) == 1 and (found := re.fullmatch(r" ?[-/'] ?([0-9]{2})", match["list"])):
        year = plausible_year(found[1], today)
        if year and int(found[1]) > int(head):
            if abs(year - today.year) <= 2:
                doubt = f"”{match[0]}” är läst som veckor, inte som ett år."
            year = None
    if year:
        rest = []
    end = match.end() if not rest else match.end("week")
    parts = [Part(begin, end, Precision.WEEK, Precision.WEEK,
                  partial(week_of, int(head)), year, doubt=doubt)]  # fmt: skip
    for week, start, stop in rest:
        days = partial(week_of, week)
        parts.append(Part(start, stop, Precision.WEEK, Precision.WEEK, days))
    return parts


def _iso_month(match: Match, _today: date) -> list[Part]:
    days = partial(month_of, int(match["month"]))
    return [_whole(match, Precision.MONTH, days, int(match["year"]))]


def _month(match: Match, today: date) -> list[Part]:
    word = match["month"]
    month = MONTHS[word]
    year, strange = _two_digits(match, today)
    long_ago = year is not None and year < today.year - 4
    if (strange or long_ago) and not match["sign"]:
        reason = f"”{match[0].strip()}” kan vara en dag eller ett år. Skriv året med fyra siffror."
        days: Callable[[int], Days] = partial(refuse, reason)
        return [_whole(match, Precision.MONTH, days, today.year)]
    doubt = None
    if year and not match["sign"]:
        doubt = (
            f"”{match[0].strip()}” är läst som {MONTH_NAMES[month - 1]} {year}, inte som en dag."
        )
    elif word == "jul":
        doubt = "”jul” är läst som juli. Skriv månaden helt ut om det är julen."
    part = Part(
        *match.span(), Precision.MONTH, Precision.MONTH, partial(month_of, month), year,
        weak=year is None and word in NAMES_TOO, doubt=doubt,
    )  # fmt: skip
    return [narrowed(part, edge_of(match))]


def _july(match: Match, _today: date) -> list[Part]:
    """ "jul" beside another month is July, not Christmas."""
    return [_whole(match, Precision.MONTH, partial(month_of, 7))]


def _year(match: Match, _today: date) -> list[Part]:
    year = int(match["year"])
    part = _whole(match, Precision.YEAR, year_of, year, is_year=True)
    return [narrowed(part, edge_of(match))]


def _end_of_year(match: Match, _today: date) -> list[Part]:
    return [narrowed(_whole(match, Precision.YEAR, year_of), 2)]


def _year_pair(match: Match, today: date) -> list[Part]:
    """2024/25 and 2023-26: two years, joined by what stands between them."""
    one, two = int(match["one"]), full_year(match["two"], today)
    middle = match.end("one")
    parts = ((match.start(), middle, one), (match.start("two"), match.end("two"), two))
    return [
        Part(begin, end, Precision.YEAR, Precision.YEAR, year_of, year, is_year=True)
        for begin, end, year in parts
    ]


# -- quarters, tertials, half-years, seasons, terms, school years ---------------------------------

_PIECES = {
    "q": (Precision.QUARTER, "Kvartal", 4),
    "k": (Precision.QUARTER, "Kvartal", 4),
    "t": (Precision.TERTIAL, "Tertial", 3),
    "h": (Precision.HALF, "Halvår", 2),
}


def _piece_parts(
    match: Match, found: Iterable[tuple[int, int, int]], year: int | None, *, weak: bool = False
) -> list[Part]:
    """Quarters, tertials or half-years of the numbers found; the first and last reach outwards."""
    unit, name, pieces = _PIECES[match["unit"][0]]
    parts = []
    listed = list(found)
    for i, (number, begin, end) in enumerate(listed):
        parts.append(
            Part(
                match.start() if i == 0 else begin,
                match.end() if i == len(listed) - 1 else end,
                unit, unit, partial(piece_of_year, name, pieces, number or pieces),
                year if i == len(listed) - 1 else None, weak=weak,
            )
        )  # fmt: skip
    return parts


def _piece_code(match: Match, today: date) -> list[Part]:
    """Q3, Q1–2, Q3-24, kv 2, kvartal 1 och 2, T1, H1, K2: the bare letters T, H and K are weak."""
    year, _ = _two_digits(match, today)
    found = list(numbers(match, "numbers"))
    zero_is_wrong = [(number or 99, begin, end) for number, begin, end in found]
    if any(number == 0 for number, _, _ in found):
        _, name, pieces = _PIECES[match["unit"][0]]
        reason = f"{name} 0 finns inte. Ange ett tal mellan 1 och {pieces}."
        unit = _PIECES[match["unit"][0]][0]
        return [Part(*match.span(), unit, unit, partial(refuse, reason), year or today.year,
                     weak=match["unit"] in {"t", "h", "k"} and not year)]  # fmt: skip
    weak = match["unit"] in {"t", "h", "k"} and year is None
    return _piece_parts(match, zero_is_wrong, year, weak=weak)


def _piece_words(match: Match, today: date) -> list[Part]:
    """ "första kvartalet", "första och andra tertialet", "2:a halvåret", "kvartal två"."""
    year, _ = _two_digits(match, today)
    offset = match.start("ordinals")
    word = rf"(?:{ORDINAL}|{either(NUMBER_WORDS)})(?!\w)"
    found = [
        (
            NUMBER_WORDS.get(one[0], 0) or ordinal_of(one[0]),
            offset + one.start(),
            offset + one.end(),
        )
        for one in re.finditer(word, match["ordinals"])
    ]
    return [narrowed(part, edge_of(match)) for part in _piece_parts(match, found, year)]


def _half_of(match: Match, _today: date) -> list[Part]:
    """ "andra hälften av 2024" is a half-year; of a month it is day 1–15 or the rest."""
    second = match["which"] in {"andra", "senare", "sista"}
    if match["year"]:
        days: Callable[[int], Days] = partial(piece_of_year, "Halvår", 2, 1 + second)
        return [_whole(match, Precision.HALF, days, int(match["year"]))]
    month = MONTHS[match["month"]]

    def half(year: int) -> Days:
        first, last = month_of(month, year)
        return (date(year, month, 16), last) if second else (first, date(year, month, 15))

    return [Part(*match.span(), Precision.APPROX, Precision.MONTH, half)]


_SHADES = {"för": 0, "tidig": 0, "tidiga": 0, "hög": 1, "sen": 2, "sena": 2}


def _pair_year(match: Match, today: date, *, second_half: bool) -> tuple[int, str | None]:
    """The year meant in "vintern 2024/2025" and "ht 24/25": a school year's first or second."""
    one, two = full_year(match["one"], today), full_year(match["two"], today)
    doubt = None if two == one + 1 else "Åren följer inte på varandra. Ange ett år."
    return (two if second_half else one), doubt


def _season(match: Match, today: date) -> list[Part]:
    season = SEASONS[match["season"]]
    year, doubt = None, None
    if match["one"]:
        year, doubt = _pair_year(match, today, second_half=season in {"vår", "sommar"})
    elif match["yy"]:
        year = plausible_year(match["yy"], today)
    part = _whole(match, Precision.SEASON, partial(season_of, season),
                year, doubt=doubt)  # fmt: skip
    if season == "vinter" and not match["one"]:
        part = _with_doubt(part, "Vintern är läst som den som börjar i december det året.")
    shade = _SHADES.get((match["shade"] or "").strip(" -"))
    return [narrowed(part, shade if shade is not None else edge_of(match))]


def _with_doubt(part: Part, doubt: str) -> Part:
    return Part(part.begin, part.end, part.precision, part.unit, part.days, part.year,
                part.is_year, part.weak, part.late, doubt)  # fmt: skip


def _late_winter(match: Match, today: date) -> list[Part]:
    """ "vårvintern": February and March."""
    year, _ = _two_digits(match, today)
    return [Part(*match.span(), Precision.APPROX, Precision.SEASON,
                 partial(months_of, 2, 2), year)]  # fmt: skip


def _term(match: Match, today: date) -> list[Part]:
    """vt 2025, HT24, vårterminen, ht 24/25."""
    spring = match["term"].startswith("v")
    year, doubt = None, None
    if match["one"]:
        year, doubt = _pair_year(match, today, second_half=spring)
    elif digits := match["yy"] or match["y2"]:
        year = plausible_year(digits, today)
    elif match["year"]:
        year = int(match["year"])
    days = partial(season_of, "vår" if spring else "höst")
    part = _whole(match, Precision.TERM, days, year, doubt=doubt)
    return [narrowed(part, edge_of(match))]


def _school_year(match: Match, today: date) -> list[Part]:
    """läsåret 2024/2025, lå 24/25, 2024-2025 (läsår); läsåren 2024–2026 are several."""
    if not match["one"]:
        year = int(match["year"]) if match["year"] else None
        part = _whole(match, Precision.SCHOOL_YEAR, school_year_of, year)  # fmt: skip
        return [narrowed(part, edge_of(match))]
    one, two = full_year(match["one"], today), full_year(match["two"], today)
    unit = Precision.SCHOOL_YEAR
    if two == one + 1:
        return [Part(*match.span(), unit, unit, school_year_of, one)]
    middle = match.end("one")
    return [
        Part(match.start(), middle, unit, unit, school_year_of, one),
        Part(match.start("two"), match.end(), unit, unit, school_year_of, two - 1,
             doubt="Läsåren är lästa från det första årets höst till det sista årets vår."),
    ]  # fmt: skip


# -- turns and holidays ---------------------------------------------------------------------------


def _year_turn(match: Match, today: date) -> list[Part]:
    year, doubt = None, None
    if match["one"]:
        year, doubt = _pair_year(match, today, second_half=False)
    elif match["yy"] or match["year"]:
        year = full_year(match["year"] or match["yy"], today)
        doubt = f"Årsskiftet är läst som det mellan {year} och {year + 1}."
    return [Part(*match.span(), Precision.TURN, Precision.DAY, partial(turn_before, 13),
                 year, doubt=doubt)]  # fmt: skip


def _half_turn(match: Match, today: date) -> list[Part]:
    year, _ = _two_digits(match, today)
    return [Part(*match.span(), Precision.TURN, Precision.DAY, partial(turn_before, 7), year)]


def _month_turn(match: Match, today: date) -> list[Part]:
    """ "månadsskiftet mars/april"; the year of "dec/jan 2025" is January's."""
    one, two = MONTHS[match["m1"]], MONTHS[match["m2"]]
    if two != one % 12 + 1:
        reason = "Månaderna i månadsskiftet följer inte på varandra. Ange vilket skifte som menas."
        days: Callable[[int], Days] = partial(refuse, reason)
    elif two == 1:
        days = lambda year: turn_before(1, year)  # noqa: E731
    else:
        days = partial(turn_before, two)
    year, _ = _two_digits(match, today)
    if match["one"]:
        year, _ = _pair_year(match, today, second_half=True)
    return [Part(*match.span(), Precision.TURN, Precision.DAY, days, year)]


def _quarter_turn(match: Match, today: date) -> list[Part]:
    one, two = int(match["q1"]), int(match["q2"])
    if not (1 <= one <= 4 and two == one % 4 + 1):
        reason = "Kvartalen i kvartalsskiftet följer inte på varandra. Ange vilket som menas."
        days: Callable[[int], Days] = partial(refuse, reason)
    else:
        days = partial(turn_before, one * 3 + 1)
    year, _ = _two_digits(match, today)
    return [Part(*match.span(), Precision.TURN, Precision.DAY, days, year)]


def _coming_turn(match: Match, today: date) -> list[Part]:
    """ "vid månadsskiftet": the next one."""
    step = 3 if match["unit"].startswith("kvartal") else 1
    month = (today.month - 1) // step * step + 1 + step
    days = partial(fixed, turn_before(month, today.year))
    return [Part(*match.span(), Precision.TURN, Precision.DAY, days, today.year,
                 doubt="Det står inte vilket skifte; läst som nästa.")]  # fmt: skip


def _holiday(match: Match, today: date) -> list[Part]:
    word = match["name"]
    days = next(days for words, days in HOLIDAYS if re.fullmatch(words, word))
    year, _ = _two_digits(match, today)
    doubt = None
    if word.startswith("höstlov"):
        doubt = "Höstlovet är läst som vecka 44, som är det vanliga."
    unit = Precision.WEEK if doubt else Precision.DAY
    return [Part(*match.span(), Precision.HOLIDAY, unit, days, year, doubt=doubt)]


def _unclear_time(match: Match, today: date) -> list[Part]:
    reason = f"”{match['name'].capitalize()}” infaller olika på olika håll. Ange vecka eller datum."
    days = partial(refuse, reason)
    return [Part(*match.span(), Precision.HOLIDAY, Precision.WEEK, days, today.year)]


# -- relative words -------------------------------------------------------------------------------

_NEAR_DAYS = {
    "idag": 0, "i dag": 0, "imorgon": 1, "i morgon": 1, "imorron": 1, "i övermorgon": 2,
    "övermorgon": 2, "nu": 0, "igår": -1, "i går": -1, "i förrgår": -2, "förrgår": -2,
}  # fmt: skip
_STEPS = {
    "nästa": 1, "nästkommande": 1, "kommande": 1, "näst": 1, "förra": -1, "föregående": -1,
    "denna": 0, "detta": 0, "den här": 0, "det här": 0, "innevarande": 0, "nuvarande": 0,
    "aktuellt": 0, "aktuell": 0, "pågående": 0,
}  # fmt: skip
_UNITS = (
    (r"läsår(?:et)?", Precision.SCHOOL_YEAR),
    (r"veckan?|v\.?", Precision.WEEK),
    (r"månad(?:en)?|mån\.?", Precision.MONTH),
    (r"kvartal(?:et)?", Precision.QUARTER),
    (r"tertial(?:et)?", Precision.TERTIAL),
    (r"halvår(?:et)?", Precision.HALF),
    (r"termin(?:en)?", Precision.TERM),
    (r"(?:kalender|verksamhets|budget)?år(?:et|s)?", Precision.YEAR),
    (r"dag(?:en)?", Precision.DAY),
)
_UNIT = "(?:" + "|".join(words for words, _ in _UNITS) + ")"


def unit_of(words: str) -> Precision:
    """The unit a Swedish word stands for."""
    return next(unit for pattern, unit in _UNITS if re.fullmatch(pattern, words))


def _fixed_part(
    match: Match, days: Days, unit: Precision, *, precision: Precision = Precision.RELATIVE,
    is_year: bool = False, doubt: str | None = None,
) -> list[Part]:  # fmt: skip
    return [Part(*match.span(), precision, unit, partial(fixed, days), days[0].year,
                 is_year=is_year, doubt=doubt)]  # fmt: skip


def _near_day(match: Match, today: date) -> list[Part]:
    day = today + _NEAR_DAYS[match[0]] * DAY_STEP
    return _fixed_part(match, (day, day), Precision.DAY)


def _stepped(match: Match, today: date) -> list[Part]:
    """ "nästa vecka", "innevarande år", "förra kvartalet"; "i år" and "i fjol" beside them."""
    unit = unit_of(match["unit"])
    days = period(unit, _STEPS[match["step"]], today)
    found = _fixed_part(match, days, unit, is_year=unit is Precision.YEAR)
    return [narrowed(part, edge_of(match)) for part in found]


def _this_year(match: Match, today: date) -> list[Part]:
    step = -1 if "fjol" in match[0] else 0
    return _fixed_part(
        match, period(Precision.YEAR, step, today), Precision.YEAR, is_year=True
    )  # fmt: skip


def _the_unit(match: Match, today: date) -> list[Part]:
    """ "under året", "i slutet av månaden": the one the reference lies in."""
    found = _fixed_part(match, period(unit_of(match["unit"]), 0, today), unit_of(match["unit"]))
    return [narrowed(part, edge_of(match)) for part in found]


def _named_step(match: Match, today: date) -> list[Part]:
    """ "nästa vår", "kommande mars", "nästa fredag", "på fredag", "i höst", "i somras"."""
    word, step = match["name"], _STEPS.get(match["step"] or "", 1)
    if word[:3] in {name[:3] for name in WEEKDAYS}:
        ahead = (_weekday_number(word) - today.weekday() - 1) % 7 + 1
        doubt = None
        if match["step"] in _STEPS:
            monday = period(Precision.WEEK, step, today)[0]
            day = monday + _weekday_number(word) * DAY_STEP
            doubt = f"Läst som {day.isoformat()}."
        else:
            day = today + ahead * DAY_STEP
        return _fixed_part(match, (day, day), Precision.DAY, doubt=doubt)
    return _fixed_part(match, _nearest(_yearly(word), step, today), _yearly_unit(word))


def _yearly(word: str) -> Callable[[int], Days]:
    if word in MONTHS:
        return partial(month_of, MONTHS[word])
    return partial(season_of, SEASONS[word])


def _yearly_unit(word: str) -> Precision:
    return Precision.MONTH if word in MONTHS else Precision.SEASON


def _nearest(days: Callable[[int], Days], step: int, today: date) -> Days:
    """The next (1) or last (-1) of what comes once a year; 0 is the one going on or the next."""
    around = [days(year) for year in range(max(1, today.year - 2), min(9998, today.year + 2) + 1)]
    if step < 0:
        fitting = [found for found in reversed(around) if found[1] < today]
    elif step == 0:
        fitting = [found for found in around if found[1] >= today]
    else:
        fitting = [found for found in around if found[0] > today]
    if not fitting:
        raise OverflowError("the calendar ends here")
    return fitting[0]


def _season_now(match: Match, today: date) -> list[Part]:
    """ "i höst" is this autumn or the next, "i höstas" the last one."""
    word = match["name"]
    past = word.endswith("as")
    season = {"vår": "vår", "som": "sommar", "hös": "höst", "vin": "vinter"}[word[:3]]
    days = _nearest(partial(season_of, season), -1 if past else 0, today)
    return _fixed_part(match, days, Precision.SEASON, precision=Precision.SEASON)


def _in_some_time(match: Match, today: date) -> list[Part]:
    """From "om två veckor" (a day), "inom 14 dagar" (each day until it), "för ett år sedan"."""
    unit = unit_of(re.sub(r"(?<=år)en$|(?<=vecka)$", "", _singular(match["unit"])))
    count = count_of(match["count"])
    if match["half"]:
        unit, count = Precision.MONTH, 6 + (12 * count if "och" in match["half"] else 0)
    if match["word"] == "för":
        if not match["ago"]:
            return []
        count = -count
    end = later(today, count, unit)
    fine = Precision.DAY if unit in {Precision.DAY, Precision.WEEK} else Precision.MONTH
    if match["word"] in {"om", "för"}:
        start = later(today, count_of(match["from"]), unit) if match["from"] else end
        return _fixed_part(match, (min(start, end), max(start, end)), fine)
    return _fixed_part(match, (today, end), fine)


_SINGULAR = {
    "dagar": "dag", "dgr": "dag", "d": "dag", "dygn": "dag", "veckor": "vecka", "v": "vecka",
    "veckorna": "vecka", "månader": "månad", "mån": "månad", "månaderna": "månad",
    "åren": "år", "terminer": "termin", "terminerna": "termin", "dagarna": "dag",
    "kvartalen": "kvartal", "tertialen": "tertial",
}  # fmt: skip


def _singular(word: str) -> str:
    return _SINGULAR.get(word.rstrip("."), word.rstrip("."))


def _some_time(match: Match, today: date) -> list[Part]:
    """ "inom några månader": looks like a time, and cannot be told."""
    reason = f"”{match[0]}” säger inte hur länge. Ange ett datum."
    days = partial(refuse, reason)
    return [Part(*match.span(), Precision.RELATIVE, Precision.MONTH, days, today.year)]


def _rest_of(match: Match, today: date) -> list[Part]:
    """ "resten av 2024", "resten av året": from the reference to the end."""
    year = int(match["year"]) if match["year"] else today.year
    first, last = year_of(year)
    if last < today:
        return []
    return _fixed_part(match, (max(first, today), last), Precision.YEAR)


# -- what never ends, and what comes back ---------------------------------------------------------


def _open(match: Match, today: date) -> list[Part]:
    return [_whole(match, Precision.OPEN, year_of, today.year)]


def _recurring(match: Match, today: date) -> list[Part]:
    return [_whole(match, Precision.RECURRING, year_of, today.year)]


# -- the recognisers, in the order they are tried at each place -----------------------------------

_N = r"[0-9]{1,2}"
_IN_YEAR = rf"(?P<year>{_YEAR})"
_MONTH_NUMBER = r"(?P<month>0[0-9]|1[0-9]|[1-9])"
_SLASH_LIST = rf"(?P<list>(?:{_N} ?(?:-|,|och|samt|&) ?){{0,4}})"
_LIST = rf"(?P<list>(?:{_DAY}{_AND}){{0,6}})"
_SEASON = either(set(SEASONS) - {"vår"})
_EITHER_TAIL = rf"(?:{_PAIR}|{_YY}| ?-? ?{_IN_YEAR}(?![0-9]))?"
_PAIR_OR_YY = rf"(?:{_SLASH_PAIR}|{_YY})?"
_CODE_LIST = rf"(?P<numbers>{_N}(?:{_AND}(?:nr )?[0-9](?![0-9/.:])){{0,4}})"
_ORDINAL_LIST = rf"(?P<ordinals>{ORDINAL}(?:{_AND}{ORDINAL}){{0,4}})"
_PIECE_NAME = r"(?P<unit>kvartal|tertial|halvår)(?:et|s)?s?"
_STEP = rf"(?P<step>{either(_STEPS)})"

Recogniser = tuple[str, Callable[[Match, date], list[Part]]]
_RECOGNISERS: tuple[Recogniser, ...] = (
    (rf"(?<![0-9-]){_IN_YEAR}-?w(?P<week>{_N})(?:-?(?P<weekday>[1-7]))?{_E}",
     _iso_week),
    (rf"(?<![0-9]){_IN_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}) ?(?:-+|/) ?"
     r"(?P<month2>[0-9]{2})-(?P<day2>[0-9]{2})(?![0-9-])", _iso_days),
    (rf"(?<![0-9]){_IN_YEAR}[-/.](?P<month>{_N})[-/.](?P<day>{_N})(?![0-9])",
     _iso_day),
    (rf"(?<![0-9]){_IN_YEAR} (?P<month>[01][0-9]) (?P<day>[0-3][0-9])(?![\w/]| [a-zåäö])",
     _iso_day),
    (rf"{_B}(?:(?:19|20)[0-9]{{6}}|[0-9]{{6}}){_E}", _compact_day),
    (rf"{_B}(?P<one>{_YEAR}) ?[/-] ?(?P<two>{_YEAR}|[0-9]{{2}}),? ?\(?(?:läsår(?:et)?|lå){_E}\)?"
     r"(?P<year>)(?P<edge>)", _school_year),
    (rf"(?<![0-9./]){_IN_YEAR}[-/]{_MONTH_NUMBER}(?![0-9]|[-/.]{_N}(?![0-9]))"
     r"(?<!/1[3-9])", _iso_month),
    (rf"(?<![0-9./-])(?P<one>{_YEAR}) ?[/-](?P<two>[0-9]{{2}})(?![0-9]|[-/.][0-9])", _year_pair),
    *(
        (rf"(?<![0-9.,:/])(?P<one>{_N}){sep}(?P<month>{_N}){sep}"
         rf"(?P<two>{_YEAR}|[0-9]{{2}})(?![0-9]|[./:][0-9])", _numeric_day)
        for sep in (r"\.", "/", "-")
    ),
    (rf"(?<![0-9./:]){_SLASH_LIST}(?P<day>{_N})/(?P<month>{_N})"
     rf"(?:(?: ?[-,] ?| )?{_IN_YEAR}(?![0-9])|{_YY})?(?![0-9/])", _day_slash_month),
    (rf"(?<![0-9./])(?P<month>{_N})[/]{_IN_YEAR}(?![0-9])", _iso_month),
    (rf"(?<![0-9./-])(?P<month>[01][0-9])[.-]{_IN_YEAR}(?![0-9])", _iso_month),
    (rf"(?<![0-9./,])(?:den )?{_LIST}(?P<day>{_N})(?::?[ae](?!\w))?\.? ?(?:i )?"
     rf"(?P<month>{_DAY_MONTH}){_E}{_DOT}(?: ?månad{_E})?{_YY}?", _day_and_month),
    (r"(?<![0-9./])den (?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.?(?![0-9.])", _said_day),
    (rf"{_B}(?P<month>{_DAY_MONTH}) (?P<day>{_N})(?:st|nd|rd|th)?(?=,? {_YEAR}(?![0-9-]))",
     _said_day),
    (rf"{_B}årsslut(?:et)?{_E}", _end_of_year),
    (rf"{_B}(?P<ordinal>{ORDINAL}) (?P<what>{WEEKDAY}dag(?:en)?|veckan|dag(?:en)?) (?:i|av) "
     rf"(?P<month>{MONTH}){_E}", _nth_weekday),
    (rf"{_B}(?:den )?(?P<ordinal>{ORDINAL}) (?P<month>{MONTH}){_E}", _ordinal_day),
    (rf"{_B}(?P<which>primo|ultimo) (?P<month>{MONTH}){_E}", _month_edge),
    (rf"{_B}(?P<which>första|1:a|andra|2:a|senare|sista) (?:hälften|halvan) (?:av |i )?"
     rf"(?:år )?(?:{_IN_YEAR}|(?P<month>{MONTH})){_E}", _half_of),
    (rf"{_B}årsskifte(?:t|s)?{_E}{_EITHER_TAIL}", _year_turn),
    (rf"{_B}halvårsskifte(?:t|s)?{_E}{_YY}?", _half_turn),
    (rf"{_B}(?:månads)?skifte(?:t|s)? (?:mellan )?(?P<m1>{_DAY_MONTH})\.? ?(?:/|-|till|och) ?"
     rf"(?P<m2>{_DAY_MONTH})\.?{_E}{_PAIR_OR_YY}", _month_turn),
    (rf"{_B}kvartalsskifte(?:t|s)? (?:mellan )?(?:q|kv\.? ?|kvartal )?(?P<q1>[0-9])"
     rf" ?(?:/|-|till|och) ?(?:q|kv\.? ?|kvartal )?(?P<q2>[0-9]){_E}{_YY}?", _quarter_turn),
    (rf"{_B}(?P<unit>kvartal|månad)sskiftet?{_E}", _coming_turn),
    (rf"{_B}(?:{RECURRING})(?!\w)", _recurring),
    (rf"{_B}(?P<name>{UNCLEAR}){_E}", _unclear_time),
    (rf"{_B}(?P<month>jul)(?=-[0-9]{{2}}(?![0-9])){_YY}(?P<edge>)", _month),
    (rf"(?:(?<=[njr][-/])|(?<=[njr] - ))jul{_E}|{_B}jul(?= ?[-/] ?(?:aug|sep|okt|nov|dec))", _july),
    (rf"{_B}(?P<name>{HOLIDAY}){_E}{_YY}?", _holiday),
    (rf"(?:(?<![\w.])|(?<=20[0-9]{{2}}))(?:veckorna|veckor|veckan|vecka|week|vk|wk|v|w)\.? ?"
     rf"(?:nr\.? ?)?(?P<week>[0-9]{{4}}|{_N})(?![0-9\w]|[.,:][0-9])"
     rf"(?P<list>(?:(?:{_AND}|'){_N}(?![0-9\w]|[./:][0-9]| ?{_DAY_MONTH}{_E}))*)", _weeks),
    (rf"{_B}{_ORDINAL_LIST} ?{_PIECE_NAME}{_E}{_EDGE_AFTER}{_YY}?", _piece_words),
    (rf"{_B}{_ORDINAL_LIST} ?(?P<unit>kv)\.?{_E}(?P<edge>){_YY}?", _piece_words),
    (rf"{_B}{_PIECE_NAME} (?P<ordinals>{either(NUMBER_WORDS)}){_E}{_EDGE_AFTER}{_YY}?",
     _piece_words),
    (rf"{_B}(?P<unit>kvartal|tertial|halvår|kv)(?:et|en|s)?\.? ?(?:nr )?{_CODE_LIST}{_E}{_YY}?",
     _piece_code),
    (rf"(?<![a-zåäö_])(?P<unit>[qthk]) ?{_CODE_LIST}{_E}{_YY}?", _piece_code),
    (rf"{_B}(?P<numbers>[1-9])(?P<unit>[qh]){_E}{_YY}?", _piece_code),
    (rf"{_B}(?:läsår(?:et|ets|en)?|lå|skolår(?:et|ets)?)\.?{_E}"
     rf"(?:{_PAIR}| ?{_IN_YEAR}(?![0-9]))?{_EDGE_AFTER}", _school_year),
    (rf"{_B}(?P<term>vt|ht|vårtermin(?:en|ens|s)?|hösttermin(?:en|ens|s)?)\.?"
     rf"(?![a-zåäö]){_EDGE_AFTER}(?:{_SLASH_PAIR}| ?-? ?{_IN_YEAR}(?![0-9])"
     rf"|-?{_YY}|(?P<y2>[0-9]{{2}})(?![0-9]))?",
     _term),
    (rf"{_B}(?P<step>(?:på|nu på|nästa|kommande|förra)) (?P<name>{WEEKDAY}dag){_E}", _named_step),
    (rf"{_B}{_STEP} (?P<name>{MONTH}|{_SEASON}|vår){_E}(?! [a-zåäö]*(?:plan|verksamhet))",
     _named_step),
    (rf"{_B}(?:till )?{_STEP} (?P<unit>{_UNIT}){_E}{_EDGE_AFTER}(?! (?:möte|gång|steg))", _stepped),
    (rf"{_B}i (?:år|fjol){_E}", _this_year),
    (rf"{_B}(?:{either(set(_NEAR_DAYS) - {'nu'})}|(?:(?<=med )|(?<=m\. )|(?<=från ))nu){_E}",
     _near_day),
    (rf"{_B}i (?P<name>våras|somras|höstas|vintras|sommar|höst|vinter"
     rf"|vår(?=$| ?[.,;:!?)]| (?:och|ska|kommer|samt|men|då|när|med|eller)(?!\w))){_E}",
     _season_now),
    (rf"{_B}(?:under|hela|av|på|inom|i) (?P<unit>året|månaden|veckan|kvartalet|terminen|halvåret)"
     rf"(?P<edge>){_E}", _the_unit),
    (rf"{_B}(?P<unit>år|månad|veck|kvartal|termin)(?:et|en|an|)s "
     rf"(?P<edge>början|slut|mitt|utgång){_E}",
     _the_unit),
    (rf"{_B}(?P<unit>året|månaden|veckan|terminen)(?P<edge>)(?= ut{_E})", _the_unit),
    (rf"{_B}(?:(?P<word>om|inom|för)(?: (?:ca|cirka|ungefär|högst|max))?"
     r"(?: (?:de )?(?:närmaste|kommande))?|de (?:närmaste|kommande|nästkommande))"
     rf" (?:(?P<from>{COUNT}) ?(?:-|till|eller) ?)?(?P<count>{COUNT}) "
     r"(?P<half>(?:och ett )?halvt )?(?P<unit>dagar(?:na)?|dag|dygn|dgr|veckor(?:na)?|vecka|v\.?"
     r"|månader(?:na)?|månad|mån\.?|kvartal(?:en)?|tertial|terminer(?:na)?|termin|halvår|läsår|åren|år)(?!\w)"
     r"(?P<ago> sedan)?(?! (?:efter|från|innan|före)(?! i ?dag| nu))", _in_some_time),
    (rf"{_B}(?:om|inom) (?:några|ett antal|flera) (?:dagar|veckor|månader|år){_E}", _some_time),
    (rf"{_B}(?:resten|återstoden) av (?:{_IN_YEAR}|året){_E}", _rest_of),
    (rf"{_B}vårvintern?{_E}{_YY}?", _late_winter),
    (rf"{_B}(?P<shade>)(?P<season>vintern?){_E}(?P<edge>){_PAIR}", _season),
    (rf"{_B}(?P<shade>(?:tidiga?|sena?) |för|sen|hög)?(?P<season>{_SEASON})(?:-)?{_E}"
     rf"{_EDGE_AFTER}{_PAIR_OR_YY}", _season),
    (rf"{_B}(?P<shade>(?:tidig|sen) )?(?P<season>vår)"
     rf"(?=$| ?-? ?{_YEAR}| ?[-'/ ]?[0-9]{{2}}(?![0-9])| ?[/-] ?(?:sommar|höst)"
     rf"| (?:och|till) (?:sommar|höst)|[.,;)?](?: |$))(?P<edge>){_PAIR_OR_YY}",
     _season),
    (rf"{_B}(?P<month>{MONTH}){_E}{_DOT}(?:s? månads?{_E})?{_EDGE_AFTER}{_YY}?", _month),
    (rf"(?:(?<![\w.,:/§-])|(?<=[-/])){_IN_YEAR}(?:\.0)?(?: års)?"
     rf"(?![0-9]|[.,][0-9]|[a-zåäö]{{2}}){_EDGE_AFTER}", _year),
    (rf"{_B}(?:{OPEN})(?!\w)", _open),
)  # fmt: skip

_COMPILED = tuple((re.compile(pattern), build) for pattern, build in _RECOGNISERS)
_ANY = re.compile(
    "|".join(
        f"(?P<r{i}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', pattern)})"
        for i, (pattern, _) in enumerate(_RECOGNISERS)
    )
)


def parts_in(words: str, today: date) -> list[Part]:
    """Every unit of time in the plain words, in order, never two in the same place."""
    parts: list[Part] = []
    at = 0
    while found := _ANY.search(words, at):
        pattern, build = _COMPILED[int(str(found.lastgroup)[1:])]
        match = pattern.match(words, found.start())
        if match:
            parts += build(match, today)
        at = max(found.end(), at + 1)
    return parts
