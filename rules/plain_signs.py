"""A text in plain signs, with the place of each: what is looked for is found however it is typed.

Digits of every script and width become 0-9, every kind of space " ", of hyphen "-", of line break
a line break; what cannot be seen (soft hyphens, zero-width signs, marks upon digits) is left out.
So are tags, where asked: whoever pastes from a page or a letter may have `<b>121212</b>-1212`.
"""

import html
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
_MOST_OF_A_TAG = 300  # signs; lest a page of "<" is gone through again for each
_MARKUP = re.compile(
    rf"<(?:!--[^<>]{{0,{_MOST_OF_A_TAG}}}|[/?]?[A-Za-z][^<>]{{0,{_MOST_OF_A_TAG}}})>"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
)
_ENDS_A_LINE = re.compile(r"</?(?:br|p|div|li|tr|td|th|hr|h[1-6])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain signs, and where in the text each of them begins and ends."""

    signs: str
    places: Sequence[int]
    ends: Sequence[int]

    def in_text(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text the signs from `start` to before `end` stand."""
        return self.places[start], self.ends[end - 1]


def with_raised_as_digits(text: str) -> str:
    """The text, as long as before, with figures that were raised, lowered or ringed in a row."""
    return _RAISED.sub(lambda found: "".join(str(unicodedata.digit(one)) for one in found[0]), text)


def plain(text: str) -> Plain:
    """The text in plain signs."""
    for sign in set(_COMMON.findall(text)):
        text = text.replace(sign, _AS_USUAL[sign])
    seen_as = {sign: _seen(sign) for sign in set(text)} if _ODD.search(text) else {}
    if all(seen_as.values()):
        text = text.translate({ord(sign): seen for sign, seen in seen_as.items()})
        return Plain(text, range(len(text)), range(1, len(text) + 1))
    places = [at for at, sign in enumerate(text) if seen_as[sign]]
    return Plain("".join(map(seen_as.__getitem__, text)), places, [at + 1 for at in places])


def without_markup(text: str) -> Plain | None:
    """The text as it is read where tags and entities are not; None where it has none."""
    found = list(_MARKUP.finditer(text)) if "<" in text or "&" in text else []
    return _read_as_markup(text, found) if found else None


def _read_as_markup(text: str, found: Sequence[re.Match[str]]) -> Plain:
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def read(first: int, after: int) -> None:
        between = plain(text[first:after])
        signs.append(between.signs)
        starts.extend(first + place for place in between.places)
        ends.extend(first + place for place in between.ends)

    at = 0
    for markup in found:
        read(at, markup.start())
        at = markup.end()
        if sign := _of_markup(markup[0]):
            signs.append(sign)
            starts.append(markup.start())
            ends.append(at)
    read(at, len(text))
    return Plain("".join(signs), starts, ends)


def _of_markup(words: str) -> str:
    """What one reads in its place: nothing of a tag, or a line's end; of an entity, its sign."""
    if words.startswith("<"):
        return "\n" if _ENDS_A_LINE.match(words) else ""
    sign = html.unescape(words)
    return _seen(sign) if len(sign) == 1 else words[:1]


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
