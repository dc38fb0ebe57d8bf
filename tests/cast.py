"""The cast: Alice chairs NOSAM Alm, Bob and then Charlie NOSAM Björk, Frida leads the process.

`Town` puts them and their activities on file in a line each, through the same doors as everybody.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session

from config import policy, timetable
from config.settings import Settings
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.decision import Decision
from models.group import Collaboration, Group
from models.letter import Letter, LetterItem, LetterPart, LetterState, Notice
from models.lifecycle import Brought, Move, State
from models.moves import Mover, make_move, propose, put_span
from models.person import Person, Role, RoleHolding
from models.plan import Goal, Plan
from models.span import Precision, Span
from notifications import notices, silence
from notifications.letters import morning
from notifications.links import addresses
from notifications.rehearsal import LINES
from rules.marks import filled

FRIDA = Mover("Frida")
_ROWS = count()


@dataclass
class Town:
    """A small collaboration on file."""

    settings: Settings

    def __post_init__(self) -> None:
        with transaction(self.settings) as session:
            area = _add(session, Collaboration(name=self.settings.organisation))
            self.alm = _add(session, Group(collaboration_id=area, name="NOSAM Alm"))
            self.bjork = _add(session, Group(collaboration_id=area, name="NOSAM Björk"))
            self.deciders = _add(session, Group(collaboration_id=area, name="Samordningsgruppen"))
            self.alice = self._lives(session, "Alice", area)
            self.bob = self._lives(session, "Bob", area)
            self.charlie = self._lives(session, "Charlie", area)
            self.frida = self._lives(session, "Frida", area)
            self._holds(session, self.alice, self.alm, Role.CHAIR)
            self._holds(session, self.bob, self.bjork, Role.CHAIR, last=date(2024, 8, 31))
            self._holds(session, self.charlie, self.bjork, Role.CHAIR, first=date(2024, 9, 1))
            self._holds(session, self.frida, self.deciders, Role.PROCESS_LEADER)
            plan = Plan(collaboration_id=area, group_id=self.alm, title="Plan 2024")
            self.plan = _add(session, plan)
            self.goal = _add(session, Goal(plan_id=self.plan, text="Hålla ihop vården"))
            decision = Decision(
                group_id=self.deciders, decided_on=date(2024, 1, 10), reference="§ 3"
            )
            self.decision = _add(session, decision)

    @staticmethod
    def _lives(session: Session, name: str, area: int) -> int:
        email = f"{name.lower()}@example.org"
        return _add(session, Person(name=name, email=email, home_collaboration_id=area))

    def _holds(
        self,
        session: Session,
        person: int,
        group: int,
        role: str,
        first: date | None = None,
        last: date | None = None,
    ) -> None:
        holding = RoleHolding(
            person_id=person, group_id=group, role=role, starts_on=first, ends_on=last
        )
        session.add(holding)

    def holds(self, person: int, group: int, role: str) -> None:
        """Somebody takes a role."""
        with transaction(self.settings) as session:
            self._holds(session, person, group, role)

    def activity(
        self,
        what: str = "Trygg hemgång",
        *,
        by: date | str | None = None,
        precision: Precision = Precision.DAY,
        start: date | None = None,
        group: int | None = None,
        person: int | None = None,
        words: str = "",
        runs_on: date | None = None,
        today: date = date(2024, 1, 2),
        follow_up: str = "Antal möten",
        goal: bool = True,
    ) -> int:
        """A proposed activity, answered for by a group's chair (Alice's, unless told otherwise)."""
        deadline = date.fromisoformat(by) if isinstance(by, str) else by
        row = Activity(
            plan_id=self.plan,
            group_id=self.alm,
            what=what,
            follow_up=follow_up,
            source_key=f"row {next(_ROWS)}",
            state_since=today,
            runs_on=runs_on is not None,
            review_months=6 if runs_on else None,
            next_review_on=runs_on,
        )
        if deadline:
            put_span(row, "deadline", Span(str(deadline), deadline, deadline, precision))
        if start:
            put_span(row, "start", Span(str(start), start, start, Precision.DAY))
        with transaction(self.settings) as session:
            activity_id = propose(session, row, FRIDA, today=today)
            session.add(self._named(activity_id, person, group or self.alm, words))
            if goal:
                session.add(ActivityGoal(activity_id=activity_id, goal_id=self.goal))
        return activity_id

    def proposed_many(self, number: int, *, by: str) -> list[int]:
        """So many proposed activities of Alice's, put on file at once."""
        deadline, today = date.fromisoformat(by), date(2024, 1, 2)
        ids = []
        with transaction(self.settings) as session:
            for at in range(number):
                row = Activity(
                    plan_id=self.plan,
                    group_id=self.alm,
                    what=f"Aktivitet {at}",
                    follow_up="Antal möten",
                    source_key=f"row {next(_ROWS)}",
                    state_since=today,
                )
                put_span(row, "deadline", Span(by, deadline, deadline, Precision.DAY))
                ids.append(propose(session, row, FRIDA, today=today))
                session.add(self._named(ids[-1], None, self.alm, ""))
                session.add(ActivityGoal(activity_id=ids[-1], goal_id=self.goal))
        return ids

    @staticmethod
    def _named(activity: int, person: int | None, group: int, words: str) -> Responsibility:
        if words:
            return Responsibility(activity_id=activity, kind=Answerable.WORDS, words=words)
        if person:
            return Responsibility(
                activity_id=activity, kind=Answerable.PERSON, words="p", person_id=person
            )
        return Responsibility(
            activity_id=activity, kind=Answerable.GROUP, words="g", group_id=group
        )

    def decided(self, *args: Any, **kwargs: Any) -> int:  # noqa: ANN401
        """An activity that has been decided."""
        activity_id = self.activity(*args, **kwargs)
        self.move(activity_id, Move.DECIDE, Brought(decision_id=self.decision))
        return activity_id

    def move(
        self,
        activity_id: int,
        move: Move,
        brought: Brought | None = None,
        today: date = date(2024, 1, 10),
    ) -> State:
        """Frida moves an activity."""
        with transaction(self.settings) as session:
            return make_move(session, activity_id, move, FRIDA, today=today, brought=brought)

    def morning(self, today: date | str) -> morning.Result:
        """A morning round without Prefect around it."""
        day = date.fromisoformat(today) if isinstance(today, str) else today
        promises = policy.load(self.settings.home)
        have_gone(self.settings, day)
        with transaction(self.settings) as session:
            notices.sweep(session, promises, day)
            silence.sweep(session, promises, day)
        with transaction(self.settings) as session:
            return morning.write(session, self.settings, promises, day)

    def lines(self, today: date | str) -> None:
        """Everything that writes to people on one day, in the timetable's order."""
        day = date.fromisoformat(today) if isinstance(today, str) else today
        promises = policy.load(self.settings.home)
        have_gone(self.settings, day)
        for line in timetable.TIMETABLE:
            if line.name in LINES and timetable.runs_on(line, day):
                with transaction(self.settings) as session:
                    LINES[line.name](session, self.settings, promises, day)

    def letters(self) -> list[Any]:
        """Every letter as its reader gets it, oldest first: with links that open."""
        the_morning_ends(self.settings)
        with reading(self.settings) as session:
            found = list(session.execute(select(Letter).order_by(c(Letter).id)).scalars())
            session.expunge_all()
        for letter in found:
            made = addresses(self.settings, letter.link_id, letter.leads_to)
            letter.text, letter.html = filled(letter.text, made), filled(letter.html, made)
        return found

    def rungs(self, activity_id: int) -> list[tuple[str, int]]:
        """(kind, rung) of every notice about an activity."""
        with reading(self.settings) as session:
            rows = session.execute(
                select(c(Notice).kind, c(Notice).rung)
                .where(c(Notice).activity_id == activity_id)
                .order_by(c(Notice).id)
            )
            return [(kind.value, rung) for kind, rung in rows]

    def items(self) -> int:
        """How many rows all letters have together."""
        with reading(self.settings) as session:
            return len(session.execute(select(c(LetterItem).letter_id)).all())

    def change(self, activity_id: int, **values: Any) -> None:  # noqa: ANN401
        """Change an activity's columns behind everybody's back."""
        with transaction(self.settings) as session:
            session.execute(update(Activity).where(c(Activity).id == activity_id).values(**values))

    def state(self, activity_id: int) -> State:
        """Where an activity is."""
        with reading(self.settings) as session:
            query = select(c(Activity).state).where(c(Activity).id == activity_id)
            return State(session.execute(query).scalar_one())


def have_gone(settings: Settings, today: date) -> None:
    """Without a mail server, letters of earlier days have been kept as files by now."""
    if settings.smtp_host:
        return
    with transaction(settings) as session:
        session.execute(
            update(Letter)
            .where(c(Letter).on_day < today, c(Letter).state == LetterState.QUEUED)
            .values(
                state=LetterState.KEPT,
                done_at=c(Letter).queued_at,
                went_on=c(Letter).on_day,
            )
        )


def the_morning_ends(settings: Settings) -> None:
    """The day's letters are made, if anything but notices waits to stand in one."""
    waiting = select(func.max(c(LetterPart).on_day)).where(
        c(LetterPart).letter_id.is_(None), c(LetterPart).dropped_on.is_(None)
    )
    with reading(settings) as session:
        day = session.execute(waiting).scalar()
    if day is None:
        return
    have_gone(settings, day)
    with transaction(settings) as session:
        morning.write(session, settings, policy.load(settings.home), day)


def _add(session: Session, row: Any) -> int:  # noqa: ANN401
    session.add(row)
    session.flush()
    return int(row.id)
