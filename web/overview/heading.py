"""A heading of the first page, a line under it, and what one who looks may see of each kind.

What stands under which heading is `attention.py` and `post_and_rounds.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fastapi import Request
from sqlalchemy import ColumnElement, false, true

from models.activity import Activity
from models.columns import c
from models.delegation import StandInWish
from models.edition import Edition
from models.known import called_by
from models.person import Person
from models.plan import Plan
from models.round import SetAside
from rules.access import Viewer
from web.asking.letters import called_here, hers
from web.page import leads, leads_area, led, mine, readable_activities, today_of, viewer_of

SHOWN = 5  # examples under each heading; the rest is unfolded
REST = "/att-se-till"  # the list of one heading
MOST = 100  # of those that no page has all of


Deeds = tuple[tuple[str, str], ...]  # what is pressed (a deed of many at once), what it says


class Line(NamedTuple):
    """One thing under a heading."""

    text: str
    detail: str
    address: str
    activity: int = 0  # one that she may do something about on the spot
    answer: int = 0  # one that waits for her yes, or to be seen
    proposes: bool = False  # another day: she says yes to it


@dataclass(frozen=True, slots=True)
class Part:
    """Which lines of a heading are asked for: those of the first page, or of a page of its list."""

    skip: int = 0
    page: int = 0  # how many; 0: as many as the first page has

    def most(self, *, few: bool = False) -> int:
        """How many lines, at most; `few` where the first page unfolds no more."""
        return self.page or (SHOWN if few else MOST)

    def of(self, lines: Sequence[Line]) -> list[Line]:
        """Those lines, where all are here."""
        return list(lines[self.skip : self.skip + self.most()])


FIRST = Part()


@dataclass(frozen=True, slots=True)
class Attention:
    """One heading of what needs attention: how many, a few of them, and where the rest are."""

    title: str
    number: int
    lines: list[Line]
    grave: bool = False
    more: tuple[str, str] | None = None  # a page where more can be done, and what the link says
    deeds: Deeds = ()
    rest: str = ""  # the page that lists them all


@dataclass(frozen=True, slots=True)
class Seen:
    """What this viewer may see of each kind, as conditions; nothing of letters to a reader.

    And what she asks for: the day it is, and which lines of a heading.
    """

    activities: ColumnElement[bool]
    plans: ColumnElement[bool]
    plans_led: ColumnElement[bool]
    letters: ColumnElement[bool]
    letter_to: ColumnElement[str]  # what she calls the one who got it
    people: ColumnElement[bool]
    rounds: ColumnElement[bool]
    set_aside: ColumnElement[bool]
    words: ColumnElement[bool]
    notes: ColumnElement[bool]
    wishes: ColumnElement[bool]
    called: ColumnElement[str]  # what she calls the person of the row
    leads: bool  # anything at all
    administrator: bool  # reads what a round or a server said, which may name anybody
    today: date
    part: Part = FIRST


def seen_by(request: Request, part: Part = FIRST) -> Seen:
    """What the one who looks may see."""
    everything = viewer_of(request).administrator
    return Seen(
        readable_activities(viewer_of(request)),
        mine(request, c(Plan).group_id),
        led(request, c(Plan).group_id),
        hers(request),
        called_here(request),
        true() if everything else c(Person).home_collaboration_id.in_(viewer_of(request).leads),
        true() if leads(request) else false(),
        of_hers(viewer_of(request)),
        led(request, c(Activity).group_id) if leads(request) else false(),
        leads_area(request, c(Edition).collaboration_id),
        leads_area(request, c(StandInWish).collaboration_id),
        called_by(viewer_of(request).leads),
        leads(request),
        everything,
        today_of(request),
        part,
    )


def of_hers(viewer: Viewer) -> ColumnElement[bool]:
    """What was set aside in the collaborations that she leads; the administrator sees all."""
    if viewer.administrator:
        return true()
    hers: ColumnElement[bool] = c(SetAside).collaboration_id.in_(viewer.leads)
    return hers


def activity_of(line: Line) -> int:
    """The activity that a line is about, also where she may do nothing about it; 0 for none."""
    number = line.address.removeprefix("/aktiviteter/").partition("#")[0]
    return int(number) if number.isdecimal() else 0
