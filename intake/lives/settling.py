"""What an answer proposes (another day, somebody else who answers) gets a yes or a no.

A yes agrees anew about the activity (`changes.py`), with the answer as the reason; a no only says
that the answer has been seen, which is all there is to say of one that only worries. Either way it
stands no longer among what waits.
"""

from datetime import date

from sqlalchemy import insert, select
from sqlmodel import Session

from intake.lives.changes import ask_to_change
from models.activity import Activity
from models.columns import c
from models.decision import Agreed
from models.group import Group
from models.known import name_in
from models.moves import Mover, Refused
from models.refusal import at
from models.span import Span
from models.status import Says, Settled, StatusAnswer
from models.undoing import batch_of
from rules.span_words import words_for

LONGEST_REASON = 1000  # characters
_ASKS = (Says.NOT_ME, Says.AT_RISK, Says.LATE)
NAMELESS = (
    "Svaret säger inte vem eller vilken dag det blir i stället. Skriv det under ”Ändra uppgifter” "
    "på aktivitetens sida."
)


def settle(
    session: Session,
    answer_id: int,
    mover: Mover,
    *,
    accept: bool,
    today: date,
    review_months: int | None = None,
    reason: str = "",
    decision_id: int | None = None,
) -> str:
    """Say yes or no to what an answer proposes. Returns what came of it, in Swedish words.

    The reason is told to whoever answered; a yes may be a meeting's decision. Raises `Refused` when
    there is nothing to say yes to, or it was settled before.
    """
    # Held until it is settled: it could be taken back while the yes waits for the activity.
    answer = session.get(StatusAnswer, answer_id, with_for_update=True)
    if answer is None or not (answer.says in _ASKS or answer.proposed_last):
        raise Refused(["Svaret har inget förslag att ta ställning till."])
    if accept and not _proposes(answer):
        raise Refused([NAMELESS])
    if len(reason) > LONGEST_REASON:
        told = f"Skälet är för långt. Högst {LONGEST_REASON} tecken får plats."
        raise Refused([at("reason", told)])
    if answer.undone_id is not None:
        raise Refused(["Beskedet är taget tillbaka."])
    if session.get(Settled, answer_id) is not None:
        raise Refused(["Någon har redan tagit ställning till förslaget. Läs in sidan igen."])
    became = "Svaret är sett, och inget ändras."
    if accept:
        asked = _asked(session, answer, today)
        ask_to_change(
            session,
            answer.activity_id,
            asked,
            mover,
            today=today,
            review_months=review_months,
            planned=True,
            decision_id=decision_id,
        )
        became = _became(answer)
    session.execute(
        insert(Settled).values(
            answer_id=answer_id,
            accepted=accept,
            on_day=today,
            by=mover.name or "processledaren",
            batch=batch_of(session, today) if accept else None,
            reason=reason.strip(),
        )
    )
    return became


def _proposes(answer: StatusAnswer) -> bool:
    return _names_somebody(answer) or answer.proposed_last is not None


def _names_somebody(answer: StatusAnswer) -> bool:
    return answer.says is Says.NOT_ME and bool(answer.instead.strip())


def _asked(session: Session, answer: StatusAnswer, today: date) -> dict[str, str]:
    owner = select(c(Group).collaboration_id).join(Activity, c(Activity).group_id == c(Group).id)
    area = session.execute(owner.where(c(Activity).id == answer.activity_id)).scalar_one()
    name = name_in(session, area, answer.person_id)
    reason = f"Föreslaget av {name} {answer.on_day}"
    asked = {"reason": reason}
    if _names_somebody(answer):
        asked[Agreed.RESPONSIBLE] = answer.instead
    if answer.proposed_last:
        told = answer.proposed_text, answer.proposed_first, answer.proposed_last
        asked[Agreed.DEADLINE] = words_for(Span(*told, answer.proposed_precision), today)
    return asked


def _became(answer: StatusAnswer) -> str:
    said = []
    if _names_somebody(answer):
        said.append(f"{answer.instead} svarar för aktiviteten")
    if answer.proposed_last:
        said.append(f"slutdatum är {answer.proposed_text}")
    words = " och ".join(said)
    return f"Nu gäller att {words}."
