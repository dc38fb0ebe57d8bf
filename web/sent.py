"""Forms that people send: done in one transaction, or shown again as they were left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from models.database import others_were_first, transaction
from models.moves import Mover, Refused
from models.refusal import field_of
from rules.meanwhile import FILLED_FROM, Meanwhile, compared
from web.belongings import LARGEST
from web.forms import fields
from web.page import mover_of, settings_of, today_of

Sent = Annotated[dict[str, str], Depends(fields)]
Row = TypeVar("Row", bound=SQLModel)


class Stale(Refused):
    """Somebody else changed what a form was filled from; it comes back with what is on file now."""

    def __init__(self, meanwhile: Meanwhile) -> None:
        super().__init__([*meanwhile.told, "Se över formuläret och spara igen om det stämmer."])
        self.given = meanwhile.given


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was sent and refused: which one, why, and what stood in it."""

    form: str = ""
    problems: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False  # somebody else was first

    @property
    def status(self) -> int:
        """How the page with the form answers."""
        return 422 if self.problems else 200

    def at(self, form: str, name: str) -> list[str]:
        """What is wrong with a field of a form."""
        if self.form != form:
            return []
        return [told for told in self.problems if field_of(told) == name]

    def kept(self, form: str, name: str, otherwise: object) -> object:
        """What a field holds: what was written in the refused form, else what is on file."""
        return self.given.get(name, "") if self.form == form else otherwise


def attempt(
    request: Request,
    form: str,
    given: Mapping[str, str],
    do: Callable[[Session, Mover, date], str],
    again: Callable[[Tried], Response],
) -> Response:
    """Do what a form asks and go where `do` says, or show it again with what stood in the way.

    When somebody else saved the same in the same moment it is tried once more: `do` then sees what
    is on file by now, and says so in its own words.
    """
    try:
        try:
            address = _done(request, do)
        except IntegrityError as error:
            if not others_were_first(error):
                raise
            address = _done(request, do)
    except Stale as stale:
        return again(Tried(form, stale.sentences, stale.given, stale=True))
    except Refused as refused:
        return again(Tried(form, refused.sentences, given))
    return RedirectResponse(address, 303)


def _done(request: Request, do: Callable[[Session, Mover, date], str]) -> str:
    with transaction(settings_of(request)) as session:
        return do(session, mover_of(request), today_of(request))


def seen(
    given: Mapping[str, str], now: Mapping[str, object], labels: Mapping[str, str]
) -> dict[str, str]:
    """A form that changes a row, as it is to be understood: only what she touched is new.

    `now` is what the form would be filled from just now, by the names of its fields; the row is
    `locked` before it is read. Raises `Stale` when somebody else was first.
    """
    meanwhile = compared(given, now, labels)
    if meanwhile.told:
        raise Stale(meanwhile)
    return {name: words for name, words in meanwhile.given.items() if name != FILLED_FROM}


def locked(session: Session, table: type[Row], number: int) -> Row:
    """The row of that number, that nobody else changes until we are done."""
    existing(session, table, number)
    return session.get_one(table, number, with_for_update=True, populate_existing=True)


def existing(session: Session, table: type[Row], number: int) -> Row:
    """The row of that number; one that is not on file is a page that is not there."""
    row = session.get(table, number) if number <= LARGEST else None
    if row is None:
        raise HTTPException(404)
    return row


def number_of(given: Mapping[str, str], name: str) -> int:
    """The number that a field holds; 0 for anything else."""
    words = given.get(name, "")
    return int(words) if words.isdecimal() and len(words) < 10 else 0
