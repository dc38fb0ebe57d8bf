"""Which years a plan is for, where neither its title nor its file's name says: its dates tell."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from intake.plan.front_page import years_in
from intake.plan.heading_words import DATE_ROLES
from intake.plan.rows import PlanRow

_YEARS_TOGETHER = 3  # a plan for more years says so


def reference_of(adopted_on: date | None, years: tuple[int, int] | None) -> date | None:
    """The day that the plan's words were written: "i maj" is in its year, adopted before or not."""
    if adopted_on and (years is None or years[0] <= adopted_on.year <= years[1]):
        return adopted_on
    return date(years[0], 1, 1) if years else None


def years_of_dates(rows: list[PlanRow]) -> Counter[int]:
    """The years that the dates are in, for where neither title nor file name tells the plan's."""
    years: Counter[int] = Counter()
    for row in rows:
        for role in DATE_ROLES:
            cell = row.cell(role)
            found = years_in(cell.text) if cell else None
            if found:
                years[found[1]] += 1
    return years


def only_year(years: tuple[int, int] | None) -> int | None:
    """The plan's year, when it has just one."""
    return years[0] if years and years[0] == years[1] else None


def most_common(years: Mapping[int, int]) -> tuple[int, int] | None:
    if not years:
        return None
    top = [year for year in years if years[year] == max(years.values())]
    together = max(top) - min(top) < len(top) <= _YEARS_TOGETHER  # "2026" and "2027" as often
    return (min(top), max(top)) if together else (max(top), max(top))
