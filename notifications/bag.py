"""The postman's bag: which letters he carries, and what is written down about each.

The claim keeps other postmen away. A yes of the server is written in his book (`book.py`), for it
decides how fast letters go; everything rarer is an ordinary transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, text, update

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Attachment, Letter, LetterState
from notifications.book import Book
from notifications.outbox import Enclosed
from notifications.presence import Presence
from notifications.smtp import Answer, Verdict
from notifications.unreachable import mark_unreachable

STALE = timedelta(minutes=30)  # a claim older than this is nobody's, whoever made it
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240))
GIVE_UP = 24  # tries that the server itself put off; about three days
NO_SERVER_WAIT = timedelta(minutes=1)

# In the partial index's own words: SQLite uses it for no others, and the letters on file are many.
_IN_THE_OUTBOX = text("letter.state IN ('queued', 'sending')")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that this postman, and no other, now carries."""

    id: int
    person_id: int
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    message_id: str
    reply_to: str
    queued_at: datetime
    attempts: int
    link_id: int | None = None
    leads_to: str = ""


class Bag:
    """What one postman carries. Every method is one transaction; one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._presence = Presence(settings)
        self._book = Book(settings)

    @property
    def name(self) -> str:
        """What stands in `claimed_by`."""
        return self._presence.name

    def fill(self, most: int) -> list[Claimed]:
        """Claim letters that are due, the oldest first; committed before any of them is sent."""
        self._presence.show()
        now = clock.now()
        with transaction(self._settings) as session:
            due = (
                select(c(Letter).id)
                .where(
                    _IN_THE_OUTBOX,
                    c(Letter).not_before <= now,
                    or_(
                        c(Letter).state == LetterState.QUEUED,
                        c(Letter).claimed_at < now - STALE,
                    ),
                )
                .order_by(c(Letter).id)
                .limit(most)
                .with_for_update(skip_locked=True)
            )
            rows = session.execute(
                update(Letter)
                .where(c(Letter).id.in_(due.scalar_subquery()))
                .values(state=LetterState.SENDING, claimed_by=self.name, claimed_at=now)
                .returning(*(getattr(c(Letter), name) for name in Claimed.__slots__))
                .execution_options(synchronize_session=False)
            )
            return sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)

    def take_up_from_the_dead(self) -> int:
        """Put back what killed postmen carried; how many letters it was.

        Whether the server had said yes to one of them is not known: it goes again, with the same
        Message-ID. Better twice than not at all.
        """
        carried = select(c(Letter).claimed_by).where(
            _IN_THE_OUTBOX, c(Letter).state == LetterState.SENDING
        )
        with reading(self._settings) as session:
            names = set(session.execute(carried.distinct()).scalars())
        found = 0
        for name in filter(self._presence.is_dead, names):
            found += self._put_back_from(name, clock.now())
            self._presence.bury(name)
        return found

    def enclosed(self, letters: Sequence[Claimed]) -> dict[int, list[Enclosed]]:
        """The files that go with some letters, by letter."""
        columns = (c(Attachment)[name] for name in Enclosed.__slots__)
        asked = (
            select(c(Attachment).letter_id, *columns)
            .where(c(Attachment).letter_id.in_([letter.id for letter in letters]))
            .order_by(c(Attachment).id)
        )
        files: dict[int, list[Enclosed]] = {}
        with reading(self._settings) as session:
            for letter_id, *file in session.execute(asked):
                files.setdefault(letter_id, []).append(Enclosed(*file))
        return files

    def accepted(self, letter: Claimed, said: str, state: LetterState = LetterState.SENT) -> None:
        """Write down that the server said yes. Raises `NotWritten`.

        Nothing else may be sent until this is done.
        """
        self._book.accepted(letter.id, self.name, state.value, said, clock.now())

    def refused(self, letter: Claimed, answer: Answer) -> None:
        """Write down what the server said instead: again later with back-off, or never."""
        now = clock.now()
        with transaction(self._settings) as session:
            ours = session.execute(
                update(Letter)
                .where(c(Letter).id == letter.id, c(Letter).claimed_by == self.name)
                .where(c(Letter).state == LetterState.SENDING)
                .values(**_outcome(letter, answer, now))
                .returning(c(Letter).id)
            ).first()
            if ours and answer.verdict is Verdict.NO_SUCH_ADDRESS:
                mark_unreachable(session, letter.id, answer.said, now)

    def put_back(self, *, in_a_while: bool = False) -> int:
        """Put everything that is still carried back in the outbox; `in_a_while`: not to go now."""
        pause = NO_SERVER_WAIT if in_a_while else timedelta()
        return self._put_back_from(self.name, clock.now() + pause)

    def close(self) -> None:
        """Put back what is left, and be gone."""
        self._book.close()
        self.put_back()
        self._presence.leave()

    def _put_back_from(self, name: str, not_before: datetime) -> int:
        with transaction(self._settings) as session:
            done = session.execute(
                update(Letter)
                .where(_IN_THE_OUTBOX, c(Letter).state == LetterState.SENDING)
                .where(c(Letter).claimed_by == name)
                .values(state=LetterState.QUEUED, not_before=not_before)
                .execution_options(synchronize_session=False)
            )
            return int(done.rowcount)  # type: ignore[attr-defined]


def _outcome(letter: Claimed, answer: Answer, now: datetime) -> dict[str, Any]:
    outcome: dict[str, Any] = {"attempts": letter.attempts + 1, "server_said": answer.said}
    match answer.verdict:
        case Verdict.NO_SERVER:  # not the letter's fault: costs it no try
            waits = {"attempts": letter.attempts, "not_before": now + NO_SERVER_WAIT}
            return outcome | {"state": LetterState.QUEUED} | waits
        case Verdict.LATER if letter.attempts + 1 < GIVE_UP:
            wait = BACK_OFF[min(letter.attempts, len(BACK_OFF) - 1)]
            return outcome | {"state": LetterState.QUEUED, "not_before": now + wait}
        case _:
            return outcome | {"state": LetterState.FAILED}
