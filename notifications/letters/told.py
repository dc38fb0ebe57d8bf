"""What a daily letter tells without asking: a plan's money, who is to stand in, and what is done.

The chair of the group that owns a plan is told of its money, without one the process leader; the
stand-in of what was handed over to her, and she whose it is that somebody stands in, whoever said
so; and who leads the process, who is to follow it up, of what somebody has answered "Klart" about.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, case, func, or_, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session

from config.settings import Settings
from models.activity import Activity
from models.alone import alone
from models.columns import c
from models.delegation import Delegation
from models.group import Group
from models.known import called, signed
from models.letter import Notice, NoticeKind
from models.lifecycle import REMINDED
from models.person import Person
from models.plan import Plan
from models.reminded import is_reminded_of
from models.status import Says, StatusAnswer
from models.undoing import stands
from notifications.letters.items import Item, Owed, Weight, told_about, waits
from notifications.letters.readers import Readers
from notifications.notices import MAIL_WAITS, PROPOSES
from rules.gathering import ANY_DAY, AT_ONCE
from rules.personnummer import masked
from rules.recipients import Answering, Directory
from rules.wording import day_in_words, reason_for_asking


def add_what_is_told(
    session: Session,
    settings: Settings,
    asked: Directory,
    owed: Owed,
    today: date,
    readers: Readers,
    only: Collection[int] | None = None,
) -> None:
    """Put what is only told in the day's letters, for whom it is."""
    for rows in _by_plan(_money(session, only)):
        last = min(rows, key=lambda row: row.rung)
        with alone("Medlen i", last.title, collaboration_id=last.collaboration_id):
            whom = told_of_money(asked, last.group_id)
            items = {who.person_id: _of_money(settings, last, who.via, today) for who in whom}
            reached_on = min(row.reached_on for row in rows)
            _put(
                owed,
                items,
                [row.id for row in rows],
                readers,
                reached_on,
                last.due_on,
                last.collaboration_id,
            )
    for row in _handed_over(session, today, only):
        area = row.collaboration_id
        with alone("Beskedet om ersättare för", row.for_whom, collaboration_id=area):
            items = {row.delegate_id: _of_delegation(row)} if row.delegate_id is not None else {}
            if items and row.reachable_id is not None:
                items[row.reachable_id] = _of_handing_over(row)
            _put(owed, items, [row.id], readers, row.reached_on, AT_ONCE, area)

    for row in _said_done(session, today, only):
        area = row.collaboration_id
        with alone("Beskedet om att det är klart med", row.what, collaboration_id=area):
            leads = asked.last_resort(row.group_id, row.activity_id)
            whom = [who for who in leads if who.person_id != row.said_by_id]
            if leads and not whom:  # she said it herself, and knows
                owed.nobody_left.append(row.id)
                continue
            items = {who.person_id: _of_done(settings, row, who.via) for who in whom}
            _put(owed, items, [row.id], readers, row.reached_on, ANY_DAY, area)


def told_of_money(asked: Directory, group_id: int) -> list[Answering]:
    """Who is told of the money of a plan that a group owns."""
    return asked.speaking_for(group_id) or asked.last_resort(group_id)


def _put(
    owed: Owed,
    items: dict[int, Item],
    notice_ids: list[int],
    readers: Readers,
    reached_on: date,
    by: date,
    area: int | None,
) -> None:
    if not items:
        owed.without_reader += len(notice_ids)
    elif not readers.put_off(owed, items, len(notice_ids), reached_on, by, area):
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


def _of_handing_over(row: Row[Any]) -> Item:
    """ "Bo ersätter dig", in what, from when, and who said so.

    Told also to whoever did it herself, since a letter may be forwarded.
    """
    scope = f"Det gäller {row.activity or 'allt som du svarar för'}."
    if row.group:
        scope = f"Det gäller rollen som {row.role} i {row.group}."
    days = f"Från och med {day_in_words(row.first_day)} går frågorna till {row.delegate_there}."
    return Item(
        what=f"{row.delegate_there} ersätter dig till och med {day_in_words(row.last_day)}",
        collaboration_id=row.collaboration_id or 0,
        due_on=row.due_on,
        weight=Weight.TOLD,
        plan=f"Registrerat av {row.by_there}.",
        why=[scope, f"{days} Stämmer det inte? Svara på brevet, eller avsluta det på din sida."],
    )


def _of_done(settings: Settings, row: Row[Any], via: str) -> Item:
    """ "Bo svarade Klart 3 december", in Bo's own words, and where it is followed up."""
    who = f"{row.said_by} svarade" if row.said_by else "Svaret är"
    return Item(
        what=masked(row.what),
        how=masked(row.text or ""),
        plan=row.plan,
        collaboration_id=row.collaboration_id,
        due_on=row.due_on,
        weight=Weight.TOLD,
        via=via,
        why=[f"{who} Klart {day_in_words(row.due_on)}. Nu återstår att följa upp den."],
        page=f"{settings.pages_url}/aktiviteter/{row.activity_id}",
        link="Följ upp",
    )


def _by_plan(rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    gathered: dict[int, list[Row[Any]]] = {}
    for row in rows:
        gathered.setdefault(row.plan_id, []).append(row)
    return list(gathered.values())


def _money(session: Session, only: Collection[int] | None) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).plan_id,
            c(Notice).rung,
            c(Notice).due_on,
            c(Notice).reached_on,
            c(Plan).title,
            c(Plan).group_id,
            c(Plan).collaboration_id,
            c(Plan).funding_text,
        )
        .join(Plan, c(Plan).id == c(Notice).plan_id)
        .where(waits(only), c(Notice).kind == NoticeKind.FUNDING)
        .order_by(c(Notice).id)
    ).all()


def _said_done(session: Session, today: date, only: Collection[int] | None) -> Sequence[Row[Any]]:
    """What is said to be done and nobody has been told of, with the answer that says so."""
    answer = c(StatusAnswer)
    latest = (
        select(func.max(answer.id))
        .where(answer.activity_id == c(Activity).id, answer.says == Says.DONE, stands(answer))
        .correlate(Activity)
        .scalar_subquery()
    )
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).activity_id,
            c(Notice).due_on,
            c(Notice).reached_on,
            c(Activity).what,
            c(Activity).group_id,
            c(Plan).title.label("plan"),
            c(Plan).collaboration_id,
            answer.text,
            answer.person_id.label("said_by_id"),
            called(c(Plan).collaboration_id).label("said_by"),
        )
        .join(Activity, c(Activity).id == c(Notice).activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .outerjoin(StatusAnswer, answer.id == latest)
        .outerjoin(Person, c(Person).id == answer.person_id)
        .where(waits(only), c(Notice).kind == NoticeKind.DONE, is_reminded_of(c(Plan).id, today))
        .order_by(c(Notice).id)
    ).all()


def _handed_over(session: Session, today: date, only: Collection[int] | None) -> Sequence[Row[Any]]:
    """Delegations that nobody has told of. Without a `delegate_id`: she cannot be reached."""
    delegate: Any = aliased(Person)
    absent: Any = aliased(Person)
    area = func.coalesce(c(Group).collaboration_id, c(Plan).collaboration_id)
    # In whose words each is told of it: where it is handed over, or her own home's.
    whose = func.coalesce(area, delegate.home_collaboration_id)
    at_absents = func.coalesce(area, absent.home_collaboration_id)
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).due_on,
            c(Notice).reached_on,
            delegate.id.label("delegate_id"),
            called(whose, delegate).label("delegate"),
            called(whose, absent).label("for_whom"),
            called(at_absents, delegate).label("delegate_there"),
            signed(c(Delegation).by, at_absents, absent).label("by_there"),
            case((_can_be_reached(absent, today), absent.id)).label("reachable_id"),
            c(Delegation).first_day,
            c(Delegation).last_day,
            c(Delegation).role,
            signed(c(Delegation).by, whose, absent).label("by"),
            c(Activity).what.label("activity"),
            c(Group).name.label("group"),
            area.label("collaboration_id"),
        )
        .join(Delegation, c(Delegation).id == c(Notice).delegation_id)
        .join(absent, absent.id == c(Delegation).person_id)
        .outerjoin(
            delegate,
            (delegate.id == c(Delegation).delegate_id) & _can_be_reached(delegate, today),
        )
        .outerjoin(Activity, c(Activity).id == c(Delegation).activity_id)
        .outerjoin(Plan, c(Plan).id == c(Activity).plan_id)
        .outerjoin(Group, c(Group).id == c(Delegation).group_id)
        .where(waits(only))
        .order_by(c(Notice).id)
    ).all()


def _can_be_reached(who: Any, today: date) -> Any:  # noqa: ANN401 - a condition
    return who.unreachable_since.is_(None) & or_(who.left_on.is_(None), who.left_on >= today)


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
            told_about(
                row,
                row.on_day,
                [
                    f"Ditt förslag {day_in_words(row.on_day)} om {masked(proposed)} väntar på "
                    "processledarens ja. Påminnelserna om slutdatumet vilar så länge."
                ],
            )
        )


def add_mail_that_rests(session: Session, owed: Owed) -> None:
    """The same of what she answered by mail, and nobody has seen to."""
    for row in session.execute(_MAIL_RESTING):
        items = owed.by_person.get(row.person_id)
        if items is None:
            continue
        whose = "Ditt svar med e-post" if row.sure else "Ett svar med e-post i ditt namn"
        why = (
            f"{whose} {day_in_words(row.on_day)} väntar på processledaren. "
            "Påminnelserna vilar så länge."
        )
        items.append(told_about(row, row.on_day, [why]))


_MAIL_RESTING = text(f"""
    SELECT mail.person_id, max(mail.on_day) AS on_day, a.what, plan.title AS plan,
           plan.collaboration_id, min(CASE WHEN mail.vouched THEN 1 ELSE 0 END) AS sure
    FROM mail_reply_line line
    JOIN mail_reply mail ON mail.id = line.reply_id
    JOIN activity a ON a.id = line.activity_id
    JOIN plan ON plan.id = a.plan_id
    WHERE {MAIL_WAITS} AND mail.person_id IS NOT NULL
      AND a.state IN ({", ".join(f"'{state.value}'" for state in REMINDED)})
    GROUP BY mail.person_id, a.id, a.what, plan.title, plan.collaboration_id
    ORDER BY a.id
""").columns(on_day=Date)  # noqa: S608 - own names


_RESTING = text(f"""
    SELECT s.person_id, s.on_day, s.proposed_text, s.instead, a.what, plan.title AS plan,
           plan.collaboration_id
    FROM status_answer s
    JOIN activity a ON a.id = s.activity_id
    JOIN plan ON plan.id = a.plan_id
    JOIN activity proposed ON proposed.id = a.id
    WHERE {PROPOSES}
      AND a.state IN ({", ".join(f"'{state.value}'" for state in REMINDED)})
    ORDER BY s.id
""").columns(on_day=Date)  # noqa: S608 - own names
