"""Cards under headings: the heading is what is done, and the card says who, when and how.

"Rehab före operation" over a table of two columns, Ansvarig and a name, Klart and a day. It has no
row for what is done, so the heading is told as one, and a text between them as what it says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.documents import Cell, Document, Paragraph, Table, unique_cells
from intake.plan.front_page import is_about_plan
from intake.plan.heading_words import DATE_ROLES, Synonyms, role_of
from intake.plan.headings import headings_in
from intake.plan.sections import LABELLED
from models.plan_shape import Role

_ROWS = 30  # no card is longer
_FEWEST = 3  # labels
_LONGEST_NAME = 150  # signs of a heading that is what is done
_TEXTS = 3  # paragraphs between a heading and its card
_NUMBERED = re.compile(
    r"^(?:aktivitet|insats|åtgärd|uppdrag|uppgift)(?:skort|sblad)?\s*(?:nr\.?\s*)?\d{0,3}\s*"
    r"(?:av \d{1,3})?\s*(?:[:.–-]\s*|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Card:
    """Where a card and its heading stand among the blocks, and what they say."""

    heading: int
    table: int
    what: str
    pairs: list[tuple[Cell, Cell]]


def with_names(document: Document, synonyms: Synonyms | None = None) -> Document:
    """The document with each card under a heading as a table of one activity, the heading in it.

    One alone is a table of facts, under the first heading of the file or beside a plan.
    """
    cards = _cards(document.blocks, synonyms)
    if not cards or (len(cards) == 1 and _is_of_facts(cards[0], document, synonyms)):
        return document
    by_table = {card.table: card for card in cards}
    taken = {at for card in cards for at in range(card.heading, card.table)}
    blocks: list[Paragraph | Table] = []
    for at, block in enumerate(document.blocks):
        card = by_table.get(at)
        if card and isinstance(block, Table):
            texts = document.blocks[card.heading + 1 : at]
            said = [one.text for one in texts if isinstance(one, Paragraph)]
            blocks.append(_named(block, card, said, synonyms))
        elif at not in taken:
            blocks.append(block)
    return replace(document, blocks=blocks)


def _is_of_facts(card: _Card, document: Document, synonyms: Synonyms | None) -> bool:
    headings = (
        at
        for at, block in enumerate(document.blocks)
        if isinstance(block, Paragraph) and block.heading
    )
    if card.heading <= next(headings, -1):
        return True
    return any(headings_in(table, synonyms) for table in document.tables if table.rows)


def _cards(blocks: Sequence[Paragraph | Table], synonyms: Synonyms | None) -> Sequence[_Card]:
    found = []
    for at, block in enumerate(blocks):
        pairs = _pairs(block, synonyms) if isinstance(block, Table) else []
        if not pairs:
            continue
        heading = _heading_over(blocks, at)
        over = blocks[heading] if heading >= 0 else None
        if isinstance(over, Paragraph) and (what := _what(over)):
            found.append(_Card(heading, at, what, pairs))
    return found


def _heading_over(blocks: Sequence[Paragraph | Table], at: int) -> int:
    """Where the heading over a table stands, with at most a short text between; -1 = nowhere."""
    for place in range(at - 1, max(at - 2 - _TEXTS, -1), -1):
        block = blocks[place]
        if not isinstance(block, Paragraph) or block.bullet:
            return -1
        if block.heading:
            return place
    return -1


def _what(heading: Paragraph) -> str:
    """What is done, as a heading says it; "" where it names a goal, the plan or nothing."""
    words = _NUMBERED.sub("", " ".join(heading.text.split())).strip(" :")
    named = len(words) <= _LONGEST_NAME and not LABELLED.match(heading.text)
    return words if named and words and not is_about_plan(words) else ""


def _pairs(table: Table, synonyms: Synonyms | None) -> list[tuple[Cell, Cell]]:
    """The labels of a card that says who or when and more, but not what, each with its words."""
    if table.hidden or table.name or not table.number or len(table.rows) > _ROWS:
        return []
    rows = [list(unique_cells(row)) for row in table.rows]
    if any(len(row) > 2 for row in rows) or not all(row[0].text for row in table.rows):
        return []
    pairs = [(row[0], row[1] if len(row) > 1 else replace(row[0], text="")) for row in rows]
    roles = [role_of(label.text.strip(" :"), synonyms) for label, _ in pairs]
    known = {role for role in roles if role}
    who_or_when = known & {Role.RESPONSIBLE, *DATE_ROLES}
    if Role.WHAT in known or not who_or_when or len(known) < _FEWEST:
        return []
    if roles.count(None) * 3 > len(roles) or role_of(pairs[0][1].text, synonyms):
        return []  # too much of something else, or headings over two columns
    return pairs


def _named(table: Table, card: _Card, texts: list[str], synonyms: Synonyms | None) -> Table:
    """The card as a row of labels and a row of words, with what is done first."""
    number = table.rows[0][0].row
    page = card.pairs[0][0].page
    told = [("Aktivitet", Cell(card.what, number, 0, page=page))]
    roles = {role_of(label.text.strip(" :"), synonyms) for label, _ in card.pairs}
    if texts:
        label = "Kommentar" if Role.HOW in roles else "Beskrivning"
        told.append((label, Cell("\n".join(texts), number, 0, page=page)))
    told += [(label.text.strip(" :"), words) for label, words in card.pairs]
    heads = [Cell(label, number, at, page=page) for at, (label, _) in enumerate(told, 1)]
    words = [
        replace(cell, row=number, column=at, merged_from=None)
        for at, (_, cell) in enumerate(told, 1)
    ]
    return replace(table, rows=[heads, words])
