"""Deviation reports compiled: every group's of a collaboration at once.

What its earlier editions hid and showed is kept to. Nothing of another collaboration is looked at.
"""

import json
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from config import policy
from config.policy import Policy
from models.columns import c
from models.deviation import NOT_GIVEN
from models.edition import Edition, EditionState, ReportKind
from models.group import Collaboration, Group
from reports.deviation.counting import count
from reports.deviation.crossed import tables, thawed
from reports.deviation.facts import BY_TWO_RULES, EVERY_TARGET, facts_of, receivers
from reports.deviation.figures import ALL, CHART_POINTS, UNKNOWN
from reports.deviation.published import Before, Key, publish
from reports.editions import Facts, Of
from rules.crossed_numbers import Crossed
from rules.deviation_reports import CADENCES, share_out
from rules.periods import Kind, Period, parse
from rules.small_numbers import HIDDEN, Listed
from rules.wording import alphabetically

# A roll-up that tells of such a period tells its own count: it is no sum of shorter ones.
_NOT_ADDED_UP = (Kind.QUARTER, Kind.TERTIAL)


class NoReport(ValueError):  # noqa: N818 - an answer, not a fault
    """A group receives no target group's figures."""


def compile_deviations(
    session: Session, of: Of, cut_off: date, promises: Policy | None = None
) -> Facts:
    """The facts of one report. Raises `NoReport` when the group receives nobody's figures."""
    area = of.collaboration_id
    compiled = compile_all(session, area, parse(of.period), cut_off, promises or policy.load())
    if of not in compiled:
        raise NoReport(
            "The group receives no target group's figures: see receivers under [deviations]."
        )
    return compiled[of]


def compile_all(
    session: Session,
    collaboration_id: int,
    period: Period,
    cut_off: date,
    promises: Policy,
) -> dict[Of, Facts]:
    """A collaboration's reports of a period: one for each group that receives any, and the whole.

    1. Count once for all.
    2. Say how each figure may be told, with what earlier editions told.
    3. Say what may be told of several columns together.
    4. Share the target groups out.
    """
    agreed = promises.deviations
    area = collaboration_id
    figures = count(session, area, period, today=cut_off, answer_days=agreed.answer_days)
    before = told_before(session, area, CADENCES[agreed.cadence])
    told = publish(figures, agreed.small_numbers, before)
    crossed = tables(told, crossed_before(session, area))
    organisation = session.get_one(Collaboration, area).name
    names = _groups(session, area, period)
    named = [name for name in figures.groups if name != NOT_GIVEN]
    shared = share_out(names, named, agreed.receivers)
    compiled = {}
    for id_, targets in shared.groups.items():
        of = Of(ReportKind.DEVIATIONS, area, id_, str(period))
        compiled[of] = facts_of(told, crossed, organisation, names[id_], targets, cut_off, promises)
    extra = (NOT_GIVEN,) if figures.total(period, NOT_GIVEN) else ()
    facts = facts_of(
        told, crossed, organisation, "", (ALL, *shared.nobodys, *extra), cut_off, promises
    )
    facts["receivers"] = receivers(told, shared, named, names)
    compiled[Of(ReportKind.DEVIATIONS, area, None, str(period))] = facts
    return compiled


def _groups(session: Session, collaboration_id: int, period: Period) -> dict[int, str]:
    """The collaboration's groups that are there when the period is over, and their names in Swedish
    order: databases on two machines may order letters otherwise, and facts are to be the same.
    """
    g = c(Group)
    rows = session.execute(
        select(g.id, g.name)
        .where(g.collaboration_id == collaboration_id)
        .where(g.ends_on.is_(None) | (g.ends_on > period.last))
        .order_by(g.id)
    )
    return dict(sorted(rows.tuples().all(), key=lambda row: (alphabetically(row[1]), row[0])))


def told_before(session: Session, collaboration_id: int, usual: Kind | None = None) -> Before:
    """What a collaboration's editions have told, oldest first; `usual` is how long its periods are
    agreed to be.

    An edition that holds another report's facts, as a crafted form could once make, tells nothing.
    """
    e = c(Edition)
    mine = (e.kind == ReportKind.DEVIATIONS, e.collaboration_id == collaboration_id)
    rows = session.execute(select(e.facts).where(*mine).order_by(e.id))
    hidden: set[Key] = set()
    lists: dict[Key, Listed] = {}
    lengths: dict[int, Kind] = {}
    for (words,) in rows:
        facts = json.loads(words)
        for old in facts.get("hidden", ()):
            hidden.add(tuple(old))
        if "compared" not in facts or "targets" not in facts:
            continue
        period = parse(facts["period"])
        for each in period.rolling(CHART_POINTS):
            lengths.setdefault(each.year, period.kind)
        if facts.get("schema", 0) >= BY_TWO_RULES:
            for target in facts["targets"]:
                lists |= _lists(facts["compared"], target)
    for key, figure in _in_roll_ups(session, collaboration_id):
        period = parse(key[0])
        if figure == HIDDEN:
            hidden.add(key)
        elif period.kind in _NOT_ADDED_UP:
            lengths.setdefault(period.year, period.kind)
    return Before(frozenset(hidden), lists, lengths, usual)


def _lists(compared: list[str], target: Facts) -> Iterator[tuple[Key, Listed]]:
    """A target group's lists as an edition tells them."""
    for name, rests in target["rest"].items():
        for place, period in enumerate(compared):
            if rests[place].isdecimal():
                rows = target["dimensions"][name]
                told = {row[0]: int(row[1 + place]) for row in rows if row[1 + place].isdecimal()}
                told = {word: number for word, number in told.items() if number}
                total = sum(told.values()) + int(rests[place])
                yield (period, target["name"], name), Listed(total, told)


def crossed_before(session: Session, collaboration_id: int) -> dict[tuple[str, str], Crossed]:
    """The tables of several columns that its editions tell: the latest of each counts."""
    e = c(Edition)
    mine = (e.kind == ReportKind.DEVIATIONS, e.collaboration_id == collaboration_id)
    rows = session.execute(select(e.facts).where(*mine).order_by(e.id))
    found: dict[tuple[str, str], Crossed] = {}
    for (words,) in rows:
        for target in json.loads(words).get("targets", ()):
            name = ALL if target["name"] == EVERY_TARGET else target["name"]
            for period, table in target.get("crossed", {}).items():
                found[period, name] = thawed(table)
    return found


def _in_roll_ups(session: Session, collaboration_id: int) -> Iterator[tuple[Key, str]]:
    """The totals that its approved status and annual reports told, as they stand there."""
    e = c(Edition)
    rows = session.execute(
        select(e.facts)
        .where(e.kind != ReportKind.DEVIATIONS, e.group_id.is_(None))
        .where(e.collaboration_id == collaboration_id)
        .where(e.state.in_((EditionState.APPROVED, EditionState.SENT)))
    )
    for (words,) in rows:
        facts = json.loads(words)
        period = parse(facts["period"]["name"])
        for told in facts["deviations"]:
            for at, figure in (
                (period, told["now"]),
                (period.previous, told["before"]),
                (period.a_year_before, told["a_year_before"]),
            ):
                if figure != UNKNOWN:
                    yield (str(at), told["group"]), figure
