"""The words of a PDF page and where they stand; and lines put together as they were written.

A PDF holds signs at places and nothing more. Here signs become words, words lines, and lines the
text that somebody typed: what was broken only because the cell or the page was too narrow is joined
again. Which words are a table is the work of `pdf_tables.py`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from intake.documents import clean

_BULLET = re.compile(r"(?:[-–—•·*▪○●◦➢✓»\uf0b7]|\d{1,2}[.)]|[a-z]\))$")
_KEPT_APART = re.compile(r"(?:och|eller|samt|till|respektive)\b")
_NO_LETTER = re.compile(r"\(cid:\d+\)")  # a sign that the file has no letter for
_UNKNOWN = "\ufffd"
_SMALL_WORD = re.compile(
    r"(?:och|eller|samt|att|av|för|från|genom|hos|i|inför|inom|kring|med|mellan|mot|om|per|på|som"
    r"|till|under|ur|utan|via|vid|är|ska|kan|har|en|ett|den|det|de|kv|vt|ht|jan|feb|mars|maj|t|v"
    r"|nr|resp|ej|inte|ny|nya|sin|alla|varje|år"
    r"|vård|omsorg|hälsa|stöd|plan|rutin|skola|barn|unga|äldre)$"  # common ones of such plans
)
_ENDING = re.compile(r"(?:d?en|de|d?et|er|ar|or|na|an)$")
_ROLE = re.compile(
    r"ordförande|(?:process|projekt|grupp)ledare|samordnare|(?:enhets|verksamhets|social|skol)chefe?[nr]?"
    r"|(?:samordnings|arbets|styr|utvecklings|tema)grupp(?:en|ens)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place on the page, counted in points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        """How far down the page it stands."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Words beside each other."""

    words: tuple[Word, ...]
    page: int

    @property
    def x0(self) -> float:
        """Its left end."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right end."""
        return max(word.x1 for word in self.words)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(word.bottom for word in self.words)

    @property
    def size(self) -> float:
        """The size of its largest letters."""
        return max(word.size for word in self.words)

    @property
    def bold(self) -> bool:
        """True when every word is bold."""
        return all(word.bold for word in self.words)

    @property
    def text(self) -> str:
        """Its words with single spaces."""
        return " ".join(word.text for word in self.words)


def words_of(chars: Iterable[Mapping[str, Any]]) -> list[Word]:
    """Signs -> words, in the order the file draws them; signs drawn twice count once."""
    words: list[Word] = []
    held: list[Mapping[str, Any]] = []
    drawn: dict[tuple[str, int, int], list[tuple[float, float]]] = {}

    def close() -> None:
        if held:
            words.append(_word(held))
            held.clear()

    for char in chars:
        text = str(char["text"])
        if not char["upright"] or text.isspace() or not text:
            close()
            continue
        if _drawn_twice(text, char, drawn):
            continue
        if held and _apart(held[-1], char):
            close()
        held.append(char)
    close()
    return [word for word in words if word.text]


def _drawn_twice(
    text: str, char: Mapping[str, Any], drawn: dict[tuple[str, int, int], list[tuple[float, float]]]
) -> bool:
    """Does the same sign stand here already, or a hair beside? So programs draw bold letters."""
    x, y = float(char["x0"]), float(char["top"])
    near = min(1.0, max(0.5, 0.07 * float(char["size"])))
    across, down = round(x), round(y)
    for left in (across - 1, across, across + 1):
        for over in (down - 1, down, down + 1):
            for there, above in drawn.get((text, left, over), ()):
                if abs(there - x) < near and abs(above - y) < near:
                    return True
    drawn.setdefault((text, across, down), []).append((x, y))
    return False


def _apart(before: Mapping[str, Any], char: Mapping[str, Any]) -> bool:
    size = max(float(char["size"]), 1.0)
    gap = char["x0"] - before["x1"]
    return bool(
        gap > max(0.9, 0.2 * size)
        or gap < -0.6 * size
        or abs(char["bottom"] - before["bottom"]) > 0.45 * size
    )


def _word(chars: Sequence[Mapping[str, Any]]) -> Word:
    font = str(chars[0]["fontname"])
    signs = "".join(_drawn(str(char["text"])) for char in chars)
    return Word(
        # A soft hyphen that is drawn stands at the end of a line, and is seen as a hyphen.
        text=clean(_NO_LETTER.sub(_UNKNOWN, signs).replace("\xad", "-")),
        x0=float(chars[0]["x0"]),
        x1=float(max(char["x1"] for char in chars)),
        top=float(min(char["top"] for char in chars)),
        bottom=float(max(char["bottom"] for char in chars)),
        size=float(max(char["size"] for char in chars)),
        bold=bool(re.search(r"bold|black|heavy|semib|demi", font, re.IGNORECASE)),
    )


def _drawn(sign: str) -> str:
    """A sign without the soft hyphen that a file tells together with a letter: none is drawn."""
    return sign.replace("\xad", "") if len(sign) > 1 else sign


def lines_of(words: Iterable[Word], page: int) -> list[Line]:
    """Words -> lines from the top down, each from left to right."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.middle, word.x0)):
        if rows and _beside(rows[-1][0], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [Line(tuple(sorted(row, key=lambda word: word.x0)), page) for row in rows]


def _beside(one: Word, other: Word) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def vocabulary(lines: Iterable[Line]) -> Counter[str]:
    """How often each word stands inside a line, where it cannot be the half of a broken one."""
    return Counter(word.text.strip(".,;:()").lower() for line in lines for word in line.words[1:])


def written(lines: Sequence[Line], width: float, known: Mapping[str, int]) -> str:
    """The lines of one cell or paragraph as they were typed.

    1. A blank line, a list mark, a wider gap, or a line that ended although the next word had room
       in `width` begins a new paragraph.
    2. A hyphen at the end of a line goes, except where it belongs ("SIP-satsning", "vård- och").
    3. A word alone on a line that fills it and goes on in small letters was cut; it is joined,
       unless the lines have hyphens, which say where words are cut.
    4. Otherwise the lines are one, with a space between.
    """
    if not lines:
        return ""
    text = lines[0].text
    gaps = [two.top - one.bottom for one, two in pairwise(lines) if one.page == two.page]
    usual = max(0.0, min(gaps, default=0.0))
    hyphens = any(re.search(r"[a-zåäö][-\u2010]$", line.text) for line in lines)
    for one, two in pairwise(lines):
        joint = _joint(one, two, width, usual)
        if joint == " " and not hyphens and _is_cut(one, two, width, known):
            joint = ""
        text += joint + two.text
        text = re.sub(r"(?<=[a-zåäö])-\x00|\x00", "", text)
    return clean(text)


def _joint(one: Line, two: Line, width: float, usual: float) -> str:
    """What stands between two lines. NUL marks that a hyphen before it goes."""
    gap = two.top - one.bottom if one.page == two.page else usual
    first = two.words[0]
    if gap > usual + 1.05 * one.size:
        return "\n\n"
    if gap > usual + 0.3 * one.size or _BULLET.match(first.text):
        return "\n"
    if re.search(r"\w[-\u2010]$", one.text):
        return _after_hyphen(two.text)
    room = width - (one.x1 - one.x0)
    if room > (first.x1 - first.x0) + 0.45 * one.size and one.page == two.page:
        return "\n"
    return "" if one.text.endswith("/") else " "


def _after_hyphen(rest: str) -> str:
    if _KEPT_APART.match(rest):
        return " "
    return "\x00" if rest[:1].islower() or rest[:1].isdigit() else "\n"


def _is_cut(line: Line, two: Line, width: float, known: Mapping[str, int]) -> bool:
    """Is the line's only word the first half of a longer one, cut where the line was full?"""
    first = two.words[0]
    sign = (first.x1 - first.x0) / max(len(first.text), 1)
    if not -2 < width - (line.x1 - line.x0) < 1.3 * sign + 1.0:
        return False
    half = re.split(r"[^\w]", line.text)[-1].lower()
    plain = re.split(r"[^\w]", two.words[0].text)[0].lower()
    if len(line.words) > 1 or len(line.text) < 5 or not half or not two.text[:1].islower():
        return False
    if known.get(half + plain) or _ROLE.fullmatch(half + plain):
        return True
    if _ROLE.fullmatch(plain):
        return False
    if _SMALL_WORD.match(plain):
        return len(two.words) == 1 and bool(_ENDING.match(plain))
    return not known.get(plain)
