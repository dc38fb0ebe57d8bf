"""Everybody sends every form and query with what is another collaboration's: nothing happens.

Nothing of the other collaboration is told, nothing of it is changed, and nothing breaks. The part
that runs with all tests is a draw; `make long` sends all of it.
"""

import os
from itertools import chain

from tests.security.came import walk
from tests.security.conftest import Rendered
from tests.security.walk import EVERYBODY, Place, Sending, drawn, sendings
from tests.sizes import SEED, size

DRAWN = size("DRAWN", 500, 0)  # 0: all
# With LONG=1 on several processors: PARTS=4 PART=0 … 3, each in a process of its own; AFTER=40000
# goes on with a part that was broken off when so many of it had been sent.
PARTS, PART = size("PARTS", 1, 1), size("PART", 0, 0)
AFTER = size("AFTER", 0, 0)
# Addresses or routes that begin so: ONLY=/sok,/planer/{plan_id}/avsluta
ONLY = tuple(filter(None, os.environ.get("ONLY", "").split(",")))


def test_nobody_reaches_another_collaboration(place: Place, rendered: Rendered) -> None:
    everything = list(sendings(place, rendered))
    if ONLY:
        everything = [one for one in everything if _is_asked_for(one)]
    todo = drawn(everything, DRAWN, SEED) if DRAWN else everything
    todo = todo[PART::PARTS][AFTER:]
    came = walk(place, todo)
    routes = {one.route for one in todo}
    sent, possible = came.sent, len(everything)
    print(f"{sent} of {possible} requests, {len(routes)} routes, {len(EVERYBODY)} roles")  # noqa: T201
    assert came.waited == 0, "what is told to wait is not tried at all"
    wrong = came.leaks, came.changes, came.faults, came.let_through
    assert [len(each) for each in wrong] == [0, 0, 0, 0], "\n".join(chain(*wrong))


def _is_asked_for(one: Sending) -> bool:
    route = one.route.partition(" ")[2]
    return one.path.startswith(ONLY) or route.startswith(ONLY)
