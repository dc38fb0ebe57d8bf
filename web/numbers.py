"""Personnummer in forms: nothing of a form that holds one is put on file, whatever page it was for.

Every form is looked through where its fields are read (`web/forms.py`), and a transaction that
would begin after that raises `Refused`. Most pages show their form again as it was left; one that
has no words for it is answered for by `web/app.py`, with all fields kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from intake.personnummer import holds, refusal
from models.database import write_nothing
from models.moves import Refused

# An address to sign in with is looked up and not kept, and whatever is sent the answer is the same;
# where one wanted to go is seen to there.
_NOT_KEPT = {"/logga-in": {"address", "till"}}
_FINGERPRINT = re.compile("[0-9a-f]{64}")  # of a file; by chance there are such digits in it

_LONG = 20_000  # signs in all fields together


@dataclass(frozen=True, slots=True)
class Stopped:
    """What is wrong with a form, and what stood in it."""

    sentences: list[str] = field(default_factory=list)
    given: Mapping[str, str] = field(default_factory=dict)

    def to_mend(self) -> list[tuple[str, str]]:
        """The fields that hold a number: (name, words)."""
        return [(name, words) for name, words in self.given.items() if _stops(words)]

    def as_they_were(self) -> list[tuple[str, str]]:
        """The other fields."""
        return [(name, words) for name, words in self.given.items() if not _stops(words)]


async def refuse_numbers(request: Request, given: Mapping[str, str]) -> None:
    """Look a form through; with a personnummer in it nothing is written in this request."""
    exempt = _NOT_KEPT.get(request.url.path, set())
    kept = {name: words for name, words in given.items() if name not in exempt}
    # A long one is looked through beside the loop, lest all others wait.
    if sum(map(len, kept.values())) > _LONG:
        sentences = await run_in_threadpool(_sentences, kept)
    else:
        sentences = _sentences(kept)
    if sentences:
        request.state.stopped = Stopped(sentences, given)
        write_nothing(Refused(sentences))


def _sentences(given: Mapping[str, str]) -> list[str]:
    """What is said of each number, in a field's name or in what stands in it."""
    found = (refusal(words) for words in (*given, *given.values()) if _stops(words))
    return list(dict.fromkeys(found))


def stopped(request: Request) -> Stopped:
    """What was wrong with this request's form; nothing, for most."""
    found: Stopped = getattr(request.state, "stopped", Stopped())
    return found


def _stops(words: str) -> bool:
    return holds(words) and not _FINGERPRINT.fullmatch(words)
