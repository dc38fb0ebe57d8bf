"""Is a question answered already? What somebody has said of an activity holds for a while.

She who has answered is not asked as if she had not. What an answer holds against, by what is asked:

- *Anything*, for a week: a ladder and a status round within a week are one question.
- *The deadline, before its day*: "Går enligt plan" holds until a week before the day; one of the
  last fortnight holds past the day, and one that is older than a quarter no longer. Another day
  that she proposed, and that was agreed, is a plan too.
- *The deadline, after its day*: only what was said after the day, for a week. What was said before
  tells nothing of why it is not done.
- *A round, or the start, near the deadline*: any answer of the last month. The ladder asks there.

"Inte mitt ansvar" answers nothing, and neither does what had its proposed day refused. Nobody who
is silent is spared anything: without an answer every rung is asked. Beside this no activity is
asked about two working days in a row, but for questions from the day on that nobody has answered:
the way up the line counts from them.

Pure; `notifications/answered.py` says the same to the database, and a test holds the two together.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from models.status import Says

WEEK = timedelta(days=7)  # within it all questions are one
FORTNIGHT = timedelta(days=14)  # so near its day a plan that goes is not asked about once more
MONTH = timedelta(days=30)  # around its deadline an activity is asked about by the ladder
QUARTER = timedelta(days=90)  # so long a plan is believed to go as it was said to

CALM = (Says.ON_TRACK, Says.NOTHING_NEW)
NEAR = ("round", "start")  # what near the deadline is asked by the ladder's own questions


@dataclass(frozen=True, slots=True)
class Said:
    """The newest answer about an activity.

    `agreed`: the day that it proposed is the deadline; `refused`: that day has had a no.
    """

    says: Says
    on_day: date
    agreed: bool = False
    refused: bool = False

    @property
    def as_planned(self) -> bool:
        """Does it say that the deadline as it stands will be kept?"""
        return self.says in CALM or self.agreed


def is_answered(
    kind: str, due_on: date, deadline: date | None, said: Said | None, today: date
) -> bool:
    """Is what is asked today answered already?

    `kind` is what the ladder counts to and `due_on` that day ("deadline", "round" …); `deadline` is
    the activity's own, which decides what is near.
    """
    if said is None or said.refused or said.says is Says.NOT_ME:
        return False
    fresh = said.on_day >= today - WEEK
    if kind == "deadline":
        if due_on < today:
            return fresh and said.on_day > due_on
        return fresh or _goes_as_planned(said, due_on, today)
    return fresh or (kind in NEAR and _asked_by_the_ladder(said, deadline, today))


def _goes_as_planned(said: Said, due_on: date, today: date) -> bool:
    far = due_on > today + WEEK and said.on_day >= today - QUARTER
    return said.as_planned and (far or said.on_day >= today - FORTNIGHT)


def _asked_by_the_ladder(said: Said, deadline: date | None, today: date) -> bool:
    if deadline is None or not today - MONTH <= deadline <= today + MONTH:
        return False
    return said.on_day >= today - MONTH and (deadline >= today or said.on_day > deadline)
