"""Where which database is not the point, a test is tried on one of the two: by turns in its file.

So each file meets both, and the strict one and the lenient one read most of what it asks. A file
says so itself, `pytestmark = pytest.mark.by_turns`; `BOTH=1` or `LONG=1` tries each on both. What
is about the database (who waits for whom, what it refuses, how it sorts) does not take turns.
"""

from collections import defaultdict
from typing import Any

import pytest

_FIXTURE = "told"
_KINDS = ("sqlite", "postgres")


def spared_by_turns(items: list[pytest.Item]) -> list[pytest.Item]:
    """Those that stand aside: of two that are the same but for the database, one."""
    pairs: dict[Any, dict[str, pytest.Item]] = defaultdict(dict)
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is None:
            continue
        kind = callspec.params.get(_FIXTURE)
        if kind in _KINDS and item.get_closest_marker("by_turns"):
            name = getattr(item, "originalname", item.name)
            pairs[item.path, name, callspec.id.replace(kind, "", 1)][kind] = item
    spared = []
    turns: dict[Any, int] = defaultdict(int)
    for (path, *_), both in pairs.items():
        if len(both) == len(_KINDS):  # whoever asks for one alone gets it
            spared.append(both[_KINDS[turns[path] % 2]])
            turns[path] += 1
    return spared
