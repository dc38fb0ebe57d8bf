"""The columns of a file that is read in: what each was taken for, and what she points out instead.

A form brings headings and roles in pairs (`rubrik0`, `kolumn0`); they are own words for this file,
and win over ours. What she shows stands in the form until the plan is saved; then it is kept for
the next file with the same headings (`intake/filing/remembered.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intake.documents import Document, unique_cells
from intake.drafts import PlanDraft
from intake.plan.doubts import NAMES
from intake.plan.heading_words import Synonyms, fold
from intake.plan.refusing import headings_seen
from models.plan_shape import Role

MOST = 64  # columns that a form tells about
ROWS_SHOWN = 6
_KEPT = ("name", "fingerprint", "plan", "title", "group")
SHOWN, FORGET = "visade", "glom"  # she has shown the columns; she wants them read as if she had not
ROLES = [
    (role.value, NAMES[role].capitalize() if role is not Role.NUMBER else "Läs inte in")
    for role in (
        *(Role.WHAT, Role.RESPONSIBLE, Role.START, Role.DEADLINE, Role.PERIOD, Role.GOAL),
        *(Role.FOCUS_AREA, Role.HOW, Role.FOLLOW_UP, Role.STATUS, Role.PARTICIPANTS),
        *(Role.DECIDED_BY, Role.TARGET_GROUP, Role.FUNDING, Role.NUMBER),
    )
]  # the choices of a menu, as they are sent and as they are shown


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and the role it has ("" = not known)."""

    heading: str
    role: str


def pointed_out(fields: Mapping[str, str]) -> Synonyms:
    """What she says of the columns, as own words; nonsense says nothing."""
    told: dict[str, Role] = {}
    for at in range(MOST):
        heading, role = fields.get(f"rubrik{at}", ""), fields.get(f"kolumn{at}", "")
        if fold(heading) and role in set(Role):
            told[fold(heading)] = Role(role)
    return told


def without_what_was_typed(fields: Mapping[str, str]) -> dict[str, str]:
    """The form as it is after columns were pointed out: what was typed of rows is of other rows."""
    left = {
        name: words
        for name, words in fields.items()
        if name in _KEPT or name.startswith(("kolumn", "rubrik"))
    }
    return left | {SHOWN: "ja"}


def as_if_never_shown(fields: Mapping[str, str]) -> dict[str, str]:
    """The form as it is when the file is to be read without anything that was shown of it."""
    return {name: words for name, words in fields.items() if name in _KEPT} | {FORGET: "ja"}


def columns_of(draft: PlanDraft) -> list[Column]:
    """The columns of the plan's table, as they were understood."""
    told = draft.shape.columns if draft.shape else ()
    return [Column(one.heading, one.role.value if one.role else "") for one in told[:MOST]]


def columns_seen(document: Document, fields: Mapping[str, str]) -> list[Column]:
    """The columns of a file where no plan was found, with what she has said of them so far."""
    said = pointed_out(fields)
    heads = headings_seen(document)[:MOST]
    return [
        Column(heading, said[fold(heading)].value if fold(heading) in said else "")
        for heading in heads
    ]


def first_rows(document: Document, columns: Sequence[Column]) -> list[list[str]]:
    """The first rows under those headings, to point by."""
    heads = [column.heading for column in columns]
    for table in document.tables:
        for at, row in enumerate(table.rows):
            cells = list(unique_cells(row))
            if [cell.text for cell in cells][:MOST] == heads:
                places = [cell.column for cell in cells][:MOST]
                return [
                    [next((c.text for c in below if c.column == place), "") for place in places]
                    for below in table.rows[at + 1 : at + 1 + ROWS_SHOWN]
                ]
    return []
