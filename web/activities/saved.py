"""What was saved just now in a row of a list, told at the row; the address says which (`gjort`)."""

from typing import NamedTuple

from fastapi import Request
from sqlmodel import Session

from models.activity import Activity
from rules.access import LEADER
from web.activities.undone import receipt_of
from web.belongings import LARGEST
from web.page import those_allowed


class Saved(NamedTuple):
    """What was done with an activity, and the key it is taken back by, where it can be."""

    id: int
    what: str
    words: str  # "Sparat: Slutdatum ändrat."
    key: str


def saved_of(session: Session, request: Request, told: str) -> Saved | None:
    """What an address tells: "7-8123", the activity and the key. None for what is not hers."""
    number, _, key = told.partition("-")
    if not number.isdecimal() or len(number) > 9 or int(number) > LARGEST:
        return None
    id_ = int(number)
    if not those_allowed(request, LEADER, "activity_id", [id_]):
        return None
    return saved(session, id_, key)


def saved(session: Session, activity_id: int, key: str) -> Saved | None:
    """The same of an activity that is hers."""
    found = receipt_of(session, activity_id, key)
    if found is None:
        return None
    what = session.get_one(Activity, activity_id).what
    if found["undone"]:
        return Saved(activity_id, what, str(found["undone"]), "")
    words = found["words"]
    assert isinstance(words, list)
    return Saved(activity_id, what, f"Sparat: {', '.join(words)}.", key)
