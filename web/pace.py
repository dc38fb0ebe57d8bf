"""How often one and the same may ask: whoever has signed in, or holds a link, as fast as a hand is.

A program that goes through lists or sends a form over and over is told to wait, before anything is
read for it. Each has a measure that fills again by itself; people at work never see its bottom.
Kept in the memory of the process: with several, each counts for itself. How many are let in at once
is `patience.py`, how often a link to sign in is mailed is `entry/lockout.py`. Where nobody signs in
there is one person at the machine, and no bound.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from threading import Lock

from starlette.types import Scope

_LINKS = {"svar", "rapport", "kalender", "adress"}
_MOST_KEPT = 20_000  # of those who have asked lately; who has not is full again anyhow


@dataclass(frozen=True, slots=True)
class Measure:
    """So many at once, and so many a second from then on."""

    most: float
    a_second: float


PAGES, FORMS = Measure(600, 10), Measure(120, 2)


class Pace:
    """What is left of each one's measure."""

    def __init__(self, cookie: str, pages: Measure = PAGES, forms: Measure = FORMS) -> None:
        self._cookie = cookie
        self.pages, self.forms = pages, forms
        self._left: OrderedDict[tuple[str, bool], tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, scope: Scope) -> bool:
        """May whoever asks do it now? One who has neither a link nor a session is not counted."""
        who = self._who(scope)
        if who is None:
            return True
        sends = scope["method"] not in {"GET", "HEAD"}
        measure = self.forms if sends else self.pages
        return self._take(who, measure, sends=sends, now=time.monotonic())

    def _take(self, who: str, measure: Measure, *, sends: bool, now: float) -> bool:
        with self._lock:
            left, since = self._left.pop((who, sends), (measure.most, now))
            left = min(measure.most, left + (now - since) * measure.a_second)
            is_some = left >= 1
            self._left[who, sends] = (left - 1 if is_some else left, now)
            if len(self._left) > _MOST_KEPT:
                self._left.popitem(last=False)
        return is_some

    def _who(self, scope: Scope) -> str | None:
        """The session or the link that is shown, as a print of it."""
        words = scope["path"].split("/", 3)
        if len(words) > 2 and words[1] in _LINKS:
            return _print(words[2])
        for name, value in scope["headers"]:
            if name == b"cookie" and self._cookie.encode() in value:
                try:
                    morsel = SimpleCookie(value.decode("latin-1")).get(self._cookie)
                except CookieError:
                    return None
                return _print(morsel.value) if morsel else None
        return None


def _print(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
