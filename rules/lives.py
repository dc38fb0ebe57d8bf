"""An activity's life in few words: its parts in a line, for how many years it has gone on. Pure."""

from collections import Counter
from collections.abc import Sequence

_MOST_NAMED = 4  # more parts than so are counted by their states
_ORDINALS = (
    *("andra", "tredje", "fjärde", "femte", "sjätte"),
    *("sjunde", "åttonde", "nionde", "tionde", "elfte", "tolfte"),
)


def parts_in_words(parts: Sequence[tuple[str, str]]) -> str:
    """(name, state) of each part -> "Lerum beslutad, Alingsås i dialog"; many are counted:
    "12 klar, 3 i dialog".
    """
    if len(parts) <= _MOST_NAMED:
        return ", ".join(f"{name} {state}" for name, state in parts)
    counted = Counter(state for _, state in parts)
    return ", ".join(f"{number} {state}" for state, number in counted.most_common())


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
