"""Units that meet again and again: more often than their sizes let expect. Pure.

A pair is a reporting unit and an investigating one in a process. With nothing between them, how
many cases they share follows from how many each has in that process (the hypergeometric
distribution, Fisher's exact test). As many pairs are tried, chance alone would make some of them
look strange: Benjamini and Hochberg's rule (1995) keeps that seldom.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import exp, lgamma

from rules.run_charts import sure

CHANCE = 0.015  # how often, at most, chance alone may make a report name a pair
LEAST_RECURRING = 5
Names = tuple[str, str, str]  # reporting unit, investigating unit, process


@dataclass(frozen=True, slots=True)
class Counted:
    """A pair's cases, and all that its process has: of each unit and in all."""

    names: Names
    cases: int
    reported: int
    investigated: int
    process: int

    @property
    def expected(self) -> Fraction:
        """How many there would be with nothing between them."""
        return Fraction(self.reported * self.investigated, self.process)

    @property
    def chance(self) -> float:
        """How often chance gives so many or more."""
        most = min(self.reported, self.investigated)
        return min(1.0, sum(self._as_many(n) for n in range(self.cases, most + 1)))

    def _as_many(self, cases: int) -> float:
        without = self.process - self.investigated
        if self.reported - cases > without:
            return 0.0
        return exp(
            _choose(self.investigated, cases)
            + _choose(without, self.reported - cases)
            - _choose(self.process, self.reported)
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """One that stands out: how many cases, how many were to be expected, how sure that is."""

    names: Names
    cases: int
    expected: Fraction
    sure: int  # chance gives as much less often than once in so many times


def stand_out(pairs: Iterable[Counted], tried: int, limit: int, reports: int = 1) -> list[Pair]:
    """The pairs that recur more than chance has it, the surest first.

    `tried` is how many pairs there are, also those with few cases; `reports` how many lists of them
    are told beside each other.
    """
    least = max(limit, LEAST_RECURRING)
    few = [pair for pair in pairs if pair.cases >= least and pair.cases > pair.expected]
    ordered = sorted(((pair.chance, pair.names, pair) for pair in few), key=lambda each: each[:2])
    told = 0
    for place, (chance, _, _) in enumerate(ordered, start=1):
        if chance * tried * reports <= CHANCE * place:
            told = place
    return [
        Pair(pair.names, pair.cases, pair.expected, sure(chance * tried * reports / place))
        for place, (chance, _, pair) in enumerate(ordered[:told], start=1)
    ]


def _choose(many: int, few: int) -> float:
    """The logarithm of how many ways there are to choose."""
    return lgamma(many + 1) - lgamma(few + 1) - lgamma(many - few + 1)
