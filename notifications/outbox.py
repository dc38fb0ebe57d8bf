"""Putting one letter in the outbox: what goes beside the day's one letter.

Only what somebody asked for, and faults (`models/letter_kinds.py`). Whoever decides that one is
owed calls `queue` in the same transaction. What it says is the caller's; sending it, the postman's.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, or_, select
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.columns import c
from models.known import own_name
from models.letter import Attachment, Letter, LetterPart, LetterState
from models.letter_kinds import BESIDE, LetterKind
from models.person import Person
from notifications import links
from notifications.letters.frame import Signer
from rules.personnummer import masked, masked_letter

SIGN_IN = LetterKind.SIGN_IN  # its link is for whoever asked, and lives for minutes
CODE = LetterKind.CODE  # for whoever has her mailbox, and lives for minutes
CONFIRM, CHANGED = LetterKind.CONFIRM, LetterKind.CHANGED
# What confirms or tells a change of address is written to one that is not, or is no longer, the
# person's: what it holds is for whoever reads that mailbox, so it goes nowhere else.
_NOT_AGAIN = (SIGN_IN, CODE, CONFIRM, CHANGED)
_UNDER_WAY = (LetterState.QUEUED, LetterState.SENDING)
_NEVER_WENT = (LetterState.REPLACED, LetterState.EMPTY)
_BY_HAND = "Brevet skickas igen för hand, utöver dagens brev."


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: a subject, and two bodies that say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a letter; with a `content_id` it is shown inside the HTML."""

    name: str
    media_type: str  # "application/pdf"
    content: bytes
    content_id: str = ""


def queue(
    session: Session,
    settings: Settings,
    person_id: int,
    kind: LetterKind,
    words: Words,
    *,
    today: date,
    occasion: str = "",
    link_id: int | None = None,
    leads_to: Iterable[str] = (),
    enclosed: Sequence[Enclosed] = (),
    to_name: str = "",
    to_address: str = "",
    signer: Signer | None = None,
    contact: Signer | None = None,
    reply_to: str = "",
    takes_replies: bool = False,
) -> int | None:
    """Queue one letter; its id, or None when that person has had it for that day and occasion.

    It goes to the address on file, unless another is given, and to her own name, unless it is of a
    collaboration that calls her otherwise. `leads_to`: the pages whose marks stand in its words
    (`rules/marks.py`). Who signs it is who it is from, and gets what is replied, unless somebody
    else is to (`reply_to`) or the mailbox of answers (`takes_replies`); a letter that is the
    installation's own has somebody to ask, the `contact`, who gets the replies. What is a part of
    the day's letter is none of its own.
    """
    assert kind in BESIDE
    had = select(c(Letter).id).where(
        c(Letter).person_id == person_id,
        c(Letter).on_day == today,
        c(Letter).kind == kind,
        c(Letter).occasion == occasion,
    )
    if session.execute(had).first() is not None:
        return None
    person = session.get_one(Person, person_id)
    now = clock.now()
    letter_id: int = session.execute(
        insert(Letter)
        .values(
            person_id=person_id,
            link_id=link_id,
            kind=kind,
            occasion=occasion,
            on_day=today,
            to_name=masked(to_name or own_name(session, person_id)),
            to_address=to_address or person.email,
            subject=masked(words.subject),
            text=masked_letter(words.text),
            html=masked_letter(words.html),
            leads_to=" ".join(leads_to),
            from_name=masked(signer.sender) if signer else "",
            reply_to=reply_to or _of_signer(settings, contact or signer),
            takes_replies=takes_replies,
            message_id=message_id(settings),
            queued_at=now,
            not_before=now,
            state=LetterState.QUEUED,
        )
        .returning(c(Letter).id)
    ).scalar_one()
    for file in enclosed:
        session.execute(
            insert(Attachment).values(
                letter_id=letter_id,
                name=file.name,
                media_type=file.media_type,
                content_id=file.content_id,
                content=file.content,
            )
        )
    return letter_id


def _of_signer(settings: Settings, signer: Signer | None) -> str:
    return signer.address if signer and not settings.mail_reply_to else ""


def message_id(settings: Settings) -> str:
    """A Message-ID that the letter keeps through every try, so that a double can be told."""
    domain = settings.mail_from.partition("@")[2] or "foljsam.invalid"
    if not domain.isascii():
        domain = domain.encode("idna").decode("ascii")
    return f"<{uuid.uuid4()}@{domain}>"


def had_by_hand(session: Session, person_id: int, today: date) -> bool:
    """Has somebody sent her a letter by hand today? Then the next one waits until tomorrow."""
    had = select(c(Letter).id).where(
        c(Letter).person_id == person_id,
        c(Letter).on_day == today,
        c(Letter).kind == LetterKind.AGAIN,
    )
    return session.execute(had.limit(1)).first() is not None


def send_again(session: Session, settings: Settings, letter_id: int, today: date) -> int | None:
    """Send a letter once more, to the address that the person has now. Returns its number.

    One that never came through goes anew with the Message-ID it had; of one that was sent a copy
    goes, and says so. None when it is on its way already, when she has had one by hand today, or
    when it is a letter to sign in with. Where its link has closed, it goes with a new one.
    """
    letter = session.get_one(Letter, letter_id)
    if letter.state in (*_UNDER_WAY, *_NEVER_WENT) or letter.kind in _NOT_AGAIN:
        return None
    person = session.get_one(Person, letter.person_id)
    if letter.link_id is not None:
        link_id = links.still_open(session, settings, letter.link_id, letter.person_id)
    else:
        link_id = None
    if letter.state is LetterState.FAILED:
        now = clock.now()
        letter.state, letter.attempts, letter.server_said = LetterState.QUEUED, 0, ""
        letter.to_address, letter.not_before, letter.link_id = person.email, now, link_id
        session.flush()
        return letter_id
    if had_by_hand(session, letter.person_id, today):
        return None
    copy = queue(
        session,
        settings,
        letter.person_id,
        LetterKind.AGAIN,
        by_hand(Words(letter.subject, letter.text, letter.html)),
        today=today,
        link_id=link_id,
        leads_to=letter.leads_to.split(),
        to_name=letter.to_name,
        enclosed=enclosed_in(session, letter_id),
    )
    if copy is not None:
        sent = session.get_one(Letter, copy)
        sent.reply_to, sent.from_name = letter.reply_to, letter.from_name
        sent.takes_replies = letter.takes_replies
    return copy


def by_hand(words: Words) -> Words:
    """The words of a letter that somebody sends by hand, told as such."""
    told = f'<p style="font-family:Arial,sans-serif;font-size:14px;">{_BY_HAND}</p>'
    html = words.html.replace("</body>", f"{told}</body>", 1)
    return Words(words.subject, f"{words.text.rstrip()}\n{_BY_HAND}\n", html)


def enclosed_in(session: Session, letter_id: int) -> list[Enclosed]:
    """The files that go with a letter: its own, and its parts'."""
    columns = (c(Attachment)[name] for name in Enclosed.__slots__)
    mine = select(c(LetterPart).id).where(c(LetterPart).letter_id == letter_id)
    files = session.execute(
        select(*columns)
        .where(or_(c(Attachment).letter_id == letter_id, c(Attachment).letter_part_id.in_(mine)))
        .order_by(c(Attachment).id)
    )
    return [Enclosed(*file) for file in files]
