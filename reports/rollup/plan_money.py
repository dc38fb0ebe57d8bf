"""What finances the plans themselves, as it was agreed at the period's end.

An activity's own money is told with the activity (`listed.py`); what both come to as words is
`sections.py`.
"""

from collections import defaultdict

from reports.rollup.asked import Asked
from reports.rollup.plans_then import PlansThen, PlanThen
from reports.rollup.shapes import Coming, PlanMoney
from rules.wording import alphabetically


def plans_money(asked: Asked, plans: PlansThen) -> tuple[PlanMoney, ...]:
    """The money of the groups' plans for days in the period, or that may be used in it."""
    order = list(asked.groups)
    found = [one for one in plans.values() if one.group_id in asked.groups and _tells(one, asked)]
    found.sort(key=lambda one: (order.index(one.group_id), alphabetically(one.title)))
    return tuple(PlanMoney(one.title, asked.groups[one.group_id], one.funding) for one in found)


def last_days(asked: Asked, plans: PlansThen) -> dict[int, list[Coming]]:
    """By group: the plans' money that has its last day in the next period of the same kind."""
    found: dict[int, list[Coming]] = defaultdict(list)
    for plan in plans.values():
        last = plan.funding.last
        if plan.there and last and asked.period.next.holds(last):
            told = Coming(last, "planens medel ska vara använda", plan.title)
            found[plan.group_id].append(told)
    return found


def _tells(plan: PlanThen, asked: Asked) -> bool:
    """Money may last longer than its plan, with a last day of its own."""
    used = plan.funding
    if not plan.begun(asked) or (not used.words and used.amount is None):
        return False
    lasts = [day for day in (plan.ends, used.last) if day]
    return plan.ends is None or max(lasts) >= asked.period.first
