"""A real OpenID Connect provider on loopback, which can be told to lie.

It does what Entra ID, ADFS and Keycloak do for an authorization code with PKCE, and no more:
whoever comes is taken to be signed in already, as the person that the test says.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from joserfc import jws
from joserfc.jwk import RSAKey

CLIENT, SECRET = "foljsam", "en hemlighet"


@dataclass
class Provider:
    """The provider, and what it is to say next."""

    port: int
    person: dict[str, Any] = field(default_factory=dict)  # claims about who comes
    lies: dict[str, Any] = field(default_factory=dict)  # claims said instead of the true ones
    signed_with: RSAKey | None = None  # another key than the published
    algorithm: str = "RS256"
    calls_itself: str = ""
    silent: bool = False  # no id_token at all
    odd: dict[str, bytes] = field(default_factory=dict)  # what is answered instead, by path
    drips: bool = False  # those a byte at a time, and no end to them
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "nyckel-1"})
        self.app = FastAPI()
        self.app.middleware("http")(self._oddly)
        self.app.get("/.well-known/openid-configuration")(self._configuration)
        self.app.get("/jwks")(self._keys)
        self.app.get("/authorize")(self._authorize)
        self.app.post("/token")(self._token)
        self._server = uvicorn.Server(
            uvicorn.Config(self.app, host="127.0.0.1", port=self.port, log_level="warning")
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def issuer(self) -> str:
        """Its name."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        self._thread.join(10)

    async def _oddly(self, request: Request, honest: Any) -> Response:  # noqa: ANN401
        said = self.odd.get(request.url.path)
        if said is None:
            return cast(Response, await honest(request))
        if self.drips:
            return StreamingResponse(self._drip(said), media_type="application/json")
        return Response(said, media_type="application/json")

    async def _drip(self, said: bytes) -> AsyncIterator[bytes]:
        while True:
            yield said
            await asyncio.sleep(0.1)

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.calls_itself or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    def _token(
        self,
        request: Request,
        code: str = Form(),
        redirect_uri: str = Form(),
        code_verifier: str = Form(),
    ) -> JSONResponse:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(code, None)  # a code is good for once
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if request.headers["authorization"] != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        if asked is None or challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if redirect_uri != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        said: dict[str, Any] = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer"}
        if not self.silent:
            said["id_token"] = self._id_token(asked["nonce"])
        return JSONResponse(said)

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
        }
        said = json.dumps(claims | self.person | self.lies).encode()
        header = {"alg": self.algorithm, "kid": "nyckel-1"}
        if self.algorithm == "HS256":
            return _by_the_public_key(header, said, self.key)
        if self.algorithm == "none":
            return f"{_coded(json.dumps(header).encode())}.{_coded(said)}."
        return jws.serialize_compact(
            header, said, self.signed_with or self.key, algorithms=[self.algorithm]
        )


def _by_the_public_key(header: dict[str, str], said: bytes, key: RSAKey) -> str:
    """The old trick: the public key used as a shared secret. Libraries refuse to help with it."""
    signed = f"{_coded(json.dumps(header).encode())}.{_coded(said)}"
    secret = key.as_pem(private=False)
    return f"{signed}.{_coded(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _coded(words: bytes) -> str:
    return base64.urlsafe_b64encode(words).rstrip(b"=").decode()
