"""When a group's quarterly roll-up goes out, and until which day it looks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from config.policy import Policy
from rules.calendar import is_quiet
from rules.periods import Period


@dataclass(frozen=True, slots=True)
class ReportDays:
    """The last day that is looked at, and the day from which the report is sent."""

    cut_off: date
    send_on: date


def quarter_days(policy: Policy, period: Period, meetings: Iterable[date]) -> ReportDays:
    """A few days after the quarter's end; earlier where the group meets before that.

    1. The policy's days after the end.
    2. A meeting just after the end: so many days before it, on a day when letters go out, but
       never before the period is over.
    3. What is registered after it was sent is not looked at.
    """
    days = policy.reports
    send_on = period.last + timedelta(days=days.quarter_sent)
    first = period.last + timedelta(days=1)
    for meeting in sorted(meetings):
        if meeting > period.last:
            send_on = min(send_on, max(first, meeting - timedelta(days=days.before_meeting)))
            break
    while send_on > first and is_quiet(policy, send_on):
        send_on -= timedelta(days=1)
    cut_off = min(period.cut_off(days.quarter_cut_off), send_on)
    return ReportDays(cut_off, send_on)
