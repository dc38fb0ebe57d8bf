"""The buttons of the next in line, where nobody has answered: remind, take over, take up."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from config import clock
from intake.lives.silent import put_on_meeting, remind, take_over
from models.database import transaction
from models.known import own_name
from models.moves import Mover, Refused
from models.person import proved
from notifications.links import Closed
from web.asking.answer import closed
from web.asking.behind import behind
from web.page import settings_of, show, today_of
from web.sent import Sent, number_of

router = APIRouter()


@router.post("/svar/{token}/tyst")
def act(request: Request, token: str, given: Sent) -> Response:
    """Do what the button says about one activity that nobody has answered about."""
    settings, today = settings_of(request), today_of(request)
    number = number_of(given, "activity")
    try:
        with transaction(settings) as session:
            opened = behind(request, session, token)
            if isinstance(opened, Closed):
                return closed(request, opened)
            proved(session, opened.person_id, clock.now())
            mover = Mover(own_name(session, opened.person_id), opened.person_id)
            if given.get("gor") == "ta-over":
                shut = opened.silent_about
                told = take_over(session, number, mover, opened.link_id, shut, today=today)
            elif given.get("gor") == "motet":
                told = put_on_meeting(session, number, mover, opened.silent_about, today=today)
            else:
                told = remind(session, opened.person_id, number, today, opened.silent_about)
    except Refused as refused:
        text = " ".join(refused.sentences)
        return show(request, "message.html", "Inget ändrades", {"text": text}, 409)
    return show(request, "done_silent.html", "Klart", {"text": told, "home": f"/svar/{token}"})
