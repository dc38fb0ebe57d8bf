"""What a recogniser finds: a `Part`, one unit of time where it stands in a text.

Here are the part itself, the pieces of patterns and the small helpers that the recognisers share.
The recognisers are in `days.py`, `units.py`, `relative.py`, `holidays.py` and `periods.py`;
`finder.py` tries them on a text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from models.span import Precision
from rules.dates.calendar import Days, NotADayError, third
from rules.dates.words import MONTHS, either

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


# A pattern, and what makes parts of its match. Patterns see plain words: lower case, one kind of
# dash, single spaces. The first in the table that fits at a place is taken.
Recogniser = tuple[str, Callable[[Match, date], list[Part]]]


# -- pieces of patterns ---------------------------------------------------------------------------

B = r"(?<!\w)"  # a word begins here
E = r"(?!\w)"  # and ends here
N = r"[0-9]{1,2}"
ANY_MONTH = either(MONTHS)
# One way only to match each joiner: two ways, repeated, would take exponential time.
AND = r" ?(?:-|,(?: och)?|/|&|\+|och|samt|eller|till|resp\.?|t\.? ?o\.? ?m\.?) ?"
YEAR = r"(?:19[5-9][0-9]|20[0-9]{2})"
IN_YEAR = rf"(?P<year>{YEAR})"
# "-24", " -24", "'24", " 24"; but not the 24 of "mars-24 april", "24/4", "24:e", "24-26".
YY = (
    r"(?:(?: ?(?P<sign>['/-])| )(?P<yy>[0-9]{2})"
    rf"(?![0-9\w]|[.:/-][0-9]|:[ea]| ?{ANY_MONTH}{E}|,[0-9]| ?(?:år|veckor|dagar|månader){E}))"
)
PAIR = r" ?-?(?P<one>[0-9]{4}|[0-9]{2}) ?[/-] ?(?P<two>[0-9]{4}|[0-9]{2})(?![0-9]|-[0-9])"
# With a dash "våren 2024–2025" is a range; only winters and school years run over the turn so.
SLASH_PAIR = PAIR.replace("[/-]", "/")
PAIR_OR_YY = rf"(?:{SLASH_PAIR}|{YY})?"
# The dot of "jan." is the month's where something of the date follows, else the sentence's.
DOT = r"(?:\.(?= ?[0-9'/,-]| (?:och|till|samt|månad)))?"
# In "start mars, slut oktober" the word belongs to what follows it.
EDGE_AFTER = (
    rf"(?: (?P<edge>början|inledning|start|mitt|slut)(?!\w| ?:| (?:den )?{ANY_MONTH}{E}"
    rf"| (?:den )?{N}(?:[/.]| ?{ANY_MONTH})| v(?:ecka)?\.? ?[0-9]| (?:q|kv\.?|kvartal) ?[1-4]))?"
)


# -- what a match says ----------------------------------------------------------------------------


def plausible_year(yy: str, today: date) -> int | None:
    """The year two digits mean, where that is near enough for a plan to speak of."""
    year = today.year // 100 * 100 + int(yy)
    return year if today.year - 10 <= year <= today.year + 20 else None


def full_year(digits: str, today: date) -> int:
    """A year of two or four digits, in the century of the reference."""
    return int(digits) if len(digits) == 4 else today.year // 100 * 100 + int(digits)


def two_digit_year(match: Match, today: date) -> int | None:
    """The year of the two digits after a date, where they can be one."""
    return plausible_year(match["yy"], today) if match["yy"] else None


def pair_year(match: Match, today: date, *, second_half: bool) -> tuple[int, str | None]:
    """The year meant in "vintern 2024/2025" and "ht 24/25": a school year's first or second."""
    one, two = full_year(match["one"], today), full_year(match["two"], today)
    doubt = None if two == one + 1 else "Åren följer inte på varandra. Ange ett år."
    return (two if second_half else one), doubt


def numbers(match: Match, group: str) -> Iterator[tuple[int, int, int]]:
    """Every number in a group, with where it stands."""
    offset = match.start(group)
    for found in re.finditer("[0-9]+", match[group] or ""):
        yield int(found[0]), offset + found.start(), offset + found.end()


def edge_of(match: Match) -> int | None:
    """Which third a word after the unit asks for: "terminens slut"."""
    thirds = {"början": 0, "inledning": 0, "start": 0, "mitt": 1, "slut": 2}
    return thirds.get(match["edge"]) if match["edge"] else None


# -- making parts ---------------------------------------------------------------------------------


def whole(
    match: Match, unit: Precision, days: Callable[[int], Days], year: int | None = None, *,
    precision: Precision | None = None, is_year: bool = False, weak: bool = False,
    doubt: str | None = None,
) -> Part:  # fmt: skip
    """A part that is the whole match; its precision is its unit, if nothing else is said."""
    return Part(*match.span(), precision or unit, unit, days, year, is_year, weak, doubt=doubt)


def narrowed(part: Part, which: int | None) -> Part:
    """The part, or the third of it that an edge asks for."""
    if which is None:
        return part
    days = partial(third_in, part.days, which)
    return replace(
        part, precision=Precision.APPROX, days=days, is_year=False, weak=False, late=which == 2
    )


def third_in(days: Callable[[int], Days], number: int, year: int) -> Days:
    """A third of what `days` gives for a year."""
    return third(days(year), number)


def fixed(days: Days, _year: int) -> Days:
    """The same days whatever the year: for what is counted from the reference date."""
    return days


def refuse(reason: str, _year: int) -> Days:
    """No days in any year, and why."""
    raise NotADayError(reason)
