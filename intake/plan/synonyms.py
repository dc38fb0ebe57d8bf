"""Headings in own words: an installation's `headings.toml`, and what a command says of one file.

Only reads and checks; how headings are compared is the work of `heading_words.py`.
"""

import tomllib
from pathlib import Path

from intake.documents import Refusal
from intake.plan.heading_words import Synonyms, fold
from models.plan_shape import Role

FILE = "headings.toml"


def own_headings(home: Path) -> Synonyms:
    """The installation's own words, or none. A name that is no column is refused."""
    path = home / FILE
    if not path.is_file():
        return {}
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(f"{path} cannot be read: {error}.") from error
    words: dict[str, Role] = {}
    for name, listed in told.items():
        if name not in set(Role):
            known = ", ".join(Role)
            raise Refusal(f"{path}: there is no column {name!r}; there are {known}.")
        if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
            raise Refusal(f'{path}: {name} must be a list of words, such as ["Drivs av"].')
        words |= {fold(word): Role(name) for word in listed if fold(word)}
    return words


def told_columns(words: str) -> Synonyms:
    """ "Drivs av=responsible,Förfaller=deadline" as own words. What is no column is refused."""
    told: dict[str, Role] = {}
    for part in filter(str.strip, words.split(",")):
        heading, sign, name = part.rpartition("=")
        name = name.strip()
        if not sign or not fold(heading) or name not in set(Role):
            known = ", ".join(Role)
            raise Refusal(
                f'--columns: {part.strip()!r} is not "heading=column"; columns are {known}.'
            )
        told[fold(heading)] = Role(name)
    return told
