"""What is written back when somebody has answered by mail: a receipt, and her words sent on.

The receipt goes to the address on file whatever the mail said, holds no new right (its link is that
of the letter that was answered), and is one of at most three a day. Words that Följsam does not
understand, or may not believe, go to whoever leads the process, who answers the writer herself by
pressing Reply.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from config.settings import Settings
from models.administrator import administrators
from models.columns import c
from models.known import collaborations_of, name_in, own_name
from models.letter import Letter
from models.letter_kinds import LetterKind
from models.mail_reply import Became
from models.person import Person
from notifications.letters import frame
from notifications.outbox import Words, queue
from rules import marks
from templates import render

RECEIPT, FORWARDED = LetterKind.RECEIPT, LetterKind.FORWARDED
RECEIPTS_A_DAY = 3
LONGEST = 4000  # characters of words that are sent on
_NOT_UNDERSTOOD = "Vi ändrar bara något av fasta ord, så inget är ändrat."

# Why a mail was no answer by itself: to whoever leads the process, and to whoever wrote it.
_WHY = {
    Became.UNREAD: (
        "Inget är ändrat, för i svaret står annat än de fasta orden.",
        _NOT_UNDERSTOOD,
    ),
    Became.NOT_CHECKED: (
        "Svaret gick att förstå, men inget intygar att det kommer från adressen. Inget är ändrat "
        "förrän du säger ja på aktivitetens sida.",
        "Svaret gäller när processledaren har sagt ja till det.",
    ),
    Became.ANOTHER: (
        "Det kommer från en annan adress än den som brevet gick till. Inget är ändrat. Säg ja på "
        "aktivitetens sida, om det stämmer.",
        "",
    ),
    Became.FORWARDED: (
        "Det är ett brev som någon har skickat vidare. Inget är ändrat.",
        "Ditt mejl är ett brev som skickats vidare. Inget är ändrat.",
    ),
    Became.CLOSED: (
        "Länken i brevet gäller inte längre, eller samverkan är avslutad. Då gäller inte heller "
        "ett svar på brevet. Inget är ändrat. Säg ja på aktivitetens sida, om det stämmer.",
        "Brevet som du svarade på gäller inte längre. Svaret gäller när processledaren har sagt "
        "ja.",
    ),
    Became.REFUSED: ("Det gick inte att spara. Inget är ändrat.", "Svaret gick inte att spara."),
    Became.UNKNOWN: (
        "Det hör inte till något brev från Följsam. Någon skrev till adressen som breven kommer "
        "från.",
        "",
    ),
    Became.BROKEN: ("Det gick inte att läsa. Hela mejlet ligger kvar i brevlådan.", ""),
}


@dataclass(frozen=True, slots=True)
class Came:
    """A mail that has been put on file: whose it is, and what it said."""

    reply_id: int
    became: Became
    sender: str
    sender_name: str
    words: str
    attachments: Sequence[str]
    problems: Sequence[str] = ()


def receipt(
    session: Session,
    settings: Settings,
    came: Came,
    person_id: int,
    link_id: int | None,
    saved: Sequence[str],
    today: date,
) -> bool:
    """Tell her what was understood, and where it is undone. False when she has had enough today."""
    had = select(func.count()).where(
        c(Letter).person_id == person_id, c(Letter).kind == RECEIPT, c(Letter).on_day == today
    )
    if session.execute(had).scalar_one() >= RECEIPTS_A_DAY:
        return False
    why = "" if came.became is Became.ANSWERED else _WHY[came.became][1]
    values: dict[str, object] = {
        "name": own_name(session, person_id),
        "saved": saved,
        "why": " ".join([why, *came.problems]).strip(),
        "link": marks.mark(marks.MINE) if link_id is not None else "",
        "organisation": settings.organisation,
    }
    helps = frame.whom_to_ask(session, person_id, today)
    values["signer"] = helps
    subject = "Ditt svar är sparat" if saved else "Ditt svar har gått till processledaren"
    occasion = str(came.reply_id)
    words = Words(
        f"{subject} [{frame.reference(person_id, f'{RECEIPT} {occasion}', today)}]",
        render("mail/receipt/text.txt", **values),
        render("mail/receipt/html.html", **values),
    )
    queue(
        session,
        settings,
        person_id,
        RECEIPT,
        words,
        today=today,
        occasion=occasion,
        link_id=link_id,
        leads_to=[marks.MINE] if link_id is not None else [],
        contact=helps,
        takes_replies=True,
    )
    return True


def send_on(
    session: Session,
    settings: Settings,
    came: Came,
    person_id: int | None,
    areas: Collection[int],
    activity_id: int | None,
    today: date,
) -> int:
    """Send her words to whoever leads the process there, or else to administrators; to how many.

    Not to the one who wrote them. `activity_id`: whose page the letter leads to.
    """
    whom = _leaders(session, person_id, areas, today)
    if not whom:
        whom = dict.fromkeys(session.execute(administrators(today)).scalars())
    for reader_id, area in whom.items():
        name = _called(session, area, person_id) or came.sender_name or came.sender
        told = _told(settings, came, name, activity_id) | {
            "name": own_name(session, reader_id)
            if area is None
            else name_in(session, area, reader_id)
        }
        occasion = str(came.reply_id)
        words = Words(
            f"{told['subject']} [{frame.reference(reader_id, f'{FORWARDED} {occasion}', today)}]",
            render("mail/passed_on/text.txt", **told),
            render("mail/passed_on/html.html", **told),
        )
        queue(
            session,
            settings,
            reader_id,
            FORWARDED,
            words,
            today=today,
            occasion=occasion,
            reply_to=came.sender,
        )
    return len(whom)


def _told(settings: Settings, came: Came, name: str, activity_id: int | None) -> dict[str, object]:
    whose = f"{name} ({came.sender})" if name != came.sender else name
    hangs = ""
    if came.attachments:
        hangs = f" I brevlådan ligger också: {', '.join(came.attachments)}."
    page = f"aktiviteter/{activity_id}#mejl" if activity_id else ""
    another = came.became is Became.ANOTHER
    lead = f"{came.sender} har svarat på ett brev till {name}:" if another else f"{whose} skriver:"
    if came.became is Became.BROKEN:
        lead = f"Det har kommit ett mejl från {whose}."
    why = " ".join([_WHY[came.became][0], *came.problems])
    return {
        "subject": f"{came.sender if another else name} har svarat med e-post",
        "lead": lead,
        "words": came.words[:LONGEST],
        "next": f"{why}{hangs}",
        "owner": came.sender_name or came.sender if another else name,
        "owner_address": came.sender,
        "address": f"{settings.pages_url}/{page}",
        "link": "Till aktiviteten" if page else "Till Följsam",
        "organisation": settings.organisation,
    }


def _called(session: Session, area: int | None, person_id: int | None) -> str:
    if person_id is None:
        return ""
    return own_name(session, person_id) if area is None else name_in(session, area, person_id)


def _leaders(
    session: Session, person_id: int | None, areas: Collection[int], today: date
) -> dict[int, int | None]:
    """Who leads the process where it belongs, and there. What is of several is her home's alone.

    A leader who wrote it herself needs no letter with her own words.
    """
    asked = set(areas)
    if person_id is not None and len(asked) != 1:
        known = asked or set(session.execute(collaborations_of(person_id)).scalars())
        home = session.get_one(Person, person_id).home_collaboration_id
        asked = {home} if home in known else set()
    leading = frame.leading(session, today)
    return {
        id_: area for area in sorted(asked) for id_, _ in leading.get(area, []) if id_ != person_id
    }
