"""What people wrote, as it stands in any kind of file: without signs that nobody sees.

People paste from anywhere. Control signs and half characters break a file, and overrides of the
writing direction turn the rest of a line around; they are left out of what is shown. The facts
keep what was written.
"""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_LINES = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_HALF = re.compile("[\ud800-\udfff]")
_ANY = re.compile("|".join(each.pattern for each in (_LINES, _UNSEEN, _HALF)))

T = TypeVar("T")


def clean(words: str) -> str:
    """Words without signs that nobody sees; half a character is told by U+FFFD."""
    if not _ANY.search(words):
        return words
    return halves_told(_UNSEEN.sub("", _LINES.sub("\n", words)))


def halves_told(words: str) -> str:
    """Words that can be written in UTF-8: half a character is told by U+FFFD, all else stays."""
    return _HALF.sub("\ufffd", words)


def cleaned(whole: T) -> T:
    """A report or a plan to be drawn, every word `clean`; itself when there is nothing to do."""
    made: T = _with(whole, clean)
    return made


def _with(one: Any, fit: Callable[[str], str]) -> Any:  # noqa: ANN401 - any dataclass of words
    """A block or a report with other words, made anew only when some are."""
    changed = {}
    for field in fields(one):
        before = getattr(one, field.name)
        after = _value_with(before, fit)
        if after is not before:
            changed[field.name] = after
    return replace(one, **changed) if changed else one


def _value_with(value: Any, fit: Callable[[str], str]) -> Any:  # noqa: ANN401 - any field's
    if isinstance(value, str):
        after = fit(value)
        return after if after != value else value
    if isinstance(value, tuple):
        fit_ones = tuple(_value_with(each, fit) for each in value)
        same = all(one is other for one, other in zip(value, fit_ones, strict=True))
        return value if same else fit_ones
    return _with(value, fit) if is_dataclass(value) else value
