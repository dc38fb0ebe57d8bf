"""Signing in with the organisation's own sign-in: OpenID Connect, by Authlib.

Authorization code with PKCE, state and nonce; the id_token's signature, issuer, audience, nonce and
age are checked. What the provider says of roles is not read: rights follow from the roles on file.
"""

from typing import Any
from warnings import catch_warnings, simplefilter

import httpx
from authlib.common.errors import AuthlibBaseError
from fastapi import FastAPI, Request
from fastapi.responses import Response
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp

from config import signing
from config.settings import Settings
from web.entry.sessions import cookie_name

_CONFIGURATION = "/.well-known/openid-configuration"
# Signed with the provider's private key; "none", and keys that are shared, are not.
_SIGNED = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}


class NotProven(Exception):  # noqa: N818 - an answer, not a fault
    """The provider did not say, so that we can trust it, who this is."""


def prepare(app: FastAPI, settings: Settings) -> None:
    """Let the application remember, in a signed cookie for ten minutes, what it has asked."""
    if not settings.sign_in.by_oidc:
        return
    app.state.oidc = _client(settings)
    app.add_middleware(
        _OnTheWay,
        secret_key=f"oidc {settings.secret}",
        session_cookie=cookie_name(settings, "foljsam-oidc"),
        max_age=600,
        same_site="lax",
        https_only=settings.https,
    )


class _OnTheWay(SessionMiddleware):
    """Starlette's cookie, signed as all else that we sign."""

    def __init__(self, app: ASGIApp, secret_key: str, **more: Any) -> None:  # noqa: ANN401
        super().__init__(app, secret_key, **more)
        self.signer = signing.stamp(secret_key, "oidc")


def _client(settings: Settings) -> Any:  # noqa: ANN401 - Authlib is untyped
    with catch_warnings():  # Authlib's advice to its developers is no news to an administrator
        from authlib.deprecate import AuthlibDeprecationWarning

        simplefilter("ignore", AuthlibDeprecationWarning)
        from authlib.integrations.starlette_client import OAuth  # a quarter of a second

    return OAuth().register(
        "foljsam",
        server_metadata_url=settings.oidc_issuer.rstrip("/") + _CONFIGURATION,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


async def leave(request: Request, settings: Settings, onward: str) -> Response:
    """Send the browser to the provider. Raises `NotProven` when the provider does not answer."""
    request.session["onward"] = onward
    back = f"{settings.pages_url}/logga-in/oidc/svar"
    try:
        away: Response = await request.app.state.oidc.authorize_redirect(request, back)
    except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
        raise NotProven(f"{type(error).__name__}: {error}") from error
    return away


async def come_back(request: Request, settings: Settings) -> dict[str, Any]:
    """The claims that the provider has signed about whoever comes back. Raises `NotProven`."""
    client = request.app.state.oidc
    try:
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
    except (httpx.HTTPError, AuthlibBaseError, JoseError, ValueError) as error:
        raise NotProven(f"{type(error).__name__}: {error}") from error
    claims = token.get("userinfo")
    if not claims:
        raise NotProven("the provider sent no id_token")
    return dict(claims)


def address_in(claims: dict[str, Any], settings: Settings) -> str:
    """The person's address, in lower case. Raises `NotProven` unless it is verified.

    Entra ID and ADFS do not say whether it is; `FOLJSAM_OIDC_TRUST_EMAIL` takes their word.
    """
    address = claims.get(settings.oidc_email_claim)
    verified = claims.get("email_verified", settings.oidc_trust_email)
    if not isinstance(address, str) or "@" not in address:
        raise NotProven(f"the claim {settings.oidc_email_claim!r} holds no address")
    if verified is not True and str(verified).lower() != "true":
        raise NotProven("the address is not verified")
    return address.strip().lower()
