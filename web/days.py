"""A day in an address, as a page of ours wrote it there.

What people type is read in words (`rules/swedish_dates.py`), which knows by itself which years a
plan can speak of.
"""

from datetime import date

# No group met before there were plans, and days after these cannot be counted on from.
_FIRST, _LAST = date(1970, 1, 1), date(2199, 12, 31)


def day_in_address(words: str) -> date | None:
    """The day; None for anything else than a day of such years written as 2025-03-14."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if words == day.isoformat() and _FIRST <= day <= _LAST else None
