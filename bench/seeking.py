"""How long *Sök* takes at 200 collaborations of 1,000 activities, and 20,000 letters.

    python -m bench.seeking [--collaborations 200] [--activities 1000] [--databases sqlite,postgres]

Asked as an administrator, for whom nothing narrows the questions, and as a process leader of one
collaboration: a word that everything has, a name, a number, words that nothing has. The
quickest of five whole searches: on a busy machine the steadiest figure.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import date

from fastapi import FastAPI, Request

from bench.grounds import GROUNDS, Ground, Row, machine
from bench.world import PEOPLE, TODAY, fill, leader
from config.settings import SignIn
from models.database import reading
from rules.access import Viewer
from web.search import Sought, everything, sought_by

ROUNDS = 5
LETTERS = 20_000
ASKED = ("vårdplanering", "Person 77", "Aktivitet 4711", "§ 12", "finns inte alls", "ÅÄÖ")
_LETTER = (
    *("id", "person_id", "kind", "occasion", "on_day", "to_name", "to_address", "subject", "text"),
    *("html", "message_id", "queued_at", "state", "not_before", "attempts", "claimed_by"),
    *("server_said", "done_at"),
)
_BODY = "Hej! Det här gäller aktiviteter som du svarar för. " * 60


def measure(ground: Ground, collaborations: int, activities: int) -> None:
    """Fill the ground, and ask."""
    fill(ground, collaborations, activities)
    ground.load("letter", _LETTER, _letters(collaborations * PEOPLE))
    ground.load(
        "decision",
        ("id", "group_id", "decided_on", "reference", "text"),
        ((i, i, "2026-01-15", f"§ {1 + i % 30}", "") for i in range(1, collaborations * 5 + 1)),
    )
    ground.settle()
    told = ground.settings.model_copy(update={"sign_in": SignIn.MAIL})
    app = FastAPI()
    app.state.settings = told
    root = Viewer(signed_in=True, administrator=True)
    frida = Viewer(signed_in=True, person_id=leader(7), leads=frozenset({7}))
    for who, viewer in (("administrator", root), ("process leader", frida)):
        request = Request({"type": "http", "app": app, "state": {"viewer": viewer}, "headers": []})
        for words in ASKED:
            sought = sought_by(words, TODAY)
            assert sought is not None
            times = [_search(ground, request, sought) for _ in range(ROUNDS)]
            took, found = min(times)
            print(f"| {ground.name} | {who} | {words} | {found} | **{took * 1000:.0f} ms** |")


def _search(ground: Ground, request: Request, sought: Sought) -> tuple[float, str]:
    began = time.perf_counter()
    with reading(ground.settings) as session:
        kinds = everything(session, request, sought)
    took = time.perf_counter() - began
    return took, ", ".join(f"{kind.number} {kind.title.lower()}" for kind in kinds) or "–"


def _letters(people: int) -> Iterator[Row]:
    at = "2026-03-01 06:00:00+00:00"
    for i in range(1, LETTERS + 1):
        person = 1 + i % people
        day = date.fromordinal(TODAY.toordinal() - 1 - i // people).isoformat()
        yield (
            *(i, person, "morning", "", day, f"Person {person}", f"person{person}@example.org"),
            *(f"{1 + i % 4} aktiviteter att se till", _BODY, _BODY, f"<{i}@example.org>"),
            *(at, "sent", at, 1, "", "250 ok", at),
        )


def main() -> None:
    """Measure on each database, and print a table for bench/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collaborations", type=int, default=200)
    parser.add_argument("--activities", type=int, default=1000)
    parser.add_argument("--databases", default="sqlite,postgres")
    chosen = parser.parse_args()
    print(machine())
    print("| database | who | words | found | whole search |")
    print("| --- | --- | --- | --- | --- |")
    for name in chosen.databases.split(","):
        with GROUNDS[name]() as ground:
            measure(ground, chosen.collaborations, chosen.activities)


if __name__ == "__main__":
    main()
