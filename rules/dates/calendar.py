"""The days of weeks, months, quarters, seasons and years: plain calendar arithmetic.

Given numbers and a year it answers with the first and the last day, or says in Swedish why there is
no such day. No words are read here, and no text is searched. Feast days are in `dates/holidays.py`.
"""

from datetime import date, timedelta

from models.span import Precision
from rules.dates.words import MONTH_NAMES

Days = tuple[date, date]
DAY_STEP = timedelta(days=1)


class NotADayError(ValueError):
    """The words look like a date and are none; the message is a Swedish sentence for people."""


def day_of(month: int, day: int, year: int) -> Days:
    """One day, or the reason why there is no such day."""
    if not 1 <= month <= 12:
        raise NotADayError(f"Månad {month} finns inte: ett år har 12 månader. Ange en annan månad.")
    length = month_of(month, year)[1].day
    if 1 <= day <= length:
        found = date(year, month, day)
        return found, found
    name = MONTH_NAMES[month - 1]
    when = f"{name} {year}" if month == 2 else name
    raise NotADayError(
        f"Den {day} {when} finns inte: {when} har {length} dagar. Ange en annan dag."
    )


def month_of(month: int, year: int) -> Days:
    """A calendar month."""
    if not 1 <= month <= 12:
        raise NotADayError(f"Månad {month} finns inte: ett år har 12 månader. Ange en annan månad.")
    return months_of(month, 1, year)


def months_of(month: int, count: int, year: int) -> Days:
    """`count` whole months from the given one on; they may run into the next year."""
    first = date(year, month, 1)
    return first, add_months(first, count) - DAY_STEP


def add_months(day: date, count: int) -> date:
    """The same day some months on, or the last day of that month where it is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - DAY_STEP).day))


def week_of(week: int, year: int) -> Days:
    """An ISO week, Monday to Sunday, or the reason why there is no such week."""
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        weeks = date(year, 12, 28).isocalendar().week
        raise NotADayError(
            f"Vecka {week} finns inte {year}: året har {weeks} veckor. Ange en annan vecka."
        ) from None
    return monday, monday + 6 * DAY_STEP


def piece_of_year(name: str, pieces: int, number: int, year: int) -> Days:
    """A quarter, tertial or half-year by its number."""
    if not 1 <= number <= pieces:
        raise NotADayError(
            f"{name} {number} finns inte: ett år har {pieces}. Ange ett tal mellan 1 och {pieces}."
        )
    length = 12 // pieces
    return months_of((number - 1) * length + 1, length, year)


def season_of(season: str, year: int) -> Days:
    """The planning reading of a season; a winter belongs to the year it begins in."""
    month, count = {"vår": (1, 6), "sommar": (6, 3), "höst": (8, 5), "vinter": (12, 3)}[season]
    return months_of(month, count, year)


def school_year_of(year: int) -> Days:
    """The school year that begins in a year."""
    return months_of(8, 11, year)


def year_of(year: int) -> Days:
    """A calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def turn_before(month: int, year: int) -> Days:
    """The last day before a month and its first (13 = January of the next year)."""
    first = date(year + (month > 12), (month - 1) % 12 + 1, 1)
    return first - DAY_STEP, first


def third(days: Days, number: int) -> Days:
    """The first (0), middle (1) or last (2) third: whole months where it can, days 1-10, 11-20."""
    first, last = days
    length = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if length < 3:
        return days
    whole = first.day == 1 and (last + DAY_STEP).day == 1
    if whole and months % 3 == 0:
        cuts = [add_months(first, months // 3 * i) for i in range(4)]
    else:
        step = 10 if whole and months == 1 else length // 3
        cuts = [first, first + step * DAY_STEP, first + 2 * step * DAY_STEP, last + DAY_STEP]
    return cuts[number], cuts[number + 1] - DAY_STEP


def halved(days: Days) -> tuple[date, date, date]:
    """The first day, the first day of the second half, the last day; of three months the 16th."""
    first, last = days
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day == 1 and (last + DAY_STEP).day == 1:
        return first, add_months(first, months // 2) + months % 2 * 15 * DAY_STEP, last
    return first, first + (last - first).days // 2 * DAY_STEP + DAY_STEP, last


# -- counted from a day ---------------------------------------------------------------------------

_MONTHS_IN = {
    Precision.MONTH: 1, Precision.QUARTER: 3, Precision.TERTIAL: 4, Precision.HALF: 6,
    Precision.TERM: 6, Precision.YEAR: 12, Precision.SCHOOL_YEAR: 12,
}  # fmt: skip


def period(unit: Precision, step: int, today: date) -> Days:
    """The week, month, term ... the day lies in, or one some steps away."""
    if unit is Precision.DAY:
        return (today + step * DAY_STEP,) * 2
    if unit is Precision.WEEK:
        monday = today + (7 * step - today.weekday()) * DAY_STEP
        return monday, monday + 6 * DAY_STEP
    if unit is Precision.TERM:
        # July is nobody's term: it counts to the autumn.
        terms = today.year * 2 + (today.month > 6) + step
        return season_of("höst" if terms % 2 else "vår", terms // 2)
    if unit is Precision.SCHOOL_YEAR:
        return school_year_of(today.year - (today.month < 7) + step)
    length = _MONTHS_IN[unit]
    start = date(today.year, (today.month - 1) // length * length + 1, 1)
    first = add_months(start, step * length)
    return first, add_months(first, length) - DAY_STEP


def later(today: date, count: int, unit: Precision) -> date:
    """The day some units on (or back)."""
    if unit in {Precision.DAY, Precision.WEEK}:
        return today + count * (7 if unit is Precision.WEEK else 1) * DAY_STEP
    return add_months(today, count * _MONTHS_IN[unit])
