"""Reads a Swedish date expression into one `Span`, and finds them all in a running text.

A text goes through four steps: it is made plain and what is no date is hidden (`date_words.py`),
single units of time are recognised (`date_units.py`), years are handed to those without one and
neighbours are joined to ranges and lists, and at last words such as "senast" and "från" say which
end is meant. `read` then chooses *one* span. The conventions stand in `docs/dates.md`.

Nothing here looks at a clock, and nothing raises: what cannot be told is `Precision.INVALID` with a
sentence for people in `doubt`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from itertools import pairwise

from models.span import Precision, Span
from rules.date_units import FINENESS, Part, parts_in, weekday_name
from rules.date_words import (
    DAY_STEP,
    WEEKDAY,
    WEEKDAYS,
    Days,
    NotADayError,
    Plain,
    hide_what_is_no_date,
    make_plain,
    third,
)

_RANGES = {p: Precision(f"{p.value}-range") for p in FINENESS[:10]}
_ASK = "Datumet går inte att tyda. Ange ett datum, till exempel 2024-03-15."
# A range with no year that seems to end before it begins crosses a turn of year, but "april–mars"
# may as well be a slip: beyond this many days we ask.
_LONGEST_ROLL = 340


class Meaning(Enum):
    """Which end of the days the words around them speak of."""

    AT = auto()
    UNTIL = auto()
    BEFORE = auto()
    FROM = auto()
    AFTER = auto()


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


def read(text: str, reference: date, *, year: int | None = None) -> Span:
    """The one span a text speaks of; yearless words are of `year`, or of the reference's year.

    The choice, when there are several: what is no day at all is asked about first; a changed date
    gives way to the new one; "från X" and "senast Y" are joined; then the finest unit wins, and
    several of it are one range from the first to the last, with a doubt that names them.
    """
    plain = make_plain(text)
    found = _pieces(plain, reference, year, lend=True)
    return _choose(plain, found).span(text.strip())


def find(text: str, reference: date) -> list[Span]:
    """Every date expression in a running text, in order, in the words it stands in.

    Ranges are one span, the members of a list one each. Words such as "senast" belong to what is
    found. Invalid dates, "löpande" and "kvartalsvis" are found too.
    """
    plain = make_plain(text)
    spans = []
    for piece in _pieces(plain, reference, None, lend=False):
        spans.append(piece.span(plain.verbatim(piece.begin, piece.end)))
    return spans


# -- from parts to pieces -------------------------------------------------------------------------


def _pieces(plain: Plain, today: date, year: int | None, *, lend: bool) -> list[Piece]:
    """All expressions of the text, each with its days."""
    words = hide_what_is_no_date(plain)
    try:
        parts = parts_in(words, today)
    except (ValueError, OverflowError):  # a reference at the very end of the calendar
        return [Piece(0, len(words), None, None, Precision.INVALID, Precision.DAY, doubt=_ASK)]
    parts = _with_years(words, parts)
    parts = [_narrowed(words, part) for part in parts]
    base = year or (_only_year(plain, parts) if lend else None)
    pieces: list[Piece] = []
    covered = 0
    for group in _groups(words, parts):
        if group.parts[0].begin < covered or _only_a_name(words, group):
            continue  # "och tills vidare" was read as the end of the date before it
        reader = _Reader(words, today, base, fixed_year=year is not None, floor=covered)
        pieces += reader.pieces(group)
        covered = pieces[-1].end
    return pieces


_YEAR_AFTER = re.compile(r" ?[,(]? ?(?:(?:under |av |i )?år |under |av |i |hela )?|-| -| - |/|\. ?")
_SAYS_A_YEAR = frozenset(FINENESS[:10])
_YEAR_BEFORE = re.compile(r" ?|, |: ?|/| \(|,? (?:i|under|på) ")
_CODED = frozenset({Precision.QUARTER, Precision.TERTIAL, Precision.HALF, Precision.WEEK})


def _with_years(words: str, parts: list[Part]) -> list[Part]:
    """Give the year beside a yearless part to it: "mars 2024", "2024 v. 40", "hösten nästa år"."""
    result = list(parts)
    taken: set[int] = set()
    for i, (one, two) in enumerate(pairwise(parts)):
        gap = words[one.end : two.begin]
        # In "2024 mars, 2025 april" the year before the month stands nearer.
        has_nearer = (
            i > 0
            and parts[i - 1].is_year
            and i - 1 not in taken
            and words[parts[i - 1].end : one.begin] in {" ", ""}
            and gap not in {" ", ""}
        )
        if two.is_year and one.year is None and _YEAR_AFTER.fullmatch(gap) and not has_nearer:
            result[i] = replace(one, end=two.end, year=two.year)
            taken.add(i + 1)
    for i, (one, two) in enumerate(pairwise(result)):
        gap = words[one.end : two.begin]
        near = _YEAR_BEFORE.fullmatch(gap) or (gap == "-" and two.unit in _CODED)
        if one.is_year and i not in taken and two.year is None and near:
            result[i + 1] = replace(two, begin=one.begin, year=one.year)
            taken.add(i)
    return [part for i, part in enumerate(result) if i not in taken]


_NEW_SENTENCE = re.compile(r"[a-zåäö)][.!?] [A-ZÅÄÖ]")


def _only_year(plain: Plain, parts: Sequence[Part]) -> int | None:
    """The year of a single sentence that names just one: "start i mars, klart i december 2024"."""
    years = {
        part.year
        for part in parts
        if part.year and part.unit in _SAYS_A_YEAR and part.precision is not Precision.RELATIVE
    }
    if len(years) != 1 or _NEW_SENTENCE.search(plain.cased):
        return None
    return years.pop()


_EDGE = r"(?:början|inledningen|starten|start|mitten|mitt|medio|slutet|slut|sent|tidigt)"
_THIRDS = {"bör": 0, "inl": 0, "sta": 0, "tid": 0, "mit": 1, "med": 1, "slu": 2, "sen": 2}
_EDGE_BEFORE = re.compile(
    rf"(?<!\w)(?<!med )(?<!ed i )(?:(?:i|vid|under) )?(?:den )?(?P<one>{_EDGE})"
    rf"(?: ?(?:/|-|och|eller) ?(?P<two>{_EDGE}))?"
    r"(?P<of>(?: (?:av|på|i|under))*)(?: (?:år|hela|månaden))? $"
)
# Without "av": "slut 2024" in a table is the heading and the day, "start mars" as well.
_NEEDS_OF = {"start": (" av", " på"), "slut": (" av", " på"), "mitt": (" av", " i", " på")}


def _narrowed(words: str, part: Part) -> Part:
    """The first, middle or last third, where the words before ask for it."""
    if part.precision in {Precision.OPEN, Precision.RECURRING, Precision.DAY, Precision.TURN}:
        return part
    said = WEEKDAY_BEFORE.search(words, max(0, part.begin - 16), part.begin)
    if said and part.precision is Precision.WEEK:
        return _day_of_week(part, said)
    before = _EDGE_BEFORE.search(words, max(0, part.begin - 50), part.begin)
    if not before or (before["one"] in _NEEDS_OF and before["of"] not in _NEEDS_OF[before["one"]]):
        return part
    numbers = {_THIRDS[edge[:3]] for edge in before.group("one", "two") if edge}

    def days(year: int) -> Days:
        whole = part.days(year)
        return third(whole, min(numbers))[0], third(whole, max(numbers))[1]

    return replace(
        part, begin=before.start(), precision=Precision.APPROX, days=days, is_year=False,
        weak=False, late=max(numbers) == 2,
    )  # fmt: skip


def _day_of_week(part: Part, said: re.Match[str]) -> Part:
    """ "tisdag v. 12" is a day."""
    weekday = WEEKDAYS.index(weekday_name(said["weekday"]))

    def days(year: int) -> Days:
        day = part.days(year)[0] + weekday * DAY_STEP
        return day, day

    return replace(part, begin=said.start(), precision=Precision.DAY, unit=Precision.DAY, days=days)


# -- ranges and lists -----------------------------------------------------------------------------

_FILLER = (
    r"(?:den|i|på|år|åren|året|under|vid|hela|av|månad|omkring|kring|runt|ca|cirka|ungefär|circa"
    r"|ungefärligen|preliminärt|prel|planerat|mitten|själva|dag|datum|och med|vecka|klart|klar)"
)
_TO = (
    r"(?:(?:och|ända|fram|eller) )*(?:till och med|till|t\.? ?o\.? ?m\.?|tills)(?: och med)?"
    r"(?: och med)?|-+>?|→|⇒|=>|~"
)
_RANGE_GAP = re.compile(rf"[ ,]*(?:- ?)?(?:{_TO})(?: {_FILLER}\.?)* ?")
_LIST_GAP = re.compile(
    r"(?: ?[,;/&+] ?|(?=.*(?:och|samt|eller|resp|alt)))"
    r" ?(?:och|samt|eller|respektive|resp\.?|alternativt|alt\.?|både)?"
    rf"(?: ?{_FILLER}(?!\w))* ?"
)
_BETWEEN = re.compile(rf"(?<!\w)(?:mellan|emellan)(?: {_FILLER})* ?$")


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stand together; `ranged[i]` says that part i runs on to part i + 1."""

    parts: tuple[Part, ...]
    ranged: tuple[bool, ...]


def _groups(words: str, parts: Sequence[Part]) -> list[Group]:
    """Join neighbours that a dash, "till", a comma or "och" ties together."""
    groups: list[tuple[list[Part], list[bool]]] = []
    for part in parts:
        loose = part.precision in {Precision.OPEN, Precision.RECURRING}
        if groups and not loose:
            last = groups[-1][0][-1]
            tie = _tie(words, last, part)
            if tie is not None:
                groups[-1][0].append(part)
                groups[-1][1].append(tie)
                continue
        groups.append(([part], []))
    return [Group(tuple(members), tuple(ranged)) for members, ranged in groups]


def _tie(words: str, one: Part, two: Part) -> bool | None:
    """True for a range, False for a list, None where the two are strangers."""
    gap = words[one.end : two.begin]
    loose = one.precision in {Precision.OPEN, Precision.RECURRING}
    if loose or len(gap) > 40 or gap.strip() in {"", "."}:
        return None
    # ISO 8601 writes an interval with a slash, and so do people with years.
    both_days = one.unit is two.unit is Precision.DAY and one.year and two.year
    interval = gap.strip() == "/" and (both_days or (one.is_year and two.is_year))
    between = gap.startswith(" och ") and _BETWEEN.search(words, max(0, one.begin - 40), one.begin)
    if interval or between or _RANGE_GAP.fullmatch(gap):
        return True
    return False if _LIST_GAP.fullmatch(gap) and _same_kind(one, two) else None


def _same_kind(one: Part, two: Part) -> bool:
    """Whether two members of a list are alike enough to lend each other a year."""
    seasons = {Precision.SEASON, Precision.TERM}
    return one.unit is two.unit or {one.unit, two.unit} <= seasons


_LEADS = re.compile(
    r"(?:^|[ (])(?:i|under|senast|till|från|fram till|fr\.?o\.?m\.?|t\.?o\.?m\.?|och med|före|innan"
    r"|efter|start|starta[rs]?|startat|uppstart|klart|klar|slut|deadline:?|start:|slut:|klart:|tid:"
    r"|när:|datum:|period:|tidsplan:|hela|omkring|kring|ca|cirka|sedan|månad|vid|inom|-) $"
)


def _only_a_name(words: str, group: Group) -> bool:
    """Whether a weak part has nothing beside it that makes it a date: "Jan ansvarar"."""
    first, last = group.parts[0], group.parts[-1]
    if not first.weak or any(part.year or not part.weak for part in group.parts):
        return False
    if len(group.parts) > 1 and (any(group.ranged) or "/" in words[first.end : last.begin]):
        return False
    if _LEADS.search(words, max(0, first.begin - 20), first.begin):
        return False
    if WEEKDAY_BEFORE.search(words, max(0, first.begin - 20), first.begin):
        return False
    rest = words[: first.begin] + words[last.end :]
    return any(letter.isalnum() or letter == "¤" for letter in rest)


# -- what the words around say --------------------------------------------------------------------

_MOVED = (
    r"(?:ändra|flytta|framflytta|skjut|uppskjut|framskjut|senarelägg|senarel|tidigarel|omplanera"
    r"|förskjut|revidera|justera)\w*"
)
_SOME_WORDS = r"(?: (?!från|till)[a-zåäö]+){0,2}"
_QUALIFIERS: tuple[tuple[str, Meaning | str], ...] = (
    (rf"{_MOVED}{_SOME_WORDS} från", "change"),
    (rf"{_MOVED}{_SOME_WORDS} till|ny(?:tt)? (?:tid|datum|slutdatum)(?: är)?:?", "new"),
    (rf"förläng\w*{_SOME_WORDS} från", "extend"),
    (r"(?:tidigare|förut|ursprungligen|urspr\.?|i stället för|istället för|ersätter|förr"
     r"|(?<=[(,] )var|(?<=[(,])var|inte|ej):?", "old"),
    (r"(?:inte|ej) (?:före|förrän|innan)|tidigast|med (?:början|start)|fr\.? ?o\.? ?m\.?"
     r"|från och med|f\.? ?o\.? ?m\.?|from|från|alltsedan|sedan|fr\.", Meaning.FROM),
    (r"(?:före|innan) (?:utgången|slutet) av|(?:inte|ej) (?:senare än|efter)"
     r"|(?:allra )?senast(?: (?:fram )?till)?"
     r"|(?:ända |fram |längst |upp )*(?:till och med|t\.? ?o\.? ?m\.?)|(?:vid |till )?utgången av"
     r"|(?:fram|ända|längst|upp|max) till(?: och med)?|intill|löper ut|går ut"
     r"|upphör(?:a|t)?(?: att gälla)?", Meaning.UNTIL),
    (r"(?:dagen )?(?:före|innan)", Meaning.BEFORE),
    (r"(?:först |dagen )?efter", Meaning.AFTER),
    (r"till|tills", "till"),
)  # fmt: skip
_BEFORE = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<q{i}>{pattern})" for i, (pattern, _) in enumerate(_QUALIFIERS))
    + rf")(?!\w)[ :]*(?:{_FILLER}\.?[ :]*)*$"
)
_LEADING_DASH = re.compile(r"^ ?(?:\()?-+$")
_GOES_OUT = re.compile(r" ut(?![\w-])")
_GOES_ON = re.compile(
    r",? ?\(?(?:och |samt )?(?:framåt|framöver|vidare|ff\.?)(?!\w)"
    r"| (?:eller|och) senare(?!\w)"
    r"|,? ?\(?(?:sedan |därefter )?löpande (?:därefter|framåt|sedan)(?!\w)"
    r"|,? (?:och )?(?:sedan |därefter |dock )?tills vidare"
    r"|,? ?(?:- ?|till |och |samt |och sedan |sedan |därefter |och därefter |, sedan |, därefter )"
    r"(?:tills vidare|löpande|pågående|kontinuerlig\w*|fortlöpande|nu(?!\w)|över tid)"
    r"| ?(?:-+>?|→)(?= ?(?:$|[),;]|\. ))"
)
WEEKDAY_BEFORE = re.compile(rf"(?<![\w/-])(?P<weekday>{WEEKDAY})(?:dag(?:en)?)?\.?,? (?:den )?$")
_DEN = re.compile(r"(?<!\w)(?:den|år|åren|under|i|vid|hela) $")
_ABOUT = re.compile(
    rf"(?<!\w)(?:ca|cirka|circa|omkring|kring|runt|ungefär|preliminärt|prel|ev|eventuellt)\.?"
    rf"(?: {_FILLER})* ?$"
)
_AT_KINDS = frozenset({
    Precision.SEASON, Precision.TERM, Precision.HOLIDAY, Precision.TURN, Precision.RELATIVE,
    Precision.SCHOOL_YEAR,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Around:
    """What the words before and after a group say of it."""

    begin: int
    end: int
    meaning: Meaning
    role: str
    forward: bool  # "till våren": the next one
    goes_on: bool  # "och framåt", "och tills vidare" after it


def _around(words: str, group: Group, floor: int) -> _Around:
    """Read the qualifier before a group and the words that close it."""
    first, last = group.parts[0], group.parts[-1]
    begin, end = first.begin, last.end
    meaning, role, forward = Meaning.AT, "", False
    before = _BEFORE.search(words, max(floor, begin - 70), begin)
    if before:
        begin = before.start()
        said = next(m for i, (_, m) in enumerate(_QUALIFIERS) if before[f"q{i}"])
        if isinstance(said, Meaning):
            meaning = said
        elif said == "till":
            forward = True
            meaning = Meaning.AT if first.precision in _AT_KINDS else Meaning.UNTIL
        else:
            role = said
    elif _LEADING_DASH.search(words[:begin]) and not words[:begin].endswith(" "):
        begin, meaning = 0, Meaning.UNTIL
    elif den := _DEN.search(words, max(floor, begin - 8), begin):
        begin = den.start()
    on = _GOES_ON.match(words, end)
    if on:
        end, meaning = on.end(), Meaning.FROM
    elif meaning is Meaning.AT and (out := _GOES_OUT.match(words, end)):
        end, meaning = out.end(), Meaning.UNTIL
    return _Around(begin, end, meaning, role, forward, bool(on))


# -- days -----------------------------------------------------------------------------------------


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
        around = _around(self.words, group, self.floor)
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

    def _invalid(self, around: _Around, reason: str) -> Piece:
        return Piece(
            around.begin, around.end, None, None, Precision.INVALID, Precision.DAY, doubt=reason,
            role=around.role,
        )  # fmt: skip

    def _qualified(self, group: Group, around: _Around) -> list[Piece]:
        years, doubt = self._years(group, around)
        pieces: list[Piece] = []
        at = 0
        while at < len(group.parts):
            to = at
            while to < len(group.ranged) and group.ranged[to]:
                to += 1
            pieces.append(self._piece(group.parts[at : to + 1], years[at : to + 1]))
            at = to + 1
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
        if _ABOUT.search(self.words, max(0, first - 50), first):
            doubt = _join(doubt, "Datumet är ungefärligt eller preliminärt.")
        explicit = any(part.year for part in group.parts)
        return [
            replace(piece, doubt=_join(piece.doubt, doubt), role=around.role, dated=explicit)
            for piece in pieces
        ]

    def _changed(
        self, group: Group, years: Sequence[int], around: _Around, doubt: str | None
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
        return [replace(kept, doubt=_join(kept.doubt, doubt, told), dated=new.year is not None)]

    def _piece(self, parts: Sequence[Part], years: Sequence[int]) -> Piece:
        """A part, or the range from the first part to the last."""
        first, last = parts[0], parts[-1]
        begin, _ = days = first.days(years[0])
        doubts = [part.doubt for part in parts]
        doubts += [self._weekday(part, year) for part, year in zip(parts, years, strict=True)]
        if len(parts) == 1:
            return Piece(
                first.begin, first.end, *days, first.precision, first.unit, doubt=_join(*doubts)
            )
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
            first.begin, last.end, begin, end, _RANGES[unit], unit, doubt=_join(*doubts)
        )  # fmt: skip

    def _weekday(self, part: Part, year: int) -> str | None:
        """A doubt where "måndag 15 mars 2024" is a Friday."""
        said = WEEKDAY_BEFORE.search(self.words, max(0, part.begin - 16), part.begin)
        if not said or part.precision is not Precision.DAY:
            return None
        day = part.days(year)[0]
        name, real = weekday_name(said["weekday"]), weekday_name(day.weekday())
        if name == real:
            return None
        return f"Den {day.isoformat()} är en {real}, inte en {name}. Kontrollera dagen."

    # -- years ------------------------------------------------------------------------------------

    def _years(self, group: Group, around: _Around) -> tuple[list[int], str | None]:
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
        if told:
            return known, None
        return known, f"Året står inte; läst som {known[0]}."

    def _yearless(self, part: Part, around: _Around) -> int:
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

    A turn of year is a midnight: before it comes its first day, after it its second.
    """
    first, last = piece.first, piece.last
    if meaning is Meaning.AT or first is None or last is None:
        return piece
    turn, late = parts[-1].precision is Precision.TURN, parts[-1].late
    start: date | None = None
    end: date | None = None
    if meaning is Meaning.UNTIL:
        end = first if turn else last
    elif meaning is Meaning.BEFORE:
        end = first if turn else last if late else first - DAY_STEP
    elif meaning is Meaning.FROM:
        start = last if turn else first
    else:
        start = last if turn else last + DAY_STEP
    return replace(piece, first=start, last=end, meaning=meaning, open=end is None)


def _join(*doubts: str | None) -> str | None:
    """Several doubts as one text, each once."""
    text = ""
    for doubt in doubts:
        if doubt and doubt not in text:
            text = f"{text} {doubt}".strip()
    return text or None


# -- the choice -----------------------------------------------------------------------------------


def _choose(plain: Plain, pieces: Sequence[Piece]) -> Piece:
    """One piece out of all: the rule stands in the docstring of `read`."""
    if not pieces:
        return Piece(0, 0, None, None, Precision.NONE, Precision.DAY)
    kept, told = _without_the_old(plain, pieces)
    if any(p.first or p.last for p in kept):
        kept = [p for p in kept if not p.vague]
    for piece in kept:
        if piece.precision is Precision.INVALID:
            return piece
    dated = [p for p in kept if p.precision not in {Precision.OPEN, Precision.RECURRING}]
    for piece in kept:
        if piece.precision is Precision.RECURRING:
            return _recurring(piece, [p for p in dated if p.dated])
    if not dated:
        return kept[0]
    chosen = _finest(plain, _from_until(dated))
    return replace(chosen, doubt=_join(chosen.doubt, told))


def _without_the_old(plain: Plain, pieces: Sequence[Piece]) -> tuple[list[Piece], str | None]:
    """Leave out the dates that a change has replaced, and say which."""
    old = [p for p in pieces if p.role == "old"]
    for i, piece in enumerate(pieces):
        if piece.role == "new":
            old = [*old, *(p for p in pieces[:i] if p not in old)]
    kept = [p for p in pieces if p not in old]
    if not old or not any(p.first or p.last or p.precision is Precision.INVALID for p in kept):
        return list(pieces), None
    words = " och ".join(f"”{plain.verbatim(p.begin, p.end).strip()}”" for p in old)
    return kept, f"Datumet är ändrat; texten nämner även {words}."


def _recurring(piece: Piece, dated: Sequence[Piece]) -> Piece:
    """ "kvartalsvis 2024–2026" keeps its bounds, and stays recurring."""
    firsts = [p.first for p in dated if p.first]
    lasts = [p.last for p in dated if p.last]
    first, last = min(firsts, default=None), max(lasts, default=None)
    if first and last and last < first:
        first = last = None
    return replace(piece, first=first, last=last, doubt=_join(*(p.doubt for p in dated)))


def _from_until(pieces: list[Piece]) -> list[Piece]:
    """ "från mars 2024 ... senast maj 2024" is a range, whatever stands between."""
    starts = [p for p in pieces if p.meaning in {Meaning.FROM, Meaning.AFTER}]
    ends = [p for p in pieces if p.meaning in {Meaning.UNTIL, Meaning.BEFORE}]
    if len(starts) != 1 or len(ends) != 1:
        return pieces
    start, end = starts[0], ends[0]
    if not start.first or not end.last or end.last < start.first:
        return pieces
    unit = max(start.unit, end.unit, key=FINENESS.index)
    both = replace(
        start, last=end.last, precision=_RANGES[unit], unit=unit, meaning=Meaning.AT, open=False,
        end=end.end, doubt=_join(start.doubt, end.doubt),
    )  # fmt: skip
    return [both, *(p for p in pieces if p not in (start, end))]


def _finest(plain: Plain, pieces: Sequence[Piece]) -> Piece:
    """The finest unit; several of it become one range, with a doubt that names them."""
    finest = min(FINENESS.index(p.unit) for p in pieces)
    alike = [p for p in pieces if FINENESS.index(p.unit) == finest]
    one = alike[0]
    if all((p.first, p.last) == (one.first, one.last) for p in alike):
        return one
    firsts, lasts = [p.first for p in alike], [p.last for p in alike]
    first = min((d for d in firsts if d), default=None)
    last = None if None in lasts else max(d for d in lasts if d)
    if any(p.first is None and p.last and first and p.last < first for p in alike):
        first = None
    unit = one.unit
    doubt = None if _side_by_side(alike) or _start_and_end(plain, alike) else _naming(plain, alike)
    return replace(
        one, end=alike[-1].end, first=first, last=last, precision=_RANGES[unit],
        meaning=Meaning.AT, open=last is None, doubt=_join(*(p.doubt for p in alike), doubt),
    )  # fmt: skip


def _side_by_side(pieces: Sequence[Piece]) -> bool:
    """Whether each begins where the one before ends: "vecka 37 och 38"."""
    return all(
        one.last and two.first and one.last + DAY_STEP >= two.first for one, two in pairwise(pieces)
    )


_START_WORD = re.compile(r"(?<!\w)(?:start|påbörj|inled|börja|från)\w*", re.ASCII)
_END_WORD = re.compile(r"(?<!\w)(?:slut|klar|avslut|färdig|deadline|senast|till|upphör)")


def _start_and_end(plain: Plain, pieces: Sequence[Piece]) -> bool:
    """Whether the words say themselves that the two are a start and an end."""
    if len(pieces) != 2:
        return False
    one, two = pieces
    before, between = plain.words[: one.begin], plain.words[one.end : two.begin + 8]
    return bool(_START_WORD.search(before) and _END_WORD.search(between))


def _naming(plain: Plain, pieces: Sequence[Piece]) -> str:
    quoted = [f"”{plain.verbatim(p.begin, p.end).strip()}”" for p in pieces]
    return (
        f"Flera datum: {' och '.join(quoted)}. Läst som hela tiden från det första till det sista."
    )
