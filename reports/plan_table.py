"""A plan as the table its collaboration works with: what is read in goes out as it came.

The table has the headings that the plan came under, in their words and their order, and the
standard ones where none are on file. Columns that nobody knew stay, empty; what the plan says and
the table had no column for gets one. Only says what stands where; `plan_files.py` draws it.

Reading the file in again changes nothing (`intake/filing/differences.py`): an activity without a
goal stands above those with one, and dates tell their year. Where the plan's own shape would be
read as something else, it is told more apart (`Drawn`); whoever asks for a file tries them in turn.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.group import Collaboration, Group
from models.lifecycle import State
from models.plan import Plan
from models.plan_shape import PlanColumn, PlanShape, Role
from models.promise import Participant
from models.span import Span
from models.standing import ActivityStanding, GoalStanding, OnFile, PlanStanding, whole
from rules.span_words import words_for
from rules.swedish_dates import read
from rules.wording import capitalised, period_in_words

STANDARD = {
    Role.NUMBER: "Nr",
    Role.GOAL: "Mål",
    Role.TARGET_GROUP: "Målgrupp",
    Role.WHAT: "Aktivitet",
    Role.HOW: "Hur",
    Role.RESPONSIBLE: "Ansvarig",
    Role.PARTICIPANTS: "Deltar",
    Role.START: "Start",
    Role.DEADLINE: "Klart senast",
    Role.FOLLOW_UP: "Uppföljning",
    Role.FUNDING: "Finansiering",
    Role.STATUS: "Status",
}
WHEN_SAID = (Role.TARGET_GROUP, Role.FUNDING)  # no column where no activity says anything of it
RUNS_ON = "Löper över tid"
LIST = "Följande aktiviteter löper över tid"
_LEVELS = (Role.FOCUS_AREA, Role.GOAL)


class Drawn(StrEnum):
    """How near a table keeps to the one that the plan came in."""

    OWN = "own"
    APART = "apart"  # its own headings, with goals, both dates and status in columns
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and what it holds (None: nothing that is on file)."""

    heading: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: an activity's cells; or the words of a goal that stands over the rows below it."""

    cells: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A plan ready to be drawn. `title_above`: its title stands over the headings, on one sheet."""

    title: str
    facts: tuple[tuple[str, str], ...]
    purpose: str
    goals: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    running_on: tuple[str, ...]
    sheet: str = ""
    title_above: bool = False

    @property
    def activities(self) -> int:
        """How many activities the table and its list have."""
        return sum(not row.section for row in self.rows) + len(self.running_on)

    def merged(self) -> Iterable[tuple[int, int, int]]:
        """Column, first and last row of each goal that stands over several, counted from 0."""
        levels = [at for at, column in enumerate(self.columns) if column.role in _LEVELS]
        for column in levels:
            above = [at for at in levels if at <= column]
            keys = [tuple(row.cells[at] for at in above) if row.cells else () for row in self.rows]
            first = 0
            for at in range(1, len(keys) + 1):
                if at == len(keys) or keys[at] != keys[first]:
                    if at - first > 1 and keys[first] and keys[first][-1]:
                        yield column, first, at - 1
                    first = at


def plan_table(session: Session, plan_id: int, drawn: Drawn = Drawn.OWN) -> PlanTable | None:
    """A plan as it is now; None when there is no such plan, or when it cannot be drawn so."""
    file = whole(session, plan_id)
    if file is None:
        return None
    shape = None if drawn is Drawn.STANDARD else _shape(session, plan_id)
    group, area = session.execute(
        select(c(Group).name, c(Collaboration).name)
        .join(Plan, c(Plan).group_id == c(Group).id)
        .join(Collaboration, c(Collaboration).id == c(Plan).collaboration_id)
        .where(c(Plan).id == plan_id)
    ).one()
    said = _Said(file, _participants(session, plan_id), _status_words(session, plan_id))
    return _Drawing(said, shape, drawn).table(_facts(file.plan, group, area))


# --- the shape ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    columns: tuple[Column, ...]
    goals_in_rows: bool
    title_above: bool
    sheet: str


def _shape(session: Session, plan_id: int) -> _Shape | None:
    """The shape that the plan came in, if one is on file."""
    found = session.execute(
        select(c(PlanShape).goals_in_rows, c(PlanShape).title_above, c(PlanShape).sheet).where(
            c(PlanShape).plan_id == plan_id
        )
    ).one_or_none()
    if found is None:
        return None
    columns = session.execute(
        select(c(PlanColumn).heading, c(PlanColumn).role)
        .where(c(PlanColumn).plan_id == plan_id)
        .order_by(c(PlanColumn).position)
    )
    return _Shape(tuple(Column(*row) for row in columns), *found)


def _standard(goal_words: str) -> tuple[Column, ...]:
    """The standard columns, goals under the plan's own word where it is a kind of "mål"."""
    word = goal_words.split("\n", maxsplit=1)[0].strip()
    own = word if re.fullmatch(r"(?:\w+ )?\w*mål", word, re.IGNORECASE) else STANDARD[Role.GOAL]
    heads = STANDARD | {Role.GOAL: own}
    return tuple(Column(words, role) for role, words in heads.items() if role not in WHEN_SAID)


def _with(columns: Sequence[Column], role: Role) -> list[Column]:
    """The columns with one more, where the standard order has it."""
    order = list(STANDARD)
    before = {*order[: order.index(role)], Role.FOCUS_AREA}
    if order.index(role) > order.index(Role.DEADLINE):
        before.add(Role.PERIOD)
    places = [at for at, column in enumerate(columns, start=1) if column.role in before]
    place = max(places, default=0)
    return [*columns[:place], Column(STANDARD[role], role), *columns[place:]]


# --- what each activity says --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """A plan on file, and what its activities say beside what stands in `OnFile`."""

    file: OnFile
    taking_part: Mapping[int, Sequence[str]]
    status_words: Mapping[int, str]

    def cells(self, one: ActivityStanding) -> dict[Role, str]:
        """The words of an activity by what they are."""
        goals = [self.file.goals[goal] for goal in one.goals if goal in self.file.goals]
        return {
            Role.GOAL: "\n".join(_line(goal.text) for goal in goals),
            Role.TARGET_GROUP: ", ".join(one.target_groups),
            Role.WHAT: one.what,
            Role.HOW: one.how,
            Role.RESPONSIBLE: "\n".join(_line(name) for name in one.responsible),
            Role.PARTICIPANTS: "\n".join(_line(name) for name in self.taking_part.get(one.id, ())),
            Role.START: _span(one.start),
            Role.DEADLINE: _span(one.deadline),
            Role.PERIOD: _both(one.start, one.deadline),
            Role.FOLLOW_UP: one.follow_up,
            Role.FUNDING: one.funding.words,
            Role.STATUS: self._status(one),
        }

    def _status(self, one: ActivityStanding) -> str:
        """Its state; the plan's own words for as long as nobody has moved it."""
        own = self.status_words.get(one.id, "") if one.state is State.PROPOSED else ""
        return own or capitalised(one.state.value)


def _span(span: Span) -> str:
    if span.open and not span.first:
        return RUNS_ON
    return words_for(span)


def _both(start: Span, deadline: Span) -> str:
    """Both ends in one cell."""
    if not start.text:
        return _span(deadline)
    first = words_for(start)
    if _from(start) or (_days(start) == _days(deadline) and start.first != start.last):
        return first
    return f"{first} – {_span(deadline)}" if deadline.text or deadline.open else f"Start {first}"


def _from(span: Span) -> bool:
    """ "Från mars 2026", which has no end of its own."""
    return span.first is not None and span.last is None


def _days(span: Span) -> tuple[date | None, date | None]:
    return span.first, span.last


def _is_only_words(one: ActivityStanding) -> bool:
    """Runs on, and nothing is said of it but what it is."""
    said = (one.how, one.follow_up, one.start.text, *one.responsible, *one.goals, one.funding.words)
    plain = not any(said) and not one.target_groups
    return one.deadline.open and plain and "\n" not in one.what and len(one.what) < 200


# --- the table ----------------------------------------------------------------------------------


class _Drawing:
    """One plan on its way to be a table."""

    def __init__(self, said: _Said, shape: _Shape | None, drawn: Drawn) -> None:
        self.said, self.shape, self.drawn = said, shape, drawn
        self.plan, self.goals = said.file.plan, said.file.goals
        shown = [one for one in said.file.activities if one.state is not State.WITHDRAWN]
        listed = [one for one in shown if _is_only_words(one) and one.id not in said.taking_part]
        self.listed = listed if len(listed) < len(shown) else []  # without a table it is no plan
        known = {one.id for one in self.listed}
        self.activities = self._in_order([one for one in shown if one.id not in known])
        self.cells = {one.id: said.cells(one) for one in self.activities}
        self.in_rows = self._in_rows()
        self.columns = self._columns()

    def table(self, facts: tuple[tuple[str, str], ...]) -> PlanTable:
        """The table whole."""
        return PlanTable(
            title=self.plan.title,
            facts=facts,
            purpose=_cell(self.plan.purpose),
            goals=tuple(self.goals[number].text for number in _tree(self.goals)),
            columns=tuple(self.columns),
            rows=tuple(self._rows()),
            running_on=tuple(one.what for one in self.listed),
            sheet=self.shape.sheet if self.shape else "",
            title_above=bool(self.shape and self.shape.title_above),
        )

    def _in_order(self, activities: Sequence[ActivityStanding]) -> list[ActivityStanding]:
        """As the plan has them, kept together by goal, those without a goal first."""
        places: dict[int, int] = {}
        for at, one in enumerate(activities):
            for goal in [each for first in one.goals[:1] for each in self._line_of(first)]:
                places.setdefault(goal, at)

        def place(one: ActivityStanding) -> tuple[int, ...]:
            line = [goal for first in one.goals[:1] for goal in self._line_of(first)]
            return tuple(number for goal in line for number in (places[goal], goal))

        return sorted(activities, key=place)

    def _line_of(self, goal: int) -> list[int]:
        """A goal and those above it, from the top."""
        line: list[int] = []
        at: int | None = goal
        while at is not None and at in self.goals and at not in line:
            line.insert(0, at)
            at = self.goals[at].parent_id
        return line

    def _in_rows(self) -> bool:
        """Do goals stand in rows of their own? Only where each activity has but one."""
        wanted = bool(self.shape and self.shape.goals_in_rows and self.drawn is Drawn.OWN)
        return wanted and all(len(one.goals) <= 1 for one in self.activities)

    def _columns(self) -> list[Column]:
        """The plan's own columns, or the standard ones, and one for each thing said beside them."""
        columns = list(self.shape.columns if self.shape else _standard(self.plan.goal_words))
        if self._dates_apart(columns):
            place = next(at for at, one in enumerate(columns) if one.role is Role.PERIOD)
            columns = [one for one in columns if one.role not in (Role.PERIOD, Role.START)]
            columns.insert(place, Column(STANDARD[Role.DEADLINE], Role.DEADLINE))
        for role in STANDARD:
            roles = {column.role for column in columns}
            if not self._has(role, roles) and self._is_said(role, columns):
                columns = _with(columns, role)
        return columns

    def _has(self, role: Role, roles: Collection[Role | None]) -> bool:
        """Has the table a place for it already?"""
        match role:
            case Role.NUMBER:
                return True  # nothing is lost without it
            case Role.GOAL:
                return self.in_rows or role in roles or Role.FOCUS_AREA in roles
            case Role.START | Role.DEADLINE:
                return role in roles or Role.PERIOD in roles
            case _:
                return role in roles

    def _dates_apart(self, columns: Sequence[Column]) -> bool:
        periods = [column.heading for column in columns if column.role is Role.PERIOD]
        if len(periods) > 1:
            marks = [_marks(one, periods, self.plan.first_day) for one in self.activities]
            return self.drawn is Drawn.APART or None in marks
        return bool(periods) and self.drawn is Drawn.APART

    def _is_said(self, role: Role, columns: Sequence[Column]) -> bool:
        """Does any activity say something of it that would be lost, or misread, without it?"""
        words = [self.cells[one.id][role] for one in self.activities]
        if role is Role.STATUS:
            moved = any(one.state is not State.PROPOSED for one in self.activities)
            held = {column.role for column in columns} - {Role.NUMBER, *_LEVELS}
            alone = any(
                sum(bool(cells.get(each)) for each in held if each) < 2
                for cells in self.cells.values()
            )
            return self.drawn is Drawn.APART or moved or alone
        if role is Role.START:
            ranged = (read(words_for(one.deadline), date(1999, 3, 3)) for one in self.activities)
            return any(words) or any(span.precision.value.endswith("-range") for span in ranged)
        return any(words)

    def _rows(self) -> Iterable[Row]:
        over: list[int] = []
        for number, one in enumerate(self.activities, start=1):
            if self.in_rows:
                line = self._over(one)
                for at, goal in enumerate(line):
                    if over[at : at + 1] != [goal]:
                        yield Row(section=_cell(self._labelled(goal, at)))
                        over = line[: at + 1]
            yield Row(tuple(_cell(words) for words in self._cells(number, one)))

    def _over(self, one: ActivityStanding) -> list[int]:
        """The goals that stand in rows above an activity, from the top."""
        line = self._line_of(one.goals[0]) if one.goals else []
        in_column = any(column.role is Role.GOAL for column in self.columns)
        return line[:1] if in_column else line

    def _labelled(self, goal: int, level: int) -> str:
        words = self.plan.goal_words.splitlines()
        called = self.goals[goal].called or (words[level] if level < len(words) else "")
        text = _line(self.goals[goal].text)
        return f"{called}: {text}" if called else text

    def _cells(self, number: int, one: ActivityStanding) -> Iterable[str]:
        said = self.cells[one.id] | {Role.NUMBER: str(number)} | self._levels(one)
        periods = [column.heading for column in self.columns if column.role is Role.PERIOD]
        marks = iter(_marks(one, periods, self.plan.first_day) or () if len(periods) > 1 else ())
        for column in self.columns:
            if column.role is Role.PERIOD and len(periods) > 1:
                yield next(marks, "")
            else:  # of two columns for one thing, the first has all of it
                yield said.pop(column.role, "") if column.role else ""

    def _levels(self, one: ActivityStanding) -> dict[Role, str]:
        """The goal, and the one above it, where the table has a column for each."""
        roles = {column.role for column in self.columns}
        first = self._line_of(one.goals[0]) if one.goals else []
        own = self.cells[one.id][Role.GOAL]
        if Role.FOCUS_AREA not in roles:
            only_above = self.in_rows and len(first) == 1
            return {Role.GOAL: "" if only_above else own}
        if Role.GOAL not in roles:
            return {Role.FOCUS_AREA: own}
        above = self.goals[first[-2]].text if len(first) > 1 else ""
        heads_others = any(goal.parent_id in first for goal in self.goals.values())
        if not above and heads_others and len(one.goals) == 1:
            return {Role.FOCUS_AREA: own, Role.GOAL: ""}
        return {Role.FOCUS_AREA: above, Role.GOAL: own}


def _marks(
    one: ActivityStanding, headings: Sequence[str], first_day: date | None
) -> list[str] | None:
    """An x under each quarter or month from start to deadline; None when they are no such ones."""
    if not one.start.text and not one.deadline.text:
        return [""] * len(headings)
    spans = [read(words, first_day or date(1999, 3, 3)) for words in headings]
    days = [(span.first, span.last) for span in spans]
    last = (one.deadline.first, one.deadline.last)
    first = (one.start.first, one.start.last) if one.start.text else last
    if first not in days or last not in days or (one.start.text and first == last):
        return None
    begins, ends = days.index(first), days.index(last)
    return ["x" if begins <= at <= ends else "" for at in range(len(days))]


def _facts(plan: PlanStanding, group: str, area: str) -> tuple[tuple[str, str], ...]:
    period = period_in_words(plan.first_day, plan.last_day)
    adopted = str(plan.adopted_on) if plan.adopted_on else ""
    facts = (
        ("Grupp", group),
        ("Vårdsamverkan", area),
        ("Period", period),
        ("Fastställd", adopted),
    )
    return tuple((name, words) for name, words in facts if words)


def _tree(goals: dict[int, GoalStanding], parent: int | None = None) -> list[int]:
    here = [
        number
        for number, goal in goals.items()
        if (goal.parent_id if goal.parent_id in goals else None) == parent
    ]
    return [each for number in here for each in (number, *_tree(goals, number))]


def _participants(session: Session, plan_id: int) -> dict[int, list[str]]:
    named: dict[int, list[str]] = {}
    for activity_id, words in session.execute(
        select(c(Participant).activity_id, c(Participant).words)
        .join(Activity, c(Activity).id == c(Participant).activity_id)
        .where(c(Activity).plan_id == plan_id)
        .order_by(c(Participant).id)
    ):
        named.setdefault(activity_id, []).append(words)
    return named


def _status_words(session: Session, plan_id: int) -> dict[int, str]:
    rows = session.execute(
        select(c(Activity).id, c(Activity).status_words).where(c(Activity).plan_id == plan_id)
    )
    return dict(rows.tuples().all())


def _line(words: str) -> str:
    return " ".join(words.split())


def _cell(words: str) -> str:
    """Words without blank lines between them, which would look like two activities in a row, and
    without what no XML file may hold."""
    lines = [_line(line) for line in words.split("\n")]
    kept = "\n".join(line for line in lines if line)
    return "".join(sign for sign in kept if sign == "\n" or (sign >= " " and _is_text(sign)))


def _is_text(sign: str) -> bool:
    return not (0xD800 <= ord(sign) <= 0xDFFF or sign in "\ufffe\uffff")
