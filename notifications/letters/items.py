"""What stands in a daily letter, as plain values, and what becomes of the notices behind it."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, or_, select

from models.columns import c
from models.letter import Letter, LetterItem, Notice, NoticeKind
from models.own_way import among
from rules.personnummer import masked


class Weight(IntEnum):
    """What matters first in a letter."""

    SILENT = 1  # somebody else was asked and has not answered
    OVERDUE = 2
    COMING = 3
    LACKING = 4  # asks for what an activity lacks, not how it goes
    TOLD = 5  # asks for nothing


@dataclass(slots=True)
class Item:
    """One thing in a letter: what it is, why it stands there, and how it came to this person.

    About an activity, with its plan and its state; what only tells something has no activity, and
    may have a page of its own.
    """

    what: str
    collaboration_id: int
    due_on: date
    weight: Weight
    activity_id: int | None = None
    how: str = ""
    plan: str = ""
    state: str = ""
    via: str = ""
    why: list[str] = field(default_factory=list)
    notice_ids: list[int] = field(default_factory=list)
    closes_on: date | None = None  # the day that a status round wants the answer by
    missed_on: date | None = None  # its deadline, or a part's, that has passed
    new_deadline: bool = False  # no letter has told of this day before
    passed: bool = False  # all its days had passed before its plan was reminded of
    said: list[str] = field(default_factory=list)  # the newest answer, and what waits for whom
    many: int = 1  # how many activities it is about
    page: str = ""
    link: str = ""  # what the link to the page says
    whole: bool = False  # it is asked about as a whole, and not only a part of it
    number: int | None = None  # by which a reply names it

    def answer_by(self, today: date, in_time: date) -> date:
        """The day to answer by: its own while it is to come, else `in_time`, or the round's."""
        own = self.due_on if self.due_on > today and self.weight is Weight.COMING else in_time
        return own if self.closes_on is None else min(own, self.closes_on)

    def foot(self, once: AbstractSet[str] = frozenset()) -> str:
        """Where it belongs, how it stands, and as what she is asked, unless that is said above."""
        words = self._foot(as_what=as_what(self.via) not in once)
        return "" if words in once else words

    def _foot(self, *, as_what: bool) -> str:
        about = f"{self.plan}. Läge: {self.state}." if self.activity_id is not None else self.plan
        asks = self.activity_id is not None or self.many > 1
        asked = "frågan" if asks else "veta det"
        return f"{about} Du får {asked} som {self.via}.".strip() if self.via and as_what else about


def as_what(via: str) -> str:
    """As what somebody is asked about everything in a letter."""
    return f"Du får frågorna som {via}."


def told_once(items: Sequence[Item], before: AbstractSet[str] = frozenset()) -> list[str]:
    """What all of some questions have in common: their reasons, their plan and state; said once.

    `before` is what is said above already.
    """
    asked = [item for item in items if item.activity_id is not None]
    if len(asked) < 2 or len(asked) < len(items):
        return []
    first = asked[0]
    lines = [why for why in first.why if all(why in item.why for item in asked)]
    foot = first.foot(before)
    if foot and all(item.foot(before) == foot for item in asked):
        lines.append(foot)
    return lines


def number(items: Sequence[Item], most: int) -> None:
    """Number what a letter asks about, in the order that it stands there, for who replies to it.

    Only whole activities of their own: what a reply may say is what the page behind the link takes.
    """
    asked = [item for item in items if item.weight < Weight.LACKING][:most]
    told = [item for item in asked if item.activity_id is not None and item.whole]
    for place, item in enumerate(sorted(told, key=lambda item: item.weight), 1):
        item.number = place


def told_about(row: Any, day: date, why: list[str]) -> Item:  # noqa: ANN401 - a row
    """What only tells something about an activity: `row` has its words, plan and collaboration."""
    return Item(
        what=masked(row.what),
        plan=row.plan,
        collaboration_id=row.collaboration_id,
        due_on=day,
        weight=Weight.TOLD,
        why=why,
    )


def asked_about(link_id: int | BindParameter[int]) -> Select[tuple[int | None]]:
    """The activities that the letter with that link asks about as a whole.

    From the letter to its notices, a step at a time: joined, a plan that was kept from before a
    morning's letters were written reads all of them for each.
    """
    of_the_whole = or_(c(Notice).part_id.is_(None), c(Notice).kind == NoticeKind.SILENCE)
    letter = select(c(Letter).id).where(c(Letter).link_id == link_id)
    items = select(c(LetterItem).notice_id).where(among(c(LetterItem).letter_id, letter))
    return (
        select(c(Notice).activity_id)
        .where(among(c(Notice).id, items), c(Notice).activity_id.is_not(None))
        .where(of_the_whole, c(Notice).kind.not_in((NoticeKind.LACK, NoticeKind.UNDONE)))
    )


def waits(only: Collection[int] | None) -> ColumnElement[bool]:
    """That a notice waits to be written about, and is one of these if some are given."""
    waiting = c(Notice).written_on.is_(None)
    return waiting if only is None else waiting & c(Notice).id.in_(only)


@dataclass(slots=True)
class Owed:
    """What stands in the letters of the day, by person, and what became of the rest."""

    by_person: dict[int, list[Item]] = field(default_factory=dict)
    written: list[int] = field(default_factory=list)
    nobody_left: list[int] = field(default_factory=list)  # what there is nobody to tell of
    told_before: list[int] = field(default_factory=list)  # stand in all their readers' letters
    without_reader: int = 0
    tomorrow: int = 0
    gathered: int = 0  # waits for the week's letter
