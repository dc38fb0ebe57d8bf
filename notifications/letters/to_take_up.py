"""The two or three things that a group has to take up at its meeting, for its quarterly letter.

First what somebody has put on the meeting, then what waits for a yes or a no, then what has been
late the longest. Each with who answers for it today and what the newest answer says; never her own
words, which wait for a yes. Looked up when the letter is made: its report may have waited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.edition import Edition
from models.group import Group
from models.lifecycle import OPEN
from models.listing import is_late, late
from models.proposals import standing_proposal
from models.status_round import AgendaPoint, Meeting
from notifications.directory import answering_now
from notifications.letters.said import newest_answers
from notifications.outbox import Words
from rules.personnummer import masked
from rules.wording import answer_in_words, day_in_words, shortened
from templates import render

MOST = 3
_HEADING = "Att ta upp på mötet"
_LONGEST = 80  # characters of what an activity is about
_AT_MOST_ASKED = 2  # names of those who answer for it


@dataclass(frozen=True, slots=True)
class _Meeting:
    """What a group has to take up, and when it meets next."""

    name: str
    take_up: tuple[str, ...]
    meets_on: date | None


def with_what_to_take_up(session: Session, words: Words, editions: str, today: date) -> Words:
    """A letter of some groups' reports, by their numbers, with what each has to take up below."""
    numbers = [int(one) for one in editions.split(",") if one.isdecimal()]
    asked = (
        select(c(Group).id, c(Group).name)
        .join(Edition, c(Edition).group_id == c(Group).id)
        .where(c(Edition).id.in_(numbers))
        .distinct()
        .order_by(c(Group).id)
    )
    groups = [
        _Meeting(name, told, meets_on(session, id_, today))
        for id_, name in session.execute(asked).all()
        if (told := to_take_up(session, id_, today))
    ]
    if not groups or _HEADING in words.text:  # put there when it was decided, by an older program
        return words
    return Words(
        words.subject,
        f"{words.text.rstrip()}\n\n{render('mail/take_up/text.txt', groups=groups).strip()}\n",
        words.html + render("mail/take_up/html.html", groups=groups),
    )


def to_take_up(session: Session, group_id: int, today: date) -> tuple[str, ...]:
    """A sentence for each thing, the most pressing first; none when nothing presses."""
    rows = session.execute(_pressing(group_id, today)).all()
    said = {row.activity_id: row for row in newest_answers(session, [row.id for row in rows])}
    return tuple(_in_words(session, row, said.get(row.id), today) for row in rows)


def meets_on(session: Session, group_id: int, today: date) -> date | None:
    """The day of the group's next meeting."""
    row = c(Meeting)
    asked = select(func.min(row.on_day)).where(row.group_id == group_id, row.on_day >= today)
    return session.execute(asked).scalar()


def _in_words(session: Session, row: Row[Any], said: Row[Any] | None, today: date) -> str:
    """ "Trygg hemgång (Alice): slutdatum var 31 mars 2024. Senaste besked 2 april: Försenat." """
    asked = [who.name for who in answering_now(session, row.id, today)]
    who = " och ".join(asked[:_AT_MOST_ASKED])
    what = shortened(" ".join(masked(row.what).split()), _LONGEST)
    told = [f"{what} ({who})" if who else what]
    why = []
    if row.put_by:
        why.append(f"uppsatt av {masked(row.put_by)} {day_in_words(row.put_on)}")
    if row.proposal:
        why.append("ett förslag väntar på ja eller nej")
    if late(row, today):
        why.append(f"slutdatum var {day_in_words(row.deadline_last)}")
    newest = "Inget besked har kommit."
    if said is not None:
        says = answer_in_words(said.says, said.instead, said.by)
        newest = f"Senaste besked {day_in_words(said.on_day)}: {says}."
    return f"{told[0]}: {', '.join(why)}. {newest}"


def _pressing(group_id: int, today: date) -> Any:  # noqa: ANN401 - a statement
    point, row = c(AgendaPoint), c(Activity)
    proposal = standing_proposal()
    order: Sequence[Any] = (
        case((point.id.is_not(None), 0), (proposal.is_not(None), 1), else_=2),
        row.deadline_last.is_(None),
        row.deadline_last,
        row.id,
    )
    return (
        select(
            row.id,
            row.what,
            row.state,
            row.deadline_last,
            row.reported_done_on,
            point.by.label("put_by"),
            point.on_day.label("put_on"),
            proposal.label("proposal"),
        )
        .outerjoin(AgendaPoint, (point.activity_id == row.id) & point.done_on.is_(None))
        .where(row.group_id == group_id, row.state.in_(OPEN))
        .where(point.id.is_not(None) | proposal.is_not(None) | is_late(today))
        .order_by(*order)
        .limit(MOST)
    )
