"""The telephone number that somebody gives for herself: a process leader's stands in letters."""

import re

from sqlalchemy import update
from sqlmodel import Session

from models.columns import c
from models.moves import Refused
from models.person import Person
from models.refusal import at

_NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{4,28}")
NO_NUMBER = "Skriv numret med siffror, till exempel 0321-123 45. Tomt tar bort det."


def put_telephone(session: Session, person_id: int, words: str) -> str:
    """Put the number on file, or take it away. The sentence says which; raises `Refused`."""
    number = " ".join(words.split())
    if number and not _NUMBER.fullmatch(number):
        raise Refused([at("telephone", NO_NUMBER)])
    session.execute(update(Person).where(c(Person).id == person_id).values(telephone=number))
    if not number:
        return "Numret är borttaget."
    return f"Numret {number} är sparat."
