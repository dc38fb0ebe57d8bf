"""A letter that has waited a while gets the words of the moment when it is claimed to be sent.

Only where it has certainly not gone (`unsent.py`). It keeps its row, its day and its link.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from config.policy import Policy
from config.settings import Settings
from models.columns import c
from models.database import Turns, take_turns
from models.letter import Letter, LetterState
from models.letter_kinds import LetterKind
from notifications import silence
from notifications.letters import morning
from notifications.letters.owed import drop_outdated
from notifications.letters.unsent import free
from notifications.outbox import by_hand

NOTHING_LEFT = "Inget i brevet gällde längre när det skulle gå."


def make_anew(
    session: Session, settings: Settings, policy: Policy, letter_ids: Sequence[int], today: date
) -> int:
    """Give letters of one day, which somebody has claimed, the words of now. How many are left.

    Of one in which nothing holds any more the row stays, and says so.
    """
    take_turns(session, Turns.LETTERS)
    silence.settle(session, today)
    letter = c(Letter)
    asked = select(letter.id, letter.person_id).where(letter.id.in_(letter_ids))
    kept = 0
    # She may have the day's and one by hand, each with what is its own.
    for kind in (LetterKind.MORNING, LetterKind.AGAIN):
        whose = session.execute(asked.where(letter.kind == kind)).all()
        if whose:
            kept += _of_a_kind(session, settings, policy, kind, whose, today)
    return kept


def _of_a_kind(
    session: Session,
    settings: Settings,
    policy: Policy,
    kind: LetterKind,
    whose: Sequence[Row[Any]],
    today: date,
) -> int:
    freed = free(session, [row.id for row in whose])
    drop_outdated(session, today)
    planned = morning.plan(session, settings, policy, today, had_today=set(), only=freed)
    kept = [row for row in whose if row.person_id in planned.made]
    if kind == LetterKind.AGAIN:
        for row in kept:
            made = planned.made[row.person_id]
            planned.made[row.person_id] = replace(made, words=by_hand(made.words))
    for letter_id, person_id in kept:
        values = morning.as_written(settings, person_id, planned.made[person_id], today)
        name, address = planned.people[person_id]
        _put(session, letter_id, **values, to_name=name, to_address=address)
    morning.put_in(session, settings, today, planned, kept)
    morning.let_rest(session, planned, today)
    for letter_id in {row.id for row in whose} - {letter_id for letter_id, _ in kept}:
        _put(session, letter_id, state=LetterState.EMPTY, server_said=NOTHING_LEFT)
    return len(kept)


def _put(session: Session, letter_id: int, **values: object) -> None:
    session.execute(
        update(Letter)
        .where(c(Letter).id == letter_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
