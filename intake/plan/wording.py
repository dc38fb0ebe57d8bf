"""What the words of a cell mean: dates (also inside sentences), activities that run on.

The days of a date expression are read by `rules/swedish_dates.py`; here is decided which cell's
date is a start and which a deadline, and what is never guessed. Words of status: `states.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from intake.documents import Cell
from models.span import NOTHING, Precision, Span
from rules import swedish_dates

RUNS_ON = re.compile(
    r"löper (?:vidare )?(?:på )?över tid|löper vidare|över tid|löpande|tills vidare|återkommande"
    r"|kontinuerlig\w*|ständigt pågående",
    re.IGNORECASE,
)
LONGEST = 1_000  # signs; no sentence with a date in it is longer
_EXCEL_DAYS = range(20_000, 80_000)  # serial numbers for the years 1954 to 2119
_SERIAL_START = date(1899, 12, 30)
_NO_DAY = (Precision.OPEN, Precision.RECURRING, Precision.NONE, Precision.INVALID)
_RANGE = re.compile(r"\s*(?:–|—|\s-\s|\btill(?: och med)?\b|\bt\.?o\.?m\.?)\s*", re.IGNORECASE)

_STARTS = re.compile(
    r"\b(?:start\w*|uppstart\w*|påbörja\w*|börja\w*|med början|inled\w*|tillsatt\w*|tillsätt\w*"
    r"|bildas|bildades|(?:fr\.?\s?o\.?\s?m\b\.?|från(?: och med)?)(?=\s*(?:den|i)?\s*$)"
    r"|(?:hade|höll|har|håller|ha|hålla)\s+(?:haft\s+)?(?:sitt|ett)\s+första\s+möte)",
    re.IGNORECASE,
)
# More narrow: "början av juni" under "Klart senast" says when it is to be done.
_BEGINS = re.compile(
    r"\W*(?:(?:upp)?start(?:ar|as)?|börjar|påbörjas|inleds|(?:drar|dras|sätts) i ?gång)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:senast|klara?t?|färdig\w*|slut\w*|avslut\w*|på plats|nyttjas|deadline|målet|innan|före"
    r"|fram till|t\.?o\.?m\.?|till och med)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:\w{3,}(?:ade|ades|ats)|hade|har|var|blev|enligt|beslut\w*)\b", re.IGNORECASE
)
_WILL = re.compile(
    r"\b(?:ska|skall|kommer att|bjuds|förs|följs|genomförs|hålls|ges|sprids|tas upp|lyfts|sker"
    r"|äger rum|[a-zåäö]{3,}eras|(?:redo|an|in|åter|upp|ut)[a-zåäö]{3,}as|behandlas)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads date words for one plan. Without a plan year (`reference` None) no year is guessed.

    `year` is the plan's when it is known beyond doubt: then a date without a year has that one.
    """

    reference: date | None
    year: int | None = None

    def of_year(self, year: int | None) -> "Reader":
        """This reader, for rows under a heading that names their year."""
        return replace(self, reference=date(year, 1, 1), year=year) if year else self

    def read(self, words: str) -> Span:
        """One date cell's words."""
        if not words:
            return NOTHING
        if len(words) > LONGEST:
            return Span(_short(words), None, None, Precision.NONE)
        span = self._span(words)
        if span.precision is Precision.NONE:
            found = [other for other in self.find(words) if other.precision not in _NO_DAY]
            span = replace(found[0], text=words) if len(found) == 1 else span
        return span

    def find(self, words: str) -> list[Span]:
        """Every date in running text."""
        if not self.reference:
            return [self._span(span.text) for span in _found_once(words, date(2021, 1, 1))]
        found = _found_once(words, self.reference)
        return [self._of_the_plan(span) if span.doubt and self.year else span for span in found]

    def cell(self, cell: Cell) -> Span:
        """A date cell: a real date, a year as a number, Excel's number of a day, or words."""
        span = self._cell(cell)
        return replace(span, text=" ".join(span.text.split()))

    def _cell(self, cell: Cell) -> Span:
        value = cell.value
        if isinstance(value, date):
            return _whole(cell.text, value, cell.precision or Precision.DAY)
        if isinstance(value, int | float) and float(value).is_integer():
            number = int(value)
            if 1990 <= number <= 2100:
                return _whole(str(number), date(number, 1, 1), Precision.YEAR)
            if number in _EXCEL_DAYS:
                day = _SERIAL_START + timedelta(days=number)
                doubt = f"Talet {number} är läst som Excels datum {day.isoformat()}; stämmer det?"
                return Span(day.isoformat(), day, day, Precision.DAY, doubt=doubt)
        return self.read(cell.text)

    def _of_the_plan(self, span: Span) -> Span:
        """The same days, without asking for the year that the plan gives."""
        alone = self._span(span.text)
        same = (alone.first, alone.last) == (span.first, span.last)
        return replace(span, doubt=alone.doubt) if same else span

    def _span(self, words: str) -> Span:
        if self.reference:
            return read_once(words, self.reference, self.year)
        one = read_once(words, date(2021, 3, 1))
        other = read_once(words, date(2027, 3, 1))
        if (one.first, one.last) == (other.first, other.last):
            return one
        doubt = f"Året saknas i ”{_short(words)}”, och planens år är inte känt."
        return Span(words, None, None, Precision.INVALID, doubt=doubt)


# Most rows of a plan say one of a few days, and a file is laid out more than once.
@lru_cache(maxsize=4096)
def read_once(words: str, reference: date, year: int | None = None) -> Span:
    """The dates' own reading, once for the same words."""
    return swedish_dates.read(words, reference, year=year)


@lru_cache(maxsize=4096)
def _found_once(words: str, reference: date) -> tuple[Span, ...]:
    return tuple(swedish_dates.find(words, reference))


def says_start(words: str) -> bool:
    """Does a cell begin by saying when something starts: "Startar 1 september"?"""
    return bool(_BEGINS.match(words))


def both_ends(words: str, span: Span, reader: Reader) -> tuple[Span, Span]:
    """Start and deadline out of one cell: a range gives both, a single date is the deadline."""
    if span.doubt and span.doubt.startswith("Flera datum") and not _STARTS.search(words):
        return NOTHING, span  # "delrapport i mars, slutrapport i november": the last is the end
    if span.open and span.first:  # "från maj 2024"
        return span, Span(span.text, None, None, Precision.OPEN, open=True)
    if span.precision.value.endswith("-range"):
        return _ends_of_range(words, span, reader)
    if span.precision in (Precision.NONE, Precision.INVALID):
        return _two_dates(words, reader) or (NOTHING, span)
    begins = _STARTS.match(words) and span.last
    return (span, NOTHING) if begins else (NOTHING, span)


def _ends_of_range(words: str, span: Span, reader: Reader) -> tuple[Span, Span]:
    """Each end in its own words, when they can be told apart."""
    ends = [reader.read(part) for part in _RANGE.split(words, maxsplit=1) if part]
    if len(ends) == 2 and (ends[0].first, ends[1].last) == (span.first, span.last):
        return ends[0], ends[1]
    return span, span


def _two_dates(words: str, reader: Reader) -> tuple[Span, Span] | None:
    """ "Start: jan 2024, klart: juni 2024" in one cell."""
    found = [one for one in reader.find(words) if one.precision not in _NO_DAY]
    if len(found) == 2:
        return found[0], found[1]
    told = dates_in_text([words], reader, None)
    return (told.start, told.deadline) if told.start.first else None


@dataclass(frozen=True, slots=True)
class DatesInText:
    """What the running text tells about when."""

    start: Span = NOTHING
    deadline: Span = NOTHING


def dates_in_text(texts: Iterable[str], reader: Reader, first_day: date | None) -> DatesInText:
    """Start and deadline out of sentences, told apart by the words around each date."""
    starts: list[Span] = []
    ends: list[tuple[int, Span]] = []
    for text in texts:
        for sentence in re.split(r"\n|(?<=[.!?])\s+(?=[A-ZÅÄÖ])", text):
            _sort_dates(sentence[:LONGEST], reader, starts, ends)
    if first_day:  # what was over before the plan began is a story, not a promise
        ends = [(weight, end) for weight, end in ends if end.last and end.last >= first_day]
    start = starts[0] if starts else NOTHING
    deadline = max(ends, key=lambda end: (end[0], end[1].last or date.min))[1] if ends else NOTHING
    return DatesInText(start, deadline)


def _sort_dates(
    sentence: str, reader: Reader, starts: list[Span], ends: list[tuple[int, Span]]
) -> None:
    at, start, weight = 0, False, 0
    for found in reader.find(sentence):
        where = sentence.find(found.text, at)
        if where < 0 or found.precision in _NO_DAY:
            continue
        before, after = sentence[at:where], sentence[where + len(found.text) :]
        at = where + len(found.text)
        span = replace(found, text=found.text.rstrip(" .,;:!"))
        if not re.fullmatch(r"\s*(?:,|och|samt|/|&)\s*(?:i\s+)?", before):
            start, weight = _around(before, after, span)  # else: as the date before it in a list
        if start and span.first:
            starts.append(_worded(span, before, start=True))
        elif weight:
            ends.append((weight, _worded(span, before, start=False)))


def _around(before: str, after: str, span: Span) -> tuple[bool, int]:
    """Is this a start; and if it is not, how surely is it a deadline (0 = it is neither)?"""
    if span.last and not span.first:  # "senast …"
        return False, 3
    if span.first and not span.last:  # "från …"
        return True, 0
    words = before[-70:]
    started, ended, will = (_last(pattern, words) for pattern in (_STARTS, _ENDS, _WILL))
    if max(started, ended, will) < 0:
        present = re.search(r"\b[a-zåäö]{2,}(?:ar|er)\b", words) and not _PAST.search(words)
        if present and re.match(r"i |v\.? ?\d|vecka", span.text + " ", re.IGNORECASE):
            return False, 1  # "NOSAM bjuder in i mars"
        during = re.search(r"\bunder\s*$", before) or span.text[:6].lower() == "under "
        return False, 2 if _WILL.match(after.lstrip(" ,")) else 1 if during else 0
    if started > ended and started >= will:
        return True, 0
    return False, 3 if ended >= 0 else 2


def _last(pattern: re.Pattern[str], words: str) -> int:
    return max((match.end() for match in pattern.finditer(words)), default=-1)


def _worded(span: Span, before: str, *, start: bool) -> Span:
    """ "startar under första kvartalet": what begins does so in a period, and the period is named.

    So is the goal in "Målet under 2024 är …"; elsewhere "under 2024" is the whole expression.
    """
    goal = re.search(r"\bmålet\s*$", before, re.IGNORECASE)
    under = re.match(r"under\s+", span.text, re.IGNORECASE)
    if under and (start or goal):
        return replace(span, text=span.text[under.end() :])
    leading = re.search(r"\b(under|i)\s+$", before, re.IGNORECASE)
    if leading and not start and not re.search(r"\bmålet\s+under\s+$", before, re.IGNORECASE):
        return replace(span, text=f"{leading[1]} {span.text}")
    return span


def _whole(text: str, day: date, precision: Precision) -> Span:
    """The day, the month or the year that a real date stands for."""
    if precision is Precision.MONTH:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return Span(text, day.replace(day=1), following - timedelta(days=1), precision)
    if precision is Precision.YEAR:
        return Span(text, date(day.year, 1, 1), date(day.year, 12, 31), precision)
    return Span(text, day, day, precision)


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else plain[:79].rstrip() + "…"
