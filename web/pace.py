"""How often one and the same may ask: whoever has signed in, or holds a link, as fast as a hand is.

A program that goes through lists or sends a form over and over is told to wait, before anything is
read for it. Each has a measure that fills again by itself; people at work never see its bottom.
Kept in memory that the processes of pages share, so that several count as one (`cli/pages.py`). How
many are let in at once is `patience.py`, how often a link to sign in is mailed is
`entry/lockout.py`. Where nobody signs in there is one person at the machine, and no bound.
"""

import hashlib
import mmap
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from threading import Lock

from starlette.types import Scope

from rules.networks import block

_LINKS = {"svar", "rapport", "kalender", "adress"}
_PLACES = 1 << 17  # where measures are kept, by a print of who asks; two that share one lose little
_MOMENT = struct.Struct("d")
_HAIR = 1e-6  # seconds: a sum of tenths is seldom exact


@dataclass(frozen=True, slots=True)
class Measure:
    """So many at once, and so many a second from then on."""

    most: float
    a_second: float


PAGES, FORMS = Measure(600, 10), Measure(120, 2)
# All that comes from one block of addresses without a session: a hospital may be one, and whoever
# makes up links, each of which has a measure of its own, is one too.
OF_A_BLOCK = Measure(6000, 100)


class Pace:
    """What is left of each one's measure, told by the moment when it is full again.

    A moment is eight bytes, which are written at once: when two processes count the same one at the
    same instant, one more is let through, and nothing else. Which place is whose nobody outside can
    work out, so nobody empties another's on purpose.
    """

    def __init__(
        self,
        cookie: str,
        is_ours: Callable[[str], bool] = bool,
        pages: Measure = PAGES,
        forms: Measure = FORMS,
        of_a_block: Measure = OF_A_BLOCK,
    ) -> None:
        self._cookie, self._is_ours = cookie, is_ours
        self.pages, self.forms, self.of_a_block = pages, forms, of_a_block
        self._full_at = mmap.mmap(-1, _PLACES * _MOMENT.size)
        self._key = secrets.token_bytes(16)
        self._lock = Lock()

    def allows(self, scope: Scope) -> bool:
        """May whoever asks do it now? Who shows no session is counted by where she is, too."""
        now, sends = time.monotonic(), scope["method"] not in {"GET", "HEAD"}
        link, signed_in = link_of(scope), session_of(scope, self._cookie, self._is_ours)
        client = scope.get("client")
        if signed_in is None and client is not None:
            asker = f"from {block(client[0])}"
            if not self._take(asker, self.of_a_block, sends=False, now=now):
                return False
        who = link or signed_in
        if who is None:
            return True
        measure = self.forms if sends else self.pages
        return self._take(who, measure, sends=sends, now=now)

    def _take(self, who: str, measure: Measure, *, sends: bool, now: float) -> bool:
        place = self._place(who, sends=sends)
        with self._lock:
            (full_at,) = _MOMENT.unpack_from(self._full_at, place)
            full_at = max(full_at, now) + 1 / measure.a_second
            if full_at - now > measure.most / measure.a_second + _HAIR:
                return False
            _MOMENT.pack_into(self._full_at, place, full_at)
            return True

    def _place(self, who: str, *, sends: bool) -> int:
        """Where the measure of who asks is kept."""
        words = f"{'sends' if sends else 'looks'} {who}".encode("utf-8", "surrogatepass")
        print_of_it = hashlib.blake2b(words, key=self._key, digest_size=8).digest()
        return int.from_bytes(print_of_it) % _PLACES * _MOMENT.size


def link_of(scope: Scope) -> str | None:
    """The link that is shown."""
    words = scope["path"].split("/", 3)
    return str(words[2]) if len(words) > 2 and words[1] in _LINKS else None


def session_of(scope: Scope, cookie: str, is_ours: Callable[[str], bool]) -> str | None:
    """The session that is shown, by the name of the cookie that holds it; nothing made up."""
    for name, value in scope["headers"]:
        if name == b"cookie" and cookie.encode() in value:
            try:
                morsel = SimpleCookie(value.decode("latin-1")).get(cookie)
            except CookieError:
                return None
            return morsel.value if morsel and is_ours(morsel.value) else None
    return None
