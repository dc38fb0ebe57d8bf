"""The organisation's provider of sign-in, asked by Authlib: for a while, and no more than a little.

What it tells of itself, and its keys, are known for ten minutes, lest a key that it has withdrawn
signs people in until we are started anew; and forgotten when an answer proves nothing, since it may
have changed its keys under the same name. What it says of people is no business of this file.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from warnings import catch_warnings, simplefilter

import httpx
from authlib.common.errors import AuthlibBaseError
from joserfc.errors import JoseError

from config.settings import Settings

_CONFIGURATION = "/.well-known/openid-configuration"
WITHIN = 15.0  # seconds for all that is asked of it at a time
MOST = 1024 * 1024  # bytes of one answer
KNOWN_FOR = 600.0  # seconds
ANEW_AFTER = 10.0  # seconds; what proves nothing is not asked about more often than so
# What comes of a provider that is away, or answers what no provider does.
_ODD = (
    httpx.HTTPError,
    AuthlibBaseError,
    JoseError,
    TimeoutError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


class NotProven(Exception):  # noqa: N818 - an answer, not a fault
    """The provider did not say, so that we can trust it, who this is."""


def client_of(settings: Settings) -> Any:  # noqa: ANN401 - Authlib is untyped
    """Authlib's client of the provider that the settings name."""
    with catch_warnings():  # Authlib's advice to its developers is no news to an administrator
        from authlib.deprecate import AuthlibDeprecationWarning

        simplefilter("ignore", AuthlibDeprecationWarning)
        from authlib.integrations.starlette_client import OAuth  # a quarter of a second

    return OAuth().register(
        "foljsam",
        server_metadata_url=settings.oidc_issuer.rstrip("/") + _CONFIGURATION,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "headers": {"Accept-Encoding": "identity"},
            "event_hooks": {"response": [_bound]},
        },
    )


@asynccontextmanager
async def asked(client: Any) -> AsyncIterator[None]:  # noqa: ANN401 - Authlib is untyped
    """Ask the provider something within bounds. Raises `NotProven` whatever odd it answers."""
    _forget(client, KNOWN_FOR)
    try:
        async with asyncio.timeout(WITHIN):
            yield
    except NotProven:
        _forget(client, ANEW_AFTER)
        raise
    except _ODD as error:
        _forget(client, ANEW_AFTER)
        raise NotProven(f"{type(error).__name__}: {error}") from error


def _forget(client: Any, older_than: float) -> None:  # noqa: ANN401 - Authlib is untyped
    """Ask anew, the next time, what has been known for longer than so."""
    known = client.server_metadata
    if time.time() - known.get("_loaded_at", 0) > older_than:
        known.clear()


async def _bound(response: httpx.Response) -> None:
    """Read no more of an answer than a provider has to say, and nothing that is packed."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise httpx.DecodingError("the answer is packed, which was not asked for")
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = _Counted(response.stream)


class _Counted(httpx.AsyncByteStream):
    """A stream that ends in an error when it has brought too much."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST
        async for piece in self._stream:
            left -= len(piece)
            if left < 0:
                raise httpx.ReadError("the answer is too long")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
