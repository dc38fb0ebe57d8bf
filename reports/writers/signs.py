"""Which signs our typefaces can set, and what stands on paper for the others.

What no face of ours has is shown as □, and told; so is a mark of one script on a letter of another.
What is left out of every kind of file is `reports/words.py`'s.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from reports.writers.fonts import signs_of_each

MISSING = "□"
_LONG = re.compile(r"[!-~\u00a1-\u024f\u0370-\u03ff\u0400-\u052f]{60,}")  # no line holds it
_AT_MOST = 12  # signs of a long word before a line may end
_ODD = re.compile("[^\n -~\u00a0-\u017f\u2013\u2014\u2019\u201d\u2026\u2212]")
_PRIVATE = frozenset((*range(0xE000, 0xF900), *range(0xF0000, 0x110000)))  # ours say nothing to you
_CHOOSERS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))  # of a sign's look
_TAGS = frozenset(range(0xE0020, 0xE0080))  # Scotland's flag has some
_UNDRAWN = _CHOOSERS | _TAGS | {*range(0x200B, 0x2010), 0x2060, 0xAD, 0x34F, 0x61C, 0x180E}
_SKINS = frozenset(range(0x1F3FB, 0x1F400))


@dataclass(slots=True)
class Setting:
    """Makes words fit to be set with our typefaces, and remembers how many signs could not be."""

    missing: int = 0

    def fit(self, words: str) -> str:
        """Words that can be set: □ for what no face has, long words with places to break."""
        return _LONG.sub(_breakable, self.fit_drawing(words))

    def fit_drawing(self, svg: str) -> str:
        """The same for the words in a drawing, whose lines are broken already."""
        if not _ODD.search(svg):
            return svg
        return _clusters().sub(self._together, _unknown().sub(self._square, svg))

    def plainest(self, words: str) -> str:
        """Letters that our main face has and nothing that stands on them; □ for all else."""
        return _not_plain().sub(self._square, words)

    def _square(self, _sign: re.Match[str]) -> str:
        self.missing += 1
        return MISSING

    def _together(self, cluster: re.Match[str]) -> str:
        """A sign and what stands on it must be of one face; else the sign goes without."""
        found = cluster[0]
        if found[0].isalpha():
            found = unicodedata.normalize("NFC", found)
        signs = {ord(sign) for sign in found} - _UNDRAWN
        if any(signs <= face for face in signs_of_each()):
            return found
        self.missing += 1
        return found[0]


def _breakable(word: re.Match[str]) -> str:
    found = word[0]
    parts = (found[at : at + _AT_MOST] for at in range(0, len(found), _AT_MOST))
    return "\u200b".join(parts)


@cache
def _unknown() -> re.Pattern[str]:
    """Signs that no face has, or that mean nothing outside the machine they were written on."""
    known = frozenset().union(*signs_of_each()) - _PRIVATE
    return re.compile(f"[^\n\t{_class(known | _UNDRAWN)}]")


@cache
def _clusters() -> re.Pattern[str]:
    """A sign with marks that stand on it, a skin colour, or what joins it to the next."""
    known = frozenset().union(*signs_of_each())
    marks = {sign for sign in known if unicodedata.category(chr(sign)).startswith("M")}
    on_it = marks | _SKINS | _CHOOSERS | _TAGS | {0x200C, 0x200D}
    return re.compile(f".[{_class(on_it)}]+", re.DOTALL)


@cache
def _not_plain() -> re.Pattern[str]:
    main = signs_of_each()[0]
    plain = {sign for sign in main if unicodedata.category(chr(sign))[0] not in "MC"}
    return re.compile(f"[^\n\t{MISSING}{_class(plain | {0xAD, 0x200B})}]")


def _class(signs: Iterable[int]) -> str:
    """Signs as the inside of a character class."""
    runs: list[list[int]] = []
    for sign in sorted(signs):
        if runs and sign == runs[-1][1] + 1:
            runs[-1][1] = sign
        else:
            runs.append([sign, sign])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in runs)
