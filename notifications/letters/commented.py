"""What has been written about activities since somebody's letter before, beside what she is asked.

No letter is written for that alone, and none quotes a comment: it says who wrote and when, and the
words stand on the page, where whoever wrote them may take them back. Told once: what a letter of
hers that went, or may yet go, was made after is not told again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Row, bindparam, func, select, text
from sqlmodel import Session

from config import clock
from models.activity import Activity
from models.columns import c
from models.comment import Comment, CommentFile
from models.group import Group
from models.letter import Letter, LetterState
from models.letter_kinds import LetterKind
from models.person import Role
from models.plan import Plan
from notifications.letters.items import Item, Owed, Weight, told_about
from rules.personnummer import masked
from rules.wording import counted, day_in_words

MOST = 10  # activities that a letter names; the rest are counted
_BACK = timedelta(days=30)  # to somebody who has had no letter before
_LONGEST_BACK = timedelta(days=400)  # to somebody whose letter before was long ago
_AT_A_TIME = 5000
_NEVER_CAME = (
    *(LetterState.FAILED, LetterState.BOUNCED),
    *(LetterState.REPLACED, LetterState.EMPTY),
)


@dataclass(slots=True)
class _About:
    """What is new to one person about one activity."""

    row: Row[Any]  # the newest comment
    number: int = 0
    files: int = 0
    writers: set[str] = field(default_factory=set)


def add_what_was_commented(session: Session, owed: Owed, today: date) -> None:
    """Tell whoever has a letter what others have written about what is hers since the last one.

    Hers is what names her, what a group that she chairs answers for, what she leads, what she has
    written about while she stands in for somebody, and what the letter asks about. Who has left an
    activity is not told what others go on saying of it.
    """
    people = sorted(owed.by_person)
    since: dict[int, datetime] = {}
    for some in _in_steps(people):
        since |= _told_until(session, some, today)
    comments = _comments(session, _first_day(since.values(), today), today)
    if not comments:
        return
    activities = sorted({row.activity_id for row in comments})
    for some in _in_steps(people):
        hers = _hers(session, some, activities, today)
        for person_id in some:
            items = owed.by_person[person_id]
            mine = hers.get(person_id, set()) | {item.activity_id for item in items}
            _put(items, _new_to_her(comments, person_id, mine, since.get(person_id), today))


def _in_steps(people: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(people), _AT_A_TIME):
        yield people[at : at + _AT_A_TIME]


def _first_day(since: Iterable[datetime], today: date) -> date:
    """From when comments may be new to somebody: since the oldest of their letters before."""
    days = (clock.in_stockholm(moment).date() for moment in since)
    return max(min([today - _BACK, *days]), today - _LONGEST_BACK)


def _comments(session: Session, first: date, today: date) -> list[Row[Any]]:
    """What stands and may be new to somebody, the oldest first."""
    row = c(Comment)
    return list(
        session.execute(
            select(
                *(row.activity_id, row.person_id, row.by, row.at, row.on_day),
                c(CommentFile).id.label("file_id"),
                c(Activity).what,
                c(Plan).title.label("plan"),
                c(Group).collaboration_id,
            )
            .join(Activity, c(Activity).id == row.activity_id)
            .join(Plan, c(Plan).id == c(Activity).plan_id)
            .join(Group, c(Group).id == c(Activity).group_id)
            .outerjoin(CommentFile, c(CommentFile).comment_id == row.id)
            .where(row.on_day >= first, row.on_day <= today)
            .where(row.taken_back_on.is_(None))
            .order_by(row.id)
        )
    )


def _new_to_her(
    comments: Iterable[Row[Any]],
    person_id: int,
    hers: set[int | None],
    since: datetime | None,
    today: date,
) -> list[_About]:
    found: dict[int, _About] = {}
    for row in comments:
        if row.activity_id not in hers or row.person_id == person_id:
            continue
        new = row.on_day >= today - _BACK if since is None else row.at > since
        if not new:
            continue
        about = found.setdefault(row.activity_id, _About(row))
        about.row = row
        about.number += 1
        about.files += row.file_id is not None
        about.writers.add(row.by)
    return list(found.values())


def _put(items: list[Item], new: list[_About]) -> None:
    """Beside the question about the same, where the letter asks; else as what is good to know."""
    asked = {item.activity_id: item for item in items if item.activity_id is not None}
    apart = [about for about in new if about.row.activity_id not in asked]
    for about in new:
        if about.row.activity_id in asked:
            asked[about.row.activity_id].said.append(_in_words(about))
    for about in apart[:MOST]:
        items.append(told_about(about.row, about.row.on_day, [_in_words(about)]))
    rest = len(apart) - MOST
    if rest > 0:
        items.append(
            Item(
                what=f"Kommentarer om {counted(rest, 'aktivitet', 'aktiviteter')} till",
                collaboration_id=apart[MOST].row.collaboration_id,
                due_on=apart[MOST].row.on_day,
                weight=Weight.TOLD,
                why=["De står på aktiviteternas egna sidor."],
            )
        )


def _in_words(about: _About) -> str:
    """ "Bob skrev en kommentar 3 mars 2024 och bifogade en fil." """
    row, day = about.row, day_in_words(about.row.on_day)
    if about.number == 1:
        file = " och bifogade en fil" if about.files else ""
        return f"{masked(row.by)} skrev en kommentar {day}{file}."
    new = f"{about.number} nya kommentarer"
    if len(about.writers) == 1:
        return f"{new} av {masked(row.by)}, den senaste {day}."
    return f"{new}, den senaste av {masked(row.by)} {day}."


def _hers(
    session: Session, people: list[int], activities: list[int], today: date
) -> dict[int, set[int | None]]:
    found: dict[int, set[int | None]] = {}
    values = {"people": people, "activities": activities, "today": today}
    for person_id, activity_id in session.execute(_HERS, values):
        found.setdefault(person_id, set()).add(activity_id)
    return found


def _told_until(session: Session, people: list[int], today: date) -> dict[int, datetime]:
    """When each person's latest letter before today's was made, of those that came or may come."""
    letter = c(Letter)
    made = func.max(func.coalesce(letter.made_at, letter.queued_at))
    rows = session.execute(
        select(letter.person_id, made)
        .where(letter.person_id.in_(people), letter.on_day < today)
        .where(letter.kind == LetterKind.MORNING, letter.state.not_in(_NEVER_CAME))
        .group_by(letter.person_id)
    )
    return dict(rows.tuples().all())


_HELD = (
    "(h.starts_on IS NULL OR h.starts_on <= :today) AND (h.ends_on IS NULL OR h.ends_on >= :today)"
)
_HERS = text(f"""
    SELECT r.person_id, r.activity_id FROM responsibility r
    WHERE r.activity_id IN :activities AND r.person_id IN :people
    UNION SELECT h.person_id, r.activity_id FROM responsibility r
    JOIN role_holding h ON h.group_id = r.group_id
    WHERE r.activity_id IN :activities AND h.person_id IN :people
      AND h.role IN ('{Role.CHAIR}', '{Role.DEPUTY}') AND {_HELD}
    UNION SELECT h.person_id, a.id FROM activity a
    JOIN groups g ON g.id = a.group_id
    JOIN groups led ON led.collaboration_id = g.collaboration_id
    JOIN role_holding h ON h.group_id = led.id
    WHERE a.id IN :activities AND h.person_id IN :people
      AND h.role = '{Role.PROCESS_LEADER}' AND {_HELD}
    UNION SELECT k.person_id, k.activity_id FROM comment k
    JOIN delegation d ON d.delegate_id = k.person_id
    WHERE k.activity_id IN :activities AND k.person_id IN :people
      AND d.first_day <= :today AND d.last_day >= :today
      AND (d.ended_on IS NULL OR d.ended_on > :today)
""").bindparams(  # noqa: S608 - own names
    bindparam("people", expanding=True),
    bindparam("activities", expanding=True),
    bindparam("today", type_=Date),
)
