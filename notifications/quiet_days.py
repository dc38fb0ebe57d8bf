"""Is a day quiet for everybody, so that no round goes by itself? For clocks and pages.

On a weekend or a holiday nobody is asked; on another day what collaborations promise is on file.
"""

from datetime import date

from sqlmodel import Session

from config import policy
from config.policy import Policy
from config.settings import Settings
from models.database import reading
from models.promises import promised
from rules.calendar import all_quiet, is_off


def nobody_is_written_to(settings: Settings, day: date) -> bool:
    """Do the letters of all collaborations wait that day?"""
    if is_off(day):
        return True
    with reading(settings) as session:
        return quiet_for_all(session, policy.load(settings.home), day)


def quiet_for_all(session: Session, base: Policy, day: date) -> bool:
    """The same within a transaction; `base` is the file's policy."""
    return is_off(day) or all_quiet(promised(session, base, day))
