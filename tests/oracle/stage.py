"""Plays a world on a real installation: rounds, postman, SMTP, pages; only the clock is moved.

A day is a morning (the rounds, if the machine is up and the day is no quiet one) and what people do
after it. All goes through the doors that people and clocks use.
"""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from sqlmodel import Session

from cli.mailbox import a_free_port
from config import clock, policy, timetable
from config.settings import Settings
from flows import quarter_close, year_close
from intake.lives.parts import ask_to_put_parts
from intake.people.delegation import delegate
from intake.people.last_day import leave
from intake.people.persons import By
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.database import transaction
from models.decision import Decision
from models.group import Collaboration, Group
from models.lifecycle import Brought, Move
from models.moves import Mover, make_move, propose, put_span
from models.part import Part
from models.person import Person, RoleHolding
from models.plan import Goal, Plan
from models.span import Precision, Span
from models.status_round import Meeting
from notifications.postman import Postman
from notifications.rehearsal import LINES
from tests.conftest import browse
from tests.oracle.facts import Deed, Life, Task, What, World
from web.app import create_app

HERE = ZoneInfo("Europe/Stockholm")


@dataclass
class Came:
    """A letter that the mail server took."""

    day: date
    to: str  # the person's name
    message: EmailMessage

    @property
    def text(self) -> str:
        """Its text part."""
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    @property
    def of_own_accord(self) -> bool:
        """Is it the day's letter, which nobody asked for?"""
        return "högst ett om dagen" in self.text


class Server:
    """A mail server on loopback: takes letters, or says what a world has it say."""

    def __init__(self) -> None:
        self.port = a_free_port()
        self.came: list[tuple[str, EmailMessage]] = []
        self.dead: dict[str, str] = {}  # addresses, and what is said of them
        self.down = False

    def open(self) -> None:
        """Begin to listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()

    async def handle_MAIL(self, _s: Any, _x: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: ANN401, N802
        """The sender is named."""
        if self.down:
            return "421 4.3.2 Service not available"
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, _s: Any, _x: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: ANN401, N802
        """A recipient is named."""
        if address in self.dead:
            return self.dead[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        """The letter itself."""
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.came.append((envelope.rcpt_tos[0], message))
        return "250 taken"


class Time:
    """The clock on the wall, moved by hand."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = datetime(2024, 1, 1, tzinfo=HERE)
        patch.setattr(clock, "now", lambda: self.moment.astimezone(ZoneInfo("UTC")))
        patch.setattr(clock, "today", lambda pretended=None: pretended or self.moment.date())

    def set(self, day: date, hour: int, minute: int = 0) -> None:
        """It is that time of that day."""
        self.moment = datetime.combine(day, time(hour, minute), HERE)


class Stage:
    """One world on file, and how to play it."""

    def __init__(self, world: World, settings: Settings, server: Server, now: Time) -> None:
        self.world, self.settings, self.server, self.now = world, settings, server, now
        self.promises = policy.load(settings.home)
        self.names = {one.email: one.name for one in world.people.values()}
        self.ids: dict[tuple[str, str], int] = {}
        self.came: list[Came] = []
        self.loop = asyncio.new_event_loop()
        self.postman = Postman(settings)
        self.browser = browse(create_app(settings))
        self._taken = 0

    def close(self) -> None:
        """The postman goes home."""
        self.loop.run_until_complete(self.postman.close())
        self.loop.close()

    # What is on file before the first morning.

    def build(self) -> None:
        """Put the world on file, the day before its first."""
        day = self.world.first - timedelta(days=1)
        self.now.set(day, 12)
        with transaction(self.settings) as session:
            for area in self.world.areas:
                self._put("area", area.name, session, Collaboration(name=area.name))
            for circle in self.world.circles.values():
                owner = self.ids["area", circle.area]
                row = Group(collaboration_id=owner, name=circle.name)
                self._put("circle", circle.name, session, row)
            self._build_people(session)
            for task in self.world.tasks.values():
                self._build_task(session, task, day)

    def _build_people(self, session: Session) -> None:
        area_of: dict[str, str] = {}
        for circle in self.world.circles.values():
            for name in (circle.chair, circle.deputy, *circle.members):
                area_of.setdefault(name, circle.area)
        for area in self.world.areas:
            area_of.setdefault(area.leader, area.name)
        for task in self.world.tasks.values():
            for name in (task.person, *(share.person for share in task.shares)):
                area_of.setdefault(name, self.world.circles[task.circle].area)
        for one in self.world.people.values():
            home = self.ids["area", area_of.get(one.name, self.world.areas[0].name)]
            row = Person(name=one.name, email=one.email, home_collaboration_id=home)
            self._put("person", one.name, session, row)
        for circle in self.world.circles.values():
            for role, names in (
                ("ordförande", (circle.chair,)),
                ("vice ordförande", (circle.deputy,)),
                ("ledamot", circle.members),
            ):
                for name in filter(None, names):
                    self._holds(session, name, circle.name, role)
            for day in circle.meetings:
                session.add(Meeting(group_id=self.ids["circle", circle.name], on_day=day))
        for area in self.world.areas:
            self._holds(session, area.leader, area.decides, "processledare")

    def _holds(self, session: Session, name: str, circle: str, role: str) -> None:
        person, group = self.ids["person", name], self.ids["circle", circle]
        session.add(RoleHolding(person_id=person, group_id=group, role=role))

    def _put(self, kind: str, name: str, session: Session, row: Any) -> int:  # noqa: ANN401
        session.add(row)
        session.flush()
        self.ids[kind, name] = int(row.id)
        return int(row.id)

    def _plan(self, session: Session, task: Task) -> tuple[int, int]:
        if ("plan", task.plan) not in self.ids:
            group = self.ids["circle", task.circle]
            area = self.ids["area", self.world.circles[task.circle].area]
            row = Plan(collaboration_id=area, group_id=group, title=task.plan)
            plan = self._put("plan", task.plan, session, row)
            self._put("goal", task.plan, session, Goal(plan_id=plan, text=f"Mål i {task.plan}"))
        return self.ids["plan", task.plan], self.ids["goal", task.plan]

    def _build_task(self, session: Session, task: Task, day: date) -> None:
        plan, goal = self._plan(session, task)
        row = Activity(
            plan_id=plan,
            group_id=self.ids["circle", task.circle],
            what=task.what,
            follow_up="Antal möten",
            source_key=task.what,
            state_since=day,
            runs_on=task.review is not None,
            review_months=task.months,
            next_review_on=task.review,
            funding_last=task.money,
            funding_text=str(task.money or ""),
        )
        if task.by:
            precision = Precision(task.precision)
            put_span(row, "deadline", Span(task.words, task.by, task.by, precision))
        if task.start:
            put_span(row, "start", Span(str(task.start), task.start, task.start, Precision.DAY))
        task.number = propose(session, row, self._leader(task), today=day)
        self.ids["task", task.what] = task.number
        session.add(self._answers(task))
        session.add(ActivityGoal(activity_id=task.number, goal_id=goal))
        for share in task.shares:
            given = {"name": share.name, "responsible": share.person, "deadline": str(share.by)}
            given["ja_deadline"] = "ja"
            ask_to_put_parts(session, task.number, given, self._leader(task), today=day)
            found = select(c(Part).id).where(c(Part).activity_id == task.number)
            number = session.execute(found.where(c(Part).name == share.name)).scalar_one()
            self.ids["share", f"{task.what}/{share.name}"] = number
        if task.life in (Life.DECIDED, Life.ONGOING):
            brought = Brought(decision_id=self._decision(session, task, day))
            make_move(
                session, task.number, Move.DECIDE, self._leader(task), today=day, brought=brought
            )
        if task.life is Life.ONGOING:
            make_move(session, task.number, Move.START, self._leader(task), today=day)

    def _decision(self, session: Session, task: Task, day: date) -> int:
        area = self.area_of(task)
        if ("decision", area.name) not in self.ids:
            group = self.ids["circle", area.decides]
            row = Decision(group_id=group, decided_on=day, reference="§ 3")
            self._put("decision", area.name, session, row)
        return self.ids["decision", area.name]

    def area_of(self, task: Task) -> Any:  # noqa: ANN401
        """The collaboration of an activity."""
        name = self.world.circles[task.circle].area
        return next(area for area in self.world.areas if area.name == name)

    def _leader(self, task: Task) -> Mover:
        name = self.area_of(task).leader
        return Mover(name, self.ids["person", name])

    def _answers(self, task: Task) -> Responsibility:
        if task.person:
            person = self.ids["person", task.person]
            return Responsibility(
                activity_id=task.number, kind=Answerable.PERSON, words=task.person, person_id=person
            )
        group = self.ids["circle", task.circle]
        kind = Answerable.ROLE if task.role else Answerable.GROUP
        words = f"{task.role} i {task.circle}" if task.role else task.circle
        return Responsibility(
            activity_id=task.number, kind=kind, words=words, group_id=group, role=task.role
        )

    def does(self, deed: Deed) -> None:
        """What the process leader registers: a last day, a stand-in, a pause."""
        area = self.world.areas[0]
        mover = Mover(area.leader, self.ids["person", area.leader])
        person = self.ids["person", deed.by]
        with transaction(self.settings) as session:
            if deed.what is What.MOVE:
                number = self.world.tasks[deed.task].number
                rests = deed.says == Life.PAUSED.value
                stand_in = self.ids["circle", deed.to] if rests else None
                brought = Brought(
                    reason="Väntar" if rests else "",
                    resume_on=deed.until,
                    stand_in_group_id=stand_in,
                )
                move = Move.PAUSE if rests else Move.RESUME
                make_move(session, number, move, mover, today=deed.day, brought=brought)
            elif deed.what is What.LEAVE:
                given = {"left_on": str(deed.until)}
                leave(session, person, given, mover, today=deed.day, by=By.ADMINISTRATOR)
            else:
                days = {"first_day": str(deed.proposed), "last_day": str(deed.until)}
                delegate(session, person, {"delegate": deed.to} | days, mover, today=deed.day)

    # The days.

    def morning(self, day: date) -> list[Came]:
        """The rounds of a morning, and what the postman brings. Returns what came."""
        self.now.set(day, 5, 20)
        quarter_close.make_due(self.settings, day)
        quarter_close.send_unsent(self.settings, day)
        year_close.make_due(self.settings, day)
        year_close.send_unsent(self.settings, day)
        self.now.set(day, 6, 10)
        for line in timetable.TIMETABLE:
            if line.name in LINES and timetable.runs_on(line, day):
                with transaction(self.settings) as session:
                    LINES[line.name](session, self.settings, self.promises, day)
        return self.post(day, 6, 15)

    def post(self, day: date, hour: int, minute: int = 0) -> list[Came]:
        """The postman walks once."""
        self.now.set(day, hour, minute)
        self.loop.run_until_complete(self.postman.post())
        fresh = self.server.came[self._taken :]
        self._taken = len(self.server.came)
        came = [Came(day, self.names[to], message) for to, message in fresh]
        came.sort(key=lambda one: one.to)
        self.came += came
        return came


LINK = re.compile(r"https?://[^/\s]+(/svar/[^\s?]+)")


@contextmanager
def staged(world: World, settings: Settings, patch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A world on file, with a mail server that is up."""
    server = Server()
    server.open()
    mail = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "mail_from": "foljsam@example.org"}
    told = settings.model_copy(update=mail | {"organisation": world.areas[0].name})
    stage = Stage(world, told, server, Time(patch))
    try:
        stage.build()
        yield stage
    finally:
        stage.close()
        server.close()
