"""Single days: 2024-03-15, 15/3, "den 15:e mars", "15–17 mars", "första tisdagen i mars".

Days counted from today ("i morgon") are left to `dates/relative.py`, feast days to
`dates/holidays.py`, ranges between two written-out days to `dates/joins.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from models.span import Precision
from rules.dates.calendar import DAY_STEP, Days, NotADayError, day_of, month_of
from rules.dates.parts import (
    AND,
    ANY_MONTH,
    DOT,
    IN_YEAR,
    YEAR,
    YY,
    B,
    E,
    Match,
    N,
    Part,
    Recogniser,
    full_year,
    numbers,
    plausible_year,
    two_digit_year,
    whole,
)
from rules.dates.words import MONTH, MONTHS, ORDINAL, WEEKDAY, ordinal_of, weekday_number

# -- in figures -----------------------------------------------------------------------------------


def _iso_day(match: Match, _today: date) -> list[Part]:
    year = int(match["year"])
    return [
        whole(match, Precision.DAY, partial(day_of, int(match["month"]), int(match["day"])), year)
    ]  # fmt: skip


def _iso_days(match: Match, today: date) -> list[Part]:
    """2024-03-01–06-30 and 2024-03-12–14: what is the same is said once."""
    start = _iso_day(match, today)[0]
    days = partial(day_of, int(match["month2"] or match["month"]), int(match["day2"]))
    begin, end = match.start("month2" if match["month2"] else "day2"), match.end()
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
        return [whole(match, Precision.MONTH, days, int(digits[:4]))]
    if year is None:
        return []
    days = partial(day_of, month, day)
    weak = not 1 <= month <= 12 or not 1 <= day <= 31
    return [whole(match, Precision.DAY, days, year, weak=weak)]


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


def _dotted_days(match: Match, _today: date) -> list[Part]:
    """1.3–31.5.2024: the year is said once."""
    first = partial(day_of, int(match["month"]), int(match["day"]))
    last = partial(day_of, int(match["month2"]), int(match["day2"]))
    unit = Precision.DAY
    return [
        Part(match.start(), match.end("month"), unit, unit, first),
        Part(match.start("day2"), match.end(), unit, unit, last, int(match["year"])),
    ]


def _days_in(match: Match, month: int, year: int | None, *, weak: bool = False) -> list[Part]:
    """ "15–17 mars": one part per number; the last one takes in the month and the year."""
    parts = [
        Part(begin, end, Precision.DAY, Precision.DAY, partial(day_of, month, day), weak=weak)
        for day, begin, end in numbers(match, "list")
    ]
    days = partial(day_of, month, int(match["day"]))
    begin, end = match.start("day"), match.end()
    last = Part(begin, end, Precision.DAY, Precision.DAY, days, year, weak=weak)
    return [*parts, last]


def _day_slash_month(match: Match, today: date) -> list[Part]:
    """15/3, 15–17/3-24, 15/3/2024. Never month first."""
    month, day = int(match["month"]), int(match["day"])
    year = int(match["year"]) if match["year"] else two_digit_year(match, today)
    impossible = not (1 <= month <= 12 and 1 <= day <= 31)
    return _days_in(match, month, year, weak=year is None and impossible)


# -- with the name of a month ---------------------------------------------------------------------


def _day_and_month(match: Match, today: date) -> list[Part]:
    year = two_digit_year(match, today)
    return _days_in(match, MONTHS[match["month"]], year)


def _dashed_day(match: Match, today: date) -> list[Part]:
    """15-mar-24, as spreadsheets write it."""
    year = full_year(match["two"], today)
    days = partial(day_of, MONTHS[match["month"]], int(match["day"]))
    return [whole(match, Precision.DAY, days, year)]


def _said_day(match: Match, _today: date) -> list[Part]:
    """ "den 15.3" (bare it would be a version or a figure), "15-mar", "March 15, 2024"."""
    month = MONTHS.get(match["month"]) or int(match["month"])
    return [whole(match, Precision.DAY, partial(day_of, month, int(match["day"])))]


def _ordinal_day(match: Match, today: date) -> list[Part]:
    month = MONTHS[match["month"]]
    number = ordinal_of(match["ordinal"])

    def days(year: int) -> Days:
        last = month_of(month, year)[1]
        return day_of(month, number, year) if number else (last, last)

    return [whole(match, Precision.DAY, days, two_digit_year(match, today))]


def _month_edge(match: Match, today: date) -> list[Part]:
    """ "ultimo mars": in bookkeeping the last day, "primo" the first."""
    month = MONTHS[match["month"]]
    at = 0 if match["which"] == "primo" else 1

    def days(year: int) -> Days:
        return (month_of(month, year)[at],) * 2

    return [whole(match, Precision.DAY, days, two_digit_year(match, today))]


def _nth_weekday(match: Match, today: date) -> list[Part]:
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
        day = begin + (weekday_number(match["what"]) - begin.weekday()) % 7 * DAY_STEP
        if day.month != month:
            raise NotADayError(f"Månaden har ingen {match['ordinal']} {match['what']}.")
        return day, day

    year = two_digit_year(match, today)
    if match["what"].startswith("veck"):
        return [Part(*match.span(), Precision.APPROX, Precision.WEEK, week, year)]
    if match["what"].startswith("dag"):
        return _ordinal_day(match, today)
    return [whole(match, Precision.DAY, weekday, year)]


# -- the table ------------------------------------------------------------------------------------

_DAY = r"[0-9]{1,2}(?::?[ae](?!\w))?\.?"
_SLASH_LIST = rf"(?P<list>(?:{N} ?(?:-|,|och|samt|&) ?){{0,4}})"
_LIST = rf"(?P<list>(?:{_DAY}{AND}){{0,6}})"

DAYS: tuple[Recogniser, ...] = (
    (rf"(?<![0-9]){IN_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}) ?(?:-+|/) ?"
     r"(?:(?P<month2>[0-9]{2})-)?(?P<day2>[0-9]{2})(?![0-9-]|[:.][0-9])", _iso_days),
    (rf"(?<![0-9]){IN_YEAR}[-/.](?P<month>{N})[-/.](?P<day>{N})(?![0-9])",
     _iso_day),
    (rf"(?<![0-9]){IN_YEAR} (?P<month>[01][0-9]) (?P<day>[0-3][0-9])(?![\w/]| [a-zåäö])",
     _iso_day),
    (rf"{B}(?:(?:19|20)[0-9]{{6}}|[0-9]{{6}}){E}", _compact_day),
    *(
        (rf"(?<![0-9.,:/])(?P<one>{N}){sep}(?P<month>{N}){sep}"
         rf"(?P<two>{YEAR}|[0-9]{{2}})(?![0-9]|[./:][0-9])", _numeric_day)
        for sep in (r"\.", "/", "-")
    ),
    (rf"(?<![0-9.,:/])(?P<day>{N})\.(?P<month>{N})\.? ?-+ ?(?P<day2>{N})\.(?P<month2>{N})"
     rf"\.{IN_YEAR}(?![0-9])", _dotted_days),
    (rf"(?<![0-9./:]){_SLASH_LIST}(?P<day>{N})(?:/| / (?={N},? {YEAR}))(?P<month>{N})"
     rf"(?:(?: ?[-,] ?| )?{IN_YEAR}(?![0-9])|{YY})?(?![0-9/])", _day_slash_month),
    (rf"(?<![0-9.,/-])(?P<day>{N})[-./](?P<month>{ANY_MONTH})[-./]"
     rf"(?P<two>{YEAR}|[0-9]{{2}})(?![0-9]|[-/.][0-9])", _dashed_day),
    (rf"(?<![0-9./,])(?:den )?{_LIST}(?P<day>{N})(?::?[ae](?!\w))?\.? ?(?:i )?"
     rf"(?P<month>{ANY_MONTH}){E}{DOT}(?: ?månad{E})?{YY}?", _day_and_month),
    (r"(?<![0-9./])(?:den |(?<=senast )|(?<=före )|(?<=innan )|(?<=o\.m\. )|(?<=klart ))"
     r"(?P<day>0?[1-9]|[12][0-9]|3[01])\.(?P<month>0?[1-9]|1[0-2])\.?(?![0-9.])", _said_day),
    (rf"(?<![0-9.,/-])(?P<day>{N})-(?P<month>{ANY_MONTH}){E}(?!-)", _said_day),
    (rf"{B}(?P<month>{ANY_MONTH}) (?P<day>{N})(?:st|nd|rd|th)?(?=,? {YEAR}(?![0-9-]))",
     _said_day),
    (rf"{B}(?P<ordinal>{ORDINAL}) (?P<what>{WEEKDAY}dag(?:en)?|veckan|dag(?:en)?) (?:i|av) "
     rf"(?P<month>{MONTH}){E}{YY}?", _nth_weekday),
    (rf"{B}(?:den )?(?P<ordinal>{ORDINAL}) (?P<month>{MONTH}){E}{YY}?", _ordinal_day),
    (rf"{B}(?P<which>primo|ultimo) (?P<month>{MONTH}){E}{YY}?", _month_edge),
)  # fmt: skip
