"""Two and a half years at random, and a log of what was done: who moved what, and on which day.

The log is written by whoever does it, in the order it is done. Nothing of it is read from the
database but the number that a successor got. What is played is drawn from the log alone, so that
the same seed is the same world on both databases.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from config import clock
from intake.lives.changes import ask_to_change
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.lifecycle import OPEN, Brought, Move, Outcome, State, possible
from models.moves import Refused
from models.owners import move_to_group
from models.plan import Plan
from models.status import Says, StatusAnswer, Way
from rules.periods import counts_from
from tests.cast import FRIDA, Town

FIRST, LAST = date(2023, 11, 6), date(2026, 7, 31)
_OPEN_DAYS = 5  # after a quarter's end, in which what happened in it still counts there
_CLOSING = (Move.CARRY_OVER, Move.UNDO_CARRY_OVER, Move.END, Move.FOLLOW_UP, Move.ABANDON)
# How often each is drawn, so that lives are lived and not only ended.
_OFTEN = {
    **{Move.DECIDE: 8, Move.START: 8, Move.FOLLOW_UP: 6, Move.CONTINUE: 4, Move.RESUME: 4},
    **{Move.PAUSE: 2, Move.END: 2, Move.UNDO_CARRY_OVER: 2, Move.PROPOSE_AGAIN: 2},
}
_NEVER_BACKDATED = (Move.CARRY_OVER, Move.UNDO_CARRY_OVER)


@dataclass(frozen=True)
class Done:
    """A move: the day it counts from, happened and was written down, and what it led from and to.

    `due` is the deadline on the day it was written.
    """

    counts: date
    happened: date
    registered: date
    move: Move
    before: State | None
    after: State
    due: date | None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Anew:
    """Something agreed anew on a day: an owner, a deadline, or money as (kronor, last day)."""

    day: date
    was: object
    now: object


@dataclass
class Life:
    """An activity: what was done with it, and what was agreed and said of it."""

    name: str
    id: int
    plan: str
    came_from: "Life | None"
    owner: str
    due: date | None
    money: tuple[int, date | None] | None
    done: list[Done] = field(default_factory=list)
    owners: list[Anew] = field(default_factory=list)
    dues: list[Anew] = field(default_factory=list)
    moneys: list[Anew] = field(default_factory=list)
    said: list[tuple[date, Says]] = field(default_factory=list)
    successor: "Life | None" = None

    @property
    def state(self) -> State:
        """Where it is now."""
        return self.done[-1].after


@dataclass
class World:
    """A town, and the lives that are lived in it."""

    town: Town
    seed: int
    lives: list[Life] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.drawn = Random(self.seed)
        town = self.town
        self.groups = {
            "NOSAM Alm": town.alm,
            "NOSAM Björk": town.bjork,
            "Samordningsgruppen": town.deciders,
        }
        with transaction(town.settings) as session:
            own = session.get_one(Plan, town.plan)
            own.first_day, own.last_day = date(2024, 1, 1), date(2024, 12, 31)
            area = session.execute(select(c(Group).collaboration_id).limit(1)).scalar_one()
            self.plans = {"Plan 2024": town.plan}
            for year, group in ((2025, town.bjork), (2026, town.alm)):
                days = (date(year, 1, 1), date(year, 12, 31))
                plan = Plan(collaboration_id=area, group_id=group, title=f"Plan {year}")
                plan.first_day, plan.last_day = days
                session.add(plan)
                session.flush()
                assert plan.id is not None
                self.plans[plan.title] = plan.id

    def play(self, until: Callable[[date], None]) -> None:
        """Live it all. `until` is called with each day on which something is about to be done, and
        with the day after the last.
        """
        day = FIRST
        for number in range(12):
            self._proposed(f"Aktivitet {number}", day + timedelta(days=5 * number))
        day += timedelta(days=60)
        while day <= LAST:
            until(day)
            self._something(day)
            near = day.month in (12, 1)
            day += timedelta(days=self.drawn.randrange(0, 3 if near else 7))
        until(LAST + timedelta(days=1))

    def _proposed(self, name: str, day: date) -> None:
        owner = self.drawn.choice(list(self.groups)[:2])
        due = self._a_day(date(2024, 3, 1), 500) if self.drawn.random() < 0.8 else None
        id_ = self.town.activity(name, by=due, today=day, group=self.groups[owner])
        self.town.change(id_, group_id=self.groups[owner])
        money = None
        if self.drawn.random() < 0.5:
            last = self._a_day(date(2024, 2, 1), 600) if self.drawn.random() < 0.6 else None
            money = (2 ** len(self.lives), last)
            words = f"{money[0]} kronor"
            self.town.change(id_, funding_text=words, funding_amount=money[0], funding_last=last)
        life = Life(name, id_, "Plan 2024", None, owner, due, money)
        life.done.append(Done(day, day, day, Move.PROPOSE, None, State.PROPOSED, due))
        self.lives.append(life)

    def _a_day(self, first: date, within: int) -> date:
        return first + timedelta(days=self.drawn.randrange(within))

    def _something(self, day: date) -> None:
        weights = [self._drawn_so_often(life, day) for life in self.lives]
        life = self.drawn.choices(self.lives, weights)[0]
        what = self.drawn.random()
        try:
            if what < 0.62:
                self._moved(life, day)
            elif what < 0.74:
                self._other_deadline(life, day)
            elif what < 0.80:
                self._other_money(life, day)
            elif what < 0.86:
                self._other_owner(life, day)
            else:
                self._answered(life, day)
        except Refused:
            return

    def _drawn_so_often(self, life: Life, day: date) -> int:
        """Who is open has most to do; what was carried over lately may be a mistake."""
        if life.state is not State.CARRIED_OVER:
            return 6 if life.state in OPEN else 2
        lately = (day - life.done[-1].registered).days < 30
        touched = life.successor is None or len(life.successor.done) > 1
        return 1 if touched else 12 if lately else 2

    def _moved(self, life: Life, day: date) -> None:
        ways = possible(life.state)
        closing = [move for move in ways if move in _CLOSING]
        if closing and day.month in (12, 1) and self.drawn.random() < 0.7:
            ways = closing
        move = self.drawn.choices(ways, [_OFTEN.get(move, 1) for move in ways])[0]
        happened = day
        if self.drawn.random() < 0.15 and move not in _NEVER_BACKDATED:
            happened = day - timedelta(days=self.drawn.randrange(1, 25))
        counts = counts_from(happened, day, _OPEN_DAYS)
        brought = self._brought(day, happened, counts)
        was = life.state
        after = self.town.move(life.id, move, brought, today=day)
        # Never before what came before it: along a life the days do not fall.
        counts = max(counts, *(one.counts for one in life.done))
        told = [one.happened for one in life.done if one.move is not Move.PROPOSE]
        happened = max([happened, *told])
        outcome = brought.outcome if move in (Move.END, Move.ABANDON) else None
        life.done.append(Done(counts, happened, day, move, was, after, life.due, outcome))
        if move is Move.CONTINUE:
            life.dues.append(Anew(counts, life.due, brought.deadline))
            life.due = brought.deadline
        if move is Move.CARRY_OVER:
            self._goes_on(life, day, brought.next_plan_id)
        if move is Move.UNDO_CARRY_OVER and life.successor is not None:
            self._follows(life.successor, day, Move.WITHDRAW, State.WITHDRAWN)

    def _brought(self, day: date, happened: date, counts: date) -> Brought:
        town, drawn = self.town, self.drawn
        return Brought(
            reason="ett skäl",
            decision_id=town.decision,
            result="bra",
            figure="4",
            outcome=drawn.choice([Outcome.ACHIEVED, Outcome.NOT_ACHIEVED, Outcome.CEASED]),
            resume_on=day + timedelta(days=drawn.randrange(20, 90)),
            stand_in_group_id=town.deciders,
            deadline=day + timedelta(days=drawn.randrange(30, 200)),
            next_plan_id=drawn.choice([self.plans["Plan 2025"], self.plans["Plan 2026"]]),
            happened_on=happened,
            counts_on=counts,
        )

    def _goes_on(self, life: Life, day: date, plan_id: int | None) -> None:
        if life.successor is not None:
            self._follows(life.successor, day, Move.PROPOSE_AGAIN, State.PROPOSED)
            life.successor.plan = self._title(plan_id)
            return
        with reading(self.town.settings) as session:
            asked = select(c(Activity).id).where(c(Activity).successor_of == life.id)
            id_ = session.execute(asked).scalar_one()
        plan = self._title(plan_id)
        new = Life(f"{life.name}'", id_, plan, life, life.owner, None, life.money)
        new.done.append(Done(day, day, day, Move.PROPOSE, None, State.PROPOSED, None))
        life.successor = new
        self.lives.append(new)

    def _title(self, plan_id: int | None) -> str:
        return next(title for title, id_ in self.plans.items() if id_ == plan_id)

    def _follows(self, life: Life, day: date, move: Move, after: State) -> None:
        """What is done with a successor because something was done with its predecessor."""
        if life.state is not after:
            life.done.append(Done(day, day, day, move, life.state, after, life.due))

    def _other_deadline(self, life: Life, day: date) -> None:
        due = day + timedelta(days=self.drawn.randrange(-60, 200))
        self._agree(life, day, deadline=due.isoformat())
        if due != life.due:
            life.dues.append(Anew(day, life.due, due))
            life.due = due

    def _other_money(self, life: Life, day: date) -> None:
        kronor = 2 ** self.drawn.randrange(20, 28) + self.drawn.randrange(1000)
        last = day + timedelta(days=self.drawn.randrange(-50, 300))
        self._agree(life, day, funding=f"{kronor} kronor, används senast {last}")
        life.moneys.append(Anew(day, life.money, (kronor, last)))
        life.money = (kronor, last)

    def _agree(self, life: Life, day: date, **given: str) -> None:
        with transaction(self.town.settings) as session:
            ask_to_change(session, life.id, given | {"reason": "Nytt läge"}, FRIDA, today=day)

    def _other_owner(self, life: Life, day: date) -> None:
        owner = self.drawn.choice(list(self.groups))
        with transaction(self.town.settings) as session:
            group, why = self.groups[owner], "Ny fördelning"
            done = move_to_group(session, [life.id], group, FRIDA, today=day, reason=why)
        if done:
            life.owners.append(Anew(day, life.owner, owner))
            life.owner = owner

    def _answered(self, life: Life, day: date) -> None:
        says = self.drawn.choice([Says.DONE, Says.DONE, Says.LATE, Says.ON_TRACK, Says.NOT_ME])
        with transaction(self.town.settings) as session:
            row = StatusAnswer(
                activity_id=life.id,
                person_id=self.town.alice,
                at=clock.now(),
                on_day=day,
                says=says,
                way=Way.PHONE,
                registered_by="Frida",
            )
            session.add(row)
        life.said.append((day, says))
