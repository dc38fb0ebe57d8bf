"""One row of a plan under its headings, and the several activities that may share a row.

People write two activities in one row by leaving a blank line in its cells. Which rows there are is
the work of `layout.py`, what their words mean that of `plans.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from intake.documents import Cell
from intake.drafts import Source
from intake.headings import DATE_ROLES, Headings, Role

_KEEPS = (Role.GOAL, Role.FOCUS_AREA)  # one for all activities of a row
_SHORT_ROLES = (Role.START, Role.DEADLINE, Role.PERIOD, Role.RESPONSIBLE, Role.STATUS)
_SAID_ONCE = (Role.STATUS, Role.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The words of one row by what they are, with the sections above it filled in."""

    headings: Headings
    source: Source
    texts: Mapping[Role, str]
    cells: Mapping[Role, Cell]
    own_goal: bool = False
    doubts: tuple[str, ...] = ()

    def text(self, role: Role) -> str:
        """The words under a heading, or ""."""
        return self.texts.get(role, "")

    def cell(self, role: Role) -> Cell | None:
        """The cell under a heading, for what is not words alone."""
        return self.cells.get(role)

    def parts(self) -> list["PlanRow"]:
        """The row as one activity, or as several where its cells are cut by blank lines alike."""
        count = self._count()
        if count < 2:
            mixed = [role for role in (Role.WHAT, Role.HOW) if len(_groups(self.text(role))) > 1]
            doubt = "Raden kan rymma flera aktiviteter: cellerna har blankrader."
            return [replace(self, doubts=(*self.doubts, doubt)) if len(mixed) > 1 else self]
        return [self._part(at, count) for at in range(count)]

    def _count(self) -> int:
        """How many activities the row holds: a short cell and another must agree on it."""
        groups = {role: len(_groups(text)) for role, text in self.texts.items()}
        for count in sorted(set(groups.values()) - {0, 1}, reverse=True):
            cut = [role for role, has in groups.items() if has == count and role not in _KEEPS]
            lines = [
                role
                for role in DATE_ROLES
                if role not in cut and len(self.text(role).split("\n")) == count
            ]
            if len(cut) + len(lines) > 1 and any(role in _SHORT_ROLES for role in cut + lines):
                return count
        return 1

    def _part(self, at: int, count: int) -> "PlanRow":
        texts: dict[Role, str] = {}
        told_once = []
        for role, text in self.texts.items():
            groups = _groups(text)
            lines = text.split("\n")
            if len(groups) == count:
                texts[role] = groups[at]
            elif role in _SHORT_ROLES and len(groups) == 1 and len(lines) == count:
                texts[role] = lines[at].strip()
            elif role in _SAID_ONCE:
                texts[role] = text if at == 0 else ""
                told_once += [text] if text else []
            else:
                texts[role] = text
        cells = {
            role: cell
            if cell.text == texts.get(role)
            else replace(cell, text=texts[role], value=None)
            for role, cell in self.cells.items()
        }
        doubts = [f"En rad är delad i {count} aktiviteter; detta är nummer {at + 1}."]
        if told_once:
            doubts.append(
                f"”{short(told_once[0])}” står en gång i raden och är lagt på den första."
            )
        return replace(self, texts=texts, cells=cells, doubts=(*self.doubts, *doubts))


def by_role(headings: Headings, row: list[Cell]) -> tuple[dict[Role, str], dict[Role, Cell]]:
    """The row's words by role; a cell merged over two columns belongs to the left one."""
    texts: dict[Role, str] = {}
    cells: dict[Role, Cell] = {}
    seen: set[tuple[int, int]] = set()
    for cell in row:
        role = headings.roles.get(cell.column)
        if role is None or not cell.text or cell.origin in seen:
            continue
        seen.add(cell.origin)
        texts[role] = f"{texts[role]}\n{cell.text}" if role in texts else cell.text
        cells.setdefault(role, cell)
    return texts, cells


def _groups(text: str) -> list[str]:
    """The parts of a cell that blank lines cut apart, or that are numbered 1, 2, 3."""
    lines = [re.fullmatch(r"(\d{1,2})[.)]\s+(.+)", line) for line in text.split("\n")]
    numbered = [line[2] for at, line in enumerate(lines, 1) if line and int(line[1]) == at]
    if len(numbered) == len(lines) > 1:
        return numbered
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def short(words: str, length: int = 60) -> str:
    """The words on one line, cut to quote them in a sentence."""
    plain = " ".join(words.split())
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"
