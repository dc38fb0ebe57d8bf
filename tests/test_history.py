"""Nothing is overwritten: a plan can be told as it stood on any day, and today's telling is today.

hypothesis changes a plan at random, day by day, and keeps what it was each evening; afterwards
every evening is told again from the rows on file alone.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from config import clock
from intake.lives.changes import ask_to_change
from intake.lives.goal_changes import (
    ask_to_add_goal,
    ask_to_change_goal,
    ask_to_connect,
    ask_to_remove_goal,
    ask_to_reorder_goal,
)
from intake.lives.plan_changes import (
    ask_to_adopt,
    ask_to_change_plan,
    ask_to_take_back_adoption,
    start_plan,
)
from intake.lives.proposals import ask_to_propose
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Agreed
from models.lifecycle import Brought, Move, Outcome, State
from models.moves import Refused, make_move
from models.owners import move_to_group
from models.plan import Adoption, Goal
from models.span import Precision, Span
from models.standing import Moved, OnFile, whole
from rules.history import Then, Turn, as_it_stood, meant, now, plan_on, state_on
from tests.cast import FRIDA, Town
from tests.sizes import size

MONDAY = date(2024, 1, 8)
TUESDAY, WEDNESDAY = MONDAY + timedelta(1), MONDAY + timedelta(2)


# The rule.


def test_what_the_last_change_made_it_holds_until_the_next() -> None:
    turns = [Turn(MONDAY, "a", "b"), Turn(WEDNESDAY, "b", "c")]
    assert as_it_stood("c", turns, MONDAY) == "b"
    assert as_it_stood("c", turns, TUESDAY) == "b"
    assert as_it_stood("c", turns, WEDNESDAY) == "c"


def test_before_the_first_change_it_was_what_that_change_found() -> None:
    assert as_it_stood("b", [Turn(TUESDAY, "a", "b")], MONDAY) == "a"


def test_two_changes_on_one_day_leave_the_later() -> None:
    turns = [Turn(MONDAY, "a", "b"), Turn(MONDAY, "b", "c")]
    assert as_it_stood("c", turns, MONDAY) == "c"


def test_what_never_changed_is_as_it_is() -> None:
    assert as_it_stood("a", [], MONDAY) == "a"


def test_before_it_was_proposed_an_activity_was_nowhere() -> None:
    moves = [Moved(1, TUESDAY, State.PROPOSED)]
    assert state_on(moves, MONDAY) is None
    assert state_on(moves, TUESDAY) is State.PROPOSED


def test_a_change_from_before_there_were_values_is_read_from_its_words() -> None:
    """Rows from an earlier version hold words only; the day they were written tells the rest."""
    deadline = meant(Agreed.DEADLINE, "31 mars", {}, date(2024, 1, 8), {})
    assert deadline.last == date(2024, 3, 31)
    assert meant(Agreed.GOALS, "Hålla ihop vården", {}, MONDAY, {"hålla ihop vården": 7}) == (7,)


# The same, of a plan on file.


def told_again(town: Town, plan_id: int, day: date) -> Then:
    """The plan as it stood."""
    then = plan_on(on_file(town, plan_id), day)
    assert then is not None
    return then


def on_file(town: Town, plan_id: int) -> OnFile:
    """The plan with all its rows."""
    with reading(town.settings) as session:
        file = whole(session, plan_id)
    assert file is not None
    return file


def test_a_deadline_that_a_move_changed_is_kept_too(town: Town) -> None:
    sip = town.decided(by="2024-06-30")
    town.move(sip, Move.START)
    followed = Brought(result="Halvvägs", figure="4")
    town.move(sip, Move.FOLLOW_UP, followed, today=date(2024, 6, 20))
    further = Brought(deadline=date(2025, 6, 30), deadline_text="juni 2025")
    town.move(sip, Move.CONTINUE, further, today=date(2024, 7, 1))
    (in_june,) = told_again(town, town.plan, date(2024, 6, 25)).activities
    (in_july,) = told_again(town, town.plan, date(2024, 7, 1)).activities
    june = date(2024, 6, 30)
    assert in_june.deadline == Span("2024-06-30", june, june, Precision.DAY)
    assert in_june.state is State.FOLLOWED_UP
    assert (in_july.deadline.text, in_july.state) == ("juni 2025", State.ONGOING)
    assert told_again(town, town.plan, date(2030, 1, 1)) == now(on_file(town, town.plan))


def test_the_same_words_may_come_to_mean_another_year(town: Town) -> None:
    sip = town.activity()
    with transaction(town.settings) as session:
        ask_to_change(session, sip, {"deadline": "mars"}, FRIDA, today=date(2024, 1, 5))
    town.move(sip, Move.DECIDE, Brought(decision_id=town.decision))
    town.move(sip, Move.START, today=date(2024, 2, 1))
    town.move(sip, Move.FOLLOW_UP, Brought(result="x", figure="1"), today=date(2024, 4, 1))
    next_march = Brought(deadline=date(2025, 3, 31), deadline_text="mars")
    town.move(sip, Move.CONTINUE, next_march, today=date(2024, 4, 2))
    days = [
        told_again(town, town.plan, day).activities[0].deadline.last
        for day in (date(2024, 3, 1), date(2024, 4, 2))
    ]
    assert days == [date(2024, 3, 31), date(2025, 3, 31)]


def test_a_goal_that_was_removed_still_stands_in_the_past(town: Town) -> None:
    with transaction(town.settings) as session:
        ask_to_add_goal(session, town.plan, {"text": "Korta köer"}, FRIDA, today=MONDAY)
    with transaction(town.settings) as session:
        goal = session.execute(select(c(Goal).id).where(c(Goal).text == "Korta köer")).scalar_one()
        ask_to_remove_goal(session, town.plan, goal, FRIDA, today=WEDNESDAY)
    then = told_again(town, town.plan, TUESDAY)
    assert then.goals[goal].text == "Korta köer"
    assert goal not in told_again(town, town.plan, WEDNESDAY).goals
    assert goal not in told_again(town, town.plan, MONDAY - timedelta(1)).goals


def test_a_plan_was_not_there_before_it_was_made(town: Town) -> None:
    with transaction(town.settings) as session:
        asked = {"title": "Plan 2025", "group": str(town.alm)}
        plan_id = start_plan(session, asked, FRIDA, today=TUESDAY)
    assert plan_on(on_file(town, plan_id), MONDAY) is None
    assert told_again(town, plan_id, TUESDAY).plan.title == "Plan 2025"


@pytest.mark.parametrize("deed", ["UPDATE plan_change SET by = 'x'", "DELETE FROM plan_change"])
def test_the_history_of_a_plan_is_never_changed(town: Town, deed: str) -> None:
    with transaction(town.settings) as session:
        ask_to_add_goal(session, town.plan, {"text": "Korta köer"}, FRIDA, today=MONDAY)
    with (
        pytest.raises(DBAPIError, match="plan_change is history"),
        transaction(town.settings) as session,
    ):
        session.execute(text(deed))


# Whatever is done to it.

WORDS = st.sampled_from(["", "Nätverk", "Fler möten\noch kortare", "SIP; i tid"])
NAMES = st.sampled_from(["", "Alice", "Alice\nNOSAM Björk", "ordförande i NOSAM Alm; Bob"])
DAYS = st.sampled_from(["", "mars", "hösten 2024", "v. 37", "löpande", "2025-02-28", "kv 2"])
TAGS = st.sampled_from(["", "äldre", "Äldre, barn och unga", "barn och unga"])
WHICH = st.integers(0, 5)
BROUGHT = st.builds(
    Brought,
    reason=st.just("ett skäl"),
    decision_id=st.just(1),
    result=st.just("Bra"),
    figure=st.just("4"),
    outcome=st.just(Outcome.ACHIEVED),
    resume_on=st.just(MONDAY + timedelta(90)),
    stand_in_group_id=st.just(1),
    deadline=st.sampled_from([MONDAY + timedelta(200), MONDAY + timedelta(300)]),
    deadline_text=st.sampled_from(["", "mars"]),
)
CHANGES = st.fixed_dictionaries(
    {"reason": st.just("ett skäl")},
    optional={
        "what": st.sampled_from(["A", "B"]),
        "how": WORDS,
        "follow_up": WORDS,
        "start": DAYS,
        "deadline": DAYS,
        "responsible": NAMES,
        "target_groups": TAGS,
        "funding": st.sampled_from(["", "250 tkr", "400 000 kr, senast 2024-12-31", "senast mars"]),
    },
)
PLAN_FACTS = st.fixed_dictionaries(
    {"title": st.sampled_from(["Plan A", "Plan B"]), "group": st.sampled_from(["1", "2"])},
    optional={
        "first_day": DAYS,
        "cap": st.sampled_from(["", "1", "8"]),
        "purpose": WORDS,
        "target_groups": TAGS,
        "goal_words": st.sampled_from(["", "Fokusområde\nMål"]),
    },
)
GOAL_TEXT = st.sampled_from(["Tillit", "Kontinuitet", "Mobila team"])


def proposed(what: str, deadline: str, tags: str) -> Callable[[Session, int, date], object]:
    given = {"what": what, "deadline": deadline, "target_groups": tags}
    return lambda session, plan, day: ask_to_propose(session, plan, given, FRIDA, today=day)


def moved(which: int, move: Move, brought: Brought) -> Callable[[Session, int, date], object]:
    return lambda session, plan, day: make_move(
        session, nth(session, Activity, plan, which), move, FRIDA, today=day, brought=brought
    )


def changed(which: int, given: dict[str, str]) -> Callable[[Session, int, date], object]:
    return lambda session, plan, day: ask_to_change(
        session, nth(session, Activity, plan, which), given, FRIDA, today=day
    )


def handed_over(which: int, group: int) -> Callable[[Session, int, date], object]:
    return lambda session, plan, day: move_to_group(
        session, [nth(session, Activity, plan, which)], group, FRIDA, today=day, reason="Ny grupp"
    )


def replanned(given: dict[str, str]) -> Callable[[Session, int, date], object]:
    return lambda session, plan, day: ask_to_change_plan(session, plan, given, FRIDA, today=day)


def adopted(group: int, which: int) -> Callable[[Session, int, date], object]:
    def deed(session: Session, plan: int, day: date) -> None:
        if which == 0:
            taken_back = {"adoption": str(nth(session, Adoption, plan, 0))}
            ask_to_take_back_adoption(session, plan, taken_back, FRIDA, today=day)
        else:
            given = {"group": str(group), "adopted_on": str(day), "reference": "§ 1" * which}
            ask_to_adopt(session, plan, given, FRIDA, today=day)

    return deed


def aimed(do: str, words: str, which: int, parent: int) -> Callable[[Session, int, date], object]:
    def deed(session: Session, plan: int, day: date) -> None:
        goal = nth(session, Goal, plan, which) if do != "add" else 0
        above = str(nth(session, Goal, plan, parent)) if parent > 2 else ""
        given = {"text": words, "parent": above}
        match do:
            case "add":
                ask_to_add_goal(session, plan, given, FRIDA, today=day)
            case "change":
                ask_to_change_goal(session, plan, goal, given, FRIDA, today=day)
            case "remove":
                ask_to_remove_goal(session, plan, goal, FRIDA, today=day)
            case "up":
                ask_to_reorder_goal(session, plan, goal, -1, FRIDA, today=day)
            case "connect" | "koppla-bort":
                ticked = {f"activity_{nth(session, Activity, plan, n)}": "ja" for n in (0, parent)}
                given = ticked | {"goal": str(goal), "do": do}
                ask_to_connect(session, plan, given, FRIDA, today=day)

    return deed


def nth(session: Session, table: type[Activity | Goal | Adoption], plan: int, which: int) -> int:
    """One of the plan's own, whichever there are."""
    known = session.execute(
        select(c(table).id).where(c(table).plan_id == plan).order_by(c(table).id)
    ).scalars()
    ids = list(known)
    return ids[which % len(ids)] if ids else 0


DEEDS = st.one_of(
    st.builds(proposed, st.sampled_from("ABC"), DAYS, TAGS),
    st.builds(moved, WHICH, st.sampled_from(list(Move)), BROUGHT),
    st.builds(changed, WHICH, CHANGES),
    st.builds(handed_over, WHICH, st.sampled_from([1, 2])),
    st.builds(replanned, PLAN_FACTS),
    st.builds(adopted, st.sampled_from([1, 2]), st.integers(0, 2)),
    st.builds(
        aimed,
        st.sampled_from(["add", "change", "remove", "up", "connect", "koppla-bort"]),
        GOAL_TEXT,
        WHICH,
        WHICH,
    ),
)


@settings(
    max_examples=size("EVENINGS", 8, 200),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(days=st.lists(st.lists(DEEDS, max_size=8), min_size=1, max_size=5))
def test_every_evening_is_told_again_as_it_was(
    town: Town, days: list[list[Callable[[Session, int, date], object]]]
) -> None:
    with transaction(town.settings) as session:
        asked = {"title": f"Plan {clock.now()}", "group": str(town.alm), "cap": "2"}
        plan_id = start_plan(session, asked, FRIDA, today=MONDAY)
        ask_to_add_goal(session, plan_id, {"text": "Hålla ihop"}, FRIDA, today=MONDAY)
        goal = nth(session, Goal, plan_id, 0)
        first = {
            "what": "Trygg hemgång",
            "responsible": "Alice",
            "deadline": "hösten 2024",
            "follow_up": "Antal",
            f"goal_{goal}": "ja",
        }
        ask_to_propose(session, plan_id, first, FRIDA, today=MONDAY)
    evenings: dict[date, Then] = {}
    for number, deeds in enumerate(days):
        day = MONDAY + timedelta(2 * number)
        for deed in deeds:
            with suppress(Refused), transaction(town.settings) as session:
                deed(session, plan_id, day)
        evenings[day] = now(on_file(town, plan_id))
    file = on_file(town, plan_id)
    assert {day: plan_on(file, day) for day in evenings} == evenings
    assert {day: plan_on(file, day + timedelta(1)) for day in evenings} == evenings
    assert plan_on(file, MONDAY - timedelta(1)) is None
