"""The local Prefect server, as a child process that never outlives its parent.

Parent side: `environment`, `start`, `Child`. Child side: `python -m flows.prefect_child` runs the
server and watches its standard input. When the parent ends, however it ends, the kernel closes the
pipe and the child stops. Never run the server on a loop that runs flows: it deadlocks.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx

import config
from config import prefect_api
from config.addresses import origin
from config.settings import Settings

LOGGING = Path(config.__file__).parent / "prefect_logging.yml"
READY_WITHIN = 90  # seconds; 10–20 is usual, the first start makes its database
_GRACE = 8  # seconds from a polite end to a hard one
RUNS_KEPT = timedelta(days=90)  # in Prefect's history; our own table of rounds keeps all
_LONGEST_LOG = 5_000_000  # bytes; at the next start it is put aside, and one is kept


class ServerError(RuntimeError):
    """The Prefect server did not start. The message says why and where its log is."""


def environment(settings: Settings) -> dict[str, str]:
    """What Prefect, client and server, must be told before it is imported.

    Analytics off and the UI fully offline; the UI asks its own origin, not port 4200. The API asks
    for the password, and answers no page of another origin than the door's (`web/prefect_door.py`).
    """
    home = settings.home.absolute() / "prefect"
    password = settings.make_prefect_password()
    return {
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": origin(settings.prefect_ui),
        "FOLJSAM_HOME": str(settings.home.absolute()),
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": settings.prefect_api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_API_URL": "/api",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(int(RUNS_KEPT.total_seconds())),
        "PREFECT_LOGGING_SETTINGS_PATH": str(LOGGING),  # each line as all others of ours
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",  # for Körningar …
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",  # … and not for the terminal
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_PROMPT": "false",
    }


class Child:
    """A running server process: ends when told to, and when the parent is gone."""

    def __init__(self, process: subprocess.Popen[bytes], settings: Settings, log: Path) -> None:
        self._process = process
        self._settings = settings
        self._log = log

    @property
    def pid(self) -> int:
        """The child's process number."""
        return self._process.pid

    def ensure(self) -> None:
        """Return when the API answers; a server that has died is started anew.

        Raises `ServerError` when it cannot be.
        """
        if self._process.poll() is not None:
            self._process = start(self._settings)._process
        self.wait_ready()

    def wait_ready(self, within: float = READY_WITHIN) -> None:
        """Return when the API answers. Raises `ServerError` when it ends or takes too long."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ServerError(f"The Prefect server stopped as it started. Its log: {self._log}")
            if is_ready(self._settings):
                return
            time.sleep(0.2)
        raise ServerError(f"The Prefect server is not ready after {within:.0f} s. Log: {self._log}")

    def stop(self) -> None:
        """End it politely, then firmly; returns when it is gone."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start(settings: Settings) -> Child:
    """Start the server on its port. Raises `ServerError` when the port is taken."""
    if not port_free("127.0.0.1", settings.prefect_port):
        raise ServerError(
            f"Port {settings.prefect_port} is taken by another program. "
            "Choose another with FOLJSAM_PREFECT_PORT."
        )
    folder = settings.home.absolute() / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    if log.exists() and log.stat().st_size > _LONGEST_LOG:
        log.replace(folder / "server.log.1")
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.prefect_child", str(settings.prefect_port)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            env=os.environ | environment(settings),
            start_new_session=True,  # Ctrl-C reaches the parent, who ends the child in order
        )
    return Child(process, settings, log)


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """A server that answers: the one that is there already, or one for as long as this lasts."""
    if is_ready(settings) or settings.prefect_api_url:
        yield
        return
    child = start(settings)
    try:
        child.wait_ready()
        yield
    finally:
        child.stop()


def is_ready(settings: Settings) -> bool:
    """Does the API answer, is it Prefect's, and does it know our password?

    `/health` answers anybody, so another installation's server would do so too.
    """
    try:
        answer = prefect_api.ask(settings, "health", timeout=2)
        if answer.text.strip() != "true":
            return False
        prefect_api.ask(settings, "version", timeout=5)
    except httpx.HTTPError:
        return False
    return True


def port_free(host: str, port: int) -> bool:
    """Can something listen there?"""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _serve(port: str) -> None:
    """Child side: the server in this very process, and a thread that watches the parent."""
    os.umask(0o077)  # what it keeps is its owner's
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from prefect.cli import app

    sys.argv = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    app()


def _end_with_parent() -> None:
    """Block until the pipe from the parent closes; then stop, politely first."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE - 2)
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
