"""Prefect's server is away, slow, or busy: said in a sentence where somebody would see a traceback.

Prefect's client tries again by itself, a few times and each time later, so what comes here has been
tried. A round that is run once more does what is left, and nothing twice.
"""

import httpx

from config.settings import Settings

# How Prefect's client begins a fault that has no kind of its own.
_UNREACHED = "Failed to reach API"


def in_words(error: BaseException, settings: Settings) -> str:
    """Why the server could not be asked; "" when the fault is another."""
    one: BaseException | None = error
    while one is not None:
        if how := _how(one):
            return f"The Prefect server at {settings.prefect_api} {how}. Try again in a while."
        one = one.__cause__
    return ""


def _how(error: BaseException) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"answers {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException):
        return "did not answer in time"
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL) or str(error).startswith(_UNREACHED):
        return "does not answer"
    return ""
