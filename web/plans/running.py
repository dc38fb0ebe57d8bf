"""Planen pågår redan: one table in which a plan that is already going gets its true states.

What the file says stands at the top, each wording once, with the state that it means; below is a
row for each activity, for what differs. Everything is one form that works without JavaScript. What
a row says that cannot be true comes back at its row; all other rows are saved meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from config import policy
from intake.lives import running
from intake.lives.running import Alike, Row
from models.database import reading, transaction
from models.group import Group
from models.moves import Refused
from models.plan import Plan
from models.undoing import batch_of
from rules.running import STANDINGS
from web.forms import read_form
from web.page import mover_of, settings_of, show, today_of
from web.people.register import group_choices
from web.sent import existing

router = APIRouter()
MOST_FIELDS = 40_000  # of the largest plan that is read in


async def _table(request: Request) -> dict[str, str]:
    sent = await read_form(request, max_fields=MOST_FIELDS)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


@dataclass(frozen=True, slots=True)
class Came:
    """What came of the table: sentences about all of it, by row, and what was registered."""

    problems: Sequence[str] = ()
    refused: Mapping[int, Sequence[tuple[str, str]]] = field(default_factory=dict)
    done: Sequence[str] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    batch: str = ""  # what was registered, to take it back by
    taken: Sequence[str] = ()  # rows that somebody had given a state meanwhile

    @property
    def of_all(self) -> list[str]:
        """What is wrong with the day that is said of many rows, each sentence once."""
        told = [pair for wrong in self.refused.values() for pair in wrong]
        return list(dict.fromkeys(words for name, words in told if name == running.STARTED_ALL))

    @property
    def status(self) -> int:
        """How the page with the table answers."""
        return 422 if self.problems or self.refused else 200


@router.get("/planer/{plan_id}/pagar")
def table(request: Request, plan_id: int, klara: str = "", gjort: str = "") -> HTMLResponse:
    """The rows that are still Föreslagen; after a save, how many were registered."""
    done = int(klara) if klara.isdecimal() and len(klara) < 6 else 0
    return _page(request, plan_id, Came(batch=gjort), done)


@router.post("/planer/{plan_id}/pagar")
def take(
    request: Request, plan_id: int, given: Annotated[dict[str, str], Depends(_table)]
) -> Response:
    """Register what the table says; or only show what it would be."""
    if given.get("gor") == "visa":
        return _page(request, plan_id, Came(given=given))
    settings, today, mover = settings_of(request), today_of(request), mover_of(request)
    try:
        with transaction(settings) as session:
            existing(session, Plan, plan_id)
            with session.begin_nested() as trial:
                decided = running.decision_of(session, plan_id)
                if decided is None or given.get("decided_on"):
                    decided = running.take_decision(session, plan_id, given, mover, today=today)
                came = running.register(
                    session,
                    plan_id,
                    given,
                    decided,
                    mover_of(request, "i efterhand"),
                    today=today,
                    promises=policy.load(settings.home),
                )
                if not came.states:  # nothing is saved, the decision neither
                    trial.rollback()
            names = running.in_words(session, [*came.states, *came.taken])
            batch = str(batch_of(session, today))
    except Refused as refused:
        return _page(request, plan_id, Came(refused.sentences, given=given))
    if not came.refused and not came.taken:
        told = f"klara={len(came.states)}&gjort={batch}"
        return RedirectResponse(f"/planer/{plan_id}/pagar?{told}", 303)
    done = [f"{names[id_]}: {state.value}" for id_, state in came.states.items()]
    taken = [f"{names[id_]}: {state.value}" for id_, state in came.taken.items()]
    left, batch = (_left(given), batch) if done else (given, "")
    return _page(request, plan_id, Came((), came.refused, done, left, batch, taken))


def _left(given: Mapping[str, str]) -> dict[str, str]:
    """What stays in the form when some rows were saved: all but the decision, which is on file."""
    return {name: words for name, words in given.items() if not name.startswith("deci")}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table, with the state that the table gives it as it is filled in."""

    row: Row
    becomes: str
    wrong: Mapping[str, str]


def _page(request: Request, plan_id: int, came: Came, done: int = 0) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        plan = existing(session, Plan, plan_id)
        rows = running.rows_of(session, plan_id)
        groups = running.alike(rows, running.taught_in(session, plan.collaboration_id))
        values = {
            "plan": plan,
            "decided": running.decision_of(session, plan_id),
            "all_groups": group_choices(session, [plan.collaboration_id]),
            "owner": session.get_one(Group, plan.group_id).name,
            "known": _known(session, plan),
            "alike": groups,
            "any_proposal": any(group.proposal for group in groups),
            "lines": [_line(row, groups, came) for row in rows],
            "lacks": _lacks(rows),
            "standings": STANDINGS,
            "came": came,
            "given": came.given,
            "registered": done,
        }
    return show(request, "plan_running.html", f"Pågår redan: {plan.title}", values, came.status)


def _line(row: Row, groups: Sequence[Alike], came: Came) -> Line:
    group = next(group for group in groups if row.id in group.rows)
    common = {k: v for k, v in came.given.items() if k != f"standing_{row.id}"}
    standing = running.standing_of(row, group, common)
    wrong: dict[str, str] = {}
    for name, sentence in came.refused.get(row.id, ()):
        if name == running.STARTED_ALL:
            continue  # told once, where it was written
        wrong[name] = f"{wrong.get(name, '')} {sentence}".strip()
    return Line(row, standing.words if standing else "", wrong)


def _lacks(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """What rows lack, and how many of them: "ansvarig", 5."""
    counted: dict[str, int] = {}
    for row in rows:
        for words in row.lacks:
            counted[words] = counted.get(words, 0) + 1
    return list(counted.items())


def _known(session: Session, plan: Plan) -> list[str]:
    """The groups that can be named as responsible, for the list of suggestions."""
    return [name for _, name in group_choices(session, [plan.collaboration_id])]
