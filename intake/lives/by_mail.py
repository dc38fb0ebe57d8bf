"""Answers that came as mail: what is understood is saved as answers, what is not waits for a yes.

Whose mail it is, and whether it may be believed, is `flows/mail_in.py`'s. A yes registers the
answer in the name of whoever had the letter, as one that came with e-mail; a no, or that it has
been read, only settles it. Words are never thrown away.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from intake.lives.answers import Asked, Understood, save, understand
from models.activity import Activity
from models.by_the_heap import put_all
from models.columns import c
from models.group import Group
from models.known import called, name_in
from models.lifecycle import OPEN, REMINDED
from models.mail_reply import Became, MailReply, MailReplyLine
from models.moves import Mover, Refused
from models.person import Person
from models.plan import Plan
from models.status import Says, StatusAnswer, Way
from models.undoing import stands

GONE = "Svaret väntar inte längre. Läs in sidan igen."
NOTHING_TO_SAY_YES_TO = (
    "I mejlet står inget som går att spara som det är. Skriv in beskedet under ”Registrera ett "
    "besked”."
)
IS_FORGED = (
    "Vår mejlserver säger att avsändaren är förfalskad. Fråga den som det gäller, och skriv in "
    "beskedet under ”Registrera ett besked”."
)
WHY_IT_WAITS = {
    Became.UNREAD: "Det är annat än de fasta orden.",
    Became.NOT_CHECKED: "Inget intygar att det kommer från adressen.",
    Became.ANOTHER: "Det kom från en annan adress än den som brevet gick till.",
    Became.FORWARDED: "Det är ett brev som någon har skickat vidare.",
    Became.CLOSED: "Länken i brevet gällde inte längre, eller samverkan var avslutad.",
    Became.REFUSED: "Det gick inte att spara.",
    Became.FORGED: "Vår mejlserver säger att avsändaren är förfalskad. Mejlet har inte skickats "
    "vidare till någon.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says of one activity; without `says` it is words that somebody has to read."""

    activity_id: int
    says: Says | None = None
    day_words: str = ""


def asked_now(session: Session, activity_ids: Collection[int | None], today: date) -> list[Asked]:
    """Those of some activities that are still open, as an answer needs to know them; held fast."""
    rows = session.execute(
        select(
            *(c(Activity).id, c(Activity).state, c(Activity).runs_on, c(Activity).review_months),
            c(Activity).deadline_last,
        )
        .where(c(Activity).id.in_(activity_ids), c(Activity).state.in_(OPEN))
        .order_by(c(Activity).id)
        .with_for_update()
    )
    return [
        Asked(
            *(row.id, row.state, row.runs_on, row.review_months),
            late=row.deadline_last is not None
            and row.deadline_last < today
            and row.state in REMINDED,
        )
        for row in rows
    ]


def understood_as_form(
    session: Session, said: Sequence[Said], today: date, text: str = ""
) -> Understood:
    """The same words as if they had been chosen on the page behind the link, by its rules."""
    form: dict[str, str] = {}
    for one in said:
        form[f"says_{one.activity_id}"] = one.says.value if one.says else ""
        form[f"date_{one.activity_id}"] = one.day_words
        form[f"text_{one.activity_id}"] = text
    asked = asked_now(session, [one.activity_id for one in said], today)
    understood = understand(form, asked, today)
    for missing in {one.activity_id for one in said} - {one.id for one in asked}:
        told = "Aktiviteten är avslutad, och tar inte emot fler besked."
        understood.problems[missing] = [told]
    return understood


def keep(
    session: Session, values: Mapping[str, Any], said: Sequence[Said], answered: Mapping[int, int]
) -> int:
    """Put a mail on file, and a line for each activity that it is about; its number.

    `answered` has the answers that were saved of it, by activity.
    """
    reply_id: int = session.execute(
        insert(MailReply).values(**values).returning(c(MailReply).id)
    ).scalar_one()
    rows = [
        {
            "reply_id": reply_id,
            "activity_id": one.activity_id,
            "says": one.says,
            "day_words": one.day_words,
            "answer_id": answered.get(one.activity_id),
            "settled_by": "",
        }
        for one in said
    ]
    put_all(session, MailReplyLine, rows)
    return reply_id


def newest_of(session: Session, activity_ids: Collection[int]) -> dict[int, int]:
    """The number of the newest answer about each of some activities."""
    answer = c(StatusAnswer)
    asked = select(answer.activity_id, func.max(answer.id)).group_by(answer.activity_id)
    asked = asked.where(answer.activity_id.in_(activity_ids), stands(answer))
    return dict(session.execute(asked).tuples().all())


def waiting_for(session: Session, activity_id: int) -> list[Any]:
    """The mails about an activity that wait for somebody to see to them, the oldest first."""
    line, reply = c(MailReplyLine), c(MailReply)
    rows = session.execute(
        select(
            *(line.id, line.says, line.day_words),
            *(reply.on_day, reply.sender, reply.sender_name, reply.words, reply.became),
            reply.vouched,
            called(c(Group).collaboration_id).label("name"),
        )
        .join(MailReply, reply.id == line.reply_id)
        .join(Activity, c(Activity).id == line.activity_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .outerjoin(Person, c(Person).id == reply.person_id)
        .where(line.activity_id == activity_id, *waits())
        .order_by(line.id)
    )
    return list(rows)


def waits() -> tuple[Any, ...]:
    """The conditions that a line waits."""
    return (c(MailReplyLine).answer_id.is_(None), c(MailReplyLine).settled_on.is_(None))


def settle(
    session: Session, activity_id: int, line_id: int, mover: Mover, *, accept: bool, today: date
) -> None:
    """Say yes to what a mail says, which registers it, or that it has been read. Raises `Refused`.

    Where several activities share words that nobody understood, reading them once is enough.
    """
    line = session.get(MailReplyLine, line_id, with_for_update=True)
    if line is None or line.activity_id != activity_id:
        raise Refused([GONE])
    if line.answer_id is not None or line.settled_on is not None:
        raise Refused([GONE])
    by = mover.name or "processledaren"
    if accept:
        line.answer_id = _register(session, line, by, today)
    settled = {"settled_on": today, "settled_by": by}
    same = c(MailReplyLine).id == line_id
    if line.says is None:
        same = (c(MailReplyLine).reply_id == line.reply_id) & c(MailReplyLine).says.is_(None)
    session.flush()
    session.execute(
        update(MailReplyLine).where(same, c(MailReplyLine).settled_on.is_(None)).values(**settled)
    )


def _register(session: Session, line: MailReplyLine, by: str, today: date) -> int:
    """The answer that a line holds, in the name of whoever had the letter, of the day it came."""
    reply = session.get_one(MailReply, line.reply_id)
    if reply.became is Became.FORGED:
        raise Refused([IS_FORGED])
    if line.says is None or reply.person_id is None:
        raise Refused([NOTHING_TO_SAY_YES_TO])
    said = Said(line.activity_id, line.says, line.day_words)
    understood = understood_as_form(session, [said], today)
    problems = [told for each in understood.problems.values() for told in each]
    newest = select(func.max(c(StatusAnswer).on_day)).where(
        c(StatusAnswer).activity_id == line.activity_id, stands(c(StatusAnswer))
    )
    before = session.execute(newest).scalar()
    if before is not None and before > reply.on_day:
        problems.append(f"Det finns ett nyare besked, från {before}. Beskedet skulle ersätta det.")
    if problems:
        raise Refused(problems)
    plan_of = select(c(Activity).plan_id).where(c(Activity).id == line.activity_id)
    plan = session.get_one(Plan, session.execute(plan_of).scalar_one())
    who = Mover(name_in(session, plan.collaboration_id, reply.person_id), reply.person_id)
    replies, day = understood.replies, reply.on_day
    save(session, replies, who, None, today=day, way=Way.MAIL, registered_by=by)
    return newest_of(session, [line.activity_id])[line.activity_id]
