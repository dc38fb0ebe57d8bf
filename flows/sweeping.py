"""What somebody sent, looked at and never came back to goes after a day, without anybody's help."""

from datetime import datetime

from sqlalchemy import select

from config.settings import Settings
from intake import kept
from intake.deviations import drop_old
from models.columns import c
from models.database import reading, transaction
from models.deviation import DeviationImport, ImportState


def sweep(settings: Settings, now: datetime) -> None:
    """Remove the files that have waited for a day, and what exports said that have."""
    kept.sweep(settings, now)
    before = now - kept.A_DAY
    waits = select(c(DeviationImport).id).where(
        c(DeviationImport).state == ImportState.WAITING, c(DeviationImport).at < before
    )
    with reading(settings) as session:  # nobody's writing waits for an empty sweep
        if session.execute(waits.limit(1)).first() is None:
            return
    with transaction(settings) as session:
        drop_old(session, before)
