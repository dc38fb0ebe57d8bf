"""What the demo's play needs at hand, and how it says that a part did not work."""

from dataclasses import dataclass
from datetime import date

from rich.progress import Progress
from sqlalchemy import select

from cli.mailbox import Mailbox
from cli.serve import PagesServer
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import reading


class DemoFailed(Exception):  # noqa: N818 - the demo tells what did not work
    """A part of the demo did not work; the message says which."""


@dataclass(slots=True)
class Stage:
    """What the play needs at hand."""

    settings: Settings
    pages: PagesServer
    mailbox: Mailbox
    progress: Progress
    rounds: int = 0

    def turn_to(self, today: date) -> Settings:
        """Let it be that day, for the pages too."""
        self.settings = self.settings.model_copy(update={"today": today})
        self.pages.app.state.settings = self.settings
        return self.settings

    def activity(self, what: str) -> int:
        """The number of the first activity with those words."""
        with reading(self.settings) as session:
            named = select(c(Activity).id).where(c(Activity).what == what).order_by(c(Activity).id)
            found = session.execute(named).scalars().first()
        if found is None:
            raise DemoFailed(f"the plan has no {what!r}")
        return int(found)
