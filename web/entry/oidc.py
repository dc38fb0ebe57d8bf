"""Signing in with the organisation's own sign-in: OpenID Connect, by Authlib.

Authorization code with PKCE, state and nonce; the id_token's signature, issuer, audience, nonce and
age are checked. What the provider says of roles is not read: rights follow from the roles on file.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import normalize

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp

from config import clock, signing
from config.settings import Settings
from web.entry import provider
from web.entry.identity import LONGEST, Account
from web.entry.provider import NotProven, client_of
from web.entry.sessions import LATELY, cookie_name

_CLOCKS = timedelta(minutes=1)  # the provider's may be behind ours
# Signed with the provider's private key; "none", and keys that are shared, are not.
_SIGNED = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}


def prepare(app: FastAPI, settings: Settings) -> None:
    """Let the application remember, in a signed cookie for ten minutes, what it has asked."""
    if not settings.sign_in.by_oidc:
        return
    app.state.oidc = client_of(settings)
    app.add_middleware(
        _OnTheWay,
        secret_key=f"oidc {settings.secret}",
        session_cookie=cookie_name(settings, "foljsam-oidc"),
        secure=settings.https,
    )


class _OnTheWay(SessionMiddleware):
    """Starlette's cookie, Lax and for ten minutes, signed as all else that we sign."""

    def __init__(self, app: ASGIApp, secret_key: str, session_cookie: str, *, secure: bool) -> None:
        super().__init__(app, secret_key, session_cookie, max_age=600, https_only=secure)
        self.signer = signing.stamp(secret_key, "oidc")


async def leave(
    request: Request, settings: Settings, onward: str, *, anew: bool = False
) -> Response:
    """Send the browser to the provider; `anew`: she is to show there who she is, also if it knows.

    Raises `NotProven` when the provider does not answer.
    """
    request.session["onward"], request.session["anew"] = onward, anew
    back = f"{settings.pages_url}/logga-in/oidc/svar"
    asked = _asked_for(settings, anew=anew)
    client = request.app.state.oidc
    async with provider.asked(client):
        away: Response = await client.authorize_redirect(request, back, **asked)
    return away


def _asked_for(settings: Settings, *, anew: bool) -> dict[str, str]:
    """What is asked of how she signs in there; the answer is looked at all the same."""
    asked = {}
    if settings.oidc_acr.strip():
        asked["acr_values"] = " ".join(_listed(settings.oidc_acr))
    oldest = _oldest(settings, anew=anew)
    if oldest is not None:
        asked["max_age"] = str(int(oldest.total_seconds()))
    if anew:
        asked["prompt"] = "login"
    return asked


def _oldest(settings: Settings, *, anew: bool) -> timedelta | None:
    """How long ago she may have shown who she is; None: however long."""
    if anew:
        return LATELY
    minutes = settings.oidc_max_age_minutes
    return timedelta(minutes=minutes) if minutes else None


def proved_at(claims: Mapping[str, Any], settings: Settings, *, anew: bool) -> datetime | None:
    """When she showed who she is, as the provider says. Raises `NotProven` unless it is enough.

    None when it does not say and nothing is asked: then it may be long ago.
    """
    shown = _moment(claims.get("auth_time"))
    if shown is not None and shown > clock.now() + _CLOCKS:  # else it would be just now for ever
        raise NotProven("auth_time: it is to come")
    oldest = _oldest(settings, anew=anew)
    if oldest is not None and (shown is None or clock.now() - shown > oldest + _CLOCKS):
        raise NotProven("auth_time: it is too long ago, or the provider does not say")
    return shown


def _moment(said: object) -> datetime | None:
    """Seconds since 1970 as a moment. Raises `NotProven` for what no clock shows."""
    if not isinstance(said, int):
        return None
    try:
        return datetime.fromtimestamp(said, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise NotProven("auth_time: no clock shows that") from error


def strong_enough(claims: Mapping[str, Any], settings: Settings) -> None:
    """Raises `NotProven` unless she showed who she is in a way that the settings ask for."""
    acr, amr = _listed(settings.oidc_acr), _listed(settings.oidc_amr)
    if acr and claims.get("acr") not in acr:
        raise NotProven("acr: none of those that FOLJSAM_OIDC_ACR names")
    used = claims.get("amr")
    if amr and not (isinstance(used, list) and set(amr) <= set(used)):
        raise NotProven("amr: not all that FOLJSAM_OIDC_AMR names")


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def account_in(claims: Mapping[str, Any], settings: Settings, name: str) -> Account:
    """The account at the provider. Raises `NotProven` unless its address is verified."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise NotProven("the claim 'sub' holds no name")
    if not subject.isprintable():  # no NUL, no half a character: it could not be on file
        raise NotProven("the claim 'sub' holds no name")
    return Account(settings.oidc_issuer, subject, address_in(claims, settings), name)


async def come_back(request: Request, settings: Settings) -> dict[str, Any]:
    """The claims that the provider has signed about whoever comes back. Raises `NotProven`."""
    client = request.app.state.oidc
    async with provider.asked(client):
        said = await client.load_server_metadata()
        if said.get("issuer") != settings.oidc_issuer:
            raise NotProven(f"the provider calls itself {said.get('issuer')!r}")
        algorithms = said.get("id_token_signing_alg_values_supported") or ["RS256"]
        said["id_token_signing_alg_values_supported"] = sorted(_SIGNED.intersection(algorithms))
        token = await client.authorize_access_token(
            request,
            claims_options={
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
        )
        claims = token.get("userinfo")
        if not claims:
            raise NotProven("the provider sent no id_token")
        return dict(claims)


def address_in(claims: Mapping[str, Any], settings: Settings) -> str:
    """The person's address, in lower case. Raises `NotProven` unless it is verified.

    Entra ID and ADFS do not say whether it is; `FOLJSAM_OIDC_TRUST_EMAIL` takes their word.
    """
    address = claims.get(settings.oidc_email_claim)
    verified = claims.get("email_verified", settings.oidc_trust_email)
    if not isinstance(address, str) or "@" not in address or not address.strip().isprintable():
        raise NotProven(f"the claim {settings.oidc_email_claim!r} holds no address")
    if normalize("NFKC", address) != address:  # a sign of Kelvin is no k, though its small one is
        raise NotProven(f"the claim {settings.oidc_email_claim!r} holds signs like others")
    if verified is not True and str(verified).lower() != "true":
        raise NotProven("the address is not verified")
    return address.strip().lower()
