"""What is said of a file in which no plan was found: the headings that were seen, and what to do.

A refusal that only says "no headings" leaves her with the file in her hand; one that names what it
saw lets her point at it, once.
"""

import re
from collections.abc import Sequence

from intake.documents import Cell, Document, Refusal, unique_cells
from intake.plan.heading_words import Synonyms, fold, is_aside, nearest, role_of
from intake.plan.headings import HEADING_WITHIN, headings_in
from models.plan_shape import Role

_LONGEST = 60  # signs; a longer cell is no heading
_NAMED = 8  # headings that a refusal names


def no_plan_in(document: Document, synonyms: Synonyms | None) -> Refusal:
    """The answer to a file without activities."""
    name = document.file
    shown = [table for table in document.tables if not table.hidden and table.rows]
    for table in shown:
        found = headings_in(table, synonyms)
        if found:
            heads = ", ".join(list(found[1].told.values())[:_NAMED])
            return Refusal(
                f"{name} has the headings {heads}, and nothing under them; "
                "fill in the rows and try again.",
                f"{name} har rubrikerna {heads}, men inga rader under dem. "
                "Fyll i raderna och försök igen.",
            )
    heads_seen = headings_seen(document)
    wanted = "headings such as Aktivitet, Ansvarig and Deadline"
    if not heads_seen:
        return Refusal(
            f"{name} has no table with {wanted}; add a heading row and try again.",
            f"{name} har ingen tabell med rubriker som Aktivitet, Ansvarig och Deadline. "
            "Lägg till en rubrikrad och försök igen.",
        )
    listed = ", ".join(heads_seen[:_NAMED])
    like = _nearest_of(heads_seen)
    like_en = f" {like[0]!r} is like {like[1]!r}." if like else ""
    like_sv = f" ”{like[0]}” liknar ”{like[1]}”." if like else ""
    return Refusal(
        f"{name} has no table with {wanted}. The headings seen are: {listed}.{like_en} "
        f'Say what they hold: --columns "{heads_seen[0]}=what,…" '
        f"({', '.join(role.value for role in Role)}).",
        f"{name} har ingen tabell med rubriker som Aktivitet, Ansvarig och Deadline. "
        f"De rubriker som finns är: {listed}.{like_sv} Skriv om rubrikerna i filen, till exempel "
        "till Aktivitet, Ansvarig och Klart senast, och försök igen.",
    )


def headings_seen(document: Document) -> list[str]:
    """The words of the row that looks most like headings, in the table with the most rows."""
    tables = [table for table in document.tables if not table.hidden and len(table.rows) > 1]
    for table in sorted(tables, key=lambda table: -len(table.rows)):
        rows = [row for row in table.rows[:HEADING_WITHIN] if _may_be(row)]
        if rows:
            best = max(rows, key=lambda row: len(list(unique_cells(row))))
            return [cell.text for cell in unique_cells(best)]
    return []


def _may_be(row: Sequence[Cell]) -> bool:
    cells = list(unique_cells(list(row)))
    short = all(len(cell.text) <= _LONGEST and cell.value is None for cell in cells)
    words = sum(_says(cell.text) for cell in cells)
    return words > 1 and short and len({cell.text for cell in cells}) == len(cells)


def _says(text: str) -> bool:
    """A word, or a sign that stands for one (👤 over names)."""
    sign = bool(fold(text)) and not re.search(r"\w", text)
    return sign or bool(re.search(r"[^\W\d_]{3}", text))


def _nearest_of(heads: Sequence[str]) -> tuple[str, str] | None:
    """The first heading that nobody knows and that is like a known one, with that one."""
    for heading in heads:
        if role_of(heading) is None and not is_aside(heading) and (known := nearest(heading)):
            return heading, known
    return None
