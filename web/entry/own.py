"""What is one's own: the address, asked for anew and confirmed, and who has taken one on.

Reached by whoever is signed in, and by the links in letters. GET changes nothing, since mail
scanners open links; each of these pages has a button.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session

from config import clock, policy
from config.settings import SignIn
from intake.people.declining import accept, decline
from intake.people.how_often import put_how_often
from intake.people.mail_addresses import is_address
from intake.people.telephones import put_telephone
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration
from models.known import areas_declined, collaborations_of
from models.moves import Refused
from models.person import Person, proved
from models.refusal import at
from notifications import own_address
from notifications.letters import addresses as letters
from notifications.links import Closed, Opened
from rules.wording import alphabetically
from web.asking.answer import closed
from web.asking.behind import behind
from web.entry import sessions
from web.page import settings_of, show, today_of, viewer_of
from web.sent import Sent, Tried, number_of

router = APIRouter()
OWN = "/mina-uppgifter"
SIGN_IN = "Logga in för att byta adress. Med en länk från ett brev går det inte."
# A letter may be forwarded: what its reader could do in her name and she would miss.
_ASKS_MORE = {
    "adress": SIGN_IN,
    "telefon": "Logga in för att ändra numret. Med en länk från ett brev går det inte.",
    "nej": "Logga in för att säga nej. Med en länk från ett brev går det inte.",
    "ja": "Logga in för att ändra ditt nej. Med en länk från ett brev går det inte.",
}
ANEW = "Logga in på nytt för att byta adress. Det var ett tag sedan du visade att det är du."
_CHOOSE = "Välj vad du vill ändra."
SENT = "Titta i inkorgen för {address}. Där ligger ett brev med en länk som bekräftar bytet."


@router.get("/mina-uppgifter")
def own(request: Request) -> HTMLResponse:
    """Whoever is signed in sees what is hers."""
    with reading(settings_of(request)) as session:
        return _page(request, session, _signed_in(request), OWN, Tried())


@router.post("/mina-uppgifter")
def change_own(request: Request, given: Sent) -> Response:
    """Ask for another address, or say no or yes to a collaboration."""
    person_id = _signed_in(request)
    try:
        if given.get("gor") == "adress" and not _shown_lately(request):
            raise Refused([ANEW])
        with transaction(settings_of(request)) as session:
            told = _do(session, request, person_id, given)
    except Refused as refused:
        tried = Tried(given.get("gor", ""), refused.sentences, given)
        with reading(settings_of(request)) as session:
            return _page(request, session, person_id, OWN, tried)
    return _told(request, told)


@router.get("/svar/{token}/uppgifter")
def own_by_link(request: Request, token: str) -> Response:
    """Whoever has a link from a letter sees what is hers."""
    return _by_link(request, token, Tried())


@router.post("/svar/{token}/uppgifter")
def change_own_by_link(request: Request, token: str, given: Sent) -> Response:
    """The same, without being signed in; where people sign in, not what asks for more.

    A letter may be forwarded, and whoever has an address can sign in with it.
    """
    settings = settings_of(request)
    try:
        with transaction(settings) as session:
            opened = behind(request, session, token)
            if isinstance(opened, Closed):
                return closed(request, opened)
            if given.get("gor") in _ASKS_MORE and _people_sign_in(request):
                raise Refused([_ASKS_MORE[given["gor"]]])
            proved(session, opened.person_id, clock.now())
            told = _do(session, request, opened.person_id, given, opened)
    except Refused as refused:
        return _by_link(request, token, Tried(given.get("gor", ""), refused.sentences, given))
    return _told(request, told)


@router.get("/adress/{token}")
def ask_confirm(request: Request, token: str) -> HTMLResponse:
    """A button for whoever has the new address."""
    return _button(request, token, undo=False)


@router.post("/adress/{token}")
def confirm(request: Request, token: str) -> HTMLResponse:
    """The new address is hers."""
    done = "Adressen är ändrad. Logga in med den nya adressen nästa gång. Gamla länkar gäller inte."
    return _with_token(request, token, own_address.confirm, done)


@router.get("/adress/{token}/inte-jag")
def ask_undo(request: Request, token: str) -> HTMLResponse:
    """A button for whoever has the old address."""
    return _button(request, token, undo=True)


@router.post("/adress/{token}/inte-jag")
def undo(request: Request, token: str) -> HTMLResponse:
    """It was not her: the old address is hers again."""
    done = "Adressen är ändrad tillbaka, och alla är utloggade. Processledaren får veta det."
    return _with_token(request, token, own_address.undo, done)


def _signed_in(request: Request) -> int:
    person_id = viewer_of(request).person_id
    if person_id is None:
        raise HTTPException(404)
    return person_id


def _shown_lately(request: Request) -> bool:
    """Has whoever is signed in shown just now that she is she? A browser may be left open."""
    return sessions.proved_lately(settings_of(request), viewer_of(request).session_id)


def _people_sign_in(request: Request) -> bool:
    return settings_of(request).sign_in is not SignIn.OFF


def _do(
    session: Session,
    request: Request,
    person_id: int,
    given: dict[str, str],
    opened: Opened | None = None,
) -> str:
    """What the form asks for; the sentence that is shown afterwards. `opened` is a link's."""
    settings, today = settings_of(request), today_of(request)
    if given.get("gor") == "adress":
        address = " ".join(given.get("email", "").split()).lower()
        if not is_address(address):
            told = f"”{address[:80]}” är ingen e-postadress. Skriv som namn@example.org."
            raise Refused([at("email", told)])
        own_address.ask(session, settings, person_id, address, today)
        return SENT.format(address=address)
    if given.get("gor") == "telefon":
        return put_telephone(session, person_id, given.get("telephone", ""))
    if given.get("gor") == "brev":
        promises = policy.load(settings.home)
        return put_how_often(session, person_id, given.get("letters", ""), promises, today)
    area = number_of(given, "samverkan")
    if opened is not None and area in opened.closed_by_others:
        raise Refused([_CHOOSE])
    if given.get("gor") == "nej":
        decline(session, person_id, area, today=today)
        if not letters.to_leaders_declined(session, person_id, area, today):
            return "Du finns inte med där längre."
        return "Du finns inte med där längre. Den som leder samverkan får veta det."
    if given.get("gor") == "ja" and area in areas_declined(session, person_id):
        accept(session, person_id, area, today=today)
        return "Ditt nej är borttaget. Den som leder samverkan kan ge dig en roll igen."
    raise Refused([_CHOOSE])


def _by_link(request: Request, token: str, tried: Tried) -> Response:
    settings = settings_of(request)
    with reading(settings) as session:
        opened = behind(request, session, token)
        if isinstance(opened, Closed):
            return closed(request, opened)
        home = f"/svar/{token}/uppgifter"
        return _page(request, session, opened.person_id, home, tried, opened)


def _page(
    request: Request,
    session: Session,
    person_id: int,
    to: str,
    tried: Tried,
    opened: Opened | None = None,
) -> HTMLResponse:
    """Her page; through a link without the collaborations that it is closed to."""
    person = session.get_one(Person, person_id)
    asked = select(c(Collaboration).id, c(Collaboration).name)
    if opened is not None:
        asked = asked.where(c(Collaboration).id.not_in(opened.closed_by_others))
    areas = dict(session.execute(asked).tuples().all())
    known = set(session.execute(collaborations_of(person_id)).scalars())
    home = person.home_collaboration_id
    values: dict[str, Any] = {
        "person": person,
        "opens_all": opened is None or opened.is_whole,
        "home": areas.get(home, "") if home is not None else "",
        "known": _in_order(areas, known - {home}),
        "declined": _in_order(areas, areas_declined(session, person_id)),
        "to": to,
        "by_link": _people_sign_in(request) and to != OWN,
        "gathered_on": policy.load(settings_of(request).home).gathered_on,
        "sign_in_first": _people_sign_in(request) and (to != OWN or not _shown_lately(request)),
        "tried": tried,
    }
    return show(request, "own.html", "Mina uppgifter", values, tried.status)


def _in_order(areas: dict[int, str], ids: AbstractSet[int]) -> list[tuple[int, str]]:
    found = [(id_, areas[id_]) for id_ in ids if id_ in areas]
    return sorted(found, key=lambda row: alphabetically(row[1]))


def _button(request: Request, token: str, *, undo: bool) -> HTMLResponse:
    with reading(settings_of(request)) as session:
        opened = own_address.look(session, token, undo=undo)
    if opened is None:
        return _sorry(request, own_address.OVER)
    values = {"change": opened, "undo": undo}
    title = "Det var inte jag" if undo else "Din nya adress"
    return show(request, "own_address.html", title, values)


def _with_token(request: Request, token: str, do: Callable[..., None], done: str) -> HTMLResponse:
    settings = settings_of(request)
    try:
        with transaction(settings) as session:
            do(session, settings, token, today_of(request))
    except Refused as refused:
        return _sorry(request, " ".join(refused.sentences))
    return show(request, "message.html", "Klart", {"text": done})


def _sorry(request: Request, text: str) -> HTMLResponse:
    return show(request, "message.html", "Länken gäller inte längre", {"text": text}, 410)


def _told(request: Request, text: str) -> HTMLResponse:
    return show(request, "message.html", "Klart", {"text": text})
