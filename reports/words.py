"""A report's or a plan's words as they stand in any kind of file: without signs that nobody sees
(`rules/unseen.py`). The facts keep what was written.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from rules.unseen import clean

T = TypeVar("T")


def cleaned(whole: T) -> T:
    """A report or a plan to be drawn, every word `clean`; itself when there is nothing to do."""
    made: T = _with(whole, clean)
    return made


def _with(one: Any, fit: Callable[[str], str]) -> Any:  # noqa: ANN401 - any dataclass of words
    """A block or a report with other words, made anew only when some are."""
    changed = {}
    for field in fields(one):
        before = getattr(one, field.name)
        after = _value_with(before, fit)
        if after is not before:
            changed[field.name] = after
    return replace(one, **changed) if changed else one


def _value_with(value: Any, fit: Callable[[str], str]) -> Any:  # noqa: ANN401 - any field's
    if isinstance(value, str):
        after = fit(value)
        return after if after != value else value
    if isinstance(value, tuple):
        fit_ones = tuple(_value_with(each, fit) for each in value)
        same = all(one is other for one, other in zip(value, fit_ones, strict=True))
        return value if same else fit_ones
    return _with(value, fit) if is_dataclass(value) else value
