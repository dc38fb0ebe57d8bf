"""A text in plain signs, with the place of each: what is looked for is found however it is typed.

Digits of every script and width become 0-9, every kind of space " ", of hyphen "-", of line break
a line break; what cannot be seen (soft hyphens, zero-width signs, marks upon digits) is left out.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


def _is_raised(sign: str) -> bool:
    return unicodedata.category(sign) == "No" and unicodedata.digit(sign, None) is not None


# Most texts have none of these, or only those that are one sign for another.
_ODD = re.compile("[^\n -~\u00a1-\u00ac\u00ae-\u02c6\u2018-\u201f\u2022\u2026\u20ac]")
_COMMON = re.compile("[\t\xa0\u2009\u200a\u2010-\u2015\u202f\u2212]")
_AS_USUAL = {
    **dict.fromkeys("\t\xa0\u2009\u200a\u202f", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}
_SEEN_AS = {  # where Unicode's own kinds do not tell
    **dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n"),
    **dict.fromkeys("\u2212\u02d7\u2043\u2796", "-"),
    "\t": " ",
    "\u2795": "+",
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", ""),  # letters to Unicode, nothing to the eye
}
# Raised, lowered and ringed figures. One or two in a row are a note's number ("m²", "enligt ¹²");
# whoever writes four is writing a number with them.
_RAISED = re.compile(
    "[" + "".join(sign for sign in map(chr, range(0x20000)) if _is_raised(sign)) + "]{4,}"
)
_KINDS = {"Zs": " ", "Pd": "-", "Cf": "", "Mn": "", "Me": ""}


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain signs, and where in the text each of them stands."""

    signs: str
    places: Sequence[int]

    def in_text(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text the signs from `start` to before `end` stand."""
        return self.places[start], self.places[end - 1] + 1


def with_raised_as_digits(text: str) -> str:
    """The text, as long as before, with figures that were raised, lowered or ringed in a row."""
    return _RAISED.sub(lambda found: "".join(str(unicodedata.digit(one)) for one in found[0]), text)


def plain(text: str) -> Plain:
    """The text in plain signs."""
    for sign in set(_COMMON.findall(text)):
        text = text.replace(sign, _AS_USUAL[sign])
    if not _ODD.search(text):
        return Plain(text, range(len(text)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        seen = _seen(sign)
        if seen:
            signs.append(seen)
            places.append(place)
    return Plain("".join(signs), places)


@lru_cache(maxsize=4096)
def _seen(sign: str) -> str:
    """The one plain sign that this is read as; "" for what cannot be seen."""
    if sign in _SEEN_AS:
        return _SEEN_AS[sign]
    kind = unicodedata.category(sign)
    if kind in _KINDS:
        return _KINDS[kind]
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    # Wide and narrow signs as the usual ones; a raised figure is a note, and no figure.
    usual = unicodedata.normalize("NFKC", sign)
    return usual if len(usual) == 1 and kind != "No" else sign
