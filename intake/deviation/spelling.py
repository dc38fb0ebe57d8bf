"""One target group, one word: its spellings, and those that somebody has taught.

"Barn & unga", "NOSAM Barn och unga (0–18 år)" and "BoU" are one group, and so one row in every
figure. What the words cannot tell ("Psykisk ohälsa" for a longer name) a collaboration teaches.
Ages tell groups apart only where one name has several: "Barn (0–6 år)" beside "Barn (7–12 år)".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, delete, func, insert, select, update
from sqlmodel import Session

from intake.deviation.shapes import SOMETHING_ELSE, Column, Export
from models.columns import c
from models.deviation import DeviationCase, DeviationCode, DeviationEarlier, DeviationRow

_NOTHING = re.compile(
    r"\W*(?:(?:ej|inte|icke) (?:angiv\w*|angett|ifyll\w*|val[dt]|registrera[dt])|uppgift saknas"
    r"|ingen uppgift|saknas|tomt?|blank|null|none|ospecificera[dt]|not (?:specified|given))\W*",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?:nosam|målgrupp(?:en)?|temagrupp(?:en)?|tg)\s*[:–-]?\s+(?=\w)")
_AND = re.compile(r"\s*(?:&|/|\s\+\s)\s*|\s+(?:o|samt|and)\s+|\s*,\s*och\s+")
_AGE = re.compile(
    # No way to read the same words twice: "ålder\w*" takes all letters and figures that follow.
    r"[(\[](?=[^()\[\]]*\d)(?:[\d\s+,–—><≥≤-]|år(?!\w)|och|äldre|yngre|över|under|uppåt|från|till"
    r"|upp(?!åt)|ålder\w*+)++[)\]]"
    r"|(?<=\w)[ ,]+(?:från |över )?\d{1,3}(?:\s*[-–—]\s*\d{1,3}|\s*\+|\s*år och (?:äldre|över))"
    r"(?:\s*år)?$"
)
_SHORT = re.compile(r"\s*[(\[][A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,5}[)\]]\s*$")  # "Barn och unga (BoU)"
_KNOWN_AS = {"bou": "barn och unga", "b och u": "barn och unga"}
_CHAIN = 10  # taught words that stand for each other, at most


@dataclass(frozen=True, slots=True)
class Spelled:
    """A word as it is compared: its stem, and the ages that it tells ("" = none)."""

    stem: str
    ages: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """What somebody taught: the stem of a word, and the word that it stands for."""

    stem: str
    means: str


def nothing_told(text: str) -> bool:
    """Does a cell say that nothing is given?"""
    return bool(_NOTHING.fullmatch(text))


def spelled(word: str) -> Spelled:
    """A target group's word without what differs from hand to hand."""
    plain = " ".join(_SHORT.sub("", word).casefold().split())
    ages = "–".join(re.findall(r"\d+", " ".join(_AGE.findall(plain))))
    stem = _AND.sub(" och ", _PREFIX.sub("", _AGE.sub(" ", plain), count=1))
    stem = " ".join(stem.split()).strip(" .:;,-–") or plain
    return Spelled(_KNOWN_AS.get(stem, stem), ages)


def one_word_each(
    in_file: Mapping[str, int], on_file: Mapping[str, int], taught: Iterable[Alias] = ()
) -> dict[str, str]:
    """Words of a file and of the cases on file -> the word that each group is called by.

    1. Words of one stem are one group, but for several ages.
    2. A taught word is of the group that it stands for.
    3. A group is called by a word without marks, rather one on file, rather the most used.
    """
    meant = {alias.stem: alias.means for alias in taught}
    words = {word for word in (*in_file, *on_file, *meant.values()) if _is_group(word)}
    each = {word: spelled(word) for word in words}
    ages: dict[str, set[str]] = {}
    for one in each.values():
        ages.setdefault(one.stem, set()).update({one.ages} - {""})

    def group_of(word: str) -> Spelled:
        one = each.get(word) or spelled(word)
        return one if len(ages.get(one.stem, ())) > 1 else Spelled(one.stem)

    groups: dict[Spelled, list[str]] = {}
    for word, one in each.items():
        if one.stem not in meant:
            groups.setdefault(group_of(word), []).append(word)

    def best(word: str) -> tuple[bool, bool, bool, bool, int, str]:
        folded = " ".join(word.casefold().split())
        plain = folded == each[word].stem
        many = on_file.get(word, 0) or in_file.get(word, 0)
        return plain, folded not in _KNOWN_AS, not word.isupper(), word in on_file, many, word

    called = {group: max(names, key=best) for group, names in groups.items()}
    found: dict[str, str] = {}
    for word in {*in_file, *on_file}:
        if not _is_group(word):
            found[word] = "" if word and nothing_told(word) else word
            continue
        meaning = _meaning(word, each[word], meant)
        found[word] = called.get(group_of(meaning), meaning)
    return found


def _is_group(word: str) -> bool:
    return bool(word) and word != SOMETHING_ELSE and not nothing_told(word)


def _meaning(word: str, one: Spelled, meant: Mapping[str, str]) -> str:
    """What a word stands for, step by step where several were taught."""
    for _ in range(_CHAIN):
        if one.stem not in meant:
            break
        word = meant[one.stem]
        one = spelled(word)
    return word


# On file.


def aliases(session: Session, collaboration_id: int) -> list[Alias]:
    """What a collaboration has taught."""
    code = c(DeviationCode)
    asked = select(code.word, code.means).where(
        code.collaboration_id == collaboration_id,
        code.kind == Column.GROUP.value,
        code.means != "",
    )
    return [Alias(word, means) for word, means in session.execute(asked.order_by(code.word))]


def groups_on_file(session: Session, collaboration_id: int) -> dict[str, int]:
    """The words that a collaboration's cases have, and how many have each."""
    case = c(DeviationCase)
    asked = select(case.target_group, func.count()).where(case.collaboration_id == collaboration_id)
    rows = session.execute(asked.group_by(case.target_group)).tuples()
    return {word: number for word, number in rows if word}


def teach_alias(
    session: Session, collaboration_id: int, word: str, means: str, by: str, at: datetime
) -> None:
    """Keep that a word is another spelling of a group, and call its cases on file so.

    Raises `ValueError` with a Swedish sentence for what cannot be.
    """
    stem, there = spelled(word).stem, groups_on_file(session, collaboration_id)
    if word not in there or means not in there:
        raise ValueError("Välj två målgrupper i listan.")
    if stem == spelled(means).stem:
        raise ValueError(f"{word} och {means} är redan samma målgrupp. Välj två olika.")
    forget_alias(session, collaboration_id, stem)
    if (
        _meaning(
            means, spelled(means), {a.stem: a.means for a in aliases(session, collaboration_id)}
        )
        == word
    ):
        raise ValueError(f"{means} räknas redan som {word}. Ta bort det först.")
    session.execute(
        insert(DeviationCode).values(
            collaboration_id=collaboration_id,
            kind=Column.GROUP.value,
            word=stem,
            means=means,
            at=at,
            by=by,
        )
    )
    align_cases(session, collaboration_id)


def forget_alias(session: Session, collaboration_id: int, stem: str) -> None:
    """A word stands for itself from the next file on; cases on file keep the word they have."""
    code = c(DeviationCode)
    session.execute(
        delete(DeviationCode).where(
            code.collaboration_id == collaboration_id,
            code.kind == Column.GROUP.value,
            code.word == stem,
        )
    )


def of_export(session: Session, collaboration_id: int, export: Export) -> dict[str, str]:
    """What the words of an export are called in a collaboration."""
    counted: dict[str, int] = {}
    for case in export.cases.values():
        counted[case.target_group] = counted.get(case.target_group, 0) + 1
    known = groups_on_file(session, collaboration_id)
    return one_word_each(counted, known, aliases(session, collaboration_id))


def align_rows(session: Session, collaboration_id: int, import_id: int) -> None:
    """Let the rows of a file that waits call each group by one word."""
    row = c(DeviationRow)
    asked = select(row.target_group, func.count()).where(row.import_id == import_id)
    counted = dict(session.execute(asked.group_by(row.target_group)).tuples().all())
    known = groups_on_file(session, collaboration_id)
    for word, called in one_word_each(counted, known, aliases(session, collaboration_id)).items():
        if word in counted and word != called:
            changed = update(DeviationRow).where(row.import_id == import_id)
            _run(session, changed.where(row.target_group == word).values(target_group=called))


def align_cases(session: Session, collaboration_id: int) -> None:
    """Let the cases on file call each group by one word, also as they were before a change."""
    case, earlier = c(DeviationCase), c(DeviationEarlier)
    known = groups_on_file(session, collaboration_id)
    mine = select(case.id).where(case.collaboration_id == collaboration_id)
    for word, called in one_word_each({}, known, aliases(session, collaboration_id)).items():
        if word != called:
            cases = update(DeviationCase).where(case.collaboration_id == collaboration_id)
            before = update(DeviationEarlier).where(earlier.case_id.in_(mine))
            _run(session, cases.where(case.target_group == word).values(target_group=called))
            _run(session, before.where(earlier.target_group == word).values(target_group=called))


def _run(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
