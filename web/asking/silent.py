"""The buttons of the next in line, where nobody has answered: remind, take over, take up."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from config import clock
from intake.lives.silent import put_on_meeting, remind, take_over
from models.database import transaction
from models.known import own_name
from models.moves import Mover, Refused
from models.person import proved
from notifications.directory import answering_now
from notifications.links import Closed
from rules.wording import with_och
from web.asking.answer import closed
from web.asking.behind import behind
from web.page import settings_of, show, today_of
from web.sent import Sent, number_of

router = APIRouter()
_AGAIN = "Frågan ställs igen i nästa brev till {}."
_NOBODY = "Frågan ställs igen när någon svarar för aktiviteten."


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
                remind(session, opened.person_id, number, today, opened.silent_about)
                told = _asked_again(session, number, today)
    except Refused as refused:
        text = " ".join(refused.sentences)
        return show(request, "message.html", "Inget ändrades", {"text": text}, 409)
    return show(request, "done_silent.html", "Klart", {"text": told, "home": f"/svar/{token}"})


def _asked_again(session: Session, activity_id: int, today: date) -> str:
    """Whom the question goes to now: who was asked may have left since."""
    names = [one.name for one in answering_now(session, activity_id, today)]
    return _AGAIN.format(with_och(names)) if names else _NOBODY
