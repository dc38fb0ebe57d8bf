"""Asking for a new link where one has closed: a POST, answered the same whoever asks."""

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import HTMLResponse

from notifications import new_link
from web.page import settings_of, show, today_of
from web.sent import Sent

router = APIRouter()
_ANSWER = (
    "Om länken var din, eller adressen finns hos oss, ligger det strax ett brev i inkorgen med en "
    "ny länk. Det går till adressen som vi har, högst en gång om dagen. Kommer inget brev, "
    "kontakta processledaren."
)


@router.post("/svar/{token}/ny-lank")
def ask(request: Request, token: str, given: Sent, after: BackgroundTasks) -> HTMLResponse:
    """Take the wish; what can differ is done when the answer has been sent."""
    address = given.get("address", "")[:320]
    after.add_task(new_link.send, settings_of(request), token, address, today_of(request))
    page = show(request, "message.html", "Titta i din inkorg", {"text": _ANSWER})
    page.headers["Connection"] = "close"  # the next answer on it would tell how long the task took
    return page
