"""An activity's life in few words: its parts in a line, for how many years it has gone on. Pure."""

from collections import Counter
from collections.abc import Sequence

_MOST_NAMED = 4  # more parts than so are counted by their states
_ORDINALS = (
    *("andra", "tredje", "fjärde", "femte", "sjätte"),
    *("sjunde", "åttonde", "nionde", "tionde", "elfte", "tolfte"),
)


_OF_SEVERAL = {"beslutad": "beslutade", "klar": "klara", "undantagen": "undantagna"}
_COUNTED = {"inte svarat": "som inte har svarat"}


def parts_in_words(parts: Sequence[tuple[str, str]], *, bent: bool = True) -> str:
    """(name, state) of each part -> "Lerum beslutad, Alingsås i dialog"; many are counted:
    "12 klara, 3 i dialog". Without `bent` they are "12 klar", as editions of before said.
    """
    if len(parts) <= _MOST_NAMED:
        return ", ".join(f"{name} {state}" for name, state in parts)
    counted = Counter(state for _, state in parts).most_common()
    if not bent:
        return ", ".join(f"{number} {state}" for state, number in counted)
    return ", ".join(f"{number} {_so_many(state, number)}" for state, number in counted)


def _so_many(state: str, number: int) -> str:
    told = _COUNTED.get(state, state)
    return told if number == 1 else _OF_SEVERAL.get(told, told)


def each_month(months: int) -> str:
    """How often something comes back: "varje månad", "varannan månad", "var sjätte månad"."""
    if months <= 2:
        return "varannan månad" if months == 2 else "varje månad"
    if months - 2 < len(_ORDINALS):
        return f"var {_ORDINALS[months - 2]} månad"
    return f"var {months}:e månad"


def in_a_row(plans: int) -> str:
    """In how many plans in a row it has stood, as words: 3 -> "tredje året i rad", 1 -> ""."""
    if plans < 2:
        return ""
    if plans - 2 < len(_ORDINALS):
        return f"{_ORDINALS[plans - 2]} året i rad"
    return f"{plans}:e året i rad"
