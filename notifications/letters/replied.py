"""What is written back when somebody has answered by mail: a receipt, and her words sent on.

The receipt goes to the address on file whatever the mail said, holds no new right (its link is that
of the letter that was answered), and is one of at most three a day. Words that Följsam does not
understand, or may not believe, go to whoever leads the process, who answers the writer herself by
pressing Reply. Where nobody vouches for it the letter says so first, holds no link of the writer's
and answers to nobody; what our server says is forged is in no letter (`flows/mail_in.py`).
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
from notifications.passed_on import Went, of_nobody_knows_whom
from rules import marks
from rules.unseen import out_of_reach
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
    vouched: bool = False  # our server says that it comes from where it says


def receipt(
    session: Session,
    settings: Settings,
    came: Came,
    person_id: int,
    link_id: int | None,
    saved: Sequence[str],
    today: date,
    went: Went = Went.TO_LEADERS,
) -> bool:
    """Tell her what was understood, where it is undone and whom the rest went to.

    False when she has had enough today.
    """
    had = select(func.count()).where(
        c(Letter).person_id == person_id, c(Letter).kind == RECEIPT, c(Letter).on_day == today
    )
    if session.execute(had).scalar_one() >= RECEIPTS_A_DAY:
        return False
    why = "" if came.became is Became.ANSWERED else _WHY[came.became][1]
    values: dict[str, object] = {
        "name": own_name(session, person_id),
        "saved": saved,
        "sure": came.vouched,
        "who": _WHO[went],
        "why": " ".join([why, *came.problems]).strip(),
        "link": marks.mark(marks.MINE) if link_id is not None else "",
        "organisation": settings.organisation,
    }
    helps = frame.whom_to_ask(session, person_id, today)
    values["signer"] = helps
    subject = values["subject"] = _subject_of(came, saved, went)
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


# Who has what was not understood; "" where it waits on the pages, for whoever comes to lead.
_WHO = {
    Went.TO_LEADERS: "Processledaren",
    Went.TO_ADMINISTRATORS: "Den som sköter Följsam",
    Went.TO_NOBODY: "",
    Went.ENOUGH: "",
}


def _subject_of(came: Came, saved: Sequence[str], went: Went) -> str:
    if saved:
        return "Ditt svar är sparat"
    whose = "Ditt svar" if came.vouched else "Ett svar i ditt namn"
    where = "gått till processledaren" if went is Went.TO_LEADERS else "kommit in"
    return f"{whose} har {where}"


def send_on(
    session: Session,
    settings: Settings,
    came: Came,
    person_id: int | None,
    areas: Collection[int],
    activity_id: int | None,
    today: date,
) -> Went:
    """Send her words to whoever leads the process there, or else to administrators.

    Not to the one who wrote them. `activity_id`: whose page the letter leads to.
    """
    whom, went = _leaders(session, person_id, areas, today), Went.TO_LEADERS
    if not whom:
        others = session.execute(administrators(today)).scalars()
        whom = {id_: None for id_ in others if id_ != person_id}
        went = Went.TO_ADMINISTRATORS if whom else Went.TO_NOBODY
    for reader_id, area in whom.items():
        told = _told(settings, came, _called(session, area, person_id), activity_id) | {
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
            reply_to=str(told["owner_address"]),
        )
    return went


def _told(settings: Settings, came: Came, name: str, activity_id: int | None) -> dict[str, object]:
    """What the letter says. `name` is hers on file, "" where nobody knows whose mail it is."""
    subject, lead = _presented(came, name)
    sure = came.vouched and bool(came.sender)
    words, more = came.words[:LONGEST], [_WHY[came.became][0], *came.problems]
    if came.attachments:
        more.append(f"I brevlådan ligger också: {', '.join(came.attachments)}.")
    told = " ".join(more)
    if not sure and came.became is not Became.BROKEN:
        words, mended = of_nobody_knows_whom(words)
        told = " ".join([out_of_reach(told), *mended, _asks_first(came, name)])
    page = f"aktiviteter/{activity_id}#mejl" if activity_id else ""
    return {
        "subject": subject,
        "lead": lead,
        "words": words,
        "next": told,
        "owner": came.sender if came.became is Became.ANOTHER else name or came.sender,
        "owner_address": came.sender if sure else "",
        "address": f"{settings.pages_url}/{page}",
        "link": "Till aktiviteten" if page else "Till Följsam",
        "organisation": settings.organisation,
    }


def _presented(came: Came, name: str) -> tuple[str, str]:
    """The subject, and the first line: who has written, as far as we know.

    A name that the mail says of itself is nobody's word: who is not on file is her address.
    """
    another = came.became is Became.ANOTHER
    if came.became is Became.BROKEN:
        return "Ett mejl gick inte att läsa", "Det har kommit ett mejl som inte gick att läsa."
    if not came.sender:
        lead = "Det har kommit ett mejl utan någon avsändare som går att läsa. Vi vet inte vem som"
        return "Ett mejl utan avsändare", f"{lead} har skrivit:"
    who = came.sender if another or not name else name
    if not came.vouched:
        whose = who if who == came.sender else f"{who} ({came.sender})"
        lead = f"Vi vet inte säkert att det är {whose} som har skrivit:"
        if another:
            lead = f"Någon har svarat på ett brev till {name}. {lead}"
        return f"Ett mejl som säger sig vara från {who}", lead
    if another:
        lead = f"{came.sender} har svarat på ett brev till {name}:"
    elif name:
        lead = f"{name} ({came.sender}) skriver:"
    else:
        return f"{came.sender} har skrivit till Följsam", f"{came.sender} skriver:"
    return f"{who} har svarat med e-post", lead


def _asks_first(came: Came, name: str) -> str:
    """What to do with words that nobody vouches for."""
    whom = "Ta reda på vem det är"
    if name and came.sender and came.became is not Became.ANOTHER:
        whom = f"Fråga {name} på annat sätt"
    return f"{whom} innan du gör något av det som står. Ett svar på brevet når inte den som skrev."


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
