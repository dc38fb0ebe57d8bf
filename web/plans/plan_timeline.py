"""What has been changed in a plan and its goals, as lines that people read, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from models.standing import Adopted, GoalStanding, OnFile, PlanChanged, PlanStanding
from rules.wording import day_in_words
from web.activities.timeline import taken_back


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: the day, who made it, and a line for each thing that became different."""

    day: date
    at: datetime
    by: str
    reason: str
    lines: tuple[str, ...]
    key: str = ""  # what it is taken back by
    undone: str = ""  # who took it back, and when
    came: bool = False  # the plan itself came with it


_LABELS = {
    "title": "Namn",
    "group_id": "Grupp",
    "parent_id": "Överordnad plan",
    "first_day": "Från och med",
    "last_day": "Till och med",
    "adopted_on": "Fastställd",
    "purpose": "Syfte",
    "target_group_words": "Om målgrupperna",
    "target_groups": "Målgrupper",
    "goal_words": "Ord för målen",
    "cap": "Tak",
    "funding_text": "Medel",
    "funding_amount": "Medel i kronor",
    "funding_last": "Medlens sista dag",
    "adopted_by": "Antagen av",
}


def story(file: OnFile, groups: Mapping[int, str], plans: Mapping[int, str]) -> list[Edit]:
    """Every edit of a plan, newest first; what was written at one moment is one edit."""
    edits: list[Edit] = []
    for change in file.plan_changes:
        lines = tuple(_lines(change, file, groups, plans))
        last = edits[-1] if edits else None
        if last and (last.at, last.by) == (change.at, change.by):
            edits[-1] = replace(last, lines=(*last.lines, *lines))
        elif lines:
            edits.append(_edit(change, lines))
    return edits[::-1]


def _edit(change: PlanChanged, lines: tuple[str, ...]) -> Edit:
    undone = taken_back(*change.undone) if change.undone else ""
    came = change.goal_id is None and change.before is None
    told = (change.on_day, change.at, change.by, change.reason, lines)
    return Edit(*told, key=change.key, undone=undone, came=came)


def _lines(
    change: PlanChanged, file: OnFile, groups: Mapping[int, str], plans: Mapping[int, str]
) -> list[str]:
    before, after = change.before, change.after
    if isinstance(before, GoalStanding) or isinstance(after, GoalStanding):
        assert not isinstance(before, PlanStanding)
        assert not isinstance(after, PlanStanding)
        return _goal_lines(before, after, file)
    if before is None or after is None:
        return ["Planen lades in"]
    names = {"group_id": groups, "parent_id": plans}
    differing = [
        (field.name, getattr(before, field.name), getattr(after, field.name))
        for field in fields(PlanStanding)
        if field.name in _LABELS and getattr(before, field.name) != getattr(after, field.name)
    ]
    return [
        f"{_LABELS[name]}: {_said(was, names.get(name), groups)} → "
        f"{_said(becomes, names.get(name), groups)}"
        for name, was, becomes in differing
    ]


def _goal_lines(before: GoalStanding | None, after: GoalStanding | None, file: OnFile) -> list[str]:
    if before is None:
        return [f"Nytt mål: {after.text}"] if after else []
    if after is None:
        return [f"Målet togs bort: {before.text}"]
    lines = []
    if before.text != after.text:
        lines.append(f"Mål: {before.text} → {after.text}")
    if before.called != after.called:
        lines.append(f"”{after.text}” kallas: {before.called or '–'} → {after.called or '–'}")
    if before.parent_id != after.parent_id:
        above = file.goals.get(after.parent_id) if after.parent_id else None
        place = f"under ”{above.text}”" if above else "överst"
        lines.append(f"Målet ”{after.text}” flyttades: {place}")
    elif before.position != after.position and not lines:
        lines.append(f"Målet ”{after.text}” fick en annan plats i ordningen")
    return lines


def _said(value: Any, names: Mapping[int, str] | None, groups: Mapping[int, str]) -> str:  # noqa: ANN401
    match value:
        case None | "" | ():
            return "–"
        case date():
            return day_in_words(value)
        case int() if names is not None:
            return names.get(value, str(value))
        case tuple():
            return ", ".join(_said_one(one, groups) for one in value)
        case _:
            return ", ".join(str(value).splitlines())


def _said_one(one: Any, groups: Mapping[int, str]) -> str:  # noqa: ANN401 - a name or an adoption
    if not isinstance(one, Adopted):
        return str(one)
    return f"{groups.get(one.group_id, '')} {day_in_words(one.on)} {one.reference}".strip()
