"""Cells -> days, numbers and coded words. What cannot be told is None, what is no code is not kept.

A coded word is short: the name of a unit, a group, a class. What is long, holds sentences, long
rows of digits, addresses or words that only stories have is taken for free text.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from config.clock import STOCKHOLM
from intake.deviation.shapes import SOMETHING_ELSE
from intake.personnummer import holds
from models.deviation import FoundBy
from models.span import Precision
from rules.swedish_dates import read

LONGEST_CODE = 80
MOST_WORDS = 12
LONGEST_NUMBER = 40
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SERIALS = range(32874, 73415)  # Excel's numbers of those days
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zone
_ZONE = ZoneInfo(STOCKHOLM)

_TIME = (
    r"(?:[ T,]+(?:kl\.?\s*)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?"
    r"(?:\s*(Z|UTC|GMT|[+-]\d\d:?\d\d))?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4}|\d{2})(\d\d)(\d\d)(?:[ T](\d\d):?(\d\d)(?::?(\d\d))?(Z)?)?")
_SHORT_YEAR_FIRST = re.compile(rf"(\d\d)-(\d\d)-(\d\d){_TIME}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/. ]\s?(\d{{4}}|\d{{2}}){_TIME}")
_WRITTEN = (  # the pattern, and where in it year, month, day and the parts of the time stand
    (_YEAR_FIRST, (1, 3, 4, 4)),
    (_COMPACT, (1, 2, 3, 3)),
    (_SHORT_YEAR_FIRST, (1, 2, 3, 3)),
    (_DAY_FIRST, (3, 2, 1, 3)),
)

_NOTHING = [
    "",
    "-",
    "–",
    "—",
    "null",
    "#n/a",
    "#saknas!",
    "n/a",
    "#referens!",
    "#ref!",
    "#värdefel!",
]
_NOTHINGS = {spelt for each in _NOTHING for spelt in (each, each.upper(), each.capitalize())}
_ENDS = " \t\r\n\xa0\u200b\ufeff"
_STORY = re.compile(
    r"\b(patienten|pat|pt|brukaren|hon|han|jag|anhörig|anhöriga|mamma|pappa|dotter|dottern|son|sonen"
    r"|make|maken|maka|makan|hustru|ringde|ringer|hade|fick|blev)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(  # in two words or three it is told of a person all the same: "han dog"
    r"\b(hon|han|hen|henne|honom|hennes|jag|mig|dog|avled|föll|ramlade|svimmade|grät|skrek|ringde"
    r"|kräktes|mådde|sade)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…]\s+[A-ZÅÄÖ]|[!?]|[.…]$")
_NEVER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\n]|@|https?:|www\.|\d{6}|[\"“”]")
_NUMBER = re.compile(r"[^\W_][\w /.:#()+&-]*")
_MUNICIPAL = re.compile(
    r"kommun|\bstads?\b|stadsdel|hemtjänst|hemsjukvård|socialtjänst|särskilt boende|\bsäbo\b"
    r"|boendestöd|elevhälsa|\blss\b|äldreboende|bistånd|korttidsboende",
    re.IGNORECASE,
)
_VOID = re.compile(r"makuler|annuller|felregistrer", re.IGNORECASE)
_DONE = re.compile(
    r"avslut|besvar|stängd|stängt|klar\b|klarmarker|färdig|svar skickat|svarat|åtgärdad|arkiver",
    re.IGNORECASE,
)


def plain(value: object) -> str:
    """A cell as words on their own lines, the ends trimmed; a whole number without decimals."""
    if isinstance(value, str):
        text = value.strip(_ENDS)
        return "" if text in _NOTHINGS else text
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def moment(value: object, *, utc: bool = False) -> datetime | None:
    """A cell as a moment in Swedish time without its zone; None when it is no certain day.

    A stamp that tells its zone is turned to Swedish time, so that the day is ours; with `utc` one
    that tells a time and no zone too.
    """
    told = _told(value)
    is_stamp = isinstance(value, datetime) or (isinstance(value, str) and ":" in value)
    if told is None or not (utc and is_stamp and told.tzinfo is None):
        return _in_sweden(told)
    return _in_sweden(told.replace(tzinfo=UTC))


def _in_sweden(told: datetime | None) -> datetime | None:
    if told is None or told.tzinfo is None:
        return told
    return told.astimezone(_ZONE).replace(tzinfo=None)


def _told(value: object) -> datetime | None:
    """A moment as a cell tells it, with its zone where it tells one."""
    if isinstance(value, str):
        return _in_words(plain(value))
    if isinstance(value, datetime):
        return value if _FIRST_YEAR <= value.year <= _LAST_YEAR else None
    if isinstance(value, date):
        return _told(datetime(value.year, value.month, value.day))  # noqa: DTZ001
    if isinstance(value, int | float) and not isinstance(value, bool):
        if int(value) in _SERIALS:
            return _EPOCH + timedelta(minutes=round(value * 1440))
        value = int(value)
    return _in_words(plain(value))


@lru_cache(maxsize=100_000)
def _in_words(text: str) -> datetime | None:
    if not text or len(text) > 40:
        return None
    for pattern, (year, month, day, time) in _WRITTEN:
        if match := pattern.fullmatch(text):
            return _made(match[year], match[month], match[day], match.groups()[time:])
    if text.isdigit():
        return _EPOCH + timedelta(days=int(text)) if int(text) in _SERIALS else None
    return _spoken(text)


def _spoken(text: str) -> datetime | None:
    """ "1 mars 2025": one certain day, with its year."""
    words = re.sub(r"[ ,]+(?:kl\.?\s*)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?$", "", text)
    if not re.search(r"\b(?:19|20)\d\d\b", words):
        return None
    span = read(words, date(2000, 1, 1))
    if span.doubt or span.precision is not Precision.DAY or span.first != span.last:
        return None
    return _told(span.first)


def _made(year: str, month: str, day: str, time: tuple[str | None, ...]) -> datetime | None:
    *clock, zone = time if len(time) > 3 else (*time, None)
    hour, minute, second = (int(part or 0) for part in clock)
    full = int(year) + 2000 if len(year) == 2 else int(year)
    if not _FIRST_YEAR <= full <= _LAST_YEAR:
        return None
    try:
        told = datetime(full, int(month), int(day), hour, minute, second)  # noqa: DTZ001
        return told.replace(tzinfo=_zone(zone)) if zone and clock[0] else told
    except ValueError:
        return None


def _zone(words: str) -> timezone:
    """ "Z", "+01:00"."""
    if words[0] not in "+-":
        return UTC
    away = timedelta(hours=int(words[1:3]), minutes=int(words[-2:]))
    return timezone(-away if words[0] == "-" else away)


def zoned(value: datetime | None) -> datetime | None:
    """A moment in Swedish time, with its zone."""
    return value.replace(tzinfo=_ZONE) if value else None


@lru_cache(maxsize=50_000)
def hundredths(text: str) -> int | None:
    """ "25,5", "25.5 dagar", "1 234" -> hundredths of a day; None when it is no number of days."""
    words = re.sub(r"(?i)\s*(?:dagar|dag|dygn|d)\.?$", "", text)
    words = re.sub(r"[\s\xa0]", "", words)
    if not re.fullmatch(r"\d{1,5}(?:[.,]\d+)?", words):
        return None
    return round(float(words.replace(",", ".")) * 100)


@lru_cache(maxsize=100_000)
def code(text: str) -> str:
    """A coded word on one line, or the sign for what is not kept."""
    if not text:
        return ""
    if is_text(text):
        return SOMETHING_ELSE
    return " ".join(text.split())


def is_text(text: str) -> bool:
    """Does it look like free text, or like anything about a person?"""
    if len(text) > LONGEST_CODE or _NEVER.search(text):
        return True
    words = len(text.split())
    if words > MOST_WORDS or holds(text) or _TOLD.search(text):
        return True
    return words >= 4 and bool(_SENTENCE.search(text) or _STORY.search(text))


def case_number(text: str) -> str | None:
    """A case number as it is compared and kept; None when it is no such thing."""
    number = " ".join(text.split()).upper()
    if len(number) > LONGEST_NUMBER or not _NUMBER.fullmatch(number):
        return None
    if not re.search(r"\d", number) or len(number.split()) > 4:
        return None
    return number


@lru_cache(maxsize=50_000)
def found_by(reporting: str, investigating: str) -> FoundBy:
    """Which side found it: the one that does not investigate; else the one that reports."""
    if investigating:
        return FoundBy.REGION if _MUNICIPAL.search(investigating) else FoundBy.MUNICIPALITY
    if reporting:
        return FoundBy.MUNICIPALITY if _MUNICIPAL.search(reporting) else FoundBy.REGION
    return FoundBy.UNKNOWN


@lru_cache(maxsize=10_000)
def is_void(status: str) -> bool:
    """Is the case one that should not have been? It is counted apart."""
    return bool(_VOID.search(status))


@lru_cache(maxsize=10_000)
def is_done(status: str) -> bool:
    """Does the status say that somebody has answered?"""
    return bool(_DONE.search(status)) and not status.lower().startswith(("ej ", "inte "))
