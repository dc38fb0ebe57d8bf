"""Taking back what was registered: a correction that stays in the log, and out of the story.

The rows of the log are marked, never removed; what they changed is put back (`putting_back.py`).
Whoever had a letter about it is told once. What stands on what was asked for is taken back with it
or not at all: whoever asks has seen it. Who may ask is decided before this.
"""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Date, Integer, bindparam, delete, insert, select, text, update
from sqlmodel import Session

from config import clock
from intake.lives.agenda import put_on_again
from intake.lives.entries import LOGS, Chain, Kind, Logged, chain_of, log_of, of_batch
from intake.lives.putting_back import put_back, say_again
from models.activity import Activity
from models.columns import c
from models.decision import Agreed
from models.lifecycle import Move
from models.moves import Mover, Refused
from models.plan import Plan
from models.status import Settled
from models.successors import give_goals_back
from models.undoing import Undoing, standing, stands

GONE_ALREADY = "Det är redan taget tillbaka, eller så finns det inte. Läs in sidan igen."
_LONGEST = 1000  # characters of a reason


def look(session: Session, ids: Collection[int], key: str, *, held: bool = False) -> Chain:
    """What would be taken back with an entry of some activities. `held`: nobody moves them now."""
    if held:
        _hold(session, ids)
    starts = [(id_, key) for id_ in ids]
    chain = chain_of(session, starts, key)
    more = {row.activity_id for row in chain.rows} - set(ids)
    if held and more:
        _hold(session, more)
        chain = chain_of(session, starts, key)
    return chain


def activities_of(session: Session, key: str) -> set[int]:
    """The activities that an entry is about, when one deed was about many."""
    return of_batch(session, int(key)) if key.isdecimal() and len(key) < 17 else set()


def _hold(session: Session, ids: Iterable[int]) -> None:
    asked = select(c(Activity).id).where(c(Activity).id.in_(sorted(ids))).order_by(c(Activity).id)
    session.execute(asked.with_for_update())


def take_back(
    session: Session, chain: Chain, mover: Mover, *, today: date, reason: str = ""
) -> int:
    """Take back all of a chain, or raise `Refused`. Returns the number of the undoing.

    1. The undoing itself, and its mark on each row of the log.
    2. What the rows changed, as it was; what people answered themselves meanwhile still holds.
       Goals that an undone carrying over took out of a plan come there again.
    3. Questions that an answer settled wait again, and so do what a yes was said to and what a
       meeting was at.
    4. Those who had a letter about it are to be told.
    """
    if chain.why_not:
        raise Refused([words for told in chain.why_not.values() for words in told])
    rows = chain.rows
    if not rows:
        raise Refused([GONE_ALREADY])
    earlier = log_of(session, {row.activity_id for row in rows})
    undoing_id = begin_undoing(session, mover, today, reason)
    _mark(session, rows, undoing_id)
    put_back(session, rows, earlier)
    give_goals_back(session, _came_along(rows), mover.name, today)
    oldest = {row.activity_id: row.at for row in rows}  # the last that is seen is the oldest
    since = [row for row in chain.kept if row.at >= oldest.get(row.activity_id, row.at)]
    say_again(session, since)
    _ask_again(session, rows)
    _open_again(session, rows)
    of_deeds = {(row.activity_id, row.batch) for row in rows if row.batch is not None}
    put_on_again(session, of_deeds)
    batches = {batch for _, batch in of_deeds}
    session.execute(delete(Settled).where(c(Settled).batch.in_(batches)))
    _let_know(session, rows, today)
    session.expire_all()
    return undoing_id


def withdraw_plan(
    session: Session, plan_id: int, mover: Mover, *, today: date, reason: str = ""
) -> bool:
    """Take back a whole plan and all that happened in it. Raises `Refused` when it is closed.

    Returns whether anything had been sent about it; then those people are told, once.
    """
    plan = session.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
    if plan.withdrawn_on is not None:
        raise Refused([f"Planen är redan tillbakadragen, {plan.withdrawn_on}."])
    if plan.closed_on is not None:
        raise Refused(["Planen är avslutad. Öppna den igen först; det behöver ett beslut."])
    asked = select(c(Activity).id).where(c(Activity).plan_id == plan_id)
    ids = set(session.execute(asked).scalars())
    _hold(session, ids)
    log = log_of(session, ids)
    starts = [(id_, rows[-1].key) for id_, rows in log.items()]
    chain = chain_of(session, starts, "")
    told = session.execute(_SENT, {"plan_id": plan_id}).scalar() is not None
    if chain.rows:
        take_back(session, chain, mover, today=today, reason=reason)
        # Its people are told of the plan, not of each activity.
        session.execute(_QUIET, {"plan_id": plan_id, "today": today})
    values = {
        "closed_on": today,  # nothing more happens in it
        "withdrawn_on": today,
        "withdrawn_by": mover.name or "processledaren",
        "withdrawn_why": " ".join(reason.split())[:_LONGEST],
    }
    session.execute(update(Plan).where(c(Plan).id == plan_id).values(**values))
    if told:
        session.execute(_PLAN_UNDONE, {"plan_id": plan_id, "today": today})
    session.expire_all()
    return told


def _came_along(rows: Iterable[Logged]) -> dict[int, list[str]]:
    """The goals that undone carryings over took from successors, of those that hold again."""
    undone = {row.batch for row in rows if row.says == Move.UNDO_CARRY_OVER.value}
    return {
        row.activity_id: row.words.splitlines()
        for row in rows
        if row.says == Agreed.GOALS.value and row.batch is not None and row.batch in undone
    }


def begin_undoing(session: Session, mover: Mover, today: date, reason: str) -> int:
    """Write down that something is taken back, by whom and why. Returns the undoing's number."""
    reason = " ".join(reason.replace("\x00", "").split())[:_LONGEST]
    made = insert(Undoing).values(
        on_day=today,
        at=clock.now(),
        by=mover.name or "processledaren",
        person_id=mover.person_id,
        reason=reason,
    )
    return int(session.execute(made.returning(c(Undoing).id)).scalar_one())


def _mark(session: Session, rows: Iterable[Logged], undoing_id: int) -> None:
    """Mark the rows; somebody else may have been first."""
    by_kind: dict[Kind, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.id)
    for kind, ids in by_kind.items():
        table = c(LOGS[kind])
        for start in range(0, len(ids), 5000):
            part = ids[start : start + 5000]
            marked = session.execute(
                update(LOGS[kind])
                .where(table.id.in_(part), stands(table))
                .values(undone_id=undoing_id)
                .execution_options(synchronize_session=False)
            )
            if marked.rowcount != len(part):  # type: ignore[attr-defined]
                raise Refused([GONE_ALREADY])


def _ask_again(session: Session, rows: Iterable[Logged]) -> None:
    """What only these answers settled is open again."""
    for row in rows:
        if row.kind is Kind.ANSWER:
            session.execute(_UNANSWERED, {"activity_id": row.activity_id, "day": row.on_day})


_NO_OTHER = f"""NOT EXISTS (
    SELECT 1 FROM status_answer s
    WHERE s.activity_id = :activity_id AND s.on_day >= :day AND {standing("s")})"""  # noqa: S608
_UNANSWERED = text(f"""
    UPDATE status_question SET answered_on = NULL
    WHERE activity_id = :activity_id AND answered_on = :day AND {_NO_OTHER}
""").bindparams(bindparam("day", type_=Date))  # noqa: S608 - own words


def _open_again(session: Session, rows: Iterable[Logged]) -> None:
    """What letters asked, and was settled since, is asked still; the next round looks again at
    whether anything else has settled it.
    """
    values = [{"id": id_, "since": day} for id_, day in _since(rows).items()]
    session.connection().execute(_UNSETTLED, values)


_UNSETTLED = text("""
    UPDATE notice SET settled_on = NULL
    WHERE activity_id = :id AND settled_on >= :since AND asked_on IS NOT NULL
      AND kind NOT IN ('lack', 'done', 'undone')
""").bindparams(bindparam("since", type_=Date))


def _since(rows: Iterable[Logged]) -> dict[int, date]:
    """The first day that anything of it was registered, by activity."""
    since: dict[int, date] = {}
    for row in rows:
        since[row.activity_id] = min(row.on_day, since.get(row.activity_id, row.on_day))
    return since


def _let_know(session: Session, rows: Iterable[Logged], today: date) -> None:
    """A notice for each activity that somebody has had a letter about since it was registered."""
    values = [{"id": id_, "since": day, "today": today} for id_, day in _since(rows).items()]
    session.connection().execute(_UNDONE, values)


_HAD_A_LETTER = """
    SELECT 1 FROM notice had
    JOIN letter_item i ON i.notice_id = had.id
    JOIN letter l ON l.id = i.letter_id"""
_UNDONE = text(f"""
    INSERT INTO notice (activity_id, kind, rung, due_on, reached_on)
    SELECT :id, 'undone', 0, :today, :today
    WHERE EXISTS ({_HAD_A_LETTER} WHERE had.activity_id = :id AND l.on_day >= :since)
    ON CONFLICT DO NOTHING
""").bindparams(
    bindparam("id", type_=Integer),
    bindparam("today", type_=Date),
    bindparam("since", type_=Date),
)
_SENT = text(f"""{_HAD_A_LETTER}
    LEFT JOIN activity a ON a.id = had.activity_id
    WHERE a.plan_id = :plan_id OR had.plan_id = :plan_id LIMIT 1
""")
_QUIET = text("""
    UPDATE notice SET written_on = :today, settled_on = :today
    WHERE written_on IS NULL
      AND activity_id IN (SELECT id FROM activity WHERE plan_id = :plan_id)
""").bindparams(bindparam("today", type_=Date))
_PLAN_UNDONE = text("""
    INSERT INTO notice (plan_id, kind, rung, due_on, reached_on)
    VALUES (:plan_id, 'undone', 0, :today, :today) ON CONFLICT DO NOTHING
""").bindparams(bindparam("today", type_=Date))
