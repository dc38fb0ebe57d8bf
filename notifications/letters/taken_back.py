"""What somebody has had a letter about and that was taken back since is told her once.

The notice is put on file when it is taken back (`intake/lives/undo.py`); it asks for nothing.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, or_, select, text
from sqlmodel import Session

from models.activity import Activity
from models.alone import alone
from models.columns import c
from models.left import is_out_of
from models.letter import Letter, LetterItem, LetterState, Notice, NoticeKind
from models.person import Person
from models.plan import Plan
from notifications.letters.items import Item, Owed, Weight, waits
from notifications.letters.readers import Readers
from rules.gathering import ANY_DAY
from rules.personnummer import masked
from rules.wording import day_in_words

_REACHED = (LetterState.SENT, LetterState.KEPT)


def add_what_was_taken_back(
    session: Session,
    owed: Owed,
    today: date,
    readers: Readers,
    only: Collection[int] | None,
) -> None:
    """Put it in the letters of those who have had one about it."""
    for row in _of_activities(session, only):
        with alone("Beskedet om att det togs tillbaka", row.what, collaboration_id=row.area):
            taken = session.execute(_WHAT_WAS, {"id": row.activity_id, "day": row.due_on}).all()
            since = min((each.day for each in taken), default=row.due_on)
            whom = _who_had(
                session, c(Notice).activity_id == row.activity_id, row.area, since, today
            )
            _put(owed, {id_: _item(row, taken) for id_ in whom}, row, readers)
    for row in _of_plans(session, only):
        with alone("Beskedet om att planen togs tillbaka", row.what, collaboration_id=row.area):
            ours = select(c(Activity).id).where(c(Activity).plan_id == row.plan_id)
            about = or_(c(Notice).activity_id.in_(ours), c(Notice).plan_id == row.plan_id)
            whom = _who_had(session, about, row.area, date.min, today)
            _put(owed, {id_: _plan_item(row) for id_ in whom}, row, readers)


def _put(owed: Owed, items: dict[int, Item], row: Row[Any], readers: Readers) -> None:
    notice_id: int = row.id
    if not items:
        owed.nobody_left.append(notice_id)
    elif not readers.put_off(owed, items, 1, row.reached_on, ANY_DAY, row.area):
        for person_id, item in items.items():
            item.notice_ids = [notice_id]
            owed.by_person.setdefault(person_id, []).append(item)
        owed.written.append(notice_id)


def _who_had(
    session: Session,
    about: Any,  # noqa: ANN401 - a condition on notices
    area: int,
    since: date,
    today: date,
) -> list[int]:
    """Those who have had a letter about it since then, and whom a letter still reaches."""
    p = c(Person)
    rows = session.execute(
        select(p.id)
        .join(Letter, c(Letter).person_id == p.id)
        .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(
            about,
            c(Notice).kind != NoticeKind.UNDONE,
            c(Letter).on_day >= since,
            c(Letter).state.in_(_REACHED),
            p.unreachable_since.is_(None),
            or_(p.left_on.is_(None), p.left_on >= today),
            ~is_out_of(p.id, area, today),
        )
        .distinct()
        .order_by(p.id)
    )
    return list(rows.scalars())


def _item(row: Row[Any], taken: Sequence[Row[Any]]) -> Item:
    """ "Det som registrerades om den 1 mars togs tillbaka av Frida 12 mars.", and why."""
    days = sorted({each.day for each in taken})
    when = " och ".join(day_in_words(day) for day in days[:2])
    if len(days) > len(days[:2]):
        when = f"{day_in_words(days[0])} till {day_in_words(days[-1])}"
    by = f" av {taken[-1].by}" if taken else ""
    told = f"Det som registrerades om den {when} togs tillbaka{by} {day_in_words(row.due_on)}."
    why = list(dict.fromkeys(masked(each.reason) for each in taken if each.reason))
    return Item(
        what=masked(row.what),
        plan=row.plan,
        collaboration_id=row.area,
        due_on=row.due_on,
        weight=Weight.TOLD,
        why=[told, *why, "Du behöver inte göra något med det."],
    )


def _plan_item(row: Row[Any]) -> Item:
    day = day_in_words(row.due_on)
    told = f"Planen togs tillbaka av {row.withdrawn_by} {day}. Du behöver inte svara om den."
    why = [masked(row.withdrawn_why)] if row.withdrawn_why else []
    return Item(
        what=masked(row.what),
        collaboration_id=row.area,
        due_on=row.due_on,
        weight=Weight.TOLD,
        why=[told, *why],
    )


def _waiting(only: Collection[int] | None, *columns: Any) -> Any:  # noqa: ANN401 - a statement
    notice, area = c(Notice), c(Plan).collaboration_id.label("area")
    return (
        select(notice.id, notice.due_on, notice.reached_on, area, *columns)
        .select_from(Notice)
        .where(waits(only), c(Notice).kind == NoticeKind.UNDONE)
        .order_by(c(Notice).id)
    )


def _of_activities(session: Session, only: Collection[int] | None) -> Sequence[Row[Any]]:
    what = c(Activity).what, c(Plan).title.label("plan"), c(Notice).activity_id
    asked = _waiting(only, *what).join(Activity, c(Activity).id == c(Notice).activity_id)
    found: Sequence[Row[Any]] = session.execute(
        asked.join(Plan, c(Plan).id == c(Activity).plan_id)
    ).all()
    return found


def _of_plans(session: Session, only: Collection[int] | None) -> Sequence[Row[Any]]:
    what = c(Plan).title.label("what"), c(Plan).withdrawn_by, c(Plan).withdrawn_why
    asked = _waiting(only, *what, c(Notice).plan_id)
    found: Sequence[Row[Any]] = session.execute(
        asked.join(Plan, c(Plan).id == c(Notice).plan_id)
    ).all()
    return found


# The rows of the log that were taken back on a day, of one activity: when each was registered.
_WHAT_WAS = (
    text("""
    SELECT DISTINCT x.day, u.by, u.reason, u.id FROM (
        SELECT registered_on AS day, undone_id FROM move WHERE activity_id = :id
        UNION ALL SELECT on_day, undone_id FROM change WHERE activity_id = :id
        UNION ALL SELECT on_day, undone_id FROM part_change WHERE activity_id = :id
        UNION ALL SELECT on_day, undone_id FROM status_answer WHERE activity_id = :id
    ) AS x JOIN undoing u ON u.id = x.undone_id
    WHERE u.on_day = :day
    ORDER BY u.id, x.day
""")
    .bindparams(bindparam("day", type_=Date))
    .columns(day=Date)
)
