"""Whatever is asked of them in whatever order, activities keep their lives in order.

hypothesis drives random moves and changes, allowed and not, and holds the files against the table:
no state without a move, no move without its guards, no two successors, and history replays to the
present. `LIFE_STEPS=50000` makes it a long run.
"""

import os
from datetime import date, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from config.settings import Settings, load
from models.activity import Activity
from models.columns import c
from models.database import close, engine_for, migrate, reading, transaction
from models.decision import MoveRow
from models.lifecycle import Brought, Move, Outcome, State, refusals, rule_of
from models.moves import Refused, facts, make_move
from models.plan import Plan
from tests.cast import FRIDA, Town

STEPS = int(os.environ.get("LIFE_STEPS", "1200"))
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
    next_plan_id=st.sampled_from([None, 2]),
)


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

    def make_town(self) -> Town:
        """A town on a database of its own."""
        told: Settings = load(home=self.home)
        migrate(told)
        return Town(told)

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

    @rule(which=st.integers(0, 10), move=st.sampled_from(list(Move)), brought=BROUGHT)
    def ask(self, which: int, move: Move, brought: Brought) -> None:
        """Ask for a move: it is made exactly when the table has nothing against it."""
        activity_id = list(self.states)[which % len(self.states)]
        with reading(self.town.settings) as session:
            state, on_file = facts(session, activity_id, A_DAY)
        expected = refusals(move, state, on_file, brought)
        try:
            with transaction(self.town.settings) as session:
                to = make_move(session, activity_id, move, FRIDA, today=A_DAY, brought=brought)
        except Refused as refused:
            assert refused.sentences == expected  # noqa: PT017 - either way is fine
            return
        assert expected == []
        assert state in rule_of(move).sources
        self.states[activity_id] = to
        self._meet_successors()

    def _meet_successors(self) -> None:
        with reading(self.town.settings) as session:
            known = select(c(Activity).id, c(Activity).state)
            for activity_id, state in session.execute(known):
                self.states.setdefault(activity_id, state)

    @invariant()
    def the_files_say_what_was_done(self) -> None:
        """History replays to the present, link by link, for every activity."""
        with reading(self.town.settings) as session:
            now = dict(session.execute(select(c(Activity).id, c(Activity).state)).tuples().all())
            moves = session.execute(
                select(c(MoveRow).activity_id, c(MoveRow).from_state, c(MoveRow).to_state).order_by(
                    c(MoveRow).id
                )
            ).all()
            twice = session.execute(
                select(c(Activity).successor_of)
                .where(c(Activity).successor_of.is_not(None))
                .group_by(c(Activity).successor_of)
                .having(func.count() > 1)
            ).all()
        replayed: dict[int, State] = {}
        for activity_id, before, after in moves:
            assert replayed.get(activity_id) == before
            replayed[activity_id] = after
        assert replayed == now == self.states
        assert twice == []


class LivesOnPostgres(Lives):
    """The same on PostgreSQL."""

    server: str = ""

    def make_town(self) -> Town:
        """A town on a database of its own, emptied for each run."""
        told = load(home=self.home, database_url=self.server)
        with engine_for(told).begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        migrate(told)
        return Town(told)


def steps(examples: int) -> settings:
    """So many short lives as give the wanted number of steps."""
    return settings(max_examples=examples, stateful_step_count=40, deadline=None)


Lives.TestCase.settings = steps(max(1, STEPS // 40))
TestLives = Lives.TestCase


def test_lives_are_in_order_on_postgresql_too(postgres: object) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    postgres.psql("CREATE DATABASE lives")  # type: ignore[attr-defined]
    LivesOnPostgres.server = postgres.get_uri("lives")  # type: ignore[attr-defined]
    run_state_machine_as_test(LivesOnPostgres, settings=steps(max(1, STEPS // 120)))
