"""What was understood of a plan file, before anybody has approved it.

Only the shapes: plain, frozen values that know where in the file they came from and what is
doubtful about them. `plans.py` fills them, `filing.py` saves them when somebody has said yes.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from models.plan_shape import Role
from models.span import NOTHING, Span


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stood. Tables and rows count from 1; table 0 is the text outside tables.

    In Excel `row` is the row number that Excel shows and `table` the number of the sheet. A `page`
    is told for PDF files only, a `column` where one cell is meant.
    """

    file: str
    table: int
    row: int
    sheet: str = ""
    page: int = 0
    column: int = 0


class Asks(StrEnum):
    """What kind of doubt it is."""

    YEAR_MISSING = "year-missing"
    ENDS_BEFORE_START = "ends-before-start"
    NO_SUCH_DAY = "no-such-day"
    NO_DATE = "no-date"
    DATE_UNSURE = "date-unsure"
    BEFORE_PLAN = "before-plan"
    RUNS_ON_TOO = "runs-on-too"
    NO_DEADLINE = "no-deadline"
    NO_RESPONSIBLE = "no-responsible"
    RESPONSIBLE_UNKNOWN = "responsible-unknown"
    WHICH_GROUP = "which-group"
    NO_FOLLOW_UP = "no-follow-up"
    NOTHING_DECIDED = "nothing-decided"
    NO_YEAR = "no-year"
    STATUS = "status"
    NO_WORDS = "no-words"
    FROM_TEXT = "from-text"
    GOAL_FROM_ABOVE = "goal-from-above"
    SPLIT = "split"
    JOINED = "joined"
    FUNDING = "funding"
    COLUMN = "column"
    FILE = "file"
    TOO_MANY = "too-many"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing for a person to settle: a Swedish sentence, the cell's words, and a proposal.

    `proposal` is what could be put there as it stands; "" = only a person can know.
    """

    kind: Asks
    sentence: str
    words: str = ""
    proposal: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class PromiseDraft:
    """What somebody promised to tell, and where: "redovisas i årsrapport"."""

    words: str
    to: str
    due: Span = NOTHING


@dataclass(frozen=True, slots=True)
class FundingDraft:
    """The money of an activity: the words, whole kronor, and the last day it may be used."""

    text: str = ""
    amount: int | None = None
    last: Span = NOTHING


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """A goal in the plan's own words, and the goal or focus area above it ("" = none)."""

    text: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """One activity. `goal` is the first of its `goals`; `taking_part` is `participants` apart.

    `questions` are the doubts for the person who looks it over, `doubts` their sentences.
    """

    what: str
    source: Source
    how: str = ""
    goal: str = ""
    focus_area: str = ""
    theme_group: str = ""
    target_group: str = ""
    responsible: tuple[str, ...] = ()
    decided_by: str = ""
    goals: tuple[str, ...] = ()
    participants: str = ""
    taking_part: tuple[str, ...] = ()
    start: Span = NOTHING
    deadline: Span = NOTHING
    follow_up: str = ""
    money: FundingDraft = FundingDraft()
    promises: tuple[PromiseDraft, ...] = ()
    status_words: str = ""
    state: str = "föreslagen"
    questions: tuple[Doubt, ...] = ()

    @property
    def funding(self) -> str:
        """The words about money."""
        return self.money.text

    @property
    def doubts(self) -> tuple[str, ...]:
        """The sentences of the doubts, each once."""
        return tuple(dict.fromkeys(doubt.sentence for doubt in self.questions))


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the file that was read and left out, and why (Swedish)."""

    where: str
    words: str
    reason: str


@dataclass(slots=True)
class Tally:
    """How many rows of tables a file has, and what became of each: none is lost in silence.

    `taken` became activities (or the rest of one), `around` are headings, sections, the plan's own
    facts and rows without words, `left_out` are told with their reasons.
    """

    taken: int = 0
    around: int = 0
    left_out: int = 0

    @property
    def seen(self) -> int:
        """All of them."""
        return self.taken + self.around + self.left_out


@dataclass(frozen=True, slots=True)
class ColumnDraft:
    """A column of the plan's table: its heading as it stood, and what it holds (None = unknown)."""

    heading: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class ShapeDraft:
    """How the plan's table stood: see `models/plan_shape.py`."""

    columns: tuple[ColumnDraft, ...]
    goals_in_rows: bool = False
    title_above: bool = False
    sheet: str = ""


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
    goal_words: str = ""
    shape: ShapeDraft | None = None
    goals: list[GoalDraft] = field(default_factory=list)
    activities: list[ActivityDraft] = field(default_factory=list)
    continuous: list[ActivityDraft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    questions: list[Doubt] = field(default_factory=list)
    rows: Tally = field(default_factory=Tally)

    @property
    def doubts(self) -> list[str]:
        """The sentences of the doubts about the plan itself."""
        return list(dict.fromkeys(doubt.sentence for doubt in self.questions))


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
            "goal_words": draft.goal_words.split("\n") if draft.goal_words else [],
            "columns": [
                {"heading": column.heading, "holds": column.role}
                for column in (draft.shape.columns if draft.shape else ())
            ],
            "doubts": list(draft.doubts),
            "questions": [_doubt_json(doubt) for doubt in draft.questions],
            "rows": {
                "seen": draft.rows.seen,
                "taken": draft.rows.taken,
                "around": draft.rows.around,
                "left_out": draft.rows.left_out,
            },
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
        "goals": list(activity.goals),
        "focus_area": activity.focus_area,
        "theme_group": activity.theme_group,
        "target_group": activity.target_group,
        "responsible": list(activity.responsible),
        "decided_by": activity.decided_by,
        "participants": activity.participants,
        "taking_part": list(activity.taking_part),
        "start": activity.start.as_json(),
        "deadline": activity.deadline.as_json(),
        "follow_up": activity.follow_up,
        "funding": activity.funding,
        "funding_amount": activity.money.amount,
        "funding_last": _iso(activity.money.last.last),
        "promises": [
            {"words": promise.words, "to": promise.to, "due": promise.due.as_json()}
            for promise in activity.promises
        ],
        "state": activity.state,
        "status": activity.status_words,
        "doubts": list(activity.doubts),
        "questions": [_doubt_json(doubt) for doubt in activity.questions],
        "source": _source_json(activity.source),
    }


def _doubt_json(doubt: Doubt) -> dict[str, Any]:
    return {
        "kind": doubt.kind.value,
        "sentence": doubt.sentence,
        "words": doubt.words,
        "proposal": doubt.proposal,
        "source": _source_json(doubt.source) if doubt.source else None,
    }


def _source_json(source: Source) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": source.file,
        "table": source.table,
        "row": source.row,
        "sheet": source.sheet,
    }
    told |= {"page": source.page} if source.page else {}
    return told | ({"column": source.column} if source.column else {})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
