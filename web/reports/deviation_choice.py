"""What a reader of a deviation report asks for: group, period and words, kept in the address.

A plain form that is sent with GET, so a choice can be bookmarked and works without JavaScript. What
is answered comes from the edition's facts alone (`reports/deviation/crossed.py`).
"""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from reports.blocks import Table
from reports.deviation.figures import CROSSED
from reports.deviation.words import DIMENSIONS, asked_for
from reports.editions import Facts
from rules.periods import parse

IN_ADDRESS = {"process": "process", "classified": "klass", "severity": "allvar"}


@dataclass(frozen=True, slots=True)
class Field:
    """A choice of one among some; the first is any of them."""

    name: str
    label: str
    anything: str
    choices: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for. Words that the report does not have are not asked for."""

    target: Facts
    periods: tuple[str, ...]
    words: dict[str, str]
    by: str

    @property
    def asks(self) -> bool:
        """Is anything asked for, beside one of the report's own tables?"""
        return bool(self.words) or len(self.periods) == 1


def choice(request: Request, facts: Facts) -> Choice:
    """What the address asks for."""
    given = request.query_params
    targets = {target["name"]: target for target in facts["targets"]}
    target = targets.get(given.get("grupp", ""), facts["targets"][0])
    period = given.get("period", "")
    words = {
        name: word
        for name, asked in IN_ADDRESS.items()
        if (word := given.get(asked, "")) in _words(facts, name)
    }
    by = given.get("visa", "")
    periods = (period,) if period in facts["compared"] else tuple(facts["compared"])
    return Choice(target, periods, words, by if by in DIMENSIONS else "")


def answered(facts: Facts, asked: Choice) -> Table | None:
    """The figures that are asked for."""
    if not asked.asks:
        return None
    by = asked.by if asked.by in CROSSED and asked.by not in asked.words else ""
    return asked_for(facts, asked.target, asked.periods, asked.words, by)


def form(facts: Facts, asked: Choice) -> list[Field]:
    """The fields of the form."""
    named = [target["name"] for target in facts["targets"]]
    several = len(named) > 1
    whose = Field("grupp", "Målgrupp", "", _same(named), asked.target["name"])
    period = asked.periods[0] if len(asked.periods) == 1 else ""
    periods = [(each, parse(each).name) for each in facts["compared"]]
    fields = [whose] if several else []
    fields.append(Field("period", "Period", "alla", periods, period))
    for name, asked_as in IN_ADDRESS.items():
        words = _same(_words(facts, name))
        label = DIMENSIONS[name][0]
        fields.append(Field(asked_as, label, "alla", words, asked.words.get(name, "")))
    by = [(name, head.lower()) for name, (head, _) in DIMENSIONS.items()]
    return [*fields, Field("visa", "Visa siffrorna efter", "alla kolumner", by, asked.by)]


def _words(facts: Facts, name: str) -> list[str]:
    found = {row[0] for target in facts["targets"] for row in target["dimensions"][name]}
    return sorted(found, key=str.casefold)


def _same(words: list[str]) -> list[tuple[str, Any]]:
    return [(word, word) for word in words]
