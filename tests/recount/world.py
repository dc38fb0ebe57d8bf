"""Two and a half years at random, and a log of what was done: who moved what, and on which day.

Nothing of the log (`log.py`) is read from the database but the numbers of what it was given. What
is played is drawn from the log alone, so that the same seed is the same world on both databases.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlmodel import Session

from config import clock
from intake.lives.alike import agree_alike
from intake.lives.changes import ask_to_change
from intake.lives.entries import log_of
from intake.lives.parts import ask_to_put_parts
from intake.lives.undo import activities_of, look, take_back, withdraw_plan
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed
from models.group import Group
from models.letter import Link
from models.lifecycle import OPEN, Brought, Move, Outcome, State, possible
from models.moves import Refused, make_move, make_moves
from models.owners import move_to_group
from models.part import PartState
from models.plan import Plan
from models.status import Says, StatusAnswer, Way
from models.undoing import batch_of
from rules.periods import counts_from
from tests.cast import FRIDA, Town
from tests.recount.log import (
    MISTAKE,
    NOBODY,
    PARTS,
    Anew,
    Done,
    Life,
    Record,
    Told,
    chain,
    taken_back,
)

FIRST, LAST = date(2023, 11, 6), date(2026, 7, 31)
_OPEN_DAYS = 5  # after a quarter's end, in which what happened in it still counts there
_CLOSING = (Move.CARRY_OVER, Move.UNDO_CARRY_OVER, Move.END, Move.FOLLOW_UP, Move.ABANDON)
# How often each is drawn, so that lives are lived and not only ended.
_OFTEN = {
    **{Move.DECIDE: 8, Move.START: 8, Move.FOLLOW_UP: 6, Move.CONTINUE: 4, Move.RESUME: 4},
    **{Move.PAUSE: 2, Move.END: 2, Move.UNDO_CARRY_OVER: 2, Move.PROPOSE_AGAIN: 2},
}
_NEVER_BACKDATED = (Move.CARRY_OVER, Move.UNDO_CARRY_OVER)
_TOGETHER = (Move.DECIDE, Move.START, Move.PAUSE, Move.RESUME)  # what lists do with many
# What an activity may lack, with words that mend it.
_WORDS = {
    "goals": ("", "Hålla ihop vården"),
    "responsible": ("", "NOSAM Alm", NOBODY),
    "follow_up": ("", "Antal möten"),
}


@dataclass
class World:
    """A town, and the lives that are lived in it. `at` is how many lines its log has.

    In a calm world (each other one) nothing that a report has told is taken back or written down
    afterwards: `told_until` is the last day that one has looked at. Its reports are the same later.
    """

    town: Town
    seed: int
    lives: list[Life] = field(default_factory=list)
    at: int = 0
    deed: int = 0
    keys: dict[int, str] = field(default_factory=dict)  # what forms call each deed
    told_until: date = date.min

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
            for title, year, group in (
                ("Plan 2025", 2025, town.bjork),
                ("Plan 2026", 2026, town.alm),
                (MISTAKE, 2025, town.alm),
            ):
                days = (date(year, 1, 1), date(year, 12, 31))
                plan = Plan(collaboration_id=area, group_id=group, title=title)
                plan.first_day, plan.last_day = days
                session.add(plan)
                session.flush()
                assert plan.id is not None
                self.plans[title] = plan.id
            link = Link(person_id=town.alice, made_at=clock.now(), expires_at=clock.now())
            session.add(link)
            session.flush()
            self.link = link.id

    @property
    def calm(self) -> bool:
        """Is what was told left as it is?"""
        return self.seed % 2 == 0

    def play(self, until: Callable[[date], None]) -> None:
        """Live it all. `until` is called with each day on which something is about to be done, and
        with the day after the last.
        """
        day = FIRST
        for number in range(12):
            self._proposed(f"Aktivitet {number}", day + timedelta(days=5 * number), "Plan 2024")
        day += timedelta(days=60)
        read_in = date(2024, 5, 1) + timedelta(days=self.drawn.randrange(240))
        taken_out = read_in + timedelta(days=self.drawn.randrange(20, 300))
        while day <= LAST:
            until(day)
            if read_in and day >= read_in:
                read_in = LAST + timedelta(days=1)
                for number in range(3):
                    self._proposed(f"Misstag {number}", day, MISTAKE)
            if day >= taken_out:
                taken_out = LAST + timedelta(days=1)
                self._plan_withdrawn(day)
            self._something(day)
            near = day.month in (12, 1)
            day += timedelta(days=self.drawn.randrange(0, 3 if near else 7))
        until(LAST + timedelta(days=1))

    @contextmanager
    def _deed(self, day: date) -> Iterator[Session]:
        """Something is done: what it writes is one deed, unless it is refused."""
        number = self.deed + 1
        with transaction(self.town.settings) as session:
            yield session
            key = str(batch_of(session, day))
        self.deed = number
        self.keys[number] = key

    def _wrote(self, life: Life, kind: type[Record], written: date, /, **told: object) -> None:
        """A line of the log, of the deed that is being done."""
        self.at += 1
        told = {"registered": written, "day": written} | told
        life.records.append(kind(deed=self.deed, at=self.at, **told))  # type: ignore[arg-type]

    def _agreed(
        self, life: Life, about: str, now: object, written: date, /, **told: object
    ) -> None:
        """Something was agreed anew, where it is anything else than it was."""
        if life.now.get(about) != now:
            was = life.now.get(about)
            self._wrote(life, Anew, written, about=about, was=was, now=now, **told)
            life.now[about] = now

    def _proposed(self, name: str, day: date, plan: str) -> None:
        owner = self.drawn.choice(list(self.groups)[:2])
        due = self._a_day(date(2024, 3, 1), 500) if self.drawn.random() < 0.8 else None
        goal = plan == "Plan 2024" and self.drawn.random() < 0.8
        id_ = self.town.activity(name, by=due, today=day, group=self.groups[owner], goal=goal)
        self.town.change(id_, group_id=self.groups[owner], plan_id=self.plans[plan])
        money = None
        if self.drawn.random() < 0.5:
            last = self._a_day(date(2024, 2, 1), 600) if self.drawn.random() < 0.6 else None
            money = (2 ** len(self.lives), last)
            words = f"{money[0]} kronor"
            self.town.change(id_, funding_text=words, funding_amount=money[0], funding_last=last)
        now: dict[str, object] = {"owner": owner, "due": due, "money": money, "goals": goal}
        life = Life(name, id_, plan, None, now | {"responsible": "g", "follow_up": True})
        self.deed += 1
        told = {"happened": day, "move": Move.PROPOSE, "before": None, "after": State.PROPOSED}
        self._wrote(life, Done, day, **told, due=due)
        with reading(self.town.settings) as session:
            self.keys[self.deed] = log_of(session, [id_])[id_][-1].key
        self.lives.append(life)

    def _a_day(self, first: date, within: int) -> date:
        return first + timedelta(days=self.drawn.randrange(within))

    def _something(self, day: date) -> None:
        weights = [self._drawn_so_often(life, day) for life in self.lives]
        life = self.drawn.choices(self.lives, weights)[0]
        ways: list[tuple[float, Callable[[Life, date], None]]] = [
            (0.50, self._moved),
            (0.09, self._other_deadline),
            (0.05, self._other_money),
            (0.05, self._other_owner),
            (0.10, self._answered),
            (0.07, self._other_words),
            (0.03, self._part),
            (0.04, self._many),
            (0.07, self._undone),
        ]
        way = self.drawn.choices([way for _, way in ways], [often for often, _ in ways])[0]
        try:
            way(life, day)
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
        if move is Move.CARRY_OVER and life.successor and not life.now["goals"]:
            return  # what goals the successor has left is of who else serves them, and not played
        happened = day
        if self.drawn.random() < 0.2 and move not in _NEVER_BACKDATED:
            happened = day - timedelta(days=self.drawn.randrange(1, 40))
        if self.calm and counts_from(happened, day, _OPEN_DAYS) <= self.told_until:
            happened = day
        brought = self._brought(day, happened)
        was = life.state
        with self._deed(day) as session:
            after = make_move(session, life.id, move, FRIDA, today=day, brought=brought)
        self._has_moved(life, move, was, after, brought, day)

    def _has_moved(
        self, life: Life, move: Move, was: State, after: State, brought: Brought, day: date
    ) -> None:
        """Write down a move that was made, and what came of it for what it became."""
        assert brought.counts_on
        assert brought.happened_on
        # Never before what came before it: along a life the days do not fall.
        counts = max(brought.counts_on, *(one.day for one in life.done), date.min)
        told = [one.happened for one in life.done if one.move is not Move.PROPOSE]
        happened = max([brought.happened_on, *told])
        outcome = brought.outcome if move in (Move.END, Move.ABANDON) else None
        figure = move is Move.FOLLOW_UP and bool(brought.figure or brought.why_no_figure)
        plan = self._title(brought.next_plan_id) if move is Move.CARRY_OVER else ""
        self._wrote(
            *(life, Done, day),
            **{"day": counts, "happened": happened, "move": move, "before": was, "after": after},
            **{"due": life.now["due"], "outcome": outcome, "figure": figure, "plan": plan},
        )
        if move is Move.FOLLOW_UP:
            life.now["figure"] = figure
        if move is Move.CONTINUE:
            agreed = [one.day for one in life.agreed("due")]
            counts = max([brought.counts_on, *agreed])
            self._agreed(life, "due", brought.deadline, day, day=counts)
        if move is Move.CARRY_OVER:
            self._goes_on(life, day, plan)
        if move is Move.UNDO_CARRY_OVER and life.successor is not None:
            self._follows(life.successor, day, Move.WITHDRAW, State.WITHDRAWN)

    def _brought(self, day: date, happened: date) -> Brought:
        town, drawn = self.town, self.drawn
        figure = drawn.choice(["4", "4", "", ""])
        plans = ["Plan 2025", "Plan 2025", "Plan 2026", MISTAKE]
        return Brought(
            reason="ett skäl",
            decision_id=town.decision,
            result="bra",
            figure=figure,
            why_no_figure=drawn.choice(["", "ingen har räknat"]) if not figure else "",
            outcome=drawn.choice([Outcome.ACHIEVED, Outcome.NOT_ACHIEVED, Outcome.CEASED]),
            resume_on=day + timedelta(days=drawn.randrange(20, 90)),
            stand_in_group_id=town.deciders,
            deadline=day + timedelta(days=drawn.randrange(30, 200)),
            next_plan_id=self.plans[drawn.choice(plans)],
            happened_on=happened,
            counts_on=counts_from(happened, day, _OPEN_DAYS),
        )

    def _goes_on(self, life: Life, day: date, plan: str) -> None:
        new = life.successor
        if new is None:
            with reading(self.town.settings) as session:
                asked = select(c(Activity).id).where(c(Activity).successor_of == life.id)
                id_ = session.execute(asked).scalar_one()
            now = {name: life.now[name] for name in ("owner", "money", "responsible", "follow_up")}
            new = Life(f"{life.name}'", id_, plan, life, now | {"due": None, "goals": False})
            life.successor = new
            self.lives.append(new)
        # It serves the goals of its plan alone, and those that come along.
        new.now["goals"] = life.now["goals"] or (new.now["goals"] and new.plan == plan)
        new.plan = plan
        if new.done:
            self._follows(new, day, Move.PROPOSE_AGAIN, State.PROPOSED)
        else:
            told = {"happened": day, "move": Move.PROPOSE, "before": None, "due": new.now["due"]}
            self._wrote(new, Done, day, after=State.PROPOSED, **told)
        for part in PARTS:
            if life.now.get(part) and not new.now.get(part):
                self._agreed(new, part, life.now[part], day)

    def _title(self, plan_id: int | None) -> str:
        return next(title for title, id_ in self.plans.items() if id_ == plan_id)

    def _follows(self, life: Life, day: date, move: Move, after: State) -> None:
        """What is done with a successor because something was done with its predecessor."""
        if life.state is not after:
            told = {"happened": day, "move": move, "before": life.state, "after": after}
            self._wrote(life, Done, day, **told, due=life.now["due"])

    def _other_deadline(self, life: Life, day: date) -> None:
        due = day + timedelta(days=self.drawn.randrange(-60, 200))
        self._agree(life, day, deadline=due.isoformat())
        self._agreed(life, "due", due, day)

    def _other_money(self, life: Life, day: date) -> None:
        kronor = 2 ** self.drawn.randrange(20, 28) + self.drawn.randrange(1000)
        last = day + timedelta(days=self.drawn.randrange(-50, 300))
        self._agree(life, day, funding=f"{kronor} kronor, används senast {last}")
        self._agreed(life, "money", (kronor, last), day)

    def _agree(self, life: Life, day: date, **given: str) -> None:
        asked = given | {"reason": "Nytt läge"}
        with self._deed(day) as session:
            ask_to_change(session, life.id, asked, FRIDA, today=day, planned=True)

    def _other_words(self, life: Life, day: date) -> None:
        """A goal, who answers, how it is followed up, or the figure that was lacking."""
        about = self.drawn.choice([*_WORDS, "figure"])
        words = self.drawn.choice(_WORDS.get(about, ("41",)))
        if about == "figure" and life.state is not State.FOLLOWED_UP:
            return
        self._agree(life, day, **{about: words})
        self._agreed(life, about, words if about == "responsible" else bool(words), day)

    def _part(self, life: Life, day: date) -> None:
        name = self.drawn.choice(PARTS)
        state = self.drawn.choice([PartState.UNANSWERED, PartState.UNANSWERED, PartState.DECIDED])
        with self._deed(day) as session:
            given = {"name": name, "state": state.value}
            ask_to_put_parts(session, life.id, given, FRIDA, today=day)
        self._agreed(life, name, state, day)

    def _other_owner(self, life: Life, day: date) -> None:
        owner = self.drawn.choice(list(self.groups))
        with self._deed(day) as session:
            group, why = self.groups[owner], "Ny fördelning"
            move_to_group(session, [life.id], group, FRIDA, today=day, reason=why)
        self._agreed(life, "owner", owner, day)

    def _answered(self, life: Life, day: date) -> None:
        says = self.drawn.choice([Says.DONE, Says.DONE, Says.LATE, Says.ON_TRACK, Says.NOT_ME])
        herself = self.drawn.random() < 0.3
        with self._deed(day) as session:
            row = StatusAnswer(
                activity_id=life.id,
                person_id=self.town.alice,
                link_id=self.link if herself else None,
                at=clock.now(),
                on_day=day,
                says=says,
                way=Way.LINK if herself else Way.PHONE,
                registered_by="" if herself else "Frida",
                batch=batch_of(session, day),
            )
            session.add(row)
        self._wrote(life, Told, day, says=says, herself=herself)

    def _many(self, life: Life, day: date) -> None:
        """Several are done the same with, in one deed."""
        alike = [one for one in self.lives if one.state is life.state]
        several = sorted({one.id: one for one in [*alike[:3], life]}.values(), key=_number)
        ways = [move for move in possible(life.state) if move in _TOGETHER]
        if not ways or self.drawn.random() < 0.3:
            self._many_deadlines(several, day)
            return
        move = self.drawn.choice(ways)
        brought = self._brought(day, day)
        with self._deed(day) as session:
            ids = [one.id for one in several]
            moved = make_moves(session, ids, move, FRIDA, today=day, brought=brought)
        for one in several:
            if one.id in moved.states:
                after = moved.states[one.id]
                self._has_moved(one, move, one.state, after, brought, day)

    def _many_deadlines(self, several: Sequence[Life], day: date) -> None:
        due = day + timedelta(days=self.drawn.randrange(10, 150))
        with self._deed(day) as session:
            words = {one.id: due.isoformat() for one in several}
            refused = agree_alike(
                session, Agreed.DEADLINE, words, FRIDA, today=day, reason="Nytt läge"
            ).refused
        for one in several:
            if one.id not in refused:
                self._agreed(one, "due", due, day)

    def _undone(self, life: Life, day: date) -> None:
        """One of the last deeds is taken back with what stands on it; or what many had in one."""
        deeds = life.deeds()
        if not deeds:
            return
        deed = self.drawn.choice([*deeds[-1:] * 4, *deeds[-4:], deeds[0]])
        if deed == deeds[0] and self.drawn.random() < 0.6:
            return
        if self._told(chain([(life, deed)])):
            return
        key = self.keys[deed]
        with transaction(self.town.settings) as session:
            many = activities_of(session, key)
            whole = len(many) > 1 and self.drawn.random() < 0.7
            ids = sorted(many) if whole else [life.id]
            if self._told(chain((one, deed) for one in self.lives if one.id in ids)):
                return
            take_back(session, look(session, ids, key), FRIDA, today=day, reason="Fel rad")
        starts = [(one, deed) for one in self.lives if one.id in ids]
        self._taken_back(chain(starts), day)

    def _told(self, lines: Sequence[tuple[Life, Record]]) -> bool:
        """Has a report told of any of it, in a world where that is to stay?"""
        return self.calm and any(
            min(one.day, one.registered) <= self.told_until for _, one in lines
        )

    def _plan_withdrawn(self, day: date) -> None:
        if self.calm:
            return
        with transaction(self.town.settings) as session:
            withdraw_plan(session, self.plans[MISTAKE], FRIDA, today=day, reason="Fel fil")
        theirs = [life for life in self.lives if life.plan == MISTAKE]
        oldest = [
            (life, min((one for one in life.records if one.stands), key=lambda one: one.at).deed)
            for life in theirs
            if any(one.stands for one in life.records)
        ]
        self._taken_back(chain(oldest), day)

    def _taken_back(self, lines: Sequence[tuple[Life, Record]], day: date) -> None:
        self.at += 1
        taken_back(lines, day, self.at)


def _number(life: Life) -> int:
    return life.id
