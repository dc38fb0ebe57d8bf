"""The postman's bag: which letters he carries, and what is written down about each.

The claim keeps other postmen away. A yes of the server is written in his book (`book.py`), for it
decides how fast letters go; everything rarer is an ordinary transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select, text, update

from config import clock, policy
from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Attachment, Letter, LetterPart, LetterState
from models.post_hold import nothing_leaves
from models.resting import at_rest
from notifications import stops
from notifications.about import letters_about
from notifications.book import Book
from notifications.letters import anew
from notifications.letters.unsent import certainly_not_gone
from notifications.outbox import Enclosed
from notifications.presence import Presence
from notifications.smtp import Answer
from notifications.unreachable import free_what_never_came, mark_unreachable
from rules.refusals import Verdict

STALE = timedelta(minutes=30)  # a claim older than this is nobody's, whoever made it
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240))
GIVE_UP = 24  # tries that the server itself put off; about three days
NO_SERVER_WAIT = timedelta(minutes=1)
FRESH = timedelta(minutes=10)  # how long the words of a letter that waits are those of now

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
    doubted_at: datetime | None = None
    link_id: int | None = None
    leads_to: str = ""
    from_name: str = ""
    on_day: date | None = None
    made_at: datetime | None = None
    may_have_gone_at: datetime | None = None
    takes_replies: bool = False


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
        """Claim letters that are due, the oldest first; committed before any of them is sent.

        A day's letter that has not gone on the day it was made does not go on another: the next
        morning's holds what holds then. One that has waited a while is made anew, and so is one
        that tells of a collaboration which rests, or has ended, since it was made.

        While the post stands still only a few are claimed, now and then, to see whether it still
        must: those that have waited longest since they were tried.
        """
        letters = self._claim(most)
        return self._with_words_of_now(letters)

    def _claim(self, most: int) -> list[Claimed]:
        self._presence.show()
        now = clock.now()
        midnight = clock.start_of(clock.in_stockholm(now).date())
        with transaction(self._settings) as session:
            due = select(c(Letter).id).where(
                _IN_THE_OUTBOX,
                or_(
                    c(Letter).state == LetterState.QUEUED,
                    c(Letter).claimed_at < now - STALE,
                ),
                or_(~certainly_not_gone(), c(Letter).made_at >= midnight),
            )
            stop = stops.stands(session, self._settings)
            if stop is None:
                due = due.where(c(Letter).not_before <= now).order_by(c(Letter).id)
            elif stops.may_try(session, stop, now):
                most = min(most, stops.A_FEW)
                due = due.order_by(c(Letter).claimed_at.asc().nulls_first(), c(Letter).id)
            else:
                return []
            due = due.limit(most).with_for_update(skip_locked=True)
            rows = session.execute(
                update(Letter)
                .where(c(Letter).id.in_(due.scalar_subquery()))
                .values(
                    state=LetterState.SENDING,
                    claimed_by=self.name,
                    claimed_at=now,
                    # One that somebody else has carried for so long may have gone.
                    may_have_gone_at=case(
                        (
                            c(Letter).state == LetterState.SENDING,
                            func.coalesce(c(Letter).may_have_gone_at, now),
                        ),
                        else_=c(Letter).may_have_gone_at,
                    ),
                )
                .returning(*(getattr(c(Letter), name) for name in Claimed.__slots__))
                .execution_options(synchronize_session=False)
            )
            return sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)

    def _with_words_of_now(self, letters: list[Claimed]) -> list[Claimed]:
        """The letters as they are to go; one in which nothing holds any more is not among them."""
        old = clock.now() - FRESH
        unsaid = [one for one in letters if one.made_at and one.may_have_gone_at is None]
        tell_of_rest = self._about_what_rests(unsaid)
        by_day: dict[date, list[int]] = {}
        for one in unsaid:
            assert one.made_at is not None
            assert one.on_day is not None
            if one.made_at < old or one.id in tell_of_rest:
                by_day.setdefault(one.on_day, []).append(one.id)
        if not by_day:
            return letters
        promises = policy.load(self._settings.home)
        for day, ids in by_day.items():
            with transaction(self._settings) as session:
                anew.make_anew(session, self._settings, promises, ids, day)
        again = select(*(getattr(c(Letter), name) for name in Claimed.__slots__)).where(
            c(Letter).id.in_([one.id for one in letters]),
            c(Letter).state == LetterState.SENDING,
            c(Letter).claimed_by == self.name,
        )
        with reading(self._settings) as session:
            return [Claimed(*row) for row in session.execute(again.order_by(c(Letter).id))]

    def _about_what_rests(self, letters: list[Claimed]) -> set[int]:
        """Which of some letters tell of a collaboration that rests on their day, or has ended."""
        if not letters:
            return set()
        found: set[int] = set()
        with reading(self._settings) as session:
            for day in {one.on_day for one in letters if one.on_day is not None}:
                areas = at_rest(session, day)
                if areas:
                    found |= letters_about(session, [one.id for one in letters], areas)
        return found

    def is_held(self) -> bool:
        """Has somebody said that nothing leaves?"""
        return nothing_leaves(self._settings)

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
            found += self._put_back_from(name, clock.now(), may_have_gone=None)
            self._presence.bury(name)
        return found

    def enclosed(self, letters: Sequence[Claimed]) -> dict[int, list[Enclosed]]:
        """The files that go with some letters, by letter."""
        file, part = c(Attachment), c(LetterPart)
        columns = (file[name] for name in Enclosed.__slots__)
        ids = [letter.id for letter in letters]
        own = select(file.id, file.letter_id).where(file.letter_id.in_(ids))
        of_parts = (
            select(file.id, part.letter_id)
            .join(LetterPart, part.id == file.letter_part_id)
            .where(part.letter_id.in_(ids))
        )
        goes = own.union_all(of_parts).subquery()
        asked = (
            select(goes.c.letter_id, *columns)
            .join(Attachment, file.id == goes.c.id)
            .order_by(file.id)
        )
        files: dict[int, list[Enclosed]] = {}
        with reading(self._settings) as session:
            for letter_id, *enclosed in session.execute(asked):
                files.setdefault(letter_id, []).append(Enclosed(*enclosed))
        return files

    def accepted(self, letter: Claimed, said: str, state: LetterState = LetterState.SENT) -> None:
        """Write down that the server said yes. Raises `NotWritten`.

        Nothing else may be sent until this is done.
        """
        day = clock.today(self._settings.today)
        self._book.accepted(letter.id, self.name, state.value, said, clock.now(), day)

    def refused(self, letter: Claimed, answer: Answer) -> Verdict:
        """Write down what the server said instead: again later with back-off, or never.

        1. Words that may be of us, about a letter that has met them before: where the server has
           taken another meanwhile, they are of this letter alone.
        2. Where letters to others have met the same and none was taken, they are of us.
        3. A refusal of us stops the post, for every postman.

        Returns the verdict that came of it.
        """
        now = clock.now()
        with transaction(self._settings) as session:
            outcome = _outcome(letter, answer, now)
            if answer.may_have_it:
                outcome["may_have_gone_at"] = letter.may_have_gone_at or now
            if answer.verdict is Verdict.EITHER and letter.doubted_at is not None:
                alone = stops.got_through_since(session, letter.doubted_at)
                if alone and answer.said.startswith("5"):
                    outcome["state"] = LetterState.FAILED
            elif answer.verdict is Verdict.EITHER:
                outcome["doubted_at"] = now
            ours = session.execute(
                update(Letter)
                .where(c(Letter).id == letter.id, c(Letter).claimed_by == self.name)
                .where(c(Letter).state == LetterState.SENDING)
                .values(**outcome)
                .returning(c(Letter).id)
            ).first()
            if not ours:
                return answer.verdict
            if answer.verdict is Verdict.RECIPIENT:
                mark_unreachable(session, letter.id, answer.said, now)
            elif outcome["state"] is LetterState.FAILED:
                free_what_never_came(session, letter.id)
            of_us = answer.verdict is Verdict.OURS
            if answer.verdict is Verdict.EITHER and stops.stands(session, self._settings) is None:
                of_us = stops.is_of_us(session)
            if of_us:
                stops.begin(session, self._settings, answer.stage, answer.said, now)
            return Verdict.OURS if of_us else answer.verdict

    def went(self) -> bool:
        """A letter was taken: if the post stood still it goes on. Was that so?"""
        with reading(self._settings) as session:
            if stops.stands(session, self._settings) is None:
                return False
        with transaction(self._settings) as session:
            return stops.mend(session, self._settings, clock.now())

    def put_back(
        self, *, in_a_while: bool = False, may_have_gone: Collection[int] | None = None
    ) -> int:
        """Put everything that is still carried back in the outbox; `in_a_while`: not to go now.

        `may_have_gone`: which of it the server may have; None: any of it.
        """
        pause = NO_SERVER_WAIT if in_a_while else timedelta()
        return self._put_back_from(self.name, clock.now() + pause, may_have_gone)

    def close(self) -> None:
        """Put back what is left, and be gone."""
        self._book.close()
        self.put_back()
        self._presence.leave()

    def _put_back_from(
        self, name: str, not_before: datetime, may_have_gone: Collection[int] | None
    ) -> int:
        carried = c(Letter).state == LetterState.SENDING
        gone = carried if may_have_gone is None else c(Letter).id.in_(may_have_gone)
        since = func.coalesce(c(Letter).may_have_gone_at, clock.now())
        with transaction(self._settings) as session:
            done = session.execute(
                update(Letter)
                .where(_IN_THE_OUTBOX, carried)
                .where(c(Letter).claimed_by == name)
                .values(
                    state=LetterState.QUEUED,
                    not_before=not_before,
                    may_have_gone_at=case((gone, since), else_=c(Letter).may_have_gone_at),
                )
                .execution_options(synchronize_session=False)
            )
            return int(done.rowcount)  # type: ignore[attr-defined]


def _outcome(letter: Claimed, answer: Answer, now: datetime) -> dict[str, Any]:
    outcome: dict[str, Any] = {
        "attempts": letter.attempts + 1,
        "server_said": answer.said,
        "stage": answer.stage,
    }
    match answer.verdict:
        case Verdict.SERVER | Verdict.OURS:  # not the letter's fault: costs it no try
            waits = {"attempts": letter.attempts, "not_before": now + NO_SERVER_WAIT}
            return outcome | {"state": LetterState.QUEUED} | waits
        case Verdict.LATER | Verdict.EITHER if letter.attempts + 1 < GIVE_UP:
            wait = BACK_OFF[min(letter.attempts, len(BACK_OFF) - 1)]
            return outcome | {"state": LetterState.QUEUED, "not_before": now + wait}
        case _:
            return outcome | {"state": LetterState.FAILED}
