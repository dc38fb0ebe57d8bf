"""The promises, as `policy.toml` tells them: ladders, cadences, caps.

Only reads and checks. What a ladder means on a given day is worked out in `rules/ladder.py`.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any


class PolicyError(ValueError):
    """The policy file says something that cannot be promised. The message names file and line."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in days before (positive) and after (negative) a day; then a repeat, then an end."""

    rungs: tuple[int, ...]
    repeat_after: int
    give_up_after: int

    def __post_init__(self) -> None:
        """A ladder goes one way, or a person would be reminded backwards."""
        if not self.rungs or list(self.rungs) != sorted(set(self.rungs), reverse=True):
            raise PolicyError(f"the rungs {list(self.rungs)} must fall, each once")
        if self.repeat_after < 1 or self.give_up_after < max(0, -self.rungs[-1]):
            raise PolicyError(
                "repeat_after must be at least 1, and give_up_after must reach the last rung"
            )


@dataclass(frozen=True, slots=True)
class Quiet:
    """A stretch of each year, from month and day to month and day, both included."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Does the day lie in it? A stretch may cross a new year."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class Policy:
    """All promises of an installation. `ladders[kind][precision or "default"]`."""

    ladders: dict[str, dict[str, Ladder]]
    review_months: int
    most_items: int
    quiet: tuple[Quiet, ...] = ()


KINDS = ("deadline", "start", "review", "resume")
_PRECISIONS = [
    "day",
    "week",
    "month",
    "quarter",
    "tertial",
    "half",
    "season",
    "term",
    "school-year",
    "year",
    "turn",
    "approx",
    "relative",
    "holiday",
    "day-range",
    "week-range",
    "month-range",
    "quarter-range",
    "tertial-range",
    "half-range",
    "season-range",
    "term-range",
    "school-year-range",
    "year-range",
]
_SHIPPED = Path(__file__).with_name("policy.toml")


@lru_cache(maxsize=8)
def load(home: Path | None = None) -> Policy:
    """The shipped policy, with what the installation's own `policy.toml` changes.

    Raises `PolicyError` when the file cannot be read or promises the impossible.
    """
    told = _read(_SHIPPED)
    own = home / "policy.toml" if home else None
    if own and own.is_file():
        for section, values in _read(own).items():
            if section not in told:
                raise PolicyError(f"{own}: there is no section [{section}]")
            told[section] = {**told[section], **_check_words(section, values, own)}
    try:
        return _policy(told)
    except (TypeError, ValueError, KeyError) as error:
        raise PolicyError(f"{own if own and own.is_file() else _SHIPPED}: {error}") from error


_NUMBERS = {
    "deadline": {"repeat_after", "give_up_after"},
    "start": {"repeat_after", "give_up_after"},
    "review": {"repeat_after", "give_up_after", "every_months"},
    "resume": {"repeat_after", "give_up_after"},
    "calendar": set(),
    "letter": {"most_items"},
}


def _check_words(section: str, values: object, where: Path) -> dict[str, Any]:
    """Refuse a misspelt name: a promise that nobody reads would be no promise."""
    if not isinstance(values, dict):
        raise PolicyError(f"{where}: [{section}] must be a section")
    ladders = {"default"} if section in KINDS else {"quiet"} if section == "calendar" else set()
    if section == "deadline":  # only a deadline is spoken of by how precisely it was written
        ladders |= set(_PRECISIONS)
    for name, value in values.items():
        if name not in _NUMBERS[section] | ladders:
            raise PolicyError(f"{where}: [{section}] has no {name!r}")
        if (name in ladders) != isinstance(value, list):
            raise PolicyError(f"{where}: [{section}] {name} cannot be {value!r}")
    return values


def _policy(told: dict[str, dict[str, Any]]) -> Policy:
    return Policy(
        ladders={kind: _ladders(told[kind]) for kind in KINDS},
        review_months=_at_least_one(told["review"]["every_months"], "every_months"),
        most_items=_at_least_one(told["letter"]["most_items"], "most_items"),
        quiet=tuple(_quiet(words) for words in told["calendar"]["quiet"]),
    )


def _ladders(section: dict[str, Any]) -> dict[str, Ladder]:
    return {
        precision: Ladder(tuple(rungs), section["repeat_after"], section["give_up_after"])
        for precision, rungs in section.items()
        if isinstance(rungs, list)
    }


def _quiet(words: object) -> Quiet:
    """ "07-08..08-04" -> a stretch of the year."""
    match = re.fullmatch(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)", str(words))
    if not match:
        raise PolicyError(f"a quiet stretch is written 07-08..08-04, not {words!r}")
    numbers = [int(number) for number in match.groups()]
    ends = (numbers[0], numbers[1]), (numbers[2], numbers[3])
    for month, day in ends:
        date(2024, month, day)  # a leap year: 29 February may begin or end a stretch
    return Quiet(*ends)


def _at_least_one(value: object, name: str) -> int:
    if not isinstance(value, int) or value < 1:
        raise PolicyError(f"{name} must be a whole number, at least 1")
    return value


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from error
