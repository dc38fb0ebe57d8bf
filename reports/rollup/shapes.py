"""The facts of a roll-up: what is frozen, and what every format is made from.

Plain values only, and no numbers of the database's own, so that the same happenings give the same
facts on any machine. A change of meaning is a new `SCHEMA`; docs/reports.md tells every name.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from models.decision import Agreed
from models.lifecycle import Lack, Move, Outcome, State
from models.part import PartState
from models.standing import Funding
from models.status import Says
from rules.fates import Fate

SCHEMA = 10  # 5, 7 and 9 are left out: they are the deviations'
READS = (1, 2, 3, 4, 6, 8, 10)  # of what was frozen before, too
ONE_NUMBER = 4  # since this schema one thing has one number, and happenings stand in order
LATE_APART = 8  # since this schema what happened in time and was registered after it is told so
EACH_ITS_OWN = (
    10  # since this schema a move tells where it led itself, and the newest answer is told
)
MOST_LISTED = 2_000  # activities told one by one on pages; the figures count all
MOST_KEPT = 20_000  # activities in the facts, and so in the Excel file
MOST_NAMED = 200  # goals, quotes and coming days that are named; the rest are counted


@dataclass(frozen=True, slots=True)
class Days:
    """A start or a deadline: the words, and the days they may mean."""

    text: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A move: when, from where to where, why, and on which decision."""

    day: date
    move: Move
    before: State | None
    after: State
    why: str = ""
    decision: str = ""
    afterwards: bool = False  # made after the period's end, before the cut-off
    registered: date | None = None  # the day it was written down, if later
    happened_in_time: bool = False  # `afterwards`, and yet of the period or before; since schema 8
    # Since schema 10: how it ended with this move, and who keeps it, what it was worked into or the
    # plan it was carried over to.
    outcome: Outcome | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something agreed anew: the old words and the new ones, and why."""

    day: date
    what: Agreed
    before: str
    after: str
    why: str = ""
    later: bool = False  # a deadline that became later
    after_steps: int = 0  # so many of the activity's steps came before it; since schema 4


@dataclass(frozen=True, slots=True)
class Said:
    """The last that somebody said of it in the period, in their own words."""

    day: date
    says: Says
    text: str = ""
    figure: str = ""
    who: str = ""
    proposed: str | None = None  # another day that it proposes; None before schema 6
    takes_over: bool = False  # "not me", of whoever takes it over; since schema 10
    registered: date | None = None  # the day it was written down, where no report had told of it


@dataclass(frozen=True, slots=True)
class PartFact:
    """How far a party had come."""

    name: str
    state: PartState
    why: str = ""


@dataclass(frozen=True, slots=True)
class PromiseFact:
    """Something promised to be told, and whether there is anything told."""

    words: str
    to: str
    kept: bool
    due: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """One activity in the period. `number` is its own within the report."""

    number: int
    what: str
    plan: str
    start: Days
    deadline: Days
    runs_on: bool
    before: State | None  # None: it came in the period
    after: State
    fate: Fate
    late: bool
    next_review: date | None = None
    resume: date | None = None
    result: str = ""
    figure: str = ""  # that the result was told with
    outcome: Outcome | None = None
    outcome_details: str = ""  # who keeps it, what it was absorbed into, where it goes on
    goals: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    agreed: tuple[Agreement, ...] = ()
    said: Said | None = None
    parts: tuple[PartFact, ...] = ()
    lacks: tuple[Lack, ...] = ()  # what it lacked at the end
    promises: tuple[PromiseFact, ...] = ()
    funding: Funding | None = None
    # Since schema 4: where the closing after the period left it, if that is another state, and
    # that its money is counted in the activity that carries it on.
    closed: State | None = None
    money_goes_on: bool = False
    # Since schema 10: the newest answer of the period, where the words of an older one are told,
    # and those of before the period that were registered in it, too late for their own report.
    newest: Said | None = None
    said_late: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """So many activities went from one state to another, or stayed where they were."""

    before: State | None
    after: State
    number: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of a group, or of all. `moves` counts moves made in the period, `moved` the
    activities that were moved so; None in facts of schema 1, which did not know. `outcomes` are
    those of the activities that stood ended at the end; before schema 4, of moves.
    """

    activities: int = 0
    start: dict[State, int] = field(default_factory=dict)
    end: dict[State, int] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    late: int = 0
    without_goal: int = 0
    lacking: int = 0  # activities that lacked something at the end, and what; since schema 3
    lacks: dict[Lack, int] = field(default_factory=dict)
    moves: dict[Move, int] = field(default_factory=dict)
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    followed_up_in_time: int = 0
    followed_up_late: int = 0
    followed_up_without_deadline: int = 0  # before schema 3: among those in time
    extended: int = 0
    funded: int = 0
    kronor_coming: int = 0  # may still be used after the period
    kronor_past: int = 0
    moved: dict[Move, int] | None = None
    # Since schema 4: the money of what was over, how many carryings over were undone after the end
    # and before the cut-off, and what the closing after the end led from and to.
    kronor_over: int = 0
    carried_undone: int = 0
    closing: tuple[Flow, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A status round: how many were asked, and answered in time, late or not at all."""

    on: date
    occasion: str
    asked: int
    in_time: int
    late: int

    @property
    def unanswered(self) -> int:
        """How many are missing."""
        return self.asked - self.in_time - self.late


@dataclass(frozen=True, slots=True)
class Coming:
    """A day in the next period: what happens then, and to which activity or plan."""

    day: date
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group's part. `left_out` activities are counted but not listed."""

    name: str
    above: str
    counts: Counts
    rounds: tuple[RoundFacts, ...] = ()
    activities: tuple[ActivityFacts, ...] = ()
    left_out: int = 0
    goals_without_activity: tuple[str, ...] = ()
    without_goal: tuple[str, ...] = ()
    coming: tuple[Coming, ...] = ()
    coming_left_out: int = 0


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """How many activities a target group had open at the end, and in the whole period."""

    name: str
    open: int
    activities: int


@dataclass(frozen=True, slots=True)
class DeviationFacts:
    """Deviations of a group: figures as they may be shown ("<5")."""

    group: str
    now: str
    before: str
    a_year_before: str


@dataclass(frozen=True, slots=True)
class AnalysisFacts:
    """What a group wrote about a deviation or status report, and the activity it proposed.

    `by` is "" where the collaboration wants no names.
    """

    group: str
    period: str
    day: date
    by: str
    pattern: str
    measure: str
    conclusion: str
    activity: str


@dataclass(frozen=True, slots=True)
class PlanMoney:
    """What finances a plan itself. What stands at an activity may be a part of it."""

    plan: str
    group: str
    funding: Funding


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that an earlier report told, and that was taken back in this period: a move, what
    was agreed anew, what an answer said, or, since schema 10, how far a part had come. Since
    schema 4.
    """

    group: str
    what: str  # the activity
    plan: str
    day: date  # as it was told
    undone: date
    move: Move | None = None
    agreed: Agreed | None = None
    says: Says | None = None
    why: str = ""
    part: str = ""
    part_state: PartState | None = None


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """The period as it is kept ("2025Q1"), its days, and the last one looked at."""

    name: str
    first: date
    last: date
    until: date


@dataclass(frozen=True, slots=True)
class RollUp:
    """A whole roll-up of a collaboration, or of a group and those below it (`group`)."""

    organisation: str
    group: str
    period: PeriodFacts
    counts: Counts
    groups: tuple[GroupFacts, ...]
    targets: tuple[TargetFacts, ...] = ()
    deviations: tuple[DeviationFacts, ...] = ()
    analyses: tuple[AnalysisFacts, ...] = ()
    notes: tuple[AnalysisFacts, ...] = ()  # about status reports; since schema 6
    plans_money: tuple[PlanMoney, ...] = ()
    corrected: tuple[Correction, ...] = ()
    doubts: tuple[str, ...] = ()  # sentences of `rules/checks.py`, as found when it was compiled
    schema: int = SCHEMA


_FACTS: TypeAdapter[RollUp] = TypeAdapter(RollUp)


def as_facts(roll_up: RollUp) -> dict[str, Any]:
    """The plain values that an edition freezes."""
    plain: dict[str, Any] = _FACTS.dump_python(roll_up, mode="json")
    for later in (
        "analyses",
        "notes",
        "plans_money",
        "corrected",
    ):  # without any, the facts are as they always were
        if not plain[later]:
            del plain[later]
    for group in plain["groups"]:
        for one in group["activities"]:
            for said in filter(None, (one["said"], one["newest"], *one["said_late"])):
                _without(said, "takes_over", "registered")
            _without(one, "figure", "closed", "money_goes_on", "newest", "said_late")
            for step in one["steps"]:
                _without(step, "outcome", "where")
    return plain


def _without(plain: dict[str, Any], *seldom: str) -> None:
    """Leave out what there is seldom anything of."""
    for name in seldom:
        if not plain[name]:
            del plain[name]


def read_facts(facts: dict[str, Any]) -> RollUp:
    """Frozen facts as they were. Raises `ValueError` for a schema that is not known here."""
    if facts.get("schema") not in READS:
        raise ValueError(
            f"These facts have schema {facts.get('schema')}, and this program reads {READS}."
        )
    return _FACTS.validate_python(facts)
