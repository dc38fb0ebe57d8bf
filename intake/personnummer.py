"""Personnummer and their kin, found wherever they stand in a text. Found, never kept.

Known are personnummer and samordningsnummer, with and without century, sign and space between; the
reserve numbers of Västra Götaland, Värmland and Stockholm, of Inera, and the national ones. All
that have a check digit must have the right one; all that begin with a date need a date that exists.
What only looks alike is left alone: a longer row of digits, a wrong check digit, a number that is
called a telephone or payment number by the word before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

_SIGN = r"[ \u00a0]?[-+\u2010-\u2015\u2212]?[ \u00a0]?"  # the hyphens that Word and Excel make
_CANDIDATE = re.compile(
    rf"(?<![0-9])(?:"
    rf"(?P<inera>(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:3[2-9]|[45][0-9]){_SIGN}[0-9]{{4}})"
    rf"|(?P<century>1[89]|20)?(?P<day>[0-9]{{6}})(?P<sign>{_SIGN})(?P<last>[0-9TRSUWXJKLMN][0-9]{{3}})"
    rf"|(?P<stockholm>99(?:19|20|21|22)[0-9]{{4}}{_SIGN}[0-9]{{4}})"
    rf"|(?P<varmland>(?:19|20)[0-9]{{6}}{_SIGN}S[FUXPL][0-9][A-UW-Z1-9])"
    rf"|(?P<national>(?:00|2[2-9]|[3-9][0-9])[0-9]{{6}}{_SIGN}[A-HJ-NPR-UX-Z]{{2}}[0-9]{{2}})"
    rf")(?![0-9])"
)
# "1912-12-12-1212": the date as dates are written. With a space before the last four it may be a
# time of day, with spaces round the sign the years of a period.
_CUT = re.compile(
    r"(?<![0-9-])(?P<century>1[89]|20)?(?P<day>[0-9]{2}([-./])[0-9]{2}\3[0-9]{2})"
    r"[-+\u2010-\u2015\u2212](?P<last>[0-9]{4})(?![0-9-])"
)
_LETTERS_OF_THE_REGION = {"K": 5, "M": 7, "X": 8}  # reserve numbers of Västra Götaland
_ONE = "TRSUWXJKLMN"  # the letter in an interim number counts as 1
_SIX = re.compile(r"[0-9]{6}")  # what has no six digits together is not worth a closer look
_OTHERWISE = re.compile(
    r"(?:\b(?:tel|telefon|telefonnr|telefonnummer|tfn|tlf|mobil|mobilnr|mobilnummer|mob|ring|sms"
    r"|ocr|ocr-?n(?:r|ummer)|bankgiro|bg|plusgiro|pg|faktura|fakturanr|fakturanummer|org\.?-?nr"
    r"|organisationsnummer|ordernr|ordernummer))[ .:\u00a0]*(?:nr|nummer)?[ .:\u00a0]*$",
    re.IGNORECASE,
)
_CENTURY_OF_COORDINATION = 60  # what is added to the day in a samordningsnummer


@dataclass(frozen=True, slots=True)
class Found:
    """Where a number stands in the text."""

    start: int
    end: int


def find(text: str) -> list[Found]:
    """Every personnummer, samordningsnummer and reserve number in the text."""
    return sorted([*_found(text), *_cut(text)], key=attrgetter("start"))


def holds(text: str) -> bool:
    """Is there any in the text?"""
    return next(_found(text), None) is not None or next(_cut(text), None) is not None


def masked(text: str) -> str:
    """The text with a sign of each instead of the number."""
    pieces, at = [], 0
    for found in find(text):
        pieces += [text[at : found.start], "(personnummer)"]
        at = found.end
    return "".join([*pieces, text[at:]])


def _found(text: str) -> Iterator[Found]:
    if not _SIX.search(text):
        return
    at = 0
    while match := _CANDIDATE.search(text, at):
        if _is_one(match) and not _OTHERWISE.search(
            text[max(0, match.start() - 40) : match.start()]
        ):
            yield Found(match.start(), match.end())
            at = match.end()
        else:
            at = match.start() + 1


def _cut(text: str) -> Iterator[Found]:
    for match in _CUT.finditer(text):
        day = _plain(match["day"])
        centuries = [match["century"]] if match["century"] else ["19", "20"]
        if any(_is_day(century, day) for century in centuries) and _luhn(day + match["last"]):
            yield Found(match.start(), match.end())


def _is_one(match: re.Match[str]) -> bool:
    if match["stockholm"]:
        return _luhn(_plain(match["stockholm"])[4:])
    if match["inera"]:
        return _luhn(_plain(match["inera"])[2:])
    if match["varmland"]:
        return _is_day(match["varmland"][:2], match["varmland"][2:8])
    if match["national"]:
        return _national(match["national"])
    return _has_day(match) and _checked(match["day"] + match["last"])


def _has_day(match: re.Match[str]) -> bool:
    """The six digits are a day; of a century that is not told, one in which it exists."""
    centuries = [match["century"]] if match["century"] else ["19", "20"]
    return any(_is_day(century, match["day"]) for century in centuries)


def _is_day(century: str, six: str) -> bool:
    day = int(six[4:])
    if day > _CENTURY_OF_COORDINATION:
        day -= _CENTURY_OF_COORDINATION
    try:
        date(int(century + six[:2]), int(six[2:4]), day)
    except ValueError:
        return False
    return True


def _national(words: str) -> bool:
    """The national reserve number: a date, or a running number that can be no date."""
    if words[:2] == "00":
        return int(words[4:6]) >= 20 and 40 <= int(words[6:8]) <= 59
    return 1 <= int(words[4:6]) <= 12 and 1 <= int(words[6:8]) <= 31


def _checked(ten: str) -> bool:
    """The check digit is right, whatever a letter among the last four may count as."""
    letter = ten[6]
    if letter.isdigit():
        return _luhn(ten)
    values = [1] if letter in _ONE else []
    if letter in _LETTERS_OF_THE_REGION:
        values.append(_LETTERS_OF_THE_REGION[letter])
    return any(_luhn(f"{ten[:6]}{value}{ten[7:]}") for value in values)


def _luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _plain(words: str) -> str:
    return re.sub(r"[^0-9]", "", words)
