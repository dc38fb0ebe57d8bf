"""What a played world holds, and what is done in it: the only things the oracle is told.

Days are days. What is done on a day is done after its morning: the letters of that morning do not
know of it. Whoever plays a world writes each deed down here (`Log`); nothing is read back from the
installation's own tables.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass
class Someone:
    """A person in a world, by her first name, which nobody else has."""

    name: str
    email: str
    habit: str = "at once"  # how she answers: at once, late, never


@dataclass
class Circle:
    """A group: whose it is, who leads it, from when to when."""

    name: str
    area: str
    chair: str = ""
    deputy: str = ""
    members: tuple[str, ...] = ()
    meetings: tuple[date, ...] = ()


@dataclass
class Area:
    """A collaboration: its name and who leads its process."""

    name: str
    leader: str
    decides: str  # the group that decides


class Life(StrEnum):
    """Where an activity is, as far as letters care."""

    PROPOSED = "föreslagen"
    DECIDED = "beslutad"
    ONGOING = "pågående"
    FOLLOWED_UP = "uppföljd"
    PAUSED = "pausad"
    ENDED = "avslutad"


@dataclass
class Share:
    """A part of an activity that has a deadline of its own."""

    name: str
    by: date
    person: str
    precision: str = "day"


@dataclass
class Task:
    """An activity as it was put on file.

    `by` is the last day of its deadline, `span` the days it may mean; `person` answers for it, or
    else the group `circle` (`role`: the one who holds that role in it).
    """

    what: str
    circle: str
    plan: str
    by: date | None = None
    precision: str = "day"
    words: str = ""
    start: date | None = None
    review: date | None = None
    months: int | None = None
    money: date | None = None
    person: str = ""
    role: str = ""
    shares: list[Share] = field(default_factory=list)
    life: Life = Life.DECIDED
    number: int = 0  # the installation's number for it


class What(StrEnum):
    """Kinds of deeds."""

    ANSWER = "answer"
    MOVE = "move"
    SETTLE = "settle"
    PART = "part"
    TAKE_BACK = "take back"
    STAND_IN = "stand in"
    LEAVE = "leave"
    MEETING = "meeting"
    DEAD = "dead"  # her address does not work from now on, as the server said that day


@dataclass(frozen=True)
class Deed:
    """Something that was done on a day, after its letters."""

    day: date
    what: What
    task: str = ""
    by: str = ""
    says: str = ""
    proposed: date | None = None
    to: str = ""
    accept: bool | None = None
    until: date | None = None
    way: str = "link"
    answer: int = 0  # which answer is settled, or taken back: its place in the log


@dataclass
class Log:
    """All that was done, in order; mornings on which the rounds ran; letters that came."""

    deeds: list[Deed] = field(default_factory=list)
    ran: list[date] = field(default_factory=list)


@dataclass
class World:
    """A world before its first morning."""

    seed: int
    first: date
    last: date
    areas: list[Area]
    circles: dict[str, Circle]
    people: dict[str, Someone]
    tasks: dict[str, Task]
    outages: list[tuple[date, date]] = field(default_factory=list)
    no_server: list[tuple[date, date]] = field(default_factory=list)
    to_come: list[Deed] = field(default_factory=list)
    ring: int = 4
