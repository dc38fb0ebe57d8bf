"""Taking an answer back: whoever gave it, while the activity is open and nobody has taken a stand.

Nor has anybody let its words out.

The answer stays in the history, as taken back. What it changed beside itself becomes as it was:
what asked about the activity asks still, the review comes when it was to come, and nothing is said
to be done. A start is a move, and stays.
"""

from datetime import date

from sqlalchemy import Date, bindparam, func, select, text, update
from sqlmodel import Session

from config import clock
from intake.lives.answers import as_known_there
from models.activity import Activity
from models.columns import c
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.status import ReleasedWords, Says, Settled, StatusAnswer
from models.undoing import Undoing, standing, stands

NOT_HERS = "Beskedet finns inte, eller är inte ditt att ta tillbaka."
SETTLED = "Någon har redan tagit ställning till beskedet. Lämna ett nytt i stället."
TAKEN_BACK = "Beskedet är redan taget tillbaka."
RELEASED = (
    "Processledaren har redan sagt ja till orden i beskedet. Lämna ett nytt besked i stället, "
    "eller svara på ditt senaste brev."
)


ENDED = "Aktiviteten är {state}. Beskedet hör till det som hände och står kvar."


def take_back(session: Session, answer_id: int, mover: Mover, *, today: date) -> int:
    """Take an answer of hers back. Returns the number of its activity, or raises `Refused`."""
    answer = session.get(StatusAnswer, answer_id, with_for_update=True)  # a second tap waits
    if answer is None or answer.person_id != mover.person_id:
        raise Refused([NOT_HERS])
    if answer.undone_id is not None:
        raise Refused([TAKEN_BACK])
    if session.get(Settled, answer_id) is not None:
        raise Refused([SETTLED])
    if session.get(ReleasedWords, answer_id) is not None:
        raise Refused([RELEASED])
    state = session.get_one(Activity, answer.activity_id, with_for_update=True).state
    if state not in OPEN:
        raise Refused([ENDED.format(state=state.value)])
    newest = _newest(session, answer.activity_id)
    by = as_known_there(session, answer.activity_id, mover).name
    undoing = Undoing(on_day=today, at=clock.now(), by=by, person_id=mover.person_id)
    session.add(undoing)
    session.flush()
    answer.undone_id = undoing.id
    session.flush()
    if newest == answer_id:
        _as_it_was(session, answer)
    return answer.activity_id


def _newest(session: Session, activity_id: int) -> int | None:
    newest = select(func.max(c(StatusAnswer).id)).where(
        c(StatusAnswer).activity_id == activity_id, stands(c(StatusAnswer))
    )
    return session.execute(newest).scalar()


def _as_it_was(session: Session, answer: StatusAnswer) -> None:
    """What the newest answer changed is as the one before it left it."""
    before = _newest(session, answer.activity_id)
    earlier = session.get(StatusAnswer, before) if before is not None else None
    changed: dict[str, date | None] = {"reported_done_on": None}
    if earlier is not None and earlier.says is Says.DONE:
        changed["reported_done_on"] = earlier.on_day
    if answer.review_was is not None:
        changed["next_review_on"] = answer.review_was
    session.execute(update(Activity).where(c(Activity).id == answer.activity_id).values(**changed))
    for asked_still in (_QUESTIONS, _NOTICES):
        session.execute(asked_still, {"activity_id": answer.activity_id, "day": answer.on_day})


# An answer that stands, and that a question had been put before.
_OTHERS = f"""EXISTS (
    SELECT 1 FROM status_answer s WHERE s.activity_id = :activity_id AND s.on_day >= {{since}}
      AND {standing("s")})"""  # noqa: S608 - own words

# Also of a round that has closed: there it is not answered after all, and a new one comes late.
_QUESTIONS = text(f"""
    UPDATE status_question SET answered_on = NULL
    WHERE activity_id = :activity_id AND answered_on = :day
      AND round_id IN (SELECT id FROM status_round r
                       WHERE NOT {_OTHERS.format(since="r.opened_on")})
""").bindparams(bindparam("day", type_=Date))  # noqa: S608 - own names

_NOTICES = text(f"""
    UPDATE notice SET settled_on = NULL
    WHERE activity_id = :activity_id AND settled_on = :day AND written_on <= :day
      AND kind NOT IN ('lack', 'done', 'delegation')
      AND id IN (SELECT notice_id FROM letter_item)
      AND NOT {_OTHERS.format(since="notice.written_on")}
""").bindparams(bindparam("day", type_=Date))  # noqa: S608 - own names
