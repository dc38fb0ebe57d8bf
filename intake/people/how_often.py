"""How often somebody wants letters: each day that there is something, or gathered once a week."""

from datetime import date

from sqlalchemy import update
from sqlmodel import Session

from config.policy import Policy
from models.columns import c
from models.moves import Refused
from models.person import Person
from models.refusal import at
from rules.wording import WEEKDAYS

DAILY, WEEKLY = "dagligen", "veckovis"
_NOT_HERE = "Här går breven de dagar det finns något att säga. Det går inte att samla dem."
_CHOOSE = "Välj hur ofta du vill ha brev."


def put_how_often(session: Session, person_id: int, words: str, policy: Policy, today: date) -> str:
    """Put the choice on file. The sentence says what holds now; raises `Refused`."""
    if words not in (DAILY, WEEKLY):
        raise Refused([at("letters", _CHOOSE)])
    if words == WEEKLY and policy.gathered_on == 0:
        raise Refused([at("letters", _NOT_HERE)])
    person = c(Person)
    chosen = update(Person).where(person.id == person_id)
    if words == DAILY:
        session.execute(chosen.values(weekly_since=None))
        return "Du får brev de dagar det finns något att säga, högst ett om dagen."
    session.execute(chosen.where(person.weekly_since.is_(None)).values(weekly_since=today))
    return (
        f"Det som kan vänta kommer samlat, på {WEEKDAYS[policy.gathered_on - 1]}ar. Det som ska "
        "vara klart eller besvarat inom en vecka kommer ändå när det behövs."
    )
