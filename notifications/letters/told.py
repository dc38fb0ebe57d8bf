"""What a daily letter tells without asking: a plan's money, and that somebody is to stand in.

The chair of the group that owns a plan is told of its money, without one the process leader; the
stand-in herself of what was handed over to her.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, func, or_, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config.settings import Settings
from models.activity import Activity
from models.alone import alone
from models.columns import c
from models.delegation import Delegation
from models.group import Group
from models.letter import Notice
from models.lifecycle import REMINDED
from models.person import Person
from models.plan import Plan
from notifications.letters.items import Item, Owed, Weight
from notifications.notices import waits_for_a_yes
from rules.personnummer import masked
from rules.recipients import Answering, Directory
from rules.wording import day_in_words, reason_for_asking


def add_what_is_told(
    session: Session,
    settings: Settings,
    asked: Directory,
    owed: Owed,
    today: date,
    had_today: set[int],
) -> None:
    """Put what is only told in the day's letters, for whom it is."""
    for rows in _by_plan(_money(session)):
        last = min(rows, key=lambda row: row.rung)
        with alone("Medlen i", last.title, collaboration_id=last.collaboration_id):
            whom = told_of_money(asked, last.group_id)
            items = {who.person_id: _of_money(settings, last, who.via, today) for who in whom}
            _put(owed, items, [row.id for row in rows], had_today)
    for row in _handed_over(session, today):
        area = row.collaboration_id
        with alone("Beskedet om ersättare för", row.for_whom, collaboration_id=area):
            items = {row.delegate_id: _of_delegation(row)} if row.delegate_id is not None else {}
            _put(owed, items, [row.id], had_today)


def told_of_money(asked: Directory, group_id: int) -> list[Answering]:
    """Who is told of the money of a plan that a group owns."""
    return asked.speaking_for(group_id) or asked.last_resort(group_id)


def _put(owed: Owed, items: dict[int, Item], notice_ids: list[int], had_today: set[int]) -> None:
    if not items:
        owed.without_reader += len(notice_ids)
    elif items.keys() & had_today:
        owed.tomorrow += len(notice_ids)
    else:
        for person_id, item in items.items():
            item.notice_ids = list(notice_ids)
            owed.by_person.setdefault(person_id, []).append(item)
        owed.written.extend(notice_ids)


def _of_money(settings: Settings, row: Row[Any], via: str, today: date) -> Item:
    return Item(
        what=f"Medel i {row.title}: sista dag {day_in_words(row.due_on)}",
        how=masked(row.funding_text),
        collaboration_id=row.collaboration_id,
        due_on=row.due_on,
        weight=Weight.TOLD,
        via=via,
        why=[reason_for_asking("funding", row.due_on, today)],
        page=f"{settings.pages_url}/planer/{row.plan_id}",
        link="Visa planen",
    )


def _of_delegation(row: Row[Any]) -> Item:
    """ "Du ersätter Alice", in what, from when and until when, and who said so."""
    scope = f"Det gäller {row.activity or f'allt som {row.for_whom} svarar för'}."
    if row.group:
        scope = f"Det gäller rollen som {row.role} i {row.group}."
    begins = f"Du får frågorna från och med {day_in_words(row.first_day)}."
    return Item(
        what=f"Du ersätter {row.for_whom} till och med {day_in_words(row.last_day)}",
        collaboration_id=row.collaboration_id or 0,
        due_on=row.due_on,
        weight=Weight.TOLD,
        plan=f"Registrerat av {row.by}.",
        why=[scope, begins],
    )


def _by_plan(rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    gathered: dict[int, list[Row[Any]]] = {}
    for row in rows:
        gathered.setdefault(row.plan_id, []).append(row)
    return list(gathered.values())


def _money(session: Session) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).plan_id,
            c(Notice).rung,
            c(Notice).due_on,
            c(Plan).title,
            c(Plan).group_id,
            c(Plan).collaboration_id,
            c(Plan).funding_text,
        )
        .join(Plan, c(Plan).id == c(Notice).plan_id)
        .where(c(Notice).written_on.is_(None))
        .order_by(c(Notice).id)
    ).all()


def _handed_over(session: Session, today: date) -> Sequence[Row[Any]]:
    """Delegations that nobody has told of. Without a `delegate_id`: she cannot be reached."""
    delegate: Any = aliased(Person)
    absent: Any = aliased(Person)
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).due_on,
            delegate.id.label("delegate_id"),
            absent.name.label("for_whom"),
            c(Delegation).first_day,
            c(Delegation).last_day,
            c(Delegation).role,
            c(Delegation).by,
            c(Activity).what.label("activity"),
            c(Group).name.label("group"),
            func.coalesce(c(Group).collaboration_id, c(Plan).collaboration_id).label(
                "collaboration_id"
            ),
        )
        .join(Delegation, c(Delegation).id == c(Notice).delegation_id)
        .join(absent, absent.id == c(Delegation).person_id)
        .outerjoin(
            delegate,
            (delegate.id == c(Delegation).delegate_id)
            & delegate.unreachable_since.is_(None)
            & or_(delegate.left_on.is_(None), delegate.left_on >= today),
        )
        .outerjoin(Activity, c(Activity).id == c(Delegation).activity_id)
        .outerjoin(Plan, c(Plan).id == c(Activity).plan_id)
        .outerjoin(Group, c(Group).id == c(Delegation).group_id)
        .where(c(Notice).written_on.is_(None))
        .order_by(c(Notice).id)
    ).all()


def add_what_rests(session: Session, owed: Owed) -> None:
    """Whoever has a letter is told which of her own proposals wait for a yes.

    The ladder rests for them (`notices.py`); no letter is written for that alone.
    """
    for row in session.execute(_RESTING):
        items = owed.by_person.get(row.person_id)
        if items is None:
            continue
        proposed = f"nytt slutdatum ({row.proposed_text})"
        if not row.proposed_text:
            proposed = f"att {row.instead or 'någon annan'} svarar för den"
        items.append(
            Item(
                what=masked(row.what),
                plan=row.plan,
                collaboration_id=row.collaboration_id,
                due_on=row.on_day,
                weight=Weight.TOLD,
                why=[
                    f"Ditt förslag {day_in_words(row.on_day)} om {masked(proposed)} väntar på "
                    "processledarens ja. Påminnelserna om slutdatumet vilar så länge."
                ],
            )
        )


_RESTING = text(f"""
    SELECT s.person_id, s.on_day, s.proposed_text, s.instead, a.what, plan.title AS plan,
           plan.collaboration_id
    FROM status_answer s
    JOIN activity a ON a.id = s.activity_id
    JOIN plan ON plan.id = a.plan_id
    WHERE s.id = (SELECT max(id) FROM status_answer newest WHERE newest.activity_id = a.id)
      AND a.state IN ({", ".join(f"'{state.value}'" for state in REMINDED)})
      AND {waits_for_a_yes("a.id")}
    ORDER BY s.id
""").columns(on_day=Date)  # noqa: S608 - own names
