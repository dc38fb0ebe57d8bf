"""How much a request may bring along: counted as it comes, whatever it says of its own length.

An ordinary form is small; what is larger is refused before it fills the memory. A form with a file
has a bound of its own (`kept_files.py`).
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator

from fastapi import HTTPException
from starlette.types import Message, Receive, Scope

MOST = 4 * 1024 * 1024
OF_A_STRANGER = 64 * 1024  # an address to sign in with, or a few words; no page of hers has more
_WITH_A_FILE = re.compile(
    r"/(?:planer|personer|avvikelser)/las-in|/rapporter/\d+/word|/aktiviteter/\d+/kommentar"
)


class TooBig(HTTPException):
    """More than is taken in; `web/app.py` says so on a page."""

    def __init__(self) -> None:
        super().__init__(413, "Det som skickades är för stort. Gå tillbaka och korta ner det.")


class Unreadable(HTTPException):
    """No form, or one with more fields than its page has."""

    def __init__(self) -> None:
        super().__init__(400, "Formuläret gick inte att läsa. Gå tillbaka och försök igen.")


def kind_of(scope: Scope) -> str:
    """What a body says that it is: "multipart/form-data"."""
    told: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return told.decode("latin-1").partition(";")[0].strip().lower()


def bounded(scope: Scope, receive: Receive, most: int = MOST) -> Receive:
    """The same, until a form without a file has brought more than a form is."""
    if _WITH_A_FILE.fullmatch(scope["path"]):
        return receive
    left = most

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooBig
        return message

    return counted


async def counted(stream: AsyncIterator[bytes], most: int) -> AsyncGenerator[bytes, None]:
    """The pieces of a body, at most so many bytes of them; one that is longer is cut there."""
    left = most
    async for piece in stream:
        left -= len(piece)
        if left < 0:
            yield piece[:left]
            raise TooBig
        yield piece


async def of_few(stream: AsyncIterator[bytes], most: int) -> AsyncGenerator[bytes, None]:
    """The pieces of a body that have at most so many fields between them, counted by their "&".

    Counted before they are taken apart: that goes sign by sign where one "&" follows another, on
    the loop that all pages share, and such a field is in nobody's count.
    """
    left = most
    async for piece in stream:
        left -= piece.count(b"&")
        if left < 0:
            raise Unreadable
        yield piece
