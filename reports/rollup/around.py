"""What a roll-up tells beside the activities: status rounds, goals, target groups, deviations."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config.policy import Policy
from models.activity import Activity
from models.columns import c
from models.decision import MoveRow
from models.deviation import DeviationCase
from models.edition import ReportKind
from models.statements import one_of_ids, run
from models.status_round import still_counts
from models.undoing import stands
from reports.deviation.compiling import compile_all
from reports.deviation.figures import ALL
from reports.editions import Of, newest
from reports.group_notes import Note, notes
from reports.rollup.asked import Asked
from reports.rollup.counts import first_after, stood
from reports.rollup.plans_then import PlansThen
from reports.rollup.shapes import (
    AnalysisFacts,
    DeviationFacts,
    RoundFacts,
    TargetFacts,
)
from rules.checks import overlapping, two_states
from rules.periods import Kind
from rules.wording import alphabetically

_OPEN_THEN = "became IN ('föreslagen', 'beslutad', 'pågående', 'uppföljd', 'pausad')"


def rounds(session: Session, asked: Asked) -> dict[int, list[RoundFacts]]:
    """Each group's status rounds for a day in the period, with how many answered by the cut-off.

    Without what was asked about a plan that has been taken back: nothing of it is told.
    """
    words = f"""
        SELECT r.group_id, r.occasion_on, r.occasion, count(q.activity_id),
               sum(CASE WHEN q.answered_on <= r.closes_on AND q.answered_on <= :cut_off
                        THEN 1 ELSE 0 END),
               sum(CASE WHEN q.answered_on > r.closes_on AND q.answered_on <= :cut_off
                        THEN 1 ELSE 0 END)
        FROM status_round r JOIN status_question q ON q.round_id = r.id
        WHERE r.occasion_on BETWEEN :first AND :until AND {still_counts("q")}
        GROUP BY r.id, r.group_id, r.occasion_on, r.occasion
        ORDER BY r.id
    """  # noqa: S608 - own words
    found: dict[int, list[RoundFacts]] = defaultdict(list)
    for group, on, occasion, number, in_time, late in run(session.connection(), words, asked.days):
        day = date.fromisoformat(on) if isinstance(on, str) else on
        found[group].append(RoundFacts(day, occasion, number, in_time, late))
    for several in found.values():  # here: databases on two machines may order letters otherwise
        several.sort(key=lambda one: (one.on, one.occasion))
    return found


def targets(session: Session, asked: Asked) -> tuple[TargetFacts, ...]:
    """How many activities each target group had; tags changed since count as they were."""
    changed_since = first_after("target_groups", "ids")
    tagged = (
        "SELECT activity_id FROM activity_target_group "  # noqa: S608 - own words
        f"UNION SELECT tagged.activity_id FROM ({changed_since}) AS tagged"
    )
    words = f"""{stood(asked, tagged)},
        tagged_then AS ({changed_since})
        SELECT t.name, sum(CASE WHEN {_OPEN_THEN} THEN 1 ELSE 0 END), count(*)
        FROM stood JOIN activity_target_group x ON x.activity_id = stood.id
        JOIN target_group t ON t.id = x.target_group_id
        WHERE stood.id NOT IN (SELECT activity_id FROM tagged_then)
        GROUP BY t.name ORDER BY t.name"""  # noqa: S608 - own words
    rows = run(session.connection(), words, asked.days)
    found = {name: (open_, all_) for name, open_, all_ in rows}
    changed = f"""{stood(asked, tagged)},
        tagged_then AS ({changed_since})
        SELECT t.words, CASE WHEN {_OPEN_THEN} THEN 1 ELSE 0 END
        FROM stood JOIN tagged_then t ON t.activity_id = stood.id ORDER BY stood.id"""  # noqa: S608 - own words
    for names, open_then in run(session.connection(), changed, asked.days):
        for name in names.splitlines():
            open_, all_ = found.get(name, (0, 0))
            found[name] = (open_ + open_then, all_ + 1)
    told = (TargetFacts(name, *numbers) for name, numbers in found.items())
    return tuple(sorted(told, key=lambda t: alphabetically(t.name)))


def deviations(session: Session, asked: Asked, promises: Policy) -> tuple[DeviationFacts, ...]:
    """Each group's deviations as they may be shown; none where no file was ever taken in.

    They are told for the whole collaboration only: deviations know target groups, not our groups.
    They are those of the newest deviation report: two counts of the same cases, with other figures
    hidden in each, could tell together what each hides. Where there is none, they are counted as
    the next one would.
    """
    area = asked.collaboration_id
    any_case = select(c(DeviationCase).id).where(c(DeviationCase).collaboration_id == area)
    if not asked.whole or session.execute(any_case.limit(1)).scalar() is None:
        return ()
    period = asked.period
    of = Of(ReportKind.DEVIATIONS, area, None, str(period))
    edition = newest(session, of)
    facts = (
        edition.facts
        if edition and "receivers" in edition.facts
        else compile_all(session, area, period, asked.cut_off, promises)[of]
    )
    total = facts["targets"][0]["total"]
    told = [(ALL, [total[each] for each in facts["compared"]])]
    told += [(name, shown) for name, *shown, _ in facts["receivers"]]
    # A year's year before is the period before: it stands once there, and here in both places.
    return tuple(DeviationFacts(name, now, old[0], old[-1]) for name, (now, *old) in told)


def analyses(session: Session, asked: Asked) -> tuple[AnalysisFacts, ...]:
    """What groups concluded from the period's deviation reports, and could be read by then."""
    if not asked.whole:
        return ()
    return tuple(
        _told(asked, one)
        for one in notes(session, asked.collaboration_id, ReportKind.DEVIATIONS)
        if one.day <= asked.cut_off and one.lies_in(asked.period)
    )


def own_notes(session: Session, asked: Asked) -> tuple[AnalysisFacts, ...]:
    """What the groups wrote about status reports: of the period, and of the one before it.

    A report goes out before the meeting where it is written about, so it is the next one that
    tells it; a later edition of the same report does too. A year has all of its own.
    """
    periods = [asked.period]
    if asked.period.kind is not Kind.YEAR:
        periods.append(asked.period.previous)
    return tuple(
        _told(asked, one)
        for one in notes(session, asked.collaboration_id, ReportKind.QUARTER)
        if one.group_id in asked.groups or (one.group_id is None and asked.whole)
        if one.day <= asked.cut_off and any(one.lies_in(period) for period in periods)
    )


def _told(asked: Asked, one: Note) -> AnalysisFacts:
    """A note as a report tells it: who wrote it where the collaboration wants names, but never in a
    year's report, which anybody reads.
    """
    named = asked.names and asked.period.kind is not Kind.YEAR
    return AnalysisFacts(
        group=one.group,
        period=one.period,
        day=one.day,
        by=one.by if named else "",
        pattern=one.pattern,
        measure=one.measure,
        conclusion=one.conclusion,
        activity=one.activity,
    )


def overlapping_plans(asked: Asked, plans: PlansThen) -> list[str]:
    """Sentences about plans of one group, with the same plan above, that share days."""
    periods: dict[tuple[int, int | None], list[tuple[str, date, date]]] = defaultdict(list)
    for one in plans.values():
        if one.group_id in asked.groups and one.first_day and one.last_day and one.touches(asked):
            days = (one.title, one.first_day, one.last_day)
            periods[one.group_id, one.parent_id].append(days)
    order = list(asked.groups)
    ordered = sorted(periods.items(), key=lambda item: (order.index(item[0][0]), item[0][1] or 0))
    return [
        said
        for (group, _), several in ordered
        for said in overlapping(asked.groups[group], several)
    ]


def in_two_states(session: Session, ids: list[int]) -> list[str]:
    """Sentences about activities whose row says another state than the last of their moves."""
    m = c(MoveRow)
    later = MoveRow.__table__.alias("later")  # type: ignore[attr-defined]
    last = (
        ~select(later.c.id)
        .where(later.c.activity_id == m.activity_id, later.c.id > m.id, stands(later.c))
        .exists()
    )
    rows = session.execute(
        select(c(Activity).what, c(Activity).state, m.to_state)
        .join(MoveRow, m.activity_id == c(Activity).id)
        .where(one_of_ids(session, c(Activity).id, ids), c(Activity).state != m.to_state)
        .where(last, stands(m))
        .order_by(c(Activity).id)
    )
    return two_states(sorted((what, state.value, to.value) for what, state, to in rows))
