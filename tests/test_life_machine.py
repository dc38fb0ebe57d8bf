"""Whatever is asked of them in whatever order, activities keep their lives in order.

hypothesis lets random people ask for random moves, one by one and many at once, change parts and
groups, carry a year over and take it back, allowed and not, and holds the files against the table:
no state without a move, no move without its guards, no two successors, and history replays to the
present. Things are told afterwards, and taken back, the latest and what others stand on: what was
taken back leaves no trace in the story and stays in the log. With all tests a few hundred steps are
taken, with `LONG=1` ten thousand on each database; `LIFE_STEPS=50000` makes it longer.
"""

from datetime import date, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from config.settings import load
from intake.lives.entries import LOGS, Chain
from intake.lives.parts import ask_to_put_parts
from intake.lives.undo import activities_of, look, take_back
from intake.lives.year_end import carry_over, undo_carry_over
from models.activity import Activity, ActivityGoal, Responsibility
from models.columns import c
from models.database import close, reading, transaction
from models.decision import Change, MoveRow
from models.facts import facts as look_up
from models.happened import when, wrong_days
from models.lifecycle import OPEN, Brought, Move, Outcome, State, possible, refusals, rule_of
from models.moves import Mover, Refused, make_move, make_moves
from models.owners import move_to_group
from models.part import Part, PartChange, PartState, is_told
from models.plan import Plan
from models.undoing import stands
from tests.cast import FRIDA, Town
from tests.databases import Postgres, put_migrated
from tests.sizes import size

STEPS = size("LIFE_STEPS", 520, 10_000)
STEPS_ON_POSTGRES = size("LIFE_STEPS", 240, 10_000)
A_DAY = date(2024, 2, 1)
WORDS = st.sampled_from(["", "ett skäl"])
BROUGHT = st.builds(
    Brought,
    reason=WORDS,
    decision_id=st.sampled_from([None, 1]),
    result=WORDS,
    figure=st.sampled_from(["", "4"]),
    outcome=st.sampled_from([None, *Outcome]),
    resume_on=st.sampled_from([None, A_DAY + timedelta(days=90)]),
    stand_in_group_id=st.sampled_from([None, 1]),
    deadline=st.sampled_from([None, A_DAY + timedelta(days=200)]),
    next_plan_id=st.sampled_from([None, 1, 2]),
    kept_by=WORDS,
    into_plan_id=st.sampled_from([None, 2]),
    happened_on=st.sampled_from([None, None, A_DAY - timedelta(days=9), A_DAY]),
)
WHOLE = Brought(
    reason="ett skäl",
    decision_id=1,
    result="bra",
    figure="4",
    outcome=Outcome.ACHIEVED,
    resume_on=A_DAY + timedelta(days=90),
    stand_in_group_id=1,
    deadline=A_DAY + timedelta(days=200),
    next_plan_id=2,
)
# What ends a life, or takes it back: `ask` does it often enough.
_BACKWARD = (Move.REJECT, Move.ABANDON, Move.CARRY_OVER, Move.RETURN, Move.WITHDRAW)
DECEMBER = 12
PEOPLE = st.sampled_from([Mover("Alice", 1), Mover("Bob", 2), FRIDA])
PARTS = st.sampled_from(["Alm", "Björk"])


class Lives(RuleBasedStateMachine):
    """Some activities, and people who ask for whatever comes to mind."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(mkdtemp(prefix="lives-"))
        self.town = self.make_town()
        with transaction(self.town.settings) as session:
            first = session.get_one(Plan, self.town.plan)
            session.add(
                Plan(collaboration_id=first.collaboration_id, group_id=self.town.alm, title="2025")
            )
        self.states: dict[int, State] = {}
        self.groups: dict[int, int] = {}
        self.logged = 0
        self.as_was: dict[int, dict[int, Any]] = {}  # how everything stood before each deed
        self.as_is: dict[int, Any] = {}

    def make_town(self) -> Town:
        """A town on a database of its own."""
        put_migrated(self.home)
        return Town(load(home=self.home))

    def teardown(self) -> None:
        """Put the database away."""
        close(self.town.settings)
        rmtree(self.home, ignore_errors=True)

    @initialize()
    def begin(self) -> None:
        """One activity that has all it needs, and one that has nothing."""
        self.states[self.town.activity(by="2024-12-31")] = State.PROPOSED
        bare = self.town.activity("Bar", follow_up="", goal=False, words="alla")
        self.states[bare] = State.PROPOSED

    @rule(which=st.integers(0, 10), move=st.sampled_from(list(Move)), brought=BROUGHT, mover=PEOPLE)
    def ask(self, which: int, move: Move, brought: Brought, mover: Mover) -> None:
        """Ask for a move: it is made exactly when the table has nothing against it."""
        self._ask(list(self.states)[which % len(self.states)], move, brought, mover)

    def _ask(self, activity_id: int, move: Move, brought: Brought, mover: Mover) -> None:
        expected = self._expected(activity_id, move, brought)
        before = self.states[activity_id]
        try:
            with transaction(self.town.settings) as session:
                to = make_move(session, activity_id, move, mover, today=A_DAY, brought=brought)
        except Refused as refused:
            said = refused.sentences
            assert expected
            assert said[: len(expected)] == expected
            return
        assert expected == []
        assert before in rule_of(move).sources
        self.states[activity_id] = to
        self._meet_successors(move, [activity_id])

    @rule(which=st.integers(0, 10), way=st.integers(0, 10), mover=PEOPLE)
    def go_on(self, which: int, way: int, mover: Mover) -> None:
        """Ask for something that leads on, with all that it needs: so that lives get far."""
        activity_id = list(self.states)[which % len(self.states)]
        onward = [m for m in possible(self.states[activity_id]) if m not in _BACKWARD]
        if onward:
            self._ask(activity_id, onward[way % len(onward)], WHOLE, mover)

    @rule(move=st.sampled_from(list(Move)), brought=BROUGHT, mover=PEOPLE)
    def ask_many(self, move: Move, brought: Brought, mover: Mover) -> None:
        """Ask for the same of all at once: each is told what it would be told alone."""
        expected = {id_: self._expected(id_, move, brought) for id_ in self.states}
        with transaction(self.town.settings) as session:
            ids = list(self.states)
            moved = make_moves(session, ids, move, mover, today=A_DAY, brought=brought)
        assert moved.states.keys() == {id_ for id_, said in expected.items() if not said}
        for id_, said in moved.refused.items():
            assert said[: len(expected[id_])] == expected[id_]
        self.states |= moved.states
        self._meet_successors(move, list(moved.states))

    def _expected(self, activity_id: int, move: Move, brought: Brought) -> list[str]:
        """What the table has against a move, from all the facts there are."""
        with reading(self.town.settings) as session:
            found = look_up(session.connection(), activity_id, A_DAY, brought=brought)
            assert found is not None
            said = when(session.connection(), brought, A_DAY)
            wrong = wrong_days(session.connection(), [activity_id], brought, said)
        assert found[0] == self.states[activity_id]
        return refusals(move, *found, brought) + wrong.get(activity_id, [])

    def _meet_successors(self, move: Move, moved: list[int]) -> None:
        """New ones are met; those of what was carried over or taken back may have moved along."""
        with reading(self.town.settings) as session:
            a = c(Activity)
            for id_, state, came_from in session.execute(select(a.id, a.state, a.successor_of)):
                along = came_from in moved and move in (Move.CARRY_OVER, Move.UNDO_CARRY_OVER)
                if along or id_ not in self.states:
                    assert state in (State.PROPOSED, State.WITHDRAWN)
                    self.states[id_] = state

    @rule(which=st.integers(0, 10), name=PARTS, state=st.sampled_from(list(PartState)), why=WORDS)
    def part(self, which: int, name: str, state: PartState, why: str) -> None:
        """Say how far a part has come."""
        activity_id = list(self.states)[which % len(self.states)]
        given = {"name": name, "state": state.value, "why": why}
        may = self.states[activity_id] in OPEN and (state is not PartState.EXCUSED or why)
        try:
            with transaction(self.town.settings) as session:
                ask_to_put_parts(session, activity_id, given, FRIDA, today=A_DAY)
        except Refused:
            assert not may
            return
        assert may

    @rule(group=st.sampled_from([1, 2]), reason=WORDS)
    def move_group(self, group: int, reason: str) -> None:
        """Let one group own everything that is open."""
        ids = [id_ for id_, state in self.states.items() if state in OPEN]
        try:
            with transaction(self.town.settings) as session:
                move_to_group(session, ids, group, FRIDA, today=A_DAY, reason=reason)
        except Refused:
            assert not (ids and reason)
            return
        self.groups |= dict.fromkeys(ids, group)

    @rule(month=st.integers(1, 12))
    def end_the_year(self, month: int) -> None:
        """In December, carry the first plan over; doing it again changes nothing."""
        if month != DECEMBER:
            return
        with transaction(self.town.settings) as session:
            moved = carry_over(session, self.town.plan, 2, FRIDA, today=A_DAY)
            assert carry_over(session, self.town.plan, 2, FRIDA, today=A_DAY).states == {}
        self.states |= moved.states
        self._meet_successors(Move.CARRY_OVER, list(moved.states))

    @rule(reason=WORDS)
    def take_the_year_back(self, reason: str) -> None:
        """Take back what was carried over; each comes to where it was."""
        with reading(self.town.settings) as session:
            left = dict(
                session.execute(
                    select(c(MoveRow).activity_id, c(MoveRow).from_state)
                    .where(c(MoveRow).to_state == State.CARRIED_OVER, stands(c(MoveRow)))
                    .order_by(c(MoveRow).id)
                )
                .tuples()
                .all()
            )
        with transaction(self.town.settings) as session:
            moved = undo_carry_over(session, self.town.plan, FRIDA, today=A_DAY, reason=reason)
        assert all(left[id_] == state for id_, state in moved.states.items())
        self.states |= moved.states
        self._meet_successors(Move.UNDO_CARRY_OVER, list(moved.states))

    @rule(back=st.integers(0, 6), which=st.integers(0, 10))
    def take_one_back(self, back: int, which: int) -> None:
        """Take back one of the latest deeds about an activity, with what stands on it."""
        activity_id = list(self.states)[which % len(self.states)]
        keys = self._keys(activity_id)
        if keys:
            self._take_back({activity_id}, keys[back % len(keys)])

    @rule(back=st.integers(0, 6))
    def take_many_back(self, back: int) -> None:
        """Take back all that one deed did; the very latest leaves everything as it was before."""
        keys = self._keys(None)
        if not keys:
            return
        key = keys[back % len(keys)]
        with reading(self.town.settings) as session:
            ids = activities_of(session, key)
        before = self.as_was.get(int(key)) if key == keys[0] else None
        chain = self._take_back(ids, key)
        if not before or chain.above:
            return
        now = self._snapshot()
        for id_ in {row.activity_id for row in chain.rows}:
            if id_ in before:
                assert now[id_] == before[id_]
            else:
                assert self.states[id_] is State.WITHDRAWN

    def _keys(self, activity_id: int | None) -> list[str]:
        """The deeds that stand, newest first."""
        found: dict[int, Any] = {}
        with reading(self.town.settings) as session:
            for table in LOGS.values():
                row = c(table)
                asked = select(row.batch, func.max(row.at)).where(stands(row))
                if activity_id is not None:
                    asked = asked.where(row.activity_id == activity_id)
                for batch, at in session.execute(asked.group_by(row.batch)):
                    found[batch] = max(at, found.get(batch, at))
        return [str(batch) for batch in sorted(found, key=lambda batch: found[batch], reverse=True)]

    def _take_back(self, ids: set[int], key: str) -> Chain:
        """Take an entry back, with what stood on it."""
        with transaction(self.town.settings) as session:
            chain = look(session, ids, key, held=True)
            assert chain.why_not == {}
            take_back(session, chain, FRIDA, today=A_DAY, reason="misstag")
        with reading(self.town.settings) as session:
            a = c(Activity)
            self.states = dict(session.execute(select(a.id, a.state)).tuples().all())
            self.groups = dict(session.execute(select(a.id, a.group_id)).tuples().all())
        return chain

    def _snapshot(self) -> dict[int, Any]:
        """All that is known of each activity; of successors what is their own."""
        with reading(self.town.settings) as session:
            columns = [x for x in Activity.__table__.columns if x.name != "plan_id"]  # type: ignore[attr-defined]
            rows = session.execute(select(*columns).order_by(c(Activity).id)).all()
            beside = {}
            for table, told in ((Responsibility, "words"), (ActivityGoal, "goal_id")):
                asked = select(c(table).activity_id, c(table)[told]).order_by(c(table)[told])
                beside[told] = session.execute(asked).tuples().all()
            p = c(Part)
            parts = session.execute(
                select(p.activity_id, p.name, p.state, p.why).where(is_told()).order_by(p.name)
            ).all()
        found = {}
        for row in rows:
            own = row.successor_of is None
            more = [
                [value for id_, value in told if id_ == row.id and own] for told in beside.values()
            ]
            of_it = [tuple(part) for part in parts if part.activity_id == row.id]
            found[row.id] = (tuple(row), more, of_it)
        return found

    @invariant()
    def the_log_only_grows(self) -> None:
        """What was taken back stays in the log; what was before each deed is remembered here."""
        number = 0
        batches: set[int] = set()
        with reading(self.town.settings) as session:
            for table in LOGS.values():
                row = c(table)
                number += session.execute(select(func.count()).select_from(table)).scalar_one()
                batches |= set(session.execute(select(row.batch).distinct()).scalars())
        assert number >= self.logged
        self.logged = number
        new = batches - self.as_was.keys()
        for batch in new:
            self.as_was[batch] = self.as_is if len(new) == 1 else {}
        self.as_is = self._snapshot()

    @invariant()
    def the_files_say_what_was_done(self) -> None:
        """History replays to the present, link by link, for every activity."""
        with reading(self.town.settings) as session:
            now = dict(session.execute(select(c(Activity).id, c(Activity).state)).tuples().all())
            moves = session.execute(
                select(c(MoveRow).activity_id, c(MoveRow).from_state, c(MoveRow).to_state)
                .where(stands(c(MoveRow)))
                .order_by(c(MoveRow).id)
            ).all()
            changes = select(c(Change).activity_id).where(stands(c(Change)))
            changed = set(session.execute(changes).scalars())
            twice = session.execute(
                select(c(Activity).successor_of)
                .where(c(Activity).successor_of.is_not(None))
                .group_by(c(Activity).successor_of)
                .having(func.count() > 1)
            ).all()
            owners = select(c(Activity).id, c(Activity).group_id)
            groups = dict(session.execute(owners).tuples().all())
            parts = dict(
                session.execute(select(c(Part).id, c(Part).state).where(is_told())).tuples().all()
            )
            told = session.execute(
                select(c(PartChange).part_id, c(PartChange).after)
                .where(stands(c(PartChange)))
                .order_by(c(PartChange).id)
            ).all()
        replayed: dict[int, State] = {}
        for activity_id, before, after in moves:
            # Who proposes again what was taken back whole begins from there.
            assert replayed.get(activity_id) == before or (
                activity_id not in replayed and before is State.WITHDRAWN
            )
            replayed[activity_id] = after
        for activity_id in now.keys() - replayed.keys():  # its whole life was taken back
            assert activity_id not in changed
            replayed[activity_id] = State.WITHDRAWN
        assert replayed == now == self.states
        assert twice == []
        assert {part_id: after["state"] for part_id, after in told} == parts
        assert all(groups[id_] == group for id_, group in self.groups.items())


class LivesOnPostgres(Lives):
    """The same on PostgreSQL."""

    server: Postgres

    def make_town(self) -> Town:
        """A town on a database of its own."""
        self.name = self.server.copy()
        return Town(load(home=self.home, database_url=self.server.get_uri(self.name)))

    def teardown(self) -> None:
        """Remove the database."""
        super().teardown()
        self.server.drop(self.name)


def steps(examples: int) -> settings:
    """So many short lives as give the wanted number of steps."""
    return settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


Lives.TestCase.settings = steps(max(1, STEPS // 40))
TestLives = Lives.TestCase


def test_lives_are_in_order_on_postgresql_too(postgres: Postgres) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    LivesOnPostgres.server = postgres
    run_state_machine_as_test(LivesOnPostgres, settings=steps(max(1, STEPS_ON_POSTGRES // 40)))
