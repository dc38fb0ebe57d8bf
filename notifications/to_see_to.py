"""What needs somebody, one condition each: the week's letter counts by it, its list lists by it.

Which collaborations it is asked about is theirs who ask (`letters/week.py`, `web/overview/`).
"""

from datetime import date

from sqlalchemy import Boolean, ColumnElement, and_, exists, literal_column, or_, select

from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.left import is_out_of
from models.letter import Notice, NoticeKind
from models.lifecycle import OPEN, REMINDED
from models.mail_reply import Became, MailReply, MailReplyLine
from models.person import Person, RoleHolding
from models.reminded import is_reminded_of
from notifications.notices import waits_for_a_yes


def nobody_answers() -> ColumnElement[bool]:
    """A question about the activity, or a part of it, has gone up the line and is open yet."""
    silence = exists().where(
        c(Notice).activity_id == c(Activity).id,
        c(Notice).kind == NoticeKind.SILENCE,
        c(Notice).settled_on.is_(None),
    )
    waits: ColumnElement[bool] = literal_column(waits_for_a_yes("activity.id"), Boolean)
    return and_(silence, ~waits)


def nobody_known() -> ColumnElement[bool]:
    """An open activity whose plan names nobody that is on file."""
    somebody = exists().where(
        c(Responsibility).activity_id == c(Activity).id,
        c(Responsibility).kind != Answerable.WORDS,
    )
    return and_(c(Activity).state.in_(OPEN), ~somebody)


def no_deadline(today: date) -> ColumnElement[bool]:
    """What nothing will ever remind of: no last day, and no review."""
    return and_(
        c(Activity).state.in_(REMINDED),
        c(Activity).deadline_last.is_(None),
        c(Activity).next_review_on.is_(None),
        is_reminded_of(c(Activity).plan_id, today),
    )


def mail_waits() -> ColumnElement[bool]:
    """An answer by mail that was not understood, or may not count yet; forged ones stand apart."""
    return and_(_is_open(), c(MailReply).became != Became.FORGED)


def forged_waits() -> ColumnElement[bool]:
    """An answer by mail that is forged: no letter tells of it, since anybody can send many."""
    return and_(_is_open(), c(MailReply).became == Became.FORGED)


def _is_open() -> ColumnElement[bool]:
    return and_(c(MailReplyLine).answer_id.is_(None), c(MailReplyLine).settled_on.is_(None))


def dead_address(today: date) -> ColumnElement[bool]:
    """Nothing reaches her, and something might be for her: a role, or what she answers for.

    Who has left is nobody's to find a new address for, nor who has had a role and has it no more.
    """
    person, h = c(Person), c(RoleHolding)
    held = exists().where(h.person_id == person.id)
    holds = exists().where(h.person_id == person.id, h.ends_on.is_(None) | (h.ends_on >= today))
    answers = select(c(Responsibility).activity_id).join(
        Activity, c(Activity).id == c(Responsibility).activity_id
    )
    answers = answers.where(
        c(Responsibility).person_id == person.id, c(Activity).state.in_(OPEN)
    ).correlate(Person)
    return and_(
        person.unreachable_since.is_not(None),
        person.left_on.is_(None) | (person.left_on >= today),
        ~is_out_of(person.id, person.home_collaboration_id, today),
        or_(~held, holds, answers.exists()),
    )
