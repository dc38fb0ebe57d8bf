"""The words that change something when they are all that a reply says: "klart", "2 enligt plan".

Everything is understood, or nothing: a line that is none of these makes the whole reply words that
somebody has to read. A greeting and her own name at the end are no words about an activity.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.status import Says
from rules.swedish_dates import read_coming

LONGEST = 2000  # characters; who writes more says something else too
_PHRASES = {
    **dict.fromkeys(("klart", "klar", "färdig", "färdigt", "det är klart", "är klart"), Says.DONE),
    **dict.fromkeys(
        ("enligt plan", "enligt planen", "går enligt plan", "det går enligt plan"), Says.ON_TRACK
    ),
    **dict.fromkeys(("försenat", "försenad", "blir försenat", "det är försenat"), Says.LATE),
    **dict.fromkeys(
        ("inte mitt", "inte mitt ansvar", "inte jag", "inte min", "inte mitt bord"), Says.NOT_ME
    ),
}
# What letters and pages give as examples.
EXAMPLES = ("klart", "enligt plan", "försenat till mars", "inte mitt")
_LATE_UNTIL = re.compile(r"(?:det )?(?:är |blir )?försena[td] till (?P<day>.{1,40})")
_MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december "
    "jan feb mar apr jun jul aug sep sept okt nov dec"
)
_OF_A_DAY = re.compile(
    rf"(?:\d{{1,4}}(?:[-/.:]\d{{1,2}}){{0,2}}|\d{{1,2}}(?:e|:e)|{'|'.join(_MONTHS.split())}"
    r"|våren|sommaren|hösten|vintern|vår|höst|vecka|v|slutet|början|mitten|av|den|i|årsskiftet"
    r"|halvårsskiftet|kvartal|nästa|år|månad|q[1-4])\.?"
)
_NUMBERED = re.compile(r"(?:(?:nr|nummer)\.?\s*)?(?P<number>\d{1,2})\s*[.):–-]?\s+(?P<words>\D.*)")
_GREETING = re.compile(r"(?:hej|hejsan|hejhej|god morgon|goddag|tjena)(?: \w+){0,2}[!,.]?")
_THANKS = re.compile(r"(?:tack|tack så mycket|med vänlig hälsning|vänligen|/?mvh)[!,.]?")
_PIECES = re.compile(r"[\n;]")
_LINES_SIGNED = 14  # a signature with a name, titles and telephones has no more
_SAYS_MORE = re.compile(r"\?|^\s*(?:ps|p\.s)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one activity, by the number that the letter gave it."""

    number: int
    says: Says
    day: str = ""


def understood(
    words: str, numbers: Collection[int], today: date, called: str = ""
) -> list[Line] | None:
    """What a reply says; None when any of it is something else than fixed words.

    `numbers` are those of the letter; with one only, it need not be written. `called` is her name.
    """
    if not numbers or len(words) > LONGEST:
        return None
    found: dict[int, Line] = {}
    for piece in _PIECES.split(words):
        said = _plain(piece)
        if not said or _GREETING.fullmatch(said) or _is_signed(said, called):
            continue
        line = _line(said, numbers, today)
        if line is None or line.number in found:
            return None
        found[line.number] = line
    return list(found.values()) or None


def only_signs(signed: str) -> bool:
    """Is what stands under the words a signature, and no question or afterthought?"""
    lines = [line for line in signed.splitlines() if line.strip()]
    return len(lines) <= _LINES_SIGNED and not _SAYS_MORE.search(signed)


def _plain(words: str) -> str:
    """In small letters and one line, without what ends a sentence or stands around it."""
    return " ".join(words.casefold().split()).strip(" .!”\"'*")


def _is_signed(said: str, called: str) -> bool:
    """Is it thanks, or her own name?"""
    if _THANKS.fullmatch(said):
        return True
    name = " ".join(called.casefold().split())
    return bool(name) and said.lstrip("/ –-") in {name, name.partition(" ")[0]}


def _line(said: str, numbers: Collection[int], today: date) -> Line | None:
    numbered = _NUMBERED.fullmatch(said)
    if numbered:
        number, said = int(numbered["number"]), numbered["words"].strip()
    elif len(numbers) == 1:
        number = next(iter(numbers))
    else:
        return None
    if number not in numbers:
        return None
    if said in _PHRASES:
        return Line(number, _PHRASES[said])
    late = _LATE_UNTIL.fullmatch(said)
    if late and _is_a_day(late["day"], today):
        return Line(number, Says.LATE, late["day"])
    return None


def _is_a_day(words: str, today: date) -> bool:
    """Is it a day to come and nothing beside, in words that leave no doubt?"""
    if not all(_OF_A_DAY.fullmatch(word) for word in words.split()):
        return False
    span = read_coming(words, today)
    return span.last is not None and span.last >= today and not span.doubt
