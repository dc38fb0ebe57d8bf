"""What stands together: a year and its month, the two ends of a range, the members of a list.

Takes the single parts that `dates/finder.py` found, hands years to those beside them, narrows them
by words ("i början av") and ties neighbours into groups. Which end is meant ("senast") is left to
`dates/qualifiers.py`, the days of a group to `dates/pieces.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from models.span import Precision
from rules.dates.calendar import DAY_STEP, Days, halved, third
from rules.dates.parts import FINENESS, Part
from rules.dates.text import Plain
from rules.dates.words import WEEKDAY, lazily, weekday_number

# -- years beside what has none -------------------------------------------------------------------

_YEAR_AFTER = lazily(r" ?[,(]? ?(?:(?:under |av |i )?år |under |av |i |hela )?|-| -| - |/|\. ?")
_YEAR_BEFORE = lazily(r" ?|, |: ?|/| \(|,? (?:i|under|på) ")
_CODED = frozenset({
    Precision.QUARTER, Precision.TERTIAL, Precision.HALF, Precision.WEEK, Precision.SEASON,
    Precision.TERM,
})  # fmt: skip


def with_years(words: str, parts: list[Part]) -> list[Part]:
    """Give the year beside a yearless part to it: "mars 2024", "2024 v. 40", "hösten nästa år"."""
    result = list(parts)
    taken = _over_the_turn(words, result)
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
        if i + 1 in taken or result[i].year is not None:
            continue
        if two.is_year and one.year is None and _YEAR_AFTER().fullmatch(gap) and not has_nearer:
            result[i] = replace(one, end=two.end, year=two.year)
            taken.add(i + 1)
    for i, (one, two) in enumerate(pairwise(result)):
        gap = words[one.end : two.begin]
        near = _YEAR_BEFORE().fullmatch(gap) or (gap.strip() == "-" and two.unit in _CODED)
        if one.is_year and i not in taken and two.year is None and near:
            result[i + 1] = replace(two, begin=one.begin, year=one.year)
            taken.add(i)
    return [part for i, part in enumerate(result) if i not in taken]


def _over_the_turn(words: str, parts: list[Part]) -> set[int]:
    """ "nov–feb 2025/2026": the first month is of the first year, the last of the second.

    Gives the places of the years that are taken.
    """
    taken: set[int] = set()
    for i in range(len(parts) - 3):
        one, two, first, last = parts[i : i + 4]
        months = one.unit is two.unit is Precision.MONTH and one.year is None and two.year is None
        years = first.is_year and last.is_year and last.year == (first.year or 0) + 1
        between = words[first.end : last.begin].strip() in {"/", "-"}
        if months and years and between and _YEAR_AFTER().fullmatch(words[two.end : first.begin]):
            parts[i] = replace(one, year=first.year)
            parts[i + 1] = replace(two, end=last.end, year=last.year)
            taken |= {i + 2, i + 3}
    return taken


_SAYS_A_YEAR = frozenset(FINENESS[:10])
_NEW_SENTENCE = lazily(r"[a-zåäö)][.!?] [A-ZÅÄÖ]")


def only_year(plain: Plain, parts: Sequence[Part]) -> int | None:
    """The year of a single sentence that names just one: "start i mars, klart i december 2024"."""
    years = {
        part.year
        for part in parts
        if part.year and part.unit in _SAYS_A_YEAR and part.precision is not Precision.RELATIVE
    }
    if len(years) != 1 or _NEW_SENTENCE().search(plain.cased):
        return None
    return years.pop()


# -- narrowed by words before ---------------------------------------------------------------------

WEEKDAY_BEFORE = lazily(rf"(?<![\w/-])(?P<weekday>{WEEKDAY})(?:dag(?:en)?)?\.?,? (?:den )?$")
_EDGE = (
    r"(?:början|inledningen|starten|start|mitten|mitt|medio|slutet|slut|sent|tidigt"
    r"|(?:första|senare|sista) delen)"
)
_THIRDS = {
    "bör": 0, "inl": 0, "sta": 0, "tid": 0, "för": 0, "mit": 1, "med": 1,
    "slu": 2, "sen": 2, "sis": 2,
}  # fmt: skip
_EDGE_BEFORE = lazily(
    rf"(?<!\w)(?<!med )(?<!ed i )(?:(?:i|vid|under) )?(?:den )?(?P<one>{_EDGE})"
    rf"(?: ?(?:/|-|och|eller) ?(?P<two>{_EDGE}))?"
    r"(?P<of>(?: (?:av|på|i|under))*)(?: (?:år|hela|månaden))? $"
)
_HALF_BEFORE = lazily(
    r"(?<!\w)(?:i |under )?(?P<one>första|1:a|andra|2:a|senare|sista) (?:hälften|halvan)"
    r"(?: (?:av|på|i))? $"
)
# Without "av": "slut 2024" in a table is the heading and the day, "start mars" as well.
_NEEDS_OF = {"start": (" av", " på"), "slut": (" av", " på"), "mitt": (" av", " i", " på")}


def narrowed_by_words(words: str, part: Part) -> Part:
    """The third or the half that the words before ask for."""
    if part.precision in {Precision.OPEN, Precision.RECURRING, Precision.DAY, Precision.TURN}:
        return part
    said = WEEKDAY_BEFORE().search(words, max(0, part.begin - 16), part.begin)
    if said and part.precision is Precision.WEEK:
        return _day_of_week(part, said)
    half = _HALF_BEFORE().search(words, max(0, part.begin - 30), part.begin)
    if half and part.precision is not Precision.WEEK:
        return _half(part, half)
    before = _EDGE_BEFORE().search(words, max(0, part.begin - 50), part.begin)
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


def _half(part: Part, said: re.Match[str]) -> Part:
    """ "första halvan av hösten": its first half, in whole months where there are as many."""
    second = said["one"] not in {"första", "1:a"}

    def days(year: int) -> Days:
        begin, middle, end = halved(part.days(year))
        return (middle, end) if second else (begin, middle - DAY_STEP)

    return replace(
        part, begin=said.start(), precision=Precision.APPROX, days=days, is_year=False,
        weak=False, late=second,
    )  # fmt: skip


def _day_of_week(part: Part, said: re.Match[str]) -> Part:
    """ "tisdag v. 12" is a day."""
    weekday = weekday_number(said["weekday"])

    def days(year: int) -> Days:
        day = part.days(year)[0] + weekday * DAY_STEP
        return day, day

    return replace(part, begin=said.start(), precision=Precision.DAY, unit=Precision.DAY, days=days)


# -- ranges and lists -----------------------------------------------------------------------------

FILLER = (
    r"(?:den|d|i|på|år|åren|året|under|vid|hela|av|månad|omkring|kring|runt|ca|cirka|ungefär|circa"
    r"|ungefärligen|preliminärt|prel|planerat|mitten|själva|dag|datum|och med|vecka|klart|klar"
    r"|hp|handlingsplan(?:en)?)"
)
_TO = (
    r"(?:(?:och|ända|fram|eller) )*(?:till och med|till|t\.? ?o\.? ?m\.?|tills|t(?= ))(?: och med)?"
    r"(?: och med)?|-+>?|→|⇒|=>|~"
)
_RANGE_GAP = lazily(rf"[ ,]*(?:- ?)?(?:{_TO})(?: {FILLER}\.?)* ?")
_LIST_GAP = lazily(
    r"(?: ?[,;/&+] ?|(?=.*(?:och|samt|eller|resp|alt)))"
    r" ?(?:och|samt|eller|respektive|resp\.?|alternativt|alt\.?|både)?"
    rf"(?: ?{FILLER}(?!\w))* ?"
)
_ISO_MONTHS = lazily(r"[0-9]{4}-[0-9]{2}/[0-9]{4}-[0-9]{2}")
_BETWEEN = lazily(rf"(?<!\w)(?:mellan|emellan)(?: {FILLER})* ?$")


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stand together; `ranged[i]` says that part i runs on to part i + 1."""

    parts: tuple[Part, ...]
    ranged: tuple[bool, ...]


def groups_in(words: str, parts: Sequence[Part]) -> list[Group]:
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
    iso = both_days or _ISO_MONTHS().fullmatch(words, one.begin, two.end)
    interval = gap.strip() == "/" and (iso or (one.is_year and two.is_year))
    between = gap.startswith(" och ") and _BETWEEN().search(
        words, max(0, one.begin - 40), one.begin
    )
    if interval or between or _RANGE_GAP().fullmatch(gap):
        return True
    return False if _LIST_GAP().fullmatch(gap) and _same_kind(one, two) else None


def _same_kind(one: Part, two: Part) -> bool:
    """Whether two members of a list are alike enough to lend each other a year."""
    seasons = {Precision.SEASON, Precision.TERM}
    return one.unit is two.unit or {one.unit, two.unit} <= seasons


# -- names that are no dates ----------------------------------------------------------------------

_LEADS = lazily(
    r"(?<![\w-])(?:i|under|senast|till|från|fram till|fr\.?o\.?m\.?|t\.?o\.?m\.?|och med|före|innan"
    r"|efter|start|starta[rs]?|startat|uppstart|klart|klar|slut|deadline:?|start:|slut:|klart:|tid:"
    r"|när:|datum:|period:|tidsplan:|hela|omkring|kring|ca|cirka|sedan|månad|vid|inom|-) $"
)


_NO_SURNAME = lazily(
    r"$| ?[^\w ¤]| [0-9]"
    r"| (?:och|samt|eller|till|i|på|av|med|för|hos|vid|om|ska|kommer|är|så|då|enligt)(?!\w)"
)


def only_a_name(words: str, cased: str, group: Group) -> bool:
    """Whether a weak part has nothing beside it that makes it a date: "Jan ansvarar"."""
    first, last = group.parts[0], group.parts[-1]
    if not first.weak or any(part.year or not part.weak for part in group.parts):
        return False
    small = first.unit is Precision.MONTH and cased[first.begin].islower()
    if small and _NO_SURNAME().match(words, last.end):
        return False  # "maj" is no name in small letters
    if len(group.parts) > 1 and (any(group.ranged) or "/" in words[first.end : last.begin]):
        return False
    if _LEADS().search(words, max(0, first.begin - 20), first.begin):
        return False
    if WEEKDAY_BEFORE().search(words, max(0, first.begin - 20), first.begin):
        return False
    rest = words[: first.begin] + words[last.end :]
    return any(letter.isalnum() or letter == "¤" for letter in rest)
