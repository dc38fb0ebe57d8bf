"""Reserve numbers: what a region gives those who have no personnummer, or whose it does not know.

Some are known by name; an installation may leave one of them out, and tell patterns of its own
(`FOLJSAM_RESERVE_NUMBERS`). In a pattern YYYYMMDD and YYMMDD are a day that exists, # is a digit,
@ a letter, - a hyphen, a space or nothing, and everything else is itself: "YYYYMMDD-Q###".

Interim numbers and those of Västra Götaland are personnummer with a letter in them, and read as
such (`rules/personnummer.py`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

LETTERS = "TRSUWXJKLMN"  # what may stand first among the last four of a personnummer
LETTERS_OF_THE_REGION = {"K": 5, "M": 7, "X": 8}  # reserve numbers of Västra Götaland
REGIONS = "nationella, inera, stockholm, varmland"
FEWEST_DIGITS = 6  # in whatever is looked for, lest it stops every word
_SIGN = "[ ]?[-+]?[ ]?"
_PIECES = re.compile(r"YYYYMMDD|YYMMDD|.")
_OWN = {
    "YYYYMMDD": "(?P<day>(?:18|19|20)[0-9]{6})",
    "YYMMDD": "(?P<day>[0-9]{6})",
    "#": "[0-9]",
    "@": "[A-ZÅÄÖ]",
    "-": _SIGN,
}


class PatternError(ValueError):
    """A pattern that cannot be used. The message says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of reserve number: how it is written, and what must hold for it."""

    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool]
    own: bool = False  # an installation's, of which nothing is known beforehand


def use(words: str) -> None:
    """Know these kinds from now on, in this process. Raises `PatternError`."""
    _KNOWN[:] = kinds(words)


def known() -> Sequence[Kind]:
    """The kinds that are looked for."""
    return _KNOWN


@lru_cache(maxsize=8)
def kinds(words: str) -> tuple[Kind, ...]:
    """The kinds that words with commas between tell. Raises `PatternError`."""
    told = [word.strip() for word in words.split(",")]
    return tuple(_BY_NAME.get(word.lower()) or own(word) for word in told if word)


def own(words: str) -> Kind:
    """A kind that an installation has told of in a pattern."""
    pieces = _PIECES.findall(words)
    digits = sum(len(piece) for piece in pieces if piece[0] in "Y#" or piece.isdecimal())
    if digits < FEWEST_DIGITS:
        raise PatternError(
            f"{words!r} has fewer than {FEWEST_DIGITS} digits, and stops other words"
        )
    written = "".join(_OWN.get(piece) or re.escape(piece) for piece in pieces)
    try:
        pattern = _whole(written)
    except re.error as error:
        raise PatternError(f"{words!r} tells more than one day") from error
    return Kind(pattern, _has_its_day, own=True)


def _whole(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9A-Za-z])(?:{written})(?![0-9A-Za-z])", re.IGNORECASE)


def _has_its_day(match: re.Match[str]) -> bool:
    """The day of an own pattern exists; one without a century, in some century."""
    day = match.groupdict().get("day")
    if day is None:
        return True
    written = [day] if len(day) == 8 else ["19" + day, "20" + day]
    return any(_exists(each) for each in written)


def _exists(eight: str) -> bool:
    try:
        date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return False
    return True


def _checked(skipped: int) -> Callable[[re.Match[str]], bool]:
    """The check digit is right, of the digits after the first ones."""

    def holds(match: re.Match[str]) -> bool:
        return luhn(re.sub("[^0-9]", "", match[0])[skipped:])

    return holds


def luhn(digits: str) -> bool:
    """The last digit is the check digit of the others."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _of_varmland(match: re.Match[str]) -> bool:
    return _exists(match[0][:8])


def _national(match: re.Match[str]) -> bool:
    """A date, or a running number that can be no date."""
    words = match[0]
    if words[:2] == "00":
        return int(words[4:6]) >= 20 and 40 <= int(words[6:8]) <= 59
    return 1 <= int(words[4:6]) <= 12 and 1 <= int(words[6:8]) <= 31


def _bounded(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){written}(?![0-9])", re.IGNORECASE)


_BY_NAME = {
    "inera": Kind(
        _bounded(rf"(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:3[2-9]|[45][0-9]){_SIGN}[0-9]{{4}}"),
        _checked(2),
    ),
    "stockholm": Kind(_bounded(rf"99(?:19|20|21|22)[0-9]{{4}}{_SIGN}[0-9]{{4}}"), _checked(4)),
    "varmland": Kind(
        _bounded(rf"(?:19|20)[0-9]{{6}}{_SIGN}S[FUXPL][0-9][A-UW-Z1-9]"), _of_varmland
    ),
    "nationella": Kind(
        _bounded(rf"(?:00|2[2-9]|[3-9][0-9])[0-9]{{6}}{_SIGN}[A-HJ-NPR-UX-Z]{{2}}[0-9]{{2}}"),
        _national,
    ),
}
_KNOWN: list[Kind] = list(kinds(REGIONS))
