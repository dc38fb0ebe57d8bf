"""Months after a day, as reviews count them."""

from datetime import date

import pendulum


def months_after(day: date, months: int) -> date:
    """The day so many months later (31 January and one month is the last of February)."""
    later = pendulum.date(day.year, day.month, day.day).add(months=months)
    return date(later.year, later.month, later.day)
