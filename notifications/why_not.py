"""What `rules/why_not.py` needs to know of a person and a day, fetched in a few questions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, or_, select, text, true
from sqlmodel import Session

from config import clock
from config.own_policy import Promised
from config.policy import Policy
from models.activity import Activity, Responsibility
from models.columns import c
from models.decision import Agreed, Change, MoveRow
from models.delegation import Delegation
from models.folding import folded
from models.group import Group
from models.known import at_home, called_by, known_in
from models.letter import Letter, LetterItem, LetterState, Notice, NoticeKind
from models.letter_kinds import LetterKind
from models.lifecycle import REMINDED, State
from models.part import Part
from models.person import Person
from models.plan import Plan
from models.promises import promised
from models.round import Round
from models.status import Says, Settled, StatusAnswer
from models.status_round import StatusQuestion, StatusRound
from models.undoing import stands
from notifications.directory import answers_for, directory, parts_for
from notifications.letters.told import told_of_money
from notifications.notices import PART_OPEN
from notifications.outbox import CHANGED, CODE, CONFIRM, SIGN_IN
from rules.answered import Said
from rules.calendar import all_quiet
from rules.refusals import judge_words
from rules.why_not import Because, Concern, Facts, Money, Notified, Watched, Written, why_not
from rules.wording import alphabetically


@dataclass(frozen=True, slots=True)
class Sight:
    """What the one who asks may know of a person.

    `areas` are the collaborations whose matters are told, all when None; `letters` the letters.
    With `own` whether she can be reached is told; with `whole` every stand-in. `left_on` is her
    last day where she is seen; where all is seen it is her own.
    """

    areas: Collection[int] | None = None
    letters: ColumnElement[bool] | None = None
    own: bool = True
    whole: bool = True
    left_on: date | None = None

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
    promises = promised(session, policy, day)
    return why_not(promises, _facts(session, promises, person_id, day, today, sight))


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
    name = at_home() if called is None else called
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
    session: Session, promises: Promised, person_id: int, day: date, today: date, sight: Sight
) -> Facts:
    person = session.get_one(Person, person_id)
    since = person.unreachable_since if sight.own else None
    ran = select(c(Round).id).where(
        c(Round).line == "morning-round",
        c(Round).on_day == day,
        c(Round).finished_at.is_not(None),
    )
    broke = select(c(Round).id).where(
        c(Round).line == "morning-round", c(Round).on_day == day, c(Round).failed != ""
    )
    return Facts(
        day=day,
        today=today,
        quiet=all_quiet(promises),
        round_ran=session.execute(ran).first() is not None,
        round_broke=session.execute(broke).first() is not None,
        letters=_letters(session, person_id, day, sight),
        unreachable_since=clock.in_stockholm(since).date() if since else None,
        left_on=person.left_on if sight.areas is None else sight.left_on,
        delegated=_delegated(session, person_id, day, sight),
        concerns=_concerns(session, person_id, day, sight),
        money=_money(session, person_id, day, sight),
        weekly_since=person.weekly_since,
    )


def _letters(session: Session, person_id: int, day: date, sight: Sight) -> tuple[Written, ...]:
    """The day's letter and what went beside it; not what lets somebody sign in."""
    row = c(Letter)
    rows = session.execute(
        select(row.subject, row.state, row.server_said, row.stage, row.kind)
        .where(row.person_id == person_id, row.on_day == day, row.kind.not_in(_OWN))
        .where(true() if sight.letters is None else sight.letters)
        .order_by(row.id)
    )
    found = []
    for subject, state, said, stage, kind in rows:
        judged = judge_words(stage, said) if state in _LOST else None
        means = judged.means if judged else ""
        daily = kind == LetterKind.MORNING
        found.append(Written(subject, state.value, said, means, daily))
    return tuple(found)


_OWN = (SIGN_IN, CODE, CONFIRM, CHANGED)  # of somebody's own accord, and for her alone
_LOST = (LetterState.FAILED, LetterState.BOUNCED)


def _delegated(session: Session, person_id: int, day: date, sight: Sight) -> tuple[str, ...]:
    """Who stands in for what of hers on that day, of what is told: a sentence each."""
    name = called_by(sight.areas or ())
    rows = session.execute(
        select(name, c(Activity).what, c(Group).name, c(Delegation).role)
        .join(Delegation, c(Delegation).delegate_id == c(Person).id)
        .outerjoin(Activity, c(Activity).id == c(Delegation).activity_id)
        .outerjoin(Group, c(Group).id == c(Delegation).group_id)
        .where(
            c(Delegation).person_id == person_id,
            c(Delegation).first_day <= day,
            c(Delegation).last_day >= day,
            or_(c(Delegation).ended_on.is_(None), c(Delegation).ended_on > day),
            _is_told(sight),
            true() if sight.areas is None else c(Person).id.in_(known_in(sight.areas)),
        )
    )
    told = []
    for who, what, group, role in rows:
        about = "Frågorna"
        if what:
            about = f"Frågorna om {what}"
        elif group:
            about = f"Frågorna till {role} i {group}"
        told.append(f"{about} går till ersättaren {who}.")
    return tuple(sorted(told, key=alphabetically))


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
            exists().where(c(LetterItem).notice_id == c(Notice).id),
        )
        .where(c(Notice).activity_id.in_(ids), c(Notice).kind != NoticeKind.SILENCE)
        .order_by(c(Notice).id.desc())
    ):
        notified.setdefault(activity_id, []).append(Notified(*told))
    rounds, parts = _rounds(session, sorted(whole), day), _parts(session, in_part)
    states, deadlines = _states_then(session, ids, day), _deadlines_then(session, ids, day)
    proposed, said = _proposed_then(session, ids, day), _said_then(session, ids, day)
    rows = session.execute(
        select(Activity, c(Plan).title, c(Plan).reminded_from, c(Plan).collaboration_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(c(Activity).id.in_(ids))
        .order_by(c(Activity).id)
    ).all()
    return tuple(
        Concern(
            activity.id,
            activity.what,
            plan,
            states[activity.id],
            activity.reported_done_on,
            (
                *(_watched(activity, deadlines) if activity.id in whole else ()),
                *parts.get(activity.id, ()),
                *rounds.get(activity.id, ()),
            ),
            tuple(notified.get(activity.id, ())),
            begins,
            proposed.get(activity.id),
            said.get(activity.id),
            area,
        )
        for activity, plan, begins, area in rows
        if activity.id in states
    )


def _states_then(session: Session, ids: list[int], day: date) -> dict[int, State]:
    """Where each was on that day; one that came on file later is not there."""
    row = c(MoveRow)
    asked = select(row.activity_id, row.to_state).where(
        row.activity_id.in_(ids), row.on_day <= day, stands(row)
    )
    return {id_: State(state) for id_, state in session.execute(asked.order_by(row.id))}


def _deadlines_then(session: Session, ids: list[int], day: date) -> dict[int, dict[str, Any]]:
    """The deadline as it was before the first change of it that came later, where one did."""
    row = c(Change)
    asked = select(row.activity_id, row.before_values).where(
        row.activity_id.in_(ids), row.what == Agreed.DEADLINE, row.on_day > day, stands(row)
    )
    found: dict[int, dict[str, Any]] = {}
    for id_, values in session.execute(asked.order_by(row.id)):
        found.setdefault(id_, values)
    return found


def _proposed_then(session: Session, ids: list[int], day: date) -> dict[int, date]:
    """When what waited for a yes on that day was proposed, by activity."""
    row = c(StatusAnswer)
    settled = select(c(Settled).answer_id).where(c(Settled).on_day <= day)
    asked = (
        select(row.activity_id, row.on_day)
        .join(Activity, c(Activity).id == row.activity_id)
        .where(
            row.activity_id.in_(ids),
            row.on_day <= day,
            row.id.not_in(settled),
            stands(row),
            or_(
                row.says == Says.NOT_ME,
                row.proposed_last.is_not(None)
                & (row.proposed_last != func.coalesce(c(Activity).deadline_last, date.min)),
            ),
        )
    )
    return dict(session.execute(asked.order_by(row.id)).tuples().all())


def _said_then(session: Session, ids: list[int], day: date) -> dict[int, Said]:
    """The newest answer about each by that day; whether the day it proposed is the deadline."""
    row = c(StatusAnswer)
    asked = (
        select(
            row.activity_id,
            row.says,
            row.on_day,
            row.proposed_last,
            c(Activity).deadline_last,
            exists().where(
                c(Settled).answer_id == row.id,
                ~c(Settled).accepted,
                c(Settled).on_day <= day,
                row.proposed_last.is_not(None),
            ),
        )
        .join(Activity, c(Activity).id == row.activity_id)
        .where(row.activity_id.in_(ids), row.on_day <= day, stands(row))
    )
    rows = session.execute(asked.order_by(row.id))
    return {
        id_: Said(says, on_day, proposed is not None and proposed == deadline, refused)
        for id_, says, on_day, proposed, deadline, refused in rows
    }


def _money(session: Session, person_id: int, day: date, sight: Sight) -> tuple[Money, ...]:
    """The plans whose own money she is told of that day, each with its notices."""
    asked = directory(session, day)
    plans = session.execute(
        select(
            *(c(Plan).id, c(Plan).title, c(Plan).group_id, c(Plan).funding_last),
            c(Plan).collaboration_id,
        )
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
            plan.collaboration_id,
        )
        for plan in plans
        if any(who.person_id == person_id for who in told_of_money(asked, plan.group_id))
    )


def _watched(activity: Activity, deadlines: dict[int, dict[str, Any]]) -> list[Watched]:
    last, precision = activity.deadline_last, activity.deadline_precision
    if activity.id in deadlines:
        then = deadlines[activity.id]
        last = date.fromisoformat(then["last"]) if then.get("last") else None
        precision = then.get("precision") or precision
    days: list[tuple[str, date | None, str, tuple[State, ...]]] = [
        ("deadline", last, precision, REMINDED),
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


def _rounds(session: Session, ids: list[int], day: date) -> dict[int, list[Watched]]:
    """The rounds that were open that day and asked about them without an answer so far."""
    rows: Any = session.execute(
        select(c(StatusQuestion).activity_id, c(StatusRound).closes_on)
        .join(StatusRound, c(StatusRound).id == c(StatusQuestion).round_id)
        .where(
            c(StatusQuestion).activity_id.in_(ids),
            or_(c(StatusQuestion).answered_on.is_(None), c(StatusQuestion).answered_on > day),
            c(StatusRound).opened_on <= day,
            or_(c(StatusRound).closed_on.is_(None), c(StatusRound).closed_on > day),
        )
    )
    found: dict[int, list[Watched]] = {}
    for activity_id, closes_on in rows:
        found.setdefault(activity_id, []).append(Watched("round", closes_on, "day"))
    return found
