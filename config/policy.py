"""The promises, as `policy.toml` tells them: ladders, cadences, caps.

Only reads and checks. What a ladder means on a given day is worked out in `rules/ladder.py`.
"""

import csv
import re
import tomllib
from dataclasses import dataclass, field
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
class Escalation:
    """When a silence goes up the line, in working days since the question first stood in a letter.

    Only letters at `from_rung` or later on a ladder count as questions; earlier ones remind.
    """

    chair: int
    process_leader: int
    from_rung: int

    def __post_init__(self) -> None:
        """The process leader comes after the chair."""
        if not 1 <= self.chair < self.process_leader:
            raise PolicyError("[escalation] chair must be at least 1, and process_leader later")


@dataclass(frozen=True, slots=True)
class Rounds:
    """When status rounds open and close, in days. 0 before a quarter or a meeting: never by itself.

    A round asks on the day it opens, so the first rung of `[round]` must reach that far.
    """

    before_quarter: int
    before_meeting: int
    closes_before_meeting: int
    open_days: int

    def __post_init__(self) -> None:
        """A round closes after it has opened."""
        if min(self.before_quarter, self.before_meeting, self.closes_before_meeting) < 0:
            raise PolicyError("[round] days before a quarter or a meeting cannot be negative")
        if self.open_days < 1:
            raise PolicyError("[round] open_days must be at least 1")
        if 0 < self.before_meeting <= self.closes_before_meeting:
            raise PolicyError("[round] before_meeting must be more than closes_before_meeting")

    @property
    def longest(self) -> int:
        """The most days that a round can be open."""
        meeting = self.before_meeting - self.closes_before_meeting
        return max(self.before_quarter, meeting, self.open_days)


@dataclass(frozen=True, slots=True)
class Deviations:
    """What is agreed about deviations: which numbers are small, the days to answer in, reports.

    `receivers` are target groups by the name of the group that gets their figures.
    """

    small_numbers: int = 5
    answer_days: int = 60
    cadence: str = "quarter"
    report_after: int = 5
    export_gap: int = 31
    receivers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A cadence is a word that is known, and a small number may be another one."""
        if self.small_numbers == 2:
            raise PolicyError(
                "[deviations] small_numbers cannot be 2: it would show 1 as <2, which can be "
                "nothing but 1; write 3 or more, or 1 to hide nothing"
            )
        if self.cadence not in ("quarter", "tertial", "year"):
            raise PolicyError("[deviations] cadence must be quarter, tertial or year")


@dataclass(frozen=True, slots=True)
class Reports:
    """When reports go out by themselves, in days after the period's end or before a meeting."""

    quarter_cut_off: int = 5
    quarter_sent: int = 7
    before_meeting: int = 2
    year_draft: int = 9

    def __post_init__(self) -> None:
        """What is sent has been looked at."""
        if not 0 <= self.quarter_cut_off <= self.quarter_sent:
            raise PolicyError("[report] quarter_cut_off must be 0 to quarter_sent")
        if min(self.before_meeting, self.year_draft) < 0:
            raise PolicyError("[report] days cannot be negative")


Ladders = dict[str, dict[str, Ladder]]


@dataclass(frozen=True, slots=True)
class Policy:
    """All promises of an installation. `ladders[kind][precision or "default"]`.

    `plans[title]` has the ladders that a plan has for itself; for the rest it has everybody's.
    """

    ladders: Ladders
    review_months: int
    pause_months: int
    most_items: int
    escalation: Escalation
    rounds: Rounds
    quiet: tuple[Quiet, ...] = ()
    deviations: Deviations = Deviations()
    reports: Reports = Reports()
    plans: dict[str, Ladders] = field(default_factory=dict)
    group_kinds: tuple[str, ...] = ()
    gathered_on: int = 1  # the weekday of weekly letters, 1 to 5; 0: nobody may choose them
    must: tuple[str, ...] = ()  # the lacks (brister) that stand in the way of a move here


KINDS = ("deadline", "start", "review", "resume", "funding", "round", "brister")
_OF_PLANS = ("deadline", "start", "review", "resume", "funding")  # a round is a group's
LACKS = ("goal", "responsible", "deadline", "follow_up", "figure", "part")
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
    plans: dict[str, dict[str, dict[str, Any]]] = {}
    own = home / "policy.toml" if home else None
    if own and own.is_file():
        for section, values in _read(own).items():
            if section == "plan":
                plans = _check_plans(values, own)
                continue
            if section not in told:
                raise PolicyError(f"{own}: there is no section [{section}]")
            told[section] = {**told[section], **check_words(section, values, own)}
    try:
        return _policy(told, plans)
    except (TypeError, ValueError, KeyError) as error:
        raise PolicyError(f"{own if own and own.is_file() else _SHIPPED}: {error}") from error


_NUMBERS = {
    "deadline": {"repeat_after", "give_up_after"},
    "start": {"repeat_after", "give_up_after"},
    "review": {"repeat_after", "give_up_after", "every_months"},
    "resume": {"repeat_after", "give_up_after", "every_months"},
    "funding": {"repeat_after", "give_up_after"},
    "round": {
        *("repeat_after", "give_up_after"),
        *("before_quarter", "before_meeting", "closes_before_meeting", "open_days"),
    },
    "escalation": {"chair", "process_leader", "from_rung"},
    "calendar": set(),
    "letter": {"most_items", "gathered_on"},
    "groups": set(),
    "brister": {"repeat_after", "give_up_after"},
    "deviations": {"small_numbers", "answer_days", "cadence", "report_after", "export_gap"},
    "report": {"quarter_cut_off", "quarter_sent", "before_meeting", "year_draft"},
}
_LISTS = {
    "calendar": {"quiet"},
    "groups": {"kinds"},
    "deviations": {"receivers"},
    "brister": {"must"},
}


def check_words(section: str, values: object, where: Path | str) -> dict[str, Any]:
    """Refuse a misspelt name: a promise that nobody reads would be no promise."""
    if not isinstance(values, dict):
        raise PolicyError(f"{where}: [{section}] must be a section")
    ladders = {"default"} if section in KINDS else set()
    ladders |= _LISTS.get(section, set())
    if section == "deadline":  # only a deadline is spoken of by how precisely it was written
        ladders |= set(_PRECISIONS)
    for name, value in values.items():
        if name not in _NUMBERS[section] | ladders:
            raise PolicyError(f"{where}: [{section}] has no {name!r}")
        if (name in ladders) != isinstance(value, list):
            raise PolicyError(f"{where}: [{section}] {name} cannot be {value!r}")
    return values


def _check_plans(plans: object, where: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """`[plan."Title".deadline]`: ladders of one plan. The weekly letter tells if there is none."""
    if not isinstance(plans, dict):
        raise PolicyError(f"{where}: [plan] must be a section")
    for title, sections in plans.items():
        if not isinstance(sections, dict):
            raise PolicyError(f'{where}: [plan."{title}"] must be a section')
        for section, values in sections.items():
            if section not in _OF_PLANS:
                listed = ", ".join(_OF_PLANS)
                raise PolicyError(f'{where}: [plan."{title}"] has no {section!r}, only {listed}')
            check_words(section, values, where)
            if "every_months" in values:
                raise PolicyError(f'{where}: [plan."{title}".review] has ladders only')
    return plans


def _policy(told: dict[str, dict[str, Any]], plans: dict[str, dict[str, dict[str, Any]]]) -> Policy:
    rounds = _rounds(told["round"])
    ladders = {kind: ladders_of(told[kind]) for kind in KINDS}
    made = Policy(
        ladders=ladders,
        escalation=Escalation(**told["escalation"]),
        rounds=rounds,
        plans={
            title: {kind: ladders_of({**told[kind], **own}) for kind, own in sections.items()}
            for title, sections in plans.items()
        },
        review_months=_at_least_one(told["review"]["every_months"], "every_months"),
        pause_months=_at_least_one(told["resume"]["every_months"], "every_months"),
        most_items=_at_least_one(told["letter"]["most_items"], "most_items"),
        gathered_on=_weekday(told["letter"]["gathered_on"]),
        quiet=tuple(quiet_of(words) for words in told["calendar"]["quiet"]),
        deviations=_deviations(told["deviations"]),
        reports=Reports(**told["report"]),
        group_kinds=_words(told["groups"]["kinds"], "kinds"),
        must=_lacks(told["brister"]["must"]),
    )
    check_reach(made)
    return made


def check_reach(policy: Policy) -> None:
    """A round asks on the day it opens, so its ladder begins as early. Raises `PolicyError`."""
    longest = policy.rounds.longest
    if policy.ladders["round"]["default"].rungs[0] < longest:
        raise PolicyError(f"[round] default must begin at {longest} or earlier")


def ladders_of(section: dict[str, Any]) -> dict[str, Ladder]:
    """The ladders of a section, by the precision that each is for."""
    return {
        precision: Ladder(tuple(rungs), section["repeat_after"], section["give_up_after"])
        for precision, rungs in section.items()
        if isinstance(rungs, list) and precision != "must"
    }


def _rounds(section: dict[str, Any]) -> Rounds:
    names = ("before_quarter", "before_meeting", "closes_before_meeting", "open_days")
    return Rounds(**{name: section[name] for name in names})


def _deviations(section: dict[str, Any]) -> Deviations:
    """A receiver is written "Temagrupp Äldre: Äldre, Demens"; one with a comma between quotes."""
    names = ("small_numbers", "answer_days", "report_after", "export_gap")
    receivers: dict[str, tuple[str, ...]] = {}
    for line in _words(section["receivers"], "receivers"):
        group, sign, listed = line.partition(":")
        names_in_line = next(csv.reader([listed], skipinitialspace=True), [])
        targets = tuple(word.strip() for word in names_in_line if word.strip())
        if not (group.strip() and sign and targets):
            raise PolicyError(f'a receiver is written "Group: target group, …", not {line!r}')
        receivers[group.strip()] = receivers.get(group.strip(), ()) + targets
    return Deviations(
        **{name: _at_least_one(section[name], name) for name in names},
        cadence=str(section["cadence"]),
        receivers=receivers,
    )


def quiet_of(words: object) -> Quiet:
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


def _weekday(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= 5:
        raise PolicyError("[letter] gathered_on must be 1 (Monday) to 5 (Friday), or 0 for no day")
    return value


def _words(values: list[object], name: str) -> tuple[str, ...]:
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise PolicyError(f"{name} must be words, each between quotes")
    return tuple(str(value).strip() for value in values)


def _lacks(values: list[object]) -> tuple[str, ...]:
    words = _words(values, "must")
    for word in words:
        if word not in LACKS:
            raise PolicyError(f"[brister] must has {word!r}; the words are {', '.join(LACKS)}")
    return words


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from error
