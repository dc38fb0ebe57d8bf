"""When a move was: the day it happened, the day it was registered, and the day it counts from.

A meeting's decision of January is often written down in May. History and reports tell the day it
happened; who registered it, and when, is kept beside. A period that has been reported is not
changed afterwards, so what comes after its cut-off counts from the day it was registered: once, in
the next report. Which day that is, whoever moves says (`rules/periods.py`, `counts_from`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from models.columns import c
from models.decision import Decision
from models.lifecycle import Brought
from models.statements import among, run
from models.undoing import standing


@dataclass(frozen=True, slots=True)
class When:
    """The days of a move. `named`: somebody said which day it happened, so it can be wrong."""

    happened: date
    counts: date
    registered: date
    named: bool = False

    @property
    def late(self) -> bool:
        """Was it registered after it happened?"""
        return self.happened < self.registered or self.counts < self.registered


def when(on: Connection, brought: Brought, today: date) -> When:
    """The day that somebody says; else the decision's; else today."""
    counts = brought.counts_on or today
    if brought.happened_on is not None:
        return When(brought.happened_on, counts, today, named=True)
    if brought.decision_id is None:
        return When(today, counts, today)
    asked = select(c(Decision).decided_on).where(c(Decision).id == brought.decision_id)
    decided_on = on.execute(asked).scalar() or today
    return When(min(decided_on, today), counts, today)


def wrong_days(
    on: Connection, ids: Sequence[int], brought: Brought, said: When
) -> dict[int, list[str]]:
    """Sentences for the activities that a move cannot have happened to on the day that is said."""
    if not said.named:
        return {}
    words = _BEFORE.format(among=among(on))
    found = {}
    for id_, before, adopted in run(on, words, {"ids": list(ids)}):
        # What a group decided, it decided, also before the whole plan was adopted.
        plan = None if brought.decision_id is not None else _day(adopted)
        sentences = not_that_day(said, _day(before), plan)
        if sentences:
            found[int(id_)] = sentences
    return found


def not_that_day(said: When, before: date | None, plan_adopted: date | None) -> list[str]:
    """Why a move cannot have happened on a day: it lies ahead, or before what came before it."""
    day = said.happened
    if day > said.registered:
        return [f"Dagen {day} har inte varit än. Skriv den dag då det hände."]
    if before is not None and day < before:
        return [
            f"Dagen {day} är före det som hände närmast innan, {before}. Skriv den dagen eller "
            "en senare."
        ]
    if plan_adopted is not None and day < plan_adopted:
        return [
            f"Dagen {day} är före planens beslut, {plan_adopted}. Skriv den dagen eller en senare."
        ]
    return []


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


# The last thing that happened to each; that it was put on file is no such thing, since a plan may
# have run for months by then.
LATEST = f"""(SELECT p.happened_on FROM move p
        WHERE p.activity_id = a.id AND p.move <> 'föreslå' AND {standing("p")}
        ORDER BY p.id DESC LIMIT 1)"""  # noqa: S608 - own words
_BEFORE = f"""
    SELECT a.id, {LATEST},
           coalesce(plan.adopted_on, (SELECT min(d.adopted_on) FROM adoption d
                                      WHERE d.plan_id = plan.id))
    FROM activity a JOIN plan ON plan.id = a.plan_id
    WHERE a.id {{among}}"""  # noqa: S608 - own words
