"""The figures of every group, by the database itself: a handful of GROUP BY, whatever the size.

How an activity stood at the end of a day is its state, if that is so old, and else the state that
its first move after that day led from. Deadlines, owners, money and goals that were agreed anew
after the period count as they were.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from models.lifecycle import OPEN, REMINDED, Move, Outcome, State
from models.statements import run
from models.undoing import standing
from reports.rollup.asked import Asked
from reports.rollup.shapes import Counts, Flow

# What sentences say of activities, each told once however often it was moved so.
TOLD_OF = (Move.START, Move.FOLLOW_UP, Move.PAUSE)
_OPEN = ", ".join(f"'{state.value}'" for state in OPEN)
_REMINDED = ", ".join(f"'{state.value}'" for state in REMINDED)
_PUT_FORWARD = "'föreslå', 'dra tillbaka', 'föreslå igen'"
_OVER = ", ".join(f"'{state.value}'" for state in State if state not in OPEN)
# Not one whose whole life was taken back: it is in no story.
LIVED = f"""(a.state <> 'återtagen' OR EXISTS (
        SELECT 1 FROM move z WHERE z.activity_id = a.id AND {standing("z")}))"""  # noqa: S608
_NO_MORE = ", ".join(f"'{state.value}'" for state in (State.ENDED, State.REJECTED, State.WITHDRAWN))


def stood(asked: Asked, only: str = "") -> str:
    """The beginning of a statement: `stood`, a row for each activity that the period tells of.

    1. The first move since the period began tells the state before it, the first after its end the
       state then; what has not moved since stands as it did.
    2. Deadlines, owners, money and goals as they were, where they were changed after the period.
    3. Left out: what was open at no moment of the period, and successors that nobody has begun with
       (their predecessors tell that they were carried over). One that was begun with and sent back
       is told.

    `only` asks for the numbers of those that matter, where it is not all of them.
    """
    groups = ", ".join(str(id_) for id_ in asked.groups) or "0"
    owned = first_after("group", "group_id")
    in_groups = (
        f"SELECT id FROM activity WHERE group_id IN ({groups}) "  # noqa: S608 - own numbers
        f"UNION SELECT since.activity_id FROM ({owned}) AS since"
    )
    chosen = [] if asked.whole else [in_groups]
    chosen += [only] if only else []
    moved = "".join(f" AND x.activity_id IN ({one})" for one in chosen)
    which = "".join(f" AND a.id IN ({one})" for one in chosen)
    return f"""
WITH began AS MATERIALIZED ({_first_move(">= :first", moved)}),
ended AS MATERIALIZED ({_first_move("> :until", moved)}),
due_then AS ({first_after("deadline", "last")}),
owned_then AS ({owned}),
paid_then AS ({first_after("funding", "last", "amount")}),
aimed_then AS ({first_after("goals", "ids")}),
every AS (
    SELECT a.id, a.successor_of, g.words AS goal_words,
           CASE WHEN f.activity_id IS NULL THEN a.funding_text ELSE f.words END AS funding_text,
           CASE WHEN f.activity_id IS NULL THEN CAST(a.funding_last AS varchar)
                ELSE f.was END AS funding_last,
           CASE WHEN f.activity_id IS NULL THEN a.funding_amount
                ELSE CAST(f.and_was AS integer) END AS funding_amount,
           CASE WHEN o.activity_id IS NULL THEN a.group_id ELSE CAST(o.was AS integer) END AS owner,
           CASE WHEN d.activity_id IS NULL THEN CAST(a.deadline_last AS varchar)
                ELSE d.was END AS due,
           CASE WHEN a.state_since < :first THEN a.state
                ELSE {_led_from("b", "< :first")} END AS was,
           CASE WHEN a.state_since <= :until THEN a.state
                ELSE {_led_from("e", "<= :until")} END AS became,
           CASE WHEN a.state_since <= :until THEN a.state_since ELSE (
                SELECT max(m.on_day) FROM move m
                WHERE m.activity_id = a.id AND m.on_day <= :until AND {standing("m")}
           ) END AS since
    FROM activity a
    LEFT JOIN began b ON b.activity_id = a.id
    LEFT JOIN ended e ON e.activity_id = a.id
    LEFT JOIN due_then d ON d.activity_id = a.id
    LEFT JOIN owned_then o ON o.activity_id = a.id
    LEFT JOIN paid_then f ON f.activity_id = a.id
    LEFT JOIN aimed_then g ON g.activity_id = a.id
    WHERE NOT (a.state IN ({_OVER}) AND a.state_since < :first){which} AND {LIVED}
),
stood AS (
    SELECT * FROM every
    WHERE became IS NOT NULL AND owner IN ({groups})
      AND NOT (was IS NOT NULL AND was IN ({_OVER}) AND became IN ({_OVER})
               AND NOT EXISTS ({_moved("x.to_state", _OPEN)}))
      AND NOT (successor_of IS NOT NULL AND was IS NULL AND became IN ('föreslagen', 'återtagen')
               AND NOT EXISTS ({_moved("x.move NOT", _PUT_FORWARD)}))
)"""  # noqa: S608 - own words and numbers


def _moved(what: str, among: str) -> str:
    """A move of the activity in `every`, within the period, that has `what` among some words."""
    return f"""
        SELECT 1 FROM move x
        WHERE x.activity_id = every.id AND x.on_day BETWEEN :first AND :until AND {standing("x")}
          AND {what} IN ({among})"""  # noqa: S608 - own words


def _led_from(alias: str, days: str) -> str:
    """The state that a move led from; none where a life began anew with it, since all that was
    before had been taken back.
    """
    return f"""CASE WHEN {alias}.from_state = 'återtagen' AND NOT EXISTS (
        SELECT 1 FROM move p WHERE p.activity_id = a.id AND p.on_day {days} AND {standing("p")})
    THEN NULL ELSE {alias}.from_state END"""  # noqa: S608 - own words


def _first_move(days: str, which: str) -> str:
    """The state that each activity's first move on these days led from."""
    return f"""
    SELECT x.activity_id, x.from_state FROM move x
    WHERE x.on_day {days}{which} AND {standing("x")} AND NOT EXISTS (
        SELECT 1 FROM move y
        WHERE y.activity_id = x.activity_id AND y.on_day {days} AND {standing("y")}
          AND (y.on_day < x.on_day OR (y.on_day = x.on_day AND y.id < x.id)))"""  # noqa: S608


def first_after(what: str, value: str, other: str = "") -> str:
    """What was agreed at the period's end, of the activities where it was agreed anew since."""
    return f"""
    SELECT x.activity_id, x.before_words AS words, x.before_values ->> '{value}' AS was,
           x.before_values ->> '{other or value}' AS and_was
    FROM change x
    WHERE x.what = '{what}' AND x.on_day > :until AND {standing("x")} AND NOT EXISTS (
        SELECT 1 FROM change y
        WHERE y.activity_id = x.activity_id AND y.what = '{what}' AND y.on_day > :until
          AND {standing("y")}
          AND (y.on_day < x.on_day OR (y.on_day = x.on_day AND y.id < x.id)))"""  # noqa: S608


# The state of the activity `a` at the period's end, where only some are asked for.
STATE_THEN = f"""(CASE WHEN a.state_since <= :until THEN a.state ELSE (
        SELECT m.to_state FROM move m
        WHERE m.activity_id = a.id AND m.on_day <= :until AND {standing("m")}
        ORDER BY m.on_day DESC, m.id DESC LIMIT 1) END)"""  # noqa: S608 - own words

# The deadline has passed, nobody has followed it up, and the last that was said is not "done".
LATE = f"""(became IN ({_REMINDED}) AND due <= CAST(:passed AS varchar) AND NOT EXISTS (
        SELECT 1 FROM status_answer s
        WHERE s.activity_id = stood.id AND s.says = 'done' AND {standing("s")}
          AND s.on_day <= :until AND s.on_day >= stood.since
          AND NOT EXISTS (SELECT 1 FROM status_answer n
                          WHERE n.activity_id = s.activity_id AND n.on_day <= :until
                            AND {standing("n")}
                            AND (n.on_day > s.on_day OR (n.on_day = s.on_day AND n.id > s.id)))))"""  # noqa: S608
_NO_GOAL = f"""(became IN ({_OPEN}) AND CASE WHEN goal_words IS NOT NULL THEN goal_words = ''
        ELSE NOT EXISTS (SELECT 1 FROM activity_goal g WHERE g.activity_id = stood.id) END)"""  # noqa: S608


# What was carried over is told by its successor too: it came before the period, or somebody has
# begun with it. Then its money is the successor's.
GOES_ON = f"""(became = 'överförd' AND EXISTS (
        SELECT 1 FROM activity n JOIN move x ON x.activity_id = n.id
        WHERE n.successor_of = stood.id AND x.on_day <= :until AND {standing("x")}
          AND (x.on_day < :first OR x.move NOT IN ({_PUT_FORWARD}))))"""  # noqa: S608 - own words

# What was carried over at the period's end was not so any longer at the cut-off.
_UNDONE = f"""(became = 'överförd' AND EXISTS (
        SELECT 1 FROM move x
        WHERE x.activity_id = stood.id AND x.on_day > :until AND x.on_day <= :cut_off
          AND x.move = '{Move.UNDO_CARRY_OVER.value}' AND {standing("x")}
          AND NOT EXISTS (
            SELECT 1 FROM move y
            WHERE y.activity_id = stood.id AND y.id > x.id AND y.on_day <= :cut_off
              AND {standing("y")}
              AND y.move = '{Move.CARRY_OVER.value}')))"""  # noqa: S608 - own words


def flows_asked(asked: Asked) -> str:
    """How many went from where to where, by group; how many are late, without goal, with money.

    An amount is in one of three sums: what is over has its own, and of the rest the last day tells.
    What a successor tells of is in none.
    """
    kronor = "coalesce(funding_amount, 0)"
    over = f"became IN ({_NO_MORE})"
    still = "(funding_last IS NULL OR funding_last > CAST(:until AS varchar))"
    return f"""{stood(asked)}
SELECT owner, was, became, count(*),
       sum(CASE WHEN {LATE} THEN 1 ELSE 0 END),
       sum(CASE WHEN {_NO_GOAL} THEN 1 ELSE 0 END),
       sum(CASE WHEN funding_text <> '' THEN 1 ELSE 0 END),
       sum(CASE WHEN {over} OR {GOES_ON} OR NOT {still} THEN 0 ELSE {kronor} END),
       sum(CASE WHEN {over} OR {GOES_ON} OR {still} THEN 0 ELSE {kronor} END),
       sum(CASE WHEN {over} THEN {kronor} ELSE 0 END),
       sum(CASE WHEN {_UNDONE} THEN 1 ELSE 0 END)
FROM stood GROUP BY owner, was, became ORDER BY owner, was, became"""  # noqa: S608 - own words


def outcomes_asked(asked: Asked) -> str:
    """How the activities that stood ended at the end had ended, by group.

    Whoever is told as ended was open in the period, and so ended in it.
    """
    ended = """SELECT m.activity_id FROM move m
        WHERE m.to_state = 'avslutad' AND m.on_day BETWEEN :first AND :until"""
    return f"""{stood(asked, ended)}, told AS (
    SELECT owner, (SELECT m.details ->> 'outcome' FROM move m
                   WHERE m.activity_id = stood.id AND m.on_day <= :until
                     AND m.to_state = 'avslutad' AND {standing("m")}
                   ORDER BY m.on_day DESC, m.id DESC LIMIT 1) AS outcome
    FROM stood WHERE became = 'avslutad'
)
SELECT owner, outcome, count(*) FROM told WHERE outcome IS NOT NULL
GROUP BY owner, outcome ORDER BY owner, outcome"""  # noqa: S608 - own words


# Whether something was followed up in time (1), by the deadline as it was when the move was
# written; 2 where there was none to keep.
_DUE_AT_MOVE = f"""coalesce(
        (SELECT coalesce(x.before_values ->> 'last', '') FROM change x
         WHERE x.activity_id = m.activity_id AND x.what = 'deadline' AND x.at > m.at
           AND {standing("x")}
         ORDER BY x.id LIMIT 1),
        CAST(a.deadline_last AS varchar), '')"""  # noqa: S608 - own words
_IN_TIME = f"""CASE WHEN m.move <> 'följ upp' THEN 0
        WHEN {_DUE_AT_MOVE} = '' THEN 2
        WHEN {_DUE_AT_MOVE} >= CAST(m.happened_on AS varchar) THEN 1
        ELSE 0 END"""


_KEPT, _NO_DEADLINE = 1, 2


def moves_asked(asked: Asked) -> str:
    """How many moves of each kind were made in the period, by group, in time or not."""
    groups = ", ".join(str(id_) for id_ in asked.groups) or "0"
    return f"""
WITH owned_then AS ({first_after("group", "group_id")}),
made AS (
    SELECT CASE WHEN o.activity_id IS NULL THEN a.group_id ELSE CAST(o.was AS integer) END AS owner,
           m.move, {_IN_TIME} AS in_time
    FROM move m
    JOIN activity a ON a.id = m.activity_id
    LEFT JOIN owned_then o ON o.activity_id = a.id
    WHERE m.on_day BETWEEN :first AND :until AND {standing("m")}
      AND NOT (a.successor_of IS NOT NULL
               AND m.move IN ({_PUT_FORWARD}))
)
SELECT owner, move, in_time, count(*) FROM made WHERE owner IN ({groups})
GROUP BY owner, move, in_time ORDER BY owner, move, in_time"""  # noqa: S608 - own words and numbers


def moved_asked(asked: Asked) -> str:
    """How many activities were moved in the ways that sentences tell of, by group."""
    groups = ", ".join(str(id_) for id_ in asked.groups) or "0"
    told = ", ".join(f"'{move.value}'" for move in TOLD_OF)
    return f"""
WITH owned_then AS ({first_after("group", "group_id")}),
made AS (
    SELECT CASE WHEN o.activity_id IS NULL THEN a.group_id ELSE CAST(o.was AS integer) END AS owner,
           m.move, m.activity_id
    FROM move m
    JOIN activity a ON a.id = m.activity_id
    LEFT JOIN owned_then o ON o.activity_id = a.id
    WHERE m.on_day BETWEEN :first AND :until AND m.move IN ({told}) AND {standing("m")}
)
SELECT owner, move, count(DISTINCT activity_id) FROM made WHERE owner IN ({groups})
GROUP BY owner, move ORDER BY owner, move"""  # noqa: S608 - own words and numbers


def extended_asked(asked: Asked) -> str:
    """How many activities got a later deadline in the period, by group."""
    later = f"""SELECT x.activity_id FROM change x
        WHERE x.what = 'deadline' AND x.on_day BETWEEN :first AND :until AND {standing("x")}
          AND x.after_values ->> 'last' > x.before_values ->> 'last'"""  # noqa: S608 - own words
    return f"""{stood(asked, later)}
SELECT owner, count(*) FROM stood WHERE id IN ({later})
GROUP BY owner ORDER BY owner"""  # noqa: S608 - own words and numbers


def statements(asked: Asked) -> tuple[str, ...]:
    """What `counts` asks; for the bench too."""
    return flows_asked(asked), moves_asked(asked), extended_asked(asked)


def counts(on: Connection, asked: Asked) -> dict[int, Counts]:
    """The figures of each group that has any."""
    flows, moves, extended = (run(on, words, asked.days).all() for words in statements(asked))
    moved: dict[int, dict[Move, int]] = {}
    for owner, move, number in run(on, moved_asked(asked), asked.days):
        moved.setdefault(owner, {})[Move(move)] = number
    outcomes: dict[int, dict[Outcome, int]] = {}
    for owner, outcome, number in run(on, outcomes_asked(asked), asked.days):
        outcomes.setdefault(owner, {})[Outcome(outcome)] = number
    found = {owner: Counts() for owner, *_ in (*flows, *moves, *extended)}
    for owner in found:
        counted = _counts(
            [row for row in flows if row[0] == owner],
            [row for row in moves if row[0] == owner],
            sum(number for group, number in extended if group == owner),
        )
        found[owner] = replace(
            counted, moved=moved.get(owner, {}), outcomes=outcomes.get(owner, {})
        )
    return found


def _counts(flows: Iterable[Any], moves: Iterable[Any], extended: int) -> Counts:
    found = Counts(extended=extended)
    for _, was, became, number, late, no_goal, funded, coming, past, over, undone in flows:
        before, after = State(was) if was else None, State(became)
        one = Counts(
            activities=number,
            start={before: number} if before else {},
            end={after: number},
            flows=(Flow(before, after, number),),
            late=late,
            without_goal=no_goal,
            funded=funded,
            kronor_coming=int(coming),
            kronor_past=int(past),
            kronor_over=int(over),
            carried_undone=int(undone),
        )
        found = together((found, one))
    for _, move, in_time, number in moves:
        followed = number if move == Move.FOLLOW_UP else 0
        one = Counts(
            moves={Move(move): number},
            followed_up_in_time=followed if in_time == _KEPT else 0,
            followed_up_without_deadline=followed if in_time == _NO_DEADLINE else 0,
            followed_up_late=0 if in_time else followed,
        )
        found = together((found, one))
    return found


_NUMBERS = (
    *("activities", "late", "without_goal", "followed_up_in_time", "followed_up_late"),
    *(
        "followed_up_without_deadline",
        "lacking",
        "extended",
        "funded",
        "kronor_coming",
        "kronor_past",
        "kronor_over",
        "carried_undone",
    ),
)


def together(several: Iterable[Counts]) -> Counts:
    """The sum of several groups' figures."""
    all_ = list(several)
    return Counts(
        start=_added([one.start for one in all_]),
        end=_added([one.end for one in all_]),
        moves=_added([one.moves for one in all_]),
        outcomes=_added([one.outcomes for one in all_]),
        flows=added_flows(flow for one in all_ for flow in one.flows),
        closing=added_flows(flow for one in all_ for flow in one.closing),
        moved=_added([one.moved or {} for one in all_]),
        lacks=_added([one.lacks for one in all_]),
        **{name: sum(getattr(one, name) for one in all_) for name in _NUMBERS},
    )


def added_flows(several: Iterable[Flow]) -> tuple[Flow, ...]:
    """The same flows each once, in the order of the states."""
    order = list(State)
    flows: dict[tuple[State | None, State], int] = {}
    for flow in several:
        pair = (flow.before, flow.after)
        flows[pair] = flows.get(pair, 0) + flow.number
    found = [Flow(*pair, number) for pair, number in flows.items()]
    found.sort(key=lambda f: (order.index(f.before) if f.before else -1, order.index(f.after)))
    return tuple(found)


def _added(several: Iterable[dict[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for one in several:
        for word, number in one.items():
            found[word] = found.get(word, 0) + number
    return found
