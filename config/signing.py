"""Signatures of what leaves the house and comes back: links, calendars, tickets and cookies.

HMAC-SHA-256 with the installation's `secret`, and a salt for each use. The hash is chosen here and
nowhere else. What was signed with HMAC-SHA-1, as all was until 2026, opens where it is asked for:
links until they expire, calendars until they are revoked. It is made no more.
"""

import hashlib
from typing import Any

from itsdangerous import TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer

_HOW: dict[str, Any] = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
_BEFORE: dict[str, Any] = {"key_derivation": "django-concat", "digest_method": hashlib.sha1}
# Characters of a signature, as it is made now and as it was; `rules/marks.py` and `web/door.py`
# know a link by them.
LENGTHS = (43, 27)


def signer(secret: str, salt: str, *, opens_old: bool = False) -> URLSafeSerializer:
    """Signs words, numbers and lists of them; `opens_old`: also opens what SHA-1 has signed."""
    before: list[Any] = [_BEFORE] if opens_old else []
    return URLSafeSerializer(secret, salt=salt, signer_kwargs=_HOW, fallback_signers=before)


def for_a_while(secret: str, salt: str) -> URLSafeTimedSerializer:
    """The same with the moment, for what lives from then on for a while."""
    return URLSafeTimedSerializer(secret, salt=salt, signer_kwargs=_HOW)


def stamp(secret: str, salt: str) -> TimestampSigner:
    """Signs bytes with the moment."""
    return TimestampSigner(secret, salt=salt, **_HOW)
