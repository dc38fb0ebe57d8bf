"""The day's letters in short turns, so that whoever answers meanwhile is not held up.

Two thousand letters take seconds to gather and make. SQLite has one writer, so what is made is made
before the turn to write is asked for, and put on file a few letters at a time. What each letter
says is `morning.py`'s.

What must not be lost by this: people who are asked about the same thing stand in one turn, since a
notice that is marked written is never written about again. A round that dies between two turns
leaves the rest unwritten, for the next one.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import bindparam, select, text
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.columns import c
from models.database import Turns, have_grown, reading, take_turns, transaction
from models.letter import Notice
from notifications.letters import morning, parts
from notifications.letters.morning import Planned, Result
from notifications.letters.owed import in_steps
from notifications.notices import STILL_HOLDS

_MUCH = 1000  # lines of letters, after which the database is told that there are so many more
A_TURN = 40  # letters, unless more people than that are asked about the same things
_TRIES = 3  # how often what changed while it was being written about is looked at anew


def write(settings: Settings, policy: Policy, today: date) -> Result:
    """Write the morning's letters, as `morning.write` does, in transactions of its own.

    1. Drop notices that no longer hold, and take back letters that have not gone.
    2. Gather what is owed and make the letters, holding up nobody.
    3. Queue them a turn at a time; a turn in which something changed meanwhile is left out.
    4. What was left out is gathered anew, with what has changed.
    """
    result = Result()
    for _ in range(_TRIES):
        with transaction(settings) as session:
            take_turns(session, Turns.LETTERS)
            result.outdated += morning.begin(session, today)
        with reading(settings) as session:
            planned = morning.plan(session, settings, policy, today)
        result.without_reader = planned.owed.without_reader
        result.tomorrow = planned.owed.tomorrow
        result.gathered = planned.owed.gathered
        left_out = False
        for whom in turns(planned):
            with transaction(settings) as session:
                take_turns(session, Turns.LETTERS)
                if _changed(session, planned, whom, today):
                    left_out = True
                else:
                    morning.queue(session, settings, today, planned, whom, result)
        with transaction(settings) as session:
            take_turns(session, Turns.LETTERS)
            morning.let_rest(session, planned, today)
            if result.items >= _MUCH:
                have_grown(session, "letter", "letter_item", "link", "notice")
        if not left_out:
            break
    return result


def turns(planned: Planned) -> Iterator[list[int]]:
    """Everybody who has a letter, some at a time; who shares a notice is never parted."""
    turn: list[int] = []
    for together in _together(planned):
        if turn and len(turn) + len(together) > A_TURN:
            yield turn
            turn = []
        turn += together
    if turn:
        yield turn


def _together(planned: Planned) -> list[list[int]]:
    """People by what they share, directly or through others, in the order of their letters."""
    with_whom: dict[int, list[int]] = {}
    by_notice: dict[int, list[int]] = {}
    for person_id, items in planned.owed.by_person.items():
        mine = [person_id]
        for notice_id in (id_ for item in items for id_ in item.notice_ids):
            others = by_notice.get(notice_id, mine)
            if others is not mine:
                mine = _joined(others, mine, with_whom, by_notice)
            by_notice[notice_id] = mine
        with_whom[person_id] = mine
    return [group for person_id, group in with_whom.items() if group[0] == person_id]


def _joined(
    first: list[int],
    second: list[int],
    with_whom: dict[int, list[int]],
    by_notice: dict[int, list[int]],
) -> list[int]:
    """Two groups become one, for everybody in them and everything they share."""
    first += second
    for person_id in second:
        with_whom[person_id] = first
    for notice_id, group in by_notice.items():
        if group is second:
            by_notice[notice_id] = first
    return first


def _changed(session: Session, planned: Planned, whom: list[int], today: date) -> bool:
    """Has anything come to them meanwhile, or does anything they are written about not hold?"""
    if morning.written_to(session, today) & set(whom):
        return True
    wanted = {
        notice_id
        for person_id in whom
        for item in planned.owed.by_person[person_id]
        for notice_id in item.notice_ids
    }
    inside = [id_ for one in whom if one in planned.made for id_ in planned.made[one].part_ids]
    if not parts.still_wait(session, inside):
        return True
    holding = 0
    for some in in_steps(sorted(wanted)):
        holding += len(session.execute(_HOLDING, {"ids": some, "today": today}).all())
    return holding < len(wanted)


_HOLDING = select(c(Notice).id).where(
    c(Notice).id.in_(bindparam("ids", expanding=True)),
    c(Notice).written_on.is_(None),
    c(Notice).settled_on.is_(None),
    text(STILL_HOLDS),
)
