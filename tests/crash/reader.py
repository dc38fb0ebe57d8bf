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
    while mailboxes.knock(told):
        mail_in.read(told)


if __name__ == "__main__":
    main()
