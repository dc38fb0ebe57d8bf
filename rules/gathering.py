"""One letter a week, for whoever has chosen it: which day it comes, and what does not wait for it.

What can wait comes on the installation's day of the week, or on the first day after it on which
letters go. What does not wait: what is due within a week, what is to be answered before that day,
and what nobody has answered. So nobody who answers for something is without letters.

Pure; who has chosen what is looked up in `notifications/letters/readers.py`.
"""

from datetime import date, timedelta

from config.policy import Policy
from rules.calendar import is_quiet, monday_of
from rules.wording import WEEKDAYS

WEEK = timedelta(days=7)
AT_ONCE = date.min  # the day of what never waits
ANY_DAY = date.max  # the day of what has none to keep
_A_YEAR = 53  # weeks: no installation is quiet for longer


def waits_until(policy: Policy, reached_on: date, by: date, today: date) -> date | None:
    """Until when it waits; None when it goes today.

    `reached_on` is the day from which it could have gone, `by` the day that it is about: due then,
    or to be answered then. Asked anew each day, so what waits goes when its day comes near.
    """
    goes = gathering_day(policy, reached_on)
    if goes is None or goes <= today:
        return None
    if by <= today + WEEK or by < goes:
        return None
    return goes


def gathering_day(policy: Policy, day: date) -> date | None:
    """The first day from `day` on that weekly letters go; None where nobody can choose them."""
    if policy.gathered_on == 0:
        return None
    monday = monday_of(day)
    for week in range(_A_YEAR):
        found = _in_week(policy, monday + week * WEEK)
        if found is not None and found >= day:
            return found
    return None


def _in_week(policy: Policy, monday: date) -> date | None:
    """The week's own day, or the first one after it that is not quiet."""
    for number in range(policy.gathered_on - 1, len(WEEKDAYS)):
        day = monday + timedelta(days=number)
        if not is_quiet(policy, day):
            return day
    return None
