"""What commands share: the console, the installation, and a refusal that is one sentence."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console

from config import clock, home, settings
from config.settings import FIRST_DAY, LAST_DAY, Settings
from rules.personnummer import holds, masked
from rules.wording import alphabetically

out = Console(highlight=False, soft_wrap=True)
WRONG = 2  # exit code for everything that the user can put right
MOST = 999_999_999  # nothing on file has a larger number


class Wrong(Exception):  # noqa: N818 - a refusal, not a fault
    """Something on the command line cannot be done; the message is one sentence."""


Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


@contextmanager
def refusing() -> Iterator[None]:
    """Turn refusals of rooms that only some commands import into `Wrong`."""
    from config.policy import PolicyError

    try:
        yield
    except PolicyError as error:
        raise Wrong(str(error)) from error


def ready() -> Settings:
    """The installation's settings, with its database migrated and its administrators on file."""
    from config import policy
    from models.database import migrate
    from notifications.administrators import bring_in
    from notifications.doors import end_open_doors
    from notifications.unreachable import free_at_start

    told = settings.load()
    home.close(told)
    with refusing():
        policy.load(told.home)
    migrate(told)
    bring_in(told, clock.today(told.today))
    free_at_start(told)
    end_open_doors(told)
    return told


def refuse_numbers(words: Iterable[str]) -> None:
    """Refuse a command with a personnummer in it: what is typed is kept, or names what is kept."""
    found = next((each for each in words if holds(each)), None)
    if found is not None:
        raise Wrong(
            f"There seems to be a personnummer in {masked(found)!r}; it is never kept. "
            "Leave it out, or rename the file, and try again."
        )


def no_group(name: str, names: Iterable[str]) -> Wrong:
    """The refusal of a group that is not on file, with those that are."""
    there = ", ".join(sorted(names, key=alphabetically)) or "none yet"
    return Wrong(f"There is no group {name!r}. There is: {there}.")


def day(words: str) -> date | None:
    """An ISO day from the command line; None when nothing was given."""
    if not words:
        return None
    try:
        found = datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise Wrong(f"{words!r} is not a day. Write it as 2024-12-01.") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise Wrong(f"{words!r} is not a day that plans have: {FIRST_DAY} to {LAST_DAY} are.")
    return found
