"""What people wrote in their answers gets a yes or a no before others than the leader read it.

What becomes of the words in a report is `reports/rollup/listed.py`. An answer itself is never
changed: its own words stand in the activity's history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlmodel import Session

from intake.personnummer import holds, refusal
from models.columns import c
from models.moves import Mover, Refused
from models.released import words_wait
from models.status import ReleasedWords, StatusAnswer

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class SaidYes:
    """The words of an answer as the process leader lets them stand; none when kept out."""

    answer_id: int
    words: str


def release(session: Session, chosen: Iterable[SaidYes], mover: Mover, *, today: date) -> int:
    """Let words stand in reports, or keep them out. Returns how many were settled now.

    What somebody else has settled meanwhile stays as it is. Raises `Refused`, and nothing is kept,
    when mended words hold a personnummer or are too long.
    """
    asked = {one.answer_id: one.words.strip() for one in chosen}
    for words in asked.values():
        if holds(words):
            raise Refused([refusal(words)])
        if len(words) > LONGEST:
            raise Refused([f"Texten är för lång. Högst {LONGEST} tecken får plats."])
    waiting = session.execute(
        select(c(StatusAnswer).id, c(StatusAnswer).text).where(
            c(StatusAnswer).id.in_(asked), words_wait()
        )
    ).all()
    rows = [
        {
            "answer_id": answer_id,
            "words": asked[answer_id],
            "edited": _as_one_line(asked[answer_id]) != _as_one_line(text),
            "on_day": today,
            "by": mover.name or "processledaren",
        }
        for answer_id, text in waiting
    ]
    if rows:
        session.execute(insert(ReleasedWords), rows)
    return len(rows)


def _as_one_line(words: str) -> str:
    """Browsers end lines in their own way: that mends nothing."""
    return " ".join(words.split())
