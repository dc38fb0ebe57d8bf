"""A mail server as organisations run it: Postfix and Dovecot from Debian, each on loopback.

Postfix takes letters behind STARTTLS and a sign-in that it asks Dovecot about, refuses as its own
tables say, puts off who is new to it (greylisting, by its policy protocol), and writes the reports
itself of what another server refuses. Dovecot shows the mailbox `svar` over IMAP with TLS. All
their files are in a folder of their own, which goes when the servers do. They start as root only.
"""

import os
import pwd
import shutil
import smtplib
import socketserver
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from pydantic import SecretStr

from config.mail_settings import SmtpSecurity
from config.settings import Settings
from tests.conftest import free_port, missing
from tests.imap_server import certificate

HERE, ELSEWHERE = "example.org", "elsewhere.example.net"
CHECKER = "mx.example.org"  # what our own server calls itself in Authentication-Results
USER, PASSWORD = "svar", "right-password"
_REFUSED = {
    "full": "552 5.2.2 Mailbox full",
    "strict": "550 5.7.1 Message rejected by policy",
    "large": "552 5.3.4 Message too big",
}

_MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {home}/log/postfix.log
maillog_file_prefixes = {home}/log
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {home}/run/auth-postfix
mynetworks =
smtpd_client_connection_count_limit = 0
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_sender_access texthash:{home}/senders,
 check_recipient_access texthash:{home}/refused,
 check_policy_service inet:127.0.0.1:{policy}, permit_sasl_authenticated, reject
virtual_mailbox_domains = example.org
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = regexp:{home}/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
recipient_delimiter = +
transport_maps = inline:{{ elsewhere.example.net=smtp:[127.0.0.1]:{elsewhere} }}
alias_maps =
smtp_tls_security_level = none
"""

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""

_DOVECOT = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
log_path = {home}/log/dovecot.log
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:{home}/mail/svar
first_valid_uid = 100
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/svar
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service auth {{
  unix_listener auth-postfix {{
    mode = 0666
  }}
}}
"""


class _Elsewhere:
    """Another organisation's server, which knows nobody."""

    async def handle_RCPT(self, _s: Any, _x: Any, _e: Any, address: str, _o: Any) -> str:  # noqa: ANN401, N802
        """A recipient is named."""
        return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"


class _Policy(socketserver.StreamRequestHandler):
    """Postfix asks of each recipient (SMTPD_POLICY_README): who is new may come back."""

    def handle(self) -> None:
        """One connection: questions of several lines, each answered with an action."""
        asked: dict[str, str] = {}
        while line := self.rfile.readline().decode():
            name, _, value = line.rstrip("\n").partition("=")
            if name:
                asked[name] = value
                continue
            self.wfile.write(f"action={self._action(asked)}\n\n".encode())
            asked = {}

    def _action(self, asked: dict[str, str]) -> str:
        known: set[str] = self.server.known  # type: ignore[attr-defined]
        who = asked.get("recipient", "")
        if not who.startswith("new") or who in known:
            return "DUNNO"
        known.add(who)
        return "DEFER_IF_PERMIT 4.2.0 Greylisted, come back later"


@dataclass
class RealMail:
    """The two servers at work."""

    home: Path
    cert: Path
    port: int
    imap: int
    greylisted: set[str] = field(default_factory=set)

    def settings(self, told: Settings, way: str = "maildir", **more: object) -> Settings:
        """An installation that hands its letters to it, and reads what comes back."""
        given: dict[str, object] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": SmtpSecurity.STARTTLS,
            "smtp_user": USER,
            "smtp_password": SecretStr(PASSWORD),
            "mail_ca_file": self.cert,
            "mail_from": f"foljsam@{HERE}",
            "mail_reply_to": "",
            "bounce_address": f"svar@{HERE}",
            "replies_checked_by": CHECKER,
        }
        if way == "maildir":
            given["bounces_maildir"] = self.mailbox
        else:
            given |= {"bounces_imap_host": "127.0.0.1", "bounces_imap_port": self.imap}
            given |= {"bounces_imap_user": USER, "bounces_imap_password": SecretStr(PASSWORD)}
        return told.model_copy(update=given | more)

    @property
    def mailbox(self) -> Path:
        """The Maildir that reports and answers come to."""
        return self.home / "mail" / "svar"

    def delivered(self) -> list[Message]:
        """Every letter that lies in somebody's mailbox."""
        found = sorted((self.home / "mail" / "people").glob("*/*"))
        return [message_from_bytes(path.read_bytes()) for path in found if path.is_file()]

    def writes(self, mail: EmailMessage) -> None:
        """Somebody in the organisation sends a mail."""
        context = ssl.create_default_context(cafile=self.cert)
        with smtplib.SMTP("127.0.0.1", self.port) as server:
            server.starttls(context=context)
            server.login(USER, PASSWORD)
            server.send_message(mail)

    def came_back(self, number: int) -> None:
        """Wait until so many mails lie unread in the mailbox."""
        wait_for(lambda: len(list((self.mailbox / "new").glob("*"))) >= number)


def wait_for(holds: Any, seconds: float = 60) -> None:  # noqa: ANN401
    """Wait until it holds, and not for ever."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "nothing came"
        time.sleep(0.05)


@contextmanager
def real_mail() -> Iterator[RealMail]:
    """The servers, until the block ends. Skips where they are not installed, or not as root."""
    tools = [shutil.which(name, path="/usr/sbin:/usr/bin") for name in ("postfix", "dovecot")]
    if not all(tools) or os.geteuid() != 0:
        missing("Postfix and Dovecot, started as root,")
    home = Path(tempfile.mkdtemp(prefix="real-mail-"))
    home.chmod(0o755)
    made = RealMail(home, home / "cert.pem", free_port(), free_port())
    policy = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Policy)
    policy.daemon_threads = True
    policy.known = made.greylisted  # type: ignore[attr-defined]
    threading.Thread(target=policy.serve_forever, daemon=True).start()
    elsewhere = Controller(_Elsewhere(), hostname="127.0.0.1", port=free_port())
    elsewhere.start()
    dovecot: subprocess.Popen[bytes] | None = None
    started = False
    try:
        _put(made, policy.server_address[1], elsewhere.port)
        dovecot = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(home / "dovecot.conf")])
        wait_for((home / "run" / "auth-postfix").exists)
        _postfix(home, "start")
        started = True
        yield made
    finally:
        if started:
            _postfix(home, "stop")
        if dovecot is not None:
            dovecot.terminate()
            dovecot.wait(30)
        elsewhere.stop()
        policy.shutdown()
        policy.server_close()
        shutil.rmtree(home, ignore_errors=True)


def _postfix(home: Path, what: str) -> None:
    asked = ["/usr/sbin/postfix", "-c", str(home / "postfix"), what]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _put(made: RealMail, policy: int, elsewhere: int) -> None:
    """The servers' files."""
    home = made.home
    nobody = pwd.getpwnam("nobody")
    cert, key = certificate(home)
    for name in ("postfix", "queue", "data", "mail", "run", "log"):
        (home / name).mkdir()
    os.chown(home / "data", pwd.getpwnam("postfix").pw_uid, 0)
    (home / "data").chmod(0o700)
    os.chown(home / "mail", nobody.pw_uid, nobody.pw_gid)
    values = {
        "home": home,
        "cert": cert,
        "key": key,
        "uid": nobody.pw_uid,
        "gid": nobody.pw_gid,
        "policy": policy,
        "elsewhere": elsewhere,
        "port": made.port,
        "imap": made.imap,
    }
    passed = f"PREPEND Authentication-Results: {CHECKER}; dmarc=pass header.from={HERE}"
    files = {
        "postfix/main.cf": _MAIN.format(**values),
        "postfix/master.cf": _MASTER.format(**values),
        "dovecot.conf": _DOVECOT.format(**values),
        "users": f"{USER}:{{PLAIN}}{PASSWORD}\n",
        "senders": f"alice@{HERE} {passed}\n",
        "refused": "".join(f"{who}@{HERE} {said}\n" for who, said in _REFUSED.items()),
        "mailboxes": f"/^svar(\\+.*)?@{HERE}$/ svar/\n"
        f"/^(alice|new.*|frida|p[0-9]+)@{HERE}$/ people/\n",
    }
    for name, words in files.items():
        (home / name).write_text(words)
    (home / "users").chmod(0o644)
    for name in ("svar", "svar/new", "svar/cur", "svar/tmp", "people"):
        (home / "mail" / name).mkdir()
        os.chown(home / "mail" / name, nobody.pw_uid, nobody.pw_gid)
