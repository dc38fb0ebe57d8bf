"""The words of Swedish dates: months, weekdays, seasons, numbers and ordinals.

Only tables, and the few functions that turn such a word into a number. What the words mean as days
is left to `dates/calendar.py`, mending misspelt ones to `dates/text.py`.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache, partial

MONTHS = {
    "januari": 1, "jan": 1, "february": 2, "februari": 2, "febr": 2, "feb": 2, "mars": 3, "mar": 3,
    "march": 3, "may": 5, "april": 4, "apr": 4, "maj": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7,
    "augusti": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "october": 10,
    "okt": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12, "january": 1,
    "june": 6, "july": 7, "august": 8,
}  # fmt: skip
MONTH_NAMES = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
# Also first names or other words: a date only where something beside them says so.
NAMES_TOO = frozenset({"jan", "maj", "mar", "march", "may", "june", "august"})
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WEEKDAY = r"(?:mån|tis|ons|tors?|fre|lör|sön)"
NUMBER_WORDS = {
    "en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8,
    "nio": 9, "tio": 10, "elva": 11, "tolv": 12, "fjorton": 14, "femton": 15, "tjugo": 20,
    "trettio": 30, "ett par": 2,
}  # fmt: skip
ORDINALS = {
    "första": 1, "förste": 1, "andra": 2, "tredje": 3, "fjärde": 4, "femte": 5, "sjätte": 6,
    "sjunde": 7, "åttonde": 8, "nionde": 9, "tionde": 10, "elfte": 11, "tolfte": 12,
    "trettonde": 13, "fjortonde": 14, "femtonde": 15, "sextonde": 16, "sjuttonde": 17,
    "artonde": 18, "nittonde": 19, "tjugonde": 20, "tjugoförsta": 21, "tjugoandra": 22,
    "tjugotredje": 23, "tjugofjärde": 24, "tjugofemte": 25, "tjugosjätte": 26, "tjugosjunde": 27,
    "tjugoåttonde": 28, "tjugonionde": 29, "trettionde": 30, "trettioförsta": 31,
}  # fmt: skip
# The bare "vår" is mostly the word for "our": its recognisers ask for more beside it.
SEASONS = {
    "våren": "vår", "vårens": "vår", "vårkanten": "vår",
    "sommaren": "sommar", "sommarens": "sommar", "sommar": "sommar",
    "hösten": "höst", "höstens": "höst", "höst": "höst", "höstkanten": "höst",
    "vintern": "vinter", "vinterns": "vinter", "vinter": "vinter", "vår": "vår",
}  # fmt: skip


def lazily(source: str) -> Callable[[], re.Pattern[str]]:
    """A regular expression compiled at its first use, so that importing these files stays quick."""
    return cache(partial(re.compile, source))


def either(words: Iterable[str]) -> str:
    """A regex for any of the words, the longest first so that "mars" is not read as "mar"."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


# "jul" is Christmas, save in "5 jul", "jul-24" (as Excel writes it) and beside another month.
MONTH = either(set(MONTHS) - {"jul"})
ORDINAL = rf"(?:{either(ORDINALS)}|sista|[1-9][0-9]?:?(?:dje|dra|sta|nde|[aestndrh]{{1,2}}))"
COUNT = rf"(?:[0-9]{{1,3}}|{either(NUMBER_WORDS)})"


def count_of(words: str) -> int:
    """ "3" or "tre" as a number."""
    return int(words) if words.isdigit() else NUMBER_WORDS[words]


def ordinal_of(words: str) -> int:
    """ "andra" or "2:a" as a number; 0 for "sista"."""
    if words[0].isdigit():
        return int(re.match(r"[0-9]+", words)[0])  # type: ignore[index]
    return ORDINALS.get(words, 0)


def weekday_number(word: str) -> int:
    """0 for "måndag", "mån" and "måndagen"."""
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(word[:3]))


def weekday_name(which: str | int) -> str:
    """The full name of a weekday, from its number or its first letters."""
    return WEEKDAYS[which if isinstance(which, int) else weekday_number(which)]
