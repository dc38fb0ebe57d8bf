"""How Prefect's API is asked: with the installation's password, and a token against forged forms.

Prefect knows no rights inside: whoever has the password reads and changes everything, so only our
own processes have it, and what they pass on to people is theirs to choose.
"""

import ssl
import time
from datetime import date, datetime
from enum import Enum, auto
from functools import cache
from typing import Any
from uuid import uuid4

import httpx

from config.settings import Settings

# What comes of asking when the server is away or slow, and of reading what is not as it answers: a
# proxy, or another program, may be at its address.
AWAY = (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError, AttributeError)

_CLIENT = str(uuid4())  # by which Prefect knows this process
_GOOD_FOR = 30 * 60  # seconds that a token is used; Prefect's own last an hour
# Prefect on SQLite answers 503 while something else writes, and its own client comes again too.
_TRIES = 3
_PAUSE = 0.3  # seconds
_tokens: dict[str, tuple[dict[str, str], float]] = {}


def ask(
    settings: Settings, path: str, body: dict[str, Any] | None = None, *, timeout: float = 5
) -> httpx.Response:
    """What the API answers: by GET, or by POST when there is a body. Raises `httpx.HTTPError`."""
    answer = _once(settings, path, body, timeout)
    for _ in range(_TRIES - 1):
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        time.sleep(_PAUSE)
        answer = _once(settings, path, body, timeout)
    return answer.raise_for_status()


def _once(
    settings: Settings, path: str, body: dict[str, Any] | None, timeout: float
) -> httpx.Response:
    if body is None:
        return httpx.get(
            f"{settings.prefect_api}/{path}",
            auth=password(settings),
            timeout=timeout,
            verify=_trusted(),
        )
    answer = _post(settings, path, body, timeout)
    if answer.status_code != httpx.codes.FORBIDDEN:
        return answer
    forget_token(settings)  # the server is a new one, or forgot us
    return _post(settings, path, body, timeout)


class Begun(Enum):
    """What came of asking for a run."""

    NOW = auto()
    ALREADY = auto()  # one waits or runs
    NO_DEPLOYMENT = auto()  # no worker has put the timetable on the server


def ask_for_run(
    settings: Settings, name: str, now: datetime, key: str, tag: str, day: date | None = None
) -> Begun:
    """A run of a deployment, for a worker; the same key twice is one run. Raises `HTTPError`.

    A run with a day is somebody's wish, and goes on quiet days too (`flows/rounds.py`, `a_round`).
    """
    named = {"deployments": {"name": {"any_": [name]}}}
    found = ask(settings, "deployments/filter", named).json()
    if not found:
        return Begun.NO_DEPLOYMENT
    deployment = found[0]["id"]
    busy = {
        "deployment_id": {"any_": [deployment]},
        "state": {"type": {"any_": ["RUNNING", "PENDING", "SCHEDULED"]}},
        "expected_start_time": {"before_": now.isoformat()},
    }
    if ask(settings, "flow_runs/count", {"flow_runs": busy}).json():
        return Begun.ALREADY
    asked: dict[str, Any] = {"idempotency_key": key, "tags": ["foljsam", tag]}
    if day is not None:
        asked["parameters"] = {"today": day.isoformat()}
    ask(settings, f"deployments/{deployment}/create_flow_run", asked)
    return Begun.NOW


def late(settings: Settings, before: datetime) -> int:
    """How many runs had their time before that and wait for a worker. Raises `HTTPError`."""
    waiting = {
        "tags": {"all_": ["foljsam"]},
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"before_": before.isoformat()},
    }
    return int(ask(settings, "flow_runs/count", {"flow_runs": waiting}).json())


def password(settings: Settings) -> tuple[str, str]:
    """What to show the API: user and password."""
    user, _, word = settings.prefect_password.partition(":")
    return user, word


def change_headers(settings: Settings) -> dict[str, str]:
    """What a POST must carry beside the password; nothing where the server does not ask for it."""
    found, until = _tokens.get(settings.prefect_api, ({}, 0.0))
    if time.monotonic() < until:
        return found
    answer = httpx.get(
        f"{settings.prefect_api}/csrf-token",
        params={"client": _CLIENT},
        auth=password(settings),
        timeout=5,
        verify=_trusted(),
    )
    found = {}
    if answer.status_code == httpx.codes.OK:
        found = {"Prefect-Csrf-Client": _CLIENT, "Prefect-Csrf-Token": answer.json()["token"]}
    _tokens[settings.prefect_api] = (found, time.monotonic() + _GOOD_FOR)
    return found


def forget_token(settings: Settings) -> None:
    """Ask for a new token the next time."""
    _tokens.pop(settings.prefect_api, None)


def _post(settings: Settings, path: str, body: dict[str, Any], timeout: float) -> httpx.Response:
    return httpx.post(
        f"{settings.prefect_api}/{path}",
        json=body,
        headers=change_headers(settings),
        auth=password(settings),
        timeout=timeout,
        verify=_trusted(),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Whose word a server's certificate is taken on: read once, for all that is asked.

    Reading it takes longer than a question, and a server that starts is asked five times a second.
    """
    return httpx.create_ssl_context()
