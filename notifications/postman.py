"""The postman: takes what is queued, sends it, and writes down what the server said.

Knows letters, not activities: the row is the whole contract. Any number of postmen may work at
once. APScheduler ticks (`flows/schedule.py`); this file is one tick.
"""

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Attachment, Letter, LetterItem, LetterState, Notice
from models.person import Person
from notifications.outbox import Enclosed
from notifications.smtp import Answer, Pool, Verdict

BATCH = 50
STALE = timedelta(minutes=30)  # a claim older than this belonged to a postman that died
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240))
GIVE_UP = 24  # tries that the server itself put off; about three days
NO_SERVER_WAIT = timedelta(minutes=1)
SENDER_WITHOUT_SERVER = "foljsam@foljsam.invalid"


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
    queued_at: datetime
    attempts: int


class Postman:
    """One postman with his own bag and connections."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(settings) if settings.smtp_host else None
        self._name = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._working = asyncio.Lock()

    async def post(self) -> int:
        """Empty the outbox. Returns how many letters the server took (or were kept as files).

        1. Claim a batch: `UPDATE … WHERE queued AND due … RETURNING`, committed before any is sent.
        2. Send each over a kept connection; the claim keeps other postmen away meanwhile.
        3. Write down what the server said: sent, again later with back-off, or refused for good.
        4. Go on until nothing is due, or the server is not there.
        """
        async with self._working:
            done = 0
            while batch := await asyncio.to_thread(self._claim):
                files = await asyncio.to_thread(self._enclosed, batch)
                answers = await asyncio.gather(
                    *(self._deliver(letter, files.get(letter.id, [])) for letter in batch)
                )
                await asyncio.to_thread(self._record, batch, answers)
                done += sum(a.verdict is Verdict.ACCEPTED for a in answers)
                if any(a.verdict is Verdict.NO_SERVER for a in answers):
                    break
            return done

    async def close(self) -> None:
        """Close the connections."""
        if self._pool:
            await self._pool.close()

    def _claim(self) -> list[Claimed]:
        now = clock.now()
        with transaction(self._settings) as session:
            due = (
                select(c(Letter).id)
                .where(
                    or_(
                        (c(Letter).state == LetterState.QUEUED) & (c(Letter).not_before <= now),
                        (c(Letter).state == LetterState.SENDING)
                        & (c(Letter).claimed_at < now - STALE),
                    )
                )
                .order_by(c(Letter).id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = session.execute(
                update(Letter)
                .where(c(Letter).id.in_(due.scalar_subquery()))
                .values(state=LetterState.SENDING, claimed_by=self._name, claimed_at=now)
                .returning(*(getattr(c(Letter), name) for name in Claimed.__slots__))
                .execution_options(synchronize_session=False)
            )
            return sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)

    def _enclosed(self, batch: Sequence[Claimed]) -> dict[int, list[Enclosed]]:
        """The files that go with the letters of a batch, by letter."""
        columns = (c(Attachment)[name] for name in Enclosed.__slots__)
        asked = (
            select(c(Attachment).letter_id, *columns)
            .where(c(Attachment).letter_id.in_([letter.id for letter in batch]))
            .order_by(c(Attachment).id)
        )
        files: dict[int, list[Enclosed]] = {}
        with reading(self._settings) as session:
            for letter_id, *file in session.execute(asked):
                files.setdefault(letter_id, []).append(Enclosed(*file))
        return files

    async def _deliver(self, letter: Claimed, enclosed: Sequence[Enclosed]) -> Answer:
        try:
            message = build(self._settings, letter, enclosed)
        except (ValueError, UnicodeError, LookupError) as error:
            return Answer(Verdict.NEVER, f"The letter could not be made: {error}")
        if self._pool is None:
            return await asyncio.to_thread(_keep, self._settings, letter, message)
        return await self._pool.send(message, self._settings.mail_from, letter.to_address)

    def _record(self, batch: list[Claimed], answers: list[Answer]) -> None:
        now = clock.now()
        rows = [
            {"claim_id": letter.id} | self._outcome(letter, answer, now)
            for letter, answer in zip(batch, answers, strict=True)
        ]
        unknown = [
            (letter, answer.said)
            for letter, answer in zip(batch, answers, strict=True)
            if answer.verdict is Verdict.NO_SUCH_ADDRESS
        ]
        with transaction(self._settings) as session:
            session.connection().execute(
                update(Letter)
                .where(c(Letter).id == bindparam("claim_id"))
                .where(c(Letter).claimed_by == self._name)
                .values(
                    {
                        name: bindparam(name)
                        for name in ("state", "attempts", "not_before", "done_at", "server_said")
                    }
                ),
                rows,
            )
            for letter, said in unknown:
                _mark_unreachable(session, letter, said, now)

    def _outcome(self, letter: Claimed, answer: Answer, now: datetime) -> dict[str, Any]:
        outcome: dict[str, Any] = {
            "attempts": letter.attempts + 1,
            "not_before": now,
            "done_at": None,
            "server_said": answer.said,
        }
        match answer.verdict:
            case Verdict.ACCEPTED:
                kept = LetterState.SENT if self._pool else LetterState.KEPT
                return outcome | {"state": kept, "done_at": now}
            case Verdict.NO_SERVER:  # not the letter's fault: costs it no try
                waits = {"attempts": letter.attempts, "not_before": now + NO_SERVER_WAIT}
                return outcome | {"state": LetterState.QUEUED} | waits
            case Verdict.LATER if letter.attempts + 1 < GIVE_UP:
                wait = BACK_OFF[min(letter.attempts, len(BACK_OFF) - 1)]
                return outcome | {"state": LetterState.QUEUED, "not_before": now + wait}
            case _:
                return outcome | {"state": LetterState.FAILED}


def build(settings: Settings, letter: Claimed, enclosed: Sequence[Enclosed] = ()) -> EmailMessage:
    """The letter as a message: text and HTML that say the same, and headers that calm other robots.

    Raises `ValueError` when a header cannot be made of what is on file.
    """
    message = EmailMessage(policy=SMTP_POLICY)
    sender = settings.mail_from or SENDER_WITHOUT_SERVER
    message["From"] = Address(_one_line(settings.organisation), addr_spec=sender)
    message["To"] = Address(_one_line(letter.to_name), addr_spec=letter.to_address)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(clock.in_stockholm(letter.queued_at))
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if settings.mail_reply_to:
        message["Reply-To"] = settings.mail_reply_to
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    for file in enclosed:
        _enclose(message, file)
    message["Content-Language"] = "sv"  # last: setting the content clears such headers
    return message


def _enclose(message: EmailMessage, file: Enclosed) -> None:
    """A picture goes beside the HTML that shows it, any other file last in the letter."""
    main, _, sub = file.media_type.partition("/")
    if file.content_id:
        html = message.get_body(("html",))
        assert html is not None
        html.add_related(
            file.content,
            main,
            sub,
            cid=f"<{file.content_id}>",
            filename=file.name,
            disposition="inline",
        )
    else:
        message.add_attachment(file.content, main, sub, filename=file.name)


def _one_line(words: str) -> str:
    """No line break of somebody's title may begin a header of its own."""
    return " ".join(words.split())


def _keep(settings: Settings, letter: Claimed, message: EmailMessage) -> Answer:
    """Without a mail server: the letter as a file that any mail program opens."""
    folder = settings.letters_folder
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{letter.id:06d}.eml"
    half = path.with_suffix(".half")
    half.write_bytes(message.as_bytes())
    half.replace(path)
    return Answer(Verdict.ACCEPTED, f"kept as {path.name}")


def _mark_unreachable(session: Session, letter: Claimed, said: str, now: datetime) -> None:
    """Remember that the address does not work, and let the next in line be written to.

    Notices that stood in no other letter wait for the next round anew.
    """
    session.execute(
        update(Person)
        .where(c(Person).id == letter.person_id, c(Person).unreachable_since.is_(None))
        .values(unreachable_since=now, unreachable_why=said)
    )
    other = select(c(LetterItem).notice_id).where(c(LetterItem).letter_id != letter.id)
    own = select(c(LetterItem).notice_id).where(c(LetterItem).letter_id == letter.id)
    session.execute(
        update(Notice)
        .where(c(Notice).id.in_(own), c(Notice).id.not_in(other))
        .values(written_on=None)
        .execution_options(synchronize_session=False)
    )
