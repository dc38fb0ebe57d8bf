"""Is what stands under the plan another table (risks, money, who is told)? It is no activity.

Such a table has as many columns and no heading that a plan has. It is told by the first of its rows
that looks like headings, and by what stands in the plan's columns of days: no day at all.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from intake.documents import Cell, Document, unique_cells
from intake.plan.heading_words import Synonyms, fold
from intake.plan.headings import Headings, heading_row, headings_in
from intake.plan.votes import is_day
from models.plan_shape import Role

_FOREIGN = re.compile(
    r"risk\w*|sannolikhet|konsekvens\w*|riskvarde|sakerhet|orsak|post|belopp|summa|konto|kostnad"
    r"|intakt\w*|antal|pris|budskap|kanal|mottagare|avsandare|sprakrad|indikator|utfall|malvarde"
    r"|basvarde|nulage|kalla|enhet|version|forfattare|namn|roll|funktion|telefon|e ?post|mejl"
    r"|intressent|forvantan|pavarkan|hot|mojlighet|styrka|svaghet|beroende|forutsattning|begrepp"
    r"|totalt?|20\d\d|utgift\w*|kostnadsslag|budgetpost|kostnadspost|finansier\w*(?: av)?"
    r"|avser|anm|ar|forklaring|forkortning|kommentar|anmarkning|typ|malgrupp|budget|varde"
)
_NUMBERS = ("nr", "nummer", "id", "")
_LONGEST = 40  # signs; no heading of such a table is longer
_TITLE = 80  # signs of the line over it
_TITLED = 3  # rows in which a table's headings stand, with a title over them


def is_of_risks(row: Sequence[Cell], headings: Headings | None = None) -> bool:
    """Are these the headings of a list of risks, with measures and owners?

    Under a plan's own `headings`: when those speak of no risks themselves.
    """
    heads = [fold(cell.text) for cell in unique_cells(list(row))]
    named = [words for words in heads if words not in _NUMBERS]
    risky = bool(named and re.match(r"(?:risk|hot)\w*\b", named[0]))
    risky |= any(re.match(r"sannolikhet|probability|likelihood", words) for words in heads)
    own = " ".join(headings.words.values()) if headings else ""
    return len(heads) > 2 and risky and not re.search(r"\brisk|sannolikhet", own)


def risks_above(rows: Sequence[list[Cell]], at: int, synonyms: Synonyms | None) -> int:
    """How many rows, from the one `at`, are of risks that stand over the plan in one sheet."""
    blocks = blocks_apart(rows[at:])
    passed = 0
    for above, block in pairwise(blocks):
        passed += len(above)
        for line, row in enumerate(block[:_TITLED]):
            known = heading_row(row, synonyms, block[line + 1 :])
            if known and not is_of_risks(row):
                return passed
    return 0


def plan_beside(document: Document, synonyms: Synonyms | None) -> bool:
    """Has the document a table of activities that speaks of no risks?"""
    for table in document.tables:
        found = None if table.hidden else headings_in(table, synonyms)
        if found and found[1].has(Role.WHAT) and not is_of_risks(table.rows[found[0]]):
            return True
    return False


def continues(headings: Headings, rows: Sequence[list[Cell]]) -> bool:
    """May these rows stand under the headings, as the next page of their table?"""
    several = [row for row in rows if len(list(unique_cells(row))) > 1]
    return bool(several) and not is_other(headings, several)


def is_other(headings: Headings, rows: Sequence[list[Cell]]) -> bool:
    """Are these rows, the first with their own headings, of another table than these headings'?"""
    if len(rows) < 2:
        return False
    heads = list(unique_cells(rows[0]))
    if not _like_headings(heads):
        return False
    foreign = sum(bool(_FOREIGN.fullmatch(fold(cell.text))) for cell in heads)
    timed = headings.columns(Role.DEADLINE) + headings.columns(Role.START)
    timed += headings.columns(Role.PERIOD)
    said = [cell for row in rows[1:] for cell in row if cell.column in timed and cell.text]
    undated = bool(said) and not any(map(is_day, said))
    return foreign * 2 >= len(heads) or (undated and foreign > 0) or (undated and len(rows) > 2)


def _like_headings(cells: Sequence[Cell]) -> bool:
    """Short words without figures or days, each another."""
    texts = [fold(cell.text) for cell in cells]
    return (
        len(cells) > 1
        and len(set(texts)) == len(texts)
        and all(len(cell.text) <= _LONGEST and cell.value is None for cell in cells)
        and not any(re.search(r"\d", re.sub(r"\b20\d\d\b", "", cell.text)) for cell in cells)
        and not any(text == "" for text in texts)
    )


def _titled_within(block: Sequence[list[Cell]], synonyms: Synonyms | None) -> set[int]:
    """The rows of another table right under the plan: a lone title, foreign headings, and on."""
    for at in range(1, len(block) - 2):
        title, heads = block[at], list(unique_cells(block[at + 1]))
        if len(list(unique_cells(title))) != 1 or len(heads) < 3 or not _like_headings(heads):
            continue
        foreign = sum(bool(_FOREIGN.fullmatch(fold(cell.text))) for cell in heads)
        if foreign * 2 > len(heads) and not heading_row(block[at + 1], synonyms):
            return {row[0].row for row in block[at:]}
    return set()


def blocks_apart(rows: Sequence[list[Cell]]) -> list[list[list[Cell]]]:
    """The rows of a sheet cut where rows are empty."""
    blocks: list[list[list[Cell]]] = []
    for row in rows:
        if blocks and row[0].row <= blocks[-1][-1][0].row + 1:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def others_under(
    headings: Headings, rows: Sequence[list[Cell]], synonyms: Synonyms | None
) -> set[int]:
    """The numbers of those rows that are of other tables, after an empty row; with their titles."""
    found: set[int] = set()
    blocks = blocks_apart(rows)
    title: list[list[Cell]] = []
    for block in blocks:
        found |= _titled_within(block, synonyms)
    for block in blocks[1:]:
        lone = [len(list(unique_cells(row))) == 1 for row in block]
        if all(lone) and len(block) == 1 and len(block[0][0].text or "") <= _TITLE:
            title = block
            continue
        titled = 1 if lone[0] and len(block) > 2 else 0
        known = heading_row(block[titled], synonyms, block[titled + 1 :])
        risks = is_of_risks(block[titled], headings)
        if risks or (not known and is_other(headings, block[titled:])):
            found |= {row[0].row for row in [*title, *block]}
        title = []
    return found
