"""Weeks, months and years by number or name: "v. 37", "2024-W40-3", "mars -24", 2024, 2024/25.

Days stand in `dates/days.py`, parts of a year (quarters, seasons, terms) in `dates/periods.py`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from models.span import Precision
from rules.dates.calendar import DAY_STEP, Days, month_of, week_of, year_of
from rules.dates.parts import (
    AND,
    ANY_MONTH,
    DOT,
    EDGE_AFTER,
    IN_YEAR,
    YEAR,
    YY,
    B,
    E,
    Match,
    N,
    Part,
    Recogniser,
    edge_of,
    full_year,
    narrowed,
    numbers,
    plausible_year,
    refuse,
    two_digit_year,
    whole,
)
from rules.dates.words import MONTH, MONTH_NAMES, MONTHS, NAMES_TOO

# -- weeks ----------------------------------------------------------------------------------------


def _iso_week(match: Match, _today: date) -> list[Part]:
    week, year = int(match["week"]), int(match["year"])
    if not match["weekday"]:
        days = partial(week_of, week)
        return [whole(match, Precision.WEEK, days, year)]

    def weekday(year: int) -> Days:
        day = week_of(week, year)[0] + (int(match["weekday"]) - 1) * DAY_STEP
        return day, day

    return [whole(match, Precision.DAY, weekday, year)]


def _year_in_week_list(match: Match, today: date) -> tuple[int | None, str | None]:
    """The year in "v 37-24" and "v 10 -24", or a doubt where "v 20-24" is read as weeks."""
    found = re.fullmatch(r" ?[-/'] ?([0-9]{2})", match["list"])
    year_follows = re.match(rf",? ?\(?{YEAR}", match.string[match.end() :])
    year = plausible_year(found[1], today) if found and not year_follows else None
    if not found or year is None:
        return None, None
    if int(found[1]) <= int(match["week"]):
        return year, None
    if match["list"][:2] in {" -", " '"} and -1 <= year - today.year <= 2:
        return year, f"”{match[0]}” är läst som en vecka {year}, inte som flera veckor."
    near = abs(year - today.year) <= 2
    return None, f"”{match[0]}” är läst som veckor, inte som ett år." if near else None


def _year_after_weeks(match: Match, today: date) -> int | None:
    """The year in "v 14–18 -26", where the sign hangs on the figures after it."""
    found = re.search(r"[0-9] [-']([0-9]{2})$", match["list"])
    year = plausible_year(found[1], today) if found else None
    return year if year and -1 <= year - today.year <= 2 else None


def _weeks(match: Match, today: date) -> list[Part]:
    """ "v. 37", "vecka 37 och 38", "v 37-24" (where 24 cannot be a later week), "v2440"."""
    head = match["week"]
    begin = match.start()
    if len(head) == 4:
        year = plausible_year(head[:2], today)
        days = partial(week_of, int(head[2:]))
        if year is None:
            days = partial(refuse, f"”{match[0]}” är ingen vecka. Ange vecka och år.")
        return [Part(begin, match.end(), Precision.WEEK, Precision.WEEK, days, year)]
    year, doubt = _year_in_week_list(match, today)
    rest = [] if year else list(numbers(match, "list"))
    last_year = _year_after_weeks(match, today) if len(rest) > 1 else None
    if last_year:
        rest = rest[:-1]
    end = match.end() if not rest else match.end("week")
    parts = [Part(begin, end, Precision.WEEK, Precision.WEEK,
                  partial(week_of, int(head)), year, doubt=doubt)]  # fmt: skip
    for week, start, stop in rest:
        days = partial(week_of, week)
        parts.append(Part(start, stop, Precision.WEEK, Precision.WEEK, days))
    if last_year:
        parts[-1] = replace(parts[-1], end=match.end(), year=last_year)
    return parts


# -- months ---------------------------------------------------------------------------------------


def _iso_month(match: Match, _today: date) -> list[Part]:
    days = partial(month_of, int(match["month"]))
    return [whole(match, Precision.MONTH, days, int(match["year"]))]


def _month(match: Match, today: date) -> list[Part]:
    word = match["month"]
    month = MONTHS[word]
    year = two_digit_year(match, today)
    strange = bool(match["yy"]) and year is None
    long_ago = year is not None and year < today.year - 4
    if (strange or long_ago) and not match["sign"]:
        reason = f"”{match[0].strip()}” kan vara en dag eller ett år. Skriv året med fyra siffror."
        days: Callable[[int], Days] = partial(refuse, reason)
        return [whole(match, Precision.MONTH, days, today.year)]
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
    return [whole(match, Precision.MONTH, partial(month_of, 7))]


# -- years ----------------------------------------------------------------------------------------


def _year(match: Match, _today: date) -> list[Part]:
    year = int(match["year"])
    part = whole(match, Precision.YEAR, year_of, year, is_year=True)
    return [narrowed(part, edge_of(match))]


def _end_of_year(match: Match, _today: date) -> list[Part]:
    return [narrowed(whole(match, Precision.YEAR, year_of), 2)]


def _year_pair(match: Match, today: date) -> list[Part]:
    """2024/25 and 2023-26: two years, joined by what stands between them."""
    one, two = int(match["one"]), full_year(match["two"], today)
    middle = match.end("one")
    parts = ((match.start(), middle, one), (match.start("two"), match.end("two"), two))
    return [
        Part(begin, end, Precision.YEAR, Precision.YEAR, year_of, year, is_year=True)
        for begin, end, year in parts
    ]


def _short_years(match: Match, today: date) -> list[Part]:
    """ "-25/-26": two years."""
    one, two = plausible_year(match["one"], today), plausible_year(match["two"], today)
    if one is None or two is None or two < one:
        return []
    middle = match.end("one")
    parts = ((match.start(), middle, one), (match.start("two"), match.end("two"), two))
    return [
        Part(begin, end, Precision.YEAR, Precision.YEAR, year_of, year, is_year=True)
        for begin, end, year in parts
    ]


# -- the table ------------------------------------------------------------------------------------

_MONTH_NUMBER = r"(?P<month>0[0-9]|1[0-9]|[1-9])"
# In "1 mars 2024-31 maj 2024" the 31 is a day and no year.
_STANDS_ALONE = rf"(?!(?::?[ae])?\.? ?{ANY_MONTH}{E})"

UNITS: tuple[Recogniser, ...] = (
    (rf"(?<![0-9-]){IN_YEAR}-?w(?P<week>{N})(?:-?(?P<weekday>[1-7]))?{E}",
     _iso_week),
    (rf"(?:(?<![0-9./])|(?<=[0-9]{{4}}-[0-9]{{2}}/)){IN_YEAR}[-/]{_MONTH_NUMBER}(?![0-9]|[-/.]{N}(?![0-9]))"
     rf"(?<!/1[3-9]){_STANDS_ALONE}", _iso_month),
    (rf"(?<![0-9./-])(?P<one>{YEAR}) ?[/-](?P<two>[0-9]{{2}})(?![0-9]|[-/.][0-9])"
     rf"{_STANDS_ALONE}", _year_pair),
    (r"(?<![\w./'-])[-'](?P<one>[0-9]{2}) ?/ ?[-']?(?P<two>[0-9]{2})(?![\w/-])", _short_years),
    (rf"(?<![0-9./])(?P<month>{N})[/]{IN_YEAR}(?![0-9])", _iso_month),
    (rf"(?<![0-9./-])(?P<month>[01][0-9])[.-]{IN_YEAR}(?![0-9])", _iso_month),
    (rf"{B}årsslut(?:et)?{E}", _end_of_year),
    (rf"{B}(?P<month>jul)(?=-[0-9]{{2}}(?![0-9])){YY}(?P<edge>)", _month),
    (rf"(?:(?<=[njr][-/])|(?<=[njr] - ))jul{E}|{B}jul(?= ?[-/] ?(?:aug|sep|okt|nov|dec))", _july),
    (rf"(?:(?<![\w.])|(?<=20[0-9]{{2}}))(?:veckorna|veckor|veckan|vecka|week|vk|wk|v|w)\.? ?"
     rf"(?:nr\.? ?)?(?P<week>[0-9]{{4}}|{N})(?![0-9\w]|[.,:][0-9])"
     rf"(?P<list>(?:(?:{AND}|'){N}(?![0-9\w]|[./:][0-9]| ?{ANY_MONTH}{E}))*)", _weeks),
    (rf"{B}(?P<month>{MONTH}){E}{DOT}(?:s? månads?{E})?{EDGE_AFTER}{YY}?", _month),
    (rf"(?:(?<![\w.,:/§-])|(?<=[-/])){IN_YEAR}(?:\.0)?(?: års)?"
     rf"(?![0-9]|[.,][0-9]|[a-zåäö]{{2}})(?:(?! [a-zåäö]+ {YEAR}){EDGE_AFTER}|)", _year),
)  # fmt: skip
