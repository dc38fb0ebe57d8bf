"""The minute hand looks after the rounds: one that did not run, or did not finish, is noticed.

Works with either clock: what a line of the timetable should have done is read from the timetable,
what it did from our own table. The overview, `/health` and `/metrics` show what is noticed here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from config import clock, timetable
from config.settings import Settings
from config.timetable import Line
from flows import bookkeeping
from flows.ping import ping
from intake import clamd
from models.administrator import administrators
from models.alone import alone
from models.columns import c
from models.database import reading, transaction
from models.heartbeat import MissedRound, Pulse
from models.letter_kinds import LetterKind
from models.post import PostStop
from notifications.letters.frame import Signer, another_administrator
from notifications.outbox import Words, queue
from rules.wording import day_in_words
from templates import render

GRACE = timedelta(minutes=30)  # how long after its time, or after we woke, a round may end well
SLEPT = timedelta(minutes=5)  # ticks further apart than that: the machine was asleep
CLOCKWORK = "clockwork"  # the pulse that the minute hand itself leaves
BOUNCES = "bounces"  # that of reading the letters that came back
SCANNER = "virus-scanner"  # that of the virus scanner, when it answers
LETTER = LetterKind.HEARTBEAT


def beat(settings: Settings, now: datetime, since: datetime | None = None) -> list[str]:
    """One look, each minute, of a minute hand that ticks `since`; the lines newly found missing.

    1. Leave a pulse: who watches us can see that we tick.
    2. A line whose time came half an hour ago, with no good round since, is put on file, once. A
       machine that was started or woke later than that makes good what it missed, and has half an
       hour to do it. One that never began is missed from the day on which we began to tick.
    3. A line that has had a good round since is mended.
    4. The administrators are written to, once for each.
    5. A mail server that refuses us is told to the watcher, once, and once more when it takes our
       letters again: no letter can say it meanwhile.
    """
    pulse(settings, CLOCKWORK, now)
    found = []
    standings = bookkeeping.standings(settings, now)
    for line in timetable.TIMETABLE:
        with alone("Att se om den blev av:", line.name):
            if _is_newly_missed(settings, line, standings.get(line), now, since):
                found.append(line.name)
    _write_to_administrators(settings, now)
    _tell_the_watcher_of_stops(settings, now)
    return found


def _tell_the_watcher_of_stops(settings: Settings, now: datetime) -> None:
    untold = c(PostStop).pinged_at.is_(None) & c(PostStop).mended_at.is_(None)
    mended = c(PostStop).pinged_at < c(PostStop).mended_at
    for which, well in ((untold, False), (mended, True)):
        with reading(settings) as session:
            if session.execute(select(c(PostStop).id).where(which)).first() is None:
                continue
        with transaction(settings) as session:
            session.execute(update(PostStop).where(which).values(pinged_at=now))
        ping(settings, well=well)


def _is_newly_missed(
    settings: Settings,
    line: Line,
    standing: bookkeeping.Standing | None,
    now: datetime,
    since: datetime | None,
) -> bool:
    """Put a line that is missing on file; one that has gone well since is mended."""
    due = bookkeeping.last_due(settings, line, now - GRACE)
    if due is None or not _was_to_run(standing, due, since):
        return False
    if standing is not None and standing.good is not None and standing.good >= due:
        _mend(settings, line, now)
        return False
    if since is not None and now - since < GRACE:
        return False
    return _put_on_file(settings, line, due, _why(standing, due), now)


def awake_since(since: datetime, last: datetime, now: datetime) -> datetime:
    """Since when we tick without a break: from now, after a sleep or a clock that was set."""
    return since if timedelta() <= now - last <= SLEPT else now


def pulse(settings: Settings, name: str, now: datetime) -> None:
    """Something ticked."""
    with transaction(settings) as session:
        row = _insert(session)(Pulse).values(name=name, at=now)
        session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def ask_the_scanner(settings: Settings, now: datetime) -> None:
    """Leave a pulse when the virus scanner answers. Raises `NoAnswerError` when it does not."""
    if settings.scanner is not None:
        clamd.knock(settings.scanner)
        pulse(settings, SCANNER, now)


def _was_to_run(
    standing: bookkeeping.Standing | None, due: datetime, since: datetime | None
) -> bool:
    """Had the line begun by that day, or did the minute hand tick on it?"""
    began = since if standing is None else standing.first
    return began is not None and clock.in_stockholm(began).date() <= due.date()


def _why(standing: bookkeeping.Standing | None, due: datetime) -> str:
    """What is known, in Swedish: for the overview and the letter."""
    if standing is None:
        return "Den har aldrig startat."
    if standing.latest < due:
        return "Den startade aldrig."
    if standing.failed:
        return f"Rundan gick sönder: {standing.failed}"
    return f"Rundan började klockan {clock.in_stockholm(standing.latest):%H.%M} men blev inte klar."


def _put_on_file(settings: Settings, line: Line, due: datetime, why: str, now: datetime) -> bool:
    """Put a missed round on file; False when it is there already."""
    with transaction(settings) as session:
        row = _insert(session)(MissedRound).values(
            line=line.name, due_at=due, why=why, noticed_at=now
        )
        return (
            session.execute(row.on_conflict_do_nothing().returning(c(MissedRound).id)).first()
            is not None
        )


def _mend(settings: Settings, line: Line, now: datetime) -> None:
    open_ones = (c(MissedRound).line == line.name) & c(MissedRound).mended_at.is_(None)
    with reading(settings) as session:
        if session.execute(select(c(MissedRound).id).where(open_ones)).first() is None:
            return
    with transaction(settings) as session:
        session.execute(update(MissedRound).where(open_ones).values(mended_at=now))


def _write_to_administrators(settings: Settings, now: datetime) -> None:
    """One letter for each missed round that nobody has been told of; two postmen write one."""
    today = clock.in_stockholm(now).date()
    untold = c(MissedRound).told_at.is_(None) & c(MissedRound).mended_at.is_(None)
    with reading(settings) as session:
        if session.execute(select(c(MissedRound).id).where(untold)).first() is None:
            return
        people = session.execute(administrators(today)).scalars().all()
    if not people:
        return
    with transaction(settings) as session:
        missed = session.execute(
            update(MissedRound)
            .where(untold)
            .values(told_at=now)
            .returning(c(MissedRound).line, c(MissedRound).due_at, c(MissedRound).why)
            .execution_options(synchronize_session=False)
        ).all()
        for line, due, why in missed:
            for person in people:
                with alone("Brev om en runda som inte blev av,", line, session):
                    contact = another_administrator(session, person, today)
                    words = _words(settings, timetable.line(line), due, why, contact)
                    queue(
                        session,
                        settings,
                        person,
                        LETTER,
                        words,
                        today=today,
                        occasion=f"{line} {due:%Y-%m-%d %H:%M}",
                        contact=contact,
                    )


def _words(
    settings: Settings, line: Line, due: datetime, why: str, contact: Signer | None
) -> Words:
    values = {
        "contact": contact,
        "line": line,
        "due": due,
        "why": why,
        "runs": f"{settings.pages_url}/korningar",
        "organisation": settings.organisation,
    }
    return Words(
        f"{line.title} blev inte av {day_in_words(clock.in_stockholm(due).date())}",
        render("mail/heartbeat/text.txt", **values),
        render("mail/heartbeat/html.html", **values),
    )


def _insert(session: Session) -> Callable[[type[SQLModel]], Any]:
    """INSERT … ON CONFLICT, in the words of the database at hand."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
