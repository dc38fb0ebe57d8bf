"""From which states the activities came into the period, and in which they left it.

Two columns of states joined by bands as wide as the activities are many. Pure geometry; the shapes
are `templates/report/state_flow.svg`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from models.lifecycle import State
from reports.blocks import Picture, Table
from reports.drawings.looks import LOOKS, Look, dark
from reports.drawings.svg import draw
from rules.wording import counted

HIGH, TOP = 420, 44
GAP = 10.0
NEW = Look("#ffffff", "#51626d", "3 2", "", "Ny under perioden")


class Across(NamedTuple):
    """Where the two columns of states stand, and how wide the drawing and they are."""

    left: float
    right: float
    bar: float
    wide: int


_ON_PAPER = Across(190.0, 570.0, 26.0, 760)
_ON_A_PHONE = Across(130.0, 252.0, 14.0, 360)

Flows = Mapping[tuple[State | None, State], int]  # None: not there at the start


@dataclass(frozen=True, slots=True)
class _Side:
    state: State | None
    look: Look
    count: int
    y: float
    high: float

    @property
    def white(self) -> bool:
        return dark(self.look)


def state_flow(
    flows: Flows,
    *,
    name: str,
    caption: str,
    before: str,
    after: str,
    end: str = "vid periodens slut",
) -> Picture:
    """The picture. `before` and `after` name the two days, such as "1 januari"; `end` says when the
    latter is: "vid periodens slut".
    """
    moved = {pair: number for pair, number in flows.items() if number > 0}
    unit = _unit(moved)
    left = _side({pair[0]: 0 for pair in moved}, moved, 0, unit)
    right = _side({pair[1]: 0 for pair in moved}, moved, 1, unit)
    svg, narrow = (
        draw(
            "state_flow",
            wide=at.wide,
            high=HIGH,
            left=left,
            right=right,
            bands=_bands(moved, left, right, unit, at),
            at=at,
            before=before,
            after=after,
            narrow=at is _ON_A_PHONE,
        )
        for at in (_ON_PAPER, _ON_A_PHONE)
    )
    alt = _alt(moved, before, after, end)
    return Picture(name, svg, alt, caption, as_table(moved, caption), narrow)


def as_table(flows: Flows, caption: str) -> Table:
    """The same as a table: from, to, how many."""
    order = list(LOOKS)
    rows = sorted(
        flows.items(),
        key=lambda item: (order.index(item[0][0]) if item[0][0] else -1, order.index(item[0][1])),
    )
    return Table(
        f"{caption}, som tabell",
        ("Från", "Till", "Antal"),
        tuple((_look(old).words, LOOKS[new].words, str(number)) for (old, new), number in rows),
        frozenset({2}),
    )


def _look(state: State | None) -> Look:
    return LOOKS[state] if state else NEW


def _unit(flows: Flows) -> float:
    """How high one activity is."""
    total = sum(flows.values())
    most = max((len({pair[end] for pair in flows}) for end in (0, 1)), default=1)
    return (HIGH - TOP - 16 - GAP * (most - 1)) / total if total else 0.0


def _side(
    states: Mapping[State | None, int], flows: Flows, end: int, unit: float
) -> dict[State | None, _Side]:
    order: list[State | None] = [None, *LOOKS]
    y, found = float(TOP), {}
    for state in sorted(states, key=order.index):
        count = sum(number for pair, number in flows.items() if pair[end] == state)
        found[state] = _Side(state, _look(state), count, round(y, 2), round(count * unit, 2))
        y += count * unit + GAP
    return found


def _bands(
    flows: Flows,
    left: Mapping[State | None, _Side],
    right: Mapping[State | None, _Side],
    unit: float,
    at: Across,
) -> list[dict[str, object]]:
    """A band for each pair, stacked in the order of the other side so that few cross."""
    order: list[State | None] = [None, *LOOKS]
    used: dict[tuple[int, State | None], float] = {}
    bands = []
    begins, ends = at.left + at.bar, at.right
    middle = (begins + ends) / 2
    for (old, new), number in sorted(
        flows.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1]))
    ):
        high = number * unit
        one = left[old].y + used.get((0, old), 0.0)
        other = right[new].y + used.get((1, new), 0.0)
        used[0, old] = used.get((0, old), 0.0) + high
        used[1, new] = used.get((1, new), 0.0) + high
        path = (
            f"M{begins} {one:.2f}C{middle} {one:.2f} {middle} {other:.2f} {ends} {other:.2f}"
            f"V{other + high:.2f}C{middle} {other + high:.2f} {middle} {one + high:.2f} "
            f"{begins} {one + high:.2f}Z"
        )
        title = f"{_look(old).words} → {LOOKS[new].words}: {number}"
        bands.append({"path": path, "look": LOOKS[new], "title": title})
    return bands


def _alt(flows: Flows, before: str, after: str, end: str) -> str:
    """How many there were in each state at the end, in the order that states are drawn."""
    total = counted(sum(flows.values()), "aktivitet", "aktiviteter")
    ends = [
        (look.words, sum(number for (_, new), number in flows.items() if new is state))
        for state, look in LOOKS.items()
    ]
    said = ", ".join(f"{words.lower()} {number}" for words, number in ends if number)
    return f"Lägen för {total} {before} och {after}. Antal {end}: {said}."
