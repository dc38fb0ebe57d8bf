"""Plans without tables: labelled lines ("Ansvarig: …") as tables; lists are read in `listed.py`.

Whoever writes a plan as running text labels what the columns of a table would be called. Such lines
become rows of a table that stands outside the others (number 0, a row's number its paragraph's),
and are understood as every other table.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from intake.documents import Cell, Document, Paragraph, Table
from intake.plan.charts import made_plain
from intake.plan.front_page import is_about_plan
from intake.plan.heading_words import DATE_ROLES, Synonyms, role_of
from intake.plan.headings import headings_in
from intake.plan.listed import with_lists
from models.plan_shape import Role

_LABEL = re.compile(
    r"^(?P<label>[^\W\d_][\w /-]{1,40}?)\s*"
    r"(?:(?P<number>\d{1,2}(?:\.\d{1,2})*)?\s*[:–]|\d{1,2}\.(?=\s+[A-ZÅÄÖ]))\s*"
)
_NEXT_LABEL = re.compile(r"(?<=[.;|])\s+(?=[A-ZÅÄÖ][\wåäö /-]{1,30}:\s)")
_SECTION = re.compile(
    r"(?:prioriterat |övergripande )?(?:del)?(?:mål|(?:fokus|mål|insats)?område) ?\d"
    r"|(?:aktivitet|insats|åtgärd|uppdrag) ?\d{1,2}[.:]?$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 40  # signs
_BOX = re.compile(r"\s*[☐☒☑✓✔✗🗹□■\[]")
_UNLABELLED = "Beskrivning"  # what a paragraph under an activity's heading stands as


@dataclass(slots=True)
class _Card:
    """One activity as labelled lines."""

    paragraph: Paragraph
    words: dict[str, str]  # by label
    roles: set[Role]


def with_text_as_tables(document: Document, synonyms: Synonyms | None) -> Document:
    """The document with its labelled text as tables; lists only where no table is a plan."""
    has_plan = has_plan_in(document, synonyms)
    blocks: list[Paragraph | Table] = []
    run: list[Paragraph] = []
    for block in [*document.blocks, None]:
        if isinstance(block, Paragraph):
            run.append(block)
            continue
        blocks += _in_run(run, synonyms, lists=not has_plan)
        run = []
        blocks += [block] if block else []
    return replace(document, blocks=blocks)


def has_plan_in(document: Document, synonyms: Synonyms | None) -> bool:
    """Has any table of the document the headings of a plan?"""
    return any(
        headings_in(made_plain(table), synonyms) is not None
        for table in document.tables
        if not table.hidden
    )


def _in_run(
    run: Sequence[Paragraph], synonyms: Synonyms | None, *, lists: bool
) -> list[Paragraph | Table]:
    """A run of paragraphs, cards and lists in it as tables."""
    run = _labels_joined(run, synonyms)
    labelled = list(_cards(run, synonyms, headed=_headed(run, synonyms) if lists else frozenset()))
    if any(isinstance(one, _Card) for one in labelled):
        return _tables_of_cards(labelled)
    return list(with_lists(run, synonyms)) if lists else list(run)


def _labels_joined(run: Sequence[Paragraph], synonyms: Synonyms | None) -> Sequence[Paragraph]:
    """ "Ansvarig" on a line of its own over "Bob Ask", as one labelled line: cards say so again.

    Said once, "Mål", "Ansvar" and "Uppföljning" are the headings of a text.
    """
    roles = [_role_alone(run, at, synonyms) for at in range(len(run))]
    who, when = roles.count(Role.RESPONSIBLE), sum(role in DATE_ROLES for role in roles)
    if min(who, when) < 2:
        return run
    joined: list[Paragraph] = []
    label = ""
    for paragraph, role in zip(run, roles, strict=True):
        if role:
            label = paragraph.text.strip(" :")
            continue
        text = f"{label}: {paragraph.text}" if label else paragraph.text
        joined.append(replace(paragraph, text=text, heading=paragraph.heading and not label))
        label = ""
    return joined


def _role_alone(run: Sequence[Paragraph], at: int, synonyms: Synonyms | None) -> Role | None:
    """What a paragraph that is a label alone, over one that is none, says."""
    one, other = run[at], run[at + 1] if at + 1 < len(run) else None
    if other is None or one.title or one.bullet or other.heading or len(one.text) > _LONGEST_LABEL:
        return None
    short = one.heading or one.text.endswith(":")
    role = role_of(one.text.strip(" :"), synonyms) if short else None
    return None if role and role_of(other.text.strip(" :"), synonyms) else role


def _headed(run: Sequence[Paragraph], synonyms: Synonyms | None) -> frozenset[int]:
    """The numbers of those headings that are activities: labels under them say who and when.

    One alone, first in its text, is the plan's title over facts about it.
    """
    found = [at for at, one in enumerate(run) if one.heading and _is_headed(run, at, synonyms)]
    within = [at for at in found if any(over.heading for over in run[:at])]
    kept = found if len(found) > 1 else within
    return frozenset(run[at].number for at in kept)


def _is_headed(run: Sequence[Paragraph], at: int, synonyms: Synonyms | None) -> bool:
    """Do labelled lines alone stand under this heading, and do they say who or when, and more?"""
    head = run[at]
    if head.title or _LABEL.match(head.text) or _SECTION.match(head.text):
        return False
    if is_about_plan(head.text):
        return False
    roles: set[Role] = set()
    for paragraph in run[at + 1 :]:
        labelled = [_role_of_line(line, synonyms) for line in _lines(paragraph, synonyms)]
        if paragraph.heading and not labelled[0]:
            break
        if not labelled[0] and (paragraph.bullet or any(labelled) or _BOX.match(paragraph.text)):
            return False  # an activity itself, with labels behind it
        roles |= {role for role in labelled if role}
    told = roles & {Role.RESPONSIBLE, Role.START, Role.DEADLINE, Role.PERIOD}
    return Role.WHAT not in roles and bool(told) and len(roles) > 1


def _role_of_line(line: str, synonyms: Synonyms | None) -> Role | None:
    label = _LABEL.match(line)
    return role_of(label["label"], synonyms) if label else None


def _cards(
    run: Sequence[Paragraph], synonyms: Synonyms | None, *, headed: frozenset[int]
) -> Iterator[_Card | Paragraph]:
    """Cards begin with what is done; what follows under other labels belongs to them."""
    card: _Card | None = None
    for paragraph in run:
        if paragraph.number in headed:
            yield from _closed(card)
            card = _Card(paragraph, {"Aktivitet": paragraph.text}, {Role.WHAT})
            continue
        for line in _lines(paragraph, synonyms):
            label = _LABEL.match(line)
            role = role_of(label["label"], synonyms) if label else None
            rest = line[label.end() :].strip() if label else ""
            goes_on = not label and not _SECTION.match(line)
            if role is Role.WHAT and rest:
                yield from _closed(card)
                card = _Card(paragraph, {"Aktivitet": rest}, {Role.WHAT})
            elif card and card.paragraph.heading and len(card.words) == 1 and not label:
                card.words[_UNLABELLED] = line
                card.roles.add(Role.HOW)
            elif card and label and role and role is not Role.GOAL:
                card.words[label["label"]] = rest
                card.roles.add(role)
            elif card and not paragraph.heading and len(card.words) > 1 and goes_on:
                last = next(reversed(card.words))
                card.words[last] = f"{card.words[last]}\n{line}".strip()
            else:
                yield from _closed(card)
                card = None
                yield replace(paragraph, text=line)
    yield from _closed(card)


def _lines(paragraph: Paragraph, synonyms: Synonyms | None) -> list[str]:
    """The lines of a paragraph; "Ansvarig: Anna. Klart: maj." are two."""
    lines: list[str] = []
    for line in paragraph.text.split("\n"):
        parts = _NEXT_LABEL.split(line)
        known = [role_of(part.split(":")[0], synonyms) for part in parts[1:]]
        cut = [parts[0], *(part.rstrip(" ;|.") for part in parts[1:])]
        lines += cut if all(known) and known else [line]
    return lines


def _closed(card: _Card | None) -> Iterator[_Card | Paragraph]:
    """A card, if it says enough to be one; else it was a line like others."""
    if card and len(card.roles) >= 3 and (card.roles - {Role.WHAT, Role.HOW}):
        yield card
    elif card:
        for label, words in card.words.items():
            told = words if label == _UNLABELLED else f"{label}: {words}"
            yield replace(card.paragraph, text=told)


def _tables_of_cards(parts: Sequence[_Card | Paragraph]) -> list[Paragraph | Table]:
    blocks: list[Paragraph | Table] = []
    cards: list[_Card] = []
    for part in [*parts, None]:
        if isinstance(part, _Card):
            cards.append(part)
            continue
        if cards:
            blocks.append(_table_of_cards(cards))
            cards = []
        blocks += [part] if part else []
    return blocks


def _table_of_cards(cards: Sequence[_Card]) -> Table:
    labels = list(dict.fromkeys(label for card in cards for label in card.words))
    head = cards[0].paragraph.number - 1
    rows = [_row(labels, head, 0)]
    for card in cards:
        words = [card.words.get(label, "") for label in labels]
        rows.append(_row(words, card.paragraph.number, card.paragraph.page))
    return Table(0, rows)


def _row(words: Sequence[str], number: int, page: int) -> list[Cell]:
    return [Cell(text, number, column, page=page) for column, text in enumerate(words, 1)]
