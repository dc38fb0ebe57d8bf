"""What activities lacked (brister) at a period's end: by group in figures, and one by one.

The same lacks as `models/lacks.py` finds today, as far as the past can be known. What was agreed
anew after the period counts as it was. Whether a letter would have reached a responsible is not on
file for a past day, so here it is enough that the plan names a person, a group or a role.
"""

from sqlalchemy import Connection

from models.lacks import WHERE
from models.lifecycle import Lack
from models.statements import run
from models.undoing import standing
from reports.rollup.asked import Asked
from reports.rollup.counts import first_after, stood

_RUNS_ON = """CASE WHEN d.activity_id IS NULL THEN (a.runs_on AND a.review_months IS NOT NULL)
        ELSE CAST(d.was AS varchar) IN ('true', '1') END"""
_TOLD = """(m.details ->> 'figure' IS NOT NULL OR m.details ->> 'why_no_figure' IS NOT NULL)"""
# By lack, of a row `s` of `stood` and its activity `a`.
_MISSING: dict[Lack, str] = {
    Lack.GOAL: """CASE WHEN s.goal_words IS NOT NULL THEN s.goal_words = ''
        ELSE NOT EXISTS (SELECT 1 FROM activity_goal g WHERE g.activity_id = s.id) END""",
    # Older changes kept the words alone.
    Lack.RESPONSIBLE: """CASE WHEN n.activity_id IS NULL
            THEN NOT EXISTS (SELECT 1 FROM responsibility r
                             WHERE r.activity_id = s.id AND r.kind <> 'words')
        WHEN n.was IS NULL THEN n.words = ''
        ELSE NOT EXISTS (SELECT 1 FROM {named}) END""",
    Lack.DEADLINE: f"coalesce(s.due, '') = '' AND NOT ({_RUNS_ON})",
    Lack.FOLLOW_UP: """trim(CASE WHEN f.activity_id IS NOT NULL THEN f.words
        ELSE a.follow_up END) = ''""",
    Lack.FIGURE: f"""NOT EXISTS (
            SELECT 1 FROM move m
            WHERE m.activity_id = s.id AND {_TOLD} AND {standing("m")}
              AND m.id = (SELECT max(l.id) FROM move l WHERE l.activity_id = s.id
                          AND l.move = 'följ upp' AND l.on_day <= :until
                          AND {standing("l")}))
        AND NOT EXISTS (
            SELECT 1 FROM change x
            WHERE x.activity_id = s.id AND x.what IN ('figure', 'why_no_figure')
              AND x.on_day <= :until AND x.after_words <> '' AND {standing("x")}
              AND x.at > (SELECT max(l.at) FROM move l WHERE l.activity_id = s.id
                          AND l.move = 'följ upp' AND l.on_day <= :until
                          AND {standing("l")}))""",  # noqa: S608 - own words
    Lack.PART: f"""EXISTS (
            SELECT 1 FROM part_change t
            WHERE t.activity_id = s.id AND t.on_day <= :until
              AND t.after ->> 'state' = 'inte svarat' AND {standing("t")}
              AND NOT EXISTS (SELECT 1 FROM part_change later
                              WHERE later.part_id = t.part_id AND later.id > t.id
                                AND later.on_day <= :until
                                AND {standing("later")}))""",  # noqa: S608 - own words
}


# Whom a change put aside, of those that name somebody: lists of (words, kind, …).
_NAMED = {
    "sqlite": "json_each(n.was, '$.named') e WHERE json_extract(e.value, '$[1]') <> 'words'",
    "postgresql": "json_array_elements(CAST(n.was AS json) -> 'named') e "
    "WHERE e.value ->> 1 <> 'words'",
}


def lacked(on: Connection, asked: Asked) -> dict[int, tuple[int, tuple[Lack, ...]]]:
    """The group and the lacks of each activity that lacked something at the period's end."""
    named = _NAMED[on.dialect.name]
    lacks = ", ".join(f"{_one(lack, named)} AS {_name(lack)}" for lack in Lack)
    any_ = " OR ".join(f"{_name(lack)} = 1" for lack in Lack)
    words = f"""{stood(asked)},
followed_then AS ({first_after("follow_up", "words")}),
named_then AS ({first_after("responsible", "beside")}),
open_then AS ({first_after("deadline", "open")}),
lacked AS (
    SELECT s.id, s.owner, {lacks}
    FROM stood s
    JOIN activity a ON a.id = s.id
    LEFT JOIN followed_then f ON f.activity_id = s.id
    LEFT JOIN named_then n ON n.activity_id = s.id
    LEFT JOIN open_then d ON d.activity_id = s.id
)
SELECT id, owner, {", ".join(_name(lack) for lack in Lack)} FROM lacked WHERE {any_}
ORDER BY id"""  # noqa: S608
    found = {}
    for id_, owner, *each in run(on, words, asked.days):
        told = tuple(lack for lack, one in zip(Lack, each, strict=True) if one)
        found[int(id_)] = (int(owner), told)
    return found


def _name(lack: Lack) -> str:
    return f"lacks_{lack.value}"


def _one(lack: Lack, named: str) -> str:
    states = ", ".join(f"'{state.value}'" for state in WHERE[lack])
    missing = _MISSING[lack].replace("{named}", named)
    return f"CASE WHEN s.became IN ({states}) AND ({missing}) THEN 1 ELSE 0 END"
