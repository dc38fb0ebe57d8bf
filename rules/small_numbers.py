"""Small numbers: which figures of a report are hidden, so that none of them can be worked out.

A figure from 1 to just under the limit is shown as "<5"; 0 is shown, since nobody is behind it.
Where such a figure follows from sums (a total less the rest, another table with the same margin, a
year less three quarters, what an earlier edition showed), more is hidden until it can be something
else: the smallest other figures; or the whole of a list, where that is not enough ("<5" six times,
and six in all); a total last. "Can be" is proved, not assumed: another set of figures is found that
agrees with every figure shown, with "<5" for what is small, at least the limit for what is hidden
beside it, and nothing said about a list that is withheld. Whoever knows this rule knows no more.
"""

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Key = Hashable
Sum = tuple[Key, Sequence[Key]]  # a total, and the parts that make it
HIDDEN = "dold"
_TRIES = 200  # steps in the search for another set of figures; more are not worth the time


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it may be shown: itself, "<5", or hidden beside a small one.

    `withheld`: the whole list is hidden, and nothing is said of which figures in it are small.
    """

    value: int | None
    below: int = 0  # the limit, where the figure is small
    withheld: bool = False

    def __str__(self) -> str:
        """In a table."""
        if self.value is not None:
            return str(self.value)
        return f"<{self.below}" if self.below else HIDDEN


def protect(
    cells: Mapping[Key, int],
    sums: Iterable[Sum],
    limit: int,
    *,
    keep: Collection[Key] = (),
    hidden_before: Collection[Key] = (),
    shown_before: Collection[Key] = (),
) -> dict[Key, Shown]:
    """Every figure as it may be shown.

    `keep` are figures that are hidden last, such as totals. `hidden_before` are those that an
    earlier edition hid: they stay hidden. `shown_before` are those that it showed: hiding them now
    would hide nothing.
    """
    table = _Table(dict(cells), limit, frozenset(keep), frozenset(shown_before))
    table.add(sums)
    for key in hidden_before:
        if key in cells:
            table.put_out_of_sight(key)
    table.hide()
    return {key: table.shown(key) for key in cells}


@dataclass(slots=True)
class _Table:
    """Figures, the sums between them, and what is hidden so far."""

    cells: dict[Key, int]
    limit: int
    keep: frozenset[Key]
    known: frozenset[Key]
    sums: list[dict[Key, int]] = field(default_factory=list)  # cell -> +1 (total) or −1 (part)
    lone: list[int] = field(default_factory=list)  # how many are hidden in each sum
    within: dict[Key, list[int]] = field(default_factory=dict)
    hidden: set[Key] = field(default_factory=set)
    withheld: set[Key] = field(default_factory=set)

    def add(self, sums: Iterable[Sum]) -> None:
        """Note sums; one that does not add up is a fault of whoever counted."""
        for total, parts in sums:
            if self.cells[total] != sum(self.cells[part] for part in parts):
                raise ValueError(f"{total!r} is not the sum of its parts")
            for key in (total, *parts):
                self.within.setdefault(key, []).append(len(self.sums))
            self.sums.append({total: 1, **dict.fromkeys(parts, -1)})
            self.lone.append(0)

    def put_out_of_sight(self, key: Key) -> None:
        """Hide a figure."""
        if key not in self.hidden:
            self.hidden.add(key)
            for at in self.within.get(key, ()):
                self.lone[at] += 1

    def hide(self) -> None:
        """Hide what is small, and then what would tell it. What is safe once stays safe."""
        small = [key for key, value in self.cells.items() if self.is_small(value)]
        for key in small:
            self.put_out_of_sight(key)
        for key in sorted(small, key=lambda k: (self.cells[k], str(k))):
            while key not in self.known and not self._can_be_another(key):
                if not self._hide_more(key):
                    break

    def is_small(self, value: int) -> bool:
        """From one up to the limit."""
        return 0 < value < self.limit

    def shown(self, key: Key) -> Shown:
        """A figure as it may be shown."""
        value = self.cells[key]
        if key not in self.hidden:
            return Shown(value)
        if key in self.withheld:
            return Shown(None, withheld=True)
        return Shown(None, self.limit if self.is_small(value) else 0)

    def _free(self, key: Key, step: int) -> bool:
        """May a reader think that the figure is so much more or less?"""
        if key not in self.hidden or key in self.known:
            return False
        value = self.cells[key]
        if key in self.withheld:
            return value + step >= 0
        if self.is_small(value):
            return 1 <= value + step < self.limit
        return value >= self.limit and value + step >= self.limit

    def _can_be_another(self, key: Key) -> bool:
        return any(
            self._free(key, step) and self._mended({key: step}, [_TRIES]) for step in (1, -1)
        )

    def _mended(self, steps: dict[Key, int], left: list[int]) -> bool:
        """Can other hidden figures be moved so that every sum adds up again?"""
        left[0] -= 1
        if left[0] < 0:
            return False
        broken = self._broken(steps)
        if broken is None:
            return True
        signs, off = broken
        free = [key for key in signs if key in self.hidden and key not in steps]
        for key in sorted(free, key=lambda k: len(self.within[k])):
            step = -off * signs[key]
            if self._free(key, step) and self._mended({**steps, key: step}, left):
                return True
        return False

    def _broken(self, steps: dict[Key, int]) -> tuple[dict[Key, int], int] | None:
        """A sum that no longer adds up, and by how much; the one with the fewest ways out."""
        found: dict[int, int] = {}
        for key, step in steps.items():
            for at in self.within.get(key, ()):
                found[at] = found.get(at, 0) + step * self.sums[at][key]
        off = [at for at, much in found.items() if much]
        if not off:
            return None
        least = min(off, key=lambda at: self.lone[at])
        return self.sums[least], found[least]

    def _hide_more(self, key: Key) -> bool:
        """Hide one figure more, or withhold a list; False when there is nothing left.

        1. In the nearest sum where a hidden figure stands alone: a part before what is to be kept.
        2. In a sum of its own. 3. The list that it stands in. 4. A total that was to be kept,
        or a figure further away.
        """
        own = [self.sums[at] for at in self.within.get(key, ())]
        near = list(self._near(key))
        alone = [self.sums[at] for at in near if self.lone[at] == 1]
        for signs in (*alone, *own):
            if choice := [k for k in signs if self._may_hide(k) and k not in self.keep]:
                self.put_out_of_sight(min(choice, key=lambda k: self._cost(k, signs)))
                return True
        for signs in own:
            parts = {k for k, sign in signs.items() if sign < 0}
            if key in parts and not parts <= self.withheld | self.known:
                self._withhold(signs)
                return True
        for signs in (*alone, *own, *(self.sums[at] for at in near)):
            if choice := [k for k in signs if self._may_hide(k)]:
                self.put_out_of_sight(min(choice, key=lambda k: self._cost(k, signs)))
                return True
        return False

    def _withhold(self, signs: dict[Key, int]) -> None:
        """Hide a whole list, nothing at all too; its total is as it was."""
        for key, sign in signs.items():
            if sign < 0 and key not in self.known:
                self.put_out_of_sight(key)
                self.withheld.add(key)

    def _near(self, key: Key) -> Iterator[int]:
        """The sums that hidden figures connect with this one, the nearest first."""
        seen, passed, wait = {key}, set[int](), deque([key])
        while wait:
            for at in self.within.get(wait.popleft(), ()):
                if at in passed:
                    continue
                passed.add(at)
                yield at
                for other in self.sums[at]:
                    if other in self.hidden and other not in seen:
                        seen.add(other)
                        wait.append(other)

    def _may_hide(self, key: Key) -> bool:
        return key not in self.hidden and key not in self.known and self.cells[key] > 0

    def _cost(self, key: Key, signs: dict[Key, int]) -> tuple[bool, int, int, int, str]:
        """The least harm: nothing to be kept, few others left alone, a part, the smallest."""
        alone = sum(1 for at in self.within[key] if self.lone[at] == 0)
        return key in self.keep, alone, signs[key], self.cells[key], str(key)
