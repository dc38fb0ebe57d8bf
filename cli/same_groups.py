"""`foljsam deviations same`: another word for a target group, alone or a list of them.

What is taught is the collaboration's own, and is kept by `intake/deviation/spelling.py`, as the
page of groups keeps it. Of a list each row stands alone: one that cannot be is told.
"""

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path

from sqlmodel import Session

from cli.console import Wrong, out
from config import clock
from config.settings import Settings
from intake.deviation.spelling import aliases, groups_on_file, spelled, teach_alias
from intake.deviation.whose import asked_for, the_only_one
from intake.documents import read_tables
from intake.plan.heading_words import fold
from models.database import transaction

BY = "kommandoraden"
_HEADS = {
    "malgrupp",
    "betyder",
    "raknas som",
    "samma som",
    "grupp",
    "means",
    "group",
    "target group",
}


def same_group(
    settings: Settings, word: str, means: str, collaboration: str, file: Path | None = None
) -> None:
    """Teach a word or a file of them; and list the groups on file and what has been taught."""
    pairs = _pairs_in(file) if file else []
    with transaction(settings) as session:
        area = asked_for(session, collaboration) or the_only_one(session, settings.organisation)
        assert area is not None
        if word:
            _teach(session, area, word, means)
        taught, problems = 0, []
        for number, (each, group) in pairs:
            try:
                _teach(session, area, each, group)
                taught += 1
            except Wrong as refused:
                problems.append(f"Left out, row {number}: {refused}")
        there, known = groups_on_file(session, area), aliases(session, area)
    if file:
        out.print(f"{taught} of {len(pairs)} words taught.")
    for line in problems:
        out.print(line, markup=False)
    out.print(f"Target groups on file: {', '.join(sorted(there)) or 'none'}.", markup=False)
    for one in known:
        out.print(f"  {one.stem} counts as {one.means}", markup=False)


def teach_all(
    session: Session, area: int, pairs: Sequence[tuple[str, str]], in_file: Collection[str] = ()
) -> None:
    """Teach all of these words or none. With the words `in_file` they are only looked for."""
    for word, means in pairs:
        if in_file:
            _refuse_unknown([word, means], {*groups_on_file(session, area), *in_file})
        else:
            _teach(session, area, word, means)


def _teach(session: Session, area: int, word: str, means: str) -> None:
    there = groups_on_file(session, area)
    called = {spelled(group).stem: group for group in there}  # "ÄLDRE" is on file as "Äldre"
    word, means = (called.get(spelled(each).stem, each) for each in (word, means))
    taught = {one.stem: one.means for one in aliases(session, area)}
    if taught.get(spelled(word).stem) == means:
        return  # it is so already: its cases have the group's own word
    _refuse_unknown([word, means], there)
    try:
        teach_alias(session, area, word, means, BY, clock.now())
    except ValueError as refused:
        raise Wrong(str(refused)) from refused


def _refuse_unknown(words: Sequence[str], there: Collection[str]) -> None:
    """A word that is no group's is refused with those that are, and the one most like it."""
    for word in words:
        if word in there:
            continue
        like = difflib.get_close_matches(word, [*there], n=1)
        nearest = f" {like[0]!r} is most like it." if like else ""
        listed = ", ".join(sorted(there)) or "none"
        raise Wrong(
            f"{word!r} is no target group on file; there are: {listed}.{nearest} "
            "Write it as it stands there."
        )


def _pairs_in(file: Path) -> list[tuple[int, tuple[str, str]]]:
    """The rows of a list: their numbers, with a word and the group that it is."""
    found: list[tuple[int, tuple[str, str]]] = []
    for row in (row for table in read_tables(file).tables for row in table.rows):
        words = [cell.text.strip() for cell in row if cell.text.strip()]
        if len(words) > 1 and not (not found and fold(words[1]) in _HEADS):
            found.append((row[0].row, (words[0], words[1])))
    if not found:
        raise Wrong(f"{file.name} has no rows with a word and a target group beside it.")
    return found
