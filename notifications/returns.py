"""The addresses that reports of a letter, and answers to it, come to: they name it in our own hand.

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


def answers_to(settings: Settings, letter_id: int) -> str:
    """Where the answer to that letter comes; "" where no mailbox is read for answers."""
    key = f"{letter_id}.{_signature(settings, letter_id, 'answers')}"
    return settings.reply_pattern.replace("{}", key)


def letter_in(settings: Settings, addresses: Iterable[str]) -> int | Forged | None:
    """Which letter some addresses name: its number, "forged" if only falsely, None if none."""
    if not settings.bounce_address:
        return None
    local, _, domain = settings.bounce_address.rpartition("@")
    return _named(settings, addresses, f"{local}+{{}}@{domain}", "returns")


def answered_in(settings: Settings, addresses: Iterable[str]) -> int | Forged | None:
    """Which letter is answered, by the address that the answer came to; as `letter_in`."""
    if not settings.reply_pattern:
        return None
    return _named(settings, addresses, settings.reply_pattern, "answers")


def _named(
    settings: Settings, addresses: Iterable[str], pattern: str, what: str
) -> int | Forged | None:
    before, _, after = pattern.lower().partition("{}")
    shape = re.compile(rf"{re.escape(before)}(\d{{1,18}})\.([a-z2-7]+){re.escape(after)}")
    found: Forged | None = None
    for address in addresses:
        for number, signature in shape.findall(address.lower()):
            if hmac.compare_digest(signature, _signature(settings, int(number), what)):
                return int(number)
            found = "forged"
    return found


def _signature(settings: Settings, letter_id: int, what: str = "returns") -> str:
    made = hmac.digest(settings.secret.encode(), f"{what} {letter_id}".encode(), hashlib.sha256)
    return b32encode(made).decode("ascii").lower()[:_SIGNATURE]
