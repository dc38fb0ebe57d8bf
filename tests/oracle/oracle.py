"""Who is to be written to, on which day, about what: by docs/policy.md and config/policy.toml.

Knows a world's facts (`facts.py`), what was done in it (`Log`) and which letters its mail server
took. It asks no table and no code of Följsam's.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.days import (
    DAY,
    POLICY,
    letters_go,
    next_working_day,
    rung_standing,
    working_days_between,
)
from tests.oracle.facts import Deed, Life, Share, Task, What
from tests.oracle.known import Known, in_words, quarter_end

OPEN_TO_ASK = {Life.PROPOSED, Life.DECIDED, Life.ONGOING}
SEVEN, FORTNIGHT, THIRTY, NINETY = (timedelta(days=n) for n in (7, 14, 30, 90))


@dataclass(frozen=True)
class Question:
    """What is asked: an activity's day, one of its parts', or a round's."""

    task: str
    kind: str
    due: date
    rung: int
    share: str = ""

    @property
    def thing(self) -> tuple[str, str, date, str]:
        """The day that the ladder counts to."""
        return self.task, self.kind, self.due, self.share


@dataclass(frozen=True)
class Expected:
    """A person is to read about an activity, and why."""

    to: str
    task: str
    # deadline, start, review, funding, part, round; silence; done, settled, in her place …
    why: str
    place: int = -1  # of the deed that it tells of


@dataclass
class Round:
    """A status round of a group."""

    circle: str
    opened: date
    closes: date
    tasks: set[str]
    occasion: tuple[str, date]


@dataclass
class Asked:
    """A question that stood in a letter which came: to whom, when."""

    question: Question
    day: date
    to: str


@dataclass
class Oracle(Known):
    """Looks at a world day by day, and says what each person is to read."""

    rungs: dict[tuple[str, str, date, str], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    rounds: list[Round] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    told: dict[tuple[str, str, str], list[date]] = field(default_factory=lambda: defaultdict(list))
    old_news: set[int] = field(default_factory=set)
    week_waits: set[str] = field(default_factory=set)  # leaders whose letter did not go
    silent_put: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    told_along: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    # What is asked.

    def holds(self, question: Question, task: Task, day: date) -> bool:
        """Does what somebody has said hold against it? ("When somebody has answered")

        The newest answer counts. "Inte mitt ansvar" answers nothing, and neither does one whose
        proposed day was refused.
        """
        if question.kind == "part":
            told = self.deeds(task.what, day, What.PART)
            return any(
                one.to == question.share
                and day - one.day <= SEVEN
                and (question.due >= day or one.day > question.due)
                for one in told
            )
        answers = self.answers(task.what, day)
        if not answers or answers[-1].says == "not_me":
            return False
        newest = answers[-1]
        if self.verdict(newest, day) is False:
            return False
        fresh = day - newest.day <= SEVEN
        if question.kind != "deadline":
            return fresh or (
                question.kind in ("round", "start") and self.is_near(newest, task, day)
            )
        if question.due < day:
            return fresh and newest.day > question.due
        return fresh or self.goes_as_planned(newest, question.due, day)

    def goes_as_planned(self, newest: Deed, due: date, day: date) -> bool:
        """Is it said that a deadline to come will be kept, and is that to be believed still?"""
        agreed = self.verdict(newest, day) is True and newest.proposed == due
        calm = newest.says in ("on_track", "nothing_new") or agreed
        far = due - day > SEVEN and day - newest.day <= NINETY
        return calm and (far or day - newest.day <= FORTNIGHT)

    def is_near(self, newest: Deed, task: Task, day: date) -> bool:
        """Is the deadline near, where the ladder asks, and was it answered of late?"""
        deadline = self.deadline(task, day)
        if deadline is None or abs(deadline - day) > THIRTY:
            return False
        return day - newest.day <= THIRTY and (deadline >= day or newest.day > deadline)

    def ladders(self, task: Task, day: date) -> list[Question]:
        """Which rungs its days stand on."""
        life, found = self.life(task, day), []
        if self.is_done(task.what, day):
            return []
        days = []
        if life in OPEN_TO_ASK:
            days.append(("deadline", self.deadline(task, day), self.precision(task, day)))
            days.append(("review", self.review(task, day), "day"))
            days.append(("funding", task.money, "day"))
        if life is Life.DECIDED:
            days.append(("start", task.start, "day"))
        if (pause := self.pause(task, day)) is not None:
            days.append(("resume", pause.until, "day"))
        for kind, due, precision in days:
            if due is None:
                continue
            rung = rung_standing(kind, precision, due, day)
            if rung is not None:
                found.append(Question(task.what, kind, due, rung))
        for share in task.shares:
            if life in OPEN_TO_ASK and not self.share_over(task, share, day):
                rung = rung_standing("deadline", share.precision, share.by, day)
                if rung is not None:
                    found.append(Question(task.what, "part", share.by, rung, share.name))
        return found

    def share_over(self, task: Task, share: Share, day: date) -> bool:
        """Is a part done or excused?"""
        return self.share_state(task, share.name, day) in ("klar", "undantagen")

    def open_rounds(self, day: date) -> None:
        """Rounds whose time has come that morning."""
        told = POLICY["round"]
        for circle in self.world.circles.values():
            coming = []
            if told["before_quarter"]:
                last = quarter_end(day)
                coming.append(("quarter", last, last - DAY * told["before_quarter"], last))
            for meets in circle.meetings:
                coming.append(("meeting", meets, *self.round_before(meets, day)))
            for occasion, on, opens, closes in coming:  # the quarter's before the meetings'
                if not opens <= day <= closes:
                    continue
                mine = [one for one in self.rounds if one.circle == circle.name]
                if any(one.occasion == (occasion, on) for one in mine):
                    continue
                if any(one.closes >= opens for one in mine):
                    continue
                tasks = {
                    task.what
                    for task in self.world.tasks.values()
                    if task.circle == circle.name
                    and self.life(task, day) in OPEN_TO_ASK
                    and not self.is_done(task.what, day)
                }
                if tasks:
                    tasks -= {what for what in tasks if self.spared(what, closes, day)}
                    self.rounds.append(Round(circle.name, day, closes, tasks, (occasion, on)))

    def round_before(self, meets: date, day: date) -> tuple[date, date]:
        """When the round of a meeting opens and closes, as that morning sees it.

        Where all days to ask are quiet it opens on the last working day before them, and is open as
        long as one that somebody asks for.
        """
        told = POLICY["round"]
        opens = meets - DAY * told["before_meeting"]
        closes = meets - DAY * told["closes_before_meeting"]
        if day < opens and closes < next_working_day(day):
            return day, min(closes, day + DAY * told["open_days"])
        return opens, closes

    def spared(self, what: str, closes: date, day: date) -> bool:
        """What is answered when a round opens, or waits for a yes, is not asked about in it."""
        task = self.world.tasks[what]
        question = Question(what, "round", closes, 0)
        return self.waits_for_yes(what, day) is not None or self.holds(question, task, day)

    def round_questions(self, task: Task, day: date) -> list[Question]:
        """What open rounds ask about it."""
        found = []
        for one in self.rounds:
            if task.what not in one.tasks or one.closes < day:
                continue
            if self.life(task, day) not in OPEN_TO_ASK or self.is_done(task.what, day):
                continue
            if any(answer.day >= one.opened for answer in self.answers(task.what, day)):
                continue
            rung = rung_standing("round", "day", one.closes, day)
            if rung is not None:
                found.append(Question(task.what, "round", one.closes, rung))
        return found

    def is_question(self, question: Question) -> bool:
        """Is it one that goes up the line when nobody answers it?"""
        return question.kind == "round" or question.rung <= POLICY["escalation"]["from_rung"]

    def stands(self, question: Question, day: date) -> bool:
        """Does a question that was put still hold, so that an answer is owed?"""
        task = self.world.tasks[question.task]
        if self.is_done(task.what, day):
            return False
        if question.kind == "round":
            return question in [
                Question(q.task, q.kind, q.due, question.rung)
                for q in self.round_questions(task, day)
            ]
        now = {one.thing for one in self.ladders(task, day)}
        return question.thing in now

    def unanswered(self, task: Task, day: date) -> list[Asked]:
        """Questions about it that came to somebody and that nobody has answered, nor moved it."""
        rests = self.waits_for_yes(task.what, day) is not None
        found = []
        for one in self.asked:
            if one.question.task != task.what or not self.is_question(one.question):
                continue
            share = one.question.share
            since = [
                deed.day
                for deed in self.deeds(task.what, day, What.ANSWER, What.MOVE, What.PART)
                if deed.day >= one.day and (deed.what is not What.PART or deed.to == share)
            ]
            if rests and one.question.kind in ("deadline", "part", "round"):
                continue
            if not since and self.stands(one.question, day):
                found.append(one)
        return found

    def expected(self, day: date) -> tuple[set[Expected], dict[str, list[Question]]]:
        """Everything that is to be read on a morning."""
        self.open_rounds(day)
        found: set[Expected] = set()
        put: dict[str, list[Question]] = defaultdict(list)
        for task in self.world.tasks.values():
            due = [
                one
                for one in self.ladders(task, day) + self.round_questions(task, day)
                if one.rung not in self.rungs[one.thing]
            ]
            if self.waits_for_yes(task.what, day):
                due = [one for one in due if one.kind not in ("deadline", "part", "round")]
            kept = []
            for one in due:
                if self.holds(one, task, day):
                    self.rungs[one.thing].add(one.rung)
                else:
                    kept.append(one)
            if self.was_asked_yesterday(task, day):
                kept = [one for one in kept if one.share or self.may_be_asked_again(task, one, day)]
            for one in kept:
                for name in self.readers(task, one, day):
                    put[name].append(one)
                self.rungs[one.thing].add(one.rung)
        for name, questions in put.items():
            found |= {Expected(name, one.task, one.kind) for one in questions}
        found |= self.silences(day)
        found |= self.news(day)
        found |= self.week(day)
        return found, put

    def readers(self, task: Task, question: Question, day: date) -> list[str]:
        """Who is asked."""
        if question.share:
            share = next(one for one in task.shares if one.name == question.share)
            if self.reachable(share.person, day):
                return [self.stand_in(share.person, day)]
            return self.of_group(task, day)
        return self.responsible(task, day)

    def was_asked_yesterday(self, task: Task, day: date) -> bool:
        """Was it asked about on the working day before?"""
        before = day - DAY
        while not letters_go(before):
            before -= DAY
        return any(
            one.day == before and not one.question.share
            for one in self.asked
            if one.question.task == task.what
        )

    def may_be_asked_again(self, task: Task, question: Question, day: date) -> bool:
        """Two working days in a row only what goes up the line, while nobody has answered."""
        before = max(
            one.day
            for one in self.asked
            if one.question.task == task.what and not one.question.share
        )
        answered = any(one.day >= before for one in self.answers(task.what, day))
        return self.is_question(question) and not answered

    def silences(self, day: date) -> set[Expected]:
        """Whom the questions that nobody has answered go to: of an activity, and of each part."""
        found = set()
        self.silent_put.clear()
        for task in self.world.tasks.values():
            open_ = self.unanswered(task, day)
            for share in {one.question.share for one in open_}:
                mine = [one for one in open_ if one.question.share == share]
                for name in self.next_in_line(task, share, mine, day):
                    found.add(Expected(name, task.what, "silence"))
                    self.silent_put[name, task.what].add(share)
        return found

    def next_in_line(self, task: Task, share: str, open_: list[Asked], day: date) -> list[str]:
        """The chair's step, or the process leader's; nobody who was asked herself meanwhile."""
        told = POLICY["escalation"]
        since = min(one.day for one in open_)
        waited = working_days_between(since, day)
        if waited >= told["process_leader"]:
            step = [self.leader(task, day)]
        elif waited >= told["chair"]:
            step = self.speaking_for(task.circle, day) or [self.leader(task, day)]
        else:
            return []
        asked = {
            one.to
            for one in self.asked
            if one.question.task == task.what and one.question.share == share and one.day >= since
        }
        return [
            name
            for name in step
            if name not in asked
            and not any(when >= since for when in self.told[task.what, name, share])
        ]

    def news(self, day: date) -> set[Expected]:
        """What makes a letter and asks nothing: what is said to be done, and who stands in."""
        found = set()
        for place, deed in enumerate(self.log.deeds):
            if deed.day >= day or place in self.old_news:
                continue
            if deed.what is What.ANSWER and deed.says == "done":
                task = self.world.tasks[deed.task]
                leader = self.leader(task, day)
                if self.life(task, day) not in OPEN_TO_ASK:
                    continue  # it is told when it goes on
                if self.is_done(deed.task, day) and leader != deed.by:
                    found.add(Expected(leader, deed.task, "done", place))
                else:
                    self.old_news.add(place)
            if deed.what is What.STAND_IN and deed.until:
                until = in_words(deed.until)
                told = f"Du ersätter {deed.by} till och med {until}"
                found.add(Expected(deed.to, told, "stands in", place))
                told = f"{deed.to} ersätter dig till och med {until}"
                found.add(Expected(deed.by, told, "stands in", place))
        return found

    def week(self, day: date) -> set[Expected]:
        """What stands in the process leader's week, on the first day of it that rounds run."""
        monday = day - DAY * day.weekday()
        late = any(monday <= one < day for one in self.log.ran)
        found = set()
        for task in self.world.tasks.values():
            leader = self.leader(task, day)
            if late and leader not in self.week_waits:
                continue
            if self.waits_for_yes(task.what, day):
                found.add(Expected(leader, task.what, "week: proposal"))
            open_ = self.unanswered(task, day)
            for share in {one.question.share for one in open_}:
                since = min(one.day for one in open_ if one.question.share == share)
                if working_days_between(since, day) >= POLICY["escalation"]["chair"]:
                    found.add(Expected(leader, task.what, "week: silence"))
        return found

    def rides_along(self, day: date, to: str, own: list[str]) -> set[Expected]:
        """What stands in her next letter, and makes none by itself.

        A question of her own tells the newest answer already.
        """
        found = set()
        for place, deed in enumerate(self.log.deeds):
            if deed.day >= day or place in self.told_along[to] | self.taken_back(day):
                continue
            task = self.world.tasks.get(deed.task)
            if deed.what is What.SETTLE and self.log.deeds[deed.answer].by == to:
                found.add(Expected(to, deed.task, "settled"))
            elif deed.what is What.ANSWER and task and deed.task not in own:
                if deed.by == to and deed.way == "phone":
                    found.add(Expected(to, deed.task, "written down"))
                elif deed.by != to and self.named(task, deed.day) == to:
                    found.add(Expected(to, deed.task, "in her place"))
        return found

    # What came.

    def came(
        self, day: date, to: str, own: list[str], silent: list[str], put: list[Question]
    ) -> None:
        """A letter came: what stood in it has been asked, or told."""
        for question in put:
            if question.task in own:
                self.asked.append(Asked(question, day, to))
        for task in silent:
            for share in self.silent_put[to, task]:
                self.told[task, to, share].append(day)
        before = [place for place, deed in enumerate(self.log.deeds) if deed.day < day]
        self.told_along[to].update(before)

    def told_news(self, expected: set[Expected], came: set[str]) -> None:
        """What was told to anybody it is for is told; a letter that did not go tells nothing."""
        self.old_news |= {one.place for one in expected if one.place >= 0 and one.to in came}

    def did_not_come(self, put: dict[str, list[Question]], came: set[str]) -> None:
        """What stood in letters that did not go, and in nobody else's, is asked anew."""
        had = {question for name in came for question in put.get(name, [])}
        for name in put.keys() - came:
            for question in put[name]:
                if question not in had:
                    self.rungs[question.thing].discard(question.rung)
