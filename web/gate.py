"""The gate: every request is decided here, by `rules/access.py`, before any page is reached.

1. A form that another site sent is turned away.
2. Who looks is found from the browser's cookie, and kept for the page.
3. The table is asked about the address and the objects that it names. What is not in the table does
   not exist; whoever is not signed in is led to sign in; others are told that they may not.

Why no token in each form: a forged form has to carry the session, so it has to be sent by her
browser from another site. The cookie is SameSite=Lax, which keeps it away from other sites' POSTs.
Every browser of this decade says with Sec-Fetch-Site or Origin where a POST comes from, and step 1
refuses all but our own pages, a neighbour under the same domain too; a POST that carries a session
and says neither is refused as well. Nothing changes by GET. A token in every form would add a line
that can be forgotten to each form, and hold only where the three above already do.
"""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from config.settings import Settings, SignIn
from models.database import reading
from notifications import links
from rules.access import (
    NOBODY,
    READER,
    Asked,
    Verdict,
    Viewer,
    Whose,
    asked_of,
    decide,
    may_be_on_file,
)
from web import bodies
from web.belongings import whose
from web.entry import sessions
from web.page import is_about, settings_of, today_of, viewer_of


def own_form(request: Request) -> bool:
    """Did one of our own pages send it, or a program that is nobody's browser?

    Sec-Fetch-Site says it, and Origin in older browsers; a program that says neither carries no
    session of anybody's.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return True
    site = request.headers.get("sec-fetch-site", "")
    origin = request.headers.get("origin", "")
    if site:
        return site in {"same-origin", "none"}
    if origin:
        return origin.partition("://")[2] == request.headers.get("host", "")
    return sessions.cookie_name(settings_of(request)) not in request.cookies


async def let_in(request: Request) -> Verdict:
    """Find out who looks, and ask the table."""
    settings = settings_of(request)
    if settings.sign_in is SignIn.OFF:
        known = may_be_on_file(request.scope["path"])
        return Verdict.GRANTED if known else Verdict.NO_SUCH_PAGE
    asked = asked_of(request.method, request.scope["path"])
    return await run_in_threadpool(_decide, request, settings, asked)


def may_send(request: Request) -> int:
    """How many bytes of a form are taken in: few of whoever shows neither a session nor a link.

    Asked after `let_in`. A form is looked through before its page is reached, so a long one costs.
    """
    settings = settings_of(request)
    if settings.sign_in is SignIn.OFF or viewer_of(request).signed_in:
        return bodies.MOST
    asked = asked_of(request.method, request.scope["path"])
    key = asked.of_a_letter if asked is not None else ""
    return bodies.MOST if key and links.is_ours(settings, key) else bodies.OF_A_STRANGER


def _decide(request: Request, settings: Settings, asked: Asked | None) -> Verdict:
    key = request.cookies.get(sessions.cookie_name(settings), "")
    viewer = sessions.viewer(settings, key, today_of(request)) if key else NOBODY
    request.state.viewer = viewer
    if settings.links_sign_in and asked is not None and asked.of_a_letter:
        return _as_its_owner(settings, viewer, asked.of_a_letter)
    verdict = decide(viewer, asked)
    if verdict is not Verdict.GRANTED or asked is None or asked.access < READER:
        return verdict
    return decide(viewer, asked, _objects(request, settings, viewer, asked))


def _as_its_owner(settings: Settings, viewer: Viewer, key: str) -> Verdict:
    """A letter's link is an address and no key: it opens for the one it was written to."""
    with reading(settings) as session:
        owner = links.was_for(session, settings, key)
    if owner is None:
        return Verdict.GRANTED  # not signed by us: the page says so, to anybody
    if not viewer.signed_in:
        return Verdict.SIGN_IN
    return Verdict.GRANTED if viewer.person_id == owner else Verdict.REFUSED


def _objects(request: Request, settings: Settings, viewer: Viewer, asked: Asked) -> list[Whose]:
    """What the objects in the address belong to; one that is not on file is the page's own 404."""
    if viewer.administrator or not asked.objects:
        return []
    with reading(settings) as session:
        looked_up = [whose(session, name, number) for name, number in asked.objects.items()]
    found = [one for one in looked_up if one is not None]
    is_about(request, found)
    return found
