"""Lives a world day by day: rounds, letters, answers; and compares with what the oracle said.

People answer by their habits: the day the letter comes, some days later, or never. All chance comes
from the world's seed.
"""

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select

from intake.lives.registered import ask_to_register
from intake.lives.settling import settle
from models.columns import c
from models.database import reading, transaction
from models.moves import Mover
from models.status import Says, StatusAnswer
from models.undoing import stands
from tests.oracle import sentences
from tests.oracle.claims import Claims
from tests.oracle.days import DAY, letters_go
from tests.oracle.facts import Deed, Log, Task, What, World
from tests.oracle.oracle import Expected, Oracle, Question
from tests.oracle.reading import Read, read
from tests.oracle.stage import Came, Stage

_HIDDEN = re.compile(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Difference:
    """Who read, or did not read, what, on which day."""

    day: date
    who: str
    task: str
    what: str

    def __str__(self) -> str:
        return f"{self.day} {self.who}: {self.task}: {self.what}"


@dataclass
class Coming:
    """Somebody will answer: the day, by which letter."""

    day: date
    who: str
    link: str
    tasks: list[str]


@dataclass
class Player:
    """Plays one world to its end."""

    stage: Stage
    world: World
    log: Log = field(default_factory=Log)
    differences: list[Difference] = field(default_factory=list)
    letters: int = 0
    read: list[tuple[Came, Read]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.world.seed * 7 + 1)
        self.oracle = Oracle(self.world, self.log)
        self.claims = Claims(self.oracle)
        self.coming: list[Coming] = []
        self.settling: list[tuple[date, int]] = []
        self.regretting: list[tuple[date, int, str]] = []

    def play(self) -> None:
        """All days of the world."""
        day = self.world.first
        while day <= self.world.last:
            down = any(first <= day <= last for first, last in self.world.outages)
            if letters_go(day) and not down:
                self.log.ran.append(day)
                self.morning(day)
            self.people(day)
            day += DAY

    # A morning.

    def morning(self, day: date) -> None:
        """What the oracle says, what comes, and how they differ."""
        expected, put = self.oracle.expected(day)
        self.stage.server.down = self.is_down(day)
        came = self.stage.morning(day)
        self.letters += len(came)
        got: set[tuple[str, str, str]] = set()
        here = {letter.to for letter in came if letter.of_own_accord}
        news = {one for one in expected if one.place >= 0}
        for letter in came:
            found = read(letter.text)
            expected |= self.oracle.rides_along(day, letter.to, [*found.own, *found.silent])
            self.read.append((letter, found))
            self.claims.look(day, letter.to, letter.text, found)
            got |= {(letter.to, *each) for each in found.reasons()}
            self.oracle.came(day, letter.to, found.own, found.silent, put.get(letter.to, []))
            self.will_answer(day, letter, found)
        for letter, found in self.read[len(self.read) - len(came) :]:
            self.claims.came(day, letter.to, found)
        gone = self.not_delivered(day, {one.to for one in expected} - here)
        self.oracle.did_not_come({who: put[who] for who in put if who in gone | here}, here)
        self.oracle.told_news(news, (here | {one.to for one in news}) - gone)
        self.oracle.week_waits = {one.to for one in expected if one.why.startswith("week")} & gone
        self.compare(day, {one for one in expected if one.to not in gone}, got)
        writers = [letter.to for letter in came if letter.of_own_accord]
        for who in sorted({one for one in writers if writers.count(one) > 1}):
            self.differences.append(Difference(day, who, "", "two letters in a day"))

    def is_down(self, day: date) -> bool:
        """Is the mail server away?"""
        return any(first <= day <= last for first, last in self.world.no_server)

    def not_delivered(self, day: date, waited: set[str]) -> set[str]:
        """Who was to have a letter and could not: no server, or an address that does not work."""
        if self.is_down(day):
            return waited
        dead = {who for who in waited if self.world.people[who].email in self.stage.server.dead}
        for who in sorted(dead):
            self.log.deeds.append(Deed(day, What.DEAD, by=who))
        return dead

    def compare(self, day: date, expected: set[Expected], got: set[tuple[str, str, str]]) -> None:
        """Person, day and activity, both ways."""
        wanted = {(one.to, one.task, one.why) for one in expected}
        for who, task, why in sorted(wanted - got):
            self.differences.append(Difference(day, who, task, f"missing: {why}"))
        for who, task, why in sorted(one for one in got - wanted if one[2] != "waits"):
            self.differences.append(Difference(day, who, task, f"not foreseen: {why}"))

    # What people do.

    def will_answer(self, day: date, letter: Came, found: Read) -> None:
        """By her habit, the day she answers what she was asked."""
        habit = self.world.people[letter.to].habit
        tasks = [one for one in (*found.own, *found.silent) if one in self.world.tasks]
        if not tasks or not found.link or habit == "never":
            return
        after = 0 if habit == "at once" else self.chance.randint(2, 16)
        some = [task for task in tasks if habit == "at once" or self.chance.random() < 0.7]
        if some:
            self.coming.append(Coming(day + timedelta(days=after), letter.to, found.link, some))

    def people(self, day: date) -> None:
        """After the letters of the day."""
        self.happens(day)
        self.stage.now.set(day, 10)
        for one in [one for one in self.coming if one.day == day]:
            self.answer(day, one)
        self.coming = [one for one in self.coming if one.day > day]
        self.stage.now.set(day, 12)
        for when, place, link in self.regretting:
            if when == day:
                self.take_back(day, place, link)
        self.stage.now.set(day, 14)
        for when, place in [one for one in self.settling if one[0] == day]:
            self.settle(when, place)
        self.settling = [one for one in self.settling if one[0] > day]

    def answer(self, day: date, one: Coming) -> None:
        """Through the link in her letter, as a browser does it."""
        chosen: dict[str, tuple[str, date | None, str]] = {}
        for name in one.tasks:
            chosen[name] = self.says(self.world.tasks[name], day)
        if not self.oracle.reachable(one.who, day):
            return
        if self.chance.random() < 0.2:
            for name, said in chosen.items():
                self.by_phone(day, one.who, self.world.tasks[name], *said)
            return
        page = self.stage.browser.get(one.link).text
        form = {
            name: value
            for name, value in _HIDDEN.findall(page)
            if name.startswith(("form_key", "last_"))
        }
        told = self.parts(one.who, one.tasks, page)
        form |= {field: state for field, (_, _, state) in told.items()}
        for name, (says, proposed, instead) in list(chosen.items()):
            number = self.world.tasks[name].number
            if f'name="says_{number}"' not in page:
                del chosen[name]
                continue
            form[f"says_{number}"] = says
            form[f"date_{number}"] = proposed.isoformat() if proposed else ""
            form[f"instead_{number}"] = instead
        if not chosen and not told:
            return
        receipt = self.stage.browser.post(f"{one.link}/skicka", data=form)
        assert "Det här är sparat" in receipt.text, receipt.text
        for name, (says, proposed, instead) in chosen.items():
            self.answered(Deed(day, What.ANSWER, name, one.who, says, proposed, to=instead))
            if self.world.ring >= 5 and self.chance.random() < 0.12:
                regrets = day + timedelta(days=self.chance.randint(0, 3))
                self.regretting.append((regrets, len(self.log.deeds) - 1, one.link))
        for task, share, state in told.values():
            self.log.deeds.append(Deed(day, What.PART, task, one.who, state, to=share))

    def parts(self, who: str, tasks: list[str], page: str) -> dict[str, tuple[str, str, str]]:
        """How far her parts have come: field -> (activity, part, state)."""
        found = {}
        for name in tasks:
            for share in self.world.tasks[name].shares:
                number = self.stage.ids["share", f"{name}/{share.name}"]
                if share.person != who or f'name="part_{number}"' not in page:
                    continue
                options = re.search(rf'name="part_{number}">(.*?)</select>', page, re.S)
                assert options is not None
                states = [
                    one for one in re.findall(r'value="([^"]+)"', options[1]) if one != "undantagen"
                ]
                found[f"part_{number}"] = (name, share.name, self.chance.choice(states))
        return found

    def happens(self, day: date) -> None:
        """What the world has in store for the day: people leave, hand over, lose their address."""
        self.stage.now.set(day, 9)
        for deed in [one for one in self.world.to_come if one.day == day]:
            if deed.what is What.DEAD:
                said = "550 5.1.1 User unknown"
                self.stage.server.dead[self.world.people[deed.by].email] = said
                continue
            self.stage.does(deed)
            self.log.deeds.append(deed)

    def answered(self, deed: Deed) -> None:
        """It is on file; the process leader may take a stand to it."""
        self.log.deeds.append(deed)
        if deed.proposed or deed.says == "not_me":
            later = deed.day + timedelta(days=self.chance.randint(0, 12))
            self.settling.append((later, len(self.log.deeds) - 1))

    def by_phone(
        self, day: date, who: str, task: Task, says: str, proposed: date | None, instead: str
    ) -> None:
        """She calls the process leader, who writes it down in her name."""
        leader = self.stage.area_of(task).leader
        given = {"who": who, "way": "phone", "says": says}
        given["date"] = proposed.isoformat() if proposed else ""
        given["instead"] = instead
        with transaction(self.stage.settings) as session:
            ask_to_register(session, task.number, given, Mover(leader), today=day)
        said = Deed(day, What.ANSWER, task.what, who, says, proposed, to=instead, way="phone")
        self.answered(said)

    def take_back(self, day: date, place: int, link: str) -> None:
        """She clicked wrong, and takes it back on her own page, while nobody has taken a stand."""
        deed = self.log.deeds[place]
        if any(one.what is What.SETTLE and one.answer == place for one in self.log.deeds):
            return
        if not self.oracle.reachable(deed.by, day):
            return
        number = self.number_of(deed)
        self.stage.browser.post(f"{link}/ta-tillbaka", data={"answer": str(number)})
        with reading(self.stage.settings) as session:
            assert session.get_one(StatusAnswer, number).undone_id is not None
        self.log.deeds.append(Deed(day, What.TAKE_BACK, deed.task, deed.by, answer=place))

    def number_of(self, deed: Deed) -> int:
        """The number that an answer has on file: the newest of that day that says it."""
        row = c(StatusAnswer)
        asked = select(func.max(row.id)).where(
            row.activity_id == self.world.tasks[deed.task].number,
            row.person_id == self.stage.ids["person", deed.by],
            row.on_day == deed.day,
            row.says == Says(deed.says),
            stands(row),
        )
        with reading(self.stage.settings) as session:
            return int(session.execute(asked).scalar_one())

    def says(self, task: Task, day: date) -> tuple[str, date | None, str]:
        """What she says of it, maybe another day, maybe who answers for it instead."""
        if self.world.ring >= 5 and self.chance.random() < 0.06:
            others = [name for name in self.world.people if name != task.person]
            return "not_me", None, self.chance.choice((*others[:6], ""))
        return *self.how_it_goes(task, day), ""

    def how_it_goes(self, task: Task, day: date) -> tuple[str, date | None]:
        """What she says of it, and maybe another day."""
        deadline = self.oracle.deadline(task, day + DAY)
        late = deadline is not None and deadline < day
        dice = self.chance.random()
        coming = day + timedelta(days=self.chance.randint(5, 90))
        if late:
            return ("done", None) if dice < 0.4 else ("late", coming)
        if deadline and dice < 0.15:
            return "late", max(coming, deadline + timedelta(days=30))
        if dice < 0.25:
            return "at_risk", None
        if dice < 0.35:
            return "nothing_new", None
        return ("done", None) if dice > 0.95 else ("on_track", None)

    def settle(self, day: date, place: int) -> None:
        """The process leader says yes or no, if it waits still."""
        proposal = self.log.deeds[place]
        standing = self.oracle.standing(proposal.task, day + DAY)
        if not any(one is proposal for one in standing):
            return
        task = self.world.tasks[proposal.task]
        accept = self.chance.random() < 0.7 and bool(proposal.proposed or proposal.to)
        leader = self.stage.area_of(task).leader
        answer = self.number_of(proposal)
        with transaction(self.stage.settings) as session:
            settle(session, answer, Mover(leader), accept=accept, today=day)
        self.log.deeds.append(
            Deed(
                day,
                What.SETTLE,
                task.what,
                leader,
                proposed=proposal.proposed,
                to=proposal.to,
                accept=accept,
                answer=place,
            )
        )


__all__ = ["Difference", "Player", "Question", "sentences"]
