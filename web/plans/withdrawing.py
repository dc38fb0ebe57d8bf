"""A plan that was read in by mistake is taken back, whole; so is one that never was to hold.

Nothing that has been written in the log is removed; the plan is in no list, and its own page and
the links of letters say that it was taken back. How it is done is `intake/lives/undo.py`.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from intake.lives.undo import withdraw_plan
from models.database import transaction
from models.moves import Refused
from models.plan import Plan
from web.page import mover_of, settings_of, show, today_of
from web.sent import Sent, existing

router = APIRouter()


@router.post("/planer/{plan_id}/tillbaka")
def withdraw(request: Request, plan_id: int, given: Sent) -> Response:
    """Take the plan back, or say why not. The button says that it is meant: `ja`."""
    try:
        if not given.get("ja"):
            raise Refused(["Tryck på ”Ta tillbaka planen” på planens sida om det är det du vill."])
        with transaction(settings_of(request)) as session:
            existing(session, Plan, plan_id)
            reason = given.get("reason", "")
            withdraw_plan(
                session, plan_id, mover_of(request), today=today_of(request), reason=reason
            )
    except Refused as refused:
        told = ["Planen är inte tillbakatagen.", *refused.sentences]
        values = {"told": told, "plan_id": plan_id, "reason": given.get("reason", "")}
        return show(request, "plan_withdrawn.html", "Planen kunde inte tas tillbaka", values, 422)
    return RedirectResponse(f"/planer/{plan_id}", 303)
