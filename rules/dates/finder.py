"""Finds every unit of time in a plain text: the recognisers, in the order they are tried.

What each of them knows is in its own file. Years for those without one, ranges, lists and words
such as "senast" are left to `dates/joins.py`, `dates/qualifiers.py` and `dates/pieces.py`.
"""

import re
from datetime import date
from functools import cache

from rules.dates.days import DAYS
from rules.dates.holidays import HOLIDAYS
from rules.dates.parts import Part, Recogniser
from rules.dates.periods import PERIODS
from rules.dates.relative import RELATIVE
from rules.dates.units import UNITS

# Order matters where two fit at one place: "15 mars" is a day before it is a month, "vår och höst"
# a rhythm before it is a season, "2024-2025 (läsår)" a school year before it is two years, and
# "jul-24" July before it is Christmas.
_RECOGNISERS: tuple[Recogniser, ...] = (*DAYS, *RELATIVE, *PERIODS, *UNITS, *HOLIDAYS)


@cache
def _pattern(number: int) -> re.Pattern[str]:
    """One recogniser's pattern, with its groups."""
    return re.compile(_RECOGNISERS[number][0])


@cache
def _any_pattern() -> re.Pattern[str]:
    """All patterns as one, with one group each, so that a text is searched once."""
    bare = (re.sub(r"[(][?]P<[a-z0-9]+>", "(?:", pattern) for pattern, _ in _RECOGNISERS)
    return re.compile("|".join(f"(?P<r{i}>{pattern})" for i, pattern in enumerate(bare)))


def parts_in(words: str, today: date) -> list[Part]:
    """Every unit of time in the plain words, in order, never two in the same place."""
    parts: list[Part] = []
    at = 0
    while found := _any_pattern().search(words, at):
        number = int(str(found.lastgroup)[1:])
        match = _pattern(number).match(words, found.start())
        if match:
            parts += _RECOGNISERS[number][1](match, today)
        at = max(found.end(), at + 1)
    return parts
