"""An installation that reads its mailbox, to be killed: until nothing unread is left.

python -m tests.crash.reader
"""

from config import settings
from flows import mail_in
from notifications import mailboxes


def main() -> None:
    """Read until the mailbox is empty."""
    told = settings.load()
    print("at work", flush=True)  # noqa: T201 - the test waits for it
    mail_in.read(told)
    while mailboxes.read(told, lambda raw: mail_in.take_in(told, raw)):
        pass


if __name__ == "__main__":
    main()
