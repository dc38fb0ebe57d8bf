"""The walk is worth something: with one promise taken away at random, it is seen to fail.

Part of the long size only: `make long`.
"""

import os
from itertools import chain

import pytest

from tests.security.conftest import Rendered
from tests.security.mutants import drawn_mutants, is_seen
from tests.security.walk import Place, sendings
from tests.sizes import LONG

MUTANTS, SEED = int(os.environ.get("MUTANTS", "50")), int(os.environ.get("SEED", "13"))
FOUND_AT_LEAST = 0.96


@pytest.mark.skipif(not LONG, reason="takes minutes: make long")
def test_what_is_taken_away_at_random_is_seen(place: Place, rendered: Rendered) -> None:
    todo = list(sendings(place, rendered))
    shown = list(chain(*rendered.values()))
    missed = []
    for number, mutant in enumerate(drawn_mutants(place, MUTANTS, SEED), start=1):
        if not is_seen(place, mutant, todo, shown, SEED):
            missed.append(mutant.told)
        print(f"{number - len(missed)} of {number} seen; not seen: {missed}", flush=True)  # noqa: T201
    assert len(missed) <= MUTANTS * (1 - FOUND_AT_LEAST)
