"""What a letter's notices are about, for whoever lists letters or decides who may read them.

An activity (or a part of it), a plan's money, or that somebody was asked to stand in.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.delegation import Delegation
from models.group import Group
from models.known import called, known_only_in
from models.letter import Letter, LetterItem, LetterPart, Notice, NoticeKind
from models.part import Part
from models.person import Person
from models.plan import Plan

_handed: Any = aliased(Activity)  # the activity that a delegation is for
_delegate: Any = aliased(Person)
_group: Any = aliased(Group)

# The group whose matter it is; none for a delegation of all that somebody answers for.
GROUP: ColumnElement[int] = func.coalesce(
    c(Activity).group_id, c(Plan).group_id, _handed.group_id, c(Delegation).group_id
)


# Its collaboration; where there is none she is called as at home.
_AREA = (
    select(_group.collaboration_id)
    .where(_group.id == GROUP)
    .correlate_except(_group)
    .scalar_subquery()
)

# In words: the activity itself, and its part; "Medel i Plan 2024"; "Ersättare för Alice".
WHAT: ColumnElement[str] = case(
    (c(Part).id.is_not(None), c(Activity).what + literal(", ") + c(Part).name),
    (c(Activity).id.is_not(None), c(Activity).what),
    (c(Notice).kind == NoticeKind.UNDONE, c(Plan).title),
    (c(Plan).id.is_not(None), literal("Medel i ") + c(Plan).title),
    else_=literal("Ersättare för ") + called(_AREA),
).label("what")


# The homes of who hands over everything and of who takes over: whose matter it is without a group.
HOMES: tuple[ColumnElement[int | None], ColumnElement[int | None]] = (
    c(Person).home_collaboration_id,
    _delegate.home_collaboration_id,
)


def areas_of_link(session: Session, link_id: int) -> set[int]:
    """The collaborations that the letters with a link spoke of; none where nothing tells."""
    letters = select(c(Letter).id).where(c(Letter).link_id == link_id)
    items = with_what_it_is_about(
        select(GROUP)
        .select_from(LetterItem)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(LetterItem).letter_id.in_(letters))
    )
    groups = set(session.execute(items).scalars())
    about = select(c(Group).collaboration_id).where(c(Group).id.in_(groups - {None}))
    parts = select(c(LetterPart).collaboration_id).where(
        c(LetterPart).letter_id.in_(letters), c(LetterPart).collaboration_id.is_not(None)
    )
    return {*session.execute(about).scalars(), *session.execute(parts).scalars()}


def letters_about(
    session: Session, letter_ids: Collection[int], collaborations: Collection[int]
) -> set[int]:
    """Those of some letters that tell of something of these collaborations."""
    theirs = select(c(Group).id).where(c(Group).collaboration_id.in_(collaborations))
    items = with_what_it_is_about(
        select(c(LetterItem).letter_id)
        .select_from(LetterItem)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
        .where(c(LetterItem).letter_id.in_(letter_ids), GROUP.in_(theirs))
    )
    parts = select(c(LetterPart).letter_id).where(
        c(LetterPart).letter_id.in_(letter_ids),
        c(LetterPart).collaboration_id.in_(collaborations),
    )
    found = {*session.execute(items).scalars(), *session.execute(parts).scalars()}
    return {one for one in found if one is not None}


def of_nothing_but(collaborations: Collection[int]) -> ColumnElement[bool]:
    """The condition that a notice is of these collaborations alone; false where nothing tells."""
    areas = list(collaborations)
    theirs = select(c(Group).id).where(c(Group).collaboration_id.in_(areas))
    at_home = and_(GROUP.is_(None), *(home.in_(areas) for home in HOMES))
    return func.coalesce(or_(GROUP.in_(theirs), at_home), false())


def letters_of(collaborations: Collection[int]) -> ColumnElement[bool]:
    """The condition that a letter is about nothing but these; with nothing about, that it went to
    somebody known there only.
    """
    areas = list(collaborations)
    items = _items_of_the_letter()
    others = items.where(~of_nothing_but(areas)).exists()
    part = c(LetterPart)
    parts = select(part.id).where(part.letter_id == c(Letter).id)
    others_too = parts.where(
        part.collaboration_id.is_not(None), part.collaboration_id.not_in(areas)
    )
    of_none = parts.where(part.collaboration_id.is_(None)).exists()
    of_some = or_(items.exists(), parts.where(part.collaboration_id.is_not(None)).exists())
    of_the_house = c(Letter).person_id.in_(known_only_in(areas))
    return and_(~others, ~others_too.exists(), or_(and_(of_some, ~of_none), of_the_house))


def letters_that_tell_of(collaborations: Collection[int]) -> ColumnElement[bool]:
    """The condition that a letter is about something of these, whatever else it is about."""
    areas, part = list(collaborations), c(LetterPart)
    parts = select(part.id).where(part.letter_id == c(Letter).id, part.collaboration_id.in_(areas))
    return or_(_items_of_the_letter().where(of_nothing_but(areas)).exists(), parts.exists())


def _items_of_the_letter() -> Select[Any]:
    return with_what_it_is_about(
        select(literal(1))
        .select_from(LetterItem)
        .join(Notice, c(Notice).id == c(LetterItem).notice_id)
    ).where(c(LetterItem).letter_id == c(Letter).id)


def with_what_it_is_about(query: Select[Any]) -> Select[Any]:
    """A query that holds `Notice`, joined with all that `WHAT` and `GROUP` name."""
    return (
        query.outerjoin(Activity, c(Activity).id == c(Notice).activity_id)
        .outerjoin(Part, c(Part).id == c(Notice).part_id)
        .outerjoin(Plan, c(Plan).id == c(Notice).plan_id)
        .outerjoin(Delegation, c(Delegation).id == c(Notice).delegation_id)
        .outerjoin(_handed, _handed.id == c(Delegation).activity_id)
        .outerjoin(Person, c(Person).id == c(Delegation).person_id)
        .outerjoin(_delegate, _delegate.id == c(Delegation).delegate_id)
    )
