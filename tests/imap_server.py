"""A mailbox over IMAP with TLS, as much of RFC 3501 as reading reports takes."""

import re
import socketserver
import ssl
import threading
from base64 import b64decode, b64encode
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import clock


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


class ImapServer:
    """Holds messages; `seen` are the numbers of those that were marked.

    Takes the password "right", and with XOAUTH2 the token "right".
    """

    def __init__(self, cert: Path, key: Path, messages: list[bytes]) -> None:
        self.messages, self.seen, self.longest = messages, set[int](), 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        outer = self

        class Session(socketserver.StreamRequestHandler):
            def setup(self) -> None:
                self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()

            def handle(self) -> None:
                outer.speak(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def speak(self, session: socketserver.StreamRequestHandler) -> None:
        """One client, until it logs out."""
        session.wfile.write(b"* OK ready\r\n")
        while line := session.rfile.readline().decode():
            tag, _, words = line.strip().partition(" ")
            if words.startswith("AUTHENTICATE XOAUTH2"):
                self._signs_in(session, tag)
                continue
            for said in self._answer(words):
                session.wfile.write(said)
            good = b"NO" if words.startswith("LOGIN") and '"right"' not in words else b"OK"
            session.wfile.write(tag.encode() + b" " + good + b" done\r\n")
            if words.startswith("LOGOUT"):
                return

    def _signs_in(self, session: socketserver.StreamRequestHandler, tag: str) -> None:
        """As Exchange Online: a token that is not taken is told why, and answered with nothing."""
        session.wfile.write(b"+ \r\n")
        shown = b64decode(session.rfile.readline())
        if shown.endswith(b"\x01auth=Bearer right\x01\x01") and shown.startswith(b"user="):
            session.wfile.write(f"{tag} OK done\r\n".encode())
            return
        session.wfile.write(b"+ " + b64encode(b'{"status":"400"}') + b"\r\n")
        assert session.rfile.readline() == b"\r\n"
        session.wfile.write(f"{tag} NO AUTHENTICATE failed\r\n".encode())

    def _answer(self, words: str) -> list[bytes]:
        if words.startswith("CAPABILITY"):
            return [b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n"]
        if words.startswith("SELECT"):
            return [f"* {len(self.messages)} EXISTS\r\n".encode()]
        if words.startswith("UID SEARCH UNSEEN"):
            unseen = [n for n in range(1, len(self.messages) + 1) if n not in self.seen]
            return [f"* SEARCH {' '.join(map(str, unseen))}\r\n".encode()]
        if fetch := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", words):
            part = self.messages[int(fetch[1]) - 1][: int(fetch[2])]
            self.longest = max(self.longest, len(part))
            head = f"* {fetch[1]} FETCH (UID {fetch[1]} BODY[]<0> {{{len(part)}}}\r\n"
            return [head.encode(), part, b")\r\n"]
        if store := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT \(\\Seen\)", words):
            self.seen.add(int(store[1]))
        return []
