"""The address that reports of a letter come back to: it names the letter, in our own hand.

`bounce+1234.k3v9q0t7m2xa@example.org`: the letter's number, and a signature of it with the
installation's secret, so that a made-up report names no letter. Letters are small, for servers
that do not keep capitals.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from typing import Literal

from config.settings import Settings

_SIGNATURE = 16  # characters of base32: 80 bits
Forged = Literal["forged"]


def sender(settings: Settings, letter_id: int) -> str:
    """The envelope sender of a letter: its own address for reports, if the installation has one."""
    if not settings.bounce_address:
        return settings.mail_from
    local, _, domain = settings.bounce_address.rpartition("@")
    return f"{local}+{letter_id}.{_signature(settings, letter_id)}@{domain}"


def letter_in(settings: Settings, addresses: Iterable[str]) -> int | Forged | None:
    """Which letter some addresses name: its number, "forged" if only falsely, None if none."""
    if not settings.bounce_address:
        return None
    local, _, domain = settings.bounce_address.lower().rpartition("@")
    shape = re.compile(rf"{re.escape(local)}\+(\d{{1,18}})\.([a-z2-7]+)@{re.escape(domain)}")
    found: Forged | None = None
    for address in addresses:
        for number, signature in shape.findall(address.lower()):
            if hmac.compare_digest(signature, _signature(settings, int(number))):
                return int(number)
            found = "forged"
    return found


def _signature(settings: Settings, letter_id: int) -> str:
    made = hmac.digest(settings.secret.encode(), f"returns {letter_id}".encode(), hashlib.sha256)
    return b32encode(made).decode("ascii").lower()[:_SIGNATURE]
