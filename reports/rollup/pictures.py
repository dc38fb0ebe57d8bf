"""The pictures of a roll-up, drawn from its facts: state flow, year wheel, timeline.

What a picture would hold too much of to be read is not drawn; the tables have it all.
"""

from collections.abc import Sequence
from dataclasses import replace

from models.lifecycle import Move, State
from reports.blocks import Picture
from reports.drawings import bars
from reports.drawings.state_flow import state_flow
from reports.drawings.timeline import timeline
from reports.drawings.wheel import year_wheel
from reports.rollup.in_short import at_the_end
from reports.rollup.shapes import (
    EACH_ITS_OWN,
    ActivityFacts,
    GroupFacts,
    PeriodFacts,
    RollUp,
)
from rules.wording import day_in_words

MOST_IN_WHEEL = 60
MOST_IN_TIMELINE = 40
MOST_TIMELINES = 12  # a report of more groups has none
FEWEST_IN_FLOW = 2
_NOT_DRAWN = (State.REJECTED, State.WITHDRAWN)
_THE_END = "vid periodens slut"
_FLOW = "Aktiviteternas lägen vid periodens början och {}"
_SEE_TABLES = " Samma uppgifter står i gruppernas tabeller."


def flow(facts: RollUp) -> list[Picture]:
    """From which states activities came, and in which they were at the end; if any has moved."""
    counts, period = facts.counts, facts.period
    moved = any(one.before is not one.after for one in counts.flows)
    if not moved or counts.activities < FEWEST_IN_FLOW:
        return []
    goes_on = period.until < period.last and facts.schema >= EACH_ITS_OWN
    end = at_the_end(period) if goes_on else _THE_END
    return [
        state_flow(
            {(one.before, one.after): one.number for one in counts.flows},
            name=f"lagen-{period.name.lower()}",
            caption=_FLOW.format("slut" if end == _THE_END else day_in_words(period.until)),
            before=day_in_words(period.first),
            after=day_in_words(period.until),
            end=end,
        )
    ]


def wheel(groups: Sequence[GroupFacts], period: PeriodFacts, caption: str) -> list[Picture]:
    """A ring for each group."""
    rings = [bars.Row(group.name, _bars(group.activities)) for group in groups]
    rings = [ring for ring in rings if ring.bars]
    if not 0 < sum(len(ring.bars) for ring in rings) <= MOST_IN_WHEEL:
        return []
    picture = year_wheel(period.first.year, rings, None, caption=caption)
    return [replace(picture, table=None, alt=picture.alt + _SEE_TABLES)]


def plans_in_time(group: GroupFacts, period: PeriodFacts, name: str) -> list[Picture]:
    """A group's activities as lines, by plan."""
    plans = dict.fromkeys(one.plan for one in group.activities)
    rows = [
        bars.Row(plan, _bars([one for one in group.activities if one.plan == plan]))
        for plan in plans
    ]
    rows = [row for row in rows if row.bars]
    if not 0 < sum(len(row.bars) for row in rows) <= MOST_IN_TIMELINE:
        return []
    picture = timeline(
        rows, period.first, period.last, None, name=name, caption=f"{group.name}: över tid"
    )
    return [replace(picture, table=None, alt=picture.alt + _SEE_TABLES)]


_OVER = (State.FOLLOWED_UP, State.ENDED, State.CARRIED_OVER)


def _began(one: ActivityFacts) -> bars.Days:
    """The start as it is agreed, or else the day that somebody began."""
    if one.start.text:
        return bars.Days(one.start.text, one.start.first, one.start.last)
    day = next((step.day for step in one.steps if step.move is Move.START), None)
    return bars.Days("", day, day)


def _ended(one: ActivityFacts) -> bars.Days:
    """The deadline, or the day that it was over."""
    day = next((s.day for s in reversed(one.steps) if s.after in _OVER and not s.afterwards), None)
    if day and one.after in _OVER:
        return bars.Days(one.deadline.text, day, day)
    return bars.Days(one.deadline.text, one.deadline.first, one.deadline.last)


def _bars(activities: Sequence[ActivityFacts]) -> tuple[bars.Bar, ...]:
    return tuple(
        bars.Bar(
            one.number,
            one.what,
            one.after,
            _began(one),
            _ended(one),
            one.late,
        )
        for one in activities
        if one.after not in _NOT_DRAWN
    )
