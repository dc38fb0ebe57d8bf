"""A period compiled late tells what it would have told on its cut-off day, whatever came after."""

from collections.abc import Callable
from datetime import date
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.lives.changes import ask_to_change
from intake.lives.goal_changes import ask_to_add_goal, ask_to_change_goal
from intake.lives.plan_changes import ask_to_change_plan
from models.database import reading, transaction
from models.edition import ReportKind
from models.lifecycle import Brought, Move, Outcome
from models.moves import Refused
from reports.editions import Of, canonical
from reports.quarter import compile_quarter
from tests.cast import FRIDA, Town
from tests.sizes import size

CUT_OFF, LATER = date(2024, 4, 5), date(2024, 5, 2)
_NEW = count(1)


def told(town: Town) -> str:
    """The first quarter of 2024 as it is frozen, looked at until 5 April."""
    with reading(town.settings) as session:
        return canonical(
            compile_quarter(session, Of(ReportKind.QUARTER, 1, None, "2024Q1"), CUT_OFF)
        )


def changed(town: Town, activity: int, what: str) -> None:
    """Something is agreed anew in May."""
    number = next(_NEW)
    words = {
        "what": f"Omskriven {number}",
        "funding": f"{number} 000 kronor, används senast 2024-11-30" if number % 2 else "",
        "goals": "" if number % 2 else "Hålla ihop vården",
        "target_groups": f"Barn {number}",
        "deadline": f"2024-{7 + number % 5:02}-15" if number % 3 else "löpande",
        "promises": f"Redovisas i årsrapport {2024 + number}" if number % 2 else "",
    }
    given = {what: words[what], "reason": "Nytt läge"}
    with transaction(town.settings) as session:
        ask_to_change(session, activity, given, FRIDA, today=LATER)


def goal_added(town: Town, _: int) -> None:
    """The plan gets a goal in May."""
    with transaction(town.settings) as session:
        words = {"text": f"Nytt mål {next(_NEW)}"}
        ask_to_add_goal(session, town.plan, words, FRIDA, today=LATER)


def goal_renamed(town: Town, _: int) -> None:
    """The plan's first goal is put in other words in May."""
    with transaction(town.settings) as session:
        words = {"text": f"Annat mål {next(_NEW)}", "reason": "Klarare"}
        ask_to_change_goal(session, town.plan, town.goal, words, FRIDA, today=LATER)


def plan_financed(town: Town, _: int, today: date = LATER) -> None:
    """The plan gets other money, in May if no other day is told."""
    words = {"title": "Plan 2024", "group": str(town.alm), "reason": "Nytt beslut"}
    words["funding"] = f"{next(_NEW)} 000 kronor, används senast 2024-11-30"
    with transaction(town.settings) as session:
        ask_to_change_plan(session, town.plan, words, FRIDA, today=today)


def plan_renamed(town: Town, _: int) -> None:
    """The plan gets another name and other days in May."""
    number = next(_NEW)
    words = {"title": f"Plan {number}", "group": str(town.alm), "reason": "Ny period"}
    words |= {"first_day": "2024-04-15", "last_day": f"2024-12-{1 + number % 28:02}"}
    with transaction(town.settings) as session:
        ask_to_change_plan(session, town.plan, words, FRIDA, today=LATER)


def moved(move: Move, brought: Brought) -> Callable[[Town, int], object]:
    """A move in May."""
    return lambda town, activity: town.move(activity, move, brought, today=LATER)


def absorbed(town: Town, activity: int, into: int) -> None:
    """An activity was worked into another one in February."""
    town.move(activity, Move.START)
    result = Brought(result="Samma sak", figure="1")
    town.move(activity, Move.FOLLOW_UP, result, today=date(2024, 2, 1))
    ended = Brought(outcome=Outcome.ABSORBED, into_activity_id=into, reason="Samma sak")
    town.move(activity, Move.END, ended, today=date(2024, 2, 1))


HAPPENINGS: list[Callable[[Town, int], object]] = [
    *(
        lambda town, activity, what=what: changed(town, activity, what)
        for what in ("what", "funding", "goals", "target_groups", "deadline", "promises")
    ),
    plan_renamed,
    goal_added,
    goal_renamed,
    plan_financed,
    moved(Move.START, Brought()),
    moved(Move.FOLLOW_UP, Brought(result="Klart", figure="3")),
    moved(Move.END, Brought(outcome=Outcome.ORDINARY, kept_by="Hemsjukvården", reason="Klart")),
    moved(Move.PAUSE, Brought(reason="Väntar", review_on=date(2024, 9, 1))),
]


@settings(
    max_examples=size("HAPPENINGS", 8, 100),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 2)), max_size=6))
def test_what_happens_after_the_cut_off_moves_no_fact(
    small_town: Town, happened: list[tuple[Callable[[Town, int], object], int]]
) -> None:
    town = small_town
    activities = [
        town.decided("Trygg hemgång", by="2024-05-31"),
        town.decided("SIP för fler", runs_on=date(2024, 5, 20)),
        town.activity("Ny mottagning", by="2024-12-31", goal=False),
    ]
    plan_financed(town, 0, date(2024, 2, 1))
    with transaction(town.settings) as session:
        promised = {"promises": "Redovisas i årsrapport 2024\nRapporteras till AU"}
        ask_to_change(session, activities[0], promised, FRIDA, today=date(2024, 2, 1))
    absorbed(town, town.decided("Hemgång igen", by="2024-03-15"), activities[0])
    before = told(town)
    assert "Hemgång igen" in before
    assert '"due":"2024-12-31"' in before
    for happening, which in happened:
        try:
            happening(town, activities[which])
        except Refused:
            continue
        assert told(town) == before


def test_a_kept_by_of_today_is_not_told_of_a_year_that_was_over(small_town: Town) -> None:
    town = small_town
    hemgang = town.decided("Trygg hemgång", by="2024-02-28")
    town.move(hemgang, Move.START)
    town.move(hemgang, Move.FOLLOW_UP, Brought(result="Fler hemma", figure="4"))
    ended = Brought(outcome=Outcome.ORDINARY, kept_by="Hemsjukvården", reason="Klart")
    town.move(hemgang, Move.END, ended, today=date(2024, 3, 1))
    before = told(town)
    assert "Hemsjukvården" in before
    town.move(
        hemgang,
        Move.REOPEN,
        Brought(decision_id=town.decision, reason="Det höll inte"),
        today=LATER,
    )
    assert told(town) == before
