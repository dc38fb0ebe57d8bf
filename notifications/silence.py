"""Silence: questions that nobody has answered go up the line, to the chair and the process leader.

A question is a notice that stood in a letter which went: the server we hand to said yes, and no
report of a bounce has come. It is settled when somebody answers about the activity, moves it, or
agrees on another day; while an answer waits for the process leader's yes it rests. What is not
settled in time becomes a notice of its own kind, for the next in line, in the same daily letters
(`letters/`). One statement for each.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Date, TextClause, bindparam, text
from sqlmodel import Session

from config.policy import Policy
from models.database import Turns, take_turns
from models.letter import TELLS_IN_WORDS
from models.promises import promised
from models.undoing import standing
from notifications.notices import STILL_HOLDS, awake, of_share, waits_for_a_yes
from rules.calendar import working_days_before

_AT_ONCE = 5000  # numbers in a statement
CHAIR, PROCESS_LEADER = -1, -2  # the rungs of a silence, in the order that they are reached


def settle(session: Session, today: date, only: Collection[int] | None = None) -> int:
    """Settle what has been answered, or holds no longer. Returns how many were settled.

    `only`: of no other notices than these.

    First what has been asked since the last time is looked up: whose letters have gone meanwhile.
    Two at once would each wait for rows that the other holds, so they take turns.
    """
    take_turns(session, Turns.LETTERS)
    if only is None:
        session.execute(_ASKED)
        return int(session.execute(_SETTLE, {"today": today}).rowcount)  # type: ignore[attr-defined]
    settled = 0
    numbers = sorted(only)
    for start in range(0, len(numbers), _AT_ONCE):
        some = {"only": numbers[start : start + _AT_ONCE]}
        session.execute(_ASKED_OF_SOME, some)
        found = session.execute(_SETTLE_SOME, {"today": today} | some)
        settled += int(found.rowcount)  # type: ignore[attr-defined]
    return settled


def sweep(session: Session, policy: Policy, today: date) -> int:
    """Put silences on file that have reached the next in line, once each. Returns how many.

    1. Settle what has been answered meanwhile, so that nobody is told of it.
    2. Working days count back from today: asked on this day or before, and still no answer.
    3. After an outage the step that is reached speaks for the one that was missed.

    Collaborations that promise the same are asked about together (`models/promises.py`).
    """
    settle(session, today)
    reached = 0
    for share in awake(promised(session, policy, today)):
        grace = share.policy.escalation
        values = {
            "today": today,
            "from_rung": grace.from_rung,
            "chair_since": working_days_before(share.policy, today, grace.chair),
            "leader_since": working_days_before(share.policy, today, grace.process_leader),
        }
        found = session.execute(_reached(of_share(share, _AREA)), values)
        reached += int(found.rowcount)  # type: ignore[attr-defined]
    return reached


# A letter that was written with the clock ahead may have gone before the day it says.
_SINCE = "({0} >= notice.written_on OR {0} >= notice.asked_on)"

# An answer, or a move, on the day of the letter or later; for a part also that somebody told of
# it. What only tells something asks for no answer: it is settled when its letter waits no more, so
# that it is told anew where the letter never goes.
_SETTLING = f"""
    UPDATE notice SET settled_on = :today
    WHERE written_on IS NOT NULL AND settled_on IS NULL AND (
        ((activity_id IS NULL OR kind IN ('lack', 'undone'))
            AND NOT EXISTS (
                SELECT 1 FROM letter_item i JOIN letter l ON l.id = i.letter_id
                WHERE i.notice_id = notice.id AND l.state IN ('queued', 'sending')))
        OR EXISTS (
                SELECT 1 FROM status_answer s
                WHERE s.activity_id = notice.activity_id AND {_SINCE.format("s.on_day")}
                  AND {standing("s")})
        OR EXISTS (SELECT 1 FROM part_change told
                   WHERE told.activity_id = notice.activity_id AND told.part_id = notice.part_id
                     AND {_SINCE.format("told.on_day")} AND {standing("told")})
        OR EXISTS (SELECT 1 FROM move moved
                   WHERE moved.activity_id = notice.activity_id
                     AND {_SINCE.format("moved.registered_on")} AND {standing("moved")})
        OR NOT {STILL_HOLDS})
"""  # noqa: S608 - own names
_SETTLE = text(_SETTLING).bindparams(bindparam("today", type_=Date))
_SOME = "AND notice.id IN :only"
_SETTLE_SOME = text(_SETTLING + _SOME).bindparams(
    bindparam("today", type_=Date), bindparam("only", expanding=True)
)

# In the index's own words. What stands in letters that wait, failed or came back was not asked.
_ASKING = """
    UPDATE notice SET asked_on = (
        SELECT min(l.went_on) FROM letter_item i JOIN letter l ON l.id = i.letter_id
        WHERE i.notice_id = notice.id AND l.state IN ('sent', 'kept'))
    WHERE written_on IS NOT NULL AND settled_on IS NULL AND asked_on IS NULL
"""
_ASKED = text(_ASKING)
_ASKED_OF_SOME = text(_ASKING + _SOME).bindparams(bindparam("only", expanding=True))

# Whose the activity is that a notice is about.
_AREA = (
    "(SELECT of_plan.collaboration_id FROM activity of_act JOIN plan of_plan "
    "ON of_plan.id = of_act.plan_id WHERE of_act.id = notice.activity_id)"
)


def _reached(whose: str) -> TextClause:
    """The silences that have reached somebody, of these collaborations."""
    return text(_REACHED.format(whose=whose)).bindparams(
        *(bindparam(name, type_=Date) for name in ("today", "chair_since", "leader_since"))
    )


_REACHED = f"""
    INSERT INTO notice (activity_id, part_id, kind, rung, due_on, reached_on)
    SELECT activity_id, part_id, 'silence',
           CASE WHEN min(asked_on) <= :leader_since THEN {PROCESS_LEADER} ELSE {CHAIR} END,
           min(asked_on), :today
    FROM notice
    WHERE written_on IS NOT NULL AND settled_on IS NULL
      AND kind NOT IN ({TELLS_IN_WORDS})
      AND asked_on IS NOT NULL AND NOT {waits_for_a_yes("notice.activity_id")}
      AND activity_id IS NOT NULL AND (rung <= :from_rung OR kind = 'round'){{whose}}
    GROUP BY activity_id, part_id
    HAVING min(asked_on) <= :chair_since
    ON CONFLICT DO NOTHING
"""  # noqa: S608 - own numbers
