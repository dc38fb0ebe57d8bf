"""Where intake looks for personnummer: the decision itself is `rules/personnummer.py`."""

from rules.personnummer import Found, find, holds, masked

__all__ = ["Found", "find", "holds", "masked"]
