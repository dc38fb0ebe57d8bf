"""Words of one's own: an installation's `headings.toml`, and what a command says of one file.

Only reads and checks; how headings are compared is the work of `heading_words.py`.
"""

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path

from intake.documents import Document, Refusal
from intake.plan.heading_words import Synonyms, fold
from intake.plan.headings import HEADING_WITHIN
from intake.plan.refusing import headings_seen
from models.plan_shape import Role
from rules.running import BY_KEY, Standing

FILE = "headings.toml"
MOST_NAMED = 8  # headings that a refusal names


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
    for heading, name in told_pairs("--columns", "heading=column", words):
        if not fold(heading) or name not in set(Role):
            known = ", ".join(Role)
            raise Refusal(
                f'--columns: {heading}={name} is not "heading=column"; columns are {known}.'
            )
        told[fold(heading)] = Role(name)
    return told


def told_states(words: str) -> dict[str, Standing]:
    """ "Rullar=pagaende,Klar=uppfoljd": what words of status mean. No state is refused."""
    told: dict[str, Standing] = {}
    for said, name in told_pairs("--states", "word=state", words):
        if name not in BY_KEY:
            known = ", ".join(BY_KEY)
            raise Refusal(f'--states: {said}={name} is not "word=state"; states are {known}.')
        told[said] = BY_KEY[name]
    return told


def told_pairs(option: str, form: str, words: str) -> Iterator[tuple[str, str]]:
    """The pairs of an option; ";" parts them where a word holds a comma."""
    for part in filter(str.strip, words.split(";" if ";" in words else ",")):
        said, sign, means = (each.strip() for each in part.rpartition("="))
        if not (said and sign and means):
            raise Refusal(f'{option}: {part.strip()!r} is not "{form}".')
        yield said, means


def refuse_unseen(document: Document, told: Synonyms) -> None:
    """Refuse a heading that the file has not: with those that were seen, and the one most like."""
    if not document.tables:
        return  # labels in running text are headings too
    near = [row for table in document.tables for row in table.rows[:HEADING_WITHIN]]
    seen = {fold(cell.text): cell.text for row in near for cell in row if cell.text}
    words = {word for folded in seen for word in folded.split()} | {*seen}
    words |= {folded.replace(" ", "") for folded in seen}
    for heading in told:
        if heading in words:
            continue
        like = difflib.get_close_matches(heading, [*seen], n=1)
        nearest = f" {seen[like[0]]!r} is most like it." if like else ""
        heads = ", ".join(headings_seen(document)[:MOST_NAMED])
        raise Refusal(
            f"--columns: {document.file} has no heading {heading!r}; it has: {heads}.{nearest} "
            "Write it as it stands in the file."
        )
