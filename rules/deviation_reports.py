"""When a period's deviations are reported, and to which groups. Pure.

Which figures there are is `reports/deviation/`; who is in a group is asked elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto

from config.policy import Policy
from rules.calendar import is_quiet
from rules.periods import Kind, Period, period_of
from rules.wording import day_in_words

EVERY = "*"  # in the policy: every target group
CADENCES = {"quarter": Kind.QUARTER, "tertial": Kind.TERTIAL, "year": Kind.YEAR}


class Export(Enum):
    """What the files that were taken in say about a period."""

    COVERS = auto()
    MISSING = auto()  # no file was taken in after the period's end
    OLD = auto()  # one was, but its newest case is long before the end


def due_period(policy: Policy, today: date) -> Period | None:
    """The period that has just ended, when its day to be reported has come."""
    period = period_of(today, CADENCES[policy.deviations.cadence]).previous
    return period if send_day(policy, period) <= today else None


def send_day(policy: Policy, period: Period) -> date:
    """So many days after the end; a day without letters moves it to the working day before."""
    day = period.last + timedelta(days=policy.deviations.report_after)
    first = period.last + timedelta(days=1)
    while day > first and is_quiet(policy, day):
        day -= timedelta(days=1)
    return day


def export_of(period: Period, taken_in_on: date | None, newest: date | None, gap: int) -> Export:
    """Does what is on file reach the period's end?

    A file that was taken in after the end does, unless nothing at all is registered in the last
    `gap` days: then it may be an old one.
    """
    if taken_in_on is None or taken_in_on <= period.last:
        return Export.MISSING
    if newest is None or newest < period.last - timedelta(days=gap):
        return Export.OLD
    return Export.COVERS


def goes_out(export: Export, policy: Policy, period: Period, today: date) -> bool:
    """An old file is waited out: after `gap` days more the report goes, and says that it may lack.

    A missing one is waited for without end.
    """
    waits_to = waited_out(export, policy, period)
    if waits_to is not None:
        return today > waits_to
    return export is Export.COVERS


def waited_out(export: Export, policy: Policy, period: Period) -> date | None:
    """The last day that an old file is waited out; None for any other."""
    if export is not Export.OLD:
        return None
    return send_day(policy, period) + timedelta(days=policy.deviations.export_gap)


def why_it_waits(export: Export, period: Period, newest: date | None) -> str:
    """What process leaders are told of a report that waits for its export."""
    if export is Export.MISSING:
        return f"Ingen fil är inläst efter den {day_in_words(period.last)}."
    day = day_in_words(newest) if newest else "okänd dag"
    return f"Den senaste inlästa avvikelsen är registrerad den {day}. Filen kan vara för gammal."


@dataclass(frozen=True, slots=True)
class SharedOut:
    """Which target groups' figures each group receives, and those that nobody does."""

    groups: dict[int, tuple[str, ...]] = field(default_factory=dict)
    nobodys: tuple[str, ...] = ()

    def receivers(self, target: str) -> list[int]:
        """Who receives a target group's figures."""
        return [group for group, targets in self.groups.items() if target in targets]


def share_out(
    names: Mapping[int, str], targets: Sequence[str], told: Mapping[str, Sequence[str]]
) -> SharedOut:
    """Share the target groups out among groups.

    1. A group that the policy names gets what stands there; `*` is every target group.
    2. A target group that the policy does not name goes to each group that has it in its name.
    """
    asked = {_fold(name): [_fold(one) for one in listed] for name, listed in told.items()}
    spoken_for = {one for listed in asked.values() for one in listed}
    found: dict[int, tuple[str, ...]] = {}
    for group, name in names.items():
        listed = asked.get(_fold(name))
        if listed is not None:
            mine = [one for one in targets if EVERY in listed or _fold(one) in listed]
            found[group] = tuple(mine)
            continue
        mine = [one for one in targets if _fold(one) not in spoken_for and _within(one, name)]
        if mine:
            found[group] = tuple(mine)
    given = {one for mine in found.values() for one in mine}
    return SharedOut(found, tuple(one for one in targets if one not in given))


def _within(target: str, name: str) -> bool:
    """ "Äldre" in "Temagrupp äldre", not "Barn" in "Barnmorskor"."""
    return re.search(rf"(?<!\w){re.escape(_fold(target))}(?!\w)", _fold(name)) is not None


def _fold(words: str) -> str:
    return " ".join(words.casefold().split())
