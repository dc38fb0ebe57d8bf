"""Two people fill in the same form: what has changed since a form was opened, and who wrote what.

A form carries a short print of each value that it was filled from. When it comes back, a field that
still says what it was filled with was not touched, and is taken as what is on file now. What
somebody else has changed is told, and nothing is saved until she has seen it.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

FILLED_FROM = "filled_from"  # the name of the hidden field
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A form as it is to be understood, and a Swedish sentence for each value that had changed."""

    given: dict[str, str]
    told: list[str] = field(default_factory=list)


def filled_from(values: Mapping[str, object]) -> str:
    """The prints of what a form is filled from, for its hidden field."""
    return json.dumps({name: _print(value) for name, value in values.items()})


def compared(
    given: Mapping[str, str], now: Mapping[str, object], labels: Mapping[str, str]
) -> Meanwhile:
    """What a form says, beside what is on file now; one without prints is taken as it is."""
    before = _prints(given.get(FILLED_FROM, ""))
    form, told = dict(given), []
    for name, value in now.items():
        if name not in before:
            continue
        touched = _print(given.get(name, "")) != before[name]
        if not touched and (name in given or _words(value)):
            form[name] = _words(value)
        if _print(value) == before[name] or _print(given.get(name, "")) == _print(value):
            continue
        told.append(_sentence(labels.get(name, name), _words(value), touched=touched))
    form[FILLED_FROM] = filled_from(now)
    return Meanwhile(form, told)


def other_than(given: Mapping[str, str], now: Mapping[str, object]) -> list[str]:
    """The names of values that are not what a page showed; of one without prints, none."""
    before = _prints(given.get(FILLED_FROM, ""))
    return [name for name, value in now.items() if before and before.get(name) != _print(value)]


def _sentence(label: str, now: str, *, touched: bool) -> str:
    short = " ".join(now.split())
    short = short if len(short) <= _LONGEST else f"{short[:_LONGEST]} …"
    became = f"är ändrat till ”{short}”" if short else "är tömt"
    if short.isdecimal():  # the number of a choice says nothing to anybody
        became = "är ändrat"
    ends = "Det du skrev står kvar i formuläret." if touched else "Det står nu i formuläret."
    return f"{label}: fältet {became} av någon annan sedan du öppnade sidan. {ends}"


def _prints(words: str) -> dict[str, str]:
    try:
        told = json.loads(words) if words else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {str(name): str(value) for name, value in told.items()}


def _print(value: object) -> str:
    return blake2b(_words(value).encode("utf-8", "replace"), digest_size=6).hexdigest()


def _words(value: object) -> str:
    """A value as a form shows it and a browser sends it back."""
    words = "" if value is None else str(value)
    words = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in words.strip().split("\n"))
