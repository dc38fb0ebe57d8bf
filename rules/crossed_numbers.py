"""Figures by several columns at once, so that asking for one after another never tells a small one.

Each column's words are put in lumps, the same in the whole table, until every cell of it is nothing
or at least the limit. Whatever is asked is a sum of such cells, or hidden: so is every difference
between answers. Words that are hidden in the table of their own column are in one lump from the
beginning, so that the sums of the cells say no more than that table does.

Why that is enough together with those tables: with both margins of a cell told, it can be worked
out only where one margin has a single part that is not nothing. It is then that part itself, which
is told already, hidden already, or no less than the limit.

What an earlier edition told is kept to: its lumps may be joined but not divided, and a cell that
has changed by less than the limit since is joined with others until it has not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod

Lump = tuple[str, ...]
Place = tuple[int, ...]  # which lump in each column


@dataclass(frozen=True, slots=True)
class Crossed:
    """A table of lumps: no cell of it is small."""

    lumps: tuple[tuple[Lump, ...], ...]  # for each column
    cells: Mapping[Place, int]  # those that are not nothing

    @property
    def answers(self) -> int:
        """How many questions it answers."""
        return prod(1 + sum(1 for lump in each if len(lump) == 1) for each in self.lumps)

    def ask(self, chosen: Sequence[str]) -> int | None:
        """How many have these words, "" for any word of a column; None where that is not told."""
        wanted: list[int | None] = []
        for words, lumps in zip(chosen, self.lumps, strict=True):
            at = next((i for i, lump in enumerate(lumps) if words in lump), None)
            if at is not None and len(lumps[at]) > 1:
                return None
            if at is None and words:
                return 0
            wanted.append(at)
        return sum(
            number
            for place, number in self.cells.items()
            if all(want in (None, at) for want, at in zip(wanted, place, strict=True))
        )


def cross(
    cells: Mapping[tuple[str, ...], int],
    hidden: Sequence[Collection[str]],
    limit: int,
    before: Crossed | None = None,
) -> Crossed | None:
    """The table that answers most, of those that this finds; None where none tells anything.

    1. Every word is a lump, or the lumps are those of before; hidden words share one.
    2. Where a cell is small, its lump in one of the columns is joined with the least of the others:
       in the column that leaves the fewest cases in small cells.
    3. The same with each of the columns as one lump: fewer columns may leave finer words.
    """
    whole = _Table.of(cells, hidden, before)
    starts = [whole, *(whole.without(column) for column in range(len(hidden)))]
    made = [table for start in starts if (table := _large_enough(start, limit))]
    return max(made, key=lambda table: table.answers, default=None)


def _large_enough(table: "_Table", limit: int) -> Crossed | None:
    while worst := table.worst(limit):
        joined = [
            table.joined(column, at, table.least(column, at))
            for column, at in enumerate(worst)
            if len(table.lumps[column]) > 1
        ]
        if not joined:
            return None
        table = min(joined, key=lambda each: (each.in_small(limit), -each.parts))
    told = Crossed(tuple(tuple(each) for each in table.lumps), table.now)
    return told if sum(1 for each in table.lumps if len(each) > 1) > 1 else None


def together(tables: Sequence[Crossed]) -> tuple[tuple[Lump, ...], ...]:
    """The finest lumps that each of the tables' lumps lie in."""
    found = []
    for column in zip(*(each.lumps for each in tables), strict=True):
        lumps: list[set[str]] = []
        for lump in (one for lumps_ in column for one in lumps_):
            meets = [each for each in lumps if each & set(lump)]
            lumps = [each for each in lumps if each not in meets]
            lumps.append(set(lump).union(*meets))
        found.append(tuple(sorted(tuple(sorted(each)) for each in lumps)))
    return tuple(found)


@dataclass(slots=True)
class _Table:
    """A table on the way: what it counts now, and what it counted before."""

    lumps: list[list[Lump]]
    now: dict[Place, int]
    before: dict[Place, int] | None

    @classmethod
    def of(
        cls,
        cells: Mapping[tuple[str, ...], int],
        hidden: Sequence[Collection[str]],
        before: Crossed | None,
    ) -> "_Table":
        """The words as they are, or as they were put together before."""
        lumps = [list(each) for each in before.lumps] if before else [[] for _ in hidden]
        for column, unseen in enumerate(hidden):
            there = {words[column] for words, number in cells.items() if number} | set(unseen)
            known = {word for lump in lumps[column] for word in lump}
            lumps[column] += [(word,) for word in sorted(there - known)]
        place = [{w: at for at, lump in enumerate(each) for w in lump} for each in lumps]
        now: dict[Place, int] = {}
        for words, number in cells.items():
            if number:
                at = tuple(place[column][word] for column, word in enumerate(words))
                now[at] = now.get(at, 0) + number
        table = cls(lumps, now, dict(before.cells) if before else None)
        for column, unseen in enumerate(hidden):
            table = table._with_hidden(column, unseen)
        return table

    def _with_hidden(self, column: int, unseen: Collection[str]) -> "_Table":
        """Hidden words in one lump; one that is hidden alone goes with the least of the others."""
        table = self
        while True:
            found = [i for i, lump in enumerate(table.lumps[column]) if set(lump) & set(unseen)]
            if len(found) > 1:
                table = table.joined(column, found[0], found[1])
            elif found and len(table.lumps[column][found[0]]) == 1 < len(table.lumps[column]):
                table = table.joined(column, found[0], table.least(column, found[0]))
            else:
                return table

    def without(self, column: int) -> "_Table":
        """The table with all of a column's words in one lump."""
        table = self
        while len(table.lumps[column]) > 1:
            table = table.joined(column, 0, 1)
        return table

    @property
    def parts(self) -> int:
        """How fine it is."""
        return sum(len(each) for each in self.lumps)

    def _small(self, place: Place, limit: int) -> int:
        """How small a cell is that is too small to tell, or has changed too little; else 0."""
        number = self.now.get(place, 0)
        if 0 < number < limit:
            return number
        change = abs(number - self.before.get(place, 0)) if self.before is not None else 0
        return change if 0 < change < limit else 0

    def _places(self) -> set[Place]:
        return set(self.now) | set(self.before or ())

    def worst(self, limit: int) -> Place | None:
        """The cell that is the smallest of those that may not be told."""
        small = [(n, place) for place in self._places() if (n := self._small(place, limit))]
        return min(small)[1] if small else None

    def in_small(self, limit: int) -> int:
        """How much stands in such cells."""
        return sum(self._small(place, limit) for place in self._places())

    def least(self, column: int, but_not: int) -> int:
        """The lump with the fewest cases, of the others in a column."""
        totals = dict.fromkeys(range(len(self.lumps[column])), 0)
        for place, number in self.now.items():
            totals[place[column]] += number
        del totals[but_not]
        return min(totals, key=lambda at: (totals[at], self.lumps[column][at]))

    def joined(self, column: int, one: int, other: int) -> "_Table":
        """The table with two lumps of a column as one."""
        first, last = sorted((one, other))
        lumps = [list(each) for each in self.lumps]
        lumps[column][first] = (*lumps[column][first], *lumps[column].pop(last))
        moved = {
            at: first if at == last else at - (at > last) for at in range(len(self.lumps[column]))
        }

        def move(cells: Mapping[Place, int]) -> dict[Place, int]:
            found: dict[Place, int] = {}
            for place, number in cells.items():
                at = (*place[:column], moved[place[column]], *place[column + 1 :])
                found[at] = found.get(at, 0) + number
            return found

        return _Table(lumps, move(self.now), None if self.before is None else move(self.before))
