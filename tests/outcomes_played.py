"""A year's outcomes played into a collaboration, each by the moves, changes, parts and answers that
people would have made: through the same doors as everybody.

Two words are ours beside those of the case: `ordinary` and `absorbed` say how something ended.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from config import clock
from intake.lives.answers import Asked, Reply, save
from intake.lives.changes import ask_to_change
from intake.lives.moves import ask_to_move
from intake.lives.parts import ask_to_put_parts
from intake.lives.words import SaidYes, release
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.database import transaction
from models.group import Group
from models.letter import Link
from models.lifecycle import Move
from models.moves import Mover, propose, put_span
from models.plan import Goal, Plan
from models.span import Span
from models.status import Says, StatusAnswer
from rules.fates import Fate
from rules.swedish_dates import read
from tests.cast import FRIDA, Town

DECIDED = "Samordningsgruppen, 2024-12-09, § 3"
OWN = Path(__file__).parent / "data" / "outcomes.json"

# What the report calls what the case calls an outcome. "Goes on" is also what goes on as ordinary
# work, and what was ended in one form may go on inside another plan.
FATES = {
    "started": {Fate.STARTED},
    "starts_later": {Fate.STARTS_LATER},
    "planned": {Fate.PLANNED},
    "continued": {Fate.CONTINUES, Fate.ORDINARY},
    "extended": {Fate.EXTENDED},
    "paused": {Fate.PAUSED},
    "ended": {Fate.ENDED},
    "delayed": {Fate.RETURNED},
    "carried_out": {Fate.DONE},
    "partly_decided": {Fate.PARTLY_DECIDED},
    "not_followed_up": {Fate.NOT_FOLLOWED_UP},
    "ordinary": {Fate.ORDINARY},
    "absorbed": {Fate.ENDED},
    "carried_over": {Fate.CARRIED_OVER},
}
# Where the note of a case says more than its outcome does: it is played as what the note says.
PLAYED_AS = {"U15": "absorbed", "U16": "ordinary"}


def outcomes(path: Path = OWN) -> list[dict[str, Any]]:
    """The outcomes of a file."""
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["outcomes"]
    return found


@dataclass
class Year:
    """Plays outcomes into a town's 2025."""

    town: Town

    def __post_init__(self) -> None:
        with transaction(self.town.settings) as session:
            area = session.execute(select(c(Plan).collaboration_id)).scalar_one()
            self.area = int(area)
            self.next_plan = _put(session, self._plan(self.town.deciders, "Plan 2026", 2026))
            self.link = _put(
                session,
                Link(person_id=self.town.alice, made_at=clock.now(), expires_at=clock.now()),
            )

    def _plan(self, group: int, title: str, year: int) -> Plan:
        return Plan(
            collaboration_id=self.area,
            group_id=group,
            title=title,
            first_day=date(year, 1, 1),
            last_day=date(year, 12, 31),
        )

    def play(self, outcome: Mapping[str, Any]) -> int:
        """One outcome. Returns the activity's number on file."""
        kind = PLAYED_AS.get(outcome["id"], outcome["outcome"])
        with transaction(self.town.settings) as session:
            id_ = self._proposed(session, outcome)
            _PLAYED[kind](_Hand(session, self, id_, outcome["evidence"][0]))
        return id_

    def _proposed(self, session: Session, outcome: Mapping[str, Any]) -> int:
        group, plan, goal = self._group(session, outcome["group"])
        row = Activity(
            plan_id=plan,
            group_id=group,
            what=outcome["activity"],
            follow_up="Berättas i årsrapporten",
            source_key=outcome["id"],
            state_since=date(2024, 12, 2),
        )
        planned = outcome["outcome"] == "planned"
        put_span(row, "deadline", _span("2026 ut" if planned else "2025-12-31"))
        id_ = propose(session, row, FRIDA, today=date(2024, 12, 2))
        session.add(ActivityGoal(activity_id=id_, goal_id=goal))
        session.add(
            Responsibility(
                activity_id=id_,
                kind=Answerable.PERSON,
                words="Alice",
                person_id=self.town.alice,
            )
        )
        session.flush()
        return id_

    def _group(self, session: Session, name: str) -> tuple[int, int, int]:
        """The group, its plan of 2025 and a goal of it, made when they are not there."""
        group = session.execute(select(c(Group).id).where(c(Group).name == name)).scalar()
        if group is None:
            group = _put(session, Group(collaboration_id=self.area, name=name))
        title = f"Plan 2025 {name}"
        plan = session.execute(select(c(Plan).id).where(c(Plan).title == title)).scalar()
        if plan is None:
            plan = _put(session, self._plan(group, title, 2025))
            _put(session, Goal(plan_id=plan, text="Hålla ihop vården"))
        goal = session.execute(select(c(Goal).id).where(c(Goal).plan_id == plan)).scalar_one()
        return int(group), int(plan), int(goal)


def _put(session: Session, row: Any) -> int:  # noqa: ANN401
    session.add(row)
    session.flush()
    return int(row.id)


def _span(words: str) -> Span:
    return read(words, date(2025, 1, 1))


@dataclass
class _Hand:
    """What people do with one activity."""

    session: Session
    year: Year
    id: int
    words: str

    def move(self, move: Move, day: date, **given: str) -> None:
        ask_to_move(self.session, self.id, move, given, FRIDA, today=day)

    def decided(self, day: date = date(2024, 12, 9)) -> "_Hand":
        self.move(Move.DECIDE, day, decision=DECIDED)
        return self

    def ongoing(self, day: date = date(2024, 12, 10)) -> "_Hand":
        self.decided().move(Move.START, day)
        return self

    def until(self, deadline: str, day: date = date(2024, 12, 10)) -> "_Hand":
        given = {"deadline": deadline, "reason": self.words}
        ask_to_change(self.session, self.id, given, FRIDA, today=day)
        return self

    def starts(self, start: str) -> "_Hand":
        given = {"start": start, "reason": "Så är det planerat"}
        ask_to_change(self.session, self.id, given, FRIDA, today=date(2024, 12, 3))
        return self

    def says(self, says: Says = Says.ON_TRACK) -> None:
        """Alice answers through a link in a letter, and Frida says yes to her words."""
        row = self.session.get_one(Activity, self.id)
        asked = Asked(self.id, row.state, row.runs_on, row.review_months)
        alice = Mover("Alice", self.year.town.alice)
        reply = Reply(asked, says, text=self.words)
        save(self.session, [reply], alice, self.year.link, today=date(2025, 12, 4))
        hers = self.session.execute(
            select(c(StatusAnswer).id).where(c(StatusAnswer).activity_id == self.id)
        )
        let_through = [SaidYes(number, self.words) for number in hers.scalars()]
        release(self.session, let_through, FRIDA, today=date(2025, 12, 5))


def _started(hand: _Hand) -> None:
    hand.until("2026 ut").decided().move(Move.START, date(2025, 9, 1))
    hand.says()


def _continued(hand: _Hand) -> None:
    hand.until("löpande").ongoing().says()


def _planned(hand: _Hand) -> None:
    hand.says()


def _starts_later(hand: _Hand) -> None:
    hand.until("2026 ut").starts("januari 2026").decided(date(2025, 11, 3)).says()


def _extended(hand: _Hand) -> None:
    hand.ongoing().until("2026 ut", date(2025, 10, 2))


def _paused(hand: _Hand) -> None:
    hand.ongoing().move(
        Move.PAUSE,
        date(2025, 4, 14),
        reason=hand.words,
        resume_when="tills vidare",
        stand_in="Samordningsgruppen",
    )


def _delayed(hand: _Hand) -> None:
    hand.decided().move(Move.RETURN, date(2025, 12, 5), reason=hand.words)


def _carried_out(hand: _Hand) -> None:
    hand.ongoing().move(
        Move.FOLLOW_UP, date(2025, 12, 3), result=hand.words, why_no_figure="Räknas inte"
    )


def _over(outcome: str, **given: str) -> Callable[[_Hand], None]:
    def play(hand: _Hand) -> None:
        hand.ongoing().move(
            Move.ABANDON,
            date(2025, 6, 9),
            outcome=outcome,
            reason=hand.words,
            decision="Samordningsgruppen, 2025-06-09, § 12",
            **given,
        )

    return play


def _partly_decided(hand: _Hand) -> None:
    hand.until("2026 ut").decided()
    for name, state, why in (("Ek", "beslutad", ""), ("Alm", "i dialog", hand.words)):
        given = {"name": name, "state": state, "why": why}
        ask_to_put_parts(hand.session, hand.id, given, FRIDA, today=date(2025, 11, 20))


def _not_followed_up(hand: _Hand) -> None:
    hand.ongoing()


def _carried_over(hand: _Hand) -> None:
    hand.ongoing().move(Move.CARRY_OVER, date(2026, 1, 8), next_plan="Plan 2026", reason=hand.words)


_PLAYED: dict[str, Callable[[_Hand], None]] = {
    "started": _started,
    "starts_later": _starts_later,
    "planned": _planned,
    "continued": _continued,
    "extended": _extended,
    "paused": _paused,
    "ended": _over("upphört"),
    "ordinary": _over("ordinarie verksamhet", kept_by="elevhälsan"),
    "absorbed": _over("inarbetad i annan plan", into_plan="Plan 2026"),
    "delayed": _delayed,
    "carried_out": _carried_out,
    "partly_decided": _partly_decided,
    "not_followed_up": _not_followed_up,
    "carried_over": _carried_over,
}
