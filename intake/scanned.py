"""A file is shown to the installation's virus scanner before anything else is done with it.

`apart.py` asks here of every file, since every file is read there: a plan and a list, an export in
the watched folder, what is attached to a comment, the command's own. So a new way in cannot forget.

What the scanner knows is refused for good. A scanner that does not answer says nothing of the file,
so the file is neither taken nor turned away: `Unscanned` asks for another try. It holds for files
that are only read too. Whoever sends one is there to send it again, or it stays in its folder; and
with files let past while the scanner is away, nobody could say which had been looked at.
"""

import logging
import os
from typing import TYPE_CHECKING

from config import clock, virus_scanner
from config.logs import SECURITY
from intake import clamd
from intake.clamd import NoAnswerError, TooLargeError
from intake.documents import File, Refusal
from intake.places import NotNow

if TYPE_CHECKING:
    from config.settings import Settings

_log = logging.getLogger("foljsam.files")
_security = logging.getLogger(SECURITY)


class MadeHere(bytes):
    """A file that we made ourselves a moment ago and only read back: no scanner is asked of it."""


class Infected(Refusal):
    """The scanner knows what is in the file. It is not to be read again in another way."""


class Unscanned(NotNow):
    """The scanner did not answer. The message is for those who use the pages."""

    title = "Filen kunde inte viruskontrolleras"

    def __init__(self) -> None:
        super().__init__(
            "Viruskontrollen svarar inte just nu, så filen togs inte emot. Vänta en stund och "
            "försök igen. Går det inte då heller: säg till den som sköter Följsam hos er."
        )
        self.english = (
            "the virus scanner (FOLJSAM_VIRUS_SCANNER) does not answer, so the file was not read; "
            "foljsam doctor says why. Try again when it does."
        )

    @property
    def swedish(self) -> str:
        """As a refusal has it, for pages that show one at the field of the file."""
        return str(self)


def look_through(name: str, file: File, descriptor: int) -> None:
    """Show an open file to the scanner, if there is one.

    Raises `Refusal` when it knows what is in it or the file is larger than it takes, and
    `Unscanned` when it does not answer.
    """
    told = virus_scanner.used()
    if told is None or told.scanner is None or isinstance(file, MadeHere):
        return
    try:
        with open(os.dup(descriptor), "rb") as source:
            virus = clamd.found_in(told.scanner, source, within=clamd.WITHIN)
    except TooLargeError as error:
        _log.error("the virus scanner takes no file of that size: raise its StreamMaxLength")
        raise _too_large(name) from error
    except NoAnswerError as error:
        _log.error("the virus scanner does not answer: %s", error)
        raise Unscanned from error
    if virus:
        _security.warning('event="sent a file with a virus" virus="%s"', virus)
        _note(told, virus)
        raise _infected(name, virus)


def _note(told: "Settings", virus: str) -> None:
    """Put on file that it was found; the file is refused whether or not that can be done.

    The processes that read files load this module too, and they have no database.
    """
    from sqlalchemy import insert

    from models.database import transaction
    from models.virus import VirusFound

    try:
        with transaction(told) as session:
            session.execute(insert(VirusFound).values(at=clock.now(), name=virus))
    except Exception as error:  # a form that may write nothing, or a database that is away
        _log.warning("a virus was found and could not be counted: %s", type(error).__name__)


def _infected(name: str, virus: str) -> Infected:
    return Infected(
        f"{name} was stopped by the virus scanner, which found {virus} in it. Do not open it or "
        "send it on, and tell your IT support.",
        f"{name} stoppades av viruskontrollen, som hittade {virus} i den. Filen är inte "
        "inläst eller sparad. Öppna den inte och skicka den inte vidare. Kontakta er it-support.",
    )


def _too_large(name: str) -> Refusal:
    return Refusal(
        f"{name} is larger than the virus scanner takes, so it is not read; make it smaller, or "
        "raise the scanner's StreamMaxLength.",
        f"{name} är större än viruskontrollen tar emot, så filen är inte inläst. Gör den mindre "
        "och försök igen, eller be den som sköter Följsam hos er att höja gränsen.",
    )
