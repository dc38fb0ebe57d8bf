"""What browsers are told about every answer, also about refusals and faults.

A page loads nothing from elsewhere and runs no script but our own; no other site may frame it, read
it, hold its window or learn its address; it is not kept in caches; and it asks for no camera.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import Settings

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_NOT_ASKED_FOR = (
    *("accelerometer", "autoplay", "bluetooth", "camera", "display-capture", "geolocation"),
    *("gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock"),
    *("serial", "usb", "web-share", "xr-spatial-tracking"),
)
HSTS = f"max-age={365 * 24 * 60 * 60}; includeSubDomains"  # a year


def headers_of(settings: Settings) -> dict[str, str]:
    """The headers that every answer of this installation has."""
    found = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # a link's token stays with its owner
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOT_ASKED_FOR),
    }
    if settings.https:
        found["Strict-Transport-Security"] = HSTS
    return found


class Headers:
    """Puts the headers on whatever the application answers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = headers_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, with the headers added where its answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = scope["path"].endswith((".css", ".ics", "/sok.js"))

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers.setdefault("Content-Security-Policy", CSP)
                if not kept:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, sent)
