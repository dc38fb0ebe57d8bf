"""Which words of a coded column are kept: known codes, and short words that many cases share.

1. A word that is a code everywhere, or that somebody in the collaboration has ticked, is kept.
2. So is a short one in many cases, unless it speaks of a person or is somebody's name.
3. All else waits for a tick. Without one it is counted as "(annat)", and is kept nowhere.

What reads like free text never comes this far (`values.py`).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from intake.deviation.shapes import CODES, SOMETHING_ELSE, UNITS, Column, Export
from intake.deviation.spelling import groups_on_file, spelled
from models.columns import c
from models.deviation import DeviationCase, DeviationCode, DeviationRow
from models.group import Group
from models.known import called, is_known_in

MANY = 5  # so many cases share a word that is a code by that alone
MOST_ASKED = 1000  # words that are asked about at once; what is rarer is left out
_LONGEST, _MOST_WORDS = 60, 7
_CHUNK = 500
_MOST_LOOKED_UP = 5000  # rare words in a column; one with more holds no codes
_NEUTRAL = {"ej angiven", "ej angivet", "okänd", "okänt", "saknas", "vet ej", "övrigt", "annat"}
_NUMBER = re.compile(r"\d{1,3}")
_OF_A_PERSON = re.compile(
    r"\b(patient\w*|pat|pt|brukare\w*|anhörig\w*|mamma\w*|pappa\w*|son|sonen|dotter\w*|make|maken"
    r"|maka|makan|hustru\w*|fru|frun|man|mannen|kvinna\w*|död|döda|vi|de|dem|hans|min|mitt|sin"
    r"|var|hade|fick|blev|ville|sa)\b",
    re.IGNORECASE,
)
_EVERYWHERE: Mapping[Column, str] = {
    Column.STATUS: "ny|nytt|registrerad|inkommen|mottagen|tilldelad|öppen|pågår|pågående"
    "|under utredning|utreds|utredning|under handläggning|väntar på svar|ej påbörjad|ej besvarad"
    "|besvarad|besvarat|svar skickat|svarat|åtgärdad|klar|färdig|avslutad|avslutat|stängd|stängt"
    "|arkiverad|makulerad|makulerat|annullerad|felregistrerad",
    Column.SEVERITY: "ingen|ingen skada|liten|mindre|måttlig|måttligt|medel|betydande|stor|låg|hög"
    "|allvarlig|mycket allvarlig|katastrofal|ej bedömd|ej aktuellt",
    Column.PROCESS: "sip|samordnad individuell plan|egenvård|in- och utskrivning|inskrivning"
    "|utskrivning|information|informationsöverföring|kommunikation|läkemedel|hjälpmedel"
    "|rehabilitering|rehabilitering och hjälpmedel|hemsjukvård|vårdplanering|remiss|dokumentation"
    "|bemötande|samverkan|övrigt|annat",
    Column.GROUP: "äldre|vuxna|barn|barn och unga|barn och ungdom|unga|psykiatri|psykisk ohälsa"
    "|funktionsnedsättning|funktionshinder|missbruk|beroende|missbruk och beroende|övriga|övrigt",
    Column.CLASS: "övrigt|annat",
    Column.REPORTING_ORG: "region|regionen|kommun|kommunen",
    Column.INVESTIGATING_ORG: "region|regionen|kommun|kommunen",
}
_KNOWN = {(column, word) for column, words in _EVERYWHERE.items() for word in words.split("|")}
_IN_GROUPS = (Column.AREA, Column.GROUP)  # words that the collaboration's groups are called by


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a coded column, and how many cases of the file have it."""

    column: Column
    text: str
    cases: int


def folded(text: str) -> str:
    """A word as it is compared."""
    return " ".join(text.casefold().split())


def unknown(session: Session, collaboration_id: int, export: Export) -> list[Word]:
    """The words of a file that wait for a tick, the most cases first."""
    asked = _Asked(session, collaboration_id)
    found = [
        word
        for column in (*UNITS, *CODES)
        for word in _unknown_in(asked, column, _words(export, column))
    ]
    return sorted(found, key=lambda word: (-word.cases, word.column.value, word.text))


class _Asked:
    """What is known in a collaboration, asked once for a file."""

    def __init__(self, session: Session, collaboration_id: int) -> None:
        """Ask for the ticked words, the groups' names, and the names of people."""
        self.session, self.collaboration_id = session, collaboration_id
        code, group = c(DeviationCode), c(Group)
        ticked = select(code.kind, code.word).where(code.collaboration_id == collaboration_id)
        self.ticked = {(kind, word) for kind, word in session.execute(ticked)}
        self.stems = {spelled(word).stem for kind, word in self.ticked if kind == Column.GROUP}
        self.stems |= {word for column, word in _KNOWN if column is Column.GROUP}
        stems: Counter[str] = Counter()
        for word, number in groups_on_file(session, collaboration_id).items():
            stems[spelled(word).stem] += number
        self.stems |= {stem for stem, number in stems.items() if number >= MANY}
        named = select(group.name).where(group.collaboration_id == collaboration_id)
        self.groups = [folded(name) for name in session.execute(named).scalars()]
        names = select(called(collaboration_id)).where(is_known_in({collaboration_id}))
        self.people = {folded(name) for name in session.execute(names).scalars()}

    def knows(self, column: Column, word: str) -> bool:
        """Is it a code by itself?"""
        if (column, word) in _KNOWN or (column.value, word) in self.ticked:
            return True
        if _NUMBER.fullmatch(word) or word in _NEUTRAL:
            return True
        if column is Column.GROUP and spelled(word).stem in self.stems:
            return True
        named = [name for name in self.groups if column in _IN_GROUPS and word in name]
        return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", name) for name in named)

    def on_file(self, column: Column, words: Collection[str]) -> Counter[str]:
        """How many of the collaboration's cases have each of these words."""
        case = c(DeviationCase)
        found: Counter[str] = Counter()
        for some in _in_chunks(sorted(words)):
            asked = select(case[column.value], func.count()).where(
                case.collaboration_id == self.collaboration_id, case[column.value].in_(some)
            )
            for text, number in self.session.execute(asked.group_by(case[column.value])):
                found[folded(text)] += number
        return found


def _words(export: Export, column: Column) -> Counter[str]:
    counted = Counter(getattr(case, column.value) for case in export.cases.values())
    del counted[""], counted[SOMETHING_ELSE]
    return counted


def _unknown_in(asked: _Asked, column: Column, counted: Counter[str]) -> Iterator[Word]:
    here: Counter[str] = Counter()
    for text, number in counted.items():
        here[folded(text)] += number
    new = {text for text in counted if not asked.knows(column, folded(text))}
    rare = {t for t in new if here[folded(t)] < MANY or not _may_be_shared(asked, folded(t))}
    often = asked.on_file(column, rare) if len(rare) <= _MOST_LOOKED_UP else Counter()
    for text in rare:
        word = folded(text)
        if often[word] < MANY or not _may_be_shared(asked, word):
            yield Word(column, text, counted[text])


def _may_be_shared(asked: _Asked, word: str) -> bool:
    """Short, and neither about a person nor somebody's name: a code, when many cases have it."""
    if len(word) > _LONGEST or len(word.split()) > _MOST_WORDS or _OF_A_PERSON.search(word):
        return False
    return word not in asked.people


def teach(
    session: Session, collaboration_id: int, words: Iterable[Word], by: str, at: datetime
) -> None:
    """Keep that these words are codes."""
    code = c(DeviationCode)
    asked = select(code.kind, code.word).where(code.collaboration_id == collaboration_id)
    known = {(kind, word) for kind, word in session.execute(asked)}
    new = {(word.column.value, folded(word.text)) for word in words} - known
    for kind, word in sorted(new):
        session.execute(
            insert(DeviationCode).values(
                collaboration_id=collaboration_id, kind=kind, word=word, at=at, by=by
            )
        )


def leave_out(export: Export, words: Iterable[Word]) -> None:
    """Take words out of a file that was read, before anything of it is kept."""
    gone = {(word.column, word.text) for word in words}
    for column in {column for column, _ in gone}:
        for case in export.cases.values():
            if (column, getattr(case, column.value)) in gone:
                setattr(case, column.value, SOMETHING_ELSE)
                export.hidden += 1


def leave_out_of_rows(session: Session, import_id: int, words: Iterable[Word]) -> int:
    """Take words out of the rows of a file that waits; how many cells."""
    row, cells = c(DeviationRow), 0
    by_column: dict[Column, list[str]] = {}
    for word in words:
        by_column.setdefault(word.column, []).append(word.text)
    for column, texts in by_column.items():
        for some in _in_chunks(texts):
            done = session.execute(
                update(DeviationRow)
                .where(row.import_id == import_id, row[column.value].in_(some))
                .values({column.value: SOMETHING_ELSE})
                .execution_options(synchronize_session=False)
            )
            cells += done.rowcount  # type: ignore[attr-defined]
    return cells


def digest(words: Iterable[Word]) -> str:
    """The same words left out, the same digest; "" where there are none."""
    listed = sorted(f"{word.column.value}={folded(word.text)}" for word in words)
    return blake2b("\n".join(listed).encode(), digest_size=6).hexdigest() if listed else ""


def frozen(words: Iterable[Word]) -> list[list[int | str]]:
    """Words as an import keeps them while they wait."""
    return [[word.column.value, word.text, word.cases] for word in words]


def thawed(kept: Iterable[list[int | str]]) -> list[Word]:
    """The words that an import has waiting."""
    return [Word(Column(str(column)), str(text), int(cases)) for column, text, cases in kept]


def _in_chunks(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _CHUNK):
        yield texts[start : start + _CHUNK]
