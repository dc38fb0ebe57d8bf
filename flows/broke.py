"""What Prefect is told when a round breaks: the kind of fault and where, none of its words.

A fault's own words may quote a letter, an answer or a name, and Prefect keeps what it is told in
states and logs. The whole of it goes to our own log, and to our own table of rounds.
"""

import logging
import traceback
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import OperationalError

P = ParamSpec("P")
R = TypeVar("R")
_ROOT = Path(__file__).resolve().parent.parent
_log = logging.getLogger("foljsam.rounds")


class Broke(Exception):  # noqa: N818 - said of a round
    """Something broke; `inner` is what, for our own eyes."""

    inner: Exception | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Whoever keeps it keeps what it says, and nothing more."""
        return Broke, self.args


def broke(error: Exception) -> Broke:
    """The fault as Prefect may know it. A database that is away says so: it is tried again."""
    if isinstance(error, Broke):
        return error
    _log.error("a round broke", exc_info=error)
    says = type(error).__name__
    if isinstance(error, OperationalError):
        says += f": {error.orig}"
    told = Broke(f"{says} ({_where(error)})")
    told.inner = error
    return told


def quiet(
    function: Callable[P, Coroutine[Any, Any, R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    """The same; what it breaks on is told without its words."""

    @wraps(function)
    async def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await function(*args, **kwargs)
        except Exception as error:
            raise broke(error) from None

    return told


def whole(error: BaseException) -> BaseException:
    """What broke, with its own words: for our own table and log."""
    return error.inner if isinstance(error, Broke) and error.inner else error


def _where(error: Exception) -> str:
    """The last line of ours that it passed: `notifications/letters/morning.py:120`."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_ROOT) and ".venv" not in path.parts:
            return f"{path.relative_to(_ROOT)}:{frame.lineno}"
    return "outside our own code"
