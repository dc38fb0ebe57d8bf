"""What the guards of the lifecycle look at, fetched: for one activity or many, in one question.

Each field of `OnFile` is said once here, as the database says it. A move asks only for the fields
that its guards read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from models.group import MOST_GROUPS
from models.left import has_left_in_words
from models.lifecycle import Brought, Move, OnFile, State, looked_at, rule_of
from models.statements import ONE, among, run
from models.undoing import standing

_SILENT = """(
    g.ends_on < :today
    OR EXISTS (SELECT 1 FROM group_pause p
               WHERE p.group_id = g.id AND p.first_day <= :today
                 AND (p.last_day IS NULL OR p.last_day >= :today)))"""
# Which group speaks for a group: itself, or the first that does among its successors and those
# above it. Groups are few, so that this is asked once for all activities.
SPEAKS = f"""
    WITH RECURSIVE instead_of(group_id, at, steps) AS (
        SELECT g.id, g.id, 1 FROM groups g
        UNION ALL
        SELECT i.group_id, coalesce(g.successor_id, g.parent_id), i.steps + 1
        FROM instead_of i JOIN groups g ON g.id = i.at
        WHERE i.steps < {MOST_GROUPS} AND {_SILENT}
    ),
    speaks(group_id, by_id) AS (
        SELECT i.group_id, g.id FROM instead_of i JOIN groups g ON g.id = i.at
        WHERE NOT coalesce({_SILENT}, false)
    ) """  # noqa: S608 - own words


def _area_of(group: str) -> str:
    """The collaboration of a group, by its column."""
    return f"(SELECT at.collaboration_id FROM groups at WHERE at.id = {group})"  # noqa: S608


def _handed_over(step: str, by: str) -> str:
    """Who stands in today for somebody: in everything, in this activity or in this role."""
    return f"""
        LEFT JOIN delegation {step}
               ON {step}.person_id = {by}
              AND {step}.first_day <= :today AND {step}.last_day >= :today
              AND ({step}.ended_on IS NULL OR {step}.ended_on > :today)
              AND (({step}.activity_id IS NULL AND {step}.group_id IS NULL)
                   OR {step}.activity_id = a.id
                   OR ({step}.group_id = h.group_id AND lower({step}.role) = lower(h.role)))"""


# A responsible can be reached when it is a person, or a group that somebody speaks for today, and
# a letter reaches that person or whoever stands in: as `rules/recipients.py` finds them. Whoever
# has left the activity's collaboration, or that of the group that speaks, is not reached.
_REACHABLE = f"""
    EXISTS (
        SELECT 1
        FROM responsibility r
        LEFT JOIN speaks ON speaks.group_id = r.group_id
        LEFT JOIN role_holding h
               ON h.group_id = speaks.by_id
              AND (h.starts_on IS NULL OR h.starts_on <= :today)
              AND (h.ends_on IS NULL OR h.ends_on >= :today)
        {_handed_over("one", "coalesce(r.person_id, h.person_id)")}
        {_handed_over("two", "one.delegate_id")}
        {_handed_over("three", "two.delegate_id")}
        JOIN person who
          ON who.id IN (coalesce(r.person_id, h.person_id), one.delegate_id, two.delegate_id,
                        three.delegate_id)
        WHERE r.activity_id = a.id AND who.unreachable_since IS NULL
          AND (who.left_on IS NULL OR who.left_on >= :today)
          AND NOT {has_left_in_words("who.id", _area_of("a.group_id"))}
          AND (speaks.by_id IS NULL
               OR NOT {has_left_in_words("who.id", _area_of("speaks.by_id"))})
    )"""  # noqa: S608 - own words
# A successor lives once somebody has moved, changed or answered about it, or given it a part. The
# goals that it lost or was given before it was put forward follow its predecessor.
_LIVES = f"""
    EXISTS (
        SELECT 1 FROM activity s
        WHERE s.successor_of = a.id
          AND (s.state NOT IN ('föreslagen', 'återtagen')
               OR EXISTS (SELECT 1 FROM change x WHERE x.activity_id = s.id AND {standing("x")}
                          AND NOT (x.what = 'goals' AND x.at <= (
                              SELECT max(f.at) FROM move f WHERE f.activity_id = s.id
                                AND f.move IN ('föreslå', 'föreslå igen') AND {standing("f")})))
               OR EXISTS (SELECT 1 FROM status_answer x WHERE x.activity_id = s.id
                          AND {standing("x")})
               OR EXISTS (SELECT 1 FROM move x WHERE x.activity_id = s.id
                          AND x.move NOT IN ('föreslå', 'dra tillbaka', 'föreslå igen')
                          AND {standing("x")})
               OR EXISTS (SELECT 1 FROM part_change x WHERE x.activity_id = s.id
                          AND x.before IS NOT NULL AND {standing("x")})
               OR EXISTS (SELECT 1 FROM part t WHERE t.activity_id = s.id AND t.name NOT IN
                          (SELECT o.name FROM part o WHERE o.activity_id = a.id)
                          AND EXISTS (SELECT 1 FROM part_change x WHERE x.part_id = t.id
                                      AND {standing("x")})))
    )"""  # noqa: S608 - own words
_NEXT_ADOPTED = """
    EXISTS (
        SELECT 1 FROM activity s JOIN plan n ON n.id = s.plan_id
        WHERE s.successor_of = a.id
          AND (n.adopted_on IS NOT NULL
               OR EXISTS (SELECT 1 FROM adoption d WHERE d.plan_id = n.id))
    )"""
FACTS = {
    "what": "a.what",
    "plan": "a.plan_id IS NOT NULL",
    "group": "a.group_id IS NOT NULL",
    "goal": "EXISTS (SELECT 1 FROM activity_goal g WHERE g.activity_id = a.id)",
    "responsible_reachable": _REACHABLE,
    "deadline": "a.deadline_last IS NOT NULL",
    "cadence": "(a.runs_on AND a.review_months IS NOT NULL)",
    "follow_up": "trim(a.follow_up) <> ''",
    "figure": "(trim(a.figure) <> '' OR trim(a.why_no_figure) <> '')",
    "parts_unanswered": (
        "EXISTS (SELECT 1 FROM part t WHERE t.activity_id = a.id AND t.state = 'inte svarat')"
    ),
    "year_approved": (
        "EXISTS (SELECT 1 FROM plan p WHERE p.id = a.plan_id AND p.approved_on IS NOT NULL)"
    ),
    "plan_closed": (
        "EXISTS (SELECT 1 FROM plan p WHERE p.id = a.plan_id AND p.closed_on IS NOT NULL)"
    ),
    "has_successor": (
        "EXISTS (SELECT 1 FROM activity s WHERE s.successor_of = a.id AND s.state <> 'återtagen')"
    ),
    "successor_lives": _LIVES,
    "predecessor_open": (
        "EXISTS (SELECT 1 FROM activity b WHERE b.id = a.successor_of AND b.state <> 'överförd')"
    ),
    "next_plan_is_its_own": "coalesce(a.plan_id = :next_plan, false)",
    "next_plan_closed": (
        "EXISTS (SELECT 1 FROM plan n WHERE n.id = :next_plan AND n.closed_on IS NOT NULL)"
    ),
    "next_plan_adopted": _NEXT_ADOPTED,
    "state_before": f"""
        CASE a.state
            WHEN 'pausad' THEN a.state_before_pause
            WHEN 'överförd' THEN (
                SELECT m.from_state FROM move m
                WHERE m.activity_id = a.id AND m.to_state = 'överförd' AND {standing("m")}
                ORDER BY m.id DESC LIMIT 1)
        END""",  # noqa: S608 - own words
}
_EVERY = tuple(field.name for field in fields(OnFile))


def facts(
    on: Connection,
    activity_id: int,
    today: date,
    move: Move | None = None,
    brought: Brought | None = None,
) -> tuple[State, OnFile] | None:
    """Where an activity is, and what the guards of a move (or of any) look at. None: no such one.

    With a move its row is held until the transaction ends, where the database can hold rows.
    """
    values = {"id": activity_id, **_asked(today, brought)}
    row = run(on, _question(on, ONE, move), values).one_or_none()
    if row is None:
        return None
    on_file = _on_file(row, _fields(move))
    if on_file.parts_unanswered:
        names = _unanswered(on, [activity_id])
        on_file = replace(on_file, parts_unanswered=tuple(names[activity_id]))
    return State(row.state), on_file


def facts_of(
    on: Connection,
    activity_ids: Iterable[int],
    today: date,
    move: Move,
    brought: Brought,
    *,
    held: bool = True,
) -> dict[int, tuple[State, OnFile]]:
    """The same of many activities at once, their rows held. Alike ones share one `OnFile`.

    Whoever only looks holds nothing.
    """
    values = {"ids": list(activity_ids), **_asked(today, brought)}
    names = _fields(move)
    alike: dict[tuple[Any, ...], tuple[State, OnFile]] = {}
    found = {}
    for row in run(on, _question(on, among(on), move, held=held), values):
        told = tuple(row)[1:]
        if told not in alike:
            alike[told] = (State(row.state), _on_file(row, names))
        found[row.id] = alike[told]
    waiting = [id_ for id_, (_, on_file) in found.items() if on_file.parts_unanswered]
    if waiting:
        parts = _unanswered(on, waiting)
        for id_ in waiting:
            state, on_file = found[id_]
            found[id_] = (state, replace(on_file, parts_unanswered=tuple(parts[id_])))
    return found


def _asked(today: date, brought: Brought | None) -> Mapping[str, object]:
    return {"today": today, "next_plan": brought.next_plan_id if brought else None}


@lru_cache(maxsize=32)
def _fields(move: Move | None) -> tuple[str, ...]:
    if move is None:
        return _EVERY
    return looked_at(move) + (() if rule_of(move).to else ("state_before",))


def _question(on: Connection, which: str, move: Move | None, *, held: bool = True) -> str:
    return _worded(which, move, held and move is not None and on.dialect.name != "sqlite")


@lru_cache(maxsize=128)
def _worded(which: str, move: Move | None, held: bool) -> str:
    names = _fields(move)
    told = "".join(f', {FACTS[name]} AS "{name}"' for name in names)
    first = SPEAKS if "responsible_reachable" in names else ""
    hold = " ORDER BY a.id FOR UPDATE OF a" if held else ""
    return f"{first}SELECT a.id, a.state{told} FROM activity a WHERE a.id {which}{hold}"  # noqa: S608


def _on_file(row: Any, names: Iterable[str]) -> OnFile:  # noqa: ANN401 - a row of columns
    told = {name: getattr(row, name) for name in names}
    told = {n: bool(v) if n not in ("what", "state_before") else v for n, v in told.items()}
    if "parts_unanswered" in told:
        told["parts_unanswered"] = ("",) if told["parts_unanswered"] else ()  # named when asked for
    if told.get("state_before"):
        told["state_before"] = State(told["state_before"])
    return OnFile(**told)


def _unanswered(on: Connection, activity_ids: list[int]) -> dict[int, list[str]]:
    """The names of the parts that have not answered."""
    words = (
        "SELECT activity_id, name FROM part "  # noqa: S608 - own words
        f"WHERE state = 'inte svarat' AND activity_id {among(on)} ORDER BY id"
    )
    names: dict[int, list[str]] = {}
    for activity_id, name in run(on, words, {"ids": activity_ids}):
        names.setdefault(activity_id, []).append(name)
    return names
