"""The one door for what is sent: forms, uploads and the words after "?" in an address.

Everything that comes in here is understood by `rules/fields.py` and asked about before a page is
reached. A page cannot go round it: the body of a request is shut (`shut`) until `read_form` has
opened it, and the words after "?" are what `narrowed` has left of them.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl, urlencode

from fastapi import HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.types import Message, Receive, Scope

from rules.fields import Named, understand
from web.bodies import Unreadable, kind_of, of_few
from web.numbers import refuse_numbers
from web.page import allow_named
from web.watched import Happened, tell

MOST_FIELDS = 2000
_OPEN = "body_is_open"
_NOT_OURS = (
    "Formuläret hör inte till sidan som den är nu. Inget är sparat. Läs in sidan igen och fyll i "
    "det på nytt."
)
Parse = Callable[[], Awaitable[FormData]]


async def fields(request: Request) -> dict[str, str]:
    """A form's fields; read on the loop, so that the page itself may work in a thread."""
    sent = await read_form(request)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


async def read_form(
    request: Request,
    *,
    max_files: int = 0,
    max_fields: int = MOST_FIELDS,
    parse: Parse | None = None,
) -> FormData:
    """A form with its files: every field declared, all that they name asked about, no personnummer.

    `parse` is another way to take the form apart than the usual one. A field that was sent twice
    is its last one, here as everywhere.
    """
    setattr(request.state, _OPEN, True)
    how = parse or partial(_taken_apart, request, max_files, max_fields)
    sent = dict((await how()).items())
    words = {name: value if isinstance(value, str) else "" for name, value in sent.items()}
    told = understand(request.method, request.scope["path"], words)
    if told.unheard_of:
        tell(request, Happened.UNKNOWN_FIELDS)
        raise HTTPException(400, _NOT_OURS)
    await _allow(request, told.named)
    await refuse_numbers(request, told.fields)
    files = {name: file for name, file in sent.items() if isinstance(file, UploadFile)}
    return FormData({**told.fields, **files})


async def _taken_apart(request: Request, max_files: int, max_fields: int) -> FormData:
    """A form as browsers send it; of what is none nothing is read."""
    kind, stream = kind_of(request.scope), request.stream()
    try:
        if kind == "application/x-www-form-urlencoded":
            few = of_few(stream, max_fields)
            return await FormParser(request.headers, few, max_fields=max_fields).parse()
        if kind == "multipart/form-data":  # which counts its parts as it goes
            parts = MultiPartParser(
                request.headers, stream, max_files=max_files, max_fields=max_fields
            )
            return await parts.parse()
    except MultiPartException as error:
        raise Unreadable from error
    return FormData()


async def narrowed(request: Request) -> None:
    """Leave in the address the words after "?" that its page has, all that they name asked about.

    Others add words of their own to links, so what the page has not is left out, not refused. A
    form is sent to an address without any.
    """
    given = request.scope["query_string"]
    if not given:
        return
    looks = request.method in {"GET", "HEAD"}
    sent = dict(parse_qsl(given.decode("latin-1"), keep_blank_values=True)) if looks else {}
    told = understand("GET", request.scope["path"], sent)
    request.scope["query_string"] = urlencode(told.fields).encode("latin-1")
    await _allow(request, told.named)


def shut(scope: Scope, receive: Receive) -> Receive:
    """The body of a request, which nobody reads but `read_form`."""

    async def received() -> Message:
        message = await receive()
        is_open = scope.get("state", {}).get(_OPEN, False)
        if message["type"] == "http.request" and message.get("body") and not is_open:
            raise RuntimeError("a form is read by web/forms.py, which asks about what it names")
        return message

    return received


async def _allow(request: Request, named: set[Named]) -> None:
    if named:
        await run_in_threadpool(allow_named, request, named)
