"""Where reports of undelivered letters lie: a Maildir on this machine, or a folder over IMAP.

Only the beginning of a message is read, however large it is: the notice stands before the letter
that it gives back. What was read is marked as seen and never removed.
"""

import imaplib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from notifications import trust

MOST_BYTES = 1024 * 1024  # of one message
MOST_MESSAGES = 200  # at a time; the rest waits for the next
WALK_LASTS = 180.0  # seconds, and then it ends after the message that it is at
_TIMEOUT = 30
_log = logging.getLogger("foljsam.bounces")

Take = Callable[[bytes], None]


class MailboxError(RuntimeError):
    """The mailbox cannot be read now. The message is a sentence for the log."""


class LaterError(RuntimeError):
    """A message cannot be taken just now: it stays unseen, and the walk ends."""


def read(settings: Settings, take: Take) -> int:
    """Give each unseen message to `take`, then mark it as seen; how many there were.

    A walk over the mailbox lasts some minutes at most, however slow what somebody has sent is to
    read, and the next one goes on where it ended. `take` may raise `LaterError`.
    """
    if settings.bounces_maildir is not None:
        return _from_maildir(settings.bounces_maildir, take)
    if settings.bounces_imap_host:
        with _imap(settings) as server:
            return _from_imap(server, take)
    return 0


def knock(settings: Settings) -> int:
    """Open the mailbox that `read` reads, and touch nothing; how many messages are unread.

    Raises `MailboxError`.
    """
    if settings.bounces_maildir is not None:
        _must_be_maildir(settings.bounces_maildir)
        return sum(1 for _ in (settings.bounces_maildir / "new").iterdir())
    if settings.bounces_imap_host:
        with _imap(settings) as server:
            return len(_unseen(server))
    return 0


def _must_be_maildir(folder: Path) -> None:
    if not (folder / "new").is_dir():
        raise MailboxError(f"{folder} is no Maildir: it has no folder named new")


def _from_maildir(folder: Path, take: Take) -> int:
    """Messages in `new` are unseen; a seen one is in `cur`, with an S after its name."""
    _must_be_maildir(folder)
    number, ends = 0, time.monotonic() + WALK_LASTS
    for path in sorted((folder / "new").iterdir())[:MOST_MESSAGES]:
        if number and time.monotonic() > ends:
            break
        try:
            with path.open("rb") as file:
                raw = file.read(MOST_BYTES)
        except OSError as error:  # one that cannot be read stops no other
            _log.warning("a message in %s cannot be read: %s", folder, error)
            continue
        try:
            take(raw)
        except LaterError:
            break
        (folder / "cur").mkdir(exist_ok=True)
        path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
        number += 1
    return number


@contextmanager
def _imap(settings: Settings) -> Iterator[imaplib.IMAP4_SSL]:
    """Signed in, with the folder opened. Raises `MailboxError`, also for what is done in it."""
    name = settings.bounces_imap_folder
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        server = imaplib.IMAP4_SSL(
            settings.bounces_imap_host,
            settings.bounces_imap_port,
            ssl_context=trust.context(settings),
            timeout=_TIMEOUT,
        )
        with server:
            _sign_in(server, settings)
            answer, said = server.select(quoted)
            if answer != "OK":
                raise MailboxError(f"the mailbox for bounces has no folder {name!r}: {said!r}")
            yield server
    except (OSError, imaplib.IMAP4.error, trust.TokenRefused) as error:
        raise MailboxError(f"the mailbox for bounces cannot be read: {error}") from error


def _sign_in(server: imaplib.IMAP4_SSL, settings: Settings) -> None:
    """With a token where such are fetched, or with user and password."""
    user = settings.bounces_imap_user
    if not settings.mail_token_url:
        server.login(user, settings.bounces_imap_password.get_secret_value())
        return
    # What is said when it is refused is answered with nothing; then the server says no.
    answers = iter([trust.shown(user, trust.token(settings))])
    try:
        server.authenticate("XOAUTH2", lambda _: next(answers, b""))
    except imaplib.IMAP4.error:
        trust.forget(settings)
        raise


def _from_imap(server: imaplib.IMAP4_SSL, take: Take) -> int:
    numbers = _unseen(server)[:MOST_MESSAGES]
    read_so_far, ends = 0, time.monotonic() + WALK_LASTS
    for number in numbers:
        if read_so_far and time.monotonic() > ends:
            break
        uid = number.decode("ascii")
        said, parts = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if said != "OK" or not isinstance(raw, bytes):
            _log.warning("the mailbox did not give message %s: it stays unread", uid)
            continue
        try:
            take(raw[:MOST_BYTES])
        except LaterError:
            break
        server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        read_so_far += 1
    return read_so_far


def _unseen(server: imaplib.IMAP4_SSL) -> list[bytes]:
    said, found = server.uid("SEARCH", "UNSEEN")
    if said != "OK":
        raise imaplib.IMAP4.error(f"the mailbox cannot be searched: {said}")
    return (found[0] or b"").split()
