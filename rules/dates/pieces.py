"""Whole expressions with their days: from groups of parts to `Piece`s.

Every part of a group gets a year (its own, its neighbour's or the reference's), a range its two
ends, and the words around it decide which end counts. What is impossible becomes an invalid piece
with a Swedish reason. Choosing among several pieces is left to `swedish_dates.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.span import Precision, Span
from rules.dates.calendar import DAY_STEP, NotADayError
from rules.dates.finder import parts_in
from rules.dates.joins import (
    WEEKDAY_BEFORE,
    Group,
    groups_in,
    narrowed_by_words,
    only_a_name,
    only_year,
    with_years,
)
from rules.dates.parts import FINENESS, Part
from rules.dates.qualifiers import ABOUT, AHEAD, COUNTED_FROM, Around, Meaning, read_around
from rules.dates.text import Plain, hide_what_is_no_date
from rules.dates.words import weekday_name

RANGES = {p: Precision(f"{p.value}-range") for p in FINENESS[:10]}
_ASK = "Datumet går inte att tyda. Ange ett datum, till exempel 2024-03-15."
# A range with no year that seems to end before it begins crosses a turn of year, but "april–mars"
# may as well be a slip: beyond this many days we ask.
_LONGEST_ROLL = 340


@dataclass(frozen=True, slots=True)
class Piece:
    """One expression in the text: a part or a range of parts, with the words that qualify it."""

    begin: int
    end: int
    first: date | None
    last: date | None
    precision: Precision
    unit: Precision
    meaning: Meaning = Meaning.AT
    open: bool = False
    doubt: str | None = None
    dated: bool = True  # has a year of its own
    vague: bool = False  # "sportlovet": cannot be told, but another date beside it can
    role: str = ""  # "new" or "old" where a date was changed

    def span(self, text: str) -> Span:
        """The piece as a span of these words."""
        return Span(text, self.first, self.last, self.precision, self.open, self.doubt)


def join_doubts(*doubts: str | None) -> str | None:
    """Several doubts as one text, each once."""
    text = ""
    for doubt in doubts:
        if doubt and doubt not in text:
            text = f"{text} {doubt}".strip()
    return text or None


def pieces_in(plain: Plain, today: date, year: int | None, *, lend: bool) -> list[Piece]:
    """All expressions of the text, each with its days."""
    words = hide_what_is_no_date(plain)
    try:
        parts = parts_in(words, today)
    except (ValueError, OverflowError):  # a reference at the very end of the calendar
        return [Piece(0, len(words), None, None, Precision.INVALID, Precision.DAY, doubt=_ASK)]
    parts = with_years(words, parts)
    parts = [narrowed_by_words(words, part) for part in parts]
    base = year or (only_year(plain, parts) if lend else None)
    pieces: list[Piece] = []
    covered = 0
    for group in groups_in(words, parts):
        if group.parts[0].begin < covered or only_a_name(words, plain.cased, group):
            continue  # "och tills vidare" was read as the end of the date before it
        reader = _Reader(words, today, base, fixed_year=year is not None, floor=covered)
        pieces += reader.pieces(group)
        covered = pieces[-1].end
    return pieces


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns one group into pieces: years, days, ranges, qualifiers."""

    words: str
    today: date
    base: int | None
    fixed_year: bool
    floor: int  # what stands before this place belongs to another group

    def pieces(self, group: Group) -> list[Piece]:
        """The expressions of one group; an impossible day makes the whole group invalid."""
        around = read_around(self.words, group, self.floor)
        kind = group.parts[0].precision
        if kind in {Precision.OPEN, Precision.RECURRING}:
            part = group.parts[0]
            is_open = kind is Precision.OPEN
            return [Piece(part.begin, part.end, None, None, kind, kind, open=is_open)]
        try:
            return self._qualified(group, around)
        except NotADayError as problem:
            vague = kind in {Precision.HOLIDAY, Precision.RELATIVE}
            return [replace(self._invalid(around, str(problem)), vague=vague)]
        except (ValueError, OverflowError):
            return [self._invalid(around, _ASK)]

    def _invalid(self, around: Around, reason: str) -> Piece:
        return Piece(
            around.begin, around.end, None, None, Precision.INVALID, Precision.DAY, doubt=reason,
            role=around.role,
        )  # fmt: skip

    def _bare(self, group: Group, years: Sequence[int]) -> list[Piece]:
        """One piece for every range and every other member of the list, unqualified."""
        pieces: list[Piece] = []
        at = 0
        while at < len(group.parts):
            to = at
            while to < len(group.ranged) and group.ranged[to]:
                to += 1
            pieces.append(self._piece(group.parts[at : to + 1], years[at : to + 1]))
            at = to + 1
        return pieces

    def _qualified(self, group: Group, around: Around) -> list[Piece]:
        """The pieces as the words around them leave them."""
        if around.meaning in {Meaning.BEFORE, Meaning.AFTER}:
            self._refuse_counting(around)
        years, doubt = self._years(group, around)
        pieces = self._bare(group, years)
        if around.role in {"change", "extend"} and (len(pieces) > 1 or any(group.ranged)):
            return self._changed(group, years, around, doubt)
        pieces[0] = replace(pieces[0], begin=around.begin)
        pieces[-1] = replace(pieces[-1], end=around.end)
        meaning = around.meaning
        one_range = len(pieces) == 1 and len(group.parts) > 1
        if one_range and meaning is Meaning.FROM and not around.goes_on:
            meaning = Meaning.AT  # "från mars till juni": both ends are said
        # Words after a list speak of its last member, words before it of its first.
        which = -1 if around.end > group.parts[-1].end else 0
        pieces[which] = _with_meaning(pieces[which], meaning, group.parts)
        first = group.parts[0].begin
        if ABOUT().search(self.words, max(0, first - 50), first):
            doubt = join_doubts(doubt, "Datumet är ungefärligt eller preliminärt.")
        if AHEAD().search(self.words, max(0, first - 50), first):
            doubt = join_doubts(doubt, "”Inför” kan betyda före. Ange i så fall den sista dagen.")
        explicit = any(part.year for part in group.parts)
        return [
            replace(piece, doubt=join_doubts(piece.doubt, doubt), role=around.role, dated=explicit)
            for piece in pieces
        ]

    def _refuse_counting(self, around: Around) -> None:
        """Ask about "två veckor före 1 juni": it may be that day, or any day until it."""
        counted = COUNTED_FROM().search(self.words, max(0, around.begin - 30), around.begin)
        if counted:
            words = self.words[counted.start() : around.end]
            raise NotADayError(f"”{words}” räknas från ett annat datum. Ange dagen som menas.")

    def _changed(
        self, group: Group, years: Sequence[int], around: Around, doubt: str | None
    ) -> list[Piece]:
        """ "ändrat från mars till maj": the last part is what holds."""
        old, new = group.parts[0], group.parts[-1]
        kept = replace(
            self._piece((new,), years[-1:]), begin=around.begin, end=around.end, role="new"
        )
        if around.role == "extend":
            kept = _with_meaning(kept, Meaning.UNTIL, (new,))
        before = self.words[old.begin : old.end]
        told = f"Datumet är ändrat; tidigare stod ”{before}”."
        return [
            replace(kept, doubt=join_doubts(kept.doubt, doubt, told), dated=new.year is not None)
        ]

    def _piece(self, parts: Sequence[Part], years: Sequence[int]) -> Piece:
        """A part, or the range from the first part to the last."""
        first, last = parts[0], parts[-1]
        begin, _ = days = first.days(years[0])
        doubts = [part.doubt for part in parts]
        doubts += [self._weekday(part, year) for part, year in zip(parts, years, strict=True)]
        if len(parts) == 1:
            doubt = join_doubts(*doubts)
            return Piece(first.begin, first.end, *days, first.precision, first.unit, doubt=doubt)
        end = last.days(years[-1])[1]
        if first.precision is Precision.TURN:
            begin = days[1]
        if last.precision is Precision.TURN:
            end = last.days(years[-1])[0]
        if end < begin:
            raise NotADayError(
                f"”{self.words[first.begin : last.end]}” slutar innan det börjar."
                " Ange när det börjar och när det slutar."
            )
        unit = max((part.unit for part in parts), key=FINENESS.index)
        return Piece(
            first.begin, last.end, begin, end, RANGES[unit], unit, doubt=join_doubts(*doubts)
        )  # fmt: skip

    def _weekday(self, part: Part, year: int) -> str | None:
        """A doubt where "måndag 15 mars 2024" is a Friday."""
        said = WEEKDAY_BEFORE().search(self.words, max(0, part.begin - 16), part.begin)
        if not said or part.precision is not Precision.DAY:
            return None
        day = part.days(year)[0]
        name, real = weekday_name(said["weekday"]), weekday_name(day.weekday())
        if name == real:
            return None
        return f"Den {day.isoformat()} är en {real}, inte en {name}. Kontrollera dagen."

    # -- years ------------------------------------------------------------------------------------

    def _years(self, group: Group, around: Around) -> tuple[list[int], str | None]:
        """A year for every part: its own, its neighbour's, or the reference's."""
        parts = group.parts
        years: list[int | None] = [part.year for part in parts]
        if all(year is not None for year in years):
            return [year for year in years if year is not None], None
        told = any(year is not None for year in years)
        if not told:
            years[0] = self._yearless(parts[0], around)
        crossing = False
        for i in range(len(parts) - 2, -1, -1):
            following = years[i + 1]
            if years[i] is None and following is not None:
                years[i] = self._turned(parts[i], following, parts[i + 1], following, -1)
                crossing |= years[i] != following
        for i in range(1, len(parts)):
            previous = years[i - 1]
            if years[i] is None and previous is not None:
                years[i] = self._turned(parts[i], previous, parts[i - 1], previous, 1)
                crossing |= years[i] != previous
        known = [year for year in years if year is not None]
        if crossing:
            return known, f"Går över ett årsskifte; läst som {known[0]}–{known[-1]}."
        if told or self.fixed_year:
            return known, None
        return known, f"Året står inte; läst som {known[0]}."

    def _yearless(self, part: Part, around: Around) -> int:
        """The reference's year; "till våren" and "till maj" look forward from the reference."""
        year = self.base or self.today.year
        if part.precision is Precision.TURN and part.days(year)[0].year < year:
            return year + 1  # "månadsskiftet dec/jan": the year's own December
        if not around.forward or self.fixed_year:
            return year
        year = self.today.year
        season = part.unit in {Precision.SEASON, Precision.TERM}
        for ahead in (year, year + 1):
            first, last = part.days(ahead)
            if (first > self.today) if season else (last >= self.today):
                return ahead
        return year + 1

    def _turned(self, part: Part, year: int, other: Part, other_year: int, step: int) -> int:
        """The year that keeps the order, where that makes no more than some eleven months."""
        try:
            mine, theirs = part.days(year), other.days(other_year)
            if (mine[0] <= theirs[0]) if step < 0 else (theirs[0] <= mine[0]):
                return year
            moved = part.days(year + step)
        except NotADayError:
            return year
        whole = theirs[1] - moved[0] if step < 0 else moved[1] - theirs[0]
        return year + step if whole.days <= _LONGEST_ROLL else year


def _with_meaning(piece: Piece, meaning: Meaning, parts: Sequence[Part]) -> Piece:
    """The days that "senast", "före", "från" and "efter" leave of a piece.

    A turn of year is a midnight: before it comes its first day, after it its second. What is
    done before "nyår" is done within the year as well.
    """
    first, last = piece.first, piece.last
    if meaning is Meaning.AT or first is None or last is None:
        return piece
    turn, late = parts[-1].precision is Precision.TURN, parts[-1].late
    ends = turn or (first.year < last.year and parts[-1].precision is Precision.HOLIDAY)
    start: date | None = None
    end: date | None = None
    if meaning is Meaning.UNTIL:
        end = first if ends else last
    elif meaning is Meaning.BEFORE:
        end = first if ends else last if late else first - DAY_STEP
    elif meaning is Meaning.FROM:
        start = last if turn else first
    else:
        start = last if turn else last + DAY_STEP
    return replace(piece, first=start, last=end, meaning=meaning, open=end is None)
