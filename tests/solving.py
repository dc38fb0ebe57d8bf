"""Whole numbers within bounds that add up: what an attacker solves with every figure told."""

from collections.abc import Hashable, Sequence

LIMIT = 5
FAR = 600  # more than any figure in these tests
Key = Hashable
Sums = list[tuple[Key, Sequence[Key]]]
Bounds = dict[Key, tuple[int, int]]


def solvable(bounds: Bounds, sums: Sums) -> bool:
    """Are there whole numbers within the bounds that make every sum add up?"""
    narrowed = narrow(dict(bounds), sums)
    if narrowed is None:
        return False
    open_ = [key for key, (low, high) in narrowed.items() if low < high]
    if not open_:
        return True
    key = min(open_, key=lambda k: narrowed[k][1] - narrowed[k][0])
    low, high = narrowed[key]
    return any(solvable({**narrowed, key: (v, v)}, sums) for v in range(low, high + 1))


def narrow(bounds: Bounds, sums: Sums) -> Bounds | None:
    """Each sum narrows its cells, again as soon as one of them is narrower; None where nothing is
    left.
    """
    of: dict[Key, list[int]] = {}
    for at, (total, parts) in enumerate(sums):
        for key in {total, *parts}:
            of.setdefault(key, []).append(at)
    waiting = dict.fromkeys(range(len(sums)))
    while waiting:
        at = next(iter(waiting))
        del waiting[at]
        narrower = _by_one(bounds, *sums[at])
        if narrower is None:
            return None
        for key in narrower:
            waiting |= dict.fromkeys(of[key])
    return bounds


def _by_one(bounds: Bounds, total: Key, parts: Sequence[Key]) -> list[Key] | None:
    """The cells that a sum makes narrower; None where they cannot add up."""
    signs = {total: 1, **dict.fromkeys(parts, -1)}
    ends = {key: sorted(sign * end for end in bounds[key]) for key, sign in signs.items()}
    least = sum(low for low, _ in ends.values())
    most = sum(high for _, high in ends.values())
    narrower = []
    for key, sign in signs.items():
        low, high = ends[key]
        new_low, new_high = max(low, high - most), min(high, low - least)
        if new_low > new_high:
            return None
        if (new_low, new_high) != (low, high):
            least += new_low - low
            most += new_high - high
            first, last = sorted((sign * new_low, sign * new_high))
            bounds[key] = first, last
            narrower.append(key)
    return narrower
