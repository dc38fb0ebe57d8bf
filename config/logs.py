"""How the log looks: a line for each thing that happened, when in UTC, on standard error.

What somebody wrote may stand in a message, so a line's end in it is written as a sign: nobody can
write a line of her own into the log. What goes to the log stands in `docs/security.md`.
"""

import logging
import sys
import time

SECURITY = "foljsam.security"  # sign-ins and refusals, which are told though nothing is wrong
_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_NOISY = ("apscheduler", "httpx", "prefect")


class OneLine(logging.Formatter):
    """A message is one line; a traceback below it is moved in, so that it looks like no other."""

    converter = time.gmtime  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__(_FORM, "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The message, every sign that is not shown written out."""
        return "".join(map(_shown, super().formatMessage(record)))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        """The traceback, each line of it moved in."""
        lines = super().formatException(ei).splitlines()  # type: ignore[arg-type]
        return "\n".join(f"  | {''.join(map(_shown, line))}" for line in lines)


def _shown(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")


def quiet() -> None:
    """Warnings and faults of all, and everything about security."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger(SECURITY).setLevel(logging.INFO)
