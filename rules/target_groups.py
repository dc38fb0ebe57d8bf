"""Names of target groups out of the words that people write them in. Pure."""

import re

LONGEST = 60  # longer is a sentence about whom a plan is for, not a name to count by


def names_in(words: str) -> list[str]:
    """The names in a list of them, apart by commas, semicolons or lines; each once."""
    pieces = [" ".join(piece.split()).strip("-–•·. ") for piece in re.split(r"[\n;,]", words)]
    found: dict[str, str] = {}
    for piece in filter(None, pieces):
        found.setdefault(piece.casefold(), piece)
    return list(found.values())


def are_names(words: str) -> bool:
    """Is it a list of names, and not sentences about them?"""
    return all(len(name) <= LONGEST and ". " not in name for name in names_in(words))
