"""The sweep: which activities, parts and plans have reached a rung, and have no notice of it yet?

One set-based statement for each kind of day; the windows come from `rules/ladder.py`. What becomes
of a notice is the work of `notifications/letters/`; what comes of no answer, `silence.py`.

The statement is put together as words, not from SQLAlchemy's parts: a ladder has some thirty steps,
and building, naming and compiling them anew took longer than the database's own work.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import Date, TextClause, bindparam, text
from sqlmodel import Session

from config.own_policy import Promised, Share
from config.policy import Policy
from models.alone import alone
from models.database import Turns, have_grown, take_turns
from models.lacks import SINCE
from models.lacks import STATES as MAY_LACK
from models.letter import TELLS_IN_WORDS, NoticeKind
from models.lifecycle import REMINDED, State
from models.mail_reply import Became
from models.part import PartState
from models.promises import promised
from models.reminded import AT_ONCE
from models.resting import PLANS_AT_REST, RESTING
from models.undoing import standing
from notifications.answered import asked_just_now, is_answered
from rules.calendar import all_quiet, is_quiet, working_days_before
from rules.ladder import Window, all_windows

_MUCH = 1000  # new notices, after which the database is told that there are so many more
_QUESTIONS = (
    "status_question JOIN status_round ON status_round.id = status_question.round_id "
    "JOIN activity ON activity.id = status_question.activity_id"
)


@dataclass(frozen=True, slots=True)
class Watched:
    """Which day is watched, which column tells how precise it is, and when it counts.

    `ladder` is the kind of ladder that the day stands on; `about` are the notice's columns that say
    what it is about, each with what stands there.
    """

    kind: NoticeKind
    ladder: str
    day: str
    precision: str
    counts: str
    source: str = "activity"
    about: tuple[tuple[str, str], ...] = (("activity_id", "activity.id"),)
    plan: str = "plan_id"

    @property
    def asks(self) -> bool:
        """Is it a question of how an activity, or a part of one, goes?"""
        return self.kind is not NoticeKind.LACK and self.about[0][0] == "activity_id"

    @property
    def named(self) -> str:
        """What it is called when it goes wrong."""
        return f"{self.kind.value} i {self.about[0][0].removesuffix('_id')}"


def _in_states(states: tuple[State, ...]) -> str:
    """States as literals, never bound, and "=" for one: else SQLite ignores the partial index.

    (`state IN ('pausad')` is not recognised as the index's own `state = 'pausad'`: a full scan.)
    """
    listed = [f"'{state.value}'" for state in states]
    named = f"= {listed[0]}" if len(listed) == 1 else f"IN ({', '.join(listed)})"
    return f"activity.state {named} AND activity.reported_done_on IS NULL"


def waits_for_a_yes(activity_id: str) -> str:
    """SQL: an answer about an activity proposes another day, or somebody else, and nobody has said
    yes or no to it; or one came by mail, and nobody has seen to it. The ladders rest meanwhile, and
    nobody is told that she is silent."""
    return f"""(EXISTS (
        SELECT 1 FROM status_answer s JOIN activity proposed ON proposed.id = s.activity_id
        WHERE s.activity_id = {activity_id} AND {PROPOSES})
        OR EXISTS (
        SELECT 1 FROM mail_reply_line line JOIN mail_reply mail ON mail.id = line.reply_id
        WHERE line.activity_id = {activity_id} AND {MAIL_WAITS}))"""  # noqa: S608 - own names


# Of `mail_reply_line line` and `mail_reply mail`; what came from another address, or is forged,
# says nothing of her who was asked.
MAIL_WAITS = f"""(line.answer_id IS NULL AND line.settled_on IS NULL
    AND mail.became NOT IN ('{Became.ANOTHER.value}', '{Became.FORGED.value}'))"""


# As `models/proposals.py` says it: until it is settled, or a later one proposes the same kind.
PROPOSES = f"""(
    {standing("s")} AND s.id NOT IN (SELECT answer_id FROM answer_settled)
    AND ((s.says = 'not_me' AND NOT EXISTS (
              SELECT 1 FROM status_answer later
              WHERE later.activity_id = s.activity_id AND later.id > s.id
                AND later.says = 'not_me' AND {standing("later")}))
      OR (s.proposed_last IS NOT NULL
          AND (proposed.deadline_last IS NULL OR proposed.deadline_last <> s.proposed_last)
          AND NOT EXISTS (
              SELECT 1 FROM status_answer later
              WHERE later.activity_id = s.activity_id AND later.id > s.id
                AND later.proposed_last IS NOT NULL AND {standing("later")}))))"""  # noqa: S608 - own words


_IN_PARTS = "part JOIN activity ON activity.id = part.activity_id"
PART_OPEN = f"part.state NOT IN ('{PartState.DONE.value}', '{PartState.EXCUSED.value}')"
_OPEN_QUESTION = "status_round.closed_on IS NULL AND status_question.answered_on IS NULL"
_OPEN = _in_states(REMINDED)

# Reviews go on while the activity is alive; a deadline rests while another day is proposed.
WATCHED = (
    Watched(
        NoticeKind.DEADLINE,
        "deadline",
        "deadline_last",
        "deadline_precision",
        f"{_OPEN} AND NOT {waits_for_a_yes('activity.id')}",
    ),
    Watched(
        NoticeKind.PART,
        "deadline",
        "part.deadline_last",
        "part.deadline_precision",
        f"{PART_OPEN} AND {_OPEN} AND NOT {waits_for_a_yes('activity.id')}",
        source=_IN_PARTS,
        about=(("activity_id", "activity.id"), ("part_id", "part.id")),
    ),
    Watched(
        NoticeKind.START, "start", "start_due", "start_precision", _in_states((State.DECIDED,))
    ),
    Watched(NoticeKind.REVIEW, "review", "next_review_on", "'day'", _OPEN),
    Watched(NoticeKind.RESUME, "resume", "resume_on", "'day'", _in_states((State.PAUSED,))),
    Watched(NoticeKind.FUNDING, "funding", "funding_last", "'day'", _OPEN),
    Watched(
        NoticeKind.FUNDING,
        "funding",
        "plan.funding_last",
        "'day'",
        "plan.closed_on IS NULL",
        source="plan",
        about=(("plan_id", "plan.id"),),
        plan="plan.id",
    ),
    Watched(
        NoticeKind.LACK,
        "brister",
        "lacking.since",
        "'day'",
        "1 = 1",
        source=SINCE,
        about=(("activity_id", "lacking.id"),),
        plan="lacking.plan_id",
    ),
    Watched(
        NoticeKind.ROUND, "round", "closes_on", "'day'", f"{_OPEN_QUESTION} AND {_OPEN}", _QUESTIONS
    ),
)

# What may wait a day so that no activity is asked about two working days in a row. A round's
# question never waits: the way up the line counts from it.
_MAY_WAIT = (
    NoticeKind.DEADLINE,
    NoticeKind.START,
    NoticeKind.REVIEW,
    NoticeKind.RESUME,
    NoticeKind.FUNDING,
)

# What is asked once when its day had passed before the plan was reminded of.
ONCE_PASSED = (NoticeKind.DEADLINE, NoticeKind.PART, NoticeKind.START, NoticeKind.REVIEW)


@dataclass(frozen=True, slots=True)
class Morning:
    """The day that rungs are reached on; the working day before it; from which rung they count."""

    today: date
    day_before: date
    from_rung: int


def morning_of(policy: Policy, today: date) -> Morning:
    """What a sweep needs to know of its day."""
    day_before = working_days_before(policy, today, 2) + timedelta(days=1)
    return Morning(today, day_before, policy.escalation.from_rung)


def sweep(session: Session, policy: Policy, today: date) -> dict[str, int]:
    """Put every reached rung on file as a notice, once. Returns how many were new, by kind.

    0. Take the lock of the day's letters: two rounds at once work one after the other.
    1. The policy's ladders and `today` give windows: "deadlines from A to B stand on rung R".
       Collaborations that promise the same are asked about together; one that is quiet while
       others are not is passed by.
    2. The windows of one kind touch, so one range of one index holds them all.
    3. `INSERT … SELECT … ON CONFLICT DO NOTHING`: what is on file already stays as it is. A rung
       that somebody's answer holds against (`rules/answered.py`) is on file as settled: no letter.
    4. Days that had passed when a plan began to be reminded of are put on file once.
    5. Who was asked to stand in for somebody is told once; so is who must follow up what is said
       to be done.
    """
    take_turns(session, Turns.LETTERS)
    new = dict.fromkeys(NoticeKind, 0)
    for share in awake(promised(session, policy, today)):
        _climb(session, share, today, new)
    for watched in WATCHED:
        if watched.kind in ONCE_PASSED and watched.plan == "plan_id":
            with alone("Steget", f"{watched.kind.value} som hade passerat", session):
                passed = _passed(watched, today, session.get_bind().dialect.name)
                new[watched.kind] += _count(session, passed, today)
    with alone("Steget", NoticeKind.DELEGATION.value, session):
        new[NoticeKind.DELEGATION] = _count(session, _HANDED_OVER, today)
    with alone("Steget", NoticeKind.DONE.value, session):
        new[NoticeKind.DONE] = _count(session, _SAID_DONE, today)
    if sum(new.values()) >= _MUCH:
        have_grown(session, "notice")
    del new[NoticeKind.SILENCE], new[NoticeKind.UNDONE]
    return {kind.value: number for kind, number in new.items()}


def awake(promises: Promised) -> list[Share]:
    """The policies whose letters go on the day; all of them when none does, by hand."""
    by_hand, shares = all_quiet(promises), promises.shares()
    return [share for share in shares if by_hand or not is_quiet(share.policy, promises.day)]


def of_share(share: Share, area: str) -> str:
    """SQL: a collaboration's number is one of those that share a policy; "" where all do."""
    if share.others and not share.areas:
        return ""
    listed = ", ".join(str(number) for number in sorted(share.areas))
    return f" AND {area} {'NOT IN' if share.others else 'IN'} ({listed})"


def _climb(session: Session, share: Share, today: date, new: dict[NoticeKind, int]) -> None:
    """The rungs that are reached by one policy; how many are new is added by kind."""
    day = morning_of(share.policy, today)
    whose = of_share(share, "collaboration_id").removeprefix(" AND ")
    for ladder, windows in groupby(all_windows(share.policy, today), key=lambda w: w.kind):
        steps = list(windows)
        for watched in WATCHED:
            if watched.ladder == ladder:
                with alone("Steget", watched.named, session):
                    found = reached(steps, watched, day, whose)
                    new[watched.kind] += _count(session, found, today)


def _count(session: Session, statement: TextClause, today: date) -> int:
    return int(session.execute(statement, {"today": today}).rowcount)  # type: ignore[attr-defined]


_LISTED = ", ".join(f"'{state.value}'" for state in REMINDED)

_HANDED_OVER = text("""
    INSERT INTO notice (delegation_id, kind, rung, due_on, reached_on)
    SELECT id, 'delegation', 0, first_day, :today FROM delegation
    WHERE last_day >= :today AND ended_on IS NULL
      AND id NOT IN (SELECT delegation_id FROM notice WHERE delegation_id IS NOT NULL)
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("today", type_=Date))


# No index holds them, and by one of those that hold a state SQLite reads all the same, six times as
# slowly, while everybody who writes waits: so the state is one that it finds no index for.
_SAID_DONE = text(f"""
    INSERT INTO notice (activity_id, kind, rung, due_on, reached_on)
    SELECT id, 'done', 0, reported_done_on, :today FROM activity
    WHERE reported_done_on IS NOT NULL AND state || '' IN ({_LISTED})
      AND plan_id NOT IN {PLANS_AT_REST}
      AND plan_id IN (SELECT p.id FROM plan p WHERE p.reminded_from <= :today)
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("today", type_=Date))  # noqa: S608 - own names


def reached(
    windows: list[Window], watched: Watched, morning: Morning, whose: str = ""
) -> TextClause:
    """Notices for what stands on the rungs of one kind. Also what EXPLAIN is asked about.

    `whose` says of which collaborations, as `of_share` has it. It stands before what is dear to
    ask, so that what is of others costs little.
    """
    day = watched.day
    first, last = min(w.first for w in windows), max(w.last for w in windows)
    by_ladder = groupby(windows, key=lambda w: (w.plan, w.precisions, w.all_but))
    ladders = [list(steps) for _, steps in by_ladder]
    on_each = [
        f"{_on_ladder(steps, watched)}{_in_a_row(steps, watched, morning)}" for steps in ladders
    ]
    rungs = [_rung(steps, day) for steps in ladders]
    rung = rungs[0]
    if len(ladders) > 1:
        pairs = zip(on_each, rungs, strict=True)
        rung = f"CASE {' '.join(f'WHEN {on} THEN {standing}' for on, standing in pairs)} END"
    on_any = " OR ".join(f"({on})" for on in on_each)
    columns = ", ".join(column for column, _ in watched.about)
    values = ", ".join(value for _, value in watched.about)
    once = "DISTINCT " if watched.source == _QUESTIONS else ""  # two rounds may close on one day
    mine = ""
    if whose:
        mine = f"AND {watched.plan} IN (SELECT id FROM plan WHERE {whose}) "  # noqa: S608 - numbers
    answered = "NULL, NULL"
    if watched.asks:
        answer = is_answered(watched.kind.value, day, morning.today)
        answered = ", ".join([f"CASE WHEN {answer} THEN :today END"] * 2)
    return text(
        f"INSERT INTO notice ({columns}, kind, rung, due_on, reached_on, "  # noqa: S608 - own names
        "written_on, settled_on) "
        f"SELECT {once}{values}, '{watched.kind.value}', {rung}, {day}, :today, {answered} "
        f"FROM {watched.source} "
        f"WHERE {day} BETWEEN '{first}' AND '{last}' {mine}AND {watched.counts} AND ({on_any}) "
        f"AND {_reminded_of(watched)} "
        f"ON CONFLICT ({_KEYS[watched.about[0][0]]} DO UPDATE SET {_ANEW} "
        "WHERE notice.reached_on > excluded.reached_on"
    ).bindparams(bindparam("today", type_=Date))


def _reminded_of(watched: Watched) -> str:
    """Is its plan reminded of by now, and the day no earlier than that, and nobody rests?

    What something lacks it lacks still, since whichever day.
    """
    begun = (
        f"(SELECT p.reminded_from FROM plan p WHERE p.id = {watched.plan} "  # noqa: S608 - own names
        "AND p.reminded_from <= :today)"
    )
    awake = f"{watched.plan} NOT IN {PLANS_AT_REST}"
    if watched.kind is NoticeKind.LACK:
        return f"{begun} IS NOT NULL AND {awake}"
    return f"{watched.day} >= {begun} AND {awake}"


def _passed(watched: Watched, today: date, dialect: str) -> TextClause:
    """Notices for the days that had passed when their plan began to be reminded of: one each, on
    the rung of so many days after, however many rungs of the ladder that would be.
    """
    columns = ", ".join(column for column, _ in watched.about)
    values = ", ".join(value for _, value in watched.about)
    days = f"{watched.day} - begun.reminded_from"
    if dialect == "sqlite":
        days = f"CAST(julianday({watched.day}) - julianday(begun.reminded_from) AS INTEGER)"
    return text(
        f"INSERT INTO notice ({columns}, kind, rung, due_on, reached_on) "  # noqa: S608 - own names
        f"SELECT {values}, '{watched.kind.value}', {days}, {watched.day}, :today "
        f"FROM {watched.source} JOIN plan begun ON begun.id = activity.plan_id "
        f"WHERE begun.reminded_from BETWEEN '{today - AT_ONCE}' AND '{today}' "
        f"AND {watched.day} < begun.reminded_from AND {watched.counts} "
        f"AND begun.collaboration_id NOT IN {RESTING} "
        "ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("today", type_=Date))


# What was reached with the clock ahead is reached anew on its day, and asked about then.
_ANEW = (
    "reached_on = excluded.reached_on, asked_on = NULL, "
    "written_on = excluded.written_on, settled_on = excluded.settled_on"
)
_KEYS = {
    "activity_id": "activity_id, kind, due_on, rung, coalesce(part_id, 0))",
    "plan_id": "plan_id, kind, due_on, rung) WHERE plan_id IS NOT NULL",
}


def _on_ladder(steps: list[Window], watched: Watched) -> str:
    """Is the day on this ladder at all, by its plan, its precision and between its ends?"""
    first = steps[0]
    on = f"{watched.day} BETWEEN '{steps[-1].first}' AND '{first.last}'"
    if first.precisions:
        among = "NOT IN" if first.all_but else "IN"
        on = f"{watched.precision} {among} ({_quoted(first.precisions)}) AND {on}"
    if first.plan or first.other_plans:
        titles = _quoted((first.plan,) if first.plan else first.other_plans)
        plans = f"(SELECT id FROM plan WHERE title IN ({titles}))"  # noqa: S608 - quoted
        on = f"{on} AND {watched.plan} {'IN' if first.plan else 'NOT IN'} {plans}"
    return on


def _in_a_row(steps: list[Window], watched: Watched, morning: Morning) -> str:
    """And it was not asked about the working day before, where it may wait."""
    if watched.kind not in _MAY_WAIT or not watched.asks:
        return ""
    counting = [window.last for window in steps if window.rung <= morning.from_rung]
    counts = f"{watched.day} <= '{max(counting)}'" if counting else "1 = 0"
    return f" AND NOT {asked_just_now(counts, morning.day_before, morning.today)}"


def _quoted(words: tuple[str, ...]) -> str:
    """Words as literals in a list; a colon would be taken for a parameter."""
    escaped = (word.replace("'", "''").replace(":", "\\:") for word in words)
    return ", ".join(f"'{word}'" for word in escaped)


def _rung(steps: list[Window], day: str) -> str:
    """The rung by the day: the first step that the day is not before."""
    return "CASE " + " ".join(f"WHEN {day} >= '{w.first}' THEN {w.rung}" for w in steps) + " END"


_MAY_LACK = ", ".join(f"'{state.value}'" for state in MAY_LACK if state is not State.PAUSED)

# Does a notice still hold: is the day still that day, and what it is about still where it counts?
# What was asked before a collaboration came to rest is asked anew when it goes on.
STILL_HOLDS = f"""(
    EXISTS (
        SELECT 1 FROM activity a
        WHERE a.id = notice.activity_id AND a.plan_id NOT IN {PLANS_AT_REST}
          AND (a.reported_done_on IS NULL OR notice.kind IN ('done', 'undone'))
          AND CASE notice.kind
              WHEN 'deadline' THEN a.deadline_last = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'start' THEN a.start_due = notice.due_on AND a.state = 'beslutad'
              WHEN 'review' THEN a.next_review_on = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'resume' THEN a.resume_on = notice.due_on AND a.state = 'pausad'
              WHEN 'done' THEN a.reported_done_on = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'part' THEN a.state IN ({_LISTED}) AND EXISTS (
                  SELECT 1 FROM part
                  WHERE part.id = notice.part_id AND part.deadline_last = notice.due_on
                    AND {PART_OPEN})
              WHEN 'funding' THEN a.funding_last = notice.due_on AND a.state IN ({_LISTED})
              WHEN 'undone' THEN true
              WHEN 'lack' THEN a.state IN ({_MAY_LACK})
              WHEN 'round' THEN a.state IN ({_LISTED}) AND EXISTS (
                  SELECT 1 FROM status_question q JOIN status_round r ON r.id = q.round_id
                  WHERE q.activity_id = a.id AND q.answered_on IS NULL
                    AND r.closed_on IS NULL AND r.closes_on = notice.due_on)
              ELSE EXISTS (
                  SELECT 1 FROM notice asked
                  WHERE asked.activity_id = a.id AND asked.kind NOT IN ({TELLS_IN_WORDS})
                    AND coalesce(asked.part_id, 0) = coalesce(notice.part_id, 0)
                    AND asked.written_on IS NOT NULL AND asked.settled_on IS NULL
                    AND asked.asked_on = notice.due_on) END
    )
    OR EXISTS (
        SELECT 1 FROM plan
        WHERE plan.id = notice.plan_id AND plan.id NOT IN {PLANS_AT_REST}
          AND (notice.kind = 'undone' OR (
            plan.funding_last = notice.due_on AND plan.closed_on IS NULL
            AND plan.withdrawn_on IS NULL)))
    OR EXISTS (
        SELECT 1 FROM delegation d
        WHERE d.id = notice.delegation_id AND d.ended_on IS NULL AND d.last_day >= :today)
)"""  # noqa: S608 - own names
