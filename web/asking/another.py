"""Whoever opens a letter that was forwarded sees whose page it is, and may pass words on.

They go to the process leader; nothing is answered or changed by them.
"""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from intake.personnummer import holds, refusal
from models.database import reading, transaction
from models.known import own_name
from models.refusal import at
from notifications import passed_on
from notifications.links import Closed
from notifications.passed_on import Went
from web.asking.answer import closed
from web.asking.behind import behind
from web.page import settings_of, show, today_of
from web.sent import Sent, Tried

router = APIRouter()
LONGEST_NAME = 80
_SAID = {
    Went.TO_LEADERS: "Processledaren har fått det du skrev. Inget är svarat eller ändrat.",
    Went.TO_ADMINISTRATORS: "Den som sköter Följsam har fått det du skrev, för ingen processledare "
    "går att nå. Inget är svarat eller ändrat.",
    Went.TO_NOBODY: "Det är inte skickat: just nu går varken processledaren eller den som sköter "
    "Följsam att nå härifrån.",
    Went.ENOUGH: "Så mycket som går har redan skickats härifrån i dag. Kontakta processledaren "
    "direkt.",
}
_SENT = (Went.TO_LEADERS, Went.TO_ADMINISTRATORS)


@router.get("/svar/{token}/annan")
def form(request: Request, token: str) -> Response:
    """Whose page it is, and the form."""
    return _page(request, token, Tried())


@router.post("/svar/{token}/annan")
def pass_on(request: Request, token: str, given: Sent) -> Response:
    """Send the words to the process leader."""
    problems = _problems(given)
    if problems:
        return _page(request, token, Tried("annan", problems, given))
    settings, today = settings_of(request), today_of(request)
    with transaction(settings) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        who, words = " ".join(given["name"].split()), given["words"].strip()
        went = passed_on.words_of_another(session, settings, opened, who, words, today)
    if went not in _SENT:
        return _page(request, token, Tried("annan", [at("words", _SAID[went])], given))
    return show(request, "message.html", "Klart", {"text": _SAID[went]})


def _problems(given: dict[str, str]) -> list[str]:
    found: list[str] = []
    if not given.get("name", "").strip():
        found.append(at("name", "Skriv vad du heter."))
    words = given.get("words", "").strip()
    if not words:
        found.append(at("words", "Skriv vad du vill säga."))
    if len(given.get("name", "")) > LONGEST_NAME:
        found.append(at("name", f"Namnet är för långt. Högst {LONGEST_NAME} tecken får plats."))
    if len(words) > passed_on.LONGEST:
        told = f"Texten är för lång. Högst {passed_on.LONGEST} tecken får plats."
        found.append(at("words", told))
    for field in ("name", "words"):
        if holds(given.get(field, "")):
            found.append(at(field, refusal(given[field])))
    return found


def _page(request: Request, token: str, tried: Tried) -> HTMLResponse:
    settings = settings_of(request)
    with reading(settings) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        name = own_name(session, opened.person_id)
    values = {"name": name, "home": f"/svar/{token}", "tried": tried}
    return show(request, "another.html", f"Sidan är till för {name}", values, tried.status)
