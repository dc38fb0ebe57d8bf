"""Which windows of days have reached which rung of a ladder today?

A ladder of 30, 7, 1 days before and 1, 7, then every 30 days after cuts the line of days into
windows that touch and never overlap: whatever day an activity has, it stands on exactly one rung,
or none. So a sweep asks "which activities lie in this window and have no notice of this rung?",
and a missed morning, a doubled run or a week's outage all give the same: the rung reached, once.

Pure: the policy says the ladders, the flow asks the database.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from config.policy import Ladder, Policy

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last` (both included) stand on `rung` today.

    `rung` is in days before (positive) or after (negative) the day itself. `precisions` are the
    precisions of date that the window is for; with `all_but` it is for every other precision.
    """

    kind: str
    rung: int
    first: date
    last: date
    precisions: tuple[str, ...] = ()
    all_but: bool = True

    def holds(self, day: date, precision: str) -> bool:
        """Does a day of that precision lie in the window? The sweep's SQL, said in Python."""
        return self.first <= day <= self.last and (precision in self.precisions) != self.all_but


def rungs(ladder: Ladder) -> list[int]:
    """Every rung in falling order, the repeats after the last one written out."""
    steps = list(ladder.rungs)
    following = steps[-1] - ladder.repeat_after if steps[-1] < 0 else -ladder.repeat_after
    while -following <= ladder.give_up_after:
        steps.append(following)
        following -= ladder.repeat_after
    return steps


def windows(kind: str, ladders: dict[str, Ladder], today: date) -> list[Window]:
    """The windows of one kind of day (deadline, start …) for all its ladders."""
    special = tuple(sorted(name for name in ladders if name != DEFAULT))
    found = []
    for name, ladder in ladders.items():
        chosen = special if name == DEFAULT else (name,)
        for rung, first, last in _cuts(ladder, today):
            found.append(Window(kind, rung, first, last, chosen, all_but=name == DEFAULT))
    return found


def all_windows(policy: Policy, today: date) -> list[Window]:
    """Every window of every kind, as the policy promises."""
    return [w for kind, ladders in policy.ladders.items() for w in windows(kind, ladders, today)]


def _cuts(ladder: Ladder, today: date) -> list[tuple[int, date, date]]:
    """(rung, first day, last day): a rung holds until the next one is reached."""
    steps = rungs(ladder)
    ends = [*steps[1:], -ladder.give_up_after - 1]
    return [
        (rung, today + timedelta(days=following + 1), today + timedelta(days=rung))
        for rung, following in zip(steps, ends, strict=True)
        if following < rung
    ]
