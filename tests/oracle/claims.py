"""Every sentence of a letter, held against what was played: asked when, answered by whom.

A sentence that no pattern knows is a false one until somebody has looked at it: the list of them
(`sentences.py`) is whole, or the test fails. What a sentence says is read from the letter alone;
whether it is so, from the log.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.facts import Deed, Task, What
from tests.oracle.oracle import Oracle
from tests.oracle.reading import LINK, SILENT, WHY, Read, Row

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni", "juli"),
    *("augusti", "september", "oktober", "november", "december"),
)
NUMBERS = (
    *(
        "noll",
        "en",
        "två",
        "tre",
        "fyra",
        "fem",
        "sex",
        "sju",
        "åtta",
        "nio",
        "tio",
        "elva",
        "tolv",
    ),
)
SAYS = {
    "on_track": "Går enligt plan",
    "at_risk": "Osäkert om vi hinner",
    "late": "Försenat",
    "done": "Klart",
    "nothing_new": "Inget nytt sedan sist",
    "not_me": "Inte mitt ansvar",
}
D = r"\d{1,2} [a-zåäö]+ \d{4}"


def day_of(words: str) -> date:
    """ "3 december 2024" -> the day."""
    number, month, year = words.split()
    return date(int(year), MONTHS.index(month) + 1, int(number))


def number_of(words: str) -> int:
    """ "Tre" or "14" -> the number."""
    low = words.lower()
    return (
        int(low) if low.isdecimal() else NUMBERS.index({"ett": "en", "ingen": "noll"}.get(low, low))
    )


def distance(today: date, day: date) -> str:
    """How far off a day is, in words."""
    left = (day - today).days
    near = {0: "i dag", 1: "i morgon", -1: "i går"}
    return near.get(left) or (f"om {left} dagar" if left > 0 else f"för {-left} dagar sedan")


@dataclass
class Told:
    """A sentence in its place: whose letter, which day, about which activity."""

    day: date
    to: str
    line: str
    row: Row | None
    read: Read
    claims: "Claims"
    heading: str = ""

    def rows(self) -> list[Row]:
        """What it is said of: its own row, or all of its heading's that ask for something."""
        if self.row is not None:
            return [self.row]
        asked = [row for row in self.read.asked if not row.told]
        return [row for row in asked if not self.heading or row.heading == self.heading]

    @property
    def oracle(self) -> Oracle:
        """What is known of the world."""
        return self.claims.oracle

    @property
    def task(self) -> Task:
        """The activity that the sentence is about."""
        assert self.row is not None
        return self.oracle.world.tasks[self.row.what]

    def newest(self) -> Deed | None:
        """The newest answer about it before this morning."""
        answers = self.oracle.answers(self.task.what, self.day)
        return answers[-1] if answers else None


Check = Callable[[Told, re.Match[str]], bool]
PATTERNS: list[tuple[re.Pattern[str], Check]] = []


def says(pattern: str) -> Callable[[Check], Check]:
    """A sentence that letters hold, and how it is checked."""

    def kept(check: Check) -> Check:
        PATTERNS.append((re.compile(pattern + "$"), check))
        return check

    return kept


def always(pattern: str) -> None:
    """A sentence that claims nothing of the world."""
    PATTERNS.append((re.compile(pattern + "$"), lambda _told, _found: True))


STANDS_IN = re.compile(
    rf"(?:Du ersätter (?P<whose>\w+)|(?P<who>\w+) ersätter dig) till och med (?P<until>{D})"
)


@dataclass
class Claims:
    """Reads letters as they come, and keeps the sentences that are not so."""

    oracle: Oracle
    false: list[str] = field(default_factory=list)
    checked: int = 0
    stood: dict[tuple[str, str, str], list[date]] = field(default_factory=lambda: defaultdict(list))
    gone_on: dict[tuple[str, str, str], list[date]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def look(self, day: date, to: str, text: str, read: Read) -> None:
        """Every sentence of a letter. What others had the same morning is not told in it."""
        areas = {area.name for area in self.oracle.world.areas}
        circles = {name.upper() for name in self.oracle.world.circles}
        row: Row | None = None
        rows, heading = iter(read.asked), ""
        for line in text.splitlines():
            if not line.strip() or LINK.search(line) or line in areas or line in circles:
                continue
            if line.startswith("* ") and any(one.what == line[2:] for one in read.asked):
                row = next(rows)
                if row.what not in self.oracle.world.tasks:
                    self._one(Told(day, to, row.what, row, read, self))
                continue
            if not line.startswith(" "):
                row = None
            if line.isupper():
                heading = line
            if (
                line.startswith("Om ")
                and line.endswith(":")
                and line[3:-1] in self.oracle.world.tasks
            ):
                continue
            if line.startswith("Allt går enligt plan"):
                continue
            self._one(Told(day, to, line.strip(), row, read, self, heading))

    def _one(self, told: Told) -> None:
        self.checked += 1
        for pattern, check in PATTERNS:
            found = pattern.match(told.line)
            if found:
                try:
                    right = check(told, found)
                except (KeyError, ValueError, AssertionError, IndexError) as odd:
                    right = False
                    told.line += f" [{type(odd).__name__}]"
                if not right:
                    self._false(told, "not so")
                return
        self._false(told, "no pattern knows it")

    def _false(self, told: Told, why: str) -> None:
        about = f" ({told.row.what})" if told.row else ""
        self.false.append(f"{told.day} {told.to}{about}: {told.line} – {why}")

    def came(self, day: date, to: str, read: Read) -> None:
        """It came: from now on she has been asked."""
        for row in read.asked:
            for share in _shares(row):
                self.stood[row.what, share, to].append(day)
            for share in _silent_shares(row):
                self.gone_on[row.what, share, to].append(day)

    def holds(self, who: str, role: str, day: date) -> bool:
        """Has she the role that a letter says she is asked as, or stands she in for who has?"""
        found = re.fullmatch(rf"ersättare för (\w+)(?: till ({D}))?", role)
        if found is not None:
            until = day_of(found[2]) if found[2] else None
            return self.oracle.stand_in(found[1], day) == who and any(
                one.by == found[1] and one.to == who and until in (None, one.until)
                for one in self.oracle.log.deeds
                if one.what is What.STAND_IN
            )
        found = re.fullmatch(r"(ersättare för \w+, som är )?(.+) i (.+)", role)
        if found is None:
            return False
        circle = self.oracle.world.circles.get(found[3])
        if circle is None:
            return False
        have = {
            "ordförande": [circle.chair],
            "vice ordförande": [circle.deputy],
            "ledamot": list(circle.members),
            "processledare": [
                a.leader for a in self.oracle.world.areas if a.decides == circle.name
            ],
        }.get(found[2], [])
        return any(self.oracle.stand_in(name, day) == who for name in have if name)

    def delegation(self, told: Told) -> Deed | None:
        """Of what a row says that somebody stands in, or None when nobody does."""
        assert told.row is not None
        found = STANDS_IN.fullmatch(told.row.what)
        assert found is not None
        until = day_of(found["until"])
        for one in self.oracle.log.deeds:
            if one.what is not What.STAND_IN or one.until != until or one.day >= told.day:
                continue
            if (found["whose"] == one.by and told.to == one.to) or (
                found["who"] == one.to and told.to == one.by
            ):
                return one
        return None

    def stands_in(self, told: Told, whose: str) -> bool:
        """Is it hers that is handed over?"""
        one = self.delegation(told)
        return one is not None and (one.by == whose or (whose == "du" and one.by == told.to))

    def answered(
        self, task: str, who: str, day: date, said: str, today: date, way: str = ""
    ) -> bool:
        """Did she say that, that day?"""
        return any(
            one.by == who and one.day == day and SAYS[one.says] == said and way in ("", one.way)
            for one in self.oracle.answers(task, today)
        )

    def silent_since(self, task: str, share: str, day: date) -> date:
        """The first day of what nobody has answered."""
        open_ = self.oracle.unanswered(self.oracle.world.tasks[task], day)
        return min(one.day for one in open_ if one.question.share == share)

    def asked_as_told(
        self, task: str, words: str, told: Told, since: date, share: str = ""
    ) -> bool:
        """ "Bo fick frågan 16 och 25 september, Alice 30 september": just those days."""
        said = self._named_with_days(words.replace(" fick frågan ", " "), told.day)
        return said == self._since(self.stood, task, share, since, told.day)

    def told_in_week(self, task: str, share: str, asked: str, gone: str, told: Told) -> bool:
        """Who was asked, and to whom it has gone on since, apart: just those days."""
        since = self.silent_since(task, share, told.day)
        passed_on = self._since(self.gone_on, task, share, since, told.day)
        all_ = self._since(self.stood, task, share, since, told.day)
        own = {
            who: [day for day in days if day not in passed_on.get(who, [])]
            for who, days in all_.items()
        }
        words = asked.replace(" fick frågan ", " ")
        said = self._named_with_days(words, told.day), self._named_with_days(gone, told.day)
        return said == ({who: days for who, days in own.items() if days}, passed_on)

    def _named_with_days(self, words: str, today: date) -> dict[str, list[date]]:
        """ "Bo 16 och 25 september, Alice 30 september" -> the days of each."""
        names = sorted(self.oracle.world.people, key=len, reverse=True)
        said: dict[str, list[date]] = {}
        for piece in re.split(rf"(?:, | och |^)(?=(?:{'|'.join(names)}) )", words):
            if piece:
                name, _, days = piece.partition(" ")
                said[name] = _days(days, today)
        return said

    def _since(
        self,
        stood: dict[tuple[str, str, str], list[date]],
        task: str,
        share: str,
        since: date,
        today: date,
    ) -> dict[str, list[date]]:
        had = {
            who: [one for one in days if since <= one < today]
            for (what, part, who), days in stood.items()
            if what == task and part == share
        }
        return {who: days for who, days in had.items() if days}


def _shares(row: Row) -> set[str]:
    """What of an activity a row asks about: its parts by name, "" for the whole."""
    found = set()
    for line in row.lines:
        part = re.match(r"(\w+) \([\w ]+\): (?:slutdatum|ingen har svarat)", line)
        if part:
            found.add(part[1])
        elif line.startswith("Ingen har svarat") or (
            row.heading != SILENT and any(words.search(line) for words in WHY.values())
        ):
            found.add("")
    return set() if row.told else found


def _silent_shares(row: Row) -> set[str]:
    """What of an activity a row says that nobody has answered: its parts by name, "" for all."""
    found = set()
    for line in row.lines:
        part = re.match(r"(?:(\w+) \([\w ]+\): i|I)ngen har svarat sedan", line)
        if part and not row.told:
            found.add(part[1] or "")
    return found


def _days(words: str, today: date) -> list[date]:
    """ "16 och 25 september, 9 oktober" -> the days, the latest that have been."""
    found: list[date] = []
    waiting: list[tuple[int, int | None]] = []
    for number, month, year in re.findall(r"(\d{1,2})(?: ([a-zåäö]{3,}))?(?: (\d{4}))?", words):
        waiting.append((int(number), int(year) if year else None))
        if month in MONTHS:
            said = int(year) if year else None
            for one, told_year in ((one, its or said) for one, its in waiting):
                when = date(told_year or today.year, MONTHS.index(month) + 1, one)
                if not told_year and when > today:
                    when = when.replace(year=today.year - 1)
                found.append(when)
            waiting = []
    return found
