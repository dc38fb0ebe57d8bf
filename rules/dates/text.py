"""A text made ready for the search for dates, with the way back to how it was written.

Spaces, dashes, quotes, case and spelling are made plain, and what only looks like a date is hidden:
times of day, diary numbers, laws, telephone numbers, sums, personal identity numbers, first names.
Finding the dates is left to `dates/finder.py`.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

from rules.dates.words import MONTHS, SEASONS, either, lazily

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
    plain = Plain(text, "".join(map(_lower, letters)), cased, starts, ends)
    return _unglue(_spell(_unhyphenate(plain)))


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
_RIGHT = frozenset(_OFTEN_MISSPELT) | frozenset(MONTHS) | {"novembers", "kvartale", "halvåre"}
_LONG_WORD = lazily(r"(?<!\w)[a-zåäö]{4,13}(?!\w)")


def _slips(word: str) -> set[str]:
    """The word with one letter dropped, doubled or swapped with its neighbour."""
    places = range(1, len(word))
    dropped = {word[:i] + word[i + 1 :] for i in places}
    doubled = {word[:i] + word[i] + word[i:] for i in places}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    return dropped | doubled | swapped


@cache
def _misspelt() -> dict[str, str]:
    """Every slip that is mended, with the right word."""
    slips = {slip: word for word in _OFTEN_MISSPELT for slip in _slips(word) - _RIGHT}
    return slips | _BY_HAND


def _spell(plain: Plain) -> Plain:
    """Mend the misspellings in the table; the way back to the original stays right."""
    for match in reversed(list(_LONG_WORD().finditer(plain.words))):
        right = _misspelt().get(match[0])
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


_CUT_WORD = lazily(r"(?<![a-zåäö])(?P<head>[a-zåäö]{2,})- (?P<tail>[a-zåäö]{2,})(?![a-zåäö])")
_WHOLE_WORDS = frozenset(MONTHS) | frozenset(SEASONS) | frozenset(_OFTEN_MISSPELT)


def _unhyphenate(plain: Plain) -> Plain:
    """Put together "novem- ber", which a line's end cut; "jan- mars" is a range."""
    for match in reversed(list(_CUT_WORD().finditer(plain.words))):
        if match["head"] + match["tail"] not in _WHOLE_WORDS:
            continue
        begin, end = match.end("head"), match.start("tail")
        plain.words = plain.words[:begin] + plain.words[end:]
        plain.cased = plain.cased[:begin] + plain.cased[end:]
        del plain.starts[begin:end], plain.ends[begin:end]
    return plain


_GLUED = lazily(
    rf"(?<![a-zåäö])(?:{either(MONTHS)}|{either(SEASONS)})(?=(?:20)?[0-9]{{2}}(?![0-9]))"
)


def _unglue(plain: Plain) -> Plain:
    """Put the space back in "mars2024"; it stands for no character of the original."""
    for match in reversed(list(_GLUED().finditer(plain.words))):
        at = match.end()
        plain.words = f"{plain.words[:at]} {plain.words[at:]}"
        plain.cased = f"{plain.cased[:at]} {plain.cased[at:]}"
        plain.starts.insert(at, plain.starts[at])
        plain.ends.insert(at, plain.ends[at - 1])
    return plain


# -- what is no date ------------------------------------------------------------------------------

_COUNTED = (
    r"(?:kr|kronor|tkr|kkr|mkr|mnkr|milj|miljon(?:er)?|tusen|sek|euro|%|procent|st|stycken"
    r"|person(?:er)?|patient(?:er)?|invånare|brukare|elever|deltagare|anställda|individer|klienter"
    r"|timmar|tim|minuter|min|kap|sidor|avvikelser|årsarbetare|exemplar|km|kg|mg|ml|poäng)"
)
_TIME = r"[0-2]?[0-9](?:[:.][0-5][0-9]){0,2}"
# Hidden as blanks: a time beside a date must not keep the date from its neighbours.
_TIMES = lazily(
    rf"(?<!\w)(?:kl|klockan)\.? ?{_TIME}(?: ?(?:-|till|och) ?{_TIME})?(?![0-9])(?: ?h(?!\w))?"
    r"|(?<![0-9:/])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?: ?- ?[0-2]?[0-9]:[0-5][0-9])?(?![0-9:])"
    r"|(?<=[0-9])t[0-2][0-9]:?[0-5][0-9](?::?[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?: ?z(?!\w)|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))?"
)
_NEVER_DATES = tuple(
    lazily(pattern)
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
        r"§+ ?[0-9]+(?:[/:][0-9]+)?",
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
        r"(?<!\w)v\.? ?[0-9]+\.[0-9]+(?![0-9])|(?<!\w)maj:t(?!\w)",
    )
)
# "Jan Svensson", "Maj-Britt": first names, unless what follows is itself a word of dates.
_FIRST_NAMES = lazily(
    r"(?<!\w)(?:Jan|Maj|JAN|MAJ|Mar|August)(?: |-)(?:och )?"
    r"(?!(?i:"
    + either(MONTHS)
    + r"|kv|[qkthv][0-9]|v|vår|sommar|höst|vinter|ht|vt|och)(?![a-zåäö]))"
    r"[A-ZÅÄÖ][a-zåäö]+|Våren AB"
)


def hide_what_is_no_date(plain: Plain) -> str:
    """The plain words with everything that only looks like a date made unreadable."""
    words = plain.words
    for match in _FIRST_NAMES().finditer(plain.cased):
        words = words[: match.start()] + "¤" * len(match[0]) + words[match.end() :]
    words = _TIMES().sub(lambda match: " " * len(match[0]), words)
    for pattern in _NEVER_DATES:
        words = pattern().sub(lambda match: "¤" * len(match[0]), words)
    return words
