"""Where an installation stops to be one person's own: links that lay open in files are ended.

Without sign-in and a mail server, letters are kept as files whose links open people's pages:
whoever is at the machine tries the installation out with them. From the first mail server or
sign-in on, those pages are other people's.
"""

from sqlalchemy import select, update
from sqlmodel import Session

from config import clock
from config.settings import Settings
from models.columns import c
from models.database import transaction
from models.feed import Feed
from models.letter import Letter, LetterState, Link
from notifications.postman import KEPT

_ENDED = "was kept as a file, until the first mail server or sign-in"


def end_open_doors(settings: Settings) -> int:
    """Revoke the links of letters that were kept with them, and remove the files. How many letters.

    Asked at each start; the second time there is nothing to do. People's calendars that the one at
    the machine has seen the address of are closed with them.
    """
    if settings.links_live_in_files:
        return 0
    with transaction(settings) as session:
        kept = _kept_with_links(session)
        if kept:
            _end(session, [letter_id for letter_id, _ in kept])
        for _, said in kept:
            (settings.letters_folder / said.rpartition(" ")[2]).unlink(missing_ok=True)
    _remove_the_demos_mailbox(settings)
    return len(kept)


def _kept_with_links(session: Session) -> list[tuple[int, str]]:
    """The letters whose files have links that open, and the words that name the file."""
    asked = select(c(Letter).id, c(Letter).server_said).where(
        c(Letter).state == LetterState.KEPT, c(Letter).server_said.like(KEPT.format("%"))
    )
    return [(row.id, row.server_said) for row in session.execute(asked)]


def _end(session: Session, letters: list[int]) -> None:
    now = clock.now()
    theirs = select(c(Letter).link_id).where(c(Letter).id.in_(letters))
    session.execute(
        update(Link)
        .where(c(Link).id.in_(theirs), c(Link).revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Feed)
        .where(c(Feed).person_id.is_not(None), c(Feed).revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Letter)
        .where(c(Letter).id.in_(letters))
        .values(server_said=_ENDED)
        .execution_options(synchronize_session=False)
    )


def _remove_the_demos_mailbox(settings: Settings) -> None:
    """The demo's folder that becomes somebody's installation: its letters are everybody's."""
    if (settings.home / "demo").is_file():
        for path in (settings.home / "mailbox").glob("*.eml"):
            path.unlink(missing_ok=True)
