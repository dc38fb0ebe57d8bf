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
    """Each sum narrows its cells, again and again; None where nothing is left."""
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            signs = {total: 1, **dict.fromkeys(parts, -1)}
            least = sum(min(s * b for b in bounds[k]) for k, s in signs.items())
            most = sum(max(s * b for b in bounds[k]) for k, s in signs.items())
            if least > 0 or most < 0:
                return None
            for key, sign in signs.items():
                low, high = bounds[key]
                rest_least = least - min(sign * low, sign * high)
                rest_most = most - max(sign * low, sign * high)
                limits = sorted((-rest_least * sign, -rest_most * sign))
                new = max(low, limits[0]), min(high, limits[1])
                if new[0] > new[1]:
                    return None
                if new != (low, high):
                    bounds[key] = new
                    changed = True
                    break  # the sum's own bounds are others now
            if changed:
                break
    return bounds
