"""One failure stops no other: each letter, group and report of a round stands alone.

Whoever does many things of a kind does each in `alone`: what fails is taken back by itself, set
aside with its reason, and the others go. What was set aside is still undone on file, so the next
round tries it again. A round keeps a tally (`keep_tally`), which becomes rows on file
(`flows/rounds.py`). Outside a round the log tells.

A database that is away is nobody's own failure: that stops the round, which is tried again whole.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session

_LONGEST = 500  # letters of a reason
_log = logging.getLogger("foljsam.alone")


class MostFailedError(RuntimeError):
    """More than half of a kind was set aside: it is the system, and the round went badly."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What was set aside, in Swedish words, and why. `collaboration_id`: who may read of it."""

    what: str
    why: str
    collaboration_id: int | None = None


@dataclass(slots=True)
class Tally:
    """What a round has tried, by kind and whom it is for, and what it has set aside."""

    tried: dict[str, set[str]] = field(default_factory=dict)
    failed: dict[tuple[str, str], Aside] = field(default_factory=dict)

    @property
    def aside(self) -> list[Aside]:
        """What was set aside, in the order that it happened."""
        return list(self.failed.values())

    def must_be_few(self) -> None:
        """Raises `MostFailedError` when more than half of any kind was set aside."""
        for kind, all_of_them in self.tried.items():
            asides = [aside for (of_kind, _), aside in self.failed.items() if of_kind == kind]
            if len(asides) * 2 > len(all_of_them):
                raise MostFailedError(
                    f"{len(asides)} av {len(all_of_them)} gick inte att göra. "
                    f"{asides[0].what}: {asides[0].why}"
                )


_kept: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def keep_tally() -> Iterator[Tally]:
    """While this lasts, what is done `alone` is counted here, in threads that it starts too."""
    before = _kept.get()
    tally = Tally()
    _kept.set(tally)
    try:
        yield tally
    finally:
        _kept.set(before)


@contextmanager
def alone(
    kind: str,
    whom: str,
    session: Session | None = None,
    *,
    collaboration_id: int | None = None,
    secret: bool = False,
) -> Iterator[None]:
    """Do one thing of a kind: `alone("Brev till", "Alice", session)`; it fails for itself only.

    With a session, what it did in the database is taken back; without one it must be its own
    transaction, or do nothing there. What comes after the block is to look whether it was done.
    `secret`: an error may quote what nobody is to read (a cell of deviations); its kind is told.
    """
    tally = _kept.get() or Tally()
    tally.tried.setdefault(kind, set()).add(whom)
    try:
        with session.begin_nested() if session is not None else nullcontext():
            yield
    except Exception as error:
        if _is_away(error):
            raise
        why = type(error).__name__ if secret else f"{type(error).__name__}: {error}"[:_LONGEST]
        _log.error("set aside: %s (%s)", kind, why, exc_info=not secret)
        tally.failed[kind, whom] = Aside(f"{kind} {whom}", why, collaboration_id)
    else:
        tally.failed.pop((kind, whom), None)


def _is_away(error: Exception) -> bool:
    """Is it the database that cannot be reached, or is busy?"""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
