"""The words around a date that say which end of it is meant: "senast", "från", "och framåt".

Also words of change ("flyttat från mars till maj") and of old dates ("tidigare juni"). What such a
word leaves of the days is worked out in `dates/pieces.py`.
"""

from dataclasses import dataclass
from enum import Enum, auto

from models.span import Precision
from rules.dates.joins import FILLER, Group
from rules.dates.words import COUNT, lazily


class Meaning(Enum):
    """Which end of the days the words around them speak of."""

    AT = auto()
    UNTIL = auto()
    BEFORE = auto()
    FROM = auto()
    AFTER = auto()


@dataclass(frozen=True, slots=True)
class Around:
    """What the words before and after a group say of it."""

    begin: int
    end: int
    meaning: Meaning
    role: str  # "new", "old", "change" or "extend" where a date was moved, else empty
    forward: bool  # "till våren": the next one
    goes_on: bool  # "och framåt", "och tills vidare" after it


# -- before ---------------------------------------------------------------------------------------

_MOVED = (
    r"(?:ändra|flytta|framflytta|skjut|uppskjut|framskjut|senarelägg|senarel|tidigarel|omplanera"
    r"|förskjut|revidera|justera)\w*"
)
_SOME_WORDS = r"(?: (?!från|till)[a-zåäö]+){0,2}"
_QUALIFIERS: tuple[tuple[str, Meaning | str], ...] = (
    (rf"{_MOVED}{_SOME_WORDS} från", "change"),
    (rf"förläng\w*{_SOME_WORDS} till", "prolonged"),
    (rf"{_MOVED}{_SOME_WORDS} till"
     r"|ny(?:tt)? (?:tid|datum|slutdatum)(?: är)?:?", "new"),
    (rf"förläng\w*{_SOME_WORDS} från", "extend"),
    (r"(?:tidigare|förut|ursprungligen|urspr\.?|i stället för|istället för|ersätter|förr"
     r"|(?<=[(,] )var|(?<=[(,])var|inte|ej):?", "old"),
    (r"(?:inte|ej) (?:före|förrän|innan)|tidigast|med (?:början|start)|fr\.? ?o\.? ?m\.?"
     r"|från och med|f\.? ?o\.? ?m\.?|from|från|alltsedan|sedan|fr\.?", Meaning.FROM),
    (r"(?:före|innan) (?:utgången|slutet) av|(?:inte|ej) (?:senare än|efter)"
     r"|(?:allra )?senast(?: (?:fram )?till)?"
     r"|(?:ända |fram |längst )*(?:till och med|t\.? ?o\.? ?m\.?)|(?:vid |till )?utgången av"
     r"|(?<!ta )(?<!tas )(?<!tar )(?<!tagits )fram till(?: och med)?"
     r"|(?:ända|längst|max) till(?: och med)?|(?:som )?längst|intill|löper ut|går ut"
     r"|upphör(?:a|t)?(?: att gälla)?", Meaning.UNTIL),
    (r"(?:dagen )?(?:före|innan)", Meaning.BEFORE),
    (r"(?:först |dagen )?efter", Meaning.AFTER),
    (r"till|tills", "till"),
)  # fmt: skip
_BEFORE = lazily(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<q{i}>{pattern})" for i, (pattern, _) in enumerate(_QUALIFIERS))
    + rf")(?!\w)[ :]*(?:{FILLER}\.?[ :]*)*$"
)
_LEADING_DASH = lazily(r"^ ?[\[(”\"]?-+$")
_DEN = lazily(r"(?<!\w)(?:den|d\.?|år|åren|under|i|vid|hela) $")
ABOUT = lazily(
    rf"(?<!\w)(?:ca|cirka|circa|omkring|kring|runt|ungefär|preliminärt|prel|ev|eventuellt)\.?"
    rf"(?: {FILLER})* ?$"
)
AHEAD = lazily(rf"(?<!\w)inför(?: {FILLER})* $")
# "två veckor före 1 juni": a day counted from another.
COUNTED_FROM = lazily(rf"(?<!\w)(?P<time>{COUNT} (?:dag|vecka|veckor|månad|år|termin)\w*) $")
_AT_KINDS = frozenset({
    Precision.SEASON, Precision.TERM, Precision.HOLIDAY, Precision.TURN, Precision.RELATIVE,
    Precision.SCHOOL_YEAR,
})  # fmt: skip


# -- after ----------------------------------------------------------------------------------------

_GOES_OUT = lazily(r" ut(?![\w-])|s? utgång(?!\w)")
_IS_OVER = lazily(r" är slut(?!\w)|s? utgång(?!\w)")
_GOES_ON = lazily(
    r",? ?\(?(?:och |o |& ?|samt )?(?:framåt|framöver|vidare|ff\.?)(?!\w)"
    r"| (?:eller|och) senare(?!\w)"
    r"|,? ?\(?(?:sedan |därefter )?löpande (?:därefter|framåt|sedan)(?!\w)"
    r"|,? (?:och |o )?(?:sedan |därefter |dock )?tills vidare"
    r"|,? ?(?:- ?|till |och |samt |och sedan |sedan |därefter |och därefter |, sedan |, därefter )"
    r"(?:tills vidare|löpande|pågående|pågår|kontinuerlig\w*|fortlöpande|nu(?!\w)|över tid)"
    r"| ?(?:-+>?|→)(?= ?(?:$|[])(,;:?!”\"]|\.(?: |$)))"
)

# -- both -----------------------------------------------------------------------------------------


def read_around(words: str, group: Group, floor: int) -> Around:
    """Read the qualifier before a group and the words that close it."""
    first, last = group.parts[0], group.parts[-1]
    begin, end = first.begin, last.end
    meaning, role, forward = Meaning.AT, "", False
    before = _BEFORE().search(words, max(floor, begin - 70), begin)
    if before:
        begin = before.start()
        said = next(m for i, (_, m) in enumerate(_QUALIFIERS) if before[f"q{i}"])
        if isinstance(said, Meaning):
            meaning = said
            forward = before[0].startswith("fram till ") and "med" not in before[0]
        elif said == "till":
            forward = True
            meaning = Meaning.AT if first.precision in _AT_KINDS else Meaning.UNTIL
        elif said == "prolonged":
            role, meaning = "new", Meaning.UNTIL
        else:
            role = said
    elif _LEADING_DASH().search(words[:begin]) and not words[:begin].endswith(" "):
        begin, meaning = 0, Meaning.UNTIL
    elif den := _DEN().search(words, max(floor, begin - 8), begin):
        begin = den.start()
    on = _GOES_ON().match(words, end)
    if on:
        end, meaning = on.end(), Meaning.FROM
    elif meaning in {Meaning.AT, Meaning.UNTIL} and (out := _GOES_OUT().match(words, end)):
        end, meaning = out.end(), Meaning.UNTIL
    elif meaning is Meaning.BEFORE and (over := _IS_OVER().match(words, end)):
        end, meaning = over.end(), Meaning.UNTIL
    return Around(begin, end, meaning, role, forward, bool(on))
