"""Personnummer and their kin, found wherever they stand in a text. Found, never kept.

Known are personnummer and samordningsnummer, with and without century, sign and space between, cut
by a line's end or by tags, and in whatever digits and spaces they are typed; and reserve numbers,
those of `config/reserve_numbers.py` and those that the installation has told of. All that have a
check digit must have the right one; all that begin with a date need a date that exists.

What only looks alike is left alone: a longer row of digits, a wrong check digit, a day with a time,
a sum of money, a number that the words before it call something else. Ten digits without a sign
that are a day and have the right check digit are taken for one: nothing tells them apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from config.reserve_numbers import FEWEST_DIGITS, LETTERS, LETTERS_OF_THE_REGION, known, luhn
from rules.plain_signs import plain, with_raised_as_digits, without_markup

# Spaces and a sign; a line may end on either side of it.
_END = r"(?:\n{1,2}[ ]{0,4})"
_SIGN = rf"[ ]{{0,2}}{_END}?[-+]?[ ]{{0,2}}{_END}?"
_OTHER_SIGN = (  # what else people put there; then with nothing around it
    r"(?:[./_:,;·•|*~=#'\\()]"
    # What sets words apart, before and after a sign: "**811218**-9876", "(811218)-(9876)".
    r"|[*_~`'\"”’)\]}]{1,3}[-+]?[*_~`'\"”’(\[{]{0,3}|[-+][*_~`'\"”’(\[{]{1,3})"
)
_CANDIDATE = re.compile(
    rf"(?<![0-9])(?P<century>1[89]|20)?(?P<day>[0-9]{{6}})(?P<sign>{_SIGN}|{_OTHER_SIGN})"
    rf"(?P<last>[0-9{LETTERS}][0-9]{{3}})(?![0-9])",
    re.IGNORECASE,
)
# The last four in two halves: "811218-98 76", "19811218 98 76". Without century the sign tells.
_HALVED = re.compile(
    r"(?<![0-9])(?:(?P<century>1[89]|20)(?P<day>[0-9]{6})[ ]{0,2}[-+]?[ ]{0,2}"
    r"|(?P<short>[0-9]{6})[ ]{0,2}[-+][ ]{0,2})(?P<last>[0-9]{2}[ ][0-9]{2})(?![0-9]|[ ][0-9])"
)
# In fours: "1981 1218 9876". A longer row of fours is a card or an account.
_IN_FOURS = re.compile(
    r"(?<![0-9])(?<![0-9][ ])(?P<century>1[89]|20)(?P<day>[0-9]{2}[ ][0-9]{4})[ ](?P<last>[0-9]{4})"
    r"(?![0-9]|[ ][0-9])"
)
# "1912-12-12-1212": the date as dates are written. With spaces round the sign they are the years
# of a period.
_CUT = re.compile(
    r"(?<![0-9-])(?P<century>1[89]|20)?(?P<day>[0-9]{2}(?P<between>[-./ ])[0-9]{2}(?P=between)"
    rf"[0-9]{{2}})(?P<sign>[-+]{_END}?|[ ]{{1,2}})(?P<last>[0-9]{{4}})(?![0-9-])"
)
_IN_VAT = re.compile(r"(?<![A-Z])SE[ ]?(?P<ten>[0-9]{10})[ ]?01(?![0-9])")  # who trades alone
# Where one may begin: six digits together, a date as dates are written, or a year and four digits.
_START = re.compile(
    r"(?<![0-9])(?=[0-9]{6}|(?:1[89]|20)[0-9]{2}[ ][0-9]{4}[ ]"
    r"|[0-9]{2}(?:[0-9]{2})?(?P<between>[-./ ])[0-9]{2}(?P=between)[0-9]{2})"
)
_DIGIT = re.compile(r"\d")
_NUMBER = r"(?:[ .:-]*(?:nr|nummer|no))?[ .:#]*$"
_PAYMENT = re.compile(
    r"\b(?:ocr|bankgiro|bg|plusgiro|pg|faktura|fakturanr|fakturanummer|order|ordernr|ordernummer"
    rf"|isbn|issn|iban|konto|kontonr|kontonummer){_NUMBER}",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"\b(?:ärende|ärendenr|ärendenummer|dnr|diarienr|diarienummer|avvikelse|avvikelsenr)"
    rf"{_NUMBER}",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    rf"\b(?:tel|telefon|telefonnr|telefonnummer|tfn|tlf|mobil|mobilnr|mobilnummer|mob|ring|sms|växel)"
    rf"{_NUMBER}",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"(?:\b(?:tel|telefon\w*|tfn|mobil\w*|nås|kontakt\w*)\b|@)[^\n]{0,40}$", re.IGNORECASE
)
_MONEY_AFTER = re.compile(r"[ ]?(?:kr|kronor|sek|tkr|mkr|mnkr|euro|eur)\b|[ ]?€|:-", re.IGNORECASE)
_DECIMAL_BEFORE = re.compile(r"[0-9][.,]$")
_DECIMAL_AFTER = re.compile(r"[.,][0-9]")
_ADDRESS = re.compile(r"(https?://[^\s\"'<>]+)")
_LOOKS_BACK = 60  # signs before a number that may say what it is
MASK = "(personnummer)"  # what stands instead of one
_AROUND = 40  # signs on each side of a number that are shown with a refusal
_NEAR = 1000  # signs on each side that are looked through for it: more than any number is wide
_CENTURY_OF_COORDINATION = 60  # what is added to the day in a samordningsnummer
# "20241231 1200" is a day and a time when it is of these years; who is born then is small.
_TIMES_SINCE = {"": "2020", "-": "2000"}


@dataclass(frozen=True, slots=True)
class Found:
    """Where a number stands in the text."""

    start: int
    end: int


def find(text: str) -> list[Found]:
    """Every personnummer, samordningsnummer and reserve number in the text, none within another."""
    apart: list[Found] = []
    for found in sorted(_all(text), key=attrgetter("start", "end")):
        if not apart or found.start >= apart[-1].end:
            apart.append(found)
    return apart


def holds(text: str) -> bool:
    """Is there any in the text?"""
    return next(_all(text), None) is not None


def masked(text: str) -> str:
    """The text with a sign of each instead of the number."""
    pieces, at = [], 0
    for found in find(text):
        pieces += [text[at : found.start], MASK]
        at = found.end
    return "".join([*pieces, text[at:]])


def masked_letter(words: str) -> str:
    """The same of a letter. Addresses must open, and by chance there may be such digits in one."""
    pieces = _ADDRESS.split(words)
    return "".join(each if at % 2 else masked(each) for at, each in enumerate(pieces))


def refusal(words: str) -> str:
    """What is said to whoever wrote it, in Swedish: the words around the first, without it."""
    found = next(_all(words), Found(0, 0))
    near = words[max(0, found.start - _NEAR) : found.end + _NEAR]
    told = " ".join(masked(near).split())
    at = told.find(MASK)
    first, last = max(0, at - _AROUND), at + len(MASK) + _AROUND
    before, after = "… " if first else "", " …" if last < len(told) else ""
    return (
        f"”{before}{told[first:last].strip()}{after}” ser ut att innehålla ett personnummer. "
        "Ta bort personnumret och skicka igen."
    )


def _all(text: str) -> Iterator[Found]:
    text = with_raised_as_digits(text)
    if len(_DIGIT.findall(text)) < FEWEST_DIGITS:
        return
    # With tags too: a number may stand in one ("<a title='…'>").
    for seen in (plain(text), without_markup(text)):
        if seen is not None:
            yield from (Found(*seen.in_text(start, end)) for start, end in _spans(seen.signs))


def _spans(signs: str) -> Iterator[tuple[int, int]]:
    kinds = [(kind.pattern, kind.holds) for kind in known() if not kind.own]
    for start in _START.finditer(signs):
        for pattern, is_one in (*_OWN_KINDS, *kinds):
            match = pattern.match(signs, start.start())
            if match and is_one(match):
                yield match.span()
    if "SE" in signs:
        yield from _of_traders(signs)
    for kind in known():
        if kind.own:
            yield from (each.span() for each in kind.pattern.finditer(signs) if kind.holds(each))


def _of_traders(signs: str) -> Iterator[tuple[int, int]]:
    for match in _IN_VAT.finditer(signs):
        if _number("", match["ten"][:6], match["ten"][6:]):
            yield match.span()


def _is_one(match: re.Match[str]) -> bool:
    century, day = match["century"] or "", match["day"]
    if not _is_day(century, day) or not _checked(day + match["last"]):
        return False
    if re.fullmatch(_OTHER_SIGN, match["sign"]):
        return not _is_time((century or "20") + day[:2], match["last"], "")
    if match["sign"].strip(" \n"):
        return True
    if match["sign"]:
        return not (century and _is_time(century + day[:2], match["last"], ""))
    return not _called_otherwise(match)


def _is_cut(match: re.Match[str]) -> bool:
    century, day = match["century"] or "", _digits(match["day"])
    spaced = not match["sign"].strip()
    if not century and (spaced or match["between"] == " "):
        return match["between"] == " " and not spaced and _number(century, day, match["last"])
    if spaced and _is_time(century + day[:2], match["last"], "-"):
        return False
    return _number(century, day, match["last"])


def _is_halved(match: re.Match[str]) -> bool:
    century, day = match["century"] or "", match["day"] or match["short"]
    last = _digits(match["last"])
    if century and _is_time(century + day[:2], last, ""):
        return False
    return _number(century, day, last)


def _is_in_fours(match: re.Match[str]) -> bool:
    return _number(match["century"], _digits(match["day"]), match["last"])


def _number(century: str, day: str, last: str) -> bool:
    return _is_day(century, day) and luhn(day + last)


def _called_otherwise(match: re.Match[str]) -> bool:
    """Ten or twelve digits in a row: what stands around them says that they are something else."""
    before = match.string[max(0, match.start() - _LOOKS_BACK) : match.start()]
    after = match.string[match.end() : match.end() + 8]
    if _PAYMENT.search(before) or _MONEY_AFTER.match(after):
        return True
    if _DECIMAL_BEFORE.search(before) or _DECIMAL_AFTER.match(after):
        return True
    if match["century"]:
        return False
    return _is_telephone(match["day"], before) or bool(_CASE.search(before))


def _is_telephone(day: str, before: str) -> bool:
    """The word before says so; of a mobile's number any word on the line that is about reaching."""
    if day.startswith("070") and _MOBILE.search(before):
        return True
    return day.startswith("0") and bool(_TELEPHONE.search(before))


def _is_time(year: str, last: str, between: str) -> bool:
    """A day and these four digits after a space are a time of day: "20241231 1200"."""
    return year >= _TIMES_SINCE[between] and last[:2] < "24" and last[2:] < "60"


def _is_day(century: str, six: str) -> bool:
    """The six digits are a day; of a century that is not told, one in which it exists."""
    centuries = [century] if century else ["19", "20"]
    return any(_exists(each, six) for each in centuries)


def _exists(century: str, six: str) -> bool:
    day = int(six[4:])
    if day > _CENTURY_OF_COORDINATION:
        day -= _CENTURY_OF_COORDINATION
    try:
        date(int(century + six[:2]), int(six[2:4]), day)
    except ValueError:
        return False
    return True


def _checked(ten: str) -> bool:
    """The check digit is right, whatever a letter among the last four may count as."""
    letter = ten[6].upper()
    if letter.isdigit():
        return luhn(ten)
    values = {1, LETTERS_OF_THE_REGION.get(letter, 1)}  # in an interim number a letter counts as 1
    return any(luhn(f"{ten[:6]}{value}{ten[7:]}") for value in values)


def _digits(words: str) -> str:
    return re.sub(r"[^0-9]", "", words)


_OWN_KINDS = (
    (_CANDIDATE, _is_one),
    (_CUT, _is_cut),
    (_HALVED, _is_halved),
    (_IN_FOURS, _is_in_fours),
)
