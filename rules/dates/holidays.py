"""Swedish feast days and school holidays, and the days they fall on.

School holidays that differ between municipalities ("sportlovet") are recognised and asked about.
Which days are free from work is not told here.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from models.span import Precision
from rules.dates.calendar import DAY_STEP, Days, week_of
from rules.dates.parts import YEAR, YY, B, E, Match, Part, Recogniser, refuse, two_digit_year


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher; their letters)."""
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741
    m = (a + 11 * h + 19 * l) // 433
    month = (h + l - 7 * m + 90) // 25
    return date(year, month, (h + l - 7 * m + 33 * month + 19) % 32)


def _around(day: date, before: int, after: int) -> Days:
    return day - before * DAY_STEP, day + after * DAY_STEP


def _saturday(month: int, day: int, year: int) -> date:
    """The first Saturday on or after a day."""
    start = date(year, month, day)
    return start + (5 - start.weekday()) % 7 * DAY_STEP


def _advent(number: int, year: int) -> Days:
    """The first to the fourth Sunday of Advent; the fourth is the last one before Christmas."""
    eve = date(year, 12, 24)
    fourth = eve - (eve.weekday() + 1) % 7 * DAY_STEP
    return _around(fourth - 7 * (4 - number) * DAY_STEP, 0, 0)


def _advent_time(year: int) -> Days:
    return _advent(1, year)[0], date(year, 12, 24)


def _date_of(month: int, day: int, before: int, after: int, year: int) -> Days:
    return _around(date(year, month, day), before, after)


def _easter_plus(shift: int, before: int, after: int, year: int) -> Days:
    return _around(easter(year) + shift * DAY_STEP, before, after)


def _saturday_after(month: int, day: int, before: int, after: int, year: int) -> Days:
    return _around(_saturday(month, day, year), before, after)


# (words, days in a year). A word is only taken whole: "påsk" does not match in "påskafton".
_FEASTS: tuple[tuple[str, Callable[[int], Days]], ...] = (
    (r"nyårsafton(?:en)?", partial(_date_of, 12, 31, 0, 0)),
    (r"nyårsdagen?", partial(_date_of, 1, 1, 0, 0)),
    (r"nyår(?:et)?|nyårshelgen", partial(_date_of, 12, 31, 0, 1)),
    (r"trettondagsafton", partial(_date_of, 1, 5, 0, 0)),
    (r"trettondag(?:en|e?n? jul)?|trettondedag jul", partial(_date_of, 1, 6, 0, 0)),
    (r"trettonhelgen|trettondagshelgen", partial(_date_of, 1, 6, 1, 0)),
    (r"tjugondag(?:en|e?n? jul| knut)?", partial(_date_of, 1, 13, 0, 0)),
    (r"skärtorsdag(?:en)?", partial(_easter_plus, -3, 0, 0)),
    (r"långfredag(?:en)?", partial(_easter_plus, -2, 0, 0)),
    (r"påskafton(?:en)?", partial(_easter_plus, -1, 0, 0)),
    (r"påskdag(?:en)?", partial(_easter_plus, 0, 0, 0)),
    (r"annandag(?:en)? påsk", partial(_easter_plus, 1, 0, 0)),
    (r"påskveckan", partial(_easter_plus, 0, 6, 0)),
    (r"påsk(?:en)?|påskhelgen", partial(_easter_plus, 0, 2, 1)),
    (r"valborg(?:smässoafton)?", partial(_date_of, 4, 30, 0, 0)),
    (r"kristi himmelsfärds?(?:dag(?:en)?|helgen)?", partial(_easter_plus, 39, 0, 0)),
    (r"pingstafton", partial(_easter_plus, 48, 0, 0)),
    (r"pingstdagen", partial(_easter_plus, 49, 0, 0)),
    (r"annandag(?:en)? pingst", partial(_easter_plus, 50, 0, 0)),
    (r"pingst(?:en)?|pingsthelgen", partial(_easter_plus, 49, 1, 0)),
    (r"(?:sveriges )?nationaldag(?:en)?", partial(_date_of, 6, 6, 0, 0)),
    (r"midsommarafton", partial(_saturday_after, 6, 20, 1, -1)),
    (r"midsommardagen", partial(_saturday_after, 6, 20, 0, 0)),
    (r"midsommar(?:en)?|midsommarhelgen", partial(_saturday_after, 6, 20, 1, 0)),
    (r"alla helgons dag", partial(_saturday_after, 10, 31, 0, 0)),
    (r"allhelgona(?:helgen)?|alla helgons helg(?:en)?", partial(_saturday_after, 10, 31, 0, 1)),
    (r"höstlov(?:et)?", partial(week_of, 44)),
    (r"(?:första|1:a|1) advent", partial(_advent, 1)),
    (r"(?:andra|2:a|2) advent", partial(_advent, 2)),
    (r"(?:tredje|3:e|3) advent", partial(_advent, 3)),
    (r"(?:fjärde|4:e|4) advent", partial(_advent, 4)),
    (r"advent(?:en|stiden)?", _advent_time),
    (r"(?:sankta )?lucia(?:dagen)?", partial(_date_of, 12, 13, 0, 0)),
    (r"(?:dan före dopparedan|julafton(?:en)?)", partial(_date_of, 12, 24, 0, 0)),
    (r"juldagen", partial(_date_of, 12, 25, 0, 0)),
    (r"annandag(?:en)? jul|annandagen", partial(_date_of, 12, 26, 0, 0)),
    (r"mellandagarna", partial(_date_of, 12, 27, 0, 3)),
    (r"jul(?:en)?|julhelgen|juletid", partial(_date_of, 12, 24, 0, 2)),
)
_HOLIDAY = "(?:" + "|".join(words for words, _ in _FEASTS) + ")"
_UNCLEAR = (
    r"sportlov(?:et)?|februarilov(?:et)?|påsklov(?:et)?|jullov(?:et)?|sommarlov(?:et)?"
    r"|(?:(?<=före )|(?<=innan )|(?<=efter )|(?<=till )|(?<=inför ))"
    r"(?:(?:sommar|industri|jul)?semest(?:ern|rarna)|(?:jul|sommar)?ledigheten)"
    r"|skolstart(?:en)?|skolavslutning(?:en)?|läsårsstart(?:en)?|terminsstart(?:en)?|terminsslut(?:et)?"
)


def _holiday(match: Match, today: date) -> list[Part]:
    word = match["name"]
    days = next(days for words, days in _FEASTS if re.fullmatch(words, word))
    year = two_digit_year(match, today)
    doubt = None
    if word.startswith("höstlov"):
        doubt = "Höstlovet är läst som vecka 44, som är det vanliga."
    unit = Precision.WEEK if doubt else Precision.DAY
    if word in {"nyår", "nyåret", "nyårshelgen"}:
        doubt = "Nyår är läst som det som börjar den 31 december det året."
    return [Part(*match.span(), Precision.HOLIDAY, unit, days, year, doubt=doubt)]


def _unclear_time(match: Match, today: date) -> list[Part]:
    reason = f"”{match['name'].capitalize()}” infaller olika på olika håll. Ange vecka eller datum."
    days = partial(refuse, reason)
    return [Part(*match.span(), Precision.HOLIDAY, Precision.WEEK, days, today.year)]


HOLIDAYS: tuple[Recogniser, ...] = (
    (rf"{B}(?P<name>{_UNCLEAR}){E}(?:{YY}|,? {YEAR}(?![0-9]))?", _unclear_time),
    (rf"{B}(?P<name>{_HOLIDAY}){E}{YY}?", _holiday),
)
