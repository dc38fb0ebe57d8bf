"""A mailbox on loopback for the demo: a real SMTP server that keeps what it gets as files.

Nothing is passed on, to anybody. Tests use it too, as the postman's counterpart.
"""

import socket
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


def a_free_port() -> int:
    """A loopback port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """Listens on a loopback port of its own; `messages` are what came, in order."""

    def __init__(self, folder: Path | None = None) -> None:
        self.messages: list[EmailMessage] = []
        self.senders: list[str] = []  # the envelopes', in the same order
        self._folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self.port = a_free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def open(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._controller.start()

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        """aiosmtpd's hook: keep the message, say yes."""
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.senders.append(envelope.mail_from)
        if self._folder:
            name = f"{len(self.messages):04d}.eml"
            (self._folder / name).write_bytes(envelope.content)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """What came for one address."""
        return [m for m in self.messages if address in str(m["To"])]
