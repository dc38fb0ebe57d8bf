"""What was understood of a plan file, before anybody has approved it.

Only the shapes: plain, frozen values that know where in the file they came from and what is
doubtful about them. `plans.py` fills them, `filing.py` saves them when somebody has said yes.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.span import NOTHING, Span


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stood. Tables and rows count from 1; table 0 is the text outside tables.

    In Excel `row` is the row number that Excel shows and `table` the number of the sheet.
    """

    file: str
    table: int
    row: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """A goal in the plan's own words, and the goal or focus area above it ("" = none)."""

    text: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """One activity. `doubts` are Swedish sentences for the person who looks it over."""

    what: str
    source: Source
    how: str = ""
    goal: str = ""
    focus_area: str = ""
    theme_group: str = ""
    target_group: str = ""
    responsible: tuple[str, ...] = ()
    decided_by: str = ""
    participants: str = ""
    start: Span = NOTHING
    deadline: Span = NOTHING
    follow_up: str = ""
    funding: str = ""
    status_words: str = ""
    state: str = "föreslagen"
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the file that was read and left out, and why (Swedish)."""

    where: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A whole plan as understood; nothing of it is on file yet."""

    title: str
    file: str
    sha256: str
    organisation: str = ""
    group: str = ""
    year: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    adopted_on: date | None = None
    last_changed_on: date | None = None
    parent_title: str = ""
    purpose: str = ""
    target_groups: str = ""
    goals: list[GoalDraft] = field(default_factory=list)
    activities: list[ActivityDraft] = field(default_factory=list)
    continuous: list[ActivityDraft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def as_json(draft: PlanDraft) -> dict[str, Any]:
    """The draft as plain values, for the command line and for previews."""
    return {
        "plan": {
            "title": draft.title,
            "file": draft.file,
            "sha256": draft.sha256,
            "organisation": draft.organisation,
            "group": draft.group,
            "year": draft.year,
            "first_day": _iso(draft.first_day),
            "last_day": _iso(draft.last_day),
            "adopted": _iso(draft.adopted_on),
            "last_changed": _iso(draft.last_changed_on),
            "parent": draft.parent_title,
            "purpose": draft.purpose,
            "target_groups": draft.target_groups,
            "doubts": list(draft.doubts),
        },
        "goals": [{"text": goal.text, "parent": goal.parent} for goal in draft.goals],
        "activities": [_activity_json(activity) for activity in draft.activities],
        "continuous": [_activity_json(activity) for activity in draft.continuous],
        "skipped": [
            {"where": skipped.where, "words": skipped.words, "reason": skipped.reason}
            for skipped in draft.skipped
        ],
    }


def _activity_json(activity: ActivityDraft) -> dict[str, Any]:
    return {
        "what": activity.what,
        "how": activity.how,
        "goal": activity.goal,
        "focus_area": activity.focus_area,
        "theme_group": activity.theme_group,
        "target_group": activity.target_group,
        "responsible": list(activity.responsible),
        "decided_by": activity.decided_by,
        "participants": activity.participants,
        "start": activity.start.as_json(),
        "deadline": activity.deadline.as_json(),
        "follow_up": activity.follow_up,
        "funding": activity.funding,
        "state": activity.state,
        "status": activity.status_words,
        "doubts": list(activity.doubts),
        "source": {
            "file": activity.source.file,
            "table": activity.source.table,
            "row": activity.source.row,
            "sheet": activity.source.sheet,
        },
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
