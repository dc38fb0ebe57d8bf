"""Notices become letters: one to each person a day with everything in it, in one transaction.

One function for each letter, named as its folder of templates. Who is asked is decided by
`rules/recipients.py`; sending is the postman's.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text, update
from sqlmodel import Session

from config import clock
from config.policy import Policy
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.letter import Letter, LetterItem, LetterState, Link, Notice
from models.lifecycle import State
from models.person import Person
from models.plan import Plan
from notifications import links
from notifications.directory import directory, named_in_unwritten
from notifications.outbox import message_id
from rules.wording import counted, day_in_words, reason_for_asking
from templates import render

MORNING = "morning"


@dataclass(frozen=True, slots=True)
class Item:
    """One activity in a letter: what it is, why it stands there, and how it came to this person."""

    notice_ids: tuple[int, ...]
    activity_id: int
    kind: str
    rung: int
    due_on: date
    what: str
    how: str
    plan: str
    state: str
    why: str
    via: str


@dataclass(slots=True)
class Result:
    """What became of the notices: ids of letters, and notices that nobody could be asked about."""

    letter_ids: list[int] = field(default_factory=list)
    items: int = 0
    without_reader: int = 0
    outdated: int = 0
    tomorrow: int = 0


def morning(session: Session, settings: Settings, policy: Policy, today: date) -> Result:
    """Write the morning's letters for every notice that has not been written about.

    1. Take the lock: two rounds at once write one after the other.
    2. Drop notices that no longer hold (the day was changed, the activity moved on).
    3. Find who answers for each activity today; leave a notice waiting when nobody does.
    4. Gather by person. Somebody who has had today's letter gets the rest tomorrow.
    5. Make links, render, queue, and mark the notices written: all in this transaction.
    """
    _take_turns(session)
    result = Result(outdated=_drop_outdated(session, today))
    notices = _unwritten(session)
    asked = directory(session, today)
    named = named_in_unwritten(session)
    had_today = _written_to(session, today)
    by_person: dict[int, list[Item]] = {}
    written: list[int] = []
    for (activity_id, _), rows in _by_activity_and_kind(notices).items():
        answering = asked.answering(named.get(activity_id, []), rows[0].group_id)
        if not answering:
            result.without_reader += len(rows)
        elif any(who.person_id in had_today for who in answering):
            result.tomorrow += len(rows)
        else:
            for who in answering:
                by_person.setdefault(who.person_id, []).append(_item(rows, who.via, today))
            written.extend(row.id for row in rows)
    _queue(session, settings, policy, today, by_person, result)
    _mark_written(session, written, today)
    return result


def _queue(
    session: Session,
    settings: Settings,
    policy: Policy,
    today: date,
    by_person: dict[int, list[Item]],
    result: Result,
) -> None:
    if not by_person:
        return
    now = clock.now()
    people = _people(session, by_person)
    made = session.execute(
        insert(Link).returning(c(Link).id, c(Link).person_id, sort_by_parameter_order=True),
        [
            {"person_id": id_, "made_at": now, "expires_at": now + timedelta(settings.link_days)}
            for id_ in by_person
        ],
    ).all()
    rows = []
    for link_id, person_id in made:
        name, email = people[person_id]
        items = sorted(by_person[person_id], key=lambda i: (i.due_on, i.what))
        subject, body, html = _words(settings, policy, name, items, link_id, today)
        rows.append(
            {
                "person_id": person_id,
                "link_id": link_id,
                "kind": MORNING,
                "on_day": today,
                "to_name": name,
                "to_address": email,
                "subject": subject,
                "text": body,
                "html": html,
                "message_id": message_id(settings),
                "queued_at": now,
                "not_before": now,
                "state": LetterState.QUEUED,
            }
        )
    queued = session.execute(
        insert(Letter).returning(c(Letter).id, c(Letter).person_id, sort_by_parameter_order=True),
        rows,
    ).all()
    session.execute(
        insert(LetterItem),
        [
            {"letter_id": letter_id, "notice_id": notice_id, "via": item.via}
            for letter_id, person_id in queued
            for item in by_person[person_id]
            for notice_id in item.notice_ids
        ],
    )
    result.letter_ids = [letter_id for letter_id, _ in queued]
    result.items = sum(len(items) for items in by_person.values())


def _words(
    settings: Settings,
    policy: Policy,
    name: str,
    items: Sequence[Item],
    link_id: int,
    today: date,
) -> tuple[str, str, str]:
    """(subject, plain text, HTML) of the morning letter; the two bodies say the same."""
    values = {
        "name": name,
        "items": items[: policy.most_items],
        "left_out": max(0, len(items) - policy.most_items),
        "total": len(items),
        "link": links.address(settings, link_id),
        "days": settings.link_days,
        "organisation": settings.organisation,
        "today": today,
    }
    subject = (
        f"{counted(len(items), 'aktivitet', 'aktiviteter')} att svara på – {nearest(items, today)}"
    )
    text_body = render("mail/morning/text.txt", **values)
    return subject[:1].upper() + subject[1:], text_body, render("mail/morning/html.html", **values)


def nearest(items: Sequence[Item], today: date) -> str:
    """The day that the subject names: the next one to come, or the one longest overdue."""
    coming = [item.due_on for item in items if item.due_on >= today]
    if coming:
        return f"närmast {day_in_words(min(coming))}"
    return f"äldst {day_in_words(min(item.due_on for item in items))}"


def _item(rows: Sequence[Row[Any]], via: str, today: date) -> Item:
    """The rung reached last speaks for the earlier ones, when a round was missed."""
    last = min(rows, key=lambda row: row.rung)
    return Item(
        notice_ids=tuple(row.id for row in rows),
        activity_id=last.activity_id,
        kind=last.kind,
        rung=last.rung,
        due_on=last.due_on,
        what=last.what,
        how=last.how,
        plan=last.plan,
        state=last.state,
        why=reason_for_asking(last.kind, last.due_on, today, decided=last.state != State.PROPOSED),
        via=via,
    )


def _by_activity_and_kind(
    notices: Sequence[Row[Any]],
) -> dict[tuple[int, str], list[Row[Any]]]:
    gathered: dict[tuple[int, str], list[Row[Any]]] = {}
    for row in notices:
        gathered.setdefault((row.activity_id, row.kind), []).append(row)
    return gathered


def _unwritten(session: Session) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).activity_id,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
            c(Activity).what,
            c(Activity).how,
            c(Activity).state,
            c(Activity).group_id,
            c(Plan).title.label("plan"),
        )
        .join(Activity, c(Activity).id == c(Notice).activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Notice).written_on.is_(None))
        .order_by(c(Notice).id)
    ).all()


def _people(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Name and address by id."""
    asked = select(c(Person).id, c(Person).name, c(Person).email)
    return {
        id_: (name, email)
        for some in _in_steps(list(ids))
        for id_, name, email in session.execute(asked.where(c(Person).id.in_(some)))
    }


def _in_steps(ids: list[int], step: int = 5000) -> Iterator[list[int]]:
    """A long list in shorter ones: a statement may bind so many values and no more."""
    for start in range(0, len(ids), step):
        yield ids[start : start + step]


def _take_turns(session: Session) -> None:
    """SQLite lets one writer in by itself; PostgreSQL is told to."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(846101)"))


def _written_to(session: Session, today: date) -> set[int]:
    had = select(c(Letter).person_id).where(c(Letter).on_day == today, c(Letter).kind == MORNING)
    return set(session.execute(had).scalars())


def _mark_written(session: Session, notice_ids: list[int], today: date) -> None:
    for some in _in_steps(notice_ids):
        session.execute(
            update(Notice)
            .where(c(Notice).id.in_(some))
            .values(written_on=today)
            .execution_options(synchronize_session=False)
        )


def _drop_outdated(session: Session, today: date) -> int:
    """Notices whose day or state no longer holds are closed without a letter."""
    return int(session.execute(_OUTDATED, {"today": today}).rowcount)  # type: ignore[attr-defined]


_OUTDATED = text("""
    UPDATE notice SET written_on = :today
    WHERE written_on IS NULL AND NOT EXISTS (
        SELECT 1 FROM activity a
        WHERE a.id = notice.activity_id
          AND a.reported_done_on IS NULL
          AND CASE notice.kind
              WHEN 'deadline' THEN a.deadline_last = notice.due_on
                                   AND a.state IN ('föreslagen', 'beslutad', 'pågående')
              WHEN 'start' THEN a.start_due = notice.due_on AND a.state = 'beslutad'
              WHEN 'review' THEN a.next_review_on = notice.due_on
                                 AND a.state IN ('föreslagen', 'beslutad', 'pågående')
              ELSE a.resume_on = notice.due_on AND a.state = 'pausad' END
    )
""")
