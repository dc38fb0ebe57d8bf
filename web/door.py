"""What reaches the pages, as it was meant: who asks, HEAD, and links as mail programs leave them.

Outside everything else, so that the gate, the table of rights and the pages see one thing only.

1. Who asks is found behind our own proxies (`rules/networks.py`).
2. HEAD is GET without a body: the same rights, status and headers on every page.
3. Mail programs glue the end of a sentence to a link: "…)." and "…”" are taken off again. No link
   of ours has such signs, so nothing that was signed is changed.
"""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import Settings
from config.signing import LENGTHS
from rules.networks import from_whom

_OURS = re.compile(r"/(?:svar|rapport|kalender|logga-in/lank|adress)/")
_TOKEN = re.compile(r"[\w.-]*", re.ASCII)
_SIGNATURE = "|".join(rf"[\w-]{{{length}}}" for length in LENGTHS)
_SIGNED = re.compile(rf"(\.?[\w-]+\.(?:{_SIGNATURE})(?:\.ics)?)[_-]+", re.ASCII)


class Door:
    """Takes each request in, before anything is asked of it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.proxies = settings.proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a plain request; of an answer to HEAD only the beginning is sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = dict(scope)
        asked["client"] = self._asker(scope)
        path = without_glue(scope["path"])
        if path != scope["path"]:
            asked |= {"path": path, "raw_path": path.encode()}
        if scope["method"] == "HEAD":
            asked["method"] = "GET"
            send = _only_the_beginning(send)
        await self.app(asked, receive, send)

    def _asker(self, scope: Scope) -> tuple[str, int] | None:
        if scope.get("client") is None:
            return None
        peer, port = scope["client"]
        said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        if not said or not self.proxies:
            return peer, port
        return from_whom(peer, b",".join(said).decode("latin-1"), self.proxies), port


def without_glue(path: str) -> str:
    """The address of a link without the signs that stood behind it in a sentence."""
    ours = _OURS.match(path)
    if ours is None:
        return path
    beginning, rest = path[: ours.end()], path[ours.end() :]
    token, slash, after = rest.partition("/")
    plain = _plain(token)
    if plain != token:  # what follows belongs to the sentence too: "…</a>"
        return beginning + plain
    if not after:
        return beginning + plain
    return beginning + plain + slash + _plain(after).rstrip("_-")


def _plain(words: str) -> str:
    """The signs that links are made of, from the first on."""
    found = _TOKEN.match(words)
    run = found[0].rstrip(".") if found else ""
    signed = _SIGNED.fullmatch(run)
    return signed[1] if signed else run


def _only_the_beginning(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sent
