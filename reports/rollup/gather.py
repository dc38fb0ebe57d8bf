"""Compile the facts of a roll-up: the same for a quarter, a tertial, a half-year and a year."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from config.policy import Policy
from models.lifecycle import OPEN, Lack, State
from reports.editions import Facts, Of
from reports.rollup import around
from reports.rollup.adds_up import must_add_up
from reports.rollup.aims import goals_without_activity
from reports.rollup.asked import Asked, asked_for
from reports.rollup.corrected import corrections
from reports.rollup.counts import added_flows, counts, together
from reports.rollup.lacks_then import lacked
from reports.rollup.listed import activity_facts, what_then
from reports.rollup.plan_money import last_days, plans_money
from reports.rollup.plans_then import PlansThen, plans_then
from reports.rollup.rows import on_file, standing
from reports.rollup.shapes import (
    MOST_KEPT,
    MOST_NAMED,
    ActivityFacts,
    Coming,
    Counts,
    Flow,
    GroupFacts,
    PeriodFacts,
    RollUp,
    as_facts,
)
from rules.periods import Period
from rules.wording import alphabetically


def gather(session: Session, of: Of, cut_off: date, promises: Policy) -> Facts:
    """The facts of one report.

    1. Whose it is, and its days.
    2. Figures by group, counted by the database.
    3. Each activity, when they are no more than `MOST_KEPT` together.
    4. What stands beside them: rounds, goals, target groups, deviations, the plans' own money.
    5. What is doubtful on file. Raises `DoesNotAddUp` where the figures contradict each other.
    """
    asked = asked_for(session, of, cut_off, promises.reports.quarter_cut_off)
    plans = plans_then(session, asked)
    lacks = lacked(session.connection(), asked)
    figures = _with_lacks(counts(session.connection(), asked), lacks.values())
    all_ = together(figures.values())
    listed, ids = _listed(session, asked, plans, all_, lacks)
    figures = _with_closing(figures, listed)
    all_ = together(figures.values())
    goals = goals_without_activity(session, asked, plans)
    groups = _groups(session, asked, figures, listed, goals, last_days(asked, plans))
    doubts = [
        *around.in_two_states(session, ids),
        *around.overlapping_plans(asked, plans),
    ]
    days = PeriodFacts(str(asked.period), asked.period.first, asked.period.last, asked.until)
    told = RollUp(
        organisation=asked.organisation,
        group=asked.group,
        period=days,
        counts=all_,
        groups=tuple(groups),
        targets=around.targets(session, asked),
        deviations=around.deviations(session, asked, promises),
        analyses=around.analyses(session, asked),
        notes=around.own_notes(session, asked),
        plans_money=plans_money(asked, plans),
        corrected=corrections(session, of, asked, plans),
        doubts=tuple(doubts),
    )
    must_add_up(told)
    return as_facts(told)


def _with_lacks(
    figures: dict[int, Counts], lacks: Iterable[tuple[int, tuple[Lack, ...]]]
) -> dict[int, Counts]:
    """The figures of each group, with how many activities lacked something, and what."""
    by_group: dict[int, Counter[Lack]] = defaultdict(Counter)
    number: Counter[int] = Counter()
    for group_id, told in lacks:
        by_group[group_id].update(told)
        number[group_id] += 1
    return {
        id_: replace(
            one, lacking=number[id_], lacks={k: by_group[id_][k] for k in Lack if by_group[id_][k]}
        )
        for id_, one in figures.items()
    }


def _with_closing(
    figures: dict[int, Counts], listed: Mapping[int, Sequence[ActivityFacts]]
) -> dict[int, Counts]:
    """The figures of each group, with what the closing after the period did to its activities."""
    return {
        id_: replace(
            one,
            closing=added_flows(
                Flow(each.after, each.closed, 1) for each in listed.get(id_, ()) if each.closed
            ),
        )
        for id_, one in figures.items()
    }


def _listed(
    session: Session,
    asked: Asked,
    plans: PlansThen,
    all_: Counts,
    lacks: Mapping[int, tuple[int, tuple[Lack, ...]]],
) -> tuple[dict[int, list[ActivityFacts]], list[int]]:
    """The activities by group, numbered through the report, and their numbers on file."""
    if not 0 < all_.activities <= MOST_KEPT:
        return {}, []
    stood = standing(session, asked)
    file = on_file(session, asked, plans, [one.id for one in stood])
    order = list(asked.groups)

    def place(id_: int, owner: int) -> tuple[object, ...]:
        row = file.activities[id_]
        what = what_then(asked, file, id_)
        return order.index(owner), alphabetically(file.plan_of(id_).title), row.position, what, id_

    stood.sort(key=lambda one: place(one.id, one.owner))
    found: dict[int, list[ActivityFacts]] = defaultdict(list)
    for number, one in enumerate(stood, start=1):
        _, lacking = lacks.get(one.id, (one.owner, ()))
        found[one.owner].append(activity_facts(asked, one, file, number, lacking))
    return found, [one.id for one in stood]


def _groups(
    session: Session,
    asked: Asked,
    figures: dict[int, Counts],
    listed: dict[int, list[ActivityFacts]],
    goals: dict[int, list[str]],
    money: dict[int, list[Coming]],
) -> list[GroupFacts]:
    """The groups that have anything to tell, in Swedish order."""
    rounds = around.rounds(session, asked)
    found = []
    for id_, name in asked.groups.items():
        if not (id_ in figures or rounds.get(id_) or goals.get(id_) or money.get(id_)):
            continue
        activities = tuple(listed.get(id_, ()))
        count = figures.get(id_, Counts())
        coming = [*_coming(activities, asked.period), *money.get(id_, ())]
        coming.sort(key=lambda c: (c.day, c.kind, c.what))
        found.append(
            GroupFacts(
                name=name,
                above=asked.above[id_],
                counts=count,
                rounds=tuple(rounds.get(id_, ())),
                activities=activities,
                left_out=0 if listed else count.activities,
                goals_without_activity=tuple(goals.get(id_, ())),
                without_goal=tuple(a.what for a in activities if a.after in OPEN and not a.goals),
                coming=tuple(coming[:MOST_NAMED]),
                coming_left_out=max(0, len(coming) - MOST_NAMED),
            )
        )
    return found


def _coming(activities: Iterable[ActivityFacts], period: Period) -> list[Coming]:
    """What falls due in the next period of the same kind."""
    coming = period.next
    found = []
    for one in activities:
        days = {
            "slutdatum": None if one.after is State.FOLLOWED_UP else one.deadline.last,
            "start": one.start.first if one.after is State.DECIDED else None,
            "medlen ska vara använda": one.funding.last if one.funding else None,
            "översyn": one.next_review,
            "pausen omprövas": one.resume,
        }
        if one.after not in OPEN:
            continue
        found += [
            Coming(day, kind, one.what) for kind, day in days.items() if day and coming.holds(day)
        ]
    return found
