"""What in a report does not add up: said in a sentence to whoever edits the draft. Pure.

Nothing is corrected here or anywhere: what is wrong on file is put right on file, and a new edition
says so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rules.wording import counted, day_in_words

_MOST = 5  # so many sentences of one kind; the rest are counted


@dataclass(frozen=True, slots=True)
class Stay:
    """An activity was in a state from a day to a day, as its history tells."""

    what: str
    first: date
    last: date
    state: str


def sums(name: str, total: int, parts: Mapping[str, int]) -> list[str]:
    """A total that is not the sum of its parts."""
    made = sum(parts.values())
    if made == total:
        return []
    told = " + ".join(f"{number} {word}" for word, number in parts.items())
    return [f"{name}: {told} blir {made}, men summan anges till {total}."]


def two_states(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """(activity, state in the register, state by its history) that differ."""
    found = [
        f"”{what}” står som {stands} i registret, men historiken säger {by_history}."
        for what, stands, by_history in rows
        if stands != by_history
    ]
    return _some(found)


def overlapping(name: str, periods: Sequence[tuple[str, date, date]]) -> list[str]:
    """Periods of one kind, such as a group's plans, that share days."""
    found = []
    ordered = sorted(periods, key=lambda p: (p[1], p[2], p[0]))
    for (one, _, last), (other, first, _) in pairwise(ordered):
        if first <= last:
            found.append(
                f"{name}: ”{one}” och ”{other}” gäller samma dagar, från {day_in_words(first)}."
            )
    return _some(found)


def moved_figures(
    before: Mapping[str, int], now: Mapping[str, int], causes: Iterable[str]
) -> list[str]:
    """Figures that differ from the edition before without a recorded cause.

    `causes` are the names of the figures that something on file explains.
    """
    explained = set(causes)
    found = [
        f"{name} var {before.get(name, 0)} i förra utgåvan och är {now.get(name, 0)} nu, "
        "utan att något har registrerats som förklarar det."
        for name in sorted(before.keys() | now.keys())
        if before.get(name, 0) != now.get(name, 0) and name not in explained
    ]
    return _some(found)


_AMOUNT = re.compile(r"(?<![\d,])[-−]?\d+(?:[ \u00a0]\d{3})*(?:,\d+)?(?=\s*(?:mnkr|mkr|tkr|kr\b))")
_INCOME = re.compile(r"intäkt", re.IGNORECASE)
_COST = re.compile(r"kostnad", re.IGNORECASE)
_DIFFERENCE = re.compile(r"överskott|underskott|resultat|minskat|ökat", re.IGNORECASE)


def money_in_words(text: str) -> list[str]:
    """Income less costs against the difference that the same text tells.

    "Intäkterna var 3,7 mnkr. Kostnaderna var 4,9 mnkr, så att överskottet minskat med 1,3 mnkr":
    the difference is 1,2. Amounts are rounded by people, so the last digit given decides.
    """
    amounts = _amounts_by_kind(text)
    if amounts is None:
        return []
    income, cost, difference = amounts
    made = abs(income[0] - cost[0])
    if made == abs(difference[0]):
        return []
    return [
        f"Intäkter {_kronor(income[0])} och kostnader {_kronor(cost[0])} ger skillnaden "
        f"{_kronor(made)}, men i texten står {_kronor(abs(difference[0]))}."
    ]


Tenths = tuple[int, str]


def _amounts_by_kind(text: str) -> tuple[Tenths, Tenths, Tenths] | None:
    """The first income, cost, and difference that stand in a text, in thousandths; None if any is
    missing.
    """
    found: dict[str, Tenths] = {}
    last = 0
    for match in _AMOUNT.finditer(text):
        before = text[last : match.start()]
        last = match.end()
        for kind, words in (("difference", _DIFFERENCE), ("cost", _COST), ("income", _INCOME)):
            if words.search(before):
                found.setdefault(kind, (_thousandths(match[0], text[match.end() :]), match[0]))
                break
    if len(found) < 3:
        return None
    return found["income"], found["cost"], found["difference"]


def _thousandths(number: str, after: str) -> int:
    """An amount in whole kronor, whatever its unit."""
    digits = re.sub(r"[ \u00a0]", "", number).replace("−", "-")
    whole, _, part = digits.partition(",")
    unit = after.lstrip()[:4].casefold()
    places = 6 if unit.startswith(("mnkr", "mkr")) else 3 if unit.startswith("tkr") else 0
    return int(whole + part[:places].ljust(places, "0"))


def _kronor(amount: int) -> str:
    millions, rest = divmod(amount, 1_000_000)
    if millions and rest % 100_000 == 0:
        return f"{millions},{rest // 100_000} mnkr"
    return f"{amount:,}".replace(",", "\u00a0") + "\u00a0kr"


def _some(sentences: Sequence[str]) -> list[str]:
    more = len(sentences) - _MOST
    rest = [f"{counted(more, 'fel till', 'fel till', neuter=True).capitalize()} av samma slag."]
    return [*sentences[:_MOST], *(rest if more > 0 else [])]
