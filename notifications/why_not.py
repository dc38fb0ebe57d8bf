"""What `rules/why_not.py` needs to know of a person and a day, fetched in a few questions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, select, text, true
from sqlmodel import Session

from config import clock
from config.policy import Policy
from models.activity import Activity, Responsibility
from models.columns import c
from models.delegation import Delegation
from models.folding import folded
from models.group import Group
from models.known import called_by, known_in
from models.letter import Letter, Notice, NoticeKind
from models.lifecycle import REMINDED, State
from models.part import Part
from models.person import Person
from models.plan import Plan
from models.round import Round
from models.status_round import StatusQuestion, StatusRound
from notifications.directory import answers_for, directory, parts_for
from notifications.letters.morning import KIND, WEEKLY
from notifications.letters.told import told_of_money
from notifications.notices import PART_OPEN
from rules.calendar import is_quiet
from rules.why_not import Because, Concern, Facts, Money, Notified, Watched, Written, why_not
from rules.wording import alphabetically


@dataclass(frozen=True, slots=True)
class Sight:
    """What the one who asks may know of a person.

    `areas` are the collaborations whose matters are told, all when None; `letters` the letters.
    With `own` whether she can be reached and her last day are told; with `whole` every stand-in.
    """

    areas: Collection[int] | None = None
    letters: ColumnElement[bool] | None = None
    own: bool = True
    whole: bool = True

    def of(self, collaboration: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that a matter's collaboration is one that is told of."""
        return true() if self.areas is None else collaboration.in_(self.areas)

    def of_group(self, group: ColumnElement[Any]) -> ColumnElement[bool]:
        """The same of a matter's group."""
        if self.areas is None:
            return true()
        return group.in_(select(c(Group).id).where(self.of(c(Group).collaboration_id)))


EVERYTHING = Sight()


def explain(
    session: Session,
    policy: Policy,
    person_id: int,
    day: date,
    today: date,
    sight: Sight = EVERYTHING,
) -> list[Because]:
    """Why no letter went to that person on that day, or what became of the one that was written."""
    return why_not(policy, _facts(session, policy, person_id, day, today, sight))


def people_named(
    session: Session,
    words: str,
    among: ColumnElement[bool] | None = None,
    called: ColumnElement[str] | None = None,
) -> list[tuple[int, str, str]]:
    """(id, name, address) of the people that a name or an address means, among some or all.

    `called` is the name that they have where it is asked; their own when it is not given.
    """
    wanted = words.strip()
    name = c(Person).name if called is None else called
    return list(
        session.execute(
            select(c(Person).id, name, c(Person).email)
            .where(
                or_(
                    c(Person).email == wanted.lower(),
                    folded(name) == folded(literal(wanted)),
                ),
                true() if among is None else among,
            )
            .order_by(c(Person).id)
        ).tuples()
    )


def _facts(
    session: Session, policy: Policy, person_id: int, day: date, today: date, sight: Sight
) -> Facts:
    person = session.get_one(Person, person_id)
    since = person.unreachable_since if sight.own else None
    ran = select(c(Round).id).where(
        c(Round).line == "morning-round",
        c(Round).on_day == day,
        c(Round).finished_at.is_not(None),
    )
    return Facts(
        day=day,
        today=today,
        quiet=is_quiet(policy, day),
        round_ran=session.execute(ran).first() is not None,
        letters=_letters(session, person_id, day, sight),
        unreachable_since=clock.in_stockholm(since).date() if since else None,
        left_on=person.left_on if sight.own else None,
        delegated_to=_delegated_to(session, person_id, day, sight),
        concerns=_concerns(session, person_id, day, sight),
        money=_money(session, person_id, day, sight),
    )


def _letters(session: Session, person_id: int, day: date, sight: Sight) -> tuple[Written, ...]:
    rows = session.execute(
        select(c(Letter).subject, c(Letter).state, c(Letter).server_said)
        .where(c(Letter).person_id == person_id, c(Letter).on_day == day)
        .where(c(Letter).kind.in_((KIND, WEEKLY)))
        .where(true() if sight.letters is None else sight.letters)
        .order_by(c(Letter).id)
    )
    return tuple(Written(subject, state.value, said) for subject, state, said in rows)


def _delegated_to(session: Session, person_id: int, day: date, sight: Sight) -> str:
    """Who stands in for what is hers on that day, of what is told; "" when nobody does."""
    name = c(Person).name if sight.areas is None else called_by(sight.areas)
    rows = session.execute(
        select(name)
        .join(Delegation, c(Delegation).delegate_id == c(Person).id)
        .where(
            c(Delegation).person_id == person_id,
            c(Delegation).first_day <= day,
            c(Delegation).last_day >= day,
            or_(c(Delegation).ended_on.is_(None), c(Delegation).ended_on > day),
            _is_told(sight),
            true() if sight.areas is None else c(Person).id.in_(known_in(sight.areas)),
        )
    ).scalars()
    return ", ".join(sorted(rows, key=alphabetically))


def _is_told(sight: Sight) -> ColumnElement[bool]:
    """The condition that a stand-in is for something that is told of."""
    if sight.whole:
        return true()
    told = select(c(Activity).id).where(sight.of_group(c(Activity).group_id))
    return or_(c(Delegation).activity_id.in_(told), sight.of_group(c(Delegation).group_id))


def _told(session: Session, ids: Collection[int], sight: Sight) -> list[int]:
    """Of these activities, those that a told collaboration owns or answers for."""
    if sight.areas is None:
        return sorted(ids)
    answered = select(c(Responsibility).activity_id).where(
        sight.of_group(c(Responsibility).group_id)
    )
    ours = or_(sight.of_group(c(Activity).group_id), c(Activity).id.in_(answered))
    asked = select(c(Activity).id).where(c(Activity).id.in_(list(ids)), ours)
    return sorted(session.execute(asked).scalars())


def _concerns(session: Session, person_id: int, day: date, sight: Sight) -> tuple[Concern, ...]:
    """What she answers for, and what has stood in her letters: each with its days and notices."""
    in_part = parts_for(session, person_id, day)
    whole = {one.activity_id for one in answers_for(session, person_id, day)}
    ids = _told(session, whole | in_part.keys(), sight)
    notified: dict[int, list[Notified]] = {}
    for activity_id, *told in session.execute(
        select(
            c(Notice).activity_id,
            c(Notice).kind,
            c(Notice).due_on,
            c(Notice).rung,
            c(Notice).reached_on,
            c(Notice).written_on,
        )
        .where(c(Notice).activity_id.in_(ids), c(Notice).kind != NoticeKind.SILENCE)
        .order_by(c(Notice).id.desc())
    ):
        notified.setdefault(activity_id, []).append(Notified(*told))
    rounds, parts = _rounds(session, sorted(whole)), _parts(session, in_part)
    rows = session.execute(
        select(Activity, c(Plan).title, c(Plan).reminded_from)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Activity).id.in_(ids))
        .order_by(c(Activity).id)
    ).all()
    return tuple(
        Concern(
            activity.id,
            activity.what,
            plan,
            State(activity.state),
            activity.reported_done_on,
            (
                *(_watched(activity) if activity.id in whole else ()),
                *parts.get(activity.id, ()),
                *rounds.get(activity.id, ()),
            ),
            tuple(notified.get(activity.id, ())),
            begins,
        )
        for activity, plan, begins in rows
    )


def _money(session: Session, person_id: int, day: date, sight: Sight) -> tuple[Money, ...]:
    """The plans whose own money she is told of that day, each with its notices."""
    asked = directory(session, day)
    plans = session.execute(
        select(c(Plan).id, c(Plan).title, c(Plan).group_id, c(Plan).funding_last)
        .where(c(Plan).funding_last.is_not(None), c(Plan).closed_on.is_(None))
        .where(sight.of(c(Plan).collaboration_id))
        .order_by(c(Plan).id)
    ).all()
    n = c(Notice)
    notices = select(n.kind, n.due_on, n.rung, n.reached_on, n.written_on).order_by(n.id.desc())
    return tuple(
        Money(
            plan.id,
            plan.title,
            Watched(NoticeKind.FUNDING, plan.funding_last, "day"),
            tuple(Notified(*told) for told in session.execute(notices.where(n.plan_id == plan.id))),
        )
        for plan in plans
        if any(who.person_id == person_id for who in told_of_money(asked, plan.group_id))
    )


def _watched(activity: Activity) -> list[Watched]:
    days: list[tuple[str, date | None, str, tuple[State, ...]]] = [
        ("deadline", activity.deadline_last, activity.deadline_precision, REMINDED),
        ("start", activity.start_due, activity.start_precision, (State.DECIDED,)),
        ("review", activity.next_review_on, "day", REMINDED),
        ("resume", activity.resume_on, "day", (State.PAUSED,)),
        ("funding", activity.funding_last, "day", REMINDED),
    ]
    return [Watched(kind, day, precision, states) for kind, day, precision, states in days if day]


def _parts(session: Session, in_part: dict[int, set[int]]) -> dict[int, list[Watched]]:
    """The deadlines of the parts that she answers for and that are not done."""
    part_ids = sorted(part for some in in_part.values() for part in some)
    p = c(Part)
    rows: Any = session.execute(
        select(p.activity_id, p.deadline_last, p.deadline_precision)
        .where(p.id.in_(part_ids), p.deadline_last.is_not(None), text(PART_OPEN))
        .order_by(p.id)
    )
    found: dict[int, list[Watched]] = {}
    for activity_id, day, precision in rows:
        found.setdefault(activity_id, []).append(Watched("part", day, precision))
    return found


def _rounds(session: Session, ids: list[int]) -> dict[int, list[Watched]]:
    """The open rounds that ask about them."""
    rows: Any = session.execute(
        select(c(StatusQuestion).activity_id, c(StatusRound).closes_on)
        .join(StatusRound, c(StatusRound).id == c(StatusQuestion).round_id)
        .where(
            c(StatusQuestion).activity_id.in_(ids),
            c(StatusQuestion).answered_on.is_(None),
            c(StatusRound).closed_on.is_(None),
        )
    )
    found: dict[int, list[Watched]] = {}
    for activity_id, closes_on in rows:
        found.setdefault(activity_id, []).append(Watched("round", closes_on, "day"))
    return found
