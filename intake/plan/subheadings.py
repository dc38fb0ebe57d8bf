"""A second row of headings: "Tid" over "Start" and "Slut", "Ansvarig" over columns of crosses.

Which row of a table is its heading row is told in `headings.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.documents import Cell, unique_cells
from intake.plan.heading_words import DATE_ROLES, role_of
from intake.plan.headings import Headings, is_data, spans_in
from intake.plan.votes import is_crossed
from models.plan_shape import Role

_SUBHEADING = 40  # signs; no heading under another is longer
_WHO = (Role.RESPONSIBLE, Role.PARTICIPANTS)


def with_subheadings(headings: Headings, row: list[Cell]) -> Headings | None:
    """The headings with a second row under them ("Tid" over "Start" and "Slut"), if this is one."""
    own = [cell for cell in unique_cells(row) if not cell.from_above]
    spans = spans_in(row)
    for column, year in headings.words.items():  # "2025" over "Q1" to "Q4"
        told = column in spans and not re.search(r"20\d\d", spans[column])
        if told and re.fullmatch(r"20\d\d", year):
            spans[column] = f"{spans[column]} {year}"
    if own and len(spans) == len(own):
        roles = {column: role for column, role in headings.roles.items() if column not in spans}
        return replace(headings, roles=roles, spans=spans, told=_told_below(headings, own))
    below = {cell.column: role_of(cell.text) for cell in own if headings.over_several(cell.column)}
    timed = {at for at in below if headings.roles.get(at) in DATE_ROLES}
    alone = [cell for cell in own if cell.column not in below]
    if any(role_of(cell.text) not in DATE_ROLES for cell in alone):
        return None
    if any(not _over_dates(headings, cell.column) for cell in alone):
        return None
    if not own or any(below[at] not in DATE_ROLES for at in timed) or any(map(is_data, own)):
        return None
    if below and (len(below) < 2 or any(len(cell.text) > _SUBHEADING for cell in own)):
        return None
    dated = {cell.column: role_of(cell.text) for cell in alone} | {at: below[at] for at in timed}
    roles = dict(headings.roles) | {column: role for column, role in dated.items() if role}
    return replace(headings, roles=roles, told=_told_below(headings, own))


def with_parties(
    headings: Headings, row: list[Cell], rows: Sequence[list[Cell]]
) -> Headings | None:
    """ "Kommunen | Regionen" under "Ansvarig" and over crosses: each column is somebody's."""
    own = [cell for cell in unique_cells(row) if not cell.from_above]
    columns = [cell.column for cell in own]
    if len(own) < 2 or headings.roles.get(columns[0]) not in _WHO:
        return None
    for cell in own:
        said = headings.words.get(cell.column, "")
        under = headings.roles.get(cell.column) in _WHO or not said
        if not under or role_of(cell.text) or not is_crossed(cell.column, rows):
            return None
    roles = {column: role for column, role in headings.roles.items() if column not in columns}
    parties = {**headings.parties, **{cell.column: cell.text for cell in own}}
    told = _told_below(headings, own)
    return replace(headings, roles=roles, parties=parties, told=told)


def _over_dates(headings: Headings, column: int) -> bool:
    """Does a heading of days stand over the column, or right to the left of its empty head?"""
    if column in headings.words:
        return headings.roles.get(column) in DATE_ROLES
    return headings.roles.get(column - 1) in DATE_ROLES


def _told_below(headings: Headings, own: list[Cell]) -> dict[int, str]:
    return {**headings.told, **{cell.column: cell.text for cell in own}}
