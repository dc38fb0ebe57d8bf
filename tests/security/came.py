"""What comes of the walk: all of it is sent, and what was wrong is told with the request.

What can be sent at all is `walk.py`'s to find out.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from urllib.parse import unquote_plus
from zipfile import ZipFile

from httpx import Response

from intake.plan.heading_words import fold
from rules.fields import AMONG_ITS_OWN, FIELDS
from tests.security.walk import (
    HOLDER,
    LEADER,
    NOBODY,
    OTHER_LEADER,
    READER,
    ROLELESS,
    ROOT,
    Place,
    Sending,
)

_TELLS = 2_000  # requests between two lines of how far it has come


@dataclass
class Came:
    """What was found wrong: each with the request that showed it."""

    leaks: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    let_through: list[str] = field(default_factory=list)
    sent: int = 0
    waited: int = 0  # told to come back later

    def __str__(self) -> str:
        """How many of each, in a line."""
        wrong = self.leaks, self.changes, self.faults, self.let_through
        return "leaks {}, changes {}, faults {}, let through {}".format(*map(len, wrong))

    @property
    def anything(self) -> bool:
        """Was anything at all wrong?"""
        return bool(self.leaks or self.changes or self.faults or self.let_through)


def words_of(answer: Response) -> str:
    """What can be read in an answer, also when it is a workbook or another bundle of files."""
    told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    if answer.content.startswith(b"PK"):
        with ZipFile(BytesIO(answer.content)) as bundle:
            parts = (bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist())
            return told + "".join(parts)
    return told + html.unescape(answer.text)


def is_among_its_own(route: str, name: str) -> bool:
    """Does the page itself look for the number among what its own object has?"""
    return FIELDS.get(route, {}).get(name) is AMONG_ITS_OWN


def walk(place: Place, todo: Iterable[Sending], *, stop_at_once: bool = False) -> Came:
    """Send all of it, and tell what was wrong."""
    came = Came()
    began = monotonic()
    for one in todo:
        answer = place.send(one)
        came.sent += 1
        if came.sent % _TELLS == 0:  # a broken-off walk of hours has told how far it came: AFTER
            print(f"{came.sent} sent in {monotonic() - began:.0f} s: {came}", flush=True)  # noqa: T201
        _look_at(place, one, answer, came)
        if place.changed():
            theirs = place.foreign(one.who)
            if one.who != ROOT and place.is_touched(theirs):
                _tell(came.changes, f"{one} -> {answer.status_code}")
            place.restore()
        if stop_at_once and came.anything:
            break
    return came


def _tell(wrong: list[str], told: str) -> None:
    """Keep what was wrong, and say it at once: the walk may have hours to go."""
    wrong.append(told)
    print(told, flush=True)  # noqa: T201


def is_public(route: str) -> bool:
    """Is it for whoever comes: a link's own page, signing in, what watches over the service?"""
    path = route.partition(" ")[2]
    return "{token}" in path or path.split("/")[1] in _PUBLIC


_PUBLIC = {"style.css", "sok.js", "svar.js", "mote.js", "health", "metrics", "logga-in"}
_ONES_OWN = {"inloggningar", "logga-ut", "mina-uppgifter", "mina-aktiviteter"}


def _opens_too_much(one: Sending, answer: Response) -> bool:
    """Did somebody without any right there get further than the gate?"""
    if is_public(one.route):
        return False
    if one.who in {NOBODY, HOLDER}:
        to_sign_in = "/logga-in" in answer.headers.get("location", "")
        return not (answer.status_code in {401, 404} or to_sign_in)
    own = one.route.partition(" ")[2].split("/")[1] in _ONES_OWN
    if one.who == ROLELESS or (one.who == READER and one.method == "POST"):
        return not own and answer.status_code not in {403, 404}
    return False


def _says_so(one: Sending, answer: Response) -> bool:
    """`/health` of an installation whose rounds have not run for as long as the walk takes."""
    return one.route == "GET /health" and answer.status_code == 503


def _look_at(place: Place, one: Sending, answer: Response, came: Came) -> None:
    told = f"{one} -> {answer.status_code}"
    came.waited += answer.status_code == 429
    if answer.status_code >= 500 and not _says_so(one, answer):
        _tell(came.faults, told)
    if one.who == ROOT:
        return
    words = _without_echo(unquote_plus(unquote_plus(words_of(answer))).casefold(), one)
    if place.foreign(one.who).mark.casefold() in words.replace(one.path.casefold(), ""):
        _tell(came.leaks, told)
    asked = one.kind and one.who in {READER, LEADER, OTHER_LEADER}
    refused = answer.status_code in {400, 403} or is_among_its_own(one.route, one.swapped)
    if (asked and not refused) or _opens_too_much(one, answer):
        _tell(came.let_through, told)


def _without_echo(words: str, one: Sending) -> str:
    """An answer without what she sent herself, which may be shown back.

    A heading is folded, a decision told in its parts, a refusal names the word that is wrong. The
    longest go first: a "0" of another field would cut a year in two.
    """
    values = sorted({value.casefold() for _, value in one.fields}, key=len, reverse=True)
    for value in values:
        for echo in filter(None, (value, fold(value), *value.split(", "))):
            words = words.replace(echo, "…").replace(" ".join(echo.split()), "…")
        for part in value.replace(",", " ").split():
            words = words.replace(f"”{part}”", "…")
    return words
