"""The mailbox is read: reports of letters that came back, and what people wrote.

Who presses Reply has answered. Which letter it is of is told by the address that it came to, else
by the Message-ID that it answers. The fixed words of `intake/replies/` change something, as the
letter's link would have and no longer than it, when the mail comes from the address on file and our
receiving server vouches for it. All else waits with the activity for the process leader's yes, and
is sent on to her at once; so is what names no letter at all. What our receiving server says is
forged is set aside: it is told of on the page, and nobody is sent a word of it. Nothing is thrown
away.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from config import clock
from config.settings import Settings
from intake.apart import Reader, told_by
from intake.documents import Refusal
from intake.lives.answers import save
from intake.lives.by_mail import Said, keep, newest_of, understood_as_form
from intake.places import NotNow
from intake.replies import fixed_words
from intake.replies.written import BOUNDS, Body, Written
from intake.replies.written import read as read_written
from models.activity import Activity
from models.alone import alone
from models.bounce import Report
from models.columns import c
from models.database import transaction
from models.group import Group
from models.known import own_name
from models.letter import Letter, LetterItem, Notice
from models.mail_reply import Became, MailReply
from models.moves import Mover
from models.person import Person, proved
from models.post_hold import nothing_leaves
from models.resting import ENDED
from models.status import Way
from notifications import bounces, links, returns
from notifications.delivery_reports import Told, told_as
from notifications.letters import replied
from notifications.letters.items import asked_about
from notifications.letters.replied import Came
from notifications.links import Opened
from notifications.mailboxes import LaterError
from notifications.message import NotALetter, for_the_envelope
from notifications.passed_on import Went
from rules.authentication import failed_dmarc, passed_dmarc
from rules.personnummer import masked
from rules.wording import SAYS_IN_WORDS

_SENT_ON_A_DAY = 20  # mails of one sender; the rest is kept, and told of on the overview
_STRANGERS_A_DAY = 10  # of all who are not on file
_FORWARDS = ("vb:", "fw:", "fwd:", "vs:", "wg:")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class _Answered:
    """The letter that a mail answers, and what may be said of it."""

    letter_id: int
    person_id: int
    name: str
    address: str  # of her who has it, as on file
    link_id: int | None
    is_open: bool
    numbers: Mapping[int, int]  # activities by the numbers they have in it
    asked: Sequence[int]  # all that it asks about
    areas: frozenset[int]


def read(settings: Settings) -> Counter[Report]:
    """Read what has come since the last time, unless the post is held. Raises `MailboxError`."""
    if nothing_leaves(settings):
        return Counter()
    return bounces.read(settings, partial(_take_in_alone, settings), _told)


def _told(raw: bytes) -> Told:
    """What a message is, read in a process apart. Raises `Refusal` for one that takes too much.

    Raises `LaterError` when other files are read: that says nothing of the message.
    """
    heavy = Refusal("a mail took too long to read", "Mejlet tog för lång tid att läsa.")
    where = "notifications.delivery_reports"
    reader = Reader(f"{where}:tell_apart", [where], of_mail=True)
    try:
        with told_by(reader, "mejlet", raw, heavy=heavy, bounds=BOUNDS) as lines:
            return told_as(next(lines))
    except NotNow as error:
        raise LaterError from error


def _take_in_alone(settings: Settings, raw: bytes) -> None:
    """One mail; that it fails stops no other, and it is kept with that reason and told of.

    Raises `LaterError` when other files are read.
    """
    what = hashlib.sha256(raw).hexdigest()[:8]
    done, later = False, None
    with alone("Ett svar med e-post,", what):
        try:
            take_in(settings, raw)
        except NotNow as error:
            later = error
        done = True
    if later is not None:
        raise LaterError from later
    if not done:
        with alone("Ett svar med e-post som inte gick att läsa,", what):
            _keep_broken(settings, raw)


def take_in(settings: Settings, raw: bytes) -> Became | None:
    """Take in a mail by a person; what became of it, or None when it has been taken in before.

    1. Read it, in a process apart, before anything is held.
    2. Find the letter that it answers, and what that letter's link may do.
    3. Understand it: fixed words, or words for somebody to read.
    4. Save the answers, or let it wait; write the receipt, and send on what waits.
    """
    written, today = read_written(raw), clock.today(settings.today)
    with transaction(settings) as session:
        if _is_on_file(session, written, raw):
            return None
        answered = _answered(session, settings, written, today)
        said = _said(written, answered, today)
        became, problems = _judged(session, settings, written, answered, said, today)
        saved: dict[int, int] = {}
        if became is Became.ANSWERED and answered is not None:
            saved = _save(session, answered, said, today)
        elif answered is not None and not said:
            said = [Said(id_) for id_ in answered.asked]
        vouched = _vouched(settings, written)
        values = _values(written, raw, answered, became, today) | {"vouched": vouched}
        reply_id = keep(session, values, said, saved)
        came = _came(written, reply_id, became, problems, vouched=vouched)
        _tell(session, settings, came, answered, said, today)
    return became


def _is_on_file(session: Session, written: Written, raw: bytes) -> bool:
    known = c(MailReply).fingerprint == _fingerprint(written, raw)
    return session.execute(select(c(MailReply).id).where(known)).first() is not None


def _fingerprint(written: Written, raw: bytes) -> str:
    """What makes a mail one: its own Message-ID and who wrote it, or all of it."""
    named = f"{written.own_id} {written.sender}".encode("utf-8", "replace")
    return hashlib.sha256(named if written.own_id else raw).hexdigest()


def _answered(
    session: Session, settings: Settings, written: Written, today: date
) -> _Answered | None:
    """The letter that is answered. A name that is not in our hand is none, and it ends there."""
    for named_by in (returns.answered_in, returns.letter_in):
        named = named_by(settings, written.addresses)
        if named == "forged":
            return None
        if named is not None:
            return _letter(session, c(Letter).id == named, today)
    if not written.refers:
        return None
    return _letter(session, c(Letter).message_id.in_(written.refers), today)


def _letter(session: Session, which: Any, today: date) -> _Answered | None:  # noqa: ANN401
    letter = c(Letter)
    row = session.execute(
        select(letter.id, letter.person_id, letter.to_name, letter.link_id, c(Person).email)
        .join(Person, c(Person).id == letter.person_id)
        .where(which)
        .order_by(letter.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    opened = links.look(session, row.link_id, clock.now())
    asked = sorted({id_ for id_ in session.execute(asked_about(row.link_id or 0)).scalars() if id_})
    areas = _areas(session, asked)
    over = set(session.execute(ENDED, {"today": today}).scalars())
    if len(areas) > 1:  # words of one collaboration are not for another to read
        asked = []
    return _Answered(
        *(row.id, row.person_id, row.to_name, row.email, row.link_id),
        is_open=isinstance(opened, Opened) and not areas & (opened.closed_to | over),
        numbers=_numbers(session, row.link_id or 0),
        asked=asked,
        areas=areas,
    )


def _numbers(session: Session, link_id: int) -> dict[int, int]:
    rows = session.execute(
        select(c(LetterItem).number, c(Notice).activity_id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .join(Letter, c(Letter).id == c(LetterItem).letter_id)
        .where(c(Letter).link_id == link_id, c(LetterItem).number.is_not(None))
        .where(c(Notice).activity_id.in_(asked_about(link_id)))
    )
    return dict(rows.tuples().all())


def _areas(session: Session, activity_ids: Sequence[int]) -> frozenset[int]:
    owners = (
        select(c(Group).collaboration_id)
        .join(Activity, c(Activity).group_id == c(Group).id)
        .where(c(Activity).id.in_(activity_ids))
    )
    return frozenset(session.execute(owners).scalars())


def _said(written: Written, answered: _Answered | None, today: date) -> list[Said]:
    """What the fixed words say, if they are all that is said."""
    body = written.body
    if answered is None or body.unreadable or body.attachments:
        return []
    if not fixed_words.only_signs(body.signed):
        return []
    words = masked(body.words)
    lines = fixed_words.understood(words, answered.numbers.keys(), today, answered.name)
    return [Said(answered.numbers[one.number], one.says, one.day) for one in lines or []]


def _judged(
    session: Session,
    settings: Settings,
    written: Written,
    answered: _Answered | None,
    said: Sequence[Said],
    today: date,
) -> tuple[Became, Sequence[str]]:
    """What becomes of it, and what stands in the way of what was understood."""
    waits = _why_it_waits(settings, written, answered, said)
    if waits is not None:
        return waits, ()
    problems = understood_as_form(session, said, today).problems
    if problems:
        return Became.REFUSED, [told for each in problems.values() for told in each]
    return Became.ANSWERED, ()


def _why_it_waits(
    settings: Settings, written: Written, answered: _Answered | None, said: Sequence[Said]
) -> Became | None:
    """The first of what an answer must be, that it is not."""
    if failed_dmarc(written.checked, settings.replies_checked_by):
        return Became.FORGED
    if answered is None:
        return Became.UNKNOWN
    is_not = {
        Became.ANOTHER: written.sender != answered.address.lower(),
        Became.FORWARDED: written.subject.lower().startswith(_FORWARDS),
        Became.UNREAD: not said,
        Became.CLOSED: not answered.is_open,
        Became.NOT_CHECKED: not _vouched(settings, written),
    }
    return next((why for why, holds in is_not.items() if holds), None)


def _vouched(settings: Settings, written: Written) -> bool:
    domain = written.sender.rpartition("@")[2]
    return passed_dmarc(written.checked, settings.replies_checked_by, domain)


def _save(
    session: Session, answered: _Answered, said: Sequence[Said], today: date
) -> dict[int, int]:
    """The answers, as the page behind the letter's link saves them; their numbers by activity."""
    replies = understood_as_form(session, said, today).replies
    mover = Mover(own_name(session, answered.person_id), answered.person_id)
    proved(session, answered.person_id, clock.now())
    save(session, replies, mover, answered.link_id, today=today, way=Way.REPLY)
    return newest_of(session, [one.activity_id for one in said])


def _values(
    written: Written, raw: bytes, answered: _Answered | None, became: Became, today: date
) -> dict[str, Any]:
    """The mail as columns, with every personnummer blanked."""
    return {
        "fingerprint": _fingerprint(written, raw),
        "at": clock.now(),
        "on_day": today,
        "letter_id": answered.letter_id if answered else None,
        "person_id": answered.person_id if answered else None,
        "sender": masked(written.sender)[:500],
        "sender_name": _kept(written.sender_name, 500),
        "subject": _kept(written.subject, 500),
        "words": _kept(written.body.whole, _LONGEST),
        "became": became,
    }


def _kept(words: str, most: int) -> str:
    return masked(words.replace("\x00", ""))[:most]


def _came(
    written: Written, reply_id: int, became: Became, problems: Sequence[str], *, vouched: bool
) -> Came:
    words = _kept(written.body.whole, _LONGEST)
    if written.body.unreadable:
        words = "(Mejlet gick inte att läsa. Det ligger kvar i brevlådan.)"
    return Came(
        reply_id,
        became,
        _to_answer(written.sender),
        _kept(written.sender_name, 200),
        words,
        [_kept(name, 100) for name in written.body.attachments],
        problems,
        vouched,
    )


def _to_answer(address: str) -> str:
    """An address that a reply can go to; "" for what is none, whatever the mail says."""
    try:
        for_the_envelope(address)
    except NotALetter:
        return ""
    return masked(address)


def _tell(
    session: Session,
    settings: Settings,
    came: Came,
    answered: _Answered | None,
    said: Sequence[Said],
    today: date,
) -> None:
    """The receipt, to her who has the letter and wrote from her address; and what waits sent on.

    Of what is forged neither: it would carry a stranger's words in our name.
    """
    if came.became is Became.FORGED:
        return
    went = _send_on(session, settings, came, answered, said, today)
    if answered is not None and came.sender == answered.address.lower():
        saved = _saved_in_words(session, said) if came.became is Became.ANSWERED else []
        link = answered.link_id if answered.is_open else None
        person_id = answered.person_id
        replied.receipt(session, settings, came, person_id, link, saved, today, went)


def _send_on(
    session: Session,
    settings: Settings,
    came: Came,
    answered: _Answered | None,
    said: Sequence[Said],
    today: date,
) -> Went:
    """What waits for somebody's eyes is sent on, a few a day; the rest waits on the pages."""
    if came.became is Became.ANSWERED or _has_had_enough(session, came, today):
        return Went.ENOUGH
    writer = answered.person_id if answered else _known(session, came.sender)
    activity = said[0].activity_id if said else None
    areas = answered.areas if answered else ()
    return replied.send_on(session, settings, came, writer, areas, activity, today)


def _saved_in_words(session: Session, said: Sequence[Said]) -> list[str]:
    ids = [one.activity_id for one in said]
    asked = select(c(Activity).id, c(Activity).what).where(c(Activity).id.in_(ids))
    what = dict(session.execute(asked).tuples().all())
    found = []
    for one in said:
        assert one.says is not None
        day = f", nytt slutdatum föreslås: {one.day_words}" if one.day_words else ""
        found.append(f"{what[one.activity_id]}: {SAYS_IN_WORDS[one.says]}{day}")
    return found


def _has_had_enough(session: Session, came: Came, today: date) -> bool:
    """So many of a day are sent on, and no more: nobody fills a process leader's mailbox.

    What nobody vouches for is counted apart: who writes in her name must not use up hers.
    """
    reply = c(MailReply)
    of_today = select(func.count()).where(
        *(reply.on_day == today, reply.id <= came.reply_id, reply.vouched.is_(came.vouched)),
        reply.became != Became.FORGED,
    )
    if session.execute(of_today.where(reply.sender == came.sender)).scalar_one() > _SENT_ON_A_DAY:
        return True
    if came.became is not Became.UNKNOWN or _known(session, came.sender) is not None:
        return False
    strangers = of_today.where(reply.became == Became.UNKNOWN)
    return bool(session.execute(strangers).scalar_one() > _STRANGERS_A_DAY)


def _known(session: Session, address: str) -> int | None:
    return session.execute(select(c(Person).id).where(c(Person).email == address)).scalar()


def _keep_broken(settings: Settings, raw: bytes) -> None:
    """A mail that could not be taken in: that it came is on file, and administrators are told."""
    today = clock.today(settings.today)
    written = Written("", "", "", (), (), "", "", Body(unreadable=True))
    with transaction(settings) as session:
        if _is_on_file(session, written, raw):
            return
        values = _values(written, raw, None, Became.BROKEN, today) | {"vouched": False}
        reply_id = keep(session, values, [], {})
        came = _came(written, reply_id, Became.BROKEN, (), vouched=False)
        _tell(session, settings, came, None, [], today)
