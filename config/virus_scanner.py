"""Where the virus scanner of an installation answers (`FOLJSAM_VIRUS_SCANNER`): clamd, at a socket.

Whoever takes a file in asks which one is used in this process (`intake/scanned.py`), so that no
page, command or round has to hand a setting on, and none can forget to. What is said to a scanner
is `intake/clamd.py`'s.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from config.settings import Settings

PORT = 3310  # clamd's own
_LONGEST_PATH = 107  # bytes; what a system has room for in a socket's address


class AddressError(ValueError):
    """No address of a scanner. The message says how one is written."""

    def __init__(self) -> None:
        super().__init__("write unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310")


@dataclass(frozen=True, slots=True)
class Scanner:
    """A scanner's address: a socket on this machine, or a host and its port."""

    path: str = ""
    host: str = ""
    port: int = PORT

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


def scanner_at(words: str) -> Scanner | None:
    """The scanner that a setting names; None where it is empty. Raises `AddressError`."""
    words = words.strip()
    if not words:
        return None
    kind, _, rest = words.partition(":")
    path = "/" + rest.lstrip("/")
    if kind == "unix" and 1 < len(path.encode()) <= _LONGEST_PATH and rest.startswith("/"):
        return Scanner(path=path)
    try:
        told = urlsplit(words)
        host, port = told.hostname or "", told.port or PORT
    except ValueError as error:
        raise AddressError from error
    beside = told.username or told.path.strip("/") or told.query or told.fragment
    if told.scheme != "tcp" or not host or beside:
        raise AddressError
    return Scanner(host=host, port=port)


def use(told: "Settings") -> None:
    """Show files to this installation's scanner from now on, in this process; or to none."""
    _USED[:] = [told]


def used() -> "Settings | None":
    """The installation whose scanner files are shown to; None where it has none."""
    if _USED and _USED[0].scanner is not None:
        return _USED[0]
    return None


_USED: list["Settings"] = []
