"""A letter that did not come is sent again when somebody asks: with the words of that day.

The day's letter is made anew from what still holds and she has not been told since, beside the one
that she may have had today, at most one a day, and told as such. A letter of another kind goes as
it was, with a fresh link (`notifications/outbox.py`).
"""

from dataclasses import replace
from datetime import date

from sqlalchemy import select, update
from sqlmodel import Session

from config import clock
from config.policy import Policy
from config.settings import Settings
from models.columns import c
from models.database import Turns, take_turns
from models.letter import Letter, LetterItem, Notice
from models.letter_kinds import LetterKind
from notifications.letters import morning, parts
from notifications.letters.morning import KIND, Result
from notifications.letters.owed import drop_outdated
from notifications.outbox import by_hand, had_by_hand, send_again

LOST = parts.LOST


def again(
    session: Session, settings: Settings, policy: Policy, letter_id: int, today: date
) -> int | None:
    """Send one letter again. Its number, or None when nothing is left to send or it is on its way.

    1. What stood in it, and in no later letter of hers that may have come, waits anew.
    2. What no longer holds of it is dropped, and her letter made of the rest, links and all. Who
       has been sent one by hand today gets it in tomorrow's.
    3. The lost letter is seen to; one of another kind that cannot go before tomorrow is not.
    """
    letter = session.get_one(Letter, letter_id)
    if letter.state not in LOST or not _is_made_of_notices(letter):
        number = send_again(session, settings, letter_id, today)
        waits_for_tomorrow = number is None and had_by_hand(session, letter.person_id, today)
        if letter.state in LOST and not waits_for_tomorrow:
            letter.seen_to_at = clock.now()
        return number
    if letter.seen_to_at is not None:
        return None
    take_turns(session, Turns.LETTERS)
    letter.seen_to_at = clock.now()
    session.flush()
    waits = _wait_anew(session, letter_id, letter.person_id, today)
    drop_outdated(session, today, waits)
    if had_by_hand(session, letter.person_id, today):
        return None
    planned = morning.plan(session, settings, policy, today, had_today=set(), only=waits)
    made = planned.made.get(letter.person_id)
    if made is None:
        return None
    planned.made[letter.person_id] = replace(made, words=by_hand(made.words))
    result = Result()
    whom = [letter.person_id]
    morning.queue(session, settings, today, planned, whom, result, LetterKind.AGAIN)
    return result.letter_ids[0] if result.letter_ids else None


def _is_made_of_notices(letter: Letter) -> bool:
    """Is it a day's letter, or one that was made by hand instead of it? A copy is only words."""
    return letter.kind == KIND or (letter.kind == LetterKind.AGAIN and letter.made_at is not None)


def _wait_anew(session: Session, letter_id: int, person_id: int, today: date) -> list[int]:
    """Let what stood in a lost letter wait, where she has not been told of it since; which notices.

    What waits already is among them.
    """
    lost = select(c(LetterItem).notice_id).where(c(LetterItem).letter_id == letter_id)
    told = (
        select(c(LetterItem).notice_id)
        .join(Letter, c(Letter).id == c(LetterItem).letter_id)
        .where(c(Letter).person_id == person_id, c(Letter).state.not_in(LOST))
        .where(c(LetterItem).notice_id.in_(lost))
    )
    parts.wait_at_once(session, letter_id, today)
    waits = session.execute(
        update(Notice)
        .where(c(Notice).id.in_(lost), c(Notice).id.not_in(told))
        .where(c(Notice).settled_on.is_(None))
        .values(written_on=None)
        .returning(c(Notice).id)
        .execution_options(synchronize_session=False)
    )
    return list(waits.scalars())
