"""When a task of a round is worth another try at once; the hour mends the rest."""

from typing import Any

from prefect.client.schemas.objects import State


def database_is_busy(_task: object, _run: object, state: State[Any]) -> bool:
    """Only a database that is away for a moment."""
    said = state.message or ""
    return "OperationalError" in said and any(words in said for words in ("locked", "connect"))
