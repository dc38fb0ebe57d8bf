"""A plan that is already going, as its process leader tells it: a table of rows becomes history.

A row says where the activity is, when it started and came there, who answers, and what came of it;
what is the same for many rows is said once. Which moves that makes, and which days cannot be true,
is `rules/running.py`. Each row stands alone: one that is refused keeps no other from being saved.
What a row lacks is no reason to leave it outside.
"""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session

from config.policy import Policy
from intake.lives.changes import ask_to_change
from intake.lives.moves import decision_on_file, hard_lacks
from intake.lives.plan_changes import ask_to_adopt
from intake.plan.states import state_of
from models.activity import Activity, ActivityGoal, Responsibility
from models.columns import c
from models.decision import Decision
from models.group import Group
from models.lifecycle import Brought, Move, State
from models.moves import Mover, Refused, make_move
from models.plan import Adoption, Plan
from models.refusal import at
from models.span import Span
from models.taught import plainly, states_taught, teach_state
from rules.calendar import months_after
from rules.periods import counts_from
from rules.running import (
    BY_KEY,
    CAME,
    OFFERED,
    STANDINGS,
    STARTED,
    Standing,
    Step,
    Told,
    started_as_planned,
    steps,
    takes_start,
    within,
    wrong_days,
    wrong_decision,
)
from rules.span_words import not_a_day
from rules.swedish_dates import read

AS_ADOPTED = "enligt fastställd plan"  # the reference, where an old plan names no paragraph
NO_RESULT = "Planen säger inget om resultatet."
STARTED_ALL = "started_all"  # the field for the start of many rows at once
_UNKNOWN = "Dagen är inte känd. Den är satt till den senaste som den kan ha varit."
_TICK = re.compile(r"(?:ja|x|✓|✔|☒|☑|true|sant)\.?", re.IGNORECASE)
_NO_TICK = re.compile(r"(?:nej|☐|false|falskt)\.?", re.IGNORECASE)
_CHANGED = ("responsible", "deadline", "follow_up")  # what of a row is agreed anew
Taught = Mapping[str, Standing]  # what words of state were said to mean, by `plainly`


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that made a plan the one that is followed."""

    id: int
    on: date
    group: str
    reference: str


@dataclass(frozen=True, slots=True)
class Row:
    """An activity that is still Föreslagen, as the plan tells of it."""

    id: int
    what: str
    how: str
    words: str  # what the plan itself says of its state
    follow_up: str
    runs_on: bool
    start: Span
    deadline: Span
    group_id: int
    responsible: tuple[str, ...] = ()
    goals: int = 0

    @property
    def lacks(self) -> list[str]:
        """What it should have, and has not, as words."""
        missing = {
            "mål": not self.goals,
            "ansvarig": not self.responsible,
            "slutdatum": not (self.deadline.last or self.runs_on),
            "uppföljning": not self.follow_up.strip(),
        }
        return [words for words, is_missing in missing.items() if is_missing]


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of which the file says the same: its words, how many they are, and what is proposed.

    `key` is what the form calls them by: of the words, so that it stays when rows have left.
    `in_file`: the words are the file's own.
    """

    key: int
    words: str
    rows: tuple[int, ...]
    proposal: Standing | None
    in_file: bool = False


@dataclass(slots=True)
class Registered:
    """What came of a table: the new states, and by row what was wrong: (field, sentence).

    `taken`: rows that the table says something of, and that had got a state since it was drawn.
    """

    states: dict[int, State] = field(default_factory=dict)
    refused: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    taken: dict[int, State] = field(default_factory=dict)


class RowRefused(Refused):
    """A row cannot be so. `wrong` names the field of each sentence."""

    def __init__(self, wrong: Sequence[tuple[str, str]]) -> None:
        super().__init__([sentence for _, sentence in wrong])
        self.wrong = list(wrong)


# --- the plan's decision ------------------------------------------------------------------------


def decided_day(given: Mapping[str, str], reference: date | None, today: date) -> date:
    """The day of the plan's decision as a form says it. Raises `Refused`."""
    words = _clean(given.get("decided_on", ""))
    span = read(words, reference or today) if words else None
    if span is not None and span.last is None:
        raise Refused([at("decided_on", not_a_day(span, words))])
    day = span.last if span else None
    if wrong := wrong_decision(day, today):
        raise Refused([at("decided_on", wrong)])
    assert day is not None
    return day


def take_decision(
    session: Session, plan_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> Decided:
    """Register the decision of a plan. Raises `Refused`.

    Without another group it is the one that owns the plan; without a paragraph the reference is
    "enligt fastställd plan".
    """
    plan = session.get_one(Plan, plan_id)
    day = decided_day(given, plan.first_day, today)
    group = _group_of(session, plan, given.get("decision_group", ""))
    reference = _clean(given.get("decision_reference", "")) or AS_ADOPTED
    known = c(Adoption)
    asked = select(known.id).where(
        known.plan_id == plan_id, known.group_id == group, known.adopted_on == day
    )
    adoption = session.execute(asked).scalar()
    if adoption is None:
        words = {"group": str(group), "adopted_on": day.isoformat(), "reference": reference}
        ask_to_adopt(session, plan_id, words, mover, today=today)
    else:
        decision = decision_on_file(session, group, day, reference)
        put = update(Adoption).where(known.id == adoption).values(decision_id=decision)
        session.execute(put)
    session.flush()
    found = decision_of(session, plan_id)
    assert found is not None
    return found


def _group_of(session: Session, plan: Plan, words: str) -> int:
    """The group that a form names by its number, of the plan's collaboration; else the owner."""
    if not words:
        return plan.group_id
    asked = select(c(Group).id).where(c(Group).collaboration_id == plan.collaboration_id)
    number = int(words) if words.isdecimal() and len(words) < 10 else 0
    found = session.execute(asked.where(c(Group).id == number)).scalar()
    if found is None:
        raise Refused([at("decision_group", "Välj vilken grupp som beslutade planen.")])
    return int(found)


def decision_of(session: Session, plan_id: int) -> Decided | None:
    """The latest decision that a plan was adopted by."""
    row = session.execute(
        select(c(Decision).id, c(Decision).decided_on, c(Group).name, c(Decision).reference)
        .join(Adoption, c(Adoption).decision_id == c(Decision).id)
        .join(Group, c(Group).id == c(Decision).group_id)
        .where(c(Adoption).plan_id == plan_id)
        .order_by(c(Adoption).adopted_on.desc(), c(Adoption).id.desc())
    ).first()
    return Decided(*row) if row else None


# --- the rows -----------------------------------------------------------------------------------


def waiting(plan_id: int) -> ColumnElement[bool]:
    """The condition that an activity of the plan is still where it was put when it came."""
    found: ColumnElement[bool] = (c(Activity).plan_id == plan_id) & (
        c(Activity).state == State.PROPOSED
    )
    return found


def rows_of(session: Session, plan_id: int) -> list[Row]:
    """The activities of a plan that are still Föreslagen, in the plan's order."""
    a = c(Activity)
    goals = (
        select(func.count())
        .select_from(ActivityGoal)
        .where(c(ActivityGoal).activity_id == a.id)
        .scalar_subquery()
    )
    named: dict[int, tuple[str, ...]] = {}
    for activity_id, words in session.execute(
        select(c(Responsibility).activity_id, c(Responsibility).words)
        .join(Activity, a.id == c(Responsibility).activity_id)
        .where(waiting(plan_id))
        .order_by(c(Responsibility).id)
    ):
        named[activity_id] = (*named.get(activity_id, ()), words)
    found = session.execute(
        select(Activity, goals).where(waiting(plan_id)).order_by(a.position, a.id)
    )
    return [_row(activity, number, named) for activity, number in found]


def _row(activity: Activity, goals: int, named: Mapping[int, tuple[str, ...]]) -> Row:
    assert activity.id is not None
    return Row(
        id=activity.id,
        what=activity.what,
        how=activity.how,
        words=_clean(activity.status_words),
        follow_up=activity.follow_up,
        runs_on=activity.runs_on,
        start=activity.start,
        deadline=activity.deadline,
        group_id=activity.group_id,
        responsible=named.get(activity.id, ()),
        goals=goals,
    )


def alike(rows: Iterable[Row], taught: Taught) -> list[Alike]:
    """The rows by what the file says of their state, in the order that it says so first.

    Where it says nothing, what runs on stands apart from what has an end. What words were said to
    mean in a file before (`taught`) is proposed before what they seem to mean.
    """
    gathered: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        key = (row.words.casefold(), row.runs_on and not row.words)
        gathered.setdefault(key, []).append(row)
    return [_alike(_key_of(*key), some, taught) for key, some in gathered.items()]


def _key_of(words: str, runs_on: bool) -> int:
    """A number of nine digits for what rows have in common, the same each time."""
    return 100_000_000 + zlib.crc32(f"{words}|{runs_on}".encode()) % 900_000_000


def _alike(key: int, rows: Sequence[Row], taught: Taught) -> Alike:
    first = rows[0]
    words = first.words or ("Löper över tid" if first.runs_on else "")
    shown = taught.get(plainly(first.words)) if first.words else None
    proposal = shown or proposed(first)
    return Alike(key, words, tuple(row.id for row in rows), proposal, bool(first.words))


def taught_in(session: Session, collaboration_id: int) -> Taught:
    """What a collaboration has said that words of state mean, as places in a life."""
    by_state = {(one.state, one.outcome): one for one in STANDINGS}
    told = states_taught(session, collaboration_id)
    return {words: by_state[where] for words, where in told.items() if where in by_state}


def _teach(
    session: Session, plan: Plan, groups: Iterable[Alike], given: Mapping[str, str], today: date
) -> None:
    """What she chose for all rows of the same words is what those words mean in her next file."""
    for group in groups:
        chosen = BY_KEY.get(given.get(f"all_{group.key}", ""))
        if chosen is not None and group.in_file:
            teach_state(
                session,
                plan.collaboration_id,
                group.words,
                chosen.state,
                chosen.outcome,
                today,
            )


def proposed(row: Row) -> Standing | None:
    """Where a row seems to be by its own words; None: nobody can tell from them."""
    if not row.words:
        return BY_KEY[OFFERED[State.ONGOING]] if row.runs_on else None
    if _TICK.fullmatch(row.words):
        return BY_KEY[OFFERED[State.FOLLOWED_UP]]
    if _NO_TICK.fullmatch(row.words):
        return BY_KEY[OFFERED[State.DECIDED]]
    said = state_of(row.words)
    return BY_KEY.get(OFFERED.get(State(said.proposal or said.state), ""))


# --- the table, registered ----------------------------------------------------------------------


def standing_of(row: Row, group: Alike, given: Mapping[str, str]) -> Standing | None:
    """What the table says of a row: its own choice, that of its words, or the ticked proposal."""
    own = BY_KEY.get(given.get(f"standing_{row.id}", ""))
    common = BY_KEY.get(given.get(f"all_{group.key}", ""))
    return own or common or (group.proposal if "agree" in given else None)


def register(
    session: Session,
    plan_id: int,
    given: Mapping[str, str],
    decided: Decided,
    mover: Mover,
    *,
    today: date,
    promises: Policy,
) -> Registered:
    """Make history of the rows that have a state, each alone. Raises `Refused` when none has."""
    rows = rows_of(session, plan_id)
    plan = session.get_one(Plan, plan_id)
    groups = alike(rows, taught_in(session, plan.collaboration_id))
    group_of = {id_: group for group in groups for id_ in group.rows}
    reference = plan.first_day or decided.on
    table = _Table(
        session, given, decided, mover, today, promises, reference, plan.reminded_from is None
    )
    came = Registered(taken=_taken(session, plan_id, given, rows))
    for row in rows:
        standing = standing_of(row, group_of[row.id], given)
        if standing is None or standing.state is State.PROPOSED:
            continue
        try:
            with session.begin_nested():
                came.states[row.id] = table.take(row, standing)
        except RowRefused as refused:
            came.refused[row.id] = refused.wrong
        except Refused as refused:
            came.refused[row.id] = [("standing", sentence) for sentence in refused.sentences]
    if not (came.states or came.refused or came.taken):
        raise Refused(["Välj läge för minst en rad, eller kryssa för att förslagen stämmer."])
    _teach(session, plan, groups, given, today)
    return came


def _taken(
    session: Session, plan_id: int, given: Mapping[str, str], rows: Iterable[Row]
) -> dict[int, State]:
    """Where the rows are that the form says something of, and that wait no more."""
    common = [words for name, words in given.items() if name.startswith("all_")]
    of_all = "agree" in given or any(words in BY_KEY for words in common)
    asked = set()
    for name, words in given.items():
        number = name.removeprefix("standing_")
        if number != name and number.isdecimal() and (words in BY_KEY or of_all):
            asked.add(int(number))
    asked -= {row.id for row in rows}
    a = c(Activity)
    found = select(a.id, a.state).where(
        a.id.in_(asked), a.plan_id == plan_id, a.state != State.PROPOSED
    )
    return dict(session.execute(found.order_by(a.position, a.id)).tuples().all())


@dataclass(frozen=True, slots=True)
class _Table:
    """A table on its way to be history."""

    session: Session
    given: Mapping[str, str]
    decided: Decided
    mover: Mover
    today: date
    promises: Policy
    reference: date  # whose year a day without one has
    untold: bool  # no report has told of the plan yet

    def take(self, row: Row, standing: Standing) -> State:
        """All that is said of one row. Raises `Refused` with what cannot be."""
        told = self._told(row, standing)
        wrong = list(wrong_days(told, self.decided.on, self.today))
        if wrong:
            raise RowRefused(wrong)
        self._agree(row)
        state = State.PROPOSED
        for step in steps(told, self.decided.on, self.today):
            state = make_move(
                self.session,
                row.id,
                step.move,
                self.mover,
                today=self.today,
                brought=self._dated(self._brought(row, standing, step), step.on_day),
                hard=hard_lacks(self.promises),
            )
        return state

    def _told(self, row: Row, standing: Standing) -> Told:
        started = self._day(row, STARTED, last=False)
        came = self._day(row, CAME, last=True)
        if started is None and takes_start(standing):
            started = self._started(row)
            if started and came:
                started = min(started, came)  # said of many, it gives way to what is said of one
        return Told(standing, started, came)

    def _started(self, row: Row) -> date | None:
        """What is said of the start of many rows at once: as the plan has it, else a day."""
        if "as_planned" in self.given:
            planned = started_as_planned(row.start, self.decided.on, self.today)
            if planned is not None:
                return planned
        words = _clean(self.given.get(STARTED_ALL, ""))
        if not words:
            return None
        day = self._read(STARTED_ALL, words, last=False)
        told = Told(BY_KEY[OFFERED[State.ONGOING]], day, None)
        wrong = [sentence for _, sentence in wrong_days(told, self.decided.on, self.today)]
        if wrong:
            raise RowRefused([(STARTED_ALL, sentence) for sentence in wrong])
        return day

    def _own(self, row: Row, name: str) -> str:
        return _clean(self.given.get(f"{name}_{row.id}", ""))

    def _day(self, row: Row, name: str, *, last: bool) -> date | None:
        words = self._own(row, name)
        return self._read(name, words, last=last) if words else None

    def _read(self, name: str, words: str, *, last: bool) -> date:
        span = read(words, self.reference)
        day = within(span, self.decided.on, self.today, last=last)
        if day is None:
            raise RowRefused([(name, not_a_day(span, words))])
        return day

    def _agree(self, row: Row) -> None:
        """What is written in the row of who answers, by when, and how it is followed up."""
        new = {name: self._own(row, name) for name in _CHANGED}
        if not new["responsible"] and not row.responsible:
            new["responsible"] = _clean(self.given.get("responsible_all", ""))
        new["responsible"] = new["responsible"].replace(", ", "\n")
        wanted = {name: words for name, words in new.items() if words}
        if wanted:
            months = self.promises.review_months
            wanted["reason"] = "Enligt planen"
            ask_to_change(
                self.session,
                row.id,
                wanted,
                self.mover,
                today=self.today,
                review_months=months,
                planned=True,
            )

    def _dated(self, brought: Brought, day: date) -> Brought:
        """Reports count it from the day it happened, unless they have told of that time already."""
        cut_off = self.promises.reports.quarter_cut_off
        counts = day if self.untold else counts_from(day, self.today, cut_off)
        return replace(brought, happened_on=day, counts_on=counts)

    def _brought(self, row: Row, standing: Standing, step: Step) -> Brought:
        unknown = "" if step.known else _UNKNOWN
        result = self._own(row, "result")
        match step.move:
            case Move.DECIDE:
                return Brought(decision_id=self.decided.id)
            case Move.FOLLOW_UP:
                return Brought(reason=unknown, result=result or row.words or NO_RESULT)
            case Move.END:
                return Brought(reason=unknown, outcome=standing.outcome)
            case Move.PAUSE:
                why = result or row.words or "Enligt planen"
                return Brought(
                    reason=f"{why} {unknown}".strip(),
                    review_on=months_after(self.today, self.promises.pause_months),
                    stand_in_group_id=row.group_id,
                )
            case _:
                return Brought(reason=unknown)


def in_words(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """What some activities are called."""
    asked: Any = select(c(Activity).id, c(Activity).what).where(c(Activity).id.in_(list(ids)))
    return dict(session.execute(asked).tuples().all())


def _clean(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())
