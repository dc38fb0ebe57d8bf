"""Where intake looks for personnummer: the decision itself is `rules/personnummer.py`."""

from rules.personnummer import MASK, Found, find, holds, masked, refusal

__all__ = ["MASK", "Found", "find", "holds", "masked", "refusal"]
