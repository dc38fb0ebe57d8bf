"""The rooms of the house and the places in each: what the head and the foot of a page lead to.

A few rooms are found sooner than twelve equal words. Pure: who may open what is asked of
`rules/access.py` by `web/page.py`, which hands the answer in. Addresses say nothing of rooms, for
sent letters and people's bookmarks lead to them: a place may move to another room.
"""

from collections.abc import Callable
from typing import NamedTuple

OWN = "/mina-aktiviteter"  # of whoever answers for something; a leader has the first page for it

# A room, and its places in the order in which they stand: address, name. The first is what the
# room's own name leads to, for whoever may open it.
ROOMS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("I dag", (("/", "I dag"), (OWN, "Mina aktiviteter"))),
    (
        "Planer",
        (("/planer", "Planer"), ("/aktiviteter", "Aktiviteter"), ("/kommande", "Kommande")),
    ),
    ("Möten", (("/moten", "Möten"),)),
    (
        "Rapporter",
        (
            ("/rapporter", "Rapporter"),
            ("/statusrundor", "Statusrundor"),
            ("/avvikelser", "Avvikelser"),
            ("/ord", "Ord till rapporterna"),
        ),
    ),
    (
        "Inställningar",
        (
            ("/personer", "Personer"),
            ("/grupper", "Grupper"),
            ("/samverkan", "Samverkan"),
            ("/utskick", "Utskick"),
            ("/korningar", "Körningar"),
            ("/inloggningar/alla", "Inloggningar"),
        ),
    ),
)
_LISTS = {"/att-se-till": "/"}  # the list of one heading of a place
PLACES = tuple(place for _, places in ROOMS for place in places)

HERE, WITHIN = "page", "true"  # as `aria-current` has it: this very page, or one above it


class Place(NamedTuple):
    """A place in a room, and whether one is there: `HERE`, `WITHIN` or ""."""

    address: str
    name: str
    current: str


class Room(NamedTuple):
    """A room with the places that she may open; one with a single place is called as that is."""

    address: str
    name: str
    current: str
    places: tuple[Place, ...]


def rooms_of(path: str, may_open: Callable[[str], bool]) -> tuple[Room, ...]:
    """The rooms that somebody may enter, as seen from the page at `path`."""
    here = place_of(path)
    found = []
    for name, places in ROOMS:
        shown = tuple(
            Place(address, words, _current(address, here, path))
            for address, words in places
            if may_open(address)
        )
        if shown:
            found.append(_room(name, shown))
    return tuple(found)


def above_of(rooms: tuple[Room, ...]) -> Place | None:
    """The place that the page stands under; None for a place itself, and what is in no room."""
    places = (place for room in rooms for place in room.places)
    return next((place for place in places if place.current == WITHIN), None)


def place_of(path: str) -> str:
    """The address of the place that a page is, or stands under; "" for what stands under none."""
    if path in _LISTS:
        return _LISTS[path]
    under = [a for a, _ in PLACES if path == a or (a != "/" and path.startswith(f"{a}/"))]
    return max(under, key=len, default="")


def _room(name: str, places: tuple[Place, ...]) -> Room:
    first = places[0]
    if len(places) == 1:
        return Room(first.address, first.name, first.current, places)
    current = first.current
    if not current and any(place.current for place in places):
        current = WITHIN
    return Room(first.address, name, current, places)


def _current(address: str, here: str, path: str) -> str:
    if address != here:
        return ""
    return HERE if path == address else WITHIN
