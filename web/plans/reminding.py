"""Börja påminna: the first letters of a plan that was taken in while it went, and from which day.

She sees the letters as the rounds would write them, and says yes on the same page. Until then
nothing goes out about the plan (`models/reminded.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.plan import FROM_THE_START, Plan
from models.reminded import remind_from
from notifications.rehearsal import Coming
from rules.span_words import not_a_day
from rules.swedish_dates import read
from rules.wording import day_in_words
from web.asking.coming import until
from web.page import mover_of, settings_of, show, today_of
from web.sent import Sent, existing, locked

router = APIRouter()
DAYS = 30  # of letters that are shown
_BEGUN = "Det är redan bestämt: planen påminns om från och med {day}. Dagen är inte ändrad."


@router.get("/planer/{plan_id}/paminn")
def first_letters(request: Request, plan_id: int) -> HTMLResponse:
    """The letters of the first month, if the plan is reminded of from tomorrow."""
    return _page(request, plan_id, {}, "")


@router.post("/planer/{plan_id}/paminn")
def begin(request: Request, plan_id: int, given: Sent) -> Response:
    """Remind of the plan from a day of choice."""
    today = today_of(request)
    words = given.get("from_day", "").strip()
    span = read(words, today)
    if span.first is None or span.first < today:
        wrong = not_a_day(span, words) if span.first is None else "Välj i dag eller en senare dag."
        return _page(request, plan_id, given, wrong)
    with transaction(settings_of(request)) as session:
        plan = locked(session, Plan, plan_id)
        begun, over = plan.reminded_from, _over(plan)
        if begun is None and not over:
            by = mover_of(request).name or "processledaren"
            remind_from(session, plan_id, span.first, by=by, said_on=today)
    if over:
        return _page(request, plan_id, given, over)
    if begun not in (None, span.first):  # from a page that was opened before
        return _page(request, plan_id, given, _BEGUN.format(day=day_in_words(begun)))
    return RedirectResponse(f"/planer/{plan_id}", 303)


def _over(plan: Plan) -> str:
    """Why no letters go out about it any more; "" when they may."""
    if plan.withdrawn_on is not None:
        return f"Planen är återtagen sedan {day_in_words(plan.withdrawn_on)}. Inga brev går om den."
    if plan.closed_on is not None:
        return f"Planen är avslutad sedan {day_in_words(plan.closed_on)}. Inga brev går om den."
    return ""


def _page(request: Request, plan_id: int, given: Mapping[str, str], problem: str) -> HTMLResponse:
    tomorrow = today_of(request) + timedelta(days=1)
    with reading(settings_of(request)) as session:
        plan = existing(session, Plan, plan_id)
        begins, over = plan.reminded_from, _over(plan)
        mine = set(
            session.execute(select(c(Activity).id).where(c(Activity).plan_id == plan_id)).scalars()
        )
    values = {
        "plan": plan,
        "begun": begins is not None,
        "begins": begins,
        "always": begins == FROM_THE_START,
        "over": over,
        "from_day": given.get("from_day", tomorrow),
        "problem": problem,
    }
    if not over:
        till = str(tomorrow + timedelta(days=DAYS))
        letters, last = until(request, till, {plan_id: begins or tomorrow})
        goes_anyway = _parts(until(request, till)[0]) if begins is None else _parts(letters)
        values |= {"letters": _about(letters, plan_id, mine, goes_anyway), "last": last}
    title = f"De första breven om {plan.title}"
    return show(request, "plan_reminding.html", title, values, 422 if problem else 200)


def _parts(letters: Sequence[Coming]) -> set[tuple[int, str]]:
    """The reports and other parts of some letters: to whom, and what each is called."""
    return {(one.person_id, part.title) for one in letters for part in one.parts}


def _about(
    letters: Sequence[Coming], plan_id: int, activities: set[int], goes_anyway: set[tuple[int, str]]
) -> list[Coming]:
    """The letters that concern the plan: its questions, and the parts that wait for its yes."""
    found = []
    for one in letters:
        rows = any(row.plan_id == plan_id or row.activity_id in activities for row in one.rows)
        waits = any((one.person_id, part.title) not in goes_anyway for part in one.parts)
        if rows or waits:
            found.append(one)
    return found
