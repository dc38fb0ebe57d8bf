"""`foljsam plan show`: a plan as it is, or as it stood at the end of any day."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import typer
from rich.table import Table
from sqlalchemy import select
from sqlmodel import Session

from cli.console import Wrong, out
from config.settings import Settings
from models.columns import c
from models.database import reading
from models.group import Group
from models.plan import Plan
from models.standing import ActivityStanding, whole
from rules.history import Then, now, plan_on
from rules.wording import period_in_words


def show(settings: Settings, plan: str, day: date | None, *, as_json: bool) -> None:
    """Print a plan with its goals and activities, as it is or as it stood on a day."""
    plan_id, then = _stood(settings, plan, day)
    if as_json:
        with reading(settings) as session:
            groups = dict(session.execute(select(c(Group).id, c(Group).name)).tuples().all())
        typer.echo(json.dumps(_as_json(plan_id, then, day, groups), ensure_ascii=False))
    else:
        _print(then, day)


def _stood(settings: Settings, words: str, day: date | None) -> tuple[int, Then]:
    with reading(settings) as session:
        plan_id = number_of(session, words)
        file = whole(session, plan_id)
    assert file is not None
    then = plan_on(file, day) if day else now(file)
    if then is None:
        raise Wrong(f"The plan {file.plan.title!r} was not on file on {day}.")
    return plan_id, then


def number_of(session: Session, words: str) -> int:
    """The plan that a number or a title names."""
    asked = select(c(Plan).id, c(Plan).title).where(c(Plan).withdrawn_on.is_(None))
    found = those_named(session.execute(asked).tuples().all(), words)
    if not found:
        raise Wrong(f"There is no plan {words!r}. Its title or number is needed.")
    if len(found) > 1:
        numbers = ", ".join(str(id_) for id_ in sorted(found))
        raise Wrong(f"Several plans are called {words!r}. Give the number: {numbers}.")
    return int(found[0])


def those_named(rows: Sequence[tuple[int, str]], words: str) -> list[int]:
    """The plan of that number; else those of that title.

    A title is anybody's to choose: one that reads as a number stands in no other plan's place.
    """
    wanted = words.strip().casefold()
    numbered = [id_ for id_, _ in rows if str(id_) == wanted]
    return numbered or [id_ for id_, title in rows if title.casefold() == wanted]


def _as_json(plan_id: int, then: Then, day: date | None, groups: dict[int, str]) -> dict[str, Any]:
    texts = {number: goal.text for number, goal in then.goals.items()}
    return {
        "id": plan_id,
        "title": then.plan.title,
        "group": groups[then.plan.group_id],
        "on": day.isoformat() if day else None,
        "first_day": _iso(then.plan.first_day),
        "last_day": _iso(then.plan.last_day),
        "adopted": _iso(then.plan.adopted_on),
        "cap": then.plan.cap,
        "target_groups": list(then.plan.target_groups),
        "goals": [
            {"id": number, "text": goal.text, "parent": goal.parent_id}
            for number, goal in then.goals.items()
        ],
        "activities": [_activity_json(each, texts, groups) for each in then.activities],
    }


def _activity_json(
    each: ActivityStanding, goals: dict[int, str], groups: dict[int, str]
) -> dict[str, Any]:
    return {
        "id": each.id,
        "what": each.what,
        "how": each.how,
        "state": each.state.value,
        "group": groups[each.group_id],
        "responsible": list(each.responsible),
        "start": each.start.as_json(),
        "deadline": each.deadline.as_json(),
        "follow_up": each.follow_up,
        "goals": [goals[number] for number in each.goals if number in goals],
        "target_groups": list(each.target_groups),
    }


def _print(then: Then, day: date | None) -> None:
    period = period_in_words(then.plan.first_day, then.plan.last_day)
    title = ", ".join(filter(None, (then.plan.title, period, f"on {day}" if day else "")))
    table = Table(title=title, title_justify="left")
    for heading in ("Id", "What", "State", "Responsible", "Deadline", "Goals"):
        table.add_column(heading, overflow="fold")
    for each in then.activities:
        table.add_row(
            str(each.id),
            each.what,
            each.state.value,
            ", ".join(each.responsible),
            each.deadline.text or ("runs on" if each.deadline.open else ""),
            "; ".join(then.goals[number].text for number in each.goals if number in then.goals),
        )
    out.print(table)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
