"""Activities as lines and bullets: "☒ Ta fram rutin. Ansvarig: MAS. Klart: 2025-09-30" -> a table.

A line is an activity when it has a box to tick, when it stands under a heading that says that what
follows are activities, or when it says itself who answers or when it is done. What it says under
labels becomes columns; the rest is what is done. The table is understood as every other one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from intake.documents import Cell, Paragraph, Table
from intake.plan.front_page import LISTED
from intake.plan.heading_words import Synonyms, role_of
from intake.plan.votes import names_somebody
from models.plan_shape import Role
from models.span import Precision
from rules import swedish_dates

BULLET = re.compile(r"^(?:[-–—•·*»▪○●\uf0b7]|\d{1,2}[.)])\s+")
_BOX = re.compile(r"^\s*(?P<box>[☐☒☑✓✔✗🗹□■]|\[(?P<sign>[ xX])\])\s*")
_TICKED = "☒☑✓✔✗🗹■"
_LABEL = r"(?P<label>[^\W\d_][\wåäöÅÄÖ /-]{1,30}?)"
_PART = re.compile(rf"(?:(?<=[.;|,)])\s*|\s+[–—-]\s+|\s*[(\[]\s*|\n\s*){_LABEL}\s*:\s+")
_LAST_DAY = re.compile(r"^(?P<who>.*\w[^\d,(]*?)[\s,;(–-]+(?P<day>[^,;(]{3,40})$", re.DOTALL)
_IN_BRACKETS = re.compile(r"^(?P<what>.{3,}?)\s*\((?P<rest>[^()]+)\)\W*$", re.DOTALL)
_SPOKEN_PART = re.compile(r"\s+[–—-]\s+|\s*[,;(]\s*|(?<=[.])\s+")
_SPOKEN = re.compile(
    r"(?:(?P<who>ansvarig(?:a)?(?: är)?|ansvar)|(?P<start>startar?|påbörjas|från)"
    r"|(?P<end>klart?(?: senast)?|färdigt?(?: senast)?|senast|slut(?:förs|förd)?|deadline))\s+",
    re.IGNORECASE,
)
# What a summary of a meeting says behind a task: "(Alva Ek)", or before it: "Alva Ek: …".
_NAME = r"[A-ZÅÄÖ][^\W\d_]+(?:[ -][A-ZÅÄÖ][^\W\d_]+){0,3}"
_NAMES = rf"{_NAME}(?:(?:, | och | and | & |; ){_NAME}){{0,5}}"
_NAMED_LAST = re.compile(rf"\s*[(\[](?P<who>{_NAMES})[)\]]\W*$")
_NAMED_FIRST = re.compile(rf"(?P<who>{_NAMES})\s*:\s+(?=\S)")
_PERSON = re.compile(r"[A-ZÅÄÖ][^\W\d_]+(?:[ -][A-ZÅÄÖ][^\W\d_]+)+")
_SENTENCE = re.compile(r"[.!?]$|\d")
_CALLED = re.compile(r"(?P<what>[^:.\n]{3,80}):\s+(?P<how>\S.*)", re.DOTALL)
_GOAL = re.compile(
    r"(?:prioriterat |övergripande )?(?:del|effekt)?mål(?: ?\d{1,2})?\s*:\s+\S", re.I
)
_NEXT_MEETING = re.compile(r"nästa (?:möte|träff|avstämning|sammanträde)", re.IGNORECASE)
_LONGEST_DAY = 30  # signs
_LONGEST_TIME = 45  # signs, with the words around it: "klart under hösten 2026"
_LONGEST_NAME = 5  # words
_LONGEST_NAMES = 200  # signs of several
_AS_COLUMN = {
    Role.RESPONSIBLE: "Ansvarig",
    Role.START: "Start",
    Role.DEADLINE: "Klart senast",
    Role.PERIOD: "Klart senast",
    Role.FOLLOW_UP: "Uppföljning",
    Role.STATUS: "Status",
    Role.HOW: "Hur",
    Role.DECIDED_BY: "Beslut av",
    Role.PARTICIPANTS: "Deltagare",
    Role.FUNDING: "Budget",
    Role.TARGET_GROUP: "Målgrupp",
}
_NO_DAY = (Precision.NONE, Precision.INVALID, Precision.OPEN)
_SOME_DAY = date(2025, 1, 1)  # any will do: only whether there is one is asked
_DONE = "Klar"  # what a ticked box says


@dataclass(slots=True)
class Item:
    """A line taken apart: what is done, and what it says under labels, by the column's name."""

    what: str
    told: dict[str, str] = field(default_factory=dict)
    boxed: bool = False

    @property
    def says_more(self) -> bool:
        """Does it say who answers, or when?"""
        return bool({"Ansvarig", "Klart senast", "Start"} & self.told.keys())


def item_of(text: str, synonyms: Synonyms | None = None) -> Item:
    """A line as an activity. Labels that no column has stay in its words."""
    box = _BOX.match(text)
    words = BULLET.sub("", text[box.end() :] if box else text).strip()
    item = Item(words, boxed=box is not None)
    if box and (box["box"] in _TICKED or (box["sign"] or "").strip()):
        item.told["Status"] = _DONE
    found = [
        (part, _AS_COLUMN[role])
        for part in _PART.finditer(words)
        if (role := role_of(part["label"], synonyms)) in _AS_COLUMN
    ]
    rest = ""
    for at, (part, column) in enumerate(found):
        end = found[at + 1][0].start() if at + 1 < len(found) else len(words)
        said, _, after = words[part.end() : end].partition(")" if "(" in part[0] else "\0")
        rest += after
        said = said.strip(" .;,|)]\n")
        item.told[column] = f"{item.told[column]}, {said}" if column in item.told else said
    if found:
        item.what = (words[: found[0][0].start()].strip(" .;,|([\n–-") + rest).strip(" .;,|")
    _day_apart(item)
    if not found:
        _spoken_apart(item)
    if not item.told.keys() - {"Status"}:
        _unlabelled_apart(item)
    return item


def _named_apart(item: Item) -> None:
    """ "Vågar hemma: Köp in tjugo vågar senast den 15 april. (Alva Ek)", as a summary has it."""
    who = _NAMED_LAST.search(item.what[-_LONGEST_NAMES:])
    if who:
        before = item.what[: len(item.what) - len(who[0])].rstrip()
    else:
        who = _NAMED_FIRST.match(item.what)
        before = ""
    if not who or not _is_who(who["who"], sure=not before or bool(_SENTENCE.search(before))):
        return
    item.what = before or item.what[who.end() :]
    item.told["Ansvarig"] = who["who"]
    called = _CALLED.fullmatch(item.what)
    if called and "Hur" not in item.told:
        item.what, item.told["Hur"] = called["what"].strip(), called["how"].strip()


def _is_who(words: str, *, sure: bool) -> bool:
    """Are these somebody's title, or behind a whole sentence or a day names of two words?

    "(Folkets Hus)" behind "Boka lokal" may as well be a place.
    """
    parts = re.split(r", | och | and | & |; ", words)
    return all(names_somebody(part) and (sure or not _PERSON.fullmatch(part)) for part in parts)


def _spoken_apart(item: Item) -> None:
    """ "Upphandla plattform – ansvarig IT-chef, klart 30 april 2026": labels without a colon."""
    parts = _SPOKEN_PART.split(item.what)
    told: dict[str, str] = {}
    for part in parts[1:]:
        said = _SPOKEN.match(part)
        words = part[said.end() :].strip(" .;,)") if said else ""
        if said and said["who"] and 0 < len(words.split()) <= _LONGEST_NAME:
            told["Ansvarig"] = words
        elif said and said["start"] and _is_time(words):
            told["Start"] = words
        elif said and said["end"] and _is_time(words):
            told["Klart senast"] = words
        else:
            return  # something else stands between: the line is left as it is
    if told:
        item.what = parts[0].strip(" ,;–-(")
        item.told |= told


def _is_time(words: str) -> bool:
    return len(words) <= _LONGEST_TIME and _is_day(words)


def _unlabelled_apart(item: Item) -> None:
    """ "Kartlägg behov – Kurator – 2026-03-31" and "Starta kurs (Rektor, hösten 2026)"."""
    closed = _IN_BRACKETS.match(item.what)
    parts = re.split(r"\s*,\s*", closed["rest"]) if closed else re.split(r"\s+[–—-]\s+", item.what)
    what = closed["what"] if closed else parts.pop(0)
    if not parts or len(parts) > 2 or not _is_day(parts[-1]) or len(parts[-1]) > _LONGEST_DAY:
        return
    if len(parts) == 2 and len(parts[0].split()) > _LONGEST_NAME:
        return
    item.what = what.strip(" ,;–-")
    item.told["Klart senast"] = parts[-1]
    if len(parts) == 2:
        item.told["Ansvarig"] = parts[0]


def _day_apart(item: Item) -> None:
    """ "Ansvarig: MAS, 2025-11-30" says when as well."""
    for column in ("Ansvarig", "Beslut av"):
        said = _LAST_DAY.match(item.told.get(column, ""))
        if said and "Klart senast" not in item.told and _is_day(said["day"]):
            item.told[column] = said["who"].strip(" ,;")
            item.told["Klart senast"] = said["day"].strip(" )")


def _is_day(words: str) -> bool:
    if not re.search(r"\d", words):
        return False
    return swedish_dates.read(words, _SOME_DAY).precision not in _NO_DAY


def with_lists(run: Sequence[Paragraph], synonyms: Synonyms | None) -> Iterator[Paragraph | Table]:
    """A run of paragraphs with its lists of activities as tables; other headings end them."""
    listed: list[tuple[Paragraph, Item]] = []
    within = False
    goal: Paragraph | None = None  # the bullet that those within it are for
    for at, paragraph in enumerate(run):
        following = run[at + 1] if at + 1 < len(run) else None
        bullet = paragraph.bullet or bool(BULLET.match(paragraph.text))
        item = item_of(paragraph.text, synonyms)
        if goal and (not bullet or paragraph.level <= goal.level) and not _only_labels(paragraph):
            goal = None
        itself = item.boxed or item.says_more or _GOAL.match(paragraph.text)
        if bullet and not itself and _is_over(run, at, synonyms):
            goal = paragraph
            continue
        names = bool(LISTED.fullmatch(paragraph.text.strip())) and not bullet
        if bullet and listed and _hangs_on(paragraph, listed):
            continue
        told = item.boxed or (within and bullet) or (bullet and item.says_more)
        told |= bullet and following is not None and _only_labels(following)
        if bullet and _GOAL.match(paragraph.text):
            told = False  # what the bullets under it are for
            paragraph = replace(paragraph, bullet=False, heading=True)  # noqa: PLW2901
        if told and item.what:
            if "Ansvarig" not in item.told:
                _named_apart(item)
            if goal:
                item.told.setdefault("Mål", BULLET.sub("", goal.text).strip(" :"))
            listed.append((paragraph, item))
            continue
        if listed and not bullet and not paragraph.heading and _hangs_on(paragraph, listed):
            continue
        if listed:
            yield _table(listed)
            listed = []
        within = names or (within and bullet)
        yield paragraph
    if listed:
        yield _table(listed)


def _is_over(run: Sequence[Paragraph], at: int, synonyms: Synonyms | None) -> bool:
    """Does a bullet stand over others within it that say themselves who answers, or when?"""
    within = run[at + 1 : at + 3]
    if not within or not within[0].bullet or within[0].level <= run[at].level:
        return False
    item = item_of(within[0].text, synonyms)
    if _only_labels(within[0]) or not item.what:
        return False
    return item.boxed or item.says_more or (len(within) > 1 and _only_labels(within[1]))


def _only_labels(paragraph: Paragraph) -> bool:
    """ "Ansvarig: Kurator" as a bullet or a line of its own tells more of the one above it."""
    more = item_of(f". {BULLET.sub('', paragraph.text)}")
    return not paragraph.heading and not more.what and more.says_more


def _hangs_on(paragraph: Paragraph, listed: list[tuple[Paragraph, Item]]) -> bool:
    """A line "Ansvarig: … Klart: …" under a box of its own goes on with it."""
    _, item = listed[-1]
    if _NEXT_MEETING.match(paragraph.text):
        return False
    more = item_of(f". {BULLET.sub('', paragraph.text)}")
    if more.what or not more.told or set(more.told) & set(item.told):
        return False
    item.told |= more.told
    return True


def _table(listed: Sequence[tuple[Paragraph, Item]]) -> Table:
    """The list under headings; the second one is there because a plan has two."""
    columns = list(dict.fromkeys(name for _, item in listed for name in item.told))
    heads = ["Aktivitet", *(columns or ["Hur"])]
    rows = [_row(heads, listed[0][0].number - 1, 0)]
    for paragraph, item in listed:
        words = [item.what, *(item.told.get(name, "") for name in heads[1:])]
        rows.append(_row(words, paragraph.number, paragraph.page))
    return Table(0, rows)


def _row(words: Sequence[str], number: int, page: int) -> list[Cell]:
    return [Cell(text, number, column, page=page) for column, text in enumerate(words, 1)]
