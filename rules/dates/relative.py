"""Words counted from the reference day, and words without a day: "nästa vecka", "kvartalsvis".

Also what never ends ("löpande", "tills vidare") and what comes back ("2 ggr/år", "varje höst").
Nothing here looks at a clock: today is the day the caller names.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from models.span import Precision
from rules.dates.calendar import (
    DAY_STEP,
    Days,
    later,
    month_of,
    period,
    season_of,
    year_of,
)
from rules.dates.parts import (
    EDGE_AFTER,
    IN_YEAR,
    B,
    E,
    Match,
    Part,
    Recogniser,
    edge_of,
    fixed,
    narrowed,
    refuse,
    whole,
)
from rules.dates.words import (
    COUNT,
    MONTH,
    MONTHS,
    ORDINAL,
    ORDINALS,
    SEASONS,
    WEEKDAY,
    count_of,
    either,
    weekday_number,
)

_NEAR_DAYS = {
    "idag": 0, "i dag": 0, "imorgon": 1, "i morgon": 1, "imorron": 1, "i övermorgon": 2,
    "övermorgon": 2, "nu": 0, "igår": -1, "i går": -1, "i förrgår": -2, "förrgår": -2,
}  # fmt: skip
_STEPS = {
    "nästa": 1, "nästkommande": 1, "kommande": 1, "näst": 1, "förra": -1, "föregående": -1,
    "denna": 0, "detta": 0, "den här": 0, "det här": 0, "innevarande": 0, "nuvarande": 0,
    "aktuellt": 0, "aktuell": 0, "pågående": 0,
}  # fmt: skip
_UNITS = (
    (r"läsår(?:et)?", Precision.SCHOOL_YEAR),
    (r"veckan?|v\.?", Precision.WEEK),
    (r"månad(?:en)?|mån\.?", Precision.MONTH),
    (r"kvartal(?:et)?", Precision.QUARTER),
    (r"tertial(?:et)?", Precision.TERTIAL),
    (r"halvår(?:et)?", Precision.HALF),
    (r"termin(?:en)?", Precision.TERM),
    (r"(?:kalender|verksamhets|budget)?år(?:et|s)?", Precision.YEAR),
    (r"dag(?:en)?", Precision.DAY),
)
_UNIT = "(?:" + "|".join(words for words, _ in _UNITS) + ")"
_SINGULAR = {
    "dagar": "dag", "dgr": "dag", "d": "dag", "dygn": "dag", "veckor": "vecka", "v": "vecka",
    "veckorna": "vecka", "månader": "månad", "mån": "månad", "månaderna": "månad",
    "åren": "år", "terminer": "termin", "terminerna": "termin", "dagarna": "dag",
    "kvartalen": "kvartal", "tertialen": "tertial",
}  # fmt: skip


def _unit_of(words: str) -> Precision:
    """The unit a Swedish word stands for."""
    return next(unit for pattern, unit in _UNITS if re.fullmatch(pattern, words))


def _singular(word: str) -> str:
    return _SINGULAR.get(word.rstrip("."), word.rstrip("."))


def _fixed_part(
    match: Match, days: Days, unit: Precision, *, precision: Precision = Precision.RELATIVE,
    is_year: bool = False, doubt: str | None = None,
) -> list[Part]:  # fmt: skip
    return [Part(*match.span(), precision, unit, partial(fixed, days), days[0].year,
                 is_year=is_year, doubt=doubt)]  # fmt: skip


# -- days, weeks, months, years beside today ------------------------------------------------------


def _near_day(match: Match, today: date) -> list[Part]:
    day = today + _NEAR_DAYS[match[0]] * DAY_STEP
    return _fixed_part(match, (day, day), Precision.DAY)


def _stepped(match: Match, today: date) -> list[Part]:
    """ "nästa vecka", "innevarande år", "förra kvartalet"."""
    unit = _unit_of(match["unit"])
    days = period(unit, _STEPS[match["step"]], today)
    found = _fixed_part(match, days, unit, is_year=unit is Precision.YEAR)
    return [narrowed(part, edge_of(match)) for part in found]


def _weekday(match: Match, today: date) -> list[Part]:
    """ "på fredag" is the first one ahead, "nästa fredag" the one of next week."""
    number = weekday_number(match["name"])
    if match["step"] not in _STEPS:
        day = today + ((number - today.weekday() - 1) % 7 + 1) * DAY_STEP
        return _fixed_part(match, (day, day), Precision.DAY)
    day = period(Precision.WEEK, _STEPS[match["step"]], today)[0] + number * DAY_STEP
    return _fixed_part(match, (day, day), Precision.DAY, doubt=f"Läst som {day.isoformat()}.")


def _day_of_that_week(match: Match, today: date) -> list[Part]:
    """ "måndag nästa vecka" is a day."""
    monday = period(Precision.WEEK, _STEPS[match["step"]], today)[0]
    day = monday + weekday_number(match["name"]) * DAY_STEP
    return _fixed_part(match, (day, day), Precision.DAY)


def _this_year(match: Match, today: date) -> list[Part]:
    step = -1 if "fjol" in match[0] else 0
    return _fixed_part(match, period(Precision.YEAR, step, today), Precision.YEAR, is_year=True)


def _the_unit(match: Match, today: date) -> list[Part]:
    """ "under året", "i slutet av månaden": the one the reference lies in."""
    found = _fixed_part(match, period(_unit_of(match["unit"]), 0, today), _unit_of(match["unit"]))
    return [narrowed(part, edge_of(match)) for part in found]


def _rest_of(match: Match, today: date) -> list[Part]:
    """ "resten av 2024", "resten av året": from the reference to the end."""
    year = int(match["year"]) if match["year"] else today.year
    first, last = year_of(year)
    if last < today:
        return []
    return _fixed_part(match, (max(first, today), last), Precision.YEAR)


# -- what comes once a year -----------------------------------------------------------------------


def _named_step(match: Match, today: date) -> list[Part]:
    """ "nästa vår", "kommande mars", "förra sommaren"."""
    word, step = match["name"], _STEPS[match["step"]]
    if word in MONTHS:
        days = _nearest(partial(month_of, MONTHS[word]), step, today)
        return _fixed_part(match, days, Precision.MONTH)
    return _fixed_part(
        match, _nearest(partial(season_of, SEASONS[word]), step, today), Precision.SEASON
    )


def _nearest(days: Callable[[int], Days], step: int, today: date) -> Days:
    """The next (1) or last (-1) of what comes once a year; 0 is the one going on or the next."""
    around = [days(year) for year in range(max(1, today.year - 2), min(9998, today.year + 2) + 1)]
    if step < 0:
        fitting = [found for found in reversed(around) if found[1] < today]
    elif step == 0:
        fitting = [found for found in around if found[1] >= today]
    else:
        fitting = [found for found in around if found[0] > today]
    if not fitting:
        raise OverflowError("the calendar ends here")
    return fitting[0]


def _season_now(match: Match, today: date) -> list[Part]:
    """ "i höst" is this autumn or the next, "i höstas" the last one."""
    word = match["name"]
    past = word.endswith("as")
    season = {"vår": "vår", "som": "sommar", "hös": "höst", "vin": "vinter"}[word[:3]]
    days = _nearest(partial(season_of, season), -1 if past else 0, today)
    return _fixed_part(match, days, Precision.SEASON, precision=Precision.SEASON)


# -- so many days, weeks, months away -------------------------------------------------------------


def _in_some_time(match: Match, today: date) -> list[Part]:
    """From "om två veckor" (a day), "inom 14 dagar" (each day until it), "för ett år sedan"."""
    unit = _unit_of(_singular(match["unit"]))
    count = count_of(match["count"])
    if match["half"]:
        unit, count = Precision.MONTH, 6 + (12 * count if "och" in match["half"] else 0)
    if match["word"] == "för":
        if not match["ago"]:
            return []
        count = -count
    end = later(today, count, unit)
    fine = Precision.DAY if unit in {Precision.DAY, Precision.WEEK} else Precision.MONTH
    if match["word"] in {"om", "för"}:
        start = later(today, count_of(match["from"]), unit) if match["from"] else end
        return _fixed_part(match, (min(start, end), max(start, end)), fine)
    return _fixed_part(match, (today, end), fine)


def _some_time(match: Match, today: date) -> list[Part]:
    """ "inom några månader": looks like a time, and cannot be told."""
    reason = f"”{match[0]}” säger inte hur länge. Ange ett datum."
    days = partial(refuse, reason)
    return [Part(*match.span(), Precision.RELATIVE, Precision.MONTH, days, today.year)]


# -- what never ends, and what comes back ---------------------------------------------------------

_EVERY = (
    rf"(?:(?:varje|varannan|vartannat|varenda)|vart? (?:{either(ORDINALS)}|[0-9]+:?[ea])) "
    r"(?:månad|kvartal|tertial|år|termin|vecka|dag|halvår|vår|höst|sommar|vinter|läsår|möte|nosam"
    rf"|{WEEKDAY}dag|{MONTH})\w*"
)
_RECURRING = (
    rf"(?:vid )?(?:{_EVERY})"
    r"|(?:kvartals|månads|vecko|års|halvårs|termins|tertial|dags|läsårs)vis(?:a|t)?"
    r"|årlig(?:en|t|a)?|månatlig(?:en|t|a)?|månadlig(?:en|t|a)?|daglig(?:en|t)|veckolig(?:en|t)"
    r"|regelbund(?:et|en|na)|återkommande|periodvis"
    rf"|(?:minst |max |ca |högst |cirka )*(?:{COUNT}|några|flera)(?: ?- ?{COUNT})?"
    r" ?(?:gånger|gång|ggr|ggn|g|x"
    r"|st möten|möten|träffar|tillfällen)\.? ?(?:per|/|om|i|varje|under|p\.)? ?(?:ett |en |varje )?"
    r"(?:år|året|termin|terminen|månad|månaden|mån|kvartal|kvartalet|vecka|veckan|halvår|halvåret"
    r"|tertial|tertialet|läsår|läsåret|dag|dagen)"
    r"|per (?:kvartal|månad|termin|vecka|halvår|tertial|läsår)"
    rf"|(?:{ORDINAL}) (?:{WEEKDAY}dag(?:en)?|veckan|dagen) i (?:varje )?(?:månaden|kvartalet|månad)"
    rf"|(?:på )?{WEEKDAY}dagar(?:na)?"
    r"|(?:vår|höst) (?:och|samt|&|\+) (?:vår|höst)(?! ?['-]?[0-9])"
    r"|(?:vår/höst|höst/vår)(?! ?['-]?[0-9])"
)
_OPEN = (
    r"(?:pågår |sker |fort)?löpande|tills vidare|över tid(?:en)?|kontinuerlig(?:t|a)?"
    r"|fortlöpande|permanent[ae]?|ständigt|pågående|pågår|fortgående|fortgår|ongoing"
    r"|tidsobegränsa(?:t|d|de)|utan slutdatum|inget slutdatum|till vidare|t\. ?v\."
)


def _open(match: Match, today: date) -> list[Part]:
    return [whole(match, Precision.OPEN, year_of, today.year)]


def _recurring(match: Match, today: date) -> list[Part]:
    return [whole(match, Precision.RECURRING, year_of, today.year)]


# -- the table ------------------------------------------------------------------------------------

_STEP = rf"(?P<step>{either(_STEPS)})"
_SEASON = either(set(SEASONS) - {"vår"})

RELATIVE: tuple[Recogniser, ...] = (
    (rf"{B}(?:{_RECURRING})(?!\w)", _recurring),
    (rf"{B}(?P<step>(?:på|nu på|nästa|kommande|förra)) (?P<name>{WEEKDAY}dag){E}", _weekday),
    (rf"{B}(?P<name>{WEEKDAY}dag)(?:en)? (?:i )?{_STEP} vecka{E}", _day_of_that_week),
    (rf"{B}{_STEP} (?P<name>{MONTH}|{_SEASON}|vår){E}(?! [a-zåäö]*(?:plan|verksamhet))",
     _named_step),
    (rf"{B}(?:till )?{_STEP} (?P<unit>{_UNIT}){E}{EDGE_AFTER}(?! (?:möte|gång|steg))", _stepped),
    (rf"{B}i (?:år|fjol){E}", _this_year),
    (rf"{B}(?:{either(set(_NEAR_DAYS) - {'nu'})}|(?:(?<=med )|(?<=m\. )|(?<=från ))nu){E}",
     _near_day),
    (rf"{B}i (?P<name>våras|somras|höstas|vintras|sommar|höst|vinter"
     rf"|vår(?=$| ?[.,;:!?)]| (?:och|ska|kommer|samt|men|då|när|med|eller)(?!\w))){E}",
     _season_now),
    (rf"{B}(?:under|hela|av|på|inom|i) (?P<unit>året|månaden|veckan|kvartalet|terminen|halvåret)"
     rf"(?P<edge>){E}", _the_unit),
    (rf"{B}(?P<unit>år|månad|vecka|kvartal|termin|halvår)(?:et|en|n)s "
     rf"(?P<edge>början|slut|mitt){E}", _the_unit),
    (rf"{B}(?P<unit>år|månad|vecka|kvartal|termin|halvår)(?:et|en|n)(?P<edge>)(?=s utgång{E})",
     _the_unit),
    (rf"{B}(?P<unit>året|månaden|veckan|terminen)(?P<edge>)(?= (?:ut|är slut){E})", _the_unit),
    (rf"{B}(?:(?P<word>om|inom|för)(?: (?:ca|cirka|ungefär|högst|max))?"
     r"(?: (?:de )?(?:närmaste|kommande))?|de (?:närmaste|kommande|nästkommande)"
     r"|(?:kommande|närmaste)(?= (?:två|tre|fyra|fem|[2-9]) ))"
     rf" (?:(?P<from>{COUNT}) ?(?:-|till|eller) ?)?(?P<count>{COUNT}) "
     r"(?P<half>(?:och ett )?halvt )?(?P<unit>dagar(?:na)?|dag|dygn|dgr|veckor(?:na)?|vecka|v\.?"
     r"|månader(?:na)?|månad|mån\.?|kvartal(?:en)?|tertial|terminer(?:na)?|termin|halvår|läsår"
     r"|åren|år)(?!\w)"
     r"(?P<ago> sedan)?(?! (?:efter|från|innan|före)(?! i ?dag| nu))", _in_some_time),
    (rf"{B}(?:om|inom) (?:några|ett antal|flera) (?:dagar|veckor|månader|år){E}", _some_time),
    (rf"{B}(?:resten|återstoden) av (?:{IN_YEAR}|året){E}", _rest_of),
    (rf"{B}(?:{_OPEN})(?!\w)", _open),
)  # fmt: skip
