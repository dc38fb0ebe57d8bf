"""The words of Swedish dates, and the calendar behind them.

Here are the tables (months, seasons, ordinals, holidays, common misspellings), the cleaning of a
text (spaces, dashes, case, spelling), the hiding of what only looks like a date (diary numbers,
laws, telephone numbers, sums, personal identity numbers), and plain calendar arithmetic. Finding
single dates in a text is left to `date_units.py`, joining and qualifying them to
`swedish_dates.py`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from models.span import Precision

MONTHS = {
    "januari": 1, "jan": 1, "february": 2, "februari": 2, "febr": 2, "feb": 2, "mars": 3, "mar": 3,
    "march": 3, "may": 5, "april": 4, "apr": 4, "maj": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7,
    "augusti": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10, "october": 10,
    "okt": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12, "january": 1,
    "june": 6, "july": 7, "august": 8,
}  # fmt: skip
MONTH_NAMES = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
# Also first names or other words: a date only where something beside them says so.
NAMES_TOO = frozenset({"jan", "maj", "mar", "march", "may", "june", "august"})

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WEEKDAY = r"(?:mån|tis|ons|tors?|fre|lör|sön)"

NUMBER_WORDS = {
    "en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8,
    "nio": 9, "tio": 10, "elva": 11, "tolv": 12, "fjorton": 14, "femton": 15, "tjugo": 20,
    "trettio": 30, "ett par": 2,
}  # fmt: skip
ORDINALS = {
    "första": 1, "förste": 1, "andra": 2, "tredje": 3, "fjärde": 4, "femte": 5, "sjätte": 6,
    "sjunde": 7, "åttonde": 8, "nionde": 9, "tionde": 10, "elfte": 11, "tolfte": 12,
    "trettonde": 13, "fjortonde": 14, "femtonde": 15, "sextonde": 16, "sjuttonde": 17,
    "artonde": 18, "nittonde": 19, "tjugonde": 20, "tjugoförsta": 21, "tjugoandra": 22,
    "tjugotredje": 23, "tjugofjärde": 24, "tjugofemte": 25, "tjugosjätte": 26, "tjugosjunde": 27,
    "tjugoåttonde": 28, "tjugonionde": 29, "trettionde": 30, "trettioförsta": 31,
}  # fmt: skip

# Inflected forms; the bare "vår" is not here, because it is mostly the word for "our".
SEASONS = {
    "våren": "vår", "vårens": "vår", "vårkanten": "vår",
    "sommaren": "sommar", "sommarens": "sommar", "sommar": "sommar",
    "hösten": "höst", "höstens": "höst", "höst": "höst", "höstkanten": "höst",
    "vintern": "vinter", "vinterns": "vinter", "vinter": "vinter", "vår": "vår",
}  # fmt: skip


def either(words: Iterable[str]) -> str:
    """A regex for any of the words, the longest first so that "mars" is not read as "mar"."""
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


# "jul" is Christmas, save in "5 jul", "jul-24" (as Excel writes it) and beside another month.
MONTH = either(set(MONTHS) - {"jul"})
ORDINAL = rf"(?:{either(ORDINALS)}|sista|[1-9][0-9]?:?[aestndrh]{{1,2}})"
COUNT = rf"(?:[0-9]{{1,3}}|{either(NUMBER_WORDS)})"


# -- spelling -------------------------------------------------------------------------------------

_OFTEN_MISSPELT = (
    "januari", "februari", "augusti", "september", "oktober", "november", "december", "löpande",
    "kvartalet", "halvåret", "höstterminen", "vårterminen", "midsommar", "kvartalsvis",
)  # fmt: skip
_BY_HAND = {
    "apirl": "april", "arpil": "april", "aprill": "april", "vekca": "vecka", "veka": "vecka",
    "vecak": "vecka", "hötsen": "hösten", "hösen": "hösten", "höstn": "hösten", "vårn": "våren",
    "feburari": "februari", "feburai": "februari", "janurari": "januari", "augsti": "augusti",
    "sommarn": "sommaren", "vintren": "vintern", "tillsvidare": "tills vidare",
    "tillvidare": "tills vidare", "juin": "juni", "kvratal": "kvartal", "kvartl": "kvartal",
    "forsta": "första",
}  # fmt: skip


def _slips(word: str) -> set[str]:
    """The word with one letter dropped, doubled or swapped with its neighbour."""
    places = range(1, len(word))
    dropped = {word[:i] + word[i + 1 :] for i in places}
    doubled = {word[:i] + word[i] + word[i:] for i in places}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return dropped | doubled | swapped


_RIGHT = frozenset(_OFTEN_MISSPELT) | frozenset(MONTHS) | {"novembers", "kvartale", "halvåre"}
MISSPELT = {slip: word for word in _OFTEN_MISSPELT for slip in _slips(word) - _RIGHT} | _BY_HAND
_LONG_WORD = re.compile(r"(?<!\w)[a-zåäö]{4,13}(?!\w)")


# -- the plain text -------------------------------------------------------------------------------

_DASHES = frozenset("-‐‑‒–—―−﹣－")
_QUOTES = frozenset("'’‘′´`")


@dataclass(slots=True)
class Plain:
    """A text in lower case with single spaces and one kind of dash, and the way back from it.

    `words` and `cased` are equally long; `starts` and `ends` say where each of their characters
    stands in `original`, so that what is found can be quoted as it was written.
    """

    original: str
    words: str
    cased: str
    starts: list[int]
    ends: list[int]

    def verbatim(self, begin: int, end: int) -> str:
        """The original words behind a stretch of the plain ones."""
        return self.original[self.starts[begin] : self.ends[end - 1]] if begin < end else ""


def make_plain(text: str) -> Plain:
    """Clean a text of what does not change its meaning, keeping the way back."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, raw in enumerate(text):
        letter = _plain_letter(raw)
        if letter == "" or (letter == " " and letters and letters[-1] == " "):
            continue
        if letters and unicodedata.combining(raw):
            # "ö" may come as "o" and two dots, from a Mac or out of a PDF.
            joined = unicodedata.normalize("NFC", letters[-1] + raw)
            if len(joined) == 1:
                letters[-1], ends[-1] = joined, at + 1
                continue
        letters.append(letter)
        starts.append(at)
        ends.append(at + 1)
    cased = "".join(letters)
    return _spell(Plain(text, "".join(map(_lower, letters)), cased, starts, ends))


def _plain_letter(raw: str) -> str:
    """One character as it is read: "" for the invisible ones."""
    if raw.isalnum():
        return raw
    if raw.isspace():
        return " "
    if raw in _DASHES:
        return "-"
    if raw in _QUOTES:
        return "'"
    return "" if unicodedata.category(raw) == "Cf" else raw


def _lower(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter  # "İ" would become two characters


def _spell(plain: Plain) -> Plain:
    """Mend the misspellings in the table; the way back to the original stays right."""
    for match in reversed(list(_LONG_WORD.finditer(plain.words))):
        right = MISSPELT.get(match[0])
        if right is None or right == match[0]:
            continue
        begin, end = match.span()
        places = [min(i, end - begin - 1) for i in range(len(right) - 1)] + [end - begin - 1]
        plain.words = plain.words[:begin] + right + plain.words[end:]
        plain.cased = plain.cased[:begin] + right + plain.cased[end:]
        starts, ends = plain.starts[begin:end], plain.ends[begin:end]
        plain.starts[begin:end] = [starts[i] for i in places]
        plain.ends[begin:end] = [ends[i] for i in places]
    return plain


# -- what is no date ------------------------------------------------------------------------------

_COUNTED = (
    r"(?:kr|kronor|tkr|kkr|mkr|mnkr|milj|miljon(?:er)?|tusen|sek|euro|%|procent|st|stycken"
    r"|person(?:er)?|patient(?:er)?|invånare|brukare|elever|deltagare|anställda|individer|klienter"
    r"|timmar|tim|minuter|min|kap|sidor|avvikelser|årsarbetare|exemplar|km|kg|mg|ml|poäng)"
)
_TIME = r"[0-2]?[0-9](?:[:.][0-5][0-9]){0,2}"

# Hidden as blanks: a time beside a date must not keep the date from its neighbours.
_TIMES = re.compile(
    rf"(?<!\w)(?:kl|klockan)\.? ?{_TIME}(?: ?(?:-|till|och) ?{_TIME})?(?![0-9])(?: ?h(?!\w))?"
    r"|(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?: ?- ?[0-2]?[0-9]:[0-5][0-9])?(?![0-9:])"
    r"|(?<=[0-9])t[0-2][0-9]:?[0-5][0-9](?::?[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?: ?z(?!\w)|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))?"
)
_NEVER_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"https?://\S+|www\.\S+|\S{1,80}@\S+|\S{1,80}\.(?:pdf|docx?|xlsx?|pptx?)(?!\w)",
        # Personal identity numbers, with and without century and dash.
        r"(?<![0-9])(?:(?:18|19|20)[0-9]{2}|[0-9]{2})[0-9]{4} ?[-+]? ?[0-9]{4}(?![0-9])",
        # Telephone numbers.
        r"(?<!\w)(?:\+ ?46|0046) ?(?:\(0\))?[0-9 -]{6,14}[0-9]",
        r"(?<![\w-])0[0-9]{1,3} ?[-/] ?[0-9]{2,3}(?: [0-9]{2,3}){1,3}(?![0-9])",
        r"(?<![\w-])0[0-9]{1,3}-[0-9]{5,8}(?![0-9])",
        # Laws, inquiries, bills: "2017:30", "2022/23:131", "2022/23:SoU12".
        r"(?<![0-9])[12][0-9]{3}(?:/[0-9]{2,4})?:"
        r"(?:[0-9]+|(?!kv|[qkthvw][0-9])[a-zåäö]{1,6}[0-9]+)",
        # Diary numbers: said to be so, or a year and a number that is neither month nor year.
        r"(?<!\w)(?:dnr|diarienr|diarienummer|ärendenr|ärendenummer|nr|nummer|lnr|id)"
        r"[.:]* ?(?:[a-zåäö]{1,6}[ -/]?)?[0-9][0-9/:.-]*",
        r"(?<![0-9])(?:19|20)[0-9]{2} ?[-/](?:[0-9]{3}|0[0-9]{3}|[0-9]{5,})(?![0-9])",
        r"(?<!\w)[a-zåäö]{2,6}[ /](?:19|20)[0-9]{2}[-/](?!(?:19|20)[0-9]{2})[0-9]{4}(?![0-9])",
        # Numbers of things.
        rf"(?<![\w.])[0-9]{{1,3}}(?: [0-9]{{3}})+(?:,[0-9]+)?(?: ?{_COUNTED}(?!\w))?(?![0-9])",
        rf"(?<![\w-])[0-9]+(?:[.,][0-9]+)? ?(?:- ?[0-9]+(?:,[0-9]+)? ?)?{_COUNTED}(?!\w)",
        r"(?<!\w)[0-9]{1,4}(?:- ?(?:och )?[0-9]{2,4})?-tal(?:et|ets|ist)?(?!\w)",
        r"(?<!\w)[1-9]/[0-9]{1,2}"
        r"(?= ?(?:av|tjänst\w*|del|delar|dels|heltid|tid|-?tid|-del\w*)(?!\w))",
        # Names with a number in them: programmes, diagnoses, sections, rooms.
        r"(?<!\w)(?:agenda|vision|horisont|horizon|europa) ?20[0-9]{2}(?![0-9/-])",
        r"(?<!\w)(?:icd|covid|iso|bilaga|punkt|kapitel|kap|paragraf|rum|sal|tel|telefon|postnr|sida"
        r"|sid)\.?[ :-]{1,2}[0-9]+(?:[.:/-][0-9]+)*(?![0-9])",
        # "24/7" is round the clock, unless a word before or a year after makes it 24 July.
        r"(?<![\w/-])(?<!den )(?<!senast )(?<!före )(?<!till )(?<!från )(?<!dag )24/7"
        r"(?![0-9/]| ?[-'] ?[0-9]| 20)",
        r"(?<!\w)v\.? ?[0-9]+\.[0-9]+(?![0-9])",
    )
)
# "Jan Svensson", "Maj-Britt": first names, unless what follows is itself a word of dates.
_FIRST_NAMES = re.compile(
    r"(?<!\w)(?:Jan|Maj|JAN|MAJ|Mar|August)(?: |-)(?:och )?"
    r"(?!(?i:"
    + either(MONTHS)
    + r"|kv|[qkthv][0-9]|v|vår|sommar|höst|vinter|ht|vt|och)(?![a-zåäö]))"
    r"[A-ZÅÄÖ][a-zåäö]+|Våren AB"
)


def hide_what_is_no_date(plain: Plain) -> str:
    """The plain words with everything that only looks like a date made unreadable."""
    words = plain.words
    for match in _FIRST_NAMES.finditer(plain.cased):
        words = words[: match.start()] + "¤" * len(match[0]) + words[match.end() :]
    words = _TIMES.sub(lambda match: " " * len(match[0]), words)
    for pattern in _NEVER_DATES:
        words = pattern.sub(lambda match: "¤" * len(match[0]), words)
    return words


# -- calendar -------------------------------------------------------------------------------------

Days = tuple[date, date]
DAY_STEP = timedelta(days=1)


class NotADayError(ValueError):
    """The words look like a date and are none; the message is a Swedish sentence for people."""


def day_of(month: int, day: int, year: int) -> Days:
    """One day, or the reason why there is no such day."""
    if not 1 <= month <= 12:
        raise NotADayError(f"Månad {month} finns inte: ett år har 12 månader. Ange en annan månad.")
    length = month_of(month, year)[1].day
    if 1 <= day <= length:
        found = date(year, month, day)
        return found, found
    name = MONTH_NAMES[month - 1]
    when = f"{name} {year}" if month == 2 else name
    raise NotADayError(
        f"Den {day} {when} finns inte: {when} har {length} dagar. Ange en annan dag."
    )


def month_of(month: int, year: int) -> Days:
    """A calendar month."""
    if not 1 <= month <= 12:
        raise NotADayError(f"Månad {month} finns inte: ett år har 12 månader. Ange en annan månad.")
    return months_of(month, 1, year)


def months_of(month: int, count: int, year: int) -> Days:
    """`count` whole months from the given one on; they may run into the next year."""
    first = date(year, month, 1)
    return first, add_months(first, count) - DAY_STEP


def add_months(day: date, count: int) -> date:
    """The same day some months on, or the last day of that month where it is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - DAY_STEP).day))


def week_of(week: int, year: int) -> Days:
    """An ISO week, Monday to Sunday, or the reason why there is no such week."""
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        weeks = date(year, 12, 28).isocalendar().week
        raise NotADayError(
            f"Vecka {week} finns inte {year}: året har {weeks} veckor. Ange en annan vecka."
        ) from None
    return monday, monday + 6 * DAY_STEP


def piece_of_year(name: str, pieces: int, number: int, year: int) -> Days:
    """A quarter, tertial or half-year by its number."""
    if not 1 <= number <= pieces:
        raise NotADayError(
            f"{name} {number} finns inte: ett år har {pieces}. Ange ett tal mellan 1 och {pieces}."
        )
    length = 12 // pieces
    return months_of((number - 1) * length + 1, length, year)


def season_of(season: str, year: int) -> Days:
    """The planning reading of a season; a winter belongs to the year it begins in."""
    month, count = {"vår": (1, 6), "sommar": (6, 3), "höst": (8, 5), "vinter": (12, 3)}[season]
    return months_of(month, count, year)


def school_year_of(year: int) -> Days:
    """The school year that begins in a year."""
    return months_of(8, 11, year)


def year_of(year: int) -> Days:
    """A calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def turn_before(month: int, year: int) -> Days:
    """The last day before a month and its first (13 = January of the next year)."""
    first = date(year + (month > 12), (month - 1) % 12 + 1, 1)
    return first - DAY_STEP, first


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher; their letters)."""
    a = year % 19
    b, c = divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    l = (32 + 2 * e + 2 * i - h - k) % 7  # noqa: E741
    m = (a + 11 * h + 19 * l) // 433
    month = (h + l - 7 * m + 90) // 25
    return date(year, month, (h + l - 7 * m + 33 * month + 19) % 32)


def third(days: Days, number: int) -> Days:
    """The first (0), middle (1) or last (2) third: whole months where it can, days 1-10, 11-20."""
    first, last = days
    length = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if length < 3:
        return days
    whole = first.day == 1 and (last + DAY_STEP).day == 1
    if whole and months % 3 == 0:
        cuts = [add_months(first, months // 3 * i) for i in range(4)]
    else:
        step = 10 if whole and months == 1 else length // 3
        cuts = [first, first + step * DAY_STEP, first + 2 * step * DAY_STEP, last + DAY_STEP]
    return cuts[number], cuts[number + 1] - DAY_STEP


_MONTHS_IN = {
    Precision.MONTH: 1, Precision.QUARTER: 3, Precision.TERTIAL: 4, Precision.HALF: 6,
    Precision.TERM: 6, Precision.YEAR: 12, Precision.SCHOOL_YEAR: 12,
}  # fmt: skip


def period(unit: Precision, step: int, today: date) -> Days:
    """The week, month, term ... the day lies in, or one some steps away."""
    if unit is Precision.DAY:
        return (today + step * DAY_STEP,) * 2
    if unit is Precision.WEEK:
        monday = today + (7 * step - today.weekday()) * DAY_STEP
        return monday, monday + 6 * DAY_STEP
    if unit is Precision.TERM:
        # July is nobody's term: it counts to the autumn.
        terms = today.year * 2 + (today.month > 6) + step
        return season_of("höst" if terms % 2 else "vår", terms // 2)
    if unit is Precision.SCHOOL_YEAR:
        return school_year_of(today.year - (today.month < 7) + step)
    length = _MONTHS_IN[unit]
    start = date(today.year, (today.month - 1) // length * length + 1, 1)
    first = add_months(start, step * length)
    return first, add_months(first, length) - DAY_STEP


def later(today: date, count: int, unit: Precision) -> date:
    """The day some units on (or back)."""
    if unit in {Precision.DAY, Precision.WEEK}:
        return today + count * (7 if unit is Precision.WEEK else 1) * DAY_STEP
    return add_months(today, count * _MONTHS_IN[unit])


# -- holidays -------------------------------------------------------------------------------------


def _around(day: date, before: int, after: int) -> Days:
    return day - before * DAY_STEP, day + after * DAY_STEP


def _saturday(month: int, day: int, year: int) -> date:
    """The first Saturday on or after a day."""
    start = date(year, month, day)
    return start + (5 - start.weekday()) % 7 * DAY_STEP


def _advent(number: int, year: int) -> date:
    eve = date(year, 12, 24)
    fourth = eve - (eve.weekday() + 1) % 7 * DAY_STEP
    return fourth - 7 * (4 - number) * DAY_STEP


def _date_of(month: int, day: int, before: int, after: int, year: int) -> Days:
    return _around(date(year, month, day), before, after)


def _easter_plus(shift: int, before: int, after: int, year: int) -> Days:
    return _around(easter(year) + shift * DAY_STEP, before, after)


def _saturday_after(month: int, day: int, before: int, after: int, year: int) -> Days:
    return _around(_saturday(month, day, year), before, after)


# (words, days in a year). The longest words win, so "påskafton" is not read as "påsk".
HOLIDAYS: tuple[tuple[str, Callable[[int], Days]], ...] = (
    (r"nyårsafton(?:en)?", partial(_date_of, 12, 31, 0, 0)),
    (r"nyårsdagen?", partial(_date_of, 1, 1, 0, 0)),
    (r"nyår(?:et)?|nyårshelgen", partial(_date_of, 12, 31, 0, 1)),
    (r"trettondagsafton", partial(_date_of, 1, 5, 0, 0)),
    (r"trettondag(?:en|e?n? jul)?|trettondedag jul", partial(_date_of, 1, 6, 0, 0)),
    (r"trettonhelgen|trettondagshelgen", partial(_date_of, 1, 6, 1, 0)),
    (r"tjugondag(?:en|e?n? jul| knut)?", partial(_date_of, 1, 13, 0, 0)),
    (r"skärtorsdag(?:en)?", partial(_easter_plus, -3, 0, 0)),
    (r"långfredag(?:en)?", partial(_easter_plus, -2, 0, 0)),
    (r"påskafton(?:en)?", partial(_easter_plus, -1, 0, 0)),
    (r"påskdag(?:en)?", partial(_easter_plus, 0, 0, 0)),
    (r"annandag(?:en)? påsk", partial(_easter_plus, 1, 0, 0)),
    (r"påskveckan", partial(_easter_plus, 0, 6, 0)),
    (r"påsk(?:en)?|påskhelgen", partial(_easter_plus, 0, 2, 1)),
    (r"valborg(?:smässoafton)?|sista april", partial(_date_of, 4, 30, 0, 0)),
    (r"kristi himmelsfärds?(?:dag(?:en)?|helgen)?", partial(_easter_plus, 39, 0, 0)),
    (r"pingstafton", partial(_easter_plus, 48, 0, 0)),
    (r"pingstdagen", partial(_easter_plus, 49, 0, 0)),
    (r"annandag(?:en)? pingst", partial(_easter_plus, 50, 0, 0)),
    (r"pingst(?:en)?|pingsthelgen", partial(_easter_plus, 49, 1, 0)),
    (r"(?:sveriges )?nationaldag(?:en)?", partial(_date_of, 6, 6, 0, 0)),
    (r"midsommarafton", partial(_saturday_after, 6, 20, 1, -1)),
    (r"midsommardagen", partial(_saturday_after, 6, 20, 0, 0)),
    (r"midsommar(?:en)?|midsommarhelgen", partial(_saturday_after, 6, 20, 1, 0)),
    (r"alla helgons dag", partial(_saturday_after, 10, 31, 0, 0)),
    (r"allhelgona(?:helgen)?|alla helgons helg(?:en)?", partial(_saturday_after, 10, 31, 0, 1)),
    (r"höstlov(?:et)?", partial(week_of, 44)),
    (r"(?:första|1:a|1) advent", lambda year: _around(_advent(1, year), 0, 0)),
    (r"(?:andra|2:a|2) advent", lambda year: _around(_advent(2, year), 0, 0)),
    (r"(?:tredje|3:e|3) advent", lambda year: _around(_advent(3, year), 0, 0)),
    (r"(?:fjärde|4:e|4) advent", lambda year: _around(_advent(4, year), 0, 0)),
    (r"advent(?:en|stiden)?", lambda year: (_advent(1, year), date(year, 12, 24))),
    (r"(?:sankta )?lucia(?:dagen)?", partial(_date_of, 12, 13, 0, 0)),
    (r"(?:dan före dopparedan|julafton(?:en)?)", partial(_date_of, 12, 24, 0, 0)),
    (r"juldagen", partial(_date_of, 12, 25, 0, 0)),
    (r"annandag(?:en)? jul|annandagen", partial(_date_of, 12, 26, 0, 0)),
    (r"mellandagarna", partial(_date_of, 12, 27, 0, 3)),
    (r"jul(?:en)?|julhelgen|juletid", partial(_date_of, 12, 24, 0, 2)),
)


HOLIDAY = "(?:" + "|".join(words for words, _ in HOLIDAYS) + ")"
UNCLEAR = (
    r"sportlov(?:et)?|februarilov(?:et)?|påsklov(?:et)?|jullov(?:et)?|sommarlov(?:et)?"
    r"|skolstart(?:en)?|skolavslutning(?:en)?|läsårsstart(?:en)?|terminsstart(?:en)?|terminsslut(?:et)?"
)


# -- what comes back, and what never ends ---------------------------------------------------------

_EVERY = (
    rf"(?:(?:varje|varannan|vartannat|varenda)|vart? (?:{either(ORDINALS)}|[0-9]+:?[ea])) "
    r"(?:månad|kvartal|tertial|år|termin|vecka|dag|halvår|vår|höst|sommar|vinter|läsår|möte|nosam"
    rf"|{WEEKDAY}dag|{MONTH})\w*"
)
RECURRING = (
    rf"(?:vid )?(?:{_EVERY})"
    r"|(?:kvartals|månads|vecko|års|halvårs|termins|tertial|dags|läsårs)vis(?:a|t)?"
    r"|årlig(?:en|t|a)?|månatlig(?:en|t|a)?|månadlig(?:en|t|a)?|daglig(?:en|t)|veckolig(?:en|t)"
    r"|regelbund(?:et|en|na)|återkommande|periodvis"
    rf"|(?:minst |max |ca |högst |cirka )*{COUNT}(?: ?- ?{COUNT})? ?(?:gånger|gång|ggr|ggn|g|x"
    r"|st möten|möten|träffar|tillfällen)\.? ?(?:per|/|om|i|varje|under|p\.)? ?(?:ett |en |varje )?"
    r"(?:år|året|termin|terminen|månad|månaden|mån|kvartal|kvartalet|vecka|veckan|halvår|halvåret"
    r"|tertial|tertialet|läsår|läsåret|dag|dagen)"
    r"|per (?:kvartal|månad|termin|vecka|halvår|tertial|läsår)"
    rf"|(?:{ORDINAL}) (?:{WEEKDAY}dag(?:en)?|veckan|dagen) i (?:varje )?(?:månaden|kvartalet|månad)"
    rf"|(?:på )?{WEEKDAY}dagar(?:na)?"
    r"|(?:vår|höst) (?:och|samt|&|\+) (?:vår|höst)(?! ?['-]?[0-9])"
    r"|(?:vår/höst|höst/vår)(?! ?['-]?[0-9])"
)
OPEN = (
    r"(?:pågår |sker |fort)?löpande|tills vidare|över tid(?:en)?|kontinuerlig(?:t|a)?"
    r"|fortlöpande|permanent[ae]?|ständigt|pågående|pågår|fortgående|fortgår|ongoing"
    r"|tidsobegränsa(?:t|d|de)|utan slutdatum|inget slutdatum|till vidare"
)
