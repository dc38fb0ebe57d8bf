"""Who may open what: one table, a line for each route. What is not in the table is refused.

Pure: the viewer and whose an object is are handed in. `web/gate.py` asks for every request, before
the page is reached; `web/page.py` has what pages themselves ask (`allow`, `mine`).

The kinds of access, each holding those above it:
  ANYONE         link holders (the link is the key, or `FOLJSAM_LINKS_SIGN_IN` and the gate ask for
                 its owner), sign-in pages, feeds with a token, watchers
  SIGNED_IN      whoever has signed in, also without any role
  READER         holds any role today in a group: reads what that group has, moves nothing
  LEADER         is process leader today in the object's collaboration
  ADMINISTRATOR  is one on file today; without sign-in, whoever is at the machine
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from functools import cache


class Access(IntEnum):
    """What a route asks of the one who opens it."""

    ANYONE = auto()
    SIGNED_IN = auto()
    READER = auto()
    LEADER = auto()
    ADMINISTRATOR = auto()


ANYONE, SIGNED_IN, READER, LEADER, ADMINISTRATOR = Access

# "METHOD template": what it asks, the template as in the route. A {…_id} in it says which object it
# is about, and web/belongings.py says whose that is: a new route needs a line here, and a new kind
# of object a line there. Any other word ({token}, {year}) is no object.
TABLE: dict[str, Access] = {
    "GET /style.css": ANYONE,
    "GET /sok.js": ANYONE,
    "GET /health": ANYONE,
    "GET /metrics": ANYONE,  # asks for its own token
    "GET /kalender/{token}.ics": ANYONE,
    "POST /svar/{token}/kalender": ANYONE,
    "GET /logga-in": ANYONE,
    "POST /logga-in": ANYONE,
    "GET /logga-in/lank/{token}": ANYONE,
    "POST /logga-in/lank/{token}": ANYONE,
    "GET /logga-in/oidc": ANYONE,
    "GET /logga-in/oidc/svar": ANYONE,
    "GET /svar/{token}": ANYONE,
    "POST /svar/{token}": ANYONE,
    "GET /svar/{token}/skicka": ANYONE,
    "POST /svar/{token}/skicka": ANYONE,
    "GET /svar/{token}/tack": ANYONE,
    "GET /svar/{token}/uppgifter": ANYONE,
    "POST /svar/{token}/uppgifter": ANYONE,
    "GET /adress/{token}": ANYONE,
    "POST /adress/{token}": ANYONE,
    "GET /adress/{token}/inte-jag": ANYONE,
    "POST /adress/{token}/inte-jag": ANYONE,
    "GET /mina-uppgifter": SIGNED_IN,
    "POST /mina-uppgifter": SIGNED_IN,
    "GET /mina-aktiviteter": SIGNED_IN,
    "POST /mina-aktiviteter/svara": SIGNED_IN,
    "POST /logga-ut": SIGNED_IN,
    "GET /inloggningar": SIGNED_IN,
    "POST /inloggningar/{session_id}/avsluta": SIGNED_IN,
    "GET /": READER,
    "GET /sok": READER,
    "GET /att-se-till": READER,  # each heading is asked about as on the first page
    "GET /aktiviteter": READER,
    "GET /aktiviteter.xlsx": READER,
    "GET /aktiviteter/{activity_id}": READER,
    "GET /planer": READER,
    "GET /planer.xlsx": READER,
    "GET /planer/{plan_id}": READER,
    "GET /planer/{plan_id}.docx": READER,
    "GET /planer/{plan_id}.xlsx": READER,
    "GET /planer/las-in": LEADER,
    "POST /planer/las-in": LEADER,
    "GET /planer/las-in.js": LEADER,
    "GET /planer/ny": LEADER,
    "POST /planer/ny": LEADER,
    "GET /planer/{plan_id}/andra": LEADER,
    "POST /planer/{plan_id}/andra": LEADER,
    "POST /planer/{plan_id}/mal": LEADER,
    "POST /planer/{plan_id}/mal/{goal_id}": LEADER,
    "POST /planer/{plan_id}/koppla": LEADER,
    "POST /planer/{plan_id}/antagen": LEADER,
    "GET /planer/{plan_id}/foresla": LEADER,
    "POST /planer/{plan_id}/foresla": LEADER,
    "GET /planer/{plan_id}/pagar": LEADER,
    "POST /planer/{plan_id}/pagar": LEADER,
    "GET /planer/{plan_id}/paminn": LEADER,
    "POST /planer/{plan_id}/paminn": LEADER,
    "POST /planer/{plan_id}/tillbaka": LEADER,
    "POST /planer/{plan_id}/angra": LEADER,
    "GET /planer/{plan_id}/avsluta": LEADER,
    "POST /planer/{plan_id}/avsluta": LEADER,
    "GET /moten": READER,
    "GET /moten/{group_id}": READER,
    "GET /moten.xlsx": READER,
    "GET /moten/{group_id}.xlsx": READER,
    "GET /aktiviteter/rad.js": READER,
    "GET /aktiviteter/{activity_id}/rad": LEADER,
    "POST /aktiviteter/{activity_id}/rad": LEADER,
    "GET /aktiviteter/{activity_id}/rad/namn": LEADER,  # whom the row's field may name
    "GET /aktiviteter/{activity_id}/rad/dag": LEADER,
    "POST /aktiviteter/flera": LEADER,  # the page asks about each row, and sets aside one by one
    "POST /aktiviteter/angra": LEADER,  # so does this one
    "POST /aktiviteter/{activity_id}/angra": LEADER,
    "POST /aktiviteter/{activity_id}/ersattare/angra": LEADER,
    "POST /aktiviteter/{activity_id}/flytta": LEADER,
    "POST /aktiviteter/{activity_id}/andra": LEADER,
    "POST /aktiviteter/{activity_id}/grupp": LEADER,
    "POST /aktiviteter/{activity_id}/hanskjut": LEADER,
    "POST /aktiviteter/{activity_id}/delar": LEADER,
    "POST /aktiviteter/{activity_id}/ratta": LEADER,
    "POST /aktiviteter/{activity_id}/svar": LEADER,
    "POST /aktiviteter/{activity_id}/mejl": LEADER,
    "POST /aktiviteter/{activity_id}/tveksamt": LEADER,
    "POST /aktiviteter/{activity_id}/kommentar": LEADER,
    "POST /aktiviteter/{activity_id}/kommentar/angra": LEADER,
    "GET /aktiviteter/{activity_id}/bilagor/{file_id}": READER,
    "POST /moten/{group_id}": LEADER,
    "POST /moten/{group_id}/dagar": LEADER,
    "POST /moten/{group_id}/utkast": LEADER,
    "GET /moten/{group_id}/dag/{day}": READER,
    "GET /moten/{group_id}/dag/{day}/dagordning.{file_format}": READER,
    "GET /moten/{group_id}/dag/{day}/skicka": LEADER,
    "POST /moten/{group_id}/dag/{day}/skicka": LEADER,
    "POST /moten/{group_id}/dag/{day}/punkter": LEADER,
    "POST /moten/{group_id}/dag/{day}/narvaro": LEADER,
    "POST /moten/{group_id}/dag/{day}/flytta": LEADER,
    "GET /moten/{group_id}/protokoll.{file_format}": READER,
    "GET /grupper": READER,
    "GET /grupper.xlsx": READER,
    "GET /grupper/ny": LEADER,
    "POST /grupper/ny": LEADER,
    "GET /grupper/{group_id}": READER,
    "GET /grupper/{group_id}/avveckla": LEADER,
    "POST /grupper/{group_id}/avveckla": LEADER,
    "POST /grupper/{group_id}/avveckla/angra": LEADER,
    "POST /grupper/{group_id}/andra": LEADER,
    "POST /grupper/{group_id}/angra": LEADER,
    "POST /grupper/{group_id}/pausa": LEADER,
    "POST /grupper/{group_id}/ateruppta": LEADER,
    "POST /grupper/{group_id}/roller": LEADER,
    "POST /grupper/{group_id}/roller/avsluta": LEADER,
    "GET /samverkan": LEADER,
    "POST /samverkan": ADMINISTRATOR,
    "GET /samverkan/{collaboration_id}": LEADER,
    "POST /samverkan/{collaboration_id}/andra": LEADER,
    "GET /samverkan/{collaboration_id}/paminnelser": LEADER,
    "POST /samverkan/{collaboration_id}/paminnelser": LEADER,
    "POST /samverkan/{collaboration_id}/pausa": LEADER,
    "POST /samverkan/{collaboration_id}/ateruppta": LEADER,
    "POST /samverkan/{collaboration_id}/avsluta": ADMINISTRATOR,
    "POST /samverkan/{collaboration_id}/avsluta/angra": ADMINISTRATOR,
    "GET /personer": LEADER,
    "GET /personer.xlsx": LEADER,
    "GET /personer/ny": LEADER,
    "POST /personer/ny": LEADER,
    "GET /personer/las-in": LEADER,
    "POST /personer/las-in": LEADER,
    "GET /personer/{person_id}": LEADER,
    "POST /personer/{person_id}/{deed}": LEADER,
    "POST /aktiviteter/{activity_id}/ersattare": LEADER,
    "GET /svar/{token}/mitt": ANYONE,
    "POST /svar/{token}/ta-tillbaka": ANYONE,
    "POST /svar/{token}/ny-lank": ANYONE,  # to the address on file alone, whoever asks
    "GET /svar.js": ANYONE,
    "GET /mote.js": ANYONE,
    "POST /svar/{token}/utkast": ANYONE,
    "POST /svar/{token}/tyst": ANYONE,
    "GET /svar/{token}/samtal": ANYONE,  # of what is hers; the page sees to it
    "POST /svar/{token}/samtal": ANYONE,
    "POST /svar/{token}/samtal-angra": ANYONE,
    "GET /svar/{token}/bilaga": ANYONE,
    "GET /svar/{token}/annan": ANYONE,
    "POST /svar/{token}/annan": ANYONE,  # a letter to the process leader, and nothing else
    "GET /svar/{token}/ersattare": ANYONE,
    "POST /svar/{token}/ersattare": ANYONE,
    "POST /personer/{person_id}/kalender": LEADER,
    "POST /grupper/{group_id}/kalender": LEADER,
    "GET /avvikelser": LEADER,
    "GET /avvikelser/las-in": LEADER,
    "POST /avvikelser/las-in": LEADER,
    "GET /avvikelser/las-in/{import_id}": LEADER,
    "POST /avvikelser/las-in/{import_id}": LEADER,
    "GET /avvikelser/las-in/{import_id}/kalla": LEADER,
    "POST /avvikelser/inlasningar/{import_id}/angra": LEADER,
    "GET /avvikelser/inlasningar/{import_id}/ord": LEADER,
    "POST /avvikelser/inlasningar/{import_id}/ord": LEADER,
    "POST /avvikelser/malgrupper": LEADER,  # as the next line
    "POST /avvikelser/kallor": LEADER,  # the form names the collaboration; the page asks about it
    "GET /avvikelser/kallor/{mapping_id}": LEADER,
    "GET /avvikelser/placera": ADMINISTRATOR,
    "POST /avvikelser/inlasningar/{import_id}/placera": ADMINISTRATOR,
    "POST /avvikelser/kallor/{mapping_id}/placera": ADMINISTRATOR,
    "GET /rapport/{token}": ANYONE,
    "GET /rapport/{token}/fil.pdf": ANYONE,
    "POST /rapport/{token}/analys": ANYONE,
    "POST /rapporter/{edition_id}/analys": READER,
    "GET /rapporter": READER,
    "POST /rapporter": LEADER,  # the form names the group; the page asks about it
    "GET /rapporter/{edition_id}": READER,  # drafts are the leaders'; the page sees to it
    "GET /rapporter/{edition_id}/fil.{file_format}": READER,
    "GET /rapporter/{edition_id}/skriv": LEADER,
    "POST /rapporter/{edition_id}/skriv": LEADER,
    "POST /rapporter/{edition_id}/word": LEADER,
    "POST /rapporter/{edition_id}/igen": LEADER,
    "POST /rapporter/{edition_id}/granska": LEADER,
    "POST /rapporter/{edition_id}/godkann": LEADER,
    "GET /statusrundor": READER,
    "GET /statusrundor.xlsx": READER,
    "POST /statusrundor": LEADER,  # the form names the group; the page asks about it
    "POST /statusrundor/moten": LEADER,
    "GET /statusrundor/{round_id}": READER,
    "POST /statusrundor/{round_id}/paminn": LEADER,
    "POST /forslag/{answer_id}": LEADER,
    "GET /ord": LEADER,
    "POST /ord": LEADER,
    "POST /ord/namn": LEADER,
    "GET /utskick/varfor": LEADER,
    "POST /utskick/igen": LEADER,
    "POST /utskick/{letter_id}/igen": LEADER,
    "GET /utskick": LEADER,
    "GET /utskick.xlsx": LEADER,
    "GET /utskick/{letter_id}": LEADER,
    "GET /utskick/{letter_id}/brev": LEADER,
    "GET /kommande": LEADER,
    "GET /kommande.xlsx": LEADER,
    "GET /korningar": LEADER,
    "POST /korningar": LEADER,  # the form names a line of the timetable; the page asks about it
    "GET /korningar/prefect": ADMINISTRATOR,
    "GET /korningar/{run}": LEADER,  # what names others is left out; the page sees to it
    "GET /korningar.xlsx": LEADER,
    "GET /inloggningar/alla": ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is at the other end, and what she may do today."""

    name: str = ""
    person_id: int | None = None
    session_id: int | None = None
    signed_in: bool = False
    administrator: bool = False
    leads: frozenset[int] = frozenset()  # collaborations
    reads: frozenset[int] = frozenset()  # groups

    @property
    def access(self) -> Access:
        """The most she may do anywhere."""
        if self.administrator:
            return ADMINISTRATOR
        if not self.signed_in:
            return ANYONE
        if self.leads:
            return LEADER
        return READER if self.reads else SIGNED_IN


_OF_LETTERS = ("/svar/", "/rapport/")  # what links in letters lead to, and what hangs on them
_TOO_LARGE = re.compile(r"/[\s+-]*(?:[0-9]_?){10}")  # as Python reads a number: "-1", "1_000"
NOBODY = Viewer()
AT_THE_MACHINE = Viewer(name="processledaren", signed_in=True, administrator=True)


@dataclass(frozen=True, slots=True)
class Whose:
    """What an object belongs to: collaborations, and the groups whose readers may read it."""

    collaborations: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks, and which objects it names: {"activity_id": 7}."""

    access: Access
    objects: dict[str, int]
    of_a_letter: str = ""  # the key in a letter's link, where that is what opens the page


class Verdict(Enum):
    """What the table says."""

    GRANTED = auto()
    SIGN_IN = auto()  # nobody is signed in: perhaps she may
    REFUSED = auto()
    NO_SUCH_PAGE = auto()


def asked_of(method: str, path: str) -> Asked | None:
    """The table's word about an address; where two lines fit, the stricter. None: no line fits."""
    found = [
        (access, fits.groupdict())
        for pattern, access in _lines(method)
        if (fits := pattern.fullmatch(path))
    ]
    if not found:
        return None
    access = max(access for access, _ in found)
    words = {name: word for _, named in found for name, word in named.items()}
    key = words.get("token", "") if path.startswith(_OF_LETTERS) else ""
    return Asked(access, {n: int(word) for n, word in words.items() if n.endswith("_id")}, key)


def may_be_on_file(path: str) -> bool:
    """False when an address holds a number that is larger than any object's."""
    return _TOO_LARGE.search(path) is None


def onward(words: str, *, links_too: bool = False) -> str:
    """Where to go after sign-in: a page of ours that asks for it, or the first page. Never away.

    `links_too`: what a letter's link leads to asks for it as well.
    """
    asked = asked_of("GET", words.partition("?")[0])
    plain = len(words) <= 500 and re.fullmatch(r"[!-~]*", words) is not None
    if not plain or asked is None:
        return "/"
    asks = asked.access >= SIGNED_IN or (links_too and bool(asked.of_a_letter))
    return words if asks else "/"


def decide(viewer: Viewer, asked: Asked | None, whose: Iterable[Whose] = ()) -> Verdict:
    """May she? `whose` is what the objects that the address names belong to."""
    if asked is None:
        return Verdict.NO_SUCH_PAGE
    if asked.access is ANYONE:
        return Verdict.GRANTED
    if not viewer.signed_in:
        return Verdict.SIGN_IN
    if viewer.access >= asked.access and all(may(viewer, asked.access, one) for one in whose):
        return Verdict.GRANTED
    return Verdict.REFUSED


def may(viewer: Viewer, access: Access, whose: Whose) -> bool:
    """May she do that much with this very object?"""
    if viewer.administrator:
        return True
    if not whose.collaborations.isdisjoint(viewer.leads):
        return access <= LEADER
    return access <= READER and not whose.groups.isdisjoint(viewer.reads)


@cache
def _lines(method: str) -> list[tuple[re.Pattern[str], Access]]:
    asked = f"{method} "
    return [
        (path_pattern(key.removeprefix(asked)), access)
        for key, access in TABLE.items()
        if key.startswith(asked)
    ]


def path_pattern(template: str) -> re.Pattern[str]:
    """A template as the router reads it, but stricter: {…_id} is a plain number, nothing else."""
    pieces = re.split(r"\{(\w+)\}", template)
    words = [re.escape(pieces[0])]
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        words.append(f"(?P<{name}>{'[0-9]{1,9}' if name.endswith('_id') else '[^/]+'})")
        words.append(re.escape(after))
    return re.compile("".join(words))
