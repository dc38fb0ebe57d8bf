"""Which windows of days have reached which rung of a ladder today?

A ladder of 30, 7, 1 days before and 1, 7, then every 30 days after cuts the line of days into
windows that touch and never overlap: whatever day an activity has, it stands on exactly one rung,
or none. So a sweep asks "which activities lie in this window and have no notice of this rung?",
and a missed morning, a doubled run or a week's outage all give the same: the rung reached, once.

Pure: the policy says the ladders, the flow asks the database.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from config.policy import Ladder, Policy

DEFAULT = "default"
LADDER_OF = {"part": "deadline", "lack": "brister"}  # kinds that stand on another's ladder


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last` (both included) stand on `rung` today.

    `rung` is in days before (positive) or after (negative) the day itself. `precisions` are the
    precisions of date that the window is for; with `all_but` it is for every other precision.
    `plan` has a ladder of its own; without one the window is for every plan but `other_plans`.
    """

    kind: str
    rung: int
    first: date
    last: date
    precisions: tuple[str, ...] = ()
    all_but: bool = True
    plan: str = ""
    other_plans: tuple[str, ...] = ()

    def holds(self, day: date, precision: str, plan: str = "") -> bool:
        """Does a day of that precision lie in the window? The sweep's SQL, said in Python."""
        of_plan = plan == self.plan if self.plan else plan not in self.other_plans
        precise = (precision in self.precisions) != self.all_but
        return self.first <= day <= self.last and precise and of_plan


def rungs(ladder: Ladder) -> list[int]:
    """Every rung in falling order, the repeats after the last one written out."""
    steps = list(ladder.rungs)
    following = steps[-1] - ladder.repeat_after if steps[-1] < 0 else -ladder.repeat_after
    while -following <= ladder.give_up_after:
        steps.append(following)
        following -= ladder.repeat_after
    return steps


def ladder_for(policy: Policy, kind: str, precision: str, plan: str) -> Ladder:
    """The ladder that a day of one activity stands on."""
    kind = LADDER_OF.get(kind, kind)
    own = policy.plans.get(plan, {}).get(kind, {})
    ladders = own or policy.ladders[kind]
    return ladders.get(precision) or ladders[DEFAULT]


def standing(ladder: Ladder, due_on: date, today: date) -> int | None:
    """The rung that a day stands on today; None before the first and after the last."""
    for rung, first, last in _cuts(ladder, today):
        if first <= due_on <= last:
            return rung
    return None


def next_reached(ladder: Ladder, due_on: date, today: date) -> date | None:
    """The day on which the next rung is reached; None when there is none left."""
    coming = [due_on - timedelta(days=rung) for rung in rungs(ladder)]
    return min((day for day in coming if day > today), default=None)


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
    """Every window of every kind, as the policy promises; plans with ladders of their own first."""
    found: list[Window] = []
    for kind, everybodys in policy.ladders.items():
        own = {title: kinds[kind] for title, kinds in policy.plans.items() if kind in kinds}
        for title, ladders in own.items():
            found += [replace(w, plan=title) for w in windows(kind, ladders, today)]
        usual = windows(kind, everybodys, today)
        found += [replace(w, other_plans=tuple(own)) for w in usual] if own else usual
    return found


def _cuts(ladder: Ladder, today: date) -> list[tuple[int, date, date]]:
    """(rung, first day, last day): a rung holds until the next one is reached."""
    steps = rungs(ladder)
    ends = [*steps[1:], -ladder.give_up_after - 1]
    return [
        (rung, today + timedelta(days=following + 1), today + timedelta(days=rung))
        for rung, following in zip(steps, ends, strict=True)
        if following < rung
    ]
