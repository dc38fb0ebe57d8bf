"""What `rules/answered.py` decides, as SQL: for the sweep of the ladders and for status rounds.

Days are literals, since the statements are put together anew each morning; they are dates of ours.
"""

from datetime import date

from models.status import Says
from models.undoing import standing
from rules.answered import CALM, FORTNIGHT, MONTH, NEAR, QUARTER, WEEK

_CALM = ", ".join(f"'{says.value}'" for says in CALM)

# Letters that ask how a whole activity goes. What is lacking, done or handed over is no such thing.
_ASKS = "('deadline', 'start', 'review', 'resume', 'funding', 'round')"


def is_answered(kind: str, due_on: str, today: date) -> str:
    """SQL: the newest answer about the statement's `activity` answers what is asked today.

    `due_on` is the column of the day that is counted to.
    """
    fresh = f"said.on_day >= '{today - WEEK}'"
    if kind == "part":  # its own responsible answers for it, by telling where it stands
        return f"""EXISTS (
            SELECT 1 FROM part_change told
            WHERE told.activity_id = activity.id AND told.part_id = part.id
              AND told.before IS NOT NULL AND {standing("told")} AND told.on_day >= '{today - WEEK}'
              AND ({due_on} >= '{today}' OR told.on_day > {due_on}))"""  # noqa: S608 - own names
    if kind == "deadline":
        holds = f"""CASE WHEN {due_on} < '{today}' THEN {fresh} AND said.on_day > {due_on}
            ELSE {fresh} OR ({_AS_PLANNED} AND (said.on_day >= '{today - FORTNIGHT}'
                OR ({due_on} > '{today + WEEK}' AND said.on_day >= '{today - QUARTER}'))) END"""
    elif kind in NEAR:
        holds = f"""({fresh} OR (said.on_day >= '{today - MONTH}'
            AND activity.deadline_last BETWEEN '{today - MONTH}' AND '{today + MONTH}'
            AND (activity.deadline_last >= '{today}' OR said.on_day > activity.deadline_last)))"""
    else:
        holds = fresh
    return f"""EXISTS (
        SELECT 1 FROM status_answer said
        WHERE said.id = ({NEWEST}) AND said.says <> '{Says.NOT_ME.value}' AND {holds}
          AND NOT {_REFUSED})"""  # noqa: S608 - own names


# The day that it proposed has had a no: the question is open again.
_REFUSED = """(said.proposed_last IS NOT NULL AND EXISTS (
            SELECT 1 FROM answer_settled no WHERE no.answer_id = said.id AND NOT no.accepted))"""


# The newest answer about the statement's `activity`.
NEWEST = (
    f"SELECT max(s.id) FROM status_answer s WHERE s.activity_id = activity.id AND {standing('s')}"  # noqa: S608
)

_AS_PLANNED = f"""(said.says IN ({_CALM})
    OR (said.proposed_last IS NOT NULL AND said.proposed_last = activity.deadline_last))"""


def asked_just_now(counts: str, since: date, today: date) -> str:
    """SQL: a letter since the working day before asked about the statement's `activity`.

    One that waits still for the mail server, failed or came back has asked nobody.

    `counts` is the condition that the way up the line counts from today's question: such a one
    waits only when somebody has answered since.
    """
    return f"""EXISTS (
        SELECT 1 FROM notice asked JOIN letter_item ON letter_item.notice_id = asked.id
        JOIN letter ON letter.id = letter_item.letter_id
        WHERE asked.activity_id = activity.id AND asked.kind IN {_ASKS}
          AND (letter.state IN ('sent', 'kept') OR letter.may_have_gone_at IS NOT NULL)
          AND asked.written_on >= '{since}' AND asked.written_on < '{today}'
          AND (NOT ({counts}) OR EXISTS (
              SELECT 1 FROM status_answer s
              WHERE s.activity_id = activity.id AND s.on_day >= asked.written_on
                AND {standing("s")})))"""  # noqa: S608 - own names
