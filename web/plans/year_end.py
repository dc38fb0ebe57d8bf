"""The year's end: what becomes of each open activity of a plan, then the plan is closed.

First a look at what will be, then the deed; each deed is a transaction of its own. What was carried
over can be taken back here until the next plan is adopted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlmodel import Session

from config import policy
from intake.lives import year_end
from intake.lives.year_end import Preview
from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.group import Group
from models.kin import plans_in_a_row
from models.lifecycle import Move, Outcome
from models.moves import Moved, Refused
from models.plan import Plan
from models.refusal import at
from models.year_end import Deed, PlanClosing
from rules.wording import alphabetically
from web.belongings import LARGEST
from web.numbers import stopped
from web.page import mover_of, settings_of, show, today_of
from web.sent import Sent, existing, number_of

router = APIRouter()
NEW = "ny"  # the choice of next plan that makes it
NOT_NOW = "inget nu"  # a row that is left out when the others are carried over together
_OF_A_ROW = ("move", "outcome", "kept_by", "into_plan", "result", "figure", "reason")


@dataclass(slots=True)
class Came:
    """What came of a form: sentences, what was done, and what stood in it."""

    problems: Sequence[str] = ()
    done: Sequence[str] = ()
    refused: Mapping[int, Sequence[str]] = field(default_factory=dict)
    preview: Preview | None = None
    given: Mapping[str, str] = field(default_factory=dict)


@router.get("/planer/{plan_id}/avsluta")
def year_end_page(request: Request, plan_id: int) -> HTMLResponse:
    """What is open, what was carried over, and whether the plan can be closed."""
    return _page(request, plan_id, Came())


@router.post("/planer/{plan_id}/avsluta")
def act(request: Request, plan_id: int, given: Sent) -> HTMLResponse:
    """Do what the pressed button says."""
    deeds = {
        "visa": _look,
        "registrera": _register,
        "angra": _undo,
        "avsluta": _close,
        "oppna": _reopen,
    }
    deed = deeds.get(given.get("gor", ""))
    if deed is None or plan_id > LARGEST:
        raise HTTPException(404)
    try:
        if wrong := stopped(request).sentences:
            raise Refused(wrong)
        came = deed(request, plan_id, given)
    except Refused as refused:
        came = Came(refused.sentences, given=given)
    return _page(request, plan_id, came)


def _look(request: Request, plan_id: int, given: dict[str, str]) -> Came:
    """What would be carried over, done and taken back."""
    chosen = _chosen(given)
    only = [id_ for id_, words in chosen.items() if words["move"] == Move.CARRY_OVER]
    settings = settings_of(request)
    today, mover = today_of(request), mover_of(request)
    if not only:
        raise Refused(["Välj ”överför” på minst en aktivitet för att se vad det blir."])
    # A plan that is made only to be looked at is taken back too.
    with transaction(settings) as session, session.begin_nested() as trial:
        next_plan = _next_plan(request, session, plan_id, given)
        seen = year_end.preview(session, plan_id, next_plan, mover, today=today, only=only)
        trial.rollback()
    return Came(preview=seen, refused=seen.refused, given=given)


def _register(request: Request, plan_id: int, given: dict[str, str]) -> Came:
    """Make the moves that were chosen."""
    settings = settings_of(request)
    chosen = _chosen(given)
    if not chosen:
        raise Refused(["Välj vad som ska hända med minst en aktivitet."])
    with transaction(settings) as session:
        if any(words["move"] == Move.CARRY_OVER for words in chosen.values()):
            next_plan = str(_next_plan(request, session, plan_id, given))
            chosen = {id_: {**words, "next_plan": next_plan} for id_, words in chosen.items()}
        moved = year_end.register(
            session,
            plan_id,
            {id_: _with_decision(words, given) for id_, words in chosen.items()},
            mover_of(request),
            today=today_of(request),
            promises=policy.load(settings.home),
        )
        done = _told(session, moved)
    kept = {k: v for k, v in given.items() if not _belongs_to(k, moved.states)}
    return Came(done=done, refused=moved.refused, given=kept)


def _undo(request: Request, plan_id: int, given: dict[str, str]) -> Came:
    """Take back what was ticked."""
    only = [int(k.removeprefix("tillbaka_")) for k in given if _is_row(k, "tillbaka")]
    if not only:
        raise Refused(["Kryssa för vad som ska tas tillbaka."])
    with transaction(settings_of(request)) as session:
        moved = year_end.undo_carry_over(
            session,
            plan_id,
            mover_of(request),
            today=today_of(request),
            reason=given.get("undo_reason", ""),
            only=only,
        )
        done = _told(session, moved)
    kept = {k: v for k, v in given.items() if not _belongs_to(k, moved.states)}
    return Came(done=done, refused=moved.refused, given=kept if moved.refused else {})


def _close(request: Request, plan_id: int, _given: dict[str, str]) -> Came:
    """Close the plan."""
    with transaction(settings_of(request)) as session:
        year_end.ask_to_close(session, plan_id, mover_of(request), today=today_of(request))
    return Came(done=["Planen är avslutad."])


def _reopen(request: Request, plan_id: int, given: dict[str, str]) -> Came:
    """Open the plan again."""
    with transaction(settings_of(request)) as session:
        mover, today = mover_of(request), today_of(request)
        year_end.ask_to_reopen(session, plan_id, given, mover, today=today)
    return Came(done=["Planen är öppen igen."])


def _next_plan(request: Request, session: Session, plan_id: int, given: dict[str, str]) -> int:
    """The plan that was chosen, made if that was the choice."""
    if given.get("next_plan") == NEW:
        mover, today = mover_of(request), today_of(request)
        return year_end.make_next_plan(session, plan_id, mover, today=today)
    known = dict(year_end.next_plans(session, plan_id))
    number = number_of(given, "next_plan")
    if number not in known:
        raise Refused([at("next_plan", "Välj vilken plan aktiviteterna förs över till.")])
    return number


def _is_row(name: str, which: str) -> bool:
    number = name.removeprefix(f"{which}_")
    return number != name and number.isdecimal() and len(number) < 10


def _belongs_to(name: str, ids: Mapping[int, Any]) -> bool:
    number = name.rpartition("_")[2]
    return number.isdecimal() and int(number) in ids


def _chosen(given: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The rows that something was chosen for, with what they bring along.

    One tick carries over every row that she saw and chose nothing for.
    """
    rest = Move.CARRY_OVER.value if given.get("carry_rest") else ""
    drawn = [int(name.removeprefix("move_")) for name in given if _is_row(name, "move")]
    rows = {}
    for number in drawn:
        words = {name: given.get(f"{name}_{number}", "") for name in _OF_A_ROW}
        words["move"] = words["move"] or rest
        words["why_no_figure"] = "" if words["figure"] else words["reason"]
        if words["move"] not in ("", NOT_NOW):
            rows[number] = words
    return rows


def _with_decision(words: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """One decision for all rows, where any of it is given; in part it is refused."""
    named = ("decision_group", "decided_on", "decision_reference")
    return {**words, **{name: given.get(name, "") for name in named}}


def _told(session: Session, moved: Moved) -> list[str]:
    names = select(c(Activity).id, c(Activity).what).where(c(Activity).id.in_(moved.states))
    return [
        f"{what}: {moved.states[id_].value}"
        for id_, what in session.execute(names.order_by(c(Activity).id))
    ]


def _page(request: Request, plan_id: int, came: Came) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        plan = existing(session, Plan, plan_id)
        rows, carried = year_end.open_in(session, plan_id), year_end.carried_from(session, plan_id)
        listed = {row.id for row in (*rows, *carried)}
        values = {
            "plan": plan,
            "years": plans_in_a_row(session, [row.id for row in rows]),
            "elsewhere": [said for id_, said in came.refused.items() if id_ not in listed],
            "came": came,
            "given": came.given,
            "rows": rows,
            "choices": {
                state: [move.value for move in moves] for state, moves in year_end.CHOICES.items()
            },
            "not_now": NOT_NOW,
            "carried": carried,
            "next_plans": year_end.next_plans(session, plan_id),
            "next_is_on_file": year_end.next_plan_on_file(session, plan_id) is not None,
            "outcomes": [outcome.value for outcome in Outcome],
            "all_groups": _names(session, plan.collaboration_id),
            "all_plans": [title for _, title in year_end.next_plans(session, plan_id)],
            "last": _last_closing(session, plan_id),
        }
    refused = bool(came.problems or came.refused)
    title = f"Avsluta {plan.title}"
    return show(request, "year_end.html", title, values, 422 if refused else 200)


def _names(session: Session, collaboration_id: int) -> list[str]:
    names = select(c(Group).name).where(c(Group).collaboration_id == collaboration_id)
    return sorted(session.execute(names).scalars(), key=alphabetically)


def _last_closing(session: Session, plan_id: int) -> Any:  # noqa: ANN401 - a row or None
    asked = (
        select(c(PlanClosing).deed, c(PlanClosing).on_day, c(PlanClosing).by)
        .where(c(PlanClosing).plan_id == plan_id, c(PlanClosing).deed == Deed.CLOSED)
        .order_by(c(PlanClosing).id.desc())
    )
    return session.execute(asked).first()
