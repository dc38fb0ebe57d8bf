"""A mailbox that cannot give a message just now: it stays unread, and nothing is thrown away.

Spoken to with Python's own IMAP client, by a server that answers as busy ones do; what Dovecot does
is tried in `test_real_mail.py`.
"""

import imaplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notifications import mailboxes


@contextmanager
def busy(search: bytes, fetch: bytes) -> Iterator[tuple[imaplib.IMAP4, list[bytes]]]:
    """A client of a server that answers so to SEARCH and FETCH, and what it was told to mark."""
    marked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rwb") as lines:
                said = {b"SEARCH": search, b"FETCH": fetch}
                lines.write(b"* OK ready\r\n")
                lines.flush()
                for line in lines:
                    tag, _, rest = line.strip().partition(b" ")
                    kind = next((word for word in said if word in rest.upper()), b"")
                    if b"STORE" in rest.upper():
                        marked.append(rest)
                    if b"CAPABILITY" in rest.upper():
                        lines.write(b"* CAPABILITY IMAP4rev1\r\n")
                    lines.write(said.get(kind, b"TAG OK done").replace(b"TAG", tag) + b"\r\n")
                    lines.flush()

        threading.Thread(target=serve, daemon=True).start()
        client = imaplib.IMAP4("127.0.0.1", server.getsockname()[1], timeout=30)
        client.login("foljsam", "hemligt")
        client.select("INBOX")
        yield client, marked
        client.shutdown()


def test_what_the_server_cannot_give_just_now_is_not_marked_as_read() -> None:
    with busy(b"* SEARCH 7\r\nTAG OK done", b"TAG NO [UNAVAILABLE] try later") as (client, marked):
        took: list[bytes] = []
        assert mailboxes._from_imap(client, took.append) == 0  # type: ignore[arg-type]
        assert (took, marked) == ([], [])


def test_a_mailbox_that_cannot_be_searched_is_no_empty_one() -> None:
    with (
        busy(b"TAG NO [UNAVAILABLE] try later", b"TAG OK done") as (client, _),
        pytest.raises(imaplib.IMAP4.error, match="searched"),
    ):
        mailboxes._from_imap(client, lambda _: None)  # type: ignore[arg-type]
