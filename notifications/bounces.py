"""Letters that come back: their reports are read, tied to their letter, and taken in once each.

What a report says is read by `notifications/delivery_reports.py`. Here it is tied to a letter: by
the signed address that it came to; where none is set, by the Message-ID of the letter that it gives
back. That travels in answers and in what is sent on, so it is no name where there is a better one.

The signed address stands in the letter, and whoever has been sent the letter on can read it. So a
report is believed no longer than servers try, and not where the letter, or she, has answered.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.alone import alone
from models.bounce import Bounce, Report
from models.columns import c
from models.database import transaction
from models.letter import Letter, LetterState
from models.mail_reply import MailReply
from models.session import SignedIn
from models.status import StatusAnswer, Way
from notifications import mailboxes, returns
from notifications.delivery_reports import Told, tell
from notifications.unreachable import free_what_never_came, mark_unreachable

REPORTS_COME_WITHIN = timedelta(days=14)  # servers give up within five
_HERSELF = (Way.LINK, Way.REPLY)
_log = logging.getLogger("foljsam.bounces")


def is_set(settings: Settings) -> bool:
    """Is there a mailbox to read?"""
    return settings.reads_a_mailbox


def read(
    settings: Settings,
    written: Callable[[bytes], None] | None = None,
    tell: Callable[[bytes], Told] = tell,
) -> Counter[Report]:
    """Read what has come since the last time; how many reports there were of each kind.

    What a person wrote is given to `written`. `tell` reads a message; what somebody sent is best
    read in a process apart. Either may raise `mailboxes.LaterError`, which ends the walk. Raises
    `mailboxes.MailboxError` when the mailbox cannot be read.
    """
    found: Counter[Report] = Counter()

    def take(raw: bytes) -> None:
        told = _read_safely(raw, tell)
        if written is not None and told.by_a_person:
            written(raw)
            return
        report = None
        with alone("Ett returnerat brev,", hashlib.sha256(raw).hexdigest()[:8]):
            report = take_in(settings, raw, told)
        if report is not None:
            found[report] += 1

    mailboxes.read(settings, take)
    return found


def take_in(settings: Settings, raw: bytes, told: Told | None = None) -> Report | None:
    """Take in one message; what it was, or None when it has been taken in before.

    1. Read what it says. One that breaks the reader counts as unknown and stops no other.
    2. Find the letter. A name that is not in our hand is forged, and no other name is asked for.
    3. Put it on file, once: its own Message-ID is the key.
    4. Say of the letter that it came back, and let what stood in it be told anew; where the
       address does not work, mark the person, so that the next in line is written to. A report
       that cannot be so does neither.
    """
    told = told or _read_safely(raw, tell)
    now = clock.now()
    with transaction(settings) as session:
        report, letter_id = _tied(session, settings, told)
        if report in {Report.UNREACHABLE, Report.FAILED} and letter_id is not None:
            report = report if _may_be_so(session, letter_id, now) else Report.NOT_BELIEVED
        if not _put_on_file(session, told, report, letter_id, raw, now):
            return None
        if letter_id is not None and report in {Report.UNREACHABLE, Report.FAILED}:
            session.execute(
                update(Letter)
                .where(c(Letter).id == letter_id, c(Letter).state == LetterState.SENT)
                .values(state=LetterState.BOUNCED, server_said=told.said)
            )
        if letter_id is not None and report is Report.UNREACHABLE:
            mark_unreachable(session, letter_id, told.said, now)
        elif letter_id is not None and report is Report.FAILED:
            free_what_never_came(session, letter_id)
    return report


def _read_safely(raw: bytes, tell: Callable[[bytes], Told]) -> Told:
    try:
        return tell(raw)
    except mailboxes.LaterError:
        raise
    except Exception:  # whatever somebody sends us
        _log.exception("a message in the mailbox for bounces cannot be read")
        return Told(Report.UNKNOWN)


def _tied(session: Session, settings: Settings, told: Told) -> tuple[Report, int | None]:
    """What it is to us, and which letter it is about."""
    if told.report is Report.IRRELEVANT:
        return Report.IRRELEVANT, None
    named = returns.letter_in(settings, told.addresses)
    if named == "forged":
        return Report.FORGED, None
    if named is not None:
        asked = c(Letter).id == named
    elif told.about and not told.needs_signature and not settings.bounce_address:
        asked = c(Letter).message_id == told.about
    else:
        return Report.UNKNOWN, None
    letter = session.execute(select(c(Letter).id, c(Letter).to_address).where(asked)).first()
    if letter is None:
        return Report.UNKNOWN, None
    if told.report is Report.UNREACHABLE and not _is_about(told, letter.to_address):
        return Report.FAILED, letter.id
    return told.report, letter.id


def _may_be_so(session: Session, letter_id: int, now: datetime) -> bool:
    """May it be that the letter has come back: is it new, and has nothing been heard of her since?

    An answer through its link, or anything that shows that she has had letters since it went.
    """
    letter = session.get_one(Letter, letter_id)
    went = letter.done_at or letter.may_have_gone_at or letter.queued_at
    if now - went > REPORTS_COME_WITHIN:
        return False
    answer, mail = c(StatusAnswer), c(MailReply)
    through_it = answer.link_id.is_not(None) & (answer.link_id == (letter.link_id or 0))
    heard: list[tuple[type, ColumnElement[bool]]] = [
        (
            StatusAnswer,
            or_((answer.person_id == letter.person_id) & answer.way.in_(_HERSELF), through_it)
            & (answer.at > went),
        ),
        (SignedIn, (c(SignedIn).person_id == letter.person_id) & (c(SignedIn).began_at > went)),
        (MailReply, (mail.sender == letter.to_address) & mail.vouched & (mail.at > went)),
    ]
    return not any(
        session.execute(select(c(table).id).where(condition).limit(1)).first()
        for table, condition in heard
    )


def _is_about(told: Told, address: str) -> bool:
    """Is it her own address that is dead, or one of the same organisation that it leads to?

    What her server has sent on, to another's address or to a list, may have come back from there.
    """
    domain = address.lower().rpartition("@")[2]
    return not told.recipients or any(
        recipient.rpartition("@")[2] == domain for recipient in told.recipients
    )


def _put_on_file(
    session: Session,
    told: Told,
    report: Report,
    letter_id: int | None,
    raw: bytes,
    now: datetime,
) -> bool:
    """Put it on file; False when it is there already."""
    fingerprint = hashlib.sha256(told.own_id.encode("utf-8", "replace") or raw).hexdigest()
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = session.execute(
        kind.insert(Bounce)
        .values(
            fingerprint=fingerprint,
            at=now,
            report=report,
            letter_id=letter_id,
            status=told.status,
            said=told.said,
        )
        .on_conflict_do_nothing()
        .returning(c(Bounce).id)
    ).first()
    return new is not None
