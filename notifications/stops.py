"""The post stops when the mail server refuses us, tries again by itself, and goes on when mended.

Whether a refusal is of us is `rules/refusals.py`'s; at RCPT and DATA it may be of one letter, and
then letters to others tell which. Nobody is marked and no letter fails while the post stands still.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.administrator import administrators
from models.alone import alone
from models.columns import c
from models.letter import Letter, LetterState
from models.letter_kinds import LetterKind
from models.post import PostStop, Stage
from notifications.letters.frame import another_administrator
from notifications.outbox import Words, queue
from notifications.unreachable import free_wrongly_marked
from rules.refusals import judge_words
from templates import render

LETTER = LetterKind.POST_STOP
A_FEW = 3  # letters that are tried while the post stands still, the longest untried first
OTHERS = 2  # domains that must say no too, before a refusal at RCPT or DATA is of us
TRIES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 15))

# In the partial index's own words.
_IN_THE_OUTBOX = text("letter.state IN ('queued', 'sending')")


def sender(settings: Settings) -> str:
    """Whom the server refuses: the address that letters are from."""
    return settings.mail_from


def stands(session: Session, settings: Settings) -> PostStop | None:
    """The stop that is open for our sender, if the post stands still."""
    asked = select(PostStop).where(
        c(PostStop).sender == sender(settings), c(PostStop).mended_at.is_(None)
    )
    return session.execute(asked).scalar()


def begin(
    session: Session, settings: Settings, stage: Stage | None, said: str, now: datetime
) -> None:
    """Stop the post, or remember what it was told at this try."""
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = kind.insert(PostStop).values(
        sender=sender(settings),
        stage=stage or Stage.CONNECT,
        said=said,
        since=now,
        tries=0,
        next_try_at=now + TRIES[0],
    )
    still = text("mended_at IS NULL")
    session.execute(
        row.on_conflict_do_update(
            index_elements=["sender"],
            index_where=still,
            set_={"said": said, "stage": stage or Stage.CONNECT},
        )
    )


def may_try(session: Session, stop: PostStop, now: datetime) -> bool:
    """Is it time to try a few letters? Only one postman is told yes for each time."""
    wait = TRIES[min(stop.tries + 1, len(TRIES) - 1)]
    taken = session.execute(
        update(PostStop)
        .where(c(PostStop).id == stop.id, c(PostStop).mended_at.is_(None))
        .where(c(PostStop).next_try_at <= now)
        .values(tries=c(PostStop).tries + 1, next_try_at=now + wait)
        .returning(c(PostStop).id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


def got_through_since(session: Session, moment: datetime) -> bool:
    """Has the server taken any letter since then? Then it does not refuse us."""
    taken = select(c(Letter).id).where(
        c(Letter).state == LetterState.SENT, c(Letter).done_at >= moment
    )
    return session.execute(taken.limit(1)).first() is not None


def is_of_us(session: Session) -> bool:
    """Have letters to three domains met words that may be of us, with none taken since?"""
    latest = session.execute(
        select(func.max(c(Letter).done_at)).where(c(Letter).state == LetterState.SENT)
    ).scalar()
    doubted = select(c(Letter).to_address).where(_IN_THE_OUTBOX, c(Letter).doubted_at.is_not(None))
    if latest is not None:
        doubted = doubted.where(c(Letter).doubted_at > latest)
    domains = {address.rpartition("@")[2].lower() for address in session.execute(doubted).scalars()}
    return len(domains) > OTHERS


def mend(session: Session, settings: Settings, now: datetime) -> bool:
    """A letter went: the post goes on. False when it did not stand still.

    1. Close the stop, and let everything that waited go now, with nothing held against it.
    2. Free those who were marked unreachable on words that say nothing of their address.
    3. Write to the administrators, since mail works again.
    """
    closed = session.execute(
        update(PostStop)
        .where(c(PostStop).sender == sender(settings), c(PostStop).mended_at.is_(None))
        .values(mended_at=now)
        .returning(c(PostStop).id, c(PostStop).since, c(PostStop).said, c(PostStop).stage)
        .execution_options(synchronize_session=False)
    ).first()
    if closed is None:
        return False
    session.execute(
        update(Letter)
        .where(_IN_THE_OUTBOX, c(Letter).state == LetterState.QUEUED)
        .values(not_before=now, doubted_at=None)
        .execution_options(synchronize_session=False)
    )
    free_wrongly_marked(session)
    with alone("Brev om att posten går igen,", str(closed.id), session):
        _tell(session, settings, closed.since, closed.said, closed.stage, now)
        session.execute(update(PostStop).where(c(PostStop).id == closed.id).values(told_at=now))
    return True


def _tell(
    session: Session,
    settings: Settings,
    since: datetime,
    said: str,
    stage: Stage,
    now: datetime,
) -> None:
    today = clock.today(settings.today)
    people: Sequence[int] = session.execute(administrators(today)).scalars().all()
    judged = judge_words(stage, said)
    values = {
        "since": clock.in_stockholm(since),
        "until": clock.in_stockholm(now),
        "said": said,
        "means": judged.means if judged else "",
        "organisation": settings.organisation,
    }
    for person in people:
        contact = another_administrator(session, person, today)
        words = Words(
            "Posten stod stilla och går igen",
            render("mail/post_stop/text.txt", **values, contact=contact),
            render("mail/post_stop/html.html", **values, contact=contact),
        )
        queue(
            session,
            settings,
            person,
            LETTER,
            words,
            today=today,
            occasion=f"{since:%Y-%m-%d %H:%M:%S}",
            contact=contact,
        )
