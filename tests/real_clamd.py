"""A real clamd of our own, whose signatures are made by hand: of a virus of ours, and of EICAR's.

Nothing is fetched: the signatures lie in a folder of its own, and it listens on a socket there. It
is stopped, and made to hang, as any process can be.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake.clamd import harmless_virus
from tests.conftest import free_port, missing
from tests.real_mail import wait_for

VIRUS = "FOLJSAM-PROV-VIRUS"  # wherever it stands in a file, also in one that is packed
NAME = "Foljsam.Prov.UNOFFICIAL"  # what clamd calls it
EICAR = "Eicar.Prov.UNOFFICIAL"
TAKES = 1024 * 1024  # bytes
_CONFIGURATION = """\
Foreground yes
LocalSocket {home}/clamd.ctl
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {home}/signatures
TemporaryDirectory {home}
StreamMaxLength 1M
"""


@dataclass(frozen=True, slots=True)
class Clamd:
    """Where it answers."""

    unix: str
    tcp: str
    process: subprocess.Popen[bytes]

    @contextmanager
    def hangs(self) -> Iterator[None]:
        """It takes connections, as the system does for it, and answers none until the end."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def real_clamd(*, knows_eicar: bool = True) -> Iterator[Clamd]:
    """The scanner, until the block ends. Skips where it is not installed."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        missing("clamd")
    assert program is not None
    home, port = Path(tempfile.mkdtemp(prefix="real-clamd-")), free_port()
    process: subprocess.Popen[bytes] | None = None
    try:
        (home / "signatures").mkdir()
        (home / "signatures" / "prov.ndb").write_text(_anywhere("Foljsam.Prov", VIRUS))
        if knows_eicar:
            (home / "signatures" / "eicar.hdb").write_text(_whole("Eicar.Prov"))
        (home / "clamd.conf").write_text(_CONFIGURATION.format(home=home, port=port))
        asked = [program, "--config-file", str(home / "clamd.conf")]
        process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for((home / "clamd.ctl").exists)
        yield Clamd(f"unix:{home}/clamd.ctl", f"tcp://127.0.0.1:{port}", process)
    finally:
        if process is not None:
            process.kill()
            process.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def without_it() -> str:
    """Where a scanner is to answer, and none does."""
    return f"unix:{tempfile.gettempdir()}/no-clamd-{os.getpid()}.ctl"


def _anywhere(name: str, words: str) -> str:
    return f"{name}:0:*:{words.encode().hex()}\n"


def _whole(name: str) -> str:
    file = harmless_virus().read()
    digest = hashlib.md5(file, usedforsecurity=False).hexdigest()
    return f"{digest}:{len(file)}:{name}\n"
