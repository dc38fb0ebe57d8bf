"""Parts of a year: quarters, tertials, half-years, seasons, terms, school years, and the turns.

"Q3", "första och andra kvartalet", "sensommaren", "ht 24/25", "läsåret 2024/25", "årsskiftet".
Those counted from today ("nästa kvartal", "i höst") are left to `dates/relative.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from models.span import Precision
from rules.dates.calendar import (
    Days,
    month_of,
    months_of,
    piece_of_year,
    school_year_of,
    season_of,
    turn_before,
)
from rules.dates.parts import (
    AND,
    ANY_MONTH,
    EDGE_AFTER,
    IN_YEAR,
    PAIR,
    PAIR_OR_YY,
    SLASH_PAIR,
    YEAR,
    YY,
    B,
    E,
    Match,
    N,
    Part,
    Recogniser,
    edge_of,
    fixed,
    full_year,
    narrowed,
    numbers,
    pair_year,
    plausible_year,
    refuse,
    two_digit_year,
    whole,
)
from rules.dates.words import (
    MONTH,
    MONTHS,
    NUMBER_WORDS,
    ORDINAL,
    SEASONS,
    either,
    lazily,
    ordinal_of,
)

# -- quarters, tertials, half-years ---------------------------------------------------------------

_PIECES = {
    "q": (Precision.QUARTER, "Kvartal", 4),
    "k": (Precision.QUARTER, "Kvartal", 4),
    "t": (Precision.TERTIAL, "Tertial", 3),
    "h": (Precision.HALF, "Halvår", 2),
}


_ORDINAL_OR_NUMBER = lazily(rf"(?:{ORDINAL}|senare|[1-9]|{either(NUMBER_WORDS)})(?!\w)")


def _piece_parts(
    match: Match, found: Sequence[tuple[int, int, int]], year: int | None, *, weak: bool = False
) -> list[Part]:
    """Quarters, tertials or half-years of the numbers found; the first and last reach outwards."""
    unit, name, pieces = _PIECES[match["unit"][0]]
    parts = [
        Part(begin, end, unit, unit, partial(piece_of_year, name, pieces, number), weak=weak)
        for number, begin, end in found
    ]
    parts[0] = replace(parts[0], begin=match.start())
    parts[-1] = replace(parts[-1], end=match.end(), year=year)
    return parts


def _piece_code(match: Match, today: date) -> list[Part]:
    """Q3, Q1–2, Q3-24, kv 2, kvartal 1 och 2, T1, H1, K2: the bare letters T, H and K are weak."""
    year = two_digit_year(match, today)
    weak = match["unit"] in {"t", "h", "k"} and year is None
    return _piece_parts(match, list(numbers(match, "numbers")), year, weak=weak)


def _piece_words(match: Match, today: date) -> list[Part]:
    """ "första kvartalet", "första och andra tertialet", "2:a halvåret", "kvartal två"."""
    year = two_digit_year(match, today)
    begin, last = match.start("ordinals"), _PIECES[match["unit"][0]][2]
    found = []
    for said in _ORDINAL_OR_NUMBER().finditer(match["ordinals"]):
        number = NUMBER_WORDS.get(said[0]) or ordinal_of(said[0]) or last
        found.append((number, begin + said.start(), begin + said.end()))
    return [narrowed(part, edge_of(match)) for part in _piece_parts(match, found, year)]


def _half_of(match: Match, _today: date) -> list[Part]:
    """ "andra hälften av 2024" is a half-year; of a month it is day 1–15 or the rest."""
    second = match["which"] in {"andra", "senare", "sista"}
    if not match["month"]:
        days: Callable[[int], Days] = partial(piece_of_year, "Halvår", 2, 1 + second)
        year = int(match["year"]) if match["year"] else None
        return [whole(match, Precision.HALF, days, year)]
    month = MONTHS[match["month"]]

    def half(year: int) -> Days:
        first, last = month_of(month, year)
        return (date(year, month, 16), last) if second else (first, date(year, month, 15))

    return [Part(*match.span(), Precision.APPROX, Precision.MONTH, half)]


# -- seasons, terms, school years -----------------------------------------------------------------

_SHADES = {"för": 0, "tidig": 0, "tidiga": 0, "hög": 1, "sen": 2, "sena": 2}


def _season(match: Match, today: date) -> list[Part]:
    season = SEASONS[match["season"]]
    year, doubt = None, None
    if match["one"]:
        year, doubt = pair_year(match, today, second_half=season in {"vår", "sommar"})
    elif match["yy"]:
        year = plausible_year(match["yy"], today)
    part = whole(match, Precision.SEASON, partial(season_of, season), year, doubt=doubt)
    if season == "vinter" and not match["one"]:
        part = replace(part, doubt="Vintern är läst som den som börjar i december det året.")
    shade = _SHADES.get((match["shade"] or "").strip(" -"))
    return [narrowed(part, shade if shade is not None else edge_of(match))]


def _late_winter(match: Match, today: date) -> list[Part]:
    """ "vårvintern": February and March."""
    year = two_digit_year(match, today)
    return [Part(*match.span(), Precision.APPROX, Precision.SEASON,
                 partial(months_of, 2, 2), year)]  # fmt: skip


def _term(match: Match, today: date) -> list[Part]:
    """vt 2025, HT24, vårterminen, ht 24/25."""
    spring = match["term"].startswith("v")
    year, doubt = None, None
    if match["one"]:
        year, doubt = pair_year(match, today, second_half=spring)
    elif digits := match["yy"] or match["y2"]:
        year = plausible_year(digits, today)
    elif match["year"]:
        year = int(match["year"])
    days = partial(season_of, "vår" if spring else "höst")
    part = whole(match, Precision.TERM, days, year, doubt=doubt)
    return [narrowed(part, edge_of(match))]


def _school_year(match: Match, today: date) -> list[Part]:
    """läsåret 2024/2025, lå 24/25, 2024-2025 (läsår); läsåren 2024–2026 are several."""
    if not match["one"]:
        year = int(match["year"]) if match["year"] else None
        part = whole(match, Precision.SCHOOL_YEAR, school_year_of, year)
        return [narrowed(part, edge_of(match))]
    one, two = full_year(match["one"], today), full_year(match["two"], today)
    unit = Precision.SCHOOL_YEAR
    if two == one + 1:
        return [Part(*match.span(), unit, unit, school_year_of, one)]
    middle = match.end("one")
    return [
        Part(match.start(), middle, unit, unit, school_year_of, one),
        Part(match.start("two"), match.end(), unit, unit, school_year_of, two - 1,
             doubt="Läsåren är lästa från det första årets höst till det sista årets vår."),
    ]  # fmt: skip


# -- turns ----------------------------------------------------------------------------------------


def _year_turn(match: Match, today: date) -> list[Part]:
    year, doubt = None, None
    if match["one"]:
        year, doubt = pair_year(match, today, second_half=False)
    elif match["yy"] or match["year"]:
        year = full_year(match["year"] or match["yy"], today)
        doubt = f"Årsskiftet är läst som det mellan {year} och {year + 1}."
    return [Part(*match.span(), Precision.TURN, Precision.DAY, partial(turn_before, 13),
                 year, doubt=doubt)]  # fmt: skip


def _half_turn(match: Match, today: date) -> list[Part]:
    year = two_digit_year(match, today)
    return [Part(*match.span(), Precision.TURN, Precision.DAY, partial(turn_before, 7), year)]


def _month_turn(match: Match, today: date) -> list[Part]:
    """ "månadsskiftet mars/april"; the year of "dec/jan 2025" is January's."""
    one, two = MONTHS[match["m1"]], MONTHS[match["m2"]]
    if two != one % 12 + 1:
        reason = "Månaderna i månadsskiftet följer inte på varandra. Ange vilket skifte som menas."
        days: Callable[[int], Days] = partial(refuse, reason)
    elif two == 1:
        days = lambda year: turn_before(1, year)  # noqa: E731
    else:
        days = partial(turn_before, two)
    year = two_digit_year(match, today)
    if match["one"]:
        year, _ = pair_year(match, today, second_half=True)
    return [Part(*match.span(), Precision.TURN, Precision.DAY, days, year)]


def _quarter_turn(match: Match, today: date) -> list[Part]:
    one, two = int(match["q1"]), int(match["q2"])
    if not (1 <= one <= 4 and two == one % 4 + 1):
        reason = "Kvartalen i kvartalsskiftet följer inte på varandra. Ange vilket som menas."
        days: Callable[[int], Days] = partial(refuse, reason)
    else:
        days = partial(turn_before, one * 3 + 1)
    year = two_digit_year(match, today)
    return [Part(*match.span(), Precision.TURN, Precision.DAY, days, year)]


def _coming_turn(match: Match, today: date) -> list[Part]:
    """ "vid månadsskiftet": the next one."""
    step = 3 if match["unit"].startswith("kvartal") else 1
    month = (today.month - 1) // step * step + 1 + step
    days = partial(fixed, turn_before(month, today.year))
    return [Part(*match.span(), Precision.TURN, Precision.DAY, days, today.year,
                 doubt="Det står inte vilket skifte; läst som nästa.")]  # fmt: skip


# -- the table ------------------------------------------------------------------------------------

_CODE_LIST = rf"(?P<numbers>{N}(?:{AND}(?:nr )?[0-9](?![0-9/]|[.:][0-9])){{0,4}})"
# "3 kvartalet" is the third; "3 kvartal" are three of them.
_NTH = rf"(?:{ORDINAL}|senare|[1-9](?= ?(?:(?:-|och|/) ?[1-9] ?)?(?:kvartalet|tertialet|halvåret)))"
_ORDINAL_LIST = rf"(?P<ordinals>{_NTH}(?:{AND}{_NTH}){{0,4}})"
_NAME = r"(?P<unit>kvartal|tertial|halvår)(?:et|en|s)?s?"
_SEASON = either(set(SEASONS) - {"vår"})
_PAIR_OR_YEAR = rf"(?:{PAIR}|{YY}| ?-? ?{IN_YEAR}(?![0-9]))?"

PERIODS: tuple[Recogniser, ...] = (
    (rf"{B}(?P<which>första|1:a|andra|2:a|senare|sista) (?:hälften|halvan) (?:av |i )?"
     rf"(?:år )?(?:{IN_YEAR}|året|(?P<month>{MONTH})){E}", _half_of),
    (rf"{B}årsskifte(?:t|s)?{E}{_PAIR_OR_YEAR}", _year_turn),
    (rf"{B}halvårsskifte(?:t|s)?{E}{YY}?", _half_turn),
    (rf"{B}(?:månads)?skifte(?:t|s)? (?:mellan )?(?P<m1>{ANY_MONTH})\.? ?(?:/|-|till|och) ?"
     rf"(?P<m2>{ANY_MONTH})\.?{E}{PAIR_OR_YY}", _month_turn),
    (rf"{B}kvartalsskifte(?:t|s)? (?:mellan )?(?:q|kv\.? ?|kvartal )?(?P<q1>[0-9])"
     rf" ?(?:/|-|till|och) ?(?:q|kv\.? ?|kvartal )?(?P<q2>[0-9]){E}{YY}?", _quarter_turn),
    (rf"{B}(?P<unit>kvartal|månad)sskiftet?{E}", _coming_turn),
    (rf"{B}{_ORDINAL_LIST} ?{_NAME}{E}{EDGE_AFTER}{YY}?", _piece_words),
    (rf"{B}{_ORDINAL_LIST} ?(?P<unit>kv)\.?{E}(?P<edge>){YY}?", _piece_words),
    (rf"{B}{_NAME} (?P<ordinals>{either(NUMBER_WORDS)}){E}{EDGE_AFTER}{YY}?", _piece_words),
    (rf"{B}(?P<unit>kvartal|tertial|halvår|kv)(?:et|en|s)?\.? ?(?:nr )?{_CODE_LIST}{E}{YY}?",
     _piece_code),
    (rf"(?<![a-zåäö_])(?P<unit>[qthk]) ?{_CODE_LIST}{E}{YY}?", _piece_code),
    (rf"{B}(?P<numbers>[1-9])(?P<unit>[qh]){E}{YY}?", _piece_code),
    (rf"{B}(?P<one>{YEAR}) ?[/-] ?(?P<two>{YEAR}|[0-9]{{2}}),? ?\(?(?:läsår(?:et)?|lå){E}\)?"
     r"(?P<year>)(?P<edge>)", _school_year),
    (rf"{B}(?:läsår(?:et|ets|en)?|lå|skolår(?:et|ets)?)\.?{E}"
     rf"(?:{PAIR}| ?{IN_YEAR}(?![0-9]))?{EDGE_AFTER}", _school_year),
    (rf"{B}(?P<term>vt|ht|v\.t|h\.t|(?:vår|höst)term(?:in(?:en|ens|s)?)?)\.?"
     rf"(?![a-zåäö]){EDGE_AFTER}(?:{SLASH_PAIR}| ?-? ?{IN_YEAR}(?![0-9])"
     rf"|-?{YY}|(?P<y2>[0-9]{{2}})(?![0-9]))?", _term),
    (rf"{B}vårvintern?{E}{YY}?", _late_winter),
    (rf"{B}(?P<shade>)(?P<season>vintern?){E}(?P<edge>){PAIR}", _season),
    (rf"{B}(?P<shade>(?:tidiga?|sena?) |för|sen|hög)?(?P<season>{_SEASON})(?:-)?{E}"
     rf"{EDGE_AFTER}{PAIR_OR_YY}", _season),
    # The bare "vår" is mostly "our": it needs a year, a season or the end of a clause beside it.
    (rf"{B}(?P<shade>(?:tidig|sen) )?(?P<season>vår)"
     rf"(?=$| ?-? ?{YEAR}| ?[-'/ ]?[0-9]{{2}}(?![0-9])| ?[/-] ?(?:sommar|höst)"
     rf"| (?:och|till) (?:sommar|höst)|[.,;)?](?: |$))(?P<edge>){PAIR_OR_YY}",
     _season),
)  # fmt: skip
